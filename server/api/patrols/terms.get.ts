import { readTerms } from '#server/domain/patrols/own-patrols'
import { defineApiHandler } from '#server/http/api-handler'
import { getServices } from '../../services.ts'

export default defineApiHandler({ run: async () => readTerms(await getServices()) })
