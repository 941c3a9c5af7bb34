import type { Update } from 'grammy/types'

export interface Hook { url: string, secret?: string, maxConnections: number }

/** What Telegram does with a bot's webhook: one update of a chat after the other, several chats at a time, again and again until it is answered with 2xx. */
export class WebhookPusher {
  /** How each delivery was answered; status 0: not at all. */
  readonly answers: { updateId: number, status: number, ms: number }[] = []
  hook: Hook | undefined
  readonly #waiting: { chat: number, update: Update, settled: (status: number) => void, pauseMs: number }[] = []
  readonly #busy = new Set<number>()
  #isClosed = false

  /** Ends when the update was taken. */
  push(chat: number, update: Update): Promise<number> {
    return new Promise((settled) => {
      this.#waiting.push({ chat, update, settled, pauseMs: 100 })
      this.#next()
    })
  }

  /** Sends once, whatever else is under way: for what arrives twice or in the wrong order. */
  async deliver(update: Update, secret = this.hook?.secret): Promise<number> {
    if (!this.hook) throw new Error('no webhook is set')
    const startedAt = performance.now()
    const status = await fetch(this.hook.url, {
      method: 'POST', body: JSON.stringify(update), signal: AbortSignal.timeout(10_000),
      headers: { 'content-type': 'application/json', ...(secret && { 'x-telegram-bot-api-secret-token': secret }) },
    }).then(async (response) => {
      await response.arrayBuffer()
      return response.status
    }, () => 0)
    this.answers.push({ updateId: update.update_id, status, ms: performance.now() - startedAt })
    return status
  }

  get pending(): number {
    return this.#waiting.length
  }

  close() {
    this.#isClosed = true
  }

  #next() {
    if (!this.hook || this.#isClosed) return
    for (const one of [...this.#waiting]) {
      if (this.#busy.size >= this.hook.maxConnections) return
      if (this.#busy.has(one.chat)) continue
      this.#busy.add(one.chat)
      void this.deliver(one.update).then(async (status) => {
        if (status >= 200 && status < 300) {
          this.#waiting.splice(this.#waiting.indexOf(one), 1)
          one.settled(status)
        }
        else {
          await new Promise(resolve => setTimeout(resolve, one.pauseMs))
          one.pauseMs = Math.min(2000, one.pauseMs * 2)
        }
        this.#busy.delete(one.chat)
        this.#next()
      })
    }
  }
}
