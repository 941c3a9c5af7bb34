import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTestConfig } from '../../supabase/embedded/config.ts'
import { type TestBackend, startTestBackend } from '../../supabase/embedded/test-backend.ts'

// A backend of its own: the suite's stations must not meet a default one.
let backend: TestBackend
const hill = { slug: 'hill-street', name: { zh: '山街派出所', en: 'Hill Street Police Station' }, time_zone: 'Asia/Shanghai', phone: '010-5550100' }

beforeAll(async () => {
  backend = await startTestBackend()
})
afterAll(() => backend?.stop())

const setUp = async (p: Record<string, unknown>) => (await backend.serviceClient().rpc('set_up_station', { p })).data
const stands = async () => (await backend.serviceClient().rpc('get_set_up')).data

// A Supabase that was named for the suite keeps its stations.
describe.runIf(readTestConfig() === undefined)('setting a station up', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a name in one language', { ...hill, name: { zh: '山街派出所' } }],
    ['an empty name', { ...hill, name: { zh: ' ', en: 'x' } }],
    ['a slug with capitals', { ...hill, slug: 'Hill' }],
    ['a time zone that does not exist', { ...hill, time_zone: 'Asia/Atlantis' }],
    ['nothing at all', {}],
  ])('refuses %s', async (_what, p) => {
    expect(await setUp(p)).toEqual({ ok: false, code: 'invalid_input' })
    expect(await stands()).toMatchObject({ station: null })
  })

  it('is the server\'s alone, to read and to write', async () => {
    const persona = await backend.createUser('amina_resident')
    for (const client of [backend.guestClient(), await backend.signInAs(persona)]) {
      expect((await client.rpc('set_up_station', { p: hill })).error?.code).toBe('42501')
      expect((await client.rpc('get_set_up')).error?.code).toBe('42501')
    }
  })

  it('makes one station when two set up at once, and logs it once', async () => {
    const answers = await Promise.all([setUp(hill), setUp(hill)])

    expect(answers.map(({ is_new }) => is_new).sort()).toEqual([false, true])
    expect(await backend.sql`select slug, is_default from public.stations`).toEqual([{ slug: 'hill-street', is_default: true }])
    expect(await backend.sql`select actor_role from public.audit_log where action = 'station.set_up'`).toEqual([{ actor_role: 'system' }])
    expect(await stands()).toMatchObject({ ok: true, is_demo: false, station: hill, chiefs: 0, admins: 0 })
  })

  it('changes nothing the second time and says what differs, until it is asked to', async () => {
    const other = { slug: 'other', name: { zh: '新山街派出所', en: 'New Hill Street' }, time_zone: 'Asia/Urumqi' }

    expect(await setUp(other)).toMatchObject({ ok: true, is_new: false, differs: ['slug', 'name', 'time_zone'], station: hill })
    expect(await stands()).toMatchObject({ station: hill })
    expect(await setUp({ ...other, is_change: true })).toMatchObject({ ok: true, differs: ['slug'], station: { ...other, slug: 'hill-street', phone: hill.phone } })
    expect(await backend.sql`select count(*)::int as times from public.audit_log where action = 'station.set_up_again'`).toEqual([{ times: 1 }])
    expect(await backend.sql`select count(*)::int as stations from public.stations`).toEqual([{ stations: 1 }])
  })

  it('RULES F1: refuses a database that is marked as a demo', async () => {
    await backend.sql`insert into private.settings (key, value) values ('demo', 'true')`

    expect(await setUp(hill)).toEqual({ ok: false, code: 'forbidden' })
    await backend.sql`delete from private.settings where key = 'demo'`
  })
})
