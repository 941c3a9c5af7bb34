import type { H3Event } from 'h3'
import { AppError } from '#shared/errors'
import type { PlacePage } from '#shared/reports/step-pages'
import { readAccount } from '#server/domain/accounts/read-account'
import { suggestedBy } from '#server/domain/alerts/tip-about'
import type { Services } from '#server/domain/services'
import { defineStepPage } from '../../../../http/report-step.ts'
import { optionalActor } from '../../../../http/require-actor.ts'

/** Where was it? A grid from the list or the map, an address in words, or unknown. What an alert is about is chosen beforehand, else the community of residents who are signed in. */
export default defineStepPage<Pick<PlacePage, 'communities' | 'answer' | 'ownCommunity' | 'alertPlace'>>('place', async ({ event, services, reference, answers, alert }) => ({
  communities: reference.communities, answer: answers.place, ownCommunity: answers.place ? undefined : await ownCommunity(event, services),
  alertPlace: answers.place || !alert ? undefined : suggestedBy(alert, reference).place,
}))

/** The community of the profile; whose session has ended has none. */
async function ownCommunity(event: H3Event, services: Services): Promise<string | undefined> {
  const actor = await optionalActor(event)
  const account = actor && await readAccount(services, actor).catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === 'session_ended') return undefined
    throw thrown
  })
  return account?.community ?? undefined
}
