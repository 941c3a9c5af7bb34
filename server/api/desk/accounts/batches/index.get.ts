import { listPaperCodes } from '#server/domain/accounts/make-paper-codes'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services, actor }) => listPaperCodes(services, actor),
})
