import type { SurveyDefinition } from '#shared/surveys/definition'

const prefix = 'linli.desk.survey.'
const nameOf = (person: string, survey: string) => `${prefix}${person}.${survey}`
export interface KeptSurvey { definition: SurveyDefinition, revision: number }

/** What was written into a draft and not saved: kept for this person in this tab, unfinished as it may be. */
export function readKeptSurvey(person: string, survey: string): KeptSurvey | undefined {
  const kept = sessionStorage.getItem(nameOf(person, survey))
  return kept === null ? undefined : JSON.parse(kept) as KeptSurvey
}
export const keepSurvey = (person: string, survey: string, draft: KeptSurvey) => sessionStorage.setItem(nameOf(person, survey), JSON.stringify(draft))
export const dropSurvey = (person: string, survey: string) => sessionStorage.removeItem(nameOf(person, survey))

/** All that are not this person's: nobody finds what a colleague wrote. */
export function dropSurveys(except?: string) {
  const ours = except && nameOf(except, '')
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix) && !(ours && name.startsWith(ours))) sessionStorage.removeItem(name)
}
