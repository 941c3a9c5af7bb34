import { listDeskPoints } from '#server/domain/patrols/points'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => listDeskPoints(services, actor) })
