import type { H3Event } from 'h3'
import { AppError } from '#shared/errors'
import { newDraft } from '#server/domain/reports/draft'
import type { Services } from '#server/domain/services'
import { keepDraft, readDraft } from './report-step.ts'

/** From now on the form of this browser is about an alert; an unsent one keeps what is in it. @throws AppError rate_limited */
export async function keepAlertInDraft(event: H3Event, services: Services, alert: string): Promise<void> {
  const known = await readDraft(event, services)
  const { token, draft } = known && !known.draft.sent ? known : newDraft()
  await keepDraft(event, services, { token, draft: { ...draft, answers: { ...draft.answers, alert } } })
}

/** The same where nothing may stand between somebody in danger and the numbers: too many forms from one address are no reason. */
export async function keepAlertIfRoom(event: H3Event, services: Services, alert: string): Promise<void> {
  await keepAlertInDraft(event, services, alert).catch((thrown: unknown) => {
    if (!(thrown instanceof AppError && thrown.code === 'rate_limited')) throw thrown
  })
}
