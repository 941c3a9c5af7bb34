import { reasonSchema } from '#shared/patrols/patrol-schema'
import { certificatePathSchema } from '#shared/patrols/certificate'
import { revokeCertificate } from '#server/domain/patrols/own-certificates'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: certificatePathSchema,
  body: reasonSchema,
  run: ({ services, actor, params, body }) => revokeCertificate(services, actor, params.number, body.reason),
})
