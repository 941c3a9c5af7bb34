import { getQuery } from 'h3'
import { answersInWords } from '#shared/reports/question-text'
import type { TrackPage } from '#shared/reports/track-page'
import { aboutAlert, alertOfTip } from '#server/domain/alerts/tip-about'
import { filedCategory, getReferenceData } from '#server/domain/communities/get-reference-data'
import { readTipReward } from '#server/domain/patrols/tip-rewards'
import { dangerIn } from '../../../../http/emergency-card.ts'
import { definePageData, Redirect } from '../../../../http/page-data.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { openTracked, reportParams, withAccess } from '../../../../http/report-view.ts'
import { getServices } from '../../../../services.ts'

/** The reporter follows the case. */
export default definePageData<TrackPage, { reference: string }>({
  params: reportParams,
  keepsTyped: ({ viewer }) => viewer === 'reporter',
  async load({ event, locale, params }) {
    const services = await getServices()
    const tracked = await openTracked(event, services, params.reference, locale)
    if (tracked instanceof Redirect) return tracked
    const reference = await getReferenceData(services)
    const { communities, station } = reference
    const category = filedCategory(reference, tracked.category)
    const { content } = tracked
    const alert = await alertOfTip(services, content?.alert)
    // Only what is done with has one: most looks at a report cost no call more.
    const isDone = tracked.viewer === 'reporter' && (tracked.status === 'resolved' || tracked.status === 'closed')
    const { reward } = isDone ? await withAccess(event, services, access => readTipReward(services, tracked.reference, access, limitsFor(event, services, 'report.guess'))) : { reward: null }
    const typed = event.context.form?.values.text
    return {
      reference: tracked.reference, viewer: tracked.viewer, status: tracked.status, closedReason: tracked.closedReason, category: category?.name[locale] ?? tracked.category,
      place: [tracked.community?.[locale], tracked.grid?.[locale]].filter(Boolean).join(' · '), timeZone: tracked.timeZone, now: tracked.now,
      receivedAt: tracked.receivedAt, mergedInto: tracked.mergedInto, taken: tracked.taken, clock: tracked.clock, revisitBy: tracked.revisitBy, isByLetter: tracked.isByLetter, waitsApart: tracked.waitsApart,
      stationPhone: station?.phone ?? null, timeline: tracked.timeline.toReversed(),
      messages: tracked.messages.map(({ id, at, author, text, attachments: files }) => ({ id, at, author, text, files })),
      written: content && {
        description: content.description, address: content.address ?? null, occurredText: content.occurredText ?? null,
        answers: category ? answersInWords(category, communities, content.answers, locale, tracked.receivedAt) : [],
        about: alert ? aboutAlert(alert, locale) : null,
      },
      attachments: tracked.attachments, access: tracked.access, revisits: tracked.revisits,
      hasReward: reward !== null,
      hasEmergency: 'urgent' in getQuery(event) || (typeof typed === 'string' && dangerIn(typed) !== undefined),
    }
  },
})
