import { beginVerifying } from '#server/domain/trust/verify-chain'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services, actor }) => beginVerifying(services, actor),
})
