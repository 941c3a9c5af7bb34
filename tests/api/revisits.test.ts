import { beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { languageSwitch } from '#shared/forms/form-state'
import { trackedReportSchema } from '#shared/reports/report-answers'
import { answeredSchema, longestComment } from '#shared/revisits/revisit-schema'
import { openBrowser } from '../browser-jar.ts'
import { caller } from '../desk-caller.ts'
import { openLadder, type LadderCase } from '../ladder.ts'
import { isStorable, someNaughtyStrings } from './naughty-strings.ts'
import { aReport, problemOf, send, signedIn, type Sent } from './portal-client.ts'

const { url } = inject('portal')
let ladder: Awaited<ReturnType<typeof openLadder>>

beforeAll(async () => {
  ladder = await openLadder(url)
})

/** The reporter's answer to the last step, by receipt. */
async function answer(one: LadderCase, given: string, { comment, ...sent }: Sent & { comment?: string } = {}) {
  const { id } = await ladder.lastStep(one)
  return send('POST', `/api/reports/${one.reference}/revisits/${id}/answer`, { receipt: one.receipt, json: { answer: given, ...(comment !== undefined && { comment }) }, ...sent })
}

describe('amina, who gave no name', () => {
  it('sees who comes back by when, answers "satisfied", and nobody owes her anything more', async () => {
    const amina = await ladder.accepted()
    expect(await ladder.tracked(amina)).toMatchObject({ revisits: [{ step: 1, level: 'officer', state: 'to_visit', isLate: false, answers: [], dueAt: expect.stringMatching(/T16:00:00/) }] })

    await ladder.visit(amina, 'officer', { suggestions: [{ text: 'A lamp at the corner', dueOn: '2027-01-15' }] })
    expect(await ladder.lastStep(amina)).toMatchObject({ state: 'to_answer', method: 'station', topics: { manner: 'good' }, answers: ['satisfied', 'unsatisfied'], suggestions: [{ text: 'A lamp at the corner', level: 'officer', dueOn: '2027-01-15', outcome: null }] })

    const said = await answer(amina, 'satisfied', { comment: 'Quiet since then.' })
    expect([said.status, answeredSchema.parse(said.body)]).toEqual([200, { answer: 'satisfied', nextLevel: null }])
    const { revisits, timeline } = await ladder.tracked(amina)
    expect(revisits).toMatchObject([{ state: 'satisfied', answeredBy: 'resident', comment: 'Quiet since then.', answers: [] }])
    expect(timeline.map(({ kind }) => kind)).toEqual(['received', 'status', 'revisit_opened', 'revisit_made', 'revisit_answered'])
  })

  it('is told what came of her proposal', async () => {
    const amina = await ladder.accepted()
    await ladder.visit(amina, 'officer', { suggestions: [{ text: 'A lamp at the corner', dueOn: '2027-01-15' }] })
    const [suggestion] = (await ladder.lastStep(amina)).suggestions
    await ladder.settle(amina, suggestion?.id ?? '', 'The lamp is ordered.')

    expect((await ladder.lastStep(amina)).suggestions).toMatchObject([{ outcome: 'The lamp is ordered.', doneAt: expect.any(String) }])
  })

  it('is not satisfied and sees it climb to the lead, to the chief, to the chief again, and ends it as unresolved there alone', async () => {
    const amina = await ladder.accepted()
    for (const [who, next] of [['officer', 'lead'], ['lead', 'chief'], ['chief', 'chief']] as const) {
      await ladder.visit(amina, who)
      if (who !== 'chief') expect(problemOf(await answer(amina, 'unresolved')).code).toBe('forbidden')
      expect((await answer(amina, 'unsatisfied', { comment: `not ${who}` })).body).toEqual({ answer: 'unsatisfied', nextLevel: next })
      expect(await ladder.lastStep(amina)).toMatchObject({ level: next, state: 'to_visit' })
    }
    await ladder.visit(amina, 'chief')
    expect((await answer(amina, 'unresolved')).status).toBe(200)

    const { revisits } = await ladder.tracked(amina)
    expect(revisits.map(({ step, level, answer: given, comment }) => [step, level, given, comment])).toEqual([
      [1, 'officer', 'unsatisfied', 'not officer'], [2, 'lead', 'unsatisfied', 'not lead'], [3, 'chief', 'unsatisfied', 'not chief'], [4, 'chief', 'unresolved', null],
    ])
  })

  it('overturns what an officer wrote down as her answer', async () => {
    const amina = await ladder.accepted()
    await ladder.visit(amina, 'officer', { answer: 'satisfied', comment: 'said it was fine' })
    expect(await ladder.lastStep(amina)).toMatchObject({ state: 'satisfied', answeredBy: 'staff', comment: 'said it was fine', answers: ['satisfied', 'unsatisfied'] })

    expect((await answer(amina, 'unsatisfied')).body).toEqual({ answer: 'unsatisfied', nextLevel: 'lead' })
    expect((await ladder.tracked(amina)).revisits).toMatchObject([{ answer: 'unsatisfied', answeredBy: 'resident', recordedAnswer: 'satisfied', comment: null }, { level: 'lead' }])
  })

  it('presses twice, ten times at once, and has answered once', async () => {
    const amina = await ladder.accepted()
    await ladder.visit(amina)
    const { id } = await ladder.lastStep(amina)
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('POST', `/api/reports/${amina.reference}/revisits/${id}/answer`, { receipt: amina.receipt, json: { answer: 'unsatisfied' } })))

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect((await ladder.tracked(amina)).revisits).toHaveLength(2)
  })

  it('is shown the call card when her comment sounds like danger, and is answered all the same', async () => {
    const amina = await ladder.accepted()
    await ladder.visit(amina)

    expect((await answer(amina, 'unsatisfied', { comment: 'He is breaking down my door right now, help!' })).body).toMatchObject({ answer: 'unsatisfied', emergency: { number: '110' } })
  })
})

describe('an answer that is not open', () => {
  it('is refused before the visit, and changed afterwards', async () => {
    const amina = await ladder.accepted()
    for (const given of ['satisfied', 'unsatisfied', 'unresolved']) expect(problemOf(await answer(amina, given)).code).toBe('forbidden')
    await ladder.visit(amina)
    await answer(amina, 'satisfied')

    expect(problemOf(await answer(amina, 'unsatisfied')).code).toBe('forbidden')
    expect((await ladder.tracked(amina)).revisits).toMatchObject([{ answer: 'satisfied' }])
  })

  it('is refused for an earlier step once the ladder has moved on', async () => {
    const amina = await ladder.accepted()
    await ladder.visit(amina)
    const { id } = await ladder.lastStep(amina)
    await answer(amina, 'unsatisfied')

    expect(problemOf(await send('POST', `/api/reports/${amina.reference}/revisits/${id}/answer`, { receipt: amina.receipt, json: { answer: 'satisfied' } })).code).toBe('forbidden')
  })

  it('is refused with a sentence for a field when it is none', async () => {
    const amina = await ladder.accepted()
    await ladder.visit(amina)

    for (const [json, field] of [[{}, 'answer'], [{ answer: 'perhaps' }, 'answer'], [{ answer: 'satisfied', comment: 'x'.repeat(longestComment + 1) }, 'comment'], [{ answer: 'satisfied', comment: 7 }, 'comment']] as const) {
      const { id } = await ladder.lastStep(amina)
      expect(Object.keys(problemOf(await send('POST', `/api/reports/${amina.reference}/revisits/${id}/answer`, { receipt: amina.receipt, json })).errors ?? {})).toEqual([field])
    }
  })
})

describe('nobody else answers', () => {
  it('not bo with another receipt, not another resident, not the officer, not whoever guesses: all get the same 404', async () => {
    const amina = await ladder.accepted()
    await ladder.visit(amina)
    const bo = await aReport()
    const wrongs: Sent[] = [{ receipt: bo.receipt }, { receipt: '0000-0000-0000-0000-0000-0000' }, {}, { cookie: await signedIn('resident') }, { cookie: await signedIn('officer') }, { cookie: await signedIn('chief') }]
    const { id } = await ladder.lastStep(amina)
    const told = new Set<string>()
    for (const wrong of wrongs) told.add((await send('POST', `/api/reports/${amina.reference}/revisits/${id}/answer`, { ...wrong, json: { answer: 'satisfied' } })).text)
    told.add((await send('POST', `/api/reports/LL-0000-0000/revisits/${id}/answer`, { receipt: amina.receipt, json: { answer: 'satisfied' } })).text)
    told.add((await send('POST', `/api/reports/${bo.reference}/revisits/${id}/answer`, { receipt: bo.receipt, json: { answer: 'satisfied' } })).text)

    expect([...told].map(text => (JSON.parse(text) as { code: string }).code)).toEqual(['not_found'])
    expect(await ladder.lastStep(amina)).toMatchObject({ state: 'to_answer' })
  })

  it('of a sealed report the owner answers, signed in and without the receipt; another resident does not', async () => {
    const lin = await ladder.accepted({ by: await caller(url, 'resident'), contact: { mode: 'sealed' } })
    await ladder.visit(lin, 'officer', { method: 'portal' })
    const { id } = await ladder.lastStep(lin)
    const say = (cookie: string) => send('POST', `/api/reports/${lin.reference}/revisits/${id}/answer`, { cookie, json: { answer: 'satisfied' } })

    expect((await say(await signedIn('resident2'))).status).toBe(404)
    expect((await say(await signedIn('resident'))).status).toBe(200)
  })
})

describe('naughty strings as a comment', () => {
  it('are kept exactly, or refused with a sentence', async () => {
    const amina = await ladder.accepted()
    for (const who of ['officer', 'lead'] as const) {
      await ladder.visit(amina, who)
      await answer(amina, 'unsatisfied')
    }
    const kept: (string | null)[] = []
    for (const text of someNaughtyStrings(14)) {
      if ((await ladder.lastStep(amina)).state === 'to_visit') await ladder.visit(amina, 'chief', { method: 'portal' })
      const said = await answer(amina, 'unsatisfied', { comment: text })
      if (said.status === 200) kept.push(text.trim() || null)
      else {
        expect([413, 422]).toContain(problemOf(said).status)
        expect(isStorable(text) && text.trim().length <= longestComment, `should have been stored: ${JSON.stringify(text)}`).toBe(false)
      }
    }
    const tracked = trackedReportSchema.parse((await send('GET', `/api/reports/${amina.reference}`, { receipt: amina.receipt })).body)

    expect(tracked.revisits.filter(({ step, answer: given }) => step > 2 && given).map(({ comment }) => comment)).toEqual(kept)
    expect(kept.length).toBeGreaterThan(5)
  }, 240_000)
})

describe('the page of an answer, without script', () => {
  /** Amina at her own report, with the receipt given. */
  async function atTheReport(one: LadderCase) {
    const browser = openBrowser(url)
    await browser.post('/en/reports/track', { reference: one.reference, receipt: one.receipt })
    const path = `/en/reports/${one.reference}`
    return { path, browser, read: async (rest = '') => (await browser.get(path + rest)).text(), say: (fields: Record<string, string>, headers: Record<string, string> = {}) => browser.post(`${path}/answer`, fields, headers) }
  }

  it('asks, takes the answer by POST, redirect and GET, and says what happens now', async () => {
    const amina = await ladder.accepted()
    const { path, read, say } = await atTheReport(amina)
    expect(await read()).toMatch(/By [A-Z]\w+, 24:00, an officer writes to you on this page/)
    expect(await read('/answer')).toContain('There is nothing to answer right now')

    await ladder.visit(amina)
    expect(await read()).toContain(`${path}/answer?answer=unsatisfied`)
    expect(await read('/answer?answer=unsatisfied')).toMatch(/value="unsatisfied"[^>]*checked|checked[^>]*value="unsatisfied"/)
    const { id } = await ladder.lastStep(amina)
    const said = await say({ revisit: id, answer: 'unsatisfied', comment: 'still loud' })
    expect([said.status, said.headers.get('location')]).toEqual([303, `${path}?answered`])
    expect(await read('?answered')).toMatch(/role="status">Thank you, we have written it down. By [A-Z]\w+, 24:00, the team leader writes to you on this page/)

    const again = await say({ revisit: id, answer: 'unsatisfied', comment: 'still loud' })
    expect(again.status, 'the same answer sent twice').toBe(303)
    expect((await ladder.tracked(amina)).revisits).toHaveLength(2)
  })

  it('comes back with what was typed when nothing was chosen, and when the language is changed', async () => {
    const amina = await ladder.accepted()
    await ladder.visit(amina)
    const { say, browser, path } = await atTheReport(amina)
    const { id } = await ladder.lastStep(amina)

    const refused = await say({ revisit: id, comment: 'still loud' })
    expect(refused.status).toBe(422)
    expect(await refused.text()).toMatch(/<title>Error: [\s\S]*href="#answer"[\s\S]*still loud/)
    const other = await browser.post(`/zh${path.slice(3)}/answer`, { revisit: id, comment: 'still loud', answer: 'unsatisfied', [languageSwitch]: '' })
    expect([other.status, (await ladder.lastStep(amina)).answer]).toEqual([200, null])
    expect(await other.text()).toMatch(/<html[^>]*lang="zh[\s\S]*still loud/)
  })

  it('changes nothing when the question is no longer open, and says so', async () => {
    const amina = await ladder.accepted()
    await ladder.visit(amina)
    const { say } = await atTheReport(amina)
    const { id } = await ladder.lastStep(amina)
    await answer(amina, 'satisfied')

    const stale = await say({ revisit: id, answer: 'unsatisfied' })
    expect(stale.status).toBe(422)
    expect(await stale.text()).toContain('This question is no longer open')
    expect((await ladder.tracked(amina)).revisits).toMatchObject([{ answer: 'satisfied' }])
  })

  it('is not taken from another site, nor from a browser that has not given the receipt', async () => {
    const amina = await ladder.accepted()
    await ladder.visit(amina)
    const { say, path } = await atTheReport(amina)
    const { id } = await ladder.lastStep(amina)

    expect((await say({ revisit: id, answer: 'satisfied' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    const bo = await openBrowser(url).post(`${path}/answer`, { revisit: id, answer: 'satisfied' })
    expect([bo.status, bo.headers.get('location')]).toEqual([303, `/en/reports/track?reference=${amina.reference}&needed`])
    expect(await ladder.lastStep(amina)).toMatchObject({ state: 'to_answer' })
  })
})

describe('what a reporter says of being reached (RULES D3)', () => {
  const opened = async (reference: string) => (await (await caller(url, 'officer')).call('GET', `desk/reports/${reference}`)).body as { contact: Record<string, unknown> | null }
  const mailed = async (reference: string, address: string) => z.object({ mails: z.array(z.object({ to: z.string(), body: z.string() })) }).parse((await (await caller(url)).call('GET', 'desk/mailbox')).body)
    .mails.some(({ to, body }) => to === address && body.includes(reference))

  it('is sealed with the contact of a named report and shown beside it at the desk', async () => {
    const { reference } = await aReport({ community: 'ping-an', contact: { mode: 'named', name: 'Amina', phone: '13800000000', safeContact: 'Weekday afternoons, text only' } })

    expect((await opened(reference)).contact).toMatchObject({ phone: '13800000000', safeContact: 'Weekday afternoons, text only' })
  })

  it('for violence at home nobody is mailed unless it was said to be safe', async () => {
    const email = 'amina@example.test'
    const aNamed = (contact: Record<string, unknown>) => aReport({ community: 'ping-an', category: 'domestic_violence', contact: { mode: 'named', name: 'Amina', email, ...contact } })
    const [silent, safe] = [await aNamed({}), await aNamed({ safeContact: 'by mail, at any time' })]

    expect([await mailed(silent.reference, email), await mailed(safe.reference, email)]).toEqual([false, true])
  })
})
