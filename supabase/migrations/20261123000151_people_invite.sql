-- Purpose: invitations to the desk: sent after two people agreed, accepted once through a mailed link, sent again, taken back; and the two
-- that a new station begins with.
-- Risk: none, new functions. What carries a token or an address for the outbox is the server's alone (RULES A2).

create function private.invitation_life() returns interval
language sql immutable set search_path = '' as $$ select interval '7 days'; $$;
revoke all on function private.invitation_life() from public;

-- Mails that still wait with an older link must not leave.
create function private.drop_invitation_mails(p_id uuid) returns void
language sql volatile set search_path = '' as $$
  delete from public.outbox o where o.noun = 'staff' and o.noun_id = p_id and o.template = 'staff.invited' and o.status in ('queued', 'failed', 'dead');
$$;
revoke all on function private.drop_invitation_mails(uuid) from public;

-- Gives an invitation a new link, and its mail. p: token_hash, recipient_sealed, params_sealed
create function private.send_invitation(p_id uuid, p jsonb) returns timestamptz
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_locale text;
begin
  perform private.drop_invitation_mails(p_id);
  update private.staff_invitations i set token_hash = p ->> 'token_hash', sent_at = v_now, expires_at = v_now + private.invitation_life()
  where i.id = p_id returning i.locale into v_locale;
  insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, params_sealed, locale)
  values ('email', 'staff.invited', 'staff', p_id, p ->> 'recipient_sealed', p ->> 'params_sealed', v_locale);
  return v_now + private.invitation_life();
end;
$$;
revoke all on function private.send_invitation(uuid, jsonb) from public;

-- Why this person cannot be invited, or null. p: role, email, name {zh, en}, badge_number, locale. p_ending: invitations that make way for this one.
create function private.check_invited(p_station uuid, p jsonb, p_ending uuid[] default '{}') returns text
language plpgsql stable set search_path = '' as $$
begin
  if coalesce(p ->> 'role', '') not in ('officer', 'lead', 'chief', 'auditor', 'admin') or coalesce(p ->> 'locale', '') not in ('zh', 'en')
    or not coalesce(private.is_text_in_both(p -> 'name', 1, 60), false) or coalesce(char_length(btrim(p ->> 'badge_number')), 0) not between 1 and 30
    or coalesce(lower(btrim(p ->> 'email')), '') !~ '^[^@\s]+@[^@\s]+$' or char_length(p ->> 'email') > 254 then
    return 'invalid_input';
  end if;
  -- Residents' accounts are not told of: whether an address has one is learnt by whoever opens its mail.
  if exists (select from public.staff s join auth.users u on u.id = s.user_id where lower(u.email) = lower(btrim(p ->> 'email'))) then
    return 'already_staff';
  end if;
  if exists (select from private.staff_invitations i where i.email = lower(btrim(p ->> 'email')) and not i.id = any (p_ending)) then
    return 'already_invited';
  end if;
  if private.is_badge_taken(p_station, btrim(p ->> 'badge_number'), null, p_ending) then
    return 'badge_taken';
  end if;
  return null;
end;
$$;
revoke all on function private.check_invited(uuid, jsonb, uuid[]) from public;

create function private.is_badge_taken(p_station uuid, p_badge text, p_but uuid default null, p_ending uuid[] default '{}') returns boolean
language sql stable set search_path = '' as $$
  select exists (select from public.staff s where s.station_id = p_station and s.badge_number = p_badge and s.user_id is distinct from p_but)
    or exists (select from private.staff_invitations i where i.station_id = p_station and i.badge_number = p_badge and i.accepted_at is null and i.revoked_at is null and not i.id = any (p_ending));
$$;
revoke all on function private.is_badge_taken(uuid, text, uuid, uuid[]) from public;

create function private.keep_invited(p_station uuid, p jsonb) returns uuid
language sql volatile set search_path = '' as $$
  insert into private.staff_invitations (station_id, role, name, badge_number, email, locale, created_at)
  values (p_station, p ->> 'role', p -> 'name', btrim(p ->> 'badge_number'), lower(btrim(p ->> 'email')), p ->> 'locale', private.clock())
  returning id;
$$;
revoke all on function private.keep_invited(uuid, jsonb) from public;

/*
  A link that was lost or has run out. p: actor, session, id, token_hash, recipient_sealed, params_sealed
  → {ok, expires_at} | forbidden | not_found | rate_limited
*/
create function public.resend_invitation(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_invitation private.staff_invitations;
  v_wait integer;
  v_expires_at timestamptz;
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin') then
    return private.refuse('forbidden');
  end if;
  select i.* into v_invitation from private.staff_invitations i
  where i.id = (p ->> 'id')::uuid and i.station_id = v_staff.station_id and i.sent_at is not null and i.accepted_at is null and i.revoked_at is null for update;
  if not found then
    return private.refuse('not_found');
  end if;
  -- Somebody's mailbox is not to be filled through us.
  v_wait := private.take('invitation:' || v_invitation.id, 5, 86400);
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  v_expires_at := private.send_invitation(v_invitation.id, p);
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.invitation_resent', 'staff', v_invitation.user_id, jsonb_build_object('badge', v_invitation.badge_number));
  return jsonb_build_object('ok', true, 'expires_at', v_expires_at);
end;
$$;
comment on function public.resend_invitation(jsonb) is 'Definer: the table is private.';
revoke all on function public.resend_invitation(jsonb) from public;
grant execute on function public.resend_invitation(jsonb) to service_role;

create function private.end_invitation(p_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  update private.staff_invitations i set revoked_at = private.clock(), token_hash = null, expires_at = null, email = null
  where i.id = p_id and i.accepted_at is null and i.revoked_at is null;
  perform private.drop_invitation_mails(p_id);
end;
$$;
revoke all on function private.end_invitation(uuid) from public;

-- Taken back by one person: what only takes a right away needs no second one. The first chief's stays, since nobody at the desk could invite another.
create function public.revoke_invitation(p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_invitation private.staff_invitations;
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin') then
    return private.refuse('forbidden');
  end if;
  select i.* into v_invitation from private.staff_invitations i
  where i.id = p_id and i.station_id = v_staff.station_id and i.sent_at is not null and i.accepted_at is null and i.revoked_at is null for update;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_invitation.role = 'chief' and not exists (select from public.staff s where s.station_id = v_staff.station_id and s.role = 'chief' and s.is_active) then
    return private.refuse('last_of_role');
  end if;
  perform private.end_invitation(v_invitation.id);
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.invitation_revoked', 'staff', v_invitation.user_id, jsonb_build_object('badge', v_invitation.badge_number));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.revoke_invitation(uuid) is 'Definer: the table is private.';
revoke all on function public.revoke_invitation(uuid) from public;
grant execute on function public.revoke_invitation(uuid) to authenticated;

create function private.open_invitation(p_token_hash text) returns private.staff_invitations
language sql stable set search_path = '' as $$
  select i.* from private.staff_invitations i where i.token_hash = p_token_hash and i.expires_at > private.clock();
$$;
revoke all on function private.open_invitation(text) from public;

-- What the link shows to whoever holds it. p: token_hash, limits[] → {ok, user_id, email, role, name, badge_number, locale, station, expires_at} | invitation_ended | rate_limited
create function public.get_invitation(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_invitation private.staff_invitations := private.open_invitation(p ->> 'token_hash');
  v_wait integer;
begin
  if v_invitation.id is null then
    v_wait := private.take_all(p -> 'limits');
    return case when v_wait > 0 then private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait)) else private.refuse('invitation_ended') end;
  end if;
  return (select jsonb_build_object('ok', true, 'user_id', v_invitation.user_id, 'email', v_invitation.email, 'role', v_invitation.role, 'name', v_invitation.name, 'badge_number', v_invitation.badge_number,
      'locale', v_invitation.locale, 'station', s.name, 'expires_at', v_invitation.expires_at, 'time_zone', s.time_zone)
    from public.stations s where s.id = v_invitation.station_id);
end;
$$;
comment on function public.get_invitation(jsonb) is 'One answer for used, ended and never sent. Definer: the table is private.';
revoke all on function public.get_invitation(jsonb) from public;
grant execute on function public.get_invitation(jsonb) to service_role;

/*
  The invited person joins; their account at Supabase Auth was made a moment before, with the id that the invitation holds.
  Their name is the one that two people agreed to. p: token_hash → {ok, role} | invitation_ended | conflict (no such account, or another address)
*/
create function public.accept_invitation(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_invitation private.staff_invitations;
begin
  select i.* into v_invitation from private.staff_invitations i where i.token_hash = p ->> 'token_hash' and i.expires_at > private.clock() for update;
  if not found then
    return private.refuse('invitation_ended');
  end if;
  if not exists (select from auth.users u where u.id = v_invitation.user_id and lower(u.email) = v_invitation.email) then
    return private.refuse('conflict');
  end if;
  insert into public.staff (user_id, station_id, role, name, badge_number, created_at)
  values (v_invitation.user_id, v_invitation.station_id, v_invitation.role, v_invitation.name, v_invitation.badge_number, private.clock());
  update private.staff_invitations i set accepted_at = private.clock(), token_hash = null, expires_at = null, email = null where i.id = v_invitation.id;
  perform private.drop_invitation_mails(v_invitation.id);
  perform private.log(v_invitation.station_id, v_invitation.user_id, v_invitation.role, 'staff.joined', 'staff', v_invitation.user_id,
    jsonb_build_object('role', v_invitation.role, 'badge', v_invitation.badge_number));
  return jsonb_build_object('ok', true, 'role', v_invitation.role);
end;
$$;
comment on function public.accept_invitation(jsonb) is 'Definer: nobody may write staff directly.';
revoke all on function public.accept_invitation(jsonb) from public;
grant execute on function public.accept_invitation(jsonb) to service_role;

/*
  The first two people of a station, who can let in everybody else: one chief, one administrator (RULES A5, `npm run setup`); the chief alone
  if an administrator is at work. Said again before the chief has come, it makes new links; the older ones end only if it can.
  p: station, people[1..2]: {role, email, name, badge_number, locale, token_hash, recipient_sealed, params_sealed}
  → {ok, expires_at} | already_set_up | not_found | invalid_input | already_staff | already_invited | badge_taken
*/
create function public.invite_first_staff(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_station uuid;
  v_expected text[];
  v_ending uuid[];
  v_person jsonb;
  v_code text;
  v_id uuid;
  v_expires_at timestamptz;
begin
  select s.id into v_station from public.stations s where s.id = (p ->> 'station')::uuid for no key update;
  if not found then
    return private.refuse('not_found');
  end if;
  if exists (select from public.staff s where s.station_id = v_station and s.role = 'chief' and s.is_active) then
    return private.refuse('already_set_up');
  end if;
  v_expected := case when exists (select from public.staff s where s.station_id = v_station and s.role = 'admin' and s.is_active) then '{chief}' else '{admin,chief}' end;
  if coalesce((select array_agg(t.role order by t.role) from jsonb_to_recordset(p -> 'people') as t (role text)), '{}') <> v_expected then
    return private.refuse('invalid_input');
  end if;
  v_ending := array(select i.id from private.staff_invitations i
    where i.station_id = v_station and i.accepted_at is null and i.revoked_at is null and not exists (select from public.staff_proposals q where q.invitation_id = i.id) for update);
  -- Everything is looked at before anything is written: nothing is kept of the first when the second cannot be invited, and no link ends for a typing error.
  for v_person in select t.value from jsonb_array_elements(p -> 'people') as t loop
    v_code := coalesce(v_code, private.check_invited(v_station, v_person, v_ending));
  end loop;
  if v_code is null and (select count(distinct lower(btrim(t.value ->> 'email'))) < count(*) or count(distinct btrim(t.value ->> 'badge_number')) < count(*) from jsonb_array_elements(p -> 'people') as t) then
    v_code := 'invalid_input';
  end if;
  if v_code is not null then
    return private.refuse(v_code);
  end if;
  perform private.end_invitation(e.id) from unnest(v_ending) as e (id);
  for v_person in select t.value from jsonb_array_elements(p -> 'people') as t loop
    v_id := private.keep_invited(v_station, v_person);
    v_expires_at := private.send_invitation(v_id, v_person);
    perform private.log(v_station, null, 'system', 'staff.invited', 'staff', (select i.user_id from private.staff_invitations i where i.id = v_id),
      jsonb_build_object('role', v_person ->> 'role', 'badge', btrim(v_person ->> 'badge_number')));
  end loop;
  return jsonb_build_object('ok', true, 'expires_at', v_expires_at);
end;
$$;
comment on function public.invite_first_staff(jsonb) is 'Only while the station has no active chief. Definer: the table is private.';
revoke all on function public.invite_first_staff(jsonb) from public;
grant execute on function public.invite_first_staff(jsonb) to service_role;
