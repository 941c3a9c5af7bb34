import { z } from 'zod'
import { AppError } from '#shared/errors'
import { checkpointPathSchema } from '#shared/patrols/round-schema'
import { visitCheckpoint } from '#server/domain/patrols/own-round'
import { defineFormAction } from '../../../../http/form-action.ts'
import { requireActor } from '../../../../http/require-actor.ts'
import { getServices } from '../../../../services.ts'

/** Somebody on patrol stands at a checkpoint. An unknown code and a patrol that does not pass here are told alike. */
export default defineFormAction({
  fields: z.object({}),
  async run({ event, params }) {
    const [services, actor] = [await getServices(), await requireActor(event)]
    const path = checkpointPathSchema.safeParse(params)
    if (!path.success) return '?did=unknown'
    try {
      return (await visitCheckpoint(services, actor, path.data.code)).isNew ? '?did=new' : '?did=again'
    }
    catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return '?did=unknown'
      throw error
    }
  },
})
