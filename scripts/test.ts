// `npm test`: every stage, as many beside each other as two cores carry, a table at the end and one closing line with the counts.
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sayAndExit } from './bootstrap/sentence.mjs'
import { lastLines } from './bootstrap/run.mjs'
import type { Counts } from './test/counts.ts'
import { countsOf, isGreen, mostUnsteady } from './test/counts.ts'
import type { Stage } from './test/stages.ts'
import { chosenStages, root } from './test/stages.ts'

/** The cores that a build server has. */
const cores = 2
/** As long as the whole run should take at most, and longer than any stage does on two busy cores; a hanging one must not hang a build server. */
const stageLimitMs = process.env.LINLI_FULL ? 3_600_000 : 1_200_000
const shownLines = 150
const reports = join(root, '.cache/test')

interface Outcome extends Counts {
  stage: Stage
  seconds: number
  note: string
}

const outcomes: Outcome[] = []
const children = new Set<ChildProcess>()

async function main() {
  const names = [...process.argv.slice(2), ...(process.env.LINLI_ONLY ?? '').split(',')].map(name => name.trim()).filter(Boolean)
  const waiting = [...chosenStages(names)]
  mkdirSync(reports, { recursive: true })
  const startedAt = performance.now()
  const running = new Map<Stage, Promise<void>>()
  while (waiting.length || running.size) {
    const next = waiting.find(stage => isNext(stage, [...running.keys()], waiting))
    if (next) {
      waiting.splice(waiting.indexOf(next), 1)
      running.set(next, runStage(next).then(() => void running.delete(next)))
    }
    else {
      await Promise.race(running.values())
    }
  }
  close((performance.now() - startedAt) / 1000)
}

/** A stage may start when there is room for it, what it needs is finished, and nobody has to be alone. */
function isNext(stage: Stage, running: Stage[], waiting: Stage[]) {
  const load = [stage, ...running].reduce((sum, { cores: part = 1 }) => sum + part, 0)
  if (load > cores || running.some(other => other.isAlone)) return false
  if (stage.isAlone && running.length) return false
  return !(stage.after ?? []).some(name => [...running, ...waiting].some(other => other.name === name))
}

async function runStage(stage: Stage) {
  const failedBefore = (stage.after ?? []).find(name => outcomes.some(outcome => outcome.stage.name === name && outcome.failed))
  if (failedBefore) return record({ stage, seconds: 0, passed: 0, failed: 1, skipped: 0, unsteady: [], note: `not run: ${failedBefore} failed` })
  if (stage.needs && !process.env[stage.needs.setting]) return record({ stage, seconds: 0, passed: 0, failed: 0, skipped: 1, unsteady: [], note: stage.needs.otherwise })
  const report = join(reports, `${stage.name}.json`)
  rmSync(report, { force: true })
  const startedAt = performance.now()
  const { code, output } = await execute(stage, report)
  const counts = countsOf(stage.counting, code, report)
  writeFileSync(join(reports, `${stage.name}.log`), output)
  record({ stage, seconds: (performance.now() - startedAt) / 1000, ...counts, note: '' })
  if (counts.failed) process.stdout.write(`\n── ${stage.name} ${'─'.repeat(60)}\n${lastLines(output, shownLines)}\n${'─'.repeat(62 + stage.name.length)}\n\n`)
}

function record(outcome: Outcome) {
  outcomes.push(outcome)
  process.stdout.write(`${row(outcome)}\n`)
}

function row({ stage, seconds, passed, failed, skipped, note }: Outcome) {
  const counts = note || [`${passed} passed`, failed ? `${failed} FAILED` : '', skipped ? `${skipped} skipped` : ''].filter(Boolean).join(', ')
  return `  ${stage.name.padEnd(12)}${`${seconds.toFixed(1)} s`.padStart(9)}   ${counts}`
}

function execute(stage: Stage, report: string): Promise<{ code: number, output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...stage.command, ...reporterArgs(stage)], {
      cwd: root,
      env: { ...process.env, ...reporterEnv(stage, report), NO_COLOR: '1', FORCE_COLOR: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: stageLimitMs,
    })
    children.add(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        output += chunk
      })
    }
    child.once('close', (code, signal) => {
      children.delete(child)
      if (signal) output += `\nended by ${signal} after at most ${stageLimitMs / 60_000} minutes\n`
      resolve({ code: code ?? 1, output })
    })
  })
}

function reporterArgs({ counting, name }: Stage) {
  if (counting === 'vitest') return ['--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, `${name}.json`)}`]
  return counting === 'playwright' ? ['--reporter=list,json'] : []
}

function reporterEnv({ counting }: Stage, report: string) {
  return counting === 'playwright' ? { PLAYWRIGHT_JSON_OUTPUT_FILE: report } : {}
}

function close(seconds: number) {
  const sum = (of: 'passed' | 'failed' | 'skipped') => outcomes.reduce((total, outcome) => total + outcome[of], 0)
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')]
  process.stdout.write(`\n${outcomes.length} stages in ${seconds.toFixed(0)} s\n`)
  for (const outcome of outcomes.filter(({ failed }) => failed)) process.stdout.write(`failed: ${outcome.stage.name} (whole output in .cache/test/${outcome.stage.name}.log)\n`)
  const unsteady = outcomes.flatMap(outcome => outcome.unsteady)
  for (const title of unsteady) process.stdout.write(`passed at the second try only: ${title}\n`)
  if (unsteady.length > mostUnsteady) process.stdout.write(`failed: ${unsteady.length} browser tests needed a second try, ${mostUnsteady} at most may\n`)
  process.stdout.write(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`)
  process.exitCode = isGreen(outcomes) ? 0 : 1
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    for (const child of children) child.kill('SIGTERM')
    process.exit(1)
  })
}
await main().catch(sayAndExit)
