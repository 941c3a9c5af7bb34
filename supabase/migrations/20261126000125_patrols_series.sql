-- Purpose: weekly series of shifts and routes with their checkpoints.
-- Risk: none for data, new functions.

/*
  A new weekly rule. p: {community, type, route?, weekdays[], starts_at_local: HH:MM, duration_minutes, from_on, until_on, exceptions[], needed, maximum, kind?, skill?}
  → {ok, id, added: shifts written at once} | forbidden, invalid_input
*/
create function public.save_shift_series(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.patrol_planner();
  v_now timestamptz := private.clock();
  v_today date := private.day_at(v_staff.station_id, v_now);
  v_weekdays smallint[] := array(select distinct w.value::smallint from jsonb_array_elements_text(case when jsonb_typeof(p -> 'weekdays') = 'array' then p -> 'weekdays' else '[]'::jsonb end) w order by 1);
  v_exceptions date[] := array(select distinct x.value::date from jsonb_array_elements_text(case when jsonb_typeof(p -> 'exceptions') = 'array' then p -> 'exceptions' else '[]'::jsonb end) x order by 1);
  v_series public.shift_series;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if not private.is_shift_form(v_staff.station_id, p) or cardinality(v_weekdays) = 0 or not v_weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[] or cardinality(v_exceptions) > 200
    or coalesce(p ->> 'starts_at_local' !~ '^([01]\d|2[0-3]):[0-5]\d$', true) or coalesce((p ->> 'duration_minutes')::integer not between 30 and 720, true)
    or coalesce((p ->> 'from_on')::date < v_today or (p ->> 'until_on')::date < (p ->> 'from_on')::date or (p ->> 'until_on')::date > (p ->> 'from_on')::date + 400 or (p ->> 'from_on')::date > v_today + 400, true) then
    return private.refuse('invalid_input');
  end if;
  insert into public.shift_series (station_id, community_id, type_code, route_id, weekdays, starts_at_local, duration_minutes, from_on, until_on, exceptions, needed, maximum, kind, skill_code, created_by, created_at)
  values (v_staff.station_id, (p ->> 'community')::uuid, p ->> 'type', (p ->> 'route')::uuid, v_weekdays, (p ->> 'starts_at_local')::time, (p ->> 'duration_minutes')::integer, (p ->> 'from_on')::date, (p ->> 'until_on')::date, v_exceptions,
    (p ->> 'needed')::integer, (p ->> 'maximum')::integer, coalesce(p ->> 'kind', 'patroller'), p ->> 'skill', v_staff.user_id, v_now)
  returning * into v_series;
  perform private.log_shift(v_staff, 'shift.series_planned', v_series.id);
  return jsonb_build_object('ok', true, 'id', v_series.id, 'added', private.write_series(v_series));
end;
$$;
comment on function public.save_shift_series(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.save_shift_series(jsonb) from public;
grant execute on function public.save_shift_series(jsonb) to authenticated;

-- No more shifts are written; those that nobody signed up for are cancelled, the others stay. p: {id, reason} → {ok, cancelled} | forbidden, not_found, reason_missing
create function public.end_shift_series(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.patrol_planner();
  v_series public.shift_series;
  v_shift uuid;
  v_cancelled integer := 0;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if not private.is_plain_text(p ->> 'reason', 3, 500, true) or p ->> 'reason' = 'too_few' then
    return private.refuse('reason_missing');
  end if;
  perform private.lock_roster(v_staff.station_id);
  update public.shift_series e set ended_at = private.clock() where e.id = (p ->> 'id')::uuid and e.station_id = v_staff.station_id and e.ended_at is null returning * into v_series;
  if v_series.id is null then
    return private.refuse('not_found');
  end if;
  for v_shift in select s.id from public.patrol_shifts s where s.series_id = v_series.id and s.state = 'open' and lower(s.period) > private.clock()
    and not exists (select from public.shift_places q where q.shift_id = s.id and q.state in ('confirmed', 'waiting', 'offered')) order by s.id loop
    perform private.call_off(v_shift, p ->> 'reason');
    v_cancelled := v_cancelled + 1;
  end loop;
  perform private.log_shift(v_staff, 'shift.series_ended', v_series.id);
  return jsonb_build_object('ok', true, 'cancelled', v_cancelled);
end;
$$;
comment on function public.end_shift_series(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.end_shift_series(jsonb) from public;
grant execute on function public.end_shift_series(jsonb) to authenticated;

-- A new route with its checkpoints; each gets a code of its own. p: {community, name, checkpoints: [{grid, name}] in order} → {ok, id} | forbidden, invalid_input
create function public.save_patrol_route(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.patrol_planner();
  v_community uuid;
  v_route uuid;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  select c.id into v_community from public.communities c where c.id = (p ->> 'community')::uuid and c.station_id = v_staff.station_id and c.is_active;
  if v_community is null or not private.is_text_in_both(p -> 'name', 1, 80) or (case when jsonb_typeof(p -> 'checkpoints') = 'array' then jsonb_array_length(p -> 'checkpoints') > 50
      or exists (select from jsonb_array_elements(p -> 'checkpoints') c where not coalesce(private.is_text_in_both(c.value -> 'name', 1, 80), false)
        or not exists (select from public.grids g where g.id = (c.value ->> 'grid')::uuid and g.community_id = v_community and g.is_active)) else true end) then
    return private.refuse('invalid_input');
  end if;
  insert into public.patrol_routes (station_id, community_id, name) values (v_staff.station_id, v_community, p -> 'name') returning id into v_route;
  insert into public.patrol_checkpoints (route_id, community_id, grid_id, position, name)
  select v_route, v_community, (c.value ->> 'grid')::uuid, c.ordinality, c.value -> 'name' from jsonb_array_elements(p -> 'checkpoints') with ordinality c;
  perform private.log_shift(v_staff, 'shift.route_saved', v_route);
  return jsonb_build_object('ok', true, 'id', v_route);
end;
$$;
comment on function public.save_patrol_route(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.save_patrol_route(jsonb) from public;
grant execute on function public.save_patrol_route(jsonb) to authenticated;
