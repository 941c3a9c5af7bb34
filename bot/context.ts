import type { Context } from 'grammy'
import type { Services } from '#server/domain/services'
import type { Locale } from '#shared/locales'
import type { Notice } from '#server/domain/chat/telegram-handle'
import type { Converse } from './converse.ts'

/** The one update that a worker holds, and how it ends. An update ends once; what ends it commits everything of it. */
export interface Work {
  hash: string
  chatHash: string
  chatId: number
  /** Ends it without a turn. @returns false: another worker was first */
  finish: (notices?: Notice[], more?: { forget?: boolean, erasesThreads?: boolean }) => Promise<boolean>
}

/** What features reach for. */
export interface BotParts {
  services: Services
  converse: Converse
  /** Downloads a file that somebody sent. */
  download: (path: string) => Promise<Uint8Array>
  log: { info: (facts: object) => void, warn: (facts: object) => void, error: (facts: object) => void }
}

/** grammY's context of an update, with the work it is part of. */
export interface BotContext extends Context {
  work: Work
  parts: BotParts
  /** In which language somebody is answered who has not said so. */
  firstLocale: Locale
}
