-- Purpose: what waits at the desk, in numbers, and the list of cases for a spreadsheet.
-- Risk: none for data, new functions. Both apply the scope of the inbox: nobody counts or exports what they may not see.

/*
  What waits now. These are counts of lists that the caller can open row by row, so nothing is rounded; everything about a period that is over
  goes through disclosure control for staff too (RULES E3).
  → {ok, now, states {status: n}, late {first_look, answer}, visits[]: {level, waiting, late}, communities[]: {community_id, open, late, visits_late}}
*/
create function public.count_workload() returns jsonb
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
        r.status = 'received' and r.received_at < $5 as is_answer_late
      from public.reports r where %s and not r.is_hidden and r.status in ('received', 'triaged', 'in_progress')
    ), visits as (
      -- A case that is closed may still be owed its visit.
      select r.community_id, v.level, $4 > private.due_after(r.station_id, v.opened_at, 3) as is_late
      from public.revisits v join public.reports r on r.id = v.report_id
      where %1$s and not r.is_hidden and v.visited_at is null and v.answer is null and v.stopped_at is null
    )
    select jsonb_build_object('ok', true, 'now', $4,
      'states', (select jsonb_object_agg(s.status, (select count(*) from waiting w where w.status = s.status)) from unnest(array['received', 'triaged', 'in_progress']) as s (status)),
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

/*
  Cases for a spreadsheet, oldest first: codes and times, no text of anybody, not even the desk's summary. p: actor, session, from?, to? (days counting in, as instants),
  cursor? {received_at, id}, limit? The first page writes the row in the log. → {ok, time_zone, cases[], next_cursor}
*/
create function public.export_cases(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 500), 1), 1000);
  v_zone text;
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return private.refuse('forbidden');
  end if;
  select s.time_zone into v_zone from public.stations s where s.id = v_staff.station_id;
  if p ->> 'cursor' is null then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'report.list_exported', 'reports', null,
      jsonb_build_object('since', ((p ->> 'from')::timestamptz at time zone v_zone)::date, 'until', (((p ->> 'to')::timestamptz - interval '1 second') at time zone v_zone)::date));
  end if;
  execute format($q$
    select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'reference', t.reference, 'category', t.category_code, 'community_id', t.community_id, 'grid_id', t.grid_id, 'status', t.status,
      'closed_reason', t.closed_reason, 'urgency', t.urgency, 'channel', t.channel, 'contact_mode', t.contact_mode, 'received_at', t.received_at, 'first_viewed_at', t.first_viewed_at,
      'accepted_at', t.accepted_at, 'closed_at', t.closed_at, 'assignee', t.assignee, 'level', t.level, 'visit_due_at', case when t.opened_at is not null then private.due_after(t.station_id, t.opened_at, 3) end,
      'visited_at', t.visited_at, 'answer', t.answer, 'answered_by', t.answered_by, 'no_reply_at', t.no_reply_at) order by t.received_at, t.id), '[]'::jsonb)
    from (
      select r.*, s.badge_number as assignee, v.level, v.opened_at, v.visited_at, v.answer, v.answered_by, v.no_reply_at
      from public.reports r left join public.staff s on s.user_id = r.assigned_to
        left join lateral (select w.* from public.revisits w where w.report_id = r.id order by w.round desc, w.step desc limit 1) v on true
      where %s and ($4 ->> 'from' is null or r.received_at >= ($4 ->> 'from')::timestamptz) and ($4 ->> 'to' is null or r.received_at < ($4 ->> 'to')::timestamptz)
        and ($4 ->> 'cursor' is null or (r.received_at, r.id) > (($4 #>> '{cursor,received_at}')::timestamptz, ($4 #>> '{cursor,id}')::uuid))
      order by r.received_at, r.id limit %s) t$q$, private.desk_scope(v_staff.role), v_limit + 1)
  into v_rows using v_staff.station_id, v_staff.user_id, array(select private.communities_of(v_staff.user_id)), p;
  return jsonb_build_object('ok', true, 'time_zone', v_zone, 'cases', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit then jsonb_build_object('received_at', v_rows -> (v_limit - 1) -> 'received_at', 'id', v_rows -> (v_limit - 1) -> 'id') end);
end;
$$;
comment on function public.export_cases(jsonb) is 'Definer: applies the same scope as may_see, by index, and writes the log. By the portal only: whoever chose the cursor could begin past the page that is logged.';
revoke all on function public.export_cases(jsonb) from public;
grant execute on function public.export_cases(jsonb) to service_role;
