import type { Localised } from '#shared/communities/reference-data'
import type { Locale } from '#shared/locales'
import type { Calendar, CalendarEvent } from './write-calendar.ts'

/** How somebody stands to a shift: a place of theirs, one that is offered, the waiting list, or none any more. */
export type FeedState = 'confirmed' | 'offered' | 'waiting' | 'left' | 'cancelled'

/** A shift in somebody's own feed. Times are ISO 8601. */
export interface FeedShift {
  /** Of the shift: who else goes there has the same event, and nobody is named. */
  id: string
  type: Localised
  community: Localised
  /** Where one meets: a place that the station has published, never somebody's home. */
  place: Localised | null
  startsAt: string
  endsAt: string
  state: FeedState
  /** Changes of the shift and of one's own place together: it never falls, so that a place taken again counts as the newest. */
  sequence: number
  /** The later of both changes. */
  revisedAt: string
}

/** What the feed says in words, in its reader's language. */
export interface FeedWords {
  name: string
  summary: (type: string, community: string) => string
  /** By state; nobody's name, nothing about a report. */
  description: Readonly<Record<FeedState, string>>
  /** In front of a shift, by how many minutes. */
  alarms: readonly { minutesBefore: number, text: string }[]
}

const statusOf = { confirmed: 'confirmed', offered: 'tentative', waiting: 'tentative', left: 'cancelled', cancelled: 'cancelled' } as const satisfies Record<FeedState, CalendarEvent['status']>

/** Readers of feeds ask every hour at the most; what is nearer than that comes by message. */
const refreshMinutes = 60

/**
 * Somebody's patrols as a calendar, in the order of time. Left and cancelled shifts stay in it as cancelled, or a phone would go on showing them.
 * @param feedId random, of the feed and not of its token: it stays when the address is changed
 * @param source the feed's own address, token included
 */
export function patrolsCalendar(shifts: readonly FeedShift[], { feedId, source, publicUrl, locale, words }: { feedId: string, source: string, publicUrl: string, locale: Locale, words: FeedWords }): Calendar {
  const page = `${publicUrl}/${locale}/patrols/me`
  return {
    productId: `-//Linli//Patrols//${locale.toUpperCase()}`, uid: feedId, name: words.name, url: page, source, refreshMinutes, color: 'darkgreen',
    events: shifts.toSorted((one, other) => Date.parse(one.startsAt) - Date.parse(other.startsAt) || one.id.localeCompare(other.id)).map((shift): CalendarEvent => ({
      uid: shift.id, startsAt: shift.startsAt, endsAt: shift.endsAt, revisedAt: shift.revisedAt, sequence: shift.sequence, status: statusOf[shift.state],
      summary: words.summary(shift.type[locale], shift.community[locale]), description: words.description[shift.state],
      ...shift.place && { location: shift.place[locale] }, url: page, alarms: shift.state === 'confirmed' ? words.alarms : [],
    })),
  }
}
