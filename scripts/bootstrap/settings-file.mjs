import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Sentence } from './sentence.mjs'

const name = /^[A-Z][A-Z0-9_]*$/

/**
 * Where the settings of a real station lie: `station.env` beside package.json, not known to git, or where LINLI_SETTINGS says.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export function settingsPath(root, env) {
  return env.LINLI_SETTINGS ? resolve(root, env.LINLI_SETTINGS) : join(root, 'station.env')
}

/**
 * The one place that reads the settings file: every command that works on a station is given its lines as environment. What the
 * environment itself says wins; who starts the demo (LINLI_DEMO=1) does not get the station's settings.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withSettings(root, env) {
  const path = settingsPath(root, env)
  const lines = env.LINLI_DEMO === '1' ? undefined : readSettingsFile(path)
  if (env.LINLI_SETTINGS && env.LINLI_DEMO !== '1' && !lines) throw new Sentence(`LINLI_SETTINGS names ${path}, which is not there; npm run setup makes it.`)
  return { ...env, ...Object.fromEntries(Object.entries(lines ?? {}).filter(([key]) => !env[key])) }
}

/**
 * Lines `NAME=value`, the value plain or in single or double quotes, as systemd's EnvironmentFile takes them too.
 * @param {string} path
 * @returns {Record<string, string> | undefined} undefined when there is no such file
 */
export function readSettingsFile(path) {
  if (!existsSync(path)) return undefined
  if (statSync(path).mode & 0o077) throw new Sentence(`${path} holds secrets and is open to other users of this machine; run chmod 600 ${path}.`)
  /** @type {Record<string, string>} */
  const settings = {}
  readFileSync(path, 'utf8').split('\n').forEach((line, index) => {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) return
    const at = text.indexOf('=')
    const key = text.slice(0, Math.max(at, 0))
    const value = text.slice(at + 1)
    const quoted = /^(["'])(.*)\1$/.exec(value)
    // The line itself may be a secret: only its number is said.
    if (!name.test(key) || (!quoted && /["'\s]/.test(value))) throw new Sentence(`Line ${index + 1} of ${path} is not NAME=value.`)
    settings[key] = quoted?.[2] ?? value
  })
  return settings
}

/**
 * Writes the whole file at once, for its owner alone.
 * @param {string} path
 * @param {Record<string, string>} settings
 */
export function writeSettingsFile(path, settings) {
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${quote(key, value)}`)
  const text = ['# Settings of this station, written by npm run setup and read by every npm command of Linli (README, "Settings").', '# It holds secrets: mode 0600, never in a repository, a log or beside a backup of the database.', ...lines, ''].join('\n')
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, text, { mode: 0o600, flush: true })
  chmodSync(draft, 0o600)
  renameSync(draft, path)
}

/**
 * @param {string} key
 * @param {string} value
 */
function quote(key, value) {
  if (/^[\w@%+:,./=?&~*-]*$/.test(value)) return value
  if (/['\n\r]/.test(value)) throw new Sentence(`${key} must not hold a quotation mark or a new line; in an address write %27 for '.`)
  return `'${value}'`
}
