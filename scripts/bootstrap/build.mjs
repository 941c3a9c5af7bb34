import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { withLock } from './process-lock.mjs'
import { lastLines, run } from './run.mjs'
import { Sentence } from './sentence.mjs'

/** What goes into the build. `bot` is here because the webhook route imports it. */
const sources = [
  'pages', 'components', 'layouts', 'composables', 'middleware', 'plugins', 'assets', 'public', 'locales', 'shared', 'server', 'modules', 'bot',
  'app.vue', 'app.config.ts', 'error.vue', 'nuxt.config.ts', 'package.json', 'package-lock.json',
]

/**
 * Builds the portal when its sources have changed since the last build.
 * @param {string} root
 * @param {string} node
 * @param {import('./step.mjs').Step} step
 */
export async function build(root, node, step) {
  step.is('up to date')
  const stamp = join(root, '.output/.linli-build')
  if (isBuilt(stamp, fingerprint(root))) return
  await withLock(join(root, '.cache/build.lock'), pid => step.during(`waiting for process ${pid}, which is building`), async () => {
    const wanted = fingerprint(root)
    if (isBuilt(stamp, wanted)) return
    step.during(existsSync(stamp) ? 'sources changed, building' : 'building')
    const { code, output } = await run(node, [join(root, 'node_modules/nuxt/bin/nuxt.mjs'), 'build'], {
      cwd: root,
      env: { ...process.env, NUXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', NO_COLOR: '1' },
    })
    if (/\bENOSPC\b/.test(output)) throw new Sentence('The disk is full: the portal could not be built.')
    if (code !== 0) throw new Sentence('The portal could not be built; the reason stands above.', { details: lastLines(output, 60) })
    writeFileSync(stamp, wanted)
  })
}

/**
 * @param {string} stamp
 * @param {string} wanted
 */
function isBuilt(stamp, wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
}

/**
 * One value for all source files: names and contents.
 * @param {string} root
 */
export function fingerprint(root) {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of filesIn(join(root, source))) hash.update(`${relative(root, file)}\0`).update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesIn(path) {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found?.isFile()) return [path]
  if (!found?.isDirectory()) return []
  return readdirSync(path).sort().flatMap(name => name === 'node_modules' ? [] : filesIn(join(path, name)))
}
