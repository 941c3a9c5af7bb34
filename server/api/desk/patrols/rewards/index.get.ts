import { listDeskRewards } from '#server/domain/patrols/rewards'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => listDeskRewards(services, actor) })
