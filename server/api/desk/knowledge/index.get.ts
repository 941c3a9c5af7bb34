import { listDeskArticles } from '#server/domain/knowledge/edit-articles'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => listDeskArticles(services, actor) })
