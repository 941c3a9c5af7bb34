import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dueAfter, type DayKind } from '#shared/revisits/calendar'
import { mayVisit, onTimeRate, openAnswers, stateOf } from '#shared/revisits/ladder'
import { type Filed, answerOf, moveReport, sealed } from './reports-builder.ts'
import { revisitActs } from './revisits-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World
const calendar = { timeZone: 'Asia/Shanghai', counting: 'calendar', days: {} } as const

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

const { stepsOf, lastStep, passDays, accepted, record, answer } = revisitActs(() => world)

describe('the ladder (PRODUCT §2)', () => {
  it('begins when a report is accepted, once, and ends when it is taken back', async () => {
    const report = await accepted()
    await moveReport(world, 'officer_wang', report, 'triaged', 'in_progress')
    expect(await stepsOf(report)).toMatchObject([{ step: 1, round: 1, stoppedAt: null }])

    await answerOf(world.server.rpc('withdraw_report', { p: { reference: report.reference, access: report.access } }))
    expect(stateOf(await lastStep(report))).toBe('stopped')
  })

  it('climbs from officer to lead to chief to chief again, and ends as unresolved there', async () => {
    const report = await accepted()
    for (const [who, next] of [['officer_wang', 'lead'], ['lead_zhao', 'chief'], ['chief_sun', 'chief'], ['chief_sun', 'chief']] as const) {
      expect(await record(who, report)).toMatchObject({ ok: true })
      expect(await answer(report, 'unsatisfied')).toEqual({ ok: true, answer: 'unsatisfied', next_level: next })
    }
    await record('chief_qian', report)
    expect(await answer(report, 'unresolved')).toMatchObject({ ok: true, answer: 'unresolved' })

    expect((await stepsOf(report)).map(({ step, answer: given }) => [step, given])).toEqual([[1, 'unsatisfied'], [2, 'unsatisfied'], [3, 'unsatisfied'], [4, 'unsatisfied'], [5, 'unresolved']])
  })

  it('opened at a report that was spam begins a new round when it is taken up again', async () => {
    const report = await accepted()
    await moveReport(world, 'officer_wang', report, 'triaged', 'closed', { closed_reason: 'spam' })
    await moveReport(world, 'officer_wang', report, 'closed', 'triaged')

    expect((await stepsOf(report)).map(({ round, step, stoppedAt }) => [round, step, stoppedAt !== null])).toEqual([[1, 1, true], [2, 1, false]])
  })
})

it('amina finds in her list that a visit waits for her answer, until she has given it', async () => {
  const amina = await world.actor('amina_resident')
  const report = await accepted({ contact_mode: 'named', ...amina })
  const waits = async () => (await answerOf(world.server.rpc('list_my_reports', { p: amina })) as { reports: { reference: string, awaits_answer: boolean }[] }).reports.find(({ reference }) => reference === report.reference)?.awaits_answer

  expect(await waits()).toBe(false)
  await record('officer_wang', report)
  expect(await waits()).toBe(true)
  await answer(report, 'satisfied', { access: amina })
  expect(await waits()).toBe(false)
})

it.each(['amina_resident', 'chief_far', 'auditor_wu'] as const)('a suggestion that is given to %s, who cannot see to it here, is refused with the whole record, not lost', async (who) => {
  const report = await accepted()
  const suggestions = [{ text_sealed: sealed('a lamp'), owner: world.person[who].id, due_on: '2027-01-15' }]

  expect(await record('officer_wang', report, { suggestions })).toEqual({ ok: false, code: 'invalid_input' })
  expect(await lastStep(report)).toMatchObject({ visitedAt: null })
})

describe('nobody', () => {
  it('visits above their own level', async () => {
    const report = await accepted()
    await record('officer_wang', report)
    await answer(report, 'unsatisfied')

    expect(await record('officer_wang', report)).toEqual({ ok: false, code: 'forbidden' })
    expect(await record('auditor_wu', report)).toMatchObject({ ok: false })
    expect(await record('admin_zheng', report)).toMatchObject({ ok: false })
    expect(await record('officer_li', report)).toEqual({ ok: false, code: 'not_found' })
    expect(await record('chief_far', report)).toEqual({ ok: false, code: 'not_found' })
    expect(await record('chief_sun', report)).toMatchObject({ ok: true })

    const fresh = await accepted()
    await record('lead_zhao', fresh)
    await answer(fresh, 'unsatisfied')
    expect(await record('officer_wang', fresh), 'who has never seen it before').toEqual({ ok: false, code: 'forbidden' })
  })

  it('visits a case again on its way up to check their own work', async () => {
    const report = await accepted()
    await record('lead_zhao', report)
    await answer(report, 'unsatisfied')

    expect(await record('lead_zhao', report)).toEqual({ ok: false, code: 'forbidden' })
  })

  it('answers for the reporter: not staff, not a follower, not whoever has another receipt', async () => {
    const report = await accepted()
    const other = await accepted()
    await record('officer_wang', report)

    expect(await answer(report, 'satisfied', { access: other.access })).toEqual({ ok: false, code: 'not_found' })
    expect(await answer(report, 'satisfied', { reference: other.reference, access: other.access })).toEqual({ ok: false, code: 'not_found' })
    expect(await answer(report, 'satisfied', { access: await world.actor('officer_wang') })).toEqual({ ok: false, code: 'not_found' })
    expect(stateOf(await lastStep(report))).toBe('to_answer')
  })

  it('changes a fact that is set, not even the owner of the table', async () => {
    const report = await accepted()
    await record('officer_wang', report)
    const { id } = await lastStep(report)

    for (const change of ['visited_at = visited_at - interval \'1 day\'', 'visited_by = null', 'opened_at = now()', 'topics = \'{}\'']) {
      await expect(world.sql.unsafe(`update public.revisits set ${change} where id = '${id}'`), change).rejects.toMatchObject({ code: 'PT403' })
    }
  })
})

describe('an answer', () => {
  it('before the visit is taken only when nobody came in time, and only as a complaint', async () => {
    const report = await accepted()
    expect(await answer(report, 'unsatisfied')).toEqual({ ok: false, code: 'forbidden' })

    await passDays(report, 5)
    expect(await answer(report, 'satisfied')).toEqual({ ok: false, code: 'forbidden' })
    expect(await answer(report, 'unsatisfied')).toMatchObject({ ok: true, next_level: 'lead' })
  })

  it('written down at the door is provisional: the reporter overturns it for fourteen days (RULES D3)', async () => {
    const early = await accepted()
    const late = await accepted()
    for (const report of [early, late]) expect(await record('officer_wang', report, { answer: 'satisfied', comment_sealed: sealed('fine') })).toMatchObject({ ok: true, answer: 'satisfied' })
    await passDays(early, 13)
    await passDays(late, 14)

    expect(await answer(early, 'unsatisfied')).toMatchObject({ ok: true, next_level: 'lead' })
    expect(await answer(late, 'unsatisfied')).toEqual({ ok: false, code: 'forbidden' })
    expect((await stepsOf(early))[0]).toMatchObject({ answer: 'unsatisfied', answeredBy: 'resident' })
  })

  it('of the reporter is final, and sent twice it is one', async () => {
    const report = await accepted()
    await record('officer_wang', report)
    const { id } = await lastStep(report)

    expect(await answer(report, 'unsatisfied', { revisit: id })).toMatchObject({ ok: true })
    expect(await answer(report, 'unsatisfied', { revisit: id })).toMatchObject({ ok: true })
    expect(await answer(report, 'satisfied', { revisit: id })).toEqual({ ok: false, code: 'forbidden' })
    expect(await stepsOf(report)).toHaveLength(2)
  })

  it('sent twenty times at once opens one step', async () => {
    const report = await accepted()
    await record('officer_wang', report)
    const { id } = await lastStep(report)

    await Promise.all(Array.from({ length: 20 }, () => answer(report, 'unsatisfied', { revisit: id })))
    expect(await stepsOf(report)).toHaveLength(2)
  })
})

it('a suggestion has an owner of the station and a day', async () => {
  const report = await accepted()
  const due_on = '2026-12-01'
  await record('officer_wang', report, { suggestions: [
    { text_sealed: sealed('a lamp'), due_on }, { text_sealed: sealed('a camera'), due_on, owner: world.person.lead_zhao.id },
  ] })

  const rows = await world.sql`select owner_id from public.revisit_suggestions where report_id = ${report.id}`
  expect(rows.map(({ owner_id: owner }) => owner).sort()).toEqual([world.person.officer_wang.id, world.person.lead_zhao.id].sort())
})

describe('a due time', () => {
  it('is the same in the database as in the rules, in every zone, over holidays and changes of the clock', async () => {
    const zones = ['Asia/Shanghai', 'Asia/Kathmandu', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/St_Johns', 'Africa/Cairo']
    const instants = fc.sample(fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true }), { numRuns: 60, seed: 7 }).map(date => date.toISOString())
    const days: Record<string, DayKind> = Object.fromEntries(fc.sample(fc.tuple(fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-31'), noInvalidDate: true }), fc.constantFrom<DayKind>('holiday', 'workday', 'closed')), { numRuns: 120, seed: 8 })
      .map(([date, kind]) => [date.toISOString().slice(0, 10), kind]))
    const station = randomUUID()
    const name = world.sql.json({ zh: '测', en: 'T' })
    await world.sql`insert into public.stations (id, slug, name) values (${station}, ${`days-${station.slice(0, 8)}`}, ${name})`
    for (const [day, kind] of Object.entries(days)) await world.sql`insert into public.calendar_days (station_id, day, kind, name) values (${station}, ${day}, ${kind}, ${name})`
    const differing: string[] = []
    for (const timeZone of zones) {
      for (const counting of ['calendar', 'working'] as const) {
        await world.sql`update public.stations set time_zone = ${timeZone}, day_counting = ${counting} where id = ${station}`
        const rows = await world.sql`select i.at, private.due_after(${station}, i.at::timestamptz, 3) as due from unnest(${instants}::text[]) as i (at)`
        for (const { at, due } of rows) {
          const own = dueAfter(at, 3, { timeZone, counting, days })
          if (own !== new Date(due).toISOString()) differing.push(`${timeZone} ${counting} ${at}: ${new Date(due).toISOString()} and ${own}`)
        }
      }
    }
    expect(differing).toEqual([])
  })
})

describe('no sequence of acts', () => {
  const staff = ['officer_wang', 'officer_li', 'lead_zhao', 'chief_sun', 'chief_qian', 'auditor_wu', 'admin_zheng'] as const
  const roles: Record<typeof staff[number], string> = { officer_wang: 'officer', officer_li: 'officer', lead_zhao: 'lead', chief_sun: 'chief', chief_qian: 'chief', auditor_wu: 'auditor', admin_zheng: 'admin' }
  const act = fc.oneof(
    fc.record({ do: fc.constant('record' as const), who: fc.constantFrom(...staff), answer: fc.option(fc.constantFrom('satisfied', 'unsatisfied', 'unresolved'), { nil: undefined }) }),
    fc.record({ do: fc.constant('answer' as const), answer: fc.constantFrom('satisfied', 'unsatisfied', 'unresolved') }),
    fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ do: fc.constant('withdraw' as const) }),
  )

  it('closes a level above its actor, answers for the reporter, or makes lateness smaller without a recorded act', async () => {
    await fc.assert(fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), async (acts) => {
      const report = await accepted()
      for (const one of acts) {
        const before = await stepsOf(report)
        const last = before.at(-1)!
        const now = new Date().toISOString()
        const rate = onTimeRate(before, now, calendar)
        if (one.do === 'wait') {
          await passDays(report, one.days)
          continue
        }
        const said = one.do === 'withdraw'
          ? await answerOf(world.server.rpc('withdraw_report', { p: { reference: report.reference, access: report.access } }))
          : one.do === 'answer'
            ? await answer(report, one.answer)
            : await record(one.who, report, one.answer ? { answer: one.answer } : {}).catch(() => ({ ok: false }))
        const after = await stepsOf(report)
        // Steps before the last never change; at most one is added.
        expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1))
        expect(after.length - before.length).toBeLessThanOrEqual(1)
        const changed = after[before.length - 1]!
        if (!said.ok) expect(after).toEqual(before)
        if (one.do === 'record' && said.ok) {
          expect(mayVisit(roles[one.who], last.step)).toBe(true)
          expect(changed.answeredBy).toBe(one.answer ? 'staff' : null)
          expect(before.filter(({ round, step }) => round === last.round && step < last.step && last.step <= 3).map(({ visitedBy }) => visitedBy)).not.toContain(changed.visitedBy)
        }
        if (one.do === 'answer') expect(said.ok).toBe(openAnswers(last, now, calendar).includes(one.answer as never) || (last.answer === one.answer && last.answeredBy === 'resident'))
        const next = onTimeRate(after, new Date().toISOString(), calendar)
        // Late stays late: only a visit changes what is counted.
        expect(next.counted).toBeGreaterThanOrEqual(rate.counted)
        expect(next.counted - next.inTime).toBeGreaterThanOrEqual(rate.counted - rate.inTime)
      }
    }), { numRuns: 25, endOnFailure: true })
  }, 120_000)
})

describe('the job', () => {
  const advance = () => answerOf(world.server.rpc('advance_revisits', {}))
  const mails = async (report: Filed) => (await world.sql`select template, recipient_id from public.outbox where noun_id = ${report.id} and template like 'revisits.%' order by id`)
    .map(({ template, recipient_id: recipient }) => [template, Object.entries(world.person).find(([, { id }]) => id === recipient)?.[0]])

  it('tells the level above of an overdue visit, once', async () => {
    const report = await accepted()
    await advance()
    expect(await mails(report)).toEqual([])
    await passDays(report, 5)
    await advance()
    await advance()
    expect(await mails(report)).toEqual([['revisits.overdue', 'lead_zhao']])

    await record('officer_wang', report)
    await answer(report, 'unsatisfied')
    await passDays(report, 5)
    await advance()
    await record('lead_zhao', report)
    await answer(report, 'unsatisfied')
    await passDays(report, 5)
    await advance()
    expect((await mails(report)).filter(([template]) => String(template).startsWith('revisits.overdue')).map(mail => mail.join(' ')).sort()).toEqual([
      // The chief's own late visit reaches them as theirs, and the auditor by a mail of its own.
      'revisits.overdue chief_qian', 'revisits.overdue chief_sun', 'revisits.overdue lead_zhao',
      'revisits.overdue_chief auditor_wu', 'revisits.overdue_own chief_qian', 'revisits.overdue_own chief_sun',
    ])
  })

  it('reminds, calls silence "no reply", and takes the answer for ninety days more', async () => {
    const report = await accepted()
    await record('officer_wang', report)
    await passDays(report, 4)
    await advance()
    expect(await lastStep(report)).toMatchObject({ remindedAt: expect.any(String), noReplyAt: null })
    await passDays(report, 5)
    await advance()
    expect(stateOf(await lastStep(report))).toBe('no_reply')
    await passDays(report, 89)
    expect(await answer(report, 'unsatisfied')).toMatchObject({ ok: true, next_level: 'lead' })
  })

  it('asks again for a share of the answers that staff wrote down, and for one a month at least', async () => {
    const reports = []
    for (let count = 0; count < 3; count++) {
      const report = await accepted({ contact_mode: 'sealed', notify_sealed: sealed('address'), contact_sealed: sealed('c'), contact_key: sealed('k') })
      await record('officer_wang', report, { answer: 'satisfied' })
      await passDays(report, 2)
      reports.push(report)
    }
    await world.sql.begin(async (sql) => {
      await sql`set local session_replication_role = replica`
      // One that another test wrote down a moment ago would be asked tomorrow: nothing was drawn yet.
      await sql`update public.revisits set asked_again_at = null, is_drawn = false where report_id <> all (${reports.map(({ id }) => id)})
        and report_id in (select id from public.reports where station_id = ${world.station.home})`
    })
    await advance()
    await advance()

    const drawn = await world.sql`select count(*)::int as asked from public.revisits v join public.reports r on r.id = v.report_id where r.station_id = ${world.station.home} and v.asked_again_at is not null`
    expect(drawn[0]!.asked).toBeGreaterThanOrEqual(1)
    expect(await world.sql`select v.id from public.revisits v join public.outbox o on o.noun_id = v.report_id and o.template = 'revisits.asked_again' where v.report_id = any (${reports.map(({ id }) => id)}) and v.asked_again_at is null`).toEqual([])
  })

  it('draws another answer of the month when the drawn one was overturned before it was asked again', async () => {
    const overturned = await accepted()
    const other = await accepted()
    for (const report of [overturned, other]) await record('officer_wang', report, { answer: 'satisfied' })
    await world.sql`update public.revisits set is_drawn = report_id = ${overturned.id} where report_id in (${overturned.id}, ${other.id})`
    await answer(overturned, 'unsatisfied')
    await world.sql.begin(async (sql) => {
      await sql`set local session_replication_role = replica`
      await sql`update public.revisits set asked_again_at = null, is_drawn = false where report_id not in (${overturned.id}, ${other.id})
        and report_id in (select id from public.reports where station_id = ${world.station.home})`
      // A month in which nothing else happened.
      await sql`update public.revisits set answered_at = '2031-03-10' where answered_by is not null and report_id in (${overturned.id}, ${other.id})`
    })
    await advance()

    expect(await world.sql`select is_drawn from public.revisits where report_id = ${other.id}`).toEqual([{ is_drawn: true }])
  })

  it('run by two workers at once does each thing once', async () => {
    const report = await accepted()
    await passDays(report, 5)
    await Promise.all([advance(), advance(), advance()])

    expect(await mails(report)).toEqual([['revisits.overdue', 'lead_zhao']])
  })
})
