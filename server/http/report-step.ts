// The pages of the report form: one file a step in server/routes/[locale]/reports/new/, each with a page and an action.
import type { H3Event } from 'h3'
import { z, type ZodType } from 'zod'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import type { ReferenceData } from '#shared/communities/reference-data'
import { isTyped, type FormState } from '#shared/forms/form-state'
import type { Locale } from '#shared/locales'
import { firstMissingStep, mayOpen, stepAfter, stepNumber, stepsFor, type DraftAnswers, type ReportStep } from '#shared/reports/draft'
import type { StepFrame } from '#shared/reports/step-pages'
import { aboutAlert, alertOfTip } from '#server/domain/alerts/tip-about'
import { findCategory, getReferenceData } from '#server/domain/communities/get-reference-data'
import { newDraft, withoutTyped, withTyped, type Draft, type HeldDraft } from '#server/domain/reports/draft'
import { loadDraft } from '#server/domain/reports/load-draft'
import { saveDraft } from '#server/domain/reports/save-draft'
import type { Services } from '#server/domain/services'
import { dangerIn } from './emergency-card.ts'
import { defineFormAction } from './form-action.ts'
import { definePageData, Redirect } from './page-data.ts'
import { limitsFor } from './rate-limits.ts'
import { draftCookie } from './report-cookies.ts'
import { cameFromOwnPage } from './same-origin.ts'
import { getServices } from '../services.ts'

/** What a step knows when it loads or saves. */
export interface StepFacts { event: H3Event, locale: Locale, services: Services, reference: ReferenceData, answers: DraftAnswers, draft: Draft }

/** What its page knows besides: the alert that the report is about. */
interface PageFacts extends StepFacts { alert: PublishedAlert | undefined }

/** A description of 20,000 Chinese characters takes nine bytes each in a form. */
const maxTextBytes = 256 * 1024

export const stepPath = (locale: Locale, step: ReportStep) => `/${locale}/reports/new/${step}`
/** Where a form begins again whose answers are gone: its time was over, or the browser keeps no cookies. */
export const lostPath = (locale: Locale) => `${stepPath(locale, 'category')}?lost`
export const sentPath = (locale: Locale) => `/${locale}/reports/sent`

/** The draft of this browser, if it has one. */
export const readDraft = (event: H3Event, services: Services) => loadDraft(services, draftCookie.read(event), Date.now())

/** Keeps the draft, and its secret in the cookie. @throws AppError rate_limited */
export async function keepDraft(event: H3Event, services: Services, held: HeldDraft): Promise<void> {
  await saveDraft(services, held, limitsFor(event, services, 'report.draft'))
  draftCookie.write(event, held.token)
}

/** Begins again where no draft is left, says so, and keeps what was written last for its step. @throws AppError rate_limited, too_large */
async function beginAgain(step: ReportStep, { event, locale, values }: { event: H3Event, locale: Locale, values: FormState['values'] }): Promise<string> {
  const { token, draft } = newDraft()
  if (isTyped(values)) await keepDraft(event, await getServices(), { token, draft: withTyped(draft, step, values) })
  return lostPath(locale)
}

/** The page of a step. Who has not got so far is sent to the first step that is missing. */
export function defineStepPage<Data extends object>(step: ReportStep, load: (facts: PageFacts) => Data | Promise<Data>) {
  return definePageData<StepFrame & Data>({
    keepsTyped: step !== 'check',
    async load({ event, locale }) {
      const services = await getServices()
      const held = await readDraft(event, services)
      const draft = held?.draft ?? newDraft().draft
      if (draft.sent && step !== 'category') return new Redirect(sentPath(locale))
      const { answers, typed } = draft
      if (!mayOpen(step, answers)) {
        const isLost = !held && cameFromOwnPage(event)
        return new Redirect(isLost ? await beginAgain(step, { event, locale, values: event.context.form?.values ?? {} }) : stepPath(locale, firstMissingStep(answers)))
      }
      const kept = typed?.step === step ? typed.values : undefined
      if (asked(event).has('lost')) event.context.form ??= { values: kept ?? {}, errors: { form: { key: typed ? 'reports.draft.lostButLast' : 'reports.draft.lost' } }, idempotencyKey: draft.idempotencyKey }
      if (kept) event.context.form ??= { values: kept, errors: {}, idempotencyKey: draft.idempotencyKey }
      const reference = await getReferenceData(services)
      const alert = await alertOfTip(services, answers.alert)
      return { ...frameOf(step, event, answers, reference), about: alert ? aboutAlert(alert, locale) : null, ...await load({ event, locale, services, reference, answers, draft, alert }) }
    },
  })
}

/**
 * The action of a step: adds its answer to the draft and goes on.
 * @param answer gives the new answers. @throws AppError invalid
 */
export function defineStepAction<Fields extends ZodType>(step: ReportStep, fields: Fields, answer: (input: z.output<Fields>, facts: StepFacts) => DraftAnswers | Promise<DraftAnswers>) {
  return defineFormAction({
    fields: z.object({ from: z.string().optional() }).and(fields),
    maxTextBytes,
    keepTyped: typed => keepTypedStep(step, typed),
    async run({ event, input, values, locale }) {
      const services = await getServices()
      const known = await readDraft(event, services)
      if (known?.draft.sent && step !== 'category') return sentPath(locale)
      const held = known && !known.draft.sent ? known : newDraft()
      if (!mayOpen(step, held.draft.answers)) return known ? stepPath(locale, firstMissingStep(held.draft.answers)) : await beginAgain(step, { event, locale, values })
      const answers = await answer(input, { event, locale, services, reference: await getReferenceData(services), answers: held.draft.answers, draft: held.draft })
      await keepDraft(event, services, { token: held.token, draft: { ...withoutTyped(held.draft, step), answers } })
      return stepPath(locale, stepAfter(step, answers, input.from === 'check'))
    },
  })
}

/**
 * Keeps what was typed into a step so far, for the same step in another language, and gives its address.
 * @param change what else becomes of the draft
 * @throws AppError rate_limited, too_large
 */
export async function keepTypedStep(step: ReportStep, { event, locale, values }: { event: H3Event, locale: Locale, values: FormState['values'] }, change = (draft: Draft) => draft): Promise<string> {
  const services = await getServices()
  const known = await readDraft(event, services)
  if (known?.draft.sent && step !== 'category') return sentPath(locale)
  const held = known && !known.draft.sent ? known : newDraft()
  if (!known && !mayOpen(step, {})) return beginAgain(step, { event, locale, values })
  if (mayOpen(step, held.draft.answers)) await keepDraft(event, services, { token: held.token, draft: withTyped(change(held.draft), step, values) })
  return stepPath(locale, step)
}

const asked = (event: H3Event) => new URLSearchParams(event.path.split('?')[1])

function frameOf(step: ReportStep, event: H3Event, answers: DraftAnswers, reference: ReferenceData): Omit<StepFrame, 'about'> {
  const steps = stepsFor(answers)
  const typed = event.context.form?.values
  const isChange = asked(event).get('from') === 'check' || typed?.from === 'check'
  const category = answers.category ? findCategory(reference, answers.category) : undefined
  return {
    step, ...stepNumber(step), isChange,
    before: isChange ? 'check' : steps[steps.indexOf(step) - 1] ?? null,
    hasEmergency: dangerIn(textOf(answers, typed?.description)) !== undefined,
    mayKeepOnDevice: category?.allows_device_draft ?? false,
  }
}

/** Everything that was written freely, for the emergency rules. */
export const textOf = ({ details, when, place }: DraftAnswers, typed?: string | string[]) =>
  [[typed ?? details?.description ?? ''].flat(), when?.text ?? '', place?.address ?? ''].flat().join('\n')
