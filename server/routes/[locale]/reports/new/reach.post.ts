import { z } from 'zod'
import { AppError } from '#shared/errors'
import { contactSchema } from '#shared/reports/report-schema'
import { defineStepAction } from '../../../../http/report-step.ts'
import { optionalActor } from '../../../../http/require-actor.ts'

const fields = contactSchema.pick({ name: true, phone: true, email: true, safeContact: true }).extend({ way: z.enum(['portal', 'contact'], 'choose').optional() })

export default defineStepAction('reach', fields, async ({ way, ...given }, { event, answers }) => {
  // A sealed report is answered in the portal alone (RULES D3); a named one as the reporter says.
  const isNamed = answers.contact?.mode === 'named'
  if (isNamed && !way) throw new AppError('invalid', {}, { fields: { way: { key: 'choose' } } })
  const isPortalOnly = !isNamed || way === 'portal'
  const isKnown = given.name || given.phone || given.email || await optionalActor(event)
  if (!isKnown) throw new AppError('invalid', {}, { fields: { name: { key: 'reports.reach.nothingGiven' } } })
  if (!isPortalOnly && !given.phone && !given.email && !given.safeContact) throw new AppError('invalid', {}, { fields: { phone: { key: 'reports.reach.noWay' } } })
  return { ...answers, reach: { ...given, isPortalOnly } }
})
