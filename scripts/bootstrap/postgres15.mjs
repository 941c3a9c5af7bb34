import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { run } from './run.mjs'

const programs = '/usr/lib/postgresql/15/bin'
const clusterSettings = '/etc/postgresql-common/createcluster.conf'

/**
 * Finds Debian's PostgreSQL 15, the version and make of many a Supabase, or installs it with apt as root. Without one its tests are not run.
 * @param {import('./step.mjs').Step} step
 * @returns {Promise<string>} the folder of its programs, or nothing
 */
export async function findPostgres15(step) {
  if (!isThere() && process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')) {
    step.during('installing with apt-get (once)')
    await aptInstall()
  }
  step.is(isThere() ? programs : 'none: its tests are left out (apt-get install postgresql-15)')
  return isThere() ? programs : ''
}

const isThere = () => existsSync(`${programs}/postgres`) && existsSync('/usr/share/postgresql/15/extension/pgcrypto.control')

/** The package would make a cluster of its own and start it: its programs are all we want. */
async function aptInstall() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-q', '-o', 'DPkg::Lock::Timeout=300']
  const install = ['install', '-y', '--no-install-recommends', ...wait]
  await run('apt-get', ['update', ...wait], { env, timeoutMs: 300_000 })
  await run('apt-get', [...install, 'postgresql-common'], { env, timeoutMs: 300_000 })
  if (existsSync(clusterSettings)) writeFileSync(clusterSettings, readFileSync(clusterSettings, 'utf8').replace(/^#?\s*create_main_cluster\s*=.*$/m, 'create_main_cluster = false'))
  await run('apt-get', [...install, 'postgresql-15'], { env, timeoutMs: 900_000 })
}
