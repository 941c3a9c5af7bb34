import { readOwnPoints } from '#server/domain/patrols/points'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({ run: async ({ event }) => readOwnPoints(await getServices(), await requireActor(event)) })
