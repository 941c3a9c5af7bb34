import { z } from 'zod'

/** The header by which Telegram shows that it is Telegram: the secret that we gave it with our address. */
export const telegramHeadersSchema = z.object({ 'x-telegram-bot-api-secret-token': z.string() })

/** An update of the Bot API; only its number has to be understood to keep it. @see https://core.telegram.org/bots/api#update */
export const telegramUpdateSchema = z.looseObject({ update_id: z.number().int() })
