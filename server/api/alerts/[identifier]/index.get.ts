import { alertPathSchema } from '#shared/alerts/alert-schema'
import { showAlert } from '#server/domain/alerts/show-alerts'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  params: alertPathSchema,
  run: async ({ params }) => showAlert(await getServices(), params.identifier),
})
