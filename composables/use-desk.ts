import { referenceDataSchema, type Localised, type ReferenceData } from '#shared/communities/reference-data'
import { responseTemplatesSchema, type ResponseTemplate } from '#shared/reports/response-template'
import { colleaguesSchema, deskProfileSchema, type Colleague, type DeskProfile } from '#shared/staff/desk-schema'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'
import { dropAlerts } from '~/composables/use-kept-alert'
import { dropSurveys } from '~/composables/use-kept-survey'
import { dropVisits } from '~/composables/use-kept-visits'

/** Who is at the desk, with the names that codes stand for. Loaded once in the browser, kept over pages. */
export function useDesk() {
  const { locale } = useI18n()
  const api = useDeskApi()
  const profile = useState<DeskProfile | null>('desk.profile', () => null)
  const reference = useState<ReferenceData | null>('desk.reference', () => null)
  const colleagues = useState<Colleague[]>('desk.colleagues', () => [])
  const templates = useState<ResponseTemplate[]>('desk.templates', () => [])
  /** Signed in, but not as staff. */
  const isStranger = useState('desk.stranger', () => false)

  const say = (text: Localised | null | undefined) => text?.[locale.value === 'zh' ? 'zh' : 'en'] ?? ''
  /** Also of a kind that is no longer offered. */
  const categoryOf = (code: string) => [...reference.value?.categories ?? [], ...reference.value?.former.categories ?? []].find(category => category.code === code)
  const communityOf = (id: string | null) => reference.value?.communities.find(community => community.id === id)

  async function load() {
    if (profile.value) return
    try {
      const me = await api.get('desk/me', deskProfileSchema)
      const [data, { staff }, prepared] = await Promise.all([
        api.get('desk/reference', referenceDataSchema), api.get('desk/staff', colleaguesSchema), api.get('desk/templates', responseTemplatesSchema),
      ])
      reference.value = data
      colleagues.value = staff
      templates.value = prepared.templates
      isStranger.value = false
      dropVisits(me.userId)
      dropAlerts(me.userId)
      dropSurveys(me.userId)
      profile.value = me
    }
    catch (problem) {
      if (!(problem instanceof DeskProblem)) throw problem
      if (problem.status === 403) isStranger.value = true
      else if (problem.status !== 401) throw problem
    }
  }

  async function refreshCounts({ isPoll = false } = {}) {
    if (!profile.value) return
    profile.value = await (isPoll ? api.poll : api.get)('desk/me', deskProfileSchema)
  }

  function forget() {
    profile.value = null
    colleagues.value = []
    templates.value = []
    isStranger.value = false
  }

  return {
    profile, reference, colleagues, templates, isStranger, load, refreshCounts, forget, say,
    categoryOf,
    communityOf,
    categoryName: (code: string) => say(categoryOf(code)?.name) || code,
    communityName: (id: string | null) => say((communityOf(id) ?? reference.value?.former.communities.find(community => community.id === id))?.name),
    gridName: (communityId: string | null, gridId: string | null) => say((communityOf(communityId)?.grids.find(grid => grid.id === gridId) ?? reference.value?.former.grids.find(grid => grid.id === gridId))?.name),
    colleagueName: (id: string | null) => say(colleagues.value.find(({ userId }) => userId === id)?.name),
  }
}
