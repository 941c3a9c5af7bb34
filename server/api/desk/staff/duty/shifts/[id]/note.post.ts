import { dutyNoteSchema, dutyShiftPathSchema } from '#shared/staff/duty-schema'
import { writeDutyNote } from '#server/domain/staff/keep-duty'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: dutyShiftPathSchema,
  body: dutyNoteSchema,
  run: ({ services, actor, params, body }) => writeDutyNote(services, actor, params.id, body.text),
})
