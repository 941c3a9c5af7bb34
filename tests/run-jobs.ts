import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..')

/** `npm run jobs` against the station of a data folder; what it said, line by line. */
export async function runJobs(dataDir: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'scripts/jobs.ts'), ...args], { cwd: root, env: { ...process.env, LINLI_DATA_DIR: dataDir }, timeout: 60_000 })
  return stdout.trim().split('\n')
}
