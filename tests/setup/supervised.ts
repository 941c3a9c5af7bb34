import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { freePort } from '../../supabase/embedded/free-port.ts'
import { scratchFolder } from '../scratch.ts'

const root = join(import.meta.dirname, '../..')

export interface Place { port: number, supabasePort: number, dataDir: string }

export interface Run {
  child: ChildProcess
  url: string
  output: () => string
  /** Resolves when everything answers, or with false when the run ended before. */
  ready: Promise<boolean>
  /** Exit code of the supervisor. */
  ended: Promise<number | null>
}

/** Free ports and an empty data folder. */
export async function aPlace(): Promise<Place> {
  return { port: await freePort(), supabasePort: await freePort(), dataDir: scratchFolder('setup') }
}

/** The real supervisor with the stand-ins of tests/setup/fixtures. */
export function supervised(place: Place, env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'tests/setup/fixtures/serve.ts')], {
    env: { PATH: process.env.PATH, PORT: String(place.port), SUPABASE_PORT: String(place.supabasePort), LINLI_DATA_DIR: place.dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
  const ready = Promise.race([new Promise<boolean>(resolve => child.once('message', () => resolve(true))), ended.then(() => false)])
  return { child, url: `http://127.0.0.1:${place.port}`, output: () => output, ready, ended }
}
