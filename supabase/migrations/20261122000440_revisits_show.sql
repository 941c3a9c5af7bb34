-- Purpose: a report that is opened at the desk shows its ladder and what residents proposed; the desk counts the visits that are owed.
-- Risk: none for data. open_report and count_desk_work are replaced as they stood, with these fields more.

-- The steps of a report with their sealed words, oldest first. Handed out by open_report alone, which logs the opening.
create function private.desk_revisits(p_report public.reports, p_staff public.staff) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'round', v.round, 'step', v.step, 'level', v.level, 'opened_at', v.opened_at, 'due_at', private.due_after(p_report.station_id, v.opened_at, 3),
      'may_visit', private.may_change(p_report, p_staff) and v.visited_at is null and v.answer is null and v.stopped_at is null and private.may_visit(v, p_staff),
      'visited_at', v.visited_at, 'visitor', s.name, 'method', v.method, 'topics', v.topics, 'record_sealed', v.record_sealed, 'informed_at', v.informed_at, 'reminded_at', v.reminded_at,
      'no_reply_at', v.no_reply_at, 'answer', v.answer, 'answered_at', v.answered_at, 'answered_by', v.answered_by, 'recorded_answer', v.recorded_answer, 'comment_sealed', v.comment_sealed,
      'asked_again_at', v.asked_again_at, 'stopped_at', v.stopped_at) order by v.round, v.step), '[]'::jsonb)
  from public.revisits v left join public.staff s on s.user_id = v.visited_by where v.report_id = p_report.id;
$$;

create function private.desk_suggestions(p_report public.reports, p_staff public.staff) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'at', g.at, 'text_sealed', g.text_sealed, 'owner', o.name, 'due_on', g.due_on, 'outcome_sealed', g.outcome_sealed, 'done_at', g.done_at,
      'done_by', d.name, 'may_settle', private.may_change(p_report, p_staff) and g.done_at is null and (g.owner_id = p_staff.user_id or p_staff.role in ('lead', 'chief'))) order by g.at, g.id), '[]'::jsonb)
  from public.revisit_suggestions g join public.staff o on o.user_id = g.owner_id left join public.staff d on d.user_id = g.done_by where g.report_id = p_report.id;
$$;

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

create or replace function public.count_desk_work() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_communities uuid[];
  v_new bigint;
  v_mine bigint;
  v_unverified bigint;
  v_revisits bigint;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return '{"ok": true, "unseen": 0, "mine": 0, "unverified": 0, "revisits": 0}'::jsonb;
  end if;
  v_communities := array(select private.communities_of(v_staff.user_id));
  execute format($q$select count(*) from (select from public.reports r where %s and %s and r.status = 'received' limit 100) t$q$,
    private.desk_scope(v_staff.role), private.desk_view('inbox')) into v_new using v_staff.station_id, v_staff.user_id, v_communities;
  execute format($q$select count(*) from (select from public.reports r where %s and r.assigned_to = $2 and r.status in ('triaged', 'in_progress') limit 100) t$q$,
    private.desk_scope(v_staff.role)) into v_mine using v_staff.station_id, v_staff.user_id, v_communities;
  -- They stand beside the inbox, and their clock runs like any other.
  execute format($q$select count(*) from (select from public.reports r where %s and %s limit 100) t$q$,
    private.desk_scope(v_staff.role), private.desk_view('unverified')) into v_unverified using v_staff.station_id, v_staff.user_id, v_communities;
  -- For an officer the visits that are theirs, for whoever leads what climbed to them as well.
  execute format($q$select count(*) from (select from public.revisits v join public.reports r on r.id = v.report_id where %s and ((%s) or (%s)) limit 100) t$q$,
    private.desk_scope(v_staff.role), private.revisit_view('mine'), private.revisit_view('climbed'))
    into v_revisits using v_staff.station_id, v_staff.user_id, v_communities, '{}'::jsonb, coalesce(private.revisit_rank(v_staff.role), 9);
  return jsonb_build_object('ok', true, 'unseen', v_new, 'mine', v_mine, 'unverified', v_unverified, 'revisits', v_revisits);
end;
$$;
