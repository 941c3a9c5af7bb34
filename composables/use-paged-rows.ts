import { DeskProblem } from '~/composables/use-desk-api'

/**
 * Rows of the desk that come a page at a time. An answer that a later question overtook is dropped, and a row that moved between
 * two pages stands once.
 */
export function usePagedRows<Page extends { nextCursor: string | null }, Row>({ ask, rowsOf, keyOf }: {
  /** `isPoll`: the page asks by itself, which keeps no idle desk from locking. */
  ask: (cursor: string | undefined, isPoll?: boolean) => Promise<Page>
  rowsOf: (page: Page) => Row[]
  keyOf: (row: Row) => unknown
}) {
  const rows: Ref<Row[]> = shallowRef([])
  const page: Ref<Page | undefined> = shallowRef()
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const problem = ref<DeskProblem>()
  const isLoadingMore = ref(false)
  let latest = 0

  /** Asks for the first page. `isQuiet` leaves what stands there until the answer comes. */
  async function load({ isQuiet = false } = {}) {
    const mine = ++latest
    if (!isQuiet) state.value = 'loading'
    try {
      const first = await ask(undefined)
      if (mine !== latest) return
      page.value = first
      rows.value = rowsOf(first)
      state.value = 'ready'
    }
    catch (error) {
      refused(error, mine)
    }
  }

  async function loadMore() {
    const cursor = page.value?.nextCursor
    if (!cursor || isLoadingMore.value) return
    const mine = latest
    isLoadingMore.value = true
    try {
      const next = await ask(cursor)
      if (mine !== latest) return
      const known = new Set(rows.value.map(keyOf))
      page.value = next
      rows.value = [...rows.value, ...rowsOf(next).filter(row => !known.has(keyOf(row)))]
    }
    catch (error) {
      refused(error, mine)
    }
    finally {
      isLoadingMore.value = false
    }
  }

  /** The first page as it is now, for whoever merges it in; undefined when there is nothing to compare it with. */
  async function askAgain(): Promise<Page | undefined> {
    if (state.value !== 'ready') return undefined
    const mine = latest
    const again = await ask(undefined, true).catch(() => undefined)
    return mine === latest ? again : undefined
  }

  function refused(error: unknown, mine: number) {
    if (!(error instanceof DeskProblem)) throw error
    if (mine !== latest) return
    problem.value = error
    state.value = 'failed'
  }

  return { rows, page, state, problem, isLoadingMore, nextCursor: computed(() => page.value?.nextCursor ?? null), load, loadMore, askAgain }
}
