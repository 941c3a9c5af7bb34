import { readAlertOffers } from '#server/domain/alerts/alert-templates'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => readAlertOffers(services, actor) })
