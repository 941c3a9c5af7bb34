import { z } from 'zod'
import type { MapCommunity } from '../communities/draw-map.ts'
import type { Localised } from '../communities/reference-data.ts'
import type { Locale } from '../locales.ts'
import type { ShownAlert } from './alert-schema.ts'
import type { AlertColour, AlertKind, EffectiveState, MessageType } from './alert-words.ts'
import { parseAlertIdentifier } from './identifier.ts'
import type { AlertShape, AlertText } from './published-alert.ts'

/** A message as lists show it, in the reader's language as far as it has one. */
export interface AlertCard {
  identifier: string
  messageType: MessageType
  kind: AlertKind
  colour: AlertColour | null
  isExercise: boolean
  state: EffectiveState
  /** With the words that mark a drill in front. */
  headline: string
  /** The language of the headline. */
  locale: Locale
  areas: string[]
  sent: string
  expires: string
}

/** Times are shown on the station's clock. */
interface Timed { timeZone: string, now: string }

/** `/alerts`: what counts now, and what was before. */
export interface AlertsPage extends Timed {
  current: AlertCard[]
  past: AlertCard[]
  communities: { slug: string, name: Localised }[]
  wanted: { community?: string, kind?: AlertKind }
}

/** Current alerts on other pages; null while nobody knows because the database is away. */
export interface CurrentAlerts extends Timed { cards: AlertCard[] | null }

/** `/alerts/{identifier}`. */
export interface AlertPage extends Timed {
  card: AlertCard
  text: AlertText
  alert: Pick<ShownAlert, 'onset' | 'event' | 'sender' | 'contact' | 'web'>
  shapes: AlertShape[]
  /** What the map shows: the communities that the areas touch. */
  communities: MapCommunity[]
  /** All messages about the matter, the first one first; one alone when nothing followed. */
  chain: AlertCard[]
  /** Where it was ended: the last message of the chain. */
  latest: AlertCard | null
  /** The warning that this notice solves, or the notice that solved this warning. */
  follows: AlertCard | null
  solvedBy: AlertCard | null
  /** The message as plain text, to be passed on; the check knows it word by word. */
  shareText: string
}

/** `/alerts/{identifier}/poster`. */
export interface PosterPage extends Timed {
  card: AlertCard
  text: AlertText
  sender: Localised
  contact: string | null
  qr: { size: number, path: string }
  address: string
}

/** An address names an alert as people type it; the page sends on to the full form. */
export const alertAddressSchema = z.object({ identifier: z.string().max(20).refine(typed => parseAlertIdentifier(typed) !== undefined) })
