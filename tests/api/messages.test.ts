import { randomUUID } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { messagePageSchema } from '#shared/messages/desk-messages'
import { quietUntil } from '#shared/messages/quiet-hours'
import { openBrowser } from '../browser-jar.ts'
import { aReport, problemOf, send, signedIn } from './portal-client.ts'

const { url } = inject('portal')
const mailsSchema = z.object({ mails: z.array(z.object({ to: z.string(), subject: z.string(), body: z.string(), status: z.string(), sendAfter: z.string() })) })
const isNight = () => quietUntil(new Date(), 'Asia/Shanghai', { from: '22:00', to: '07:00' }) !== undefined

async function mailsTo(to: string) {
  return mailsSchema.parse((await send('GET', '/api/desk/mailbox')).body).mails.filter(mail => mail.to === to)
}

/** Waits until as many mails have come and the newest has this status: delivery happens a moment after the request. */
async function newestTo(to: string, status: string, count = 1) {
  for (let attempt = 0; attempt < 60; attempt++) {
    const mails = await mailsTo(to)
    if (mails.length >= count && mails[0]?.status === status) return mails[0]
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`no mail to ${to} with status ${status}: ${JSON.stringify(await mailsTo(to))}`)
}

/** A report with a sealed address, and the token in its first mail. */
async function aReporter() {
  const email = `amina-${randomUUID().slice(0, 8)}@example.test`
  const { reference } = await aReport({ contact: { mode: 'sealed', email } })
  const { body } = await newestTo(email, isNight() ? 'queued' : 'sent')
  const [, token = ''] = /\/en\/messages\/(\S+)$/.exec(body) ?? []
  return { email, reference, token }
}

describe('delivery on a demo station', () => {
  it('a sign-in code is delivered into the mailbox at any hour, within moments', async () => {
    const email = `bo-${randomUUID().slice(0, 8)}@example.test`
    const askedAt = performance.now()
    await openBrowser(url).post('/en/sign-in', { email })

    expect((await newestTo(email, 'sent')).body).toMatch(/\b\d{6}\b/)
    expect(performance.now() - askedAt).toBeLessThan(5000)
  })

  it('a mail about a report says nothing of it, and leads to the settings', async () => {
    const { email, token, reference } = await aReporter()
    const [mail] = await mailsTo(email)

    expect(token).toMatch(/^[\w-]{16}\.[\w-]{44}$/)
    expect(mail?.body).toContain(reference)
    expect(`${mail?.subject} ${mail?.body}`).not.toMatch(/drilling|noise/i)
  })
})

describe('settings by the link in a mail', () => {
  const page = (token: string) => send('GET', `/en/messages/${token}`)

  it('open without sign-in and belong to that report', async () => {
    const { token, reference } = await aReporter()
    const answer = await page(token)

    expect(answer.status).toBe(200)
    expect(answer.text).toContain(reference)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('of a reporter speak of no mails that cannot be switched off', async () => {
    expect((await page((await aReporter()).token)).text).not.toContain('cannot be switched off')
  })

  it('RFC 8058: one POST without cookies, from anywhere, ends the mails', async () => {
    const { token, email, reference } = await aReporter()
    const answer = await send('POST', `/api/messages/${token}/unsubscribe`, { body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), headers: { 'origin': 'https://mail.example', 'sec-fetch-site': 'cross-site' } })

    expect(answer.status).toBe(204)
    expect((await page(token)).text).toMatch(/value="none"[^>]*checked|checked[^>]*value="none"/)
    expect((await send('POST', `/api/desk/reports/${reference}/messages`, { cookie: await signedIn('chief'), json: { text: 'Please call the station.' } })).status).toBe(200)
    await newestTo(email, 'cancelled', 2)
  })

  it('RULES G4: a GET of that address changes nothing and leads to the page', async () => {
    const { token } = await aReporter()
    const answer = await send('GET', `/api/messages/${token}/unsubscribe?locale=en`)

    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/en/messages/${token}`])
    expect((await page(token)).text).toMatch(/value="all"[^>]*checked|checked[^>]*value="all"/)
  })

  it('are kept by the form, and refused with a sentence when an hour is none', async () => {
    const { token } = await aReporter()
    const browser = openBrowser(url)

    const refused = await browser.post(`/en/messages/${token}`, { level: 'important', quietFrom: '25:00', quietTo: '07:00' })
    expect(refused.status).toBe(422)
    const saved = await browser.post(`/en/messages/${token}`, { level: 'important', quietFrom: '20:30', quietTo: '08:00' })
    expect([saved.status, saved.headers.get('location')]).toEqual([303, `/en/messages/${token}?saved`])
    expect((await page(token)).text).toMatch(/value="20:30"/)
  })

  it('a token that is changed, made up or of another kind opens nothing', async () => {
    const { token } = await aReporter()
    const changed = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`

    for (const wrong of [changed, `${'A'.repeat(16)}.${'A'.repeat(44)}`, 'LL-7K3Q-9XPA']) {
      expect((await page(encodeURIComponent(wrong))).status, wrong).toBe(404)
      expect((await send('POST', `/api/messages/${encodeURIComponent(wrong)}/unsubscribe`)).status, wrong).toBe(404)
    }
  })
})

describe('mails at the desk', () => {
  it('are for lead and chief', async () => {
    const statuses = await Promise.all((['resident', 'admin', 'officer', 'auditor', 'lead', 'chief'] as const).map(async who => (await send('GET', '/api/desk/messages', { cookie: await signedIn(who) })).status))

    expect((await send('GET', '/api/desk/messages')).status).toBe(401)
    expect(statuses).toEqual([403, 403, 403, 403, 200, 200])
  })

  it('answer in the schema of the page, and re-send nothing that is not dead', async () => {
    const cookie = await signedIn('lead')

    expect(messagePageSchema.parse((await send('GET', '/api/desk/messages?status=queued&limit=5', { cookie })).body).nextCursor).toSatisfy(cursor => cursor === null || typeof cursor === 'string')
    expect(problemOf(await send('POST', '/api/desk/messages/resend', { cookie, json: { ids: [1, 2, 3] } })).code).toBe('not_found')
    expect(problemOf(await send('POST', '/api/desk/messages/resend', { cookie, json: { ids: [] } })).code).toBe('invalid')
  })
})
