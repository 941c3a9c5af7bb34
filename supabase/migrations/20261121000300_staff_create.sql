-- Purpose: who works at which station, in which communities, and who is asking.
-- Risk: none, new objects. Roles live here and never in the JWT, so that a change counts at once.

create table public.staff (
  user_id uuid primary key references auth.users (id) on delete restrict,
  station_id uuid not null references public.stations (id) on delete restrict,
  role text not null check (role in ('officer', 'lead', 'chief', 'auditor', 'admin')),
  name jsonb not null check (name ?& array['zh', 'en']),
  badge_number text not null,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  unique (station_id, badge_number)
);
comment on table public.staff is 'Police staff: officer < lead < chief; auditor reads logs; admin runs the system and reads no report.';

create table public.assignments (
  id uuid primary key default gen_random_uuid(),
  staff_id uuid not null references public.staff (user_id) on delete cascade,
  community_id uuid not null references public.communities (id) on delete restrict,
  kind text not null default 'officer' check (kind in ('officer', 'stand_in')),
  from_on date not null default current_date,
  to_on date,
  check (to_on is null or to_on >= from_on)
);
comment on table public.assignments is 'Which officer looks after which community, from when to when; a stand-in covers.';
create index assignments_by_staff on public.assignments (staff_id, community_id);
create index assignments_by_community on public.assignments (community_id);

-- The person behind the call. From the secret key `p_actor` and `p_session` are believed only if that session is alive
-- (RULES A2, A4); from any other role a `p_actor` is refused.
create function private.actor(p_actor uuid default null, p_session uuid default null) returns uuid
language plpgsql stable security definer set search_path = '' as $$
declare
  v_claims jsonb := coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb, '{}'::jsonb);
  v_actor uuid;
  v_session uuid;
begin
  if v_claims ->> 'role' = 'service_role' then
    v_actor := p_actor;
    v_session := p_session;
  elsif p_actor is not null then
    raise exception 'an actor may be named with the secret key only' using errcode = 'PT403', detail = 'forbidden';
  else
    v_actor := (v_claims ->> 'sub')::uuid;
    v_session := (v_claims ->> 'session_id')::uuid;
  end if;
  if v_actor is null then
    return null;
  end if;
  if not exists (select from auth.sessions s where s.id = v_session and s.user_id = v_actor) then
    raise exception 'this session has ended' using errcode = 'PT401', detail = 'session_ended';
  end if;
  return v_actor;
end;
$$;
comment on function private.actor(uuid, uuid) is 'Definer: auth.sessions is not readable by the API roles.';
revoke all on function private.actor(uuid, uuid) from public;
grant execute on function private.actor(uuid, uuid) to authenticated, service_role;

-- The active staff row of the caller; all null for anyone else.
create function private.staff_actor(p_actor uuid default null, p_session uuid default null) returns public.staff
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff;
begin
  select s.* into v_staff from public.staff s where s.user_id = private.actor(p_actor, p_session) and s.is_active;
  return v_staff;
end;
$$;
comment on function private.staff_actor(uuid, uuid) is 'Definer: looks the caller up whatever they may read of staff.';
revoke all on function private.staff_actor(uuid, uuid) from public;
grant execute on function private.staff_actor(uuid, uuid) to authenticated, service_role;

create function private.communities_of(p_staff uuid) returns setof uuid
language sql stable security definer rows 3 set search_path = '' as $$
  select a.community_id
  from public.assignments a
  join public.staff f on f.user_id = a.staff_id
  join public.stations s on s.id = f.station_id
  where a.staff_id = p_staff
    and (private.clock() at time zone s.time_zone)::date between a.from_on and coalesce(a.to_on, 'infinity'::date);
$$;
comment on function private.communities_of(uuid) is 'Communities an officer looks after or stands in for today, by the day of the station (RULES D1). Definer: assignments are readable within a station only.';
revoke all on function private.communities_of(uuid) from public;
grant execute on function private.communities_of(uuid) to authenticated, service_role;

create function private.my_station() returns uuid
language sql stable security definer set search_path = '' as $$
  select (private.staff_actor()).station_id;
$$;
comment on function private.my_station() is 'Station of the signed-in staff member, null for anyone else. Definer: used by the policy on staff itself.';
revoke all on function private.my_station() from public;
grant execute on function private.my_station() to authenticated;

alter table public.staff enable row level security;
create policy "staff read their own station's staff" on public.staff for select to authenticated
  using (station_id = (select private.my_station()));
grant select on public.staff to authenticated, service_role;

alter table public.assignments enable row level security;
create policy "staff read their own station's assignments" on public.assignments for select to authenticated
  using (exists (select from public.staff s where s.user_id = assignments.staff_id and s.station_id = (select private.my_station())));
grant select on public.assignments to authenticated, service_role;
