import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Counting } from './stages.ts'

export interface Counts {
  passed: number
  failed: number
  skipped: number
  /** Titles of browser tests that passed at the second try only; counted as passed. */
  unsteady: string[]
}

/** docs/decisions/browser-tests-twice.md: more of them are no chance. */
export const mostUnsteady = 2

/** Whether a run may be called green: something ran, nothing failed, and no more browser tests than allowed needed a second try. */
export function isGreen(counts: readonly Counts[]): boolean {
  const sum = (of: 'passed' | 'failed') => counts.reduce((total, stage) => total + stage[of], 0)
  return sum('passed') > 0 && sum('failed') === 0 && counts.flatMap(({ unsteady }) => unsteady).length <= mostUnsteady
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})
interface Suite { title: string, specs: { title: string, tests: { status: string }[] }[], suites?: Suite[] | undefined }

const suite: z.ZodType<Suite> = z.lazy(() => z.object({
  title: z.string(), specs: z.array(z.object({ title: z.string(), tests: z.array(z.object({ status: z.string() })) })), suites: z.array(suite).optional(),
}))
const playwrightReport = z.object({
  suites: z.array(suite).default([]),
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()).default([]),
})

/**
 * How many tests a stage passed, failed and skipped. A run that ended badly, or in which nothing ran, has at least one failure.
 * @param report where the runner wrote its JSON
 */
export function countsOf(counting: Counting, exitCode: number, report: string): Counts {
  const counts = read(counting, exitCode, report)
  const nothingRan = counts.passed + counts.failed === 0
  return nothingRan || (exitCode !== 0 && counts.failed === 0) ? { ...counts, failed: 1 } : counts
}

function read(counting: Counting, exitCode: number, report: string): Counts {
  if (counting === 'tool') return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0, unsteady: [] } : { passed: 0, failed: 1, skipped: 0, unsteady: [] }
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0, unsteady: [] }
  const json: unknown = JSON.parse(readFileSync(report, 'utf8'))
  if (counting === 'vitest') {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = vitestReport.parse(json)
    // A file that cannot even be loaded has no tests to count.
    const brokenFiles = testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0).length
    return { passed: numPassedTests, failed: numFailedTests + brokenFiles, skipped: numPendingTests + numTodoTests, unsteady: [] }
  }
  const { stats, errors, suites } = playwrightReport.parse(json)
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped: stats.skipped, unsteady: suites.flatMap(unsteadyOf) }
}

const unsteadyOf = ({ title, specs, suites = [] }: Suite): string[] => [
  ...specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky')).map(spec => `${title}: ${spec.title}`),
  ...suites.flatMap(unsteadyOf),
]
