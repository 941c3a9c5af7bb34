import { z } from 'zod'
import { listRoots } from '#server/domain/trust/publish-roots'
import { defineApiHandler } from '../../http/api-handler.ts'
import { getServices } from '../../services.ts'

/** Signed roots, newest first, a year at once; `before` a day asks for older ones. */
export default defineApiHandler({
  query: z.object({ before: z.iso.date().optional() }),
  async run({ query }) {
    const roots = await listRoots(await getServices(), query.before)
    return { roots, next: roots.length === 366 ? `/verify/roots.json?before=${roots.at(-1)?.day}` : null }
  },
})
