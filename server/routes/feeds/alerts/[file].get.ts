import { createError, defineEventHandler, getRouterParam } from 'h3'
import { AppError } from '#shared/errors'
import { showAlert } from '#server/domain/alerts/show-alerts'
import { capMediaType, writeCap } from '#server/standards/cap/write-cap'
import { gbtMediaType, writeGbt } from '#server/standards/gbt35965/write-gbt'
import { answerFeed } from '../../../http/feed-answer.ts'
import { getServices } from '../../../services.ts'

/** `/feeds/alerts/{identifier}` with `.cap.xml`, `.gbt.xml` or `.statement.json`: one message, for other systems. */
export default defineEventHandler(async (event) => {
  const [, identifier, form] = /^(LLA-[0-9A-Z]{4}-[0-9A-Z]{4})\.(cap\.xml|gbt\.xml|statement\.json)$/.exec(getRouterParam(event, 'file') ?? '') ?? []
  if (identifier === undefined) throw createError({ statusCode: 404 })
  const services = await getServices()
  const alert = await showAlert(services, identifier).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') throw createError({ statusCode: 404, cause: error })
    throw error
  })
  const { publicUrl } = services.settings
  switch (form) {
    case 'cap.xml': return answerFeed(event, writeCap(alert, { publicUrl }), capMediaType)
    case 'gbt.xml': return answerFeed(event, writeGbt(alert, { publicUrl }), gbtMediaType)
    default: return answerFeed(event, `${JSON.stringify(alert.statement, null, 2)}\n`, 'application/json')
  }
})
