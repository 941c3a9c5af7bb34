import { newBatchSchema } from '#shared/accounts/verification'
import { makePaperCodes } from '#server/domain/accounts/make-paper-codes'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: newBatchSchema,
  run: ({ services, actor, body }) => makePaperCodes(services, actor, body),
})
