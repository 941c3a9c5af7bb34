import type { TestProject } from 'vitest/node'
import { startPortal } from '../portal.ts'

declare module 'vitest' {
  interface ProvidedContext {
    portal: { url: string, supabaseUrl: string, keys: { publishableKey: string, secretKey: string }, dataDir: string }
  }
}

/** One portal for all API tests: `inject('portal')` says where it is. */
export default async function setup(project: TestProject) {
  const { url, supabaseUrl, keys, dataDir, stop } = await startPortal()
  project.provide('portal', { url, supabaseUrl, keys, dataDir })
  return stop
}
