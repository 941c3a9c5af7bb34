import { readOwnFeed } from '#server/domain/patrols/calendar-feed'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({ run: async ({ event }) => ({ feed: await readOwnFeed(await getServices(), await requireActor(event)) }) })
