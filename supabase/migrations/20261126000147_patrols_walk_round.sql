-- Purpose: checklist, checkpoints and report of a patrol, for those on it and for whoever leads it.
-- Risk: none for data, new functions.

-- Who may say something of a patrol: those who checked in, and whoever leads it.
create function private.was_on_patrol(p_volunteer uuid, p_shift uuid) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = p_shift and q.volunteer_id = p_volunteer and q.state = 'confirmed');
$$;
revoke all on function private.was_on_patrol(uuid, uuid) from public;

-- From the start of a patrol until a day after its end.
create function private.is_patrol_report_time(p_shift public.patrol_shifts, p_at timestamptz) returns boolean
language sql stable set search_path = '' as $$
  select p_shift.state in ('under_way', 'ended') and p_at < upper(p_shift.period) + interval '24 hours' and exists (select from private.patrol_nights n where n.shift_id = p_shift.id and n.started_at is not null);
$$;
revoke all on function private.is_patrol_report_time(public.patrol_shifts, timestamptz) from public;

-- Each item with one's own answer and how many of those who checked in said yes; each checkpoint with the minute of the last visit.
create function private.round_facts(p_shift public.patrol_shifts, p_volunteer uuid) returns jsonb
language sql stable set search_path = '' as $$
  with present as (
    select q.id, q.volunteer_id from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = p_shift.id and q.state = 'confirmed'
  )
  select jsonb_build_object(
    'present', (select count(*) from present),
    'checklist', coalesce((select jsonb_agg(jsonb_build_object('code', i.code, 'name', i.name,
        'mine', (select a.is_met from present s join private.checklist_answers a on a.place_id = s.id and a.item_code = i.code where s.volunteer_id = p_volunteer),
        'met', (select count(*) from present s join private.checklist_answers a on a.place_id = s.id and a.item_code = i.code where a.is_met)) order by i.position, i.code)
      from private.checklist_items i where i.type_code = p_shift.type_code and i.is_active), '[]'::jsonb),
    'checkpoints', coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name, 'visited_at', (select max(t.minute_at) from private.checkpoint_visits t where t.shift_id = p_shift.id and t.checkpoint_id = k.id)) order by k.position)
      from public.patrol_checkpoints k where k.route_id = p_shift.route_id and k.is_active), '[]'::jsonb),
    'report', (select jsonb_build_object('filed_at', r.filed_at, 'route_walked', r.route_walked, 'findings', r.findings) from private.patrol_reports r where r.shift_id = p_shift.id),
    'overdue', (select jsonb_build_object('lead_told_at', o.lead_told_at, 'station_told_at', o.station_told_at) from private.overdue_calls o where o.shift_id = p_shift.id and p_shift.state = 'under_way'));
$$;
revoke all on function private.round_facts(public.patrol_shifts, uuid) from public;

-- p: {shift} → {ok, state, may_answer, may_report, present, checklist[], checkpoints[], report, overdue} | sign_in_required, not_found: neither on it nor leading it
create function public.get_patrol_round(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_volunteer uuid;
  v_shift public.patrol_shifts;
  v_leads boolean;
  v_was boolean;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_volunteer := (private.volunteer_of(v_actor)).id;
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'shift')::uuid;
  v_leads := v_shift.id is not null and private.leads_patrol(v_actor, private.staff_actor(), v_shift);
  if v_shift.id is null or not (v_leads or exists (select from public.shift_places q where q.shift_id = v_shift.id and q.volunteer_id = v_volunteer and q.state = 'confirmed')) then
    return private.refuse('not_found');
  end if;
  v_was := private.was_on_patrol(v_volunteer, v_shift.id);
  return jsonb_build_object('ok', true, 'state', v_shift.state, 'may_answer', v_was and v_shift.state in ('open', 'under_way'),
    'may_report', (v_leads or v_was) and private.is_patrol_report_time(v_shift, private.clock())) || private.round_facts(v_shift, v_volunteer);
end;
$$;
comment on function public.get_patrol_round(jsonb) is 'Definer: the tables have no grants.';
revoke all on function public.get_patrol_round(jsonb) from public;
grant execute on function public.get_patrol_round(jsonb) to authenticated;

-- One's own answers. p: {shift, answers: {item: true | false}} → {ok} | sign_in_required, not_found: not checked in, status_order: it is over, invalid_input
create function public.answer_checklist(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_shift public.patrol_shifts;
  v_place uuid;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'shift')::uuid;
  if v_shift.id is not null then
    perform private.lock_roster(v_shift.station_id);
    select s.* into v_shift from public.patrol_shifts s where s.id = v_shift.id;
  end if;
  select q.id into v_place from public.shift_places q join private.check_ins c on c.place_id = q.id
    where q.shift_id = v_shift.id and q.volunteer_id = (private.volunteer_of(v_actor)).id and q.state = 'confirmed';
  if v_place is null then
    return private.refuse('not_found');
  elsif v_shift.state not in ('open', 'under_way') then
    return private.refuse('status_order');
  elsif (case when jsonb_typeof(p -> 'answers') = 'object' then exists (select from jsonb_each(p -> 'answers') a where jsonb_typeof(a.value) <> 'boolean'
      or not exists (select from private.checklist_items i where i.type_code = v_shift.type_code and i.code = a.key and i.is_active)) else true end) then
    return private.refuse('invalid_input');
  end if;
  insert into private.checklist_answers (place_id, type_code, item_code, is_met, at)
  select v_place, v_shift.type_code, a.key, a.value::boolean, private.clock() from jsonb_each_text(p -> 'answers') a
  on conflict (place_id, item_code) do update set is_met = excluded.is_met, at = excluded.at;
  perform private.log_night(v_shift, v_actor, 'shift.checklist_answered');
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.answer_checklist(jsonb) is 'Definer: nobody writes the night directly.';
revoke all on function public.answer_checklist(jsonb) from public;
grant execute on function public.answer_checklist(jsonb) to authenticated;

/*
  A poster was scanned. p: {actor, session, code_hash}. It counts for the caller's own patrol that is under way, if the checkpoint is on its route (for the later one, where somebody forgot to check out of another); within ten minutes of the last visit of the same
  patrol it is the same visit. → {ok, name, minute_at, is_new} | sign_in_required, not_found: whatever else is the matter
*/
create function public.visit_checkpoint(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_minute timestamptz := date_trunc('minute', private.clock());
  v_point public.patrol_checkpoints;
  v_shift public.patrol_shifts;
  v_last timestamptz;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select k.* into v_point from private.checkpoint_codes c join public.patrol_checkpoints k on k.id = c.checkpoint_id and k.is_active where c.code_hash = p ->> 'code_hash';
  select s.* into v_shift from public.patrol_shifts s join public.shift_places q on q.shift_id = s.id and q.state = 'confirmed' and q.volunteer_id = (private.volunteer_of(v_actor)).id
    join private.check_ins c on c.place_id = q.id and c.out_at is null where s.state = 'under_way' and s.route_id = v_point.route_id order by lower(s.period) desc limit 1;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_shift.station_id);
  select max(t.minute_at) into v_last from private.checkpoint_visits t where t.shift_id = v_shift.id and t.checkpoint_id = v_point.id and t.minute_at > v_minute - interval '10 minutes';
  if v_last is null then
    insert into private.checkpoint_visits (shift_id, checkpoint_id, grid_id, minute_at) values (v_shift.id, v_point.id, v_point.grid_id, v_minute);
    perform private.log_night(v_shift, v_actor, 'shift.checkpoint_visited');
  end if;
  return jsonb_build_object('ok', true, 'name', v_point.name, 'minute_at', coalesce(v_last, v_minute), 'is_new', v_last is null);
end;
$$;
comment on function public.visit_checkpoint(jsonb) is 'For the portal, which hashes the code. Definer: the tables have no grants.';
revoke all on function public.visit_checkpoint(jsonb) from public;
grant execute on function public.visit_checkpoint(jsonb) to service_role;

/*
  The report of a patrol, one each. p: {actor, session, shift, key_hash, body_hash, route_walked, summary_sealed?, findings: how many come along}
  The same key with the same body again answers as before, so that a send that broke off goes on. → {ok, is_replay, community: slug}
  | sign_in_required, not_found: neither on it nor leading it, status_order: not started, or a day over, conflict: there is one, idempotency_conflict, invalid_input
*/
create function public.file_patrol_report(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_volunteer uuid;
  v_shift public.patrol_shifts;
  v_kept private.patrol_reports;
  v_was boolean;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_volunteer := (private.volunteer_of(v_actor)).id;
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'shift')::uuid;
  v_was := private.was_on_patrol(v_volunteer, v_shift.id);
  if v_shift.id is null or not (v_was or private.leads_patrol(v_actor, v_staff, v_shift)) then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_shift.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = v_shift.id;
  select r.* into v_kept from private.patrol_reports r where r.shift_id = v_shift.id;
  if v_kept.shift_id is not null then
    if v_kept.key_hash <> p ->> 'key_hash' then
      return private.refuse('conflict');
    elsif v_kept.body_hash <> p ->> 'body_hash' then
      return private.refuse('idempotency_conflict');
    end if;
  elsif not private.is_patrol_report_time(v_shift, private.clock()) then
    return private.refuse('status_order');
  elsif coalesce(p ->> 'route_walked' not in ('yes', 'partly', 'no'), true) or coalesce((p ->> 'findings')::integer not between 0 and 10, true) then
    return private.refuse('invalid_input');
  else
    insert into private.patrol_reports (shift_id, filed_at, filed_by_volunteer, filed_by_staff, key_hash, body_hash, route_walked, summary_sealed, findings)
    values (v_shift.id, private.clock(), v_volunteer, case when v_volunteer is null then v_staff.user_id end, p ->> 'key_hash', p ->> 'body_hash', p ->> 'route_walked', p ->> 'summary_sealed', (p ->> 'findings')::smallint);
    perform private.log_night(v_shift, v_actor, 'shift.report_filed');
  end if;
  return jsonb_build_object('ok', true, 'is_replay', v_kept.shift_id is not null, 'community', (select c.slug from public.communities c where c.id = v_shift.community_id));
end;
$$;
comment on function public.file_patrol_report(jsonb) is 'For the portal, which seals the summary. Definer: the tables have no grants.';
revoke all on function public.file_patrol_report(jsonb) from public;
grant execute on function public.file_patrol_report(jsonb) to service_role;

-- A finding became a report, which the portal has just made with a key that only this patrol has. p: {shift, position, reference} → {ok} | not_found
create function public.link_patrol_finding(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_report uuid;
begin
  select r.id into v_report from public.reports r where r.reference = p ->> 'reference' and r.channel = 'patrol';
  if v_report is null or not exists (select from private.patrol_reports k where k.shift_id = (p ->> 'shift')::uuid and (p ->> 'position')::integer between 1 and k.findings) then
    return private.refuse('not_found');
  end if;
  insert into private.patrol_findings (shift_id, position, report_id) values ((p ->> 'shift')::uuid, (p ->> 'position')::smallint, v_report) on conflict do nothing;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.link_patrol_finding(jsonb) is 'For the portal. Definer: the tables have no grants.';
revoke all on function public.link_patrol_finding(jsonb) from public;
grant execute on function public.link_patrol_finding(jsonb) to service_role;
