/*
  Delivery by Telegram. The pace is the database's: each claimed message has its moment (`wait_ms`), one of a chat at a time, so that any
  number of workers together keep Telegram's limits. A message goes out twice in one case only: its worker ends between Telegram's answer and
  our mark; at most `concurrency` are between the two.
*/
import type { PublishedAlert } from '#shared/alerts/published-alert'
import type { ClaimedTelegram, TelegramQueue, TelegramSettlement } from '#server/db/bot'
import { TelegramError, type TelegramChannel } from './channels/telegram.ts'
import { decide } from './decide.ts'
import { startLoop, type Delivery, type DeliveryLog, type LoopPace } from './delivery-loop.ts'
import { messageKind } from './messages/write-mail.ts'
import { wishButton, writeAlert, writeChat, type TelegramText } from './messages/write-telegram.ts'
import { afterFailure, type RetryPolicy } from './retry-policy.ts'

/** What only the keys tell. `nobody`: the chat was unlinked, or what was to be said is forgotten. */
export type OpenedTelegram = { chatId: number, words?: string, wish?: { kind: 'tell' | 'hush', data: string } } | 'nobody'

export interface TelegramParts {
  worker: string
  queue: TelegramQueue
  channel: TelegramChannel
  publicUrl: string
  /** Opens what is sealed. Whatever it throws means that nobody will ever open it. */
  open: (message: ClaimedTelegram) => OpenedTelegram
  /** An alert that a chat subscribed to; undefined: there is none. */
  findAlert: (identifier: string) => Promise<PublishedAlert | undefined>
  log: DeliveryLog
}

export interface TelegramPace extends LoopPace {
  retry: RetryPolicy
}

/** Somebody waits for an answer: a minute between two tries at most, and a worker that died holds a chat for seconds. */
export const telegramPace: TelegramPace = {
  concurrency: 4, batch: 30, leaseSeconds: 6, sendLimitMs: 8000, idleMs: 2000, gatherMs: 60, retry: { maxAttempts: 40, firstSeconds: 1, longestSeconds: 60 },
}

/** Who comes later than this to the moment of a message gives it back: sent all at once, what piled up would break the limit. */
const lateMs = 200
/** Never closer together from one worker, however late. */
const gapMs = 30

/** Of so many at once the database puts the first a little off (claim_telegram), if the lines rested for so long: time to open them. */
const manyMessages = 10
const restedMs = 3000

/** What is said in a conversation goes to its chat; what is for an account is news or a call, also about a chat that waits. */
const isTalk = ({ noun, recipient_id: account }: ClaimedTelegram) => noun === 'chat' && account === null

type Ending = Omit<TelegramSettlement, 'id' | 'chat_hash'>

/** Sends by Telegram until it is stopped. */
export function startTelegramDelivery({ worker, queue, channel, publicUrl, open, findAlert, log }: TelegramParts, pace: TelegramPace = telegramPace): Delivery {
  /** Telegram refuses everybody until then. */
  let closedUntil = 0
  let lastSentAt = -restedMs
  return startLoop<ClaimedTelegram, TelegramSettlement>({
    claim: async (limit, leaseSeconds) => {
      const claimedAt = performance.now()
      const claim = await queue.claim(worker, limit, leaseSeconds)
      // The moments count from the answer of the database, which was on its way for a part of this time.
      const base = performance.now() - (performance.now() - claimedAt) / 2
      for (const message of claim.messages) message.wait_ms += base
      if (claim.messages.length > manyMessages && performance.now() - lastSentAt > restedMs) void channel.warm(pace.concurrency)
      return claim
    },
    attempt: async (message, now, trouble) => ({ id: message.id, chat_hash: message.chat_hash, ...await attempt(message, now, trouble) }),
    renew: (messages, leaseSeconds) => queue.renew(worker, messages.map(({ id }) => id), leaseSeconds),
    release: ({ id, chat_hash: chatHash }) => ({ id, chat_hash: chatHash, outcome: 'release' }),
    async settle(end) {
      const { is_for_all: isForAll } = await queue.settle(worker, end)
      if (isForAll) closedUntil = performance.now() + (end.retry_after ?? 1) * 1000
    },
    close: () => undefined,
    log,
  }, pace)

  async function attempt(message: ClaimedTelegram, now: Date, trouble: (isTrouble: boolean) => void): Promise<Ending> {
    if (message.attempts > pace.retry.maxAttempts) return { outcome: 'dead', error: 'worker_lost' }
    if (!isTalk(message)) {
      const kind = messageKind(message.template)
      if (!kind) return { outcome: 'dead', error: 'no_text' }
      const decision = decide(message, kind.weight, now)
      if (decision.do === 'cancel') return { outcome: 'cancelled', error: decision.why }
      if (decision.do === 'hold') return { outcome: 'hold', until: decision.until.toISOString() }
    }
    const alert = message.subscription_id && message.alert ? await findAlert(message.alert).catch(() => 'away' as const) : undefined
    if (alert === 'away') return { outcome: 'release' }
    let chatId: number
    let written: TelegramText | undefined
    try {
      const opened = open(message)
      if (opened === 'nobody') return { outcome: 'cancelled', error: 'nobody' }
      chatId = opened.chatId
      const { wish } = opened
      const words = write(message, opened.words, alert)
      written = words && { ...words, buttons: [...words.buttons, ...wish ? [wishButton(wish, message.locale)] : []] }
    }
    catch (error) {
      log.error({ err: error })
      return { outcome: 'dead', error: 'unreadable' }
    }
    if (!written) return { outcome: 'dead', error: 'no_text' }
    await until(Math.max(message.wait_ms, lastSentAt + gapMs))
    const moment = performance.now()
    if (moment < closedUntil || moment > message.wait_ms + lateMs) return { outcome: 'release' }
    lastSentAt = moment
    try {
      const messageId = await channel.send({ chatId, ...written })
      trouble(false)
      return { outcome: 'sent', sent_by: 'telegram', message_id: messageId }
    }
    catch (error) {
      if (!(error instanceof TelegramError)) throw error
      const { failure } = error
      switch (failure.kind) {
        case 'wait':
          trouble(false)
          return { outcome: 'hold', until: new Date(now.getTime() + failure.seconds * 1000).toISOString(), retry_after: failure.seconds }
        case 'blocked':
          trouble(false)
          return { outcome: 'cancelled', error: 'blocked', is_blocked: true }
        case 'failed':
          trouble(!failure.isPermanent)
          return afterFailure(failure, message.attempts, Math.random(), pace.retry)
      }
    }
  }

  function write(message: ClaimedTelegram, words: string | undefined, alert: PublishedAlert | undefined): TelegramText | undefined {
    const { template, locale, reference, matters, alert: alertIdentifier } = message
    if (alert) return writeAlert(alert, locale, publicUrl)
    if (isTalk(message)) return writeChat(template, words, locale, publicUrl)
    const kind = messageKind(template)
    const mail = kind?.write({ template, locale, reference, matters, params: {}, alertIdentifier }, publicUrl)
    return mail && { text: mail.body, buttons: kind?.buttons?.(locale) ?? [] }
  }
}

async function until(moment: number) {
  const ms = moment - performance.now()
  if (ms > 1) await new Promise(resolve => setTimeout(resolve, ms))
}
