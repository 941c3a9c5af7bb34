import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Sql, TransactionSql } from 'postgres'
import { diskBlobStore } from '../../server/db/blob-store.ts'
import { accountHash, ownerHash } from '../../server/domain/reports/receipt.ts'
import { receiveFile } from '../../server/domain/reports/receive-file.ts'
import type { DraftFile } from '../../server/domain/reports/submit-report.ts'
import { parseMasterKeys } from '../../server/domain/trust/envelope.ts'
import { type KeyRing, openKeyRing } from '../../server/domain/trust/key-ring.ts'
import { seedDemoChats } from './chats.ts'
import { drawPhoto } from './draw-photo.ts'
import { seedDemoAlerts } from './seed-alerts.ts'
import { seedDutyRoster } from './duty-roster.ts'
import { earlierStories } from './earlier-cases.ts'
import { eveningStories } from './evening-cases.ts'
import { seedPatrols } from './patrols.ts'
import { seedRatings } from './ratings.ts'
import { seedPeople } from './people.ts'
import { seedPlaces } from './places.ts'
import { seedSurveys } from './surveys.ts'
import { publishNotice } from './publish-notice.ts'
import { releaseDemoFigures } from './release-figures.ts'
import { changLeStories } from './stories/chang-le.ts'
import { heXieStories } from './stories/he-xie.ts'
import { ladderStories } from './stories/ladder.ts'
import { pingAnStories } from './stories/ping-an.ts'
import type { Story } from './story.ts'
import { type Category, type Told, tellStory } from './tell-story.ts'

/** A month of reports, told from three communities. */
export const demoStories: Story[] = [...pingAnStories, ...changLeStories, ...heXieStories, ...ladderStories]

/**
 * Fills an empty database with the demo station: places, people, a month of reports, and solved cases of the two months whose figures are out, in one transaction.
 * @param sql superuser: rows are written directly, as no function could, because they lie in the past
 * @param blobFolder where the portal keeps sealed files
 * @param masterKeys `id:base64,…`, the portal's own, so that it opens what is sealed here
 */
export async function seedDemo({ sql, masterKeys, blobFolder }: { sql: Sql, masterKeys: string, blobFolder: string }): Promise<void> {
  const photos = await keepPhotos(blobFolder)
  await sql.begin(async (transaction) => {
    const keys = await openKeys(transaction, masterKeys)
    const [clock] = await transaction<{ now: Date }[]>`select private.clock() as now`
    const now = clock?.now ?? new Date()
    const places = await seedPlaces(transaction)
    const people = await seedPeople(transaction, places.stationId, places.communityIds, new Date(now.getTime() - 400 * 86_400_000))
    const categories = await transaction<Category[]>`select code, visibility, urgency, is_about_police from public.categories`
    const templates = await transaction<{ slug: string, body: { zh: string, en: string } }[]>`select slug, body from public.response_templates`
    const bannedId = randomUUID()
    const world = {
      now, keys, people, places, bannedId, photos,
      categories: new Map(categories.map(category => [category.code, category])),
      sentences: new Map(templates.map(({ slug, body }) => [slug, body])),
    }
    const told = demoStories.map(story => ({ key: story.key, ...tellStory(story, world) }))
    const spam = spamOf(told, keys, bannedId)
    spam.log.push({ at: spam.report.updated_at, station_id: places.stationId, actor_id: people.staff.lead.id, actor_role: 'lead', action: 'report.sender_banned', noun: 'reports', noun_id: spam.report.id, details: {} })
    await keep(transaction, [...told, ...[...earlierStories(now), ...eveningStories(now)].map(story => tellStory(story, world))])
    await ban(transaction, spam, keys, bannedId, people.staff.lead.id)
    await seedDutyRoster(transaction, places.stationId, people)
    await seedDemoChats(transaction, keys, { now, ...places, officer: people.staff.officer.id })
    await publishNotice(transaction, told, people)
    await seedDemoAlerts(transaction, keys, { now, ...places, people })
    await seedPatrols(transaction, keys, { now, ...places, people })
    await seedRatings(transaction, { now, stationId: places.stationId, leadId: people.staff.lead.id })
    await seedSurveys(transaction, { now, keys, ...places, officerId: people.staff.officer.id, leadId: people.staff.lead.id })
    await releaseDemoFigures(transaction)
  })
}

/** Takes in the pictures of the stories as the portal does: sealed, with a viewing copy, without the original. */
async function keepPhotos(blobFolder: string): Promise<Map<string, DraftFile>> {
  const blobs = diskBlobStore(blobFolder)
  const names = new Set(demoStories.flatMap(({ photo }) => photo ?? []))
  const photos = new Map<string, DraftFile>()
  for (const name of names) photos.set(name, await receiveFile({ blobs }, Readable.from([await drawPhoto(name)]), { keepsOriginal: false }))
  return photos
}

/** The portal's own key ring, over the superuser's connection instead of the API. */
function openKeys(sql: TransactionSql, masterKeys: string): Promise<KeyRing> {
  return openKeyRing(parseMasterKeys(masterKeys), {
    list: () => sql<{ id: string, purpose: string, wrapped: string }[]>`select id, purpose, wrapped from private.server_keys order by created_at, id`,
    async add(id, purpose, wrapped) {
      await sql`insert into private.server_keys (id, purpose, wrapped) values (${id}, ${purpose}, ${wrapped})`
      return wrapped
    },
  })
}

/** Logs and timelines are numbered in the order of time, whichever report they belong to. */
async function keep(sql: TransactionSql, told: (Told & { key?: string })[]): Promise<void> {
  const byTime = <Row extends { at: Date }>(rows: Row[]) => rows.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  await sql`insert into public.reports ${sql(told.map(({ report }) => report))}`
  for (const { report, mergesInto, log } of told) {
    if (!mergesInto) continue
    const into = told.find(({ key }) => key === mergesInto)?.report.id
    if (!into) throw new Error(`no demo story is called ${mergesInto}`)
    await sql`update public.reports set merged_into = ${into} where id = ${report.id}`
    for (const entry of log) if (entry.action === 'report.merged') entry.details = { into }
  }
  await sql`insert into public.report_messages ${sql(byTime(told.flatMap(({ messages }) => messages)))}`
  await sql`insert into public.report_attachments ${sql(told.flatMap(({ attachments }) => attachments))}`
  await sql`insert into public.report_notes ${sql(byTime(told.flatMap(({ notes }) => notes)))}`
  await sql`insert into public.revisits ${sql(told.flatMap(({ revisits }) => revisits).map(row => ({ ...row, topics: row.topics && sql.json(row.topics) })))}`
  await sql`insert into public.revisit_suggestions ${sql(told.flatMap(({ suggestions }) => suggestions))}`
  await sql`insert into public.report_followers ${sql(told.flatMap(({ followers }) => followers))}`
  await sql`insert into public.report_events ${sql(byTime(told.flatMap(({ events }) => events)))}`
  await sql`insert into public.audit_log ${sql(byTime(told.flatMap(({ log }) => log)).map(entry => ({ ...entry, details: sql.json(entry.details) })))}`
  const mails = byTime(told.flatMap(({ mails }) => mails)).map(({ at, ...mail }) => ({ ...mail, created_at: at, send_after: at, channel: 'email', noun: 'reports', status: 'sent', attempts: 1, settled_at: at, sent_by: 'mailbox' }))
  await sql`insert into public.outbox ${sql(mails)}`
}

function spamOf(told: Told[], keys: KeyRing, bannedId: string): Told {
  const spam = told.find(({ report }) => report.owner_hash === ownerHash(keys, bannedId) && report.closed_reason === 'spam')
  if (!spam) throw new Error('the demo has no spam')
  return spam
}

/** The sender of the spam is banned after it: what came later is hidden. */
async function ban(sql: TransactionSql, { report }: Told, keys: KeyRing, bannedId: string, leadId: string): Promise<void> {
  for (const subject of [accountHash(keys, bannedId), ownerHash(keys, bannedId)]) {
    await sql`
      insert into public.bans (station_id, kind, subject_hash, report_id, reason, created_by, created_at)
      values (${report.station_id}, 'account', ${subject}, ${report.id}, '反复发送广告', ${leadId}, ${report.updated_at})`
  }
}
