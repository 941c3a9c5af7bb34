import { deskQueries, type DeskActor } from '#server/db/desk-reports'
import { revisitDeskQueries } from '#server/db/revisits'
import { visitRecordSchema, type RecordVisitInput } from '#shared/revisits/revisit-schema'
import type { Services } from '../services.ts'
import { aboutReport } from '../reports/report-content.ts'
import { sealText, unwrapKey } from '../trust/envelope.ts'

async function sealerOf(services: Services, actor: DeskActor, reference: string) {
  const { id, content_key: wrapped } = await deskQueries(services.clients, actor).beginWriting(reference)
  const key = unwrapKey(services.keys.masterKeys, wrapped, aboutReport(id, 'content'))
  return (text: string) => sealText(key, text, aboutReport(id, 'revisit'))
}

/**
 * Writes a visit down. An answer with it is "recorded by staff": provisional for 14 days (RULES D3).
 * @throws AppError not_found, forbidden (above one's own level, or a second visit on the way up), conflict (it was written down already)
 */
export async function recordVisit(services: Services, actor: DeskActor, reference: string, revisit: string, visit: RecordVisitInput) {
  const seal = await sealerOf(services, actor, reference)
  const { level, answer } = await revisitDeskQueries(services.clients, actor).record({
    reference, revisit, method: visit.method, topics: visit.topics, record_sealed: seal(JSON.stringify(visitRecordSchema.parse(visit))),
    suggestions: visit.suggestions.map(({ text, owner, dueOn }) => ({ text_sealed: seal(text), owner: owner ?? null, due_on: dueOn })),
    ...(visit.answer && { answer: visit.answer, ...(visit.comment && { comment_sealed: seal(visit.comment) }) }),
  })
  return { level, answer }
}

/** What came of a suggestion; its author reads it on the tracking page. @throws AppError not_found, forbidden, conflict */
export async function settleSuggestion(services: Services, actor: DeskActor, reference: string, suggestion: string, text: string): Promise<void> {
  const seal = await sealerOf(services, actor, reference)
  await revisitDeskQueries(services.clients, actor).settle({ reference, suggestion, outcome_sealed: seal(text) })
}
