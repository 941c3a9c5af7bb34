import { parseArgs } from 'node:util'
import { Sentence } from '../bootstrap/sentence.mjs'

/** Something that setup may be told: by flag, by environment, or as the answer to a question. */
export interface Wish {
  /** What it is asked as. */
  ask: string
  /** Its name in the environment; a setting keeps this name in the settings file. */
  env: string
  /** Taken if nothing is said. */
  fallback?: string
  /** May stay empty. */
  isOptional?: boolean
  /** Never echoed, and refused as a flag: those stand in the shell's history and in the list of processes. */
  isSecret?: boolean
  /** Only asked for with this backend. */
  only?: 'embedded' | 'supabase'
  /** Why an answer cannot be taken, as the end of a sentence that begins with the flag. */
  refuse?: (text: string) => string | undefined
}

const text = (limit: number) => (value: string) => value.length > limit ? `must have ${limit} characters at most` : undefined
const slug = (value: string) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value) && value.length <= 60 ? undefined : 'must be small letters, digits and single hyphens, such as hill-street'
const email = (value: string) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value) && value.length <= 254 ? undefined : 'must be an e-mail address'
const oneOf = (...values: string[]) => (value: string) => values.includes(value) ? undefined : `must be ${values.join(' or ')}`

const timeZone = (value: string) => Intl.supportedValuesOf('timeZone').includes(value) ? undefined : 'must be a name such as Asia/Shanghai'

/** Settings, which the file keeps; server/config.ts and supabase/embedded/config.ts say what is right. */
export const settingWishes = {
  'public-url': { env: 'PUBLIC_URL', ask: 'Address of the portal for residents (https://…)' },
  'smtp-url': { env: 'SMTP_URL', ask: 'Mail server (smtps://user:password@host)', isSecret: true },
  'mail-from': { env: 'MAIL_FROM', ask: 'Sender of every mail (empty: no-reply@ and the host of the address)', isOptional: true, refuse: email },
  'trust-proxy': { env: 'TRUST_PROXY', ask: 'How many proxies stand in front (TLS ends in the first)', fallback: '1' },
  'supabase-url': { env: 'SUPABASE_URL', ask: 'Address of the Supabase project', only: 'supabase' },
  'supabase-publishable-key': { env: 'SUPABASE_PUBLISHABLE_KEY', ask: 'Its publishable key', only: 'supabase' },
  'supabase-secret-key': { env: 'SUPABASE_SECRET_KEY', ask: 'Its secret key', only: 'supabase', isSecret: true },
  'send-email-hook-secret': { env: 'SEND_EMAIL_HOOK_SECRET', ask: 'Secret of its Send Email hook (v1,whsec_…)', only: 'supabase', isSecret: true },
} as const satisfies Record<string, Wish>

/** Settings that have a good default and are never asked for. */
export const quietWishes = {
  'port': { env: 'PORT', ask: '', isOptional: true },
  'host': { env: 'HOST', ask: '', isOptional: true },
  'data-dir': { env: 'LINLI_DATA_DIR', ask: '', isOptional: true },
  'supabase-port': { env: 'SUPABASE_PORT', ask: '', isOptional: true, only: 'embedded' },
  'master-keys': { env: 'LINLI_MASTER_KEYS', ask: '', isOptional: true, isSecret: true },
  'vapid-private-key': { env: 'VAPID_PRIVATE_KEY', ask: '', isOptional: true, isSecret: true },
  'security-contact': { env: 'SECURITY_CONTACT', ask: '', isOptional: true },
} as const satisfies Record<string, Wish>

export const stationWishes = {
  'station-name-zh': { env: 'LINLI_SETUP_STATION_NAME_ZH', ask: 'Name of the station in Chinese', refuse: text(60) },
  'station-name-en': { env: 'LINLI_SETUP_STATION_NAME_EN', ask: 'Name of the station in English', refuse: text(60) },
  'slug': { env: 'LINLI_SETUP_SLUG', ask: 'Short name for addresses (small letters, never changes)', refuse: slug },
  'time-zone': { env: 'LINLI_SETUP_TIME_ZONE', ask: 'Time zone', fallback: 'Asia/Shanghai', refuse: timeZone },
  'phone': { env: 'LINLI_SETUP_PHONE', ask: 'Telephone of the station (may stay empty)', isOptional: true, refuse: text(40) },
} as const satisfies Record<string, Wish>

const person = <Who extends string>(who: Who, title: string) => ({
  [`${who}-name`]: { env: `LINLI_SETUP_${who.toUpperCase()}_NAME`, ask: `Name of the first ${title}`, refuse: text(60) },
  [`${who}-name-en`]: { env: `LINLI_SETUP_${who.toUpperCase()}_NAME_EN`, ask: 'The same in English (empty: as above)', isOptional: true, refuse: text(60) },
  [`${who}-email`]: { env: `LINLI_SETUP_${who.toUpperCase()}_EMAIL`, ask: 'E-mail address', refuse: email },
  [`${who}-badge`]: { env: `LINLI_SETUP_${who.toUpperCase()}_BADGE`, ask: 'Badge number', refuse: text(30) },
}) as Record<`${Who}-name` | `${Who}-name-en` | `${Who}-email` | `${Who}-badge`, Wish>

const language: Wish = { env: 'LINLI_SETUP_LANGUAGE', ask: 'Language of their mails (zh or en)', fallback: 'zh', refuse: oneOf('zh', 'en') }

/** The two who let everybody else in: the chief confirms what the administrator proposes (RULES A5). */
export const peopleWishes = { ...person('chief', 'station leader (chief)'), ...person('admin', 'administrator'), language }
/** The chief, once the administrator is at work. */
export const chiefWishes = { ...person('chief', 'station leader (chief)'), language }

export const allWishes: Record<string, Wish> = { ...settingWishes, ...quietWishes, ...stationWishes, ...peopleWishes }

/** What to do beside the usual. */
export interface Orders { isChange: boolean, isNewInvitations: boolean, testMail: string | undefined, backend: 'embedded' | 'supabase' | undefined }

/**
 * Reads the command line.
 * @throws Sentence naming a flag that does not exist, or one that must not stand there
 */
export function readFlags(args: string[]): { told: Map<string, string>, orders: Orders, isHelp: boolean } {
  const orders = ['change', 'new-invitations', 'help'] as const
  const given = parseFlags(args, { ...Object.fromEntries(Object.keys(allWishes).map(flag => [flag, 'string' as const])), 'backend': 'string', 'test-mail': 'string', ...Object.fromEntries(orders.map(flag => [flag, 'boolean' as const])) })
  const said = (flag: string) => typeof given[flag] === 'string' ? given[flag] : undefined
  const told = new Map<string, string>()
  for (const [flag, wish] of Object.entries(allWishes)) {
    const value = said(flag)
    if (value === undefined) continue
    // An address of a mail server without a password is no secret.
    if (wish.isSecret && !(flag === 'smtp-url' && URL.canParse(value) && !new URL(value).password)) throw new Sentence(`--${flag} would leave a secret in the shell's history and in the list of processes: put it into the environment as ${wish.env}, or answer the question.`)
    told.set(flag, value.trim())
  }
  const [backend, testMail] = [said('backend'), said('test-mail')]
  if (backend !== undefined && backend !== 'embedded' && backend !== 'supabase') throw new Sentence('--backend must be embedded or supabase.')
  if (testMail !== undefined && email(testMail)) throw new Sentence('--test-mail must be an e-mail address.')
  return { told, isHelp: given.help === true, orders: { isChange: given.change === true, isNewInvitations: given['new-invitations'] === true, testMail, backend } }
}

function parseFlags(args: string[], kinds: Record<string, 'string' | 'boolean'>) {
  try {
    return parseArgs({ args, strict: true, options: Object.fromEntries(Object.entries(kinds).map(([flag, type]) => [flag, { type }])) }).values
  }
  catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    const [flag] = error instanceof Error ? /--[\w-]+/.exec(error.message) ?? [] : []
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new Sentence(`There is no ${flag ?? 'such flag'}; npm run setup -- --help lists what there is.`)
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') throw new Sentence(`${flag ?? 'A flag'} is used in a wrong way; npm run setup -- --help shows how.`)
    throw new Sentence('Only flags can follow; npm run setup -- --help lists them.')
  }
}
