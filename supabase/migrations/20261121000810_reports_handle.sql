-- Purpose: what the desk does with reports: move on, assign, write, note, merge, release, ban.
-- Risk: none for data, new functions. Those that take ciphertext are the server's (RULES A2); the rest run under the officer's own JWT.

-- The wrapped key the desk's server seals its own words with. p: reference, actor, session
create function public.begin_desk_writing(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.write_refused', p ->> 'reference');
  end if;
  return jsonb_build_object('ok', true, 'id', v_report.id, 'content_key', v_report.content_key, 'locale', v_report.locale, 'category', v_report.category_code, 'status', v_report.status);
end;
$$;
comment on function public.begin_desk_writing(jsonb) is 'Definer: keys have no SELECT grant. The key reads nothing without a text, and texts leave through open_report only.';
revoke all on function public.begin_desk_writing(jsonb) from public;
grant execute on function public.begin_desk_writing(jsonb) to service_role;

/*
  p: reference, actor, session, status, closed_reason?, from_status (what the officer saw), public_sealed (the public sentence), note_sealed?
  → {ok, status, version} | {ok: false, code: not_found | conflict | status_order | reason_missing}
*/
create function public.change_report_status(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
  v_to text := p ->> 'status';
  v_now timestamptz := private.clock();
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.status_refused', p ->> 'reference');
  end if;
  if v_report.status is distinct from p ->> 'from_status' then
    return private.refuse('conflict', jsonb_build_object('status', v_report.status));
  end if;
  if not coalesce(private.may_follow(v_report.status, v_to), false) or v_report.merged_into is not null or v_report.closed_reason = 'withdrawn' then
    return private.refuse('status_order');
  end if;
  if v_to = 'closed' and coalesce(p ->> 'closed_reason', '') not in ('no_further_action', 'referred', 'unfounded', 'spam') then
    return private.refuse('reason_missing');
  end if;
  update public.reports r set
    status = v_to,
    closed_reason = case when v_to = 'closed' then p ->> 'closed_reason' end,
    accepted_at = case when v_to in ('triaged', 'in_progress', 'resolved') then coalesce(r.accepted_at, v_now) else r.accepted_at end,
    closed_at = case when v_to in ('closed', 'resolved') then v_now end,
    first_viewed_at = coalesce(r.first_viewed_at, v_now),
    updated_at = v_now, version = r.version + 1
  where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'status', v_to, case when v_to = 'closed' then p ->> 'closed_reason' end, v_staff.role, v_staff.user_id, true, p ->> 'public_sealed');
  if p ->> 'note_sealed' is not null then
    insert into public.report_notes (report_id, at, author_id, text_sealed) values (v_report.id, v_now, v_staff.user_id, p ->> 'note_sealed');
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.status_changed', 'reports', v_report.id,
    jsonb_build_object('from', v_report.status, 'to', v_to, 'closed_reason', case when v_to = 'closed' then p ->> 'closed_reason' end));
  perform private.notify_reporter(v_report, 'reports.status_changed');
  return jsonb_build_object('ok', true, 'status', v_to, 'version', v_report.version + 1);
end;
$$;
comment on function public.change_report_status(jsonb) is 'Definer: nobody may write reports directly.';
revoke all on function public.change_report_status(jsonb) from public;
grant execute on function public.change_report_status(jsonb) to service_role;

-- An officer takes or gives back; lead and chief hand out to whoever may see the report.
create function public.assign_report(p_reference text, p_staff uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_target public.staff;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.assign_refused', p_reference);
  end if;
  if v_staff.role = 'officer' and not (coalesce(p_staff = v_staff.user_id, false) or (p_staff is null and coalesce(v_report.assigned_to = v_staff.user_id, false))) then
    return private.refuse('forbidden');
  end if;
  if p_staff is not null then
    select s.* into v_target from public.staff s where s.user_id = p_staff and s.station_id = v_report.station_id and s.is_active;
    if v_target.user_id is null or v_target.role not in ('officer', 'lead', 'chief')
      or (v_report.is_about_police and (v_target.role <> 'chief' or p_staff = any (v_report.about_staff))) then
      return private.refuse('assignee_not_allowed');
    end if;
  end if;
  update public.reports r set assigned_to = p_staff, updated_at = private.clock(), version = r.version + 1 where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'assigned', null, null, v_staff.role, v_staff.user_id, false);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.assigned', 'reports', v_report.id,
    jsonb_build_object('from', v_report.assigned_to, 'to', p_staff));
  return jsonb_build_object('ok', true, 'assigned_to', p_staff, 'assignee', v_target.name);
end;
$$;
comment on function public.assign_report(text, uuid) is 'Definer: nobody may write reports directly.';
revoke all on function public.assign_report(text, uuid) from public;
grant execute on function public.assign_report(text, uuid) to authenticated;

-- p: reference, actor, session, message_id, text_sealed
create function public.add_staff_message(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for no key update;
  if not found then
    return private.refuse_desk(v_staff, 'report.message_refused', p ->> 'reference');
  end if;
  insert into public.report_messages (id, report_id, at, author, author_id, text_sealed)
  values ((p ->> 'message_id')::uuid, v_report.id, private.clock(), 'staff', v_staff.user_id, p ->> 'text_sealed')
  on conflict (id) do nothing;
  if found then
    update public.reports r set updated_at = private.clock(), first_viewed_at = coalesce(r.first_viewed_at, private.clock()) where r.id = v_report.id;
    perform private.emit_event(v_report.id, 'message', null, null, v_staff.role, v_staff.user_id, false);
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.message_sent', 'reports', v_report.id);
    perform private.notify_reporter(v_report, 'reports.message_received');
  elsif not exists (select from public.report_messages m where m.id = (p ->> 'message_id')::uuid and m.report_id = v_report.id and m.author = 'staff') then
    -- Another letter has this id: the sender must hear that theirs was not kept.
    return private.refuse('conflict');
  end if;
  return jsonb_build_object('ok', true, 'at', private.clock());
end;
$$;
comment on function public.add_staff_message(jsonb) is 'A letter from the desk. Definer: nobody may write messages directly.';
revoke all on function public.add_staff_message(jsonb) from public;
grant execute on function public.add_staff_message(jsonb) to service_role;

-- p: reference, actor, session, text_sealed
create function public.add_report_note(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.note_refused', p ->> 'reference');
  end if;
  insert into public.report_notes (report_id, at, author_id, text_sealed) values (v_report.id, private.clock(), v_staff.user_id, p ->> 'text_sealed');
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.noted', 'reports', v_report.id);
  return jsonb_build_object('ok', true, 'at', private.clock());
end;
$$;
comment on function public.add_report_note(jsonb) is 'Definer: nobody may write notes directly.';
revoke all on function public.add_report_note(jsonb) from public;
grant execute on function public.add_report_note(jsonb) to service_role;

-- The desk's own words about a report; neighbours may read them for public categories, so they hold no personal data.
create function public.summarise_report(p_reference text, p_summary text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.summarise_refused', p_reference);
  end if;
  if char_length(p_summary) > 2000 then
    return private.refuse('too_long');
  end if;
  update public.reports r set summary = nullif(btrim(p_summary), ''), updated_at = private.clock() where r.id = v_report.id;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.summarised', 'reports', v_report.id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.summarise_report(text, text) is 'Definer: nobody may write reports directly.';
revoke all on function public.summarise_report(text, text) from public;
grant execute on function public.summarise_report(text, text) to authenticated;

-- RULES D4: a merge keeps separate threads, receipts and clocks; the duplicate is closed and points to the other.
create function public.merge_report(p_reference text, p_into text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_into public.reports;
begin
  -- Both rows in one order, so that two merges the other way round cannot wait for each other.
  perform from public.reports r where r.reference in (p_reference, p_into) and private.may_change(r, v_staff) order by r.id for update;
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff);
  select r.* into v_into from public.reports r where r.reference = p_into and private.may_change(r, v_staff);
  if v_report.id is null or v_into.id is null then
    return private.refuse_desk(v_staff, 'report.merge_refused', case when v_report.id is null then p_reference else p_into end);
  end if;
  -- Nobody handles a withdrawn report any more: another must not wait for it.
  if v_report.id = v_into.id or v_into.merged_into is not null or v_report.status = 'closed' or v_into.closed_reason = 'withdrawn'
    or exists (select from public.reports r where r.merged_into = v_report.id) then
    return private.refuse('merge_not_allowed');
  end if;
  update public.reports r set status = 'closed', closed_reason = 'duplicate', merged_into = v_into.id, closed_at = private.clock(),
    first_viewed_at = coalesce(r.first_viewed_at, private.clock()), updated_at = private.clock(), version = r.version + 1
  where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'merged', 'closed', 'duplicate', v_staff.role, v_staff.user_id, true);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.merged', 'reports', v_report.id, jsonb_build_object('into', v_into.id));
  perform private.notify_reporter(v_report, 'reports.status_changed');
  return jsonb_build_object('ok', true, 'into', v_into.reference);
end;
$$;
comment on function public.merge_report(text, text) is 'Definer: nobody may write reports directly.';
revoke all on function public.merge_report(text, text) from public;
grant execute on function public.merge_report(text, text) to authenticated;

-- Undoes a merge: the duplicate becomes a case of its own again.
create function public.unmerge_report(p_reference text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.unmerge_refused', p_reference);
  end if;
  if v_report.merged_into is null then
    return private.refuse('merge_not_allowed');
  end if;
  update public.reports r set status = 'triaged', closed_reason = null, merged_into = null, closed_at = null,
    accepted_at = coalesce(r.accepted_at, private.clock()), updated_at = private.clock(), version = r.version + 1
  where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'status', 'triaged', null, v_staff.role, v_staff.user_id, true);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.unmerged', 'reports', v_report.id);
  -- The merge told the reporter that the report was closed.
  perform private.notify_reporter(v_report, 'reports.status_changed');
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.unmerge_report(text) is 'Definer: nobody may write reports directly.';
revoke all on function public.unmerge_report(text) from public;
grant execute on function public.unmerge_report(text) to authenticated;

-- The daily review of hidden reports: this one is genuine after all. Also takes the mark "unverified" off.
create function public.release_report(p_reference text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.release_refused', p_reference);
  end if;
  update public.reports r set is_hidden = false, is_unverified = false, updated_at = private.clock() where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'released', null, null, v_staff.role, v_staff.user_id, false);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.released', 'reports', v_report.id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.release_report(text) is 'Definer: nobody may write reports directly.';
revoke all on function public.release_report(text) from public;
grant execute on function public.release_report(text) to authenticated;

-- p: reference, actor, session → the account behind a named report, for the server to hash: {ok, owner_id?, owner_hash?}
create function public.begin_ban(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.ban_refused', p ->> 'reference');
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_report.owner_id is null and v_report.owner_hash is null then
    return private.refuse('no_account');
  end if;
  return jsonb_build_object('ok', true, 'owner_id', v_report.owner_id, 'owner_hash', v_report.owner_hash);
end;
$$;
comment on function public.begin_ban(jsonb) is 'Definer: the owner has no SELECT grant.';
revoke all on function public.begin_ban(jsonb) from public;
grant execute on function public.begin_ban(jsonb) to service_role;

-- p: reference, actor, session, subject_hash, reason. Lead or chief; later reports of this account are accepted and hidden (RULES G2).
create function public.ban_reporter(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.ban_refused', p ->> 'reference');
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  insert into public.bans (station_id, kind, subject_hash, report_id, reason, created_by, created_at)
  values (v_staff.station_id, 'account', p ->> 'subject_hash', v_report.id, p ->> 'reason', v_staff.user_id, private.clock())
  on conflict (station_id, subject_hash) where lifted_at is null do nothing;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.sender_banned', 'reports', v_report.id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.ban_reporter(jsonb) is 'Definer: nobody may write bans directly.';
revoke all on function public.ban_reporter(jsonb) from public;
grant execute on function public.ban_reporter(jsonb) to service_role;

create function public.lift_ban(p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  update public.bans b set lifted_at = private.clock(), lifted_by = v_staff.user_id
  where b.id = p_id and b.station_id = v_staff.station_id and b.lifted_at is null;
  if not found then
    return private.refuse('not_found');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'report.ban_lifted', 'reports', null, jsonb_build_object('ban', p_id));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.lift_ban(uuid) is 'Definer: nobody may write bans directly.';
revoke all on function public.lift_ban(uuid) from public;
grant execute on function public.lift_ban(uuid) to authenticated;
