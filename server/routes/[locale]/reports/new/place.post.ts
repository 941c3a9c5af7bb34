import { z } from 'zod'
import { AppError } from '#shared/errors'
import { optionalText } from '#shared/forms/fields'
import { textLimits } from '#shared/reports/report-schema'
import { locatePlace } from '#server/domain/communities/locate-place'
import { defineStepAction } from '../../../../http/report-step.ts'

/** Degrees as the map script writes them; anything else counts as no point. */
const degrees = (limit: number) => z.coerce.number().min(-limit).max(limit).optional().catch(undefined)

const fields = z.object({
  grid: z.string('choose'),
  address: optionalText(textLimits.address),
  lat: z.preprocess(text => text || undefined, degrees(90)),
  lng: z.preprocess(text => text || undefined, degrees(180)),
})

export default defineStepAction('place', fields, ({ grid, address, lat, lng }, { reference, answers }) => {
  const location = lat !== undefined && lng !== undefined ? { lat, lng } : undefined
  const known = locatePlace(reference, { grid }).grid
  if (!known && grid !== 'elsewhere' && grid !== 'unknown') throw new AppError('invalid', {}, { fields: { grid: { key: 'choose' } } })
  if (grid === 'elsewhere' && !address && !location) throw new AppError('invalid', {}, { fields: { address: { key: 'reports.place.addressMissing' } } })
  return { ...answers, place: { ...(known ? { grid } : {}), ...(address && { address }), ...(location && { location }) } }
})
