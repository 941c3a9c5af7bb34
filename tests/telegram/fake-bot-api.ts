/*
  A Bot API for tests: speaks HTTP as api.telegram.org does, keeps what each chat shows, and holds a bot to Telegram's limits.
  What it does not know fails with the method's name. Sources of the limits: notes of https://core.telegram.org/bots/api on each method.
*/
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Update, User } from 'grammy/types'
import { z } from 'zod'
import { Flood } from './flood.ts'
import { methods, Refusal, type Call, type Params } from './methods.ts'
import { WebhookPusher } from './webhook.ts'

export const token = '123456:fake-token-of-the-tests'
export const botUser: User = { id: 123_456, is_bot: true, first_name: 'Linli', username: 'linli_test_bot' }

/** What becomes of the next calls of a method. `lose`: done, and the answer is lost on its way. */
export type Plan = { method: string, chat?: number, times?: number } & (
  | { fate: 'refuse', code: number, description?: string, retryAfter?: number, scope?: 'chat' | 'all' }
  | { fate: 'drop' } | { fate: 'lose' })

/** A message as a chat shows it. */
export interface Shown { id: number, by: 'bot' | 'person', text: string, buttons: { text: string, data?: string, url?: string }[], at: number }

export class FakeBotApi {
  readonly calls: Call[] = []
  readonly flood = new Flood()
  readonly pusher = new WebhookPusher()
  readonly files = new Map<string, { bytes: Buffer, size: number }>()
  /** Downloads that wait: the next one for the first, and so on. */
  readonly downloadsWait: Promise<void>[] = []
  readonly blocked = new Set<number>()
  readonly queries = new Set<string>()
  /** Everything that was said, also what was deleted since. */
  readonly said: (Shown & { chat: number })[] = []
  keepsLimits = true
  downloads = 0
  commands: unknown[] = []
  apiRoot = ''
  readonly #chats = new Map<number, Map<number, Shown>>()
  readonly #plans: Plan[] = []
  readonly #queue: Update[] = []
  #updateId = 1000
  #messageId = 1
  #poll: { end: (reason: 'news' | 'other') => void } | undefined
  readonly #server = createServer((request, response) => void this.#answer(request, response))

  /** @param port 0: any that is free */
  async start(port = 0): Promise<this> {
    await new Promise<void>(resolve => this.#server.listen(port, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (typeof address !== 'object' || !address) throw new Error('no port')
    this.apiRoot = `http://127.0.0.1:${address.port}`
    return this
  }

  async stop() {
    this.pusher.close()
    this.#poll?.end('other')
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  plan(plan: Plan) {
    this.#plans.push({ times: 1, ...plan })
  }

  chat(id: number): Map<number, Shown> {
    const known = this.#chats.get(id) ?? new Map<number, Shown>()
    this.#chats.set(id, known)
    return known
  }

  show(chat: number, shown: Omit<Shown, 'id' | 'at'>): Shown {
    const message = { id: this.#messageId++, at: Date.now(), ...shown }
    this.chat(chat).set(message.id, message)
    this.said.push({ chat, ...message })
    return message
  }

  nextUpdateId = () => this.#updateId++

  /** Hands an update to the bot by whichever way it chose. Ends when a webhook has taken it. */
  async push(chat: number, update: Update): Promise<Update> {
    if (this.pusher.hook) {
      await this.pusher.push(chat, update)
    }
    else {
      this.#queue.push(update)
      this.#poll?.end('news')
    }
    return update
  }

  /** Waits for updates as getUpdates does. @throws Refusal 409 when another one asks meanwhile, or a webhook is set */
  async poll({ offset = 0, limit = 100, timeout = 0 }: { offset?: number, limit?: number, timeout?: number }): Promise<Update[]> {
    if (this.pusher.hook) throw new Refusal(409, 'Conflict: can\'t use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first')
    this.#poll?.end('other')
    while (this.#queue[0] && this.#queue[0].update_id < offset) this.#queue.shift()
    if (!this.#queue.length && timeout > 0) {
      const reason = await new Promise<'news' | 'other' | 'time'>((resolve) => {
        const timer = setTimeout(() => resolve('time'), timeout * 1000)
        this.#poll = { end: (why) => {
          clearTimeout(timer)
          resolve(why)
        } }
      })
      if (reason === 'other') throw new Refusal(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running')
      this.#poll = undefined
    }
    return this.#queue.filter(update => update.update_id >= offset).slice(0, limit)
  }

  /** Updates that no poll has confirmed yet. */
  get queued(): number {
    return this.#queue.length
  }

  forgetQueue() {
    this.#queue.splice(0)
  }

  async #answer(request: IncomingMessage, response: ServerResponse) {
    const path = new URL(request.url ?? '/', 'http://fake').pathname
    const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(path)
    if (file) {
      this.downloads++
      await this.downloadsWait.shift()
      return this.#sendFile(response, file[1] ?? '', decodeURIComponent(file[2] ?? ''))
    }
    const [, given, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? []
    const startedAt = performance.now()
    const params = await readParams(request)
    const call: Call = { method, params, at: startedAt, status: 0 }
    if (method !== 'getUpdates') this.calls.push(call)
    try {
      if (given !== token) throw new Refusal(401, 'Unauthorized')
      const handle = methods[method]
      if (!handle) throw new Refusal(404, `Not Found: method ${method}`)
      const plan = this.#takePlan(method, params)
      if (plan?.fate === 'drop') return request.socket.destroy()
      if (plan?.fate === 'refuse') {
        if (plan.retryAfter !== undefined) this.flood.close(plan.scope === 'all' ? 'all' : Number(params.chat_id), plan.retryAfter)
        throw new Refusal(plan.code, plan.description ?? (plan.code === 429 ? `Too Many Requests: retry after ${plan.retryAfter}` : 'Internal Server Error'), plan.retryAfter)
      }
      const result = await handle(this, params)
      if (plan?.fate === 'lose') return request.socket.destroy()
      call.status = 200
      reply(response, 200, { ok: true, result })
    }
    catch (error) {
      if (!(error instanceof Refusal)) throw error
      call.status = error.code
      reply(response, error.code, { ok: false, error_code: error.code, description: error.message, ...(error.retryAfter !== undefined && { parameters: { retry_after: error.retryAfter } }) })
    }
  }

  #takePlan(method: string, params: Params) {
    const plan = this.#plans.find(candidate => candidate.method === method && (candidate.chat === undefined || candidate.chat === Number(params.chat_id)))
    if (plan && --plan.times! <= 0) this.#plans.splice(this.#plans.indexOf(plan), 1)
    return plan
  }

  #sendFile(response: ServerResponse, given: string, path: string) {
    const file = this.files.get(path.replace(/^files\//, ''))
    if (!file || given !== token) return reply(response, 404, { ok: false, error_code: 404, description: 'Not Found' })
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.bytes.length })
    response.end(file.bytes)
  }
}

const paramsSchema = z.record(z.string(), z.unknown())

async function readParams(request: IncomingMessage): Promise<Params> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array))
  const text = Buffer.concat(chunks).toString('utf8')
  if (request.headers['content-type']?.includes('json') && text) return paramsSchema.parse(JSON.parse(text))
  return Object.fromEntries(new URL(request.url ?? '/', 'http://fake').searchParams)
}

function reply(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
