import { alertContentSchema, type AlertContent, type AlertReference, type PublishedAlert } from '#shared/alerts/published-alert'
import { withExercise } from '#shared/alerts/headline'
import { localeCodes, type Locale } from '#shared/locales'
import { childrenOf, neededText, readXml, textOf, valuesOf, type ReadElement } from '../xml/read-xml.ts'
import { readShape } from './shapes.ts'
import { alertPage, capNamespace, capSender, languageOf, type CapOptions } from './write-cap.ts'

/** What a CAP message of ours says: all of the alert but its statement and what ended it. */
export type ReadAlert = AlertContent & Pick<PublishedAlert, 'chain' | 'chainSent' | 'follows'>

/** An instant as the portal writes it. @param written CAP time with any offset @throws when it is none */
export function readCapTime(written: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d$/.test(written)) throw new Error(`${written} is no CAP time`)
  return new Date(written).toISOString().replace('.000Z', 'Z')
}

/**
 * Reads a CAP message that `writeCap` wrote, here or at another portal of this kind.
 * @throws when it is not well-formed, not CAP 1.2 or lacks what an alert of ours has
 */
export function readCap(xml: string, { publicUrl }: CapOptions): ReadAlert {
  const alert = readXml(xml, 'alert')
  if (alert.attributes.xmlns !== capNamespace) throw new Error('not CAP 1.2')
  const infos = infosByLocale(alert)
  const [[firstLocale, first]] = infos as [[Locale, ReadElement]]
  const isExercise = neededText(alert, 'status') === 'Exercise'
  const identifier = neededText(alert, 'identifier')
  const sent = readCapTime(neededText(alert, 'sent'))
  const parameters = valuesOf(first, 'parameter')
  const inBoth = (read: (info: ReadElement) => string) => {
    const values = Object.fromEntries(infos.map(([locale, info]) => [locale, read(info)]))
    return { zh: values.zh ?? '', en: values.en ?? values.zh ?? '' }
  }
  const slug = neededText(alert, 'sender').split('@')[0] ?? ''
  if (neededText(alert, 'sender') !== capSender(slug, publicUrl)) throw new Error('sent by another portal')
  const web = textOf(first, 'web')
  const content = alertContentSchema.parse({
    identifier, sent, isExercise,
    sender: { slug, name: inBoth(info => neededText(info, 'senderName')), issuerCode: parameters.issuerCode ?? null },
    messageType: messageTypeOf(alert, first), kind: parameters.kind, colour: parameters.colour ?? null,
    event: { code: valuesOf(first, 'eventCode').linli, category: neededText(first, 'category'), name: inBoth(info => neededText(info, 'event')) },
    urgency: neededText(first, 'urgency'), severity: neededText(first, 'severity'), certainty: neededText(first, 'certainty'),
    onset: timeOf(first, 'onset'), expires: readCapTime(neededText(first, 'expires')),
    references: referencesOf(alert),
    texts: Object.fromEntries(infos.map(([locale, info]) => [locale, textsOf(info, isExercise, locale)])),
    areas: areasOf(infos),
    web: web === alertPage(identifier, firstLocale, publicUrl) ? null : web, contact: textOf(first, 'contact') ?? null,
  })
  return { ...content, chain: neededText(alert, 'incidents'), chainSent: readCapTime(parameters.chainSent ?? ''), follows: parameters.follows ?? null }
}

function infosByLocale(alert: ReadElement): [Locale, ReadElement][] {
  const infos = childrenOf(alert, 'info').flatMap((info): [Locale, ReadElement][] => localeCodes.filter(locale => languageOf(locale) === textOf(info, 'language')).map(locale => [locale, info]))
  if (!infos.length) throw new Error('no info in a language of ours')
  return infos
}

function messageTypeOf(alert: ReadElement, info: ReadElement): AlertContent['messageType'] {
  const written = neededText(alert, 'msgType')
  if (written === 'Update') return textOf(info, 'responseType') === 'AllClear' ? 'all_clear' : 'update'
  if (written === 'Alert') return 'alert'
  if (written === 'Cancel') return 'cancel'
  throw new Error(`no alert of ours is an ${written}`)
}

function timeOf(info: ReadElement, name: string): string | null {
  const written = textOf(info, name)
  return written === undefined ? null : readCapTime(written)
}

/** §3.2.1 references: `sender,identifier,sent` apart by spaces. */
function referencesOf(alert: ReadElement): AlertReference[] {
  return (textOf(alert, 'references') ?? '').split(/\s+/).filter(Boolean).map((triple) => {
    const [, identifier = '', sent = ''] = triple.split(',')
    return { identifier, sent: readCapTime(sent) }
  })
}

function textsOf(info: ReadElement, isExercise: boolean, locale: Locale) {
  return { headline: neededText(info, 'headline').slice(withExercise('', isExercise, locale).length), description: neededText(info, 'description'), instruction: textOf(info, 'instruction') ?? null }
}

function areasOf(infos: [Locale, ReadElement][]) {
  const [, first] = infos[0]!
  return childrenOf(first, 'area').map((area, index) => {
    const labels = Object.fromEntries(infos.map(([locale, info]) => [locale, neededText(childrenOf(info, 'area')[index] ?? area, 'areaDesc')]))
    const codes = valuesOf(area, 'geocode')
    return {
      kind: codes['linli:kind'], community: codes['linli:community'] ?? null, grid: codes['linli:grid'] ?? null,
      label: { zh: labels.zh ?? labels.en ?? '', en: labels.en ?? labels.zh ?? '' },
      shape: readShape({ polygons: childrenOf(area, 'polygon').map(({ text }) => text), circles: childrenOf(area, 'circle').map(({ text }) => text) }, 'km'),
    }
  })
}
