-- Purpose: what a change of state does to the ladder is said in its answer, so that the desk shows the visit that is owed without opening the
-- report again, which would be logged.
-- Risk: none for data. change_report_status and unmerge_report are replaced as they stood, with this field more.

-- The steps of a report without anybody's words, oldest first: no opening.
create function private.ladder_steps(p_report uuid, p_staff public.staff) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'round', v.round, 'step', v.step, 'level', v.level, 'opened_at', v.opened_at, 'due_at', private.due_after(r.station_id, v.opened_at, 3),
      'may_visit', private.may_change(r, p_staff) and v.visited_at is null and v.answer is null and v.stopped_at is null and private.may_visit(v, p_staff),
      'stopped_at', v.stopped_at) order by v.round, v.step), '[]'::jsonb)
  from public.revisits v join public.reports r on r.id = v.report_id where v.report_id = p_report;
$$;
revoke all on function private.ladder_steps(uuid, public.staff) from public;

/*
  p: reference, actor, session, status, closed_reason?, from_status (what the officer saw), public_sealed (the public sentence), note_sealed?
  → {ok, status, version, revisits[]} | {ok: false, code: not_found | conflict | status_order | reason_missing}
*/
create or replace function public.change_report_status(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
  v_to text := p ->> 'status';
  v_now timestamptz := private.clock();
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.status_refused', p ->> 'reference');
  end if;
  if v_report.status is distinct from p ->> 'from_status' then
    return private.refuse('conflict', jsonb_build_object('status', v_report.status));
  end if;
  if not coalesce(private.may_follow(v_report.status, v_to), false) or v_report.merged_into is not null or v_report.closed_reason = 'withdrawn' then
    return private.refuse('status_order');
  end if;
  if v_to = 'closed' and coalesce(p ->> 'closed_reason', '') not in ('no_further_action', 'referred', 'unfounded', 'spam') then
    return private.refuse('reason_missing');
  end if;
  update public.reports r set
    status = v_to,
    closed_reason = case when v_to = 'closed' then p ->> 'closed_reason' end,
    accepted_at = case when v_to in ('triaged', 'in_progress', 'resolved') then coalesce(r.accepted_at, v_now) else r.accepted_at end,
    closed_at = case when v_to in ('closed', 'resolved') then v_now end,
    first_viewed_at = coalesce(r.first_viewed_at, v_now),
    updated_at = v_now, version = r.version + 1
  where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'status', v_to, case when v_to = 'closed' then p ->> 'closed_reason' end, v_staff.role, v_staff.user_id, true, p ->> 'public_sealed');
  if p ->> 'note_sealed' is not null then
    insert into public.report_notes (report_id, at, author_id, text_sealed) values (v_report.id, v_now, v_staff.user_id, p ->> 'note_sealed');
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.status_changed', 'reports', v_report.id,
    jsonb_build_object('from', v_report.status, 'to', v_to, 'closed_reason', case when v_to = 'closed' then p ->> 'closed_reason' end));
  perform private.notify_reporter(v_report, 'reports.status_changed');
  return jsonb_build_object('ok', true, 'status', v_to, 'version', v_report.version + 1, 'revisits', private.ladder_steps(v_report.id, v_staff));
end;
$$;

-- Undoes a merge: the duplicate becomes a case of its own again. → {ok, revisits[]} | not_found | merge_not_allowed
create or replace function public.unmerge_report(p_reference text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.unmerge_refused', p_reference);
  end if;
  if v_report.merged_into is null then
    return private.refuse('merge_not_allowed');
  end if;
  update public.reports r set status = 'triaged', closed_reason = null, merged_into = null, closed_at = null,
    accepted_at = coalesce(r.accepted_at, private.clock()), updated_at = private.clock(), version = r.version + 1
  where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'status', 'triaged', null, v_staff.role, v_staff.user_id, true);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.unmerged', 'reports', v_report.id);
  -- The merge told the reporter that the report was closed.
  perform private.notify_reporter(v_report, 'reports.status_changed');
  return jsonb_build_object('ok', true, 'revisits', private.ladder_steps(v_report.id, v_staff));
end;
$$;
