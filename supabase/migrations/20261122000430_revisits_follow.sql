-- Purpose: the tracking page shows the ladder: each step with its facts, what was proposed and what came of it, and the days by which
-- its due times are computed (PRODUCT §2, CONTRACT).
-- Risk: none for data. track_report is replaced with the same signature; it answers two fields more.

-- The steps of a case for its reporter, oldest first. Neither who visited nor the record of the visit is in it.
create function private.revisit_facts(p_report uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'round', v.round, 'step', v.step, 'opened_at', v.opened_at, 'visited_at', v.visited_at, 'method', v.method, 'topics', v.topics,
      'reminded_at', v.reminded_at, 'no_reply_at', v.no_reply_at, 'answer', v.answer, 'answered_at', v.answered_at, 'answered_by', v.answered_by, 'recorded_answer', v.recorded_answer, 'comment_sealed', v.comment_sealed,
      'stopped_at', v.stopped_at,
      'suggestions', coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'at', g.at, 'text_sealed', g.text_sealed, 'owner_role', o.role, 'due_on', g.due_on, 'outcome_sealed', g.outcome_sealed, 'done_at', g.done_at) order by g.at, g.due_on, g.id)
        from public.revisit_suggestions g join public.staff o on o.user_id = g.owner_id where g.revisit_id = v.id), '[]'::jsonb)) order by v.round, v.step), '[]'::jsonb)
  from public.revisits v where v.report_id = p_report;
$$;
comment on function private.revisit_facts(uuid) is 'The ladder as the reporter sees it: roles and no names.';
revoke all on function private.revisit_facts(uuid) from public;

-- What due times are computed with (`StationCalendar`). Named days from the first step on; none where every day counts.
create function private.calendar_facts(p_station uuid, p_from timestamptz) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('counting', s.day_counting, 'days', coalesce((select jsonb_object_agg(d.day, d.kind) from public.calendar_days d
      where s.day_counting = 'working' and d.station_id = s.id and d.day between p_from::date - 1 and private.clock()::date + 400), '{}'::jsonb))
  from public.stations s where s.id = p_station;
$$;
revoke all on function private.calendar_facts(uuid, timestamptz) from public;

/*
  p: reference, access, guess_limits[] → everything the tracking page shows, in one call:
  {ok, viewer, now, report, content_key?, content_sealed?, events[], messages[], attachments[], access[], revisits[], calendar}. A follower gets states only.
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
        'public_sealed', case when v_is_reporter then e.public_sealed end)
      -- A step is opened by what happened in the same transaction: it comes after it.
      order by e.at, e.kind = 'revisit_opened', e.id)
      from public.report_events e where e.report_id = r.id and e.is_public and (v_is_reporter or e.kind in ('received', 'status'))), '[]'::jsonb),
    'messages', case when v_is_reporter then coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'at', m.at, 'author', m.author, 'text_sealed', m.text_sealed) order by m.at)
      from public.report_messages m where m.report_id = r.id), '[]'::jsonb) else '[]'::jsonb end,
    'attachments', case when v_is_reporter then private.attachment_facts(r.id) else '[]'::jsonb end,
    'access', case when v_is_reporter then private.access_facts(r.id) else '[]'::jsonb end,
    'revisits', case when v_is_reporter then private.revisit_facts(r.id) else '[]'::jsonb end,
    'calendar', case when v_is_reporter then private.calendar_facts(s.id, r.accepted_at) else '{"counting": "calendar", "days": {}}'::jsonb end)
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
