-- Purpose: nobody's open work is left lying when they leave or stop reading reports.
-- Risk: none for data, new functions. duty_shifts comes with 20261123000250: what names it is plpgsql, which looks it up when it runs.

-- What waits for a person: reports they handle (with the visits owed in them), proposals of residents they see to, duty to come.
create function private.open_work(p_staff uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  return (select jsonb_build_object(
    'reports', (select count(*) from public.reports r where private.is_open_work(r, p_staff)),
    'revisits', (select count(*) from public.reports r join public.revisits v on v.report_id = r.id and v.visited_at is null and v.answer is null and v.stopped_at is null
      where r.assigned_to = p_staff),
    'suggestions', (select count(*) from public.revisit_suggestions g where g.owner_id = p_staff and g.done_at is null),
    'shifts', (select count(*) from public.duty_shifts d where d.staff_id = p_staff and d.ends_at > private.clock())));
end;
$$;
comment on function private.open_work(uuid) is 'Counts only. Definer: the chief sees the counts of reports whose rows are not theirs.';
revoke all on function private.open_work(uuid) from public;

-- Not closed yet, or closed with a question to the resident still open.
create function private.is_open_work(p_report public.reports, p_staff uuid) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_report.assigned_to = p_staff, false) and (p_report.status in ('received', 'triaged', 'in_progress')
    or exists (select from public.revisits v where v.report_id = p_report.id and v.answer is null and v.stopped_at is null and v.no_reply_at is null));
$$;
revoke all on function private.is_open_work(public.reports, uuid) from public;

-- Colleagues who may take over: at work here, and of a rank that handles reports.
create function private.successor(p_of public.staff, p_to uuid) returns public.staff
language sql stable set search_path = '' as $$
  select s from public.staff s where s.user_id = p_to and s.user_id <> p_of.user_id and s.station_id = p_of.station_id and s.is_active and s.role in ('officer', 'lead', 'chief');
$$;
revoke all on function private.successor(public.staff, uuid) from public;

/*
  Duty to come, and the rest of a turn that runs: the successor has it from now on, but for hours in which they are on duty already.
*/
create function private.hand_over_shifts(p_from public.staff, p_to public.staff, p_by public.staff) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_shift record;
  v_shifts integer := 0;
begin
  for v_shift in select d.* from public.duty_shifts d where d.staff_id = p_from.user_id and d.ends_at > v_now order by d.starts_at for update loop
    if v_shift.starts_at < v_now then
      update public.duty_shifts d set ends_at = v_now where d.id = v_shift.id;
    else
      delete from public.duty_shifts d where d.id = v_shift.id;
    end if;
    insert into public.duty_shifts (station_id, staff_id, starts_at, ends_at, set_by)
    select v_shift.station_id, p_to.user_id, lower(t.free), upper(t.free), p_by.user_id
    from unnest(tstzmultirange(tstzrange(greatest(v_shift.starts_at, v_now), v_shift.ends_at))
      - coalesce((select range_agg(tstzrange(o.starts_at, o.ends_at)) from public.duty_shifts o where o.staff_id = p_to.user_id), '{}'::tstzmultirange)) as t (free);
    v_shifts := v_shifts + 1;
  end loop;
  return v_shifts;
end;
$$;
revoke all on function private.hand_over_shifts(public.staff, public.staff, public.staff) from public;

/*
  All open work of a person goes to a colleague, each report with its event and its row in the log. A report about the police goes to a chief
  whom it does not name, or to nobody: then every such chief has it in the inbox (RULES A6). → {reports, suggestions, shifts}
*/
create function private.hand_over_work(p_from public.staff, p_to public.staff, p_by public.staff) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_report public.reports;
  v_to uuid;
  v_reports integer := 0;
  v_suggestions integer;
begin
  for v_report in select r.* from public.reports r where private.is_open_work(r, p_from.user_id) order by r.id for update loop
    v_to := case when not v_report.is_about_police then p_to.user_id when p_to.role = 'chief' and not p_to.user_id = any (v_report.about_staff) then p_to.user_id end;
    update public.reports r set assigned_to = v_to, updated_at = private.clock(), version = r.version + 1 where r.id = v_report.id;
    perform private.emit_event(v_report.id, 'assigned', null, null, p_by.role, p_by.user_id, false);
    perform private.log(v_report.station_id, p_by.user_id, p_by.role, 'report.assigned', 'reports', v_report.id, jsonb_build_object('from', p_from.user_id, 'to', v_to));
    v_reports := v_reports + 1;
  end loop;
  update public.revisit_suggestions g set owner_id = case
      when not r.is_about_police or (p_to.role = 'chief' and not p_to.user_id = any (r.about_staff)) then p_to.user_id
      -- Somebody has to see to it: the chief who hands over, or another whom the report does not name.
      else coalesce((select s.user_id from public.staff s where s.station_id = r.station_id and s.role = 'chief' and s.is_active and s.user_id <> p_from.user_id and not s.user_id = any (r.about_staff)
        order by s.user_id <> p_by.user_id, s.badge_number limit 1), p_to.user_id) end
  from public.reports r where r.id = g.report_id and g.owner_id = p_from.user_id and g.done_at is null;
  get diagnostics v_suggestions = row_count;
  return jsonb_build_object('reports', v_reports, 'suggestions', v_suggestions, 'shifts', private.hand_over_shifts(p_from, p_to, p_by));
end;
$$;
revoke all on function private.hand_over_work(public.staff, public.staff, public.staff) from public;

-- Ends the assignments of a person from today on; with a successor these go on in their hands. Days that are over stay as they were.
create function private.end_assignments(p_from public.staff, p_to public.staff) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_today date := private.station_today(p_from.station_id);
  v_assignment public.assignments;
  v_ended integer := 0;
begin
  for v_assignment in select a.* from public.assignments a where a.staff_id = p_from.user_id and coalesce(a.to_on, 'infinity'::date) >= v_today order by a.id for update loop
    if v_assignment.from_on < v_today then
      update public.assignments a set to_on = v_today - 1 where a.id = v_assignment.id;
    else
      delete from public.assignments a where a.id = v_assignment.id;
    end if;
    v_ended := v_ended + 1;
    if p_to.role in ('officer', 'lead') and not private.is_assigned(p_to.user_id, v_assignment.community_id, v_assignment.kind, greatest(v_assignment.from_on, v_today), v_assignment.to_on) then
      insert into public.assignments (staff_id, community_id, kind, from_on, to_on)
      values (p_to.user_id, v_assignment.community_id, v_assignment.kind, greatest(v_assignment.from_on, v_today), v_assignment.to_on);
    end if;
  end loop;
  return v_ended;
end;
$$;
revoke all on function private.end_assignments(public.staff, public.staff) from public;

create function private.is_assigned(p_staff uuid, p_community uuid, p_kind text, p_from date, p_to date, p_but uuid default null) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from public.assignments a where a.staff_id = p_staff and a.community_id = p_community and a.kind = p_kind and a.id is distinct from p_but
    and daterange(a.from_on, a.to_on, '[]') && daterange(p_from, p_to, '[]'));
$$;
revoke all on function private.is_assigned(uuid, uuid, text, date, date, uuid) from public;

-- Whoever's rights changed signs in again, on every device.
create function private.end_sessions_of(p_staff uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_ended integer;
begin
  delete from auth.sessions s where s.user_id = p_staff;
  get diagnostics v_ended = row_count;
  delete from private.staff_sessions t where t.user_id = p_staff;
  delete from private.session_devices d where d.user_id = p_staff;
  return v_ended;
end;
$$;
comment on function private.end_sessions_of(uuid) is 'Definer: auth.sessions is not writable by the API roles.';
revoke all on function private.end_sessions_of(uuid) from public;
