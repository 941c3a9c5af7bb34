import { endSessionFormSchema } from '#shared/accounts/sessions'
import { AppError } from '#shared/errors'
import { endSessions } from '#server/domain/accounts/sessions'
import { orDeskGate } from '../../../http/desk-gate.ts'
import { defineFormAction } from '../../../http/form-action.ts'
import { requireActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** Ends one session or all others. One that has ended meanwhile is no fault. */
export default defineFormAction({
  fields: endSessionFormSchema,
  run: ({ event, locale, input }) => orDeskGate(locale, async () => {
    await endSessions(await getServices(), await requireActor(event), input.end).catch((thrown: unknown) => {
      if (!(thrown instanceof AppError && thrown.code === 'not_found')) throw thrown
    })
    return `/${locale}/account/sessions?done`
  }),
})
