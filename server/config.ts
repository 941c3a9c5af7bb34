import { z } from 'zod'
import { defaultModel, modelNamePattern } from '#shared/chat/model-name'
import { isLocalPushService, isPushServiceEntry, usualPushServices } from '#shared/alerts/push-services'
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

/** base64url of the 32 bytes of a P-256 key. */
const vapidKey = z.string().regex(/^[\w-]{43}$/, 'must be the private key of a VAPID pair: 43 letters, digits, - or _')
const pushServices = z.string().transform(text => text.split(',').map(entry => entry.trim()).filter(Boolean)).refine(list => list.length > 0 && list.every(isPushServiceEntry), 'must read like fcm.googleapis.com,*.push.apple.com')

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
  CHAT_MODEL_DIR: z.string().optional(),
  CHAT_MODEL: z.string().regex(modelNamePattern, `must be a name such as ${defaultModel}`).default(defaultModel),
  EMERGENCY_NUMBERS: emergencyNumbers,
  EXIT_PAGE_URL: url('https:').default('https://www.weather.com.cn/'),
  SECURITY_CONTACT: z.string().regex(/^(mailto:\S+@\S+|https:\/\/\S+)$/, 'must start with mailto: or https://').optional(),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  TELEGRAM_BOT_TOKEN: z.string().regex(/^\d+:[\w-]{10,}$/, 'must be the token that BotFather gave, as in 123456:ABC…').optional(),
  TELEGRAM_API_ROOT: origin.default('https://api.telegram.org'),
  TELEGRAM_MODE: z.enum(['polling', 'webhook'], 'must be polling or webhook').default('polling'),
  TELEGRAM_WEBHOOK_SECRET: z.string().regex(/^[\w-]{16,256}$/, 'must have 16 to 256 letters, digits, _ or -').optional(),
  VAPID_PRIVATE_KEY: vapidKey.optional(),
  VAPID_SUBJECT: z.string().regex(/^(mailto:\S+@\S+|https:\/\/\S+)$/, 'must start with mailto: or https://').optional(),
  VAPID_SERVICES: pushServices.default([...usualPushServices]),
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
  if (!isDemo && found.VAPID_SERVICES.some(isLocalPushService)) throw new ConfigError('The setting VAPID_SERVICES names this machine: that is for a demo station.')
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
    telegram: telegramOf(found, publicUrl),
    /** Alerts go to browsers when there is a key. */
    push: found.VAPID_PRIVATE_KEY ? { privateKey: found.VAPID_PRIVATE_KEY, subject: found.VAPID_SUBJECT ?? (publicUrl.startsWith('https:') ? publicUrl : `mailto:no-reply@${new URL(publicUrl).hostname}`), services: found.VAPID_SERVICES } : undefined,
    /** The chat also searches by meaning when there is a folder with a model. */
    chatModel: found.CHAT_MODEL_DIR ? { folder: found.CHAT_MODEL_DIR, name: found.CHAT_MODEL } : undefined,
  } as const
}

function supabaseOf({ SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: publishableKey, SUPABASE_SECRET_KEY: secretKey }: z.infer<typeof settings>) {
  if (url && publishableKey && secretKey) return { url, publishableKey, secretKey }
  if (!url && !publishableKey && !secretKey) return undefined
  const missing = Object.entries({ SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: publishableKey, SUPABASE_SECRET_KEY: secretKey }).find(([, text]) => !text)
  throw new ConfigError(`The setting ${missing?.[0]} is missing: the three of Supabase belong together.`)
}

/** How updates come: by asking for them, or to our address with a secret. A webhook without a secret cannot be written down. */
export type TelegramConfig
  = | { mode: 'polling', token: string, apiRoot: string }
    | { mode: 'webhook', token: string, apiRoot: string, secret: string, url: string }

function telegramOf({ TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: apiRoot, TELEGRAM_MODE: mode, TELEGRAM_WEBHOOK_SECRET: secret }: z.infer<typeof settings>, publicUrl: string): TelegramConfig | undefined {
  if (!token) return undefined
  // The token stands in every address of the Bot API.
  const isLocal = isLoopback(new URL(apiRoot).hostname)
  if (!apiRoot.startsWith('https:') && !isLocal) throw new ConfigError('The setting TELEGRAM_API_ROOT must start with https:// unless it is this machine.')
  if (mode === 'polling') return { mode, token, apiRoot }
  if (!secret) throw new ConfigError('The setting TELEGRAM_WEBHOOK_SECRET is missing: TELEGRAM_MODE=webhook needs it.')
  if (!publicUrl.startsWith('https:') && !isLocal) throw new ConfigError('TELEGRAM_MODE=webhook needs a PUBLIC_URL that starts with https://, which Telegram can reach.')
  return { mode, token, apiRoot, secret, url: `${publicUrl}/api/telegram/webhook` }
}

export type Config = ReturnType<typeof readConfig>

let current: Config | undefined

/** The portal's settings, read at the first call: a build evaluates the routes without an environment. */
export function config(): Config {
  current ??= readConfig(process.env)
  return current
}
