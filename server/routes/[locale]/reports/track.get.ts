import { getQuery } from 'h3'
import { z } from 'zod'
import { parseReference } from '#shared/reports/receipt'
import { definePageData } from '../../../http/page-data.ts'

/** Reference and receipt. The reference may stand in the address, the receipt never does (RULES C2). */
export default definePageData({
  load: ({ event }) => {
    const { reference, ended, needed, closed } = getQuery(event)
    return { reference: parseReference(z.string().catch('').parse(reference)) ?? '', hasEnded: ended !== undefined, isNeeded: needed !== undefined, isClosed: closed !== undefined }
  },
})
