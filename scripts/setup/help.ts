import { allWishes, peopleWishes, quietWishes, settingWishes, stationWishes, type Wish } from './wishes.ts'

const quietly: Record<keyof typeof quietWishes, string> = {
  'port': 'port of the portal (3000)',
  'host': 'address that it listens on (127.0.0.1)',
  'data-dir': 'folder of the embedded database, keys and files (.station)',
  'supabase-port': 'port of the embedded API (54321), or off for none',
  'master-keys': 'id:base64 of 32 bytes, if you bring your own',
  'security-contact': 'mailto: or https address for /.well-known/security.txt',
}

/** What `npm run setup -- --help` prints. */
export function helpText(file: string): string {
  const line = ([flag, { env, ask, isSecret, fallback }]: [string, Wish]) => `  ${(isSecret ? env : `--${flag}`).padEnd(28)}${(ask || quietly[flag as keyof typeof quietly] || '') + (fallback ? ` [${fallback}]` : '')}`
  const block = (title: string, wishes: Record<string, Wish>) => [title, ...Object.entries(wishes).map(line), '']
  return [
    'npm run setup -- [flags]: sets up a real station, or says what stands of it.',
    `Each flag may also be given in the environment (--public-url as PUBLIC_URL, --slug as ${allWishes.slug?.env}); secrets only there or as an answer.`, '',
    ...block('Settings', settingWishes),
    ...block('Settings with a good default', quietWishes),
    ...block('Station', stationWishes),
    ...block('First people', peopleWishes),
    'What to do',
    '  --backend                   embedded (one machine) or supabase [embedded]',
    '  SUPABASE_DB_URL             postgres address of the project: migrations and reference data are applied over it; not kept',
    '  SUPABASE_DB_CA              file with the certificate of its authority (Supabase: Database settings, SSL)',
    '  --change                    writes what differs into the settings file and the station',
    '  --new-invitations           invites the first people anew; links of before end',
    '  --test-mail ADDRESS         sends one mail and says whether the mail server took it',
    '',
    `The settings file: ${file} (LINLI_SETTINGS names another one).`,
  ].join('\n')
}
