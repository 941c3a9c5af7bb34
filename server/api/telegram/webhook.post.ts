import { createHash, timingSafeEqual } from 'node:crypto'
import { getRequestHeader } from 'h3'
import { z } from 'zod'
import { AppError } from '#shared/errors'
import { keepUpdates } from '#server/domain/chat/bot-updates'
import { config } from '../../config.ts'
import { defineApiHandler } from '../../http/api-handler.ts'
import { readText } from '../../http/read-body.ts'
import { getServices } from '../../services.ts'

/** An update is some kilobytes; a long message with many entities is the largest. */
const maxBytes = 512 * 1024
const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  }
  catch {
    context.addIssue('json')
    return z.NEVER
  }
})

/** Telegram hands us an update. It is kept before it is answered; a worker does the rest (server/plugins/work-telegram.ts). */
export default defineApiHandler({
  async run({ event }) {
    const { telegram } = config()
    if (telegram?.mode !== 'webhook') throw new AppError('not_found')
    if (!isSame(getRequestHeader(event, 'x-telegram-bot-api-secret-token') ?? '', telegram.secret)) throw new AppError('forbidden')
    const update = json.safeParse(await readText(event, maxBytes))
    if (!update.success) throw new AppError('malformed')
    await keepUpdates(await getServices(), [update.data])
    return {}
  },
})

/** In constant time, whatever the lengths. */
function isSame(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(secret))
}
