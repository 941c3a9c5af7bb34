-- Purpose: the reporter is told that a report without the automatic check waits beside the others and that coming back means a letter, and
-- reads before the answer by when somebody comes back; the numbers of the desk say what waits beside the inbox.
-- Risk: none for data. track_report and count_workload are replaced as they stood, with these fields more; `states.received` counts without `unverified`.

/*
  p: reference, access, guess_limits[] → everything the tracking page shows, in one call:
  {ok, viewer, now, report {…, waits_apart, is_by_letter}, content_key?, content_sealed?, events[], messages[], attachments[], access[], revisits[], calendar}. A follower gets states only.
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
      -- The same for everybody whose report had no check, hidden or not: nobody learns of a ban here.
      'waits_apart', v_is_reporter and r.is_unverified and r.urgency = 'normal' and r.status = 'received',
      'is_by_letter', r.contact_mode <> 'named' or r.is_portal_only,
      'merged_into', (select m.reference from public.reports m where m.id = r.merged_into and v_is_reporter),
      'content_hash', case when v_is_reporter then r.content_hash end, 'nonce', case when v_is_reporter then r.nonce end),
    'content_key', case when v_is_reporter then r.content_key end,
    'content_sealed', case when v_is_reporter then r.content_sealed end,
    'events', coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'status', e.status, 'closed_reason', e.closed_reason,
        'by', case when e.actor_role in ('guest', 'resident') then 'reporter' else 'staff' end,
        'public_sealed', case when v_is_reporter then e.public_sealed end)
      -- A step is opened by what happened in the same transaction: it comes after it.
      order by e.at, e.kind = 'revisit_opened', e.id)
      from public.report_events e where e.report_id = r.id and e.is_public and (v_is_reporter or e.kind in ('received', 'status'))), '[]'::jsonb),
    'messages', case when v_is_reporter then coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'at', m.at, 'author', m.author, 'text_sealed', m.text_sealed) order by m.at)
      from public.report_messages m where m.report_id = r.id), '[]'::jsonb) else '[]'::jsonb end,
    'attachments', case when v_is_reporter then private.attachment_facts(r.id) else '[]'::jsonb end,
    'access', case when v_is_reporter then private.access_facts(r.id) else '[]'::jsonb end,
    'revisits', case when v_is_reporter then private.revisit_facts(r.id) else '[]'::jsonb end,
    'calendar', case when v_is_reporter then private.calendar_facts(s.id, coalesce(r.accepted_at, r.received_at)) else '{"counting": "calendar", "days": {}}'::jsonb end)
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

/*
  What waits now. These are counts of lists that the caller can open row by row, so nothing is rounded; everything about a period that is over
  goes through disclosure control for staff too (RULES E3).
  `received` is what the inbox holds; what no check has passed stands beside it, there and here.
  → {ok, now, states {status: n}, unverified, late {first_look, answer}, visits[]: {level, waiting, late}, communities[]: {community_id, open, late, visits_late}}
*/
create or replace function public.count_workload() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_answer_due timestamptz;
  v_answer jsonb;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return private.refuse('forbidden');
  end if;
  select private.day_start(s.time_zone, 3) into v_answer_due from public.stations s where s.id = v_staff.station_id;
  execute format($q$
    with waiting as (
      select r.id, r.station_id, r.community_id, r.status,
        r.status = 'received' and r.first_viewed_at is null and r.received_at < $4 - case r.urgency when 'urgent' then interval '15 minutes' else interval '24 hours' end as is_look_late,
        r.status = 'received' and r.received_at < $5 as is_answer_late,
        r.is_unverified and r.urgency = 'normal' and r.status = 'received' as is_apart
      from public.reports r where %s and not r.is_hidden and r.status in ('received', 'triaged', 'in_progress')
    ), visits as (
      -- A case that is closed may still be owed its visit.
      select r.community_id, v.level, $4 > private.due_after(r.station_id, v.opened_at, 3) as is_late
      from public.revisits v join public.reports r on r.id = v.report_id
      where %1$s and not r.is_hidden and v.visited_at is null and v.answer is null and v.stopped_at is null
    )
    select jsonb_build_object('ok', true, 'now', $4,
      'states', (select jsonb_object_agg(s.status, (select count(*) from waiting w where w.status = s.status and not w.is_apart)) from unnest(array['received', 'triaged', 'in_progress']) as s (status)),
      'unverified', (select count(*) from waiting w where w.is_apart),
      'late', (select jsonb_build_object('first_look', count(*) filter (where w.is_look_late), 'answer', count(*) filter (where w.is_answer_late)) from waiting w),
      'visits', (select jsonb_agg(jsonb_build_object('level', l.level, 'waiting', (select count(*) from visits v where v.level = l.level), 'late', (select count(*) from visits v where v.level = l.level and v.is_late)) order by l.place)
        from unnest(array['officer', 'lead', 'chief']) with ordinality as l (level, place)),
      'communities', (select coalesce(jsonb_agg(jsonb_build_object('community_id', c.id, 'open', (select count(*) from waiting w where w.community_id is not distinct from c.id),
          'late', (select count(*) from waiting w where w.community_id is not distinct from c.id and (w.is_look_late or w.is_answer_late)),
          'visits_late', (select count(*) from visits v where v.community_id is not distinct from c.id and v.is_late)) order by c.position nulls last), '[]'::jsonb)
        from (select k.id, k.position from public.communities k where k.station_id = $1 and ($6 <> 'officer' or k.id = any ($3)) union all select null, null where $6 <> 'officer') c))
    $q$, private.desk_scope(v_staff.role))
  into v_answer using v_staff.station_id, v_staff.user_id, array(select private.communities_of(v_staff.user_id)), v_now, v_answer_due, v_staff.role;
  return v_answer;
end;
$$;
comment on function public.count_workload() is 'Definer: applies the same scope as may_see, by index.';
revoke all on function public.count_workload() from public;
grant execute on function public.count_workload() to authenticated;
