-- Purpose: staff need a second factor (TOTP, with recovery codes), a desk that locks after 15 idle minutes, and sessions of 12 hours at most (RULES A5).
-- Risk: from here on a staff session without them reads nothing, over REST either. Whoever has no factor yet is led to the enrolment.
-- Real time (now()): a session does not move with a demo's clock.

create table private.demo_accounts (
  user_id uuid primary key references auth.users (id) on delete cascade
);
comment on table private.demo_accounts is 'Accounts that the demo seed made: their password stands in the README, so a second factor would protect nothing. Counts on a database marked demo only; no function writes it.';
alter table private.demo_accounts enable row level security;
-- A demo from before this migration has its accounts already.
insert into private.demo_accounts (user_id) select s.user_id from public.staff s where private.is_demo();

create table private.staff_factors (
  user_id uuid primary key references public.staff (user_id) on delete cascade,
  secret_sealed public.sealed_text,
  confirmed_at timestamptz,
  last_step bigint not null default 0,
  strange_on date,
  strange_tries integer not null default 0,
  pending_sealed public.sealed_text,
  pending_at timestamptz,
  check ((secret_sealed is null) = (confirmed_at is null)),
  check ((pending_sealed is null) = (pending_at is null))
);
comment on table private.staff_factors is 'TOTP secrets (RFC 6238), sealed by the portal. `last_step`: the newest 30-second step whose code was used; older ones and the same are refused. `strange_tries`: codes tried today from devices that never got in, at most twenty. `pending`: shown as a QR code, not confirmed by a first code yet.';
alter table private.staff_factors enable row level security;

create table private.staff_recovery_codes (
  code_hash public.keyed_hash primary key,
  user_id uuid not null references public.staff (user_id) on delete cascade,
  used_at timestamptz
);
comment on table private.staff_recovery_codes is 'Ten codes for the day the phone is gone, each works once.';
create index staff_recovery_codes_by_person on private.staff_recovery_codes (user_id);
alter table private.staff_recovery_codes enable row level security;

create table private.staff_sessions (
  session_id uuid primary key,
  user_id uuid not null references public.staff (user_id) on delete cascade,
  verified_at timestamptz not null,
  proved_at timestamptz not null,
  seen_at timestamptz not null,
  locked_at timestamptz
);
comment on table private.staff_sessions is 'Sessions of staff that have shown a second factor. `proved_at`: the last code; `seen_at`: the last thing the person did, not what the page asked for by itself.';
create index staff_sessions_by_person on private.staff_sessions (user_id);
alter table private.staff_sessions enable row level security;

/*
  open     reads and does what the role may
  enrol    no second factor yet: only the enrolment
  verify   a second factor is there and was not shown in this session
  locked   idle for 15 minutes, or locked by hand: a code opens it
  ended    older than 12 hours: sign in again
*/
create function private.staff_session_state(p_user uuid, p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
  select case
    when exists (select from private.demo_accounts d where d.user_id = p_user) and private.is_demo() then 'open'
    when not exists (select from auth.sessions a where a.id = p_session and a.user_id = p_user and a.created_at > now() - interval '12 hours') then 'ended'
    when not exists (select from private.staff_factors f where f.user_id = p_user and f.confirmed_at is not null) then 'enrol'
    else coalesce((select case when s.locked_at is not null or s.seen_at < now() - interval '15 minutes' then 'locked' else 'open' end
      from private.staff_sessions s where s.session_id = p_session and s.user_id = p_user), 'verify') end;
$$;
comment on function private.staff_session_state(uuid, uuid) is 'Definer: auth.sessions and the tables behind it are private.';

-- As before, and nobody for a session that is not open: each function and policy of the desk asks here.
create or replace function private.staff_actor(p_actor uuid default null, p_session uuid default null) returns public.staff
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor(p_actor, p_session);
  v_staff public.staff;
begin
  if v_actor is null then
    return null;
  end if;
  select s.* into v_staff from public.staff s where s.user_id = v_actor and s.is_active;
  -- With the secret key there is no session in the claims, and private.actor() has checked the one that was named.
  if not found or private.staff_session_state(v_actor, coalesce(private.my_session(), p_session)) <> 'open' then
    return null;
  end if;
  return v_staff;
end;
$$;

-- The active staff row of the caller, whatever the state of the session: for the second factor itself.
create function private.staff_of_session(p_actor uuid default null, p_session uuid default null) returns public.staff
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff;
begin
  select s.* into v_staff from public.staff s where s.user_id = private.actor(p_actor, p_session) and s.is_active;
  return v_staff;
end;
$$;
comment on function private.staff_of_session(uuid, uuid) is 'Definer: staff is not readable before the second factor was shown.';

-- Own role and account: needed before the second factor too, to know that one is asked for.
create or replace function public.get_account() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return (select jsonb_build_object('ok', true, 'email', u.email, 'created_at', u.created_at, 'has_password', coalesce(u.encrypted_password, '') <> '',
      'community', c.slug, 'locale', coalesce(p.locale, 'zh'), 'staff_role', (private.staff_of_session()).role,
      'verification', (select jsonb_build_object('community', v.slug, 'name', v.name, 'method', f.method, 'verified_on', f.verified_on)
        from private.verifications f join public.communities v on v.id = f.community_id where f.user_id = v_actor))
    from auth.users u left join public.profiles p on p.user_id = u.id left join public.communities c on c.id = p.community_id
    where u.id = v_actor);
end;
$$;

-- What the desk shows first. p_is_active: the person did something; a page that asks by itself says false.
-- → {ok, state, has_factor, is_exempt, codes_left, proved_at, locks_at, ends_at, now}
create function public.touch_staff_session(p_is_active boolean default true) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_of_session();
  v_state text;
begin
  if v_staff.user_id is null then
    return private.refuse(case when private.actor() is null then 'sign_in_required' else 'forbidden' end);
  end if;
  v_state := private.staff_session_state(v_staff.user_id, private.my_session());
  if v_state = 'ended' then
    delete from auth.sessions a where a.id = private.my_session();
    return private.refuse('session_ended');
  end if;
  if v_state = 'open' and p_is_active then
    update private.staff_sessions s set seen_at = now() where s.session_id = private.my_session() and s.seen_at < now() - interval '15 seconds';
  end if;
  return private.session_facts(v_staff.user_id, private.my_session(), v_state);
end;
$$;
comment on function public.touch_staff_session(boolean) is 'The state of the caller''s own session. Definer: the tables are private.';
revoke all on function public.touch_staff_session(boolean) from public;
grant execute on function public.touch_staff_session(boolean) to authenticated;

create function private.session_facts(p_user uuid, p_session uuid, p_state text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'state', p_state, 'now', now(),
    'is_exempt', private.is_demo() and exists (select from private.demo_accounts d where d.user_id = p_user),
    'has_factor', exists (select from private.staff_factors f where f.user_id = p_user and f.confirmed_at is not null),
    'codes_left', (select count(*) from private.staff_recovery_codes c where c.user_id = p_user and c.used_at is null),
    'proved_at', (select s.proved_at from private.staff_sessions s where s.session_id = p_session and s.user_id = p_user),
    'locks_at', (select s.seen_at + interval '15 minutes' from private.staff_sessions s where s.session_id = p_session and s.user_id = p_user and s.locked_at is null),
    'ends_at', (select a.created_at + interval '12 hours' from auth.sessions a where a.id = p_session and a.user_id = p_user));
$$;
comment on function private.session_facts(uuid, uuid, text) is 'Definer: the tables are private.';

create function public.lock_staff_session() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_of_session();
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  update private.staff_sessions s set locked_at = now() where s.session_id = private.my_session() and s.user_id = v_staff.user_id and s.locked_at is null;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.lock_staff_session() is 'Whoever leaves the desk locks it. Definer: the table is private.';
revoke all on function public.lock_staff_session() from public;
grant execute on function public.lock_staff_session() to authenticated;

/*
  The code itself is checked in the portal, which alone opens the secret. First check_second_factor counts the try and hands out the sealed
  secret, then settle_second_factor keeps what came of it; between the two nothing is believed.
*/
-- p: actor, session, limits[], is_known (the device has been through a whole sign-in of this account) → {ok, secret_sealed, last_step}
create function public.check_second_factor(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_of_session((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
  v_factor private.staff_factors;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  if private.staff_session_state(v_staff.user_id, (p ->> 'session')::uuid) = 'ended' then
    return private.refuse('session_ended');
  end if;
  select f.* into v_factor from private.staff_factors f where f.user_id = v_staff.user_id and f.confirmed_at is not null;
  if not found then
    return private.refuse('conflict');
  end if;
  -- A stranger who has the password gets twenty codes a day, from wherever: one chance in 45 a year. The owner's own devices are not counted here.
  if not coalesce((p ->> 'is_known')::boolean, false) then
    update private.staff_factors f set strange_on = (now() at time zone 'utc')::date, strange_tries = case when f.strange_on = (now() at time zone 'utc')::date then f.strange_tries + 1 else 1 end
    where f.user_id = v_staff.user_id returning f.* into v_factor;
    if v_factor.strange_tries > 20 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', ceil(extract(epoch from date_trunc('day', now() at time zone 'utc') + interval '1 day' - (now() at time zone 'utc')))::integer));
    end if;
  end if;
  return jsonb_build_object('ok', true, 'secret_sealed', v_factor.secret_sealed, 'last_step', v_factor.last_step);
end;
$$;
comment on function public.check_second_factor(jsonb) is 'Counts a try and hands the sealed secret to the portal. Definer: the table is private.';
revoke all on function public.check_second_factor(jsonb) from public;
grant execute on function public.check_second_factor(jsonb) to service_role;

-- p: actor, session, limits[], is_known, step (whose code was right) or recovery_hash, or neither for a wrong one → {ok, …} as touch_staff_session, or wrong_code
create function public.settle_second_factor(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_session uuid := (p ->> 'session')::uuid;
  v_staff public.staff := private.staff_of_session((p ->> 'actor')::uuid, v_session);
  v_state text;
  v_is_right boolean := false;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  v_state := private.staff_session_state(v_staff.user_id, v_session);
  if v_state = 'ended' then
    return private.refuse('session_ended');
  end if;
  if p ->> 'step' is not null then
    -- One statement decides: of two requests with the same code one finds the step used.
    update private.staff_factors f set last_step = (p ->> 'step')::bigint
    where f.user_id = v_staff.user_id and f.confirmed_at is not null and f.last_step < (p ->> 'step')::bigint;
    v_is_right := found;
  elsif p ->> 'recovery_hash' is not null then
    update private.staff_recovery_codes c set used_at = now()
    where c.user_id = v_staff.user_id and c.code_hash = p ->> 'recovery_hash' and c.used_at is null
      and exists (select from private.staff_factors f where f.user_id = v_staff.user_id and f.confirmed_at is not null);
    v_is_right := found;
    if v_is_right then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.recovery_code_used', 'staff', v_staff.user_id);
      perform private.notify_owner(v_staff.user_id, 'staff.recovery_used');
    end if;
  end if;
  if not v_is_right then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.code_refused', 'staff', v_staff.user_id);
    return private.refuse('wrong_code');
  end if;
  perform public.return_limits(p -> 'limits');
  if not coalesce((p ->> 'is_known')::boolean, false) then
    update private.staff_factors f set strange_tries = greatest(f.strange_tries - 1, 0) where f.user_id = v_staff.user_id;
  end if;
  if v_state = 'verify' then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.signed_in', 'staff', v_staff.user_id);
  end if;
  perform private.prove_session(v_staff.user_id, v_session);
  return private.session_facts(v_staff.user_id, v_session, 'open');
end;
$$;
comment on function public.settle_second_factor(jsonb) is 'Keeps what came of a code: each counts once. Definer: the tables are private.';
revoke all on function public.settle_second_factor(jsonb) from public;
grant execute on function public.settle_second_factor(jsonb) to service_role;

create function private.prove_session(p_user uuid, p_session uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into private.staff_sessions as s (session_id, user_id, verified_at, proved_at, seen_at) values (p_session, p_user, now(), now(), now())
  on conflict (session_id) do update set proved_at = now(), seen_at = now(), locked_at = null where s.user_id = p_user;
  delete from private.staff_sessions s where s.user_id = p_user and not exists (select from auth.sessions a where a.id = s.session_id);
end;
$$;
comment on function private.prove_session(uuid, uuid) is 'Definer: the table is private.';

-- A mail that says what happened, without a word that helps a stranger. Urgent for its owner: somebody else may have done it.
create function private.notify_owner(p_user uuid, p_template text) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  values ('email', p_template, 'staff', p_user, p_user, coalesce((select p.locale from public.profiles p where p.user_id = p_user), 'zh'));
end;
$$;
comment on function private.notify_owner(uuid, text) is 'Definer: nobody writes the outbox.';

-- May this session set up a (new) device or new codes? Without a factor yes; with one after a code within five minutes.
create function private.may_change_factor(p_user uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select case private.staff_session_state(p_user, p_session)
    when 'enrol' then true
    when 'open' then exists (select from private.staff_sessions s where s.session_id = p_session and s.user_id = p_user and s.proved_at > now() - interval '5 minutes')
    else false end;
$$;
comment on function private.may_change_factor(uuid, uuid) is 'Definer: the tables are private.';

-- p: actor, session, secret_sealed → {ok, email, is_first}. Nothing changes for the sign-in before the first code is right.
create function public.begin_factor(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_of_session((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if not private.may_change_factor(v_staff.user_id, (p ->> 'session')::uuid) then
    return private.refuse('second_factor_required');
  end if;
  insert into private.staff_factors as f (user_id, pending_sealed, pending_at) values (v_staff.user_id, p ->> 'secret_sealed', now())
  on conflict (user_id) do update set pending_sealed = excluded.pending_sealed, pending_at = excluded.pending_at;
  return jsonb_build_object('ok', true, 'email', (select u.email from auth.users u where u.id = v_staff.user_id));
end;
$$;
comment on function public.begin_factor(jsonb) is 'Keeps the sealed secret that is shown as a QR code. Definer: the table is private.';
revoke all on function public.begin_factor(jsonb) from public;
grant execute on function public.begin_factor(jsonb) to service_role;

-- p: actor, session, limits[] → {ok, secret_sealed} of the last half hour's QR code; counts the try.
create function public.check_pending_factor(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_of_session((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
  v_sealed text;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select f.pending_sealed into v_sealed from private.staff_factors f where f.user_id = v_staff.user_id and f.pending_at > now() - interval '30 minutes';
  if v_sealed is null then
    return private.refuse('conflict');
  end if;
  return jsonb_build_object('ok', true, 'secret_sealed', v_sealed);
end;
$$;
comment on function public.check_pending_factor(jsonb) is 'Definer: the table is private.';
revoke all on function public.check_pending_factor(jsonb) from public;
grant execute on function public.check_pending_factor(jsonb) to service_role;

-- p: actor, session, limits[], secret_sealed (the one that was checked), step, recovery_hashes[] → {ok, …}. Other sessions of the person end.
create function public.confirm_factor(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_session uuid := (p ->> 'session')::uuid;
  v_staff public.staff := private.staff_of_session((p ->> 'actor')::uuid, v_session);
  v_is_first boolean;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  -- Five minutes for a changed phone are counted from the QR code: whoever got it had shown a code.
  if private.staff_session_state(v_staff.user_id, v_session) not in ('enrol', 'open') then
    return private.refuse('second_factor_required');
  end if;
  v_is_first := not exists (select from private.staff_factors f where f.user_id = v_staff.user_id and f.confirmed_at is not null);
  update private.staff_factors f set secret_sealed = f.pending_sealed, confirmed_at = now(), last_step = (p ->> 'step')::bigint, pending_sealed = null, pending_at = null
  where f.user_id = v_staff.user_id and f.pending_sealed = p ->> 'secret_sealed' and f.pending_at > now() - interval '30 minutes';
  if not found then
    return private.refuse('conflict');
  end if;
  perform public.return_limits(p -> 'limits');
  perform private.keep_recovery_codes(v_staff.user_id, p -> 'recovery_hashes');
  delete from auth.sessions a where a.user_id = v_staff.user_id and a.id <> v_session;
  perform private.prove_session(v_staff.user_id, v_session);
  if v_is_first then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.factor_enrolled', 'staff', v_staff.user_id);
    perform private.notify_owner(v_staff.user_id, 'staff.factor_enrolled');
  else
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.factor_changed', 'staff', v_staff.user_id);
    perform private.notify_owner(v_staff.user_id, 'staff.factor_changed');
  end if;
  return private.session_facts(v_staff.user_id, v_session, 'open');
end;
$$;
comment on function public.confirm_factor(jsonb) is 'The first code of a new device was right: it counts from now on. Definer: the tables are private.';
revoke all on function public.confirm_factor(jsonb) from public;
grant execute on function public.confirm_factor(jsonb) to service_role;

create function private.keep_recovery_codes(p_user uuid, p_hashes jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  if jsonb_typeof(p_hashes) is distinct from 'array' or jsonb_array_length(p_hashes) <> 10 then
    raise exception 'ten recovery codes' using errcode = 'PT422', detail = 'invalid_input';
  end if;
  delete from private.staff_recovery_codes c where c.user_id = p_user;
  insert into private.staff_recovery_codes (code_hash, user_id) select h.value, p_user from jsonb_array_elements_text(p_hashes) h;
end;
$$;
comment on function private.keep_recovery_codes(uuid, jsonb) is 'Definer: the table is private.';

-- p: actor, session, recovery_hashes[] → {ok}. The codes before stop working.
create function public.renew_recovery_codes(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if not private.may_change_factor(v_staff.user_id, (p ->> 'session')::uuid) then
    return private.refuse('second_factor_required');
  end if;
  perform private.keep_recovery_codes(v_staff.user_id, p -> 'recovery_hashes');
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.recovery_codes_renewed', 'staff', v_staff.user_id);
  perform private.notify_owner(v_staff.user_id, 'staff.codes_renewed');
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.renew_recovery_codes(jsonb) is 'Definer: the table is private.';
revoke all on function public.renew_recovery_codes(jsonb) from public;
grant execute on function public.renew_recovery_codes(jsonb) to service_role;
