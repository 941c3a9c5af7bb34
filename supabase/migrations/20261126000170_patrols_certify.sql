-- Purpose: certificates of patrol hours: what the station signed, that it can be checked by its number, and that it can be taken back.
-- Risk: none for data, new objects. Hours come from private.patrol_hours.

create table private.certificates (
  number text primary key check (number ~ '^PT(-[0-9A-HJKMNP-TV-Z]{4}){3}$'),
  station_id uuid not null references public.stations (id) on delete restrict,
  volunteer_id uuid references public.volunteers (id) on delete set null,
  issued_at timestamptz not null,
  statement jsonb not null check (statement ->> 'type' = 'patrol_certificate' and statement ->> 'number' = number),
  file_sealed public.sealed_text,
  papers text[] not null default '{}' check (cardinality(papers) <= 20),
  revoked_at timestamptz,
  revoked_by uuid references public.staff (user_id) on delete restrict,
  revoked_reason text check (revoked_reason is null or private.is_plain_text(revoked_reason, 3, 500, true)),
  constraint certificates_are_revoked_once check (revoked_at is not null or num_nonnulls(revoked_by, revoked_reason) = 0),
  constraint certificates_of_somebody_say_why check (revoked_by is null or revoked_reason is not null or volunteer_id is null)
);
comment on table private.certificates is 'A certificate of hours: the signed statement, and its content with the nonce, sealed by the portal. An erasure takes the content and leaves a statement that names nobody (RULES C3).';
comment on column private.certificates.papers is 'SHA-256 of each paper that was handed out, hex.';
comment on column private.certificates.revoked_by is 'Null with a time: by whom it was issued to.';
create index certificates_by_volunteer on private.certificates (volunteer_id, issued_at desc) where volunteer_id is not null;
create index certificates_by_station on private.certificates (station_id, issued_at desc);
create index certificates_by_revoker on private.certificates (revoked_by) where revoked_by is not null;
alter table private.certificates enable row level security;

-- Shifts with counted hours between two days on the station's wall. Without any: no days.
create function private.sum_patrol_hours(p_volunteer public.volunteers, p_from date, p_to date, out from_on date, out to_on date, out shifts integer, out minutes integer, out night_minutes integer)
language plpgsql stable set search_path = '' as $$
begin
  select min(d.day), max(d.day), count(*)::integer, coalesce(sum(h.minutes), 0)::integer, coalesce(sum(h.night_minutes), 0)::integer
  into from_on, to_on, shifts, minutes, night_minutes
  from public.shift_places q join private.patrol_hours h on h.place_id = q.id cross join lateral (select private.day_at(p_volunteer.station_id, lower(q.period)) as day) d
  where q.volunteer_id = p_volunteer.id and h.minutes > 0 and d.day between p_from and p_to;
end;
$$;
revoke all on function private.sum_patrol_hours(public.volunteers, date, date) from public;

/*
  What a certificate over some days would say, and the sealed contact with the name. p: {actor, session, from, to}
  → {ok, now, station, contact_sealed, from, to, shifts, minutes, night_minutes} | sign_in_required, not_found: no volunteer, invalid_input, no_hours
*/
create function public.count_certificate_hours(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_volunteer public.volunteers;
  v_contact text;
  v_sum record;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_volunteer := private.volunteer_of(v_actor);
  select c.contact_sealed into v_contact from private.volunteer_contacts c where c.volunteer_id = v_volunteer.id;
  if v_contact is null then
    return private.refuse('not_found');
  end if;
  if coalesce((p ->> 'from')::date > (p ->> 'to')::date, true) then
    return private.refuse('invalid_input');
  end if;
  v_sum := private.sum_patrol_hours(v_volunteer, (p ->> 'from')::date, (p ->> 'to')::date);
  if v_sum.shifts = 0 then
    return private.refuse('no_hours');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'station', (select s.name from public.stations s where s.id = v_volunteer.station_id), 'contact_sealed', v_contact,
    'from', v_sum.from_on, 'to', v_sum.to_on, 'shifts', v_sum.shifts, 'minutes', v_sum.minutes, 'night_minutes', v_sum.night_minutes);
end;
$$;
comment on function public.count_certificate_hours(jsonb) is 'For the portal, which opens the name. Definer: the tables have no grants.';
revoke all on function public.count_certificate_hours(jsonb) from public;
grant execute on function public.count_certificate_hours(jsonb) to service_role;

/*
  Keeps a certificate that the portal signed. p: {actor, session, number, from, to, shifts, minutes, night_minutes, issued_at, statement, file_sealed, limits}
  → {ok} | sign_in_required, not_found, conflict: the hours changed meanwhile, invalid_input, rate_limited
*/
create function public.issue_certificate(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_volunteer public.volunteers;
  v_sum record;
  v_wait integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  -- An erasure that is under way is waited for: what is sealed here holds a name.
  select v.* into v_volunteer from public.volunteers v where v.user_id = v_actor for share;
  if v_volunteer.id is null then
    return private.refuse('not_found');
  end if;
  if p ->> 'file_sealed' is null or (p ->> 'issued_at')::timestamptz not between private.clock() - interval '5 minutes' and private.clock() then
    return private.refuse('invalid_input');
  end if;
  v_sum := private.sum_patrol_hours(v_volunteer, (p ->> 'from')::date, (p ->> 'to')::date);
  if (v_sum.from_on, v_sum.to_on, v_sum.shifts, v_sum.minutes, v_sum.night_minutes)
    is distinct from ((p ->> 'from')::date, (p ->> 'to')::date, (p ->> 'shifts')::integer, (p ->> 'minutes')::integer, (p ->> 'night_minutes')::integer) then
    return private.refuse('conflict');
  end if;
  insert into private.certificates (number, station_id, volunteer_id, issued_at, statement, file_sealed)
  values (p ->> 'number', v_volunteer.station_id, v_volunteer.id, (p ->> 'issued_at')::timestamptz, p -> 'statement', p ->> 'file_sealed');
  perform private.log_own_act(v_volunteer, 'certificate.issued', null);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.issue_certificate(jsonb) is 'The server''s: it signs and seals. Definer: the tables have no grants.';
revoke all on function public.issue_certificate(jsonb) from public;
grant execute on function public.issue_certificate(jsonb) to service_role;

create function private.certificate_facts(c private.certificates) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('number', c.number, 'issued_at', c.issued_at, 'revoked_at', c.revoked_at, 'revoked_by', case when c.revoked_at is null then null when c.revoked_by is null then 'holder' else 'station' end, 'revoked_reason', c.revoked_reason);
$$;
revoke all on function private.certificate_facts(private.certificates) from public;

-- One's own certificates, the last one first. p: {actor, session} → {ok, now, certificates: [{number, issued_at, revoked_at, revoked_by: holder | station, revoked_reason, file_sealed}], first_on: of the first patrol with hours} | sign_in_required
create function public.list_own_certificates(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_volunteer public.volunteers;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_volunteer := private.volunteer_of(v_actor);
  return jsonb_build_object('ok', true, 'now', private.clock(), 'first_on', case when v_volunteer.id is not null then (private.sum_patrol_hours(v_volunteer, '-infinity', 'infinity')).from_on end,
    'certificates', coalesce((select jsonb_agg(private.certificate_facts(c) || jsonb_build_object('file_sealed', c.file_sealed) order by c.issued_at desc, c.number)
      from private.certificates c where c.volunteer_id = v_volunteer.id and c.file_sealed is not null), '[]'::jsonb));
end;
$$;
comment on function public.list_own_certificates(jsonb) is 'For the portal, which opens what they say. Definer: the table has no grants.';
revoke all on function public.list_own_certificates(jsonb) from public;
grant execute on function public.list_own_certificates(jsonb) to service_role;

-- One of one's own, to print it. p: {actor, session, number, limits} → {ok, file_sealed} | sign_in_required, not_found: also one that was revoked, rate_limited
create function public.open_own_certificate(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_file text;
  v_wait integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select c.file_sealed into v_file from private.certificates c where c.number = p ->> 'number' and c.revoked_at is null and c.volunteer_id = (private.volunteer_of(v_actor)).id;
  if v_file is null then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'file_sealed', v_file);
end;
$$;
comment on function public.open_own_certificate(jsonb) is 'For the portal, which opens and prints it. Definer: the table has no grants.';
revoke all on function public.open_own_certificate(jsonb) from public;
grant execute on function public.open_own_certificate(jsonb) to service_role;

-- Remembers a paper before it is handed out, so that a changed one can be told from it. p: {number, paper: its SHA-256} → {ok} | not_found, rate_limited: twenty different ones
create function public.note_certificate_paper(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_certificate private.certificates;
begin
  select c.* into v_certificate from private.certificates c where c.number = p ->> 'number' and c.file_sealed is not null and c.revoked_at is null for update;
  if v_certificate.number is null or coalesce(p ->> 'paper', '') !~ '^[0-9a-f]{64}$' then
    return private.refuse('not_found');
  end if;
  if not p ->> 'paper' = any (v_certificate.papers) then
    if cardinality(v_certificate.papers) >= 20 then
      return private.refuse('rate_limited');
    end if;
    update private.certificates c set papers = c.papers || (p ->> 'paper') where c.number = v_certificate.number;
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.note_certificate_paper(jsonb) is 'The server''s: it makes the paper. Definer: the table has no grants.';
revoke all on function public.note_certificate_paper(jsonb) from public;
grant execute on function public.note_certificate_paper(jsonb) to service_role;

/*
  Takes a certificate back, for good. By whoever it was issued to; by lead or chief of the station with a reason, never one's own. p: {number, reason?}
  → {ok} | sign_in_required, not_found, status_order: it was already, reason_missing
*/
create function public.revoke_certificate(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_staff public.staff := private.staff_actor();
  v_reason text := nullif(btrim(p ->> 'reason'), '');
  v_certificate private.certificates;
  v_volunteer public.volunteers;
  v_is_own boolean;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select c.* into v_certificate from private.certificates c where c.number = p ->> 'number' for update;
  select v.* into v_volunteer from public.volunteers v where v.id = v_certificate.volunteer_id;
  v_is_own := coalesce(v_volunteer.user_id = v_actor, false);
  if v_certificate.number is null or not (v_is_own or coalesce(v_staff.role in ('lead', 'chief') and v_staff.station_id = v_certificate.station_id, false)) then
    return private.refuse('not_found');
  end if;
  if v_certificate.revoked_at is not null then
    return private.refuse('status_order');
  end if;
  if (v_reason is null and not v_is_own) or (v_reason is not null and not private.is_plain_text(v_reason, 3, 500, true)) then
    return private.refuse('reason_missing');
  end if;
  update private.certificates c set revoked_at = private.clock(), revoked_by = case when not v_is_own then v_staff.user_id end, revoked_reason = v_reason where c.number = v_certificate.number;
  if v_is_own then
    perform private.log_own_act(v_volunteer, 'certificate.revoked', null);
  else
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'certificate.revoked', 'patrols', v_volunteer.id);
    perform private.tell_volunteer(v_volunteer, 'patrols.certificate', v_volunteer.id);
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.revoke_certificate(jsonb) is 'Definer: nobody writes the table directly.';
revoke all on function public.revoke_certificate(jsonb) from public;
grant execute on function public.revoke_certificate(jsonb) to authenticated;

-- Certificates of the station without names, the last ones first. p: {limit?} → {ok, may_revoke, certificates: [certificate_facts, volunteer: its id]} | forbidden
create function public.list_certificates(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'may_revoke', v_staff.role <> 'auditor', 'certificates', coalesce((select jsonb_agg(private.certificate_facts(t.c) || jsonb_build_object('volunteer', (t.c).volunteer_id) order by (t.c).issued_at desc, (t.c).number)
    from (select c from private.certificates c where c.station_id = v_staff.station_id order by c.issued_at desc, c.number limit least(greatest(coalesce((p ->> 'limit')::integer, 200), 1), 500)) t), '[]'::jsonb));
end;
$$;
comment on function public.list_certificates(jsonb) is 'Without what they say. Definer: the table has no grants.';
revoke all on function public.list_certificates(jsonb) from public;
grant execute on function public.list_certificates(jsonb) to authenticated;

/*
  For whoever holds a certificate: its number is 60 random bits. p: {number, paper?: SHA-256 of a paper, limits}
  → {ok, state: unknown | issued | revoked | erased, issued_at, revoked_at, statement, file_sealed: of one that holds, is_paper: handed out so} | rate_limited
*/
create function public.check_certificate(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_certificate private.certificates;
  v_state text;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select c.* into v_certificate from private.certificates c where c.number = p ->> 'number';
  v_state := case when v_certificate.number is null then 'unknown' when v_certificate.revoked_at is not null then 'revoked' when v_certificate.file_sealed is null then 'erased' else 'issued' end;
  return jsonb_build_object('ok', true, 'state', v_state, 'issued_at', v_certificate.issued_at, 'revoked_at', v_certificate.revoked_at, 'statement', v_certificate.statement,
    'file_sealed', case when v_state = 'issued' then v_certificate.file_sealed end, 'is_paper', coalesce(p ->> 'paper' = any (v_certificate.papers), false));
end;
$$;
comment on function public.check_certificate(jsonb) is 'For the portal, which opens what a certificate says to whoever knows its number. Definer: the table has no grants.';
revoke all on function public.check_certificate(jsonb) from public;
grant execute on function public.check_certificate(jsonb) to service_role;

-- The name goes with the contact, and so does what was written about somebody: when the account is erased, and when the term of somebody who left is over.
create function private.forget_certificates() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update private.certificates c set file_sealed = null, papers = '{}', volunteer_id = null, revoked_reason = null where c.volunteer_id = old.volunteer_id;
  return null;
end;
$$;
comment on function private.forget_certificates() is 'Trigger. Definer: the table has no grants.';
revoke all on function private.forget_certificates() from public;
create trigger contacts_take_certificates_along after delete on private.volunteer_contacts for each row execute function private.forget_certificates();
