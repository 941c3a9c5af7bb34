import type { TestProject } from 'vitest/node'
import { usualPushServices } from '#shared/alerts/push-services'
import { freePort } from '../../supabase/embedded/free-port.ts'
import { startPortal } from '../portal.ts'
import { startTwoWorkers } from '../two-workers.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of a push service on this machine that the portal may push to; tests/api/push.test.ts starts it. */
    pushPort: number
    portal: { url: string, supabaseUrl: string, keys: { publishableKey: string, secretKey: string }, dataDir: string, pid: number }
  }
}

/**
 * One portal for all API tests: `inject('portal')` says where it is. It believes one proxy, so that a test can be many people.
 * LINLI_TEST_WORKERS=2: two workers behind a proxy that alternates (`npm run bench -- two-workers`).
 */
export default async function setup(project: TestProject) {
  const pushPort = await freePort()
  const env = { TRUST_PROXY: '1', VAPID_SERVICES: [...usualPushServices, `http://127.0.0.1:${pushPort}`].join(',') }
  const { url, supabaseUrl, keys, dataDir, pid, stop } = await (process.env.LINLI_TEST_WORKERS === '2' ? startTwoWorkers : startPortal)({ env })
  project.provide('pushPort', pushPort)
  project.provide('portal', { url, supabaseUrl, keys, dataDir, pid })
  return stop
}
