import { idPathSchema } from '#shared/patrols/patrol-schema'
import { checklistAnswersSchema } from '#shared/patrols/round-schema'
import { answerChecklist } from '#server/domain/patrols/own-round'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  params: idPathSchema, body: checklistAnswersSchema,
  run: async ({ event, params, body }) => answerChecklist(await getServices(), await requireActor(event), params.id, body.answers),
})
