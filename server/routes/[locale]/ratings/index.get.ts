import { getQuery } from 'h3'
import { z } from 'zod'
import type { RatingPage } from '#shared/ratings/rating-pages'
import { showRating } from '#server/domain/ratings/show-ratings'
import { definePageData } from '../../../http/page-data.ts'
import { optionalDrawer } from '../../../http/require-drawer.ts'
import { getServices } from '../../../services.ts'

const askedSchema = z.object({ community: z.string().max(60).optional().catch(undefined), did: z.enum(['ballot', 'open']).nullable().catch(null) })

export default definePageData<RatingPage>({
  keepsTyped: ({ subject }) => subject !== null,
  async load({ event }) {
    const { community, did } = askedSchema.parse(getQuery(event))
    return showRating(await getServices(), await optionalDrawer(event), community, did)
  },
})
