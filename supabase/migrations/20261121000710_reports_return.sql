-- Purpose: how a reporter comes back: follow, receipt, view session, tracking page, withdraw. By the portal with the secret key
-- (RULES A2): what only the server can make comes in as ciphertext and keyed hashes.
-- Risk: none for data, new functions.

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
    {receipt_hash, guess_limits}: hash of the receipt; {view_token_hash}: a running view session; {actor, session, owner_hash}: a signed-in owner.
  Answers {report_id, viewer} or null; the look-up is the same whether the reference exists or not.
  A receipt is counted before it is looked up and given back afterwards: the caller counts it again if it was wrong. So the limit answers right and wrong receipts alike once it is used up, also when they come at once: the row of the
  window is locked until the end. Limits hang on the sender's address only: whoever guesses elsewhere keeps nobody out, and an
  open view session and a signed-in owner are not asked.
*/
create function private.find_own(p_reference text, p_access jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id uuid;
  v_viewer text := 'reporter';
  v_actor uuid;
begin
  if p_access ->> 'receipt_hash' is not null then
    if private.take_all(p_access -> 'guess_limits') = 0 then
      select r.id into v_id from public.reports r where r.receipt_hash = p_access ->> 'receipt_hash' and r.reference = p_reference;
      if v_id is null then
        select r.id into v_id from public.report_followers f join public.reports r on r.id = f.report_id
        where f.receipt_hash = p_access ->> 'receipt_hash' and r.reference = p_reference;
        v_viewer := 'follower';
      end if;
    end if;
    perform public.return_limits(p_access -> 'guess_limits');
  elsif p_access ->> 'view_token_hash' is not null then
    select v.report_id, v.viewer into v_id, v_viewer
    from private.view_sessions v join public.reports r on r.id = v.report_id
    where v.token_hash = p_access ->> 'view_token_hash' and v.expires_at > now() and r.reference = p_reference;
    -- Whoever is still there keeps it; written at most every few minutes, since a page view should not cost a write.
    update private.view_sessions v set expires_at = least(now() + interval '30 minutes', v.ends_at)
    where v.token_hash = p_access ->> 'view_token_hash' and v.report_id = v_id and v.expires_at < least(now() + interval '25 minutes', v.ends_at);
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
  v_found jsonb := private.find_own(p ->> 'reference', jsonb_build_object('receipt_hash', p ->> 'receipt_hash', 'guess_limits', p -> 'guess_limits'));
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
