import { createError, defineEventHandler, getRequestHeader, getRouterParam, sendNoContent, setResponseHeaders } from 'h3'
import { AppError } from '#shared/errors'
import type { Locale } from '#shared/locales'
import { openFeed } from '#server/domain/patrols/calendar-feed'
import { entityTag, isHeld } from '#server/standards/atom/entity-tag'
import { patrolsCalendar, type FeedWords } from '#server/standards/icalendar/patrols-calendar'
import { writeCalendar } from '#server/standards/icalendar/write-calendar'
import { getServices } from '../../../services.ts'
import { text } from '../../../texts.ts'

/** `/feeds/patrols/{token}.ics`: one volunteer's patrols. Whoever has the address reads it, so that it is kept by nobody on the way. */
export default defineEventHandler(async (event) => {
  const [, token] = /^([\w-]{32})\.ics$/.exec(getRouterParam(event, 'file') ?? '') ?? []
  if (token === undefined) throw createError({ statusCode: 404 })
  const { shifts, ...feed } = await openFeed(await getServices(), token).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') throw createError({ statusCode: 404, cause: error })
    throw error
  })
  const body = writeCalendar(patrolsCalendar(shifts, { ...feed, words: feedWords(feed.locale) }))
  const etag = entityTag(body)
  setResponseHeaders(event, { etag, 'cache-control': 'private, no-cache', 'content-type': 'text/calendar; charset=utf-8', 'content-disposition': 'inline; filename="patrols.ics"', 'x-robots-tag': 'noindex' })
  return isHeld(getRequestHeader(event, 'if-none-match'), etag) ? sendNoContent(event, 304) : body
})

function feedWords(locale: Locale): FeedWords {
  const say = (key: string, params: Record<string, string> = {}) => text(locale, `patrols.planner.feed.${key}`, params)
  return {
    name: say('name'), summary: (type, community) => say('summary', { type, community }),
    description: { confirmed: say('confirmed'), offered: say('offered'), waiting: say('waiting'), left: say('left'), cancelled: say('cancelled') },
    alarms: [{ minutesBefore: 1440, text: say('tomorrow') }, { minutesBefore: 120, text: say('soon') }],
  }
}
