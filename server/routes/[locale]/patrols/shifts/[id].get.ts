import { getQuery } from 'h3'
import { z } from 'zod'
import type { NightPage } from '#shared/patrols/night-page'
import { nightActs } from '#shared/patrols/night-schema'
import { idPathSchema } from '#shared/patrols/patrol-schema'
import { showNight } from '#server/domain/patrols/show-night'
import { emergencyNumbers } from '#server/http/emergency-card'
import { definePageData, Redirect } from '../../../../http/page-data.ts'
import { optionalActor } from '../../../../http/require-actor.ts'
import { getServices } from '../../../../services.ts'

const askedSchema = z.object({ did: z.enum(nightActs).nullable().catch(null) })

export default definePageData<NightPage, z.infer<typeof idPathSchema>>({
  params: idPathSchema,
  async load({ event, locale, params }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=${encodeURIComponent(`/${locale}/patrols/shifts/${params.id}`)}`)
    return showNight(await getServices(), actor, params.id, { ...askedSchema.parse(getQuery(event)), police: (await emergencyNumbers()).police })
  },
})
