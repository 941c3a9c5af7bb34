import { makeFeed } from '#server/domain/patrols/calendar-feed'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  status: 201,
  run: async ({ event }) => makeFeed(await getServices(), await requireActor(event)),
})
