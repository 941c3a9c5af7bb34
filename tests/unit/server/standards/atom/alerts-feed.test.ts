import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alertsFeed, alertsInFeed, type AlertsFeedOptions } from '#server/standards/atom/alerts-feed'
import { entityTag, isHeld } from '#server/standards/atom/entity-tag'
import { writeFeed } from '#server/standards/atom/write-feed'
import { writeJsonFeed } from '#server/standards/atom/write-json-feed'
import { anAlert } from '../../../../alerts/arbitrary-alert.ts'
import { knownAlerts, now } from '../../../../alerts/known-alerts.ts'
import { atomProblems } from '../../../../standards/atom-rules.ts'
import { edited, onLines } from '../../../../standards/edit.ts'
import { atomSchemaProblems } from '../../../../standards/validate-xml.ts'

const options: AlertsFeedOptions = { publicUrl: 'https://linli.example', path: '/feeds/alerts.atom', locale: 'zh', station: { zh: '临河派出所', en: 'Linhe Police Station' }, title: '临河派出所 · 安全预警', now }
const alerts = Object.values(knownAlerts)
const golden = (name: string) => path.resolve(import.meta.dirname, `../../../../fixtures/standards/alerts/${name}`)
const xml = writeFeed(alertsFeed(alerts, options))
const inFeed = (at: string) => alertsInFeed(alerts, at).map(({ identifier }) => identifier)

describe.each(['zh', 'en'] as const)('the feed of alerts in %s', (locale) => {
  const feed = alertsFeed(alerts, { ...options, locale })

  it('is the golden file, as Atom and as JSON', async () => {
    await expect(onLines(writeFeed(feed))).toMatchFileSnapshot(golden(`alerts.${locale}.atom`))
    await expect(`${JSON.stringify(JSON.parse(writeJsonFeed(feed, 'https://linli.example/feeds/alerts.json')), null, 2)}\n`).toMatchFileSnapshot(golden(`alerts.${locale}.json`))
  })

  it('is valid by the schema of RFC 4287 and by the rules that it cannot say', () => {
    expect(atomSchemaProblems(writeFeed(feed))).toEqual([])
    expect(atomProblems(writeFeed(feed))).toEqual([])
  })
})

describe('the feed of alerts', () => {
  it('is valid whatever the desk types, and without entries', () => {
    fc.assert(fc.property(fc.uniqueArray(anAlert, { maxLength: 3, selector: ({ identifier }) => identifier }), fc.constantFrom('zh' as const, 'en' as const), (some, locale) => {
      const written = writeFeed(alertsFeed(some, { ...options, locale, now: '2026-01-01T00:00:00Z' }))

      expect(atomSchemaProblems(written)).toEqual([])
      expect(atomProblems(written)).toEqual([])
    }), { numRuns: 100 })
    expect(atomSchemaProblems(writeFeed(alertsFeed([], options)))).toEqual([])
  })

  it('holds what still speaks, newest first, and not what expired or was replaced', () => {
    expect(inFeed(now)).toEqual(expect.arrayContaining(['LLA-7K3Q-9XPA', 'LLA-G4S3-0003', 'LLA-KD2K-0002', 'LLA-8RGC-0002']))
    for (const gone of ['LLA-G4S1-0001', 'LLA-G4S2-0002', 'LLA-KD1K-0001', 'LLA-8RGB-0001', 'LLA-E81K-0001', 'LLA-1ECT-0001']) expect(inFeed(now)).not.toContain(gone)
    expect(inFeed(now)[0]).toBe('LLA-G4S3-0003')
  })

  it('keeps a cancellation and an all clear until what they ended would have expired', () => {
    expect(inFeed('2026-11-24T09:19:59Z')).toContain('LLA-KD2K-0002')
    expect(inFeed('2026-11-24T09:20:00Z')).not.toContain('LLA-KD2K-0002')
    // The all clear's own time is longer than that of the warnings that it lifts.
    expect(inFeed('2026-11-22T17:59:59Z')).toContain('LLA-G4S3-0003')
    expect(inFeed('2026-11-22T18:00:00Z')).not.toContain('LLA-G4S3-0003')
  })

  it('keeps the id of an entry for good, and the feed\'s time never goes back', () => {
    const [first, later] = [now, '2026-11-24T09:20:00Z'].map(at => alertsFeed(alerts, { ...options, now: at }))

    expect(later!.entries.every(({ id }) => first!.entries.some(entry => entry.id === id))).toBe(true)
    expect(later!.updated).toBe(first!.updated)
    expect(first!.entries[0]!.id).toBe('tag:linli.example,2026:alerts/LLA-G4S3-0003:zh')
  })

  it('shows a missing language in Chinese, and an exercise as one', () => {
    const entries = alertsFeed(alerts, { ...options, locale: 'en' }).entries
    const of = (identifier: string) => entries.find(({ id }) => id.includes(identifier))

    expect(of('LLA-HEAT-0001')?.title).toBe(knownAlerts.heating.texts.zh.headline)
    expect(of('LLA-DR11-0001')?.title).toMatch(/^EXERCISE: /)
  })

  it('has a tag that changes with a byte and that clients may hold in any form', () => {
    const tag = entityTag(xml)

    expect(tag).toMatch(/^"[\w-]{27}"$/)
    expect(entityTag(`${xml} `)).not.toBe(tag)
    expect([tag, `W/${tag}`, `"old", ${tag}`, '*'].map(held => isHeld(held, tag))).toEqual([true, true, true, true])
    expect(['"old"', undefined, tag.slice(1, -1)].map(held => isHeld(held, tag))).toEqual([false, false, false])
  })
})

const broken: readonly (readonly [name: string, by: 'schema' | 'rules', edit: readonly [string | RegExp, string]])[] = [
  ['no id', 'schema', [/<id>.*?<\/id>/, '']],
  ['no title of an entry', 'schema', [/(<entry><id>.*?<\/id>)<title>.*?<\/title>/, '$1']],
  ['no time of an entry', 'schema', [/(<entry>.*?)<updated>.*?<\/updated>/, '$1']],
  ['a time that is a date', 'schema', [/<updated>.*?<\/updated>/, '<updated>2026-11-22</updated>']],
  ['two titles', 'schema', ['<title>', '<title>again</title><title>']],
  ['a link without an address', 'schema', [/ href="[^"]*"/, '']],
  ['an element of its own in Atom\'s namespace', 'schema', ['<entry>', '<entry><colour>red</colour>']],
  ['another namespace', 'schema', ['2005/Atom', '2006/Atom']],
  ['a category without a term', 'schema', ['<entry>', '<entry><category/>']],
  ['not closed', 'schema', ['</feed>', '']],
  ['no author', 'rules', [/<author>.*?<\/author>/, '']],
  ['a relative id', 'rules', [/<id>tag:[^<]*<\/id><title>临/, '<id>/feeds/alerts</id><title>临']],
  ['an entry twice', 'rules', [/(<entry>.*?<\/entry>)/, '$1$1']],
  ['two alternates of one type', 'rules', [/<link rel="related" type="application\/xml"/, '<link rel="alternate" type="text/html"']],
  ['no link to itself', 'rules', ['rel="self"', 'rel="via"']],
  ['an entry newer than its feed', 'rules', [/<updated>.*?<\/updated>/, '<updated>2020-01-01T00:00:00Z</updated>']],
  ['no link to CAP', 'rules', ['application/cap+xml', 'application/octet-stream']],
]

describe('a broken feed', () => {
  it.each(broken)('%s: the %s say so', (_name, by, edit) => {
    const changed = edited(xml, edit)

    expect(by === 'schema' ? atomSchemaProblems(changed) : atomProblems(changed)).not.toEqual([])
  })
})
