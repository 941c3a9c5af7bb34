import { reportFilePathSchema } from '#shared/reports/report-schema'
import { openOwnAttachment } from '#server/domain/reports/open-attachment'
import { defineApiHandler } from '../../../../http/api-handler.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { apiReportAccess, referenceOf } from '../../../../http/report-access.ts'
import { sendFile } from '../../../../http/send-file.ts'
import { getServices } from '../../../../services.ts'

/** A file of the case for its reporter: the viewing copy of a picture, the file itself otherwise. */
export default defineApiHandler({
  params: reportFilePathSchema,
  async run({ event, params }) {
    const services = await getServices()
    const reference = referenceOf(params.reference)
    const file = await openOwnAttachment(services, reference, await apiReportAccess(event, services), params.id, limitsFor(event, services, 'report.guess'))
    await sendFile(event, { ...file, name: `${reference}-${params.id.slice(0, 8)}` })
  },
})
