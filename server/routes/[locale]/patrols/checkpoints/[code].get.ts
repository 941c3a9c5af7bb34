import { getQuery } from 'h3'
import { z } from 'zod'
import { visitOutcomes, type CheckpointPage } from '#shared/patrols/round-pages'
import { checkpointPathSchema } from '#shared/patrols/round-schema'
import { definePageData, Redirect } from '../../../../http/page-data.ts'
import { optionalActor } from '../../../../http/require-actor.ts'

const askedSchema = z.object({ did: z.enum(visitOutcomes).nullable().catch(null) })

/** The page of a poster. Opening it says nothing and keeps nothing: the button does. */
export default definePageData<CheckpointPage, { code: string }>({
  params: checkpointPathSchema,
  async load({ event, locale, params }) {
    if (!await optionalActor(event)) return new Redirect(`/${locale}/sign-in?next=/${locale}/patrols/checkpoints/${params.code}`)
    return askedSchema.parse(getQuery(event))
  },
})
