-- Purpose: staff see and end their sessions, chief and admin those of their station; a lost second factor is reset by two people; who has the
-- password alone ends no session and changes no password (RULES A5, E4).
-- Risk: sessions of Supabase Auth are deleted here; a reset opens an account to whoever has its password, so two people decide and the owner is told.

/*
  Takes a colleague's second factor and recovery codes away and ends their sessions; their next sign-in leads to the enrolment. Whoever calls
  this has checked that two people agreed (20261123000153).
*/
create function private.reset_second_factor(p_staff uuid, p_asked_by uuid, p_decided_by uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff;
begin
  if p_staff in (p_asked_by, p_decided_by) or p_asked_by = p_decided_by then
    raise exception 'two other people reset a second factor' using errcode = 'PT403', detail = 'second_person_required';
  end if;
  select s.* into strict v_staff from public.staff s where s.user_id = p_staff;
  delete from private.staff_factors f where f.user_id = p_staff;
  delete from private.staff_recovery_codes c where c.user_id = p_staff;
  delete from private.staff_sessions s where s.user_id = p_staff;
  delete from auth.sessions a where a.user_id = p_staff;
  perform private.log(v_staff.station_id, p_decided_by, coalesce((select s.role from public.staff s where s.user_id = p_decided_by), 'system'), 'staff.factor_reset', 'staff', p_staff,
    jsonb_build_object('colleague', p_staff));
  perform private.notify_owner(p_staff, 'staff.factor_reset');
end;
$$;
comment on function private.reset_second_factor(uuid, uuid, uuid) is 'Definer: the tables are private.';

-- → {ok, now, sessions: [{id, user_id, name, role, is_this, is_own, started_at, seen_at, browser, system, state}]}: one's own; for chief and admin the station's.
create function public.list_staff_sessions() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_leads boolean;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  v_leads := v_staff.role in ('chief', 'admin');
  return jsonb_build_object('ok', true, 'now', now(),
    'sessions', coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'user_id', s.user_id, 'name', s.name, 'role', s.role, 'is_this', a.id = private.my_session(), 'is_own', s.user_id = v_staff.user_id,
        'started_at', a.created_at, 'seen_at', coalesce(t.seen_at, greatest(a.updated_at, d.seen_at)), 'browser', d.browser, 'system', d.system, 'state', private.staff_session_state(s.user_id, a.id))
        order by a.id = private.my_session() desc, s.user_id = v_staff.user_id desc, coalesce(t.seen_at, a.updated_at, a.created_at) desc)
      from public.staff s join auth.sessions a on a.user_id = s.user_id
      left join private.session_devices d on d.session_id = a.id left join private.staff_sessions t on t.session_id = a.id
      where s.station_id = v_staff.station_id and (v_leads or s.user_id = v_staff.user_id)), '[]'::jsonb));
end;
$$;
comment on function public.list_staff_sessions() is 'Definer: auth.sessions is not readable by the API roles.';
revoke all on function public.list_staff_sessions() from public;
grant execute on function public.list_staff_sessions() to authenticated;

-- p: session (one) or person (all of one) → {ok, ended}. Own ones anybody; a colleague's chief and admin, which is logged. The caller's own session ends by signing out.
create function public.end_staff_sessions(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_owner public.staff;
  v_ended integer;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  select s.* into v_owner from public.staff s
  where s.station_id = v_staff.station_id and (s.user_id = v_staff.user_id or v_staff.role in ('chief', 'admin'))
    and s.user_id = coalesce((p ->> 'person')::uuid, (select a.user_id from auth.sessions a where a.id = (p ->> 'session')::uuid));
  if not found then
    return private.refuse('not_found');
  end if;
  delete from auth.sessions a where a.user_id = v_owner.user_id and a.id <> private.my_session() and (p ->> 'session' is null or a.id = (p ->> 'session')::uuid);
  get diagnostics v_ended = row_count;
  delete from private.staff_sessions s where s.user_id = v_owner.user_id and not exists (select from auth.sessions a where a.id = s.session_id);
  delete from private.session_devices d where d.user_id = v_owner.user_id and not exists (select from auth.sessions a where a.id = d.session_id);
  if v_ended = 0 then
    return private.refuse('not_found');
  end if;
  if v_owner.user_id <> v_staff.user_id then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.sessions_ended', 'staff', v_owner.user_id, jsonb_build_object('colleague', v_owner.user_id));
  end if;
  return jsonb_build_object('ok', true, 'ended', v_ended);
end;
$$;
comment on function public.end_staff_sessions(jsonb) is 'Definer: as list_staff_sessions.';
revoke all on function public.end_staff_sessions(jsonb) from public;
grant execute on function public.end_staff_sessions(jsonb) to authenticated;

-- The one chief lost phone and codes, so that nobody may confirm: whoever runs the machine resets (`npm run reset:factor`). p: email → {ok}
create function public.reset_second_factor(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff uuid;
begin
  select s.user_id into v_staff from public.staff s join auth.users u on u.id = s.user_id where u.email = lower(p ->> 'email') and s.is_active;
  if v_staff is null then
    return private.refuse('not_found');
  end if;
  perform private.reset_second_factor(v_staff, null, null);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.reset_second_factor(jsonb) is 'The log names the system, and the owner is told. Definer: the tables are private.';
revoke all on function public.reset_second_factor(jsonb) from public;
grant execute on function public.reset_second_factor(jsonb) to service_role;

-- Why staff do nothing to their account in this session: with a second factor only what has shown it counts. Null: go on.
create function private.account_refusal(p_user uuid) returns text
language sql stable security definer set search_path = '' as $$
  select case private.staff_session_state(p_user, private.my_session()) when 'verify' then 'second_factor_required' when 'locked' then 'session_locked' when 'ended' then 'session_ended' end
  from public.staff s join private.staff_factors f on f.user_id = s.user_id and f.confirmed_at is not null
  where s.user_id = p_user and s.is_active;
$$;
comment on function private.account_refusal(uuid) is 'Definer: staff and factors are not readable before the second factor was shown.';
revoke all on function private.account_refusal(uuid) from public;

-- As before (20261122000340), and of staff in an open session only: a thief with the password does not sign the owner out.
create or replace function public.end_my_sessions(p_id uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_code text;
  v_ended integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_code := private.account_refusal(v_actor);
  if v_code is not null then
    return private.refuse(v_code);
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

create table private.password_permits (
  user_id uuid primary key references public.staff (user_id) on delete cascade,
  until timestamptz not null
);
comment on table private.password_permits is 'Staff who may set a new password within a minute: asked for in an open session. Supabase Auth itself knows no second factor of ours and would take one from whoever has the old password.';
alter table private.password_permits enable row level security;

-- Before a password is set at Supabase Auth. → {ok} | sign_in_required | second_factor_required | session_locked | session_ended
create function public.permit_password_change() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_code text;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_code := private.account_refusal(v_actor);
  if v_code is not null then
    return private.refuse(v_code);
  end if;
  insert into private.password_permits as w (user_id, until) select s.user_id, now() + interval '1 minute' from public.staff s where s.user_id = v_actor and s.is_active
  on conflict (user_id) do update set until = excluded.until;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.permit_password_change() is 'Definer: the tables are private.';
revoke all on function public.permit_password_change() from public;
grant execute on function public.permit_password_change() to authenticated;

-- Whichever way it came: a password of staff who have a second factor wants a permit, and each change is logged and told to its owner.
create function private.keep_staff_password() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_staff public.staff;
  v_is_permitted boolean;
begin
  select s.* into v_staff from public.staff s where s.user_id = new.id and s.is_active;
  if not found then
    return new;
  end if;
  delete from private.password_permits w where w.user_id = new.id and w.until > now();
  v_is_permitted := found;
  if not v_is_permitted and exists (select from private.staff_factors f where f.user_id = new.id and f.confirmed_at is not null) then
    raise exception 'staff set a password in an open session of the desk' using errcode = 'PT403', detail = 'second_factor_required';
  end if;
  perform private.log(v_staff.station_id, new.id, v_staff.role, 'staff.password_changed', 'staff', new.id);
  perform private.notify_owner(new.id, 'staff.password_changed');
  return new;
end;
$$;
comment on function private.keep_staff_password() is 'Trigger. Definer: Supabase Auth writes as a role that sees none of these tables.';
revoke all on function private.keep_staff_password() from public;
create trigger staff_keep_their_password before update of encrypted_password on auth.users for each row
  when (old.encrypted_password is distinct from new.encrypted_password) execute function private.keep_staff_password();
