import {
  decidedVolunteerSchema, deskPatrolsSchema, deskVolunteersSchema, endedSeriesSchema, missedSchema, openedVolunteerSchema, patrolTermsSchema, savedSeriesSchema, savedShiftSchema,
  type DeskPatrols, type DeskVolunteer, type NewSeries, type NewShift, type OpenedVolunteer, type PatrolTerms,
} from '#shared/patrols/patrol-schema'
import { restoredDaySchema } from '#shared/patrols/plan-schema'
import type { VolunteerAct } from '#shared/patrols/volunteer-steps'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'
import { useDeskToasts } from '~/composables/use-desk-toasts'

const dayMilliseconds = 86_400_000
/** From the last week, for who did not come, to four weeks ahead. */
const [daysBehind, daysAhead] = [7, 28]

/** The roster at the desk: shifts of five weeks, volunteers, and what is decided about them. Volunteers are numbers until somebody opens one. */
export function useDeskPatrols() {
  const { t } = useI18n()
  const api = useDeskApi()
  const { done, failed } = useDeskToasts()
  const patrols = shallowRef<DeskPatrols>()
  const volunteers = shallowRef<DeskVolunteer[]>()
  const terms = shallowRef<PatrolTerms>()
  const opened = reactive<Record<string, OpenedVolunteer>>({})
  const problem = ref<DeskProblem>()
  const isBusy = ref(false)

  async function load() {
    // The demo's clock may have been moved: what the first answer says counts from then on.
    const now = Date.parse(patrols.value?.now ?? new Date().toISOString())
    try {
      const [shifts, people, asked] = await Promise.all([
        api.get('desk/patrols', deskPatrolsSchema, { from: new Date(now - daysBehind * dayMilliseconds).toISOString(), to: new Date(now + daysAhead * dayMilliseconds).toISOString() }),
        api.get('desk/patrols/volunteers', deskVolunteersSchema), api.get('patrols/terms', patrolTermsSchema),
      ])
      patrols.value = shifts
      volunteers.value = people.volunteers
      terms.value = asked
      problem.value = undefined
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      problem.value = error
    }
  }

  /** → whether it was done; what a colleague changed meanwhile is shown either way. */
  async function act(work: () => Promise<string>): Promise<boolean> {
    isBusy.value = true
    try {
      done(await work())
      await load()
      return true
    }
    catch (error) {
      failed(error)
      await load()
      return false
    }
    finally {
      isBusy.value = false
    }
  }

  return {
    patrols, volunteers, terms, opened, problem, isBusy, load,
    addShift: (shift: NewShift) => act(async () => {
      await api.post('desk/patrols/shifts', shift, savedShiftSchema)
      return t('patrols.desk.shifts.addDone')
    }),
    cancelShift: (id: string, reason: string) => act(async () => {
      await api.post(`desk/patrols/shifts/${id}/cancel`, { reason }, savedShiftSchema)
      return t('patrols.desk.volunteers.done')
    }),
    markNoShow: (place: string) => act(async () => {
      await api.post(`desk/patrols/places/${place}/no-show`, {}, missedSchema)
      return t('patrols.desk.shifts.noShowDone')
    }),
    decideSwap: (swap: string, approve: boolean) => act(async () => {
      await api.post(`desk/patrols/swaps/${swap}`, { approve }, savedShiftSchema)
      return t('patrols.desk.shifts.swapDone')
    }),
    addSeries: (series: NewSeries) => act(async () => t('patrols.desk.series.addDone', { count: (await api.post('desk/patrols/series', series, savedSeriesSchema)).added })),
    endSeries: (id: string, reason: string) => act(async () => t('patrols.desk.series.ended', { count: (await api.post(`desk/patrols/series/${id}/end`, { reason }, endedSeriesSchema)).cancelled })),
    exceptDay: (id: string, day: string, reason: string) => act(async () => t('patrols.planner.series.done', { count: (await api.post(`desk/patrols/series/${id}/exceptions`, { day, reason }, endedSeriesSchema)).cancelled })),
    restoreDay: (id: string, day: string) => act(async () => t((await api.remove(`desk/patrols/series/${id}/exceptions/${day}`, restoredDaySchema)).added ? 'patrols.planner.series.restored' : 'patrols.planner.series.restoredLater')),
    setSkill: (id: string, skill: { skill: string, untilOn?: string, remove: boolean }) => act(async () => {
      await api.post(`desk/patrols/volunteers/${id}/skills`, skill, decidedVolunteerSchema)
      return t('patrols.desk.volunteers.done')
    }),
    decide: (id: string, decision: { act: VolunteerAct, note?: string, until?: string }) => act(async () => {
      await api.post(`desk/patrols/volunteers/${id}/decisions`, decision, decidedVolunteerSchema)
      // What was opened shows the step as well.
      if (opened[id]) opened[id] = await api.get(`desk/patrols/volunteers/${id}`, openedVolunteerSchema)
      return t('patrols.desk.volunteers.done')
    }),
    /** Name, phones and every step; logged. */
    async open(id: string) {
      try {
        opened[id] = await api.get(`desk/patrols/volunteers/${id}`, openedVolunteerSchema)
      }
      catch (error) {
        failed(error)
      }
    },
  }
}
