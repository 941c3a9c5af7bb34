import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { lastLines, run } from './run.mjs'
import { Sentence } from './sentence.mjs'

/**
 * Writes Nuxt's generated types (.nuxt/) when they are not there.
 * @param {string} root
 * @param {string} node
 * @param {import('./step.mjs').Step} step
 */
export async function prepare(root, node, step) {
  step.is('up to date')
  if (existsSync(join(root, '.nuxt/tsconfig.app.json'))) return
  step.during('writing .nuxt')
  const { code, output } = await run(node, [join(root, 'node_modules/nuxt/bin/nuxt.mjs'), 'prepare'], { cwd: root, env: { ...process.env, NUXT_TELEMETRY_DISABLED: '1' } })
  if (code !== 0) throw new Sentence('Nuxt could not prepare its types; the reason stands above.', { details: lastLines(output, 40) })
}
