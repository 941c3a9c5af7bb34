import { createError, defineEventHandler, setResponseHeaders } from 'h3'
import { mayReadMetrics, writeMetrics } from '../http/metrics.ts'

/** Figures for Prometheus, on this machine or with METRICS_TOKEN; for everybody else there is nothing here. */
export default defineEventHandler(async (event) => {
  if (!mayReadMetrics(event)) throw createError({ statusCode: 404 })
  const { type, text } = await writeMetrics()
  setResponseHeaders(event, { 'content-type': type, 'cache-control': 'no-store' })
  return text
})
