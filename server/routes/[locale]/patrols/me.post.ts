import { ownFormSchema } from '#shared/patrols/patrol-pages'
import { makeFeed } from '#server/domain/patrols/calendar-feed'
import { actOnOwnPatrols } from '#server/domain/patrols/show-patrol-pages'
import { defineFormAction, ShownOnce } from '../../../http/form-action.ts'
import { requireActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** One button: a shift, a swap, an appeal, the times that one has, leaving the patrol, or the address of one's calendar, which this answer alone shows. */
export default defineFormAction({
  fields: ownFormSchema,
  async run({ event, input }) {
    const [services, actor] = [await getServices(), await requireActor(event)]
    return input.act === 'feed_make' ? new ShownOnce((await makeFeed(services, actor)).address) : `?did=${await actOnOwnPatrols(services, actor, input)}`
  },
})
