import { z } from 'zod'
import { AppError } from '#shared/errors'
import { optionalText } from '#shared/forms/fields'
import { textLimits } from '#shared/reports/report-schema'
import { locatePlace } from '#server/domain/communities/locate-place'
import { defineStepAction } from '../../../../http/report-step.ts'

/** Degrees as the map script writes them; anything else counts as no point. */
const degrees = (limit: number) => z.coerce.number().min(-limit).max(limit).optional().catch(undefined)

const fields = z.object({
  grid: optionalText(60),
  address: optionalText(textLimits.address),
  lat: z.preprocess(text => text || undefined, degrees(90)),
  lng: z.preprocess(text => text || undefined, degrees(180)),
  unknown: z.literal('yes').optional(),
})

export default defineStepAction('place', fields, ({ address, unknown, ...given }, { reference, answers }) => {
  // "Do not want to say" wins over a community that was chosen beforehand from the account.
  const { grid, lat, lng } = unknown ? {} : given
  const location = lat !== undefined && lng !== undefined ? { lat, lng } : undefined
  // The list offers grids and, for who knows no more, whole communities.
  const chosen = grid ? locatePlace(reference, { grid, community: grid }) : undefined
  if (chosen && !chosen.community) throw new AppError('invalid', {}, { fields: { grid: { key: 'choose' } } })
  if (!grid && !address && !location && !unknown) throw new AppError('invalid', {}, { fields: { grid: { key: 'reports.place.missing' } } })
  return { ...answers, place: { ...(chosen?.grid ? { grid } : chosen && { community: grid }), ...(address && { address }), ...(location && { location }) } }
})
