import { inboxPageSchema, type InboxItem } from '#shared/reports/desk-schema'
import { openStatuses } from '#shared/reports/status'
import { useDesk } from '~/composables/use-desk'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'

export const inboxTabs = ['inbox', 'overdue', 'mine', 'unverified', 'hidden'] as const
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

  const rows = ref<InboxItem[]>([])
  const now = ref('')
  const nextCursor = ref<string | null>(null)
  const waiting = ref<InboxItem[]>([])
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const problem = ref<DeskProblem>()
  const isLoadingMore = ref(false)

  const query = computed(() => {
    const { status, ...rest } = filters.value
    return {
      ...rest,
      view: tab.value === 'unverified' || tab.value === 'hidden' ? tab.value : profile.value?.role === 'auditor' ? 'every' : 'inbox',
      ...(status && { status: status === 'open' ? openStatuses.join(',') : status }),
      ...(tab.value === 'overdue' && { overdue: '1' }),
      ...(tab.value === 'mine' && { assigned: 'me', ...(!status && { status: openStatuses.join(',') }) }),
    }
  })

  let latest = 0
  async function load() {
    const mine = ++latest
    state.value = 'loading'
    try {
      const page = await api.get('desk/reports', inboxPageSchema, query.value)
      if (mine !== latest) return
      rows.value = page.reports
      now.value = page.now
      nextCursor.value = page.nextCursor
      waiting.value = []
      state.value = 'ready'
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
      const page = await api.get('desk/reports', inboxPageSchema, { ...query.value, cursor: nextCursor.value })
      const known = new Set(rows.value.map(({ reference }) => reference))
      rows.value = [...rows.value, ...page.reports.filter(({ reference }) => !known.has(reference))]
      nextCursor.value = page.nextCursor
    }
    finally {
      isLoadingMore.value = false
    }
  }

  /** Looks at the first page again: known rows show their present state, new ones wait for a click. */
  async function poll() {
    if (state.value !== 'ready' || document.hidden) return
    const mine = latest
    const page = await api.get('desk/reports', inboxPageSchema, query.value).catch(() => undefined)
    if (!page || mine !== latest) return
    now.value = page.now
    const fresh = new Map(page.reports.map(row => [row.reference, row]))
    const known = new Set(rows.value.map(({ reference }) => reference))
    rows.value = rows.value.map(row => fresh.get(row.reference) ?? row)
    waiting.value = page.reports.filter(({ reference, receivedAt }) => !known.has(reference) && Date.parse(receivedAt) > Date.parse(rows.value[0]?.receivedAt ?? '1970-01-01'))
    await refreshCounts().catch(() => undefined)
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
