/** Tells the request log which page this is, as a pattern: `/zh/reports/:reference()`. */
export default defineNuxtPlugin(() => {
  const event = useRequestEvent()
  const router = useRouter()
  router.afterEach((to) => {
    const pattern = to.matched.at(-1)?.path
    if (event && pattern) event.context.pagePattern = pattern
  })
})
