import { getRouterParams } from 'h3'
import { z } from 'zod'
import { AppError } from '#shared/errors'
import { attachmentLimits } from '#shared/reports/attachment'
import { addEvidence } from '#server/domain/reports/add-evidence'
import { defineFormAction } from '../../../../../http/form-action.ts'
import { limitsFor } from '../../../../../http/rate-limits.ts'
import { referenceOf } from '../../../../../http/report-access.ts'
import { withAccess } from '../../../../../http/report-view.ts'
import { getServices } from '../../../../../http/services.ts'

/** Adds a file to a report that was sent. It is the report's with the last byte: there is nothing to take back. */
export default defineFormAction({
  fields: z.object({}),
  file: {
    name: 'file', maxBytes: attachmentLimits.bytes + 1,
    async receive(bytes, _claimed, event) {
      const services = await getServices()
      const limits = { guess: limitsFor(event, services, 'report.guess'), act: limitsFor(event, services, 'report.evidence') }
      // A way in that does not open the report is refused before the first byte is read.
      return withAccess(event, services, access => addEvidence(services, referenceOf(getRouterParams(event).reference ?? ''), access, bytes, {}, limits))
    },
    discard: async () => undefined,
  },
  run({ file, locale, params }) {
    if (!file) throw new AppError('invalid', {}, { fields: { file: { key: 'reports.files.missing' } } })
    return `/${locale}/reports/${referenceOf(params.reference ?? '')}?added`
  },
})
