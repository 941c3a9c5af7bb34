/*
  The receipt is shown once: until "I saved it" it travels in a cookie that only the portal can open (RULES C2).
*/
import { z } from 'zod'
import { confirmationSchema, confirmationSeconds, type Confirmation } from '#shared/reports/confirmation'
import { answerDays, endOfDay, type Clock } from '#shared/reports/clock'
import type { KeyRing } from '../trust/key-ring.ts'
import { openText, sealText, SealError } from '../trust/envelope.ts'
import type { Submitted } from './submit-report.ts'

const about = 'confirmation'
const keyOf = (keys: KeyRing) => keys.mac('receipt', 'confirmation cookie')
const sealedSchema = z.object({ until: z.number(), confirmation: confirmationSchema })

/** What is shown after a send. The revisit comes within three days of an accepted report. */
export function confirmationOf({ reference, receipt, statement, nonce, clock, urgency, timeZone, hasDuty }: Submitted): Confirmation {
  const dueAt = (kind: Clock['kind']) => clock.find(each => each.kind === kind)?.dueAt
  const answerBy = dueAt('answer')
  return {
    kind: 'filed', reference, receipt, at: statement.receivedAt, urgency, timeZone, ...(hasDuty === false && { isNobodyOnDuty: true }), firstLookBy: dueAt('first_look'), answerBy,
    revisitBy: answerBy && endOfDay(new Date(Date.parse(answerBy) - 1).toISOString(), answerDays, timeZone), nonce, statement: { ...statement },
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
