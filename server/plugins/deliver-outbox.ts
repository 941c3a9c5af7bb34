// The portal sends the mails it queues. Every change comes in by a request that is no GET, so each of those wakes the loop; what jobs
// and other workers queue is found by a look every quarter of a minute.
import { randomUUID } from 'node:crypto'
import { defineNitroPlugin } from 'nitropack/runtime'
import { openMessage } from '#server/domain/messages/open-message'
import { emailChannel } from '#server/outbox/channels/email'
import { mailbox } from '#server/outbox/channels/mailbox'
import { startDelivery, usualPace, type Delivery } from '#server/outbox/deliver'
import { outboxQueue } from '#server/outbox/queue'
import { config } from '../config.ts'
import { log } from '../http/log.ts'
import { getServices } from '../services.ts'

/** Shorter than NITRO_SHUTDOWN_TIMEOUT: what is under way may end, the rest is given back. */
const graceMs = 3000
const retryMs = 2000

export default defineNitroPlugin(({ hooks }) => {
  if (import.meta.prerender || !config().supabase) return
  let delivery: Delivery | undefined
  let isOver = false
  void start()

  hooks.hook('afterResponse', (event) => {
    if (event.method !== 'GET' && event.method !== 'HEAD') delivery?.wake()
  })
  hooks.hook('close', async () => {
    isOver = true
    await delivery?.stop(graceMs)
  })

  async function start() {
    const { isDemo, smtpUrl, mailFrom, publicUrl } = config()
    if (!isDemo && !smtpUrl) return log().warn({ outbox: 'SMTP_URL is not set: mails wait' })
    while (!isOver) {
      const services = await getServices().catch(() => undefined)
      if (services) {
        const { concurrency, sendLimitMs } = usualPace
        delivery = startDelivery({
          worker: randomUUID(), publicUrl, queue: outboxQueue(services.clients), log: log(), open: message => openMessage(services, message),
          channel: isDemo || !smtpUrl ? mailbox() : emailChannel({ smtpUrl, from: mailFrom, host: new URL(publicUrl).hostname, maxConnections: concurrency, limitMs: sendLimitMs }),
        })
        return
      }
      await new Promise(resolve => setTimeout(resolve, retryMs))
    }
  }
})
