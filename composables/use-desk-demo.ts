/** Is this a demo station? Only the server knows, so the layout asks while the page is drawn; it stays true over pages. */
export function useDeskDemo() {
  return useState('desk.demo', () => useRequestEvent()?.context.isDemo === true)
}
