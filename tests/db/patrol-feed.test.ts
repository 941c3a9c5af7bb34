import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { patrolActs } from './patrols-builder.ts'
import { answerOf } from './reports-builder.ts'
import { type Resident, type World, buildWorld } from './world.ts'

let world: World
const { call, own, enrolled, aShift, signUp, clear } = patrolActs(() => world)
const aHash = () => `k-1:${randomBytes(32).toString('hex')}`
const feedSchema = z.object({ feed: z.uuid(), locale: z.string(), shifts: z.array(z.object({ id: z.uuid(), state: z.string(), sequence: z.number(), revised_at: z.string(), place: z.unknown() })) })
const change = async (who: Resident, tokenHash: string | null) => answerOf(world.server.rpc('change_calendar_feed', { p: { ...await world.actor(who), token_hash: tokenHash } }))
const read = async (tokenHash: string) => answerOf(world.server.rpc('read_calendar_feed', { p: { token_hash: tokenHash } }))
const shiftsOf = async (tokenHash: string) => feedSchema.parse(await read(tokenHash)).shifts
const feedOf = async (who: Resident) => answerOf((await world.as(who)).rpc('get_calendar_feed'))

beforeAll(async () => { world = await buildWorld() })
beforeEach(() => clear())
afterAll(() => world?.close())

describe('the calendar of a volunteer', () => {
  it('is made, renewed and ended by its volunteer; an address that was renewed or ended is unknown', async () => {
    await enrolled('amina_resident')
    const [first, second] = [aHash(), aHash()]

    expect(await feedOf('amina_resident')).toMatchObject({ ok: true, feed: null })
    expect(await change('amina_resident', null)).toMatchObject({ code: 'not_found' })
    expect(await change('amina_resident', first)).toMatchObject({ ok: true })
    const { feed } = feedSchema.parse(await read(first))
    await change('amina_resident', second)
    expect(await read(first)).toMatchObject({ code: 'not_found' })
    expect(feedSchema.parse(await read(second)).feed, 'the calendar stays the same one').toBe(feed)
    await change('amina_resident', null)
    expect(await read(second)).toMatchObject({ code: 'not_found' })
    expect((await world.sql`select action, actor_id from public.audit_log where action like 'volunteer.calendar%' order by id`).slice(-3)).toEqual([
      { action: 'volunteer.calendar_made', actor_id: null }, { action: 'volunteer.calendar_made', actor_id: null }, { action: 'volunteer.calendar_ended', actor_id: null },
    ])
  })

  it('is for volunteers on the roster only, and keeps of its reading no more than the day', async () => {
    expect(await change('bo_resident', aHash())).toMatchObject({ code: 'not_enrolled' })
    await enrolled('bo_resident', { state: 'applied' })
    expect(await change('bo_resident', aHash())).toMatchObject({ code: 'not_enrolled' })
    await world.sql`update public.volunteers set state = 'active' where user_id = ${world.person.bo_resident.id}`
    const hash = aHash()
    await change('bo_resident', hash)
    expect(await feedOf('bo_resident')).toMatchObject({ feed: { last_read_on: null } })

    await read(hash)

    const [day] = await world.sql<{ day: string }[]>`select private.day_at(${world.station.home}, private.clock())::text as day`
    expect(await feedOf('bo_resident')).toMatchObject({ feed: { last_read_on: day?.day } })
  })

  it('says a new sequence after each change of the shift and of one\'s place, never a lower one', async () => {
    await enrolled('amina_resident')
    const [bo, hash, shift] = [await enrolled(), aHash(), await aShift({ startsIn: 48, maximum: 2 })]
    await change('amina_resident', hash)
    await signUp(bo, shift)
    const seen: { state: string, sequence: number, revised_at: string }[] = []
    const look = async () => seen.push(...(await shiftsOf(hash)).filter(({ id }) => id === shift))

    await own('amina_resident', 'sign_up', { shift })
    await look()
    await own('amina_resident', 'leave', { shift })
    await look()
    await own('amina_resident', 'sign_up', { shift })
    await look()
    await call('lead_zhao', 'cancel_patrol_shift', { id: shift, reason: 'Rain' })
    await look()

    expect(seen.map(({ state, sequence }) => [state, sequence])).toEqual([['confirmed', 0], ['left', 1], ['confirmed', 2], ['cancelled', 4]])
    expect(seen.map(({ revised_at: at }) => at)).toEqual(seen.map(({ revised_at: at }) => at).toSorted((one, other) => Date.parse(one) - Date.parse(other)))
  })

  it('holds nobody else\'s shifts, and those that are over for 60 days', async () => {
    const id = await enrolled('amina_resident', { attended: 1 })
    const [bo, hash, other] = [await enrolled(), aHash(), await aShift()]
    await signUp(bo, other)
    await change('amina_resident', hash)
    const past = async (daysAgo: number) => {
      const shift = await aShift({ startsIn: -24 * daysAgo })
      await world.sql`insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at) select s.id, ${id}, s.period, 'left', false, now() from public.patrol_shifts s where s.id = ${shift}`
      return shift
    }
    const [kept, gone] = [await past(59), await past(61)]

    const ids = (await shiftsOf(hash)).map(shift => shift.id)

    expect(ids).toContain(kept)
    expect(ids).not.toContain(gone)
    expect(ids).not.toContain(other)
  })

  it('goes with the account, and with the contact after its term', async () => {
    const [amina, bo] = [await enrolled('amina_resident'), await enrolled('bo_resident')]
    const hashes = [aHash(), aHash()] as const
    await change('amina_resident', hashes[0])
    await change('bo_resident', hashes[1])
    await world.sql`insert into private.volunteer_contacts (volunteer_id, contact_sealed) values (${bo}, 'v1.x')`

    await world.sql`update public.volunteers set user_id = null where id = ${amina}`
    await world.sql`delete from private.volunteer_contacts where volunteer_id = ${bo}`

    expect(await world.sql`select from private.calendar_feeds where volunteer_id in (${amina}, ${bo})`).toHaveLength(0)
    for (const hash of hashes) expect(await read(hash)).toMatchObject({ code: 'not_found' })
  })

  it('stands in the copy of the account by its days, without its address', async () => {
    const hash = aHash()
    const copy = async () => JSON.stringify(await world.sql`select private.volunteer_copy(${world.person.amina_resident.id}) as copy`)
    expect(await copy(), 'nobody on the roster').toBe('[{"copy":null}]')
    await enrolled('amina_resident')
    expect(await copy()).toContain('"calendar":null')
    await change('amina_resident', hash)

    expect(await copy()).toMatch(/"calendar":\{[^}]*"created_at":"\d/)
    expect(await copy()).not.toContain(hash)
  })

  it('of whoever left shows for 60 days that nothing is left of it', async () => {
    const [id, hash] = [await enrolled('amina_resident'), aHash()]
    await change('amina_resident', hash)
    await world.sql`update public.volunteers set state = 'left', changed_at = now() - interval '59 days' where id = ${id}`
    expect(await read(hash)).toMatchObject({ ok: true })

    await world.sql`update public.volunteers set changed_at = now() - interval '61 days' where id = ${id}`

    expect(await read(hash)).toMatchObject({ code: 'not_found' })
  })
})
