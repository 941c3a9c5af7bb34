import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { freePort } from '../../supabase/embedded/free-port.ts'

const root = join(import.meta.dirname, '../..')

/** Where a real station of a test lives: its own settings file, data folder and ports. */
export interface StationPlace { folder: string, settings: string, dataDir: string, port: number, supabasePort: number }

/** @param folder which whoever made it removes */
export async function aStationPlace(folder: string): Promise<StationPlace> {
  return { folder, settings: join(folder, 'station.env'), dataDir: join(folder, 'data'), port: await freePort(), supabasePort: await freePort() }
}

/** What a station is set up with. */
export const hillStreet = {
  'station-name-zh': '山街派出所', 'station-name-en': 'Hill Street Police Station', 'slug': 'hill-street', 'time-zone': 'Asia/Shanghai', 'phone': '010-5550100',
  'chief-name': '赵山', 'chief-name-en': 'Zhao Shan', 'chief-email': 'zhao@hill.example', 'chief-badge': '100001',
  'admin-name': '钱江', 'admin-name-en': 'Qian Jiang', 'admin-email': 'qian@hill.example', 'admin-badge': '100002',
}

export type Flags = Record<string, string | true | undefined>

export function argsOf(place: StationPlace, flags: Flags): string[] {
  const all: Flags = { 'port': String(place.port), 'supabase-port': String(place.supabasePort), 'data-dir': place.dataDir, ...flags }
  return Object.entries(all).flatMap(([flag, value]) => value === undefined ? [] : value === true ? [`--${flag}`] : [`--${flag}`, value])
}

/** Runs `npm run setup` without the bootstrap in front of it; nobody is there to answer questions. */
export function runSetup(place: StationPlace, flags: Flags, env: Record<string, string> = {}): Promise<{ code: number | null, output: string, sentence: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'scripts/setup.ts'), ...argsOf(place, flags)], {
      env: { PATH: process.env.PATH, LINLI_SETTINGS: place.settings, ...env }, stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk
      })
    }
    child.once('close', code => resolve({ code, output, sentence: output.trimEnd().split('\n').at(-1) ?? '' }))
  })
}
