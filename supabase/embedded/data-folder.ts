import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { StartError } from './start-error.ts'

const ownerSchema = z.object({ pid: z.number().int(), startedAt: z.string() })

/** Lies in a folder while a backup is restored into it: what a broken restore left is no station. */
export const restoreMark = 'restore-unfinished'

/** Makes the data folder ours, or says who has it. A folder whose owner was killed is taken over. */
export async function claimDataFolder(folder: string, { isRestoring = false } = {}): Promise<{ release: () => Promise<void> }> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!isRestoring && existsSync(path.join(folder, restoreMark))) throw new StartError(`A restore into the data folder ${folder} was broken off: empty the folder and restore again.`)
  const lock = path.join(folder, 'owner.json')
  const mine = JSON.stringify({ pid: process.pid, startedAt: processStart(process.pid) })
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(lock, mine, { flag: 'wx', mode: 0o600 })
      return { release: () => releaseIfMine(lock, mine) }
    }
    catch (error) {
      if (!isCode(error, 'EEXIST')) throw new StartError(`The data folder ${folder} cannot be written: check its owner, or set LINLI_DATA_DIR to another folder.`, { cause: error })
    }
    const owner = await readOwner(lock)
    if (owner && isAlive(owner)) throw new StartError(`The data folder ${folder} is in use by another Linli (process ${owner.pid}): stop that one first, or set LINLI_DATA_DIR to another folder.`)
    await discard(lock)
  }
  throw new StartError(`The data folder ${folder} is being opened by another Linli at this moment.`)
}

/** Whether a backend runs on this very folder: what `keys.json` names may be the backend that the folder was copied from. */
export async function isServed(folder: string): Promise<boolean> {
  const owner = await readOwner(path.join(folder, 'owner.json'))
  return owner !== undefined && isAlive(owner)
}

async function readOwner(lock: string) {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(lock, 'utf8')))
  }
  catch {
    return undefined
  }
}

// Renamed before it is removed: of two starters only one wins the rename, the other tries again and sees the winner's lock.
async function discard(lock: string) {
  const stale = `${lock}.stale.${process.pid}`
  try {
    await rename(lock, stale)
    await unlink(stale)
  }
  catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
}

async function releaseIfMine(lock: string, mine: string) {
  try {
    if (await readFile(lock, 'utf8') === mine) await unlink(lock)
  }
  catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
}

function isAlive({ pid, startedAt }: z.infer<typeof ownerSchema>) {
  if (!processExists(pid)) return false
  return processStart(pid) === startedAt
}

/** True while a process with this id exists, whoever owns it. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
  }
  catch (error) {
    return isCode(error, 'EPERM')
  }
  // A killed child that nobody has waited for still has an id, but does nothing any more.
  return statFields(pid)?.[0] !== 'Z'
}

/** When the process began: tells a reused process id from the old one. */
function processStart(pid: number): string {
  if (process.platform === 'linux') return statFields(pid)?.[19] ?? ''
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  }
  catch {
    return ''
  }
}

function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  }
  catch {
    return undefined
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
