import type { SurveyListPage } from '#shared/surveys/survey-pages'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { listSurveys } from '#server/domain/surveys/show-surveys'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

export default definePageData<SurveyListPage>({
  async load() {
    const services = await getServices()
    const [{ now, surveys }, { station, communities, former }] = await Promise.all([listSurveys(services), getReferenceData(services)])
    return { now, surveys, timeZone: station?.time_zone ?? 'Asia/Shanghai', communities: [...communities, ...former.communities].map(({ slug, name }) => ({ slug, name })) }
  },
})
