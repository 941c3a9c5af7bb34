-- Purpose: joining the roster: application with declarations, the station's review, the brigade's assessment by another person, and what follows.
-- Risk: none for data, new functions; current_consent_texts leaves out what only volunteers are asked.

-- As before, without the declarations of volunteers: nobody else is asked for them.
create or replace function private.current_consent_texts() returns setof private.consent_texts
language sql stable set search_path = '' as $$
  select distinct on (t.purpose) t.* from private.consent_texts t where t.in_force_from <= private.clock() and not starts_with(t.purpose, 'patrol_') order by t.purpose, t.version desc;
$$;

create function private.patrol_declarations() returns setof private.consent_texts
language sql stable set search_path = '' as $$
  select distinct on (t.purpose) t.* from private.consent_texts t where t.in_force_from <= private.clock() and starts_with(t.purpose, 'patrol_') order by t.purpose, t.version desc;
$$;
revoke all on function private.patrol_declarations() from public;

-- What an application asks for. → {ok, declarations[], types[], skills[]}
create function public.get_patrol_terms() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true,
    'declarations', coalesce((select jsonb_agg(jsonb_build_object('purpose', t.purpose, 'version', t.version, 'title', t.title, 'body', t.body) order by t.purpose) from private.patrol_declarations() t), '[]'::jsonb),
    'types', coalesce((select jsonb_agg(jsonb_build_object('code', t.code, 'name', t.name) order by t.position, t.code) from public.shift_types t where t.is_active), '[]'::jsonb),
    'skills', coalesce((select jsonb_agg(jsonb_build_object('code', k.code, 'name', k.name) order by k.position, k.code) from public.patrol_skills k where k.is_active), '[]'::jsonb));
$$;
comment on function public.get_patrol_terms() is 'Public read. Definer: the tables have no grants.';
revoke all on function public.get_patrol_terms() from public;
grant execute on function public.get_patrol_terms() to anon, authenticated, service_role;

create function private.volunteer_of(p_user uuid) returns public.volunteers
language sql stable security definer set search_path = '' as $$
  select v.* from public.volunteers v where v.user_id = p_user;
$$;
comment on function private.volunteer_of(uuid) is 'The volunteer behind an account; all null for anyone else. Definer: the table has no grants.';
revoke all on function private.volunteer_of(uuid) from public;

-- Every change of the roster of a station waits for the one before: whoever locks one shift may come to need another one's volunteers.
create function private.lock_roster(p_station uuid) returns void
language sql volatile set search_path = '' as $$
  select pg_advisory_xact_lock(hashtext('linli patrols'), hashtext(p_station::text));
$$;
revoke all on function private.lock_roster(uuid) from public;

create function private.tell_volunteer(p_volunteer public.volunteers, p_template text, p_noun_id uuid) returns void
language sql volatile set search_path = '' as $$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  select 'email', p_template, 'patrols', p_noun_id, p_volunteer.user_id, coalesce((select f.locale from public.profiles f where f.user_id = p_volunteer.user_id), 'zh') where p_volunteer.user_id is not null;
$$;
revoke all on function private.tell_volunteer(public.volunteers, text, uuid) from public;

create function private.tell_leads(p_station uuid, p_template text, p_noun_id uuid) returns void
language sql volatile set search_path = '' as $$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  select 'email', p_template, 'patrols', p_noun_id, s.user_id, coalesce(f.locale, 'zh') from public.staff s left join public.profiles f on f.user_id = s.user_id
  where s.station_id = p_station and s.is_active
    and s.role = case when exists (select from public.staff l where l.station_id = p_station and l.is_active and l.role = 'lead') then 'lead' else 'chief' end;
$$;
revoke all on function private.tell_leads(uuid, text, uuid) from public;

create function private.add_volunteer_step(p_before public.volunteers, p_after public.volunteers, p_action text, p_act text, p_staff public.staff, p_note text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into public.volunteer_steps (volunteer_id, at, from_state, to_state, act, actor_id, note)
  values (p_after.id, private.clock(), p_before.state, p_after.state, p_act, p_staff.user_id, nullif(btrim(p_note), ''));
  perform private.log(p_after.station_id, p_staff.user_id, coalesce(p_staff.role, case when p_action = 'volunteer.decided' then 'system' else 'resident' end), p_action, 'patrols', p_after.id);
end;
$$;
revoke all on function private.add_volunteer_step(public.volunteers, public.volunteers, text, text, public.staff, text) from public;

create function private.is_availability(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select case when jsonb_typeof(p) is distinct from 'object' then false else coalesce((
    select bool_and(d.key ~ '^[1-7]$' and case when jsonb_typeof(d.value) = 'array' then d.value <@ '["morning", "afternoon", "evening", "night"]'::jsonb and jsonb_array_length(d.value) <= 4 else false end)
    from jsonb_each(p) d), true) end;
$$;
revoke all on function private.is_availability(jsonb) from public;

/*
  Asks to join. p: {actor, session, community, kinds[], availability, declarations: {purpose: version}, contact_sealed, locale}
  Every declaration in force is accepted in its version; each becomes a consent. Whoever left may ask again; whoever was refused may appeal (appeal_refusal).
  → {ok, id, state} | sign_in_required, not_found, invalid_input, conflict: another wording is in force, already_volunteer
*/
create function public.apply_as_volunteer(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_now timestamptz := private.clock();
  v_community public.communities;
  v_before public.volunteers;
  v_after public.volunteers;
  v_nobody public.staff;
  v_kinds text[] := array(select distinct k.value from jsonb_array_elements_text(case when jsonb_typeof(p -> 'kinds') = 'array' then p -> 'kinds' else '[]'::jsonb end) k order by k.value);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select c.* into v_community from public.communities c where c.slug = p ->> 'community' and c.is_active;
  if v_community.id is null then
    return private.refuse('not_found');
  end if;
  if cardinality(v_kinds) = 0 or not v_kinds <@ array['patroller', 'information', 'building_contact', 'mediator'] or not private.is_availability(p -> 'availability')
    or p ->> 'contact_sealed' is null or coalesce(p ->> 'locale', '') not in ('zh', 'en') then
    return private.refuse('invalid_input');
  end if;
  if exists (select from private.patrol_declarations() t where (p -> 'declarations' ->> t.purpose)::integer is distinct from t.version) then
    return private.refuse(case when exists (select from private.patrol_declarations() t where p -> 'declarations' ->> t.purpose is null) then 'invalid_input' else 'conflict' end);
  end if;
  perform from auth.users u where u.id = v_actor for no key update;
  v_before := private.volunteer_of(v_actor);
  if v_before.id is not null and (v_before.state <> 'left' or v_before.station_id <> v_community.station_id) then
    return private.refuse('already_volunteer');
  end if;
  if v_before.id is null then
    insert into public.volunteers (station_id, community_id, user_id, kinds, availability, created_at, changed_at, no_shows_from)
    values (v_community.station_id, v_community.id, v_actor, v_kinds::public.volunteer_kind[], p -> 'availability', v_now, v_now, v_now) returning * into v_after;
  else
    update public.volunteers v set community_id = v_community.id, kinds = v_kinds::public.volunteer_kind[], availability = p -> 'availability', state = 'applied', changed_at = v_now, reviewed_by = null
    where v.id = v_before.id returning * into v_after;
  end if;
  insert into private.volunteer_contacts (volunteer_id, contact_sealed) values (v_after.id, p ->> 'contact_sealed') on conflict (volunteer_id) do update set contact_sealed = excluded.contact_sealed;
  insert into private.consents (user_id, purpose, version, is_given, at, channel, locale)
  select v_actor, t.purpose, t.version, true, v_now, 'web', p ->> 'locale' from private.patrol_declarations() t order by t.purpose;
  perform private.add_volunteer_step(v_before, v_after, 'volunteer.applied', 'applied', v_nobody, null);
  -- Leaving and asking again fills nobody's mailbox.
  if not exists (select from public.outbox o where o.noun = 'patrols' and o.noun_id = v_after.id and o.template = 'patrols.applied' and o.created_at > v_now - interval '1 hour') then
    perform private.tell_leads(v_after.station_id, 'patrols.applied', v_after.id);
  end if;
  return jsonb_build_object('ok', true, 'id', v_after.id, 'state', v_after.state);
end;
$$;
comment on function public.apply_as_volunteer(jsonb) is 'The server''s: it seals the contact. Definer: nobody writes the roster directly.';
revoke all on function public.apply_as_volunteer(jsonb) from public;
grant execute on function public.apply_as_volunteer(jsonb) to service_role;

/*
  What volunteers decide about themselves. p: {act: appeal | leave | availability, note? (appeal), availability?}
  appeal: once, of a refusal. → {ok, state} | sign_in_required, not_found, status_order, reason_missing, invalid_input
*/
create function public.change_own_volunteering(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_before public.volunteers;
  v_after public.volunteers;
  v_nobody public.staff;
  v_act text := p ->> 'act';
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_before := private.volunteer_of(v_actor);
  if v_before.id is null then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_before.station_id);
  select v.* into v_before from public.volunteers v where v.id = v_before.id for update;
  if v_act = 'appeal' then
    if v_before.state <> 'refused' or v_before.appealed_at is not null then
      return private.refuse('status_order');
    end if;
    if not private.is_plain_text(p ->> 'note', 3, 1000, true) then
      return private.refuse('reason_missing');
    end if;
    update public.volunteers v set state = 'applied', appealed_at = private.clock(), changed_at = private.clock(), reviewed_by = null where v.id = v_before.id returning * into v_after;
    perform private.add_volunteer_step(v_before, v_after, 'volunteer.appealed', 'appealed', v_nobody, p ->> 'note');
    perform private.tell_leads(v_after.station_id, 'patrols.applied', v_after.id);
  elsif v_act = 'leave' then
    if v_before.state in ('left', 'refused') then
      return private.refuse('status_order');
    end if;
    update public.volunteers v set state = 'left', suspended_from = null, suspended_until = null, changed_at = private.clock() where v.id = v_before.id returning * into v_after;
    perform private.add_volunteer_step(v_before, v_after, 'volunteer.left', 'left', v_nobody, null);
    perform private.clear_places(v_after.id);
  elsif v_act = 'availability' then
    if not private.is_availability(p -> 'availability') then
      return private.refuse('invalid_input');
    end if;
    update public.volunteers v set availability = p -> 'availability' where v.id = v_before.id returning * into v_after;
  else
    return private.refuse('invalid_input');
  end if;
  return jsonb_build_object('ok', true, 'state', v_after.state);
end;
$$;
comment on function public.change_own_volunteering(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.change_own_volunteering(jsonb) from public;
grant execute on function public.change_own_volunteering(jsonb) to authenticated;

/* The desk. */

-- Who reads the roster: officers that of their communities.
create function private.may_read_volunteer(p_volunteer public.volunteers, p_staff public.staff) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_volunteer.station_id = p_staff.station_id and (p_staff.role in ('lead', 'chief', 'auditor')
    or (p_staff.role = 'officer' and p_volunteer.community_id in (select private.communities_of(p_staff.user_id)))), false);
$$;
revoke all on function private.may_read_volunteer(public.volunteers, public.staff) from public;

create function private.attended_shifts(p_volunteer uuid) returns integer
language sql stable set search_path = '' as $$
  select count(*)::integer from public.shift_places p where p.volunteer_id = p_volunteer and p.attended_at is not null;
$$;
revoke all on function private.attended_shifts(uuid) from public;

create function private.missed_shifts(p_volunteer public.volunteers) returns integer
language sql stable set search_path = '' as $$
  select count(*)::integer from public.shift_places p where p.volunteer_id = p_volunteer.id and p.state = 'no_show' and p.ended_at >= p_volunteer.no_shows_from;
$$;
revoke all on function private.missed_shifts(public.volunteers) from public;

create function private.volunteer_facts(v public.volunteers) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('id', v.id, 'community', (select c.slug from public.communities c where c.id = v.community_id), 'kinds', to_jsonb(v.kinds), 'state', v.state, 'availability', v.availability,
    'created_at', v.created_at, 'changed_at', v.changed_at, 'refused_reason', v.refused_reason, 'has_appealed', v.appealed_at is not null, 'suspended_until', v.suspended_until, 'locked_at', v.locked_at,
    'attended', private.attended_shifts(v.id), 'missed', private.missed_shifts(v), 'reviewed_by', v.reviewed_by,
    'skills', coalesce((select jsonb_agg(k.skill_code order by k.skill_code) from public.volunteer_skills k where k.volunteer_id = v.id and (k.until_on is null or k.until_on >= private.day_at(v.station_id, private.clock()))), '[]'::jsonb));
$$;
revoke all on function private.volunteer_facts(public.volunteers) from public;

-- p: {state?, limit?} → {ok, me, volunteers: last changed first} | forbidden
create function public.list_volunteers(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'volunteers', coalesce((
    select jsonb_agg(private.volunteer_facts(t.v) order by (t.v).changed_at desc, (t.v).id) from (
      select v from public.volunteers v where v.station_id = v_staff.station_id and private.may_read_volunteer(v, v_staff) and (p ->> 'state' is null or v.state = p ->> 'state')
      order by v.changed_at desc, v.id limit least(greatest(coalesce((p ->> 'limit')::integer, 200), 1), 500)) t), '[]'::jsonb));
end;
$$;
comment on function public.list_volunteers(jsonb) is 'Without names: those are opened one at a time. Definer: the tables have no grants.';
revoke all on function public.list_volunteers(jsonb) from public;
grant execute on function public.list_volunteers(jsonb) to authenticated;

-- One volunteer with the sealed contact and every step. Each opening is logged. p: {actor, session, id} → {ok, me, volunteer, user_id, contact_sealed, steps[]} | not_found
create function public.open_volunteer(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_volunteer public.volunteers;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = (p ->> 'id')::uuid;
  if v_volunteer.id is null or not private.may_read_volunteer(v_volunteer, v_staff) or v_staff.role = 'auditor' then
    if v_staff.user_id is not null then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'volunteer.open_refused', 'patrols', (p ->> 'id')::uuid);
    end if;
    return private.refuse('not_found');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'volunteer.opened', 'patrols', v_volunteer.id);
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'volunteer', private.volunteer_facts(v_volunteer),
    'user_id', v_volunteer.user_id, 'contact_sealed', (select c.contact_sealed from private.volunteer_contacts c where c.volunteer_id = v_volunteer.id),
    'steps', coalesce((select jsonb_agg(jsonb_build_object('at', s.at, 'from', s.from_state, 'to', s.to_state, 'act', s.act, 'actor', private.staff_name(s.actor_id), 'note', s.note) order by s.id)
      from public.volunteer_steps s where s.volunteer_id = v_volunteer.id), '[]'::jsonb));
end;
$$;
comment on function public.open_volunteer(jsonb) is 'The server''s: it opens the contact. Definer: the tables have no grants.';
revoke all on function public.open_volunteer(jsonb) from public;
grant execute on function public.open_volunteer(jsonb) to service_role;

-- Where an act leads from a state; null: not from here. shared/patrols/volunteer-steps.ts has the same.
create function private.volunteer_step(p_act text, p_volunteer public.volunteers) returns text
language sql immutable set search_path = '' as $$
  select case
    when p_act = 'review' and p_volunteer.state = 'applied' then 'station_reviewed'
    when p_act = 'assess' and p_volunteer.state = 'station_reviewed' then 'assessed'
    when p_act = 'enrol' and p_volunteer.state = 'assessed' then 'enrolled'
    when p_act = 'activate' and p_volunteer.state = 'enrolled' then 'active'
    when p_act = 'refuse' and p_volunteer.state in ('applied', 'station_reviewed', 'assessed') then 'refused'
    when p_act = 'suspend' and p_volunteer.state in ('enrolled', 'active') then 'suspended'
    when p_act = 'resume' and p_volunteer.state = 'suspended' then p_volunteer.suspended_from
    when p_act = 'unlock' and p_volunteer.locked_at is not null then p_volunteer.state
  end;
$$;
revoke all on function private.volunteer_step(text, public.volunteers) from public;

/*
  Decides about a volunteer. p: {id, act: review | assess | enrol | activate | refuse | suspend | resume | unlock, note? (needed to refuse, suspend and unlock), until? (suspend)}
  review and refuse of a new application: officer of the community, lead or chief; all else lead or chief; the assessment is another person's than the review; never about oneself. Active after three shifts.
  → {ok, me, volunteer} | not_found, forbidden, not_for_oneself, second_person_required, status_order, reason_missing, invalid_input
*/
create function public.decide_volunteer(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_act text := p ->> 'act';
  v_before public.volunteers;
  v_after public.volunteers;
  v_to text;
begin
  select v.* into v_before from public.volunteers v where v.id = (p ->> 'id')::uuid;
  if v_before.id is null or not private.may_read_volunteer(v_before, v_staff) then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_before.station_id);
  select v.* into v_before from public.volunteers v where v.id = v_before.id for update;
  if v_staff.role = 'auditor' or (v_staff.role = 'officer' and not (v_act in ('review', 'refuse') and v_before.state = 'applied')) then
    return private.refuse('forbidden');
  end if;
  if v_before.user_id = v_staff.user_id then
    return private.refuse('not_for_oneself');
  end if;
  if v_act is null or v_act not in ('review', 'assess', 'enrol', 'activate', 'refuse', 'suspend', 'resume', 'unlock') then
    return private.refuse('invalid_input');
  end if;
  v_to := private.volunteer_step(v_act, v_before);
  if v_to is null or (v_act = 'activate' and private.attended_shifts(v_before.id) < 3) then
    return private.refuse('status_order');
  end if;
  if v_act = 'assess' and v_before.reviewed_by = v_staff.user_id then
    return private.refuse('second_person_required');
  end if;
  if (v_act in ('refuse', 'suspend', 'unlock') and not private.is_plain_text(p ->> 'note', 3, 500, true)) or (p ->> 'note' is not null and btrim(p ->> 'note') <> '' and not private.is_plain_text(p ->> 'note', 1, 1000, true)) then
    return private.refuse('reason_missing');
  end if;
  if v_act = 'suspend' and (p ->> 'until')::timestamptz <= private.clock() then
    return private.refuse('invalid_input');
  end if;
  update public.volunteers v set state = v_to, changed_at = private.clock(),
    reviewed_by = case when v_act = 'review' then v_staff.user_id else v.reviewed_by end,
    refused_reason = case when v_act = 'refuse' then p ->> 'note' else v.refused_reason end,
    suspended_from = case when v_act = 'suspend' then v.state end, suspended_until = case when v_act = 'suspend' then (p ->> 'until')::timestamptz end,
    locked_at = case when v_act = 'unlock' then null else v.locked_at end, no_shows_from = case when v_act = 'unlock' then private.clock() else v.no_shows_from end
  where v.id = v_before.id returning * into v_after;
  perform private.add_volunteer_step(v_before, v_after, 'volunteer.decided', v_act, v_staff, p ->> 'note');
  if v_act = 'suspend' then
    perform private.clear_places(v_after.id);
  end if;
  perform private.tell_volunteer(v_after, 'patrols.decided', v_after.id);
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'volunteer', private.volunteer_facts(v_after));
end;
$$;
comment on function public.decide_volunteer(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.decide_volunteer(jsonb) from public;
grant execute on function public.decide_volunteer(jsonb) to authenticated;

-- A lead confirms or takes back what somebody can do. p: {id, skill, until_on?, remove?} → {ok, me, volunteer} | not_found, forbidden, invalid_input, not_for_oneself
create function public.confirm_skill(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_volunteer public.volunteers;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = (p ->> 'id')::uuid;
  if v_volunteer.id is null or not private.may_read_volunteer(v_volunteer, v_staff) then
    return private.refuse('not_found');
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_volunteer.user_id = v_staff.user_id then
    return private.refuse('not_for_oneself');
  end if;
  if not exists (select from public.patrol_skills k where k.code = p ->> 'skill' and k.is_active) then
    return private.refuse('invalid_input');
  end if;
  if coalesce((p ->> 'remove')::boolean, false) then
    delete from public.volunteer_skills k where k.volunteer_id = v_volunteer.id and k.skill_code = p ->> 'skill';
  else
    insert into public.volunteer_skills (volunteer_id, skill_code, confirmed_by, confirmed_at, until_on) values (v_volunteer.id, p ->> 'skill', v_staff.user_id, private.clock(), (p ->> 'until_on')::date)
    on conflict (volunteer_id, skill_code) do update set confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at, until_on = excluded.until_on;
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'volunteer.skill_set', 'patrols', v_volunteer.id);
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'volunteer', private.volunteer_facts(v_volunteer));
end;
$$;
comment on function public.confirm_skill(jsonb) is 'Definer: nobody writes the roster directly.';
revoke all on function public.confirm_skill(jsonb) from public;
grant execute on function public.confirm_skill(jsonb) to authenticated;
