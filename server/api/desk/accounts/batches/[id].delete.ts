import { batchPathSchema } from '#shared/accounts/verification'
import { revokePaperCodes } from '#server/domain/accounts/make-paper-codes'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: batchPathSchema,
  run: ({ services, actor, params }) => revokePaperCodes(services, actor, params.id),
})
