import { getQuery } from 'h3'
import { z } from 'zod'
import type { RewardsPage } from '#shared/patrols/reward-schema'
import { readOwnRewards } from '#server/domain/patrols/rewards'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

const askedSchema = z.object({ did: z.enum(['ordered', 'cancelled']).nullable().catch(null) })

export default definePageData<RewardsPage>({
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/patrols/rewards`)
    return { ...await readOwnRewards(await getServices(), actor), ...askedSchema.parse(getQuery(event)) }
  },
})
