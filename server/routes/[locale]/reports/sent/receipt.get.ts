import { createError, defineEventHandler, getRouterParams, setResponseHeaders } from 'h3'
import { isLocale } from '#shared/locales'
import { openConfirmation } from '#server/domain/reports/confirmation'
import { receiptFile } from '#server/domain/reports/receipt-file'
import { config } from '../../../../config.ts'
import { confirmationCookie } from '../../../../http/report-cookies.ts'
import { getServices } from '../../../../services.ts'
import { text } from '../../../../texts.ts'

/** The receipt as a text file with the station's signed statement, while the confirmation can be read. */
export default defineEventHandler(async (event) => {
  const { locale } = getRouterParams(event)
  if (!isLocale(locale)) throw createError({ statusCode: 404 })
  const services = await getServices()
  const confirmation = openConfirmation(services.keys, confirmationCookie.read(event) ?? '', Date.now())
  if (!confirmation) throw createError({ statusCode: 404 })
  setResponseHeaders(event, { 'content-type': 'text/plain; charset=utf-8', 'content-disposition': `attachment; filename="${confirmation.reference}.txt"`, 'cache-control': 'no-store' })
  return receiptFile(confirmation, locale, key => text(locale, `reports.file.${key}`, { address: `${config().publicUrl}/${locale}/reports/track` }))
})
