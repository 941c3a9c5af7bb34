import { readOwnPatrols } from '#server/domain/patrols/own-patrols'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({ run: async ({ event }) => readOwnPatrols(await getServices(), await requireActor(event)) })
