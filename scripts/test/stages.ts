import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** How a stage is counted: a tool counts as one test, the runners say how many theirs were. */
export type Counting = 'tool' | 'vitest' | 'playwright'

export interface Stage {
  name: string
  counting: Counting
  /** Arguments for Node: the file to run and its own arguments. */
  command: string[]
  /** Stages that must have passed before. */
  after?: string[]
  /** How much of the cores it takes, 1 if nothing is said: what starts portals waits for half of its time. */
  cores?: number
  /** Runs with nothing beside it: its outcome depends on time. */
  isAlone?: boolean
  /** A setting of the bootstrap without which it cannot run here, and the sentence that says so. */
  needs?: { setting: string, otherwise: string }
}

const bin = {
  nuxt: 'node_modules/nuxt/bin/nuxt.mjs',
  eslint: 'node_modules/eslint/bin/eslint.js',
  knip: 'node_modules/knip/bin/knip.js',
  vitest: 'node_modules/vitest/vitest.mjs',
  playwright: 'node_modules/@playwright/test/cli.js',
}
const vitest = (project: string) => [bin.vitest, 'run', '--project', project]

/** In the order of starting; two or three run beside each other, so the long ones come first. */
export const stages: Stage[] = [
  { name: 'prepare', counting: 'tool', command: [bin.nuxt, 'prepare'], isAlone: true },
  { name: 'build', counting: 'tool', command: ['scripts/bootstrap.mjs', 'build'], after: ['prepare'] },
  { name: 'unit', counting: 'vitest', command: vitest('unit'), after: ['prepare'] },
  { name: 'lint', counting: 'tool', command: [bin.eslint, '.', '--max-warnings=0'] },
  { name: 'api', counting: 'vitest', command: vitest('api'), after: ['build'], cores: 0.5 },
  { name: 'bot', counting: 'vitest', command: vitest('bot'), cores: 0.5 },
  { name: 'embedded', counting: 'vitest', command: vitest('embedded') },
  { name: 'db', counting: 'vitest', command: vitest('db') },
  { name: 'pg15', counting: 'vitest', command: vitest('pg15'), needs: { setting: 'LINLI_POSTGRES_15', otherwise: 'not run: PostgreSQL 15 is not on this machine (apt-get install postgresql-15)' } },
  { name: 'types', counting: 'tool', command: [bin.nuxt, 'typecheck'], after: ['build'] },
  { name: 'models', counting: 'vitest', command: vitest('models'), after: ['build'] },
  { name: 'setup', counting: 'vitest', command: vitest('setup'), after: ['build'] },
  { name: 'unused', counting: 'tool', command: [bin.knip, '--no-progress'] },
  { name: 'generated', counting: 'tool', command: ['scripts/db-types.ts', '--check'] },
  { name: 'e2e', counting: 'playwright', command: [bin.playwright, 'test'], after: ['build'], isAlone: true },
]

/**
 * The stages to run: all, or the named ones with what they need beforehand.
 * @throws Error naming a stage that does not exist
 */
export function chosenStages(names: string[]): Stage[] {
  const unknown = names.find(name => !stages.some(stage => stage.name === name))
  if (unknown !== undefined) throw new Error(`There is no test stage "${unknown}"; there are ${stages.map(stage => stage.name).join(', ')}.`)
  if (!names.length) return stages
  const wanted = new Set<string>()
  const add = (name: string) => {
    wanted.add(name)
    stages.find(stage => stage.name === name)?.after?.forEach(add)
  }
  names.forEach(add)
  return stages.filter(stage => wanted.has(stage.name))
}
