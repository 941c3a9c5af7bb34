// One red warning to 1,200 chats (ALERT_CHATS) against a Bot API that keeps Telegram's limits and answers 429 and 5xx at random: with two workers, then again with two kill -9.
import { randomBytes, randomUUID } from 'node:crypto'
import { alertContentSchema } from '../../shared/alerts/published-alert.ts'
import { signAlert } from '../../server/domain/alerts/alert-statement.ts'
import { chatHash } from '../../server/domain/chat/bot-updates.ts'
import { subscribeChat } from '../../server/domain/alerts/subscriptions/subscribe.ts'
import { expandAlerts } from '../../server/domain/alerts/expand-alerts.ts'
import { telegramPace } from '../../server/outbox/deliver-telegram.ts'
import { startBotStation } from '../bot/bot-station.ts'
import { report } from './station.ts'

const chats = Number(process.env.ALERT_CHATS ?? 1200)
const station = await startBotStation({ isDemo: true })
const { api, services, backend: { sql } } = station
const random = randomFrom(Number(process.env.ALERT_SEED ?? 5))

try {
  const base = 9_000_000 + randomBytes(2).readUInt16BE() * 2000
  const ids = Array.from({ length: chats }, (_, n) => base + n)
  for (const chatId of ids) {
    await subscribeChat(services, { chatHash: chatHash(services.keys, chatId), chatId }, { communities: [], grids: [], kinds: ['warning', 'notice', 'tip', 'solved'], minColour: 'blue', locale: 'zh', quietHours: null })
  }
  const calm = await run('without kills', 0)
  const killed = await run('with two kill -9', 2)
  const isGood = [calm, killed].every(({ lost, doubled, allowedDoubles, seconds, allowedSeconds, insideRetryAfter, allowedInside }) => lost === 0 && doubled <= allowedDoubles && seconds <= allowedSeconds && insideRetryAfter <= allowedInside)
  report('alerts-telegram', { calm, killed, isGood })
  console.table({ calm: { ...calm, doubledChats: calm.doubledChats.length }, killed: { ...killed, doubledChats: killed.doubledChats.length } })
  process.stdout.write(`told twice: ${JSON.stringify([...calm.doubledChats, ...killed.doubledChats])}\n${isGood ? 'within the bars' : 'NOT WITHIN THE BARS'}\n`)
  process.exitCode = isGood ? 0 : 1

  async function run(mark: string, kills: number) {
    await sql`delete from public.outbox where channel = 'telegram'`
    await sql`update private.bot_pace set next_at = '-infinity', refused_in_row = 0`
    await sql`update private.alert_expansions set finished_at = now() where finished_at is null`
    const identifier = await publish(mark)
    await expandAlerts(services)
    const [said, calls, closings, violations] = [api.said.length, api.calls.length, api.flood.closings.length, api.flood.violations]
    // One call in forty is refused for its chat, one in forty breaks with a 5xx; once everybody has to wait.
    for (const chat of ids) {
      const mood = random()
      if (mood < 0.025) api.plan({ method: 'sendMessage', chat, fate: 'refuse', code: 429, retryAfter: 1 + Math.floor(random() * 3) })
      else if (mood < 0.05) api.plan({ method: 'sendMessage', chat, fate: 'refuse', code: random() < 0.5 ? 500 : 502 })
    }
    const workers = [await station.startBot({ isWorker: true }), await station.startBot({ isWorker: true })]
    const startedAt = performance.now()
    let [done, closedForAll] = [0, false]
    const told = () => api.said.slice(said).filter(({ by, text }) => by === 'bot' && text.includes(mark))
    while (performance.now() - startedAt < 180_000) {
      await new Promise(resolve => setTimeout(resolve, 50))
      const count = told().length
      if (!closedForAll && count > chats * 0.3) {
        closedForAll = true
        api.plan({ method: 'sendMessage', fate: 'refuse', code: 429, retryAfter: 2, scope: 'all' })
      }
      if (done < kills && count > chats * (0.25 + 0.35 * done)) {
        await workers.shift()?.kill()
        workers.push(await station.startBot({ isWorker: true }))
        done++
      }
      if (count >= chats && Number((await sql<{ n: string }[]>`select count(*) as n from public.outbox where channel = 'telegram' and status = 'queued'`)[0]?.n) === 0) break
    }
    const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(1))
    for (const worker of workers) await worker.stop()
    const made = api.calls.slice(calls).filter(({ method }) => method === 'sendMessage')
    const refused = made.filter(({ status }) => status !== 200).length
    const by = new Map<number, number>()
    for (const { chat } of told()) by.set(chat, (by.get(chat) ?? 0) + 1)
    const doubledChats = [...by].filter(([, times]) => times > 1).map(([chat, times]) => ({ chat, times }))
    const closed = api.flood.closings.slice(closings).filter(({ who }) => who === 'all').reduce((sum, closing) => sum + closing.seconds, 0)
    const statuses = Object.fromEntries((await sql<{ status: string, n: string }[]>`select o.status, count(*) as n from public.outbox o join public.alerts a on a.id = o.noun_id where a.identifier = ${identifier} and o.channel = 'telegram' group by o.status`).map(({ status, n }) => [status, Number(n)]))
    return {
      chats, kills: done, seconds, allowedSeconds: Number((chats / 30 + 2 + closed + refused / 30).toFixed(1)), refused, closedSeconds: closed,
      insideRetryAfter: api.flood.violations - violations, allowedInside: 2 * telegramPace.concurrency * api.flood.closings.slice(closings).filter(({ who }) => who === 'all').length,
      lost: chats - by.size, doubled: [...by.values()].reduce((sum, times) => sum + times - 1, 0), allowedDoubles: done * telegramPace.concurrency, doubledChats, sent: statuses.sent ?? 0,
    }
  }

  /** By SQL, as the demo publishes: two people at a desk are not what this measures. */
  async function publish(mark: string): Promise<string> {
    const id = randomUUID()
    const [home] = await sql<{ station: string, lead: string, chief: string }[]>`select s.id as station, (select t.user_id from public.staff t where t.station_id = s.id and t.role = 'lead' limit 1) as lead,
      (select t.user_id from public.staff t where t.station_id = s.id and t.role = 'chief' limit 1) as chief from public.stations s where s.is_default`
    if (!home) throw new Error('there is no station')
    const now = new Date(Math.floor(Number((await sql<{ at: string }[]>`select extract(epoch from private.clock()) as at`)[0]?.at)) * 1000)
    await sql`insert into public.alerts ${sql({
      id, station_id: home.station, chain_id: id, message_type: 'alert', kind: 'warning', colour: 'red', event_code: 'gas_leak', urgency: 'Immediate', severity: 'Extreme', certainty: 'Observed', expires_at: new Date(now.getTime() + 6 * 3_600_000),
      created_at: now, created_by: home.lead, edited_at: now, edited_by: home.lead, submitted_at: now, submitted_by: home.lead, approved_at: now, approved_by: home.chief,
    })}`
    await sql`select private.write_alert_parts(a, ${sql.json({ zh: { headline: `燃气泄漏演示 ${mark}`, description: '请走楼梯离开，到东门集合。', instruction: null } })}, ${sql.json([{ kind: 'station' }])}) from public.alerts a where a.id = ${id}`
    const content = alertContentSchema.parse((await sql<{ content: unknown }[]>`select private.alert_content(a, ${now}) as content from public.alerts a where a.id = ${id}`)[0]?.content)
    await sql`update public.alerts set state = 'published', published_at = ${now}, published_by = ${home.chief}, content = ${sql.json(content)}, statement = ${sql.json(signAlert(services.keys, content))}, changed_number = nextval('private.alert_changes') where id = ${id}`
    await sql`select private.follow_publication(a) from public.alerts a where a.id = ${id}`
    return content.identifier
  }
}
finally {
  await station.stop()
}

/** mulberry32: small, even, and the same everywhere. */
function randomFrom(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
