import { levelOfColour } from '#shared/alerts/alert-colours'
import type { MessageType } from '#shared/alerts/alert-words'
import { withExercise } from '#shared/alerts/headline'
import { shortCodeOf } from '#shared/alerts/identifier'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import { localeCodes, locales, type Locale } from '#shared/locales'
import { element, textElement, writeXml, type XmlNode } from '../xml/write-xml.ts'
import { writeShape } from './shapes.ts'

/** What a message and its references are identified with. */
export interface CapOptions {
  /** The portal's own address, without a slash at its end. */
  publicUrl: string
}

export const capNamespace = 'urn:oasis:names:tc:emergency:cap:1.2'
export const capMediaType = 'application/cap+xml'

const messageTypes: Record<MessageType, 'Alert' | 'Update' | 'Cancel'> = { alert: 'Alert', update: 'Update', cancel: 'Cancel', all_clear: 'Update' }
/** §3.2.2 language: RFC 3066. */
export const languageOf = (locale: Locale): string => locales.find(({ code }) => code === locale)!.language

/** §3.2.1 sent: never `Z`; UTC is written `-00:00` (§3.3.2). @param instant ISO 8601 */
export function capTime(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19)}-00:00`
}

/** §3.2.1 sender: unique in the world; no space, comma, `<` or `&`. */
export function capSender(slug: string, publicUrl: string): string {
  return `${slug}@${new URL(publicUrl).host}`
}

/** The page of an alert; what `web` names where the desk gave no other. */
export function alertPage(identifier: string, locale: Locale, publicUrl: string): string {
  return `${publicUrl}/${locale}/alerts/${identifier}`
}

/**
 * A published message as CAP 1.2: elements in the order of the schema, one `info` per language, all of them with the same category, urgency, severity and certainty.
 * Keeps to Google's profile: description, web, expires, a shape in every area, headline up to 140 characters.
 * What CAP has no word for (colour, level, kind, short code) is a parameter, so that nothing is lost.
 * @see https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2.html §3.2
 */
export function writeCap(alert: PublishedAlert, options: CapOptions): string {
  const sender = capSender(alert.sender.slug, options.publicUrl)
  return writeXml(element('alert', { xmlns: capNamespace },
    textElement('identifier', alert.identifier),
    textElement('sender', sender),
    textElement('sent', capTime(alert.sent)),
    textElement('status', alert.isExercise ? 'Exercise' : 'Actual'),
    textElement('msgType', messageTypes[alert.messageType]),
    textElement('scope', 'Public'),
    textElement('note', noteOf(alert)),
    // §3.2.1 references: all messages that still counted, not the first or last alone.
    textElement('references', alert.references.map(({ identifier, sent }) => `${sender},${identifier},${capTime(sent)}`).join(' ')),
    textElement('incidents', alert.chain),
    ...localeCodes.filter(locale => alert.texts[locale]).map(locale => info(alert, locale, options)),
  ))
}

/** §3.2.1 note: wanted with status Exercise, useful with Cancel. */
function noteOf({ isExercise, messageType, texts }: PublishedAlert): string | undefined {
  const exercise = isExercise ? '演练，并非真实事件。This is an exercise, nothing has happened.' : ''
  return [exercise, messageType === 'cancel' ? texts.zh.headline : ''].filter(Boolean).join(' ') || undefined
}

/** §3.2.2 responseType: what the instruction asks for. */
function responseOf({ messageType, kind, colour, texts }: PublishedAlert): string {
  if (messageType === 'all_clear') return 'AllClear'
  if (messageType === 'cancel' || kind === 'solved' || !texts.zh.instruction) return 'None'
  if (kind === 'notice') return 'Monitor'
  return colour === 'orange' || colour === 'red' ? 'Avoid' : 'Prepare'
}

function info(alert: PublishedAlert, locale: Locale, { publicUrl }: CapOptions): XmlNode {
  const text = alert.texts[locale] ?? alert.texts.zh
  return element('info', {},
    textElement('language', languageOf(locale)),
    textElement('category', alert.event.category),
    textElement('event', alert.event.name[locale]),
    textElement('responseType', responseOf(alert)),
    textElement('urgency', alert.urgency),
    textElement('severity', alert.severity),
    textElement('certainty', alert.certainty),
    named('eventCode', 'linli', alert.event.code),
    textElement('effective', capTime(alert.sent)),
    textElement('onset', alert.onset && capTime(alert.onset)),
    textElement('expires', capTime(alert.expires)),
    textElement('senderName', alert.sender.name[locale]),
    textElement('headline', withExercise(text.headline, alert.isExercise, locale)),
    textElement('description', text.description),
    textElement('instruction', text.instruction),
    textElement('web', alert.web ?? alertPage(alert.identifier, locale, publicUrl)),
    textElement('contact', alert.contact),
    ...Object.entries(parametersOf(alert)).map(([name, value]) => value === null ? undefined : named('parameter', name, value)),
    ...alert.areas.map(area => areaElement(area, locale)),
  )
}

/** §3.2.2 parameter: ours, beside what CAP says. */
function parametersOf({ colour, kind, identifier, chainSent, follows, sender }: PublishedAlert): Record<string, string | null> {
  return { kind, colour, level: colour && levelOfColour[colour], shortCode: shortCodeOf(identifier), chainSent: capTime(chainSent), follows, issuerCode: sender.issuerCode }
}

function areaElement({ kind, label, community, grid, shape }: PublishedAlert['areas'][number], locale: Locale): XmlNode {
  const { polygons, circles } = writeShape(shape, 'km')
  return element('area', {},
    textElement('areaDesc', label[locale]),
    ...polygons.map(polygon => textElement('polygon', polygon)),
    ...circles.map(circle => textElement('circle', circle)),
    named('geocode', 'linli:kind', kind),
    community === null ? undefined : named('geocode', 'linli:community', community),
    grid === null ? undefined : named('geocode', 'linli:grid', grid),
  )
}

function named(name: string, valueName: string, value: string): XmlNode {
  return element(name, {}, textElement('valueName', valueName), textElement('value', value))
}
