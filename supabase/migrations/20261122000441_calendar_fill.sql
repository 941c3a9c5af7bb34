-- Purpose: the working-day calendar: public holidays are filled in by a job, a chief adds days of the station's own and says how days
-- are counted (RULES D1).
-- Risk: low. A column with a default; due times follow the calendar at once, since they are computed.

alter table public.calendar_days add column is_own boolean not null default false;
comment on column public.calendar_days.is_own is 'Set at the desk: the job that fills in holidays leaves it alone.';

/*
  Public holidays and the weekend days worked for them, for every station. p: {years[], days[]: {day, kind, name}, is_dry?}
  Within the named years the list replaces what stood there, but for days of a station's own. → {ok, today, changed}
*/
create function public.fill_calendar(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_changed integer;
begin
  select count(*)::integer into v_changed
  from (select s.id as station_id, g.day, g.kind, g.name from public.stations s cross join jsonb_to_recordset(p -> 'days') as g (day date, kind text, name jsonb)) w
  full join (select c.* from public.calendar_days c
    where extract(year from c.day)::integer in (select y.year::integer from jsonb_array_elements_text(p -> 'years') as y (year))) d using (station_id, day)
  where d.is_own is not true and (d.kind, d.name) is distinct from (w.kind, w.name);
  if v_changed > 0 and (p ->> 'is_dry')::boolean is not true then
    delete from public.calendar_days d
    where not d.is_own and extract(year from d.day)::integer in (select y.year::integer from jsonb_array_elements_text(p -> 'years') as y (year))
      and not exists (select from jsonb_to_recordset(p -> 'days') as g (day date) where g.day = d.day);
    insert into public.calendar_days as d (station_id, day, kind, name)
    select s.id, g.day, g.kind, g.name from public.stations s cross join jsonb_to_recordset(p -> 'days') as g (day date, kind text, name jsonb)
    on conflict (station_id, day) do update set kind = excluded.kind, name = excluded.name where not d.is_own;
  end if;
  return jsonb_build_object('ok', true, 'today', private.station_day(private.clock()), 'changed', v_changed);
end;
$$;
comment on function public.fill_calendar(jsonb) is 'Definer: a job has no actor, and nobody writes the calendar directly.';
revoke all on function public.fill_calendar(jsonb) from public;
grant execute on function public.fill_calendar(jsonb) to service_role;

-- The calendar of my station from the first day of this year on. → {ok, today, counting, may_change, days[]: {day, kind, name, is_own}}
create function public.get_calendar() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_station public.stations;
  v_today date;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  select s.* into v_station from public.stations s where s.id = v_staff.station_id;
  v_today := (private.clock() at time zone v_station.time_zone)::date;
  return jsonb_build_object('ok', true, 'today', v_today, 'counting', v_station.day_counting, 'may_change', v_staff.role = 'chief',
    'days', coalesce((select jsonb_agg(jsonb_build_object('day', d.day, 'kind', d.kind, 'name', d.name, 'is_own', d.is_own) order by d.day)
      from public.calendar_days d where d.station_id = v_station.id and d.day >= date_trunc('year', v_today)), '[]'::jsonb));
end;
$$;
comment on function public.get_calendar() is 'Definer: staff may not read stations whole.';
revoke all on function public.get_calendar() from public;
grant execute on function public.get_calendar() to authenticated;

-- Days that are over stay as they were: what was late then is late still.
create function private.calendar_chief(p_day date default null) returns public.staff
language plpgsql stable set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.role = 'chief' and (p_day is null or p_day > (select (private.clock() at time zone s.time_zone)::date from public.stations s where s.id = v_staff.station_id)) then
    return v_staff;
  end if;
  return null;
end;
$$;

-- A day of the station's own. p: {day, kind, name} → {ok} | forbidden (not the chief, or the day has begun)
create function public.set_calendar_day(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_day date := (p ->> 'day')::date;
  v_staff public.staff := private.calendar_chief(v_day);
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  insert into public.calendar_days as d (station_id, day, kind, name, is_own) values (v_staff.station_id, v_day, p ->> 'kind', p -> 'name', true)
  on conflict (station_id, day) do update set kind = excluded.kind, name = excluded.name, is_own = true;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'calendar.day_set', 'calendar', null, jsonb_build_object('day', v_day, 'day_kind', p ->> 'kind'));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.set_calendar_day(jsonb) is 'Definer: nobody writes the calendar directly.';
revoke all on function public.set_calendar_day(jsonb) from public;
grant execute on function public.set_calendar_day(jsonb) to authenticated;

-- A public holiday that the day had covered comes back with the next run of the job.
create function public.remove_calendar_day(p_day date) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.calendar_chief(p_day);
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  delete from public.calendar_days d where d.station_id = v_staff.station_id and d.day = p_day and d.is_own;
  if not found then
    return private.refuse('not_found');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'calendar.day_removed', 'calendar', null, jsonb_build_object('day', p_day));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.remove_calendar_day(date) is 'Definer: nobody writes the calendar directly.';
revoke all on function public.remove_calendar_day(date) from public;
grant execute on function public.remove_calendar_day(date) to authenticated;

create function public.set_day_counting(p_counting text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.calendar_chief();
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  update public.stations s set day_counting = p_counting where s.id = v_staff.station_id and s.day_counting <> p_counting;
  if found then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'calendar.counting_set', 'calendar', null, jsonb_build_object('counting', p_counting));
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.set_day_counting(text) is 'How "within 3 days" is counted, by the chief. Definer: nobody writes stations directly.';
revoke all on function public.set_day_counting(text) from public;
grant execute on function public.set_day_counting(text) to authenticated;
