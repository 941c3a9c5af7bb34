import { revisitListSchema, type RevisitView } from '#shared/revisits/revisit-schema'
import { handlingRoles } from '#shared/staff/desk-schema'
import { useDesk } from '~/composables/use-desk'
import { useDeskApi } from '~/composables/use-desk-api'
import { usePagedRows } from '~/composables/use-paged-rows'

/** The worklist of visits for the view in the address; a role has the views that can hold something for it. */
export function useRevisits() {
  const api = useDeskApi()
  const route = useRoute()
  const { profile, refreshCounts } = useDesk()

  const views = computed<readonly RevisitView[]>(() => {
    const role = profile.value?.role
    if (role === 'lead' || role === 'chief') return ['climbed', 'mine', 'team', 'answer', 'silent']
    return handlingRoles.some(known => known === role) ? ['mine', 'team', 'answer', 'silent'] : role === 'auditor' ? ['climbed', 'team', 'answer', 'silent'] : []
  })
  const view = computed<RevisitView>(() => views.value.find(name => name === route.query.view) ?? views.value[0] ?? 'team')

  const { rows, page, state, problem, isLoadingMore, nextCursor, load: loadFirst, loadMore } = usePagedRows({
    ask: cursor => api.get('desk/revisits', revisitListSchema, { waiting: view.value, limit: 50, cursor }),
    rowsOf: ({ revisits }) => revisits,
    keyOf: ({ id }) => id,
  })
  const now = computed(() => page.value?.now ?? '')
  const timeZone = computed(() => page.value?.timeZone ?? '')

  async function load() {
    await loadFirst()
    if (state.value === 'ready') void refreshCounts().catch(() => undefined)
  }

  const isReader = computed(() => profile.value !== null && profile.value.role !== 'admin')
  onMounted(() => watch(() => isReader.value ? view.value : undefined, shown => shown && load(), { immediate: true }))

  return { views, view, rows, now, timeZone, nextCursor, state, problem, isLoadingMore, load, loadMore }
}
