/**
 * The accounts of a demo station, null elsewhere. Only the server knows, so the layout asks while the page is drawn; it stays over
 * pages. They are no part of the scripts, which a real station serves too.
 */
export function useDeskDemo() {
  return useState('desk.demo', () => useRequestEvent()?.context.demo ?? null)
}
