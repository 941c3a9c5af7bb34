import { fstatSync } from 'node:fs'
import path from 'node:path'
import { addressOfSocket, longestSocketPath } from '#shared/socket-address'
import { type Backend, createBackend } from './backend.ts'
import { type Config, readConfig } from './config.ts'
import { claimDataFolder } from './data-folder.ts'
import { openSuperuser } from './database.ts'
import { markDemo, seedDemoOnce } from './demo.ts'
import { type HttpServer, serveHttp } from './http-server.ts'
import { type KeptPostgres, keepPostgres } from './keep-postgres.ts'
import { keysOf } from './keys.ts'
import { giveLogins } from './logins.ts'
import { migrate } from './migrate.ts'
import { StartError } from './start-error.ts'

type Running = { database?: KeptPostgres, backend?: Backend, api?: HttpServer, release?: () => Promise<void> }

const log = (message: string) => process.stderr.write(`embedded backend: ${message}\n`)

/** Starts Postgres, migrates, serves the API; what has been started is in `running`, also when it fails on the way. */
async function start(config: Config, running: Running): Promise<void> {
  running.release = (await claimDataFolder(config.dataFolder)).release
  const port = config.apiPort === 'off' ? { socket: socketIn(config.dataFolder) } : config.apiPort
  const url = typeof port === 'number' ? `http://127.0.0.1:${port}` : addressOfSocket(port.socket)
  const keys = await keysOf(config.dataFolder, { url, demo: config.demo })
  const database = running.database = await keepPostgres({ folder: config.dataFolder }, log)
  const sql = openSuperuser(database.url)
  try {
    const { applied } = await migrate(sql, database.url)
    await markDemo(sql, keys.demo)
    const backend = running.backend = await createBackend({ logins: await giveLogins(sql, database.url), keys, siteUrl: config.siteUrl, hookUrl: `http://127.0.0.1:${config.portalPort}/api/hooks/send-email`, log })
    // Before the demo is seeded: its users are made through the API.
    running.api = await serveHttp({ port, handle: backend.handle })
    const seeded = await seedDemoOnce(sql, { ...keys, masterKeys: config.masterKeys ?? keys.masterKeys }, config.dataFolder)
    const [places] = await sql<{ station: boolean }[]>`select exists (select from public.stations) as station`
    process.stdout.write(`${JSON.stringify({ ready: true, url, station: places?.station, migrations: applied.length, seeded, postgres: database.pid })}\n`)
  }
  finally {
    await sql.end()
  }
}

function socketIn(folder: string) {
  const file = path.join(folder, 'api.sock')
  if (Buffer.byteLength(file) > longestSocketPath) throw new StartError(`SUPABASE_PORT=off needs a data folder with a shorter path: ${file} has more than ${longestSocketPath} bytes.`)
  return file
}

async function stop({ api, backend, database, release }: Running): Promise<void> {
  await api?.stop()
  await backend?.close()
  await database?.stop()
  await release?.()
}

async function main() {
  const running: Running = {}
  let ending: Promise<void> | undefined
  let starting: Promise<void> = Promise.resolve()
  // A start on its way is waited for: what it has already started must not be left behind.
  const end = (code: number) => ending ??= starting.catch(() => undefined).then(() => stop(running)).catch(error => log(`stopped badly: ${error instanceof Error ? error.message : 'unknown'}`)).then(() => process.exit(code))
  process.on('SIGTERM', () => void end(0))
  process.on('SIGINT', () => void end(0))
  // The supervisor holds an IPC channel or our stdin open: when it dies, even by kill -9, we end as on SIGTERM.
  if (process.channel) process.on('disconnect', () => void end(0))
  else if (fstatSync(0).isFIFO() || fstatSync(0).isSocket()) process.stdin.on('end', () => void end(0)).on('error', () => void end(0)).resume()
  // The one who read our output may be gone; that alone is no reason to fall over.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  try {
    starting = start(readConfig(), running)
    await starting
  }
  catch (error) {
    if (ending) return
    starting = Promise.resolve()
    process.stderr.write(error instanceof StartError ? `${error.message}\n` : `The embedded backend did not start: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
    return end(1)
  }
}

await main()
