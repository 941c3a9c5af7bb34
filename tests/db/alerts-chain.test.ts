import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { type ActedOn, mayDo } from '#shared/alerts/alert-rights'
import { effectiveState } from '#shared/alerts/effective-state'
import { publishedAlertSchema } from '#shared/alerts/published-alert'
import { type Alert, aForm, aText, alertOf, decide, deskCall, hours, publish, published, saved, start } from './alerts-builder.ts'
import type { Answer } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

const people = ['officer_wang', 'lead_zhao', 'chief_sun', 'chief_qian'] as const
const whoever = fc.constantFrom(...people)
/** What somebody does next to the draft of the chain that is open, or to what it published last. */
const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ who: whoever, act: fc.constantFrom('update', 'update', 'cancel', 'all_clear') }) },
  { weight: 3, arbitrary: fc.record({ who: whoever, act: fc.constant('save'), colour: fc.constantFrom('blue', 'yellow', 'orange', 'red') }) },
  { weight: 7, arbitrary: fc.record({ who: whoever, act: fc.constantFrom('submit', 'submit', 'return', 'approve', 'publish', 'publish', 'override') }) },
  { weight: 1, arbitrary: fc.record({ who: whoever, act: fc.constant('expire') }) },
)
/** Random acts alone seldom get a follow-up out: now and then somebody goes the whole way, and another publishes. */
const wholeWay = fc.record({ who: fc.constantFrom('lead_zhao', 'chief_sun'), next: fc.constantFrom('update', 'update', 'cancel', 'all_clear'), colour: fc.constantFrom('blue', 'red'), publisher: whoever, ending: fc.constantFrom('publish', 'override') })
  .map(({ who, next, colour, publisher, ending }): Act[] => [{ who, act: next }, { who, act: 'save', colour }, { who, act: 'submit' }, { who: publisher, act: ending }])
const steps = fc.array(fc.oneof({ weight: 6, arbitrary: act.map((one): Act[] => [one]) }, { weight: 1, arbitrary: wholeWay }), { minLength: 14, maxLength: 28 }).map(parts => parts.flat())
type Act = { who: typeof people[number], act: string, colour?: string }

const factsSchema = z.object({
  identifier: z.string(), message_type: z.enum(['alert', 'update', 'cancel', 'all_clear']), kind: z.literal('warning'), colour: z.enum(['blue', 'yellow', 'orange', 'red']), state: z.enum(['draft', 'in_review', 'published', 'discarded']),
  effective_state: z.enum(['current', 'expired', 'superseded', 'cancelled', 'cleared']).nullable(), needs_second_person: z.boolean(), created_by: z.object({ id: z.string() }), edited_by: z.object({ id: z.string() }),
  approved_by: z.object({ id: z.string() }).nullable(), override_reason: z.string().nullable(), community_ids: z.array(z.string()), revision: z.number(),
})

it('of any chain at most one message counts, references are exactly what counted before, and no red one went out alone', async () => {
  await fc.assert(fc.asyncProperty(whoever, fc.constantFrom('blue', 'orange', 'red'), fc.boolean(), steps, async (author, colour, isPublished, acts) => {
    const first = isPublished ? await published(world, { colour }) : await saved(world, author, { colour })
    const before = new Map<string, string[]>(isPublished ? [[first.identifier, []]] : [])
    for (const next of acts) {
      const chain = await chainOf(first)
      const answer = await doAct(chain, next, first)
      if (answer?.published) before.set(answer.published, chain.filter(({ effective_state: state }) => state === 'current').map(({ identifier }) => identifier))
      await check(await chainOf(first), before)
    }
  }), { numRuns: 20, endOnFailure: true })

  // The walk got about: it published, followed, overrode and was refused for want of a second person.
  const [seen] = await world.sql`select count(*) filter (where state = 'published')::int as published, count(*) filter (where state = 'published' and message_type <> 'alert')::int as later,
    count(*) filter (where state = 'published' and colour in ('orange', 'red') and approved_by is not null)::int as approved, count(*) filter (where override_reason is not null)::int as overridden
    from public.alerts where station_id = ${world.station.home}`
  const [refused] = await world.sql`select count(*)::int as publications from public.audit_log where station_id = ${world.station.home} and action = 'alert.publish_refused'`
  for (const count of [...Object.values(seen ?? {}), refused?.publications]) expect(count).toBeGreaterThan(0)
}, 120_000)

type Facts = z.infer<typeof factsSchema>
const chainOf = async ({ identifier }: Pick<Alert, 'identifier'>): Promise<Facts[]> => z.array(factsSchema).parse((await deskCall(world, 'chief_sun', 'read_desk_alert', { identifier })).chain)

async function doAct(chain: Facts[], { who, act: name, colour }: Act, first: Alert): Promise<{ published?: string } | undefined> {
  const open = chain.find(({ state }) => state === 'draft' || state === 'in_review')
  const last = chain.filter(({ state }) => state === 'published').at(-1)
  if (name === 'expire') {
    if (last?.effective_state === 'current') await expire(last.identifier)
    return undefined
  }
  if (name === 'update' || name === 'cancel' || name === 'all_clear') {
    if (!last) return undefined
    const answer = await start(world, who, last, name)
    agrees(answer, mayDo(name, actedOn(last), personOf(who)) && !open, `${who} ${name}`)
    return undefined
  }
  if (!open) return undefined
  const alert = { ...open, state: open.state } as unknown as Alert
  const [acted, me] = [actedOn(open), personOf(who)]
  // What a follow-up is about may have ended meanwhile: that is no question of rights.
  const isInTime = open.message_type === 'alert' || last?.effective_state === 'current'
  switch (name) {
    case 'save':
      agrees(await deskCall(world, who, 'save_alert', aForm(world, { identifier: open.identifier, revision: open.revision, colour, texts: { zh: aText('改过的标题') }, expires: hours(24) })), mayDo('edit', acted, me), `${who} saves`)
      return undefined
    case 'submit': case 'approve': case 'return': {
      const answer = await decide(world, who, alert, name, { reason: '请再改一改' })
      if (name !== 'submit' && isInTime && !answer.ok) expect(mayDo(name, acted, me) && acted.approvedBy === null, `${who} ${name} ${answer.code}`).toBe(false)
      return undefined
    }
    default: {
      const answer = await publish(world, who, alert, name === 'override' ? 'nobody else is on duty tonight' : undefined)
      const allowed = mayDo('publish', acted, me) || (name === 'override' && mayDo('override', acted, me))
      if (answer.ok) expect(allowed, `${who} ${name} was let through: ${JSON.stringify(acted)}`).toBe(true)
      else if (allowed) expect(['alert_ended', 'alert_incomplete'], `${who} ${name} of ${first.identifier}`).toContain(name === 'override' && me.role !== 'chief' ? 'alert_ended' : answer.code)
      return answer.ok ? { published: alertOf(answer).identifier } : {}
    }
  }
}

const agrees = (answer: Answer, expected: boolean, what: string) => expect(answer.ok, `${what}: ${answer.code ?? 'done'}`).toBe(expected)

const roles: Partial<Record<Person, string>> = { officer_wang: 'officer', lead_zhao: 'lead', chief_sun: 'chief', chief_qian: 'chief' }
const personOf = (who: typeof people[number]) => ({ id: world.person[who].id, role: roles[who] ?? '', communityIds: who === 'officer_wang' ? [world.community.pingAn] : [] })
const actedOn = (facts: Facts): ActedOn => ({
  state: facts.state, effectiveState: facts.effective_state, messageType: facts.message_type, kind: facts.kind, colour: facts.colour, needsSecondPerson: facts.needs_second_person,
  createdBy: facts.created_by.id, editedBy: facts.edited_by.id, approvedBy: facts.approved_by?.id ?? null, communityIds: facts.community_ids,
})

async function check(chain: Facts[], before: Map<string, string[]>) {
  expect(chain.filter(({ effective_state: state }) => state === 'current').length).toBeLessThanOrEqual(1)
  for (const facts of chain.filter(({ state }) => state === 'published')) {
    const { data } = await world.guest.rpc('get_alert', { p_identifier: facts.identifier })
    const { alert: raw, now, state } = z.object({ alert: z.unknown(), now: z.string(), state: z.string() }).parse(data)
    const alert = publishedAlertSchema.parse(raw)
    expect(alert.references.map(({ identifier }) => identifier)).toEqual(before.get(facts.identifier))
    // The pure rule of the pages and that of the database are one.
    expect(effectiveState(alert, now)).toBe(state)
    const isSecond = facts.approved_by !== null && facts.approved_by.id !== facts.created_by.id && facts.approved_by.id !== facts.edited_by.id
    const follows = chain.filter(({ identifier }) => before.get(facts.identifier)?.includes(identifier))
    if ([facts, ...follows].some(({ colour }) => colour === 'orange' || colour === 'red')) expect(isSecond || facts.override_reason !== null).toBe(true)
  }
}

/** Time cannot be waited for: the owner of the table, without its triggers, lets it run out. */
const expire = (identifier: string) => world.sql.begin(async (sql) => {
  await sql`set local session_replication_role = replica`
  // The content says it too: what a page is shown and what the row says stay one.
  await sql`update public.alerts set published_at = published_at - interval '2 days', expires_at = date_trunc('second', now() - interval '1 minute'),
    content = content || jsonb_build_object('expires', to_char(date_trunc('second', now() - interval '1 minute') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) where identifier = ${identifier}`
})
