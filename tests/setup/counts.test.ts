import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countsOf, isGreen } from '../../scripts/test/counts.ts'
import type { Counts } from '../../scripts/test/counts.ts'
import { chosenStages, stages } from '../../scripts/test/stages.ts'
import { scratchFolder } from '../scratch.ts'

function aReport(content: unknown) {
  const path = join(scratchFolder('counts'), 'report.json')
  writeFileSync(path, JSON.stringify(content))
  return path
}

const vitestReport = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [{ status: 'passed', assertionResults: [{}] }] }

describe('the counts of a stage', () => {
  it('are those of the runner', () => {
    expect(countsOf('vitest', 1, aReport({ ...vitestReport, numFailedTests: 2, numPendingTests: 1 }))).toEqual({ passed: 5, failed: 2, skipped: 1, unsteady: [] })
    expect(countsOf('playwright', 1, aReport({ stats: { expected: 3, unexpected: 1, flaky: 0, skipped: 2 }, errors: [] }))).toEqual({ passed: 3, failed: 1, skipped: 2, unsteady: [] })
    expect(countsOf('tool', 0, 'nowhere')).toEqual({ passed: 1, failed: 0, skipped: 0, unsteady: [] })
  })

  it('hold a failure for a test file that could not be loaded', () => {
    const report = { ...vitestReport, testResults: [{ status: 'failed', assertionResults: [] }] }

    expect(countsOf('vitest', 1, aReport(report))).toEqual({ passed: 5, failed: 1, skipped: 0, unsteady: [] })
  })

  it('hold a failure when nothing ran, when no report was written, and when the run ended badly without a failed test', () => {
    expect(countsOf('vitest', 0, aReport({ ...vitestReport, numPassedTests: 0, testResults: [] })).failed).toBe(1)
    expect(countsOf('playwright', 1, 'nowhere').failed).toBe(1)
    expect(countsOf('vitest', 1, aReport(vitestReport)).failed).toBe(1)
    expect(countsOf('tool', 2, 'nowhere').failed).toBe(1)
  })

  it('name a browser test that passed only at the second try', () => {
    const spec = (title: string, status: string) => ({ title, tests: [{ status }] })
    const suites = [{ title: 'report.spec.ts', specs: [spec('files', 'expected')], suites: [{ title: 'on a phone', specs: [spec('follows', 'flaky')] }] }]

    expect(countsOf('playwright', 0, aReport({ suites, stats: { expected: 3, unexpected: 0, flaky: 1, skipped: 0 }, errors: [] }))).toEqual({ passed: 4, failed: 0, skipped: 0, unsteady: ['on a phone: follows'] })
  })
})

describe('a run', () => {
  const aStage = (over: Partial<Counts> = {}): Counts => ({ passed: 3, failed: 0, skipped: 0, unsteady: [], ...over })

  it('is green while two browser tests at most needed a second try, over all stages', () => {
    expect(isGreen([aStage(), aStage({ unsteady: ['a', 'b'] })])).toBe(true)
    expect(isGreen([aStage({ unsteady: ['a'] }), aStage({ unsteady: ['b', 'c'] })])).toBe(false)
  })

  it('is not green when something failed or nothing ran', () => {
    expect(isGreen([aStage(), aStage({ failed: 1 })])).toBe(false)
    expect(isGreen([aStage({ passed: 0 })])).toBe(false)
    expect(isGreen([])).toBe(false)
  })
})

describe('the choice of stages', () => {
  it('takes along what a stage needs beforehand', () => {
    expect(chosenStages(['api']).map(({ name }) => name)).toEqual(['prepare', 'build', 'api'])
    expect(chosenStages([])).toEqual(stages)
  })

  it('names a stage that does not exist', () => {
    expect(() => chosenStages(['untit'])).toThrow('There is no test stage "untit"')
  })
})
