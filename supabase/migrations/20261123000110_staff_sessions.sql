-- Purpose: staff see and end their sessions, chief and admin those of their station; a lost second factor is reset by two people (RULES A5, E4).
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
