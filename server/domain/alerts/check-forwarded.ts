import type { CheckedMessage } from '#shared/alerts/check-page'
import type { Limit } from '#server/db/reports'
import { countAct } from '../accounts/count-act.ts'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { messageChecker } from './check/check-message.ts'
import type { OfficialTextOptions } from './check/official-text.ts'
import { getAlerts } from './get-alerts.ts'
import { withState } from './show-alerts.ts'

/** What messages write around an alert's own words (server/outbox/messages/alert-renderings.ts). */
export type Renderings = NonNullable<OfficialTextOptions['renderings']>

interface Checker { version: number, check: ReturnType<typeof messageChecker> }
const checkers = new WeakMap<Services, Checker>()

/**
 * "Is this real?": a code, a link or a pasted text against all that was published in the last 400 days. Nothing of it is kept.
 * @throws AppError rate_limited
 */
export async function checkForwarded(services: Services, text: string, renderings: Renderings, limits: Limit[]): Promise<CheckedMessage> {
  await countAct(services, limits)
  return (await openChecker(services, renderings))(text)
}

/** The check itself, for a chat that counts its turns already. Alerts are read once for each publication. */
export async function openChecker(services: Services, renderings: Renderings): Promise<(text: string) => CheckedMessage> {
  const [{ version, list, byIdentifier, now }, { station }] = await Promise.all([getAlerts(services), getReferenceData(services)])
  const known = checkers.get(services)
  const setting = { publicUrl: services.settings.publicUrl, timeZone: station?.time_zone ?? 'Asia/Shanghai' }
  const check = known?.version === version ? known.check : messageChecker(list, { ...setting, renderings })
  if (check !== known?.check) checkers.set(services, { version, check })
  return (text) => {
    const result = check(text, new Date(now).toISOString())
    const alert = result.identifier === undefined ? undefined : byIdentifier.get(result.identifier)
    return { ...result, ...(alert && { alert: withState(alert, now) }) }
  }
}
