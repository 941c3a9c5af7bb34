import { calendarDayPathSchema } from '#shared/revisits/calendar-schema'
import { removeCalendarDay } from '#server/domain/revisits/keep-calendar'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: calendarDayPathSchema,
  run: ({ services, actor, params }) => removeCalendarDay(services, actor, params.day),
})
