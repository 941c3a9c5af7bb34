import { purgePeopleRows } from '#server/db/people'
import type { Services } from '../services.ts'

const page = 500

/** Ends invitations that nobody used and proposals that nobody decided, once their term is over. */
export async function retainPeople({ clients }: Services) {
  const did = { invitations: 0, proposals: 0 }
  for (let hasMore = true; hasMore;) {
    const { invitations, proposals, has_more: more } = await purgePeopleRows(clients, { limit: page })
    did.invitations += invitations
    did.proposals += proposals
    hasMore = more
  }
  return did
}

/** What `retainPeople` would end now. */
export async function foreseeRetainedPeople({ clients }: Services) {
  const { invitations, proposals } = await purgePeopleRows(clients, { limit: page, isDry: true })
  return { invitations, proposals }
}
