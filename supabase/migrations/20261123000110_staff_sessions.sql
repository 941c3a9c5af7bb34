-- Purpose: staff see and end their sessions, chief and admin those of their station; a lost second factor is reset by two people (RULES A5, E4).
-- Risk: sessions of Supabase Auth are deleted here; a reset opens an account to whoever has its password, so two people decide and the owner is told.

create table private.factor_resets (
  id uuid primary key default gen_random_uuid(),
  staff_id uuid not null references public.staff (user_id) on delete cascade,
  asked_by uuid not null references public.staff (user_id) on delete restrict,
  asked_at timestamptz not null,
  decided_by uuid references public.staff (user_id) on delete restrict,
  decided_at timestamptz,
  is_confirmed boolean,
  check (num_nonnulls(decided_by, decided_at, is_confirmed) in (0, 3)),
  -- Three different people, whatever a function may think.
  constraint factor_resets_need_two_others check (asked_by <> staff_id and decided_by <> staff_id and decided_by <> asked_by)
);
comment on table private.factor_resets is 'Phone and recovery codes are lost: an admin or chief proposes, another one confirms within a day, at least one of the two is a chief.';
create unique index factor_resets_open on private.factor_resets (staff_id) where decided_at is null;
create index factor_resets_by_staff on private.factor_resets (staff_id, asked_at);
alter table private.factor_resets enable row level security;

/*
  Takes a colleague's second factor and recovery codes away and ends their sessions; their next sign-in leads to the enrolment. Whoever calls
  this has checked that two people agreed: decide_factor_reset below, or the confirmation of a proposal.
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

create function private.may_decide_reset(p_reset private.factor_resets, p_staff public.staff) returns boolean
language sql stable security definer set search_path = '' as $$
  select p_reset.decided_at is null and p_reset.asked_at > now() - interval '24 hours' and p_staff.user_id not in (p_reset.staff_id, p_reset.asked_by)
    and (p_staff.role = 'chief' or (p_staff.role = 'admin' and exists (select from public.staff a where a.user_id = p_reset.asked_by and a.role = 'chief')))
    and exists (select from public.staff s where s.user_id = p_reset.staff_id and s.station_id = p_staff.station_id);
$$;
comment on function private.may_decide_reset(private.factor_resets, public.staff) is 'Definer: roles of colleagues.';

-- → {ok, now, sessions: [{id, user_id, name, role, is_this, is_own, started_at, seen_at, browser, system, state}], people: [{user_id, name, role, has_factor, may_reset}], resets: [{id, user_id, name, asked_by, asked_at, may_decide}]}
-- People and resets for chief and admin; others see their own sessions.
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
      where s.station_id = v_staff.station_id and (v_leads or s.user_id = v_staff.user_id)), '[]'::jsonb),
    'people', coalesce((select jsonb_agg(jsonb_build_object('user_id', s.user_id, 'name', s.name, 'role', s.role,
        'has_factor', exists (select from private.staff_factors f where f.user_id = s.user_id and f.confirmed_at is not null),
        'may_reset', s.user_id <> v_staff.user_id and exists (select from private.staff_factors f where f.user_id = s.user_id and f.confirmed_at is not null)
          and not exists (select from private.factor_resets r where r.staff_id = s.user_id and r.decided_at is null and r.asked_at > now() - interval '24 hours')) order by s.badge_number)
      from public.staff s where v_leads and s.station_id = v_staff.station_id and s.is_active), '[]'::jsonb),
    'resets', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'user_id', s.user_id, 'name', s.name, 'asked_by', a.name, 'asked_at', r.asked_at, 'may_decide', private.may_decide_reset(r, v_staff)) order by r.asked_at)
      from private.factor_resets r join public.staff s on s.user_id = r.staff_id join public.staff a on a.user_id = r.asked_by
      where v_leads and s.station_id = v_staff.station_id and r.decided_at is null and r.asked_at > now() - interval '24 hours'), '[]'::jsonb));
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

-- Admin or chief propose; never for oneself. → {ok, id}
create function public.propose_factor_reset(p_staff uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_id uuid;
begin
  if v_staff.user_id is null or v_staff.role not in ('admin', 'chief') then
    return private.refuse('forbidden');
  end if;
  if p_staff = v_staff.user_id then
    return private.refuse('second_person_required');
  end if;
  if not exists (select from public.staff s join private.staff_factors f on f.user_id = s.user_id and f.confirmed_at is not null
      where s.user_id = p_staff and s.station_id = v_staff.station_id and s.is_active) then
    return private.refuse('not_found');
  end if;
  -- One that nobody decided within a day makes place.
  delete from private.factor_resets r where r.staff_id = p_staff and r.decided_at is null and r.asked_at <= now() - interval '24 hours';
  insert into private.factor_resets (staff_id, asked_by, asked_at) values (p_staff, v_staff.user_id, now()) on conflict do nothing returning id into v_id;
  if v_id is null then
    return private.refuse('conflict');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.factor_reset_proposed', 'staff', p_staff, jsonb_build_object('colleague', p_staff));
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$$;
comment on function public.propose_factor_reset(uuid) is 'Definer: the table is private.';
revoke all on function public.propose_factor_reset(uuid) from public;
grant execute on function public.propose_factor_reset(uuid) to authenticated;

-- Another person decides: a chief, or the admin when a chief proposed.
create function public.decide_factor_reset(p_id uuid, p_is_confirmed boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_reset private.factor_resets;
begin
  if v_staff.user_id is null or v_staff.role not in ('admin', 'chief') or p_is_confirmed is null then
    return private.refuse('forbidden');
  end if;
  select r.* into v_reset from private.factor_resets r join public.staff s on s.user_id = r.staff_id
  where r.id = p_id and s.station_id = v_staff.station_id and r.decided_at is null and r.asked_at > now() - interval '24 hours' for update of r;
  if not found then
    return private.refuse('not_found');
  end if;
  if not private.may_decide_reset(v_reset, v_staff) then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.factor_reset_denied', 'staff', v_reset.staff_id, jsonb_build_object('colleague', v_reset.staff_id));
    return private.refuse('second_person_required');
  end if;
  update private.factor_resets r set decided_by = v_staff.user_id, decided_at = now(), is_confirmed = p_is_confirmed where r.id = p_id;
  if p_is_confirmed then
    perform private.reset_second_factor(v_reset.staff_id, v_reset.asked_by, v_staff.user_id);
  else
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.factor_reset_declined', 'staff', v_reset.staff_id, jsonb_build_object('colleague', v_reset.staff_id));
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.decide_factor_reset(uuid, boolean) is 'Definer: the tables are private.';
revoke all on function public.decide_factor_reset(uuid, boolean) from public;
grant execute on function public.decide_factor_reset(uuid, boolean) to authenticated;

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
