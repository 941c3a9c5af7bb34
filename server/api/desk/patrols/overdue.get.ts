import { listOverdue } from '#server/domain/patrols/desk-round'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => listOverdue(services, actor) })
