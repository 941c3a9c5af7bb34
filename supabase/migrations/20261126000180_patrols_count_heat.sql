-- Purpose: what the planner of patrols looks at: how many reports of public categories fell into each grid, weekday and band of two hours in four weeks.
-- Risk: one more value in a domain, whose columns are read once; no data changes. Counts of what the caller may list row by row, so nothing is rounded (docs/decisions/rounded-figures.md);
-- no public page shows them.

-- What a patrol finds is a report as well. It comes from where the patrol was sent: counted, it would send the next one to the same place.
alter domain public.report_channel drop constraint report_channel_check;
alter domain public.report_channel add constraint report_channel_check check (value in ('web', 'api', 'bot', 'desk', 'patrol'));

/*
  The last 28 whole days of the station's calendar, so that each weekday comes four times. For officers their communities, for leads and chiefs the station.
  Counted is what the desk accepted: a flood of reports steers no patrol. Not counted: duplicates, what was withdrawn or unfounded, what patrols found.
  A time is when it happened, not when it was told. Who gave a day without an hour has noon (shared/reports/wall-time.ts): those, and reports without
  any time, are `without_hour`; those outside every grid `without_place`.
  → {ok, time_zone, from, until, grids[]: {grid_id, community_id}, counts[]: {grid_id, weekday, band, week, count}, without_hour, without_place}
*/
create function public.count_patrol_heat() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_zone text;
  v_today date;
  v_communities uuid[];
  v_answer jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('officer', 'lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  select s.time_zone, (private.clock() at time zone s.time_zone)::date into v_zone, v_today from public.stations s where s.id = v_staff.station_id;
  v_communities := array(select c.id from public.communities c
    where c.station_id = v_staff.station_id and c.is_active and (v_staff.role <> 'officer' or c.id in (select private.communities_of(v_staff.user_id))));
  with told as (
    select r.grid_id, r.occurred_at, r.received_at, r.occurred_at at time zone v_zone as wall
    from public.reports r join public.categories c on c.code = r.category_code
    -- Nothing is told before it happens, but for a clock that goes wrong by minutes.
    where r.station_id = v_staff.station_id and r.received_at >= (v_today - 28)::timestamp at time zone v_zone - interval '1 day'
      and r.visibility = 'public' and c.visibility = 'public' and not r.is_hidden and r.channel <> 'patrol'
      and r.accepted_at is not null and r.merged_into is null and coalesce(r.closed_reason not in ('duplicate', 'withdrawn', 'unfounded', 'spam'), true)
      and (r.community_id = any (v_communities) or (r.community_id is null and v_staff.role <> 'officer'))
  ), placed as (
    select t.grid_id, t.wall, t.wall is null or t.wall::time = time '12:00' as is_without_hour
    from told t join lateral (select coalesce(t.wall, t.received_at at time zone v_zone)::date as day) d on d.day >= v_today - 28 and d.day < v_today
  )
  select jsonb_build_object('ok', true, 'time_zone', v_zone, 'from', v_today - 28, 'until', v_today - 1,
    'grids', (select coalesce(jsonb_agg(jsonb_build_object('grid_id', g.id, 'community_id', g.community_id) order by g.community_id, g.code, g.id), '[]'::jsonb)
      from public.grids g where g.community_id = any (v_communities) and g.is_active),
    'counts', (select coalesce(jsonb_agg(jsonb_build_object('grid_id', n.grid_id, 'weekday', n.weekday, 'band', n.band, 'week', n.week, 'count', n.count) order by n.grid_id, n.weekday, n.band, n.week), '[]'::jsonb)
      from (
        select p.grid_id, extract(isodow from p.wall)::integer as weekday, floor(extract(hour from p.wall) / 2)::integer as band, (v_today - 1 - p.wall::date) / 7 as week, count(*) as count
        from placed p where p.grid_id is not null and not p.is_without_hour group by 1, 2, 3, 4
      ) n),
    'without_hour', (select count(*) from placed p where p.grid_id is not null and p.is_without_hour),
    'without_place', (select count(*) from placed p where p.grid_id is null))
  into v_answer;
  return v_answer;
end;
$$;
comment on function public.count_patrol_heat() is 'Places and hours, nothing of any report. Definer: applies the scope of the desk (may_see) to reports of public categories.';
revoke all on function public.count_patrol_heat() from public;
grant execute on function public.count_patrol_heat() to authenticated;
