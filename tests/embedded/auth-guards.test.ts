import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Persona, type TestBackend, startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { someNaughtyStrings } from '../api/naughty-strings.ts'
import { openSession } from '#server/db/sessions'
import { fixtureFolders } from './fixture-folders.ts'
import { openMailSink } from './mail-sink.ts'

let sink: Awaited<ReturnType<typeof openMailSink>>
let backend: TestBackend

beforeAll(async () => {
  sink = await openMailSink()
  backend = await startTestBackend({ folders: fixtureFolders, hookUrl: sink.url })
})
afterAll(async () => {
  await backend?.stop()
  await sink?.close()
})

let number = 0
const anAddress = () => `guarded${number++}@example.test`
const password = 'a-long-password'
const wrongCode = (token: string) => token === '000000' ? '000001' : '000000'

async function ask(method: string, path: string, { body, token, on = backend }: { body?: unknown, token?: string, on?: TestBackend } = {}) {
  const response = await fetch(`${on.url}/auth/v1${path}`, {
    method,
    headers: { 'apikey': on.publishableKey, 'content-type': 'application/json', ...token !== undefined && { authorization: `Bearer ${token}` } },
    ...body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) },
  })
  const text = await response.text()
  return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) as Record<string, unknown> : {} }
}

async function aSession(persona?: Persona) {
  const owner = persona ?? await backend.createUser('amina_resident')
  const client = await backend.signInAs(owner)
  const session = (await client.auth.getSession()).data.session
  return { owner, client, token: session?.access_token ?? '' }
}

const makeOld = (persona: Persona, interval = '10 minutes 1 second') => backend.sql`update auth.sessions set created_at = now() - ${interval}::interval where user_id = ${persona.id}`

describe('a known and an unknown address', () => {
  /** Alike but for ids and instants. */
  const shapeOf = ({ status, json }: { status: number, json: Record<string, unknown> }) => ({
    status, fields: Object.fromEntries(Object.entries(json).map(([name, value]) => [name, /^id$|_at$/.test(name) ? typeof value : value])),
  })

  it.each([
    ['sign up', '/signup', {}],
    ['are sent a code', '/otp', { create_user: true }],
    ['are sent a code without making an account', '/otp', { create_user: false }],
    ['are sent a recovery', '/recover', {}],
    ['are sent a sign-up again', '/resend', { type: 'signup' }],
    ['sign in with a wrong password', '/token?grant_type=password', {}],
    ['type a wrong code', '/verify', { type: 'email', token: '000000' }],
  ])('%s with the same answer', async (_name, path, extra) => {
    const known = await backend.createUser('known')
    const unproved = anAddress()
    await backend.guestClient().auth.signUp({ email: unproved, password })
    const body = { password: 'not-the-password', ...extra }
    const answers = await Promise.all([known.email, unproved, anAddress()].map(async email =>
      shapeOf(JSON.parse(JSON.stringify(await ask('POST', path, { body: { ...body, email } })).replaceAll(email, 'ADDRESS')))))

    expect(answers[0]).toEqual(answers[2])
    expect(answers[1]).toEqual(answers[2])
  })

  it('of an e-mail change nobody learns anything: there is none', async () => {
    const { token } = await aSession(), known = await backend.createUser('known')

    const answers = await Promise.all([known.email, anAddress()].map(email => ask('PUT', '/user', { token, body: { email } })))

    expect(answers.map(({ status, json }) => [status, json.error_code])).toEqual([[403, 'email_change_disabled'], [403, 'email_change_disabled']])
  })

  it('take as long', async () => {
    const even = await startTestBackend({ folders: fixtureFolders, answerStepMs: 1000 })
    try {
      const known = await even.createUser('known')
      const calls = [['/signup', { password }], ['/otp', {}], ['/recover', {}], ['/token?grant_type=password', { password: 'not-the-password' }]] as const
      for (const [path, body] of calls) {
        const took: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
        for (let round = 0; round < 3; round++) {
          for (const [kind, email] of [['known', known.email], ['unknown', anAddress()]] as const) {
            const startedAt = performance.now()
            await ask('POST', path, { on: even, body: { ...body, email } })
            took[kind].push(performance.now() - startedAt)
          }
        }
        const [one = 0, other = 0] = [median(took.known), median(took.unknown)].sort((a, b) => a - b)
        expect(other / one, `${path}: ${JSON.stringify(took)}`).toBeLessThan(1.2)
      }
    }
    finally {
      await even.stop()
    }
  })
})

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

describe('a session alone', () => {
  it('sets no password once the sign-in is ten minutes old', async () => {
    const { owner, token } = await aSession()
    await makeOld(owner)

    expect((await ask('PUT', '/user', { token, body: { password: 'another-password' } })).json).toMatchObject({ error_code: 'reauthentication_needed' })
    expect((await backend.guestClient().auth.signInWithPassword({ email: owner.email, password: 'another-password' })).error?.code).toBe('invalid_credentials')
  })

  it('is not made younger by a refresh', async () => {
    const { owner, client } = await aSession()
    await makeOld(owner)
    await client.auth.refreshSession()

    expect((await client.auth.updateUser({ password: 'another-password' })).error?.code).toBe('reauthentication_needed')
  })

  it('sets one with the code that reauthentication mailed, once', async () => {
    const { owner, client } = await aSession()
    await makeOld(owner)
    await client.auth.reauthenticate()
    const { token: nonce } = (await sink.mailTo(owner.email)).mail.email_data

    expect((await client.auth.updateUser({ password: 'another-password', nonce: wrongCode(nonce) })).error?.code).toBe('reauthentication_needed')
    expect((await client.auth.updateUser({ password: 'another-password', nonce })).error).toBeNull()
    expect((await client.auth.updateUser({ password: 'a-third-password', nonce })).error?.code).toBe('reauthentication_needed')
    expect((await backend.guestClient().auth.signInWithPassword({ email: owner.email, password: 'another-password' })).error).toBeNull()
  })

  it('ten guesses at that code are all there are', async () => {
    const { owner, client } = await aSession()
    await makeOld(owner)
    await client.auth.reauthenticate()
    const { token: nonce } = (await sink.mailTo(owner.email)).mail.email_data
    for (let guess = 0; guess < 10; guess++) await client.auth.updateUser({ password: 'another-password', nonce: wrongCode(nonce) })

    expect((await client.auth.updateUser({ password: 'another-password', nonce })).error?.code).toBe('reauthentication_needed')
  })

  it('is enough for the portal beside the current password: it stays, the others end', async () => {
    const owner = await backend.createUser('amina_resident'), kept = new Map<string, string>()
    const visit = openSession({ url: backend.url, publishableKey: backend.publishableKey, secretKey: '' }, {
      name: 'linli-session', isSecure: false, read: () => [...kept].map(([name, value]) => ({ name, value })), write: cookies => cookies.forEach(({ name, value }) => kept.set(name, value)),
    })
    await visit.signInWithPassword(owner.email, owner.password)
    const actor = await visit.readActor()
    const { token: elsewhere } = await aSession(owner)
    await makeOld(owner)

    await expect(visit.setPassword('another-password')).rejects.toMatchObject({ code: 'forbidden' })
    await visit.setPassword('another-password', { email: owner.email, password: owner.password })

    expect(await backend.sql`select id from auth.sessions where user_id = ${owner.id}`).toEqual([{ id: actor?.sessionId }])
    expect((await ask('GET', '/user', { token: elsewhere })).status).toBe(403)
    expect((await backend.guestClient().auth.signInWithPassword({ email: owner.email, password: 'another-password' })).error).toBeNull()
  })

  it('changes no address, not with a fresh one either', async () => {
    const { owner, client } = await aSession()

    expect((await client.auth.updateUser({ email: anAddress() })).error).toMatchObject({ status: 403, code: 'email_change_disabled' })
    expect(await backend.sql`select email, email_change from auth.users where id = ${owner.id}`).toMatchObject([{ email: owner.email }])
    expect(sink.received.filter(({ mail }) => mail.email_data.email_action_type === 'email_change')).toHaveLength(0)
  })

  it('a token that somebody else signed spends nobody\'s guesses', async () => {
    const { owner, client } = await aSession()
    await makeOld(owner)
    const { data: { session } } = await client.auth.getSession()
    const claims = JSON.parse(Buffer.from(session?.access_token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('a-secret-of-somebody-else-entirely'))
    await client.auth.reauthenticate()
    const { token: nonce } = (await sink.mailTo(owner.email)).mail.email_data

    for (let guess = 0; guess < 10; guess++) expect((await ask('PUT', '/user', { token: forged, body: { password: 'another-password', nonce: wrongCode(nonce) } })).status).toBe(401)

    expect((await client.auth.updateUser({ password: 'another-password', nonce })).error).toBeNull()
  })
})

describe('guessing round the limits', () => {
  it('the hash of a mail opens nothing: it is made of the address and six digits, and could be guessed at uncounted', async () => {
    const email = anAddress(), client = backend.guestClient()
    await client.auth.signInWithOtp({ email })
    const { token_hash: hash } = (await sink.mailTo(email)).mail.email_data

    expect((await client.auth.verifyOtp({ token_hash: hash, type: 'email' })).error?.status).toBe(400)
    expect((await ask('GET', `/verify?type=magiclink&token=${hash}`)).status).toBe(405)
    expect(await backend.sql`select 1 from auth.sessions s join auth.users u on u.id = s.user_id where u.email = ${email}`).toHaveLength(0)
  })

  it('wrong passwords past the portal, or of another client of it, do not close the way of a client that the portal names', async () => {
    const owner = await backend.createUser('forwarded')
    const tries = async (secret: string, apikey: string, client?: string) => (await fetch(`${backend.url}/auth/v1/token?grant_type=password`, {
      method: 'POST', headers: { apikey, 'content-type': 'application/json', ...client && { 'sb-forwarded-for': client } }, body: JSON.stringify({ email: owner.email, password: secret }),
    })).status
    for (let guess = 0; guess < 41; guess++) await tries('not-the-password', backend.publishableKey)
    for (let guess = 0; guess < 81; guess++) await tries('not-the-password', backend.secretKey, '203.0.113.9')

    expect(await tries(owner.password, backend.publishableKey, '198.51.100.7'), 'without the secret key nobody names a client').toBe(429)
    expect(await tries(owner.password, backend.secretKey, '203.0.113.9')).toBe(429)
    expect(await tries(owner.password, backend.secretKey, '198.51.100.7')).toBe(200)
  })

  it('forty wrong passwords an hour are the end for one address, and a right one starts afresh', async () => {
    const [guessed, honest] = [await backend.createUser('guessed'), await backend.createUser('honest')]
    const tries = (email: string, word: string) => backend.guestClient().auth.signInWithPassword({ email, password: word })
    for (let guess = 0; guess < 40; guess++) expect((await tries(guessed.email, 'not-the-password')).error?.status).toBe(400)
    for (let guess = 0; guess < 39; guess++) await tries(honest.email, 'not-the-password')

    expect((await tries(guessed.email, guessed.password)).error).toMatchObject({ status: 429, code: 'over_request_rate_limit' })
    expect((await tries(honest.email, honest.password)).error).toBeNull()
    expect((await tries(honest.email, 'not-the-password')).error?.status).toBe(400)
  })

  it.each(['/recover', '/otp', '/signup'])('no way to send mails has no end: %s', async (path) => {
    const email = anAddress()
    const statuses: number[] = []
    for (let mail = 0; mail < 13; mail++) statuses.push((await ask('POST', path, { body: { email, password } })).status)

    expect(statuses).toEqual([...Array.from({ length: 12 }, () => 200), 429])
  })

  it('a stranger cannot make the owner\'s tokens too large by signing up with the address', async () => {
    const email = anAddress()

    expect((await ask('POST', '/signup', { body: { email, password, data: { note: 'x'.repeat(5000) } } })).status).toBe(400)
  })
})

describe('nonsense', () => {
  const routes = [
    ['POST', '/signup'], ['POST', '/token?grant_type=password'], ['POST', '/token?grant_type=refresh_token'], ['POST', '/token?grant_type=pkce'], ['POST', '/token'], ['POST', '/otp'], ['POST', '/verify'],
    ['POST', '/recover'], ['POST', '/resend'], ['POST', '/logout'], ['POST', '/magiclink'], ['PUT', '/user'], ['GET', '/user'], ['GET', '/verify'], ['GET', '/reauthenticate'], ['GET', '/authorize'],
    ['GET', '/callback'], ['POST', '/callback'], ['GET', '/factors'], ['POST', '/factors'], ['POST', '/sso'], ['POST', '/invite'], ['GET', '/health'], ['GET', '/settings'], ['GET', '/.well-known/jwks.json'], ['GET', '/admin/users'], ['POST', '/admin/users'],
  ] as const
  const fields = ['email', 'password', 'token', 'token_hash', 'type', 'refresh_token', 'auth_code', 'code_verifier', 'data', 'nonce', 'phone', 'create_user', 'scope', 'id']
  const values = [null, true, 0, -1, 1e308, '', 'a', 'a\0b@example.test', '\0', '\uD800', 'x'.repeat(300), `${'x'.repeat(300)}@example.test`, [], ['a@example.test'], {}, { a: 1 }, { toString: 'no' }, [[]]]

  it.each([
    ['a body of null', 'null'], ['a list', '[]'], ['a number', '7'], ['a text', '"text"'], ['nothing', ''], ['half of a body', '{"email":'], ['no JSON', '<xml/>'], ['deep JSON', '['.repeat(50_000)],
    ['an object for an address', '{"email":{"$ne":null},"password":"a-long-password"}'], ['a NUL in an address', '{"email":"a\\u0000@example.test","password":"a-long-password"}'],
    ['a NUL in a password', '{"email":"a@example.test","password":"a-long\\u0000password"}'], ['half a character', '{"email":"a@example.test","password":"a-long\\ud800password"}'],
  ])('%s as a sign-in is refused with 400 as Supabase words it', async (_name, body) => {
    const answer = await ask('POST', '/token?grant_type=password', { body })

    expect(answer.status).toBe(400)
    expect(answer.json).toEqual({ code: 400, error_code: expect.any(String), msg: expect.any(String) })
  })

  it('in any field of any call is never a 5xx, signed in or not', async () => {
    const { token } = await aSession(await backend.createUser('fuzzed'))
    // A password too short to be worth a bcrypt: this is about what is read.
    const whole = (field: string, value: unknown) => ({ email: anAddress(), password: 'short', type: 'email', token: '123456', refresh_token: 'abcdefghijkl', [field]: value })
    const failed: string[] = []
    // Many answers wait for a whole second: side by side, or this takes minutes.
    for (const [method, path] of routes) {
      await Promise.all(fields.filter(field => method !== 'GET' || field === 'email').flatMap(field => values.map(async (value) => {
        const answer = await ask(method, path, { ...method !== 'GET' && { body: whole(field, value) }, ...field.length % 2 === 0 || path === '/user' ? { token } : {} })
        if (answer.status >= 500) failed.push(`${method} ${path} ${field}=${JSON.stringify(value)?.slice(0, 40)}: ${answer.status}`)
      })))
    }
    expect(failed).toEqual([])
  }, 180_000)

  it('of the list of naughty strings is never a 5xx, in body, address, query or token', async () => {
    const { token } = await aSession(await backend.createUser('fuzzed'))
    const failed: string[] = []
    const check = async (name: string, text: string, work: Promise<{ status: number }>) => {
      const { status } = await work
      if (status >= 500) failed.push(`${name} ${JSON.stringify(text.slice(0, 40))}: ${status}`)
    }
    for (const text of someNaughtyStrings(8)) {
      const part = encodeURIComponent(text.isWellFormed() ? text.slice(0, 500).toWellFormed() : 'x')
      await Promise.all([
        check('sign-in', text, ask('POST', '/token?grant_type=password', { body: { email: text, password: text } })),
        check('sign-up', text, ask('POST', '/signup', { body: { email: text, password: text, data: { [text.slice(0, 100)]: text } } })),
        check('refresh', text, ask('POST', '/token?grant_type=refresh_token', { body: { refresh_token: text } })),
        check('code', text, ask('POST', '/verify', { body: { email: text, token: text, type: text } })),
        check('mail', text, ask('POST', '/otp', { body: { email: text } })),
        check('user', text, ask('PUT', '/user', { token, body: { data: { note: text } } })),
        check('raw', text, ask('POST', '/recover', { body: text })),
        check('query', text, ask('POST', `/logout?scope=${part}`, { token })),
        check('redirect', text, ask('POST', `/otp?redirect_to=${part}`, { body: { email: anAddress() } })),
        check('path', text, ask('GET', `/${part}`)),
        /^[\x21-\x7E]{1,500}$/.test(text) && check('token', text, ask('GET', '/user', { token: text })),
      ])
    }
    expect(failed).toEqual([])
  }, 180_000)
})
