import type { TestProject } from 'vitest/node'
import { startPortal } from '../portal.ts'

declare module 'vitest' {
  interface ProvidedContext {
    portal: { url: string, supabaseUrl: string, keys: { publishableKey: string, secretKey: string }, dataDir: string, pid: number }
  }
}

/** One portal for all API tests: `inject('portal')` says where it is. It believes one proxy, so that a test can be many people. */
export default async function setup(project: TestProject) {
  const { url, supabaseUrl, keys, dataDir, pid, stop } = await startPortal({ env: { TRUST_PROXY: '1' } })
  project.provide('portal', { url, supabaseUrl, keys, dataDir, pid })
  return stop
}
