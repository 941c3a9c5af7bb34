import { certificatePathSchema, revokeCertificateSchema } from '#shared/patrols/certificate'
import { revokeCertificate } from '#server/domain/patrols/own-certificates'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  params: certificatePathSchema, body: revokeCertificateSchema,
  run: async ({ event, params, body }) => revokeCertificate(await getServices(), await requireActor(event), params.number, body.reason),
})
