import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openOwnAttachment } from '#server/domain/reports/open-attachment'
import { aboutFile } from '#server/domain/reports/receive-file'
import { receiptFor, receiptHash } from '#server/domain/reports/receipt'
import { aboutReport } from '#server/domain/reports/report-content'
import { trackReport } from '#server/domain/reports/track-report'
import { openServices, type Services } from '#server/domain/services'
import { newDataKey, parseMasterKeys, sealText, unwrapKey } from '#server/domain/trust/envelope'
import { sealStream } from '#server/domain/trust/sealed-stream'
import { contentHash } from '#server/domain/trust/statement'
import { migrate, repositoryFolders } from '../../supabase/embedded/migrate.ts'
import { printSchema } from '../../supabase/embedded/print-schema.ts'
import { type Persona, type TestBackend, startTestBackend } from '../../supabase/embedded/test-backend.ts'

/** The migrations of 1 of 7, released on 2026-11-21 and never changed since. */
const firstRelease = readdirSync(repositoryFolders.migrations).filter(file => file.startsWith('20261121'))
const photo = randomBytes(90_000)
const words = '昨天夜里电瓶被撬走了。'
const letter = 'The neighbour saw a dark coat.'
const sentence = '已受理，社区民警正在查看。'
const idempotencyKey = randomUUID()

let room = ''
let backend: TestBackend, services: Services
let amina: Persona, officer: Persona
let filed: { id: string, reference: string, receipt: string }
let before: Record<string, number>
const filedSchema = z.object({ ok: z.literal(true), report: z.looseObject({ reference: z.string() }) })
const okSchema = z.looseObject({ ok: z.literal(true) })

const call = async <T>(client: SupabaseClient, name: string, p: unknown, answer: z.ZodType<T>): Promise<T> => {
  const { data, error } = await client.rpc(name, { p })
  if (error) throw new Error(`${name}: ${error.code} ${error.message}`)
  return answer.parse(data)
}

const sessionOf = async (client: SupabaseClient) => z.object({ session_id: z.uuid() }).parse((await client.auth.getClaims()).data?.claims).session_id

/** A database as 1 of 7 made it, with a report filed, written to, accepted and answered through the functions of that time. */
beforeAll(async () => {
  room = await mkdtemp(path.join(os.tmpdir(), 'linli-upgrade-'))
  const folders = { migrations: path.join(room, 'migrations'), seeds: path.join(room, 'seeds') }
  for (const folder of Object.values(folders)) mkdirSync(folder)
  for (const file of firstRelease) copyFileSync(path.join(repositoryFolders.migrations, file), path.join(folders.migrations, file))
  backend = await startTestBackend({ folders })
  const { sql } = backend
  const masterKeys = parseMasterKeys(`k1:${randomBytes(32).toString('base64')}`)
  // Today's portal makes keys for more purposes than 1 of 7 knew: it may while it opens, and leaves none of them behind.
  await sql`alter table private.server_keys rename constraint server_keys_purpose_check to purposes_of_then`
  const [then] = await sql<{ definition: string }[]>`select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'purposes_of_then'`
  await sql`alter table private.server_keys drop constraint purposes_of_then`
  services = await openServices({ supabase: backend, masterKeys, isDemo: false, publicUrl: 'https://station.example', blobFolder: path.join(room, 'blobs') })
  await sql.begin(async (step) => {
    await step`set local session_replication_role = replica`
    await step`delete from private.server_keys where purpose = 'chat'`
  })
  await sql.unsafe(`alter table private.server_keys add constraint server_keys_purpose_check ${then?.definition}`)

  const [station, community, grid, report, fileId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  const name = sql.json({ zh: '城关', en: 'Chengguan' })
  const square = sql.json({ type: 'Polygon', coordinates: [[[116, 40], [117, 40], [117, 41], [116, 40]]] })
  await sql`insert into public.stations (id, slug, name, is_default) values (${station}, 'chengguan', ${name}, true)`
  await sql`insert into public.communities (id, station_id, slug, name, boundary) values (${community}, ${station}, 'ping-an', ${name}, ${square})`
  await sql`insert into public.grids (id, community_id, code, name, boundary, centre_lat, centre_lng) values (${grid}, ${community}, 'A1', ${name}, ${square}, 40.5, 116.5)`
  await sql`insert into public.categories (code, "group", visibility, urgency, name, description, guidance, retention_days) values ('theft', 'property', 'private', 'normal', ${name}, ${name}, ${name}, 365)`
  amina = await backend.createUser('amina_resident')
  officer = await backend.createUser('officer_wang')
  await sql`insert into public.staff (user_id, station_id, role, name, badge_number) values (${officer.id}, ${station}, 'officer', ${name}, '001')`
  await sql`insert into public.assignments (staff_id, community_id, from_on) values (${officer.id}, ${community}, '2020-01-01')`
  const aminaClient = await backend.signInAs(amina)
  const { data: saved } = await aminaClient.rpc('save_profile', { p_community: 'ping-an', p_locale: 'zh' })
  okSchema.parse(saved)

  const server = backend.serviceClient()
  const receipt = receiptFor(services.keys, idempotencyKey)
  const key = newDataKey(masterKeys, aboutReport(report, 'content'))
  const content = { description: words, answers: {} }
  const nonce = randomBytes(32).toString('hex')
  const fileKey = randomBytes(32)
  const blob = await services.blobs.put(Readable.from([photo]).pipe(sealStream(fileKey, aboutFile(fileId, 'original'))))
  const { report: { reference } } = await call(server, 'submit_report', {
    id: report, station, community, grid, category: 'theft', channel: 'web', locale: 'zh', contact_mode: 'named', actor: amina.id, session: await sessionOf(aminaClient),
    receipt_hash: receiptHash(services.keys, receipt), key_hash: services.keys.keyedHash('index', `idempotency ${idempotencyKey}`), body_hash: services.keys.keyedHash('index', 'body'),
    limits: [], challenge: { id: randomUUID(), expires_at: '2099-01-01T00:00:00Z' },
    content_sealed: sealText(key.key, JSON.stringify(content), aboutReport(report, 'content')), content_key: key.wrapped, content_hash: contentHash(nonce, content), nonce,
    attachments: [{ id: fileId, media_type: 'application/pdf', size_bytes: photo.length, sha256: createHash('sha256').update(photo).digest('hex'), original_blob: blob, view_blob: null, view_media_type: null, key_sealed: sealText(key.key, fileKey, aboutReport(report, 'file')) }],
  }, filedSchema)
  filed = { id: report, reference, receipt }
  const access = { receipt_hash: receiptHash(services.keys, receipt) }
  await call(server, 'add_reporter_message', { reference, access, guess_limits: [], limits: [], message_id: randomUUID(), text_sealed: sealText(key.key, letter, aboutReport(report, 'message')) }, okSchema)
  const wang = await backend.signInAs(officer)
  const { data: opened } = await wang.rpc('open_report', { p_reference: reference })
  okSchema.parse(opened)
  await call(server, 'change_report_status', { reference, status: 'triaged', from_status: 'received', is_accepted: true, public_sealed: sealText(key.key, sentence, aboutReport(report, 'sentence')), actor: officer.id, session: await sessionOf(wang) }, okSchema)
  before = await countRows()
})
afterAll(async () => {
  await backend?.stop()
  await rm(room, { recursive: true, force: true })
})

/** Rows of what the station must never lose. */
async function countRows(): Promise<Record<string, number>> {
  const tables = ['stations', 'communities', 'grids', 'staff', 'assignments', 'profiles', 'reports', 'report_events', 'report_messages', 'report_attachments', 'audit_log', 'outbox']
  return Object.fromEntries(await Promise.all(tables.map(async table => [table, Number((await backend.sql.unsafe(`select count(*) from public.${table}`))[0]?.count)] as const)))
}

describe('a station of 1 of 7', () => {
  it('is brought up to date by every later migration, which lose nothing and end at the schema of today', async () => {
    expect(firstRelease.length).toBeGreaterThan(10)
    expect(before).toMatchObject({ reports: 1, report_messages: 1, report_attachments: 1, profiles: 1 })

    const { applied } = await migrate(backend.sql, backend.embedded?.databaseUrl ?? '')
    await backend.reload()

    expect(applied.length).toBeGreaterThan(20)
    expect(applied.filter(file => file.startsWith('20261121'))).toEqual([])
    const after = await countRows()
    for (const [table, rows] of Object.entries(before)) expect(after[table], table).toBeGreaterThanOrEqual(rows)
    expect(await printSchema(backend.sql)).toBe(readFileSync('supabase/schema.sql', 'utf8'))
  })

  it('shows the reporter the old report by its old receipt: words, letter, sentence, clocks', async () => {
    const report = await trackReport(services, filed.reference, { receipt_hash: receiptHash(services.keys, filed.receipt) }, [])

    expect(receiptFor(services.keys, idempotencyKey)).toBe(filed.receipt)
    expect(report).toMatchObject({ reference: filed.reference, status: 'triaged', category: 'theft', content: { description: words } })
    expect(report.messages.map(({ text }) => text)).toEqual([letter])
    expect(report.timeline.map(({ text }) => text)).toContain(sentence)
    expect(report.attachments).toHaveLength(1)
    expect(report.statement?.reference).toBe(filed.reference)
  })

  it('opens the old file', async () => {
    const report = await trackReport(services, filed.reference, { receipt_hash: receiptHash(services.keys, filed.receipt) }, [])
    const opened = await openOwnAttachment(services, filed.reference, { receipt_hash: receiptHash(services.keys, filed.receipt) }, report.attachments[0]?.id ?? '', [])

    expect((await buffer(opened.bytes)).equals(photo)).toBe(true)
  })

  it('lets its people in with the passwords they had, and the resident sees the report among their own', async () => {
    const client = await backend.signInAs(amina)
    const mine = await call(backend.serviceClient(), 'list_my_reports', { actor: amina.id, session: await sessionOf(client), owner_hash: null }, z.looseObject({ ok: z.literal(true) }))

    expect(JSON.stringify(mine)).toContain(filed.reference)
    expect((await client.rpc('get_account')).data).toMatchObject({ ok: true })
    expect((await backend.sql`select count(*)::int as n from public.staff where user_id = ${officer.id}`)[0]?.n).toBe(1)
  })

  it('keeps every report sealed under its own key', async () => {
    const [row] = await backend.sql<{ content_key: string }[]>`select content_key from public.reports where id = ${filed.id}`

    expect(unwrapKey(services.keys.masterKeys, row?.content_key ?? '', aboutReport(filed.id, 'content'))).toHaveLength(32)
  })
})
