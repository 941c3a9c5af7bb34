import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { importLimits, importPlanSchema } from '#shared/communities/import-schema'
import { ratingSettingsSchema, savedSettingSchema, stationSettingsSchema, templateSettingsSchema, versionOfNothing } from '#shared/communities/settings-schema'
import { root } from '../architecture/source-files.ts'
import { problemOf, send, signedIn } from './portal-client.ts'

const cookies: Record<string, string> = {}
beforeAll(async () => {
  for (const who of ['officer', 'lead', 'chief', 'auditor', 'admin', 'resident'] as const) cookies[who] = await signedIn(who)
})
const settings = '/api/desk/communities/settings'
const get = (who: string, path: string) => send('GET', `${settings}/${path}`, { cookie: cookies[who] ?? '' })
const post = (who: string, path: string, json: unknown) => send('POST', `${settings}/${path}`, { cookie: cookies[who] ?? '', json })
const file = (name: string) => readFileSync(join(root, name), 'utf8')
const overlapping = file('tests/unit/shared/communities/files/overlapping-grids.geojson')
const gap = file('tests/unit/shared/communities/files/gap-and-hole.geojson')

describe('settings over the API', () => {
  it.each(['station', 'offices', 'categories', 'templates', 'ratings', 'areas', 'areas/linli-areas.geojson', 'changes'])('%s is read by chief and admin, not by the rest', async (path) => {
    for (const who of ['chief', 'admin']) expect((await get(who, path)).status, who).toBe(200)
    for (const who of ['officer', 'lead', 'resident', ...path === 'changes' ? [] : ['auditor']]) expect((await get(who, path)).status, who).toBe(403)
    expect((await send('GET', `${settings}/${path}`)).status).toBe(401)
  })

  it('names the fields that are wrong, in the reader\'s language', async () => {
    const { version, value } = stationSettingsSchema.parse((await get('chief', 'station')).body)
    const wrong = { version, value: { ...value, phone: 'call us', name: { zh: '', en: 'x'.repeat(61) } } }

    expect(problemOf(await post('chief', 'station?locale=en', wrong))).toMatchObject({ status: 422, errors: { 'value.phone': 'Write a number that can be dialled', 'value.name.zh': 'Fill this in', 'value.name.en': 'Enter 60 characters or fewer' } })
    expect(problemOf(await post('chief', 'station?locale=zh', wrong)).errors).toMatchObject({ 'value.phone': '请写能直接拨打的号码' })
  })

  it('says when rounds of ratings open, and that a round ends before the 29th', async () => {
    const { version, value } = ratingSettingsSchema.parse((await get('chief', 'ratings')).body)

    expect(problemOf(await post('chief', 'ratings?locale=en', { version, value: { is_on: true, opens_day: 20, days: 20 } })).errors).toEqual({ 'value.days': 'A round has to end before the 29th of its month. Open it earlier, or for fewer days' })
    const { change } = savedSettingSchema.parse((await post('admin', 'ratings', { version, value: { is_on: true, opens_day: 2, days: 25 } })).body)
    expect((await post('chief', `changes/${change}/undo`, {})).status).toBe(200)
    expect(ratingSettingsSchema.parse((await get('chief', 'ratings')).body).value).toEqual(value)
  })

  it('refuses a form that is older than what stands there', async () => {
    const { value } = stationSettingsSchema.parse((await get('chief', 'station')).body)
    expect(problemOf(await post('chief', 'station', { version: versionOfNothing, value }))).toMatchObject({ status: 409, code: 'conflict' })
  })

  it('saves, lists and takes back; the officer\'s list of sentences follows', async () => {
    const slug = `hello-${Date.now().toString(36).replace(/\d/g, 'x')}`
    const template = { category: null, status: 'message', closed_reason: null, name: { zh: '你好', en: 'Hello' }, body: { zh: '请来【时间】', en: 'Come at [time]' }, position: 900 }
    const { body } = await post('admin', 'templates', { version: versionOfNothing, slug, isNew: true, value: template })
    const { change } = savedSettingSchema.parse(body)
    const offered = async () => JSON.stringify((await send('GET', '/api/desk/templates', { cookie: cookies.officer ?? '' })).body).includes(slug)
    expect(await offered()).toBe(true)

    expect((await post('auditor', `changes/${change}/undo`, {})).status).toBe(403)
    expect((await post('chief', `changes/${change}/undo`, {})).status).toBe(200)
    expect(await offered()).toBe(false)
    expect((await post('chief', `changes/${change}/undo`, {})).status).toBe(409)
    expect(templateSettingsSchema.parse((await get('chief', 'templates')).body).templates.some(one => one.slug === slug)).toBe(false)
    const log = await send('GET', '/api/desk/audit?action=setting.undone', { cookie: cookies.auditor ?? '' })
    expect(z.object({ entries: z.array(z.object({ details: z.looseObject({ section: z.string() }) })) }).parse(log.body).entries[0]?.details).toMatchObject({ section: 'template', title: { en: 'Hello' } })
  })
})

describe('the import of communities and grids', () => {
  it('changes nothing when it is looked at, and is refused with an error or an unread warning', async () => {
    const before = await get('chief', 'areas')
    const { version, problems } = importPlanSchema.parse((await post('chief', 'areas/check', { text: overlapping })).body)
    expect(problems.map(({ code }) => code)).toEqual(['grids_overlap'])
    expect(problemOf(await post('chief', 'areas', { text: overlapping, version, hasLooked: true }))).toMatchObject({ status: 422, code: 'invalid_input' })

    expect(importPlanSchema.parse((await post('chief', 'areas/check', { text: gap })).body).problems.every(({ isWarning }) => isWarning)).toBe(true)
    expect(problemOf(await post('chief', 'areas', { text: gap, version }))).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(problemOf(await post('chief', 'areas', { text: file('docs/examples/two-communities.geojson'), version: versionOfNothing }))).toMatchObject({ status: 409 })
    expect((await get('chief', 'areas')).body).toEqual(before.body)
  })

  it('is for chief and admin', async () => {
    for (const who of ['officer', 'lead', 'auditor', 'resident']) expect((await post(who, 'areas/check', { text: gap })).status, who).toBe(403)
  })

  it('takes back what the portal hands out, and finds nothing to change', async () => {
    const { text, type, headers } = await get('admin', 'areas/linli-areas.geojson')
    expect([type, headers.get('content-disposition')]).toEqual(['application/geo+json; charset=utf-8', 'attachment; filename="linli-areas.geojson"'])
    const plan = importPlanSchema.parse((await post('admin', 'areas/check', { text, replacesAll: true })).body)

    expect(plan.problems).toEqual([])
    expect(new Set(plan.grids.map(({ state }) => state))).toEqual(new Set(['same']))
  })

  it('has a limit to what it reads', async () => {
    const heavy = await post('chief', 'areas/check', { text: ' '.repeat(importLimits.bytes + 1) })
    expect(importPlanSchema.parse(heavy.body).problems.map(({ code }) => code)).toEqual(['too_heavy'])
    expect(problemOf(await post('chief', 'areas/check', { text: ' '.repeat(2 * importLimits.bytes + 2000) }))).toMatchObject({ status: 413 })
    for (const text of ['', '[]', 'null', '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kind":"grid"},"geometry":{"type":"Polygon","coordinates":[[[1e999,0]]]}}]}', '['.repeat(100_000)]) {
      expect((await post('chief', 'areas/check', { text })).status, text.slice(0, 40)).toBe(200)
    }
  })
})
