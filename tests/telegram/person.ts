import { randomUUID } from 'node:crypto'
import type { CallbackQuery, Message, Update, User } from 'grammy/types'
import type { FakeBotApi, Shown } from './fake-bot-api.ts'

interface PersonOptions { id?: number, language?: string, group?: number }
let nextId = 5_000_001

/** Somebody with a messenger who talks to the bot: writes, taps, sends places and files, and reads what stands in their chat. */
export class Person {
  readonly id: number
  readonly chat: number
  readonly user: User
  readonly #api: FakeBotApi

  constructor(api: FakeBotApi, { id = nextId++, language = 'zh-hans', group }: PersonOptions = {}) {
    this.#api = api
    this.id = id
    this.chat = group ?? id
    this.user = { id, is_bot: false, first_name: 'Lin', language_code: language }
  }

  /** What the chat shows now, oldest first. */
  get screen(): Shown[] {
    return [...this.#api.chat(this.chat).values()]
  }

  get answers(): Shown[] {
    return this.screen.filter(({ by }) => by === 'bot')
  }

  /** Everything the bot ever said here. */
  get heard(): string {
    return this.#api.said.filter(({ chat, by }) => chat === this.chat && by === 'bot').map(({ text }) => text).join('\n')
  }

  says(text: string): Promise<Update> {
    return this.#push({ text, ...(text.startsWith('/') && { entities: [{ type: 'bot_command', offset: 0, length: text.split(/\s/)[0]?.length ?? 0 }] }) }, text)
  }

  sendsPlace(latitude: number, longitude: number): Promise<Update> {
    return this.#push({ location: { latitude, longitude } }, 'place')
  }

  sendsPhoto(bytes: Buffer, { caption, size = bytes.length }: { caption?: string, size?: number } = {}): Promise<Update> {
    const id = this.#keep(bytes, size)
    const one = { file_unique_id: id, width: 90, height: 60 }
    return this.#push({ photo: [{ ...one, file_id: `${id}-thumb`, file_size: 900 }, { ...one, file_id: id, width: 1280, height: 960, file_size: size }], ...(caption && { caption }) }, 'photo')
  }

  sendsVoice(bytes: Buffer): Promise<Update> {
    const id = this.#keep(bytes)
    return this.#push({ voice: { file_id: id, file_unique_id: id, duration: 4, mime_type: 'audio/ogg', file_size: bytes.length } }, 'voice')
  }

  sendsVideo(bytes: Buffer, size = bytes.length): Promise<Update> {
    const id = this.#keep(bytes, size)
    return this.#push({ video: { file_id: id, file_unique_id: id, width: 640, height: 480, duration: 9, mime_type: 'video/mp4', file_size: size } }, 'video')
  }

  sendsDocument(bytes: Buffer, { name, type, size = bytes.length }: { name: string, type: string, size?: number }): Promise<Update> {
    const id = this.#keep(bytes, size)
    return this.#push({ document: { file_id: id, file_unique_id: id, file_name: name, mime_type: type, file_size: size } }, 'document')
  }

  /** Taps the newest button of that label. @throws Error naming the buttons there are */
  async taps(label: string | RegExp): Promise<Update> {
    return this.#api.push(this.chat, this.tapOn(label))
  }

  /** The update of a tap, to be pushed by hand: twice, late, or in the wrong order. */
  tapOn(label: string | RegExp): Update {
    for (const message of this.answers.toReversed()) {
      const button = message.buttons.find(({ text, data }) => data !== undefined && (typeof label === 'string' ? text === label : label.test(text)))
      if (button?.data !== undefined) return this.update({ callback_query: this.#query(button.data, message) })
    }
    throw new Error(`no button ${label}; there are: ${this.answers.flatMap(({ buttons }) => buttons.map(({ text }) => text)).join(' | ')}`)
  }

  /** Waits until the bot has said this, in a message after the one given. */
  async hears(what: string | RegExp, { ms = 15_000, after = 0 }: { ms?: number, after?: number } = {}): Promise<Shown> {
    const until = Date.now() + ms
    for (;;) {
      const found = this.answers.find(({ id, text }) => id > after && (typeof what === 'string' ? text.includes(what) : what.test(text)))
      if (found) return found
      if (Date.now() > until) throw new Error(`did not hear ${what}; heard:\n${this.heard}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  /** The number of the newest message, for `hears({ after })`. */
  get last(): number {
    return this.screen.at(-1)?.id ?? 0
  }

  update(content: Omit<Update, 'update_id'>): Update {
    return { update_id: this.#api.nextUpdateId(), ...content }
  }

  /** The update of a text, to be pushed by hand. */
  writes(text: string): Update {
    return this.#written({ text }, text)
  }

  #push(content: Partial<Message>, text: string) {
    return this.#api.push(this.chat, this.#written(content, text))
  }

  #written(content: Partial<Message>, text: string): Update {
    const { id, at } = this.#api.show(this.chat, { by: 'person', text, buttons: [] })
    const chat = this.chat < 0 ? { id: this.chat, type: 'group' as const, title: 'Neighbours' } : { id: this.chat, type: 'private' as const, first_name: 'Lin' }
    return this.update({ message: { message_id: id, date: Math.floor(at / 1000), chat, from: this.user, ...content } as Message & Update.NonChannel })
  }

  #query(data: string, message: Shown): CallbackQuery {
    const id = randomUUID()
    this.#api.queries.add(id)
    return { id, from: this.user, chat_instance: '1', data, message: { message_id: message.id, date: Math.floor(message.at / 1000), chat: { id: this.chat, type: 'private', first_name: 'Lin' }, text: message.text } }
  }

  #keep(bytes: Buffer, size = bytes.length): string {
    const id = `f${randomUUID().replaceAll('-', '')}`
    this.#api.files.set(id, { bytes, size })
    return id
  }
}
