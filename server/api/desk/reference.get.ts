import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services }) => getReferenceData(services),
})
