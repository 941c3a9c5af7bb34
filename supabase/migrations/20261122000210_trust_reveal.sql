-- Purpose: a sealed identity, or the original of a picture, is opened with a reason and a second person, for a day, and the reporter
-- sees it (RULES B1, E4, G3).
-- Risk: none for data, new objects. track_report is replaced with the same signature: its list of openings comes from one function and says more.

create table private.reveals (
  id uuid primary key default gen_random_uuid(),
  report_id uuid not null references public.reports (id) on delete cascade,
  kind text not null check (kind in ('identity', 'original')),
  attachment_id uuid references public.report_attachments (id) on delete cascade,
  reason text not null check (char_length(reason) between 10 and 500),
  asked_at timestamptz not null,
  asked_by uuid not null references public.staff (user_id) on delete restrict,
  asked_role public.actor_role not null,
  decided_at timestamptz,
  decided_by uuid references public.staff (user_id) on delete restrict,
  decided_role public.actor_role,
  expires_at timestamptz,
  check ((kind = 'original') = (attachment_id is not null)),
  -- Two people, whatever a function may think.
  constraint reveals_need_two_people check (decided_by <> asked_by),
  check (num_nonnulls(decided_at, decided_by, decided_role) in (0, 3) and (expires_at is null or decided_at is not null)),
  constraint reveals_end_within_a_day check (expires_at <= decided_at + interval '24 hours')
);
comment on table private.reveals is 'Requests to open a sealed identity or an original: asked with a reason, decided by another lead or chief, approved for a day (`expires_at`), declined without it.';
create unique index reveals_open on private.reveals (report_id, kind, coalesce(attachment_id, report_id)) where decided_at is null;
create index reveals_by_report on private.reveals (report_id, asked_at);
alter table private.reveals enable row level security;

-- Unanswered requests lapse: nobody approves next month what was urgent today.
create function private.is_reveal_waiting(p_reveal private.reveals) returns boolean
language sql stable set search_path = '' as $$
  select p_reveal.decided_at is null and p_reveal.asked_at > private.clock() - interval '7 days';
$$;

create function private.reveal_facts(p_reveal private.reveals, p_staff public.staff) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', p_reveal.id, 'kind', p_reveal.kind, 'attachment_id', p_reveal.attachment_id, 'reason', p_reveal.reason, 'asked_at', p_reveal.asked_at,
    'asked_by', (select s.name from public.staff s where s.user_id = p_reveal.asked_by), 'decided_at', p_reveal.decided_at,
    'decided_by', (select s.name from public.staff s where s.user_id = p_reveal.decided_by), 'expires_at', p_reveal.expires_at,
    'state', case when p_reveal.expires_at > private.clock() then 'open' when p_reveal.expires_at is not null then 'expired' when p_reveal.decided_at is not null then 'declined'
      when private.is_reveal_waiting(p_reveal) then 'waiting' else 'lapsed' end,
    'may_decide', private.is_reveal_waiting(p_reveal) and p_staff.role in ('lead', 'chief') and p_reveal.asked_by <> p_staff.user_id,
    'may_read', coalesce(p_reveal.expires_at > private.clock(), false) and p_staff.user_id in (p_reveal.asked_by, p_reveal.decided_by));
$$;
comment on function private.reveal_facts(private.reveals, public.staff) is 'Definer: names of colleagues. No identity is in it.';

-- Requests of a report, for whoever may handle it. No identity leaves here.
create function public.list_reveals(p_reference text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff);
  if not found then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'reveals', coalesce((select jsonb_agg(private.reveal_facts(v, v_staff) order by v.asked_at desc)
    from private.reveals v where v.report_id = v_report.id), '[]'::jsonb));
end;
$$;
comment on function public.list_reveals(text) is 'Definer: requests are private.';
revoke all on function public.list_reveals(text) from public;
grant execute on function public.list_reveals(text) to authenticated;

-- p: reference, reason, attachment? (then its original, else the identity) → {ok, reveal}
create function public.ask_reveal(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_reveal private.reveals;
  v_kind text := case when p ->> 'attachment' is null then 'identity' else 'original' end;
  v_reason text := btrim(coalesce(p ->> 'reason', ''));
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.reveal_refused', p ->> 'reference');
  end if;
  if char_length(v_reason) not between 10 and 500 then
    return private.refuse('reason_missing');
  end if;
  if (v_kind = 'identity' and v_report.contact_mode <> 'sealed')
    or (v_kind = 'original' and not exists (select from public.report_attachments a where a.id::text = p ->> 'attachment' and a.report_id = v_report.id
      and a.original_blob is not null and a.view_blob is not null)) then
    return private.refuse('nothing_sealed');
  end if;
  -- One request at a time; one that lapsed makes room.
  delete from private.reveals v where v.report_id = v_report.id and v.kind = v_kind and v.decided_at is null and not private.is_reveal_waiting(v);
  insert into private.reveals (report_id, kind, attachment_id, reason, asked_at, asked_by, asked_role)
  values (v_report.id, v_kind, (p ->> 'attachment')::uuid, v_reason, private.clock(), v_staff.user_id, v_staff.role)
  on conflict do nothing returning * into v_reveal;
  if v_reveal.id is null then
    return private.refuse('conflict');
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.reveal_asked', 'reports', v_report.id, jsonb_build_object('kind', v_kind, 'reason', v_reason));
  return jsonb_build_object('ok', true, 'reveal', private.reveal_facts(v_reveal, v_staff));
end;
$$;
comment on function public.ask_reveal(jsonb) is 'Asks for a sealed identity or an original, with a reason. Definer: requests are private.';
revoke all on function public.ask_reveal(jsonb) from public;
grant execute on function public.ask_reveal(jsonb) to authenticated;

-- Another lead or chief of the station who may see the report; never the asker (RULES E4).
create function public.decide_reveal(p_reference text, p_id uuid, p_approves boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_reveal private.reveals;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.reveal_refused', p_reference);
  end if;
  select v.* into v_reveal from private.reveals v where v.id = p_id and v.report_id = v_report.id for update;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_staff.role not in ('lead', 'chief') or v_reveal.asked_by = v_staff.user_id then
    return private.refuse('second_person_required');
  end if;
  if not private.is_reveal_waiting(v_reveal) or p_approves is null then
    return private.refuse('conflict');
  end if;
  update private.reveals v set decided_at = private.clock(), decided_by = v_staff.user_id, decided_role = v_staff.role,
    expires_at = case when p_approves then private.clock() + interval '24 hours' end
  where v.id = v_reveal.id returning * into v_reveal;
  if p_approves then
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.reveal_approved', 'reports', v_report.id, jsonb_build_object('kind', v_reveal.kind, 'reason', v_reveal.reason));
  else
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.reveal_declined', 'reports', v_report.id, jsonb_build_object('kind', v_reveal.kind));
  end if;
  return jsonb_build_object('ok', true, 'reveal', private.reveal_facts(v_reveal, v_staff));
end;
$$;
comment on function public.decide_reveal(text, uuid, boolean) is 'Approves for a day, or declines. Definer: requests are private.';
revoke all on function public.decide_reveal(text, uuid, boolean) from public;
grant execute on function public.decide_reveal(text, uuid, boolean) to authenticated;

-- A request that is approved and not over, for one of its two people who may still see the report.
create function private.open_reveal(p_reference text, p_id uuid, p_kind text, p_staff public.staff) returns private.reveals
language sql stable set search_path = '' as $$
  select v.* from private.reveals v join public.reports r on r.id = v.report_id
  where v.id = p_id and r.reference = p_reference and v.kind = p_kind and v.expires_at > private.clock()
    and p_staff.user_id in (v.asked_by, v.decided_by) and private.may_change(r, p_staff);
$$;

create function public.read_identity(p_reference text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_reveal private.reveals := private.open_reveal(p_reference, p_id, 'identity', v_staff);
begin
  if v_reveal.id is null then
    return private.refuse_desk(v_staff, 'report.reveal_refused', p_reference);
  end if;
  perform private.log(r.station_id, v_staff.user_id, v_staff.role, 'report.identity_read', 'reports', r.id, jsonb_build_object('purpose', 'reveal', 'reveal', v_reveal.id))
  from public.reports r where r.id = v_reveal.report_id;
  return (select jsonb_build_object('ok', true, 'report_id', r.id, 'expires_at', v_reveal.expires_at, 'contact_sealed', r.contact_sealed, 'contact_key', r.contact_key)
    from public.reports r where r.id = v_reveal.report_id);
end;
$$;
comment on function public.read_identity(text, uuid) is 'Definer: the only way to a sealed contact, and each reading is logged.';
revoke all on function public.read_identity(text, uuid) from public;
grant execute on function public.read_identity(text, uuid) to authenticated;

create function public.open_original(p_reference text, p_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_reveal private.reveals := private.open_reveal(p_reference, p_id, 'original', v_staff);
begin
  if v_reveal.id is null then
    return private.refuse_desk(v_staff, 'report.reveal_refused', p_reference);
  end if;
  perform private.log(r.station_id, v_staff.user_id, v_staff.role, 'attachment.original_read', 'reports', r.id, jsonb_build_object('purpose', 'reveal', 'reveal', v_reveal.id))
  from public.reports r where r.id = v_reveal.report_id;
  return (select jsonb_build_object('ok', true, 'id', a.id, 'report_id', r.id, 'reference', r.reference, 'media_type', a.media_type, 'size_bytes', a.size_bytes,
      'view_media_type', null, 'view_blob', null, 'original_blob', a.original_blob, 'key_sealed', a.key_sealed, 'content_key', r.content_key)
    from public.report_attachments a join public.reports r on r.id = a.report_id where a.id = v_reveal.attachment_id);
end;
$$;
comment on function public.open_original(text, uuid) is 'Definer: attachments have no SELECT grant, and each opening is logged.';
revoke all on function public.open_original(text, uuid) from public;
grant execute on function public.open_original(text, uuid) to authenticated;

-- Who looked, for the reporter: role, time, purpose; for a reveal its reason, and who agreed. No names.
create function private.access_facts(p_report uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('at', l.at, 'role', l.actor_role, 'action', l.action, 'purpose', l.details ->> 'purpose', 'reason', v.reason, 'approved_by', v.decided_role) order by l.id desc), '[]'::jsonb)
  from public.audit_log l left join private.reveals v on v.id = (l.details ->> 'reveal')::uuid
  where l.noun_id = p_report and l.action in ('report.opened', 'attachment.opened', 'report.exported', 'report.identity_read', 'attachment.original_read');
$$;
comment on function private.access_facts(uuid) is 'The list of openings on the tracking page (RULES B3). A new way to read a report logs one of these actions.';

/*
  p: reference, access, guess_limits[] → everything the tracking page shows, in one call:
  {ok, viewer, report, content_key?, content_sealed?, events[], messages[], attachments[], access[]}. A follower gets states only.
*/
create or replace function public.track_report(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_id uuid := (v_found ->> 'report_id')::uuid;
  v_is_reporter boolean := v_found ->> 'viewer' = 'reporter';
  v_wait integer;
  v_answer jsonb;
begin
  if v_found is null then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  if v_is_reporter then
    update public.report_messages m set read_at = private.clock() where m.report_id = v_id and m.author = 'staff' and m.read_at is null;
  end if;
  select jsonb_build_object(
    'ok', true, 'viewer', v_found ->> 'viewer', 'now', private.clock(),
    'report', jsonb_build_object('id', r.id, 'reference', r.reference, 'category', r.category_code, 'status', r.status, 'closed_reason', r.closed_reason,
      'urgency', r.urgency, 'received_at', r.received_at, 'updated_at', r.updated_at, 'first_viewed_at', r.first_viewed_at, 'accepted_at', r.accepted_at,
      'closed_at', r.closed_at, 'contact_mode', r.contact_mode, 'community', c.name, 'grid', g.name, 'time_zone', s.time_zone, 'locale', r.locale,
      'merged_into', (select m.reference from public.reports m where m.id = r.merged_into and v_is_reporter),
      'content_hash', case when v_is_reporter then r.content_hash end, 'nonce', case when v_is_reporter then r.nonce end),
    'content_key', case when v_is_reporter then r.content_key end,
    'content_sealed', case when v_is_reporter then r.content_sealed end,
    'events', coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'status', e.status, 'closed_reason', e.closed_reason,
        'by', case when e.actor_role in ('guest', 'resident') then 'reporter' else 'staff' end,
        'public_sealed', case when v_is_reporter then e.public_sealed end) order by e.id)
      from public.report_events e where e.report_id = r.id and e.is_public and (v_is_reporter or e.kind in ('received', 'status'))), '[]'::jsonb),
    'messages', case when v_is_reporter then coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'at', m.at, 'author', m.author, 'text_sealed', m.text_sealed) order by m.at)
      from public.report_messages m where m.report_id = r.id), '[]'::jsonb) else '[]'::jsonb end,
    'attachments', case when v_is_reporter then private.attachment_facts(r.id) else '[]'::jsonb end,
    'access', case when v_is_reporter then private.access_facts(r.id) else '[]'::jsonb end)
  into v_answer
  from public.reports r
  join public.stations s on s.id = r.station_id
  left join public.communities c on c.id = r.community_id
  left join public.grids g on g.id = r.grid_id
  where r.id = v_id;
  return v_answer;
end;
$$;
comment on function public.track_report(jsonb) is 'The reporter follows the case. Their own visits are not logged (RULES B3). Definer: texts have no SELECT grant.';
revoke all on function public.track_report(jsonb) from public;
grant execute on function public.track_report(jsonb) to service_role;

-- Internal functions are called by the functions above, never by the API roles.
do $$
declare
  f record;
begin
  for f in select p.oid::regprocedure as signature from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'private' and p.proname in ('is_reveal_waiting', 'reveal_facts', 'open_reveal', 'access_facts') loop
    execute format('revoke all on function %s from public', f.signature);
  end loop;
end $$;
