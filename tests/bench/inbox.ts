// The newest 20 of the inbox at 10,000 and at 1,000,000 reports, for an officer, a lead and a chief: within 1.5× of each other.
import { createClient } from '@supabase/supabase-js'
import type { Pool } from 'pg'
import { startPortal } from '../portal.ts'
import { measure, rawPool, report, type Figure } from './station.ts'

const sizes = (process.env.BENCH_SIZES ?? '10000,1000000').split(',').map(Number)
const people = { officer: 'officer@demo.linli', lead: 'lead@demo.linli', chief: 'chief@demo.linli' }
const portal = await startPortal({ env: { LINLI_LOG_LEVEL: 'warn' } })

try {
  const pool = rawPool(portal, 2)
  const figures: Record<string, Figure> = {}
  let kept = 0
  for (const size of sizes) {
    await grow(pool, kept, size)
    kept = size
    for (const [person, email] of Object.entries(people)) {
      const client = createClient(portal.supabaseUrl, portal.keys.publishableKey, { auth: { persistSession: false, autoRefreshToken: false } })
      const { error } = await client.auth.signInWithPassword({ email, password: 'linli-demo' })
      if (error) throw error
      const read = async () => {
        const { data, error } = await client.rpc('list_reports', { p: {} })
        return !error && data.ok === true && data.reports.length === 20
      }
      await measure(read, { parallel: 1, seconds: 1 })
      figures[`${person}, ${size.toLocaleString('en')}`] = await measure(read, { parallel: 1, seconds: 4 })
    }
  }
  const [small, large] = sizes
  const ratios = Object.fromEntries(Object.keys(people).map(person => [person, Number(((figures[`${person}, ${large?.toLocaleString('en')}`]?.p50 ?? 0) / (figures[`${person}, ${small?.toLocaleString('en')}`]?.p50 ?? 1)).toFixed(2))]))
  report('inbox', { figures, ratios })
  console.table(figures)
  process.stdout.write(`p50 large / small: ${JSON.stringify(ratios)} (goal 1.5)\n`)
  await pool.end()
}
finally {
  await portal.stop()
}

/** Rows that differ from real ones in their ciphertext only. Triggers and constraints stay on. */
async function grow(pool: Pool, from: number, to: number) {
  await pool.query(`
    insert into public.reports (id, station_id, community_id, grid_id, reference, category_code, visibility, urgency, status, closed_reason, received_at, updated_at, accepted_at, channel, locale,
      contact_mode, receipt_hash, content_sealed, content_key, content_hash, nonce)
    select gen_random_uuid(), c.station_id, c.id, g.id,
      'LL-' || translate(lpad(to_hex(n / 65536), 4, '0'), 'abcdef', 'ABCDEF') || '-' || translate(lpad(to_hex(n % 65536), 4, '0'), 'abcdef', 'ABCDEF'),
      k.code, k.visibility, k.urgency,
      case when n % 20 = 0 then 'received' else 'closed' end, case when n % 20 = 0 then null else 'no_further_action' end,
      now() - n * interval '1 second' * 30, now(), null, 'web', 'zh', 'anonymous', 'bench-1:' || lpad(to_hex(n), 64, '0'), 'v1.d.x.' || repeat('A', 300), 'v1.k.x.y', repeat('0', 64), repeat('0', 64)
    from generate_series($1::integer + 1, $2::integer) n
    join lateral (select * from public.communities order by slug offset n % 3 limit 1) c on true
    join lateral (select * from public.grids where community_id = c.id order by code offset n % 4 limit 1) g on true
    join lateral (select * from public.categories where not is_about_police order by code offset n % 10 limit 1) k on true`, [from, to])
  await pool.query('vacuum analyze public.reports')
}
