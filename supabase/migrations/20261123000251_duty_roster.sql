-- Purpose: planning the duty roster, handing over, and who is on duty now.
-- Risk: none for data, new functions.

-- A turn as the desk shows it. The note leaves sealed; the portal opens it.
create function private.shift_facts(p_shift public.duty_shifts) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('id', p_shift.id, 'staff_id', p_shift.staff_id, 'name', s.name, 'role', s.role, 'starts_at', p_shift.starts_at, 'ends_at', p_shift.ends_at,
    'taken_over_at', p_shift.taken_over_at, 'note_sealed', p_shift.note_sealed, 'noted_at', p_shift.noted_at)
  from public.staff s where s.user_id = p_shift.staff_id;
$$;
revoke all on function private.shift_facts(public.duty_shifts) from public;

create function private.day_at(p_station uuid, p_at timestamptz) returns date
language sql stable set search_path = '' as $$
  select (p_at at time zone s.time_zone)::date from public.stations s where s.id = p_station;
$$;
revoke all on function private.day_at(uuid, timestamptz) from public;

-- Whoever plans the roster decides who sees the triage queue: those who see it anyway.
create function private.may_plan_duty(p_staff public.staff) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(p_staff.role in ('lead', 'chief'), false);
$$;
revoke all on function private.may_plan_duty(public.staff) from public;

/*
  Who is on duty now, for the top of the desk: {ok, now, people: [{staff_id, name, role, until}], next: {name, starts_at}?, is_me, mine: the caller's turn that can be taken
  over or noted?, handed_over: the note left for it?, triage: reports nobody's community takes in, 100 at most; null for whoever does not see them}
*/
create function public.get_duty_now() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_mine public.duty_shifts;
  v_before public.duty_shifts;
  v_handles boolean := coalesce(v_staff.role in ('officer', 'lead', 'chief'), false);
  v_triage bigint;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if v_handles then
    -- The turn that begins or runs, else the one that is just over: its note may still be written.
    select d.* into v_mine from public.duty_shifts d
    where d.staff_id = v_staff.user_id and d.starts_at <= v_now + interval '30 minutes' and d.ends_at > v_now - interval '1 hour'
    order by d.ends_at <= v_now, d.taken_over_at is not null, d.starts_at limit 1;
    select d.* into v_before from public.duty_shifts d
    where d.station_id = v_staff.station_id and d.staff_id <> v_staff.user_id and d.note_sealed is not null and d.starts_at < v_mine.starts_at and d.ends_at > v_mine.starts_at - interval '12 hours'
    order by d.ends_at desc limit 1;
    if private.desk_post(v_staff) <> 'officer' then
      select count(*) into v_triage from (select from public.reports r where r.station_id = v_staff.station_id and r.community_id is null and not r.is_hidden and not r.is_about_police and r.status = 'received' limit 100) t;
    end if;
  end if;
  return jsonb_build_object('ok', true, 'now', v_now,
    'people', coalesce((select jsonb_agg(jsonb_build_object('staff_id', s.user_id, 'name', s.name, 'role', s.role,
        'until', (select max(d.ends_at) from public.duty_shifts d where d.staff_id = s.user_id and d.starts_at <= v_now + interval '30 minutes' and d.ends_at > v_now)) order by s.badge_number)
      from private.on_duty(v_staff.station_id, v_now) o join public.staff s on s.user_id = o), '[]'::jsonb),
    'next', (select jsonb_build_object('name', s.name, 'starts_at', d.starts_at) from public.duty_shifts d join public.staff s on s.user_id = d.staff_id and s.is_active
      where d.station_id = v_staff.station_id and d.starts_at > v_now order by d.starts_at limit 1),
    'is_me', private.is_on_duty(v_staff.user_id), 'mine', case when v_mine.id is not null then private.shift_facts(v_mine) end,
    'handed_over', case when v_before.id is not null then private.shift_facts(v_before) end, 'triage', v_triage);
end;
$$;
comment on function public.get_duty_now() is 'Definer: notes have no SELECT grant, and the triage queue is counted by its index.';
revoke all on function public.get_duty_now() from public;
grant execute on function public.get_duty_now() to authenticated;

/*
  The roster of some days, and whom urgent or forgotten reports called in them. p: from, to (instants, at most 60 days apart)
  → {ok, now, time_zone, may_plan, shifts[], calls: [{reference, category, urgency, received_at, told: [{level, at, people}], opened: {at, name, role}?}]}
*/
create function public.list_duty(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_from timestamptz := (p ->> 'from')::timestamptz;
  v_to timestamptz := (p ->> 'to')::timestamptz;
  v_handles boolean := coalesce(v_staff.role in ('officer', 'lead', 'chief'), false);
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if v_from is null or v_to is null or v_to <= v_from or v_to > v_from + interval '60 days' then
    return private.refuse('invalid_input');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'time_zone', (select s.time_zone from public.stations s where s.id = v_staff.station_id), 'may_plan', private.may_plan_duty(v_staff),
    'shifts', coalesce((select jsonb_agg(private.shift_facts(d) - case when v_handles then '{}'::text[] else '{note_sealed}'::text[] end order by d.starts_at, d.id)
      from public.duty_shifts d where d.station_id = v_staff.station_id and d.starts_at < v_to and d.ends_at > v_from), '[]'::jsonb),
    'calls', coalesce((
      select jsonb_agg(jsonb_build_object('reference', t.reference, 'category', t.category_code, 'urgency', t.urgency, 'received_at', t.received_at,
        'told', (select jsonb_agg(jsonb_build_object('level', c.level, 'at', c.at, 'people', c.people) order by c.at, c.people desc) from private.duty_calls c where c.report_id = t.id),
        'opened', private.first_look(t.id)) order by t.received_at desc)
      from (select r.* from public.reports r
        where r.station_id = v_staff.station_id and exists (select from private.duty_calls c where c.report_id = r.id and c.at >= v_from and c.at < v_to) and private.may_see(r, v_staff)
        order by r.received_at desc limit 50) t), '[]'::jsonb));
end;
$$;
comment on function public.list_duty(jsonb) is 'Definer: notes have no SELECT grant; calls are shown for reports that the caller may see.';
revoke all on function public.list_duty(jsonb) from public;
grant execute on function public.list_duty(jsonb) to authenticated;

-- p: staff, starts_at, ends_at → {ok, shift}. Lead or chief; nobody is put on duty twice at a time, and the past stays as it was.
create function public.add_duty_shift(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_target public.staff;
  v_shift public.duty_shifts;
  v_starts timestamptz := (p ->> 'starts_at')::timestamptz;
  v_ends timestamptz := (p ->> 'ends_at')::timestamptz;
begin
  if not private.may_plan_duty(v_staff) then
    return private.refuse('forbidden');
  end if;
  select s.* into v_target from public.staff s where s.user_id = (p ->> 'staff')::uuid and s.station_id = v_staff.station_id and s.is_active and s.role in ('officer', 'lead', 'chief') for share;
  if v_target.user_id is null then
    return private.refuse('assignee_not_allowed');
  end if;
  if v_starts is null or v_ends is null or v_ends <= v_starts or v_ends > v_starts + interval '24 hours' or v_ends <= private.clock() or v_starts > private.clock() + interval '2 years' then
    return private.refuse('invalid_input');
  end if;
  insert into public.duty_shifts (station_id, staff_id, starts_at, ends_at, set_by) values (v_staff.station_id, v_target.user_id, v_starts, v_ends, v_staff.user_id)
  on conflict do nothing returning * into v_shift;
  if v_shift.id is null then
    return private.refuse('already_on_duty');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'duty.shift_set', 'staff', v_target.user_id, jsonb_build_object('colleague', v_target.user_id, 'day', private.day_at(v_staff.station_id, v_starts)));
  return jsonb_build_object('ok', true, 'shift', private.shift_facts(v_shift));
end;
$$;
comment on function public.add_duty_shift(jsonb) is 'Definer: nobody may write the roster directly.';
revoke all on function public.add_duty_shift(jsonb) from public;
grant execute on function public.add_duty_shift(jsonb) to authenticated;

-- A turn that has not begun goes; one that runs ends now; one that is over stays: it says who was on duty.
create function public.remove_duty_shift(p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_shift public.duty_shifts;
  v_now timestamptz := private.clock();
begin
  if not private.may_plan_duty(v_staff) then
    return private.refuse('forbidden');
  end if;
  select d.* into v_shift from public.duty_shifts d where d.id = p_id and d.station_id = v_staff.station_id for update;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  if v_shift.ends_at <= v_now then
    return private.refuse('conflict');
  end if;
  if v_shift.starts_at < v_now then
    update public.duty_shifts d set ends_at = v_now where d.id = p_id;
  else
    delete from public.duty_shifts d where d.id = p_id;
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'duty.shift_removed', 'staff', v_shift.staff_id,
    jsonb_build_object('colleague', v_shift.staff_id, 'day', private.day_at(v_staff.station_id, v_shift.starts_at)));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.remove_duty_shift(uuid) is 'Definer: nobody may write the roster directly.';
revoke all on function public.remove_duty_shift(uuid) from public;
grant execute on function public.remove_duty_shift(uuid) to authenticated;

-- Copies a week, by the clock on the station's wall, into the weeks after it. Turns that are there stay; asked twice it adds nothing.
-- p: week (a Monday), times (1-12) → {ok, added, skipped}
create function public.repeat_duty_week(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_week date := (p ->> 'week')::date;
  v_times integer := (p ->> 'times')::integer;
  v_zone text;
  v_wanted integer;
  v_added integer;
begin
  if not private.may_plan_duty(v_staff) then
    return private.refuse('forbidden');
  end if;
  if v_week is null or extract(isodow from v_week) <> 1 or v_times is null or v_times not between 1 and 12 then
    return private.refuse('invalid_input');
  end if;
  select s.time_zone into v_zone from public.stations s where s.id = v_staff.station_id;
  with week as (
    select d.staff_id, d.starts_at at time zone v_zone as starts, d.ends_at at time zone v_zone as ends
    from public.duty_shifts d join public.staff s on s.user_id = d.staff_id and s.is_active and s.role in ('officer', 'lead', 'chief')
    where d.station_id = v_staff.station_id and (d.starts_at at time zone v_zone)::date between v_week and v_week + 6
  ), wanted as (
    -- By the clock on the wall: a turn of 24 hours over the night in which the clocks go back would last 25.
    select w.staff_id, t.starts_at, least(t.ends_at, t.starts_at + interval '24 hours') as ends_at
    from week w cross join generate_series(1, v_times) n
    cross join lateral (select (w.starts + make_interval(days => 7 * n)) at time zone v_zone as starts_at, (w.ends + make_interval(days => 7 * n)) at time zone v_zone as ends_at) t
  ), ahead as (
    select * from wanted w where w.ends_at > private.clock()
  ), added as (
    insert into public.duty_shifts (station_id, staff_id, starts_at, ends_at, set_by)
    select v_staff.station_id, a.staff_id, a.starts_at, a.ends_at, v_staff.user_id from ahead a order by a.starts_at
    on conflict do nothing returning id
  )
  select (select count(*) from ahead), (select count(*) from added) into v_wanted, v_added;
  if v_added > 0 then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'duty.week_repeated', 'staff', null, jsonb_build_object('day', v_week, 'added', v_added));
  end if;
  return jsonb_build_object('ok', true, 'added', v_added, 'skipped', v_wanted - v_added);
end;
$$;
comment on function public.repeat_duty_week(jsonb) is 'Definer: nobody may write the roster directly.';
revoke all on function public.repeat_duty_week(jsonb) from public;
grant execute on function public.repeat_duty_week(jsonb) to authenticated;

-- The short note of the one going off, while their turn runs and for twelve hours after. p: actor, session, shift, note_sealed (null takes it away)
create function public.note_duty(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_now timestamptz := private.clock();
begin
  update public.duty_shifts d set note_sealed = p ->> 'note_sealed', noted_at = case when p ->> 'note_sealed' is not null then v_now end
  where d.id = (p ->> 'shift')::uuid and d.staff_id = v_staff.user_id and d.starts_at <= v_now and d.ends_at > v_now - interval '12 hours';
  if not found then
    return private.refuse('not_found');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'duty.noted', 'staff', v_staff.user_id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.note_duty(jsonb) is 'Definer: nobody may write the roster directly. The server''s: it seals the note.';
revoke all on function public.note_duty(jsonb) from public;
grant execute on function public.note_duty(jsonb) to service_role;

-- One tap: "I am on duty now", from half an hour before one's own turn to its end. A second tap changes nothing.
create function public.take_over_duty(p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_shift public.duty_shifts;
begin
  select d.* into v_shift from public.duty_shifts d where d.id = p_id and d.staff_id = v_staff.user_id for update;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  if v_shift.taken_over_at is null then
    if v_now < v_shift.starts_at - interval '30 minutes' or v_now >= v_shift.ends_at then
      return private.refuse('not_your_turn');
    end if;
    update public.duty_shifts d set taken_over_at = v_now where d.id = p_id returning * into v_shift;
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'duty.taken_over', 'staff', v_staff.user_id);
  end if;
  return jsonb_build_object('ok', true, 'shift', private.shift_facts(v_shift));
end;
$$;
comment on function public.take_over_duty(uuid) is 'Definer: nobody may write the roster directly.';
revoke all on function public.take_over_duty(uuid) from public;
grant execute on function public.take_over_duty(uuid) to authenticated;
