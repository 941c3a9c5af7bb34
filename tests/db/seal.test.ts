import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { createClients } from '#server/db/clients'
import { sealQueries } from '#server/db/seals'
import type { Services } from '#server/domain/services'
import { openKeyRing } from '#server/domain/trust/key-ring'
import { climbPath } from '#server/domain/trust/merkle'
import { proveReceipt } from '#server/domain/trust/prove-receipt'
import { listRoots, publishRoots } from '#server/domain/trust/publish-roots'
import { sealRows } from '#server/domain/trust/seal-rows'
import { dayLeafOf, leafOf } from '#server/domain/trust/sealed-facts'
import { isSignedByUs, signedHash } from '#server/domain/trust/statement'
import { beginVerifying, verifyChain, verifyPage } from '#server/domain/trust/verify-chain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { aReport, anAttachment, answerOf, hex64, type Filed } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

// A backend of its own: what the owner does to tables and clock here would reach into other files.
let world: World
let services: Services
let running: Awaited<ReturnType<typeof startTestBackend>>

beforeAll(async () => {
  running = await startTestBackend()
  world = await buildWorld(running.address)
  const keys = await openKeyRing([{ id: 'k1', key: createSecretKey(randomBytes(32)) }], { list: async () => [], add: async (_id, _purpose, wrapped) => wrapped })
  services = { clients: createClients(world.backend), keys, blobs: undefined as never, settings: { isDemo: false, publicUrl: '' } }
})
afterAll(async () => {
  await world?.close()
  await running?.stop()
})

const leavesOf = (source: string, row: string) => world.sql`select block, position, digest from private.seal_leaves where source = ${source} and row_id = ${row}`
const logOf = (report: Filed) => world.sql<{ id: string, at: Date, action: string }[]>`select id::text, at, action from public.audit_log where noun_id = ${report.id} order by id`
const open = async (report: Filed) => answerOf((await world.as('officer_wang')).rpc('open_report', { p_reference: report.reference, p_purpose: 'handling' }))

/** Statements as the owner of the database, past every trigger. */
const asOwner = (...statements: string[]) => world.sql.begin(async (sql) => {
  await sql`set local session_replication_role = replica`
  for (const statement of statements) await sql.unsafe(statement)
})

/** What the verifier says while something is wrong; afterwards it is as before. */
async function foundWhile(change: string[], undo: string[]) {
  await asOwner(...change)
  try {
    return (await verifyChain(services)).found
  }
  finally {
    await asOwner(...undo)
  }
}

async function aSealedReport() {
  const report = await aReport(world, { attachments: [anAttachment()] })
  await open(report)
  await sealRows(services)
  return report
}

describe('sealing (RULES C4)', () => {
  it('takes the report, its content, its files and every row of the log about it, each once', async () => {
    const report = await aSealedReport()
    await sealRows(services)

    expect(await leavesOf('reports', report.id)).toHaveLength(1)
    expect(await leavesOf('report_contents', report.reference)).toHaveLength(1)
    const [file] = await world.sql`select id::text from public.report_attachments where report_id = ${report.id}`
    expect(await leavesOf('report_attachments', file?.id)).toHaveLength(1)
    const log = await logOf(report)
    expect(log.map(({ action }) => action)).toEqual(['report.submitted', 'report.opened'])
    for (const { id } of log) expect(await leavesOf('audit_log', id)).toHaveLength(1)
  })

  it('a file that comes later is sealed with the row that says so', async () => {
    const report = await aSealedReport()
    const attachment = anAttachment()
    await answerOf(world.server.rpc('add_attachment', { p: { reference: report.reference, access: report.access, attachment, limits: [] } }))
    await sealRows(services)

    expect(await leavesOf('report_attachments', String(attachment.id))).toHaveLength(1)
  })

  it('leaves out what a running transaction may still add, and takes it when that is over, whichever id is lower', async () => {
    const held = Promise.withResolvers<undefined>()
    const written = Promise.withResolvers<string>()
    const slow = world.sql.begin(async (sql) => {
      const [row] = await sql`insert into public.audit_log (actor_role, action, noun) values ('system', 'test.slow', 'trust') returning id::text`
      written.resolve(row?.id)
      await held.promise
    })
    const lower = await written.promise
    const report = await aReport(world)
    await sealRows(services)
    const [higher] = await logOf(report)

    expect(await leavesOf('audit_log', higher!.id), 'a row behind one that is still being written').toEqual([])
    expect(await leavesOf('audit_log', lower)).toEqual([])
    held.resolve(undefined)
    await slow
    await sealRows(services)

    expect(await leavesOf('audit_log', lower)).toHaveLength(1)
    expect(await leavesOf('audit_log', higher!.id)).toHaveLength(1)
  })

  it('two workers at once make one chain without a gap', async () => {
    for (let n = 0; n < 5; n++) await aReport(world)
    await Promise.all([sealRows(services), sealRows(services), sealRows(services)])
    await sealRows(services)

    const [sums] = await world.sql`select count(*)::int as blocks, max(number)::int as last, (select count(*)::int from private.seal_leaves) as leaves, sum(leaves)::int as said from private.seal_blocks`
    expect(sums).toEqual({ blocks: sums?.last, last: sums?.last, leaves: sums?.said, said: sums?.said })
  })

  it('each block is signed, names the one before, and cannot be changed even by the owner', async () => {
    await aSealedReport()
    const id = (await beginVerifying(services)).id
    const page = await sealQueries(services.clients).readPage(id, {}, 5000)
    if (page.phase !== 'blocks') throw new Error('blocks come first')

    let previous: string | null = null
    for (const block of page.blocks) {
      const { number, sealed_at: sealedAt, day, root, leaves, log_until: logUntil, key_id: keyId, signature } = block
      const signed = { version: 1, kind: 'block', number, sealedAt, day, previous, root, leaves, logUntil, keyId, signature }
      expect(signedHash(signed)).toBe(block.hash)
      expect(isSignedByUs(services.keys, signed, sealedAt)).toBe(true)
      expect(isSignedByUs(services.keys, { ...signed, number: number + 1 }, sealedAt)).toBe(false)
      previous = block.hash
    }
    for (const statement of ['update private.seal_blocks set leaves = 1', 'delete from private.seal_leaves', 'truncate private.seal_roots']) {
      await expect(world.sql.unsafe(statement), statement).rejects.toMatchObject({ detail: 'append_only' })
    }
  })

  it('what the job seals fits on: a wrong predecessor or number is refused', async () => {
    const block = { number: 1, sealed_at: '2026-01-01T00:00:00.000000Z', day: '2026-01-01', previous: null, root: hex64(), leaves: 1, log_until: 0, key_id: 'signing-1', signature: 'x'.repeat(86), hash: hex64() }
    await aSealedReport()

    expect(await answerOf(world.server.rpc('append_block', { p: { ...block, leaves: [] } }))).toEqual({ ok: false, code: 'conflict' })
  })

  it('a column that is added to a table changes no sealed row', async () => {
    const report = await aSealedReport()
    const found = await foundWhile(
      ['alter table public.audit_log add column added_later text not null default \'x\'', 'alter table public.reports add column added_later text not null default \'x\''],
      ['alter table public.audit_log drop column added_later', 'alter table public.reports drop column added_later'])

    expect(found.filter(({ row }) => row === report.id)).toEqual([])
    expect(found.filter(({ source }) => source === 'audit_log')).toEqual([])
  })
})

describe('the verifier names what a database owner did to sealed rows', () => {
  it('finds nothing where nothing was done, over handling, withdrawal and new wrapped keys', async () => {
    const report = await aSealedReport()
    await asOwner(`update public.reports set status = 'closed', closed_reason = 'withdrawn', content_key = 'v1.k2.x.y', updated_at = now() where id = '${report.id}'`)
    const run = await verifyChain(services)

    expect(run).toMatchObject({ isDone: true, findings: 0, found: [] })
    expect(run.rows).toBeGreaterThan(4)
  })

  it.each(['report.submitted', 'report.opened'])('a changed row of the log: %s', async (action) => {
    const report = await aSealedReport()
    const row = (await logOf(report)).find(entry => entry.action === action)!
    const found = await foundWhile([`update public.audit_log set actor_role = 'lead' where id = ${row.id}`],
      [`update public.audit_log set actor_role = '${action === 'report.opened' ? 'officer' : 'guest'}' where id = ${row.id}`])

    expect(found).toEqual([expect.objectContaining({ kind: 'changed', source: 'audit_log', row: row.id })])
    expect(Date.parse(found[0]?.at ?? '')).toBe(row.at.getTime())
  })

  it('a removed row of the log', async () => {
    const report = await aSealedReport()
    const row = (await logOf(report)).at(-1)!
    await asOwner(`create table public.kept_aside as select * from public.audit_log where id = ${row.id}`)
    const found = await foundWhile([`delete from public.audit_log where id = ${row.id}`],
      ['insert into public.audit_log overriding system value select * from public.kept_aside', 'drop table public.kept_aside'])

    expect(found).toEqual([expect.objectContaining({ kind: 'removed', source: 'audit_log', row: row.id })])
  })

  it('two rows of the log that changed places', async () => {
    const [one, other] = [await aSealedReport(), await aSealedReport()]
    const [a, b] = [(await logOf(one)).at(-1)!.id, (await logOf(other)).at(-1)!.id]
    const swap = [`update public.audit_log set id = -1 where id = ${a}`, `update public.audit_log set id = ${a} where id = ${b}`, `update public.audit_log set id = ${b} where id = -1`]
    const found = await foundWhile(['alter table public.audit_log alter column id set generated by default', ...swap], [...swap, 'alter table public.audit_log alter column id set generated always'])

    expect(found.map(({ kind, source, row }) => [kind, source, row]).sort()).toEqual([['reordered', 'audit_log', a], ['reordered', 'audit_log', b]].sort())
  })

  it('two reports that changed places', async () => {
    const [one, other] = [await aSealedReport(), await aSealedReport()]
    const aside = randomUUID()
    const swap = [[one.id, aside], [other.id, one.id], [aside, other.id]].map(([from, to]) => `update public.reports set id = '${to}' where id = '${from}'`)
    const found = await foundWhile(swap, swap)

    expect(found.filter(({ source }) => source === 'reports').map(({ kind, row }) => [kind, row]).sort()).toEqual([['reordered', one.id], ['reordered', other.id]].sort())
  })

  it('a removed opening, and two openings that changed places: whoever looked cannot be taken out or exchanged', async () => {
    const report = await aSealedReport()
    await answerOf((await world.as('lead_zhao')).rpc('open_report', { p_reference: report.reference, p_purpose: 'handling' }))
    await sealRows(services)
    const [, first, second] = (await logOf(report)).map(({ id }) => id)
    const swap = [`update public.audit_log set id = -1 where id = ${first}`, `update public.audit_log set id = ${first} where id = ${second}`, `update public.audit_log set id = ${second} where id = -1`]
    const swapped = await foundWhile(['alter table public.audit_log alter column id set generated by default', ...swap], [...swap, 'alter table public.audit_log alter column id set generated always'])
    await asOwner(`create table public.kept_aside as select * from public.audit_log where id = ${first}`)
    const removed = await foundWhile([`delete from public.audit_log where id = ${first}`], ['insert into public.audit_log overriding system value select * from public.kept_aside', 'drop table public.kept_aside'])

    expect(swapped.map(({ kind, row }) => [kind, row]).sort()).toEqual([['reordered', first], ['reordered', second]].sort())
    expect(removed).toEqual([expect.objectContaining({ kind: 'removed', source: 'audit_log', row: first })])
  })

  it('a row that was put in among the sealed ones', async () => {
    await aSealedReport()
    const [gap] = await world.sql`insert into public.audit_log (actor_role, action, noun) values ('system', 'test.taken_out', 'trust') returning id::text`
    await asOwner(`delete from public.audit_log where id = ${gap?.id}`)
    await aSealedReport()
    const found = await foundWhile([`insert into public.audit_log (id, actor_role, action, noun) overriding system value values (${gap?.id}, 'chief', 'report.opened', 'reports')`], [`delete from public.audit_log where id = ${gap?.id}`])

    expect(found).toEqual([expect.objectContaining({ kind: 'added', source: 'audit_log', row: gap?.id })])
  })

  it('a changed report: its text, its hash, its time, its way back', async () => {
    const report = await aSealedReport()
    const [was] = await world.sql`select content_sealed, content_hash, receipt_hash from public.reports where id = ${report.id}`
    for (const [column, value] of [['content_sealed', 'v1.b3RoZXI'], ['receipt_hash', `receipt-1:${hex64()}`]] as const) {
      const found = await foundWhile([`update public.reports set ${column} = '${value}' where id = '${report.id}'`], [`update public.reports set ${column} = '${was?.[column]}' where id = '${report.id}'`])
      expect(found, column).toEqual([expect.objectContaining({ kind: 'changed', source: 'reports', row: report.id })])
    }
    const found = await foundWhile([`update public.reports set content_hash = '${hex64()}' where id = '${report.id}'`], [`update public.reports set content_hash = '${was?.content_hash}' where id = '${report.id}'`])
    expect(found.map(({ source, row }) => [source, row])).toEqual([['reports', report.id], ['report_contents', report.reference]])
  })

  it('a removed report and a removed file; not one that was erased with a tombstone', async () => {
    const report = await aSealedReport()
    const [file] = await world.sql`select id::text from public.report_attachments where report_id = ${report.id}`
    await asOwner(`create table public.kept_aside as select * from public.reports where id = '${report.id}'`, `create table public.kept_file as select * from public.report_attachments where id = '${file?.id}'`)
    const remove = [`delete from public.report_attachments where report_id = '${report.id}'`, `delete from public.reports where id = '${report.id}'`]
    const found = await foundWhile(remove, ['insert into public.reports select * from public.kept_aside', 'insert into public.report_attachments select * from public.kept_file', 'drop table public.kept_aside', 'drop table public.kept_file'])

    expect(found.map(({ kind, source, row }) => [kind, source, row])).toEqual([['removed', 'reports', report.id], ['removed', 'report_contents', report.reference], ['removed', 'report_attachments', file?.id]])

    await world.sql`select private.leave_tombstone(r, null, 'resident', 'asked') from public.reports r where r.id = ${report.id}`
    await asOwner(...remove)
    await sealRows(services)
    const after = await verifyChain(services)
    expect(after).toMatchObject({ findings: 0 })
    expect(after.erased).toBeGreaterThanOrEqual(3)
  })

  it('each page once, also for a run that is pushed on by several at a time', async () => {
    await aSealedReport()
    const whole = await verifyChain(services)
    const { id } = await beginVerifying(services)
    const both = await Promise.allSettled([verifyPage(services, id), verifyPage(services, id), verifyPage(services, id)])
    for (let isDone = false; !isDone;) ({ isDone } = await verifyPage(services, id))

    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1)
    const [run] = await world.sql`select rows, finished_at from private.seal_checks where id = ${id}`
    expect(run).toMatchObject({ rows: String(whole.rows), finished_at: expect.any(Date) })
  })

  it.each(['asked', 'account_erased'])('a report that still stands and was changed, whatever a tombstone ("%s") says of it', async (because) => {
    const report = await aSealedReport()
    const [was] = await world.sql`select content_sealed from public.reports where id = ${report.id}`
    await world.sql`select private.leave_tombstone(r, null, 'system', ${because}) from public.reports r where r.id = ${report.id}`
    await sealRows(services)

    const found = await foundWhile([`update public.reports set content_sealed = 'v1.b3RoZXI' where id = '${report.id}'`], [`update public.reports set content_sealed = '${was?.content_sealed}' where id = '${report.id}'`])
    expect(found).toEqual([expect.objectContaining({ kind: 'changed', source: 'reports', row: report.id })])
  })

  it('a chain that was itself changed: a leaf, a header, a removed block', async () => {
    const report = await aSealedReport()
    const [leaf] = await leavesOf('reports', report.id)
    await aSealedReport()
    const number = String(leaf?.block)
    const kinds = async (change: string[], undo: string[]) => (await foundWhile(change, undo)).filter(({ row }) => row === number).map(({ kind }) => kind)

    expect(await kinds([`update private.seal_leaves set digest = '${hex64()}' where block = ${number} and position = ${leaf?.position}`], [`update private.seal_leaves set digest = '${leaf?.digest}' where block = ${number} and position = ${leaf?.position}`])).toEqual(['leaves_changed'])
    expect(await kinds([`update private.seal_blocks set sealed_at = sealed_at + interval '1 hour' where number = ${number}`], [`update private.seal_blocks set sealed_at = sealed_at - interval '1 hour' where number = ${number}`])).toEqual(['block_changed'])
    expect(await kinds([`update private.seal_blocks set number = number + 1000000 where number = ${number}`, `update private.seal_leaves set block = block + 1000000 where block = ${number}`], [`update private.seal_blocks set number = number - 1000000 where number = ${number} + 1000000`, `update private.seal_leaves set block = block - 1000000 where block = ${number} + 1000000`])).toEqual(['block_removed'])
  })

  it('pages of any size find the same, and the run is a row of the log', async () => {
    const report = await aSealedReport()
    const [row] = await logOf(report)
    await asOwner(`update public.audit_log set action = 'report.noted' where id = ${row!.id}`)
    const { id } = await beginVerifying(services, { userId: world.person.auditor_wu.id, sessionId: (await world.actor('auditor_wu')).session })
    const auditor = { userId: world.person.auditor_wu.id, sessionId: (await world.actor('auditor_wu')).session }
    let progress = await verifyPage(services, id, auditor, 3)
    while (!progress.isDone) progress = await verifyPage(services, id, auditor, 3)
    await asOwner(`update public.audit_log set action = 'report.submitted' where id = ${row!.id}`)

    expect(progress.found).toEqual([expect.objectContaining({ kind: 'changed', row: row!.id })])
    const [logged] = await world.sql`select actor_role, details from public.audit_log where actor_id = ${auditor.userId} and action = 'trust.breach_found'`
    expect(logged).toMatchObject({ actor_role: 'auditor', details: { findings: 1, first: { kind: 'changed', source: 'audit_log', row: row!.id } } })
    await expect(verifyPage(services, id, auditor), 'a run that is over').rejects.toMatchObject({ code: 'not_found' })
  })

  it('auditor and chief may, nobody else, and nobody goes on with the run of another', async () => {
    for (const who of ['officer_wang', 'lead_zhao', 'admin_zheng', 'amina_resident'] as const) {
      expect(await answerOf(world.server.rpc('begin_seal_check', { p: await world.actor(who) })), who).toEqual({ ok: false, code: 'forbidden' })
    }
    const begun = await answerOf(world.server.rpc('begin_seal_check', { p: await world.actor('chief_sun') }))

    expect(await answerOf(world.server.rpc('read_seal_page', { p: { id: begun.id, ...await world.actor('auditor_wu') } }))).toEqual({ ok: false, code: 'not_found' })
  })
})

describe('roots and proofs', () => {
  it('a day has its root once it is over; it is signed, names the one before, and proves each of its reports', async () => {
    const report = await aSealedReport()
    const [row] = await world.sql`select content_hash from public.reports where id = ${report.id}`
    const waiting = await proveReceipt(services, report.reference, row?.content_hash)
    expect(waiting).toMatchObject({ root: null, rootPath: null })
    await world.sql`insert into private.settings (key, value) values ('clock_offset', '"1 day"') on conflict (key) do update set value = excluded.value`
    try {
      expect((await publishRoots(services)).roots).toBeGreaterThanOrEqual(1)
      expect(await publishRoots(services)).toEqual({ roots: 0 })
      const proof = (await proveReceipt(services, report.reference, row?.content_hash))!
      const [newest] = await listRoots(services)

      expect(climbPath(leafOf({ ...proof.leaf, digest: row?.content_hash }), proof.path)).toBe(proof.block.root)
      expect(climbPath(dayLeafOf(signedHash(proof.block)), proof.rootPath!)).toBe(proof.root!.root)
      expect(proof.root).toEqual(newest)
      expect(isSignedByUs(services.keys, proof.root!, proof.root!.publishedAt)).toBe(true)
      expect(await verifyChain(services)).toMatchObject({ findings: 0 })
      const found = await foundWhile([`update private.seal_roots set root = '${hex64()}' where day = '${newest!.day}'`], [`update private.seal_roots set root = '${newest!.root}' where day = '${newest!.day}'`])
      expect(found).toEqual([expect.objectContaining({ kind: 'root_changed', row: newest!.day })])
    }
    finally {
      await world.sql`delete from private.settings where key = 'clock_offset'`
    }
  })

  it('nobody proves what they do not hold: another hash, another reference', async () => {
    const report = await aSealedReport()
    const [row] = await world.sql`select content_hash, nonce from public.reports where id = ${report.id}`

    expect(await proveReceipt(services, report.reference, hex64())).toBeNull()
    expect(await proveReceipt(services, 'LL-0000-0000', row?.content_hash)).toBeNull()
    const check = (p: object) => answerOf(world.server.rpc('check_receipt', { p: { reference: report.reference, content_hash: row?.content_hash, nonce: row?.nonce, limits: [], ...p } }))
    expect(await check({ nonce: hex64() })).toMatchObject({ state: 'unknown' })
    expect(await check({})).toMatchObject({ state: 'kept', id: report.id })
    const limits = [{ bucket: randomUUID(), times: 0, seconds: 60 }]
    expect(await check({ limits })).toMatchObject({ ok: false, code: 'rate_limited' })
  })
})
