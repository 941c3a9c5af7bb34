import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { freePort } from '../supabase/embedded/free-port.ts'

const root = join(import.meta.dirname, '..')
const readyLimitMs = 120_000
const stopLimitMs = 20_000
const keysSchema = z.object({ url: z.string(), publishableKey: z.string(), secretKey: z.string() })

/** A running portal with its own database, demo station included. */
export interface Portal {
  url: string
  supabaseUrl: string
  keys: { publishableKey: string, secretKey: string }
  dataDir: string
  /** Process id of the supervisor. */
  pid: number
  /** Everything the processes have written so far. */
  output(): string
  /** Stops in order, as SIGTERM does, and removes the data folder if it was made here. */
  stop(): Promise<void>
  /** Stops the database in its tracks, as a network that drops everything would; `wake` lets it go on. */
  holdDatabase(): () => void
  /** kill -9 of the supervisor and everything it started; the data folder stays. */
  kill(): Promise<void>
}

export interface PortalOptions {
  /** Settings beside ports and data folder. */
  env?: Record<string, string>
  /** A data folder of an earlier start, which is kept afterwards. */
  dataDir?: string
}

/** Starts what `npm start` starts on free ports and a throw-away data folder; builds first if sources changed. */
export async function startPortal({ env = {}, dataDir }: PortalOptions = {}): Promise<Portal> {
  buildIfStale()
  const [port, supabasePort] = [await freePort(), await freePort()]
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'linli-'))
  let output = ''
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', `--import=${join(root, 'scripts/serve/leave-with-parent.mjs')}`, join(root, 'scripts/serve.ts')], {
    cwd: root,
    env: { ...withoutOurSettings(process.env), HOST: '127.0.0.1', PORT: String(port), SUPABASE_PORT: String(supabasePort), LINLI_DATA_DIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  const ready = new Promise<void>(resolve => child.once('message', () => resolve()))
  const isReady = await Promise.race([ready.then(() => true), ended.then(() => false), after(readyLimitMs)])
  if (!isReady) {
    child.kill('SIGKILL')
    throw new Error(`The portal for the tests did not start:\n${output.slice(-4000)}`)
  }
  const { url: supabaseUrl, ...keys } = keysSchema.parse(JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8')))
  const pid = child.pid ?? 0
  return {
    url: `http://localhost:${port}`,
    supabaseUrl,
    keys,
    dataDir: folder,
    pid,
    output: () => output,
    async stop() {
      child.kill('SIGTERM')
      if (await Promise.race([ended.then(() => true), after(stopLimitMs)]) !== true) child.kill('SIGKILL')
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
    },
    holdDatabase() {
      const backend = readChildren(pid).find(child => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('supabase/embedded/main.ts'))
      if (backend === undefined) throw new Error('there is no embedded backend')
      process.kill(backend, 'SIGSTOP')
      return () => { process.kill(backend, 'SIGCONT') }
    },
    async kill() {
      for (const process of descendants(pid).reverse()) killQuietly(process)
      child.kill('SIGKILL')
      await ended
    },
  }
}

function buildIfStale() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/bootstrap.mjs'), 'build'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`)
}

/** The settings of whoever runs the tests must not reach the portal under test. */
export function withoutOurSettings(env: NodeJS.ProcessEnv) {
  const ours = /^(PORT|HOST|PUBLIC_URL|LINLI_.*|SUPABASE_.*|SEND_EMAIL_HOOK_SECRET|SMTP_URL|TELEGRAM_.*|VAPID_.*|TRUST_PROXY|VITEST.*|NODE_ENV|NODE_OPTIONS|NITRO_.*|NUXT_.*)$/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)))
}

function descendants(pid: number): number[] {
  const children = readChildren(pid)
  return children.flatMap(child => [child, ...descendants(child)])
}

/** @see proc(5), /proc/pid/task/tid/children */
function readChildren(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  }
  catch {
    return [] // it ended by itself
  }
}

function killQuietly(pid: number) {
  try {
    process.kill(pid, 'SIGKILL')
  }
  catch {
    // it ended by itself
  }
}

function after(ms: number) {
  return new Promise<undefined>((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
