-- Purpose: routes are changed and retired, and single days are taken out of a series and put back.
-- Risk: low; the order of checkpoints is unique among those that are in use, not among all that ever were.

alter table public.patrol_checkpoints drop constraint patrol_checkpoints_route_id_position_key;
create unique index patrol_checkpoints_in_order on public.patrol_checkpoints (route_id, position) where is_active;

-- The route of the caller's station that may be changed now, or what keeps them from it.
create function private.route_gap(p_staff public.staff, p_route uuid) returns text
language sql stable set search_path = '' as $$
  select case
    when p_staff.user_id is null then 'forbidden'
    when not exists (select from public.patrol_routes r where r.id = p_route and r.station_id = p_staff.station_id and r.is_active) then 'not_found'
    -- Nobody on the way finds another one than they left with.
    when exists (select from public.patrol_shifts s where s.route_id = p_route and s.state = 'under_way') then 'conflict'
  end;
$$;
revoke all on function private.route_gap(public.staff, uuid) from public;

/*
  Name and checkpoints of a route anew, in their order. A checkpoint that is named by its id stays with its poster and its visits; it never moves to another grid, since what was seen there was seen there.
  Those that are not named are retired, new ones have no poster yet. p: {id, name, checkpoints: [{id?, grid, name}]} → {ok, id} | forbidden, not_found, conflict: a patrol is on the way, invalid_input
*/
create function public.change_patrol_route(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.patrol_planner();
  v_gap text;
  v_route public.patrol_routes;
  v_point record;
begin
  if v_staff.user_id is not null then
    perform private.lock_roster(v_staff.station_id);
  end if;
  v_gap := private.route_gap(v_staff, (p ->> 'id')::uuid);
  if v_gap is not null then
    return private.refuse(v_gap);
  end if;
  select r.* into v_route from public.patrol_routes r where r.id = (p ->> 'id')::uuid for update;
  if not coalesce(private.is_text_in_both(p -> 'name', 1, 80), false) or (case when jsonb_typeof(p -> 'checkpoints') = 'array' then jsonb_array_length(p -> 'checkpoints') > 50
      or (select count(c.value ->> 'id') <> count(distinct c.value ->> 'id') from jsonb_array_elements(p -> 'checkpoints') c)
      or exists (select from jsonb_array_elements(p -> 'checkpoints') c where not coalesce(private.is_text_in_both(c.value -> 'name', 1, 80), false)
        or not exists (select from public.grids g where g.id = (c.value ->> 'grid')::uuid and g.community_id = v_route.community_id and g.is_active)
        or (c.value ->> 'id' is not null and not exists (select from public.patrol_checkpoints k where k.id = (c.value ->> 'id')::uuid and k.route_id = v_route.id and k.is_active and k.grid_id = (c.value ->> 'grid')::uuid))) else true end) then
    return private.refuse('invalid_input');
  end if;
  update public.patrol_routes r set name = p -> 'name' where r.id = v_route.id;
  update public.patrol_checkpoints c set is_active = false where c.route_id = v_route.id;
  for v_point in select c.value, c.ordinality as position from jsonb_array_elements(p -> 'checkpoints') with ordinality c loop
    if v_point.value ->> 'id' is not null then
      update public.patrol_checkpoints c set is_active = true, position = v_point.position, name = v_point.value -> 'name' where c.id = (v_point.value ->> 'id')::uuid;
    else
      insert into public.patrol_checkpoints (route_id, community_id, grid_id, position, name) values (v_route.id, v_route.community_id, (v_point.value ->> 'grid')::uuid, v_point.position, v_point.value -> 'name');
    end if;
  end loop;
  delete from private.checkpoint_codes k using public.patrol_checkpoints c where c.id = k.checkpoint_id and c.route_id = v_route.id and not c.is_active;
  perform private.log_shift(v_staff, 'shift.route_changed', v_route.id);
  return jsonb_build_object('ok', true, 'id', v_route.id);
end;
$$;
comment on function public.change_patrol_route(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.change_patrol_route(jsonb) from public;
grant execute on function public.change_patrol_route(jsonb) to authenticated;

-- A route that no shift to come and no series needs is offered no more; its past shifts keep it. p: {id} → {ok} | forbidden, not_found, conflict
create function public.retire_patrol_route(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.patrol_planner();
  v_route uuid := (p ->> 'id')::uuid;
  v_gap text;
begin
  if v_staff.user_id is not null then
    perform private.lock_roster(v_staff.station_id);
  end if;
  v_gap := private.route_gap(v_staff, v_route);
  if v_gap is not null then
    return private.refuse(v_gap);
  elsif exists (select from public.patrol_shifts s where s.route_id = v_route and s.state = 'open') or exists (select from public.shift_series e where e.route_id = v_route and e.ended_at is null and e.until_on >= private.day_at(v_staff.station_id, private.clock())) then
    return private.refuse('conflict');
  end if;
  update public.patrol_routes r set is_active = false where r.id = v_route;
  delete from private.checkpoint_codes k using public.patrol_checkpoints c where c.id = k.checkpoint_id and c.route_id = v_route;
  perform private.log_shift(v_staff, 'shift.route_retired', v_route);
  return jsonb_build_object('ok', true);
end;
$$;
comment on function public.retire_patrol_route(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.retire_patrol_route(jsonb) from public;
grant execute on function public.retire_patrol_route(jsonb) to authenticated;

/*
  Takes one day out of a series. Its shift, if it is written already, is called off and everybody on it is told.
  p: {id, day, reason} → {ok, cancelled: 0 | 1} | forbidden, not_found, reason_missing, conflict: the shift has begun, invalid_input: no day to come of this series, or taken out already
*/
create function public.except_series_day(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.patrol_planner();
  v_day date := (p ->> 'day')::date;
  v_series public.shift_series;
  v_shift public.patrol_shifts;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  perform private.lock_roster(v_staff.station_id);
  select e.* into v_series from public.shift_series e where e.id = (p ->> 'id')::uuid and e.station_id = v_staff.station_id and e.ended_at is null for update;
  if v_series.id is null then
    return private.refuse('not_found');
  elsif not coalesce(private.is_plain_text(p ->> 'reason', 3, 500, true), false) or p ->> 'reason' = 'too_few' then
    return private.refuse('reason_missing');
  elsif v_day is null or v_day < private.day_at(v_staff.station_id, private.clock()) or v_day not between v_series.from_on and v_series.until_on or not extract(isodow from v_day)::smallint = any (v_series.weekdays)
    or v_day = any (v_series.exceptions) or cardinality(v_series.exceptions) >= 200 then
    return private.refuse('invalid_input');
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.series_id = v_series.id and s.series_date = v_day for update;
  if v_shift.state in ('under_way', 'ended') or (v_shift.state = 'open' and lower(v_shift.period) <= private.clock()) then
    return private.refuse('conflict');
  end if;
  update public.shift_series e set exceptions = array(select x from unnest(e.exceptions || v_day) x order by x) where e.id = v_series.id;
  if v_shift.state = 'open' then
    perform private.call_off(v_shift.id, p ->> 'reason');
  end if;
  perform private.log_shift(v_staff, 'shift.series_excepted', v_series.id);
  return jsonb_build_object('ok', true, 'cancelled', case when v_shift.state = 'open' then 1 else 0 end);
end;
$$;
comment on function public.except_series_day(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.except_series_day(jsonb) from public;
grant execute on function public.except_series_day(jsonb) to authenticated;

/*
  Puts a day that was taken out back into a series, as a new shift: whoever was on the one that was called off has been told so, and is on no other. It stays as it is, a shift of its own.
  p: {id, day} → {ok, added: 0 where its turn to be written has not come, or less than three hours are left} | forbidden, not_found: also a day that was not taken out, invalid_input: no day to come
*/
create function public.restore_series_day(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.patrol_planner();
  v_day date := (p ->> 'day')::date;
  v_series public.shift_series;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  perform private.lock_roster(v_staff.station_id);
  select e.* into v_series from public.shift_series e where e.id = (p ->> 'id')::uuid and e.station_id = v_staff.station_id and e.ended_at is null for update;
  if v_series.id is null or not coalesce(v_day = any (v_series.exceptions), false) then
    return private.refuse('not_found');
  elsif v_day < private.day_at(v_staff.station_id, private.clock()) then
    return private.refuse('invalid_input');
  end if;
  update public.patrol_shifts s set series_id = null, series_date = null where s.series_id = v_series.id and s.series_date = v_day;
  update public.shift_series e set exceptions = array_remove(e.exceptions, v_day) where e.id = v_series.id returning * into v_series;
  perform private.log_shift(v_staff, 'shift.series_restored', v_series.id);
  return jsonb_build_object('ok', true, 'added', private.write_series(v_series));
end;
$$;
comment on function public.restore_series_day(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.restore_series_day(jsonb) from public;
grant execute on function public.restore_series_day(jsonb) to authenticated;
