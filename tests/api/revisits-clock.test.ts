// The ladder by the clock: a demo station of its own, whose clock is moved forward, days at a time.
import { createClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { openBrowser } from '../browser-jar.ts'
import { caller } from '../desk-caller.ts'
import { noonAfter, openLadder, type LadderCase } from '../ladder.ts'
import { startPortal, type Portal } from '../portal.ts'

let portal: Portal
let ladder: Awaited<ReturnType<typeof openLadder>>

beforeAll(async () => {
  portal = await startPortal({ env: { TRUST_PROXY: '1' } })
  ladder = await openLadder(portal.url)
  const before = await ladder.accepted()
  await passDays(before, 30)
  await vi.waitUntil(async () => (await mailsOfLead()).length, { timeout: 20_000, interval: 200 })
})
afterAll(() => portal?.stop())

/** As `npm run jobs -- --now`: moves the clock, then does what the clock brings about on the ladder. */
async function passDays(one: LadderCase, days: number) {
  const server = createClient(portal.supabaseUrl, portal.keys.secretKey)
  const { now } = await ladder.tracked(one)
  await server.rpc('move_demo_clock', { p_now: noonAfter(now, days) }).throwOnError()
  await server.rpc('advance_revisits', {}).throwOnError()
  // Sessions of staff end after a day at most.
  ladder = await openLadder(portal.url)
}

/** Amina at her report in a browser without script. */
async function atTheReport({ reference, receipt }: LadderCase) {
  const browser = openBrowser(portal.url)
  await browser.post('/en/reports/track', { reference, receipt })
  const path = `/en/reports/${reference}`
  return { read: async (rest = '') => (await browser.get(path + rest)).text(), say: (fields: Record<string, string>) => browser.post(`${path}/answer`, fields) }
}

const mailsSchema = z.object({ mails: z.array(z.object({ to: z.string(), subject: z.string(), body: z.string() })) })
const mails = async () => mailsSchema.parse((await (await caller(portal.url)).call('GET', 'desk/mailbox')).body).mails
const mailsOfLead = async () => (await mails()).filter(({ to }) => to === 'lead@demo.linli')
const mailsOfLeadAbout = async ({ reference }: LadderCase) => (await mailsOfLead()).filter(({ body }) => body.includes(reference))

describe('when nobody comes', () => {
  it('amina may say so and the lead takes over; the lead has been told without a word of what it is about', async () => {
    const amina = await ladder.accepted({ description: 'Drilling at night' })
    await passDays(amina, 4)

    expect(await ladder.lastStep(amina)).toMatchObject({ state: 'to_visit', isLate: true, answers: ['unsatisfied'] })
    const { read, say } = await atTheReport(amina)
    expect(await read()).toMatch(/Did nobody come back to you in time\?[\s\S]*an officer should have written to you and has not/)
    expect(await read('/answer'), 'the one answer there is').toMatch(/value="unsatisfied"[^>]*checked|checked[^>]*value="unsatisfied"/)
    await expect.poll(() => mailsOfLeadAbout(amina)).toMatchObject([{ body: expect.stringContaining(`/desk/reports/${amina.reference}`) }])

    expect((await say({ revisit: (await ladder.lastStep(amina)).id, answer: 'unsatisfied' })).status).toBe(303)
    expect((await ladder.tracked(amina)).revisits).toMatchObject([{ answer: 'unsatisfied', isLate: true, visitedAt: null }, { level: 'lead', state: 'to_visit' }])
    expect(await read()).toMatch(/Nobody came back to you/)
    // Of the late visit, and now that it has climbed.
    await expect.poll(async () => (await mailsOfLeadAbout(amina)).length).toBe(2)
    for (const { subject, body } of await mailsOfLeadAbout(amina)) expect(`${subject} ${body}`).not.toMatch(/drilling|other|其他/i)
  })
})

describe('when amina is not satisfied', () => {
  it('the lead is told, by a mail that says it cannot be switched off, as its page of settings does', async () => {
    const amina = await ladder.accepted()
    await ladder.visit(amina)
    await passDays(amina, 1)
    const { say } = await atTheReport(amina)
    expect((await say({ revisit: (await ladder.lastStep(amina)).id, answer: 'unsatisfied' })).status).toBe(303)

    await expect.poll(() => mailsOfLeadAbout(amina)).toHaveLength(1)
    const [mail] = await mailsOfLeadAbout(amina)
    const [, language = '', token = ''] = /\/(zh|en)\/messages\/(\S+)$/.exec(mail?.body ?? '') ?? []
    expect(mail?.body).toContain(language === 'zh' ? '不能关闭' : 'cannot be switched off')
    expect(await (await openBrowser(portal.url).get(`/en/messages/${token}`)).text()).toContain('a case that climbed, cannot be switched off')
  })
})

describe('when amina does not answer', () => {
  it('she is reminded, it counts as "no reply", and she answers all the same; after ninety days no more', async () => {
    const amina = await ladder.accepted({ contact: { mode: 'sealed', email: 'amina@example.test' } })
    const bo = await ladder.accepted()
    for (const one of [amina, bo]) await ladder.visit(one, 'officer', { method: 'portal' })
    await passDays(amina, 4)
    const { read: readReminded } = await atTheReport(amina)
    expect(await readReminded()).toMatch(/We are waiting for your answer. After [A-Z]\w+, 24:00 it counts as/)
    expect((await mails()).filter(({ body }) => body.includes(amina.reference)).map(({ to }) => to)).toEqual(expect.arrayContaining(['amina@example.test']))

    await passDays(amina, 5)
    const { read, say } = await atTheReport(amina)
    expect(await ladder.lastStep(amina)).toMatchObject({ state: 'no_reply', answers: ['satisfied', 'unsatisfied'] })
    expect(await read()).toMatch(/You did not answer, so it counts as &quot;no reply&quot;|counts as "no reply"/)
    expect((await say({ revisit: (await ladder.lastStep(amina)).id, answer: 'unsatisfied', comment: 'I was away.' })).status).toBe(303)
    expect((await ladder.tracked(amina)).revisits).toMatchObject([{ answer: 'unsatisfied', comment: 'I was away.' }, { level: 'lead' }])

    await passDays(bo, 91)
    const bos = await atTheReport(bo)
    expect(await ladder.lastStep(bo)).toMatchObject({ state: 'no_reply', answers: [], answerBy: null })
    expect(await bos.read()).toContain('This case is no longer asked about')
    expect((await bos.say({ revisit: (await ladder.lastStep(bo)).id, answer: 'satisfied' })).status).toBe(422)
  })
})

describe('what an officer wrote down as the answer', () => {
  it('can be changed for fourteen days and not longer', async () => {
    const [amina, bo] = [await ladder.accepted(), await ladder.accepted()]
    for (const one of [amina, bo]) await ladder.visit(one, 'officer', { answer: 'satisfied' })
    await passDays(amina, 13)
    const aminas = await atTheReport(amina)
    expect(await aminas.read()).toContain('We wrote down that you are satisfied. Is that right?')
    expect((await aminas.say({ revisit: (await ladder.lastStep(amina)).id, answer: 'unsatisfied' })).status).toBe(303)

    await passDays(bo, 2)
    const bos = await atTheReport(bo)
    expect(await bos.read()).not.toContain('Is that right?')
    expect((await bos.say({ revisit: (await ladder.lastStep(bo)).id, answer: 'unsatisfied' })).status).toBe(422)
  })
})
