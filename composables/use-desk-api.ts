import type { ZodType } from 'zod'

/** A refusal of the desk's API: problem+json in the page's language. */
export class DeskProblem extends Error {
  override name = 'DeskProblem'
  constructor(readonly status: number, readonly code: string, readonly title: string, readonly detail: string, readonly fields: Record<string, string> = {}) {
    super(code)
  }
}

/** Where a session that is not open is opened. */
const gates: Record<string, string> = { second_factor_required: 'desk-second-factor', session_locked: 'desk-unlock' }

type Query = Record<string, string | number | boolean | undefined>

/**
 * Calls of `/api/desk/…` from the browser. Answers are parsed with the schema they are made from; whoever is not signed in goes
 * to the sign-in page and comes back.
 */
export function useDeskApi() {
  const { locale, t } = useI18n()
  const localePath = useLocalePath()
  const router = useRouter()

  async function send(method: 'GET' | 'POST' | 'DELETE', path: string, { query = {}, body, isBackground = false }: { query?: Query, body?: unknown, isBackground?: boolean } = {}) {
    const search = new URLSearchParams({ locale: locale.value })
    for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') search.set(name, String(value))
    let response: Response
    try {
      response = await fetch(`/api/${path}?${search}`, {
        method, credentials: 'same-origin', headers: { accept: 'application/json', ...(isBackground && { 'x-linli-background': '1' }), ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
      })
    }
    catch {
      throw new DeskProblem(0, 'offline', t('desk.errors.title'), t('desk.errors.offline'))
    }
    if (response.ok) return response.status === 204 ? undefined : await response.json() as unknown
    throw problemOf(response.status, await response.json().catch(() => ({})))
  }

  function problemOf(status: number, body: unknown) {
    const problem = typeof body === 'object' && body !== null ? body : {}
    const read = (name: string) => name in problem ? String(problem[name as keyof typeof problem]) : ''
    const fields = 'errors' in problem && typeof problem.errors === 'object' ? Object.entries(problem.errors ?? {}).map(([name, text]) => [name, String(text)]) : []
    return new DeskProblem(status, read('code') || 'internal', read('title') || t('desk.errors.title'), read('detail'), Object.fromEntries(fields))
  }

  async function withSignIn<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call()
    }
    catch (problem) {
      const here = router.currentRoute.value
      if (problem instanceof DeskProblem && problem.status === 401 && !here.meta.isOpen && !here.meta.isGate) {
        await router.push(localePath({ name: gates[problem.code] ?? 'desk-sign-in', query: { next: here.fullPath } }))
      }
      throw problem
    }
  }

  function parse<Answer>(schema: ZodType<Answer>, answer: unknown): Answer {
    const parsed = schema.safeParse(answer)
    if (!parsed.success) throw new DeskProblem(0, 'unreadable', t('desk.errors.title'), t('desk.errors.unreadable'))
    return parsed.data
  }

  return {
    get: <Answer>(path: string, schema: ZodType<Answer>, query?: Query) => withSignIn(async () => parse(schema, await send('GET', path, { query }))),
    /** What a page asks for by itself, such as new counts: it does not keep an idle desk from locking. */
    poll: <Answer>(path: string, schema: ZodType<Answer>, query?: Query) => withSignIn(async () => parse(schema, await send('GET', path, { query, isBackground: true }))),
    post: <Answer>(path: string, body: unknown, schema: ZodType<Answer>) => withSignIn(async () => parse(schema, await send('POST', path, { body }))),
    remove: <Answer>(path: string, schema: ZodType<Answer>) => withSignIn(async () => parse(schema, await send('DELETE', path))),
    /** For calls that answer nothing. */
    act: (method: 'POST' | 'DELETE', path: string, body?: unknown) => withSignIn(async () => { await send(method, path, { body }) }),
    /** Sign-in itself: a wrong password is shown, not followed. */
    signIn: (body: { email: string, password: string }) => send('POST', 'session', { body }),
    signOut: () => send('DELETE', 'session'),
  }
}
