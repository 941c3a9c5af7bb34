import { fork, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoPassword } from '../../supabase/demo/people.ts'
import { seedDemo } from '../../supabase/demo/seed.ts'
import { markDemo } from '../../supabase/embedded/demo.ts'
import { openServices, type Services } from '../../server/domain/services.ts'
import { parseMasterKeys } from '../../server/domain/trust/envelope.ts'
import { startTestBackend, type TestBackend } from '../../supabase/embedded/test-backend.ts'
import { FakeBotApi, token } from '../telegram/fake-bot-api.ts'

/** A database, a Bot API, and as many bots as a test wants, each a process that can be killed. */
export interface BotStation {
  backend: TestBackend
  api: FakeBotApi
  services: Services
  /** A bot that polls, or (`isWorker`) only works on what is there. */
  startBot: (options?: { brain?: 'echo' | 'real', isWorker?: boolean }) => Promise<RunningBot>
  stop: () => Promise<void>
}

export interface RunningBot {
  /** kill -9. */
  kill: () => Promise<void>
  /** SIGSTOP: it neither works nor dies, as on a machine that sleeps. */
  pause: () => void
  resume: () => void
  /** SIGTERM; ends when the process has. @returns its exit code */
  stop: () => Promise<number | null>
  /** Everything it wrote. */
  output: () => string
}

const publicUrl = 'https://ping-an.example'

/** @param isDemo with the demo station in it: communities, officers, reports */
export async function startBotStation({ isDemo = false } = {}): Promise<BotStation> {
  const [backend, api] = await Promise.all([startTestBackend(), new FakeBotApi().start()])
  const masterKeys = `b:${randomBytes(32).toString('base64')}`
  const blobFolder = mkdtempSync(join(tmpdir(), 'linli-bot-'))
  if (isDemo) {
    await markDemo(backend.sql, true)
    await seedDemo({ sql: backend.sql, masterKeys, blobFolder })
    // Noon: nobody sleeps.
    await backend.sql`insert into private.settings (key, value) select 'clock_offset', to_jsonb(((date_trunc('day', now() at time zone 'Asia/Shanghai') + interval '36 hours') at time zone 'Asia/Shanghai' - now())::text)`
  }
  const { url, publishableKey, secretKey } = backend
  const supabase = { url, publishableKey, secretKey }
  const services = await openServices({ supabase, masterKeys: parseMasterKeys(masterKeys), isDemo: false, publicUrl, blobFolder })
  const children = new Set<ChildProcess>()
  return {
    backend, api, services,
    async startBot({ brain = 'echo', isWorker = false } = {}) {
      const orders = { supabase, masterKeys, publicUrl, blobFolder, token, apiRoot: api.apiRoot, brain, isWorker }
      const child = fork(join(import.meta.dirname, 'bot-process.ts'), [JSON.stringify(orders)], { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
      children.add(child)
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (chunk: Buffer) => {
          output += chunk
        })
      }
      const ended = new Promise<number | null>(resolve => child.once('exit', (code) => {
        children.delete(child)
        resolve(code)
      }))
      const isReady = await Promise.race([new Promise<boolean>(resolve => child.once('message', () => resolve(true))), ended.then(() => false)])
      if (!isReady) throw new Error(`the bot did not start:\n${output}`)
      return {
        output: () => output,
        async kill() {
          child.kill('SIGKILL')
          await ended
        },
        pause: () => void child.kill('SIGSTOP'),
        resume: () => void child.kill('SIGCONT'),
        stop() {
          child.kill('SIGTERM')
          return ended
        },
      }
    },
    async stop() {
      for (const child of children) child.kill('SIGKILL')
      await api.stop()
      await backend.stop()
      rmSync(blobFolder, { recursive: true, force: true })
    },
  }
}

/** Somebody of the demo's desk, signed in: the community officer of Ping'an, the lead, the chief. */
export async function staffOf({ backend }: BotStation, name: string) {
  const email = `${name}@demo.linli`
  const client = await backend.signInAs({ id: '', email, password: demoPassword })
  const { data } = await client.auth.getSession()
  const accessToken = data.session?.access_token ?? ''
  const claims: unknown = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8'))
  const { sub, session_id: session } = claims as { sub: string, session_id: string }
  return { accessToken, userId: sub, sessionId: session, email }
}
