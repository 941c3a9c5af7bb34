import { revisitListSchema, type RevisitItem, type RevisitView } from '#shared/revisits/revisit-schema'
import { handlingRoles } from '#shared/staff/desk-schema'
import { useDesk } from '~/composables/use-desk'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'

/** The worklist of visits for the view in the address; a role has the views that can hold something for it. */
export function useRevisits() {
  const api = useDeskApi()
  const route = useRoute()
  const { profile, refreshCounts } = useDesk()

  const views = computed<readonly RevisitView[]>(() => {
    const role = profile.value?.role
    if (role === 'lead' || role === 'chief') return ['climbed', 'mine', 'team', 'answer', 'silent']
    return handlingRoles.some(known => known === role) ? ['mine', 'team', 'answer', 'silent'] : ['team', 'answer', 'silent']
  })
  const view = computed<RevisitView>(() => views.value.find(name => name === route.query.view) ?? views.value[0] ?? 'team')

  const rows = ref<RevisitItem[]>([])
  const now = ref('')
  const timeZone = ref('')
  const nextCursor = ref<string | null>(null)
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const problem = ref<DeskProblem>()
  const isLoadingMore = ref(false)

  let latest = 0
  async function load() {
    const mine = ++latest
    state.value = 'loading'
    try {
      const page = await api.get('desk/revisits', revisitListSchema, { waiting: view.value, limit: 50 })
      if (mine !== latest) return
      rows.value = page.revisits
      now.value = page.now
      timeZone.value = page.timeZone
      nextCursor.value = page.nextCursor
      state.value = 'ready'
      void refreshCounts().catch(() => undefined)
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      if (mine !== latest) return
      problem.value = error
      state.value = 'failed'
    }
  }

  async function loadMore() {
    if (!nextCursor.value || isLoadingMore.value) return
    isLoadingMore.value = true
    try {
      const page = await api.get('desk/revisits', revisitListSchema, { waiting: view.value, limit: 50, cursor: nextCursor.value })
      const known = new Set(rows.value.map(({ id }) => id))
      rows.value = [...rows.value, ...page.revisits.filter(({ id }) => !known.has(id))]
      nextCursor.value = page.nextCursor
    }
    finally {
      isLoadingMore.value = false
    }
  }

  const isReader = computed(() => profile.value !== null && profile.value.role !== 'admin')
  onMounted(() => watch(() => isReader.value ? view.value : undefined, shown => shown && load(), { immediate: true }))

  return { views, view, rows, now, timeZone, nextCursor, state, problem, isLoadingMore, load, loadMore }
}
