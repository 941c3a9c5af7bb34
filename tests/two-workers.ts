import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { z } from 'zod'
import { freePort } from '../supabase/embedded/free-port.ts'
import { startPortal, withoutOurSettings, type Portal, type PortalOptions } from './portal.ts'

const root = join(import.meta.dirname, '..')
const readyLimitMs = 60_000
const keysSchema = z.object({ url: z.string(), publishableKey: z.string(), secretKey: z.string(), sendEmailHookSecret: z.string(), masterKeys: z.string() })

/** A portal with a second worker on the same database; `url` is a proxy that gives every other request to the other one. */
export interface TwoWorkers extends Portal { workers: [string, string] }

/** Starts what stands behind a proxy on a larger machine: two workers that share nothing but the database and the files. */
export async function startTwoWorkers(options: PortalOptions = {}): Promise<TwoWorkers> {
  const port = await freePort()
  const env = { ...options.env, PUBLIC_URL: `http://localhost:${port}` }
  const first = await startPortal({ ...options, env })
  const second = await startSecond(first, env)
  const workers: [string, string] = [first.url, second.url]
  const proxy = await startProxy(workers, port)
  return {
    ...first, url: proxy.url, workers,
    async stop() {
      await proxy.stop()
      await second.stop()
      await first.stop()
    },
  }
}

async function startSecond({ dataDir }: Portal, env: Record<string, string>) {
  const keys = keysSchema.parse(JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')))
  const port = await freePort()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', `--import=${join(root, 'scripts/serve/leave-with-parent.mjs')}`, join(root, '.output/server/index.mjs')], {
    cwd: root, stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...withoutOurSettings(process.env), ...env, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), NITRO_HOST: '127.0.0.1', NITRO_PORT: String(port), LINLI_DEMO: '1', LINLI_DATA_DIR: dataDir, LINLI_BLOB_DIR: join(dataDir, 'blobs'),
      SUPABASE_URL: keys.url, SUPABASE_PUBLISHABLE_KEY: keys.publishableKey, SUPABASE_SECRET_KEY: keys.secretKey, SEND_EMAIL_HOOK_SECRET: keys.sendEmailHookSecret, LINLI_MASTER_KEYS: keys.masterKeys,
    },
  })
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  const url = `http://localhost:${port}`
  for (const end = Date.now() + readyLimitMs; ; await new Promise(resolve => setTimeout(resolve, 100))) {
    if ((await fetch(`${url}/readyz`).catch(() => undefined))?.ok) break
    if (Date.now() > end) throw new Error('the second worker was not ready')
  }
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** As nginx would: it passes on what it gets and adds no header, since the tests write the forwarded address themselves. */
async function startProxy(workers: string[], port: number) {
  let next = 0
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const target = new URL(workers[next++ % workers.length] ?? '')
    const passed = request({ host: '127.0.0.1', port: target.port, method: incoming.method, path: incoming.url, headers: incoming.headers, agent: false }, (response) => {
      // A refusal may come before the body is through: the rest of it is read and thrown away, and nobody is hung up on.
      incoming.unpipe(passed)
      incoming.resume()
      outgoing.writeHead(response.statusCode ?? 502, response.statusMessage, response.rawHeaders)
      pipeline(response, outgoing, () => undefined)
    })
    passed.on('error', () => outgoing.headersSent || outgoing.destroy())
    outgoing.on('close', () => passed.destroy())
    incoming.pipe(passed)
  }
  // It hangs up on whoever begins a request and never ends it, as the workers do.
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 20_000, connectionsCheckingInterval: 1000 }, answer).setTimeout(25_000)
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
