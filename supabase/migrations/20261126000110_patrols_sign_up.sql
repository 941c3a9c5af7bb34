-- Purpose: signing up for shifts, the waiting list with its timed offers, leaving, and handing a place on.
-- Risk: none for data, new functions.

-- Places that count: held, or kept for whom they are offered to.
create function private.places_taken(p_shift uuid) returns integer
language sql stable set search_path = '' as $$
  select count(*)::integer from public.shift_places p where p.shift_id = p_shift and p.state in ('confirmed', 'offered');
$$;
revoke all on function private.places_taken(uuid) from public;

create function private.has_skill(p_volunteer uuid, p_shift public.patrol_shifts) returns boolean
language sql stable set search_path = '' as $$
  select p_shift.skill_code is null or exists (select from public.volunteer_skills k where k.volunteer_id = p_volunteer and k.skill_code = p_shift.skill_code
    and (k.until_on is null or k.until_on >= private.day_at(p_shift.station_id, lower(p_shift.period))));
$$;
revoke all on function private.has_skill(uuid, public.patrol_shifts) from public;

create function private.is_trainee(p_volunteer public.volunteers) returns boolean
language sql immutable set search_path = '' as $$
  select p_volunteer.state = 'enrolled';
$$;
revoke all on function private.is_trainee(public.volunteers) from public;

-- A trainee goes with somebody who has been out five times.
create function private.has_experienced(p_shift uuid) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from public.shift_places p join public.volunteers v on v.id = p.volunteer_id and v.state = 'active'
    where p.shift_id = p_shift and p.state = 'confirmed' and private.attended_shifts(v.id) >= 5);
$$;
revoke all on function private.has_experienced(uuid) from public;

-- Is the volunteer among the third of those who may take this shift with the fewest minutes, held or promised, in the thirty days before its start? Whoever has as few as the last of them is.
create function private.has_first_claim(p_volunteer uuid, p_shift public.patrol_shifts) returns boolean
language sql stable set search_path = '' as $$
  with held as (
    select p.volunteer_id, sum(extract(epoch from upper(p.period) - lower(p.period)) / 60) as minutes from public.shift_places p
    where p.state = 'confirmed' and lower(p.period) > lower(p_shift.period) - interval '30 days' and lower(p.period) <= lower(p_shift.period) group by p.volunteer_id
  ), eligible as (
    select v.id, coalesce(h.minutes, 0) as minutes from public.volunteers v left join held h on h.volunteer_id = v.id
    where v.station_id = p_shift.station_id and v.state in ('enrolled', 'active') and v.locked_at is null and p_shift.kind = any (v.kinds) and (p_shift.skill_code is null or private.has_skill(v.id, p_shift))
  ), ranked as (
    select e.id, rank() over (order by e.minutes) as place, count(*) over () as people from eligible e
  )
  select coalesce((select r.place <= ceil(r.people / 3.0) from ranked r where r.id = p_volunteer), false);
$$;
revoke all on function private.has_first_claim(uuid, public.patrol_shifts) from public;

-- What keeps this volunteer from a place on each of these shifts: a code of shared/errors.ts, or null. A full shift keeps nobody from its waiting list.
create function private.sign_up_gaps(v public.volunteers, p_shifts uuid[], p_now timestamptz) returns table (shift_id uuid, gap text)
language sql stable set search_path = '' as $$
  select s.id, case
    when v.station_id <> s.station_id then 'not_found'
    when v.state not in ('enrolled', 'active') then 'not_enrolled'
    when v.locked_at is not null then 'sign_up_locked'
    when s.state <> 'open' or lower(s.period) <= p_now then 'shift_closed'
    when not s.kind = any (v.kinds) then 'kind_needed'
    when s.skill_code is not null and not private.has_skill(v.id, s) then 'skill_needed'
    when exists (select from public.shift_places p where p.volunteer_id = v.id and p.state in ('confirmed', 'offered') and p.shift_id <> s.id and p.period && s.period) then 'shift_overlap'
    when v.state = 'enrolled' and not private.has_experienced(s.id) then 'experienced_needed'
  end
  from public.patrol_shifts s where s.id = any (p_shifts);
$$;
revoke all on function private.sign_up_gaps(public.volunteers, uuid[], timestamptz) from public;

create function private.sign_up_gap(v public.volunteers, s public.patrol_shifts, p_now timestamptz) returns text
language sql stable set search_path = '' as $$
  select g.gap from private.sign_up_gaps(v, array[s.id], p_now) g;
$$;
revoke all on function private.sign_up_gap(public.volunteers, public.patrol_shifts, timestamptz) from public;

/*
  Hands free places to the waiting list, in its order: each offer is kept for two hours and never beyond an hour before the start. Within three hours of the start nobody is waited for:
  whoever signs up has the place, also out of the waiting list (sign_up). The caller holds the roster. → how many were offered
*/
create function private.offer_places(p_shift uuid) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
  v_place public.shift_places;
  v_volunteer public.volunteers;
  v_free integer;
  v_offered integer := 0;
begin
  select s.* into v_shift from public.patrol_shifts s where s.id = p_shift for update;
  v_free := v_shift.maximum - private.places_taken(p_shift);
  if v_shift.state <> 'open' or lower(v_shift.period) <= v_now + interval '3 hours' or v_free <= 0 then
    return 0;
  end if;
  for v_place in select p.* from public.shift_places p where p.shift_id = p_shift and p.state = 'waiting' order by p.queue for update loop
    exit when v_offered >= v_free;
    select v.* into v_volunteer from public.volunteers v where v.id = v_place.volunteer_id;
    continue when private.sign_up_gap(v_volunteer, v_shift, v_now) is not null;
    update public.shift_places p set state = 'offered', offered_until = least(v_now + interval '2 hours', lower(v_shift.period) - interval '1 hour') where p.id = v_place.id;
    perform private.tell_volunteer(v_volunteer, 'patrols.offered', p_shift);
    v_offered := v_offered + 1;
  end loop;
  return v_offered;
end;
$$;
revoke all on function private.offer_places(uuid) from public;

-- As before, and what became free is offered on. Whoever is out already keeps the place until they are home: somebody waits for them.
create function private.clear_places(p_volunteer uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_shift uuid;
begin
  for v_shift in update public.shift_places p set state = 'left', offered_until = null, ended_at = private.clock()
    where p.volunteer_id = p_volunteer and p.state in ('confirmed', 'waiting', 'offered') and lower(p.period) > private.clock()
      and not (p.attended_at is not null and exists (select from public.patrol_shifts s where s.id = p.shift_id and s.state = 'under_way')) returning p.shift_id loop
    perform private.offer_places(v_shift);
  end loop;
  -- Somebody else has to lead what they were named for.
  update public.patrol_shifts s set lead_volunteer_id = null where s.lead_volunteer_id = p_volunteer and s.state = 'open' and upper(s.period) > private.clock();
  update public.shift_swaps w set state = 'expired' from public.shift_places p where p.id = w.place_id and w.state in ('asked', 'accepted') and (p.volunteer_id = p_volunteer or w.to_volunteer_id = p_volunteer);
end;
$$;
revoke all on function private.clear_places(uuid) from public;

create function private.log_own_act(p_volunteer public.volunteers, p_act text, p_shift uuid) returns void
language sql volatile set search_path = '' as $$
  -- Who it was stands in the place; the log of a resident's own act names nobody.
  select private.log(p_volunteer.station_id, null, 'resident', p_act, 'patrols', p_shift);
$$;
revoke all on function private.log_own_act(public.volunteers, text, uuid) from public;

-- Puts a volunteer on a shift or on its waiting list. → {ok, state: confirmed | waiting, ahead: people before them in the list} | a code of sign_up_gap, already_signed_up, first_claims
create function private.sign_up(p_volunteer uuid, p_shift uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers;
  v_shift public.patrol_shifts;
  v_place public.shift_places;
  v_gap text;
  v_has_room boolean;
begin
  select s.* into v_shift from public.patrol_shifts s where s.id = p_shift;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_shift.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = p_shift for update;
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer for update;
  select p.* into v_place from public.shift_places p where p.shift_id = p_shift and p.volunteer_id = p_volunteer and p.state in ('confirmed', 'waiting', 'offered');
  v_gap := private.sign_up_gap(v_volunteer, v_shift, v_now);
  if v_gap = 'not_found' then
    return private.refuse('not_found');
  end if;
  -- What kept the first of the waiting list may have ended a moment ago.
  if v_place.id is null then
    perform private.offer_places(p_shift);
  end if;
  v_has_room := private.places_taken(p_shift) < v_shift.maximum;
  -- Within three hours of the start, who waits takes a place that became free.
  if v_place.id is not null and not (v_place.state = 'waiting' and v_has_room and lower(v_shift.period) <= v_now + interval '3 hours') then
    return private.refuse('already_signed_up');
  end if;
  if v_gap is not null then
    return private.refuse(v_gap);
  end if;
  if v_now < v_shift.first_claims_until and not private.has_first_claim(p_volunteer, v_shift) then
    return private.refuse('first_claims');
  end if;
  if v_place.id is not null then
    update public.shift_places p set state = 'confirmed' where p.id = v_place.id returning * into v_place;
  else
    insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at)
    values (p_shift, p_volunteer, v_shift.period, case when v_has_room then 'confirmed' else 'waiting' end, private.is_trainee(v_volunteer), v_now) returning * into v_place;
  end if;
  perform private.log_own_act(v_volunteer, 'shift.signed_up', p_shift);
  return jsonb_build_object('ok', true, 'state', v_place.state,
    'ahead', (select count(*) from public.shift_places p where v_place.state = 'waiting' and p.shift_id = p_shift and p.state = 'waiting' and p.queue < v_place.queue));
end;
$$;
comment on function private.sign_up(uuid, uuid) is 'By volunteer and shift; the rights of the caller are looked at before.';
revoke all on function private.sign_up(uuid, uuid) from public;

-- Gives a place back, until three hours before the start; the waiting list and an offer can be left at any time. → {ok} | not_found, too_late_to_leave
create function private.leave_shift(p_volunteer uuid, p_shift uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers;
  v_place public.shift_places;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer;
  perform private.lock_roster(v_volunteer.station_id);
  select p.* into v_place from public.shift_places p where p.shift_id = p_shift and p.volunteer_id = p_volunteer and p.state in ('confirmed', 'waiting', 'offered') for update;
  if v_place.id is null then
    return private.refuse('not_found');
  end if;
  if v_place.state = 'confirmed' and v_now > lower(v_place.period) - interval '3 hours' then
    return private.refuse('too_late_to_leave');
  end if;
  update public.shift_places p set state = 'left', offered_until = null, ended_at = v_now where p.id = v_place.id;
  update public.shift_swaps w set state = 'expired' where w.place_id = v_place.id and w.state in ('asked', 'accepted');
  if v_place.state in ('confirmed', 'offered') then
    perform private.offer_places(p_shift);
  end if;
  perform private.log_own_act(v_volunteer, 'shift.left', p_shift);
  return '{"ok": true}'::jsonb;
end;
$$;
revoke all on function private.leave_shift(uuid, uuid) from public;

-- Takes the place that was offered, while it is kept. → {ok, state} | not_found: nothing is offered any more, and what keeps one from the shift
create function private.answer_offer(p_volunteer uuid, p_shift uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers;
  v_shift public.patrol_shifts;
  v_place public.shift_places;
  v_gap text;
begin
  select s.* into v_shift from public.patrol_shifts s where s.id = p_shift;
  perform private.lock_roster(v_shift.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = p_shift for update;
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer for update;
  select p.* into v_place from public.shift_places p where p.shift_id = p_shift and p.volunteer_id = p_volunteer and p.state = 'offered' and p.offered_until > v_now for update;
  if v_place.id is null then
    return private.refuse('not_found');
  end if;
  v_gap := private.sign_up_gap(v_volunteer, v_shift, v_now);
  if v_gap is not null then
    return private.refuse(v_gap);
  end if;
  update public.shift_places p set state = 'confirmed', offered_until = null, is_trainee = private.is_trainee(v_volunteer) where p.id = v_place.id;
  perform private.log_own_act(v_volunteer, 'shift.signed_up', p_shift);
  return jsonb_build_object('ok', true, 'state', 'confirmed');
end;
$$;
revoke all on function private.answer_offer(uuid, uuid) from public;

/*
  Handing a place on. ask: of one's own place → {ok, swap}: the id goes to a colleague by whatever way the two know. accept: by that colleague, if nothing keeps them from the shift. withdraw: by either.
  A lead approves (decide_swap). → {ok, swap, state} | not_found, too_late_to_leave, already_signed_up, conflict, a code of sign_up_gap
*/
create function private.swap_place(p_volunteer uuid, p_act text, p_shift uuid, p_swap uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers;
  v_place public.shift_places;
  v_swap public.shift_swaps;
  v_shift public.patrol_shifts;
  v_gap text;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer;
  perform private.lock_roster(v_volunteer.station_id);
  if p_act = 'ask' then
    select p.* into v_place from public.shift_places p where p.shift_id = p_shift and p.volunteer_id = p_volunteer and p.state = 'confirmed';
  else
    select w.* into v_swap from public.shift_swaps w where w.id = p_swap and w.state in ('asked', 'accepted') for update;
    select p.* into v_place from public.shift_places p where p.id = v_swap.place_id and p.state = 'confirmed';
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.id = v_place.shift_id and s.station_id = v_volunteer.station_id;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  if v_shift.state <> 'open' or lower(v_shift.period) <= v_now then
    return private.refuse('shift_closed');
  end if;
  if p_act = 'ask' then
    insert into public.shift_swaps (place_id, asked_at) values (v_place.id, v_now) on conflict (place_id) where state in ('asked', 'accepted') do nothing returning * into v_swap;
    if v_swap.id is null then
      return private.refuse('conflict');
    end if;
  elsif p_act = 'accept' then
    if v_swap.state <> 'asked' or v_place.volunteer_id = p_volunteer then
      return private.refuse('conflict');
    end if;
    if exists (select from public.shift_places p where p.shift_id = v_shift.id and p.volunteer_id = p_volunteer and p.state in ('confirmed', 'offered')) then
      return private.refuse('already_signed_up');
    end if;
    v_gap := private.sign_up_gap(v_volunteer, v_shift, v_now);
    if v_gap is not null then
      return private.refuse(v_gap);
    end if;
    update public.shift_swaps w set state = 'accepted', to_volunteer_id = p_volunteer, answered_at = v_now where w.id = v_swap.id returning * into v_swap;
    perform private.tell_leads(v_shift.station_id, 'patrols.swap', v_shift.id);
  elsif p_act = 'withdraw' and p_volunteer in (v_place.volunteer_id, v_swap.to_volunteer_id) then
    update public.shift_swaps w set state = 'expired' where w.id = v_swap.id returning * into v_swap;
  else
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'swap', v_swap.id, 'state', v_swap.state);
end;
$$;
revoke all on function private.swap_place(uuid, text, uuid, uuid) from public;

/* What volunteers call. */

-- Who acts on the roster: whoever is signed in, or the account that a messenger's chat is linked with. p: {chat?: keyed hash, named with the secret key only}
create function private.patrol_actor(p jsonb) returns uuid
language plpgsql stable set search_path = '' as $$
begin
  if p ->> 'chat' is null then
    return private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  end if;
  if coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', '') <> 'service_role' then
    raise exception 'a chat may be named with the secret key only' using errcode = 'PT403', detail = 'forbidden';
  end if;
  return (select l.user_id from private.telegram_links l where l.chat_hash = p ->> 'chat');
end;
$$;
revoke all on function private.patrol_actor(jsonb) from public;

-- p: {chat?, act: sign_up | leave | accept_offer | ask_swap | accept_swap | withdraw_swap, shift?, swap?} → as the function behind it | sign_in_required, not_enrolled, invalid_input
create function public.change_own_place(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.patrol_actor(p);
  v_volunteer public.volunteers := private.volunteer_of(v_actor);
  v_shift uuid := (p ->> 'shift')::uuid;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if v_volunteer.id is null then
    return private.refuse('not_enrolled');
  end if;
  return case p ->> 'act'
    when 'sign_up' then private.sign_up(v_volunteer.id, v_shift)
    when 'leave' then private.leave_shift(v_volunteer.id, v_shift)
    when 'accept_offer' then private.answer_offer(v_volunteer.id, v_shift)
    when 'ask_swap' then private.swap_place(v_volunteer.id, 'ask', v_shift, null)
    when 'accept_swap' then private.swap_place(v_volunteer.id, 'accept', null, (p ->> 'swap')::uuid)
    when 'withdraw_swap' then private.swap_place(v_volunteer.id, 'withdraw', null, (p ->> 'swap')::uuid)
    else private.refuse('invalid_input') end;
end;
$$;
comment on function public.change_own_place(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.change_own_place(jsonb) from public;
grant execute on function public.change_own_place(jsonb) to authenticated, service_role;

-- What everybody on the roster reads of shifts.
create function private.shift_cards(p_shifts uuid[]) returns table (shift_id uuid, card jsonb)
language sql stable set search_path = '' as $$
  select s.id, jsonb_build_object('id', s.id, 'community', c.slug, 'type', s.type_code, 'route', case when r.id is not null then jsonb_build_object('id', r.id, 'name', r.name) end,
    'starts_at', lower(s.period), 'ends_at', upper(s.period), 'needed', s.needed, 'maximum', s.maximum, 'kind', s.kind, 'skill', s.skill_code, 'state', s.state, 'cancelled_reason', s.cancelled_reason,
    'first_claims_until', s.first_claims_until, 'sequence', s.sequence, 'revised_at', s.revised_at, 'confirmed', coalesce(n.confirmed, 0), 'waiting', coalesce(n.waiting, 0))
  from public.patrol_shifts s join public.communities c on c.id = s.community_id left join public.patrol_routes r on r.id = s.route_id
    left join (select p.shift_id, count(*) filter (where p.state = 'confirmed') as confirmed, count(*) filter (where p.state = 'waiting') as waiting
      from public.shift_places p where p.shift_id = any (p_shifts) and p.state in ('confirmed', 'waiting') group by p.shift_id) n on n.shift_id = s.id
  where s.id = any (p_shifts);
$$;
revoke all on function private.shift_cards(uuid[]) from public;

create function private.shift_card(s public.patrol_shifts) returns jsonb
language sql stable set search_path = '' as $$
  select d.card from private.shift_cards(array[s.id]) d;
$$;
revoke all on function private.shift_card(public.patrol_shifts) from public;

/*
  The caller's own page. p: {chat?, from?, to?, community? (slug)} → {ok, now, volunteer: null for whoever never applied, shifts: of the next 28 days, within what was asked for, and one's own that began and are not over, each with
  `mine`: {place, state, offered_until, swap?}? and `gap`: why one cannot sign up, or null; history: places of shifts that began, newest first}. Other volunteers appear as counts.
*/
create function public.get_own_patrols(p jsonb default '{}') returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.patrol_actor(p);
  v_now timestamptz := private.clock();
  v_from timestamptz := greatest((p ->> 'from')::timestamptz, v_now);
  v_to timestamptz := least((p ->> 'to')::timestamptz, v_now + interval '28 days');
  v_volunteer public.volunteers := private.volunteer_of(v_actor);
  v_shifts uuid[];
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if v_volunteer.id is null then
    return jsonb_build_object('ok', true, 'now', v_now, 'volunteer', null, 'shifts', '[]'::jsonb, 'history', '[]'::jsonb);
  end if;
  v_shifts := array(select s.id from public.patrol_shifts s
    where v_volunteer.state in ('enrolled', 'active', 'suspended') and s.station_id = v_volunteer.station_id and lower(s.period) < v_to
      and (lower(s.period) > v_now and lower(s.period) >= v_from or lower(s.period) between v_now - interval '1 day' and v_now and p ->> 'from' is null and s.state in ('open', 'under_way')
        and exists (select from public.shift_places q where q.shift_id = s.id and q.volunteer_id = v_volunteer.id and q.state = 'confirmed'))
      and (p ->> 'community' is null or s.community_id = (select c.id from public.communities c where c.station_id = s.station_id and c.slug = p ->> 'community'))
      and (s.state = 'open' or exists (select from public.shift_places q where q.shift_id = s.id and q.volunteer_id = v_volunteer.id and q.state = 'cancelled')));
  return jsonb_build_object('ok', true, 'now', v_now, 'volunteer', private.volunteer_facts(v_volunteer) - 'reviewed_by',
    'shifts', coalesce((
      select jsonb_agg(d.card || jsonb_build_object('mine', m.facts, 'gap', coalesce(g.gap, case when v_now < s.first_claims_until and not private.has_first_claim(v_volunteer.id, s) then 'first_claims' end)) order by lower(s.period), s.id)
      from public.patrol_shifts s join private.shift_cards(v_shifts) d on d.shift_id = s.id join private.sign_up_gaps(v_volunteer, v_shifts, v_now) g on g.shift_id = s.id
        left join (
          select q.shift_id, jsonb_build_object('place', q.id, 'state', q.state, 'offered_until', q.offered_until,
            'swap', (select jsonb_build_object('id', w.id, 'state', w.state) from public.shift_swaps w where w.place_id = q.id and w.state in ('asked', 'accepted'))) as facts
          from public.shift_places q where q.shift_id = any (v_shifts) and q.volunteer_id = v_volunteer.id and q.state in ('confirmed', 'waiting', 'offered')) m on m.shift_id = s.id
      where s.id = any (v_shifts)), '[]'::jsonb),
    'history', coalesce((select jsonb_agg(jsonb_build_object('shift', t.shift_id, 'starts_at', lower(t.period), 'ends_at', upper(t.period), 'state', t.state, 'attended_at', t.attended_at) order by lower(t.period) desc)
      from (select q.* from public.shift_places q where q.volunteer_id = v_volunteer.id and lower(q.period) <= v_now and q.state in ('confirmed', 'no_show') order by lower(q.period) desc limit 100) t), '[]'::jsonb));
end;
$$;
comment on function public.get_own_patrols(jsonb) is 'Definer: the tables have no grants.';
revoke all on function public.get_own_patrols(jsonb) from public;
grant execute on function public.get_own_patrols(jsonb) to authenticated, service_role;

-- RULES I1: the public learns on which day in which community a patrol goes, and no more. → {ok, patrols: [{day, community}]} of the next 14 days
create function public.list_public_patrols() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'patrols', coalesce((
    select jsonb_agg(jsonb_build_object('day', t.day, 'community', t.slug) order by t.day, t.slug) from (
      select distinct (lower(s.period) at time zone n.time_zone)::date as day, c.slug from public.patrol_shifts s join public.stations n on n.id = s.station_id and n.is_default join public.communities c on c.id = s.community_id and c.is_active
      where s.state in ('open', 'under_way') and upper(s.period) > private.clock() and lower(s.period) < private.clock() + interval '14 days') t), '[]'::jsonb));
$$;
comment on function public.list_public_patrols() is 'Public read. Definer: the tables have no grants.';
revoke all on function public.list_public_patrols() from public;
grant execute on function public.list_public_patrols() to anon, authenticated, service_role;
