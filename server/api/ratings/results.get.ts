import { getRatingResults } from '#server/domain/ratings/release-ratings'
import { defineApiHandler } from '#server/http/api-handler'
import { getServices } from '../../services.ts'

export default defineApiHandler({ run: async () => getRatingResults(await getServices()) })
