import { getQuery } from 'h3'
import { answersOf, ratingFormSchema } from '#shared/ratings/rating-pages'
import { giveRating, rateInOneGo } from '#server/domain/ratings/give-rating'
import { showRating } from '#server/domain/ratings/show-ratings'
import { defineFormAction } from '../../../http/form-action.ts'
import { limitsFor, networkFor } from '../../../http/rate-limits.ts'
import { optionalDrawer } from '../../../http/require-drawer.ts'
import { getServices } from '../../../services.ts'

/** Without script: the ballot of a verified resident, who is signed in or came by a pass, is drawn and spent in one go, everybody else's rating is open; that it came from staff is kept, and not from whom. */
export default defineFormAction({
  fields: ratingFormSchema,
  async run({ event, input }) {
    const [services, visitor] = [await getServices(), await optionalDrawer(event)]
    const community = String(getQuery(event).community ?? '')
    const { subject, standing, gap } = await showRating(services, visitor, community || undefined, null)
    const sender = { limits: limitsFor(event, services, 'rating.give'), networkFor: networkFor(event, services), isStaff: gap === 'staff' }
    const { counted } = visitor.drawer && standing === 'ballot' && subject?.key && subject.id === input.subject
      ? await rateInOneGo(services, visitor.drawer, subject.key, answersOf(input), sender)
      : await giveRating(services, { subject: input.subject, answers: answersOf(input) }, sender)
    return `?community=${encodeURIComponent(community)}&did=${counted}`
  },
})
