import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { alertListSchema } from '#shared/alerts/alert-schema'
import { respondedSchema, subscribedSchema } from '#shared/alerts/subscription-schema'
import { anAddress, problemOf, send } from './portal-client.ts'

const { supabaseUrl, keys } = inject('portal')
const wishes = (changes: Record<string, unknown> = {}) => ({ communities: ['ping-an'], kinds: ['warning'], minColour: 'yellow', locale: 'en', ...changes })
const browser = (changes: Record<string, unknown> = {}) => ({
  channel: 'webpush', ...wishes(), subscription: { endpoint: `https://fcm.googleapis.com/fcm/send/${randomUUID()}`, keys: { p256dh: Buffer.concat([Buffer.of(4), randomBytes(64)]).toString('base64url'), auth: randomBytes(16).toString('base64url') } }, ...changes,
})
const subscribe = (json: unknown, from = anAddress()) => send('POST', '/api/subscriptions', { json, from })
const unsubscribe = (token: string, rest = {}) => send('POST', `/api/subscriptions/${token}/unsubscribe`, rest)
const anAlert = async () => alertListSchema.parse((await send('GET', '/api/alerts')).body).alerts[0]?.identifier ?? ''
const respond = (identifier: string, json: unknown, headers: Record<string, string> = {}) => send('POST', `/api/alerts/${identifier}/responses`, { json, headers })

describe('POST /api/subscriptions', () => {
  it('by mail: says the same whether the address is known or not, and asks the letter box', async () => {
    const address = `lin-${randomUUID().slice(0, 8)}@example.test`

    const first = await subscribe({ channel: 'email', address, ...wishes() })
    const second = await subscribe({ channel: 'email', address: address.toUpperCase(), ...wishes() })

    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.body).toEqual({ state: 'pending' })
    expect(second.body).toEqual(first.body)
    // The letter box is asked twice a minute at most, from wherever.
    expect(problemOf(await subscribe({ channel: 'email', address, ...wishes() })).code).toBe('rate_limited')
    const { mails } = z.object({ mails: z.array(z.object({ to: z.string(), body: z.string() })) }).parse((await send('GET', '/api/desk/mailbox')).body)
    expect(mails.find(({ to }) => to.toLowerCase() === address)?.body).toMatch(/\/en\/alerts\/confirm\/[\w-]{32}\b/)
  })

  it('in a browser: holds at once, and its token ends it', async () => {
    const { status, body } = await subscribe(browser())
    const { state, token = '' } = subscribedSchema.parse(body)

    expect([status, state]).toEqual([201, 'active'])
    const shown = await send('GET', `/api/subscriptions/${token}/unsubscribe`)
    expect([shown.status, shown.headers.get('location')]).toEqual([303, expect.stringMatching(`/alerts/subscriptions/${token}$`)])
    // As a mail program posts it: from nowhere, with a form in the body (RFC 8058).
    const posted = { body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded', 'origin': 'https://mail.example' } }
    expect((await unsubscribe(token, posted)).status).toBe(204)
    expect((await unsubscribe(token, posted)).status).toBe(204)
  })

  it.each([
    ['another service', 'https://push.evil.example/x'], ['a private address', 'https://10.0.0.1/x'], ['this machine', 'http://127.0.0.1:5432/x'], ['the cloud\'s own address', 'http://169.254.169.254/latest/meta-data'], ['another port', 'https://fcm.googleapis.com:8443/x'],
  ])('pushes to no %s', async (_, endpoint) => {
    const wanted = browser()
    expect(problemOf(await subscribe({ ...wanted, subscription: { ...wanted.subscription as object, endpoint } })).errors).toHaveProperty(['subscription.endpoint'])
  })

  it('refuses what is none, and what is too much', async () => {
    expect(problemOf(await subscribe({ channel: 'email', address: 'nobody', ...wishes() })).errors).toHaveProperty('address')
    expect(problemOf(await subscribe(browser({ communities: ['nowhere'] }))).errors).toHaveProperty('communities')
    expect(problemOf(await subscribe(browser({ kinds: [] }))).errors).toHaveProperty('kinds')
    expect(problemOf(await subscribe(browser({ quietHours: { from: '22:00', to: '22:00' } }))).code).toBe('invalid')
    expect((await send('POST', '/api/subscriptions', { body: new Uint8Array(30_000_000), headers: { 'content-type': 'application/json' }, timeoutMs: 20_000 }).catch(() => ({ status: 413 }))).status).toBe(413)
  })

  it('holds a flood from one address, and nobody else', async () => {
    const from = anAddress()
    const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await subscribe(browser(), from)).status))

    expect(statuses.filter(status => status === 201)).toHaveLength(30)
    expect(statuses.filter(status => status === 429)).toHaveLength(10)
    expect((await subscribe(browser())).status).toBe(201)
  })
})

it('another\'s token, or none, ends nothing', async () => {
  for (const token of [randomBytes(24).toString('base64url'), 'x', '../../x']) expect((await unsubscribe(encodeURIComponent(token))).status).toBe(404)
})

it('a guest with the publishable key reaches neither the functions nor the tables', async () => {
  const headers = { 'apikey': keys.publishableKey, 'content-type': 'application/json' }
  for (const name of ['subscribe_to_alerts', 'read_subscription', 'unsubscribe_from_alerts', 'expand_alert', 'respond_to_alert', 'list_alert_responses', 'open_alert_response']) {
    expect((await fetch(`${supabaseUrl}/rest/v1/rpc/${name}`, { method: 'POST', headers, body: '{"p":{}}' })).status, name).toBeGreaterThanOrEqual(401)
  }
  for (const table of ['alert_subscriptions', 'alert_audience', 'alert_responses', 'outbox']) expect((await fetch(`${supabaseUrl}/rest/v1/${table}?select=*`, { headers })).status, table).toBeGreaterThanOrEqual(401)
})

describe('POST /api/alerts/{identifier}/responses', () => {
  it('the same browser answers once; a call for help shows the number to call', async () => {
    const identifier = await anAlert()
    const first = await respond(identifier, { kind: 'seen' })
    const cookie = first.headers.getSetCookie().map(line => line.split(';')[0]).join('; ')

    expect(first.headers.getSetCookie()[0]).toMatch(/^linli-answers=[\w-]{22};.*HttpOnly.*SameSite=Lax/i)
    expect(respondedSchema.parse(first.body)).toMatchObject({ kind: 'seen', isNew: true })
    expect(respondedSchema.parse((await respond(identifier, { kind: 'seen' }, { cookie })).body)).toMatchObject({ isNew: false })
    expect(respondedSchema.parse((await respond(identifier, { kind: 'help', text: '三号楼 402', locale: 'zh' }, { cookie })).body)).toMatchObject({ kind: 'help', isNew: true, hasDuty: true, call: '110' })
  })

  it('refuses what is no answer and no alert', async () => {
    expect(problemOf(await respond(await anAlert(), { kind: 'like' })).code).toBe('invalid')
    expect(problemOf(await respond('LLA-0000-0000', { kind: 'seen' })).code).toBe('not_found')
    expect(problemOf(await respond(await anAlert(), { kind: 'know', text: 'x'.repeat(2001) })).errors).toHaveProperty('text')
  })
})
