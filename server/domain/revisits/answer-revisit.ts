import { reporterQueries, type Access, type Limit } from '#server/db/reports'
import { answerRevisitRow } from '#server/db/revisits'
import type { AnswerRevisitInput } from '#shared/revisits/revisit-schema'
import type { Services } from '../services.ts'
import { aboutReport } from '../reports/report-content.ts'
import { sealText, unwrapKey } from '../trust/envelope.ts'

/**
 * The reporter's own answer to a visit; "not satisfied" opens the next step.
 * @throws AppError not_found, forbidden (nothing is asked, or this answer is not open), rate_limited
 */
export async function answerRevisit(services: Services, reference: string, access: Access, revisit: string, { answer, comment }: AnswerRevisitInput, limits: { guess: Limit[], act: Limit[] }) {
  const { id, content_key: wrapped } = await reporterQueries(services.clients).beginAddition(reference, access, limits.guess)
  const sealed = comment && sealText(unwrapKey(services.keys.masterKeys, wrapped, aboutReport(id, 'content')), comment, aboutReport(id, 'revisit'))
  const kept = await answerRevisitRow(services.clients, reference, access, { revisit, answer, ...(sealed && { comment_sealed: sealed }), limits: limits.act, guess_limits: limits.guess })
  return { answer: kept.answer, nextLevel: kept.next_level ?? null }
}
