import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'
import { Sentence } from './sentence.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * Finds a Chromium that runs, or installs one: with apt as root on Debian, else Playwright's own.
 * @param {string} root
 * @param {string} node
 * @param {import('./step.mjs').Step} step
 * @returns {Promise<string>} its path
 */
export async function findChromium(root, node, step) {
  const given = process.env.CHROMIUM_PATH
  if (given) {
    const version = await versionOf(given)
    if (!version) throw new Sentence(`CHROMIUM_PATH names ${given}, which does not run as a Chromium.`)
    step.is(version)
    return given
  }
  const present = await firstRunning(onPath()) ?? await ownOfPlaywright(root, node)
  if (present) {
    step.is(present.version)
    return present.path
  }
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')) {
    step.during('installing with apt-get (once)')
    const installed = await aptInstall().then(() => firstRunning(onPath()))
    if (installed) return installed.path
  }
  step.during('downloading Playwright\'s own (once)')
  const { output } = await run(node, [join(root, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'], { cwd: root, env: process.env, timeoutMs: 600_000 })
  const downloaded = await ownOfPlaywright(root, node)
  if (downloaded) return downloaded.path
  throw new Sentence('No Chromium was found and none could be installed; install one and name it in CHROMIUM_PATH.', { details: output.trimEnd().split('\n').slice(-6).join('\n') })
}

/** @returns {string[]} */
function onPath() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin']
  return [...new Set(names.flatMap(name => folders.map(folder => join(folder, name))))].filter(isExecutable)
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  }
  catch {
    return false
  }
}

/** @param {string[]} paths */
async function firstRunning(paths) {
  for (const path of paths) {
    const version = await versionOf(path)
    if (version) return { path, version }
  }
  return undefined
}

/** @param {string} path */
async function versionOf(path) {
  const { code, output } = await run(path, ['--version'], { env: process.env, timeoutMs: 30_000 })
  return code === 0 ? /(?:Chromium|Chrome)[^\n]*?[\d.]+/.exec(output)?.[0] : undefined
}

/**
 * @param {string} root
 * @param {string} node
 */
async function ownOfPlaywright(root, node) {
  const { code, output } = await run(node, ['-p', 'require("playwright-core").chromium.executablePath()'], { cwd: root, env: process.env })
  const path = output.trim()
  return code === 0 && existsSync(path) ? firstRunning([path]) : undefined
}

/** A font with Chinese comes along, so that pictures of the pages show characters and not boxes. */
async function aptInstall() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-q', '-o', 'DPkg::Lock::Timeout=300']
  const packages = ['install', '-y', '--no-install-recommends', ...wait, 'chromium', 'fonts-noto-cjk']
  await run('apt-get', ['update', ...wait], { env, timeoutMs: 300_000 })
  return run('apt-get', packages, { env, timeoutMs: 900_000 })
}
