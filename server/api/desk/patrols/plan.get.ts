import { planQuerySchema } from '#shared/patrols/plan-schema'
import { planWeek } from '#server/domain/patrols/plan-week'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ query: planQuerySchema, run: ({ services, actor, query }) => planWeek(services, actor, query.week) })
