import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { definitionSchema } from '#shared/surveys/definition'
import { checkFlow } from '#shared/surveys/walk'
import { effectiveState } from '#shared/alerts/effective-state'
import { publishedAlertSchema } from '#shared/alerts/published-alert'
import { parseReceipt } from '#shared/reports/receipt'
import { type Status, nextStatuses } from '#shared/reports/status'
import { diskBlobStore } from '#server/db/blob-store'
import { createClients } from '#server/db/clients'
import { serverKeys } from '#server/db/server-keys'
import { isGenuineAlert } from '#server/domain/alerts/alert-statement'
import type { Services } from '#server/domain/services'
import { releaseSurveys } from '#server/domain/surveys/advance-surveys'
import { aboutText, checkAnswers } from '#server/domain/surveys/answer-survey'
import { getSurvey, getSurveyResults, listSurveys } from '#server/domain/surveys/show-surveys'
import { ownerHash, receiptHash } from '#server/domain/reports/receipt'
import { aboutFile } from '#server/domain/reports/receive-file'
import { aboutReport, reportContactSchema, reportContentSchema } from '#server/domain/reports/report-content'
import { openBytes, openText, parseMasterKeys, unwrapKey } from '#server/domain/trust/envelope'
import { type KeyRing, openKeyRing } from '#server/domain/trust/key-ring'
import { openStream } from '#server/domain/trust/sealed-stream'
import { contentHash } from '#server/domain/trust/statement'
import { demoPassword } from '../../supabase/demo/people.ts'
import { markDemo } from '../../supabase/embedded/demo.ts'
import { eveningStories } from '../../supabase/demo/evening-cases.ts'
import { demoStories, seedDemo } from '../../supabase/demo/seed.ts'
import { type TestBackend, startTestBackend } from '../../supabase/embedded/test-backend.ts'

const masterKeys = `k1:${randomBytes(32).toString('base64')}`
const accounts = ['chief', 'lead', 'officer', 'officer2', 'auditor', 'admin', 'volunteer', 'resident', 'resident2'].map(name => `${name}@demo.linli`)

let backend: TestBackend
let keys: KeyRing
let blobFolder: string

beforeAll(async () => {
  backend = await startTestBackend()
  blobFolder = mkdtempSync(join(tmpdir(), 'linli-demo-'))
  // The seed belongs to a database marked demo: its accounts need no second factor there.
  await markDemo(backend.sql, true)
  await seedDemo({ sql: backend.sql, masterKeys, blobFolder })
  // As the portal opens them: over the API, from the rows that the seed left.
  keys = await openKeyRing(parseMasterKeys(masterKeys), serverKeys(createClients(backend)))
})
afterAll(async () => {
  await backend.stop()
  rmSync(blobFolder, { recursive: true, force: true })
})

const persona = (email: string) => ({ id: '', email, password: demoPassword })

async function signIn(email: string) {
  const client = await backend.signInAs(persona(email))
  const { data } = await client.auth.getSession()
  const [, payload = ''] = (data.session?.access_token ?? '').split('.')
  const { sub, session_id: session } = z.object({ sub: z.uuid(), session_id: z.uuid() }).parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
  return { client, actor: sub, session }
}

describe('the demo station', () => {
  it.each(accounts)('%s signs in with the password of the contract', async (email) => {
    expect((await signIn(email)).actor).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('gives the third officer no way to sign in', async () => {
    await expect(backend.signInAs(persona('officer3@demo.linli'))).rejects.toThrow()
  })

  it('has every community with grids, office, officer and a map', async () => {
    const { data } = await backend.guestClient().rpc('get_reference_data')
    const { station, communities, categories } = z.object({
      station: z.object({ slug: z.string() }), categories: z.array(z.unknown()),
      communities: z.array(z.object({ slug: z.string(), grids: z.array(z.unknown()), officers: z.array(z.unknown()), office: z.object({ phone: z.string() }), map: z.object({ type: z.literal('FeatureCollection') }) })),
    }).parse(data)
    expect(station.slug).toBe('qing-he')
    expect(communities.map(({ slug, grids, officers }) => [slug, grids.length, officers.length])).toEqual([['ping-an', 8, 1], ['chang-le', 7, 1], ['he-xie', 7, 2]])
    expect(categories).toHaveLength(15)
  })

  it('is full of a month of reports, none from the future', async () => {
    const [row] = await backend.sql`
      select count(*) filter (where received_at > private.clock() - interval '31 days')::int as recent, count(*) filter (where updated_at > private.clock())::int as misplaced,
        count(distinct category_code)::int as categories, count(*) filter (where is_hidden)::int as hidden, count(*) filter (where is_unverified)::int as unverified,
        count(*) filter (where merged_into is not null)::int as merged, count(*) filter (where is_about_police)::int as about_police,
        count(*) filter (where contact_mode = 'anonymous')::int as anonymous, count(*) filter (where locale = 'en')::int as english
      from public.reports`
    expect(row).toMatchObject({ recent: demoStories.length + eveningStories(new Date()).length, misplaced: 0, categories: 15, hidden: 1, merged: 1 })
    for (const part of ['unverified', 'about_police', 'anonymous', 'english']) expect(row?.[part], part).toBeGreaterThan(1)
  })

  it('has figures of two months: whole in the newest, partly hidden in the one before', async () => {
    const figures = await backend.sql`
      select f.measure, f.scope, c.slug, f.base, f.count, r.starts_on::text from public.published_figures f join public.figure_releases r on r.id = f.release_id left join public.communities c on c.id = f.community_id
      where r.period = 'month' and f.measure in ('visits', 'answers') order by r.starts_on desc, f.measure desc, f.scope desc, c.position`
    // Stories of the last weeks may lie in the newest month too; the one before is always the same.
    expect(figures.filter(({ base, count }, index) => index < 8 && (base === null || count === null))).toEqual([])
    expect(figures.slice(8).map(({ measure, slug, base, count }) => [measure, slug, base, count])).toEqual([
      ['visits', null, 40, 30], ['visits', 'ping-an', null, null], ['visits', 'chang-le', 15, 10], ['visits', 'he-xie', null, null],
      ['answers', null, 35, 30], ['answers', 'ping-an', null, null], ['answers', 'chang-le', 15, 10], ['answers', 'he-xie', null, null],
    ])
    expect(new Set(figures.map(({ starts_on: month }) => month)).size).toBe(2)
  })

  it('is sealed so that the portal opens every text, and hashed so that its statements hold', async () => {
    const reports = await backend.sql`select id, content_sealed, content_key, contact_sealed, contact_key, content_hash, nonce from public.reports`
    for (const { id, ...row } of reports) {
      const key = unwrapKey(keys.masterKeys, row.content_key, aboutReport(id, 'content'))
      const content = reportContentSchema.parse(JSON.parse(openText(key, row.content_sealed, aboutReport(id, 'content'))))
      expect(content.description.length).toBeGreaterThan(10)
      expect(contentHash(row.nonce, content)).toBe(row.content_hash)
      if (row.contact_key) reportContactSchema.parse(JSON.parse(openText(unwrapKey(keys.masterKeys, row.contact_key, aboutReport(id, 'contact')), row.contact_sealed, aboutReport(id, 'contact'))))
      const sealed = [
        ...(await backend.sql`select public_sealed as text, 'sentence' as part from public.report_events where report_id = ${id} and public_sealed is not null`),
        ...(await backend.sql`select text_sealed as text, 'message' as part from public.report_messages where report_id = ${id}`),
        ...(await backend.sql`select text_sealed as text, 'note' as part from public.report_notes where report_id = ${id}`),
      ]
      for (const { text, part } of sealed) expect(openText(key, text, aboutReport(id, part))).not.toMatch(/【|\[|^$/)
    }
  })

  it('tells stories that the rules allow: states in order, each with its log row, accepted before work', async () => {
    const reports = await backend.sql<{ id: string, status: string, reference: string }[]>`select id, status, reference from public.reports`
    for (const { id, status, reference } of reports) {
      const states = (await backend.sql<{ status: Status }[]>`select status from public.report_events where report_id = ${id} and status is not null order by id`).map(event => event.status)
      expect(states.at(-1), reference).toBe(status)
      states.slice(1).forEach((to, index) => expect(nextStatuses(states[index] ?? 'received'), reference).toContain(to))
    }
    const [counts] = await backend.sql`
      select (select count(*)::int from public.report_events where kind = 'status') as changes, (select count(*)::int from public.audit_log where action = 'report.status_changed') as logged,
        (select count(*)::int from public.report_messages where author = 'staff') as letters, (select count(*)::int from public.audit_log where action = 'report.message_sent') as sent,
        (select count(*)::int from (select at < lag(at) over (order by id) as is_back from public.audit_log) t where is_back) as backwards`
    expect(counts?.changes).toBe(counts?.logged)
    expect(counts?.letters).toBe(counts?.sent)
    expect(counts?.backwards).toBe(0)
  })

  it('shows the ladder of revisits at each of its places, with words that the portal opens', async () => {
    const rows = await backend.sql`
      select v.*, r.content_key, private.due_after(r.station_id, v.opened_at, 3) < private.clock() as is_over from public.revisits v join public.reports r on r.id = v.report_id order by v.opened_at`
    for (const { report_id: id, content_key: wrapped, record_sealed: record, comment_sealed: comment } of rows) {
      const key = unwrapKey(keys.masterKeys, wrapped, aboutReport(id, 'content'))
      for (const text of [record, comment]) if (text) expect(openText(key, text, aboutReport(id, 'revisit'))).not.toBe('')
    }
    const waiting = rows.filter(row => !row.answer && !row.stopped_at)
    const owed = waiting.filter(row => !row.visited_at)
    expect(owed.some(row => row.step === 1 && !row.is_over), 'an officer\'s visit is due').toBe(true)
    expect(owed.some(row => row.step === 1 && row.is_over), 'one is late').toBe(true)
    expect([2, 3].map(step => owed.some(row => row.step === step)), 'the lead and the chief have one').toEqual([true, true])
    expect(rows.some(row => row.answer === 'unresolved') && waiting.some(row => row.no_reply_at) && waiting.some(row => row.visited_at && !row.no_reply_at)).toBe(true)
    expect(rows.some(row => row.recorded_answer && row.answered_by === 'resident'), 'one was overturned').toBe(true)
    expect(rows.filter(row => row.answer === 'satisfied' && row.answered_by === 'resident').length).toBeGreaterThan(10)
    expect(rows.filter(row => row.opened_at > new Date() || row.visited_at > new Date()).length).toBe(0)
    const accepted = await backend.sql`select id from public.reports where accepted_at is not null`
    expect(accepted.filter(({ id }) => !rows.some(row => row.report_id === id)), 'every accepted report stands on it').toEqual([])
    expect(await backend.sql`select count(*)::int as settled from public.revisit_suggestions where done_at is not null`).toMatchObject([{ settled: 1 }])
  })

  it('has alerts of every kind, signed so that anybody can check them: one updated, one ended, one expired, one solved, one drill', async () => {
    const { data } = await backend.guestClient().rpc('list_alerts')
    const { alerts, now } = z.object({ now: z.string(), alerts: z.array(publishedAlertSchema) }).parse(data)
    const states = alerts.map(alert => `${effectiveState(alert, now)} ${alert.isExercise ? 'drill' : alert.colour ?? alert.kind} ${alert.messageType}`)

    expect(states.toSorted()).toEqual([
      'cleared red alert', 'current blue alert', 'current drill alert', 'current solved alert', 'current yellow update', 'expired notice alert', 'expired red all_clear', 'expired yellow alert', 'superseded yellow alert',
    ])
    expect(alerts.filter(alert => !isGenuineAlert(keys, alert))).toEqual([])
    expect(isGenuineAlert(keys, { ...alerts[0]!, texts: { zh: { ...alerts[0]!.texts.zh, description: '转账到这个账户' } } })).toBe(false)
    expect(alerts.find(({ kind }) => kind === 'solved')?.follows).toBe(alerts.find(({ sent }) => sent === alerts.map(alert => alert.sent).toSorted()[0])?.identifier)
  })

  it('has volunteers in several states, a route, and a patrol of two in two days that goes on every week and soon has room', async () => {
    const states = await backend.sql`select v.state, count(*)::integer as people from public.volunteers v group by v.state order by v.state`
    expect(states.map(({ state, people }) => `${state} ${people}`)).toEqual(['active 2', 'applied 1', 'enrolled 1', 'refused 1'])
    const shifts = await backend.sql`select lower(s.period) > private.clock() + interval '1 day' as is_ahead, (select count(*)::integer from public.shift_places p where p.shift_id = s.id and p.state = 'confirmed') as people from public.patrol_shifts s where s.state = 'open' order by lower(s.period)`
    expect(shifts).toEqual([2, 2, 1, 0].map(people => ({ is_ahead: true, people })))
    expect(await backend.sql`select from public.patrol_checkpoints`).toHaveLength(3)
  })

  it('has two rounds of a survey whose results the job publishes, with a trend and weights, and one that is open with a branch', async () => {
    const clients = createClients(backend)
    const rows = await backend.sql<{ survey_id: string, source: string, answers: Record<string, string | null>, definition: unknown }[]>`select r.survey_id, r.source, r.answers, s.definition from private.survey_responses r join private.surveys s on s.id = r.survey_id`
    expect(rows.filter(({ source }) => source === 'ballot')).toHaveLength(420 + 336)
    for (const { answers, definition } of rows) expect(checkAnswers(definitionSchema.parse(definition), answers, true), 'only what lies on the way').toEqual(answers)
    const texts = await backend.sql<{ survey_id: string, question: string, text_sealed: string }[]>`select survey_id, question, text_sealed from private.survey_texts`
    expect(texts.filter(({ survey_id: id, question, text_sealed: sealed }) => openText(keys.secret('outbox').key, sealed, aboutText(id, question)).length > 8)).toHaveLength(12)

    expect(await releaseSurveys({ clients } as Services)).toEqual({ released: 2 })

    const { surveys } = await listSurveys({ clients } as Services)
    expect(surveys.map(({ state, mode }) => `${state} ${mode}`)).toEqual(['open ballot', 'closed ballot', 'closed ballot'])
    const open = await getSurvey({ clients } as Services, surveys[0]!.id)
    expect(checkFlow(open.survey.definition)).toEqual([])
    expect(open.survey.definition.questions.flatMap(({ branches }) => branches)).toHaveLength(1)
    const results = await getSurveyResults({ clients } as Services, surveys[1]!.id)
    expect(results.turnout).toMatchObject({ base: 720, count: 420 })
    expect(results.weights).toMatchObject({ isMet: true })
    const [safety] = results.questions
    expect(safety?.communities.map(({ communities }) => communities)).toEqual([['ping-an'], ['chang-le'], ['he-xie']])
    const shares = safety?.trend.map(({ rate }) => rate?.percent ?? 0) ?? []
    expect(shares).toHaveLength(2)
    expect(shares[1]! > shares[0]! && shares[1]! < 95, shares.join(' → ')).toBe(true)
  })

  it('opens the documented report with its receipt', async () => {
    const receipt = parseReceipt('DEM0-DEM0-DEM0-DEM0-DEM0-DEM0') ?? ''
    const { data } = await backend.serviceClient().rpc('track_report', { p: { reference: 'LL-DEM0-2026', access: { receipt_hash: receiptHash(keys, receipt) }, guess_limits: [] } })
    expect(data).toMatchObject({ ok: true, viewer: 'reporter', report: { category: 'fire_hazard', status: 'in_progress' } })
  })

  it('shows a photo with the documented report: a viewing copy without metadata, no original (RULES G3)', async () => {
    const [file] = await backend.sql`
      select a.id, a.key_sealed, a.view_blob, a.original_blob, a.media_type, r.id as report_id, r.content_key
      from public.report_attachments a join public.reports r on r.id = a.report_id where r.reference = 'LL-DEM0-2026'`
    const contentKey = unwrapKey(keys.masterKeys, file?.content_key, aboutReport(file?.report_id, 'content'))
    const sealed = await diskBlobStore(blobFolder).get(file?.view_blob)
    const fileKey = Buffer.from(openBytes(contentKey, file?.key_sealed, aboutReport(file?.report_id, 'file')))
    const picture = sharp(await buffer(sealed?.pipe(openStream(fileKey, aboutFile(file?.id, 'view'))) ?? Readable.from([])))

    const { format, width, exif } = await picture.metadata()
    const { channels } = await picture.stats()

    expect(file).toMatchObject({ media_type: 'image/jpeg', original_blob: null })
    expect([format, width, exif]).toEqual(['jpeg', 1280, undefined])
    expect(Math.max(...channels.map(({ stdev }) => stdev)), 'the picture shows something').toBeGreaterThan(20)
  })

  it('shows the residents their named and sealed reports', async () => {
    for (const [email, least] of [['resident@demo.linli', 4], ['resident2@demo.linli', 4]] as const) {
      const { actor, session } = await signIn(email)
      const { data } = await backend.serviceClient().rpc('list_my_reports', { p: { actor, session, owner_hash: ownerHash(keys, actor) } })
      const { reports } = z.object({ reports: z.array(z.object({ contact_mode: z.enum(['named', 'sealed']) })) }).parse(data)
      expect(reports.length, email).toBeGreaterThanOrEqual(least)
      expect(new Set(reports.map(report => report.contact_mode))).toEqual(new Set(['named', 'sealed']))
    }
  })

  it('has something to follow instead of filing it again', async () => {
    const { data } = await backend.guestClient().rpc('nearby_reports', { p_category: 'fire_hazard', p_grid: (await backend.sql<{ id: string }[]>`select id from public.grids where code = 'PA-05'`)[0]?.id })
    expect(data).toMatchObject([{ reference: 'LL-DEM0-2026', summary: expect.stringContaining('14 号楼') }])
  })

  it('hides complaints about an officer from that officer', async () => {
    const { client } = await signIn('officer@demo.linli')
    const about = await backend.sql<{ reference: string }[]>`select reference from public.reports where is_about_police`
    const { data } = await client.from('reports').select('reference')
    const seen = (data ?? []).map(({ reference }) => reference)
    expect(seen.length).toBeGreaterThan(10)
    expect(about.filter(({ reference }) => seen.includes(reference))).toEqual([])
  })
})
