-- Purpose: proposals by the administrator and decisions by a chief, deactivation (of chiefs and auditors by two people), names and numbers (RULES A5).
-- Risk: low. Sessions of people whose rights change are deleted.

/*
  p: kind, reason, role? (invite, change_role), staff? (all but invite), invite?: {email, name {zh, en}, badge_number, locale}
  → {ok, id} | forbidden | invalid_input | not_found | not_for_oneself | second_person_required | already_proposed | already_staff | already_invited | badge_taken | conflict
*/
create function public.propose_staff_change(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_kind text := coalesce(p ->> 'kind', '');
  v_invited jsonb := coalesce(p -> 'invite', '{}'::jsonb) || jsonb_build_object('role', p ->> 'role');
  v_subject public.staff;
  v_invitation uuid;
  v_code text;
  v_id uuid;
begin
  if v_staff.user_id is null or v_staff.role <> 'admin' then
    return private.refuse('forbidden');
  end if;
  if v_kind not in ('invite', 'change_role', 'deactivate', 'reactivate', 'reset_second_factor') or coalesce(char_length(btrim(p ->> 'reason')), 0) not between 2 and 500
    or (v_kind = 'change_role' and coalesce(p ->> 'role', '') not in ('officer', 'lead', 'chief', 'auditor', 'admin')) then
    return private.refuse('invalid_input');
  end if;
  perform from public.stations s where s.id = v_staff.station_id for no key update;
  if v_kind = 'invite' then
    v_code := private.check_invited(v_staff.station_id, v_invited);
    if v_code is not null then
      return private.refuse(v_code);
    end if;
    v_invitation := private.keep_invited(v_staff.station_id, v_invited);
  else
    select s.* into v_subject from public.staff s where s.user_id = (p ->> 'staff')::uuid and s.station_id = v_staff.station_id;
    if not found then
      return private.refuse('not_found');
    end if;
    if v_subject.user_id = v_staff.user_id then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_refused', 'staff', v_staff.user_id, jsonb_build_object('proposal', v_kind));
      return private.refuse('not_for_oneself');
    end if;
    if private.is_barred_from(v_staff, v_subject, v_kind) then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_refused', 'staff', v_staff.user_id, jsonb_build_object('proposal', v_kind));
      return private.refuse('second_person_required');
    end if;
    -- Everybody else's access a chief ends alone.
    if v_subject.is_active = (v_kind = 'reactivate') or (v_kind = 'change_role' and v_subject.role = p ->> 'role') or (v_kind = 'deactivate' and v_subject.role not in ('chief', 'auditor')) then
      return private.refuse('conflict');
    end if;
    if exists (select from public.staff_proposals q where q.subject_id = v_subject.user_id and q.kind = v_kind and q.decision is null) then
      return private.refuse('already_proposed');
    end if;
  end if;
  insert into public.staff_proposals (station_id, kind, subject_id, invitation_id, role, reason, proposed_by, proposed_at)
  values (v_staff.station_id, v_kind, v_subject.user_id, v_invitation, case when v_kind in ('invite', 'change_role') then p ->> 'role' end, btrim(p ->> 'reason'), v_staff.user_id, private.clock())
  returning id into v_id;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_proposed', 'staff', v_subject.user_id,
    jsonb_build_object('proposal', v_kind, 'about', v_subject.user_id, 'badge', case when v_kind = 'invite' then btrim(v_invited ->> 'badge_number') end, 'role', case when v_kind in ('invite', 'change_role') then p ->> 'role' end));
  perform private.notify_owner(s.user_id, 'staff.proposed') from public.staff s
  where s.station_id = v_staff.station_id and s.role = 'chief' and s.is_active and s.user_id is distinct from v_subject.user_id;
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$$;
comment on function public.propose_staff_change(jsonb) is 'By an administrator; nothing changes until a chief confirms. Definer: nobody may write proposals directly.';
revoke all on function public.propose_staff_change(jsonb) from public;
grant execute on function public.propose_staff_change(jsonb) to authenticated;

-- A role is changed at once. Who stops reading reports hands their work over; who stops being an officer or lead looks after no community.
create function private.change_role(p_subject public.staff, p_role text, p_successor uuid, p_by public.staff) returns text
language plpgsql volatile set search_path = '' as $$
declare
  v_by constant public.staff := p_by;
  v_successor public.staff := private.successor(p_subject, p_successor);
  v_work jsonb := private.open_work(p_subject.user_id);
  v_stops boolean := p_role in ('auditor', 'admin') and p_subject.role not in ('auditor', 'admin');
begin
  if not p_subject.is_active or p_subject.role = p_role then
    return 'conflict';
  end if;
  if private.is_last_of_role(p_subject) then
    return 'last_of_role';
  end if;
  if p_successor is not null and v_successor.user_id is null then
    return 'assignee_not_allowed';
  end if;
  if v_stops and v_successor.user_id is null and ((v_work ->> 'reports')::integer + (v_work ->> 'suggestions')::integer + (v_work ->> 'shifts')::integer > 0) then
    return 'successor_required';
  end if;
  if v_stops and v_successor.user_id is not null then
    v_work := private.hand_over_work(p_subject, v_successor, p_by);
  end if;
  -- Only a chief handles reports about the police; without one they wait for every chief whom they do not name.
  update public.reports r set assigned_to = null, version = r.version + 1 where r.assigned_to = p_subject.user_id and r.is_about_police and p_subject.role = 'chief' and r.status in ('received', 'triaged', 'in_progress');
  if p_role not in ('officer', 'lead') then
    perform private.end_assignments(p_subject, null);
  end if;
  update public.staff s set role = p_role where s.user_id = p_subject.user_id;
  perform private.end_sessions_of(p_subject.user_id);
  perform private.log(v_by.station_id, v_by.user_id, v_by.role, 'staff.role_changed', 'staff', p_subject.user_id,
    jsonb_build_object('about', p_subject.user_id, 'former_role', p_subject.role, 'role', p_role, 'successor', v_successor.user_id));
  perform private.notify_owner(p_subject.user_id, 'staff.changed');
  return null;
end;
$$;
revoke all on function private.change_role(public.staff, text, uuid, public.staff) from public;

create function private.is_last_of_role(p_staff public.staff) returns boolean
language sql stable set search_path = '' as $$
  select p_staff.is_active and p_staff.role in ('chief', 'auditor', 'admin')
    and not exists (select from public.staff s where s.station_id = p_staff.station_id and s.role = p_staff.role and s.is_active and s.user_id <> p_staff.user_id);
$$;
revoke all on function private.is_last_of_role(public.staff) from public;

/*
  Whom an open report about the police names has no hand in removing who handles or oversees it: the chiefs and auditors whom it does not name
  (RULES A6). The answer is the one for every second person, since a report about oneself is not told of.
*/
create function private.is_barred_from(p_staff public.staff, p_subject public.staff, p_kind text) returns boolean
language sql stable set search_path = '' as $$
  select p_kind in ('change_role', 'deactivate') and p_subject.role in ('chief', 'auditor') and exists (
    select from public.reports r where r.station_id = p_subject.station_id and r.is_about_police and p_staff.user_id = any (r.about_staff) and not p_subject.user_id = any (r.about_staff)
      and (r.status in ('received', 'triaged', 'in_progress') or exists (select from public.revisits v where v.report_id = r.id and v.answer is null and v.stopped_at is null and v.no_reply_at is null)));
$$;
revoke all on function private.is_barred_from(public.staff, public.staff, text) from public;

/*
  p: actor, session, id, decision (confirmed | refused | withdrawn), successor? (a role that stops reading reports); for an invitation that is
  confirmed: token_hash, recipient_sealed, params_sealed → {ok} | forbidden | not_found | conflict | not_for_oneself | second_person_required |
  last_of_role | successor_required | assignee_not_allowed | badge_taken | invalid_input
*/
create function public.decide_staff_proposal(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_decision text := coalesce(p ->> 'decision', '');
  v_proposal public.staff_proposals;
  v_subject public.staff;
  v_invitation private.staff_invitations;
  v_code text;
begin
  if v_staff.user_id is null or v_staff.role <> (case v_decision when 'withdrawn' then 'admin' else 'chief' end) then
    return private.refuse('forbidden');
  end if;
  if v_decision not in ('confirmed', 'refused', 'withdrawn') then
    return private.refuse('invalid_input');
  end if;
  perform from public.stations s where s.id = v_staff.station_id for no key update;
  select q.* into v_proposal from public.staff_proposals q where q.id = (p ->> 'id')::uuid and q.station_id = v_staff.station_id for update;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_proposal.decision is not null then
    return private.refuse('conflict');
  end if;
  select s.* into v_subject from public.staff s where s.user_id = v_proposal.subject_id;
  select i.* into v_invitation from private.staff_invitations i where i.id = v_proposal.invitation_id;
  if v_decision <> 'withdrawn' and v_staff.user_id = v_proposal.subject_id then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_refused', 'staff', v_staff.user_id, jsonb_build_object('proposal', v_proposal.kind));
    return private.refuse('not_for_oneself');
  end if;
  -- Whoever proposed as an administrator and became chief since is still the same person.
  if v_decision = 'confirmed' and v_staff.user_id = v_proposal.proposed_by then
    return private.refuse('second_person_required');
  end if;
  if v_decision = 'confirmed' and private.is_barred_from(v_staff, v_subject, v_proposal.kind) then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_refused', 'staff', v_staff.user_id, jsonb_build_object('proposal', v_proposal.kind));
    return private.refuse('second_person_required');
  end if;
  if v_decision = 'confirmed' then
    case v_proposal.kind
      when 'invite' then
        if p ->> 'token_hash' is null or p ->> 'recipient_sealed' is null or p ->> 'params_sealed' is null then
          return private.refuse('invalid_input');
        end if;
        perform private.send_invitation(v_invitation.id, p);
      when 'change_role' then
        v_code := private.change_role(v_subject, v_proposal.role, (p ->> 'successor')::uuid, v_staff);
      when 'deactivate' then
        v_code := private.deactivate(v_subject, (p ->> 'successor')::uuid, false, v_staff, v_proposal.id) ->> 'code';
      when 'reactivate' then
        if v_subject.is_active then
          return private.refuse('conflict');
        end if;
        update public.staff s set is_active = true where s.user_id = v_subject.user_id;
        perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.reactivated', 'staff', v_subject.user_id, jsonb_build_object('about', v_subject.user_id, 'role', v_subject.role));
        perform private.notify_owner(v_subject.user_id, 'staff.changed');
      when 'reset_second_factor' then
        if not v_subject.is_active then
          return private.refuse('conflict');
        end if;
        perform private.reset_second_factor(v_subject.user_id, v_proposal.proposed_by, v_staff.user_id);
    end case;
    if v_code is not null then
      return private.refuse(v_code);
    end if;
  elsif v_proposal.kind = 'invite' then
    perform private.end_invitation(v_invitation.id);
  end if;
  update public.staff_proposals q set decision = v_decision, decided_by = v_staff.user_id, decided_at = private.clock() where q.id = v_proposal.id;
  perform private.log_decision(v_staff, v_proposal, v_decision, v_invitation.badge_number);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.decide_staff_proposal(jsonb) is 'By a chief, never the person concerned nor who proposed it. Definer: nobody may write proposals or staff directly.';
revoke all on function public.decide_staff_proposal(jsonb) from public;
grant execute on function public.decide_staff_proposal(jsonb) to service_role;

create function private.log_decision(p_by public.staff, p_proposal public.staff_proposals, p_decision text, p_badge text) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_by constant public.staff := p_by;
  v_details jsonb := jsonb_build_object('proposal', p_proposal.kind, 'about', p_proposal.subject_id, 'badge', p_badge, 'role', p_proposal.role);
begin
  case p_decision
    when 'confirmed' then
      perform private.log(v_by.station_id, v_by.user_id, v_by.role, 'staff.change_confirmed', 'staff', p_proposal.subject_id, v_details);
    when 'refused' then
      perform private.log(v_by.station_id, v_by.user_id, v_by.role, 'staff.change_declined', 'staff', p_proposal.subject_id, v_details);
    else
      perform private.log(v_by.station_id, v_by.user_id, v_by.role, 'staff.change_withdrawn', 'staff', p_proposal.subject_id, v_details);
  end case;
end;
$$;
revoke all on function private.log_decision(public.staff, public.staff_proposals, text, text) from public;

/*
  Access ends and open work changes hands. Whoever calls this has checked who may, and holds the station's lock. p_but: the proposal that is
  being carried out. → {ok, reports, suggestions, shifts, assignments} | conflict | last_of_role | successor_required | assignee_not_allowed
*/
create function private.deactivate(p_subject public.staff, p_successor uuid, p_takes_communities boolean, p_by public.staff, p_but uuid default null) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_by constant public.staff := p_by;
  v_successor public.staff := private.successor(p_subject, p_successor);
  v_work jsonb := private.open_work(p_subject.user_id);
  v_assignments integer;
  v_proposal public.staff_proposals;
begin
  if not p_subject.is_active then
    return private.refuse('conflict');
  end if;
  if private.is_last_of_role(p_subject) then
    return private.refuse('last_of_role');
  end if;
  if p_successor is not null and v_successor.user_id is null then
    return private.refuse('assignee_not_allowed');
  end if;
  if v_successor.user_id is null and (v_work ->> 'reports')::integer + (v_work ->> 'suggestions')::integer + (v_work ->> 'shifts')::integer > 0 then
    return private.refuse('successor_required');
  end if;
  v_work := case when v_successor.user_id is null then '{"reports": 0, "suggestions": 0, "shifts": 0}'::jsonb else private.hand_over_work(p_subject, v_successor, p_by) end;
  v_assignments := private.end_assignments(p_subject, case when p_takes_communities then v_successor end);
  -- What they proposed and nobody decided, and what was proposed about them, is not decided behind their absence. What concerns the chief who
  -- ends the access stays for somebody else.
  for v_proposal in select q.* from public.staff_proposals q where (q.proposed_by = p_subject.user_id or q.subject_id = p_subject.user_id) and q.decision is null
      and q.id is distinct from p_but and q.subject_id is distinct from v_by.user_id for update loop
    if v_proposal.invitation_id is not null then
      perform private.end_invitation(v_proposal.invitation_id);
    end if;
    update public.staff_proposals q set decision = 'refused', decided_by = v_by.user_id, decided_at = private.clock() where q.id = v_proposal.id;
    perform private.log_decision(p_by, v_proposal, 'refused', null);
  end loop;
  update public.staff s set is_active = false where s.user_id = p_subject.user_id;
  perform private.end_sessions_of(p_subject.user_id);
  perform private.log(v_by.station_id, v_by.user_id, v_by.role, 'staff.deactivated', 'staff', p_subject.user_id,
    jsonb_build_object('about', p_subject.user_id, 'successor', v_successor.user_id, 'reports', (v_work ->> 'reports')::integer, 'suggestions', (v_work ->> 'suggestions')::integer, 'shifts', (v_work ->> 'shifts')::integer));
  perform private.notify_owner(p_subject.user_id, 'staff.changed');
  return v_work || jsonb_build_object('ok', true, 'assignments', v_assignments);
end;
$$;
revoke all on function private.deactivate(public.staff, uuid, boolean, public.staff, uuid) from public;

/*
  At once, by a chief alone: a colleague who left cannot wait for a second person; coming back needs two (reactivate). Another chief's or an
  auditor's access ends by a proposal only: who is overseen does not send the overseer away.
  p: staff, successor? (needed as soon as work is open), takes_communities?
  → {ok, reports, suggestions, shifts, assignments} | forbidden | not_found | not_for_oneself | second_person_required | last_of_role |
  successor_required | assignee_not_allowed
*/
create function public.deactivate_staff(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_subject public.staff;
begin
  if v_staff.user_id is null or v_staff.role <> 'chief' then
    return private.refuse('forbidden');
  end if;
  perform from public.stations s where s.id = v_staff.station_id for no key update;
  select s.* into v_subject from public.staff s where s.user_id = (p ->> 'staff')::uuid and s.station_id = v_staff.station_id and s.is_active for update;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_subject.user_id = v_staff.user_id or v_subject.role in ('chief', 'auditor') then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_refused', 'staff', v_staff.user_id, jsonb_build_object('proposal', 'deactivate'));
    return private.refuse(case when v_subject.user_id = v_staff.user_id then 'not_for_oneself' else 'second_person_required' end);
  end if;
  return private.deactivate(v_subject, (p ->> 'successor')::uuid, coalesce((p ->> 'takes_communities')::boolean, false), v_staff);
end;
$$;
comment on function public.deactivate_staff(jsonb) is 'Access ends and open work changes hands in one transaction. Definer: nobody may write staff directly.';
revoke all on function public.deactivate_staff(jsonb) from public;
grant execute on function public.deactivate_staff(jsonb) to authenticated;

-- A name misspelt, a number newly given. p: staff, name {zh, en}, badge_number → {ok} | forbidden | not_found | not_for_oneself | invalid_input | badge_taken
create function public.correct_staff(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_subject public.staff;
  v_badge text := btrim(p ->> 'badge_number');
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin') then
    return private.refuse('forbidden');
  end if;
  perform from public.stations s where s.id = v_staff.station_id for no key update;
  select s.* into v_subject from public.staff s where s.user_id = (p ->> 'staff')::uuid and s.station_id = v_staff.station_id for update;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_subject.user_id = v_staff.user_id then
    return private.refuse('not_for_oneself');
  end if;
  if not coalesce(private.is_text_in_both(p -> 'name', 1, 60), false) or coalesce(char_length(v_badge), 0) not between 1 and 30 then
    return private.refuse('invalid_input');
  end if;
  if private.is_badge_taken(v_staff.station_id, v_badge, v_subject.user_id) then
    return private.refuse('badge_taken');
  end if;
  update public.staff s set name = p -> 'name', badge_number = v_badge where s.user_id = v_subject.user_id;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.corrected', 'staff', v_subject.user_id, jsonb_build_object('about', v_subject.user_id, 'former_badge', v_subject.badge_number, 'badge', v_badge, 'former_name', v_subject.name, 'name', p -> 'name'));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.correct_staff(jsonb) is 'Names and numbers stand on the public card: never one''s own. Definer: nobody may write staff directly.';
revoke all on function public.correct_staff(jsonb) from public;
grant execute on function public.correct_staff(jsonb) to authenticated;
