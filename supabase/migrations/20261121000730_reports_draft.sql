-- Purpose: forms in progress, and what lives for hours only. By the portal with the secret key
-- (RULES A2): what only the server can make comes in as ciphertext and keyed hashes.
-- Risk: none for data, new functions.

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

-- Which of these files no draft and no report knows. The server asks it about old ones only: a fresh file may still be on its way in.
create function public.unclaimed_blobs(p_blobs text[]) returns text[]
language sql stable security definer set search_path = '' as $$
  select private.without_evidence(array(select unnest(p_blobs) except select unnest(d.blobs) from private.report_drafts d));
$$;
comment on function public.unclaimed_blobs(text[]) is 'For the purge: files that a crash left behind. Definer: drafts are private.';
revoke all on function public.unclaimed_blobs(text[]) from public;
grant execute on function public.unclaimed_blobs(text[]) to service_role;
