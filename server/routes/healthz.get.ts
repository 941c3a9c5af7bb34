import { defineEventHandler, setResponseHeader } from 'h3'

/** The process is up. */
export default defineEventHandler((event) => {
  setResponseHeader(event, 'cache-control', 'no-store')
  return { status: 'up' }
})
