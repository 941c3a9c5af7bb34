import { volunteersQuerySchema } from '#shared/patrols/patrol-schema'
import { listVolunteers } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: volunteersQuerySchema,
  run: async ({ services, actor, query }) => ({ volunteers: await listVolunteers(services, actor, query.state) }),
})
