import { listColleagues } from '#server/domain/staff/list-colleagues'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: async ({ services, actor }) => ({ staff: await listColleagues(services, actor) }),
})
