/** Who is sent to: a private chat has its own id, a group a negative one. */
const isGroup = (chat: number) => chat < 0

/**
 * Telegram's limits for a bot: 30 messages a second overall, one a second in a chat, 20 a minute in a group. Who sends on while told
 * to wait is told again, and it is counted.
 * @see https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
 */
export class Flood {
  readonly limits = { overall: 30, chat: 1, group: 20 }
  /** Sends inside the time they were told to wait for. */
  violations = 0
  /** Each time it closed, and for how long. */
  readonly closings: { who: 'chat' | 'all', seconds: number }[] = []
  #overall: number[] = []
  readonly #chats = new Map<number, number[]>()
  readonly #closed = new Map<number | 'all', number>()

  /** Seconds to wait, or undefined when the message is taken. */
  take(chat: number, now = performance.now()): number | undefined {
    const closed = Math.max(this.#closed.get('all') ?? 0, this.#closed.get(chat) ?? 0)
    if (closed > now) {
      this.violations++
      return Math.ceil((closed - now) / 1000)
    }
    this.#overall = this.#overall.filter(at => at > now - 1000)
    const span = isGroup(chat) ? 60_000 : 1000
    const own = (this.#chats.get(chat) ?? []).filter(at => at > now - span)
    if (this.#overall.length >= this.limits.overall) return this.close('all', 1, now)
    if (own.length >= (isGroup(chat) ? this.limits.group : this.limits.chat)) return this.close(chat, Math.max(1, Math.ceil(((own[0] ?? now) + span - now) / 1000)), now)
    this.#overall.push(now)
    this.#chats.set(chat, [...own, now])
    return undefined
  }

  /** From now on nothing is taken for so long, in one chat or in all. */
  close(chat: number | 'all', seconds: number, now = performance.now()): number {
    this.#closed.set(chat, now + seconds * 1000)
    this.closings.push({ who: chat === 'all' ? 'all' : 'chat', seconds })
    return seconds
  }
}
