-- Purpose: time on patrol by the minute, as shared/patrols/hours.ts counts it, for the functions that book it.
-- Risk: none, a new function.

/*
  Minutes of a period, those of them at night on the wall of a zone, and what they count for. Both ends are cut to the minute, the credit of the period as a whole.
  p_night: {from: '22:00', to: '06:00', creditPercent: 150}; the same hour twice: never night.
*/
create function private.count_patrol_time(p_from timestamptz, p_to timestamptz, p_zone text, p_night jsonb, out minutes integer, out night_minutes integer, out credit_minutes integer)
language sql stable set search_path = '' as $$
  with night as (
    select (p_night ->> 'from')::time as begins, (p_night ->> 'to')::time as ends, (p_night ->> 'creditPercent')::integer as percent
  ), counted as (
    select count(*)::integer as minutes, count(*) filter (where case when n.begins <= n.ends then w.wall >= n.begins and w.wall < n.ends else w.wall >= n.begins or w.wall < n.ends end)::integer as night_minutes
    from generate_series(date_trunc('minute', p_from), date_trunc('minute', p_to) - interval '1 minute', interval '1 minute') m
    cross join lateral (select (m at time zone p_zone)::time as wall) w cross join night n
  )
  select c.minutes, c.night_minutes, c.minutes + floor(c.night_minutes * (n.percent - 100) / 100.0)::integer from counted c cross join night n;
$$;
comment on function private.count_patrol_time(timestamptz, timestamptz, text, jsonb) is 'The same rule as countTime in shared/patrols/hours.ts; tests/db/patrol-time.test.ts compares them.';
revoke all on function private.count_patrol_time(timestamptz, timestamptz, text, jsonb) from public;
