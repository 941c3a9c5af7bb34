import { advanceRevisitRows, foreseeRevisitRows } from '#server/db/revisits'
import type { Services } from '../services.ts'

/** What the clock alone brings about: the next level hears of overdue visits, reminders go out, silence is called "no reply", some answers are asked again. */
export async function advanceRevisits({ clients }: Services) {
  const did = { informed: 0, reminded: 0, silent: 0, askedAgain: 0 }
  for (let hasMore = true; hasMore;) {
    const page = await advanceRevisitRows(clients)
    did.informed += page.informed
    did.reminded += page.reminded
    did.silent += page.silent
    did.askedAgain += page.asked_again
    hasMore = page.has_more
  }
  return did
}

/** What `advanceRevisits` would do now; of a long queue its first page. */
export async function foreseeRevisits({ clients }: Services) {
  const { informed, reminded, silent, asked_again: askedAgain } = await foreseeRevisitRows(clients)
  return { informed, reminded, silent, askedAgain }
}
