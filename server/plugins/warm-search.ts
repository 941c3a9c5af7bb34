// The index of the articles is made when the portal starts, not while the first resident waits for an answer.
import { defineNitroPlugin } from 'nitropack/runtime'
import { warmSearch } from '../http/chat-model.ts'
import { config } from '../config.ts'
import { log } from '../http/log.ts'
import { getServices } from '../services.ts'

export default defineNitroPlugin(() => {
  if (import.meta.prerender || !config().supabase) return
  // While the database is away the first question makes it.
  void getServices().then(warmSearch).catch((error: unknown) => log().warn({ err: error }))
})
