import { defineEventHandler, getRouterParams, createError } from 'h3'
import { reportFilePathSchema } from '#shared/reports/report-schema'
import { openOwnAttachment } from '#server/domain/reports/open-attachment'
import { limitsFor } from '../../../../../http/rate-limits.ts'
import { referenceOf } from '../../../../../http/report-access.ts'
import { withAccess } from '../../../../../http/report-view.ts'
import { sendFile } from '../../../../../http/send-file.ts'
import { getServices } from '../../../../../services.ts'
import { toAppError } from '../../../../../http/to-problem.ts'

/** A file of the case for its reporter: the viewing copy of a picture, anything else as a download. */
export default defineEventHandler(async (event) => {
  const params = reportFilePathSchema.safeParse(getRouterParams(event, { decode: true }))
  if (!params.success) throw createError({ statusCode: 404 })
  const services = await getServices()
  const reference = referenceOf(params.data.reference)
  try {
    const file = await withAccess(event, services, access => openOwnAttachment(services, reference, access, params.data.id, limitsFor(event, services, 'report.guess')))
    await sendFile(event, { ...file, name: `${reference}-${params.data.id.slice(0, 8)}` })
  }
  catch (thrown) {
    const error = toAppError(thrown)
    throw createError({ statusCode: error.statusCode, data: { code: error.code }, cause: error })
  }
})
