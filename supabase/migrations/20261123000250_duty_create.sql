-- Purpose: who is on duty and when; what the officer on duty may see beside their own communities; who took a report in at the counter.
-- Risk: two columns with constant defaults on public.reports (no rewrite); one CHECK is written anew and validated, which reads the table once.

create extension if not exists btree_gist with schema extensions;

create table public.duty_shifts (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  staff_id uuid not null references public.staff (user_id) on delete restrict,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  taken_over_at timestamptz,
  note_sealed public.sealed_text,
  noted_at timestamptz,
  set_by uuid not null references public.staff (user_id) on delete restrict,
  check (ends_at > starts_at and ends_at <= starts_at + interval '24 hours'),
  check ((note_sealed is null) = (noted_at is null)),
  -- Nobody is on duty twice at a time; two people may be on duty together.
  constraint duty_shifts_one_at_a_time exclude using gist (staff_id extensions.gist_uuid_ops with =, tstzrange(starts_at, ends_at) with &&)
);
comment on table public.duty_shifts is 'The duty roster: who is on duty from when to when. Changed by functions only.';
comment on column public.duty_shifts.note_sealed is 'What the one going off leaves to the one coming on, sealed by the portal.';
comment on column public.duty_shifts.taken_over_at is 'When the one coming on said so with one tap; up to half an hour early.';
create index duty_shifts_by_station on public.duty_shifts (station_id, ends_at);
alter table public.duty_shifts enable row level security;
create policy "staff read their own station's duty roster" on public.duty_shifts for select to authenticated
  using (station_id = (select private.my_station()));
grant select (id, station_id, staff_id, starts_at, ends_at, taken_over_at, noted_at) on public.duty_shifts to authenticated;

-- Until the next one has taken over, and for an hour at the most, the one before counts as on duty as well: between two people is
-- where a message gets lost.
-- In plpgsql, which keeps its plan: an urgent report asks twice while somebody waits.
create function private.on_duty(p_station uuid, p_at timestamptz) returns setof uuid
language plpgsql stable security definer rows 2 set search_path = '' as $$
begin
  return query select distinct d.staff_id
  from public.duty_shifts d join public.staff s on s.user_id = d.staff_id and s.is_active and s.role in ('officer', 'lead', 'chief')
  where d.station_id = p_station and d.ends_at > p_at - interval '1 hour' and d.starts_at <= p_at + interval '30 minutes'
    and case when d.ends_at > p_at then least(d.starts_at, d.taken_over_at) <= p_at
      else exists (select from public.duty_shifts n where n.station_id = p_station and n.starts_at <= p_at and n.ends_at > p_at)
        and not exists (select from public.duty_shifts n where n.station_id = p_station and n.taken_over_at <= p_at and n.ends_at > p_at and n.starts_at >= d.starts_at) end;
end;
$$;
comment on function private.on_duty(uuid, timestamptz) is 'Who is on duty at a station at an instant. Definer: the roster is readable within a station only.';
revoke all on function private.on_duty(uuid, timestamptz) from public;

create function private.is_on_duty(p_staff uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from public.staff s where s.user_id = p_staff and s.user_id in (select private.on_duty(s.station_id, private.clock())));
$$;
comment on function private.is_on_duty(uuid) is 'Definer: as on_duty.';
revoke all on function private.is_on_duty(uuid) from public;

-- The triage queue (RULES A6), and what they were called for: a call that cannot be opened helps nobody (docs/decisions/duty.md).
create function private.concerns_duty(p_report public.reports) returns boolean
language sql stable set search_path = '' as $$
  select p_report.community_id is null or (p_report.urgency = 'urgent' and (p_report.status = 'received' or p_report.received_at > private.clock() - interval '1 day'));
$$;
revoke all on function private.concerns_duty(public.reports) from public;

-- By what somebody's scope at the desk is made out: their role, or that of an officer on duty.
create function private.desk_post(p_staff public.staff) returns text
language sql stable set search_path = '' as $$
  select case when p_staff.role = 'officer' and private.is_on_duty(p_staff.user_id) then 'officer_on_duty' else p_staff.role end;
$$;
revoke all on function private.desk_post(public.staff) from public;

create index reports_without_place on public.reports (station_id, received_at desc, id desc) where community_id is null;

-- As in 20261121000600, and what concerns the officer on duty.
create or replace function private.may_see(p_report public.reports, p_staff public.staff) returns boolean
language sql stable security definer set search_path = '' as $$
  select case
    when p_staff.user_id is null or p_report.station_id <> p_staff.station_id then false
    when p_report.is_about_police then p_staff.role in ('chief', 'auditor') and not p_staff.user_id = any (p_report.about_staff)
    when p_staff.role in ('lead', 'chief') then true
    -- A report without a place has no community: the answer must be false and not null, which `not` would let through.
    when p_staff.role = 'officer' then
      coalesce(p_report.assigned_to = p_staff.user_id, false)
      or coalesce(p_report.community_id in (select private.communities_of(p_staff.user_id)), false)
      or (private.concerns_duty(p_report) and private.is_on_duty(p_staff.user_id))
    else false
  end;
$$;
comment on function private.may_see(public.reports, public.staff) is 'Officers: their communities, what is assigned to them, and on duty what has no place or is urgent and fresh. Lead, chief: the station. About the police: chief and auditor, never whoever is named (RULES A6). Admin: nothing. Definer: policies call it, and it reads columns and assignments that the caller may not.';

-- As in 20261121000800: may_see as pieces of SQL that an index can serve.
create or replace function private.desk_scope(p_role text) returns text
language sql immutable set search_path = '' as $$
  select 'r.station_id = $1 and ' || case p_role
    when 'officer' then 'not r.is_about_police and (r.assigned_to = $2 or r.community_id = any ($3))'
    -- As private.concerns_duty.
    when 'officer_on_duty' then 'not r.is_about_police and (r.assigned_to = $2 or r.community_id = any ($3) or r.community_id is null
      or (r.urgency = ''urgent'' and r.status = ''received'') or (r.urgency = ''urgent'' and r.received_at > private.clock() - interval ''1 day''))'
    when 'lead' then 'not r.is_about_police'
    when 'chief' then '(not r.is_about_police or not $2 = any (r.about_staff))'
    when 'auditor' then 'r.is_about_police and not $2 = any (r.about_staff)'
    else 'false' end;
$$;

create or replace function private.desk_view(p_view text) returns text
language sql immutable set search_path = '' as $$
  select case p_view
    when 'every' then 'true'
    -- What nobody's community takes in (RULES A6): no place, or one outside every grid.
    when 'triage' then 'not r.is_hidden and r.community_id is null and r.status in (''received'', ''triaged'', ''in_progress'')'
    when 'hidden' then 'r.is_hidden'
    when 'unverified' then 'not r.is_hidden and r.is_unverified and r.urgency = ''normal'' and r.status = ''received'''
    else 'not r.is_hidden and not (r.is_unverified and r.urgency = ''normal'' and r.status = ''received'')' end;
$$;

-- As in 20261122000530: what the list shows is what is counted.
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
    private.desk_scope(private.desk_post(v_staff)), private.desk_view('inbox')) into v_new using v_staff.station_id, v_staff.user_id, v_communities;
  execute format($q$select count(*) from (select from public.reports r where %s and r.assigned_to = $2 and r.status in ('triaged', 'in_progress') limit 100) t$q$,
    private.desk_scope(private.desk_post(v_staff))) into v_mine using v_staff.station_id, v_staff.user_id, v_communities;
  -- They stand beside the inbox, and their clock runs like any other.
  execute format($q$select count(*) from (select from public.reports r where %s and %s limit 100) t$q$,
    private.desk_scope(private.desk_post(v_staff)), private.desk_view('unverified')) into v_unverified using v_staff.station_id, v_staff.user_id, v_communities;
  -- For an officer the visits that are theirs, for whoever leads what climbed to them as well.
  execute format($q$select count(*) from (select from public.revisits v join public.reports r on r.id = v.report_id where (%s and %s) or (%s and %s) limit 100) t$q$,
    private.desk_scope(v_staff.role), private.revisit_view('mine'), private.revisit_scope(v_staff.role, 'climbed'), private.revisit_view('climbed'))
    into v_revisits using v_staff.station_id, v_staff.user_id, v_communities, '{}'::jsonb, coalesce(private.revisit_rank(v_staff.role), 9);
  return jsonb_build_object('ok', true, 'unseen', v_new, 'mine', v_mine, 'unverified', v_unverified, 'revisits', v_revisits);
end;
$$;

-- As in 20261121000800, with the scope of whoever is on duty.
create or replace function public.list_reports(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_zone text;
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 20), 1), 100);
  v_where text := private.desk_scope(private.desk_post(v_staff)) || ' and ' || private.desk_view(coalesce(p ->> 'view', 'inbox'));
  v_communities uuid[];
  v_status text[];
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return private.refuse('forbidden');
  end if;
  select s.time_zone into v_zone from public.stations s where s.id = v_staff.station_id;

  v_communities := array(select private.communities_of(v_staff.user_id));
  if jsonb_typeof(p -> 'status') = 'array' and jsonb_array_length(p -> 'status') > 0 then
    v_status := array(select jsonb_array_elements_text(p -> 'status'));
    v_where := v_where || ' and r.status = any ($4)';
  end if;
  if p ->> 'category' is not null then v_where := v_where || ' and r.category_code = $5 ->> ''category'''; end if;
  if p ->> 'community' is not null then v_where := v_where || ' and r.community_id = ($5 ->> ''community'')::uuid'; end if;
  if p ->> 'grid' is not null then v_where := v_where || ' and r.grid_id = ($5 ->> ''grid'')::uuid'; end if;
  if p ->> 'assigned' = 'none' then v_where := v_where || ' and r.assigned_to is null';
  elsif p ->> 'assigned' = 'me' then v_where := v_where || ' and r.assigned_to = $2';
  elsif p ->> 'assigned' is not null then v_where := v_where || ' and r.assigned_to = ($5 ->> ''assigned'')::uuid'; end if;
  if (p ->> 'urgent')::boolean then v_where := v_where || ' and r.urgency = ''urgent'''; end if;
  if p ->> 'from' is not null then v_where := v_where || ' and r.received_at >= ($5 ->> ''from'')::timestamptz'; end if;
  if p ->> 'to' is not null then v_where := v_where || ' and r.received_at < ($5 ->> ''to'')::timestamptz'; end if;
  if p ->> 'q' is not null then
    v_where := v_where || ' and (r.reference = upper($5 ->> ''q'') or position(lower($5 ->> ''q'') in lower(coalesce(r.summary, ''''))) > 0)';
  end if;
  if (p ->> 'overdue')::boolean then
    v_where := v_where || ' and r.status = ''received'' and (r.received_at < $6
      or (r.first_viewed_at is null and r.received_at < private.clock() - case r.urgency when ''urgent'' then interval ''15 minutes'' else interval ''24 hours'' end))';
  end if;
  if p ->> 'cursor' is not null then
    v_where := v_where || ' and (r.received_at, r.id) < (($5 #>> ''{cursor,received_at}'')::timestamptz, ($5 #>> ''{cursor,id}'')::uuid)';
  end if;

  execute format($q$
    select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'reference', t.reference, 'category', t.category_code, 'community_id', t.community_id, 'grid_id', t.grid_id,
      'status', t.status, 'closed_reason', t.closed_reason, 'urgency', t.urgency, 'received_at', t.received_at, 'updated_at', t.updated_at,
      'first_viewed_at', t.first_viewed_at, 'accepted_at', t.accepted_at, 'closed_at', t.closed_at, 'contact_mode', t.contact_mode, 'locale', t.locale,
      'is_unverified', t.is_unverified, 'is_hidden', t.is_hidden, 'emergency_kind', t.emergency_kind, 'assigned_to', t.assigned_to, 'assignee', s.name,
      'summary', t.summary, 'channel', t.channel) order by t.received_at desc, t.id desc), '[]'::jsonb)
    from (select r.* from public.reports r where %s order by r.received_at desc, r.id desc limit %s) t
    left join public.staff s on s.user_id = t.assigned_to$q$, v_where, v_limit + 1)
  into v_rows
  using v_staff.station_id, v_staff.user_id, v_communities, v_status, p, private.day_start(v_zone, 3);

  return jsonb_build_object('ok', true, 'now', private.clock(), 'time_zone', v_zone,
    'reports', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit
      then jsonb_build_object('received_at', v_rows -> (v_limit - 1) -> 'received_at', 'id', v_rows -> (v_limit - 1) -> 'id') end);
end;
$$;

-- As in 20261121000810, and the officer on duty hands out the triage queue.
create or replace function public.assign_report(p_reference text, p_staff uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_target public.staff;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.assign_refused', p_reference);
  end if;
  if v_staff.role = 'officer' and not (coalesce(p_staff = v_staff.user_id, false) or (p_staff is null and coalesce(v_report.assigned_to = v_staff.user_id, false))) then
    -- Whoever is on duty hands out what nobody's community takes in.
    if p_staff is null or v_report.community_id is not null or not private.is_on_duty(v_staff.user_id) then
      return private.refuse('forbidden');
    end if;
  end if;
  if p_staff is not null then
    -- For share: whoever is being deactivated hands over first, or the report would stay with somebody who left.
    select s.* into v_target from public.staff s where s.user_id = p_staff and s.station_id = v_report.station_id and s.is_active for share;
    if v_target.user_id is null or v_target.role not in ('officer', 'lead', 'chief')
      or (v_report.is_about_police and (v_target.role <> 'chief' or p_staff = any (v_report.about_staff))) then
      return private.refuse('assignee_not_allowed');
    end if;
  end if;
  update public.reports r set assigned_to = p_staff, updated_at = private.clock(), version = r.version + 1 where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'assigned', null, null, v_staff.role, v_staff.user_id, false);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.assigned', 'reports', v_report.id,
    jsonb_build_object('from', v_report.assigned_to, 'to', p_staff));
  return jsonb_build_object('ok', true, 'assigned_to', p_staff, 'assignee', v_target.name);
end;
$$;

create domain public.report_intake as text check (value in ('web', 'counter', 'phone'));
comment on domain public.report_intake is 'Who typed: the reporter (on the web, by another program, to the bot), or staff for somebody at the counter or on the phone.';

alter table public.reports
  add column intake public.report_intake not null default 'web',
  add column taken_by uuid references public.staff (user_id) on delete restrict,
  drop constraint reports_scope_is_whole,
  add constraint reports_scope_is_whole check ((not is_about_police or visibility = 'private') and (grid_id is null or community_id is not null) and (intake = 'web') = (taken_by is null));
comment on column public.reports.taken_by is 'Who took it in at the counter or on the phone, on somebody''s behalf. Never its owner (RULES B1).';
create index reports_by_taker on public.reports (taken_by, received_at desc) where taken_by is not null;
