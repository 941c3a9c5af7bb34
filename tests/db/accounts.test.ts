import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const rpc = async (who: Person, name: string, args = {}) => answerOf((await world.as(who)).rpc(name, args))

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe('accounts', () => {
  it('people read their own account, with their role at the desk if they have one', async () => {
    expect(await rpc('amina_resident', 'get_account')).toMatchObject({ ok: true, email: world.person.amina_resident.email, has_password: true, community: null, staff_role: null })
    expect(await rpc('lead_zhao', 'get_account')).toMatchObject({ ok: true, staff_role: 'lead' })
  })

  it('people set community and language for themselves only', async () => {
    const [{ slug }] = await world.sql<{ slug: string }[]>`select slug from public.communities where id = ${world.community.changLe}` as unknown as [{ slug: string }]

    expect(await rpc('amina_resident', 'save_profile', { p_community: slug, p_locale: 'en' })).toEqual({ ok: true })
    expect(await rpc('amina_resident', 'get_account')).toMatchObject({ community: slug, locale: 'en' })
    expect(await rpc('bo_resident', 'get_account')).toMatchObject({ community: null, locale: 'zh' })
    expect(await rpc('amina_resident', 'save_profile', { p_community: null, p_locale: 'zh' })).toEqual({ ok: true })
    expect(await rpc('amina_resident', 'get_account')).toMatchObject({ community: null, locale: 'zh' })
  })

  it('an unknown community or language is refused', async () => {
    expect(await rpc('amina_resident', 'save_profile', { p_community: 'nowhere', p_locale: 'zh' })).toEqual({ ok: false, code: 'not_found' })
    for (const p_locale of ['xx', '', null]) expect(await rpc('amina_resident', 'save_profile', { p_community: null, p_locale })).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('the desk\'s profile is for staff: role, station, communities of today', async () => {
    expect(await rpc('officer_wang', 'get_staff_profile')).toMatchObject({ ok: true, role: 'officer', station_id: world.station.home, communities: [world.community.pingAn] })
    expect(await rpc('admin_zheng', 'get_staff_profile')).toMatchObject({ ok: true, role: 'admin', communities: [] })
    expect(await rpc('amina_resident', 'get_staff_profile')).toEqual({ ok: false, code: 'forbidden' })
  })
})

it('the public reference data shows the default station, its active communities, and only officers who are there today', async () => {
  const day = '2020-01-01'
  const seen: unknown[] = []
  const undone = new Error('taken back')
  await world.sql.begin(async (transaction) => {
    const sql = transaction as unknown as World['sql']
    await sql`update public.stations set is_default = false where is_default`
    await sql`update public.stations set is_default = true where id = ${world.station.home}`
    await sql`insert into public.assignments (staff_id, community_id, kind, from_on, to_on) values (${world.person.officer_li.id}, ${world.community.pingAn}, 'stand_in', ${day}, ${day})`
    const read = async () => (await sql`select public.get_reference_data() as answer`)[0]!.answer
    seen.push(await read())
    await sql`update public.staff set is_active = false where user_id = ${world.person.officer_wang.id}`
    await sql`update public.communities set is_active = false where id = ${world.community.changLe}`
    seen.push(await read())
    throw undone
  }).catch((error: unknown) => {
    if (error !== undone) throw error
  })
  const shape = (answer: unknown) => {
    const { station, communities } = answer as { station: { id: string }, communities: { id: string, grids: { id: string }[], officers: { id: string }[] }[] }
    return { station: station.id, communities: communities.map(({ id, grids, officers }) => ({ id, grids: grids.map(grid => grid.id), officers: officers.map(officer => officer.id) })).sort((a, b) => a.id < b.id ? -1 : 1) }
  }
  const pingAn = { id: world.community.pingAn, grids: [world.grid.pingAn], officers: [world.person.officer_wang.id] }
  const changLe = { id: world.community.changLe, grids: [world.grid.changLe], officers: [world.person.officer_li.id] }

  expect(shape(seen[0])).toEqual({ station: world.station.home, communities: [pingAn, changLe].sort((a, b) => a.id < b.id ? -1 : 1) })
  expect(shape(seen[1])).toEqual({ station: world.station.home, communities: [{ ...pingAn, officers: [] }] })
  expect(JSON.stringify(seen[0])).not.toMatch(/@example|lead_zhao|chief_sun/)
})

describe('what the portal keeps for itself', () => {
  it('of workers that start at once and make the same key, one wins and all read the same back', async () => {
    const id = `receipt-${randomBytes(4).readUInt32BE()}`

    const kept = await Promise.all(Array.from({ length: 8 }, (_, n) => world.server.rpc('add_server_key', { p_id: id, p_purpose: 'receipt', p_wrapped: sealed(`key ${n}`) })))
    const { data } = await world.server.rpc('list_server_keys')

    expect(new Set(kept.map(answer => answer.data)).size).toBe(1)
    expect((data as { id: string, wrapped: string }[]).find(key => key.id === id)?.wrapped).toBe(kept[0]?.data)
  })

  it('limits count exactly under a burst, and the longest wait of several is told', async () => {
    const bucket = randomUUID()

    const answers = await Promise.all(Array.from({ length: 25 }, () => answerOf(world.server.rpc('take_limits', { p_limits: [{ bucket, times: 10, seconds: 3600 }] }))))
    const both = await answerOf(world.server.rpc('take_limits', { p_limits: [{ bucket: `${bucket}-short`, times: 0, seconds: 60 }, { bucket, times: 10, seconds: 3600 }] }))

    expect(answers.filter(answer => answer.ok)).toHaveLength(10)
    expect(answers.find(answer => !answer.ok)).toMatchObject({ code: 'rate_limited' })
    expect(both.retry_after).toBeGreaterThanOrEqual(Number(answers.find(answer => !answer.ok)?.retry_after) - 5)
  })

  it('the newest migration is told to the server', async () => {
    const { data } = await world.server.rpc('get_schema_version')

    expect(data).toMatch(/^\d{14}$/)
  })
})
