import type { RatingResults } from '#shared/ratings/rating-results'
import type { Localised } from '#shared/communities/reference-data'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { getRatingResults } from '#server/domain/ratings/release-ratings'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

export default definePageData<RatingResults & { communities: { slug: string, name: Localised }[] }>({
  async load() {
    const services = await getServices()
    const [results, { communities, former }] = await Promise.all([getRatingResults(services), getReferenceData(services)])
    return { ...results, communities: [...communities, ...former.communities].map(({ slug, name }) => ({ slug, name })) }
  },
})
