-- Purpose: an urgent report calls the officer on duty in the transaction that takes it in; what nobody opens climbs to lead and chief
-- (RULES D2). Calls carry no content: a reference and where to sign in.
-- Risk: submit_report and claim_outbox are written anew; one index of the outbox is made anew for the templates that go first.

create table private.duty_calls (
  report_id uuid not null references public.reports (id) on delete cascade,
  level text not null check (level in ('officer', 'lead', 'chief')),
  at timestamptz not null,
  people integer not null check (people >= 0),
  primary key (report_id, level)
);
comment on table private.duty_calls is 'Whom a report was told to while nobody had opened it: each level once. How late it is, is computed.';
create index duty_calls_by_time on private.duty_calls (at);
alter table private.duty_calls enable row level security;

-- When a level is due for a report that nobody has opened: urgent at once, after 10 and after 20 minutes; otherwise when the first look
-- is overdue (24 hours, RULES D1) and each half day after it. shared/reports/calls.ts says the same.
create function private.call_after(p_urgency text, p_level text) returns interval
language sql immutable set search_path = '' as $$
  select case p_urgency
    when 'urgent' then case p_level when 'officer' then interval '0' when 'lead' then interval '10 minutes' else interval '20 minutes' end
    else case p_level when 'officer' then interval '24 hours' when 'lead' then interval '36 hours' else interval '48 hours' end end;
$$;
revoke all on function private.call_after(text, text) from public;

/*
  Whom a level is for. Officer: whoever has it, and for an urgent one or one without a place whoever is on duty, else the officers of its
  community. About the police: the chiefs whom it does not name, at every level, else the auditors (RULES A6).
*/
create function private.people_to_call(p_report public.reports, p_level text, p_at timestamptz) returns setof uuid
language plpgsql stable set search_path = '' as $$
begin
  return query with may_know as (
    select s.user_id, s.role from public.staff s where s.station_id = p_report.station_id and s.is_active and not s.user_id = any (p_report.about_staff)
  )
  select m.user_id from may_know m
  where case
    when p_report.is_about_police then m.role = 'chief' or (m.role = 'auditor' and not exists (select from may_know c where c.role = 'chief'))
    when p_level in ('lead', 'chief') then m.role = p_level
    when p_report.urgency = 'urgent' or p_report.community_id is null then m.user_id = p_report.assigned_to or m.user_id in (select private.on_duty(p_report.station_id, p_at))
    when p_report.assigned_to is not null then m.user_id = p_report.assigned_to
    else m.role = 'officer' and p_report.community_id in (select private.communities_of(m.user_id)) end;
end;
$$;
revoke all on function private.people_to_call(public.reports, text, timestamptz) from public;

-- One mail for each of a level, without content. What is not urgent is told at most once an hour to anybody: the mail says that something waits, not what.
create function private.notify_duty(p_report public.reports, p_level text, p_template text, p_at timestamptz) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_people uuid[] := array(select private.people_to_call(p_report, p_level, p_at));
begin
  insert into private.duty_calls as c (report_id, level, at, people) values (p_report.id, p_level, p_at, cardinality(v_people))
  on conflict (report_id, level) do update set at = excluded.at, people = excluded.people where c.people = 0 and excluded.people > 0;
  if not found then
    return cardinality(v_people);
  end if;
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  select 'email', p_template, 'reports', p_report.id, u, coalesce(f.locale, 'zh')
  from unnest(v_people) u left join public.profiles f on f.user_id = u
  where p_report.urgency = 'urgent'
    or not exists (select from public.outbox o where o.recipient_id = u and o.template = p_template and o.created_at > p_at - interval '1 hour');
  perform private.log(p_report.station_id, null, 'system', 'report.duty_called', 'reports', p_report.id, jsonb_build_object('level', p_level, 'people', cardinality(v_people)), p_at);
  return cardinality(v_people);
end;
$$;
revoke all on function private.notify_duty(public.reports, text, text, timestamptz) from public;

-- With the report itself, in its transaction. With nobody on duty the leads hear at once, without a lead the chiefs.
create function private.call_duty(p_report public.reports, p_at timestamptz) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if private.notify_duty(p_report, 'officer', 'duty.urgent', p_at) = 0 and private.notify_duty(p_report, 'lead', 'duty.climbed', p_at) = 0 then
    perform private.notify_duty(p_report, 'chief', 'duty.climbed', p_at);
  end if;
end;
$$;
revoke all on function private.call_duty(public.reports, timestamptz) from public;

-- Who looked first, from the log: whoever opened it, wrote about it or took it themselves.
create function private.first_look(p_report uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('at', l.at, 'name', s.name, 'role', l.actor_role)
  from public.audit_log l left join public.staff s on s.user_id = l.actor_id
  where l.noun_id = p_report and l.actor_id is not null
    and (l.action in ('report.opened', 'report.status_changed', 'report.message_sent', 'report.noted', 'report.merged') and coalesce(l.details ->> 'purpose', '') <> 'counter' and l.actor_role <> 'auditor'
      or l.action = 'report.assigned' and l.details ->> 'to' = l.actor_id::text)
  order by l.id limit 1;
$$;
revoke all on function private.first_look(uuid) from public;

-- Somebody has looked, or has taken it themselves. Being handed it by another is no look.
create function private.is_attended(p_report public.reports) returns boolean
language sql stable set search_path = '' as $$
  select p_report.first_viewed_at is not null or p_report.status <> 'received'
    or (p_report.assigned_to is not null and exists (select from public.report_events e where e.report_id = p_report.id and e.kind = 'assigned' and e.actor_id = p_report.assigned_to));
$$;
revoke all on function private.is_attended(public.reports) from public;

-- A level that was told. One that had nobody then is told once it has somebody: a station's first chief may join after its first report.
create function private.is_called(p_report public.reports, p_level text, p_at timestamptz) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from private.duty_calls c where c.report_id = p_report.id and c.level = p_level
    and (c.people > 0 or not exists (select from private.people_to_call(p_report, p_level, p_at))));
$$;
revoke all on function private.is_called(public.reports, text, timestamptz) from public;

/*
  One page of what nobody has opened in time; the job calls it until nothing is left (RULES A7). Each level once; locked rows belong to
  another worker, or to somebody who is just opening them. → {ok, officer, lead, chief: reports that were told to it, has_more}
*/
create function public.climb_reports(p_limit integer default 200) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_report public.reports;
  v_level text;
  v_did jsonb := '{"officer": 0, "lead": 0, "chief": 0}';
  v_count integer := 0;
  v_was_empty boolean;
begin
  for v_report in
    select r.* from public.stations s join public.reports r on r.station_id = s.id and r.status = 'received'
    where r.first_viewed_at is null and not r.is_hidden and r.received_at <= v_now - interval '10 minutes'
      and exists (select from unnest(array['officer', 'lead', 'chief']) l (level)
        where r.received_at + private.call_after(r.urgency, l.level) <= v_now and not private.is_called(r, l.level, v_now))
      and not private.is_attended(r)
    order by r.urgency = 'normal', r.received_at limit p_limit for update of r skip locked
  loop
    v_count := v_count + 1;
    v_was_empty := false;
    foreach v_level in array array['officer', 'lead', 'chief'] loop
      -- A level without anybody is no reason to wait for the next one's time.
      continue when (v_report.received_at + private.call_after(v_report.urgency, v_level) > v_now and not v_was_empty) or private.is_called(v_report, v_level, v_now);
      v_was_empty := private.notify_duty(v_report, v_level,
        case when v_report.urgency = 'normal' then 'duty.unopened' when v_level = 'officer' then 'duty.urgent' else 'duty.climbed' end, v_now) = 0;
      v_did := v_did || jsonb_build_object(v_level, (v_did ->> v_level)::integer + 1);
    end loop;
  end loop;
  return v_did || jsonb_build_object('ok', true, 'has_more', v_count >= p_limit);
end;
$$;
comment on function public.climb_reports(integer) is 'The job reports:climb. Definer: a job has no actor.';
revoke all on function public.climb_reports(integer) from public;
grant execute on function public.climb_reports(integer) to service_role;

-- What `climb_reports` would do now: it is done and undone, so that both always agree.
create function public.foresee_climbs(p_limit integer default 1000) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_did jsonb;
begin
  begin
    v_did := public.climb_reports(p_limit);
    raise exception 'undone' using errcode = 'PT000';
  exception when sqlstate 'PT000' then
    return v_did;
  end;
end;
$$;
comment on function public.foresee_climbs(integer) is 'Changes nothing. Definer: a job has no actor.';
revoke all on function public.foresee_climbs(integer) from public;
grant execute on function public.foresee_climbs(integer) to service_role;

-- As in 20261121000700; kept small: it is part of every create. `has_duty` is asked for urgent reports alone.
create or replace function private.receipt_facts(p_report public.reports) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('id', p_report.id, 'reference', p_report.reference, 'category', p_report.category_code, 'urgency', p_report.urgency,
    'received_at', p_report.received_at, 'content_hash', p_report.content_hash, 'nonce', p_report.nonce,
    'has_duty', case when p_report.urgency = 'urgent' then exists (select from private.on_duty(p_report.station_id, private.clock())) end,
    'time_zone', (select s.time_zone from public.stations s where s.id = p_report.station_id));
end;
$$;

-- As in 20261121000700, and: who took it in, when staff typed (intake, taker, taker_session); an urgent report calls whoever is on duty.
create or replace function public.submit_report(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_id uuid := (p ->> 'id')::uuid;
  v_key text := p ->> 'key_hash';
  v_station uuid := (p ->> 'station')::uuid;
  v_mode text := p ->> 'contact_mode';
  v_actor uuid;
  v_role text := 'guest';
  v_kept private.idempotency_keys;
  v_category public.categories;
  v_about_staff uuid[] := '{}';
  v_is_hidden boolean := false;
  v_report public.reports;
  v_refusal jsonb;
  v_taker public.staff;
begin
  -- At the counter or on the phone staff type for somebody. They are named as who took it, never as its owner (RULES B1).
  if p ->> 'intake' is not null then
    v_taker := private.staff_actor((p ->> 'taker')::uuid, (p ->> 'taker_session')::uuid);
    if v_taker.user_id is null or v_taker.role not in ('officer', 'lead', 'chief') or v_taker.station_id <> v_station then
      return private.refuse('forbidden');
    end if;
    -- RULES A6: whoever a report names does not take it in.
    if jsonb_typeof(p -> 'about_staff') = 'array' and p -> 'about_staff' ? v_taker.user_id::text then
      return private.refuse('names_you');
    end if;
  end if;

  insert into private.idempotency_keys (key_hash, body_hash, report_id) values (v_key, p ->> 'body_hash', v_id) on conflict (key_hash) do nothing;
  if not found then
    select k.* into v_kept from private.idempotency_keys k where k.key_hash = v_key;
    if v_kept.body_hash <> p ->> 'body_hash' then
      return private.refuse('idempotency_conflict');
    end if;
    return jsonb_build_object('ok', true, 'is_replay', true, 'report', private.receipt_facts((select r from public.reports r where r.id = v_kept.report_id)));
  end if;

  v_refusal := private.refuse_sender(p);
  if v_refusal is null then
    select c.* into v_category from public.categories c where c.code = p ->> 'category' and c.is_active;
    if not found then
      v_refusal := private.refuse('not_found');
    end if;
  end if;
  if v_refusal is not null then
    delete from private.idempotency_keys k where k.key_hash = v_key;
    return v_refusal;
  end if;

  -- RULES B1: an anonymous report never learns who was signed in, whatever the caller sends.
  if v_mode <> 'anonymous' and v_taker.user_id is null then
    v_actor := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
    v_role := case when v_actor is null then 'guest' else 'resident' end;
  end if;
  if v_category.is_about_police and jsonb_typeof(p -> 'about_staff') = 'array' then
    v_about_staff := array(select value::uuid from jsonb_array_elements_text(p -> 'about_staff'));
  end if;
  if jsonb_typeof(p -> 'ban_hashes') = 'array' and p -> 'ban_hashes' <> '[]' then
    v_is_hidden := exists (
      select from public.bans b
      where b.station_id = v_station and b.lifted_at is null
        -- Hiding the anonymous report of a banned account would tell who sent it.
        and (v_mode <> 'anonymous' or b.kind = 'chat')
        and b.subject_hash in (select jsonb_array_elements_text(p -> 'ban_hashes')));
  end if;

  -- One try in a million meets a reference that is taken; a receipt that is taken means a send repeated after its 24 hours.
  loop
    insert into public.reports (
      id, station_id, community_id, grid_id, reference, category_code, visibility, urgency, is_about_police, about_staff,
      received_at, updated_at, occurred_at, channel, locale, contact_mode, owner_id, owner_hash, receipt_hash,
      is_portal_only, is_unverified, is_hidden, emergency_kind, content_sealed, content_key, contact_sealed, contact_key, notify_sealed, content_hash, nonce, intake, taken_by
    ) values (
      v_id, v_station, (p ->> 'community')::uuid, (p ->> 'grid')::uuid, private.new_reference(), v_category.code,
      v_category.visibility, case when p ->> 'emergency_kind' is not null then 'urgent' else v_category.urgency end, v_category.is_about_police, v_about_staff,
      v_now, v_now, (p ->> 'occurred_at')::timestamptz, p ->> 'channel', p ->> 'locale', v_mode,
      case when v_mode = 'named' then v_actor end,
      case when v_mode = 'sealed' and v_actor is not null then p ->> 'owner_hash' end,
      p ->> 'receipt_hash', coalesce((p ->> 'is_portal_only')::boolean, false), coalesce((p ->> 'is_unverified')::boolean, false), v_is_hidden,
      p ->> 'emergency_kind', p ->> 'content_sealed', p ->> 'content_key', p ->> 'contact_sealed', p ->> 'contact_key',
      p ->> 'notify_sealed', p ->> 'content_hash', p ->> 'nonce', coalesce(p ->> 'intake', 'web'), v_taker.user_id
    ) on conflict do nothing returning * into v_report;
    exit when found;
    if exists (select from public.reports r where r.receipt_hash = p ->> 'receipt_hash' or r.id = v_id) then
      delete from private.idempotency_keys k where k.key_hash = v_key;
      return private.refuse('idempotency_conflict');
    end if;
  end loop;

  -- The form's files become evidence in the same transaction: neither a file nor a report is ever left alone. Its draft gives them up
  -- and lives ten minutes more, so that a send whose answer was lost can be repeated.
  if jsonb_typeof(p -> 'attachments') = 'array' and p -> 'attachments' <> '[]' then
    if jsonb_array_length(p -> 'attachments') > 10 then
      raise exception 'ten files a report' using errcode = 'PT422', detail = 'too_many_files';
    end if;
    if (select sum((a.value ->> 'size_bytes')::bigint) from jsonb_array_elements(p -> 'attachments') a) > 104857600 then
      raise exception '100 MB a report' using errcode = 'PT422', detail = 'report_too_large';
    end if;
    insert into public.report_attachments (id, report_id, at, author, media_type, size_bytes, sha256, original_blob, view_blob, view_media_type, key_sealed)
    select a.id, v_id, v_now, 'reporter', a.media_type, a.size_bytes, a.sha256, a.original_blob, a.view_blob, a.view_media_type, a.key_sealed
    from jsonb_to_recordset(p -> 'attachments') as a (id uuid, media_type text, size_bytes bigint, sha256 text, original_blob text, view_blob text, view_media_type text, key_sealed text);
  end if;
  if p ->> 'draft_id_hash' is not null then
    update private.report_drafts d set blobs = '{}', expires_at = least(d.expires_at, now() + interval '10 minutes') where d.id_hash = p ->> 'draft_id_hash';
  end if;

  perform private.emit_event(v_id, 'received', 'received', null, v_role, null, true, null, v_now);
  perform private.log(v_station, null, v_role, 'report.submitted', 'reports', v_id, jsonb_build_object('channel', v_report.channel, 'category', v_report.category_code), v_now);
  if not v_report.is_portal_only and (v_report.notify_sealed is not null or v_report.owner_id is not null) then
    perform private.notify_reporter(v_report, 'reports.received');
  end if;
  if v_taker.user_id is not null then
    perform private.log(v_station, v_taker.user_id, v_taker.role, 'report.taken', 'reports', v_id, jsonb_build_object('intake', v_report.intake), v_now);
  end if;
  if v_report.urgency = 'urgent' and not v_is_hidden then
    perform private.call_duty(v_report, v_now);
  end if;
  return jsonb_build_object('ok', true, 'is_replay', false, 'report', private.receipt_facts(v_report));
end;
$$;

-- Mails of duty are no post that somebody may do without, and neither are those about one's own sign-in and rights at the desk: neither
-- settings nor a refused consent hold them back.
create or replace function private.is_duty_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
  select p_template in ('revisits.overdue', 'revisits.overdue_own', 'revisits.overdue_chief', 'revisits.climbed', 'revisits.several', 'duty.urgent', 'duty.climbed', 'duty.unopened',
    'staff.factor_enrolled', 'staff.factor_changed', 'staff.factor_reset', 'staff.recovery_used', 'staff.codes_renewed', 'staff.password_changed', 'staff.invited', 'staff.proposed', 'staff.changed');
$$;

-- As in 20261122000110: calls to duty go first, as codes and confirmations do. Whoever is called opens their eyes at three in the morning.
drop index public.outbox_first;
create index outbox_first on public.outbox (noun, send_after, id) where status = 'queued' and template in ('accounts.code', 'reports.received', 'duty.urgent', 'duty.climbed');
create or replace function public.claim_outbox(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 200);
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_messages jsonb;
begin
  if p ->> 'worker' is null or v_limit is null or v_lease is null then
    return private.refuse('invalid_input');
  end if;
  with first as (
    select o.id from public.outbox o
    where o.status = 'queued' and o.template in ('accounts.code', 'reports.received', 'duty.urgent', 'duty.climbed') and o.channel = 'email' and o.send_after <= v_now and (o.leased_until is null or o.leased_until <= now())
    order by o.noun, o.send_after, o.id limit v_limit
    for update skip locked
  ), rest as (
    select o.id from public.outbox o
    where o.status = 'queued' and o.template not in ('accounts.code', 'reports.received', 'duty.urgent', 'duty.climbed') and o.channel = 'email' and o.send_after <= v_now and (o.leased_until is null or o.leased_until <= now())
    order by o.send_after, o.id limit v_limit - (select count(*) from first)
    for update skip locked
  ), due as (
    select f.id from first f union all select e.id from rest e
  ), taken as (
    update public.outbox o set leased_by = p ->> 'worker', leased_until = now() + v_lease, attempts = o.attempts + 1
    from due where o.id = due.id
    returning o.*
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun', t.noun, 'noun_id', t.noun_id, 'locale', t.locale,
      'message_key', t.message_key, 'attempts', t.attempts, 'recipient_id', t.recipient_id, 'recipient', u.email, 'recipient_sealed', t.recipient_sealed,
      'params_sealed', t.params_sealed, 'matters', t.matters, 'reference', r.reference, 'time_zone', s.time_zone,
      'level', coalesce(m.level, 'all'), 'quiet_from', to_char(coalesce(m.quiet_from, '22:00'), 'HH24:MI'), 'quiet_to', to_char(coalesce(m.quiet_to, '07:00'), 'HH24:MI'))
    order by t.template not in ('accounts.code', 'reports.received', 'duty.urgent', 'duty.climbed'), t.noun, t.send_after, t.id), '[]'::jsonb) into v_messages
  from taken t
  left join auth.users u on u.id = t.recipient_id
  left join public.reports r on r.id = t.noun_id
  left join public.stations s on s.id = coalesce(r.station_id, (select w.station_id from public.staff w where t.noun = 'revisits' and w.user_id = t.recipient_id), (select d.id from public.stations d where d.is_default))
  left join lateral (
    select a.* from private.mail_settings a where a.user_id = t.recipient_id
    union all
    select a.* from private.mail_settings a where t.recipient_id is null and t.noun = 'reports' and a.report_id = t.noun_id
  ) m on true;
  return jsonb_build_object('ok', true, 'now', v_now, 'messages', v_messages,
    'next_in_seconds', (select extract(epoch from min(o.send_after) - v_now) from public.outbox o where o.status = 'queued' and o.send_after > v_now));
end;
$$;
