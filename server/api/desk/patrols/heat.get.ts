import { readHeat } from '#server/domain/patrols/read-heat'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => readHeat(services, actor) })
