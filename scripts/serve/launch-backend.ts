import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { Sentence } from '../bootstrap/sentence.mjs'
import { requireFreePort } from './ports.ts'
import { Service } from './service.ts'
import type { Settings } from './settings.ts'
import { keysFile } from './settings.ts'

const heapMegabytes = 512
const readyLimitMs = 60_000

const readyLine = z.object({ ready: z.literal(true), station: z.boolean().optional() })
const backendKeys = z.object({ url: z.string(), publishableKey: z.string(), secretKey: z.string(), sendEmailHookSecret: z.string(), masterKeys: z.string().optional(), vapidPrivateKey: z.string().optional() })
export type BackendKeys = z.infer<typeof backendKeys>

/** The embedded backend once it answers; `hasStation` is false in a data folder that nobody has set up yet. */
export interface LaunchedBackend { service: Service, keys: BackendKeys, hasStation: boolean }

/**
 * Starts the embedded backend as a child and waits until it answers.
 * @param program its main file
 * @param onStart told of the process before it is ready, so that it can be stopped
 * @throws Sentence
 */
export async function launchBackend(program: string, settings: Settings, environment: NodeJS.ProcessEnv, onStart: (service: Service) => void): Promise<LaunchedBackend> {
  if (typeof settings.embeddedPort === 'number') await requireFreePort('127.0.0.1', settings.embeddedPort, 'SUPABASE_PORT')
  let tell: (line: z.infer<typeof readyLine>) => void
  const told = new Promise<z.infer<typeof readyLine>>((resolve) => {
    tell = resolve
  })
  const service = new Service({
    name: 'The embedded database',
    args: [program],
    env: { ...environment, LINLI_DATA_DIR: settings.dataDir, LINLI_DEMO: settings.isDemo ? '1' : '0', PORT: String(settings.port), PUBLIC_URL: settings.publicUrl, SUPABASE_PORT: String(settings.embeddedPort) },
    heapMegabytes,
    onLine(text) {
      const isReady = text.startsWith('{"ready":true')
      if (isReady) tell(readyLine.parse(JSON.parse(text)))
      return isReady
    },
  })
  onStart(service)
  const { station } = await within(readyLimitMs, Promise.race([told, service.died]), 'The embedded database')
  service.ready()
  return { service, keys: readBackendKeys(settings), hasStation: station ?? true }
}

/** What the embedded backend of this data folder is reached with. @throws Sentence */
export function readBackendKeys(settings: Settings): BackendKeys {
  const path = keysFile(settings)
  try {
    return backendKeys.parse(JSON.parse(readFileSync(path, 'utf8')))
  }
  catch (cause) {
    throw new Sentence(`The keys of the embedded backend in ${path} cannot be read.`, { cause })
  }
}

/** @throws Sentence when the work takes longer */
export async function within<Answer>(limitMs: number, work: Promise<Answer>, name: string): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Sentence(`${name} was not ready after ${limitMs / 1000} seconds.`)), limitMs)
    timer.unref()
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
