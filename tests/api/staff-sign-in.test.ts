import { randomInt } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { describe, expect, inject, it } from 'vitest'
import { accessTokenOf, openBrowser } from '../browser-jar.ts'
import { aStaffMember, codeOf, enrol, openDatabase } from '../staff-member.ts'
import { roomInWindow } from '../window-room.ts'

const portal = inject('portal')
const { url } = portal
const anywhere = () => ({ 'x-forwarded-for': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}` })
const verify = (browser: ReturnType<typeof openBrowser>, code: string, headers: Record<string, string> = {}) => browser.json('POST', '/api/desk/staff/session/verify', { code }, headers)
const wrongCodes = (secret: string) => {
  const right = new Set([-2, -1, 0, 1, 2, 3, 4].map(step => codeOf(secret, step)))
  return Array.from({ length: 1100 }, (_, number) => String(number * 907).padStart(6, '0')).filter(code => !right.has(code)).slice(0, 1000)
}
/** So many at a time: the machine of the tests has two cores. */
async function inTurns<Item, Answer>(items: readonly Item[], size: number, work: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let start = 0; start < items.length; start += size) answers.push(...await Promise.all(items.slice(start, start + size).map(work)))
  return answers
}

describe('the second factor at the sign-in (RULES A5)', () => {
  it('a password alone opens no call of the desk, and a token alone reads no row over REST', async () => {
    const browser = openBrowser(url)
    const signedIn = await browser.json('POST', '/api/session', await aStaffMember(portal, 'chief'))
    expect(signedIn.status, await signedIn.text()).toBe(204)

    const answers = await Promise.all(['me', 'staff', 'reports', 'audit', 'staff/sessions', 'templates'].map(path => browser.json('GET', `/api/desk/${path}`)))

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401))
    expect(await answers[0]?.json()).toMatchObject({ code: 'second_factor_required' })
    const token = accessTokenOf(browser.cookies)
    const { data } = await createClient(portal.supabaseUrl, portal.keys.publishableKey, { auth: { persistSession: false, autoRefreshToken: false }, accessToken: async () => token }).from('staff').select('user_id')
    expect(data).toEqual([])
  })

  it('is set up with a first code, asked for at the next sign-in, and each code works once', async () => {
    const member = await aStaffMember(portal)
    const { secret, recovery } = await enrol(openBrowser(url), member)
    expect(recovery).toHaveLength(10)
    const browser = openBrowser(url)
    await browser.json('POST', '/api/session', member)
    expect((await browser.json('GET', '/api/desk/me')).status).toBe(401)
    const code = codeOf(secret)

    expect((await verify(browser, '000000')).status).toBe(422)
    expect((await verify(browser, code)).status).toBe(200)

    expect((await browser.json('GET', '/api/desk/me')).status).toBe(200)
    expect([...browser.cookies.keys()]).toContain('linli-device')
    const elsewhere = openBrowser(url)
    await elsewhere.json('POST', '/api/session', member)
    expect((await verify(elsewhere, code)).status).toBe(422)
    expect((await verify(elsewhere, recovery[0] ?? '')).status).toBe(200)
    expect((await elsewhere.json('GET', '/api/desk/me')).status).toBe(200)
  })

  it('a password alone changes no password and ends no session; an open session does, and the owner is told', async () => {
    const member = await aStaffMember(portal)
    const owner = openBrowser(url)
    await enrol(owner, member)
    const thief = openBrowser(url)
    await thief.json('POST', '/api/session', member)
    const fields = { current: member.password, password: 'kettle drum orchard nine' }

    for (const [path, form] of [['password', fields], ['sessions', { end: 'others' }]] as const) {
      const answer = await thief.post(`/en/account/${path}`, form)
      expect([answer.status, answer.headers.get('location')], path).toEqual([303, '/en/desk/unlock?next=/en/desk/sessions'])
    }
    expect((await owner.json('GET', '/api/desk/me')).status, 'the owner goes on').toBe(200)
    expect((await openBrowser(url).json('POST', '/api/session', member)).status, 'with the password of before').toBe(204)

    expect((await owner.post('/en/account/password', fields)).headers.get('location')).toBe('/en/account?saved=password')
    expect((await openBrowser(url).json('POST', '/api/session', { ...member, password: fields.password })).status).toBe(204)
    expect((await thief.json('GET', '/api/desk/staff/session')).status).toBe(401)
    const sql = openDatabase(portal)
    expect(await sql`select template from public.outbox where recipient_id = ${member.id} and template = 'staff.password_changed'`).toHaveLength(1)
    await sql.end()
  })

  it('locks by hand and after a quarter of an hour; polls of a page keep nothing open; a code unlocks', async () => {
    const member = await aStaffMember(portal)
    const browser = openBrowser(url)
    const { recovery } = await enrol(browser, member)
    const sql = openDatabase(portal)
    const idle = (interval: string) => sql`update private.staff_sessions set seen_at = now() - ${interval}::interval where user_id = ${member.id}`
    await idle('10 minutes')
    await browser.json('GET', '/api/desk/me', undefined, { 'x-linli-background': '1' })
    const [after] = await sql<{ idle: boolean }[]>`select seen_at < now() - interval '9 minutes' as idle from private.staff_sessions where user_id = ${member.id}`
    expect(after?.idle).toBe(true)
    await idle('16 minutes')
    await sql.end()

    const locked = await browser.json('GET', '/api/desk/me')
    expect([locked.status, (await locked.json() as { code: string }).code]).toEqual([401, 'session_locked'])
    expect((await verify(browser, recovery[0] ?? '')).status).toBe(200)
    expect((await browser.json('GET', '/api/desk/me')).status).toBe(200)
    expect((await browser.json('POST', '/api/desk/staff/session/lock', {})).status).toBe(204)
    expect((await browser.json('GET', '/api/desk/me')).status).toBe(401)
  })

  it('refuses a breached password and a short one, and takes a long one', async () => {
    const member = await aStaffMember(portal)
    const browser = openBrowser(url)
    await browser.json('POST', '/api/session', member)
    const set = (password: string) => browser.post('/en/account/password', { current: member.password, password })

    const breached = await set('password1234')
    expect(breached.status).toBe(422)
    expect(await breached.text()).toContain('list of stolen passwords')
    expect((await set('eleven char')).status).toBe(422)
    expect((await set('a pond, two ducks and rain')).status).toBe(303)
  })
})

describe('It shows 5: a thousand tries from many addresses', () => {
  it('of wrong passwords do not get in, and do not keep the owner out on a device they know', async () => {
    const member = await aStaffMember(portal)
    const own = openBrowser(url)
    const { secret } = await enrol(own, member)
    await own.json('DELETE', '/api/session')
    await roomInWindow(3600, 120)

    const statuses = await inTurns(Array.from({ length: 1000 }, (_, number) => `not the password ${number}`), 20, async password =>
      (await openBrowser(url).json('POST', '/api/session', { email: member.email, password }, anywhere())).status)

    expect(statuses.filter(status => status !== 401 && status !== 429)).toEqual([])
    expect(statuses.filter(status => status === 401).length).toBeLessThanOrEqual(20)
    expect((await openBrowser(url).json('POST', '/api/session', member, anywhere())).status, 'the right one from an unknown device waits too').toBe(429)
    expect((await own.json('POST', '/api/session', member, anywhere())).status).toBe(204)
    expect((await verify(own, codeOf(secret), anywhere())).status).toBe(200)
    expect((await own.json('GET', '/api/desk/me')).status).toBe(200)
  }, 240_000)

  it('of wrong codes, by somebody who has the password, likewise', async () => {
    const member = await aStaffMember(portal)
    const own = openBrowser(url)
    const { secret } = await enrol(own, member)
    await own.json('DELETE', '/api/session')
    const thieves = await Promise.all(Array.from({ length: 4 }, async () => {
      const thief = openBrowser(url)
      expect((await thief.json('POST', '/api/session', member, anywhere())).status).toBe(204)
      return thief
    }))
    await roomInWindow(900, 100)

    const statuses = await inTurns(wrongCodes(secret), 20, async (code) => {
      const thief = thieves[Number(code) % thieves.length] ?? openBrowser(url)
      return (await verify(thief, code, anywhere())).status
    })

    expect(statuses.filter(status => status !== 422 && status !== 429)).toEqual([])
    expect(statuses.filter(status => status === 422).length).toBeLessThanOrEqual(5)
    for (const thief of thieves) expect((await thief.json('GET', '/api/desk/me')).status).toBe(401)
    expect((await own.json('POST', '/api/session', member)).status).toBe(204)
    expect((await verify(own, codeOf(secret))).status).toBe(200)
    expect((await own.json('GET', '/api/desk/me')).status).toBe(200)
  }, 240_000)
})
