import { z } from 'zod'
import { AppError, type FieldErrors } from '#shared/errors'
import { optionalText } from '#shared/forms/fields'
import { precisions } from '#shared/reports/draft'
import { textLimits } from '#shared/reports/report-schema'
import { instantOf } from '#shared/reports/wall-time'
import { defineStepAction } from '../../../../http/report-step.ts'

const fields = z.object({
  precision: z.enum(precisions, 'choose'),
  on: optionalText(40),
  at: optionalText(40),
  text: optionalText(textLimits.answer),
})

/** A clock that is a little fast, or a demo station's moved one, is no reason to refuse. */
const toleranceMilliseconds = 24 * 3_600_000

export default defineStepAction('when', fields, ({ precision, on, at, text }, { reference, answers }) => {
  if (precision === 'now') return { ...answers, when: { precision, occurredAt: new Date().toISOString() } }
  if (precision === 'rough') {
    if (!text) refuse({ text: { key: 'required' } })
    return { ...answers, when: { precision, text } }
  }
  if (!on) refuse({ on: { key: 'required' } })
  const occurredAt = instantOf(on ?? '', at, reference.station?.time_zone ?? 'Asia/Shanghai')
  if (!occurredAt) refuse(at && instantOf(on ?? '', undefined, 'UTC') ? { at: { key: 'reports.when.timeWrong' } } : { on: { key: 'date' } })
  if (occurredAt && Date.parse(occurredAt) > Date.now() + toleranceMilliseconds) refuse({ on: { key: 'reports.when.inFuture' } })
  return { ...answers, when: { precision, on, ...(at && { at }), occurredAt } }
})

function refuse(fields: FieldErrors): never {
  throw new AppError('invalid', {}, { fields })
}
