import type { Services } from '../services.ts'

/** What a job did, as counts by a word: `{ drafts: 3 }`. */
export type Did = Record<string, number>

/** Something that runs by the clock. It works in pages, and a second run right after the first finds nothing to do. */
export interface Job {
  /** `noun:verb`. */
  name: string
  everySeconds: number
  run: (services: Services) => Promise<Did>
  /** What a run would do now, changing nothing. */
  foresee?: (services: Services) => Promise<Did>
}
