const storageKey = 'linli.desk.keys'

/**
 * Single-key shortcuts, which can be switched off (WCAG 2.1.4): someone who dictates would trigger them by speaking.
 * The palette's Ctrl+K stays.
 */
export function useDeskKeys() {
  const isOn = useState('desk.keys.on', () => true)
  const isHelpOpen = useState('desk.keys.help', () => false)

  onMounted(() => {
    isOn.value = localStorage.getItem(storageKey) !== 'off'
  })

  function set(on: boolean) {
    isOn.value = on
    localStorage.setItem(storageKey, on ? 'on' : 'off')
  }

  /** A shortcut that does nothing while they are switched off or a dialog is open. */
  const when = (act: () => void) => () => {
    if (isOn.value && !document.querySelector('[role=dialog][data-state=open]')) act()
  }

  return { isOn, isHelpOpen, set, when }
}
