import { getQuery } from 'h3'
import { z } from 'zod'
import type { PointsPage } from '#shared/patrols/points-pages'
import { showPoints } from '#server/domain/patrols/show-points'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

const askedSchema = z.object({ did: z.literal('asked').nullable().catch(null) })

export default definePageData<PointsPage>({
  keepsTyped: ({ hours }) => hours.some(({ mayAsk }) => mayAsk),
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/patrols/points`)
    return showPoints(await getServices(), actor, askedSchema.parse(getQuery(event)).did)
  },
})
