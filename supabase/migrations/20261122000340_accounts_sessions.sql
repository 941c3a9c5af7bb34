-- Purpose: people see where they are signed in, and end it.
-- Risk: sessions of Supabase Auth are deleted by their owner; tokens of an ended session are refused by private.actor() at once (RULES A4).

create table private.session_devices (
  session_id uuid primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  browser text not null check (browser in ('chrome', 'edge', 'firefox', 'safari', 'wechat', 'other')),
  system text not null check (system in ('android', 'ios', 'windows', 'macos', 'linux', 'harmony', 'other')),
  seen_at timestamptz not null
);
comment on table private.session_devices is 'Rough name of the device behind a session. Supabase Auth sees the portal only, so that its own column says nothing. No address, no version.';
create index session_devices_by_person on private.session_devices (user_id);
alter table private.session_devices enable row level security;

create function private.my_session() returns uuid
language sql stable set search_path = '' as $$
  select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'session_id')::uuid;
$$;
revoke all on function private.my_session() from public;

-- p_browser, p_system: what server/domain/accounts/device-name.ts made of the user agent.
create function public.list_my_sessions(p_browser text, p_system text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  insert into private.session_devices as d (session_id, user_id, browser, system, seen_at) values (private.my_session(), v_actor, p_browser, p_system, now())
  on conflict (session_id) do update set browser = excluded.browser, system = excluded.system, seen_at = excluded.seen_at;
  delete from private.session_devices d where d.user_id = v_actor and not exists (select from auth.sessions s where s.id = d.session_id);
  -- By the real clock: sessions do not move with a demo's.
  return jsonb_build_object('ok', true, 'now', now(), 'sessions', (
    select jsonb_agg(jsonb_build_object('id', s.id, 'is_this', s.id = private.my_session(), 'started_at', s.created_at, 'seen_at', greatest(s.updated_at, d.seen_at),
      'browser', d.browser, 'system', d.system) order by (s.id = private.my_session()) desc, greatest(s.updated_at, d.seen_at, s.created_at) desc)
    from auth.sessions s left join private.session_devices d on d.session_id = s.id where s.user_id = v_actor));
end;
$$;
comment on function public.list_my_sessions(text, text) is 'The caller''s sessions; notes the device of this one. Definer: auth.sessions is not readable by the API roles.';
revoke all on function public.list_my_sessions(text, text) from public;
grant execute on function public.list_my_sessions(text, text) to authenticated;

-- One session by its id, or without an id all but this one. → {ok, ended}
create function public.end_my_sessions(p_id uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_ended integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  delete from auth.sessions s where s.user_id = v_actor and s.id <> private.my_session() and (p_id is null or s.id = p_id);
  get diagnostics v_ended = row_count;
  delete from private.session_devices d where d.user_id = v_actor and not exists (select from auth.sessions s where s.id = d.session_id);
  if p_id is not null and v_ended = 0 then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'ended', v_ended);
end;
$$;
comment on function public.end_my_sessions(uuid) is 'Ends sessions of the caller; this one ends by signing out. Definer: as list_my_sessions.';
revoke all on function public.end_my_sessions(uuid) from public;
grant execute on function public.end_my_sessions(uuid) to authenticated;
