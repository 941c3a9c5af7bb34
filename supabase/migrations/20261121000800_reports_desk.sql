-- Purpose: what the desk does with reports: list, open, move on, assign, write, note, merge, ban; the log; the demo mailbox.
-- Risk: none for data, new functions. Those that take ciphertext are the server's (RULES A2); the rest run under the officer's own JWT.

-- Who am I at the desk: role, station, communities. All pages of the desk start with it.
create function public.get_staff_profile() returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce((
    select jsonb_build_object('ok', true, 'user_id', s.user_id, 'role', s.role, 'name', s.name, 'badge_number', s.badge_number, 'station_id', s.station_id,
      'station', st.name, 'time_zone', st.time_zone, 'is_demo', private.is_demo(),
      'communities', coalesce((select jsonb_agg(c order by c) from private.communities_of(s.user_id) c), '[]'::jsonb))
    from private.staff_actor() s join public.stations st on st.id = s.station_id
  ), private.refuse('forbidden'));
$$;
comment on function public.get_staff_profile() is 'Definer: answers about the caller only.';
revoke all on function public.get_staff_profile() from public;
grant execute on function public.get_staff_profile() to authenticated;

-- Start of the day p_days before today in the station's zone: "within 3 days" ends at 24:00 of the third day (RULES D1).
create function private.day_start(p_time_zone text, p_days integer) returns timestamptz
language sql stable set search_path = '' as $$
  select (date_trunc('day', private.clock() at time zone p_time_zone) - make_interval(days => p_days)) at time zone p_time_zone;
$$;

-- may_see as a piece of SQL that an index can serve: $1 station, $2 person, $3 communities of an officer. The tests compare both.
create function private.desk_scope(p_role text) returns text
language sql immutable set search_path = '' as $$
  select 'r.station_id = $1 and ' || case p_role
    when 'officer' then 'not r.is_about_police and (r.assigned_to = $2 or r.community_id = any ($3))'
    when 'lead' then 'not r.is_about_police'
    when 'chief' then '(not r.is_about_police or not $2 = any (r.about_staff))'
    when 'auditor' then 'r.is_about_police and not $2 = any (r.about_staff)'
    else 'false' end;
$$;

-- Hidden reports and those without proof of work have views of their own, so that they do not drown the inbox. Urgent ones are never held.
create function private.desk_view(p_view text) returns text
language sql immutable set search_path = '' as $$
  select case p_view
    when 'hidden' then 'r.is_hidden'
    when 'unverified' then 'not r.is_hidden and r.is_unverified and r.urgency = ''normal'' and r.status = ''received'''
    else 'not r.is_hidden and not (r.is_unverified and r.urgency = ''normal'' and r.status = ''received'')' end;
$$;

/*
  The inbox, newest first, keyset paging. p: view? (inbox | unverified | hidden), status?[], category?, community?, grid?, assigned? (me | none | uuid), urgent?, overdue?,
  from?, to?, q? (reference or words of the desk's summary), cursor?: {received_at, id}, limit? (1-100)
  → {ok, now, reports[], next_cursor}
  Built as one statement from closed parts, so that each combination gets the index it needs; every value is a parameter.
*/
create function public.list_reports(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_zone text;
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 20), 1), 100);
  v_where text := private.desk_scope(v_staff.role) || ' and ' || private.desk_view(coalesce(p ->> 'view', 'inbox'));
  v_communities uuid[];
  v_status text[];
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return private.refuse('forbidden');
  end if;
  select s.time_zone into v_zone from public.stations s where s.id = v_staff.station_id;

  v_communities := array(select private.communities_of(v_staff.user_id));
  if jsonb_typeof(p -> 'status') = 'array' and jsonb_array_length(p -> 'status') > 0 then
    v_status := array(select jsonb_array_elements_text(p -> 'status'));
    v_where := v_where || ' and r.status = any ($4)';
  end if;
  if p ->> 'category' is not null then v_where := v_where || ' and r.category_code = $5 ->> ''category'''; end if;
  if p ->> 'community' is not null then v_where := v_where || ' and r.community_id = ($5 ->> ''community'')::uuid'; end if;
  if p ->> 'grid' is not null then v_where := v_where || ' and r.grid_id = ($5 ->> ''grid'')::uuid'; end if;
  if p ->> 'assigned' = 'none' then v_where := v_where || ' and r.assigned_to is null';
  elsif p ->> 'assigned' = 'me' then v_where := v_where || ' and r.assigned_to = $2';
  elsif p ->> 'assigned' is not null then v_where := v_where || ' and r.assigned_to = ($5 ->> ''assigned'')::uuid'; end if;
  if (p ->> 'urgent')::boolean then v_where := v_where || ' and r.urgency = ''urgent'''; end if;
  if p ->> 'from' is not null then v_where := v_where || ' and r.received_at >= ($5 ->> ''from'')::timestamptz'; end if;
  if p ->> 'to' is not null then v_where := v_where || ' and r.received_at < ($5 ->> ''to'')::timestamptz'; end if;
  if p ->> 'q' is not null then
    v_where := v_where || ' and (r.reference = upper($5 ->> ''q'') or position(lower($5 ->> ''q'') in lower(coalesce(r.summary, ''''))) > 0)';
  end if;
  if (p ->> 'overdue')::boolean then
    v_where := v_where || ' and r.status = ''received'' and (r.received_at < $6
      or (r.first_viewed_at is null and r.received_at < private.clock() - case r.urgency when ''urgent'' then interval ''15 minutes'' else interval ''24 hours'' end))';
  end if;
  if p ->> 'cursor' is not null then
    v_where := v_where || ' and (r.received_at, r.id) < (($5 #>> ''{cursor,received_at}'')::timestamptz, ($5 #>> ''{cursor,id}'')::uuid)';
  end if;

  execute format($q$
    select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'reference', t.reference, 'category', t.category_code, 'community_id', t.community_id, 'grid_id', t.grid_id,
      'status', t.status, 'closed_reason', t.closed_reason, 'urgency', t.urgency, 'received_at', t.received_at, 'updated_at', t.updated_at,
      'first_viewed_at', t.first_viewed_at, 'accepted_at', t.accepted_at, 'closed_at', t.closed_at, 'contact_mode', t.contact_mode, 'locale', t.locale,
      'is_unverified', t.is_unverified, 'is_hidden', t.is_hidden, 'emergency_kind', t.emergency_kind, 'assigned_to', t.assigned_to, 'assignee', s.name,
      'summary', t.summary, 'channel', t.channel) order by t.received_at desc, t.id desc), '[]'::jsonb)
    from (select r.* from public.reports r where %s order by r.received_at desc, r.id desc limit %s) t
    left join public.staff s on s.user_id = t.assigned_to$q$, v_where, v_limit + 1)
  into v_rows
  using v_staff.station_id, v_staff.user_id, v_communities, v_status, p, private.day_start(v_zone, 3);

  return jsonb_build_object('ok', true, 'now', private.clock(), 'time_zone', v_zone,
    'reports', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit
      then jsonb_build_object('received_at', v_rows -> (v_limit - 1) -> 'received_at', 'id', v_rows -> (v_limit - 1) -> 'id') end);
end;
$$;
comment on function public.list_reports(jsonb) is 'Lists are no openings (RULES B3): no texts leave. Definer: applies the same scope as may_see, by index.';
revoke all on function public.list_reports(jsonb) from public;
grant execute on function public.list_reports(jsonb) to authenticated;

/*
  Opens a report: everything the desk may read, and the row in the log that says so. p_purpose is a code shown to the reporter.
  → {ok, report, content_sealed, content_key, contact_sealed?, contact_key?, events[], messages[], notes[], attachments[], staff[]}
  The contact leaves for named reports only; sealed ones need a reveal.
*/
create function public.open_report(p_reference text, p_purpose text default 'handling') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_first timestamptz;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_see(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.open_refused', p_reference);
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.opened', 'reports', v_report.id,
    jsonb_build_object('purpose', case when p_purpose in ('handling', 'triage', 'review', 'audit') then p_purpose else 'handling' end));
  if v_report.first_viewed_at is null and v_staff.role <> 'auditor' then
    update public.reports r set first_viewed_at = private.clock() where r.id = v_report.id and r.first_viewed_at is null
    returning r.first_viewed_at into v_first;
    v_report.first_viewed_at := coalesce(v_first, v_report.first_viewed_at);
  end if;
  update public.report_messages m set read_at = private.clock() where m.report_id = v_report.id and m.author = 'reporter' and m.read_at is null and v_staff.role <> 'auditor';
  return (
    select jsonb_build_object('ok', true, 'now', private.clock(), 'can_change', private.may_change(v_report, v_staff),
      'report', jsonb_build_object('id', v_report.id, 'reference', v_report.reference, 'category', v_report.category_code, 'community_id', v_report.community_id,
        'grid_id', v_report.grid_id, 'status', v_report.status, 'closed_reason', v_report.closed_reason, 'urgency', v_report.urgency, 'version', v_report.version,
        'received_at', v_report.received_at, 'updated_at', v_report.updated_at, 'first_viewed_at', v_report.first_viewed_at, 'accepted_at', v_report.accepted_at,
        'closed_at', v_report.closed_at, 'occurred_at', v_report.occurred_at, 'channel', v_report.channel, 'locale', v_report.locale, 'contact_mode', v_report.contact_mode,
        'has_account', v_report.owner_id is not null or v_report.owner_hash is not null,
        'is_unverified', v_report.is_unverified, 'is_hidden', v_report.is_hidden, 'emergency_kind', v_report.emergency_kind, 'assigned_to', v_report.assigned_to,
        'visibility', v_report.visibility, 'summary', v_report.summary, 'time_zone', st.time_zone,
        'merged_into', (select m.reference from public.reports m where m.id = v_report.merged_into and private.may_see(m, v_staff)),
        'merged', coalesce((select jsonb_agg(m.reference) from public.reports m where m.merged_into = v_report.id and private.may_see(m, v_staff)), '[]'::jsonb),
        'followers', (select count(*) from public.report_followers f where f.report_id = v_report.id)),
      'content_sealed', v_report.content_sealed, 'content_key', v_report.content_key,
      'contact_sealed', case when v_report.contact_mode = 'named' then v_report.contact_sealed end,
      'contact_key', case when v_report.contact_mode = 'named' then v_report.contact_key end,
      'events', coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'status', e.status, 'closed_reason', e.closed_reason, 'actor_role', e.actor_role,
          'actor', a.name, 'public_sealed', e.public_sealed) order by e.id)
        from public.report_events e left join public.staff a on a.user_id = e.actor_id where e.report_id = v_report.id), '[]'::jsonb),
      'messages', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'at', m.at, 'author', m.author, 'name', a.name, 'text_sealed', m.text_sealed, 'read_at', m.read_at) order by m.at)
        from public.report_messages m left join public.staff a on a.user_id = m.author_id where m.report_id = v_report.id), '[]'::jsonb),
      'notes', coalesce((select jsonb_agg(jsonb_build_object('id', n.id, 'at', n.at, 'name', a.name, 'text_sealed', n.text_sealed) order by n.at)
        from public.report_notes n join public.staff a on a.user_id = n.author_id where n.report_id = v_report.id), '[]'::jsonb),
      'attachments', private.attachment_facts(v_report.id))
    from public.stations st where st.id = v_report.station_id);
end;
$$;
comment on function public.open_report(text, text) is 'Definer: the only way to the texts of a report, and it logs.';
revoke all on function public.open_report(text, text) from public;
grant execute on function public.open_report(text, text) to authenticated;

-- A viewing copy for the desk. Originals follow the reveal rule (RULES G3) and stay closed here; other types have only their original.
create function public.open_attachment(p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_file public.report_attachments;
begin
  select a.* into v_file from public.report_attachments a join public.reports r on r.id = a.report_id where a.id = p_id and private.may_see(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'attachment.open_refused', null);
  end if;
  select r.* into v_report from public.reports r where r.id = v_file.report_id;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'attachment.opened', 'reports', v_report.id, jsonb_build_object('attachment', v_file.id, 'purpose', 'handling'));
  return jsonb_build_object('ok', true, 'report_id', v_report.id, 'reference', v_report.reference, 'media_type', v_file.media_type, 'size_bytes', v_file.size_bytes, 'view_media_type', v_file.view_media_type,
    'view_blob', v_file.view_blob, 'original_blob', case when v_file.view_blob is null then v_file.original_blob end, 'key_sealed', v_file.key_sealed, 'content_key', v_report.content_key);
end;
$$;
comment on function public.open_attachment(uuid) is 'Definer: attachments have no SELECT grant, and the opening is logged.';
revoke all on function public.open_attachment(uuid) from public;
grant execute on function public.open_attachment(uuid) to authenticated;

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
  if not coalesce(private.may_follow(v_report.status, v_to), false) or v_report.merged_into is not null then
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
  if v_report.id = v_into.id or v_into.merged_into is not null or v_report.status = 'closed'
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

-- Numbers beside the sidebar's nouns. Counting stops at 100, so that a full inbox costs no more than a small one.
create function public.count_desk_work() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_communities uuid[];
  v_new bigint;
  v_mine bigint;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return '{"ok": true, "unseen": 0, "mine": 0}'::jsonb;
  end if;
  v_communities := array(select private.communities_of(v_staff.user_id));
  execute format($q$select count(*) from (select from public.reports r where %s and %s and r.status = 'received' limit 100) t$q$,
    private.desk_scope(v_staff.role), private.desk_view('inbox')) into v_new using v_staff.station_id, v_staff.user_id, v_communities;
  execute format($q$select count(*) from (select from public.reports r where %s and r.assigned_to = $2 and r.status in ('triaged', 'in_progress') limit 100) t$q$,
    private.desk_scope(v_staff.role)) into v_mine using v_staff.station_id, v_staff.user_id, v_communities;
  return jsonb_build_object('ok', true, 'unseen', v_new, 'mine', v_mine);
end;
$$;
comment on function public.count_desk_work() is 'What the inbox shows as new, and what waits for the caller. Definer: applies the same scope as may_see, by index.';
revoke all on function public.count_desk_work() from public;
grant execute on function public.count_desk_work() to authenticated;

-- The log for auditor and chief. p: action?, actor?, reference?, from?, to?, cursor? (id), limit?
create function public.list_audit_log(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200);
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('auditor', 'chief') then
    return private.refuse('forbidden');
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'at', t.at, 'actor', s.name, 'actor_role', t.actor_role, 'action', t.action, 'noun', t.noun,
      'reference', r.reference, 'details', t.details) order by t.id desc), '[]'::jsonb) into v_rows
  from (
    select l.* from public.audit_log l
    where l.station_id = v_staff.station_id
      and (p ->> 'cursor' is null or l.id < (p ->> 'cursor')::bigint)
      and (p ->> 'action' is null or l.action = p ->> 'action')
      and (p ->> 'actor' is null or l.actor_id = (p ->> 'actor')::uuid)
      and (p ->> 'from' is null or l.at >= (p ->> 'from')::timestamptz)
      and (p ->> 'to' is null or l.at < (p ->> 'to')::timestamptz)
      and (p ->> 'reference' is null or l.noun_id = (select q.id from public.reports q where q.reference = upper(p ->> 'reference')))
      -- RULES A6: what was done with a report about the police stays hidden from whoever it names.
      and not exists (select from public.reports q where q.id = l.noun_id and q.is_about_police and v_staff.user_id = any (q.about_staff))
    order by l.id desc limit v_limit + 1
  ) t
  left join public.staff s on s.user_id = t.actor_id
  left join public.reports r on r.id = t.noun_id;
  return jsonb_build_object('ok', true,
    'entries', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit then v_rows -> (v_limit - 1) -> 'id' end);
end;
$$;
comment on function public.list_audit_log(jsonb) is 'Definer: joins names and references that the row policy alone would hide.';
revoke all on function public.list_audit_log(jsonb) from public;
grant execute on function public.list_audit_log(jsonb) to authenticated;

-- The mailbox of a demo station: the newest messages of the outbox. Whoever reads it could sign in as anybody, hence demo only. p: limit?
create function public.list_demo_mails(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if not private.is_demo() then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'mails', coalesce((
    select jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun_id', t.noun_id, 'reference', r.reference, 'locale', t.locale,
      'recipient', u.email, 'recipient_sealed', t.recipient_sealed, 'params_sealed', t.params_sealed, 'status', t.status) order by t.id desc)
    from (select o.* from public.outbox o where o.channel = 'email' order by o.id desc limit least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200)) t
    left join auth.users u on u.id = t.recipient_id
    left join public.reports r on r.id = t.noun_id), '[]'::jsonb));
end;
$$;
comment on function public.list_demo_mails(jsonb) is 'Shows the outbox of a demo station. Definer: recipients live in auth.users.';
revoke all on function public.list_demo_mails(jsonb) from public;
grant execute on function public.list_demo_mails(jsonb) to service_role;
