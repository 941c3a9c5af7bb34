-- Purpose: what a reporter adds: letters and files. By the portal with the secret key
-- (RULES A2): what only the server can make comes in as ciphertext and keyed hashes.
-- Risk: none for data, new functions.

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
    return jsonb_build_object('ok', true, 'is_replay', true, 'report', private.receipt_facts(v_report), 'attachments', private.attachment_facts(v_report.id));
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
  return jsonb_build_object('ok', true, 'is_replay', false, 'report', private.receipt_facts(v_report), 'attachments', private.attachment_facts(v_report.id));
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
