import { deskPatrolsQuerySchema } from '#shared/patrols/patrol-schema'
import { listDeskPatrols } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: deskPatrolsQuerySchema,
  run: ({ services, actor, query }) => listDeskPatrols(services, actor, query.from, query.to),
})
