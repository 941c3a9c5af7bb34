import { getQuery } from 'h3'
import { z } from 'zod'
import { parseReference } from '#shared/reports/receipt'
import { isPublished } from '#server/domain/knowledge/get-articles'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

/** Reference and receipt. The reference may stand in the address, the receipt never does (RULES C2). */
export default definePageData({
  async load({ event }) {
    const { reference, ended, needed, closed } = getQuery(event)
    return { reference: parseReference(z.string().catch('').parse(reference)) ?? '', hasEnded: ended !== undefined, isNeeded: needed !== undefined, isClosed: closed !== undefined, hasArticle: await getServices().then(services => isPublished(services, 'receipt-lost'), () => false) }
  },
})
