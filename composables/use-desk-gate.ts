import { isDeskPath, safeNextPath } from '#shared/accounts/next-path'
import { deskSessionSchema, type DeskSession } from '#shared/staff/second-factor'
import { useDesk } from '~/composables/use-desk'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'
import { useDeskSession } from '~/composables/use-desk-session'

/** The pages between the sign-in and the desk: how far the session is, and where to go once it is open. */
export function useDeskGate() {
  const api = useDeskApi()
  const route = useRoute()
  const localePath = useLocalePath()
  const { forget, load, profile } = useDesk()
  const hasSession = useDeskSession()
  const session = ref<DeskSession>()
  const problem = ref<DeskProblem>()

  const next = computed(() => {
    const wanted = safeNextPath(route.query.next)
    return wanted && isDeskPath(wanted) ? wanted : localePath({ name: 'desk' })
  })

  async function read() {
    problem.value = undefined
    try {
      session.value = await api.get('desk/staff/session', deskSessionSchema)
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      if (error.status === 401) await signIn()
      else problem.value = error
    }
  }

  async function signIn() {
    forget()
    hasSession.value = false
    await navigateTo(localePath({ name: 'desk-sign-in', query: { next: next.value } }))
  }

  /** The desk is open: whoever came from a page of it goes back there. */
  async function enter() {
    if (!profile.value) await load()
    await navigateTo(next.value)
  }

  async function signOut() {
    await api.signOut().catch(() => undefined)
    await signIn()
  }

  return { session, problem, read, enter, signOut }
}
