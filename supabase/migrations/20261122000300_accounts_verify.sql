-- Purpose: verified residents (RULES E1): by a single-use paper code of the community, or confirmed by an officer whom they met.
-- Risk: none for data; get_account() answers with `verification` beside what it said before.

create table private.verification_batches (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  community_id uuid not null,
  created_by uuid not null references public.staff (user_id) on delete restrict,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  size integer not null check (size between 1 and 500),
  redeemed integer not null default 0,
  revoked_at timestamptz,
  revoked_by uuid references public.staff (user_id) on delete restrict,
  foreign key (community_id, station_id) references public.communities (id, station_id) on delete restrict,
  check (expires_at > created_at),
  check (redeemed between 0 and size),
  check ((revoked_at is null) = (revoked_by is null))
);
comment on table private.verification_batches is 'Paper codes made at once at the desk. How many were used is known, not by whom.';
create index verification_batches_by_station on private.verification_batches (station_id, created_at desc);
create index verification_batches_by_community on private.verification_batches (community_id, station_id);
alter table private.verification_batches enable row level security;

create table private.verification_codes (
  code_hash public.keyed_hash primary key,
  batch_id uuid not null references private.verification_batches (id) on delete cascade
);
comment on table private.verification_codes is 'Paper codes that nobody used yet. A code that is redeemed goes: which paper verified whom is not kept.';
create index verification_codes_by_batch on private.verification_codes (batch_id);
alter table private.verification_codes enable row level security;

create table private.verifications (
  user_id uuid primary key references auth.users (id) on delete cascade,
  id uuid not null unique default gen_random_uuid(),
  community_id uuid not null references public.communities (id) on delete cascade,
  method text not null check (method in ('code', 'officer')),
  confirmed_by uuid references public.staff (user_id) on delete restrict,
  verified_on date not null,
  check ((method = 'officer') = (confirmed_by is not null))
);
comment on table private.verifications is 'Verified residents: of one community at a time. The officer who confirmed is kept, since the rated one does not count (RULES E1).';
comment on column private.verifications.id is 'What the log names: nobody can be found by it once the account is erased.';
create index verifications_by_community on private.verifications (community_id);
create index verifications_by_officer on private.verifications (confirmed_by) where confirmed_by is not null;
alter table private.verifications enable row level security;

create table private.confirmation_codes (
  user_id uuid primary key references auth.users (id) on delete cascade,
  code_hash public.keyed_hash not null unique,
  community_id uuid not null references public.communities (id) on delete cascade,
  expires_at timestamptz not null
);
comment on table private.confirmation_codes is 'Ten minutes in which a resident shows a code to an officer in front of them.';
create index confirmation_codes_by_community on private.confirmation_codes (community_id);
create index confirmation_codes_by_expiry on private.confirmation_codes (expires_at);
alter table private.confirmation_codes enable row level security;

-- RULES E1: staff draw no ballot, so they are never verified, whichever comes first.
create function private.refuse_verified_staff() returns trigger
language plpgsql set search_path = '' as $$
begin
  if exists (select from public.staff s where s.user_id = new.user_id and s.is_active) then
    raise exception 'staff are never verified residents' using errcode = 'PT403', detail = 'forbidden';
  end if;
  return new;
end;
$$;
create trigger verifications_are_for_residents before insert or update on private.verifications for each row execute function private.refuse_verified_staff();

create function private.end_verification_of_staff() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from private.verifications v where v.user_id = new.user_id;
  delete from private.confirmation_codes c where c.user_id = new.user_id;
  return new;
end;
$$;
comment on function private.end_verification_of_staff() is 'Trigger: whoever joins the station stops being a verified resident. Definer: the tables are private.';
create trigger staff_are_not_verified after insert or update of is_active on public.staff
  for each row when (new.is_active) execute function private.end_verification_of_staff();

-- May this person be counted as a verified resident when this officer is rated?
create function private.is_verified_for(p_user uuid, p_community uuid, p_officer uuid) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from private.verifications v
    where v.user_id = p_user and v.community_id = p_community and v.confirmed_by is distinct from p_officer)
    and not exists (select from public.staff s where s.user_id = p_user and s.is_active);
$$;
comment on function private.is_verified_for(uuid, uuid, uuid) is 'RULES E1: confirmed by somebody other than the officer who is rated, and not staff.';

create function private.verify_resident(p_user uuid, p_community uuid, p_method text, p_officer uuid) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid;
begin
  insert into private.verifications as v (user_id, community_id, method, confirmed_by, verified_on)
  select p_user, p_community, p_method, p_officer, (private.clock() at time zone s.time_zone)::date
  from public.communities c join public.stations s on s.id = c.station_id where c.id = p_community
  on conflict (user_id) do update set id = gen_random_uuid(), community_id = excluded.community_id, method = excluded.method,
    confirmed_by = excluded.confirmed_by, verified_on = excluded.verified_on
  returning v.id into v_id;
  delete from private.confirmation_codes c where c.user_id = p_user;
  return v_id;
end;
$$;

-- p: actor, session, community (slug), days, code_hashes[] → {ok, id, expires_at, community}. Lead and chief.
create function public.create_verification_batch(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_community public.communities;
  v_size integer := case when jsonb_typeof(p -> 'code_hashes') = 'array' then jsonb_array_length(p -> 'code_hashes') else 0 end;
  v_days integer := (p ->> 'days')::integer;
  v_batch private.verification_batches;
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_size not between 1 and 500 or coalesce(v_days, 0) not between 1 and 366 then
    return private.refuse('invalid_input');
  end if;
  select c.* into v_community from public.communities c where c.slug = p ->> 'community' and c.station_id = v_staff.station_id and c.is_active;
  if not found then
    return private.refuse('not_found');
  end if;
  insert into private.verification_batches (station_id, community_id, created_by, created_at, expires_at, size)
  values (v_staff.station_id, v_community.id, v_staff.user_id, private.clock(), private.clock() + make_interval(days => v_days), v_size)
  returning * into v_batch;
  insert into private.verification_codes (code_hash, batch_id) select value, v_batch.id from jsonb_array_elements_text(p -> 'code_hashes');
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'verification.batch_made', 'verifications', v_batch.id);
  return jsonb_build_object('ok', true, 'id', v_batch.id, 'expires_at', v_batch.expires_at, 'community', v_community.name);
end;
$$;
comment on function public.create_verification_batch(jsonb) is 'Paper codes for a community, as keyed hashes that only the server makes. Definer: the tables are private.';
revoke all on function public.create_verification_batch(jsonb) from public;
grant execute on function public.create_verification_batch(jsonb) to service_role;

create function public.list_verification_batches() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief', 'auditor') then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'batches', coalesce((
    select jsonb_agg(jsonb_build_object('id', t.id, 'community', c.name, 'created_by', s.name, 'created_at', t.created_at, 'expires_at', t.expires_at,
      'size', t.size, 'redeemed', t.redeemed, 'revoked_at', t.revoked_at,
      'left', case when t.revoked_at is null and t.expires_at > private.clock() then (select count(*) from private.verification_codes k where k.batch_id = t.id) else 0 end) order by t.created_at desc, t.id)
    from (select b.* from private.verification_batches b where b.station_id = v_staff.station_id order by b.created_at desc, b.id limit 200) t
    join public.communities c on c.id = t.community_id join public.staff s on s.user_id = t.created_by), '[]'::jsonb));
end;
$$;
comment on function public.list_verification_batches() is 'How many paper codes are left. Definer: the tables are private.';
revoke all on function public.list_verification_batches() from public;
grant execute on function public.list_verification_batches() to authenticated;

create function public.revoke_verification_batch(p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  update private.verification_batches b set revoked_at = private.clock(), revoked_by = v_staff.user_id
  where b.id = p_id and b.station_id = v_staff.station_id and b.revoked_at is null;
  if not found then
    return private.refuse('not_found');
  end if;
  delete from private.verification_codes k where k.batch_id = p_id;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'verification.batch_revoked', 'verifications', p_id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.revoke_verification_batch(uuid) is 'Codes of a lost or stolen sheet stop working; who was verified stays so. Definer: the tables are private.';
revoke all on function public.revoke_verification_batch(uuid) from public;
grant execute on function public.revoke_verification_batch(uuid) to authenticated;

-- p: actor, session, code_hash, limits[] → {ok, community}. A wrong, used, expired or revoked code answers alike.
create function public.redeem_verification_code(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
  v_batch private.verification_batches;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  if exists (select from public.staff s where s.user_id = v_actor and s.is_active) then
    return private.refuse('forbidden');
  end if;
  select b.* into v_batch from private.verification_codes k join private.verification_batches b on b.id = k.batch_id
  where k.code_hash = p ->> 'code_hash' and b.revoked_at is null and b.expires_at > private.clock();
  if not found then
    return private.refuse('not_found');
  end if;
  -- Whoever is verified here already keeps the paper for somebody else of the household.
  if exists (select from private.verifications v where v.user_id = v_actor and v.community_id = v_batch.community_id) then
    return private.refuse('already_verified');
  end if;
  delete from private.verification_codes k where k.code_hash = p ->> 'code_hash';
  if not found then
    return private.refuse('not_found');
  end if;
  update private.verification_batches b set redeemed = b.redeemed + 1 where b.id = v_batch.id;
  perform private.verify_resident(v_actor, v_batch.community_id, 'code', null);
  perform private.log(v_batch.station_id, null, 'resident', 'verification.code_redeemed', 'verifications', v_batch.id);
  return jsonb_build_object('ok', true, 'community', (select c.name from public.communities c where c.id = v_batch.community_id));
end;
$$;
comment on function public.redeem_verification_code(jsonb) is 'A signed-in resident uses a paper code. Definer: the tables are private.';
revoke all on function public.redeem_verification_code(jsonb) from public;
grant execute on function public.redeem_verification_code(jsonb) to service_role;

-- p: actor, session, code_hash → {ok, expires_at, community}. A new code replaces the one before.
create function public.request_confirmation(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
  v_community public.communities;
  v_until timestamptz := private.clock() + interval '10 minutes';
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  if exists (select from public.staff s where s.user_id = v_actor and s.is_active) then
    return private.refuse('forbidden');
  end if;
  select c.* into v_community from public.profiles f join public.communities c on c.id = f.community_id and c.is_active where f.user_id = v_actor;
  if not found then
    return private.refuse('community_missing');
  end if;
  if exists (select from private.verifications v where v.user_id = v_actor and v.community_id = v_community.id) then
    return private.refuse('already_verified');
  end if;
  -- Of two people who draw the same digits the second draws again.
  delete from private.confirmation_codes c where c.user_id = v_actor or c.expires_at <= private.clock();
  insert into private.confirmation_codes (user_id, code_hash, community_id, expires_at) values (v_actor, p ->> 'code_hash', v_community.id, v_until)
  on conflict do nothing;
  if not found then
    return private.refuse('conflict');
  end if;
  return jsonb_build_object('ok', true, 'expires_at', v_until, 'community', v_community.name);
end;
$$;
comment on function public.request_confirmation(jsonb) is 'A code of ten minutes that the resident shows to an officer. Definer: the tables are private.';
revoke all on function public.request_confirmation(jsonb) from public;
grant execute on function public.request_confirmation(jsonb) to service_role;

-- p: actor, session, code_hash, limits[] → {ok, community}. An officer for their communities, lead and chief for the station's.
create function public.confirm_resident(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
  v_code private.confirmation_codes;
  v_community public.communities;
  v_id uuid;
begin
  if v_staff.user_id is null or v_staff.role not in ('officer', 'lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select c.* into v_community
  from private.confirmation_codes k join public.communities c on c.id = k.community_id
  where k.code_hash = p ->> 'code_hash' and k.expires_at > private.clock() and c.station_id = v_staff.station_id
    and (v_staff.role in ('lead', 'chief') or c.id in (select private.communities_of(v_staff.user_id)));
  if found then
    delete from private.confirmation_codes k where k.code_hash = p ->> 'code_hash' returning k.* into v_code;
  end if;
  if v_code.user_id is null then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'verification.confirm_refused', 'verifications', null);
    return private.refuse('not_found');
  end if;
  v_id := private.verify_resident(v_code.user_id, v_community.id, 'officer', v_staff.user_id);
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'verification.resident_confirmed', 'verifications', v_id);
  return jsonb_build_object('ok', true, 'community', v_community.name);
end;
$$;
comment on function public.confirm_resident(jsonb) is 'An officer confirms the resident in front of them. Definer: the tables are private.';
revoke all on function public.confirm_resident(jsonb) from public;
grant execute on function public.confirm_resident(jsonb) to service_role;

create or replace function public.get_account() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return (select jsonb_build_object('ok', true, 'email', u.email, 'created_at', u.created_at, 'has_password', coalesce(u.encrypted_password, '') <> '',
      'community', c.slug, 'locale', coalesce(p.locale, 'zh'), 'staff_role', (private.staff_actor()).role,
      'verification', (select jsonb_build_object('community', v.slug, 'name', v.name, 'method', f.method, 'verified_on', f.verified_on)
        from private.verifications f join public.communities v on v.id = f.community_id where f.user_id = v_actor))
    from auth.users u left join public.profiles p on p.user_id = u.id left join public.communities c on c.id = p.community_id
    where u.id = v_actor);
end;
$$;

do $$
declare
  f text;
begin
  foreach f in array array['refuse_verified_staff()', 'end_verification_of_staff()', 'is_verified_for(uuid, uuid, uuid)', 'verify_resident(uuid, uuid, text, uuid)'] loop
    execute format('revoke all on function private.%s from public', f);
  end loop;
end $$;
