import { z } from 'zod'
import type { Community, Localised } from '../communities/reference-data.ts'
import { commentLimit, gradeNames, type RatingAnswers } from './rating-schema.ts'

/** `/ratings`: one community, its officer, and the form; without a community the list to choose from. */
export interface RatingPage {
  communities: { slug: string, name: Localised }[]
  /** With where and when its officer is to be found, and the grids they look after. */
  community: Pick<Community, 'slug' | 'name' | 'office'> & { grids: Localised[] } | null
  /** Null while no round is open, or none about this community. */
  subject: { id: string, officer: { name: Localised, badgeNumber: string } | null, key: { id: string, spki: string } | null, month: string, closesAt: string } | null
  /** `ballot`: verified, and counts; `open`: shown apart. */
  standing: 'ballot' | 'open'
  /** Why it is open; what staff say is marked, and does not count. */
  gap: 'guest' | 'link_over' | 'not_verified' | 'staff' | null
  /** A ballot was drawn: on this phone it waits to be sent, on another one it was. */
  isDrawn: boolean
  /** Of a link from a messenger, by which the phone draws without a session. */
  pass: string | null
  timeZone: string
  now: string
  did: 'ballot' | 'open' | null
}

const grade = z.enum(['1', '2', '3', '4', '5', '']).default('').transform(value => value === '' ? null : Number(value))
/** What the form sends: yes or no, and grades of which the empty one says "cannot say". */
export const ratingFormSchema = z.object({
  subject: z.uuid('choose'), knows: z.enum(['yes', 'no'], 'choose'), ...Object.fromEntries(gradeNames.map(name => [name, grade])) as Record<(typeof gradeNames)[number], typeof grade>,
  comment: z.string().trim().max(commentLimit, 'textMax').default(''),
})

/** Grades of somebody who does not know the officer are none. */
export function answersOf({ knows, comment, ...grades }: z.output<typeof ratingFormSchema>): RatingAnswers {
  const none = { familiar: null, satisfied: null, prompt: null, polite: null, effective: null }
  const { familiar, satisfied, prompt, polite, effective } = grades
  return { knows: knows === 'yes', ...(knows === 'yes' ? { familiar, satisfied, prompt, polite, effective } : none), comment }
}
