import { defineEventHandler, setResponseHeader, setResponseStatus } from 'h3'
import { checkReady } from '../domain/health.ts'
import { getServices } from '../services.ts'

/** Ready to serve: 503 says what is missing. */
export default defineEventHandler(async (event) => {
  const { isReady, checks } = await checkReady(getServices)
  setResponseHeader(event, 'cache-control', 'no-store')
  setResponseStatus(event, isReady ? 200 : 503)
  return { status: isReady ? 'ready' : 'not ready', checks }
})
