import type { World } from './world.ts'

/**
 * Fills the home station with `count` invented reports by SQL, spread over two years: half without a place in particular, few urgent,
 * some unverified, hidden, assigned, closed or about the police. The same everywhere, since it draws from the row number.
 */
export async function fillStation(world: World, count: number): Promise<void> {
  const { sql, station, community, grid, person } = world
  await sql`
    insert into public.reports (id, station_id, community_id, grid_id, reference, category_code, visibility, urgency, is_about_police, about_staff, status, closed_reason,
      received_at, updated_at, first_viewed_at, accepted_at, closed_at, channel, locale, contact_mode, receipt_hash, is_unverified, is_hidden, assigned_to, summary,
      content_sealed, content_key, content_hash, nonce)
    select gen_random_uuid(), ${station.home}, t.community, case when t.community = ${community.pingAn} then ${grid.pingAn}::uuid when t.community = ${community.changLe} then ${grid.changLe}::uuid end,
      t.reference, t.category, case when t.category = 'test_noise' then 'public' else 'private' end, case when t.n % 29 = 0 then 'urgent' else 'normal' end, t.category = 'test_police',
      case when t.category = 'test_police' and t.n % 2 = 0 then array[${person.chief_sun.id}::uuid] else '{}' end, t.status, case when t.status = 'closed' then 'unfounded' end,
      t.received_at, t.received_at, case when t.n % 3 = 0 then t.received_at + interval '1 hour' end, case when t.status in ('triaged', 'in_progress', 'resolved') then t.received_at + interval '2 hours' end,
      case when t.status in ('resolved', 'closed') then t.received_at + interval '5 days' end, 'web', 'zh', 'anonymous', 'receipt-1:' || encode(extensions.digest(gen_random_uuid()::text, 'sha256'), 'hex'),
      t.n % 7 = 0, t.n % 31 = 0, case when t.n % 5 = 0 then ${person.officer_wang.id}::uuid when t.n % 11 = 0 then ${person.officer_li.id}::uuid end,
      case when t.n % 6 = 0 then 'Bicycle ' || t.n || ' stolen 100%' end, 'v1.text', 'v1.key', repeat('a', 64), repeat('b', 64)
    from (
      select n, private.new_reference() as reference, now() - make_interval(mins => n * ${Math.max(1, Math.floor(1_050_000 / count))}) - make_interval(secs => n % 3) as received_at,
        case n % 4 when 0 then ${community.pingAn}::uuid when 1 then ${community.changLe}::uuid end as community,
        case when n % 13 = 0 then 'test_police' when n % 2 = 0 then 'test_noise' else 'test_theft' end as category,
        case when n % 10 < 2 then 'received' else (array['triaged', 'in_progress', 'resolved', 'closed', 'closed', 'closed', 'closed', 'closed'])[1 + n % 8] end as status
      from generate_series(1, ${count}) n
    ) t
    on conflict do nothing`
  await sql`analyze public.reports`
}
