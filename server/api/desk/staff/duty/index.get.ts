import { dutyWeekQuerySchema } from '#shared/staff/duty-schema'
import { readDutyWeek } from '#server/domain/staff/keep-duty'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: dutyWeekQuerySchema,
  run: ({ services, actor, query }) => readDutyWeek(services, actor, query.week),
})
