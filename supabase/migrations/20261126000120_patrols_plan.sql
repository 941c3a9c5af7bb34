-- Purpose: the desk plans shifts, series and routes, cancels, marks who did not come and decides about swaps.
-- Risk: none for data, new functions.

-- The planner of a station, or null.
create function private.patrol_planner() returns public.staff
language plpgsql stable set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_nobody public.staff;
begin
  return case when v_staff.role in ('lead', 'chief') then v_staff else v_nobody end;
end;
$$;
revoke all on function private.patrol_planner() from public;

create function private.log_shift(p_staff public.staff, p_action text, p_shift uuid) returns void
language sql volatile set search_path = '' as $$
  select private.log(p_staff.station_id, p_staff.user_id, p_staff.role, p_action, 'patrols', p_shift);
$$;
revoke all on function private.log_shift(public.staff, text, uuid) from public;

-- What a shift and a series have in common, as the form sends it; community and route by id. Is it of this station, and possible?
create function private.is_shift_form(p_station uuid, p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(
    exists (select from public.communities c where c.id = (p ->> 'community')::uuid and c.station_id = p_station and c.is_active)
    and (p ->> 'route' is null or exists (select from public.patrol_routes r where r.id = (p ->> 'route')::uuid and r.community_id = (p ->> 'community')::uuid and r.is_active))
    and exists (select from public.shift_types t where t.code = p ->> 'type' and t.is_active)
    and (p ->> 'skill' is null or exists (select from public.patrol_skills k where k.code = p ->> 'skill' and k.is_active))
    and coalesce(p ->> 'kind', 'patroller') in ('patroller', 'information', 'building_contact', 'mediator')
    and (p ->> 'needed')::integer between 2 and 30 and (p ->> 'maximum')::integer between (p ->> 'needed')::integer and 50, false);
$$;
revoke all on function private.is_shift_form(uuid, jsonb) from public;

create function private.desk_shift(s public.patrol_shifts) returns jsonb
language sql stable set search_path = '' as $$
  select private.shift_card(s) || jsonb_build_object('series', s.series_id, 'lead_volunteer', s.lead_volunteer_id, 'lead_staff', s.lead_staff_id,
    'places', coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'volunteer', p.volunteer_id, 'state', p.state, 'is_trainee', p.is_trainee, 'signed_at', p.signed_at, 'offered_until', p.offered_until, 'attended_at', p.attended_at,
        'swap', (select jsonb_build_object('id', w.id, 'state', w.state, 'to', w.to_volunteer_id) from public.shift_swaps w where w.place_id = p.id and w.state in ('asked', 'accepted'))) order by p.queue)
      from public.shift_places p where p.shift_id = s.id), '[]'::jsonb));
$$;
revoke all on function private.desk_shift(public.patrol_shifts) from public;

/*
  A new shift, or a change of one that has not begun. p: {id?, sequence? (of a change, as the editor saw it), community, type, route?, starts_at, ends_at, needed, maximum, kind?, skill?, lead_volunteer?, lead_staff?}
  The community, the kind and the skill of a shift stay. A new time raises the sequence and is told to everybody on it. A new shift begins in more than three hours.
  → {ok, shift} | forbidden, not_found, conflict, shift_closed, shift_overlap: somebody on it is elsewhere at the new time, invalid_input
*/
create function public.save_patrol_shift(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.patrol_planner();
  v_now timestamptz := private.clock();
  v_from timestamptz := (p ->> 'starts_at')::timestamptz;
  v_to timestamptz := (p ->> 'ends_at')::timestamptz;
  v_before public.patrol_shifts;
  v_shift public.patrol_shifts;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  perform private.lock_roster(v_staff.station_id);
  if p ->> 'id' is not null then
    select s.* into v_before from public.patrol_shifts s where s.id = (p ->> 'id')::uuid and s.station_id = v_staff.station_id for update;
    if v_before.id is null then
      return private.refuse('not_found');
    elsif v_before.state <> 'open' or lower(v_before.period) <= v_now then
      return private.refuse('shift_closed');
    elsif v_before.sequence is distinct from (p ->> 'sequence')::integer then
      return private.refuse('conflict');
    end if;
  end if;
  -- Nobody is checked in for an hour that is still to come (RULES I1).
  if (v_from, v_to) is distinct from (lower(v_before.period), upper(v_before.period)) and exists (select from public.shift_places q where q.shift_id = v_before.id and q.attended_at is not null) then
    return private.refuse('shift_closed');
  end if;
  if not private.is_shift_form(v_staff.station_id, p) or v_from is null or v_to is null or v_to < v_from + interval '30 minutes' or v_to > v_from + interval '12 hours'
    or (v_from <= v_now + interval '3 hours' and v_from is distinct from lower(v_before.period)) or v_from > v_now + interval '1 year'
    or (v_before.id is not null and (p ->> 'maximum')::integer < private.places_taken(v_before.id))
    or (v_before.id is not null and (v_before.community_id, v_before.kind, coalesce(v_before.skill_code, '')) is distinct from ((p ->> 'community')::uuid, coalesce(p ->> 'kind', 'patroller')::public.volunteer_kind, coalesce(p ->> 'skill', '')::text))
    or (p ->> 'lead_volunteer' is not null and not exists (select from public.volunteers v where v.id = (p ->> 'lead_volunteer')::uuid and v.station_id = v_staff.station_id and v.state = 'active'))
    or (p ->> 'lead_staff' is not null and not exists (select from public.staff s where s.user_id = (p ->> 'lead_staff')::uuid and s.station_id = v_staff.station_id and s.is_active and s.role in ('officer', 'lead', 'chief')))
    or (p ->> 'lead_volunteer' is not null and p ->> 'lead_staff' is not null) then
    return private.refuse('invalid_input');
  end if;
  if v_before.id is null then
    insert into public.patrol_shifts (station_id, community_id, type_code, route_id, period, needed, maximum, kind, skill_code, lead_volunteer_id, lead_staff_id, first_claims_until, created_at, created_by, revised_at)
    values (v_staff.station_id, (p ->> 'community')::uuid, p ->> 'type', (p ->> 'route')::uuid, tstzrange(v_from, v_to), (p ->> 'needed')::integer, (p ->> 'maximum')::integer, coalesce(p ->> 'kind', 'patroller'), p ->> 'skill',
      (p ->> 'lead_volunteer')::uuid, (p ->> 'lead_staff')::uuid, private.first_claims_end(v_now, v_from), v_now, v_staff.user_id, v_now)
    returning * into v_shift;
    perform private.log_shift(v_staff, 'shift.planned', v_shift.id);
  else
    begin
      update public.patrol_shifts s set type_code = p ->> 'type', route_id = (p ->> 'route')::uuid, period = tstzrange(v_from, v_to), needed = (p ->> 'needed')::integer, maximum = (p ->> 'maximum')::integer,
        lead_volunteer_id = (p ->> 'lead_volunteer')::uuid, lead_staff_id = (p ->> 'lead_staff')::uuid, sequence = s.sequence + 1, revised_at = v_now, first_claims_until = least(s.first_claims_until, v_from)
      where s.id = v_before.id returning * into v_shift;
    exception when exclusion_violation then
      return private.refuse('shift_overlap');
    end;
    if v_shift.period <> v_before.period or v_shift.route_id is distinct from v_before.route_id then
      perform private.tell_volunteer(v, 'patrols.changed', v_shift.id) from public.shift_places p join public.volunteers v on v.id = p.volunteer_id where p.shift_id = v_shift.id and p.state in ('confirmed', 'waiting', 'offered');
      update public.shift_places p set reminded_day_at = null, reminded_hours_at = null, offered_until = case when p.state = 'offered' then least(p.offered_until, v_from - interval '1 hour') end where p.shift_id = v_shift.id and p.state in ('confirmed', 'waiting', 'offered');
    end if;
    perform private.offer_places(v_shift.id);
    perform private.log_shift(v_staff, 'shift.changed', v_shift.id);
  end if;
  return jsonb_build_object('ok', true, 'shift', private.desk_shift(v_shift));
end;
$$;
comment on function public.save_patrol_shift(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.save_patrol_shift(jsonb) from public;
grant execute on function public.save_patrol_shift(jsonb) to authenticated;

-- Ends everything about a shift that will not take place, and tells who was on it. The caller holds the roster.
create function private.call_off(p_shift uuid, p_reason text) returns public.patrol_shifts
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
begin
  update public.patrol_shifts s set state = 'cancelled', cancelled_reason = p_reason, sequence = s.sequence + 1, revised_at = v_now where s.id = p_shift returning * into v_shift;
  perform private.tell_volunteer(v, 'patrols.cancelled', p_shift) from public.shift_places p join public.volunteers v on v.id = p.volunteer_id where p.shift_id = p_shift and p.state in ('confirmed', 'waiting', 'offered');
  update public.shift_swaps w set state = 'expired' from public.shift_places p where p.id = w.place_id and p.shift_id = p_shift and w.state in ('asked', 'accepted');
  update public.shift_places p set state = 'cancelled', offered_until = null, ended_at = v_now where p.shift_id = p_shift and p.state in ('confirmed', 'waiting', 'offered');
  return v_shift;
end;
$$;
revoke all on function private.call_off(uuid, text) from public;

-- p: {id, reason} → {ok, shift} | forbidden, not_found, shift_closed, reason_missing
create function public.cancel_patrol_shift(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.patrol_planner();
  v_shift public.patrol_shifts;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  perform private.lock_roster(v_staff.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'id')::uuid and s.station_id = v_staff.station_id for update;
  if v_shift.id is null then
    return private.refuse('not_found');
  elsif v_shift.state <> 'open' then
    return private.refuse('shift_closed');
  elsif not private.is_plain_text(p ->> 'reason', 3, 500, true) or p ->> 'reason' = 'too_few' then
    return private.refuse('reason_missing');
  end if;
  v_shift := private.call_off(v_shift.id, p ->> 'reason');
  perform private.log_shift(v_staff, 'shift.cancelled', v_shift.id);
  return jsonb_build_object('ok', true, 'shift', private.desk_shift(v_shift));
end;
$$;
comment on function public.cancel_patrol_shift(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.cancel_patrol_shift(jsonb) from public;
grant execute on function public.cancel_patrol_shift(jsonb) to authenticated;

-- p: {from, to: instants at most 62 days apart} → {ok, now, me, may_plan, shifts[], series[], routes[]} | forbidden, invalid_input
create function public.list_desk_patrols(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_from timestamptz := (p ->> 'from')::timestamptz;
  v_to timestamptz := (p ->> 'to')::timestamptz;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  if v_from is null or v_to is null or v_to <= v_from or v_to > v_from + interval '62 days' then
    return private.refuse('invalid_input');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'me', private.who_reads(v_staff), 'may_plan', v_staff.role in ('lead', 'chief'),
    'shifts', coalesce((select jsonb_agg(private.desk_shift(s) order by lower(s.period), s.id) from public.patrol_shifts s
      where s.station_id = v_staff.station_id and lower(s.period) >= v_from and lower(s.period) < v_to and (v_staff.role <> 'officer' or s.community_id in (select private.communities_of(v_staff.user_id)))), '[]'::jsonb),
    'series', coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'community', e.community_id, 'type', e.type_code, 'route', e.route_id, 'weekdays', e.weekdays, 'starts_at_local', to_char(e.starts_at_local, 'HH24:MI'),
        'duration_minutes', e.duration_minutes, 'from_on', e.from_on, 'until_on', e.until_on, 'exceptions', e.exceptions, 'needed', e.needed, 'maximum', e.maximum, 'kind', e.kind, 'skill', e.skill_code) order by e.created_at, e.id)
      from public.shift_series e where e.station_id = v_staff.station_id and e.ended_at is null), '[]'::jsonb),
    'routes', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'community', r.community_id, 'name', r.name,
        'checkpoints', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'grid', c.grid_id, 'name', c.name) order by c.position) from public.patrol_checkpoints c where c.route_id = r.id and c.is_active), '[]'::jsonb)) order by r.id)
      from public.patrol_routes r where r.station_id = v_staff.station_id and r.is_active), '[]'::jsonb));
end;
$$;
comment on function public.list_desk_patrols(jsonb) is 'Volunteers appear by id, without a name. Definer: the tables have no grants.';
revoke all on function public.list_desk_patrols(jsonb) from public;
grant execute on function public.list_desk_patrols(jsonb) to authenticated;

-- Somebody who had a place did not come: marked after the start, at most a week later. Two such shifts lock signing up by oneself. p: {place} → {ok, missed, locked} | forbidden, not_found, status_order, not_for_oneself
create function public.mark_no_show(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_place public.shift_places;
  v_shift public.patrol_shifts;
  v_volunteer public.volunteers;
  v_missed integer;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  perform private.lock_roster(v_staff.station_id);
  select q.* into v_place from public.shift_places q where q.id = (p ->> 'place')::uuid for update;
  select s.* into v_shift from public.patrol_shifts s where s.id = v_place.shift_id and s.station_id = v_staff.station_id and (v_staff.role <> 'officer' or s.community_id in (select private.communities_of(v_staff.user_id)));
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  if v_place.state <> 'confirmed' or v_place.attended_at is not null or lower(v_place.period) > v_now or lower(v_place.period) < v_now - interval '7 days' then
    return private.refuse('status_order');
  end if;
  select v.* into v_volunteer from public.volunteers v where v.id = v_place.volunteer_id for update;
  if v_volunteer.user_id = v_staff.user_id then
    return private.refuse('not_for_oneself');
  end if;
  update public.shift_places q set state = 'no_show', ended_at = v_now where q.id = v_place.id;
  v_missed := private.missed_shifts(v_volunteer);
  if v_missed >= 2 and v_volunteer.locked_at is null then
    update public.volunteers v set locked_at = v_now where v.id = v_volunteer.id returning * into v_volunteer;
    perform private.tell_volunteer(v_volunteer, 'patrols.locked', v_volunteer.id);
  end if;
  perform private.log_shift(v_staff, 'shift.no_show', v_shift.id);
  return jsonb_build_object('ok', true, 'missed', v_missed, 'locked', v_volunteer.locked_at is not null);
end;
$$;
comment on function public.mark_no_show(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.mark_no_show(jsonb) from public;
grant execute on function public.mark_no_show(jsonb) to authenticated;

-- A lead approves or refuses that a place goes to a colleague. p: {swap, approve} → {ok, shift} | forbidden, not_found, status_order, not_for_oneself, a code of sign_up_gap
create function public.decide_swap(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.patrol_planner();
  v_now timestamptz := private.clock();
  v_swap public.shift_swaps;
  v_place public.shift_places;
  v_shift public.patrol_shifts;
  v_to public.volunteers;
  v_from public.volunteers;
  v_gap text;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  perform private.lock_roster(v_staff.station_id);
  select w.* into v_swap from public.shift_swaps w where w.id = (p ->> 'swap')::uuid for update;
  select q.* into v_place from public.shift_places q where q.id = v_swap.place_id;
  select s.* into v_shift from public.patrol_shifts s where s.id = v_place.shift_id and s.station_id = v_staff.station_id for update;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  if v_swap.state <> 'accepted' or v_place.state <> 'confirmed' then
    return private.refuse('status_order');
  end if;
  select v.* into v_to from public.volunteers v where v.id = v_swap.to_volunteer_id for update;
  select v.* into v_from from public.volunteers v where v.id = v_place.volunteer_id;
  if v_staff.user_id in (v_to.user_id, v_from.user_id) then
    return private.refuse('not_for_oneself');
  end if;
  if coalesce((p ->> 'approve')::boolean, false) then
    -- The one who goes is not who accompanies the trainee that comes.
    update public.shift_places q set state = 'left', ended_at = v_now where q.id = v_place.id;
    v_gap := private.sign_up_gap(v_to, v_shift, v_now);
    if v_gap is not null or exists (select from public.shift_places q where q.shift_id = v_shift.id and q.volunteer_id = v_to.id and q.state in ('confirmed', 'offered')) then
      update public.shift_places q set state = 'confirmed', ended_at = null where q.id = v_place.id;
      return private.refuse(coalesce(v_gap, 'already_signed_up'));
    end if;
    update public.shift_places q set state = 'left', ended_at = v_now where q.shift_id = v_shift.id and q.volunteer_id = v_to.id and q.state = 'waiting';
    insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at) values (v_shift.id, v_to.id, v_shift.period, 'confirmed', private.is_trainee(v_to), v_now);
    update public.shift_swaps w set state = 'approved', decided_at = v_now, decided_by = v_staff.user_id where w.id = v_swap.id;
  else
    update public.shift_swaps w set state = 'refused', decided_at = v_now, decided_by = v_staff.user_id where w.id = v_swap.id;
  end if;
  perform private.tell_volunteer(v_from, 'patrols.swapped', v_shift.id);
  perform private.tell_volunteer(v_to, 'patrols.swapped', v_shift.id);
  perform private.log_shift(v_staff, 'shift.swap_decided', v_shift.id);
  return jsonb_build_object('ok', true, 'shift', private.desk_shift(v_shift));
end;
$$;
comment on function public.decide_swap(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.decide_swap(jsonb) from public;
grant execute on function public.decide_swap(jsonb) to authenticated;
