import { createError, defineEventHandler, getRouterParam, getRouterParams, setResponseHeaders } from 'h3'
import { readProof } from '#server/domain/reports/read-proof'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { reportParams, withAccess } from '../../../../http/report-view.ts'
import { toAppError } from '../../../../http/to-problem.ts'
import { getServices } from '../../../../services.ts'

/** The whole receipt as a file, for the visitor who has the report open: statement, text and proof. It holds no secret receipt. */
export default defineEventHandler(async (event) => {
  const params = reportParams.safeParse(getRouterParams(event, { decode: true }))
  if (!params.success) throw createError({ statusCode: 404 })
  const { reference } = params.data
  const services = await getServices()
  const whole = await withAccess(event, services, access => readProof(services, reference, access, limitsFor(event, services, 'report.guess'))).catch((thrown: unknown) => {
    const error = toAppError(thrown)
    throw createError({ statusCode: error.statusCode, data: { code: error.code }, cause: error })
  })
  setResponseHeaders(event, { 'content-type': 'application/json; charset=utf-8', 'content-disposition': `attachment; filename="${reference}.json"`, 'cache-control': 'no-store' })
  // The language the program of /verify answers in.
  return JSON.stringify({ locale: getRouterParam(event, 'locale'), ...whole }, null, 2)
})
