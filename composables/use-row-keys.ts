/** j and k move the focus itself over the links that carry `data-row`, so that Enter is the link's own and a screen reader follows. */
export function useRowKeys(current: () => string | undefined = () => undefined) {
  const focused = () => document.activeElement instanceof HTMLElement ? document.activeElement.dataset.row : undefined

  function move(step: 1 | -1) {
    const all = [...document.querySelectorAll<HTMLAnchorElement>('a[data-row]')]
    const at = all.findIndex(link => link.dataset.row === (focused() ?? current()))
    const next = all[at === -1 ? (step === 1 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }

  return { focused, move }
}
