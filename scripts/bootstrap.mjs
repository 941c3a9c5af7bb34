#!/usr/bin/env node
// Every npm script enters here: Node 20 and nothing installed is enough.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './bootstrap/build.mjs'
import { findChromium } from './bootstrap/chromium.mjs'
import { install } from './bootstrap/install.mjs'
import { findNode } from './bootstrap/node-runtime.mjs'
import { findPostgres15 } from './bootstrap/postgres15.mjs'
import { Sentence, sayAndExit } from './bootstrap/sentence.mjs'
import { withSettings } from './bootstrap/settings-file.mjs'
import { step } from './bootstrap/step.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/**
 * What each command needs beforehand, and the file that then runs under Node 24.
 * `station`: it works on a station and is given the lines of the settings file as environment.
 * @type {Record<string, { builds?: boolean, browser?: boolean, station?: boolean, run?: string[], env?: Record<string, string> }>}
 */
const commands = {
  'start': { builds: true, station: true, run: ['scripts/serve.ts'] },
  'dev': { station: true, run: ['scripts/serve.ts', '--dev'] },
  'setup': { run: ['scripts/setup.ts'] },
  'build': { builds: true },
  'test': { browser: true, run: ['scripts/test.ts'] },
  'test:full': { browser: true, run: ['scripts/test.ts'], env: { LINLI_FULL: '1' } },
  'test:contract': { run: ['node_modules/vitest/vitest.mjs', 'run', '--project', 'db'] },
  'lint': { run: ['node_modules/eslint/bin/eslint.js', '.'] },
  'typecheck': { run: ['node_modules/nuxt/bin/nuxt.mjs', 'typecheck'] },
  'bench': { builds: true, browser: true, run: ['tests/bench/main.ts'] },
  'jobs': { station: true, run: ['scripts/jobs.ts'] },
  'verify': { station: true, run: ['scripts/verify-chain.ts'] },
  'backup': { station: true, run: ['scripts/backup.ts'] },
  'restore': { station: true, run: ['scripts/restore.ts'] },
  'keys': { station: true, run: ['scripts/rotate-keys.ts'] },
  'reset:factor': { station: true, run: ['scripts/reset-factor.ts'] },
  'eval:chat': { run: ['scripts/eval-chat.ts'] },
  'eval:alerts': { run: ['scripts/eval-alerts.ts'] },
  'models': { station: true, run: ['scripts/models.ts'] },
  'db:types': { run: ['scripts/db-types.ts'] },
  'screenshots': { builds: true, browser: true, run: ['scripts/screenshots.ts'] },
}

/**
 * @param {string} node
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function handOver(node, args, env) {
  // An own group: Ctrl-C reaches only us, and we pass it on once. The channel tells the child when we are gone.
  const child = spawn(node, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: true })
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal))
  child.once('error', sayAndExit)
  child.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

async function main() {
  const [name = 'start', ...args] = process.argv.slice(2)
  const command = commands[name]
  if (!command) throw new Sentence(`There is no command "${name}"; there are ${Object.keys(commands).join(', ')}.`)
  if (Number.parseInt(process.versions.node, 10) < 20) throw new Sentence(`Node ${process.versions.node} is too old; install Node 20 or newer.`)
  const entry = command.run?.[0]
  if (entry && !entry.startsWith('node_modules/') && !existsSync(join(root, entry))) throw new Sentence(`This version has no "${name}": ${entry} is not there.`)

  await step('dependencies', line => install(root, line))
  const node = await step('runtime', line => findNode(root, line))
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...(command.station ? withSettings(root, process.env) : process.env), ...command.env, NUXT_TELEMETRY_DISABLED: '1' }
  if (command.browser && needsBrowser(name, args)) env.CHROMIUM_PATH = await step('browser', line => findChromium(root, node, line))
  if (name === 'test' || name === 'test:full') env.LINLI_POSTGRES_15 = needs('pg15', args) ? await step('postgresql 15', findPostgres15) : ''
  if (command.builds) await step('build', line => build(root, node, line))
  if (command.run) handOver(node, [...nodeOptions(command.run[0]), ...command.run.map((part, index) => index ? part : join(root, part)), ...args], env)
}

/**
 * Tests of only some kinds need no browser.
 * @param {string} name
 * @param {string[]} args
 */
function needsBrowser(name, args) {
  return !name.startsWith('test') || needs('e2e', args)
}

/**
 * @param {string} stage
 * @param {string[]} args
 */
function needs(stage, args) {
  const only = [...args, ...(process.env.LINLI_ONLY ?? '').split(',').filter(Boolean)]
  return !only.length || only.includes(stage)
}

/** @param {string} [entry] */
function nodeOptions(entry) {
  return entry?.startsWith('node_modules/') ? [] : ['--disable-warning=ExperimentalWarning', `--import=${join(root, 'scripts/serve/leave-with-parent.mjs')}`]
}

await main().catch(sayAndExit)
