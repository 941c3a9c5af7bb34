/*
  The bot of a process: it works on updates, sends what is queued for Telegram, and by polling brings the updates in as well. The portal starts it
  when updates come by webhook (server/plugins/work-telegram.ts), main.ts when they are asked for. Any number may run beside each other.
*/
import { randomUUID } from 'node:crypto'
import { Api, GrammyError } from 'grammy'
import { announceBot, keepUpdates } from '#server/domain/chat/bot-work'
import { updateKinds } from '#server/domain/chat/bot-updates'
import { findAlert } from '#server/domain/alerts/find-alert'
import { openTelegram } from '#server/domain/chat/open-telegram'
import type { Services } from '#server/domain/services'
import { telegramChannel } from '#server/outbox/channels/telegram'
import { startTelegramDelivery, telegramPace } from '#server/outbox/deliver-telegram'
import { telegramQueue } from '#server/outbox/queue'
import { text } from '#server/texts'
import { createBot, localeOf } from './create-bot.ts'
import { tellCommands } from './commands.ts'
import { startPoller } from './poller.ts'
import { startWorker } from './worker.ts'
import type { BotParts, Work } from './context.ts'
import type { Converse } from './converse.ts'

/** `none`: somebody else brings the updates in, this process only works on them. */
export type Ways = { mode: 'polling' | 'none' } | { mode: 'webhook', url: string, secret: string }

export interface BotProcess {
  /** Telegram knows the bot, and it is at work; or it was stopped before. */
  started: Promise<void>
  /** An update was kept, or something was queued. */
  wake: () => void
  /** Takes no more, and lets what is under way end for so long. */
  stop: (graceMs: number) => Promise<void>
}

type Log = BotParts['log']

/** Starts as soon as Telegram knows the bot; until then it asks again and again, and the portal runs on. */
export function startBot(telegram: Ways & { token: string, apiRoot: string }, services: Services, converse: Converse, log: Log): BotProcess {
  const { token, apiRoot, mode } = telegram
  const api = new Api(token, { apiRoot, timeoutSeconds: 40 })
  const isOver = new AbortController()
  const parts: { wake: () => void, stop: (graceMs: number) => Promise<unknown> }[] = []
  const started = start()
  return {
    started,
    wake: () => parts.forEach(part => part.wake()),
    async stop(graceMs) {
      isOver.abort()
      // A call that Telegram does not answer holds nobody up.
      await Promise.race([started, new Promise(resolve => setTimeout(resolve, graceMs))])
      await Promise.all(parts.map(part => part.stop(graceMs)))
    },
  }

  async function start() {
    const botInfo = await introduce()
    if (!botInfo) return
    const delivery = startTelegramDelivery({
      worker: randomUUID(), queue: telegramQueue(services.clients), publicUrl: services.settings.publicUrl, open: message => openTelegram(services, message), findAlert: identifier => findAlert(services, identifier), log,
      channel: telegramChannel({ token, apiRoot, limitMs: telegramPace.sendLimitMs }),
    })
    const bot = createBot({ token, apiRoot, botInfo }, { services, log, converse, download })
    const worker = startWorker({
      services, log, onHandled: () => delivery.wake(), handle: bot.handle,
      onGivenUp: (update, work) => sayGivenUp(work, localeOf((update.message ?? update.callback_query)?.from?.language_code)),
    })
    parts.push(worker, delivery)
    if (mode === 'polling') {
      const poller = startPoller({ api, keep: updates => keepUpdates(services, updates), onKept: () => worker.wake(), log })
      parts.unshift({ wake: () => undefined, stop: () => poller.stop() })
    }
    log.info({ bot: mode })
  }

  /** Who we are at Telegram, what we can do, and how updates come. */
  async function introduce() {
    for (let failures = 0; !isOver.signal.aborted; failures++) {
      try {
        const me = await api.getMe()
        await tellCommands(api)
        if (telegram.mode === 'webhook') await api.setWebhook(telegram.url, { secret_token: telegram.secret, allowed_updates: [...updateKinds], max_connections: 40 })
        else if (mode === 'polling') await api.deleteWebhook()
        await announceBot(services, me.username)
        return me
      }
      catch (error) {
        const code = error instanceof GrammyError ? error.error_code : 'unreachable'
        log.warn({ bot: code === 401 || code === 404 ? 'Telegram does not know TELEGRAM_BOT_TOKEN' : 'waits for Telegram', code })
        await pause(Math.min(60_000, 1000 * 2 ** failures))
      }
    }
    return undefined
  }

  async function download(path: string) {
    const signal = AbortSignal.any([isOver.signal, AbortSignal.timeout(60_000)])
    // Neither the address, which holds the token, nor what fetch says about it may come into a log.
    const response = await fetch(`${apiRoot}/file/bot${token}/${path}`, { signal }).catch(() => undefined)
    if (!response?.ok) throw new Error(`a file of Telegram answered ${response?.status ?? 'nothing'}`)
    const bytes = await response.arrayBuffer().catch(() => undefined)
    if (!bytes) throw new Error('a file of Telegram broke off')
    return new Uint8Array(bytes)
  }

  async function sayGivenUp(work: Work, locale: ReturnType<typeof localeOf>) {
    await work.finish([{ locale, text: text(locale, 'chat.telegram.givenUp') }])
  }

  function pause(ms: number) {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      isOver.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      }, { once: true })
    })
  }
}
