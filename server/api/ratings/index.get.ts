import { listOpenRatings } from '#server/domain/ratings/give-rating'
import { defineApiHandler } from '#server/http/api-handler'
import { getServices } from '../../services.ts'

export default defineApiHandler({ run: async () => listOpenRatings(await getServices()) })
