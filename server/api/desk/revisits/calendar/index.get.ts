import { readCalendar } from '#server/domain/revisits/keep-calendar'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services, actor }) => readCalendar(services, actor),
})
