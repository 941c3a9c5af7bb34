import { describe, expect, it } from 'vitest'
import type { ClaimedMessage, OutboxQueue, Settlement } from '#server/db/outbox'
import { SendError, type Mail } from '#server/outbox/channels/channel'
import { startDelivery, usualPace, type DeliveryPace, type OpenedMessage } from '#server/outbox/deliver'

const noon = '2026-11-22T12:00:00+08:00'
const aMessage = (over: Partial<ClaimedMessage> = {}): ClaimedMessage => ({
  id: 1, created_at: noon, template: 'reports.received', noun: 'reports', noun_id: '00000000-0000-4000-8000-000000000001', locale: 'en', message_key: '00000000-0000-4000-8000-0000000000aa', attempts: 1,
  recipient_id: null, recipient: null, recipient_sealed: 'v1.x', params_sealed: null, reference: 'LL-7K3Q-9XPA', matters: 1, time_zone: 'Asia/Shanghai', level: 'all', quiet_from: '22:00', quiet_to: '07:00',
  subscription_id: null, alert: null, handle_hash: null, handle_sealed: null, token_hash: null, token_sealed: null, expires_at: null, ...over,
})

interface Rig {
  batches: ClaimedMessage[][]
  send?: (mail: Mail) => Promise<void>
  open?: () => OpenedMessage
  settle?: OutboxQueue['settle']
  now?: string
  pace?: Partial<DeliveryPace>
  nextInSeconds?: number | null
}

/** Runs a delivery over some batches until all have been settled, and says how. */
function rig({ batches, send = async () => undefined, open = () => ({ to: 'amina@example.org', params: {}, links: { settings: 'https://x.example/s', unsubscribe: 'https://x.example/u' } }), settle, now = noon, pace = {}, nextInSeconds = null }: Rig) {
  const settled: Settlement[] = []
  const sent: Mail[] = []
  const errors: object[] = []
  let claims = 0
  const queue: OutboxQueue = {
    async claim() {
      claims++
      return { ok: true, now, messages: batches.shift() ?? [], next_in_seconds: nextInSeconds }
    },
    settle: settle ?? (async (_worker, settlement) => {
      settled.push(settlement)
      return { ok: true, kept: true }
    }),
  }
  const delivery = startDelivery({
    worker: 'w', queue, publicUrl: 'https://ping-an.example', open, findAlert: async () => undefined, log: { info: () => undefined, error: facts => errors.push(facts) },
    channel: { name: 'smtp', close: () => undefined, send: async (mail) => {
      await send(mail)
      sent.push(mail)
    } },
  }, { ...usualPace, batch: 2, idleMs: 40, ...pace })
  return { delivery, settled, sent, errors, claims: () => claims, settledAs: async (count: number) => {
    await until(() => settled.length >= count)
    await delivery.stop(1000)
    return settled
  } }
}

async function until(isSo: () => boolean) {
  for (let waited = 0; !isSo(); waited += 5) {
    if (waited > 5000) throw new Error('waited for five seconds')
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

describe('delivery', () => {
  it('sends a mail with its own key and links, and marks it', async () => {
    const { sent, errors, settledAs } = rig({ batches: [[aMessage()]] })

    expect(await settledAs(1)).toEqual([{ id: 1, outcome: 'sent', sent_by: 'smtp', forget_params: true }])
    expect(sent).toMatchObject([{ to: 'amina@example.org', key: '00000000-0000-4000-8000-0000000000aa', unsubscribeUrl: 'https://x.example/u' }])
    expect(errors).toEqual([])
  })

  it('a mail about a duty goes to whoever switched mails off, and offers no unsubscribing', async () => {
    const { sent, settledAs } = rig({ batches: [[aMessage({ template: 'revisits.overdue', level: 'none' })]] })

    expect(await settledAs(1)).toMatchObject([{ outcome: 'sent' }])
    expect(sent).toHaveLength(1)
    expect(sent[0]).not.toHaveProperty('unsubscribeUrl')
  })

  it('tries again what failed for now, and gives up what failed for good', async () => {
    const answers = [{ isPermanent: false, error: 'smtp_450' }, { isPermanent: true, error: 'smtp_550' }]
    const { settledAs } = rig({ batches: [[aMessage(), aMessage({ id: 2 })]], pace: { concurrency: 1 }, send: async () => {
      throw new SendError(answers.shift() ?? { isPermanent: true, error: 'none' })
    } })

    expect(await settledAs(2)).toMatchObject([{ id: 1, outcome: 'retry', error: 'smtp_450' }, { id: 2, outcome: 'dead', error: 'smtp_550' }])
  })

  it.each<[string, Partial<ClaimedMessage>, Omit<Rig, 'batches'>, object]>([
    ['a template without words', { template: 'reports.unheard_of' }, {}, { outcome: 'dead', error: 'no_text' }],
    ['one that killed its workers', { attempts: usualPace.retry.maxAttempts + 1 }, {}, { outcome: 'dead', error: 'worker_lost' }],
    ['one that nobody can open', {}, { open: () => { throw new Error('sealed') } }, { outcome: 'dead', error: 'unreadable' }],
    ['an account without an address', {}, { open: () => ({ to: '', params: {} }) }, { outcome: 'dead', error: 'no_address' }],
    ['one that its recipient does not want', { level: 'none' }, {}, { outcome: 'cancelled', error: 'opted_out' }],
    ['one in the night', {}, { now: '2026-11-22T23:00:00+08:00' }, { outcome: 'hold', until: '2026-11-22T23:00:00.000Z' }],
    ['one that cannot end within the lease', {}, { pace: { leaseSeconds: 1, sendLimitMs: 2000 } }, { outcome: 'release' }],
  ])('%s is not sent', async (_what, over, parts, expected) => {
    const { sent, settledAs } = rig({ batches: [[aMessage(over)]], ...parts })

    expect(await settledAs(1)).toMatchObject([expected])
    expect(sent).toEqual([])
  })

  it('says that a mail went out until the database has heard it', async () => {
    const said: Settlement[] = []
    const { delivery, sent } = rig({ batches: [[aMessage()]], settle: async (_worker, settlement) => {
      said.push(settlement)
      if (said.length < 3) throw new Error('the database is away')
      return { ok: true, kept: true }
    } })
    await until(() => said.length === 3)
    await delivery.stop(1000)

    expect(said.every(({ outcome }) => outcome === 'sent')).toBe(true)
    expect(sent).toHaveLength(1)
  })

  it('never has more mails under way than it may', async () => {
    let [now, most] = [0, 0]
    const { settledAs } = rig({ batches: [Array.from({ length: 30 }, (_, id) => aMessage({ id }))], pace: { batch: 30, concurrency: 4 }, send: async () => {
      most = Math.max(most, ++now)
      await new Promise(resolve => setTimeout(resolve, 5))
      now--
    } })

    expect(await settledAs(30)).toHaveLength(30)
    expect(most).toBe(4)
  })

  it('lets what is under way end at a stop, and gives the rest back', async () => {
    let begun = 0
    const { delivery, settled } = rig({ batches: [Array.from({ length: 10 }, (_, id) => aMessage({ id }))], pace: { batch: 10, concurrency: 2 }, send: async () => {
      begun++
      await new Promise(resolve => setTimeout(resolve, 50))
    } })
    await until(() => begun === 2)
    await delivery.stop(1000)

    expect(settled.filter(({ outcome }) => outcome === 'sent')).toHaveLength(2)
    expect(settled.filter(({ outcome }) => outcome === 'release')).toHaveLength(8)
  })

  it('rests when the server is away, instead of using up the attempts of all', async () => {
    const { delivery, settled } = rig({ batches: [Array.from({ length: 40 }, (_, id) => aMessage({ id }))], pace: { batch: 40 }, send: async () => {
      throw new SendError({ isPermanent: false, error: 'refused' })
    } })
    await until(() => settled.length === 40)
    await delivery.stop(1000)

    expect(settled.filter(({ outcome }) => outcome === 'retry').length).toBeLessThanOrEqual(11)
    expect(settled.filter(({ outcome }) => outcome === 'release').length).toBeGreaterThanOrEqual(29)
  })

  it('looks soon after it was woken, once for many calls, and otherwise seldom', async () => {
    const { delivery, claims, errors } = rig({ batches: [], pace: { idleMs: 60_000 } })
    await until(() => claims() === 1)
    for (let times = 0; times < 50; times++) delivery.wake()
    await until(() => claims() === 2)
    await new Promise(resolve => setTimeout(resolve, 300))

    expect(claims()).toBe(2)
    expect(errors).toEqual([])
    await delivery.stop(100)
  })

  it('looks when the next one is due', async () => {
    const { delivery, claims, errors } = rig({ batches: [], pace: { idleMs: 60_000 }, nextInSeconds: 0.05 })
    await until(() => claims() >= 3)

    expect(errors).toEqual([])
    await delivery.stop(100)
  })
})
