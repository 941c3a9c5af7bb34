import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './process-lock.mjs'
import { lastLines, run } from './run.mjs'
import { Sentence } from './sentence.mjs'

const described = ['package.json', 'package-lock.json', '.npmrc']

/**
 * Installs the dependencies when what describes them has changed since the last time.
 * @param {string} root
 * @param {import('./step.mjs').Step} step
 */
export async function install(root, step) {
  step.is('up to date')
  const stamp = join(root, 'node_modules/.linli-installed')
  if (isInstalled(root, stamp)) return
  await withLock(join(root, '.cache/install.lock'), pid => step.during(`waiting for process ${pid}, which is installing`), async () => {
    if (isInstalled(root, stamp)) return
    step.during(existsSync(stamp) ? 'changed, installing' : 'installing (a minute or two the first time)')
    const { code, output } = await npmInstall(root)
    if (code !== 0) throw explained(output)
    writeFileSync(stamp, fingerprint(root))
  })
}

/**
 * @param {string} root
 * @param {string} stamp
 */
function isInstalled(root, stamp) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(root)
}

/** @param {string} root */
function fingerprint(root) {
  const hash = createHash('sha256')
  for (const name of described) hash.update(`${name}\0`).update(existsSync(join(root, name)) ? readFileSync(join(root, name)) : '').update('\0')
  return hash.digest('hex')
}

/**
 * Not `npm ci`: it refuses a lock from which npm itself left out optional binaries of other platforms.
 * Nothing is saved: a start does not change the lock.
 * @param {string} root
 */
function npmInstall(root) {
  const args = ['install', '--no-audit', '--no-fund', '--no-save', '--include=dev', '--include=optional', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=8000']
  const npm = process.env.npm_execpath
  // Whoever starts us through npm gets the same npm again.
  return npm?.endsWith('npm-cli.js')
    ? run(process.execPath, [npm, ...args], { cwd: root, env: process.env })
    : run('npm', args, { cwd: root, env: process.env })
}

/** @param {string} output */
function explained(output) {
  if (/\bENOSPC\b/.test(output)) return new Sentence('The disk is full: the dependencies (about 1 GB) could not be installed.')
  if (/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|FETCH_ERROR)\b/.test(output)) {
    return new Sentence('The dependencies could not be fetched: the npm registry cannot be reached from here.')
  }
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output)) return new Sentence('The dependencies could not be installed: this user may not write to the node_modules folder or to the npm cache.', { details: lastLines(output, 8) })
  if (/spawn npm ENOENT/.test(output)) return new Sentence('npm was not found; it comes with Node.')
  return new Sentence('The dependencies could not be installed; npm says why above.', { details: lastLines(output, 25) })
}
