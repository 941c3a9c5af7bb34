// A yellow warning to 100,000 subscribers (ALERT_SUBSCRIBERS): how long until its audience is written out, how fast two workers then claim it, what Telegram's claim costs in front of such a queue,
// and how the alert is served to everybody else meanwhile. Nothing is sent: senders have benches of their own.
import { createClients } from '../../server/db/clients.ts'
import { outboxQueue } from '../../server/db/outbox.ts'
import { telegramQueue } from '../../server/db/bot.ts'
import { caller } from '../desk-caller.ts'
import { startPortal } from '../portal.ts'
import { measure, rawPool, report, residentMemory, send, type Figure } from './station.ts'

const people = Number(process.env.ALERT_SUBSCRIBERS ?? 100_000)
const toClaim = Math.min(40_000, Math.round(people * 0.4))
const bars = { expandSeconds: 5, claimPerSecond: 2000, servedP95: 50, seenSeconds: 2, telegramClaimP95: 30 }
const portal = await startPortal({ env: { LINLI_LOG_LEVEL: 'warn', VAPID_PRIVATE_KEY: '', TRUST_PROXY: '1' } })

try {
  const pool = rawPool(portal, 4)
  pool.on('error', () => undefined) // when the portal stops
  const clients = createClients({ url: portal.supabaseUrl, ...portal.keys })
  await subscribe()
  const lead = await caller(portal.url, 'lead')
  const draft = await draftOf(lead)
  const calm = await served(() => pause(3000))

  // The audience, by the portal itself, from the answer of the publication on.
  let expanded = { seconds: 0, people: 0, seenSeconds: 0, firstSeconds: 0 }
  const memoryBefore = residentMemory(portal)
  const whileExpanding = await served(async () => {
    const at = performance.now()
    const answer = await lead.call('POST', `desk/alerts/${draft.identifier}/publish`, { revision: draft.revision })
    if (answer.status !== 200) throw new Error(`not published: ${answer.status} ${JSON.stringify(answer.body)}`)
    const publishedAt = performance.now()
    const since = () => Number(((performance.now() - publishedAt) / 1000).toFixed(2))
    while ((await send(`${portal.url}/api/alerts/${draft.identifier}`)).status !== 200) await pause(20)
    expanded.seenSeconds = Number(((performance.now() - at) / 1000).toFixed(2))
    for (let n = 0; n < 3000; n++) {
      const { rows: [row] } = await pool.query<{ finished: boolean, people: number }>('select e.finished_at is not null as finished, e.people from private.alert_expansions e join public.alerts a on a.id = e.alert_id where a.identifier = $1', [draft.identifier])
      if (row && row.people > 0 && expanded.firstSeconds === 0) expanded.firstSeconds = since()
      if (row?.finished) { expanded = { ...expanded, seconds: since(), people: row.people }; break }
      await pause(20)
    }
  })
  const { rows: [audience] } = await pool.query<{ told: string, queued: string, twice: string }>(`select count(*) as told, count(distinct subscription_id) as queued, count(*) - count(distinct subscription_id) as twice
    from public.outbox where noun = 'alerts' and status = 'queued' and subscription_id is not null`)

  // Two workers claim as the portal does, over HTTP; each row once.
  const seen = new Set<number>()
  let claimed = 0
  const memory: number[] = []
  const sampling = setInterval(() => memory.push(total(residentMemory(portal))), 250)
  let claimSeconds = 0
  const whileClaiming = await served(async () => {
    const at = performance.now()
    await Promise.all(['a', 'b'].map(async (worker) => {
      const queue = outboxQueue(clients)
      while (claimed < toClaim) {
        const { messages } = await queue.claim(worker, 200, 600, 'webpush')
        if (!messages.length) break
        claimed += messages.length
        for (const { id } of messages) seen.add(id)
      }
    }))
    claimSeconds = (performance.now() - at) / 1000
  })
  // One chat at a time by Telegram, in front of what is left: what one claim costs.
  const telegram = telegramQueue(clients)
  const claimTimes: number[] = []
  const tries = await measure(async () => {
    // In the middle of sending: after a rest a claim would begin later and hold fewer.
    await pool.query('update private.bot_pace set next_at = clock_timestamp()')
    const at = performance.now()
    const { messages } = await telegram.claim('t', 20, 600)
    claimTimes.push(performance.now() - at)
    // As after sending: what is out waits no more.
    await pool.query('update public.outbox set status = \'sent\', leased_by = null, leased_until = null where id = any ($1)', [messages.map(({ id }) => id)])
    return messages.length === 20
  }, { parallel: 1, seconds: 5, count: Math.floor(people * 0.3 / 20) })
  clearInterval(sampling)
  claimTimes.sort((a, b) => a - b)
  const claims = { ...tries, p50: Number((claimTimes[Math.floor(claimTimes.length / 2)] ?? 0).toFixed(1)), p95: Number((claimTimes[Math.floor(claimTimes.length * 0.95)] ?? 0).toFixed(1)) }

  const figures = {
    people, calm, expanded, told: Number(audience?.told), twice: Number(audience?.twice), whileExpanding,
    claimed, claimedTwice: claimed - seen.size, claimPerSecond: Math.round(claimed / claimSeconds), whileClaiming, telegramClaim: claims,
    memory: { before: memoryBefore, after: residentMemory(portal), early: median(memory.slice(Math.floor(memory.length / 4), Math.ceil(memory.length / 2))), late: median(memory.slice(-Math.ceil(memory.length / 4))) },
  }
  const checks: [what: string, is: boolean][] = [
    [`told ${figures.told} of ${people}, ${figures.twice} twice`, figures.told === people && figures.twice === 0],
    [`audience in ${expanded.seconds} s (${bars.expandSeconds})`, expanded.seconds <= bars.expandSeconds * people / 100_000],
    [`visible after ${expanded.seenSeconds} s, first queued after ${expanded.firstSeconds} s (${bars.seenSeconds})`, expanded.seenSeconds <= bars.seenSeconds && expanded.firstSeconds <= bars.seenSeconds],
    [`claimed ${figures.claimPerSecond} a second (${bars.claimPerSecond}), ${figures.claimedTwice} twice`, figures.claimPerSecond >= bars.claimPerSecond && figures.claimedTwice === 0],
    [`claim of Telegram p95 ${claims.p95} ms (${bars.telegramClaimP95})`, claims.p95 <= bars.telegramClaimP95 && claims.errors === 0],
    [`served p95 ${whileExpanding.p95} and ${whileClaiming.p95} ms (${bars.servedP95})`, Math.max(whileExpanding.p95, whileClaiming.p95) <= bars.servedP95 && whileExpanding.errors + whileClaiming.errors === 0],
    [`memory ${figures.memory.early} → ${figures.memory.late} MB`, figures.memory.late <= figures.memory.early * 1.2 + 5],
  ]
  report('alerts', { ...figures, isGood: checks.every(([, is]) => is) })
  console.table({ calm, whileExpanding, whileClaiming, telegramClaim: claims })
  for (const [what, is] of checks) process.stdout.write(`${is ? 'within' : 'NOT WITHIN'}: ${what}\n`)
  process.exitCode = checks.every(([, is]) => is) ? 0 : 1
  await pool.end()

  /** Seven in ten by push, three by Telegram; a third for one community, a third for a grid of it, a third for all. */
  async function subscribe() {
    await pool.query(`insert into private.alert_subscriptions (id, station_id, channel, state, token_hash, token_sealed, handle_hash, handle_sealed, chat_hash, locale, community_ids, grid_ids, kinds, min_colour, quiet_from, quiet_to, created_at, active_at)
      select gen_random_uuid(), s.id, w.channel, 'active', 'index-1:' || lpad(to_hex(n), 64, '0'), 'v1.k.' || repeat('A', 60), case w.channel when 'telegram' then 'chat-1:' else 'index-1:' end || lpad(to_hex(n), 64, '0'), 'v1.k.' || repeat('B', 280),
        case w.channel when 'telegram' then 'chat-1:' || lpad(to_hex(n), 64, '0') end, case n % 2 when 0 then 'zh' else 'en' end, case n % 3 when 0 then array[c.id] else '{}' end, case n % 3 when 1 then array[g.id] else '{}' end,
        array['warning', 'notice'], 'blue', case when n % 5 = 0 then time '02:00' end, case when n % 5 = 0 then time '02:01' end, now(), now()
      from generate_series(1, $1::integer) n
      cross join lateral (select case when n % 10 < 7 then 'webpush' else 'telegram' end as channel) w
      join public.stations s on s.is_default
      join public.communities c on c.station_id = s.id and c.slug = 'ping-an'
      join lateral (select g.id from public.grids g where g.community_id = c.id order by g.code limit 1) g on true`, [people])
    await pool.query('vacuum analyze private.alert_subscriptions')
  }
}
finally {
  await portal.stop()
}

async function draftOf(lead: Awaited<ReturnType<typeof caller>>) {
  const reference = await lead.call('GET', 'desk/reference') as { body: { communities: { id: string, slug: string }[] } }
  const community = reference.body.communities.find(({ slug }) => slug === 'ping-an')?.id
  const { status, body } = await lead.call('POST', 'desk/alerts', {
    kind: 'warning', colour: 'yellow', event: 'burglary', urgency: 'Expected', severity: 'Moderate', certainty: 'Likely', expires: new Date(Date.now() + 86_400_000).toISOString(),
    texts: { zh: { headline: '老街近日发生入室盗窃', description: '请关好门窗，睡前再看一遍。' } }, areas: [{ kind: 'community', community }],
  })
  if (status !== 201) throw new Error(`no draft: ${status} ${JSON.stringify(body)}`)
  return (body as { alert: { identifier: string, revision: number } }).alert
}

/** How everybody else is served while something goes on: two readers, each a few times a second more than anybody reads. */
async function served(act: () => Promise<unknown>): Promise<Figure> {
  const times: number[] = []
  let errors = 0
  let isOver = false
  const startedAt = performance.now()
  const reading = [1, 2].map(async () => {
    while (!isOver) {
      const at = performance.now()
      const { status } = await send(`${portal.url}/api/alerts`)
      times.push(performance.now() - at)
      if (status !== 200) errors++
      await pause(10)
    }
  })
  try {
    await act()
  }
  finally {
    isOver = true
    await Promise.all(reading)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1))
  return { perSecond: Math.round(times.length / (performance.now() - startedAt) * 1000), p50: at(0.5), p95: at(0.95), errors, count: times.length }
}

function total(memory: Record<string, number>) {
  return Object.entries(memory).filter(([name]) => !name.startsWith('postgres')).reduce((sum, [, megabytes]) => sum + megabytes, 0)
}

function median(values: number[]) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function pause(ms: number) {
  return new Promise<void>(resolve => setTimeout(resolve, ms))
}
