/*
  The receipt is shown once: until "I saved it" it travels in a cookie that only the portal can open (RULES C2).
*/
import { z } from 'zod'
import { confirmationSchema, confirmationSeconds, type Confirmation } from '#shared/reports/confirmation'
import { promisedSteps, type PromisedStep } from '#shared/reports/promised-steps'
import type { StationCalendar } from '#shared/revisits/calendar'
import type { KeyRing } from '../trust/key-ring.ts'
import { openText, sealText, SealError } from '../trust/envelope.ts'
import type { Submitted } from './submit-report.ts'

const about = 'confirmation'
const keyOf = (keys: KeyRing) => keys.mac('receipt', 'confirmation cookie')
const sealedSchema = z.object({ until: z.number(), confirmation: confirmationSchema })

/** What is shown after a send. */
export function confirmationOf({ reference, receipt, statement, nonce, clock, urgency, hasDuty }: Submitted, facts: { calendar: StationCalendar, isByLetter: boolean, waitsApart: boolean }): Confirmation {
  const { calendar, isByLetter, waitsApart } = facts
  const steps = promisedSteps(clock, calendar)
  const by = (kind: PromisedStep['kind']) => steps.find(step => step.kind === kind)?.dueAt
  return {
    kind: 'filed', reference, receipt, at: statement.receivedAt, timeZone: calendar.timeZone, urgency, ...(hasDuty === false && { isNobodyOnDuty: true }),
    firstLookBy: by('first_look'), answerBy: by('answer'), revisitBy: by('revisit'), isByLetter, waitsApart, nonce, statement: { ...statement },
  }
}

/** The cookie's value. @param now milliseconds */
export function sealConfirmation(keys: KeyRing, confirmation: Confirmation, now: number): string {
  return sealText(keyOf(keys), JSON.stringify({ until: now + confirmationSeconds * 1000, confirmation }), about)
}

/** What a cookie holds, or undefined when it is not ours or its ten minutes are over. @param now milliseconds */
export function openConfirmation(keys: KeyRing, sealed: string, now: number): Confirmation | undefined {
  try {
    const held = sealedSchema.safeParse(JSON.parse(openText(keyOf(keys), sealed, about))).data
    return held && held.until > now ? held.confirmation : undefined
  }
  catch (thrown) {
    if (thrown instanceof SealError) return undefined
    throw thrown
  }
}
