import { getQuery } from 'h3'
import { z } from 'zod'
import { ownActs, type MyPatrolsPage } from '#shared/patrols/patrol-pages'
import { showOwnPatrols } from '#server/domain/patrols/show-patrol-pages'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** The link that a colleague sent, and what was just done; anything else in the address says nothing. */
const askedSchema = z.object({ swap: z.uuid().nullable().catch(null), did: z.enum(ownActs).nullable().catch(null) })

export default definePageData<MyPatrolsPage>({
  keepsTyped: ({ volunteer }) => volunteer?.state === 'refused' && !volunteer.hasAppealed,
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    const asked = askedSchema.parse(getQuery(event))
    if (!actor) return new Redirect(`/${locale}/sign-in?next=${encodeURIComponent(`/${locale}/patrols/me${asked.swap ? `?swap=${asked.swap}` : ''}`)}`)
    const made: unknown = event.context.answer
    return showOwnPatrols(await getServices(), actor, { ...asked, feedAddress: typeof made === 'string' ? made : null })
  },
})
