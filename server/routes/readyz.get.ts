import { defineEventHandler, setResponseHeader, setResponseStatus } from 'h3'
import { checkReady } from '../domain/health.ts'
import { getServices } from '../services.ts'

/** Ready to serve: 503 says in words what is away. */
export default defineEventHandler(async (event) => {
  const { isReady, checks, away } = await checkReady(getServices)
  setResponseHeader(event, 'cache-control', 'no-store')
  setResponseStatus(event, isReady ? 200 : 503)
  if (!isReady) setResponseHeader(event, 'retry-after', 5)
  return { status: isReady ? 'ready' : 'not ready', checks, ...(away.length && { away }) }
})
