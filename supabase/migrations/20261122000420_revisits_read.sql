-- Purpose: the worklist of the desk by due time, the outcome of suggestions, and what the reporter reads of the ladder.
-- Risk: none for data, new functions; track_report answers one field more.

/*
  Which steps a view of the worklist holds, as a piece of SQL like private.desk_scope: $2 person, $3 communities of an officer, $5 rank.
  What climbed to somebody stands at their own level, or is a visit one level below that is late and was told to them.
*/
create function private.revisit_view(p_view text) returns text
language sql immutable set search_path = '' as $$
  select 'v.answer is null and v.stopped_at is null and ' || case p_view
    when 'mine' then 'v.visited_at is null and ((r.assigned_to = $2 and least(v.step, 3) <= $5) or (r.assigned_to is null and v.step = 1 and r.community_id = any ($3)))'
    when 'climbed' then 'v.visited_at is null and ((v.step > 1 and least(v.step, 3) = $5) or (v.informed_at is not null and least(v.step, 3) = least($5, 4) - 1))'
    when 'answer' then 'v.visited_at is not null and v.no_reply_at is null'
    when 'silent' then 'v.no_reply_at is not null'
    else 'v.visited_at is null' end;
$$;

/*
  Steps that wait, the most urgent first. p: waiting ('mine' | 'team' | 'climbed' | 'answer' | 'silent'), limit?, cursor? {opened_at, id}
  Within one station what was opened first is due first.
  → {ok, now, time_zone, revisits[]: {id, step, level, opened_at, due_at, informed_at, visited_at, reminded_at, no_reply_at, may_visit, reference, category, community_id, contact_mode,
    is_portal_only, urgency, locale, assigned_to, assignee}, next_cursor}
*/
create function public.list_revisits(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 20), 1), 100);
  v_communities uuid[];
  v_where text;
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return private.refuse('forbidden');
  end if;
  v_communities := array(select private.communities_of(v_staff.user_id));
  v_where := private.desk_scope(v_staff.role) || ' and ' || private.revisit_view(p ->> 'waiting');
  if p ->> 'cursor' is not null then
    v_where := v_where || ' and (v.opened_at, v.id) > (($4 #>> ''{cursor,opened_at}'')::timestamptz, ($4 #>> ''{cursor,id}'')::uuid)';
  end if;
  execute format($q$
    select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'step', t.step, 'level', t.level, 'opened_at', t.opened_at, 'due_at', private.due_after(t.station_id, t.opened_at, 3),
      'informed_at', t.informed_at, 'may_visit', t.may_visit, 'visited_at', t.visited_at, 'reminded_at', t.reminded_at, 'no_reply_at', t.no_reply_at, 'reference', t.reference, 'category', t.category_code, 'community_id', t.community_id,
      'contact_mode', t.contact_mode, 'is_portal_only', t.is_portal_only, 'urgency', t.urgency, 'locale', t.locale, 'assigned_to', t.assigned_to, 'assignee', s.name) order by t.opened_at, t.id), '[]'::jsonb)
    from (select v.id, v.step, v.level, v.opened_at, v.informed_at, v.visited_at is null and private.may_visit(v, $6) as may_visit, v.visited_at, v.reminded_at, v.no_reply_at, r.station_id, r.reference, r.category_code, r.community_id, r.contact_mode, r.is_portal_only,
        r.urgency, r.locale, r.assigned_to
      from public.revisits v join public.reports r on r.id = v.report_id where %s order by v.opened_at, v.id limit %s) t
    left join public.staff s on s.user_id = t.assigned_to$q$, v_where, v_limit + 1)
  into v_rows
  using v_staff.station_id, v_staff.user_id, v_communities, p, coalesce(private.revisit_rank(v_staff.role), 9), v_staff;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'time_zone', (select st.time_zone from public.stations st where st.id = v_staff.station_id),
    'revisits', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit
      then jsonb_build_object('opened_at', v_rows -> (v_limit - 1) -> 'opened_at', 'id', v_rows -> (v_limit - 1) -> 'id') end);
end;
$$;
comment on function public.list_revisits(jsonb) is 'The worklist: codes and times, no texts (RULES B3). Definer: applies the same scope as may_see, by index.';
revoke all on function public.list_revisits(jsonb) from public;
grant execute on function public.list_revisits(jsonb) to authenticated;

-- What came of a suggestion, sent back to whoever made it. p: reference, suggestion, outcome_sealed, actor, session → {ok, done_at}.
-- By its owner, or whoever leads.
create function public.settle_suggestion(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
  v_suggestion public.revisit_suggestions;
  v_now timestamptz := private.clock();
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'suggestion.settle_refused', p ->> 'reference');
  end if;
  select s.* into v_suggestion from public.revisit_suggestions s where s.id = (p ->> 'suggestion')::uuid and s.report_id = v_report.id;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_suggestion.owner_id <> v_staff.user_id and v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_suggestion.done_at is not null then
    return private.refuse('conflict');
  end if;
  update public.revisit_suggestions s set outcome_sealed = p ->> 'outcome_sealed', done_at = v_now, done_by = v_staff.user_id where s.id = v_suggestion.id;
  perform private.emit_event(v_report.id, 'suggestion_settled', null, null, v_staff.role, v_staff.user_id, true, null, v_now);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'suggestion.settled', 'reports', v_report.id, '{}'::jsonb, v_now);
  perform private.notify_reporter(v_report, 'revisits.outcome');
  return jsonb_build_object('ok', true, 'done_at', v_now);
end;
$$;
comment on function public.settle_suggestion(jsonb) is 'Definer: nobody may write suggestions directly; by the portal, since it carries ciphertext (RULES A2).';
revoke all on function public.settle_suggestion(jsonb) from public;
grant execute on function public.settle_suggestion(jsonb) to service_role;
