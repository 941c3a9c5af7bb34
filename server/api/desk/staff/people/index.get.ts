import { listPeople } from '#server/domain/staff/manage-people'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services, actor }) => listPeople(services, actor),
})
