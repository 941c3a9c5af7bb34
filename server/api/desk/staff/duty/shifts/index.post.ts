import { addShiftSchema } from '#shared/staff/duty-schema'
import { addShift } from '#server/domain/staff/keep-duty'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: addShiftSchema,
  run: ({ services, actor, body }) => addShift(services, actor, body),
})
