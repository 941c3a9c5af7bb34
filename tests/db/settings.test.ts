import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  categorySettingSchema, officeSettingSchema, ratingSettingSchema, stationSettingSchema, templateSettingSchema, versionOfNothing, type CategorySetting, type OfficeSetting, type QuestionSetting, type StationSetting, type TemplateSetting,
} from '#shared/communities/settings-schema'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { answerOf, aReport, type Answer } from './reports-builder.ts'
import { buildWorld, type Person, type World } from './world.ts'

// A backend of its own: what is set here holds for every station.
let world: World
let running: Awaited<ReturnType<typeof startTestBackend>>

beforeAll(async () => {
  running = await startTestBackend()
  world = await buildWorld(running.address)
  await world.sql`update public.stations set is_default = (id = ${world.station.home})`
})
afterAll(async () => {
  await world?.close()
  await running?.stop()
})

const rpc = async (who: Person, name: string, args: object = {}): Promise<Answer> => answerOf((await world.as(who)).rpc(name, args))
const said = (text: string) => ({ zh: text, en: text })
const publicData = async () => z.looseObject({ categories: z.array(z.looseObject({ code: z.string() })) }).parse((await world.guest.rpc('get_reference_data')).data)
const filedData = async () => z.looseObject({ former: z.unknown() }).parse((await world.server.rpc('get_filed_reference_data')).data)
const read = (section: string, who: Person = 'chief_sun') => rpc(who, 'read_settings', { p_section: section })
const save = (who: Person, p: object) => rpc(who, 'save_setting', { p })
const undo = (who: Person, change: unknown) => rpc(who, 'undo_setting', { p_change: change })
const refused = (code: string) => ({ ok: false, code })

const station = (changes: Partial<StationSetting> = {}): StationSetting => ({ name: said('Home'), address: said('1 Road'), phone: '0000-555-0110', time_zone: 'Asia/Shanghai', emergency_numbers: { police: '110', fire: '119', medical: '120', traffic: '122' }, alert_issuer: null, ...changes })
const saveStation = async (who: Person, value: object, version?: unknown) => save(who, { section: 'station', item: 'station', value, version: version ?? (await read('station')).version })
const office = (changes: Partial<OfficeSetting> = {}): OfficeSetting => ({ name: said('Office'), address: said('2 Road'), phone: '0000-555-0121', reception_hours: said('9 to 5'), lat: 31.2, lng: 120.1, ...changes })
const question = (code: string, changes: Partial<QuestionSetting> = {}): QuestionSetting => ({ code, kind: 'text', label: said(`What about ${code}?`), hint: null, is_required: false, options: [], ...changes })
const category = (changes: Partial<CategorySetting> = {}): CategorySetting => ({
  group: 'other', visibility: 'private', urgency: 'normal', name: said('Lost dogs'), description: said('A dog ran away'), guidance: said('Keep calm.'), retention_days: 365, allows_device_draft: true, is_active: true, questions: [], ...changes,
})
const saveNew = (code: string, value: CategorySetting, who: Person = 'chief_sun') => save(who, { section: 'category', item: code, value, version: versionOfNothing, is_new: true, new_questions: value.questions.map(one => one.code) })
const categoryAt = async (code: string) => z.object({ version: z.string(), value: categorySettingSchema, former_questions: z.array(z.object({ code: z.string() })) })
  .parse(z.array(z.looseObject({ code: z.string() })).parse((await read('category')).categories).find(one => one.code === code))
const change = async (code: string, edit: Partial<CategorySetting>, { who = 'chief_sun', fresh = [] }: { who?: Person, fresh?: string[] } = {}) => {
  const { version, value } = await categoryAt(code)
  return save(who, { section: 'category', item: code, value: { ...value, ...edit }, version, new_questions: fresh })
}
const template = (changes: Partial<TemplateSetting> = {}): TemplateSetting => ({ category: null, status: 'message', closed_reason: null, name: said('Come by'), body: { zh: '请于【日期】来所', en: 'Please come on [day]' }, position: 5, ...changes })
const logged = async (action: string) => world.sql<{ details: Record<string, unknown>, actor_role: string, noun_id: string }[]>`select details, actor_role, noun_id from public.audit_log where action = ${action} and station_id = ${world.station.home} order by id`

describe('who may change settings', () => {
  it.each(['officer_wang', 'lead_zhao', 'auditor_wu', 'amina_resident'] as const)('not %s', async (who) => {
    const { version } = await read('station')

    expect(await read('station', who)).toMatchObject(refused('forbidden'))
    expect(await saveStation(who, station(), version)).toMatchObject(refused('forbidden'))
    expect(await undo(who, world.station.home)).toMatchObject(refused('forbidden'))
  })

  it('chief and admin, each for their own station; what all stations share, those of the public one', async () => {
    expect(await saveStation('admin_zheng', station({ phone: '12345' }))).toMatchObject({ ok: true })
    const far = await read('station', 'chief_far')
    expect(await saveStation('chief_far', station({ name: said('Far') }), far.version)).toMatchObject({ ok: true })
    expect(await world.sql`select name ->> 'en' as name from public.stations where id = ${world.station.home}`).toEqual([{ name: 'Home' }])

    expect(await saveNew('far_kind', category(), 'chief_far')).toMatchObject(refused('forbidden'))
    expect((await read('category', 'chief_far')).may_set).toBe(false)
  })

  it('the auditor reads the changes, the lead does not', async () => {
    expect(await rpc('auditor_wu', 'list_setting_changes', { p: {} })).toMatchObject({ ok: true })
    expect(await rpc('lead_zhao', 'list_setting_changes', { p: {} })).toMatchObject(refused('forbidden'))
    const far = z.array(z.object({ may_undo: z.boolean(), after: z.looseObject({ name: z.object({ en: z.string() }) }) })).parse((await rpc('chief_far', 'list_setting_changes', { p: {} })).changes)
    expect(far.map(({ after }) => after.name.en), 'another station\'s changes are not theirs to read').toEqual(['Far'])
  })
})

describe('a change', () => {
  it('keeps what stood there before, and the log names both by their digest', async () => {
    await saveStation('chief_sun', station({ phone: '0000-555-0001' }))
    const before = (await logged('setting.changed')).length
    expect(await saveStation('chief_sun', station({ phone: '0000-555-0002' }))).toMatchObject({ ok: true })

    const [entry] = (await logged('setting.changed')).slice(before)
    const [kept] = await world.sql<{ before: string, after: string, phones: string[] }[]>`select before::text, after::text, array[before ->> 'phone', after ->> 'phone'] as phones from private.setting_changes where id = ${entry?.noun_id ?? ''}`
    const digest = (text = '') => createHash('sha256').update(text).digest('hex')
    expect(kept?.phones).toEqual(['0000-555-0001', '0000-555-0002'])
    expect(entry).toMatchObject({ actor_role: 'chief', details: { section: 'station', title: said('Home'), before_sha256: digest(kept?.before), after_sha256: digest(kept?.after) } })
  })

  it('that changes nothing leaves no trace', async () => {
    await saveStation('chief_sun', station())
    const before = (await logged('setting.changed')).length
    expect(await saveStation('chief_sun', station())).toMatchObject({ ok: true, change: null })

    expect(await logged('setting.changed')).toHaveLength(before)
  })

  it('is refused when somebody saved since the form was opened', async () => {
    const { version } = await read('station')
    await saveStation('admin_zheng', station({ phone: '0000-555-0003' }))

    expect(await saveStation('chief_sun', station({ phone: '0000-555-0004' }), version)).toMatchObject(refused('conflict'))
  })

  it('reaches the public pages with the next read of the reference data', async () => {
    await saveStation('chief_sun', station({ emergency_numbers: { police: '999', fire: '119', medical: '120', traffic: '122' } }))

    const data = z.object({ station: z.object({ emergency_numbers: z.object({ police: z.string() }) }) }).parse((await world.guest.rpc('get_reference_data')).data)
    expect(data.station.emergency_numbers.police).toBe('999')
  })

  it('cannot be rewritten, by nobody', async () => {
    for (const statement of ['update private.setting_changes set before = null', 'delete from private.setting_changes', 'truncate private.setting_changes']) {
      await expect(world.sql.unsafe(statement), statement).rejects.toThrow('append-only')
    }
  })
})

describe('the database holds the rules of the forms', () => {
  const said0 = { zh: '', en: 'x' }
  const long = (length: number) => said('x'.repeat(length))
  const wrong = {
    station: [
      [{ name: said0 }], [{ name: long(61) }], [{ name: said(' x') }], [{ address: long(201) }], [{ phone: 'call us' }], [{ phone: '1' }], [{ time_zone: 'Asia/Nowhere' }], [{ alert_issuer: '3205000000000' }], [{ alert_issuer: '3205000000000x' }], [{ emergency_numbers: { police: '110' } }],
      [{ emergency_numbers: { police: '1;ext', fire: '119', medical: '120', traffic: '122' } }], [{ emergency_numbers: { police: '110', fire: '119', medical: '120', traffic: '122', army: '1' } }],
    ],
    office: [[{ name: said0 }], [{ address: long(201) }], [{ reception_hours: long(301) }], [{ phone: '' }], [{ lat: 91 }], [{ lat: null }], [{ lng: -181 }]],
    category: [
      [{ name: long(61) }], [{ description: long(121) }], [{ guidance: long(2001) }], [{ retention_days: 29 }], [{ retention_days: 3651 }], [{ retention_days: 30.5 }], [{ urgency: 'soon' }], [{ visibility: 'secret' }],
      [{ questions: [question('bad-code')] }], [{ questions: [question('twice'), question('twice')] }], [{ questions: [question('empty', { kind: 'single' })] }], [{ questions: [question('spare', { options: [{ code: 'a', label: said('A') }] })] }],
      [{ questions: [question('pick', { kind: 'multi', options: [{ code: 'a', label: said('A') }, { code: 'a', label: said('B') }] })] }], [{ questions: Array.from({ length: 13 }, (_, index) => question(`q_${'abcdefghijklm'[index]}`)) }],
      [{ questions: [question('long', { label: long(201) })] }],
    ],
    ratings: [[{ is_on: 'yes' }], [{ opens_day: 0 }], [{ opens_day: 21, days: 7 }], [{ opens_day: 1.5 }], [{ opens_day: '1' }], [{ days: 6 }], [{ days: 29 }], [{ opens_day: 20, days: 10 }], [{ opens_day: null }], [{ extra: 1 }]],
    template: [[{ name: said0 }], [{ body: long(1001) }], [{ status: 'closed' }], [{ closed_reason: 'spam' }], [{ body: { zh: '【日期', en: '[day]' } }], [{ body: { zh: '【日期】', en: 'On a day' } }], [{ body: { zh: '【】', en: '[]' } }], [{ position: -1 }]],
  } as const
  const of = { station: { schema: stationSettingSchema, good: station() }, office: { schema: officeSettingSchema, good: office() }, category: { schema: categorySettingSchema, good: category() }, ratings: { schema: ratingSettingSchema, good: { is_on: true, opens_day: 20, days: 9 } }, template: { schema: templateSettingSchema, good: template() } }
  const isSetting = async (section: keyof typeof of, value: object) => {
    const item = { station: 'station', office: (await world.sql<{ slug: string }[]>`select slug from public.communities where id = ${world.community.pingAn}`)[0]?.slug ?? '', category: 'some_kind', ratings: 'ratings', template: 'some-slug' }[section]
    return (await world.sql<{ may: boolean }[]>`select coalesce(private.is_setting(${world.station.home}, ${section}, ${item}, ${world.sql.json(value as never)}), false) as may`)[0]?.may
  }

  it.each(Object.keys(of) as (keyof typeof of)[])('takes a good %s', async (section) => {
    expect(of[section].schema.safeParse(of[section].good).error).toBeUndefined()
    expect(await isSetting(section, of[section].good)).toBe(true)
  })

  it.each(Object.entries(wrong).flatMap(([section, cases]) => cases.map(([edit]) => ({ section: section as keyof typeof of, edit }))))('$section: $edit', async ({ section, edit }) => {
    const value = { ...of[section].good, ...edit }
    // The form trims what was typed, the database refuses what is not trimmed.
    if (JSON.stringify(edit) !== JSON.stringify({ name: said(' x') })) expect(of[section].schema.safeParse(value).success, 'the form').toBe(false)

    expect(await isSetting(section, value), 'the database').toBe(false)
  })
})

describe('a kind of matter', () => {
  it('keeps the words of a question for those who answered it', async () => {
    await saveNew('lost_dogs', category({ questions: [question('colour'), question('name')] }))
    await change('lost_dogs', { questions: [question('colour', { label: said('What does it look like?') })] })

    const data = z.looseObject({ categories: z.array(z.looseObject({ code: z.string(), questions: z.array(z.object({ code: z.string(), label: z.object({ en: z.string() }) })), versions: z.array(z.object({ code: z.string(), label: z.object({ en: z.string() }) })) })) })
      .parse((await world.server.rpc('get_filed_reference_data')).data).categories.find(({ code }) => code === 'lost_dogs')
    expect(data?.questions.map(({ code, label }) => [code, label.en])).toEqual([['colour', 'What does it look like?']])
    expect(data?.versions.map(({ code, label }) => [code, label.en])).toEqual(expect.arrayContaining([['colour', 'What about colour?'], ['name', 'What about name?']]))
  })

  it('never gives a code to another question, and lets a question come back', async () => {
    expect(await change('lost_dogs', { questions: [question('name', { label: said('Your name?') })] }, { fresh: ['name'] })).toMatchObject(refused('conflict'))
    expect(await change('lost_dogs', { questions: [question('name', { kind: 'number' })] }), 'answers are read by the kind').toMatchObject(refused('invalid_input'))
    expect(await change('lost_dogs', { questions: [question('brand_new')] }), 'said to be known').toMatchObject(refused('conflict'))
    expect(await change('lost_dogs', { questions: [question('colour'), question('name')] })).toMatchObject({ ok: true })
    expect((await categoryAt('lost_dogs')).former_questions).toEqual([])
    expect(await saveNew('lost_dogs', category())).toMatchObject(refused('conflict'))
  })

  it('stays as private as it was made, and asks about an officer only where the named one cannot read it', async () => {
    expect(await change('lost_dogs', { visibility: 'public' })).toMatchObject(refused('invalid_input'))
    expect(await change('lost_dogs', { allows_device_draft: false })).toMatchObject(refused('invalid_input'))
    expect(await change('lost_dogs', { questions: [question('who', { kind: 'officer' })] }, { fresh: ['who'] })).toMatchObject(refused('invalid_input'))
  })

  it('about the police cannot be switched off', async () => {
    expect(await change('about_police', { is_active: false })).toMatchObject(refused('invalid_input'))
    expect(await change('lost_dogs', { is_active: false })).toMatchObject({ ok: true })
    expect(JSON.stringify((await filedData()).former)).toContain('Lost dogs')
    expect(JSON.stringify(await publicData()), 'what is no longer offered is for the server').not.toMatch(/Lost dogs|"former"|"versions"/)
  })

  it('that is urgent is switched off, or made to wait, by the chief alone', async () => {
    expect(await saveNew('gas_leak', category({ urgency: 'urgent' }), 'admin_zheng')).toMatchObject({ ok: true })
    for (const edit of [{ is_active: false }, { urgency: 'normal' }] as const) expect(await change('gas_leak', edit, { who: 'admin_zheng' })).toMatchObject(refused('forbidden'))
    const off = await change('gas_leak', { is_active: false })
    expect(off).toMatchObject({ ok: true })
    expect(await undo('admin_zheng', off.change), 'back on is for anybody who may set').toMatchObject({ ok: true })
  })

  it('has its term set by the chief alone, and a shorter one holds for reports to come', async () => {
    await change('lost_dogs', { is_active: true })
    expect(await change('lost_dogs', { retention_days: 90 }, { who: 'admin_zheng' })).toMatchObject(refused('forbidden'))
    expect(await saveNew('lost_cats', category({ retention_days: 30 }), 'admin_zheng'), 'a new one that forgets sooner would do as well').toMatchObject(refused('forbidden'))
    const shortened = await change('lost_dogs', { retention_days: 90 })

    expect(await world.sql`select from_days, to_days from private.retention_changes where category_code = 'lost_dogs'`).toEqual([{ from_days: 365, to_days: 90 }])
    expect(await undo('admin_zheng', shortened.change)).toMatchObject(refused('forbidden'))
    expect(await undo('chief_sun', shortened.change)).toMatchObject({ ok: true })
  })

  it('has its place in the list, all kinds once', async () => {
    const page = await read('category')
    const codes = z.array(z.object({ code: z.string(), value: z.looseObject({ is_active: z.boolean() }) })).parse(page.categories).filter(({ value }) => value.is_active).map(({ code }) => code)
    const order = (value: string[]) => save('chief_sun', { section: 'category_order', item: 'order', value, version: page.order_version })
    expect(await order(codes.slice(1))).toMatchObject(refused('invalid_input'))
    expect(await order([...codes.slice(1), codes[1] ?? ''])).toMatchObject(refused('invalid_input'))
    expect(await order(codes.toReversed())).toMatchObject({ ok: true })

    expect((await publicData()).categories.map(({ code }) => code)).toEqual(codes.toReversed())
  })
})

describe('rounds of ratings', () => {
  const saveRounds = async (who: Person, value: object) => save(who, { section: 'ratings', item: 'ratings', value, version: (await read('ratings')).version })

  it('open on the first for twenty days until the station says otherwise, which is logged and can be taken back', async () => {
    expect((await read('ratings')).value).toEqual({ is_on: true, opens_day: 1, days: 20 })
    expect(await saveRounds('lead_zhao', { is_on: false, opens_day: 1, days: 20 })).toMatchObject(refused('forbidden'))
    const changed = await saveRounds('chief_sun', { is_on: true, opens_day: 10, days: 14 })

    expect(await world.sql`select is_on, opens_day, days from private.rating_settings where station_id = ${world.station.home}`).toEqual([{ is_on: true, opens_day: 10, days: 14 }])
    expect((await logged('setting.changed')).at(-1)?.details).toMatchObject({ section: 'ratings' })
    expect((await read('ratings', 'chief_far')).value, 'another station keeps its own').toEqual({ is_on: true, opens_day: 1, days: 20 })
    expect(await undo('admin_zheng', changed.change)).toMatchObject({ ok: true })
    expect((await read('ratings')).value).toEqual({ is_on: true, opens_day: 1, days: 20 })
  })

  it('that are open keep their end, which the page says', async () => {
    const [round] = await world.sql<{ closes: string }[]>`insert into private.rating_rounds (station_id, month, opens_at, closes_at) values (${world.station.home}, '2019-02-01', private.clock() - interval '1 day', private.clock() + interval '3 days') returning closes_at::text as closes`
    await saveRounds('chief_sun', { is_on: false, opens_day: 1, days: 7 })

    expect(Date.parse(String((await read('ratings')).runs_until))).toBe(Date.parse(round?.closes ?? ''))
    expect((await world.guest.rpc('list_open_ratings')).data.rounds).toHaveLength(1)
  })
})

describe('taking a change back', () => {
  const slug = 'come-by'
  const at = async () => z.array(z.object({ slug: z.string(), version: z.string(), value: templateSettingSchema })).parse((await read('template')).templates).find(one => one.slug === slug)
  const saveTemplate = async (value: TemplateSetting | null, who: Person = 'chief_sun') => {
    const known = await at()
    return save(who, { section: 'template', item: slug, value, version: known?.version ?? versionOfNothing, is_new: !known })
  }

  it('is a new change that restores what stood there, once; and can be taken back itself', async () => {
    const made = await saveTemplate(template())
    const edited = await saveTemplate(template({ name: said('Visit us') }))
    const undone = await undo('admin_zheng', edited.change)

    expect((await at())?.value.name.en).toBe('Come by')
    expect(await undo('chief_sun', edited.change), 'a second time').toMatchObject(refused('conflict'))
    expect(await undo('chief_sun', undone.change)).toMatchObject({ ok: true })
    expect((await at())?.value.name.en).toBe('Visit us')
    expect((await logged('setting.undone')).length).toBeGreaterThanOrEqual(2)
    expect(await undo('chief_sun', made.change), 'it was changed since').toMatchObject(refused('conflict'))
  })

  it('is refused when somebody changed it since, until that is taken back too', async () => {
    const first = await saveTemplate(template({ position: 6 }))
    const second = await saveTemplate(template({ position: 7 }), 'admin_zheng')
    expect(await undo('chief_sun', first.change)).toMatchObject(refused('conflict'))
    await undo('chief_sun', second.change)

    expect(await undo('chief_sun', first.change)).toMatchObject({ ok: true })
  })

  it('brings back what was removed', async () => {
    const removed = await saveTemplate(null)
    expect(await at()).toBeUndefined()
    await undo('chief_sun', removed.change)

    expect((await at())?.value.body.en).toBe('Please come on [day]')
  })

  it('of a new kind of matter switches it off and keeps its code', async () => {
    const made = await saveNew('loose_cows', category({ questions: [question('how_many')] }))
    await undo('chief_sun', made.change)

    expect((await categoryAt('loose_cows')).value.is_active).toBe(false)
    expect(await saveNew('loose_cows', category())).toMatchObject(refused('conflict'))
  })

  it('is not for another station', async () => {
    const made = await saveTemplate(template({ position: 9 }))
    expect(await undo('chief_far', made.change)).toMatchObject(refused('not_found'))
  })

  it('works for police offices too, which a station may open and close', async () => {
    const [community] = await world.sql<{ slug: string }[]>`select slug from public.communities where id = ${world.community.pingAn}`
    const item = community?.slug
    expect(await save('admin_zheng', { section: 'office', item: 'nowhere', value: office(), version: versionOfNothing })).toMatchObject(refused('invalid_input'))
    const opened = await save('admin_zheng', { section: 'office', item, value: office(), version: versionOfNothing })
    const closed = await save('admin_zheng', { section: 'office', item, value: null, version: opened.version })
    expect(await world.sql`select from public.police_offices where community_id = ${world.community.pingAn}`).toHaveLength(0)
    await undo('chief_sun', closed.change)

    expect(await world.sql`select phone, lat from public.police_offices where community_id = ${world.community.pingAn}`).toEqual([{ phone: '0000-555-0121', lat: 31.2 }])
  })
})

describe('communities and grids', () => {
  const square = (west: number, south: number) => ({ type: 'Polygon' as const, coordinates: [[[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south + 0.01], [west, south]]] })
  const grid = (code: string, west: number) => ({ code, name: said(code), boundary: square(west, 31), lat: 31.005, lng: west + 0.005 })
  const areas = async () => z.object({ version: z.string(), used: z.array(z.string()), value: z.object({ communities: z.array(z.looseObject({ slug: z.string(), grids: z.array(z.looseObject({ code: z.string() })) })) }) }).parse(await read('areas'))
  const saveAreas = async (value: object, who: Person = 'admin_zheng', version?: string) => answerOf(world.server.rpc('save_areas', { p: { value, version: version ?? (await areas()).version, ...await world.actor(who) } }))
  const slugOf = async (id: string) => (await world.sql<{ slug: string }[]>`select slug from public.communities where id = ${id}`)[0]?.slug ?? ''
  const community = (slug: string, grids: object[]) => ({ slug, name: said(slug), boundary: square(120, 31), grids })

  it('come in one transaction: a used grid is switched off and keeps its name, an unused one goes', async () => {
    const pingAn = await slugOf(world.community.pingAn)
    await saveAreas({ communities: [...(await areas()).value.communities.filter(({ slug }) => slug !== pingAn), community(pingAn, [grid('B1', 120), grid('B2', 120.01)])] })
    expect(await world.sql`select code from public.grids where community_id = ${world.community.pingAn} order by code`, 'A1 was never used').toEqual([{ code: 'B1' }, { code: 'B2' }])
    const [b1] = await world.sql<{ id: string }[]>`select id from public.grids where community_id = ${world.community.pingAn} and code = 'B1'`
    await aReport(world, { community: world.community.pingAn, grid: b1?.id ?? '' })
    expect((await areas()).used).toEqual(['B1'])

    const before = await areas()
    const changed = await saveAreas({ communities: [...before.value.communities.filter(({ slug }) => slug !== pingAn), community(pingAn, [grid('C1', 120)]), community('brand-new', [grid('D1', 120.2)])] })
    expect(await world.sql`select code, is_active from public.grids where community_id = ${world.community.pingAn} order by code`).toEqual([{ code: 'B1', is_active: false }, { code: 'C1', is_active: true }])
    expect(JSON.stringify((await filedData()).former)).toContain('"B1"')

    expect(await undo('chief_sun', changed.change)).toMatchObject({ ok: true })
    expect(await areas()).toEqual(before)
    expect(await world.sql`select is_active from public.communities where slug = 'brand-new'`, 'a community is never deleted').toEqual([{ is_active: false }])
    expect(await world.sql`select id from public.grids where community_id = ${world.community.pingAn} and code = 'B1'`, 'the same grid').toEqual([{ id: b1?.id }])
  })

  it('are saved by the portal alone, for chief and admin, from the state that was looked at', async () => {
    const { value, version } = await areas()
    expect((await (await world.as('chief_sun')).rpc('save_areas', { p: { value, version } })).error?.code).toBe('42501')
    expect(await save('chief_sun', { section: 'areas', item: 'areas', value, version })).toMatchObject(refused('invalid_input'))
    expect(await saveAreas(value, 'lead_zhao', version)).toMatchObject(refused('forbidden'))
    expect(await saveAreas(value, 'admin_zheng', versionOfNothing)).toMatchObject(refused('conflict'))
  })

  it('have to be closed areas in degrees, with codes of their own and no address of another station', async () => {
    const far = await slugOf(world.community.far)
    const open = { type: 'Polygon', coordinates: [[[120, 31], [121, 31], [121, 32], [120, 32]]] }
    const meters = { type: 'Polygon', coordinates: [[[500000, 31], [500100, 31], [500100, 32], [500000, 31]]] }
    for (const [what, value] of Object.entries({
      'nothing at all': { communities: [] }, 'without a grid': { communities: [community('one', [])] }, 'a code twice': { communities: [community('one', [grid('E1', 120)]), community('two', [grid('E1', 120.1)])] },
      'another station\'s': { communities: [community(far, [grid('E1', 120)])] }, 'an open ring': { communities: [community('one', [{ ...grid('E1', 120), boundary: open }])] },
      'metres': { communities: [community('one', [{ ...grid('E1', 120), boundary: meters }])] }, 'small letters': { communities: [community('one', [grid('e1', 120)])] },
    })) expect(await saveAreas(value), what).toMatchObject(refused('invalid_input'))
  })
})
