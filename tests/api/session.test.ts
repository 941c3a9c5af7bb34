import { randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { describe, expect, inject, it } from 'vitest'
import { accessTokenOf, openBrowser } from '../browser-jar.ts'
import { roomInWindow } from '../window-room.ts'
import { codeFor, mailsTo } from '../mailbox.ts'

const { url, supabaseUrl, keys } = inject('portal')
const password = 'four words for one door'
const auth = { persistSession: false, autoRefreshToken: false }

/** An account of its own, so that no other test feels its limits. */
async function anAccount() {
  const email = `amina-${randomUUID().slice(0, 8)}@example.test`
  const { error } = await createClient(supabaseUrl, keys.secretKey, { auth }).auth.admin.createUser({ email, password, email_confirm: true })
  expect(error).toBeNull()
  return { email, password }
}
const anAddress = () => `nobody-${randomUUID().slice(0, 8)}@example.test`

/** What the database says to a token, asked past the portal. */
async function askDatabase(token: string) {
  const { data, error } = await createClient(supabaseUrl, keys.publishableKey, { auth, accessToken: async () => token }).rpc('get_account')
  return error ? { ok: false } : data
}

describe('POST /api/session', () => {
  it('answers 204 and sets cookies that no script reads and no other site sends', async () => {
    const browser = openBrowser(url)

    const response = await browser.json('POST', '/api/session', await anAccount())

    expect(response.status).toBe(204)
    const lines = response.headers.getSetCookie()
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) {
      expect(line).toMatch(/^linli-session/)
      expect(line).toMatch(/HttpOnly/i)
      expect(line).toMatch(/SameSite=Lax/i)
      expect(line).toMatch(/Path=\//i)
      expect(Number(/Max-Age=(\d+)/i.exec(line)?.[1])).toBeLessThanOrEqual(30 * 24 * 3600)
    }
    expect(await askDatabase(accessTokenOf(browser.cookies))).toMatchObject({ ok: true })
  })

  it('refuses a wrong password, an unknown address and one that was never proved in the same words', async () => {
    const { email } = await anAccount()
    const unproved = anAddress()
    await createClient(supabaseUrl, keys.publishableKey, { auth }).auth.signUp({ email: unproved, password })
    const tries = [{ email, password: 'four words for no door' }, { email: anAddress(), password }, { email: unproved, password }]

    const answers = await Promise.all(tries.map(body => openBrowser(url).json('POST', '/api/session', body)))

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    for (const answer of answers) expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    const bodies = await Promise.all(answers.map(answer => answer.json()))
    expect(bodies[0]).toMatchObject({ status: 401, code: 'wrong_credentials' })
    expect(bodies[1]).toEqual(bodies[0])
    expect(bodies[2]).toEqual(bodies[0])
    expect(answers.flatMap(({ headers }) => headers.getSetCookie())).toEqual([])
  })

  it('takes as long to refuse an unknown address as a known one', async () => {
    const { email } = await anAccount()
    const refuse = async (address: string) => {
      const startedAt = performance.now()
      expect((await openBrowser(url).json('POST', '/api/session', { email: address, password: 'four words for no door' })).status).toBe(401)
      return performance.now() - startedAt
    }

    expect(await refuse(anAddress())).toBeGreaterThan(990)
    expect(await refuse(email)).toBeGreaterThan(990)
  })

  it('sent by another site is refused, and nobody is signed in', async () => {
    const account = await anAccount()

    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': '', 'origin': 'https://evil.example' }]) {
      const response = await openBrowser(url).json('POST', '/api/session', account, headers)

      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({ code: 'cross_origin' })
      expect(response.headers.getSetCookie()).toEqual([])
    }
  })

  it('says which field is missing', async () => {
    const response = await openBrowser(url).json('POST', '/api/session', { email: 'nobody' })

    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ code: 'invalid', errors: { email: expect.any(String), password: expect.any(String) } })
  })

  it('closes the way by password after twenty wrong ones, the right one included, and never the way by code', async () => {
    const { email } = await anAccount()
    await roomInWindow(3600, 15)
    const tries = await Promise.all(Array.from({ length: 20 }, () => openBrowser(url).json('POST', '/api/session', { email, password: 'four words for no door' })))
    expect(new Set(tries.map(({ status }) => status))).toEqual(new Set([401]))

    const held = await openBrowser(url).json('POST', '/api/session', { email, password })

    expect(held.status).toBe(429)
    expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await held.json()).toMatchObject({ code: 'rate_limited' })
    const asked = await openBrowser(url).post('/en/sign-in', { email })
    expect(asked.headers.get('location')).toBe('/en/sign-in/code')
  })

  it('does not count whoever gets in: 25 people behind one address sign in one after the other', async () => {
    const account = await anAccount()

    const statuses = []
    for (let person = 0; person < 25; person++) statuses.push((await openBrowser(url).json('POST', '/api/session', account)).status)

    expect(statuses).toEqual(new Array(25).fill(204))
  })

  it('ends the session that the browser had before', async () => {
    const account = await anAccount()
    const browser = openBrowser(url)
    await browser.json('POST', '/api/session', account)
    const earlier = accessTokenOf(browser.cookies)

    expect((await browser.json('POST', '/api/session', account)).status).toBe(204)

    const later = accessTokenOf(browser.cookies)
    expect(later).not.toBe(earlier)
    expect(await askDatabase(earlier)).not.toMatchObject({ ok: true })
    expect(await askDatabase(later)).toMatchObject({ ok: true })
  })
})

describe('DELETE /api/session', () => {
  it('takes the cookies and ends the session in the database (RULES A4)', async () => {
    const browser = openBrowser(url)
    await browser.json('POST', '/api/session', await anAccount())
    const token = accessTokenOf(browser.cookies)

    const response = await browser.json('DELETE', '/api/session')

    expect(response.status).toBe(204)
    expect([...browser.cookies.keys()]).toEqual([])
    expect(await askDatabase(token)).not.toMatchObject({ ok: true })
  })

  it('sent by another site is refused, and the session stays', async () => {
    const browser = openBrowser(url)
    await browser.json('POST', '/api/session', await anAccount())

    const response = await browser.json('DELETE', '/api/session', undefined, { 'sec-fetch-site': 'cross-site' })

    expect(response.status).toBe(403)
    expect(await askDatabase(accessTokenOf(browser.cookies))).toMatchObject({ ok: true })
  })
})

describe('signing in by a mailed code', () => {
  it('works once for a new address, with the address in no URL', async () => {
    const email = anAddress()
    const browser = openBrowser(url)

    const asked = await browser.post('/en/sign-in', { email: ` ${email.toUpperCase()} `, next: '/en/account/reports' })
    expect([asked.status, asked.headers.get('location')]).toEqual([303, '/en/sign-in/code'])
    const code = await codeFor(url, email)
    const entered = await browser.post('/en/sign-in/code', { code: ` ${code.slice(0, 3)} ${code.slice(3)}` })

    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/en/account/reports'])
    expect(await askDatabase(accessTokenOf(browser.cookies))).toMatchObject({ ok: true, email, locale: 'en' })
    expect([...browser.cookies.keys()]).not.toContain('linli-code')
    const stranger = openBrowser(url)
    await stranger.post('/en/sign-in', { email: anAddress() })
    expect((await stranger.post('/en/sign-in/code', { code })).status).toBe(422)
  })

  it('answers a known and an unknown address alike', async () => {
    const { email: known } = await anAccount()
    const browsers = [known, anAddress()].map(email => ({ email, browser: openBrowser(url) }))

    for (const path of ['/en/sign-in', '/en/sign-up']) {
      const answers = await Promise.all(browsers.map(async ({ email, browser }) => {
        const response = await browser.post(path, path === '/en/sign-up' ? { email: `${path.slice(4)}.${email}`, agree: 'account.1' } : { email })
        return { status: response.status, location: response.headers.get('location'), body: await response.text() }
      }))
      expect(answers[0]).toEqual({ status: 303, location: '/en/sign-in/code', body: answers[1]?.body })
      expect(answers[1]).toMatchObject({ status: 303, location: '/en/sign-in/code' })
    }
  })

  it('mails in the language of the page', async () => {
    const [english, chinese] = [anAddress(), anAddress()]
    await openBrowser(url).post('/en/sign-in', { email: english })
    await openBrowser(url).post('/zh/sign-in', { email: chinese })
    await Promise.all([codeFor(url, english), codeFor(url, chinese)])

    expect((await mailsTo(url, english))[0]).toMatchObject({ locale: 'en', subject: 'Your code', body: expect.stringContaining('/en/sign-in/code') })
    expect((await mailsTo(url, chinese))[0]).toMatchObject({ locale: 'zh', subject: '您的验证码' })
  })

  it('dies after ten wrong tries, also at once; nobody else can use up the owner\'s', async () => {
    const { email } = await anAccount()
    const guesser = openBrowser(url)
    await guesser.post('/en/sign-in', { email })
    const code = await codeFor(url, email)
    const wrong = (number: number) => String((Number(code) + 1 + number) % 1_000_000).padStart(6, '0')

    const guesses = await Promise.all(Array.from({ length: 10 }, (_, number) => guesser.post('/en/sign-in/code', { code: wrong(number) })))
    const late = await guesser.post('/en/sign-in/code', { code })

    expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([422]))
    expect(late.status).toBe(422)
    expect(await late.text()).toContain('tried too often')
    expect([...guesser.cookies.keys()]).not.toContain('linli-session')
  })

  it('sends one mail a minute to an address, and says how long to wait', async () => {
    const email = anAddress()
    const browser = openBrowser(url)
    // The window is a minute of the clock: asking three times crosses its edge once at most.
    const answers = [await browser.post('/en/sign-in', { email }), await browser.post('/en/sign-in', { email }), await browser.post('/en/sign-in', { email })]
    const held = answers.filter(({ status }) => status === 429)

    expect(held.length).toBeGreaterThanOrEqual(1)
    expect(Number(held[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    const page = await held[0]?.text()
    expect(page).toContain(`value="${email}"`)
    expect(page).toContain('Try again in')
    expect(page).toContain('Error:')
  })

  it('without a ticket leads back to the sign-in page', async () => {
    const forged = openBrowser(url)
    forged.cookies.set('linli-code', 'v1.d.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAA')

    expect((await openBrowser(url).get('/zh/sign-in/code')).headers.get('location')).toBe('/zh/sign-in')
    expect((await forged.get('/zh/sign-in/code')).headers.get('location')).toBe('/zh/sign-in')
    expect((await forged.post('/zh/sign-in/code', { code: '123456' })).headers.get('location')).toBe('/zh/sign-in')
  })

  it('leaves nobody a password that was set before the address was proved', async () => {
    const email = anAddress()
    await createClient(supabaseUrl, keys.publishableKey, { auth }).auth.signUp({ email, password })
    const firstMail = await codeFor(url, email)
    const browser = openBrowser(url)
    await browser.post('/en/sign-in', { email })
    await codeFor(url, email, 2)

    // The owner types whichever code they find first: the one that the stranger's sign-up caused.
    expect((await browser.post('/en/sign-in/code', { code: firstMail })).status).toBe(303)

    expect((await openBrowser(url).json('POST', '/api/session', { email, password })).status).toBe(401)
  })
})

describe('asking for a code', () => {
  it('takes as long for a known address as for an unknown one, and says the same', async () => {
    const took: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
    const answers = new Set<string>()
    for (let round = 0; round < 5; round++) {
      // In turn, so that a busy machine slows both.
      for (const [kind, email] of [['known', (await anAccount()).email], ['unknown', anAddress()]] as const) {
        const startedAt = performance.now()
        const answer = await openBrowser(url).post('/en/sign-in', { email })
        took[kind].push(performance.now() - startedAt)
        answers.add(`${answer.status} ${answer.headers.get('location')} ${await answer.text()}`)
      }
    }
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
    const ratio = median(took.known) / median(took.unknown)

    expect(answers.size).toBe(1)
    expect(Math.max(ratio, 1 / ratio), JSON.stringify(took)).toBeLessThan(1.15)
  })
})

describe('passwords', () => {
  it('are never written back into a page', async () => {
    const { email } = await anAccount()

    const response = await openBrowser(url).post('/en/sign-in', { email, password: 'four words for no door' })

    expect(response.status).toBe(401)
    const page = await response.text()
    expect(page).toContain(`value="${email}"`)
    expect(page).not.toContain('four words for no door')
  })

  it('change with the current one, end the other sessions and keep this one', async () => {
    const account = await anAccount()
    const [here, elsewhere] = [openBrowser(url), openBrowser(url)]
    for (const browser of [here, elsewhere]) await browser.json('POST', '/api/session', account)
    const fresh = 'another four long words'

    expect((await here.post('/en/account/password', { current: 'wrong', password: fresh })).status).toBe(422)
    expect((await here.post('/en/account/password', { current: password, password: 'too short' })).status).toBe(422)
    const changed = await here.post('/en/account/password', { current: password, password: fresh })

    expect([changed.status, changed.headers.get('location')]).toEqual([303, '/en/account?saved=password'])
    expect((await here.get('/en/account')).status).toBe(200)
    expect((await elsewhere.get('/en/account')).headers.get('location')).toBe('/en/sign-in?next=/en/account')
    expect((await openBrowser(url).json('POST', '/api/session', { email: account.email, password: fresh })).status).toBe(204)
  })

  it('an open browser alone cannot set: it takes the current one or a fresh code', async () => {
    const email = anAddress()
    const browser = openBrowser(url)
    await browser.post('/en/sign-up', { email, community: 'ping-an', agree: 'account.1' })
    const entered = await browser.post('/en/sign-in/code', { code: await codeFor(url, email) })
    expect(entered.headers.get('location')).toBe('/en/account/password?new')
    const proof = browser.cookies.get('linli-proof') ?? ''
    browser.cookies.delete('linli-proof')

    const refused = await browser.post('/en/account/password', { password })
    browser.cookies.set('linli-proof', proof)
    const taken = await browser.post('/en/account/password', { password })

    expect(refused.status).toBe(403)
    expect(taken.status).toBe(303)
    expect((await openBrowser(url).json('POST', '/api/session', { email, password })).status).toBe(204)
    expect(await askDatabase(accessTokenOf(browser.cookies))).toMatchObject({ community: 'ping-an', has_password: true })
  })
})

describe('where people land', () => {
  it.each([
    { who: 'resident@demo.linli', next: '', lands: '/zh/account' },
    { who: 'resident@demo.linli', next: '/zh/desk', lands: '/zh/account' },
    { who: 'resident@demo.linli', next: '//evil.example/zh', lands: '/zh/account' },
    { who: 'resident@demo.linli', next: '/zh/account/reports', lands: '/zh/account/reports' },
    { who: 'officer@demo.linli', next: '', lands: '/zh/desk' },
  ])('$who with next "$next": $lands', async ({ who, next, lands }) => {
    const response = await openBrowser(url).post('/zh/sign-in', { email: who, password: 'linli-demo', next })

    expect([response.status, response.headers.get('location')]).toEqual([303, lands])
  })

  it('signing out takes everything from the device and says so', async () => {
    const browser = openBrowser(url)
    await browser.json('POST', '/api/session', await anAccount())
    const token = accessTokenOf(browser.cookies)

    const foreign = await browser.post('/zh/sign-out', {}, { 'sec-fetch-site': 'cross-site' })
    expect(foreign.status).toBe(403)
    const response = await browser.post('/zh/sign-out', {})

    expect([response.status, response.headers.get('location')]).toEqual([303, '/zh/sign-in?left'])
    expect(response.headers.get('clear-site-data')).toBe('"cache", "cookies", "storage"')
    expect(await askDatabase(token)).not.toMatchObject({ ok: true })
  })

  it('a page that shows "My account" is not stored; without a session it asks nobody', async () => {
    const browser = openBrowser(url)
    await browser.json('POST', '/api/session', await anAccount())

    const [signedIn, guest] = [await browser.get('/en'), await openBrowser(url).get('/en')]

    expect(signedIn.headers.get('cache-control')).toBe('no-store')
    expect(await signedIn.text()).toContain('href="/en/account"')
    expect(await guest.text()).toContain('href="/en/sign-in"')
  })
})
