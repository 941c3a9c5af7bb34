import { readDeskSession } from '#server/domain/staff/desk-session'
import { defineDeskHandler, isByThePerson } from '#server/http/desk-handler'

export default defineDeskHandler({
  inAnyState: true,
  run: ({ event, services, actor }) => readDeskSession(services, actor, isByThePerson(event)),
})
