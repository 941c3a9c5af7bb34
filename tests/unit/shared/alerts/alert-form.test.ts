import { describe, expect, it } from 'vitest'
import { blanksIn, bodyOf, formOf, instantOfWall, newAlertForm, wallTime, withTemplate, type AlertForm } from '#shared/alerts/alert-form'
import { newAlertSchema, type AlertOffers } from '#shared/alerts/alert-schema'
import { longestHoursOf } from '#shared/alerts/alert-colours'
import { alertColours, alertKinds } from '#shared/alerts/alert-words'
import { proposeHours } from '#shared/alerts/expiry-proposals'

const zone = 'Asia/Shanghai'
const now = Date.parse('2026-11-22T15:30:00Z')
const written = (changes: Partial<AlertForm> = {}): AlertForm => ({ ...newAlertForm(now, zone), event: 'burglary', texts: { zh: { headline: '老街近日发生入室盗窃', description: '请关好门窗。', instruction: '' }, en: { headline: '', description: ' ', instruction: '' } }, ...changes })

describe('the form of an alert', () => {
  it('keeps times on the station’s wall clock, over midnight too', () => {
    expect(wallTime(now, zone)).toBe('2026-11-22T23:30')
    expect(instantOfWall('2026-11-23T00:30', zone)).toBe('2026-11-22T16:30:00.000Z')
    for (const wrong of ['', '2026-11-23', '2026-02-31T10:00', 'soon']) expect(instantOfWall(wrong, zone)).toBeNull()
  })

  it('is sent as the API takes it: empty languages left out, rings closed', () => {
    const ring: [number, number][] = [[121.1, 31.1], [121.2, 31.1], [121.2, 31.2]]
    const label = { zh: '河边', en: 'the river' }
    const nothing = { community: null, grid: null, label, ring: null, circle: null }
    const body = bodyOf(written({ areas: [{ ...nothing, kind: 'station' }, { ...nothing, kind: 'polygon', ring }, { ...nothing, kind: 'circle', circle: { type: 'Circle', center: [121.1, 31.1], radiusMeters: 300 } }] }), zone)

    const draft = newAlertSchema.parse(body)
    expect(Object.keys(draft.texts)).toEqual(['zh'])
    expect(draft.areas.map(({ kind }) => kind)).toEqual(['station', 'polygon', 'circle'])
    expect(draft.areas[1]).toMatchObject({ shape: { coordinates: [[...ring, ring[0]]] } })
    expect(draft.expires).toBe(new Date(now + 72 * 3_600_000).toISOString())
  })

  it('says what is missing instead of sending something else', () => {
    const faults = (form: AlertForm) => newAlertSchema.safeParse(bodyOf(form, zone)).error?.issues.map(({ path }) => path.join('.')) ?? []
    expect(faults(written({ expires: '' }))).toEqual(['expires'])
    expect(faults(written({ texts: { zh: { headline: '停', description: '', instruction: '' }, en: { headline: '', description: '', instruction: '' } } }))).toEqual(['texts.zh.headline', 'texts.zh.description'])
    expect(faults(written({ kind: 'tip' }))).toEqual([])
  })

  it('opens a saved draft as it was typed', () => {
    const form = written({ contact: '值班电话 110', areas: [{ kind: 'polygon', community: null, grid: null, label: { zh: '河边', en: 'the river' }, ring: [[1, 2], [3, 4], [5, 6]], circle: null }] })
    const body = bodyOf(form, zone) as { expires: string, texts: Record<string, { headline: string, description: string }> }
    const saved = { ...form, expires: body.expires, onset: null, web: null, texts: { zh: { ...form.texts.zh, instruction: null } }, areas: [{ kind: 'polygon', community: null, grid: null, label: { zh: '河边', en: 'the river' }, shape: { type: 'Polygon', coordinates: [[[1, 2], [3, 4], [5, 6], [1, 2]]] } }] }

    expect(formOf(saved as never, zone)).toMatchObject({ expires: form.expires, contact: form.contact, areas: form.areas, texts: { zh: form.texts.zh, en: { headline: '' } } })
  })

  it('takes a template over and names the blanks that are left', () => {
    const template: AlertOffers['templates'][number] = { slug: 'gas', name: { zh: '燃气', en: 'Gas' }, messageType: 'alert', kind: 'warning', colour: 'red', event: 'gas_leak', hours: 12, texts: { zh: { headline: '【地点】燃气泄漏', description: '【时间】，【地点】发生泄漏。', instruction: null } } }
    const form = withTemplate(written({ areas: [{ kind: 'station', community: null, grid: null, label: { zh: '', en: '' }, ring: null, circle: null }] }), template, now, zone)

    expect(form).toMatchObject({ colour: 'red', urgency: 'Immediate', severity: 'Extreme', event: 'gas_leak', expires: wallTime(now + 12 * 3_600_000, zone), areas: [{ kind: 'station' }] })
    expect(blanksIn(form)).toEqual(['【地点】', '【时间】'])
    expect(blanksIn(written())).toEqual([])
  })
})

it('never proposes a time that the rules refuse', () => {
  for (const kind of alertKinds) {
    for (const colour of kind === 'warning' ? alertColours : [null]) expect(Math.max(...proposeHours(kind, colour))).toBeLessThanOrEqual(longestHoursOf(colour))
  }
})
