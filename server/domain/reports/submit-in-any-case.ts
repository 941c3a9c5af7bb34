import { AppError } from '#shared/errors'
import type { Services } from '../services.ts'
import { submitReport, type Submission, type Submitted } from './submit-report.ts'

/**
 * Files a report whatever became of the automatic check: one that was used up or came too late must cost nobody their report, so it
 * goes as from a browser without script and is read after the others (RULES G2). `waitsApart` says so.
 * @throws AppError as `submitReport`, but challenge_failed
 */
export async function submitInAnyCase(services: Services, submission: Submission): Promise<Submitted & { waitsApart: boolean }> {
  const { proof } = submission
  let isUnverified = proof.kind === 'unverified' || (proof.kind === 'challenge' && !proof.challenge)
  const submitted = await submitReport(services, isUnverified ? { ...submission, proof: { kind: 'unverified' } } : submission).catch((thrown: unknown) => {
    if (isUnverified || !(thrown instanceof AppError && thrown.code === 'challenge_failed')) throw thrown
    isUnverified = true
    return submitReport(services, { ...submission, proof: { kind: 'unverified' } })
  })
  return { ...submitted, waitsApart: isUnverified && submitted.urgency === 'normal' }
}
