import { rollCall } from '#shared/patrols/roll-call-rules'
import { codeOf, stepOf } from '../staff/totp.ts'

const stepMs = rollCall.stepSeconds * 1000
const stepsOffline = rollCall.offlineMinutes * 60 / rollCall.stepSeconds

/** A code and when the lead's phone shows it: from `from`, for 30 seconds. */
export interface ShownCode { step: number, code: string, from: string }

/**
 * The codes that a lead's phone holds so that it can go on for ten minutes without network: the current one and those to come. Never the secret: whoever
 * copied it could check people in for the whole night.
 * @param now milliseconds
 */
export function codesToShow(secret: string, now: number): ShownCode[] {
  const current = Math.floor(now / stepMs)
  return Array.from({ length: stepsOffline + 1 }, (_, index) => ({ step: current + index, code: codeOf(secret, current + index), from: new Date((current + index) * stepMs).toISOString() }))
}

/**
 * The step that an entered code proves (public.check_in says what that is worth): of now, one step ahead for a lead's phone that runs fast, or of the ten minutes
 * that an entry without network has to arrive in. Undefined for a wrong code. Of 22 codes one is met by chance in 45,000 tries, so that five make 1 in 9,000.
 * @param now milliseconds
 * @see RFC 6238 §5.2
 */
export function provenStep(secret: string, code: string, now: number): number | undefined {
  return stepOf(secret, code, now, { back: stepsOffline, ahead: 1 })
}
