-- Purpose: what a reporter does: file a report. All by the portal with the secret key
-- (RULES A2): they take ciphertext, keyed hashes and solved challenges, which only the server can make.
-- Risk: none for data, new functions.

-- 32 Crockford symbols, 40 random bits, for talking about a report. Not a secret.
create function private.new_reference() returns text
language plpgsql volatile set search_path = '' as $$
declare
  v_symbols constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  v_random constant bytea := extensions.gen_random_bytes(8);
  v_code text := '';
begin
  for i in 0..7 loop
    v_code := v_code || substr(v_symbols, 1 + get_byte(v_random, i) % 32, 1);
  end loop;
  return 'LL-' || left(v_code, 4) || '-' || right(v_code, 4);
end;
$$;

create function private.emit_event(p_report uuid, p_kind text, p_status text, p_closed_reason text, p_role text, p_actor uuid, p_public boolean, p_sealed text default null, p_at timestamptz default private.clock()) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into public.report_events (report_id, at, kind, status, closed_reason, actor_role, actor_id, is_public, public_sealed)
  values (p_report, p_at, p_kind, p_status, p_closed_reason, p_role, p_actor, p_public, p_sealed);
end;
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
  v_key text := p ->> 'key_hash';
  v_station uuid := (p ->> 'station')::uuid;
  v_mode text := p ->> 'contact_mode';
  v_actor uuid;
  v_role text := 'guest';
  v_kept private.idempotency_keys;
  v_category public.categories;
  v_about_staff uuid[] := '{}';
  v_is_hidden boolean := false;
  v_report public.reports;
  v_refusal jsonb;
begin
  insert into private.idempotency_keys (key_hash, body_hash, report_id) values (v_key, p ->> 'body_hash', v_id) on conflict (key_hash) do nothing;
  if not found then
    select k.* into v_kept from private.idempotency_keys k where k.key_hash = v_key;
    if v_kept.body_hash <> p ->> 'body_hash' then
      return private.refuse('idempotency_conflict');
    end if;
    return jsonb_build_object('ok', true, 'is_replay', true, 'report', private.receipt_facts((select r from public.reports r where r.id = v_kept.report_id)));
  end if;

  v_refusal := private.refuse_sender(p);
  if v_refusal is null then
    select c.* into v_category from public.categories c where c.code = p ->> 'category' and c.is_active;
    if not found then
      v_refusal := private.refuse('not_found');
    end if;
  end if;
  if v_refusal is not null then
    delete from private.idempotency_keys k where k.key_hash = v_key;
    return v_refusal;
  end if;

  -- RULES B1: an anonymous report never learns who was signed in, whatever the caller sends.
  if v_mode <> 'anonymous' then
    v_actor := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
    v_role := case when v_actor is null then 'guest' else 'resident' end;
  end if;
  if v_category.is_about_police and jsonb_typeof(p -> 'about_staff') = 'array' then
    v_about_staff := array(select value::uuid from jsonb_array_elements_text(p -> 'about_staff'));
  end if;
  if jsonb_typeof(p -> 'ban_hashes') = 'array' and p -> 'ban_hashes' <> '[]' then
    v_is_hidden := exists (
      select from public.bans b
      where b.station_id = v_station and b.lifted_at is null
        -- Hiding the anonymous report of a banned account would tell who sent it.
        and (v_mode <> 'anonymous' or b.kind = 'chat')
        and b.subject_hash in (select jsonb_array_elements_text(p -> 'ban_hashes')));
  end if;

  -- One try in a million meets a reference that is taken; a receipt that is taken means a send repeated after its 24 hours.
  loop
    insert into public.reports (
      id, station_id, community_id, grid_id, reference, category_code, visibility, urgency, is_about_police, about_staff,
      received_at, updated_at, occurred_at, channel, locale, contact_mode, owner_id, owner_hash, receipt_hash,
      is_portal_only, is_unverified, is_hidden, emergency_kind, content_sealed, content_key, contact_sealed, contact_key, notify_sealed, content_hash, nonce
    ) values (
      v_id, v_station, (p ->> 'community')::uuid, (p ->> 'grid')::uuid, private.new_reference(), v_category.code,
      v_category.visibility, case when p ->> 'emergency_kind' is not null then 'urgent' else v_category.urgency end, v_category.is_about_police, v_about_staff,
      v_now, v_now, (p ->> 'occurred_at')::timestamptz, p ->> 'channel', p ->> 'locale', v_mode,
      case when v_mode = 'named' then v_actor end,
      case when v_mode = 'sealed' and v_actor is not null then p ->> 'owner_hash' end,
      p ->> 'receipt_hash', coalesce((p ->> 'is_portal_only')::boolean, false), coalesce((p ->> 'is_unverified')::boolean, false), v_is_hidden,
      p ->> 'emergency_kind', p ->> 'content_sealed', p ->> 'content_key', p ->> 'contact_sealed', p ->> 'contact_key',
      p ->> 'notify_sealed', p ->> 'content_hash', p ->> 'nonce'
    ) on conflict do nothing returning * into v_report;
    exit when found;
    if exists (select from public.reports r where r.receipt_hash = p ->> 'receipt_hash' or r.id = v_id) then
      delete from private.idempotency_keys k where k.key_hash = v_key;
      return private.refuse('idempotency_conflict');
    end if;
  end loop;

  -- The form's files become evidence in the same transaction: neither a file nor a report is ever left alone. Its draft gives them up
  -- and lives ten minutes more, so that a send whose answer was lost can be repeated.
  if jsonb_typeof(p -> 'attachments') = 'array' and p -> 'attachments' <> '[]' then
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

  perform private.emit_event(v_id, 'received', 'received', null, v_role, null, true, null, v_now);
  perform private.log(v_station, null, v_role, 'report.submitted', 'reports', v_id, jsonb_build_object('channel', v_report.channel, 'category', v_report.category_code), v_now);
  if not v_report.is_portal_only and (v_report.notify_sealed is not null or v_report.owner_id is not null) then
    perform private.notify_reporter(v_report, 'reports.received');
  end if;
  return jsonb_build_object('ok', true, 'is_replay', false, 'report', private.receipt_facts(v_report));
end;
$$;
comment on function public.submit_report(jsonb) is 'Files a report. Definer: nobody may write these tables directly.';
revoke all on function public.submit_report(jsonb) from public;
grant execute on function public.submit_report(jsonb) to service_role;

-- What the confirmation and the statement are made of. Kept small: it is part of every create.
create function private.receipt_facts(p_report public.reports) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', p_report.id, 'reference', p_report.reference, 'category', p_report.category_code, 'urgency', p_report.urgency,
    'received_at', p_report.received_at, 'content_hash', p_report.content_hash, 'nonce', p_report.nonce,
    'time_zone', (select s.time_zone from public.stations s where s.id = p_report.station_id));
end;
$$;

-- Null for a sender who may go on: within the limits, and with a proof of work, which is spent by this.
create function private.refuse_sender(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_expires_at timestamptz;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  if jsonb_typeof(p -> 'challenge') = 'object' then
    v_expires_at := (p #>> '{challenge,expires_at}')::timestamptz;
    -- A challenge that ran out is refused here too: its row is purged, and nothing else would stop a second use.
    if v_expires_at > now() is not false then
      insert into private.spent_challenges (id, expires_at) values (p #>> '{challenge,id}', v_expires_at) on conflict (id) do nothing;
      if found then
        return null;
      end if;
    end if;
  elsif coalesce((p ->> 'has_proof')::boolean, false) or coalesce((p ->> 'is_unverified')::boolean, false) then
    return null;
  end if;
  return private.refuse('challenge_failed');
end;
$$;
