import { getQuery } from 'h3'
import { answersOf, ratingFormSchema } from '#shared/ratings/rating-pages'
import { giveRating, rateInOneGo } from '#server/domain/ratings/give-rating'
import { showRating } from '#server/domain/ratings/show-ratings'
import { defineFormAction } from '../../../http/form-action.ts'
import { limitsFor, networkFor } from '../../../http/rate-limits.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** Without script: a verified resident's ballot is drawn and spent in one go, everybody else's rating is open; that it came from staff is kept, and not from whom. */
export default defineFormAction({
  fields: ratingFormSchema,
  async run({ event, input }) {
    const [services, actor] = [await getServices(), await optionalActor(event)]
    const community = String(getQuery(event).community ?? '')
    const { subject, standing, gap } = await showRating(services, actor, community || undefined, null)
    const sender = { limits: limitsFor(event, services, 'rating.give'), networkFor: networkFor(event, services), isStaff: gap === 'staff' }
    const { counted } = actor && standing === 'ballot' && subject?.key && subject.id === input.subject
      ? await rateInOneGo(services, actor, subject.key, answersOf(input), sender)
      : await giveRating(services, { subject: input.subject, answers: answersOf(input) }, sender)
    return `?community=${encodeURIComponent(community)}&did=${counted}`
  },
})
