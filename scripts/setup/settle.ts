import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { newVapidKey } from '../../supabase/embedded/keys.ts'
import { Sentence } from '../bootstrap/sentence.mjs'
import { readSettings, type Settings } from '../serve/settings.ts'
import { fulfil, type Terminal } from './ask.ts'
import { quietWishes, settingWishes, type Orders, type Wish } from './wishes.ts'

const wishes: Record<string, Wish> = { ...settingWishes, ...quietWishes }

export interface Settled {
  /** The lines of the settings file. */
  lines: Record<string, string>
  settings: Settings
  /** What the backend is started with. */
  environment: NodeJS.ProcessEnv
  /** Master keys that were made just now. */
  newKeys: string | undefined
  /** Settings that were told otherwise than the file has them, and stay as they are. */
  staying: string[]
}

/**
 * The settings of the station: those of the file, else what was told and asked; with `--change` what was told goes into the file.
 * Checked as the start checks them, and nothing is written here.
 * @param kept the lines of the file, if there is one
 * @throws Sentence for what is missing, wrong or forbidden (RULES F1)
 */
export async function settle(root: string, file: string, { told, kept, orders, terminal, environment: outside }: { told: ReadonlyMap<string, string>, kept: Record<string, string> | undefined, orders: Orders, terminal: Terminal | undefined, environment: NodeJS.ProcessEnv }): Promise<Settled> {
  const isHosted = orders.backend ? orders.backend === 'supabase' : Boolean(kept?.SUPABASE_URL ?? told.get('supabase-url'))
  if (kept && orders.backend && isHosted !== Boolean(kept.SUPABASE_URL)) throw new Sentence(`${file} is of a station ${isHosted ? 'on the embedded database' : 'on Supabase'}; name another file in LINLI_SETTINGS for another station.`)
  const isOfBackend = ([, { only }]: [string, Wish]) => only === undefined || only === (isHosted ? 'supabase' : 'embedded')
  const asked = Object.fromEntries(Object.entries(settingWishes).filter(isOfBackend))

  const answers = kept
    ? new Map([...told].filter(([flag]) => orders.isChange && flag in wishes))
    : new Map([...await fulfil(asked, told, terminal), ...await fulfil(Object.fromEntries(Object.entries(quietWishes).filter(isOfBackend)), told, undefined)])
  const lines: Record<string, string> = { LINLI_DEMO: '0', ...kept }
  for (const [flag, value] of answers) lines[wishes[flag]?.env ?? ''] = flag === 'data-dir' ? resolve(root, value) : value
  if (!isHosted) lines.LINLI_DATA_DIR ??= join(root, '.station')

  if (!isHosted) refuseForeignFolder(lines.LINLI_DATA_DIR ?? '', file, kept ?? lines)
  const newKeys = lines.LINLI_MASTER_KEYS ? undefined : `k1:${randomBytes(32).toString('base64')}`
  if (newKeys) lines.LINLI_MASTER_KEYS = newKeys
  // Nobody has to keep it: with a new one, browsers are asked again. An empty one says that nothing is pushed.
  if (!kept || orders.isChange) lines.VAPID_PRIVATE_KEY ??= newVapidKey()
  const environment = { ...withoutSettings(outside), ...lines }
  return {
    lines, environment, newKeys, settings: readSettings(environment, root),
    staying: kept && !orders.isChange ? [...told].flatMap(([flag, value]) => wishes[flag] && lines[wishes[flag].env] !== value ? [wishes[flag].env] : []) : [],
  }
}

const withoutSettings = (environment: NodeJS.ProcessEnv) => Object.fromEntries(Object.entries(environment).filter(([name]) => !Object.values(wishes).some(({ env }) => env === name)))

const keysFile = z.object({ demo: z.boolean() })

/** A folder that a demo or another station lives in is not ours to set up. */
function refuseForeignFolder(folder: string, file: string, known: Record<string, string>) {
  const path = join(folder, 'keys.json')
  if (!existsSync(path)) return
  const keys = keysFile.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!keys.success || keys.data.demo) throw new Sentence(`The data folder ${folder} is a demo's and never becomes a real station: name another one with --data-dir.`)
  if (!known.LINLI_MASTER_KEYS) throw new Sentence(`The data folder ${folder} holds a station already, but ${file} is not there: put it back, or give the station's master keys in LINLI_MASTER_KEYS, since without them none of its reports opens.`)
}
