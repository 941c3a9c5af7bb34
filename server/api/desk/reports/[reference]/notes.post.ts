import { noteSchema, referencePathSchema } from '#shared/reports/desk-schema'
import { addNote } from '#server/domain/reports/handle-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  body: noteSchema,
  run: ({ services, actor, params, body }) => addNote(services, actor, params.reference, body.text),
})
