import fc from 'fast-check'
import { alertColours, alertKinds, capCategories, certainties, messageTypes, severities, urgencies } from '#shared/alerts/alert-words'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import { aPublishedAlert } from './a-published-alert.ts'

/** Texts with everything that the desk may type: markup, quotes, emoji, line ends, other scripts; nothing that XML cannot carry. */
const text = (most: number, isLine = false) => fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'平安社区3号楼请勿转账。，abc XYZ 019') },
  { weight: 2, arbitrary: fc.constantFrom('<', '>', '&', '"', '\'', '&amp;', ']]>', '<b>', '🙏', '𠮷', 'é', '—', ...isLine ? [] : ['\n', '\t']) },
), { minLength: 4, maxLength: most }).map(parts => parts.join('').trim()).filter(joined => [...joined].length >= 4)
const instant = fc.integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2030, 0, 1) / 1000 }).map(seconds => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'))
const identifier = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'), minLength: 8, maxLength: 8 }).map(code => `LLA-${code.slice(0, 4)}-${code.slice(4)}`)
const degree = (most: number) => fc.integer({ min: -most * 1e6, max: most * 1e6 }).map(value => value / 1e6)
const position = fc.tuple(degree(180), degree(90)).map(([lng, lat]): [number, number] => [lng || 0, lat || 0])
const ring = fc.array(position, { minLength: 3, maxLength: 12 }).map(places => [...places, places[0]!])
const shape: fc.Arbitrary<PublishedAlert['areas'][number]['shape']> = fc.oneof(
  ring.map(coordinates => ({ type: 'Polygon' as const, coordinates: [coordinates] })),
  fc.array(ring, { minLength: 2, maxLength: 3 }).map(rings => ({ type: 'MultiPolygon' as const, coordinates: rings.map(each => [each]) })),
  fc.record({ type: fc.constant('Circle' as const), center: position, radiusMeters: fc.integer({ min: 20_000, max: 20_000_000 }).map(millimetres => millimetres / 1000) }),
)
const label = fc.record({ zh: text(8, true), en: text(8, true) })
const area = fc.record({ kind: fc.constantFrom('station' as const, 'community' as const, 'grid' as const, 'polygon' as const), label, community: fc.option(fc.constantFrom('ping-an', 'he-xie')), grid: fc.option(fc.constantFrom('A1', 'B2')), shape })
const texts = fc.record({ headline: text(30, true), description: text(60), instruction: fc.option(text(30)) })

/** Any alert that could be published, as far as a translator sees it. */
export const anAlert: fc.Arbitrary<PublishedAlert> = fc.record({
  identifier, sent: instant, messageType: fc.constantFrom(...messageTypes), isExercise: fc.boolean(), kind: fc.constantFrom(...alertKinds), colour: fc.constantFrom(...alertColours),
  event: fc.record({ code: fc.constantFrom('fraud', 'gas'), category: fc.constantFrom(...capCategories), name: label }),
  urgency: fc.constantFrom(...urgencies), severity: fc.constantFrom(...severities), certainty: fc.constantFrom(...certainties),
  onset: fc.option(instant), expires: instant, references: fc.uniqueArray(fc.record({ identifier, sent: instant }), { maxLength: 3, selector: each => each.identifier }),
  zh: texts, en: fc.option(texts, { nil: undefined }), areas: fc.array(area, { minLength: 1, maxLength: 3 }), web: fc.option(fc.webUrl()), contact: fc.option(text(12, true)),
  issuerCode: fc.option(fc.constant('44030441300000')), name: label, chain: identifier, chainSent: instant, follows: fc.option(identifier),
}).map(({ zh, en, issuerCode, name, colour, ...rest }) => aPublishedAlert({
  ...rest, colour: rest.kind === 'warning' ? colour : null, texts: en ? { zh, en } : { zh }, sender: { slug: 'linhe', name, issuerCode },
  references: rest.messageType === 'alert' ? [] : rest.references,
}))
