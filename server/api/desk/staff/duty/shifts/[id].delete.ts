import { dutyShiftPathSchema } from '#shared/staff/duty-schema'
import { removeShift } from '#server/domain/staff/keep-duty'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: dutyShiftPathSchema,
  run: ({ services, actor, params }) => removeShift(services, actor, params.id),
})
