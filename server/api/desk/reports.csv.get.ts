import type { Localised, ReferenceData } from '#shared/communities/reference-data'
import { AppError } from '#shared/errors'
import type { Locale } from '#shared/locales'
import { exportQuerySchema } from '#shared/staff/workload'
import { exportCases, type ExportedCase } from '#server/domain/reports/export-cases'
import { defineDeskHandler } from '#server/http/desk-handler'
import { isForeign } from '#server/http/same-origin'
import { sendCsv } from '#server/http/send-csv'
import { byteOrderMark, csvLine } from '#server/standards/csv/write-csv'
import { text } from '#server/texts'

const columns = [
  'reference', 'category', 'community', 'grid', 'status', 'reason', 'urgency', 'channel', 'contact', 'received', 'viewed', 'accepted', 'closed', 'assignee', 'level', 'visitDue', 'visited', 'answer', 'answeredBy', 'silent',
] as const

/** The caller's cases for a spreadsheet; each download is logged. */
export default defineDeskHandler({
  query: exportQuerySchema,
  async run({ event, services, actor, query, locale }) {
    // Another site's link would write into the log that the officer took the list along.
    if (isForeign(event)) throw new AppError('cross_origin')
    const { timeZone, reference, pages } = await exportCases(services, actor, query)
    const write = inWords(locale, timeZone, reference)
    async function* lines() {
      yield byteOrderMark + csvLine(columns.map(column => text(locale, `communities.export.columns.${column}`)))
      for await (const cases of pages) yield cases.map(one => csvLine(write(one))).join('')
    }
    await sendCsv(event, 'linli-cases', lines())
  },
})

/** A case in the words of the desk, times on the wall of the station. */
function inWords(locale: Locale, timeZone: string, { categories, communities, former }: ReferenceData) {
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const at = (instant: string | null) => instant === null ? null : wall.format(new Date(instant))
  const word = (key: string, code: string | null) => code === null ? null : text(locale, `${key}.${code}`)
  const say = (name: Localised | undefined) => name?.[locale] ?? null
  const kinds = [...categories, ...former.categories]
  const places = [...communities, ...former.communities]
  const grids = [...communities.flatMap(community => community.grids), ...former.grids]
  return (one: ExportedCase) => {
    return [
      one.reference, say(kinds.find(({ code }) => code === one.category)?.name) ?? one.category, say(places.find(({ id }) => id === one.community_id)?.name), say(grids.find(({ id }) => id === one.grid_id)?.name),
      word('desk.status', one.status), word('desk.reasons', one.closed_reason), one.urgency === 'urgent' ? text(locale, 'desk.marks.urgent') : null,
      word('desk.report.channels', one.channel), word('desk.contactMode', one.contact_mode), at(one.received_at), at(one.first_viewed_at), at(one.accepted_at), at(one.closed_at), one.assignee,
      word('desk.roles', one.level), at(one.visit_due_at), at(one.visited_at), one.answer && text(locale, `communities.export.answers.${one.answer}`), one.answered_by && text(locale, `communities.export.answeredBy.${one.answered_by}`), at(one.no_reply_at),
    ]
  }
}
