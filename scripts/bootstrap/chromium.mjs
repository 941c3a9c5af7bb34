import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'
import { Sentence } from './sentence.mjs'

/** Without the windows that nobody sees: a context of the whole Chromium draws tab strip and menus too and takes three times as long. */
const shell = 'chromium-headless-shell'
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * Finds a Chromium that runs, or installs one: with apt as root on Debian, else Playwright's own. Its shell without windows comes first,
 * and is installed where that is possible.
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
  const found = await firstRunning(onPath([shell])) ?? await installShell(step) ?? await ownOfPlaywright(root, node) ?? await firstRunning(onPath(names))
  if (found) {
    step.is(found.version)
    return found.path
  }
  step.during('downloading Playwright\'s own (once)')
  const { output } = await run(node, [join(root, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'], { cwd: root, env: process.env, timeoutMs: 600_000 })
  const downloaded = await ownOfPlaywright(root, node)
  if (downloaded) return downloaded.path
  throw new Sentence('No Chromium was found and none could be installed; install one and name it in CHROMIUM_PATH.', { details: output.trimEnd().split('\n').slice(-6).join('\n') })
}

/** @param {import('./step.mjs').Step} step */
async function installShell(step) {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !existsSync('/usr/bin/apt-get')) return undefined
  step.during('installing with apt-get (once)')
  await aptInstall()
  return firstRunning(onPath([shell]))
}

/**
 * @param {string[]} names
 * @returns {string[]}
 */
function onPath(names) {
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
  const install = (/** @type {string} */ browser) => run('apt-get', ['install', '-y', '--no-install-recommends', ...wait, browser, 'fonts-noto-cjk'], { env, timeoutMs: 900_000 })
  await run('apt-get', ['update', ...wait], { env, timeoutMs: 300_000 })
  const { code } = await install(shell)
  // Releases of before 2025 have the whole Chromium only.
  if (code !== 0) await install('chromium')
}
