import { listCensus } from '#server/domain/surveys/write-survey'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => listCensus(services, actor) })
