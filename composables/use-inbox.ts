import { inboxPageSchema, type InboxItem } from '#shared/reports/desk-schema'
import { openStatuses } from '#shared/reports/status'
import { useDesk } from '~/composables/use-desk'
import { useDeskApi } from '~/composables/use-desk-api'
import { usePagedRows } from '~/composables/use-paged-rows'

export const inboxTabs = ['inbox', 'overdue', 'mine', 'triage', 'unverified', 'hidden'] as const
export type InboxTab = typeof inboxTabs[number]

/** What narrows a tab down, as it stands in the address. */
export const filterNames = ['q', 'status', 'category', 'community', 'assigned', 'urgent', 'from', 'to'] as const
export type FilterName = typeof filterNames[number]
export type Filters = Partial<Record<FilterName, string>>

const pollMilliseconds = 30_000

/** The rows of the inbox for the tab and filters in the address; new ones are announced, not pushed under the reader's finger. */
export function useInbox() {
  const api = useDeskApi()
  const route = useRoute()
  const { profile, refreshCounts } = useDesk()

  const tab = computed<InboxTab>(() => inboxTabs.find(name => name === route.query.tab) ?? 'inbox')
  const filters = computed<Filters>(() => Object.fromEntries(filterNames.flatMap((name) => {
    const value = route.query[name]
    return typeof value === 'string' && value ? [[name, value]] : []
  })))

  const query = computed(() => {
    const { status, ...rest } = filters.value
    return {
      ...rest,
      view: tab.value === 'unverified' || tab.value === 'hidden' || tab.value === 'triage' ? tab.value : profile.value?.role === 'auditor' ? 'every' : 'inbox',
      ...(status && { status: status === 'open' ? openStatuses.join(',') : status }),
      ...(tab.value === 'overdue' && { overdue: '1' }),
      ...(tab.value === 'mine' && { assigned: 'me', ...(!status && { status: openStatuses.join(',') }) }),
    }
  })

  const { rows, page, state, problem, isLoadingMore, nextCursor, load: loadFirst, loadMore, askAgain } = usePagedRows({
    ask: (cursor, isPoll) => (isPoll ? api.poll : api.get)('desk/reports', inboxPageSchema, { ...query.value, cursor }),
    rowsOf: ({ reports }) => reports,
    keyOf: ({ reference }) => reference,
  })
  const waiting = ref<InboxItem[]>([])
  const now = ref('')

  async function load() {
    waiting.value = []
    await loadFirst()
    now.value = page.value?.now ?? ''
  }

  /** Looks at the first page again: known rows show their present state, new ones wait for a click. */
  async function poll() {
    if (document.hidden) return
    const first = await askAgain()
    if (!first) return
    now.value = first.now
    const fresh = new Map(first.reports.map(row => [row.reference, row]))
    const known = new Set(rows.value.map(({ reference }) => reference))
    rows.value = rows.value.map(row => fresh.get(row.reference) ?? row)
    waiting.value = first.reports.filter(({ reference, receivedAt }) => !known.has(reference) && Date.parse(receivedAt) > Date.parse(rows.value[0]?.receivedAt ?? '1970-01-01'))
    await refreshCounts({ isPoll: true }).catch(() => undefined)
  }

  function showWaiting() {
    rows.value = [...waiting.value, ...rows.value]
    waiting.value = []
  }

  /** Puts what was just done into the list without asking for all of it again. */
  function refreshRow(row: Partial<InboxItem> & { reference: string }) {
    rows.value = rows.value.map(known => known.reference === row.reference ? { ...known, ...row } : known)
  }

  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => {
    timer = setInterval(() => void poll(), pollMilliseconds)
  })
  onBeforeUnmount(() => clearInterval(timer))
  // The address may change without the question changing (a report opens beside the list).
  const isReader = computed(() => profile.value !== null && profile.value.role !== 'admin')
  watch(() => isReader.value ? JSON.stringify(query.value) : undefined, (question) => {
    if (import.meta.client && question) void load()
  })
  onMounted(() => {
    if (isReader.value) void load()
  })

  return { tab, filters, rows, now, nextCursor, waiting, state, problem, isLoadingMore, load, loadMore, showWaiting, refreshRow }
}
