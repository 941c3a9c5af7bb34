import { endFeed } from '#server/domain/patrols/calendar-feed'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({ run: async ({ event }) => {
  await endFeed(await getServices(), await requireActor(event))
  return { feed: null }
} })
