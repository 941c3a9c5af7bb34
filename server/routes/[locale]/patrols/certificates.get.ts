import { getQuery } from 'h3'
import { z } from 'zod'
import type { CertificatesPage } from '#shared/patrols/certificate'
import { showCertificates } from '#server/domain/patrols/show-certificates'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

const askedSchema = z.object({ did: z.enum(['issued', 'revoked']).nullable().catch(null) })

export default definePageData<CertificatesPage>({
  keepsTyped: ({ firstOn }) => firstOn !== null,
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/patrols/certificates`)
    return showCertificates(await getServices(), actor, askedSchema.parse(getQuery(event)).did)
  },
})
