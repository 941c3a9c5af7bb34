-- Purpose: a report that staff took in says so, to its reporter and at the desk; a look-up for whoever shows their receipt at the counter.
-- Risk: none for data; track_report and open_report are written anew.

create function private.taken_facts(p_report public.reports) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('intake', p_report.intake, 'at', p_report.received_at, 'name', s.name, 'badge_number', s.badge_number) from public.staff s where s.user_id = p_report.taken_by;
$$;
revoke all on function private.taken_facts(public.reports) from public;

-- Everything the tracking page shows of a report. A follower gets states only.
create function private.tracking_facts(p_report uuid, p_is_reporter boolean) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select jsonb_build_object(
    'now', private.clock(),
    'report', jsonb_build_object('id', r.id, 'reference', r.reference, 'category', r.category_code, 'status', r.status, 'closed_reason', r.closed_reason,
      'urgency', r.urgency, 'received_at', r.received_at, 'updated_at', r.updated_at, 'first_viewed_at', r.first_viewed_at, 'accepted_at', r.accepted_at,
      'closed_at', r.closed_at, 'contact_mode', r.contact_mode, 'community', c.name, 'grid', g.name, 'time_zone', s.time_zone, 'locale', r.locale,
      -- The same for everybody whose report had no check, hidden or not: nobody learns of a ban here.
      'waits_apart', p_is_reporter and r.is_unverified and r.urgency = 'normal' and r.status = 'received',
      'is_by_letter', r.contact_mode <> 'named' or r.is_portal_only,
      'taken', case when p_is_reporter and r.intake <> 'web' then private.taken_facts(r) end,
      'merged_into', (select m.reference from public.reports m where m.id = r.merged_into and p_is_reporter),
      'content_hash', case when p_is_reporter then r.content_hash end, 'nonce', case when p_is_reporter then r.nonce end),
    'content_key', case when p_is_reporter then r.content_key end,
    'content_sealed', case when p_is_reporter then r.content_sealed end,
    'events', coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'status', e.status, 'closed_reason', e.closed_reason,
        'by', case when e.actor_role in ('guest', 'resident') then 'reporter' else 'staff' end,
        'public_sealed', case when p_is_reporter then e.public_sealed end)
      -- A step is opened by what happened in the same transaction: it comes after it.
      order by e.at, e.kind = 'revisit_opened', e.id)
      from public.report_events e where e.report_id = r.id and e.is_public and (p_is_reporter or e.kind in ('received', 'status'))), '[]'::jsonb),
    'messages', case when p_is_reporter then coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'at', m.at, 'author', m.author, 'text_sealed', m.text_sealed) order by m.at)
      from public.report_messages m where m.report_id = r.id), '[]'::jsonb) else '[]'::jsonb end,
    'attachments', case when p_is_reporter then private.attachment_facts(r.id) else '[]'::jsonb end,
    'access', case when p_is_reporter then private.access_facts(r.id) else '[]'::jsonb end,
    'revisits', case when p_is_reporter then private.revisit_facts(r.id) else '[]'::jsonb end,
    'calendar', case when p_is_reporter then private.calendar_facts(s.id, coalesce(r.accepted_at, r.received_at)) else '{"counting": "calendar", "days": {}}'::jsonb end)
  from public.reports r
  join public.stations s on s.id = r.station_id
  left join public.communities c on c.id = r.community_id
  left join public.grids g on g.id = r.grid_id
  where r.id = p_report);
end;
$$;
revoke all on function private.tracking_facts(uuid, boolean) from public;

-- As in 20261122000500, with who took it in.
create or replace function public.track_report(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_id uuid := (v_found ->> 'report_id')::uuid;
  v_is_reporter boolean := v_found ->> 'viewer' = 'reporter';
  v_wait integer;
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
  return private.tracking_facts(v_id, v_is_reporter) || jsonb_build_object('ok', true, 'viewer', v_found ->> 'viewer');
end;
$$;

-- As in 20261122000440, with who took it in.
create or replace function public.open_report(p_reference text, p_purpose text default 'handling') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_first timestamptz;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_see(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.open_refused', p_reference);
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.opened', 'reports', v_report.id,
    jsonb_build_object('purpose', case when p_purpose in ('handling', 'triage', 'review', 'audit') then p_purpose else 'handling' end));
  if v_report.first_viewed_at is null and v_staff.role <> 'auditor' then
    update public.reports r set first_viewed_at = private.clock() where r.id = v_report.id and r.first_viewed_at is null
    returning r.first_viewed_at into v_first;
    v_report.first_viewed_at := coalesce(v_first, v_report.first_viewed_at);
  end if;
  update public.report_messages m set read_at = private.clock() where m.report_id = v_report.id and m.author = 'reporter' and m.read_at is null and v_staff.role <> 'auditor';
  return (
    select jsonb_build_object('ok', true, 'now', private.clock(), 'can_change', private.may_change(v_report, v_staff),
      'report', jsonb_build_object('id', v_report.id, 'reference', v_report.reference, 'category', v_report.category_code, 'community_id', v_report.community_id,
        'grid_id', v_report.grid_id, 'status', v_report.status, 'closed_reason', v_report.closed_reason, 'urgency', v_report.urgency, 'version', v_report.version,
        'received_at', v_report.received_at, 'updated_at', v_report.updated_at, 'first_viewed_at', v_report.first_viewed_at, 'accepted_at', v_report.accepted_at,
        'closed_at', v_report.closed_at, 'occurred_at', v_report.occurred_at, 'channel', v_report.channel, 'locale', v_report.locale, 'contact_mode', v_report.contact_mode,
        'has_account', v_report.owner_id is not null or v_report.owner_hash is not null,
        'is_unverified', v_report.is_unverified, 'is_hidden', v_report.is_hidden, 'emergency_kind', v_report.emergency_kind, 'assigned_to', v_report.assigned_to,
        'visibility', v_report.visibility, 'summary', v_report.summary, 'time_zone', st.time_zone,
        'taken', case when v_report.intake <> 'web' then private.taken_facts(v_report) end,
        'merged_into', (select m.reference from public.reports m where m.id = v_report.merged_into and private.may_see(m, v_staff)),
        'merged', coalesce((select jsonb_agg(m.reference) from public.reports m where m.merged_into = v_report.id and private.may_see(m, v_staff)), '[]'::jsonb),
        'followers', (select count(*) from public.report_followers f where f.report_id = v_report.id)),
      'content_sealed', v_report.content_sealed, 'content_key', v_report.content_key,
      'contact_sealed', case when v_report.contact_mode = 'named' then v_report.contact_sealed end,
      'contact_key', case when v_report.contact_mode = 'named' then v_report.contact_key end,
      'events', coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'status', e.status, 'closed_reason', e.closed_reason, 'actor_role', e.actor_role,
          'actor', a.name, 'public_sealed', e.public_sealed) order by e.id)
        from public.report_events e left join public.staff a on a.user_id = e.actor_id where e.report_id = v_report.id), '[]'::jsonb),
      'messages', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'at', m.at, 'author', m.author, 'name', a.name, 'text_sealed', m.text_sealed, 'read_at', m.read_at) order by m.at)
        from public.report_messages m left join public.staff a on a.user_id = m.author_id where m.report_id = v_report.id), '[]'::jsonb),
      'notes', coalesce((select jsonb_agg(jsonb_build_object('id', n.id, 'at', n.at, 'name', a.name, 'text_sealed', n.text_sealed) order by n.at)
        from public.report_notes n join public.staff a on a.user_id = n.author_id where n.report_id = v_report.id), '[]'::jsonb),
      'attachments', private.attachment_facts(v_report.id),
      'revisits', private.desk_revisits(v_report, v_staff), 'suggestions', private.desk_suggestions(v_report, v_staff))
    from public.stations st where st.id = v_report.station_id);
end;
$$;

/*
  Somebody shows their receipt at the counter: what its reporter would see, and a row in the log that says who looked (RULES B3). It is no
  first look: whoever stands at the counter does not handle it by that. About the police: only for whoever may see it (RULES A6).
  p: actor, session, reference, receipt_hash, guess_limits[] → as track_report, with may_open: whether it is on the caller's own desk
*/
create function public.look_up_report(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_found jsonb;
  v_report public.reports;
  v_wait integer;
begin
  if v_staff.user_id is null or v_staff.role not in ('officer', 'lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  v_found := private.find_own(p ->> 'reference', jsonb_build_object('receipt_hash', p ->> 'receipt_hash', 'guess_limits', p -> 'guess_limits'));
  select r.* into v_report from public.reports r
  where r.id = (v_found ->> 'report_id')::uuid and v_found ->> 'viewer' = 'reporter' and r.station_id = v_staff.station_id and (not r.is_about_police or private.may_see(r, v_staff));
  if v_report.id is null then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse_desk(v_staff, 'report.look_up_refused', p ->> 'reference');
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.opened', 'reports', v_report.id, jsonb_build_object('purpose', 'counter'));
  return private.tracking_facts(v_report.id, true) || jsonb_build_object('ok', true, 'viewer', 'reporter', 'may_open', private.may_see(v_report, v_staff));
end;
$$;
comment on function public.look_up_report(jsonb) is 'Definer: texts have no SELECT grant, and the look is logged. The server''s: it hashes the receipt.';
revoke all on function public.look_up_report(jsonb) from public;
grant execute on function public.look_up_report(jsonb) to service_role;
