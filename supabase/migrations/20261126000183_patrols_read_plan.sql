-- Purpose: what the planner of patrols compares the reports with: the shifts that stand, and how many have time.
-- Risk: none, a new function.

/*
  Shifts between two instants with the grids that they pass, as far as the caller sees them; one without a route, or whose route has no checkpoint, goes through its whole community.
  How many active patrollers of the station have time, by weekday and part of the day; numbers, nobody's name. p: {from, to: at most 62 days apart}
  → {ok, now, shifts: [{starts_at, ends_at, grids[]}], available: [{weekday, part, count}]} | forbidden, invalid_input
*/
create function public.read_patrol_plan(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_from timestamptz := (p ->> 'from')::timestamptz;
  v_to timestamptz := (p ->> 'to')::timestamptz;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  if v_from is null or v_to is null or v_to <= v_from or v_to > v_from + interval '62 days' then
    return private.refuse('invalid_input');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(),
    'shifts', coalesce((select jsonb_agg(jsonb_build_object('starts_at', lower(s.period), 'ends_at', upper(s.period), 'grids', coalesce(
        (select jsonb_agg(distinct c.grid_id) from public.patrol_checkpoints c where c.route_id = s.route_id and c.is_active),
        (select jsonb_agg(g.id order by g.id) from public.grids g where g.community_id = s.community_id and g.is_active), '[]'::jsonb)) order by lower(s.period), s.id)
      from public.patrol_shifts s where s.station_id = v_staff.station_id and s.state <> 'cancelled' and s.period && tstzrange(v_from, v_to)
        and (v_staff.role <> 'officer' or s.community_id in (select private.communities_of(v_staff.user_id)))), '[]'::jsonb),
    'available', coalesce((select jsonb_agg(jsonb_build_object('weekday', a.weekday, 'part', a.part, 'count', a.count) order by a.weekday, a.part)
      from (select d.key::integer as weekday, t.part, count(*) as count
        from public.volunteers v cross join lateral jsonb_each(v.availability) d cross join lateral jsonb_array_elements_text(d.value) t(part)
        where v.station_id = v_staff.station_id and v.state = 'active' and v.locked_at is null and 'patroller' = any (v.kinds) group by 1, 2) a), '[]'::jsonb));
end;
$$;
comment on function public.read_patrol_plan(jsonb) is 'Definer: the tables have no grants.';
revoke all on function public.read_patrol_plan(jsonb) from public;
grant execute on function public.read_patrol_plan(jsonb) to authenticated;
