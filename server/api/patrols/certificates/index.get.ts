import { listOwnCertificates } from '#server/domain/patrols/own-certificates'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({ run: async ({ event }) => listOwnCertificates(await getServices(), await requireActor(event)) })
