-- Purpose: what a reporter does: file, follow, come back, write, add evidence, withdraw. All by the portal with the secret key
-- (RULES A2): they take ciphertext, keyed hashes and solved challenges, which only the server can make.
-- Risk: none for data, new functions.

-- 32 Crockford symbols, 40 random bits, for talking about a report. Not a secret.
create function private.new_reference() returns text
language sql volatile set search_path = '' as $$
  select 'LL-' || substr(t.code, 1, 4) || '-' || substr(t.code, 5, 4)
  from (
    select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(b.bytes, i) % 32, 1), '' order by i) as code
    from (select extensions.gen_random_bytes(8) as bytes) b, generate_series(0, 7) i
  ) t;
$$;

create function private.emit_event(p_report uuid, p_kind text, p_status text, p_closed_reason text, p_role text, p_actor uuid, p_public boolean, p_sealed text default null) returns void
language sql volatile set search_path = '' as $$
  insert into public.report_events (report_id, at, kind, status, closed_reason, actor_role, actor_id, is_public, public_sealed)
  values (p_report, private.clock(), p_kind, p_status, p_closed_reason, p_role, p_actor, p_public, p_sealed);
$$;

-- Staff who reach for a report that is not theirs: the same answer as for one that does not exist, and a row in the log of their
-- own station (RULES A3). Nobody else leaves a trace here: residents may not fill the log.
create function private.refuse_desk(p_staff public.staff, p_action text, p_reference text) returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  if p_staff.user_id is not null then
    perform private.log(p_staff.station_id, p_staff.user_id, p_staff.role, p_action, 'reports', null, jsonb_build_object('reference', left(p_reference, 20)));
  end if;
  return private.refuse('not_found');
end;
$$;

-- A message to whoever reported, if they left a way: the account of a named report, or the sealed address.
create function private.notify_reporter(p_report public.reports, p_template text) returns void
language sql volatile set search_path = '' as $$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, recipient_sealed, locale)
  select 'email', p_template, 'reports', p_report.id,
    case when p_report.notify_sealed is null then p_report.owner_id end, p_report.notify_sealed, p_report.locale
  where not p_report.is_portal_only and (p_report.notify_sealed is not null or p_report.owner_id is not null);
$$;

/*
  p: id, station, community?, grid?, category, occurred_at?, channel, locale, contact_mode, actor?, session?, owner_hash?, about_staff?[],
     receipt_hash, key_hash, body_hash, limits[], challenge?: {id, expires_at}, has_proof, is_portal_only?, is_unverified, ban_hashes?[], emergency_kind?,
     content_sealed, content_key, contact_sealed?, contact_key?, notify_sealed?, content_hash, nonce,
     attachments?[]: {id, media_type, size_bytes, sha256, original_blob?, view_blob?, view_media_type?, key_sealed}, draft_id_hash?
  → {ok, reference, id, received_at, is_replay, urgency} | {ok: false, code: idempotency_conflict | rate_limited | challenge_failed | not_found}
  The order matters: a repeated send is recognised before limits and proof of work (RULES C1).
*/
create function public.submit_report(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_id uuid := (p ->> 'id')::uuid;
  v_mode text := p ->> 'contact_mode';
  v_actor uuid;
  v_kept private.idempotency_keys;
  v_category public.categories;
  v_report public.reports;
  v_wait integer;
  v_reference text := private.new_reference();
begin
  insert into private.idempotency_keys (key_hash, body_hash, noun_id, reference, received_at)
  values (p ->> 'key_hash', p ->> 'body_hash', v_id, v_reference, v_now)
  on conflict (key_hash) do nothing;
  if not found then
    select k.* into v_kept from private.idempotency_keys k where k.key_hash = p ->> 'key_hash';
    if v_kept.body_hash <> p ->> 'body_hash' then
      return private.refuse('idempotency_conflict');
    end if;
    return jsonb_build_object('ok', true, 'is_replay', true, 'report', private.receipt_facts(v_kept.noun_id));
  end if;

  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    delete from private.idempotency_keys k where k.key_hash = p ->> 'key_hash';
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;

  if jsonb_typeof(p -> 'challenge') = 'object' then
    -- A challenge that ran out is refused here too: its row is purged, and nothing else would stop a second use.
    insert into private.spent_challenges (id, expires_at)
    select p #>> '{challenge,id}', t.expires_at from (select (p #>> '{challenge,expires_at}')::timestamptz as expires_at) t
    where t.expires_at is null or t.expires_at > now()
    on conflict (id) do nothing;
    if not found then
      delete from private.idempotency_keys k where k.key_hash = p ->> 'key_hash';
      return private.refuse('challenge_failed');
    end if;
  elsif not coalesce((p ->> 'has_proof')::boolean, false) and not coalesce((p ->> 'is_unverified')::boolean, false) then
    delete from private.idempotency_keys k where k.key_hash = p ->> 'key_hash';
    return private.refuse('challenge_failed');
  end if;

  select c.* into v_category from public.categories c where c.code = p ->> 'category' and c.is_active;
  if not found then
    delete from private.idempotency_keys k where k.key_hash = p ->> 'key_hash';
    return private.refuse('not_found');
  end if;

  -- RULES B1: an anonymous report never learns who was signed in, whatever the caller sends.
  if v_mode <> 'anonymous' then
    v_actor := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  end if;

  -- One try in a million meets a reference that is taken; a receipt that is taken means a send repeated after its 24 hours.
  loop
    insert into public.reports (
      id, station_id, community_id, grid_id, reference, category_code, visibility, urgency, is_about_police, about_staff,
      received_at, updated_at, occurred_at, channel, locale, contact_mode, owner_id, owner_hash, receipt_hash,
      is_portal_only, is_unverified, is_hidden, emergency_kind, content_sealed, content_key, contact_sealed, contact_key, notify_sealed, content_hash, nonce
    ) values (
      v_id, (p ->> 'station')::uuid, (p ->> 'community')::uuid, (p ->> 'grid')::uuid, v_reference, v_category.code,
      v_category.visibility, case when p ->> 'emergency_kind' is not null then 'urgent' else v_category.urgency end, v_category.is_about_police,
      case when v_category.is_about_police then array(select value::uuid from jsonb_array_elements_text(coalesce(nullif(p -> 'about_staff', 'null'::jsonb), '[]'::jsonb))) else '{}' end,
      v_now, v_now, (p ->> 'occurred_at')::timestamptz, p ->> 'channel', p ->> 'locale', v_mode,
      case when v_mode = 'named' then v_actor end,
      case when v_mode = 'sealed' and v_actor is not null then p ->> 'owner_hash' end,
      p ->> 'receipt_hash', coalesce((p ->> 'is_portal_only')::boolean, false), coalesce((p ->> 'is_unverified')::boolean, false),
      jsonb_typeof(p -> 'ban_hashes') = 'array' and exists (
        select from public.bans b
        where b.station_id = (p ->> 'station')::uuid and b.lifted_at is null
          -- Hiding the anonymous report of a banned account would tell who sent it.
          and (v_mode <> 'anonymous' or b.kind = 'chat')
          and b.subject_hash in (select jsonb_array_elements_text(p -> 'ban_hashes'))),
      p ->> 'emergency_kind', p ->> 'content_sealed', p ->> 'content_key', p ->> 'contact_sealed', p ->> 'contact_key',
      p ->> 'notify_sealed', p ->> 'content_hash', p ->> 'nonce'
    ) on conflict do nothing returning * into v_report;
    exit when found;
    if exists (select from public.reports r where r.receipt_hash = p ->> 'receipt_hash' or r.id = v_id) then
      delete from private.idempotency_keys k where k.key_hash = p ->> 'key_hash';
      return private.refuse('idempotency_conflict');
    end if;
    v_reference := private.new_reference();
    update private.idempotency_keys k set reference = v_reference where k.key_hash = p ->> 'key_hash';
  end loop;

  -- The form's files become evidence in the same transaction: neither a file nor a report is ever left alone. Its draft gives them up
  -- and lives ten minutes more, so that a send whose answer was lost can be repeated.
  if jsonb_typeof(p -> 'attachments') = 'array' then
    if jsonb_array_length(p -> 'attachments') > 10 then
      raise exception 'ten files a report' using errcode = 'PT422', detail = 'too_many_files';
    end if;
    if (select sum((a.value ->> 'size_bytes')::bigint) from jsonb_array_elements(p -> 'attachments') a) > 104857600 then
      raise exception '100 MB a report' using errcode = 'PT422', detail = 'report_too_large';
    end if;
    insert into public.report_attachments (id, report_id, at, author, media_type, size_bytes, sha256, original_blob, view_blob, view_media_type, key_sealed)
    select a.id, v_id, v_now, 'reporter', a.media_type, a.size_bytes, a.sha256, a.original_blob, a.view_blob, a.view_media_type, a.key_sealed
    from jsonb_to_recordset(p -> 'attachments') as a (id uuid, media_type text, size_bytes bigint, sha256 text, original_blob text, view_blob text, view_media_type text, key_sealed text);
  end if;
  if p ->> 'draft_id_hash' is not null then
    update private.report_drafts d set blobs = '{}', expires_at = least(d.expires_at, now() + interval '10 minutes') where d.id_hash = p ->> 'draft_id_hash';
  end if;

  perform private.emit_event(v_id, 'received', 'received', null, case when v_actor is null then 'guest' else 'resident' end, null, true);
  perform private.log(v_report.station_id, null, case when v_actor is null then 'guest' else 'resident' end, 'report.submitted', 'reports', v_id,
    jsonb_build_object('channel', v_report.channel, 'category', v_report.category_code));
  perform private.notify_reporter(v_report, 'reports.received');
  return jsonb_build_object('ok', true, 'is_replay', false, 'report', private.receipt_facts(v_id));
end;
$$;

-- What the confirmation and the statement are made of. Kept small: it is part of every create.
create function private.receipt_facts(p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('id', r.id, 'reference', r.reference, 'category', r.category_code, 'urgency', r.urgency, 'received_at', r.received_at,
    'content_hash', r.content_hash, 'nonce', r.nonce, 'time_zone', s.time_zone)
  from public.reports r join public.stations s on s.id = r.station_id where r.id = p_id;
$$;
comment on function public.submit_report(jsonb) is 'Files a report. Definer: nobody may write these tables directly.';
revoke all on function public.submit_report(jsonb) from public;
grant execute on function public.submit_report(jsonb) to service_role;

-- Reports a neighbour may follow instead of filing again: public, looked at by the desk, open, same place and kind.
create function public.nearby_reports(p_category text, p_grid uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('reference', t.reference, 'summary', t.summary, 'status', t.status, 'received_on', t.received_on)
    order by t.received_at desc), '[]'::jsonb)
  from (
    select r.reference, r.summary, r.status, r.received_at, (r.received_at at time zone s.time_zone)::date as received_on
    from public.reports r join public.stations s on s.id = r.station_id
    where r.grid_id = p_grid and r.category_code = p_category and r.visibility = 'public'
      and r.status in ('triaged', 'in_progress') and not r.is_hidden and not r.is_about_police
      and r.received_at > private.clock() - interval '30 days'
    order by r.received_at desc
    limit 3
  ) t;
$$;
comment on function public.nearby_reports(text, uuid) is 'Public read. Definer: shows four harmless columns of reviewed public reports, no row rights needed.';
revoke all on function public.nearby_reports(text, uuid) from public;
grant execute on function public.nearby_reports(text, uuid) to anon, authenticated, service_role;

-- p: reference, receipt_hash, limits[] → {ok, reference}
create function public.follow_report(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_report public.reports;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select r.* into v_report from public.reports r
  where r.reference = p ->> 'reference' and r.visibility = 'public' and r.status in ('triaged', 'in_progress') and not r.is_hidden;
  if not found then
    return private.refuse('not_found');
  end if;
  insert into public.report_followers (report_id, at, receipt_hash) values (v_report.id, private.clock(), p ->> 'receipt_hash')
  on conflict (receipt_hash) do nothing;
  if not found and not exists (select from public.report_followers f where f.receipt_hash = p ->> 'receipt_hash' and f.report_id = v_report.id) then
    return private.refuse('idempotency_conflict');
  end if;
  return jsonb_build_object('ok', true, 'reference', v_report.reference);
end;
$$;
comment on function public.follow_report(jsonb) is 'Follows a public report instead of filing it again. Definer: nobody may write followers directly.';
revoke all on function public.follow_report(jsonb) from public;
grant execute on function public.follow_report(jsonb) to service_role;

/*
  The one gate for people who come back. p_access: one of
    {receipt_hash}: hash of the receipt; {view_token_hash}: a running view session; {actor, session, owner_hash}: a signed-in owner.
  Answers {report_id, viewer} or null; the look-up is the same whether the reference exists or not.
*/
create function private.find_own(p_reference text, p_access jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id uuid;
  v_viewer text := 'reporter';
  v_actor uuid;
begin
  if p_access ->> 'receipt_hash' is not null then
    select r.id into v_id from public.reports r where r.receipt_hash = p_access ->> 'receipt_hash' and r.reference = p_reference;
    if v_id is null then
      select r.id into v_id from public.report_followers f join public.reports r on r.id = f.report_id
      where f.receipt_hash = p_access ->> 'receipt_hash' and r.reference = p_reference;
      v_viewer := 'follower';
    end if;
  elsif p_access ->> 'view_token_hash' is not null then
    select v.report_id, v.viewer into v_id, v_viewer
    from private.view_sessions v join public.reports r on r.id = v.report_id
    where v.token_hash = p_access ->> 'view_token_hash' and v.expires_at > now() and r.reference = p_reference;
    -- Whoever is still there keeps it; written at most every few minutes, since a page view should not cost a write.
    update private.view_sessions v set expires_at = now() + interval '30 minutes'
    where v.token_hash = p_access ->> 'view_token_hash' and v.report_id = v_id and v.expires_at < now() + interval '25 minutes';
  elsif p_access ->> 'actor' is not null then
    v_actor := private.actor((p_access ->> 'actor')::uuid, (p_access ->> 'session')::uuid);
    select r.id into v_id from public.reports r
    where r.reference = p_reference and v_actor is not null and (r.owner_id = v_actor or r.owner_hash = p_access ->> 'owner_hash');
  end if;
  if v_id is null then
    return null;
  end if;
  return jsonb_build_object('report_id', v_id, 'viewer', v_viewer);
end;
$$;
comment on function private.find_own(text, jsonb) is 'Definer: called by the functions below only.';
revoke all on function private.find_own(text, jsonb) from public;

-- p: reference, receipt_hash, view_token_hash, guess_limits[] → {ok, viewer}. Only wrong guesses use up the limit.
create function public.start_view(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_found jsonb := private.find_own(p ->> 'reference', jsonb_build_object('receipt_hash', p ->> 'receipt_hash'));
  v_wait integer;
begin
  if v_found is null then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  insert into private.view_sessions (token_hash, report_id, viewer, expires_at)
  values (p ->> 'view_token_hash', (v_found ->> 'report_id')::uuid, v_found ->> 'viewer', now() + interval '30 minutes');
  return jsonb_build_object('ok', true, 'viewer', v_found ->> 'viewer');
end;
$$;
comment on function public.start_view(jsonb) is 'Reference and receipt open a view session of 30 minutes. Definer: sessions are private.';
revoke all on function public.start_view(jsonb) from public;
grant execute on function public.start_view(jsonb) to service_role;

create function public.end_view(p_token_hash text) returns void
language sql volatile security definer set search_path = '' as $$
  delete from private.view_sessions v where v.token_hash = p_token_hash;
$$;
comment on function public.end_view(text) is 'Leaving the page ends its view session. Definer: sessions are private.';
revoke all on function public.end_view(text) from public;
grant execute on function public.end_view(text) to service_role;

-- What an attachment row shows to people; never blob names or keys.
create function private.attachment_facts(p_report uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'at', a.at, 'author', a.author, 'message_id', a.message_id, 'media_type', a.media_type,
    'size_bytes', a.size_bytes, 'sha256', a.sha256, 'has_view', a.view_blob is not null, 'has_original', a.original_blob is not null) order by a.at, a.id), '[]'::jsonb)
  from public.report_attachments a where a.report_id = p_report;
$$;

/*
  p: reference, access, guess_limits[] → everything the tracking page shows, in one call:
  {ok, viewer, report, content_key?, content_sealed?, events[], messages[], attachments[], access[]}. A follower gets states only.
*/
create function public.track_report(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_id uuid := (v_found ->> 'report_id')::uuid;
  v_is_reporter boolean := v_found ->> 'viewer' = 'reporter';
  v_wait integer;
  v_answer jsonb;
begin
  if v_found is null then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  if v_is_reporter then
    update public.report_messages m set read_at = private.clock() where m.report_id = v_id and m.author = 'staff' and m.read_at is null;
  end if;
  select jsonb_build_object(
    'ok', true, 'viewer', v_found ->> 'viewer', 'now', private.clock(),
    'report', jsonb_build_object('id', r.id, 'reference', r.reference, 'category', r.category_code, 'status', r.status, 'closed_reason', r.closed_reason,
      'urgency', r.urgency, 'received_at', r.received_at, 'updated_at', r.updated_at, 'first_viewed_at', r.first_viewed_at, 'accepted_at', r.accepted_at,
      'closed_at', r.closed_at, 'contact_mode', r.contact_mode, 'community', c.name, 'grid', g.name, 'time_zone', s.time_zone, 'locale', r.locale,
      'merged_into', (select m.reference from public.reports m where m.id = r.merged_into and v_is_reporter),
      'content_hash', case when v_is_reporter then r.content_hash end, 'nonce', case when v_is_reporter then r.nonce end),
    'content_key', case when v_is_reporter then r.content_key end,
    'content_sealed', case when v_is_reporter then r.content_sealed end,
    'events', coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'status', e.status, 'closed_reason', e.closed_reason,
        'by', case when e.actor_role in ('guest', 'resident') then 'reporter' else 'staff' end,
        'public_sealed', case when v_is_reporter then e.public_sealed end) order by e.id)
      from public.report_events e where e.report_id = r.id and e.is_public and (v_is_reporter or e.kind in ('received', 'status'))), '[]'::jsonb),
    'messages', case when v_is_reporter then coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'at', m.at, 'author', m.author, 'text_sealed', m.text_sealed) order by m.at)
      from public.report_messages m where m.report_id = r.id), '[]'::jsonb) else '[]'::jsonb end,
    'attachments', case when v_is_reporter then private.attachment_facts(r.id) else '[]'::jsonb end,
    'access', case when v_is_reporter then coalesce((select jsonb_agg(jsonb_build_object('at', l.at, 'role', l.actor_role, 'action', l.action, 'purpose', l.details ->> 'purpose') order by l.id desc)
      from public.audit_log l where l.noun_id = r.id and l.action in ('report.opened', 'attachment.opened')), '[]'::jsonb) else '[]'::jsonb end)
  into v_answer
  from public.reports r
  join public.stations s on s.id = r.station_id
  left join public.communities c on c.id = r.community_id
  left join public.grids g on g.id = r.grid_id
  where r.id = v_id;
  return v_answer;
end;
$$;
comment on function public.track_report(jsonb) is 'The reporter follows the case. Their own visits are not logged (RULES B3). Definer: texts have no SELECT grant.';
revoke all on function public.track_report(jsonb) from public;
grant execute on function public.track_report(jsonb) to service_role;

-- The wrapped key that a message or an attachment is sealed with. p: reference, access → {ok, id, content_key, attachments: {count, bytes}}
create function public.begin_addition(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_wait integer;
begin
  if v_found is null or v_found ->> 'viewer' <> 'reporter' then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  return (select jsonb_build_object('ok', true, 'id', r.id, 'content_key', r.content_key, 'contact_mode', r.contact_mode, 'status', r.status,
      'count', (select count(*) from public.report_attachments a where a.report_id = r.id and a.author = 'reporter'),
      'bytes', (select coalesce(sum(a.size_bytes), 0) from public.report_attachments a where a.report_id = r.id and a.author = 'reporter'))
    from public.reports r where r.id = (v_found ->> 'report_id')::uuid);
end;
$$;
comment on function public.begin_addition(jsonb) is 'Hands the reporter''s server the wrapped key to seal an addition with. Definer: keys have no SELECT grant.';
revoke all on function public.begin_addition(jsonb) from public;
grant execute on function public.begin_addition(jsonb) to service_role;

-- p: reference, access, message_id, text_sealed, limits[] → {ok, at}
create function public.add_reporter_message(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_report public.reports;
  v_wait integer;
begin
  if v_found is null or v_found ->> 'viewer' <> 'reporter' then
    return private.refuse('not_found');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select r.* into v_report from public.reports r where r.id = (v_found ->> 'report_id')::uuid for no key update;
  insert into public.report_messages (id, report_id, at, author, text_sealed)
  values ((p ->> 'message_id')::uuid, v_report.id, private.clock(), 'reporter', p ->> 'text_sealed')
  on conflict (id) do nothing;
  if found then
    perform private.emit_event(v_report.id, 'message', null, null, 'resident', null, false);
    perform private.log(v_report.station_id, null, 'resident', 'report.message_received', 'reports', v_report.id);
    update public.reports r set updated_at = private.clock() where r.id = v_report.id;
  elsif not exists (select from public.report_messages m where m.id = (p ->> 'message_id')::uuid and m.report_id = v_report.id and m.author = 'reporter') then
    -- Another letter has this id: the sender must hear that theirs was not kept.
    return private.refuse('conflict');
  end if;
  return jsonb_build_object('ok', true, 'at', private.clock());
end;
$$;
comment on function public.add_reporter_message(jsonb) is 'A letter from the reporter. Definer: nobody may write messages directly.';
revoke all on function public.add_reporter_message(jsonb) from public;
grant execute on function public.add_reporter_message(jsonb) to service_role;

/*
  p: reference, access (reporter) or actor+session (staff), attachment: {id, media_type, size_bytes, sha256, original_blob?, view_blob?, view_media_type?, key_sealed, message_id?}
  → {ok, is_replay, report, attachments[]}. Ten files and 100 MB a report from each side (RULES G3), counted under a lock.
*/
create function public.add_attachment(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff;
  v_report public.reports;
  v_found jsonb;
  v_file jsonb := p -> 'attachment';
  v_author text := 'reporter';
  v_count integer;
  v_bytes bigint;
  v_wait integer;
begin
  if jsonb_typeof(p -> 'access') = 'object' then
    v_found := private.find_own(p ->> 'reference', p -> 'access');
    if v_found is null or v_found ->> 'viewer' <> 'reporter' then
      return private.refuse('not_found');
    end if;
    v_wait := private.take_all(p -> 'limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    select r.* into v_report from public.reports r where r.id = (v_found ->> 'report_id')::uuid for no key update;
  else
    v_author := 'staff';
    v_staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
    select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for no key update;
    if not found then
      return private.refuse_desk(v_staff, 'attachment.add_refused', p ->> 'reference');
    end if;
  end if;
  -- A letter that is sent again brings its file again: it hangs on the letter already.
  if v_file ->> 'message_id' is not null and exists (select from public.report_attachments a
      where a.report_id = v_report.id and a.message_id = (v_file ->> 'message_id')::uuid and a.sha256 = v_file ->> 'sha256' and a.author = v_author) then
    return jsonb_build_object('ok', true, 'is_replay', true, 'report', private.receipt_facts(v_report.id), 'attachments', private.attachment_facts(v_report.id));
  end if;
  select count(*), coalesce(sum(a.size_bytes), 0) into v_count, v_bytes
  from public.report_attachments a where a.report_id = v_report.id and a.author = v_author;
  if v_count >= 10 then
    return private.refuse('too_many_files');
  end if;
  if v_bytes + (v_file ->> 'size_bytes')::bigint > 104857600 then
    return private.refuse('report_too_large');
  end if;
  insert into public.report_attachments (id, report_id, message_id, at, author, media_type, size_bytes, sha256, original_blob, view_blob, view_media_type, key_sealed)
  values ((v_file ->> 'id')::uuid, v_report.id, (v_file ->> 'message_id')::uuid, private.clock(), v_author, v_file ->> 'media_type', (v_file ->> 'size_bytes')::bigint,
    v_file ->> 'sha256', v_file ->> 'original_blob', v_file ->> 'view_blob', v_file ->> 'view_media_type', v_file ->> 'key_sealed');
  perform private.emit_event(v_report.id, 'evidence', null, null, case v_author when 'staff' then v_staff.role else 'resident' end, v_staff.user_id, true);
  perform private.log(v_report.station_id, v_staff.user_id, coalesce(v_staff.role, 'resident'), 'attachment.added', 'reports', v_report.id,
    jsonb_build_object('media_type', v_file ->> 'media_type', 'size_bytes', v_file -> 'size_bytes'));
  update public.reports r set updated_at = private.clock() where r.id = v_report.id;
  return jsonb_build_object('ok', true, 'is_replay', false, 'report', private.receipt_facts(v_report.id), 'attachments', private.attachment_facts(v_report.id));
end;
$$;
comment on function public.add_attachment(jsonb) is 'Adds evidence to a report. Definer: nobody may write attachments directly.';
revoke all on function public.add_attachment(jsonb) from public;
grant execute on function public.add_attachment(jsonb) to service_role;

-- A reporter looks at their own file. p: reference, access, id, guess_limits[] → {ok, view_blob, original_blob, …, key_sealed, content_key}
create function public.open_own_attachment(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_wait integer;
  v_answer jsonb;
begin
  if v_found is null or v_found ->> 'viewer' <> 'reporter' then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  select jsonb_build_object('ok', true, 'report_id', r.id, 'media_type', a.media_type, 'view_media_type', a.view_media_type, 'view_blob', a.view_blob,
      'original_blob', a.original_blob, 'key_sealed', a.key_sealed, 'content_key', r.content_key, 'size_bytes', a.size_bytes)
    into v_answer
  from public.report_attachments a join public.reports r on r.id = a.report_id
  where a.id = (p ->> 'id')::uuid and a.report_id = (v_found ->> 'report_id')::uuid;
  return coalesce(v_answer, private.refuse('not_found'));
end;
$$;
comment on function public.open_own_attachment(jsonb) is 'The reporter opens a file of the case. Definer: attachments have no SELECT grant.';
revoke all on function public.open_own_attachment(jsonb) from public;
grant execute on function public.open_own_attachment(jsonb) to service_role;

-- RULES D4: withdrawing stops the clocks and keeps the text for its retention. p: reference, access, guess_limits[]
create function public.withdraw_report(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_wait integer;
  v_report public.reports;
begin
  if v_found is null or v_found ->> 'viewer' <> 'reporter' then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  select r.* into v_report from public.reports r where r.id = (v_found ->> 'report_id')::uuid for update;
  if v_report.status = 'closed' then
    return private.refuse(case when v_report.closed_reason = 'withdrawn' then 'already_withdrawn' else 'already_closed' end);
  end if;
  update public.reports r set status = 'closed', closed_reason = 'withdrawn', closed_at = private.clock(), updated_at = private.clock(), version = r.version + 1
  where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'withdrawn', 'closed', 'withdrawn', 'resident', null, true);
  perform private.log(v_report.station_id, null, 'resident', 'report.withdrawn', 'reports', v_report.id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.withdraw_report(jsonb) is 'The reporter takes the report back. Definer: nobody may write reports directly.';
revoke all on function public.withdraw_report(jsonb) from public;
grant execute on function public.withdraw_report(jsonb) to service_role;

-- p: actor, session, owner_hash → the signed-in resident's reports, named and sealed, newest first.
create function public.list_my_reports(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'reports', coalesce((
    select jsonb_agg(jsonb_build_object('reference', t.reference, 'category', t.category_code, 'status', t.status, 'closed_reason', t.closed_reason, 'urgency', t.urgency,
      'received_at', t.received_at, 'updated_at', t.updated_at, 'first_viewed_at', t.first_viewed_at, 'accepted_at', t.accepted_at, 'closed_at', t.closed_at,
      'contact_mode', t.contact_mode, 'time_zone', t.time_zone,
      'unread', (select count(*) from public.report_messages m where m.report_id = t.id and m.author = 'staff' and m.read_at is null)) order by t.received_at desc)
    from (select r.*, s.time_zone from public.reports r join public.stations s on s.id = r.station_id
      where r.owner_id = v_actor or r.owner_hash = p ->> 'owner_hash' order by r.received_at desc limit 100) t), '[]'::jsonb));
end;
$$;
comment on function public.list_my_reports(jsonb) is 'Definer: sealed reports are found by a keyed hash that only the server makes.';
revoke all on function public.list_my_reports(jsonb) from public;
grant execute on function public.list_my_reports(jsonb) to service_role;

-- Whatever happens to a draft, the files of a report stay: two windows of one browser may send and add at the same time.
create function private.without_evidence(p_blobs text[]) returns text[]
language sql stable set search_path = '' as $$
  select coalesce(array_agg(b.blob), '{}') from unnest(p_blobs) b (blob)
  where not exists (select from public.report_attachments a where a.original_blob = b.blob)
    and not exists (select from public.report_attachments a where a.view_blob = b.blob);
$$;

-- Drafts of the form without script. p: id_hash, sealed, blobs[], limits[] → {ok, dropped[]}: files that the draft held before and holds no more
create function public.save_draft(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_blobs text[] := array(select jsonb_array_elements_text(coalesce(nullif(p -> 'blobs', 'null'::jsonb), '[]'::jsonb)));
  v_before text[];
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select d.blobs into v_before from private.report_drafts d where d.id_hash = p ->> 'id_hash' for update;
  insert into private.report_drafts (id_hash, sealed, blobs, expires_at)
  values (p ->> 'id_hash', p ->> 'sealed', v_blobs, now() + interval '2 hours')
  on conflict (id_hash) do update set sealed = excluded.sealed, blobs = excluded.blobs, expires_at = excluded.expires_at;
  return jsonb_build_object('ok', true, 'dropped', to_jsonb(private.without_evidence(array(select unnest(v_before) except select unnest(v_blobs)))));
end;
$$;
comment on function public.save_draft(jsonb) is 'Definer: drafts are private.';
revoke all on function public.save_draft(jsonb) from public;
grant execute on function public.save_draft(jsonb) to service_role;

create function public.load_draft(p_id_hash text) returns text
language sql stable security definer set search_path = '' as $$
  select d.sealed from private.report_drafts d where d.id_hash = p_id_hash and d.expires_at > now();
$$;
comment on function public.load_draft(text) is 'Definer: drafts are private.';
revoke all on function public.load_draft(text) from public;
grant execute on function public.load_draft(text) to service_role;

create function public.delete_draft(p_id_hash text) returns text[]
language sql volatile security definer set search_path = '' as $$
  delete from private.report_drafts d where d.id_hash = p_id_hash returning private.without_evidence(d.blobs);
$$;
comment on function public.delete_draft(text) is 'Deletes a draft and names its files. Definer: drafts are private.';
revoke all on function public.delete_draft(text) from public;
grant execute on function public.delete_draft(text) to service_role;

-- What lives for hours only. Run by a job until `has_more` is false: each call deletes at most p_page rows of each kind, so that it ends
-- within the time of an API statement (RULES A7). Answers with the files to delete and what it did.
create function public.purge_expired(p_page integer default 5000) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_page integer := least(greatest(coalesce(p_page, 5000), 1), 50000);
  v_blobs text[];
  v_drafts integer;
  v_keys integer;
  v_views integer;
  v_challenges integer;
  v_windows integer;
begin
  with gone as (
    delete from private.report_drafts d
    where d.id_hash in (select e.id_hash from private.report_drafts e where e.expires_at <= now() limit v_page for update skip locked)
    returning d.id_hash, d.blobs
  )
  select count(distinct gone.id_hash), coalesce(array_agg(b.blob) filter (where b.blob is not null), '{}') into v_drafts, v_blobs
  from gone left join lateral unnest(private.without_evidence(gone.blobs)) b (blob) on true;
  delete from private.idempotency_keys k
  where k.key_hash in (select e.key_hash from private.idempotency_keys e where e.created_at < now() - interval '24 hours' limit v_page for update skip locked);
  get diagnostics v_keys = row_count;
  delete from private.view_sessions v
  where v.token_hash in (select e.token_hash from private.view_sessions e where e.expires_at <= now() limit v_page for update skip locked);
  get diagnostics v_views = row_count;
  delete from private.spent_challenges c
  where c.id in (select e.id from private.spent_challenges e where e.expires_at <= now() limit v_page for update skip locked);
  get diagnostics v_challenges = row_count;
  delete from private.rate_windows w
  where (w.bucket, w.started_at) in (select e.bucket, e.started_at from private.rate_windows e where e.started_at < now() - interval '2 hours' limit v_page for update skip locked);
  get diagnostics v_windows = row_count;
  return jsonb_build_object('ok', true, 'blobs', to_jsonb(v_blobs), 'drafts', v_drafts, 'idempotency_keys', v_keys, 'views', v_views,
    'challenges', v_challenges, 'rate_windows', v_windows,
    'has_more', greatest(v_drafts, v_keys, v_views, v_challenges, v_windows) >= v_page);
end;
$$;
comment on function public.purge_expired(integer) is 'Definer: these tables are private.';
revoke all on function public.purge_expired(integer) from public;
grant execute on function public.purge_expired(integer) to service_role;
