import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Filed, aHash, aNamedReport, aReport, aSubmission, anAttachment, answerOf, deskCall, failureOf, moveReport, sealed, type Submission } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World
const call = (name: string, p: Submission) => answerOf(world.server.rpc(name, { p }))
const addFile = (report: Filed, changes: Submission = {}) => call('add_attachment', { reference: report.reference, access: report.access, limits: [], attachment: anAttachment(changes) })

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe('letters from the reporter', () => {
  it('are kept once, however often they are sent', async () => {
    const report = await aReport(world)
    const letter = { reference: report.reference, access: report.access, message_id: randomUUID(), text_sealed: sealed('more'), limits: [] }

    await Promise.all(Array.from({ length: 5 }, () => call('add_reporter_message', letter)))

    expect(await world.sql`select author, author_id, text_sealed from public.report_messages where report_id = ${report.id}`).toEqual([{ author: 'reporter', author_id: null, text_sealed: sealed('more') }])
    expect(await world.sql`select id from public.report_events where report_id = ${report.id} and kind = 'message'`).toHaveLength(1)
  })

  it('need the right receipt, and keep to the limit', async () => {
    const report = await aReport(world)
    const limits = [{ bucket: `m-${randomUUID()}`, times: 0, seconds: 60 }]

    expect(await call('add_reporter_message', { reference: report.reference, access: { receipt_hash: aHash() }, message_id: randomUUID(), text_sealed: sealed('x') })).toEqual({ ok: false, code: 'not_found' })
    expect(await call('add_reporter_message', { reference: report.reference, access: report.access, message_id: randomUUID(), text_sealed: sealed('x'), limits })).toMatchObject({ ok: false, code: 'rate_limited' })
    expect(await world.sql`select id from public.report_messages where report_id = ${report.id}`).toEqual([])
  })

  it('in the clear are refused', async () => {
    const report = await aReport(world)

    expect((await failureOf(world.server.rpc('add_reporter_message', { p: { reference: report.reference, access: report.access, message_id: randomUUID(), text_sealed: 'plain words' } }))).status).toBe(400)
  })
})

describe('files', () => {
  it('ten a report, also when fifteen come at once', async () => {
    const report = await aReport(world)

    const answers = await Promise.all(Array.from({ length: 15 }, () => addFile(report)))

    expect(answers.filter(answer => answer.ok)).toHaveLength(10)
    expect(answers.filter(answer => !answer.ok).map(answer => answer.code)).toEqual(Array.from({ length: 5 }, () => 'too_many_files'))
    expect(await world.sql`select id from public.report_attachments where report_id = ${report.id}`).toHaveLength(10)
  })

  it('100 MB a report, also when five of 30 MB come at once', async () => {
    const report = await aReport(world)

    const answers = await Promise.all(Array.from({ length: 5 }, () => addFile(report, { size_bytes: 31_457_280 })))

    expect(answers.filter(answer => answer.ok)).toHaveLength(3)
    expect(answers.find(answer => !answer.ok)?.code).toBe('report_too_large')
  })

  it.each([
    ['over 30 MB', { size_bytes: 31_457_281 }], ['empty', { size_bytes: 0 }], ['of no known kind', { media_type: 'text/html' }], ['without bytes', { view_blob: null, view_media_type: null }],
    ['with a key in the clear', { key_sealed: 'plain' }], ['without an id', { id: null }],
  ])('%s are refused by the table', async (_name, changes) => {
    const report = await aReport(world)

    expect((await failureOf(world.server.rpc('add_attachment', { p: { reference: report.reference, access: report.access, attachment: anAttachment(changes) } }))).status).toBe(400)
  })

  it('a letter that is sent again brings its file once; the same file without a letter is another one', async () => {
    const report = await aReport(world)
    const message_id = randomUUID()
    await call('add_reporter_message', { reference: report.reference, access: report.access, message_id, text_sealed: sealed('x') })
    const again = { message_id, sha256: 'ab'.repeat(32) }

    const answers = [await addFile(report, again), await addFile(report, again), await addFile(report, { sha256: again.sha256 })]

    expect(answers.map(({ is_replay }) => is_replay)).toEqual([false, true, false])
    expect(await world.sql`select id from public.report_attachments where report_id = ${report.id}`).toHaveLength(2)
  })

  it('the names of blobs and the keys do not leave with the list', async () => {
    const report = await aReport(world)
    const answer = await addFile(report, { view_blob: 'the-blob' })

    expect(JSON.stringify(answer)).not.toMatch(/the-blob|key/)
  })

  it('a reporter opens files of the own report only', async () => {
    const [report, other] = [await aReport(world), await aReport(world)]
    const id = randomUUID()
    await addFile(report, { id })
    const open = (from: Filed) => call('open_own_attachment', { reference: from.reference, access: from.access, id })

    expect(await open(report)).toMatchObject({ ok: true, report_id: report.id })
    expect(await open(other)).toEqual({ ok: false, code: 'not_found' })
  })

  it('a file cannot hang on a letter of another report', async () => {
    const [report, other] = [await aReport(world), await aReport(world)]
    const message_id = randomUUID()
    await call('add_reporter_message', { reference: other.reference, access: other.access, message_id, text_sealed: sealed('x') })

    const { error } = await world.server.rpc('add_attachment', { p: { reference: report.reference, access: report.access, attachment: anAttachment({ message_id }) } })

    expect(error?.code).toBe('23503')
  })

  it('staff add files to reports they may change, and to no other: not even to one without a place', async () => {
    const [report, placeless] = [await aReport(world), await aReport(world, { community: null, grid: null })]
    const add = (who: Parameters<typeof deskCall>[1], { reference }: Filed) => deskCall(world, who, 'add_attachment', { reference, access: null, attachment: anAttachment() })

    expect(await add('officer_wang', report)).toMatchObject({ ok: true })
    for (const [who, target] of [['officer_li', report], ['officer_wang', placeless], ['admin_zheng', report], ['auditor_wu', report], ['chief_far', report], ['amina_resident', report]] as const) {
      expect(await add(who, target), who).toEqual({ ok: false, code: 'not_found' })
    }
    expect(await call('add_attachment', { reference: report.reference, attachment: anAttachment() })).toEqual({ ok: false, code: 'not_found' })
  })
})

describe('withdrawing (RULES D4)', () => {
  it('closes the report, keeps the text, and is done once', async () => {
    const report = await aReport(world)
    const withdraw = () => call('withdraw_report', { reference: report.reference, access: report.access })

    const answers = await Promise.all([withdraw(), withdraw()])
    const [row] = await world.sql`select status, closed_reason, content_sealed from public.reports where id = ${report.id}`

    expect(answers.filter(answer => answer.ok)).toHaveLength(1)
    expect(answers.find(answer => !answer.ok)).toEqual({ ok: false, code: 'already_withdrawn' })
    expect(row).toEqual({ status: 'closed', closed_reason: 'withdrawn', content_sealed: sealed('what happened') })
  })

  it('a report the desk has closed cannot be withdrawn, nor one with the wrong receipt', async () => {
    const [closed, open] = [await aReport(world), await aReport(world)]
    await moveReport(world, 'officer_wang', closed, 'received', 'closed', { closed_reason: 'unfounded' })

    expect(await call('withdraw_report', { reference: closed.reference, access: closed.access })).toEqual({ ok: false, code: 'already_closed' })
    expect(await call('withdraw_report', { reference: open.reference, access: closed.access })).toEqual({ ok: false, code: 'not_found' })
  })
})

describe('drafts and what lives for hours', () => {
  it('a draft is read back under its own hash, replaced, and deleted with the names of its files', async () => {
    const id_hash = aHash()
    const save = (text: string, blobs: string[] | null) => call('save_draft', { id_hash, sealed: sealed(text), blobs, limits: [] })
    const load = async (hash: string) => (await world.server.rpc('load_draft', { p_id_hash: hash })).data

    await save('first', null)
    await save('second', ['one', 'two'])

    expect(await load(id_hash)).toBe(sealed('second'))
    expect(await load(aHash())).toBeNull()
    expect((await world.server.rpc('delete_draft', { p_id_hash: id_hash })).data).toEqual(['one', 'two'])
    expect(await load(id_hash)).toBeNull()
  })

  it('a draft that is replaced names the files it holds no more', async () => {
    const id_hash = aHash()
    const save = async (blobs: string[]) => (await call('save_draft', { id_hash, sealed: sealed('x'), blobs, limits: [] })).dropped

    expect(await save(['one', 'two'])).toEqual([])
    expect(await save(['two', 'three'])).toEqual(['one'])
    expect(new Set(await save([]))).toEqual(new Set(['two', 'three']))
  })

  it('the files of a report are never named for deleting, whatever becomes of the draft that held them', async () => {
    const report = await aReport(world)
    const [id_hash, old] = [aHash(), aHash()]
    const mark = randomUUID()
    const held = [`original-${mark}`, `view-${mark}`, `loose-${mark}`]
    const save = async (blobs: string[], hash = id_hash) => (await call('save_draft', { id_hash: hash, sealed: sealed('x'), blobs, limits: [] })).dropped
    expect(await addFile(report, { original_blob: held[0], view_blob: held[1], view_media_type: 'image/jpeg' })).toMatchObject({ ok: true })

    await save(held)
    expect(await save([])).toEqual([held[2]])
    await save(held)
    expect((await world.server.rpc('delete_draft', { p_id_hash: id_hash })).data).toEqual([held[2]])
    await save(held, old)
    await world.sql`update private.report_drafts set expires_at = now() where id_hash = ${old}`
    const { blobs } = await answerOf(world.server.rpc('purge_expired'))

    expect(blobs).toContain(held[2])
    expect(blobs).not.toContain(held[0])
    expect(blobs).not.toContain(held[1])
  })

  it('a draft that ran out is not read any more', async () => {
    const id_hash = aHash()
    await call('save_draft', { id_hash, sealed: sealed('old'), blobs: [], limits: [] })
    await world.sql`update private.report_drafts set expires_at = now() where id_hash = ${id_hash}`

    expect((await world.server.rpc('load_draft', { p_id_hash: id_hash })).data).toBeNull()
  })

  it('purge_expired deletes what ran out and nothing else', async () => {
    const mark = randomUUID()
    const report = await aNamedReport(world, 'amina_resident')
    const [old, fresh] = [`old-${mark}`, `fresh-${mark}`]
    const { sql } = world
    await sql`insert into private.report_drafts (id_hash, sealed, blobs, expires_at) values (${old}, 'v1.x', array[${`a-${mark}`}, ${`b-${mark}`}], now() - interval '1 second'), (${fresh}, 'v1.x', array[${`c-${mark}`}], now() + interval '1 hour')`
    await sql`insert into private.idempotency_keys (key_hash, body_hash, report_id, created_at) values (${old}, 'x', ${report.id}, now() - interval '25 hours'), (${fresh}, 'x', ${report.id}, now() - interval '23 hours')`
    await sql`insert into private.view_sessions (token_hash, report_id, viewer, expires_at) values (${old}, ${report.id}, 'reporter', now() - interval '1 second'), (${fresh}, ${report.id}, 'reporter', now() + interval '1 minute')`
    await sql`insert into private.spent_challenges (id, expires_at) values (${old}, now() - interval '1 second'), (${fresh}, now() + interval '1 minute')`
    await sql`insert into private.rate_windows (bucket, started_at, used) values (${old}, now() - interval '3 hours', 1), (${fresh}, now() - interval '1 hour', 1)`
    // Of this file's own stations: other files make and remove rows of theirs meanwhile.
    const own = [world.station.home, world.station.far]
    const countOwn = () => sql`select (select count(*) from public.reports where station_id = any (${own})) as reports, (select count(*) from public.audit_log where station_id = any (${own})) as log,
      (select count(*) from public.outbox o join public.reports r on r.id = o.noun_id where r.station_id = any (${own})) as outbox`
    const before = await countOwn()

    const answer = await answerOf(world.server.rpc('purge_expired'))

    expect(answer.blobs).toEqual(expect.arrayContaining([`a-${mark}`, `b-${mark}`]))
    expect(answer.blobs).not.toContain(`c-${mark}`)
    expect(answer.has_more).toBe(false)
    const left = await sql`select id_hash as kept from private.report_drafts where id_hash like ${`%${mark}`} union all select key_hash from private.idempotency_keys where key_hash like ${`%${mark}`}
      union all select token_hash from private.view_sessions where token_hash like ${`%${mark}`} union all select id from private.spent_challenges where id like ${`%${mark}`} union all select bucket from private.rate_windows where bucket like ${`%${mark}`}`
    expect(left.map(row => row.kept)).toEqual([fresh, fresh, fresh, fresh, fresh])
    const after = await countOwn()
    for (const table of ['reports', 'log', 'outbox']) expect(Number(after[0]![table])).toBeGreaterThanOrEqual(Number(before[0]![table]))
  })

  it('unclaimed_blobs names files that neither a draft nor a report knows', async () => {
    const mark = randomUUID()
    const [lost, waiting, original, view] = ['lost', 'waiting', 'original', 'view'].map(name => `${name}-${mark}`)
    const report = await aReport(world)
    await world.sql`insert into private.report_drafts (id_hash, sealed, blobs, expires_at) values (${mark}, 'v1.x', array[${waiting!}], now() + interval '1 hour')`
    await world.sql`insert into public.report_attachments (id, report_id, at, author, media_type, size_bytes, sha256, original_blob, view_blob, view_media_type, key_sealed)
      values (gen_random_uuid(), ${report.id}, now(), 'reporter', 'image/jpeg', 1, repeat('0', 64), ${original!}, ${view!}, 'image/jpeg', 'v1.x')`

    const { data, error } = await world.server.rpc('unclaimed_blobs', { p_blobs: [lost!, waiting!, original!, view!] })

    expect(error).toBeNull()
    expect(data).toEqual([lost])
  })

  it('purge_expired works in pages (RULES A7)', async () => {
    await world.sql`insert into private.spent_challenges (id, expires_at) select 'page-' || gen_random_uuid(), now() - interval '1 minute' from generate_series(1, 25)`

    const first = await answerOf(world.server.rpc('purge_expired', { p_page: 10 }))

    expect(first).toMatchObject({ challenges: 10, has_more: true })
    expect(await answerOf(world.server.rpc('purge_expired', { p_page: 1000 }))).toMatchObject({ has_more: false })
  })
})

describe('the one clock (RULES D5)', () => {
  it('moves reports, the log and assignments with the demo offset', async () => {
    const seen = await moved(world, '40 days', async (sql) => {
      await sql`update public.assignments set to_on = current_date + 30 where staff_id = ${world.person.officer_wang.id}`
      const [communities] = await sql`select count(*)::int as n from private.communities_of(${world.person.officer_wang.id})`
      const [filed] = await sql`select public.submit_report(${sql.json({ ...aSubmission(world) } as never)}) as answer`
      const [row] = await sql`select received_at > now() + interval '39 days' as is_moved from public.reports where reference = ${filed!.answer.report.reference}`
      const [log] = await sql`select at > now() + interval '39 days' as is_moved from public.audit_log where noun_id = ${filed!.answer.report.id}`
      return [communities!.n, row!.is_moved, log!.is_moved]
    })

    expect(seen).toEqual([0, true, true])
  })

  it('an assignment changes with the day of the station, not of UTC', async () => {
    const seen = await moved(world, '0', async (sql) => {
      // In Kiritimati (UTC+14) and on Baker Island (UTC-12) it is never the same day.
      const days = []
      await sql`update public.stations set is_default = false where is_default`
      for (const zone of ['Pacific/Kiritimati', 'Etc/GMT+12']) {
        await sql`update public.stations set time_zone = ${zone}, is_default = true where id = ${world.station.home}`
        await sql`update public.assignments set from_on = (now() at time zone 'Pacific/Kiritimati')::date where staff_id = ${world.person.officer_wang.id}`
        const [row] = await sql`select count(*)::int as n from private.communities_of(${world.person.officer_wang.id})`
        const [card] = await sql`
          select count(*)::int as n from jsonb_array_elements(public.get_reference_data() -> 'communities') c, jsonb_array_elements(c -> 'officers') o
          where o ->> 'id' = ${world.person.officer_wang.id} and o ->> 'kind' = 'officer'`
        days.push({ desk: row!.n, card: card!.n })
      }
      return days
    })

    expect(seen).toEqual([{ desk: 1, card: 1 }, { desk: 0, card: 0 }])
  })
})

/** Runs statements with the clock moved on, and takes everything back. */
async function moved<T>(of: World, offset: string, work: (sql: World['sql']) => Promise<T>): Promise<T> {
  const results: T[] = []
  const undone = new Error('taken back')
  await of.sql.begin(async (transaction) => {
    const sql = transaction as unknown as World['sql']
    await sql`insert into private.settings (key, value) values ('clock_offset', to_jsonb(${offset}::text)) on conflict (key) do update set value = excluded.value`
    await sql`select set_config('request.jwt.claims', '{"role":"service_role"}', true)`
    results.push(await work(sql))
    throw undone
  }).catch((error: unknown) => {
    if (error !== undone) throw error
  })
  return results[0]!
}
