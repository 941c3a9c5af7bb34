import type { Turn } from '#server/chat/turn'
import { turnTextMax } from '#server/chat/turn'
import type { BotContext } from './context.ts'

/** Telegram gives bots files up to here. @see https://core.telegram.org/bots/api#getfile */
export const downloadLimit = 20 * 1024 * 1024

/** What somebody did, for the assistant; undefined for what is nothing to answer (a sticker, a poll, a pinned message). */
export function readTurn(ctx: BotContext): Turn | undefined {
  const { message, callbackQuery } = ctx
  if (callbackQuery) return callbackQuery.data === undefined ? undefined : { choice: callbackQuery.data }
  if (!message) return undefined
  const words = message.text ?? message.caption
  const file = fileOf(ctx)
  const place = message.venue?.location ?? message.location
  if (words === undefined && !file && !place) return undefined
  return {
    ...(words !== undefined && { text: withoutMention(words, ctx.me.username).slice(0, turnTextMax) }),
    ...(place && { location: { lat: place.latitude, lng: place.longitude } }),
    ...(file && { file }),
  }
}

/** `/help@linli_bot` is `/help`. */
const withoutMention = (words: string, username: string) => words.replace(new RegExp(`^(/\\w+)@${username}\\b`, 'i'), '$1')

function fileOf(ctx: BotContext): Turn['file'] | undefined {
  const { message, parts } = ctx
  // Of a photo Telegram keeps several sizes, the largest last.
  const photo = message?.photo?.at(-1)
  const sent = photo ?? message?.video ?? message?.voice ?? message?.audio ?? message?.document ?? message?.video_note
  if (!sent) return undefined
  if ((sent.file_size ?? 0) > downloadLimit) return { refused: 'too_large' }
  const type = 'mime_type' in sent && sent.mime_type ? sent.mime_type : photo ? 'image/jpeg' : message?.voice ? 'audio/ogg' : 'video/mp4'
  return {
    type, size: sent.file_size ?? 0,
    async read() {
      const { file_path: path } = await ctx.api.getFile(sent.file_id)
      if (!path) throw new Error('Telegram has no such file any more')
      return parts.download(path)
    },
  }
}
