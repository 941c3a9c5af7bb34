// The portal sends the mails and pushes it queues, and writes out who is told of an alert. Every change comes in by a request that is no GET, so each of
// those wakes the loops; what jobs and other workers queue is found by a look every few seconds.
import { randomUUID } from 'node:crypto'
import { defineNitroPlugin } from 'nitropack/runtime'
import { expandAlerts } from '#server/domain/alerts/expand-alerts'
import { findAlert } from '#server/domain/alerts/find-alert'
import { openPush } from '#server/domain/alerts/subscriptions/subscription-token'
import { openMessage } from '#server/domain/messages/open-message'
import type { Services } from '#server/domain/services'
import { emailChannel } from '#server/outbox/channels/email'
import { mailbox } from '#server/outbox/channels/mailbox'
import { openVapidKey } from '#server/outbox/channels/push-encryption'
import { webPushChannel } from '#server/outbox/channels/webpush'
import { startDelivery, usualPace, type Delivery } from '#server/outbox/deliver'
import { pushPace, startPushDelivery } from '#server/outbox/deliver-push'
import { startExpansion } from '#server/outbox/expansion-loop'
import { outboxQueue } from '#server/outbox/queue'
import { config } from '../config.ts'
import { log } from '../http/log.ts'
import { getServices } from '../services.ts'

/** Shorter than NITRO_SHUTDOWN_TIMEOUT: what is under way may end, the rest is given back. */
const graceMs = 3000
const retryMs = 2000

export default defineNitroPlugin(({ hooks }) => {
  if (import.meta.prerender || !config().supabase) return
  const deliveries: Delivery[] = []
  let expansion: Delivery | undefined
  let isOver = false
  void start()

  hooks.hook('afterResponse', (event) => {
    if (event.method === 'GET' || event.method === 'HEAD') return
    expansion?.wake()
    for (const delivery of deliveries) delivery.wake()
  })
  hooks.hook('close', async () => {
    isOver = true
    await Promise.all([expansion, ...deliveries].map(loop => loop?.stop(graceMs)))
  })

  async function start() {
    while (!isOver) {
      const services = await getServices().catch(() => undefined)
      if (services) return begin(services)
      await new Promise(resolve => setTimeout(resolve, retryMs))
    }
  }

  function begin(services: Services) {
    const { isDemo, smtpUrl, mailFrom, publicUrl, push } = config()
    const parts = { worker: randomUUID(), publicUrl, queue: outboxQueue(services.clients), log: log(), findAlert: (identifier: string) => findAlert(services, identifier) }
    if (isDemo || smtpUrl) {
      const { concurrency, sendLimitMs } = usualPace
      deliveries.push(startDelivery({
        ...parts, open: message => openMessage(services, message),
        channel: isDemo || !smtpUrl ? mailbox() : emailChannel({ smtpUrl, from: mailFrom, host: new URL(publicUrl).hostname, maxConnections: concurrency, limitMs: sendLimitMs }),
      }))
    }
    else {
      log().warn({ outbox: 'SMTP_URL is not set: mails wait' })
    }
    if (push) {
      const { concurrency, sendLimitMs } = pushPace
      deliveries.push(startPushDelivery({
        ...parts, open: message => openPush(services.keys, message),
        channel: webPushChannel({ key: openVapidKey(push.privateKey), subject: push.subject, services: push.services, limitMs: sendLimitMs, maxConnections: concurrency }),
      }))
    }
    expansion = startExpansion({ expand: onPage => expandAlerts(services, onPage), onPage: () => deliveries.forEach(delivery => delivery.wake()), log: log() })
  }
})
