import { randomUUID } from 'node:crypto'
import type { TransactionSql } from 'postgres'
import { signAlert } from '../../server/domain/alerts/alert-statement.ts'
import type { KeyRing } from '../../server/domain/trust/key-ring.ts'
import { alertContentSchema } from '../../shared/alerts/published-alert.ts'
import { isUrgentColour } from '../../shared/alerts/alert-colours.ts'
import { alertStories, type AlertStory } from './alert-stories.ts'
import type { DemoPeople } from './people.ts'

interface Told { id: string, chainId: string }

/** Publishes the alerts of the demo as the desk would have, at times that lie in the past: written by the officer or lead, approved by the chief where that is asked. */
export async function seedDemoAlerts(sql: TransactionSql, keys: KeyRing, { now, stationId, communityIds, people: { staff } }: { now: Date, stationId: string, communityIds: ReadonlyMap<string, string>, people: DemoPeople }): Promise<void> {
  const told = new Map<string, Told>()
  const at = (hours: number) => new Date(Math.floor(now.getTime() / 1000 + hours * 3600) * 1000)
  for (const story of alertStories) {
    const id = randomUUID()
    const base = found(told, story.ends)
    const message = { id, chainId: base?.chainId ?? id }
    const [sent, written] = [at(story.sentHours), at(story.sentHours - 0.4)]
    const [urgency, severity, certainty] = story.words
    const needsTwo = isUrgentColour(story.colour)
    await sql`insert into public.alerts ${sql({
      id, station_id: stationId, chain_id: message.chainId, message_type: story.type ?? 'alert', base_id: base?.id ?? null, is_exercise: story.isExercise ?? false, kind: story.kind, colour: story.colour, event_code: story.event,
      urgency, severity, certainty, expires_at: at(story.expiresHours), follows_id: found(told, story.follows)?.id ?? null, contact: story.contact ?? null,
      created_at: written, created_by: staff.lead.id, edited_at: written, edited_by: staff.lead.id, submitted_at: written, submitted_by: staff.lead.id,
      ...(needsTwo && { approved_at: sent, approved_by: staff.chief.id }),
    })}`
    await sql`select private.write_alert_parts(a, ${sql.json(textsOf(story))}, ${sql.json(areasOf(story, communityIds))}) from public.alerts a where a.id = ${id}`
    const [row] = await sql<{ content: unknown }[]>`select private.alert_content(a, ${sent}) as content from public.alerts a where a.id = ${id}`
    const content = alertContentSchema.parse(row?.content)
    await endBase(sql, { id, sent, type: story.type ?? 'alert' }, base)
    await sql`update public.alerts set state = 'published', published_at = ${sent}, published_by = ${needsTwo ? staff.chief.id : staff.lead.id}, content = ${sql.json(content)}, statement = ${sql.json(signAlert(keys, content))},
      changed_number = nextval('private.alert_changes') where id = ${id}`
    told.set(story.key, message)
  }
}

function found(told: ReadonlyMap<string, Told>, key: string | undefined): Told | undefined {
  if (key === undefined) return undefined
  const story = told.get(key)
  if (!story) throw new Error(`no alert of the demo before this one is called ${key}`)
  return story
}

async function endBase(sql: TransactionSql, { id, sent, type }: { id: string, sent: Date, type: string }, base: Told | undefined): Promise<void> {
  if (!base) return
  await sql`insert into public.alert_references (alert_id, referenced_id) values (${id}, ${base.id})`
  await sql`update public.alerts set ended_at = ${sent}, ended_by_id = ${id}, ended_by_type = ${type}, changed_number = nextval('private.alert_changes') where id = ${base.id}`
}

const textsOf = ({ texts: { zh, en } }: AlertStory) => ({ zh: { ...zh }, ...(en && { en: { ...en } }) })

const areasOf = ({ communities }: AlertStory, ids: ReadonlyMap<string, string>) =>
  communities.length === 0 ? [{ kind: 'station' }] : communities.map(slug => ({ kind: 'community', community: ids.get(slug) ?? '' }))
