import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Filed, type Submission, aReport, answerOf, moveReport, sealed } from './reports-builder.ts'
import { type Person, type Staff, type World, buildWorld } from './world.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

const text = { title: { zh: '电动车被盗案已破', en: 'Stolen scooters: solved' }, body: { zh: '十月平安里发生的电动车被盗案已经破获。', en: 'The thefts of scooters in October are solved.' } }
const noticeSchema = z.looseObject({ id: z.uuid(), state: z.string(), is_reporter_told: z.boolean(), may_edit: z.boolean(), may_publish: z.boolean(), may_withdraw: z.boolean() })

const callAs = async (who: Person, name: string, p: Submission) => answerOf((await world.as(who)).rpc(name, { p }))
const save = (who: Staff, report: Filed, changes: Submission = {}) => callAs(who, 'save_notice', { reference: report.reference, ...text, ...changes })
async function decide(who: Person, report: Filed, act: 'publish' | 'withdraw') {
  const [row] = await world.sql<{ id: string, edited_at: string }[]>`select id, edited_at::text from public.case_notices where report_id = ${report.id}`
  return callAs(who, 'decide_notice', { id: row?.id ?? '', act, edited_at: row?.edited_at })
}
async function idOf(report: Filed) {
  const [row] = await world.sql<{ id: string }[]>`select id from public.case_notices where report_id = ${report.id}`
  return row?.id ?? ''
}
async function noticeAs(who: Person, report: Filed) {
  const { notices } = z.object({ notices: z.array(noticeSchema) }).parse(await callAs(who, 'list_notices', { reference: report.reference }))
  return notices[0]
}
const publicIds = async () => {
  const { data } = await world.guest.from('case_notices').select('id')
  return (data ?? []).map(({ id }) => String(id))
}

/** A case that is solved, of somebody who left no address; `hours` ago. */
async function solved(hours = 25, changes: Submission = {}) {
  const report = await aReport(world, changes)
  for (const [from, to] of [['received', 'triaged'], ['triaged', 'resolved']] as const) expect(await moveReport(world, 'officer_wang', report, from, to)).toMatchObject({ ok: true })
  await world.sql`update public.reports set closed_at = closed_at - ${`${hours} hours`}::interval where id = ${report.id}`
  return report
}

describe('a notice is published', () => {
  it('by another lead or chief than who wrote it, and stands on the page of the community without its report', async () => {
    const report = await solved()
    expect(await save('officer_wang', report)).toMatchObject({ ok: true, notice: { state: 'draft', may_publish: false } })
    expect(await publicIds()).not.toContain(await idOf(report))

    expect(await decide('officer_wang', report, 'publish')).toEqual({ ok: false, code: 'second_person_required' })
    expect(await decide('lead_zhao', report, 'publish')).toMatchObject({ ok: true, notice: { state: 'published' } })

    const [{ slug } = { slug: '' }] = await world.sql<{ slug: string }[]>`select slug from public.communities where id = ${world.community.pingAn}`
    const { data } = await world.guest.rpc('get_notices', { p_community: slug })
    expect(data).toEqual({ ok: true, notices: [{ id: await idOf(report), ...text, published_on: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) }] })
    expect((await world.guest.from('case_notices').select('report_id')).error?.code).toBe('42501')
  })

  it('as it was looked at: a text that was changed meanwhile is not published', async () => {
    const report = await solved()
    const saved = await save('officer_wang', report)
    const { notice } = z.looseObject({ notice: z.looseObject({ id: z.uuid(), edited_at: z.string() }) }).parse(saved)
    await save('officer_wang', report, { body: { ...text.body, en: 'Another text altogether.' } })

    expect(await callAs('lead_zhao', 'decide_notice', { id: notice.id, act: 'publish', edited_at: notice.edited_at })).toEqual({ ok: false, code: 'conflict' })
    expect(await callAs('lead_zhao', 'decide_notice', { id: notice.id, act: 'publish' })).toEqual({ ok: false, code: 'conflict' })
  })

  it.each([
    ['no text', { title: {} }], ['lists', { body: { zh: ['a'], en: {} } }], ['another key', { title: { ...text.title, fr: 'Résolu' } }], ['one language', { body: { zh: text.body.zh } }], ['nothing', { title: null }],
  ])('as two texts: %s is refused', async (_, changes) => {
    const report = await solved()

    expect(await save('officer_wang', report, changes)).toEqual({ ok: false, code: 'invalid_input' })
    await expect(world.sql`insert into public.case_notices (station_id, report_id, title, body, edited_at, edited_by) values (${world.station.home}, ${report.id}, '{}', ${world.sql.json(text.body)}, now(), ${world.person.officer_wang.id})`, 'as owner of the database').rejects.toThrow(/notices_in_both_languages/)
  })

  it('with its day and not with its time', async () => {
    expect((await world.guest.from('case_notices').select('published_at')).error?.code).toBe('42501')
  })

  it('by a chief who wrote it themselves never, not even by the owner of the database', async () => {
    const report = await solved()
    await save('chief_sun', report)

    expect(await decide('chief_sun', report, 'publish')).toEqual({ ok: false, code: 'second_person_required' })
    await expect(world.sql`update public.case_notices set published_at = now(), published_by = edited_by where report_id = ${report.id}`).rejects.toThrow(/notices_need_two_people/)
  })

  it('after the reporter heard: a mail that waits comes first', async () => {
    const report = await solved(25, { contact_mode: 'sealed', notify_sealed: sealed('address'), owner_hash: null })
    await save('officer_wang', report)
    const setMail = (status: string) => world.sql`update public.outbox set status = ${status} where noun_id = ${report.id}`

    expect(await decide('lead_zhao', report, 'publish')).toEqual({ ok: false, code: 'reporter_not_told' })
    await setMail('failed')
    expect(await noticeAs('lead_zhao', report)).toMatchObject({ is_reporter_told: false })
    await expect(world.sql`update public.case_notices set published_at = now(), published_by = ${world.person.lead_zhao.id} where report_id = ${report.id}`, 'as owner of the database').rejects.toThrow('hears first')
    await setMail('sent')
    expect(await decide('lead_zhao', report, 'publish')).toMatchObject({ ok: true })
  })

  it('after the reporter heard that it is solved: an earlier mail told something else', async () => {
    const report = await solved(1, { contact_mode: 'sealed', notify_sealed: sealed('address'), owner_hash: null })
    await save('officer_wang', report)
    await world.sql`delete from public.outbox where id in (select id from public.outbox where noun_id = ${report.id} order by id desc limit 1)`
    await world.sql`update public.outbox set status = 'sent', created_at = created_at - interval '2 hours' where noun_id = ${report.id}`

    expect(await decide('lead_zhao', report, 'publish')).toEqual({ ok: false, code: 'reporter_not_told' })
  })

  it('a day after it stood on the tracking page, when there is nobody to mail', async () => {
    const report = await solved(23)
    await save('officer_wang', report)
    expect(await decide('lead_zhao', report, 'publish')).toEqual({ ok: false, code: 'reporter_not_told' })

    await world.sql`update public.reports set closed_at = closed_at - interval '1 hour' where id = ${report.id}`
    expect(await decide('lead_zhao', report, 'publish')).toMatchObject({ ok: true })
  })
})

describe('a notice leaves the page', () => {
  const published = async () => {
    const report = await solved()
    await save('officer_wang', report)
    await decide('lead_zhao', report, 'publish')
    expect(await publicIds()).toContain(await idOf(report))
    return report
  }

  it('when it is changed, until a second person looked again', async () => {
    const report = await published()
    await save('lead_zhao', report, { title: { zh: '新的标题', en: 'Another title' } })

    expect(await publicIds()).not.toContain(await idOf(report))
    expect(await decide('lead_zhao', report, 'publish')).toEqual({ ok: false, code: 'second_person_required' })
    expect(await decide('chief_sun', report, 'publish')).toMatchObject({ ok: true })
  })

  it('when lead or chief withdraw it; whoever wrote it may withdraw the draft only', async () => {
    const report = await published()
    expect(await decide('officer_wang', report, 'withdraw')).toEqual({ ok: false, code: 'forbidden' })
    expect(await decide('lead_zhao', report, 'withdraw')).toMatchObject({ ok: true, notice: { state: 'withdrawn' } })
    expect(await decide('chief_sun', report, 'publish')).toEqual({ ok: false, code: 'conflict' })
    expect(await publicIds()).not.toContain(await idOf(report))
  })

  it('when the case is taken up again', async () => {
    const report = await published()
    await moveReport(world, 'officer_wang', report, 'resolved', 'in_progress')

    expect(await publicIds()).not.toContain(await idOf(report))
    const log = await world.sql<{ action: string, actor_role: string }[]>`select action, actor_role from public.audit_log where noun_id = ${report.id} and action like 'notice.%' order by id`
    expect(log.map(({ action, actor_role }) => [action, actor_role])).toEqual([['notice.drafted', 'officer'], ['notice.published', 'lead'], ['notice.withdrawn', 'system']])
  })
})

describe('nobody writes a notice', () => {
  it('about a case that is not solved', async () => {
    const report = await aReport(world)

    expect(await save('officer_wang', report)).toEqual({ ok: false, code: 'status_order' })
  })

  it('about a case they may not change', async () => {
    const report = await solved()
    for (const who of ['officer_li', 'auditor_wu', 'admin_zheng', 'chief_far'] as const) expect(await save(who, report), who).toEqual({ ok: false, code: 'not_found' })
    await save('officer_wang', report)
    for (const who of ['officer_li', 'auditor_wu', 'admin_zheng', 'chief_far', 'amina_resident'] as const) expect(await decide(who, report, 'publish'), who).toEqual({ ok: false, code: 'not_found' })
    expect(await noticeAs('officer_li', report)).toBeUndefined()
  })
})
