import { repeatWeekSchema } from '#shared/staff/duty-schema'
import { repeatWeek } from '#server/domain/staff/keep-duty'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: repeatWeekSchema,
  run: ({ services, actor, body }) => repeatWeek(services, actor, body),
})
