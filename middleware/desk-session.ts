import { useDeskSession } from '~/composables/use-desk-session'

/** Whoever has no session at all is sent to the sign-in before the desk is drawn. */
export default defineNuxtRouteMiddleware((to) => {
  if (useDeskSession().value) return
  return navigateTo(useLocalePath()({ name: 'desk-sign-in', query: { next: to.fullPath } }))
})
