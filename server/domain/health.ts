import { readSchemaVersion } from '#server/db/communities'
import type { Services } from './services.ts'

/** What the portal needs before it can serve. */
export interface Readiness {
  isReady: boolean
  checks: { database: boolean, migrations: boolean, keys: boolean }
}

/** Can the portal do its work now? @param open opens the services; its failure means that the database or the keys are away */
export async function checkReady(open: () => Promise<Services>): Promise<Readiness> {
  const services = await open().catch(() => undefined)
  const version = services && await readSchemaVersion(services.clients).catch(() => undefined)
  const checks = { database: version !== undefined, migrations: Boolean(version), keys: Boolean(services?.keys.masterKeys.length) }
  return { isReady: Object.values(checks).every(Boolean), checks }
}
