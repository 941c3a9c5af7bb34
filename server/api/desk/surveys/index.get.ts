import { listDeskSurveys } from '#server/domain/surveys/write-survey'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => listDeskSurveys(services, actor) })
