import { z } from 'zod'
import { botUser, type FakeBotApi } from './fake-bot-api.ts'

export type Params = Record<string, unknown>
export interface Call { method: string, params: Params, at: number, status: number }

/** What Telegram would answer with an error. */
export class Refusal extends Error {
  readonly code: number
  readonly retryAfter: number | undefined

  constructor(code: number, description: string, retryAfter?: number) {
    super(description)
    this.code = code
    this.retryAfter = retryAfter
  }
}

const downloadLimit = 20 * 1024 * 1024
const deletableMs = 48 * 3600 * 1000
const bad = (what: string) => new Refusal(400, `Bad Request: ${what}`)

const button = z.object({ text: z.string().min(1), callback_data: z.string().optional(), url: z.string().optional(), request_location: z.boolean().optional() })
const markup = z.union([
  z.object({ inline_keyboard: z.array(z.array(button)) }),
  z.object({ keyboard: z.array(z.array(z.union([button, z.string()]))) }).loose(),
  z.object({ remove_keyboard: z.literal(true) }).loose(),
]).optional()

function buttonsOf(given: unknown) {
  const parsed = markup.safeParse(given)
  if (!parsed.success) throw bad('can\'t parse reply keyboard markup JSON object')
  if (!parsed.data || !('inline_keyboard' in parsed.data)) return []
  const buttons = parsed.data.inline_keyboard.flat()
  if (buttons.length > 100) throw bad('reply markup is too long')
  for (const { callback_data: data, url } of buttons) {
    if ((data === undefined) === (url === undefined)) throw bad('text buttons are unallowed in the inline keyboard')
    if (data !== undefined && (!data || Buffer.byteLength(data) > 64)) throw bad('BUTTON_DATA_INVALID')
    if (url !== undefined && !URL.canParse(url)) throw bad('BUTTON_URL_INVALID')
  }
  return buttons.map(({ text, callback_data: data, url }) => ({ text, ...(data !== undefined && { data }), ...(url !== undefined && { url }) }))
}

/** Counts as Telegram does: UTF-16 units. */
function textOf(given: unknown, most: number): string {
  const text = typeof given === 'string' ? given.trim() : ''
  if (!text) throw bad('message text is empty')
  if (text.length > most) throw bad('message is too long')
  return text
}

function reach(api: FakeBotApi, params: Params): number {
  const chat = Number(params.chat_id)
  if (!Number.isSafeInteger(chat) || chat === 0) throw bad('chat not found')
  if (api.blocked.has(chat)) throw new Refusal(403, 'Forbidden: bot was blocked by the user')
  return chat
}

function send(kind: 'text' | 'caption', most: number) {
  return (api: FakeBotApi, params: Params) => {
    const chat = reach(api, params)
    const text = kind === 'text' ? textOf(params.text, most) : typeof params.caption === 'string' ? textOf(params.caption, most) : ''
    const buttons = buttonsOf(params.reply_markup)
    const wait = api.keepsLimits ? api.flood.take(chat) : undefined
    if (wait !== undefined) throw new Refusal(429, `Too Many Requests: retry after ${wait}`, wait)
    return messageOf(chat, api.show(chat, { by: 'bot', text, buttons }))
  }
}

function messageOf(chat: number, shown: { id: number, text: string, at: number }) {
  return { message_id: shown.id, date: Math.floor(shown.at / 1000), chat: { id: chat, type: chat < 0 ? 'group' : 'private', first_name: 'U' }, from: botUser, text: shown.text }
}

function edit(part: 'text' | 'buttons') {
  return (api: FakeBotApi, params: Params) => {
    const chat = reach(api, params)
    const shown = api.chat(chat).get(Number(params.message_id))
    if (!shown) throw bad('message to edit not found')
    if (shown.by !== 'bot') throw bad('message can\'t be edited')
    const text = part === 'text' ? textOf(params.text, 4096) : shown.text
    const buttons = buttonsOf(params.reply_markup)
    if (text === shown.text && JSON.stringify(buttons) === JSON.stringify(shown.buttons)) throw bad('message is not modified')
    Object.assign(shown, { text, buttons })
    return messageOf(chat, shown)
  }
}

function remove(api: FakeBotApi, chat: number, ids: unknown[]) {
  if (!ids.length || ids.length > 100) throw bad('message identifiers are not specified')
  for (const id of ids) {
    const shown = api.chat(chat).get(Number(id))
    if (shown && Date.now() - shown.at < deletableMs) api.chat(chat).delete(Number(id))
    else if (ids.length === 1) throw bad(shown ? 'message can\'t be deleted for everyone' : 'message to delete not found')
  }
  return true
}

const pollParams = z.object({ offset: z.coerce.number().optional(), limit: z.coerce.number().min(1).max(100).optional(), timeout: z.coerce.number().min(0).max(50).optional() })
const hookParams = z.object({ url: z.string(), secret_token: z.string().regex(/^[\w-]{1,256}$/).optional(), max_connections: z.coerce.number().min(1).max(100).default(40), drop_pending_updates: z.boolean().optional() })
const commandParams = z.object({ commands: z.array(z.object({ command: z.string().regex(/^[a-z0-9_]{1,32}$/), description: z.string().min(1).max(256) })).max(100), language_code: z.string().optional() })

function parse<Shape>(schema: z.ZodType<Shape>, params: Params): Shape {
  const parsed = schema.safeParse(params)
  if (!parsed.success) throw bad(parsed.error.issues[0]?.path.join('.') ?? 'parameters')
  return parsed.data
}

export const methods: Record<string, ((api: FakeBotApi, params: Params) => unknown) | undefined> = {
  getMe: () => ({ ...botUser, can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false, can_connect_to_business: false, has_main_web_app: false }),
  getUpdates: (api, params) => api.poll(parse(pollParams, params)),
  setWebhook(api, params) {
    const { url, secret_token: secret, max_connections: maxConnections } = parse(hookParams, params)
    const { protocol, hostname } = new URL(url)
    if (protocol !== 'https:' && !['localhost', '127.0.0.1'].includes(hostname)) throw bad('bad webhook: An HTTPS URL must be provided for webhook')
    api.pusher.hook = { url, maxConnections, ...(secret && { secret }) }
    return true
  },
  deleteWebhook(api, params) {
    api.pusher.hook = undefined
    if (params.drop_pending_updates === true) api.forgetQueue()
    return true
  },
  getWebhookInfo: api => ({ url: api.pusher.hook?.url ?? '', has_custom_certificate: false, pending_update_count: api.pusher.pending }),
  setMyCommands(api, params) {
    api.commands.push(parse(commandParams, params))
    return true
  },
  sendMessage: send('text', 4096),
  sendPhoto: send('caption', 1024),
  sendDocument: send('caption', 1024),
  sendLocation: send('caption', 1024),
  editMessageText: edit('text'),
  editMessageReplyMarkup: edit('buttons'),
  deleteMessage: (api, params) => remove(api, reach(api, params), [params.message_id]),
  deleteMessages: (api, params) => remove(api, reach(api, params), Array.isArray(params.message_ids) ? params.message_ids : []),
  sendChatAction: (api, params) => reach(api, params) !== 0,
  answerCallbackQuery(api, params) {
    if (!api.queries.delete(String(params.callback_query_id))) throw bad('query is too old and response timeout expired or query ID is invalid')
    if (typeof params.text === 'string' && params.text.length > 200) throw bad('MESSAGE_TOO_LONG')
    return true
  },
  getFile(api, params) {
    const id = String(params.file_id)
    const file = api.files.get(id)
    if (!file) throw bad('invalid file_id')
    if (file.size > downloadLimit) throw bad('file is too big')
    return { file_id: id, file_unique_id: id, file_size: file.size, file_path: `files/${id}` }
  },
}
