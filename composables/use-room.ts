/**
 * Is this element at least so wide? The desk's halves are narrower than the window, and the sidebar can be dragged: what fits is
 * decided by the room there is. False on the server and until mounted.
 */
export function useRoom(element: () => HTMLElement | null, pixels: number) {
  const hasRoom = ref(false)
  let observer: ResizeObserver | undefined
  onMounted(() => {
    observer = new ResizeObserver(([entry]) => {
      hasRoom.value = (entry?.contentRect.width ?? 0) >= pixels
    })
    watch(element, (found, _before, onCleanup) => {
      if (!found) return
      hasRoom.value = found.clientWidth >= pixels
      observer?.observe(found)
      onCleanup(() => observer?.unobserve(found))
    }, { immediate: true })
  })
  onBeforeUnmount(() => observer?.disconnect())
  return hasRoom
}
