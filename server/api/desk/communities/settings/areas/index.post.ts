import { importLimits, saveImportSchema } from '#shared/communities/import-schema'
import { saveImport } from '#server/domain/communities/import-areas'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: saveImportSchema,
  maxBytes: 2 * importLimits.bytes + 1024,
  run: ({ services, actor, body }) => saveImport(services, actor, body),
})
