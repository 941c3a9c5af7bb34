import { createError, defineEventHandler, getRouterParams, sendRedirect, setResponseHeaders } from 'h3'
import { useNitroApp } from 'nitropack/runtime'
import { isLocale } from '#shared/locales'
import { config } from '../../config.ts'
import { isForeign } from '../../http/same-origin.ts'
import { logFailure } from '../../http/log-failure.ts'
import { toAppError } from '../../http/to-problem.ts'

/**
 * "Exit this page" (RULES B6). Whoever keeps something for this browser puts it away on the hook `linli:exit`. Leaving
 * comes first: what fails there is logged and holds nobody here. Sent by another site it leads away and touches nothing.
 */
export default defineEventHandler(async (event) => {
  if (!isLocale(getRouterParams(event).locale)) throw createError({ statusCode: 404 })
  if (isForeign(event)) return sendRedirect(event, config().exitPageUrl, 303)
  await useNitroApp().hooks.callHook('linli:exit', event).catch((thrown: unknown) => logFailure(event, toAppError(thrown)))
  setResponseHeaders(event, { 'clear-site-data': '"cache", "cookies", "storage"', 'cache-control': 'no-store' })
  return sendRedirect(event, config().exitPageUrl, 303)
})
