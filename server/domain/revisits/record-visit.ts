import { deskQueries, type DeskActor } from '#server/db/desk-reports'
import { revisitDeskQueries } from '#server/db/revisits'
import { visitRecordSchema, type RecordVisitInput } from '#shared/revisits/revisit-schema'
import type { Services } from '../services.ts'
import { aboutReport } from '../reports/report-content.ts'
import { sealText, unwrapKey } from '../trust/envelope.ts'

async function sealerOf(services: Services, actor: DeskActor, reference: string) {
  const { id, content_key: wrapped } = await deskQueries(services.clients, actor).beginWriting(reference)
  const key = unwrapKey(services.keys.masterKeys, wrapped, aboutReport(id, 'content'))
  return (text: string, part: 'revisit' | 'message' = 'revisit') => sealText(key, text, aboutReport(id, part))
}

/**
 * Writes a visit down; one by the tracking page with its letter. An answer with it is "recorded by staff": provisional for 14 days (RULES D3).
 * @throws AppError not_found, forbidden (above one's own level, or a second visit on the way up), conflict (it was written down already), invalid_input (a way on which this reporter is not met, RULES D3)
 */
export async function recordVisit(services: Services, actor: DeskActor, reference: string, revisit: string, visit: RecordVisitInput) {
  const seal = await sealerOf(services, actor, reference)
  const kept = await revisitDeskQueries(services.clients, actor).record({
    reference, revisit, method: visit.method, topics: visit.topics, record_sealed: seal(JSON.stringify(visitRecordSchema.parse(visit))),
    suggestions: visit.suggestions.map(({ text, owner, dueOn }) => ({ text_sealed: seal(text), owner: owner ?? null, due_on: dueOn })),
    ...(visit.answer && { answer: visit.answer, ...(visit.comment && { comment_sealed: seal(visit.comment) }) }),
    ...(visit.letter && { letter_sealed: seal(visit.letter, 'message') }),
  })
  return {
    level: kept.level, answer: kept.answer, visitedAt: kept.visited_at, suggestions: kept.suggestions.map(({ id, owner_id: owner, position }) => ({ id, owner, position })),
    next: kept.next && { id: kept.next.id, step: kept.next.step, level: kept.next.level, openedAt: kept.next.opened_at, dueAt: kept.next.due_at, mayVisit: kept.next.may_visit }, letterId: kept.letter_id,
  }
}

/** What came of a suggestion; its author reads it on the tracking page. @throws AppError not_found, forbidden, conflict */
export async function settleSuggestion(services: Services, actor: DeskActor, reference: string, suggestion: string, text: string) {
  const seal = await sealerOf(services, actor, reference)
  const { done_at: doneAt } = await revisitDeskQueries(services.clients, actor).settle({ reference, suggestion, outcome_sealed: seal(text) })
  return { doneAt }
}
