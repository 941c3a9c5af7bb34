// npm run bench [name …]: every bench of this folder in turn, or the named ones.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

// The scales need the address of a running portal: `node tests/bench/weigh-pages.ts`.
const parts = new Set(['main.ts', 'station.ts', 'weigh-pages.ts', 'outbox-run.ts', 'outbox-worker.ts'])
const known = readdirSync(import.meta.dirname).filter(file => file.endsWith('.ts') && !parts.has(file)).map(file => file.replace(/\.ts$/, ''))
const asked = process.argv.slice(2)
const unknown = asked.filter(name => !known.includes(name))
if (unknown.length) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}; there are ${known.join(', ')}.\n`)
  process.exit(1)
}
let failed = 0
for (const name of asked.length ? asked : known) {
  process.stdout.write(`\n=== ${name}\n`)
  failed += spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit' }).status === 0 ? 0 : 1
}
process.exit(failed ? 1 : 0)
