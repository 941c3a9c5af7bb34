-- Purpose: how shifts come out of a weekly rule, and how long first claims last.
-- Risk: none for data, new functions.

-- A day after publishing (RULES I1), but never into the last day before the start: an empty place then helps nobody.
create function private.first_claims_end(p_now timestamptz, p_starts timestamptz) returns timestamptz
language sql immutable set search_path = '' as $$
  select least(p_now + interval '24 hours', greatest(p_now, p_starts - interval '24 hours'));
$$;
revoke all on function private.first_claims_end(timestamptz, timestamptz) from public;

-- Writes the shifts of the next 28 days that are not there yet; asked twice it adds nothing. By the clock on the wall, so that a change of clocks moves no patrol. → how many
create function private.write_series(e public.shift_series) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_zone text := (select s.time_zone from public.stations s where s.id = e.station_id);
  v_today date := private.day_at(e.station_id, v_now);
  v_added integer;
begin
  with days as (
    select d::date as day, (d::date + e.starts_at_local) at time zone v_zone as starts_at
    from generate_series(greatest(e.from_on, v_today)::timestamp, least(e.until_on, v_today + 28)::timestamp, interval '1 day') d
    where extract(isodow from d)::smallint = any (e.weekdays) and not d::date = any (e.exceptions)
  ), added as (
    insert into public.patrol_shifts (station_id, community_id, type_code, route_id, period, needed, maximum, kind, skill_code, first_claims_until, created_at, created_by, revised_at, series_id, series_date)
    select e.station_id, e.community_id, e.type_code, e.route_id, tstzrange(d.starts_at, d.starts_at + make_interval(mins => e.duration_minutes)), e.needed, e.maximum, e.kind, e.skill_code,
      private.first_claims_end(v_now, d.starts_at), v_now, e.created_by, v_now, e.id, d.day
    from days d where d.starts_at > v_now + interval '3 hours' and d.starts_at < v_now + interval '28 days'
    on conflict (series_id, series_date) do nothing returning id
  )
  select count(*) into v_added from added;
  return v_added;
end;
$$;
revoke all on function private.write_series(public.shift_series) from public;
