-- Purpose: what the desk does with reports: who am I, list, open, files, counts, the log, the demo mailbox.
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
-- Whoever reviews the desk asks for every report in one list.
create function private.desk_view(p_view text) returns text
language sql immutable set search_path = '' as $$
  select case p_view
    when 'every' then 'true'
    when 'hidden' then 'r.is_hidden'
    when 'unverified' then 'not r.is_hidden and r.is_unverified and r.urgency = ''normal'' and r.status = ''received'''
    else 'not r.is_hidden and not (r.is_unverified and r.urgency = ''normal'' and r.status = ''received'')' end;
$$;

/*
  The inbox, newest first, keyset paging. p: view? (inbox | unverified | hidden | every), status?[], category?, community?, grid?, assigned? (me | none | uuid), urgent?, overdue?,
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
      'reference', r.reference, 'details', (t.details - '{into,ban,attachment}'::text[])
        || jsonb_strip_nulls(jsonb_build_object('into', o.reference, 'ban', b.reference))) order by t.id desc), '[]'::jsonb) into v_rows
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
  left join public.reports r on r.id = t.noun_id
  -- Readers know reports by their reference, not by their id.
  left join public.reports o on o.id = (t.details ->> 'into')::uuid and not (o.is_about_police and v_staff.user_id = any (o.about_staff))
  left join (select n.id, q.reference from public.bans n join public.reports q on q.id = n.report_id and not (q.is_about_police and v_staff.user_id = any (q.about_staff))) b
    on b.id = (t.details ->> 'ban')::uuid;
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
