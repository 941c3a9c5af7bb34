import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const pollMs = 300

/**
 * Who a process is: its id alone is given out again, its id with its start time is not.
 * @param {number} pid
 * @returns {string | undefined} undefined when no such process runs
 */
export function processIdentity(pid) {
  try {
    // Field 22 of /proc/<pid>/stat is the start time; the name in brackets may hold spaces. @see proc(5)
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : `${pid} ${fields[19]}`
  }
  catch {
    if (process.platform === 'linux') return undefined
    try {
      process.kill(pid, 0)
      return `${pid} 0`
    }
    catch {
      return undefined
    }
  }
}

/**
 * Takes a lock file if nobody alive holds it.
 * @param {string} path
 * @returns {number | undefined} undefined when it is ours now, otherwise the id of the process that holds it
 */
export function takeLock(path) {
  mkdirSync(dirname(path), { recursive: true })
  const mine = processIdentity(process.pid) ?? `${process.pid} 0`
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, mine)
  try {
    for (;;) {
      try {
        linkSync(draft, path) // creates the file together with its content, or fails
        return undefined
      }
      catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      }
      const held = read(path)
      if (held === undefined) continue
      const pid = Number.parseInt(held, 10)
      if (held === mine) return undefined
      if (processIdentity(pid) === held) return pid
      setAside(path, held)
    }
  }
  finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Runs the work while nobody else runs it in this folder; waits for whoever does.
 * @template T
 * @param {string} path
 * @param {(pid: number) => void} onWait told once, with the process that is waited for
 * @param {() => T | Promise<T>} work
 */
export async function withLock(path, onWait, work) {
  let told = false
  for (let holder = takeLock(path); holder !== undefined; holder = takeLock(path)) {
    if (!told) onWait(holder)
    told = true
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
  try {
    return await work()
  }
  finally {
    rmSync(path, { force: true })
  }
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  }
  catch {
    return undefined
  }
}

/**
 * Removes the lock of a process that died, unless somebody was quicker and it is a new one already.
 * @param {string} path
 * @param {string} stale
 */
function setAside(path, stale) {
  const aside = `${path}.${process.pid}.stale`
  try {
    renameSync(path, aside)
    if (read(aside) !== stale) linkSync(aside, path)
  }
  catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EEXIST'))) throw error
  }
  finally {
    rmSync(aside, { force: true })
  }
}
