import type { PatrolsPage } from '#shared/patrols/patrol-pages'
import { showPatrols } from '#server/domain/patrols/show-patrol-pages'
import { definePageData } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

export default definePageData<PatrolsPage>({
  load: async ({ event }) => showPatrols(await getServices(), await optionalActor(event)),
})
