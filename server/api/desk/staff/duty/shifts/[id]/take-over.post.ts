import { dutyShiftPathSchema } from '#shared/staff/duty-schema'
import { takeOverDuty } from '#server/domain/staff/keep-duty'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: dutyShiftPathSchema,
  run: ({ services, actor, params }) => takeOverDuty(services, actor, params.id),
})
