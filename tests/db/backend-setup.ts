import type { TestProject } from 'vitest/node'
import { type BackendAddress, startTestBackend } from '../../supabase/embedded/test-backend.ts'

declare module 'vitest' {
  interface ProvidedContext {
    backend: BackendAddress
  }
}

/** One backend for the whole suite: each file lives in a station of its own, so the files do not meet. */
export default async function setUp(project: TestProject) {
  const backend = await startTestBackend()
  if (!backend.address.databaseUrl) throw new Error('The database suite arranges its stations by SQL: set SUPABASE_DB_URL beside SUPABASE_URL.')
  project.provide('backend', backend.address)
  return () => backend.stop()
}
