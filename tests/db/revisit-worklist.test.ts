import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Filed, type Submission, answerOf, deskCall, sealed } from './reports-builder.ts'
import { revisitActs } from './revisits-builder.ts'
import { type Staff, type World, buildWorld } from './world.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

const { accepted, answer, passDays, record } = revisitActs(() => world)

describe('the worklist', () => {
  const list = async (who: Staff, p: Submission = {}) => (await answerOf((await world.as(who)).rpc('list_revisits', { p: { limit: 100, ...p } })))
  const references = (answered: Awaited<ReturnType<typeof list>>) => (answered.revisits as { reference: string }[]).map(({ reference }) => reference)

  it('shows each level what is theirs, by due time, and what climbed to them', async () => {
    const mine = await accepted()
    const climbed = await accepted()
    await passDays(climbed, 2)
    await record('officer_wang', climbed)
    await answer(climbed, 'unsatisfied')

    expect(references(await list('officer_wang'))).toEqual(expect.arrayContaining([mine.reference, climbed.reference]))
    expect(references(await list('officer_li'))).not.toContain(mine.reference)
    expect(references(await list('lead_zhao', { waiting: 'climbed' }))).toContain(climbed.reference)
    expect(references(await list('lead_zhao', { waiting: 'climbed' }))).not.toContain(mine.reference)
    expect(references(await list('chief_sun', { waiting: 'climbed' }))).not.toContain(climbed.reference)
    expect(references(await list('chief_far'))).toEqual([])
    expect(await list('admin_zheng')).toMatchObject({ ok: false, code: 'forbidden' })

    await passDays(mine, 5)
    await answerOf(world.server.rpc('advance_revisits', {}))
    expect(references(await list('lead_zhao', { waiting: 'climbed' })), 'late, and the lead was told').toContain(mine.reference)
    expect(references(await list('chief_sun', { waiting: 'climbed' }))).not.toContain(mine.reference)

    const due = (await list('chief_sun')).revisits as { due_at: string }[]
    expect(due.map(({ due_at: at }) => at)).toEqual(due.map(({ due_at: at }) => at).sort())
  })
})

it('the worklist tells mine from the others\', what waits for an answer and what stayed silent, and who may make each visit', async () => {
  const list = async (who: Staff, waiting: string) => (await answerOf((await world.as(who)).rpc('list_revisits', { p: { limit: 100, waiting } }))).revisits as { reference: string, may_visit: boolean }[]
  const has = async (who: Staff, waiting: string, { reference }: Filed) => (await list(who, waiting)).some(row => row.reference === reference)
  const report = await accepted()
  const counted = async (who: Staff) => (await answerOf((await world.as(who)).rpc('count_desk_work'))).revisits as number
  const before = await counted('officer_wang')

  expect(await has('officer_wang', 'mine', report), 'nobody has it yet: the officer of the community').toBe(true)
  await answerOf((await world.as('lead_zhao')).rpc('assign_report', { p_reference: report.reference, p_staff: world.person.lead_zhao.id }))
  expect([await has('officer_wang', 'mine', report), await has('lead_zhao', 'mine', report), await has('officer_wang', 'team', report)]).toEqual([false, true, true])
  expect(await counted('officer_wang')).toBe(before - 1)
  expect((await list('auditor_wu', 'team')).filter(({ may_visit: may }) => may)).toEqual([])
  expect((await list('officer_wang', 'team')).find(({ reference }) => reference === report.reference)).toMatchObject({ may_visit: true })

  await record('lead_zhao', report)
  expect([await has('lead_zhao', 'answer', report), await has('lead_zhao', 'team', report)]).toEqual([true, false])
  for (const days of [4, 5]) {
    await passDays(report, days)
    await answerOf(world.server.rpc('advance_revisits', {}))
  }
  expect([await has('lead_zhao', 'answer', report), await has('lead_zhao', 'silent', report)]).toEqual([false, true])

  const climbed = await accepted()
  await answerOf((await world.as('lead_zhao')).rpc('assign_report', { p_reference: climbed.reference, p_staff: world.person.officer_wang.id }))
  await record('officer_wang', climbed)
  await answer(climbed, 'unsatisfied')
  expect([await has('officer_wang', 'mine', climbed), await has('officer_wang', 'team', climbed)], 'in the officer\'s hands, but the visit is the lead\'s').toEqual([false, true])
})

it('an opened report shows its ladder: what staff wrote down stays beside the answer that overturned it', async () => {
  const report = await accepted()
  await record('officer_wang', report, { answer: 'satisfied', suggestions: [{ text_sealed: sealed('a lamp'), due_on: '2026-12-01' }] })
  await answer(report, 'unsatisfied', { comment_sealed: sealed('I never said that') })
  const opened = async (who: Staff) => answerOf((await world.as(who)).rpc('open_report', { p_reference: report.reference, p_purpose: 'handling' }))

  expect(await opened('lead_zhao')).toMatchObject({
    revisits: [{ level: 'officer', recorded_answer: 'satisfied', answer: 'unsatisfied', answered_by: 'resident', comment_sealed: sealed('I never said that'), may_visit: false }, { level: 'lead', may_visit: true }],
    suggestions: [{ text_sealed: sealed('a lamp'), due_on: '2026-12-01', may_settle: true }],
  })
  expect((await opened('officer_wang')).revisits).toMatchObject([{ may_visit: false }, { may_visit: false }])
})

it('the outcome of a suggestion comes from its owner or whoever leads, once', async () => {
  const report = await accepted()
  await record('officer_wang', report, { suggestions: [{ text_sealed: sealed('a lamp'), due_on: '2026-12-01', owner: world.person.lead_zhao.id }] })
  const [row] = await world.sql`select id from public.revisit_suggestions where report_id = ${report.id}`
  const settle = (who: Staff) => deskCall(world, who, 'settle_suggestion', { reference: report.reference, suggestion: row!.id, outcome_sealed: sealed('done') })

  expect(await settle('officer_wang')).toEqual({ ok: false, code: 'forbidden' })
  expect(await settle('chief_far')).toEqual({ ok: false, code: 'not_found' })
  expect(await settle('lead_zhao')).toEqual({ ok: true, done_at: expect.any(String) })
  expect(await settle('chief_sun')).toEqual({ ok: false, code: 'conflict' })
})
