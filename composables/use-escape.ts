/**
 * Escape for the page itself. Not a shortcut of Nuxt UI: those prevent the key's default, and then no dialog would close on it.
 */
export function useEscape(act: () => void) {
  function onKey(event: KeyboardEvent) {
    if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('[role=dialog][data-state=open]')) act()
  }
  onMounted(() => window.addEventListener('keydown', onKey))
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey))
}
