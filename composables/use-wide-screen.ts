/** Is there room for the list and a report side by side? False on the server and until mounted. */
export function useWideScreen(query = '(min-width: 1280px)') {
  const isWide = ref(false)
  let media: MediaQueryList | undefined
  const update = () => {
    isWide.value = media?.matches ?? false
  }
  onMounted(() => {
    media = window.matchMedia(query)
    media.addEventListener('change', update)
    update()
  })
  onBeforeUnmount(() => media?.removeEventListener('change', update))
  return isWide
}
