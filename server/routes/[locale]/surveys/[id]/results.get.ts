import type { SurveyResultsPage } from '#shared/surveys/survey-pages'
import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { getSurveyResults } from '#server/domain/surveys/show-surveys'
import { definePageData } from '../../../../http/page-data.ts'
import { getServices } from '../../../../services.ts'
import type { z } from 'zod'

export default definePageData<SurveyResultsPage, z.output<typeof surveyPathSchema>>({
  params: surveyPathSchema,
  async load({ params }) {
    const services = await getServices()
    const [results, { station, communities, former }] = await Promise.all([getSurveyResults(services, params.id), getReferenceData(services)])
    return { results, timeZone: station?.time_zone ?? 'Asia/Shanghai', communities: [...communities, ...former.communities].map(({ slug, name }) => ({ slug, name })) }
  },
})
