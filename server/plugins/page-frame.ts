import { setResponseHeader } from 'h3'
import { getRouteRules, defineNitroPlugin } from 'nitropack/runtime'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { demoEmail, demoPassword, demoStaff } from '#shared/staff/demo-accounts'
import { config } from '../config.ts'
import { getServices } from '../services.ts'
import { hasSessionCookie } from '../http/session-cookie.ts'

const deskDemo = { password: demoPassword, accounts: demoStaff.map(role => ({ email: demoEmail(role), role })) }

/** A page about a database that is away has to appear too. */
async function defaultStation() {
  const { station } = await getReferenceData(await getServices())
  return station
}

export default defineNitroPlugin(({ hooks }) => {
  hooks.hook('render:route', async (_context, { event }) => {
    const { emergencyNumbers, exitPageUrl, supabase, isDemo } = config()
    if (isDemo) event.context.demo = deskDemo
    if (!getRouteRules(event).noScripts) return
    const hasSession = hasSessionCookie(event)
    if (hasSession) setResponseHeader(event, 'cache-control', 'no-store')
    const station = supabase && await defaultStation().catch(() => undefined)
    event.context.frame = { hasSession, emergencyNumbers: station?.emergency_numbers ?? emergencyNumbers, exitPageUrl, stationName: station?.name }
  })
})
