import { saveCensusSchema } from '#shared/surveys/desk-survey-schema'
import { saveCensus } from '#server/domain/surveys/write-survey'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ body: saveCensusSchema, run: ({ services, actor, body }) => saveCensus(services, actor, body) })
