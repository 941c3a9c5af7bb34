import { getQuery } from 'h3'
import { z } from 'zod'
import type { ErasedPage } from '#shared/accounts/account-page'
import { definePageData } from '../../../http/page-data.ts'

const counts = z.object({ detached: z.coerce.number().int().min(0).max(99_999).catch(0), kept: z.coerce.number().int().min(0).max(99_999).catch(0) })

/** Says afterwards what was kept. There is nobody left to ask: the counts come with the address. */
export default definePageData<ErasedPage>({
  load: ({ event }) => counts.parse(getQuery(event)),
})
