import { useDesk } from '~/composables/use-desk'
import { useDeskApi } from '~/composables/use-desk-api'
import { useDeskSession } from '~/composables/use-desk-session'
import { dropAlerts } from '~/composables/use-kept-alert'
import { dropSurveys } from '~/composables/use-kept-survey'
import { dropVisits } from '~/composables/use-kept-visits'

/** Leaves the desk; nothing that was typed stays in the tab. */
export function useDeskSignOut() {
  const localePath = useLocalePath()
  const api = useDeskApi()
  const { forget } = useDesk()
  const hasSession = useDeskSession()

  return async () => {
    await api.signOut().catch(() => undefined)
    dropVisits()
    dropAlerts()
    dropSurveys()
    forget()
    hasSession.value = false
    await navigateTo(localePath({ name: 'desk-sign-in' }))
  }
}
