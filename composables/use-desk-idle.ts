import { deskSessionSchema } from '#shared/staff/second-factor'
import { useDesk } from '~/composables/use-desk'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'

/** As in the database (private.staff_session_state). */
const lockMs = 15 * 60_000
/** A minute before it locks the desk says so (WCAG 2.2.1: any key keeps it open). */
const warnMs = lockMs - 60_000
/** Whoever types a long note sends nothing meanwhile: the server is told now and then. */
const tellMs = 4 * 60_000
const stepMs = 5_000
const storageKey = 'linli.desk.acted'

/** An account of the demo: nothing locks. */
export const useDeskExempt = () => useState('desk.exempt', () => true)

/**
 * Locks the desk in the browser when nobody does anything, in step with the server, which locks by itself. Tabs share the last act.
 * What is on the page goes; what was typed into a visit's form is kept by its own draft.
 */
export function useDeskIdle() {
  const api = useDeskApi()
  const router = useRouter()
  const localePath = useLocalePath()
  const { profile, forget } = useDesk()
  const isWarning = ref(false)
  const isExempt = useDeskExempt()
  let actedAt = 0
  let toldAt = 0

  const now = () => Date.now()
  const lastAct = () => Math.max(actedAt, Number(localStorage.getItem(storageKey) ?? 0))

  function acted() {
    if (now() - actedAt < 1000) return
    actedAt = now()
    localStorage.setItem(storageKey, String(actedAt))
  }

  async function lock() {
    const from = router.currentRoute.value
    if (from.meta.isOpen || from.meta.isGate) return
    await api.act('POST', 'desk/staff/session/lock').catch((problem: unknown) => {
      if (!(problem instanceof DeskProblem)) throw problem
    })
    isWarning.value = false
    forget()
    await router.push(localePath({ name: 'desk-unlock', query: { next: from.fullPath } }))
  }

  async function step() {
    if (isExempt.value || !profile.value) return
    const idle = now() - lastAct()
    isWarning.value = idle >= warnMs && idle < lockMs
    if (idle >= lockMs) return lock()
    if (lastAct() > toldAt && now() - toldAt >= tellMs) {
      toldAt = now()
      await api.get('desk/staff/session', deskSessionSchema).catch(() => undefined)
    }
  }

  onMounted(() => {
    acted()
    const events = ['keydown', 'pointerdown', 'pointermove', 'scroll'] as const
    for (const name of events) window.addEventListener(name, acted, { passive: true, capture: true })
    const timer = setInterval(() => void step(), stepMs)
    watch(() => profile.value?.userId, async (known) => {
      if (!known) return
      acted()
      toldAt = now()
      isExempt.value = await api.get('desk/staff/session', deskSessionSchema).then(session => session.isExempt, () => false)
    }, { immediate: true })
    onBeforeUnmount(() => {
      clearInterval(timer)
      for (const name of events) window.removeEventListener(name, acted, { capture: true })
    })
  })

  return { isWarning, lock }
}
