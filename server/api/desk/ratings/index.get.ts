import { listComments } from '#server/domain/ratings/moderate-comments'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ run: ({ services, actor }) => listComments(services, actor) })
