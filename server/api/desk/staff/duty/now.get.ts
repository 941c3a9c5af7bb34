import { readDutyNow } from '#server/domain/staff/keep-duty'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services, actor }) => readDutyNow(services, actor),
})
