import { getQuery } from 'h3'
import type { AnswerPage } from '#shared/revisits/answer-page'
import { openQuestion } from '#shared/revisits/tracked-revisit'
import { dangerIn } from '../../../../http/emergency-card.ts'
import { definePageData, Redirect } from '../../../../http/page-data.ts'
import { openTracked, reportParams } from '../../../../http/report-view.ts'
import { getServices } from '../../../../services.ts'

/** The reporter answers a visit. */
export default definePageData<AnswerPage, { reference: string }>({
  params: reportParams,
  keepsTyped: ({ question }) => question !== null,
  async load({ event, locale, params }) {
    const tracked = await openTracked(event, await getServices(), params.reference, locale)
    if (tracked instanceof Redirect) return tracked
    if (tracked.viewer === 'follower') return new Redirect(`/${locale}/reports/${params.reference}`)
    const question = openQuestion(tracked.revisits) ?? null
    const { answers = [] } = question?.revisit ?? {}
    const wanted = answers.length === 1 ? answers[0] : getQuery(event).answer
    const typed = event.context.form?.values.comment
    return {
      reference: tracked.reference, timeZone: tracked.timeZone, now: tracked.now, isByLetter: tracked.isByLetter, question, chosen: answers.find(answer => answer === wanted) ?? null,
      hasEmergency: typeof typed === 'string' && dangerIn(typed) !== undefined,
    }
  },
})
