import { AppError } from '#shared/errors'
import { attachmentLimits } from '#shared/reports/attachment'
import { reportPathSchema } from '#shared/reports/report-schema'
import { addEvidence } from '#server/domain/reports/add-evidence'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { readForm } from '../../../http/form-body.ts'
import { limitsFor } from '../../../http/rate-limits.ts'
import { apiReportAccess, referenceOf } from '../../../http/report-access.ts'
import { getServices } from '../../../services.ts'

/** Adds one file, multipart field `file`. Whether a picture keeps its original follows the contact mode (RULES G3). */
export default defineApiHandler({
  params: reportPathSchema,
  status: 201,
  async run({ event, params }) {
    const services = await getServices()
    const access = await apiReportAccess(event, services)
    const limits = { guess: limitsFor(event, services, 'report.guess'), act: limitsFor(event, services, 'report.evidence') }
    const { file } = await readForm(event, 4 * 1024, {
      name: 'file', maxBytes: attachmentLimits.bytes + 1,
      receive: bytes => addEvidence(services, referenceOf(params.reference), access, bytes, {}, limits),
      discard: async () => undefined,
    })
    if (!file) throw new AppError('invalid', {}, { fields: { file: { key: 'required' } } })
    return file
  },
})
