import type { ContactPage } from '#shared/reports/step-pages'
import { defineStepPage } from '../../../../http/report-step.ts'
import { optionalActor } from '../../../../http/require-actor.ts'

/** Anonymous, sealed or named? */
export default defineStepPage<Pick<ContactPage, 'chosen' | 'isSignedIn'>>('contact', async ({ event, answers }) => ({
  chosen: answers.contact?.mode, isSignedIn: await optionalActor(event) !== undefined,
}))
