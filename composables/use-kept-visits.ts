import { z } from 'zod'
import { metWho, revisitMethods, revisitTopics, topicMarks } from '#shared/revisits/revisit-schema'

/** A suggestion while it is typed. `key` lives as long as the form. */
const suggestionDraftSchema = z.object({ key: z.string(), text: z.string(), owner: z.string(), dueOn: z.string() })
export type SuggestionDraft = z.infer<typeof suggestionDraftSchema>

/** What is typed about a visit, complete or not. */
const visitDraftSchema = z.object({
  method: z.enum(revisitMethods).optional(), met: z.enum(metWho).optional(), topics: z.record(z.enum(revisitTopics), z.enum(topicMarks)),
  note: z.string(), measures: z.string(), letter: z.string(), suggestions: z.array(suggestionDraftSchema), answer: z.enum(['none', 'satisfied', 'unsatisfied']), comment: z.string(),
})
export type VisitDraft = z.infer<typeof visitDraftSchema>

const prefix = 'linli.desk.visit.'
const nameOf = (person: string, revisit: string) => `${prefix}${person}.${revisit}`

/** The draft of this person in this tab, if it still can be read. */
export function readKeptVisit(person: string, revisit: string): VisitDraft | undefined {
  const kept = sessionStorage.getItem(nameOf(person, revisit))
  return kept === null ? undefined : visitDraftSchema.safeParse(JSON.parse(kept)).data
}

export const keepVisit = (person: string, revisit: string, draft: VisitDraft) => sessionStorage.setItem(nameOf(person, revisit), JSON.stringify(draft))
export const dropVisit = (person: string, revisit: string) => sessionStorage.removeItem(nameOf(person, revisit))

/** All drafts of this tab, or all that are not this person's: nobody finds what a colleague typed. */
export function dropVisits(except?: string) {
  const ours = except && nameOf(except, '')
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix) && !(ours && name.startsWith(ours))) sessionStorage.removeItem(name)
}
