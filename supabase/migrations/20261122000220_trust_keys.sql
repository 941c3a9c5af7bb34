-- Purpose: rotation of the master key and of the signing key without standing still (RULES B5). Data keys are wrapped anew in pages; the
-- HMAC keys and what they look up stay as they are.
-- Risk: none for data: a key is replaced only where it is still the one that was read.

/*
  A page of keys that are not wrapped by the master key p_to. p_after: the last report of the page before.
  → {ok, keys[]: {kind: 'server' | 'content' | 'contact', id, wrapped}, after (null at the end)}
*/
create function public.keys_to_rewrap(p_to text, p_after uuid default null, p_limit integer default 500) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 500), 1), 5000);
  v_keys jsonb;
  v_last uuid;
begin
  with page as (
    select r.id, r.content_key, r.contact_key from public.reports r where p_after is null or r.id > p_after order by r.id limit v_limit
  ), keys as (
    select 'content' as kind, t.id::text as id, t.content_key::text as wrapped from page t
    union all select 'contact', t.id::text, t.contact_key::text from page t where t.contact_key is not null
    union all select 'server', k.id, k.wrapped::text from private.server_keys k where p_after is null
  )
  select coalesce((select jsonb_agg(jsonb_build_object('kind', k.kind, 'id', k.id, 'wrapped', k.wrapped)) from keys k where split_part(k.wrapped, '.', 2) <> p_to), '[]'::jsonb),
    (select t.id from page t order by t.id desc limit 1) into v_keys, v_last;
  return jsonb_build_object('ok', true, 'keys', v_keys, 'after', v_last);
end;
$$;
comment on function public.keys_to_rewrap(text, uuid, integer) is 'Definer: keys have no SELECT grant. They leave wrapped.';
revoke all on function public.keys_to_rewrap(text, uuid, integer) from public;
grant execute on function public.keys_to_rewrap(text, uuid, integer) to service_role;

-- p_keys: [{kind, id, wrapped (as it was read), rewrapped}] → {ok, rewrapped}. What was changed meanwhile is left alone.
create function public.rewrap_keys(p_keys jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_done integer;
  v_sum integer := 0;
begin
  update public.reports r set content_key = k.rewrapped from jsonb_to_recordset(p_keys) as k (kind text, id text, wrapped text, rewrapped text)
  where k.kind = 'content' and r.id = k.id::uuid and r.content_key = k.wrapped;
  get diagnostics v_done = row_count;
  v_sum := v_sum + v_done;
  update public.reports r set contact_key = k.rewrapped from jsonb_to_recordset(p_keys) as k (kind text, id text, wrapped text, rewrapped text)
  where k.kind = 'contact' and r.id = k.id::uuid and r.contact_key = k.wrapped;
  get diagnostics v_done = row_count;
  v_sum := v_sum + v_done;
  update private.server_keys s set wrapped = k.rewrapped from jsonb_to_recordset(p_keys) as k (kind text, id text, wrapped text, rewrapped text)
  where k.kind = 'server' and s.id = k.id and s.wrapped = k.wrapped;
  get diagnostics v_done = row_count;
  v_sum := v_sum + v_done;
  if v_sum > 0 then
    perform private.log((select s.id from public.stations s where s.is_default), null, 'system', 'trust.keys_rewrapped', 'trust', null, jsonb_build_object('rewrapped', v_sum));
  end if;
  return jsonb_build_object('ok', true, 'rewrapped', v_sum);
end;
$$;
comment on function public.rewrap_keys(jsonb) is 'Definer: nobody may write keys directly.';
revoke all on function public.rewrap_keys(jsonb) from public;
grant execute on function public.rewrap_keys(jsonb) to service_role;

-- How many keys each master key wraps: an old one may go from the settings when it wraps none.
create function public.count_wrapped_keys() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'by', coalesce(jsonb_object_agg(t.master, t.count), '{}'::jsonb))
  from (select split_part(k.wrapped, '.', 2) as master, count(*) as count
    from (select r.content_key::text as wrapped from public.reports r
      union all select r.contact_key::text from public.reports r where r.contact_key is not null
      union all select s.wrapped::text from private.server_keys s) k
    group by 1) t;
$$;
comment on function public.count_wrapped_keys() is 'Definer: keys have no SELECT grant.';
revoke all on function public.count_wrapped_keys() from public;
grant execute on function public.count_wrapped_keys() to service_role;

-- A further signing key. `created_at` is when it begins to sign, so that every worker can have read it by then.
create function public.add_signing_key(p_id text, p_wrapped text, p_valid_from timestamptz) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  if p_valid_from is null or p_valid_from <= private.clock() or exists (select from private.server_keys k where k.purpose = 'signing' and k.created_at >= p_valid_from) then
    return private.refuse('invalid_input');
  end if;
  insert into private.server_keys (id, purpose, wrapped, created_at) values (p_id, 'signing', p_wrapped, p_valid_from) on conflict (id) do nothing;
  if not found then
    return private.refuse('conflict');
  end if;
  perform private.log((select s.id from public.stations s where s.is_default), null, 'system', 'trust.key_added', 'trust', null, jsonb_build_object('key', p_id));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.add_signing_key(text, text, timestamptz) is 'Definer: the table is private.';
revoke all on function public.add_signing_key(text, text, timestamptz) from public;
grant execute on function public.add_signing_key(text, text, timestamptz) to service_role;
