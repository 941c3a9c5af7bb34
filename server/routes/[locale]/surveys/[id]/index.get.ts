import { getQuery } from 'h3'
import { z } from 'zod'
import { stepOfForm, surveyStandings, type SurveyPage } from '#shared/surveys/survey-pages'
import { theStart, type SurveyStep } from '#shared/surveys/take-step'
import { linkTokenSchema, surveyPathSchema } from '#shared/surveys/survey-schema'
import type { FormState } from '#shared/forms/form-state'
import { openSurveyPage } from '#server/domain/surveys/open-survey-page'
import { getSurvey } from '#server/domain/surveys/show-surveys'
import { definePageData } from '../../../../http/page-data.ts'
import { optionalDrawer } from '../../../../http/require-drawer.ts'
import { getServices } from '../../../../services.ts'

const askedSchema = z.object({ link: linkTokenSchema.nullable().catch(null), did: z.enum(surveyStandings).exclude(['none']).nullable().catch(null) })

export default definePageData<SurveyPage, z.output<typeof surveyPathSchema>>({
  params: surveyPathSchema,
  keepsTyped: ({ standing, did }) => standing !== 'none' && !did,
  async load({ event, params }) {
    const services = await getServices()
    const { link, did } = askedSchema.parse(getQuery(event))
    const [answer, form] = [event.context.answer as SurveyStep | undefined, event.context.form as FormState | undefined]
    const step = answer ?? (form ? stepOfForm(form.values, (await getSurvey(services, params.id)).survey.definition) : { at: theStart, answers: {}, isPartial: false })
    return openSurveyPage(services, await optionalDrawer(event), params.id, link, step, did)
  },
})
