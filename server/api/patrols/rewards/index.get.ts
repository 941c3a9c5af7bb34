import { readOwnRewards } from '#server/domain/patrols/rewards'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({ run: async ({ event }) => readOwnRewards(await getServices(), await requireActor(event)) })
