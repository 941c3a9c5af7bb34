import { getQuery } from 'h3'
import { z } from 'zod'
import { idPathSchema } from '#shared/patrols/patrol-schema'
import { roundActs, type RoundPage } from '#shared/patrols/round-pages'
import { filedPatrolReportSchema } from '#shared/patrols/round-schema'
import { showRound } from '#server/domain/patrols/show-round'
import { definePageData, Redirect } from '../../../../http/page-data.ts'
import { optionalActor } from '../../../../http/require-actor.ts'
import { getServices } from '../../../../services.ts'

const askedSchema = z.object({ did: z.enum(roundActs).nullable().catch(null) })

export default definePageData<RoundPage, { id: string }>({
  params: idPathSchema,
  keepsTyped: ({ round }) => round.mayReport && round.report === null,
  async load({ event, locale, params }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/patrols/rounds/${params.id}`)
    const filed = filedPatrolReportSchema.safeParse(event.context.answer)
    return showRound(await getServices(), actor, params.id, { ...askedSchema.parse(getQuery(event)), filed: filed.success ? filed.data : null })
  },
})
