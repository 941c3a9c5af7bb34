import { AppError } from '#shared/errors'
import { surveyFormSchema } from '#shared/surveys/survey-pages'
import { takeStep, theCheck, theStart } from '#shared/surveys/take-step'
import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { answerInOneGo, answerSurvey } from '#server/domain/surveys/answer-survey'
import { openSurveyPage } from '#server/domain/surveys/open-survey-page'
import { defineFormAction, ShownOnce } from '../../../../http/form-action.ts'
import { limitsFor, networkFor } from '../../../../http/rate-limits.ts'
import { optionalDrawer } from '../../../../http/require-drawer.ts'
import { getServices } from '../../../../services.ts'

/** Without script: a question a time, what was answered so far in the form itself; at the end the answer, by ballot in one go, by link, or openly. */
export default defineFormAction({
  fields: surveyFormSchema,
  async run({ event, input, values, params }) {
    const [services, visitor, id] = [await getServices(), await optionalDrawer(event), surveyPathSchema.safeParse(params).data?.id]
    if (!id) throw new AppError('not_found')
    const { survey, standing, gap, key, link } = await openSurveyPage(services, visitor, id, input.link ?? null, { at: theStart, answers: {}, isPartial: false }, null)
    if (standing === 'none') throw new AppError(survey.state === 'open' ? 'forbidden' : 'round_closed')
    if (input.go !== 'next' || input.at !== theCheck) {
      const taken = takeStep(survey.definition, input, values)
      if ('errors' in taken) throw new AppError('invalid', {}, { fields: taken.errors })
      return new ShownOnce(taken.step)
    }
    const [answer, sender] = [{ answers: input.soFar, partial: input.partial === '1' }, { limits: limitsFor(event, services, 'survey.answer'), networkFor: networkFor(event, services), isStaff: gap === 'staff' }]
    const { counted } = visitor.drawer && standing === 'ballot' && key
      ? await answerInOneGo(services, visitor.drawer, id, key, answer, sender)
      : await answerSurvey(services, id, { ...answer, ...(link && { token: link }), ...(standing === 'open' && input.community && { community: input.community }) }, sender)
    return `?did=${counted}`
  },
})
