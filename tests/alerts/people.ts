/*
  A third set, of messages as people pass them on in groups: 30 alerts and 384 messages by somebody who saw neither the rules nor the other sets. The rules for
  remarks (server/domain/alerts/check/remarks.ts) were fitted on its one half; those of the other half are never shown.
*/
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Locale } from '#shared/locales'
import { checkVerdicts } from '#shared/alerts/check-page'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import { aPublishedAlert, aSquare } from './a-published-alert.ts'
import type { CheckedMessage } from './read-corpus.ts'

const textSchema = z.object({ headline: z.string(), description: z.string(), instruction: z.string().nullable().default(null) })
const setSchema = z.object({
  alerts: z.array(z.object({ key: z.string(), state: z.enum(['current', 'outdated', 'cancelled']), identifier: z.string(), supersededBy: z.string().optional(), texts: z.object({ zh: textSchema, en: textSchema }) })),
  messages: z.array(z.object({ id: z.string(), locale: z.enum(['zh', 'en']), alert: z.string().nullable(), expected: z.enum(checkVerdicts), text: z.string() })),
})
const { alerts, messages } = setSchema.parse(JSON.parse(readFileSync(new URL('corpus-people.json', import.meta.url), 'utf8')))
const identifierOf = new Map(alerts.map(({ key, identifier }) => [key, identifier]))

/** The alerts that its messages are about, by their keys. */
export const peopleAlerts: ReadonlyMap<string, PublishedAlert> = new Map(alerts.map(({ key, state, identifier, supersededBy, texts }) => [key, aPublishedAlert({
  identifier, texts, expires: '2026-12-20T00:00:00Z', sender: { slug: 'qingshiqiao', name: { zh: '青石桥派出所', en: 'Qingshiqiao Police Station' }, issuerCode: '44030441300000' },
  areas: [{ ...aSquare, label: { zh: '望江社区', en: 'Wangjiang' } }],
  endedBy: state === 'current' ? null : { identifier: identifierOf.get(supersededBy ?? '') ?? 'LLA-0000-0000', sent: '2026-11-22T09:00:00Z', messageType: state === 'cancelled' ? 'cancel' : 'update' },
})]))

/** By a sum over its name: which half a message is in does not depend on the order. */
const isTune = (id: string) => [...id].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) >>> 0, 7) % 2 === 1

/** The messages in one language. */
export function readPeople(locale: Locale): CheckedMessage[] {
  return messages.filter(message => message.locale === locale).map(({ id, alert, expected, text }) =>
    ({ alert: alert === null ? undefined : peopleAlerts.get(alert), verdict: expected, text, locale, part: isTune(id) ? 'people-tune' : 'people-test' }))
}
