import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Services, ServiceSettings } from '../../server/domain/services.ts'
import { makeBucket } from '../../server/db/blob-store.ts'
import { leanFetch } from '../../server/db/lean-fetch.ts'
import { parseMasterKeys } from '../../server/domain/trust/envelope.ts'
import { migrateHosted } from '../../supabase/embedded/migrate.ts'
import { Sentence } from '../bootstrap/sentence.mjs'
import { takeDataFolder } from '../serve/data-folder.ts'
import { launchBackend, readBackendKeys, type BackendKeys } from '../serve/launch-backend.ts'
import type { Service } from '../serve/service.ts'
import { keysFile, type Settings } from '../serve/settings.ts'
import { openHostedDatabase, whyNotConnected } from './hosted-database.ts'

const backendProgram = join(import.meta.dirname, '../../supabase/embedded/main.ts')
const stopMs = 10_000

/** A backend that answers, until `leave` is called. */
export interface OpenBackend {
  services: ServiceSettings
  /** What was found or done, in a few words. */
  outcome: string
  leave: () => Promise<void>
}

/** The embedded backend: the one that runs already, else one that runs as long as the set-up. @throws Sentence */
export async function openEmbedded(settings: Settings, environment: NodeJS.ProcessEnv): Promise<OpenBackend> {
  const servicesOf = (keys: BackendKeys): ServiceSettings => ({
    supabase: keys, masterKeys: parseMasterKeys(environment.LINLI_MASTER_KEYS ?? ''), isDemo: false, publicUrl: settings.publicUrl, blobFolder: join(settings.dataDir, 'blobs'),
  })
  if (existsSync(keysFile(settings))) {
    const keys = readBackendKeys(settings)
    if (await answers(keys)) return { services: servicesOf(keys), outcome: `${settings.dataDir} (it runs)`, leave: () => Promise.resolve() }
  }
  const folder = await takeDataFolder(settings.dataDir, () => undefined)
  let service: Service | undefined
  const leave = async () => {
    await service?.stop(stopMs)
    folder.release()
  }
  try {
    const { keys } = await launchBackend(backendProgram, settings, environment, (started) => {
      service = started
      folder.noteChild(started.pid)
    })
    return { services: servicesOf(keys), outcome: settings.dataDir, leave }
  }
  catch (error) {
    await leave()
    throw error
  }
}

/** A Supabase project; its schema is brought up to date first if SUPABASE_DB_URL names its database. @throws Sentence */
export async function openSupabase(settings: Settings, environment: NodeJS.ProcessEnv): Promise<OpenBackend> {
  const { SUPABASE_URL: url = '', SUPABASE_PUBLISHABLE_KEY: publishableKey = '', SUPABASE_SECRET_KEY: secretKey = '', SUPABASE_DB_URL: databaseUrl, SUPABASE_DB_CA: authority } = environment
  const services: ServiceSettings = { supabase: { url, publishableKey, secretKey }, masterKeys: parseMasterKeys(environment.LINLI_MASTER_KEYS ?? ''), isDemo: false, publicUrl: settings.publicUrl }
  let outcome = url
  if (databaseUrl) {
    const applied = await bringUpToDate(databaseUrl, authority)
    await untilKnown(services.supabase)
    outcome = `${url}, ${applied ? `${applied} migrations applied` : 'schema up to date'}`
  }
  return { services, outcome, leave: () => Promise.resolve() }
}

/** The private bucket for files. @returns whether it was made now */
export async function makeStorage({ clients }: Services): Promise<boolean> {
  return makeBucket(clients).catch((cause: unknown) => {
    throw new Sentence('The bucket for files could not be made in Supabase Storage: make a private one named evidence by hand, then run this again.', { cause })
  })
}

async function bringUpToDate(databaseUrl: string, authority: string | undefined) {
  const sql = openHostedDatabase(databaseUrl, authority)
  try {
    const { applied } = await migrateHosted(sql)
    // The API in front reads the schema anew.
    await sql`notify pgrst, 'reload schema'`
    return applied.length
  }
  catch (cause) {
    throw whyNotConnected(cause) ?? cause
  }
  finally {
    await sql.end({ timeout: 5 })
  }
}

/** A moment passes until the API knows new functions. What it says after that is for whoever calls it. */
async function untilKnown(keys: Pick<BackendKeys, 'url' | 'secretKey'>) {
  for (const end = Date.now() + 20_000; Date.now() < end && !await answers(keys);) await new Promise(resolve => setTimeout(resolve, 500))
}

async function answers({ url, secretKey }: Pick<BackendKeys, 'url' | 'secretKey'>) {
  const answer = await leanFetch(`${url}/rest/v1/rpc/get_set_up`, { method: 'POST', headers: { 'apikey': secretKey, 'content-type': 'application/json' }, body: '{}', signal: AbortSignal.timeout(5000) }).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.ok === true
}
