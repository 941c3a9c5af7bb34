import { certificatePathSchema } from '#shared/patrols/certificate'
import { defineApiHandler } from '#server/http/api-handler'
import { handOutCertificate } from '#server/http/hand-out-certificate'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../../services.ts'

/** In the language of the request. */
export default defineApiHandler({
  params: certificatePathSchema,
  run: async ({ event, params, locale }) => handOutCertificate(event, await getServices(), await requireActor(event), params.number, locale),
})
