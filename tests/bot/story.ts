import { chatHash } from '../../server/domain/chat/bot-updates.ts'
import { Person } from '../telegram/person.ts'
import type { BotStation } from './bot-station.ts'

/** A person who waits for the whole answer before they go on. */
export class Resident extends Person {
  readonly #station: BotStation

  constructor(station: BotStation, language: 'zh' | 'en') {
    super(station.api, { language })
    this.#station = station
  }

  /** Does something and waits until all that follows has come. @returns what the bot said since */
  async then(act: () => Promise<unknown>): Promise<string> {
    const before = this.last
    await act()
    await this.settled()
    return this.answers.filter(({ id }) => id > before).map(({ text }) => text).join('\n')
  }

  say = (text: string) => this.then(() => this.says(text))
  tap = (label: string | RegExp) => this.then(() => this.taps(label))

  /** The buttons under the newest message. */
  get offered(): string[] {
    return this.answers.at(-1)?.buttons.map(({ text }) => text) ?? []
  }

  /** Nothing of this chat waits to be handled or sent. */
  async settled(ms = 40_000): Promise<void> {
    const hash = chatHash(this.#station.services.keys, this.chat)
    for (const end = Date.now() + ms; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 40))) {
      const [row] = await this.#station.backend.sql<{ n: number }[]>`select ((select count(*) from private.bot_updates where chat_hash = ${hash} and handled_at is null) + (select count(*) from public.outbox where chat_hash = ${hash} and status = 'queued'))::int as n`
      if (row?.n === 0 && this.#station.api.queued === 0) return
    }
    throw new Error(`something still waits; heard:\n${this.heard}`)
  }
}
