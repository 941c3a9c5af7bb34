import { readSchemaVersion } from '#server/db/communities'
import type { Services } from './services.ts'

/** What the portal needs before it can serve; what is away is said in words, without addresses or names of tables. */
export interface Readiness {
  isReady: boolean
  checks: Record<Part, boolean>
  away: string[]
}

export type Part = 'database' | 'migrations' | 'keys' | 'storage'

const sentences: Record<Part, string> = {
  database: 'The database does not answer.',
  migrations: 'The database answers, but no migration has been applied to it.',
  keys: 'The keys of the portal cannot be opened: the database is away, or LINLI_MASTER_KEYS is not the list they were made with.',
  storage: 'The place for files cannot be written, or it is nearly full.',
}

/** Can the portal do its work now? @param open opens the services; its failure means that the database or the keys are away */
export async function checkReady(open: () => Promise<Services>): Promise<Readiness> {
  const services = await open().catch(() => undefined)
  const [version, hasStorage] = await Promise.all([
    services && readSchemaVersion(services.clients).catch(() => undefined),
    services ? services.blobs.check().then(() => true, () => false) : false,
  ])
  const checks = { database: version !== undefined, migrations: Boolean(version), keys: Boolean(services?.keys.masterKeys.length), storage: hasStorage }
  // Behind a database that is away nothing else can be judged.
  const judged: Part[] = services ? checks.database ? ['migrations', 'keys', 'storage'] : ['database', 'storage'] : ['keys']
  return { isReady: Object.values(checks).every(Boolean), checks, away: judged.filter(part => !checks[part]).map(part => sentences[part]) }
}
