import { setCalendarDaySchema } from '#shared/revisits/calendar-schema'
import { setCalendarDay } from '#server/domain/revisits/keep-calendar'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: setCalendarDaySchema,
  run: ({ services, actor, body }) => setCalendarDay(services, actor, body),
})
