import { z } from 'zod'
import { parseEmergencyNumbers } from '#shared/reports/emergency-numbers'

const loopback = ['127.0.0.1', '::1', 'localhost']
const isLoopback = (host: string) => loopback.includes(host.replace(/^\[|\]$/g, ''))

const port = z.coerce.number('must be a port number').int('must be a port number').min(1, 'must be a port number').max(65_535, 'must be a port number')
const url = (...protocols: string[]) => z.string().refine(
  text => URL.canParse(text) && protocols.includes(new URL(text).protocol),
  `must be an address that starts with ${protocols.map(protocol => `${protocol}//`).join(' or ')}`,
)
const origin = url('http:', 'https:').refine(text => URL.canParse(text) && new URL(text).pathname === '/', 'must be an address without a path').transform(text => new URL(text).origin)

/** `id:base64 of 32 bytes,…`: the first writes, all read (RULES B5). */
const masterKeys = z.string().transform((text, context) => text.split(',').map((entry) => {
  const [, id, encoded] = /^([\w-]{1,32}):([\w+/=-]+)$/.exec(entry.trim()) ?? []
  const key = Buffer.from(encoded ?? '', 'base64')
  if (id && key.length === 32) return { id, key }
  context.addIssue('must be a list of id:key with 32 bytes as base64 in each key')
  return z.NEVER
}))

const emergencyNumbers = z.string().default('').transform((text, context) => {
  try {
    return parseEmergencyNumbers(text)
  }
  catch {
    context.addIssue('must read like police:110,fire:119,medical:120,traffic:122')
    return z.NEVER
  }
})

const settings = z.object({
  PORT: port.default(3000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: origin.optional(),
  LINLI_DATA_DIR: z.string().default('.data'),
  LINLI_BLOB_DIR: z.string().optional(),
  LINLI_DEMO: z.enum(['0', '1'], 'must be 0 or 1').default('0').transform(text => text === '1'),
  LINLI_MASTER_KEYS: masterKeys.optional(),
  LINLI_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent').default('info'),
  SUPABASE_URL: origin.optional(),
  SUPABASE_PUBLISHABLE_KEY: z.string().optional(),
  SUPABASE_SECRET_KEY: z.string().optional(),
  SEND_EMAIL_HOOK_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  SMTP_URL: url('smtp:', 'smtps:').refine(text => URL.canParse(text) && new URL(text).hostname !== '', 'must name a server, as in smtps://user:password@mail.example').optional(),
  MAIL_FROM: z.email('must be an e-mail address').optional(),
  MAP_TILES_URL: url('https:').optional(),
  EMERGENCY_NUMBERS: emergencyNumbers,
  EXIT_PAGE_URL: url('https:').default('https://www.weather.com.cn/'),
  SECURITY_CONTACT: z.string().regex(/^(mailto:\S+@\S+|https:\/\/\S+)$/, 'must start with mailto: or https://').optional(),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  TRUST_PROXY: z.coerce.number('must be a number of proxies').int('must be a whole number of proxies').min(0, 'must not be negative').max(8, 'must be 8 at most').default(0),
})

/** A setting is wrong or missing. The message is one sentence that names it. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * Reads the portal's settings; an empty one counts as unset.
 * @throws ConfigError with one sentence that names the setting
 */
export function readConfig(environment: Record<string, string | undefined>) {
  const parsed = settings.safeParse(Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== '')))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ConfigError(`The setting ${issue?.path.join('.')} ${issue?.message}.`)
  }
  const found = parsed.data
  const publicUrl = found.PUBLIC_URL ?? `http://localhost:${found.PORT}`
  const isDemo = found.LINLI_DEMO

  if (isDemo && !isLoopback(found.HOST)) throw new ConfigError('The demo station listens on this machine only: HOST must be 127.0.0.1, ::1 or localhost.')
  if (isDemo && !isLoopback(new URL(publicUrl).hostname)) throw new ConfigError('The demo station is not for the public: PUBLIC_URL must be an address of this machine.')
  if (isDemo && found.SUPABASE_URL && !isLoopback(new URL(found.SUPABASE_URL).hostname)) throw new ConfigError('The demo station uses its own backend: unset SUPABASE_URL or set LINLI_DEMO=0.')
  if (!isDemo && !publicUrl.startsWith('https:')) throw new ConfigError('The setting PUBLIC_URL must start with https:// outside the demo.')
  if (!isDemo && !found.LINLI_MASTER_KEYS) throw new ConfigError('The setting LINLI_MASTER_KEYS is missing: reports cannot be sealed without it.')

  return {
    port: found.PORT,
    host: found.HOST,
    publicUrl,
    isDemo,
    dataDir: found.LINLI_DATA_DIR,
    /** Files lie in this folder beside the embedded backend; without it they go to Supabase Storage. */
    blobDir: found.LINLI_BLOB_DIR,
    logLevel: found.LINLI_LOG_LEVEL,
    masterKeys: found.LINLI_MASTER_KEYS ?? [],
    supabase: supabaseOf(found),
    sendEmailHookSecret: found.SEND_EMAIL_HOOK_SECRET,
    smtpUrl: found.SMTP_URL,
    /** The sender of every mail. */
    mailFrom: found.MAIL_FROM ?? `no-reply@${new URL(publicUrl).hostname}`,
    mapTilesUrl: found.MAP_TILES_URL,
    emergencyNumbers: found.EMERGENCY_NUMBERS,
    exitPageUrl: found.EXIT_PAGE_URL,
    securityContact: found.SECURITY_CONTACT,
    metricsToken: found.METRICS_TOKEN,
    trustedProxies: found.TRUST_PROXY,
  } as const
}

function supabaseOf({ SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: publishableKey, SUPABASE_SECRET_KEY: secretKey }: z.infer<typeof settings>) {
  if (url && publishableKey && secretKey) return { url, publishableKey, secretKey }
  if (!url && !publishableKey && !secretKey) return undefined
  const missing = Object.entries({ SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: publishableKey, SUPABASE_SECRET_KEY: secretKey }).find(([, text]) => !text)
  throw new ConfigError(`The setting ${missing?.[0]} is missing: the three of Supabase belong together.`)
}

export type Config = ReturnType<typeof readConfig>

let current: Config | undefined

/** The portal's settings, read at the first call: a build evaluates the routes without an environment. */
export function config(): Config {
  current ??= readConfig(process.env)
  return current
}
