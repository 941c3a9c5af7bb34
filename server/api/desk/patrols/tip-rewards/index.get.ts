import { listTipRewards } from '#server/domain/patrols/tip-rewards'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => listTipRewards(services, actor) })
