// What fell due while the portal was down is done when it starts, and not up to a minute later: a demo has its figures when it is first looked at.
import { defineNitroPlugin, runTask } from 'nitropack/runtime'
import { config } from '../config.ts'
import { log } from '../http/log.ts'

export default defineNitroPlugin(() => {
  if (import.meta.prerender || !config().supabase) return
  // While the database is away the next minute does it.
  void runTask('jobs:run').catch((error: unknown) => log().warn({ err: error }))
})
