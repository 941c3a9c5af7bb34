import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Sentence, sayAndExit } from '../bootstrap/sentence.mjs'
import { step } from '../bootstrap/step.mjs'
import { announcement } from './announce.ts'
import { takeDataFolder } from './data-folder.ts'
import { launchBackend, within } from './launch-backend.ts'
import { requireFreePort } from './ports.ts'
import { Service } from './service.ts'
import type { DataFolder } from './data-folder.ts'
import type { Settings } from './settings.ts'
import { keysFile, readSettings } from './settings.ts'

const root = join(import.meta.dirname, '../..')

/** The portal drains first (its own limit is a second shorter), then the database: together about ten seconds. */
const grace = { portalMs: 5000, backendMs: 4500 }
const heap = { portalMegabytes: 512, devMegabytes: 2048, botMegabytes: 384 }
const botPause = { firstMs: 500, longestMs: 30_000 }
const readyLimitMs = { start: 60_000, dev: 180_000 }
/** npm and the terminal both pass Ctrl-C on: signals this close together are one. */
const sameSignalMs = 1000

const running: Service[] = []
let folder: DataFolder | undefined
let stoppingSince = 0

/** The two programs to run, and whether the portal is served by Nuxt's development server. */
export interface Programs {
  backend: string
  portal: string
  /** Asks Telegram for updates; runs only where a token is set. */
  bot: string
  isDev: boolean
}

/** Starts the backend, then the portal; stops them in reverse. Comes back only to end the process. */
export async function supervise(programs: Programs): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal)
  try {
    await startAndWatch(programs)
  }
  catch (error) {
    if (stoppingSince) return // the signal handler is at work and ends the process
    stoppingSince = Date.now()
    await stopAll()
    sayAndExit(error)
  }
}

async function startAndWatch(programs: Programs) {
  const startedAt = performance.now()
  const settings = readSettings(process.env, root)
  // Before the folder is made: a real station begins with npm run setup (RULES F1).
  if (!settings.isDemo && settings.embeddedPort !== undefined && !existsSync(keysFile(settings))) throw noStation(settings)
  folder = await step('data folder', (line) => {
    line.is(settings.dataDir)
    return takeDataFolder(settings.dataDir, () => line.during('waiting for the previous run to end'))
  })
  await requireFreePort(settings.host, settings.port, 'PORT')
  const env = settings.embeddedPort === undefined ? { ...process.env } : await step('database', line => startBackend(programs, settings, line))
  await step('portal', () => startPortal(programs, settings, env))
  const bot = settings.hasPollingBot ? keepBot(programs.bot, settings, env) : undefined
  bot?.start()
  process.stdout.write(announcement(settings, env.SUPABASE_URL ?? '', (performance.now() - startedAt) / 1000))
  process.send?.({ ready: true })
  await Promise.race(running.filter(({ name }) => name !== 'The bot').map(service => service.died))
}

/** Starts the embedded backend and answers the portal's environment with its address and keys. */
async function startBackend(programs: Programs, settings: Settings, line: { is(outcome: string): void }): Promise<NodeJS.ProcessEnv> {
  const { keys, hasStation } = await launchBackend(programs.backend, settings, process.env, watch)
  if (!settings.isDemo && !hasStation) throw noStation(settings)
  line.is(settings.embeddedPort === 'off' ? settings.dataDir : keys.url)
  return {
    ...process.env,
    SUPABASE_URL: keys.url,
    SUPABASE_PUBLISHABLE_KEY: keys.publishableKey,
    SUPABASE_SECRET_KEY: keys.secretKey,
    SEND_EMAIL_HOOK_SECRET: keys.sendEmailHookSecret,
    // The demo's are made with its data folder; a real station brings its own (RULES F1).
    LINLI_MASTER_KEYS: process.env.LINLI_MASTER_KEYS || keys.masterKeys,
    // Set and empty: no pushes.
    VAPID_PRIVATE_KEY: process.env.VAPID_PRIVATE_KEY ?? keys.vapidPrivateKey,
    LINLI_BLOB_DIR: join(settings.dataDir, 'blobs'),
  }
}

const noStation = ({ dataDir }: Settings) => new Sentence(`There is no station in ${dataDir} yet; npm run setup makes one.`)

async function startPortal({ portal: entry, isDev }: Programs, settings: Settings, env: NodeJS.ProcessEnv) {
  if (!isDev && !existsSync(entry)) throw new Sentence('The portal is not built yet; start it with npm start.')
  const portal = new Service({
    name: 'The portal',
    args: isDev ? [join(root, 'node_modules/nuxt/bin/nuxt.mjs'), 'dev', '--no-fork', '--port', String(settings.port), '--host', settings.host, root] : [entry],
    env: {
      ...env,
      NODE_ENV: isDev ? 'development' : 'production',
      HOST: settings.host,
      PORT: String(settings.port),
      NITRO_HOST: settings.host,
      NITRO_PORT: String(settings.port),
      NITRO_SHUTDOWN_TIMEOUT: String(grace.portalMs - 1000),
      PUBLIC_URL: settings.publicUrl,
      LINLI_DEMO: settings.isDemo ? '1' : '0',
      LINLI_DATA_DIR: settings.dataDir,
    },
    heapMegabytes: isDev ? heap.devMegabytes : heap.portalMegabytes,
    onLine: text => text.startsWith('Listening on '),
  })
  watch(portal)
  await within(isDev ? readyLimitMs.dev : readyLimitMs.start, Promise.race([answers(`${localUrl(settings)}/readyz`), portal.died]), 'The portal')
  portal.ready()
}

function watch(service: Service) {
  running.push(service)
  folder?.noteChild(service.pid)
}

/** The bot beside the portal. When it dies it is started again after a pause: the portal goes on without it. */
function keepBot(entry: string, settings: Settings, env: NodeJS.ProcessEnv) {
  let deaths = 0
  const start = () => {
    const bot = new Service({
      name: 'The bot',
      args: [entry],
      env: { ...env, NODE_ENV: 'production', HOST: settings.host, PORT: String(settings.port), PUBLIC_URL: settings.publicUrl, LINLI_DEMO: settings.isDemo ? '1' : '0', LINLI_DATA_DIR: settings.dataDir },
      heapMegabytes: heap.botMegabytes,
      onLine: text => text.startsWith('{"bot":'),
    })
    folder?.noteChild(bot.pid)
    running.push(bot)
    bot.ready()
    bot.died.catch((error: unknown) => {
      running.splice(running.indexOf(bot), 1)
      if (stoppingSince) return
      process.stderr.write(`${(error instanceof Error ? error.message : String(error)).replace(/; everything was stopped\.$/, '')}; it is started again.\n`)
      setTimeout(() => {
        if (!stoppingSince) start()
      }, Math.min(botPause.longestMs, botPause.firstMs * 2 ** deaths++))
    })
  }
  return { start }
}

/** Ends when the address answers 200. */
async function answers(url: string) {
  for (;;) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.ok) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** The address at which this machine itself reaches the portal. */
function localUrl({ host, port }: Settings) {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

async function stopAll() {
  for (const service of [...running].reverse()) await service.stop(service.name === 'The portal' || service.name === 'The bot' ? grace.portalMs : grace.backendMs)
  folder?.release()
}

async function onSignal() {
  if (stoppingSince) {
    if (Date.now() - stoppingSince < sameSignalMs) return
    for (const service of running) service.kill()
    folder?.release()
    process.exit(1)
  }
  stoppingSince = Date.now()
  process.stdout.write('\nstopping: finishing open requests, then the database\n')
  await stopAll()
  process.stdout.write(`stopped in ${((Date.now() - stoppingSince) / 1000).toFixed(1)} s\n`)
  process.exit(0)
}
