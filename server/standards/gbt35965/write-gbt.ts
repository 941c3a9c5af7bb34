import type { AlertColour, MessageType } from '#shared/alerts/alert-words'
import { withExercise } from '#shared/alerts/headline'
import { shortCodeOf } from '#shared/alerts/identifier'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import { writeShape } from '../cap/shapes.ts'
import { alertPage, type CapOptions } from '../cap/write-cap.ts'
import { element, textElement, writeXml, type XmlNode } from '../xml/write-xml.ts'

export const gbtMediaType = 'application/xml'

/** Beijing time has had no summer time since 1991: eight hours before UTC, always. */
const beijingOffset = 8 * 3_600_000
/** Of a station that was given no 14 digits. */
const noIssuer = '0'.repeat(14)

/** An all clear and a cancellation are both `Cancel`; the headline tells them apart (解除, 撤销). */
const messageTypes: Record<MessageType, 'Alert' | 'Update' | 'Cancel'> = { alert: 'Alert', update: 'Update', cancel: 'Cancel', all_clear: 'Cancel' }
/** The colour is the severity. */
const severities: Record<AlertColour, string> = { blue: 'Blue', yellow: 'Yellow', orange: 'Orange', red: 'Red' }
export const acts: Record<MessageType, string> = { alert: '发布', update: '更新', cancel: '撤销', all_clear: '解除' }
export const colourWords: Record<AlertColour, string> = { blue: '蓝色预警', yellow: '黄色预警', orange: '橙色预警', red: '红色预警' }
const kindWords = { tip: '安全提醒', solved: '破案通报', notice: '通告' } as const

/** Beijing time in the extended form, `2026-11-22 15:30:00+08:00`. @param instant ISO 8601 */
export function gbtTime(instant: string): string {
  return `${new Date(Date.parse(instant) + beijingOffset).toISOString().slice(0, 19).replace('T', ' ')}+08:00`
}

/**
 * Issuer (6 digits of GB/T 2260, 3 of GB/T 4657, 3 internal, 2 of extension), Beijing time in 14 digits, and which of its second it was.
 * @param serial 0 to 9
 */
export function gbtIdentifier(issuerCode: string | null, instant: string, serial = 0): string {
  return `${issuerCode ?? noIssuer}_${gbtTime(instant).slice(0, 19).replace(/\D/g, '')}_${serial}`
}

/** Issuer + issues, updates, withdraws or lifts + event + colour: the rule for headlines. */
export function gbtHeadline({ sender, messageType, event, kind, colour, isExercise }: Pick<PublishedAlert, 'sender' | 'messageType' | 'event' | 'kind' | 'colour' | 'isExercise'>): string {
  return withExercise(`${sender.name.zh}${acts[messageType]}${event.name.zh}${kind === 'warning' ? colour ? colourWords[colour] : '' : kindWords[kind]}`, isExercise, 'zh')
}

/**
 * A published message in the words of GB/T 35965.1-2018: Beijing time, Chinese text, colour as severity, radius in metres, the first message of the chain as only reference.
 * A mapping, no claim of conformity: element names follow messages in use, since the standard's schema is not public. What it has no word for stands in `parameter`, as in CAP, and our headline is the first line of the description.
 * @see GB/T 35965.1-2018 §5 (structure), annex A (values)
 */
export function writeGbt(alert: PublishedAlert, { publicUrl }: CapOptions): string {
  const { issuerCode } = alert.sender
  return writeXml(element('alert', {},
    textElement('identifier', gbtIdentifier(issuerCode, alert.sent)),
    textElement('sender', alert.sender.name.zh),
    textElement('senderCode', issuerCode ?? noIssuer),
    textElement('sendTime', gbtTime(alert.sent)),
    textElement('status', alert.isExercise ? 'Exercise' : 'Actual'),
    textElement('msgType', messageTypes[alert.messageType]),
    textElement('scope', 'Public'),
    element('code', {}, element('method', {}, textElement('methodName', 'WEB'))),
    textElement('secClassification', 'None'),
    textElement('note', alert.isExercise ? '演练，并非真实事件。' : undefined),
    textElement('references', alert.messageType === 'alert' ? undefined : gbtIdentifier(issuerCode, alert.chainSent)),
    info(alert, publicUrl),
  ))
}

function info(alert: PublishedAlert, publicUrl: string): XmlNode {
  const { headline, description, instruction } = alert.texts.zh
  return element('info', {},
    textElement('language', 'zh-CN'),
    textElement('category', alert.event.category),
    textElement('event', alert.event.name.zh),
    textElement('urgency', alert.urgency),
    textElement('severity', alert.colour ? severities[alert.colour] : 'Unknown'),
    textElement('certainty', alert.certainty),
    textElement('effective', gbtTime(alert.sent)),
    textElement('onset', alert.onset && gbtTime(alert.onset)),
    textElement('expires', gbtTime(alert.expires)),
    textElement('senderName', alert.sender.name.zh),
    textElement('headline', gbtHeadline(alert)),
    textElement('description', `${headline}\n${description}`),
    textElement('instruction', instruction),
    textElement('web', alert.web ?? alertPage(alert.identifier, 'zh', publicUrl)),
    textElement('contact', alert.contact),
    ...Object.entries(parametersOf(alert)).map(([name, value]) => value === null ? undefined : named('parameter', name, value)),
    ...alert.areas.map(area => areaElement(area, alert.sender.issuerCode)),
  )
}

/** What a reader needs to tell which alert of ours it is. */
function parametersOf({ identifier, sender, kind, event, severity, chain, chainSent, follows, references, sent }: PublishedAlert): Record<string, string | null> {
  return {
    'linli:identifier': identifier, 'linli:shortCode': shortCodeOf(identifier), 'linli:sender': sender.slug, 'linli:kind': kind, 'linli:event': event.code, 'linli:severity': severity,
    'linli:chain': chain, 'linli:chainSent': gbtTime(chainSent), 'linli:follows': follows, 'linli:sent': gbtTime(sent),
    'linli:references': references.length ? references.map(reference => `${reference.identifier},${gbtTime(reference.sent).replace(' ', 'T')}`).join(' ') : null,
  }
}

/** `geocode` is the division of GB/T 2260 that the issuer's code begins with, in twelve digits. */
function areaElement({ kind, label, community, grid, shape }: PublishedAlert['areas'][number], issuerCode: string | null): XmlNode {
  const { polygons, circles } = writeShape(shape, 'm')
  return element('area', {},
    textElement('areaDesc', label.zh),
    ...polygons.map(polygon => textElement('polygon', polygon)),
    ...circles.map(circle => textElement('circle', circle)),
    textElement('geocode', issuerCode === null ? undefined : `${issuerCode.slice(0, 6)}000000`),
    named('parameter', 'linli:kind', kind),
    community === null ? undefined : named('parameter', 'linli:community', community),
    grid === null ? undefined : named('parameter', 'linli:grid', grid),
  )
}

function named(name: string, valueName: string, value: string): XmlNode {
  return element(name, {}, textElement('valueName', valueName), textElement('value', value))
}
