import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Filed, aReport, answerOf, moveReport, sealed } from './reports-builder.ts'
import { revisitActs } from './revisits-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

const { lastStep, mailsGoOut, passDays, accepted, record, answer } = revisitActs(() => world)

const mailsTo = async (report: Filed, template: string) => (await world.sql`select recipient_id, recipient_sealed from public.outbox where noun_id = ${report.id} and template = ${template} order by id`)
  .map(({ recipient_id: recipient }) => Object.entries(world.person).find(([, { id }]) => id === recipient)?.[0]).sort()
const climbed = (report: Filed) => mailsTo(report, 'revisits.climbed')

describe('when a case climbs, the next level hears of it', () => {
  it('also whoever refused mails for their own account: this one is of a duty', async () => {
    const text = world.sql.json({ zh: '文', en: 'Text' })
    await world.sql`insert into private.consent_texts (purpose, version, title, body, is_required) values ('contact_mail', 1, ${text}, ${text}, false) on conflict do nothing`
    await world.sql`insert into private.consents (user_id, purpose, version, is_given, at, channel, locale) values (${world.person.lead_zhao.id}, 'contact_mail', 1, false, private.clock(), 'web', 'zh')`
    const report = await accepted()
    await record('officer_wang', report)
    await answer(report, 'unsatisfied')

    expect(await climbed(report)).toEqual(['lead_zhao'])
  })

  it('because the reporter is not satisfied: the lead, then the chiefs, and nobody twice', async () => {
    const report = await accepted()
    await record('officer_wang', report)
    expect(await climbed(report)).toEqual([])
    const { id } = await lastStep(report)
    await answer(report, 'unsatisfied')
    await answer(report, 'unsatisfied', { revisit: id })
    expect(await climbed(report)).toEqual(['lead_zhao'])

    await record('lead_zhao', report)
    await answer(report, 'unsatisfied')
    expect(await climbed(report)).toEqual(['chief_qian', 'chief_sun', 'lead_zhao'])
  })

  it('because nobody came in time and the reporter says so', async () => {
    const report = await accepted()
    await passDays(report, 5)
    await answer(report, 'unsatisfied')

    expect(await climbed(report)).toEqual(['lead_zhao'])
  })

  it('because "not satisfied" was written down at the visit', async () => {
    const report = await accepted()
    await record('officer_wang', report, { answer: 'unsatisfied' })

    expect(await climbed(report)).toEqual(['lead_zhao'])
  })

  it('but not who made an earlier visit of it: they cannot check their own work', async () => {
    const report = await accepted()
    await record('lead_zhao', report)
    await answer(report, 'unsatisfied')

    expect(await climbed(report)).toEqual(['chief_qian', 'chief_sun'])
  })

  it('not when it ends there, and not when the answer is refused', async () => {
    const report = await accepted()
    expect(await answer(report, 'unsatisfied')).toEqual({ ok: false, code: 'forbidden' })
    await record('officer_wang', report)
    await answer(report, 'satisfied')

    expect(await climbed(report)).toEqual([])
  })

  it('about the police, no lead and nobody whom it names: neither of the climbing nor of the late visit (RULES A6)', async () => {
    const report = await aReport(world, { category: 'test_police', about_staff: [world.person.chief_sun.id] })
    expect(await moveReport(world, 'chief_qian', report, 'received', 'triaged')).toMatchObject({ ok: true })
    await passDays(report, 5)
    await answerOf(world.server.rpc('advance_revisits', {}))
    await mailsGoOut()
    await answer(report, 'unsatisfied')

    expect(await mailsTo(report, 'revisits.overdue')).toEqual(['chief_qian'])
    expect(await climbed(report)).toEqual(['chief_qian'])
  })
})

describe('how somebody may be reached (RULES D3)', () => {
  const amina = { contact_mode: 'sealed', contact_sealed: sealed('c'), contact_key: sealed('k'), notify_sealed: sealed('address') }
  const kinds = { 'anonymous': {}, 'sealed': amina, 'named, in the portal only': { is_portal_only: true } } as const
  const of = async (kind: keyof typeof kinds) => accepted(kind === 'named, in the portal only' ? { contact_mode: 'named', ...await world.actor('amina_resident'), ...kinds[kind] } : kinds[kind])

  it.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s: not at the door, by phone or by post', async (kind) => {
    const report = await of(kind)
    for (const method of ['visit', 'phone', 'letter']) expect(await record('officer_wang', report, { method }), method).toEqual({ ok: false, code: 'invalid_input' })

    expect(await lastStep(report)).toMatchObject({ visitedAt: null })
  })

  it.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s: at the station, or by a letter on the tracking page', async (kind) => {
    expect(await record('officer_wang', await of(kind), { method: 'station' })).toMatchObject({ ok: true })
    expect(await record('officer_wang', await of(kind), { method: 'portal', letter_sealed: sealed('Dear reader') })).toMatchObject({ ok: true })
  })

  it.each(['visit', 'phone', 'station', 'letter'])('whoever gave their name openly: by %s', async (method) => {
    const report = await accepted({ contact_mode: 'named', ...await world.actor('amina_resident') })

    expect(await record('officer_wang', report, { method })).toMatchObject({ ok: true })
  })
})

describe('a visit by the tracking page', () => {
  const letters = (report: Filed) => world.sql`select author, author_id, text_sealed from public.report_messages where report_id = ${report.id}`

  it('is its letter: kept with it, or not at all, and told of once', async () => {
    const report = await accepted({ contact_mode: 'sealed', contact_sealed: sealed('c'), contact_key: sealed('k'), notify_sealed: sealed('address') })
    const kept = await record('officer_wang', report, { method: 'portal', letter_sealed: sealed('Dear reader') })

    expect(kept).toMatchObject({ ok: true, letter_id: expect.any(String) })
    expect(await letters(report)).toEqual([{ author: 'staff', author_id: world.person.officer_wang.id, text_sealed: sealed('Dear reader') }])
    expect(await mailsTo(report, 'revisits.asked')).toHaveLength(1)
    expect(await mailsTo(report, 'reports.message_received')).toEqual([])
    expect(await record('officer_wang', report, { method: 'portal', letter_sealed: sealed('again') })).toEqual({ ok: false, code: 'conflict' })
    expect(await letters(report)).toHaveLength(1)
  })

  it('is refused without a letter, and a letter without it', async () => {
    const report = await accepted()
    expect(await record('officer_wang', report, { method: 'portal' })).toEqual({ ok: false, code: 'invalid_input' })
    expect(await record('officer_wang', report, { method: 'station', letter_sealed: sealed('Dear reader') })).toEqual({ ok: false, code: 'invalid_input' })
    expect(await record('officer_li', report, { method: 'portal', letter_sealed: sealed('Dear reader') })).toEqual({ ok: false, code: 'not_found' })

    expect(await letters(report)).toEqual([])
    expect(await lastStep(report)).toMatchObject({ visitedAt: null })
  })
})
