import { createError, defineEventHandler, getRouterParam, sendRedirect, setResponseHeaders } from 'h3'
import { pipeline } from 'node:stream/promises'
import { AppError } from '#shared/errors'
import { isLocale } from '#shared/locales'
import { exportAccount } from '#server/domain/accounts/export-account'
import { logFailure } from '../../../../http/log-failure.ts'
import { limitsForEmail } from '../../../../http/rate-limits.ts'
import { requireActor } from '../../../../http/require-actor.ts'
import { isForeign } from '../../../../http/same-origin.ts'
import { toAppError } from '../../../../http/to-problem.ts'
import { getServices } from '../../../../services.ts'

/** The copy of one's data. Refusals are pages, since a link leads here. */
export default defineEventHandler(async (event) => {
  const locale = getRouterParam(event, 'locale')
  if (!isLocale(locale)) throw createError({ statusCode: 404 })
  // Another site's link would use up the few copies a day.
  if (isForeign(event)) return sendRedirect(event, `/${locale}/account/data`, 303)
  const services = await getServices()
  const zip = await requireActor(event).then(actor => exportAccount(services, actor, limitsForEmail(services, 'account.export', actor.email))).catch((thrown: unknown) => {
    const error = toAppError(thrown)
    // The page says what to do first.
    if (error.code === 'sign_in_again' || error.code === 'sign_in_required') return undefined
    throw createError({ statusCode: error.statusCode, data: { code: error.code }, cause: error })
  })
  if (!zip) return sendRedirect(event, `/${locale}/account/data`, 303)
  setResponseHeaders(event, {
    'content-type': 'application/zip', 'content-disposition': 'attachment; filename="linli.zip"', 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store',
  })
  await pipeline(zip, event.node.res).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ERR_STREAM_PREMATURE_CLOSE') logFailure(event, new AppError('internal', {}, { cause }))
  })
})
