// One worker that delivers, as a process that may be killed: what the portal's plugin does, at a pace for a bench.
import { z } from 'zod'
import { openMessage } from '../../server/domain/messages/open-message.ts'
import { openServices } from '../../server/domain/services.ts'
import { parseMasterKeys } from '../../server/domain/trust/envelope.ts'
import { emailChannel } from '../../server/outbox/channels/email.ts'
import { startDelivery, usualPace } from '../../server/outbox/deliver.ts'
import { outboxQueue } from '../../server/outbox/queue.ts'

const orders = z.object({
  supabase: z.object({ url: z.string(), publishableKey: z.string(), secretKey: z.string() }), masterKeys: z.string(), smtpUrl: z.string(), leaseSeconds: z.number(), name: z.string(),
}).parse(JSON.parse(process.argv[2] ?? '{}'))
const publicUrl = 'https://ping-an.example'
const services = await openServices({ supabase: orders.supabase, masterKeys: parseMasterKeys(orders.masterKeys), isDemo: false, publicUrl })
const sendLimitMs = orders.leaseSeconds * 400

const delivery = startDelivery({
  worker: orders.name, queue: outboxQueue(services.clients), publicUrl, open: message => openMessage(services, message), findAlert: async () => undefined,
  channel: emailChannel({ smtpUrl: orders.smtpUrl, from: 'no-reply@ping-an.example', host: 'ping-an.example', maxConnections: usualPace.concurrency, limitMs: sendLimitMs }),
  log: { info: () => undefined, error: facts => process.stderr.write(`${JSON.stringify(facts, (_key, value: unknown) => value instanceof Error ? value.message : value)}\n`) },
}, { ...usualPace, leaseSeconds: orders.leaseSeconds, sendLimitMs, idleMs: 250, retry: { ...usualPace.retry, firstSeconds: 0.2, longestSeconds: 2 } })

process.on('SIGTERM', () => void delivery.stop(2000).then(() => process.exit(0)))
// Nobody is left behind by a bench that dies.
process.on('disconnect', () => process.exit(1))
