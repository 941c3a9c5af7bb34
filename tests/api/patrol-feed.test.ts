import ICAL from 'ical.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { newFeedSchema, ownFeedSchema } from '#shared/patrols/feed-schema'
import { savedShiftSchema } from '#shared/patrols/patrol-schema'
import { problemOf, send, signedIn } from './portal-client.ts'

const cookies: Record<string, string> = {}
let community = ''
beforeAll(async () => {
  for (const who of ['lead', 'resident2', 'volunteer'] as const) cookies[who] = await signedIn(who)
  const { communities } = z.object({ communities: z.array(z.object({ id: z.uuid(), slug: z.string() })) }).parse((await send('GET', '/api/desk/reference', as('lead'))).body)
  community = communities.find(({ slug }) => slug === 'ping-an')?.id ?? ''
})
const as = (who: string) => ({ cookie: cookies[who] ?? '' })
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
const make = async () => new URL(newFeedSchema.parse((await send('POST', '/api/patrols/calendar', { ...as('volunteer'), json: {} })).body).address).pathname

/** The entry of a shift as a calendar reads it. */
async function entryOf(path: string, shift: string) {
  const { status, type, text } = await send('GET', path)
  expect([status, type]).toEqual([200, 'text/calendar; charset=utf-8'])
  const event = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').find(found => found.getFirstPropertyValue('uid') === shift)
  return event && {
    status: event.getFirstPropertyValue('status'), sequence: Number(event.getFirstPropertyValue('sequence')),
    startsAt: (event.getFirstPropertyValue('dtstart') as ICAL.Time).toJSDate().getTime(), revisedAt: (event.getFirstPropertyValue('last-modified') as ICAL.Time).toJSDate().getTime(),
  }
}

describe('the calendar that a volunteer\'s phone subscribes to', () => {
  it('follows a shift that moves and is called off, each time as a newer entry', async () => {
    const path = await make()
    const plan = { community, type: 'on_foot', startsAt: inHours(6.5), endsAt: inHours(7.5), needed: 2, maximum: 3 }
    const { shift } = savedShiftSchema.parse((await send('POST', '/api/desk/patrols/shifts', { ...as('lead'), json: plan })).body)
    expect(await entryOf(path, shift.id), 'not theirs yet').toBeUndefined()
    expect((await send('POST', `/api/patrols/shifts/${shift.id}/signup`, { ...as('volunteer'), json: {} })).status).toBe(200)
    const signedUp = await entryOf(path, shift.id)
    const moved = { ...plan, startsAt: inHours(8), endsAt: inHours(9), sequence: shift.sequence }
    expect((await send('POST', `/api/desk/patrols/shifts/${shift.id}`, { ...as('lead'), json: moved })).status).toBe(200)
    const afterMove = await entryOf(path, shift.id)
    expect((await send('POST', `/api/desk/patrols/shifts/${shift.id}/cancel`, { ...as('lead'), json: { reason: '下大雨' } })).status).toBe(200)
    const afterCancel = await entryOf(path, shift.id)

    expect([signedUp, afterMove, afterCancel].map(entry => entry?.status)).toEqual(['CONFIRMED', 'CONFIRMED', 'CANCELLED'])
    expect(Math.floor(Date.parse(moved.startsAt) / 1000)).toBe((afterMove?.startsAt ?? 0) / 1000)
    expect(afterMove?.sequence).toBeGreaterThan(signedUp?.sequence ?? 0)
    expect(afterCancel?.sequence).toBeGreaterThan(afterMove?.sequence ?? 0)
    expect(afterCancel?.revisedAt).toBeGreaterThanOrEqual(afterMove?.revisedAt ?? 0)
  })

  it('is asked for again without being sent again, and kept by nobody on the way', async () => {
    const path = await make()
    const { headers } = await send('GET', path)

    const again = await send('GET', path, { headers: { 'if-none-match': headers.get('etag') ?? '' } })

    expect([again.status, again.text]).toEqual([304, ''])
    expect(headers.get('cache-control')).toBe('private, no-cache')
    expect(headers.get('etag')).toMatch(/^"[\w-]{27}"$/)
  })

  it('has an address that a new one ends, and that is told once', async () => {
    const first = await make()
    const second = await make()

    expect((await send('GET', first)).status).toBe(404)
    expect((await send('GET', second)).status).toBe(200)
    const own = await send('GET', '/api/patrols/calendar', as('volunteer'))
    expect(ownFeedSchema.parse(own.body).feed).toMatchObject({ lastReadOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
    expect(own.text).not.toContain(second.split('/').at(-1)?.replace('.ics', ''))
    expect((await send('DELETE', '/api/patrols/calendar', as('volunteer'))).body).toEqual({ feed: null })
    expect((await send('GET', second)).status).toBe(404)
    expect(problemOf(await send('DELETE', '/api/patrols/calendar', as('volunteer'))).code).toBe('not_found')
  })

  it('is nobody\'s who is not on the roster, and an address that nobody made is not there', async () => {
    expect(problemOf(await send('POST', '/api/patrols/calendar', { ...as('resident2'), json: {} })).code).toBe('not_enrolled')
    expect(problemOf(await send('POST', '/api/patrols/calendar', { json: {} })).code).toBe('sign_in_required')
    for (const name of [`${'a'.repeat(32)}.ics`, 'short.ics', 'a'.repeat(32)]) expect((await send('GET', `/feeds/patrols/${name}`)).status, name).toBe(404)
  })
})
