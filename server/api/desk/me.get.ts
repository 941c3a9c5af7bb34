import { readDeskProfile } from '#server/domain/staff/read-desk-profile'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services, actor }) => readDeskProfile(services, actor),
})
