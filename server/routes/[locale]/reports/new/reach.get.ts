import { dangerousToReach } from '#shared/reports/safe-contact'
import type { ReachPage } from '#shared/reports/step-pages'
import { defineStepPage } from '../../../../http/report-step.ts'
import { optionalActor } from '../../../../http/require-actor.ts'

/** How and when is it safe to reach you? For violence at home the first choice is: only here (RULES D3). */
export default defineStepPage<Pick<ReachPage, 'mode' | 'isPortalOnlyFirst' | 'isSignedIn' | 'answer'>>('reach', async ({ event, answers }) => ({
  mode: answers.contact?.mode === 'sealed' ? 'sealed' : 'named', isPortalOnlyFirst: answers.category === dangerousToReach,
  isSignedIn: await optionalActor(event) !== undefined, answer: answers.reach,
}))
