/** Where the focus goes with a dialog: to its first field, not to its Close button; afterwards back. For `content` of a `UModal`. */
export const dialogFocus = {
  onOpenAutoFocus(event: Event) {
    const field = event.target instanceof HTMLElement ? event.target.querySelector<HTMLElement>('input, textarea, select') : null
    if (!field) return
    event.preventDefault()
    field.focus()
  },
  /** Whoever went to another page from the dialog has left the control that opened it. */
  onCloseAutoFocus() {
    setTimeout(() => {
      if (document.activeElement === document.body) document.querySelector('main')?.focus({ preventScroll: true })
    })
  },
}
