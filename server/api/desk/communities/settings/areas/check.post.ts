import { checkImportSchema, importLimits } from '#shared/communities/import-schema'
import { checkImport } from '#server/domain/communities/import-areas'
import { defineDeskHandler } from '#server/http/desk-handler'

/** The file travels as a text in JSON: quotes and line ends weigh double. */
const maxBytes = 2 * importLimits.bytes + 1024

export default defineDeskHandler({
  body: checkImportSchema,
  maxBytes,
  run: ({ services, actor, body }) => checkImport(services, actor, body),
})
