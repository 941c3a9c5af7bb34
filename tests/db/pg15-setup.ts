import type { TestProject } from 'vitest/node'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'

/** The same suite on Debian's PostgreSQL 15 with the roles, owners, rights and time-outs of hosted Supabase. */
export default async function setUp(project: TestProject) {
  const backend = await startTestBackend({ hostedOn: process.env.LINLI_POSTGRES_15 || '/usr/lib/postgresql/15/bin' })
  project.provide('backend', backend.address)
  return () => backend.stop()
}
