import { getFigures } from '#server/domain/communities/get-figures'
import { defineApiHandler } from '../../http/api-handler.ts'
import { getServices } from '../../services.ts'

export default defineApiHandler({ run: async () => getFigures(await getServices()) })
