import { emptyIntake, intakeOf, intakeReceiptSchema, intakeStateSchema, keptDraftSchema, type IntakeDraft, type IntakeReceipt } from '#shared/reports/intake-schema'
import type { z } from 'zod'
import { useDesk } from '~/composables/use-desk'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'
import { useDeskToasts } from '~/composables/use-desk-toasts'

/** Long enough not to send while somebody types a word, short enough that a reload costs a sentence at most. */
const saveAfterMs = 900

/** The form at the counter: kept on the server while it is typed, sent once, and the paper afterwards. */
export function useIntake() {
  const { locale } = useI18n()
  const api = useDeskApi()
  const { profile, refreshCounts } = useDesk()
  const { failed } = useDeskToasts()
  const fresh = () => emptyIntake(locale.value === 'en' ? 'en' : 'zh', crypto.randomUUID())

  const draft = ref<IntakeDraft>()
  const receipt = ref<IntakeReceipt | null>(null)
  const emergency = ref<z.infer<typeof keptDraftSchema>['emergency']>(null)
  const problem = ref<DeskProblem>()
  const errors = ref<Record<string, string>>({})
  const saved = ref<'clean' | 'typing' | 'saved' | 'failed'>('clean')
  const isBusy = ref(false)

  async function load() {
    try {
      const state = await api.get('desk/reports/intake', intakeStateSchema)
      receipt.value = state.receipt
      draft.value = state.draft ?? fresh()
      emergency.value = state.emergency
      saved.value = state.draft ? 'saved' : 'clean'
      problem.value = undefined
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      problem.value = error
    }
  }
  onMounted(() => watch(() => profile.value?.userId, someone => someone && load(), { immediate: true }))

  let timer: ReturnType<typeof setTimeout> | undefined
  let lastSaved = ''
  async function save() {
    const now = JSON.stringify(draft.value)
    if (now === lastSaved || isBusy.value) return
    try {
      const kept = await api.post('desk/reports/intake/draft', draft.value, keptDraftSchema)
      lastSaved = now
      emergency.value = kept.emergency
      if (JSON.stringify(draft.value) === now) saved.value = 'saved'
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      saved.value = 'failed'
    }
  }
  watch(draft, (now, before) => {
    if (!now || before !== now) return
    saved.value = 'typing'
    clearTimeout(timer)
    timer = setTimeout(() => void save(), saveAfterMs)
  }, { deep: true })
  onBeforeUnmount(() => {
    clearTimeout(timer)
    if (saved.value === 'typing' && draft.value) void save()
  })

  /** Sends it; a second press, or a send whose answer was lost, gives the same paper. */
  async function send(): Promise<boolean> {
    if (!draft.value || isBusy.value) return false
    clearTimeout(timer)
    isBusy.value = true
    errors.value = {}
    try {
      receipt.value = await api.post('desk/reports/intake', intakeOf(draft.value, profile.value?.timeZone ?? 'Asia/Shanghai'), intakeReceiptSchema)
      draft.value = fresh()
      saved.value = 'clean'
      emergency.value = null
      lastSaved = ''
      await refreshCounts().catch(() => undefined)
      return true
    }
    catch (error) {
      if (error instanceof DeskProblem && Object.keys(error.fields).length) errors.value = error.fields
      else failed(error)
      return false
    }
    finally {
      isBusy.value = false
    }
  }

  async function discard() {
    clearTimeout(timer)
    await api.act('DELETE', 'desk/reports/intake/draft').catch(failed)
    draft.value = fresh()
    saved.value = 'clean'
    emergency.value = null
    errors.value = {}
  }

  /** The paper was handed over: it is gone from this browser. */
  async function handOver() {
    await api.act('DELETE', 'desk/reports/intake/receipt').catch(failed)
    receipt.value = null
  }

  return { draft, receipt, emergency, problem, errors, saved, isBusy, load, send, discard, handOver }
}
