import { verificationPathSchema } from '#shared/trust/verification'
import { verifyPage } from '#server/domain/trust/verify-chain'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: verificationPathSchema,
  run: ({ services, actor, params }) => verifyPage(services, params.id, actor),
})
