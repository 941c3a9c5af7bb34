// Report create through the real route beside raw pg on the same database in the same run; tracking page beside an empty page.
import { z } from 'zod'
import { startPortal } from '../portal.ts'
import { aReport, address, measure, openKeys, rawPool, report, residentMemory, send, solveBeforehand, type Figure } from './station.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 5)
const parallel = 10
const portal = await startPortal({ env: { TRUST_PROXY: '1', LINLI_LOG_LEVEL: 'warn' } })
const created = z.object({ reference: z.string(), receipt: z.string() })

try {
  const pool = rawPool(portal)
  await pool.query('create table public.bench_inserts (id uuid primary key default gen_random_uuid(), kind text, body text, at timestamptz default now())')
  const text = aReport('', 0).description
  const insert = async () => { await pool.query('insert into public.bench_inserts (kind, body) values ($1, $2) returning id', ['theft', text]) }
  const payloads = await solveBeforehand(await openKeys(portal), 2_000 * seconds * 2 + 2_000)
  const receipts: { reference: string, receipt: string }[] = []
  const create = async (n: number) => {
    const altcha = payloads.pop()
    if (!altcha) return false
    const { status, body } = await send(`${portal.url}/api/reports`, { method: 'POST', body: aReport(altcha, n), from: address(n) })
    if (status !== 201) return false
    receipts.push(created.parse(JSON.parse(body)))
  }
  await measure(insert, { parallel, seconds: 1 })
  await measure(create, { parallel, seconds: 2 })

  const rounds: { raw: Figure, create: Figure }[] = []
  for (let round = 0; round < 2; round++) rounds.push({ raw: await measure(insert, { parallel, seconds }), create: await measure(create, { parallel, seconds }) })
  const memory = residentMemory(portal)

  const { reference = '', receipt = '' } = receipts[0] ?? {}
  const one = receipts.slice(0, 500)
  const track = async (n: number) => {
    const known = one[n % one.length]
    const { status } = await send(`${portal.url}/api/reports/${known?.reference}`, { headers: { 'x-receipt': known?.receipt ?? '' }, from: address(n) })
    return status === 200
  }
  const page = (path: string, headers: Record<string, string> = {}) => async (n: number) => (await send(portal.url + path, { headers: { 'accept-encoding': 'br', ...headers }, from: address(n) })).status === 200
  const cookie = await viewCookie(reference, receipt)
  const pages = [`/zh/reports/${reference}`, '/zh/accessibility']
  for (const path of pages) await measure(page(path, { cookie }), { parallel, seconds: 1 })
  const tracking = await measure(page(pages[0] ?? '', { cookie }), { parallel, seconds })
  const empty = await measure(page(pages[1] ?? ''), { parallel, seconds })
  const api = await measure(track, { parallel, seconds: 2 })

  const best = rounds.map(({ raw, create }) => create.perSecond / raw.perSecond)
  report('create-reports', { parallel, seconds, rounds, shareOfRaw: best, tracking, empty, trackingToEmptyP95: tracking.p95 / empty.p95, trackingApi: api, memoryMegabytes: memory })
  console.table(Object.fromEntries([
    ...rounds.flatMap(({ raw, create }, n) => [[`raw pg INSERT, round ${n + 1}`, raw], [`report create, round ${n + 1}`, create]]),
    ['tracking page', tracking], ['empty page', empty], ['tracking API', api],
  ]))
  process.stdout.write(`create / raw: ${best.map(share => `${(share * 100).toFixed(1)} %`).join(', ')} (goal 10 %, aim 18 %) · tracking p95 / empty p95: ${(tracking.p95 / empty.p95).toFixed(2)} (goal 2)\n`)
  process.stdout.write(`RSS after load, MB: ${JSON.stringify(memory)}\n`)
  await pool.end()
}
finally {
  await portal.stop()
}

/** Reference and receipt through the form, as a visitor without script: the cookie of the view session. */
async function viewCookie(reference: string, receipt: string) {
  const response = await fetch(`${portal.url}/zh/reports/track`, {
    method: 'POST', redirect: 'manual', body: new URLSearchParams({ reference, receipt }), headers: { origin: portal.url, 'x-forwarded-for': '198.51.100.7' },
  })
  return response.headers.getSetCookie().map(value => value.split(';')[0]).join('; ')
}
