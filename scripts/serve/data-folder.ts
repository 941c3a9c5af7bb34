import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processIdentity, takeLock } from '../bootstrap/process-lock.mjs'
import { Sentence } from '../bootstrap/sentence.mjs'

const waitForOldRunMs = 15_000

/** The data folder while it is ours. */
export interface DataFolder {
  /** Notes a child, so that the next start can wait for it should we be killed. */
  noteChild(pid: number): void
  release(): void
}

/**
 * Makes the data folder if need be and takes it for this process.
 * @throws Sentence when another process uses it or it cannot be written
 */
export async function takeDataFolder(path: string, onWait: () => void): Promise<DataFolder> {
  makeWritable(path)
  const lock = join(path, 'linli.lock')
  const holder = takeLock(lock)
  if (holder !== undefined) throw new Sentence(`The data folder ${path} is in use by another Linli (process ${holder}); stop that or set LINLI_DATA_DIR to another folder.`)
  const children = join(path, 'linli.children')
  await waitForOldChildren(children, path, onWait)
  const noted: string[] = []
  return {
    noteChild(pid) {
      noted.push(processIdentity(pid) ?? '')
      writeFileSync(children, noted.join('\n'))
    },
    release() {
      rmSync(children, { force: true })
      rmSync(lock, { force: true })
    },
  }
}

function makeWritable(path: string) {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  }
  catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOSPC') throw new Sentence(`The disk is full: the data folder ${path} could not be made.`, { cause: error })
    if (code === 'ENOTDIR' || code === 'EEXIST') throw new Sentence(`The data folder ${path} cannot be made: something on that path is a file; set LINLI_DATA_DIR to another folder.`, { cause: error })
    throw new Sentence(`The data folder ${path} cannot be written by this user; change its owner or set LINLI_DATA_DIR to another folder.`, { cause: error })
  }
}

/** After kill -9 of the supervisor its children stop by themselves; the database must not be opened before they have. */
async function waitForOldChildren(file: string, path: string, onWait: () => void) {
  const deadline = Date.now() + waitForOldRunMs
  const isAlive = (identity: string) => processIdentity(Number.parseInt(identity, 10)) === identity
  let told = false
  for (let alive = readChildren(file).filter(isAlive); alive.length; alive = alive.filter(isAlive)) {
    if (Date.now() > deadline) throw new Sentence(`The data folder ${path} is still in use by process ${Number.parseInt(alive[0] ?? '', 10)} of an earlier run; end that process and start again.`)
    if (!told) onWait()
    told = true
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

function readChildren(file: string) {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean)
  }
  catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
