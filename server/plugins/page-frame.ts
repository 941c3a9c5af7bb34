import { getRouteRules, defineNitroPlugin } from 'nitropack/runtime'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { config } from '../config.ts'
import { getServices } from '../http/services.ts'

/** A page about a database that is away has to appear too. */
async function stationName() {
  const { station } = await getReferenceData(await getServices())
  return station?.name
}

export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('render:route', async (_context, { event }) => {
    const { emergencyNumbers, exitPageUrl, supabase, isDemo } = config()
    event.context.isDemo = isDemo
    if (!getRouteRules(event).noScripts) return
    event.context.frame = { emergencyNumbers, exitPageUrl, stationName: supabase && await stationName().catch(() => undefined) }
  })
})
