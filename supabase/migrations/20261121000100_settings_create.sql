-- Purpose: settings, the one clock, keys wrapped by the master key, and what limits abuse.
-- Risk: none, new objects.

create table private.settings (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);
comment on table private.settings is 'Facts about this installation, such as `demo` and `clock_offset`.';
alter table private.settings enable row level security;

-- RULES D5: time in SQL comes from here only. On a demo station jobs may move it forward.
create function private.clock() returns timestamptz
language sql stable set search_path = '' as $$
  select now() + coalesce((select (s.value #>> '{}')::interval from private.settings s where s.key = 'clock_offset'), interval '0');
$$;
comment on function private.clock() is 'The time every rule uses: now() plus the demo offset.';

create function private.is_demo() returns boolean
language sql stable set search_path = '' as $$
  select exists (select from private.settings s where s.key = 'demo' and s.value = 'true'::jsonb);
$$;

create table private.server_keys (
  id text primary key check (id ~ '^[a-z]+-[0-9]+$'),
  purpose text not null check (purpose in ('receipt', 'index', 'address', 'challenge', 'signing', 'outbox')),
  wrapped public.sealed_text not null,
  created_at timestamptz not null default now()
);
comment on table private.server_keys is 'Versioned keys of the portal, wrapped by the master key, so that a rotation re-wraps and look-ups go on working (RULES B5).';
create index server_keys_by_purpose on private.server_keys (purpose, created_at);
alter table private.server_keys enable row level security;

-- Unlogged: after a crash the windows start afresh, which costs one window and spares a write of the log per request.
create unlogged table private.rate_windows (
  bucket text not null,
  started_at timestamptz not null,
  used integer not null,
  primary key (bucket, started_at)
);
comment on table private.rate_windows is 'How often a keyed hash of an address did a thing in a fixed window. Never an address.';
create index rate_windows_by_age on private.rate_windows (started_at);
alter table private.rate_windows enable row level security;

-- 0 when the act may go on, otherwise whole seconds until the window ends.
create function private.take(p_bucket text, p_times integer, p_seconds integer) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_start timestamptz := to_timestamp(floor(extract(epoch from now()) / p_seconds) * p_seconds);
  v_used integer;
begin
  insert into private.rate_windows as w (bucket, started_at, used)
  values (p_bucket, v_start, 1)
  on conflict (bucket, started_at) do update set used = w.used + 1
  returning w.used into v_used;
  if v_used <= p_times then
    return 0;
  end if;
  return greatest(1, ceil(extract(epoch from v_start + make_interval(secs => p_seconds) - now()))::integer);
end;
$$;

-- `p_limits`: [{bucket, times, seconds}]. The longest wait of all that are exceeded, 0 when none is. The buckets are counted in one
-- order, so that two calls which share some cannot wait for each other.
create function private.take_all(p_limits jsonb) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_limit jsonb;
  v_wait integer := 0;
begin
  -- Most acts have one window, which needs no order.
  if jsonb_typeof(p_limits) = 'array' and jsonb_array_length(p_limits) = 1 then
    v_limit := p_limits -> 0;
    return private.take(v_limit ->> 'bucket', (v_limit ->> 'times')::integer, (v_limit ->> 'seconds')::integer);
  end if;
  for v_limit in select value from jsonb_array_elements(coalesce(nullif(p_limits, 'null'::jsonb), '[]'::jsonb)) order by value ->> 'bucket' loop
    v_wait := greatest(v_wait, private.take(v_limit ->> 'bucket', (v_limit ->> 'times')::integer, (v_limit ->> 'seconds')::integer));
  end loop;
  return v_wait;
end;
$$;

create table private.spent_challenges (
  id text primary key,
  expires_at timestamptz not null
);
comment on table private.spent_challenges is 'Solved proof-of-work challenges: each counts once.';
create index spent_challenges_by_expiry on private.spent_challenges (expires_at);
alter table private.spent_challenges enable row level security;

create function private.refuse(p_code text, p_facts jsonb default '{}'::jsonb) returns jsonb
language sql immutable set search_path = '' as $$
  select jsonb_build_object('ok', false, 'code', p_code) || coalesce(p_facts, '{}'::jsonb);
$$;
comment on function private.refuse(text, jsonb) is 'A refusal is returned, never raised, so that its audit row and its counter commit (RULES A3).';

create function public.take_limits(p_limits jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wait integer := private.take_all(p_limits);
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.take_limits(jsonb) is 'Counts acts whose work happens outside the database (sign-in, challenges). Definer: the windows are private.';
revoke all on function public.take_limits(jsonb) from public;
grant execute on function public.take_limits(jsonb) to service_role;

-- Only failures should count for sign-in: whoever got in gives their turn back, so that 25 people behind one address can all sign in.
create function public.return_limits(p_limits jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit jsonb;
begin
  for v_limit in select value from jsonb_array_elements(coalesce(nullif(p_limits, 'null'::jsonb), '[]'::jsonb)) order by value ->> 'bucket' loop
    update private.rate_windows w set used = w.used - 1
    where w.bucket = v_limit ->> 'bucket' and w.used > 0
      and w.started_at = to_timestamp(floor(extract(epoch from now()) / (v_limit ->> 'seconds')::integer) * (v_limit ->> 'seconds')::integer);
  end loop;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.return_limits(jsonb) is 'Takes back what take_limits counted. Definer: the windows are private.';
revoke all on function public.return_limits(jsonb) from public;
grant execute on function public.return_limits(jsonb) to service_role;

create function public.list_server_keys() returns table (id text, purpose text, wrapped text, created_at timestamptz)
language sql stable security definer set search_path = '' as $$
  select k.id, k.purpose, k.wrapped, k.created_at from private.server_keys k order by k.created_at, k.id;
$$;
comment on function public.list_server_keys() is 'Wrapped keys for the portal at its start. Definer: the table is private.';
revoke all on function public.list_server_keys() from public;
grant execute on function public.list_server_keys() to service_role;

-- Two workers may start at once: the first row wins and both read it back.
create function public.add_server_key(p_id text, p_purpose text, p_wrapped text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wrapped text;
begin
  insert into private.server_keys (id, purpose, wrapped) values (p_id, p_purpose, p_wrapped) on conflict (id) do nothing;
  select k.wrapped into v_wrapped from private.server_keys k where k.id = p_id;
  return v_wrapped;
end;
$$;
comment on function public.add_server_key(text, text, text) is 'Keeps the first key of an id and answers with the one that is kept. Definer: the table is private.';
revoke all on function public.add_server_key(text, text, text) from public;
grant execute on function public.add_server_key(text, text, text) to service_role;
