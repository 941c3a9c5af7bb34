import { alertColours, type AlertColour } from '#shared/alerts/alert-words'
import { alertContentSchema, type AlertContent } from '#shared/alerts/published-alert'
import { readShape } from '../cap/shapes.ts'
import { alertPage, type CapOptions } from '../cap/write-cap.ts'
import type { ReadAlert } from '../cap/read-cap.ts'
import { childrenOf, neededText, readXml, textOf, valuesOf, type ReadElement } from '../xml/read-xml.ts'
import { acts, gbtHeadline, gbtIdentifier } from './write-gbt.ts'

/** An instant as the portal writes it. @param written Beijing time, with a space or a T @throws when it is none */
export function readGbtTime(written: string): string {
  if (!/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\+08:00$/.test(written)) throw new Error(`${written} is no Beijing time`)
  return new Date(written.replace(' ', 'T')).toISOString().replace('.000Z', 'Z')
}

/**
 * Reads a message that `writeGbt` wrote. Names are Chinese in both languages: the standard has no other.
 * @throws when it is not well-formed, lacks what an alert of ours has, or says two things at once (colour and headline, time and identifier)
 */
export function readGbt(xml: string, { publicUrl }: CapOptions): ReadAlert {
  const alert = readXml(xml, 'alert')
  const [info] = childrenOf(alert, 'info')
  if (!info) throw new Error('no info')
  const ours = valuesOf(info, 'parameter')
  const both = (zh: string) => ({ zh, en: zh })
  const sent = readGbtTime(neededText(alert, 'sendTime'))
  const senderCode = neededText(alert, 'senderCode')
  const [headline = '', ...description] = neededText(info, 'description').split('\n')
  const identifier = ours['linli:identifier'] ?? ''
  const web = textOf(info, 'web')
  const content = alertContentSchema.parse({
    identifier, sent, isExercise: neededText(alert, 'status') === 'Exercise',
    sender: { slug: ours['linli:sender'], name: both(neededText(alert, 'sender')), issuerCode: /^0+$/.test(senderCode) ? null : senderCode },
    messageType: messageTypeOf(alert, info), kind: ours['linli:kind'], colour: colourOf(neededText(info, 'severity')),
    event: { code: ours['linli:event'], category: neededText(info, 'category'), name: both(neededText(info, 'event')) },
    urgency: neededText(info, 'urgency'), severity: ours['linli:severity'], certainty: neededText(info, 'certainty'),
    onset: textOf(info, 'onset') === undefined ? null : readGbtTime(neededText(info, 'onset')), expires: readGbtTime(neededText(info, 'expires')),
    references: (ours['linli:references'] ?? '').split(' ').filter(Boolean).map((reference) => {
      const [named = '', at = ''] = reference.split(',')
      return { identifier: named, sent: readGbtTime(at) }
    }),
    texts: { zh: { headline, description: description.join('\n'), instruction: textOf(info, 'instruction') ?? null } },
    areas: childrenOf(info, 'area').map(readArea),
    web: web === alertPage(identifier, 'zh', publicUrl) ? null : web, contact: textOf(info, 'contact') ?? null,
  })
  const read = { ...content, chain: ours['linli:chain'] ?? '', chainSent: readGbtTime(ours['linli:chainSent'] ?? ''), follows: ours['linli:follows'] ?? null }
  refuseContradictions(alert, info, read)
  return read
}

function refuseContradictions(alert: ReadElement, info: ReadElement, read: ReadAlert) {
  const { sender: { issuerCode }, sent, chainSent, messageType } = read
  if (neededText(alert, 'identifier').slice(0, -1) !== gbtIdentifier(issuerCode, sent).slice(0, -1)) throw new Error('the identifier is not made of issuer and time')
  if (textOf(info, 'headline') !== gbtHeadline(read)) throw new Error('the headline is not issuer, act, event and colour')
  const references = textOf(alert, 'references')
  if ((messageType === 'alert') !== (references === undefined) || (references !== undefined && references !== gbtIdentifier(issuerCode, chainSent))) throw new Error('references name the first message of the chain and no other')
}

/** `Cancel` is an all clear where the headline lifts (解除) and a cancellation where it withdraws (撤销). */
function messageTypeOf(alert: ReadElement, info: ReadElement): AlertContent['messageType'] {
  const written = neededText(alert, 'msgType')
  if (written === 'Cancel') return neededText(info, 'headline').includes(`${neededText(alert, 'sender')}${acts.all_clear}`) ? 'all_clear' : 'cancel'
  if (written === 'Alert') return 'alert'
  if (written === 'Update') return 'update'
  throw new Error(`no alert of ours is an ${written}`)
}

function colourOf(severity: string): AlertColour | null {
  if (severity === 'Unknown') return null
  const colour = alertColours.find(each => each === severity.toLowerCase())
  if (!colour) throw new Error(`${severity} is no colour`)
  return colour
}

function readArea(area: ReadElement) {
  const ours = valuesOf(area, 'parameter')
  const label = neededText(area, 'areaDesc')
  return {
    kind: ours['linli:kind'], community: ours['linli:community'] ?? null, grid: ours['linli:grid'] ?? null, label: { zh: label, en: label },
    shape: readShape({ polygons: childrenOf(area, 'polygon').map(({ text }) => text), circles: childrenOf(area, 'circle').map(({ text }) => text) }, 'm'),
  }
}
