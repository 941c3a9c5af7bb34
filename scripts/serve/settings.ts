import { join, resolve } from 'node:path'
import { readConfig as readPortalConfig } from '#server/config'
import { readConfig as readEmbeddedConfig } from '../../supabase/embedded/config.ts'
import { Sentence } from '../bootstrap/sentence.mjs'

/** What the supervisor needs to know, after every rule about it has been checked. */
export interface Settings {
  port: number
  host: string
  publicUrl: string
  dataDir: string
  isDemo: boolean
  /** Port of the embedded backend, `off` when it has none, undefined when a real Supabase is used. */
  embeddedPort: number | 'off' | undefined
  /** A process of its own asks Telegram for updates. */
  hasPollingBot: boolean
}

/**
 * Reads and checks the settings as the portal and the embedded backend will read them, so that a wrong one stops the
 * start before anything runs.
 * @throws Error with one sentence that names the setting that is missing or wrong (RULES §F1)
 */
export function readSettings(environment: NodeJS.ProcessEnv, root: string): Settings {
  // An empty setting counts as unset: compose files and shells leave many of them.
  const given: NodeJS.ProcessEnv = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const isEmbedded = given.SUPABASE_URL === undefined
  if (!isEmbedded && given.LINLI_DEMO === '1') throw new Sentence('LINLI_DEMO=1 is refused with SUPABASE_URL: the demo station lives in the embedded backend only.')
  const LINLI_DEMO = given.LINLI_DEMO ?? (isEmbedded ? '1' : '0')
  if (LINLI_DEMO === '0') refuseHalfProduction(given, isEmbedded)

  const portal = readPortalConfig({ ...given, LINLI_DEMO })
  const embeddedPort = isEmbedded ? readEmbeddedConfig({ ...given, LINLI_DEMO }).apiPort : undefined
  if (embeddedPort === portal.port) throw new Sentence(`PORT and SUPABASE_PORT are both ${portal.port}; give one of them another number.`)
  return { port: portal.port, host: portal.host, publicUrl: portal.publicUrl, dataDir: resolve(root, portal.dataDir), isDemo: portal.isDemo, embeddedPort, hasPollingBot: portal.telegram?.mode === 'polling' }
}

/** Where the embedded backend leaves its address and keys. */
export function keysFile(settings: Settings): string {
  return join(settings.dataDir, 'keys.json')
}

/** What is missing altogether is said at once; each value is checked by whoever reads it. */
function refuseHalfProduction(given: NodeJS.ProcessEnv, isEmbedded: boolean) {
  const needed = isEmbedded
    ? ['LINLI_MASTER_KEYS', 'SMTP_URL', 'PUBLIC_URL']
    : ['SUPABASE_PUBLISHABLE_KEY', 'SUPABASE_SECRET_KEY', 'SEND_EMAIL_HOOK_SECRET', 'LINLI_MASTER_KEYS', 'SMTP_URL', 'PUBLIC_URL']
  const missing = needed.filter(name => given[name] === undefined)
  if (missing.length) throw new Sentence(`${inWords(missing)} must be set ${isEmbedded ? 'without the demo station (LINLI_DEMO=0)' : 'with a real Supabase (SUPABASE_URL)'}.`)
}

function inWords(names: string[]) {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
