import { giveRatingSchema } from '#shared/ratings/rating-schema'
import { giveRating } from '#server/domain/ratings/give-rating'
import { defineApiHandler } from '#server/http/api-handler'
import { limitsFor, networkFor } from '#server/http/rate-limits'
import { getServices } from '../../services.ts'

/** Asks nobody who they are: a ballot says all there is to say. */
export default defineApiHandler({
  body: giveRatingSchema, status: 201,
  async run({ event, body }) {
    const services = await getServices()
    return giveRating(services, body, { limits: limitsFor(event, services, 'rating.give'), networkFor: networkFor(event, services) })
  },
})
