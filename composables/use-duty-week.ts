import { coverage, dayAfter, dayBounds } from '#shared/staff/duty-plan'
import { dutyWeekSchema, repeatedWeekSchema, type DutyShift, type DutyWeek } from '#shared/staff/duty-schema'
import { useDesk } from '~/composables/use-desk'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'
import { useDeskToasts } from '~/composables/use-desk-toasts'
import { useDutyNow } from '~/composables/use-duty-now'

export interface DutyDayView { day: string, from: string, to: string, shifts: DutyShift[], gaps: { from: string, to: string }[], overlaps: { from: string, to: string, staffIds: string[] }[] }

/** A week of the roster, as it stands in the address, and what may be done with it. */
export function useDutyWeek() {
  const { t } = useI18n()
  const api = useDeskApi()
  const route = useRoute()
  const { profile } = useDesk()
  const { done, failed } = useDeskToasts()
  const { load: loadNow } = useDutyNow()
  const week = ref<DutyWeek>()
  const problem = ref<DeskProblem>()
  const isBusy = ref(false)

  const wanted = computed(() => typeof route.query.week === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(route.query.week) ? route.query.week : undefined)

  const days = computed<DutyDayView[]>(() => {
    const shown = week.value
    if (!shown) return []
    return Array.from({ length: 7 }, (_, index) => {
      const day = dayAfter(shown.week, index)
      const bounds = dayBounds(day, shown.timeZone)
      // What is over needs nobody any more.
      const from = Date.parse(bounds.from) < Date.parse(shown.now) ? shown.now : bounds.from
      const { gaps, overlaps } = coverage(shown.shifts, from, bounds.to)
      return { day, ...bounds, gaps: Date.parse(from) < Date.parse(bounds.to) ? gaps : [], overlaps, shifts: shown.shifts.filter(({ startsAt, endsAt }) => Date.parse(startsAt) < Date.parse(bounds.to) && Date.parse(endsAt) > Date.parse(bounds.from)) }
    })
  })

  async function load() {
    try {
      week.value = await api.get('desk/staff/duty', dutyWeekSchema, { week: wanted.value })
      problem.value = undefined
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      problem.value = error
    }
  }
  onMounted(() => watch([() => profile.value?.userId, wanted], ([someone]) => someone && void load(), { immediate: true }))

  async function act(work: () => Promise<string>) {
    isBusy.value = true
    try {
      done(await work())
      await Promise.all([load(), loadNow()])
      return true
    }
    catch (error) {
      failed(error)
      return false
    }
    finally {
      isBusy.value = false
    }
  }

  return {
    week, days, problem, isBusy, load,
    add: (shift: { staffId: string, day: string, from: string, to: string }) => act(async () => {
      await api.act('POST', 'desk/staff/duty/shifts', shift)
      return t('staff.duty.added')
    }),
    remove: (id: string) => act(async () => {
      await api.act('DELETE', `desk/staff/duty/shifts/${id}`)
      return t('staff.duty.removed')
    }),
    repeat: (times: number) => act(async () => {
      const { added, skipped } = await api.post('desk/staff/duty/repeat', { week: week.value?.week, times }, repeatedWeekSchema)
      return skipped ? t('staff.duty.repeatedSome', { added, skipped }) : t('staff.duty.repeated', { added })
    }),
    takeOver: (id: string) => act(async () => {
      await api.act('POST', `desk/staff/duty/shifts/${id}/take-over`)
      return t('staff.duty.tookOver')
    }),
    note: (id: string, text: string) => act(async () => {
      await api.act('POST', `desk/staff/duty/shifts/${id}/note`, { text })
      return t('staff.duty.noteKept')
    }),
  }
}
