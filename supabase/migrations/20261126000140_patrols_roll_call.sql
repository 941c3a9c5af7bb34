-- Purpose: the roll call of a shift (RULES I1): a code on the lead's phone, entered by whoever stands beside it. Nobody goes on patrol before two have checked in.
-- Risk: none for data, new objects; a shift gets under way with two who have checked in only.

create table private.patrol_nights (
  shift_id uuid primary key references public.patrol_shifts (id) on delete cascade,
  secret_sealed public.sealed_text,
  opened_at timestamptz not null,
  opened_by uuid references auth.users (id) on delete set null,
  started_at timestamptz,
  called_at timestamptz,
  ended_at timestamptz,
  constraint nights_end_after_they_started check (ended_at is null or started_at is not null),
  constraint nights_forget_their_secret check (secret_sealed is not null or called_at is not null)
);
comment on table private.patrol_nights is 'What happens on a shift after its roll call was opened. The secret of the code is sealed by the portal and deleted with the end of the roll call.';
comment on column private.patrol_nights.called_at is 'When the roll call was over, and who had not come was marked.';
create index patrol_nights_by_opener on private.patrol_nights (opened_by) where opened_by is not null;
create index patrol_nights_open on private.patrol_nights (shift_id) where called_at is null;
alter table private.patrol_nights enable row level security;

create table private.check_ins (
  place_id uuid primary key references public.shift_places (id) on delete cascade,
  how text not null check (how in ('code', 'offline', 'lead')),
  step bigint,
  present_at timestamptz not null,
  synced_at timestamptz not null,
  forced_by uuid references auth.users (id) on delete set null,
  reason text check (reason is null or private.is_plain_text(reason, 3, 500, true)),
  out_at timestamptz,
  constraint check_ins_prove_a_step_or_say_why check ((how = 'lead') = (step is null) and (how = 'lead' or reason is null)),
  constraint check_ins_end_after_they_began check (out_at is null or out_at >= present_at)
);
comment on table private.check_ins is 'Who came, once each. `offline`: the code was entered without network and arrived within ten minutes of its step.';
comment on column private.check_ins.reason is 'Of the lead, who never goes without (lead_patrol). It goes with the account.';
create index check_ins_by_forcer on private.check_ins (forced_by) where forced_by is not null;
alter table private.check_ins enable row level security;

create table private.check_in_tries (
  place_id uuid primary key references public.shift_places (id) on delete cascade,
  tries smallint not null check (tries between 1 and 5)
);
comment on table private.check_in_tries is 'Codes that proved nothing, five each. After that the lead checks in.';
alter table private.check_in_tries enable row level security;

-- Are those who checked in to a patrol left without anybody experienced although a trainee is with them? Five shifts before this one make somebody experienced; staff who lead are, too.
create function private.lacks_experience(p_shift public.patrol_shifts) returns boolean
language sql stable set search_path = '' as $$
  select p_shift.lead_staff_id is null
    and not exists (select from private.patrol_nights n join public.staff s on s.user_id = n.opened_by and s.is_active and s.station_id = p_shift.station_id where n.shift_id = p_shift.id)
    and exists (select from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = p_shift.id and q.state = 'confirmed' and q.is_trainee)
    and not exists (select from private.check_ins c join public.shift_places q on q.id = c.place_id join public.volunteers v on v.id = q.volunteer_id
      where q.shift_id = p_shift.id and q.state = 'confirmed' and not q.is_trainee and v.state = 'active'
        and private.attended_shifts(v.id) - (q.attended_at is not null)::integer >= 5);
$$;
revoke all on function private.lacks_experience(public.patrol_shifts) from public;

-- Whatever a client does, a patrol is under way with two who have checked in, never with fewer.
create function private.guard_patrol_start() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  if (select count(*) from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = new.id and q.state = 'confirmed') < 2 then
    raise exception 'a patrol starts with two who have checked in' using errcode = 'PT409', detail = 'status_order';
  elsif private.lacks_experience(new) then
    raise exception 'a trainee starts with somebody experienced' using errcode = 'PT409', detail = 'start_needs_experienced';
  end if;
  return new;
end;
$$;
comment on function private.guard_patrol_start() is 'Trigger. Definer: the tables have no grants.';
revoke all on function private.guard_patrol_start() from public;
create trigger patrols_start_with_two before update of state on public.patrol_shifts for each row when (new.state = 'under_way' and old.state <> 'under_way') execute function private.guard_patrol_start();

-- The lead of a shift: whoever is named; without a name the officer of the community or an experienced volunteer on it. Lead and chief of the station always.
create function private.leads_patrol(p_actor uuid, p_staff public.staff, p_shift public.patrol_shifts) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_staff.station_id = p_shift.station_id and (p_staff.role in ('lead', 'chief') or (p_staff.role = 'officer' and p_staff.user_id = p_shift.lead_staff_id)
      or (p_staff.role = 'officer' and num_nonnulls(p_shift.lead_staff_id, p_shift.lead_volunteer_id) = 0 and p_shift.community_id in (select private.communities_of(p_staff.user_id)))), false)
    or exists (select from public.volunteers v where v.user_id = p_actor and v.station_id = p_shift.station_id and v.state = 'active'
      and (v.id = p_shift.lead_volunteer_id
        or (num_nonnulls(p_shift.lead_staff_id, p_shift.lead_volunteer_id) = 0 and private.attended_shifts(v.id) >= 5
          and exists (select from public.shift_places q where q.shift_id = p_shift.id and q.volunteer_id = v.id and q.state = 'confirmed'))));
$$;
revoke all on function private.leads_patrol(uuid, public.staff, public.patrol_shifts) from public;

-- In the log of a night a volunteer is named by nobody: who it was stands in the place. Staff are.
create function private.log_night(p_shift public.patrol_shifts, p_actor uuid, p_action text) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_staff public.staff;
begin
  select s.* into v_staff from public.staff s where s.user_id = p_actor and s.is_active and s.station_id = p_shift.station_id;
  perform private.log(p_shift.station_id, v_staff.user_id, coalesce(v_staff.role, 'resident'), p_action, 'patrols', p_shift.id);
end;
$$;
revoke all on function private.log_night(public.patrol_shifts, uuid, text) from public;

-- Is the roll call open? From half an hour before the start to a quarter of an hour after it.
create function private.is_roll_call_time(p_shift public.patrol_shifts, p_at timestamptz) returns boolean
language sql immutable set search_path = '' as $$
  select p_at >= lower(p_shift.period) - interval '30 minutes' and p_at < lower(p_shift.period) + interval '15 minutes';
$$;
revoke all on function private.is_roll_call_time(public.patrol_shifts, timestamptz) from public;

/*
  Opens the roll call, or takes over the one that is open: whoever did so last reads the names of those expected (read_night). p: {actor, session or chat, shift, secret_sealed}: the secret of the code, which the portal made; the first one stays.
  → {ok, now, secret_sealed, starts_at, started_at, places: [{id, is_mine, how, present_at, out_at, tries}]} | sign_in_required, not_found: also for whoever does not lead it, status_order
*/
create function public.open_roll_call(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.patrol_actor(p);
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
  v_night private.patrol_nights;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'shift')::uuid;
  if v_shift.id is null or not private.leads_patrol(v_actor, v_staff, v_shift) then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_shift.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = v_shift.id for update;
  if v_shift.state not in ('open', 'under_way') or not private.is_roll_call_time(v_shift, v_now) then
    return private.refuse('status_order');
  end if;
  insert into private.patrol_nights as n (shift_id, secret_sealed, opened_at, opened_by) values (v_shift.id, p ->> 'secret_sealed', v_now, v_actor)
  on conflict (shift_id) do update set opened_by = v_actor where n.opened_by is distinct from v_actor returning n.* into v_night;
  if v_night.shift_id is not null then
    perform private.log_night(v_shift, v_actor, 'shift.roll_call_opened');
  else
    select n.* into v_night from private.patrol_nights n where n.shift_id = v_shift.id;
  end if;
  return jsonb_build_object('ok', true, 'now', v_now, 'secret_sealed', v_night.secret_sealed, 'starts_at', lower(v_shift.period), 'started_at', v_night.started_at,
    'places', coalesce((select jsonb_agg(jsonb_build_object('id', q.id, 'is_mine', coalesce(v.user_id = v_actor, false), 'how', c.how, 'present_at', c.present_at, 'out_at', c.out_at, 'tries', coalesce(t.tries, 0)) order by q.queue)
      from public.shift_places q join public.volunteers v on v.id = q.volunteer_id left join private.check_ins c on c.place_id = q.id left join private.check_in_tries t on t.place_id = q.id
      where q.shift_id = v_shift.id and q.state = 'confirmed'), '[]'::jsonb));
end;
$$;
comment on function public.open_roll_call(jsonb) is 'For the portal, which seals the secret. Definer: the tables have no grants.';
revoke all on function public.open_roll_call(jsonb) from public;
grant execute on function public.open_roll_call(jsonb) to service_role;

/*
  For whoever has a place: the sealed secret, with which the portal looks at what was entered. p: {actor, session or chat, shift}
  → {ok, now, secret_sealed, starts_at} | sign_in_required, not_found: no place, or no roll call, roll_call_tries: five codes proved nothing
*/
create function public.read_roll_call(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.patrol_actor(p);
  v_night record;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select n.secret_sealed, lower(q.period) as starts_at, t.tries into v_night
    from public.shift_places q join private.patrol_nights n on n.shift_id = q.shift_id and n.called_at is null left join private.check_in_tries t on t.place_id = q.id
    where q.shift_id = (p ->> 'shift')::uuid and q.volunteer_id = (private.volunteer_of(v_actor)).id and q.state = 'confirmed';
  if v_night.secret_sealed is null then
    return private.refuse('not_found');
  elsif v_night.tries >= 5 then
    return private.refuse('roll_call_tries');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'secret_sealed', v_night.secret_sealed, 'starts_at', v_night.starts_at);
end;
$$;
comment on function public.read_roll_call(jsonb) is 'For the portal, which opens the secret. Definer: the tables have no grants.';
revoke all on function public.read_roll_call(jsonb) from public;
grant execute on function public.read_roll_call(jsonb) to service_role;

/*
  One's own check-in. p: {actor, session or chat, shift, step?: the 30-second step that the entered code proves, none for a code that proves nothing}
  A step counts for ten minutes after it was shown, and within the roll call. The same step again answers as the first time. → {ok, how, present_at}
  | sign_in_required, not_found: no place, or suspended or gone meanwhile, roll_call_code: another try is gone, roll_call_tries: none is left, already_checked_in
*/
create function public.check_in(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.patrol_actor(p);
  v_step bigint := (p ->> 'step')::bigint;
  v_shown timestamptz := to_timestamp(v_step * 30);
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
  v_place public.shift_places;
  v_row private.check_ins;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'shift')::uuid;
  if v_shift.id is not null then
    perform private.lock_roster(v_shift.station_id);
  end if;
  select q.* into v_place from public.shift_places q join private.patrol_nights n on n.shift_id = q.shift_id and n.called_at is null
      join public.volunteers v on v.id = q.volunteer_id and v.state in ('enrolled', 'active')
    where q.shift_id = v_shift.id and q.volunteer_id = (private.volunteer_of(v_actor)).id and q.state = 'confirmed' for update of q;
  if v_place.id is null then
    return private.refuse('not_found');
  end if;
  select c.* into v_row from private.check_ins c where c.place_id = v_place.id;
  if v_row.place_id is not null then
    return case when v_row.step = v_step then jsonb_build_object('ok', true, 'how', v_row.how, 'present_at', v_row.present_at) else private.refuse('already_checked_in') end;
  end if;
  if (select t.tries >= 5 from private.check_in_tries t where t.place_id = v_place.id) then
    return private.refuse('roll_call_tries');
  end if;
  -- One step ahead for a lead's phone that runs fast.
  if v_step is null or v_shown > v_now + interval '30 seconds' or v_shown < v_now - interval '10 minutes 30 seconds' or not private.is_roll_call_time(v_shift, v_shown) then
    insert into private.check_in_tries as t (place_id, tries) values (v_place.id, 1) on conflict (place_id) do update set tries = t.tries + 1;
    perform private.log_night(v_shift, v_actor, 'shift.check_in_refused');
    return private.refuse('roll_call_code');
  end if;
  insert into private.check_ins (place_id, how, step, present_at, synced_at) values (v_place.id, case when v_now < v_shown + interval '1 minute' then 'code' else 'offline' end, v_step, least(v_shown, v_now), v_now) returning * into v_row;
  update public.shift_places q set attended_at = v_row.present_at where q.id = v_place.id;
  perform private.log_night(v_shift, v_actor, 'shift.checked_in');
  return jsonb_build_object('ok', true, 'how', v_row.how, 'present_at', v_row.present_at);
end;
$$;
comment on function public.check_in(jsonb) is 'For the portal, which says what a code proves. Definer: the tables have no grants.';
revoke all on function public.check_in(jsonb) from public;
grant execute on function public.check_in(jsonb) to service_role;

/*
  What the lead does on the night. p: {shift, act: check_in (place, reason) | start | check_out (place)}. Never a check-in of oneself.
  → {ok} | sign_in_required, not_found, status_order, reason_missing, not_for_oneself, conflict, start_needs_experienced: no trainee goes out without somebody experienced, invalid_input
*/
create function public.lead_patrol(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
  v_night private.patrol_nights;
  v_place public.shift_places;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'shift')::uuid;
  if v_shift.id is null or not private.leads_patrol(v_actor, v_staff, v_shift) then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_shift.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = v_shift.id for update;
  select n.* into v_night from private.patrol_nights n where n.shift_id = v_shift.id for update;
  if v_night.shift_id is null or v_night.ended_at is not null or v_shift.state not in ('open', 'under_way') then
    return private.refuse('status_order');
  end if;
  if p ->> 'act' in ('check_in', 'check_out') then
    select q.* into v_place from public.shift_places q where q.id = (p ->> 'place')::uuid and q.shift_id = v_shift.id and q.state = 'confirmed' for update;
    if v_place.id is null or (p ->> 'act' = 'check_in' and not exists (select from public.volunteers v where v.id = v_place.volunteer_id and v.state in ('enrolled', 'active'))) then
      return private.refuse('not_found');
    end if;
  end if;
  if p ->> 'act' = 'check_in' then
    if v_place.volunteer_id = (private.volunteer_of(v_actor)).id then
      return private.refuse('not_for_oneself');
    elsif not private.is_roll_call_time(v_shift, v_now) or v_night.called_at is not null then
      return private.refuse('status_order');
    elsif not coalesce(private.is_plain_text(p ->> 'reason', 3, 500, true), false) then
      return private.refuse('reason_missing');
    elsif exists (select from private.check_ins c where c.place_id = v_place.id) then
      return private.refuse('conflict');
    end if;
    insert into private.check_ins (place_id, how, present_at, synced_at, forced_by, reason) values (v_place.id, 'lead', v_now, v_now, v_actor, p ->> 'reason');
    update public.shift_places q set attended_at = v_now where q.id = v_place.id;
    perform private.log_night(v_shift, v_actor, 'shift.check_in_forced');
  elsif p ->> 'act' = 'start' then
    if v_shift.state <> 'open' or v_now < lower(v_shift.period) - interval '30 minutes' or v_now >= upper(v_shift.period)
      or (select count(*) from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = v_shift.id and q.state = 'confirmed') < 2 then
      return private.refuse('status_order');
    elsif private.lacks_experience(v_shift) then
      return private.refuse('start_needs_experienced');
    end if;
    update public.patrol_shifts s set state = 'under_way' where s.id = v_shift.id;
    update private.patrol_nights n set started_at = v_now where n.shift_id = v_shift.id;
    perform private.log_night(v_shift, v_actor, 'shift.started');
  elsif p ->> 'act' = 'check_out' then
    return private.check_out(v_actor, v_shift, v_place.id);
  else
    return private.refuse('invalid_input');
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.lead_patrol(jsonb) is 'Definer: nobody writes the night directly.';
revoke all on function public.lead_patrol(jsonb) from public;
grant execute on function public.lead_patrol(jsonb) to authenticated;

-- Somebody goes home; with the last one of a patrol under way it is over. The caller holds the roster. → {ok, has_ended} | status_order
create function private.check_out(p_actor uuid, p_shift public.patrol_shifts, p_place uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_has_ended boolean;
begin
  update private.check_ins c set out_at = greatest(v_now, c.present_at) where c.place_id = p_place and c.out_at is null and p_shift.state = 'under_way';
  if not found then
    return private.refuse('status_order');
  end if;
  perform private.log_night(p_shift, p_actor, 'shift.checked_out');
  v_has_ended := not exists (select from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = p_shift.id and q.state = 'confirmed' and c.out_at is null);
  if v_has_ended then
    update private.patrol_nights n set ended_at = v_now where n.shift_id = p_shift.id;
    update public.patrol_shifts s set state = 'ended' where s.id = p_shift.id;
    perform private.log_night(p_shift, p_actor, 'shift.ended');
  end if;
  return jsonb_build_object('ok', true, 'has_ended', v_has_ended);
end;
$$;
revoke all on function private.check_out(uuid, public.patrol_shifts, uuid) from public;

-- One's own way home. p: {chat?, shift} → {ok, has_ended} | sign_in_required, not_found, status_order
create function public.check_out(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.patrol_actor(p);
  v_shift public.patrol_shifts;
  v_place uuid;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select s.* into v_shift from public.patrol_shifts s join public.shift_places q on q.shift_id = s.id and q.state = 'confirmed' and q.volunteer_id = (private.volunteer_of(v_actor)).id where s.id = (p ->> 'shift')::uuid;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_shift.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = v_shift.id for update;
  select q.id into v_place from public.shift_places q where q.shift_id = v_shift.id and q.state = 'confirmed' and q.volunteer_id = (private.volunteer_of(v_actor)).id;
  return private.check_out(v_actor, v_shift, v_place);
end;
$$;
comment on function public.check_out(jsonb) is 'Definer: nobody writes the night directly.';
revoke all on function public.check_out(jsonb) from public;
grant execute on function public.check_out(jsonb) to authenticated, service_role;

/*
  A night as whoever has a place on it, or leads it, sees it; for the portal, which opens what is sealed. p: {actor, session or chat, shift}
  → {ok, now, shift: a card, leads, mine: {place, state, how, present_at, out_at, tries}?, night: {opened_at, called_at, started_at, ended_at, is_mine}?, present, secret_sealed: for leads while the roll call lasts,
     people: for leads once it was opened, [{place, is_mine, is_trainee, state, how, present_at, out_at, tries, user_id, contact_sealed}]; the last two for whoever opened it, until a day after the end or until everybody is home} | sign_in_required, not_found
*/
create function public.read_night(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.patrol_actor(p);
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_shift public.patrol_shifts;
  v_night private.patrol_nights;
  v_mine jsonb;
  v_leads boolean;
  v_calls boolean;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'shift')::uuid;
  v_leads := v_shift.id is not null and private.leads_patrol(v_actor, v_staff, v_shift);
  select jsonb_build_object('place', q.id, 'state', q.state, 'how', c.how, 'present_at', c.present_at, 'out_at', c.out_at, 'tries', coalesce(t.tries, 0)) into v_mine
    from public.shift_places q left join private.check_ins c on c.place_id = q.id left join private.check_in_tries t on t.place_id = q.id
    where q.shift_id = v_shift.id and q.volunteer_id = (private.volunteer_of(v_actor)).id and q.state in ('confirmed', 'no_show', 'cancelled') order by q.queue desc limit 1;
  if v_mine is null and not v_leads then
    return private.refuse('not_found');
  end if;
  select n.* into v_night from private.patrol_nights n where n.shift_id = v_shift.id;
  v_calls := coalesce(v_night.opened_by = v_actor, false) and (v_shift.state = 'under_way' or private.clock() < upper(v_shift.period) + interval '24 hours');
  return jsonb_build_object('ok', true, 'now', private.clock(), 'shift', private.shift_card(v_shift), 'leads', v_leads, 'mine', v_mine,
    'night', case when v_night.shift_id is not null then jsonb_build_object('opened_at', v_night.opened_at, 'called_at', v_night.called_at, 'started_at', v_night.started_at, 'ended_at', v_night.ended_at, 'is_mine', coalesce(v_night.opened_by = v_actor, false)) end,
    'present', (select count(*) from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = v_shift.id and q.state = 'confirmed'),
    'secret_sealed', case when v_leads then v_night.secret_sealed end,
    'people', case when v_leads and v_night.shift_id is not null then coalesce((
      select jsonb_agg(jsonb_build_object('place', q.id, 'is_mine', coalesce(v.user_id = v_actor, false), 'is_trainee', q.is_trainee, 'state', q.state, 'how', c.how, 'present_at', c.present_at, 'out_at', c.out_at, 'tries', coalesce(t.tries, 0),
          'user_id', case when v_calls then v.user_id end, 'contact_sealed', case when v_calls then k.contact_sealed end) order by q.queue)
      from public.shift_places q join public.volunteers v on v.id = q.volunteer_id left join private.volunteer_contacts k on k.volunteer_id = v.id left join private.check_ins c on c.place_id = q.id left join private.check_in_tries t on t.place_id = q.id
      where q.shift_id = v_shift.id and q.state in ('confirmed', 'no_show')), '[]'::jsonb) end);
end;
$$;
comment on function public.read_night(jsonb) is 'For the portal, which opens the sealed names for whoever calls the roll. Definer: the tables have no grants.';
revoke all on function public.read_night(jsonb) from public;
grant execute on function public.read_night(jsonb) to service_role;
