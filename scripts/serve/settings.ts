import { join, resolve } from 'node:path'
import { z } from 'zod'
import { Sentence } from '../bootstrap/sentence.mjs'

const port = (fallback: number) => z.string().regex(/^\d{1,5}$/, 'must be a number from 1 to 65535').transform(Number).pipe(z.number().min(1, 'must be a number from 1 to 65535').max(65535, 'must be a number from 1 to 65535')).default(fallback)
const httpUrl = z.string().refine(isHttpUrl, 'must be an address such as https://linli.example')
const aKey = /^[\w-]+:[A-Za-z0-9+/_-]{43}=?$/

/** The part of the environment that decides which processes start and where; each process checks the rest itself. */
const schema = z.object({
  PORT: port(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: httpUrl.optional(),
  LINLI_DATA_DIR: z.string().min(1).default('.data'),
  LINLI_DEMO: z.enum(['0', '1'], 'must be 0 or 1').optional(),
  SUPABASE_URL: httpUrl.optional(),
  SUPABASE_PUBLISHABLE_KEY: z.string().optional(),
  SUPABASE_SECRET_KEY: z.string().optional(),
  SUPABASE_PORT: port(54321),
  SEND_EMAIL_HOOK_SECRET: z.string().optional(),
  LINLI_MASTER_KEYS: z.string().refine(keys => keys.split(',').every(key => aKey.test(key.trim())), 'must read id:base64 of 32 bytes, more of them after commas').optional(),
  SMTP_URL: z.string().refine(url => /^smtps?:\/\/\S+$/.test(url), 'must be an address such as smtp://user:password@mail.example:587').optional(),
})

/** What the supervisor needs to know, after every rule about it has been checked. */
export interface Settings {
  port: number
  host: string
  publicUrl: string
  dataDir: string
  isDemo: boolean
  /** Port of the embedded backend, undefined when a real Supabase is used. */
  embeddedPort: number | undefined
}

/**
 * Reads and checks the settings that concern the start.
 * @throws Sentence naming the setting that is missing or wrong (RULES §F1)
 */
export function readSettings(env: NodeJS.ProcessEnv, root: string): Settings {
  // An empty setting counts as unset: compose files and shells leave many of them.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Sentence(`The setting ${issue?.path.join('.')} is wrong: it ${issue?.message}.`)
  }
  const read = parsed.data
  const isEmbedded = read.SUPABASE_URL === undefined
  if (!isEmbedded && read.LINLI_DEMO === '1') throw new Sentence('LINLI_DEMO=1 is refused with SUPABASE_URL: the demo station lives in the embedded backend only.')
  const isDemo = isEmbedded && read.LINLI_DEMO !== '0'
  const settings: Settings = {
    port: read.PORT,
    host: read.HOST,
    publicUrl: (read.PUBLIC_URL ?? `http://localhost:${read.PORT}`).replace(/\/+$/, ''),
    dataDir: resolve(root, read.LINLI_DATA_DIR),
    isDemo,
    embeddedPort: isEmbedded ? read.SUPABASE_PORT : undefined,
  }
  if (isDemo) refuseOpenDemo(settings)
  else refuseHalfProduction(read, settings)
  if (settings.embeddedPort === settings.port) throw new Sentence(`PORT and SUPABASE_PORT are both ${settings.port}; give one of them another number.`)
  return settings
}

/** Where the embedded backend leaves its address and keys. */
export function keysFile(settings: Settings): string {
  return join(settings.dataDir, 'keys.json')
}

/** True for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** The demo accounts' password is public, so nobody else may reach it. */
function refuseOpenDemo({ host, publicUrl }: Settings) {
  if (!isLoopback(host)) throw new Sentence(`The demo station does not listen on ${host}: its password is public; leave HOST at 127.0.0.1 or set LINLI_DEMO=0.`)
  if (!isLoopback(new URL(publicUrl).hostname)) throw new Sentence(`The demo station is not served at ${publicUrl}: its password is public; leave PUBLIC_URL unset or set LINLI_DEMO=0.`)
}

function refuseHalfProduction(read: z.infer<typeof schema>, { publicUrl, embeddedPort }: Settings) {
  const isEmbedded = embeddedPort !== undefined
  const needed = isEmbedded
    ? ['LINLI_MASTER_KEYS', 'SMTP_URL', 'PUBLIC_URL'] as const
    : ['SUPABASE_PUBLISHABLE_KEY', 'SUPABASE_SECRET_KEY', 'SEND_EMAIL_HOOK_SECRET', 'LINLI_MASTER_KEYS', 'PUBLIC_URL'] as const
  const missing = needed.filter(name => !read[name])
  const occasion = isEmbedded ? 'without the demo station (LINLI_DEMO=0)' : 'with a real Supabase (SUPABASE_URL)'
  if (missing.length) throw new Sentence(`${list(missing)} must be set ${occasion}.`)
  if (!publicUrl.startsWith('https://')) throw new Sentence(`PUBLIC_URL is ${publicUrl}, but must begin with https:// ${occasion}.`)
}

function list(names: readonly string[]) {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function isHttpUrl(text: string) {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
