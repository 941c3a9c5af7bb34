import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { processExists } from './data-folder.ts'
import { freePort } from './free-port.ts'
import { type PostgresBinaries, findPostgresBinaries, isReachableBy } from './postgres-binaries.ts'
import { StartError } from './start-error.ts'

const run = promisify(execFile)

export type PostgresOptions = {
  /** The data folder; the cluster lies in its sub-folder `postgres`. */
  folder: string
  /** False: no fsync, for clusters that are thrown away after a test. */
  durable?: boolean
  port?: number
  /** Programs of another PostgreSQL, for tests. */
  binaries?: string
  /** Who owns the cluster; `postgres` unless a test makes it as Supabase has it. */
  superuser?: string
}

export type Postgres = {
  /** As superuser: migrations and arrangement of tests only. */
  url: string
  port: number
  pid: number
  /** Resolves when the server has ended, whoever ended it. */
  exited: Promise<void>
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop: () => Promise<void>
}

/** Starts the cluster in the folder, makes it on the first start and ends a postmaster that outlived its killed parent. */
export async function startPostgres({ folder, durable = true, port, binaries: place, superuser = 'postgres' }: PostgresOptions): Promise<Postgres> {
  const binaries = await findPostgresBinaries(place)
  const { identity } = binaries
  const cluster = await clusterFolder(folder, identity.uid)
  const dataFolder = path.join(cluster, 'data')
  const passwordFile = path.join(cluster, 'superuser.password')
  if (!existsSync(path.join(dataFolder, 'PG_VERSION'))) await initialize({ ...binaries, superuser }, dataFolder, passwordFile, durable)
  await endOrphan(dataFolder)

  const password = await readFile(passwordFile, 'utf8')
  const chosenPort = port ?? await freePort()
  const child = spawn(binaries.postgres, ['-D', dataFolder, ...settings(chosenPort, durable)], { ...identity, env: environment(), stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  await untilReady(child, dataFolder)
  return {
    url: addressOf(password, chosenPort, superuser),
    port: chosenPort,
    pid: child.pid ?? 0,
    exited,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      await exited
    },
  }
}

/** The superuser's address of the cluster that runs in this folder now; undefined when none does. */
export async function findRunningPostgres(folder: string): Promise<string | undefined> {
  const pointer = path.join(folder, 'postgres-elsewhere')
  const cluster = existsSync(pointer) ? (await readFile(pointer, 'utf8')).trim() : path.join(folder, 'postgres')
  const dataFolder = path.join(cluster, 'data')
  const [pid, , , port, , , , state] = (await readFile(path.join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  if (!pid || !port || state?.trim() !== 'ready' || !processExists(Number(pid)) || !worksIn(Number(pid), dataFolder)) return undefined
  return addressOf(await readFile(path.join(cluster, 'superuser.password'), 'utf8'), Number(port))
}

const addressOf = (password: string, port: number, user = 'postgres') => `postgres://${user}:${password}@127.0.0.1:${port}/postgres`

// For two cores and a station's load. Values are stated, not tuned; tests/bench/embedded-rpc.ts measures them as a whole.
function settings(port: number, durable: boolean): string[] {
  const values: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: '128MB',
    effective_cache_size: '1GB',
    work_mem: '8MB',
    max_wal_size: '1GB',
    wal_compression: 'on',
    random_page_cost: '1.1',
    // Plans of short statements are never worth a compilation.
    jit: 'off',
    max_parallel_workers_per_gather: '1',
    timezone: 'UTC',
    // After a crash each file of the cluster is flushed before the log is read again: 1.8 s one by one, 0.06 s as a whole.
    ...process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {},
    password_encryption: 'scram-sha-256',
    // Statements and their values are personal data: they stay out of the server's log.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_statement: 'none',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    ...durable ? { fsync: 'on', synchronous_commit: 'on' } : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_senders: '0', wal_level: 'minimal' },
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

function environment() {
  return { LC_ALL: 'C', TZ: 'UTC' }
}

async function initialize({ initdb, identity, superuser }: PostgresBinaries & { superuser: string }, dataFolder: string, passwordFile: string, durable: boolean) {
  await rm(dataFolder, { recursive: true, force: true })
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  await chmod(passwordFile, 0o600)
  if (identity.uid !== undefined) await chown(passwordFile, identity.uid, identity.uid)
  const options = ['-D', dataFolder, '-U', superuser, '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8', '--locale=C', ...durable ? [] : ['--no-sync']]
  try {
    await run(initdb, options, { ...identity, env: environment() })
  }
  catch (cause) {
    await rm(dataFolder, { recursive: true, force: true })
    throw new StartError(`PostgreSQL could not make its cluster in ${dataFolder}: ${lastLine(cause instanceof Error ? cause.message : '')}`, { cause })
  }
  if (identity.uid !== undefined) await chown(passwordFile, 0, 0)
}

/**
 * The cluster lies in the data folder, unless we are root and "nobody" cannot get there (a project below /root):
 * then in /var/lib/linli, and the data folder keeps the path.
 */
async function clusterFolder(folder: string, uid: number | undefined): Promise<string> {
  const inside = path.join(folder, 'postgres')
  await mkdir(inside, { recursive: true, mode: 0o700 })
  if (uid === undefined) return inside
  await chown(inside, uid, uid)
  // "nobody" may pass through the data folder, the rest of the world may not.
  await chown(folder, 0, uid)
  await chmod(folder, 0o710)
  if (isReachableBy(uid, inside)) return inside
  const pointer = path.join(folder, 'postgres-elsewhere')
  if (existsSync(pointer)) return (await readFile(pointer, 'utf8')).trim()
  const outside = await outsideFolder(realpathSync(folder))
  await mkdir(outside, { recursive: true, mode: 0o700 })
  await chown(outside, uid, uid)
  if (!isReachableBy(uid, outside)) throw new StartError(`PostgreSQL may not run as root, and no other user can reach ${inside}: set LINLI_DATA_DIR to a folder that others may pass through, such as /var/lib/linli-data.`)
  await writeFile(pointer, outside, { mode: 0o600 })
  return outside
}

const OUTSIDE = '/var/lib/linli'

// A cluster whose data folder was deleted is found by the note beside it and removed, so that nothing old comes back.
async function outsideFolder(dataFolder: string): Promise<string> {
  try {
    await mkdir(path.join(OUTSIDE, 'clusters'), { recursive: true, mode: 0o755 })
    for (const name of await readdir(path.join(OUTSIDE, 'clusters'))) {
      if (!name.endsWith('.belongs-to')) continue
      const note = path.join(OUTSIDE, 'clusters', name)
      if (await readFile(note, 'utf8') !== dataFolder) continue
      const abandoned = note.slice(0, -'.belongs-to'.length)
      await endOrphan(path.join(abandoned, 'data'))
      await rm(abandoned, { recursive: true, force: true })
      await rm(note)
    }
    const cluster = path.join(OUTSIDE, 'clusters', randomBytes(8).toString('hex'))
    await writeFile(`${cluster}.belongs-to`, dataFolder, { mode: 0o600 })
    return cluster
  }
  catch (cause) {
    throw new StartError(`PostgreSQL may not run as root and its place ${OUTSIDE} cannot be written: set LINLI_DATA_DIR to a folder that others may pass through.`, { cause })
  }
}

/**
 * A postmaster that outlived its parent (kill -9) is asked for a fast shutdown. When nothing of it runs any more its pid
 * file goes too: Postgres itself would refuse to start as long as any process, a zombie or a stranger, has that id.
 */
async function endOrphan(dataFolder: string): Promise<void> {
  const pidFile = path.join(dataFolder, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  const isRunning = () => processExists(pid) && worksIn(pid, dataFolder)
  if (isRunning()) process.kill(pid, 'SIGINT')
  const remaining = () => process.platform === 'linux' ? processesIn(dataFolder) : isRunning() ? [pid] : []
  for (let waited = 0; waited < 30_000 && remaining().length > 0; waited += 50) {
    if (waited === 20_000 && isRunning()) process.kill(pid, 'SIGQUIT')
    await sleep(50)
  }
  if (remaining().length > 0) throw new StartError(`An old PostgreSQL (process ${remaining().join(', ')}) still holds ${dataFolder} and does not end: stop it by hand.`)
  await rm(pidFile, { force: true })
}

/** The postmaster and its children: after a kill -9 of the first the others need a moment to notice. */
function processesIn(dataFolder: string): number[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number).filter(pid => worksIn(pid, dataFolder))
}

// A process id may have been reused: only a postgres whose working folder is this cluster is ours to stop. A zombie has no folder.
function worksIn(pid: number, dataFolder: string): boolean {
  try {
    if (process.platform !== 'linux') return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(dataFolder)
    return /\/postgres( \(deleted\))?$/.test(readlinkSync(`/proc/${pid}/exe`)) && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataFolder)
  }
  catch {
    return false
  }
}

/** The postmaster writes "ready" into its pid file; its log is only kept in memory, for the sentence of a failed start. */
async function untilReady(child: ChildProcess, dataFolder: string): Promise<void> {
  let log = ''
  child.stderr?.on('data', (chunk: Buffer) => { log = (log + chunk.toString('utf8')).slice(-4000) })
  let failure: Error | undefined
  child.once('error', (error) => { failure = error })
  const pidFile = path.join(dataFolder, 'postmaster.pid')
  // Recovery after a crash may take its time on a slow disk.
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(10)) {
    if (failure || child.exitCode !== null || child.signalCode !== null) {
      throw new StartError(`PostgreSQL did not start: ${failure?.message ?? lastLine(log)}`, { cause: failure })
    }
    const lines = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : []
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return
  }
  child.kill('SIGQUIT')
  throw new StartError('PostgreSQL did not become ready within two minutes.')
}

function lastLine(text: string) {
  const lines = text.trim().split('\n').filter(line => /FATAL|ERROR|error|denied|could not/i.test(line))
  return (lines.at(-1) ?? text.trim().split('\n').at(-1) ?? '').trim() || 'no reason was given'
}
