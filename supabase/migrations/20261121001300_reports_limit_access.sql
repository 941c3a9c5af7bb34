-- Purpose: an end to guessing and to looking: a right receipt does not pass a limit that wrong ones used up, a view session ends
-- twelve hours after it began, and files that belong to nothing are found.
-- Risk: low. A view session that runs gets its end twelve hours from now.

alter table private.view_sessions
  add column ends_at timestamptz not null default now() + interval '12 hours',
  add constraint view_sessions_end check (expires_at <= ends_at);
comment on column private.view_sessions.ends_at is 'The last moment, however often it is used: a computer that several people use is left by all of them in the evening.';

/*
  As before, with two ends. A receipt is counted before it is looked up and given back afterwards: the caller counts it again if it
  was wrong. So the limit answers right and wrong receipts alike once it is used up, also when they come at once: the row of the
  window is locked until the end. Limits hang on the sender's address only: whoever guesses elsewhere keeps nobody out, and an
  open view session and a signed-in owner are not asked.
*/
create or replace function private.find_own(p_reference text, p_access jsonb) returns jsonb
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

create or replace function public.start_view(p jsonb) returns jsonb
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

-- Which of these files no draft and no report knows. The server asks it about old ones only: a fresh file may still be on its way in.
create function public.unclaimed_blobs(p_blobs text[]) returns text[]
language sql stable security definer set search_path = '' as $$
  select private.without_evidence(array(select unnest(p_blobs) except select unnest(d.blobs) from private.report_drafts d));
$$;
comment on function public.unclaimed_blobs(text[]) is 'For the purge: files that a crash left behind. Definer: drafts are private.';
revoke all on function public.unclaimed_blobs(text[]) from public;
grant execute on function public.unclaimed_blobs(text[]) to service_role;
