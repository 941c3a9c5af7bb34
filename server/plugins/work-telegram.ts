// By webhook each portal works on updates, too: the call that kept one wakes it. What other processes kept is found by a look each second.
import { defineNitroPlugin } from 'nitropack/runtime'
import { startBot, type BotProcess } from '../../bot/start-bot.ts'
import { telegramConverse } from '../../bot/telegram-converse.ts'
import { chatModel } from '../http/chat-model.ts'
import { config } from '../config.ts'
import { log } from '../http/log.ts'
import { getServices } from '../services.ts'

/** Shorter than NITRO_SHUTDOWN_TIMEOUT. */
const graceMs = 3000
const retryMs = 2000

export default defineNitroPlugin(({ hooks }) => {
  const { telegram, supabase } = import.meta.prerender ? {} : config()
  if (telegram?.mode !== 'webhook' || !supabase) return
  let bot: BotProcess | undefined
  let isOver = false
  void start(telegram)

  hooks.hook('afterResponse', (event) => {
    if (event.method !== 'GET' && event.method !== 'HEAD') bot?.wake()
  })
  hooks.hook('close', async () => {
    isOver = true
    await bot?.stop(graceMs)
  })

  async function start(settings: NonNullable<typeof telegram>) {
    while (!isOver) {
      const services = await getServices().catch(() => undefined)
      if (services) {
        bot = startBot(settings, services, telegramConverse(services, { emergencyNumbers: config().emergencyNumbers, loadModel: chatModel() }), log())
        return
      }
      await new Promise(resolve => setTimeout(resolve, retryMs))
    }
  }
})
