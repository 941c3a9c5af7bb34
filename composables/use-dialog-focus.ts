/** A dialog begins at its first field, not at its Close button: for `content` of a `UModal`. */
export const atFirstField = {
  onOpenAutoFocus(event: Event) {
    const field = event.target instanceof HTMLElement ? event.target.querySelector<HTMLElement>('input, textarea, select') : null
    if (!field) return
    event.preventDefault()
    field.focus()
  },
}
