// The bot as a process of its own, which asks Telegram for updates. `npm start` runs it beside the portal when TELEGRAM_BOT_TOKEN is set
// (scripts/serve/supervise.ts); with TELEGRAM_MODE=webhook it is one more worker.
import { chatModel } from '#server/http/chat-model'
import { config } from '#server/config'
import { log } from '#server/http/log'
import { getServices } from '#server/services'
import { startBot } from './start-bot.ts'
import { telegramConverse } from './telegram-converse.ts'

/** Shorter than the supervisor's patience. */
const graceMs = 3000
const retryMs = 1000

const { telegram, emergencyNumbers } = config()
if (!telegram) {
  process.stderr.write('The setting TELEGRAM_BOT_TOKEN is missing: there is no bot to start.\n')
  process.exit(1)
}

let services = await getServices().catch(() => undefined)
while (!services) {
  await new Promise(resolve => setTimeout(resolve, retryMs))
  services = await getServices().catch(() => undefined)
}
const bot = startBot(telegram, services, telegramConverse(services, { emergencyNumbers, loadModel: chatModel() }), log())
process.stdout.write(`${JSON.stringify({ bot: telegram.mode })}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void bot.stop(graceMs).then(() => process.exit(0), () => process.exit(1)))
}
