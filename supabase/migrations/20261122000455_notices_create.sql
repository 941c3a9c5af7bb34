-- Purpose: the solved-case notice (破案通报, PRODUCT §2): drafted at the desk, checked by a second person, published after the reporter heard.
-- Risk: none for data, new objects.

create table public.case_notices (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  community_id uuid references public.communities (id) on delete restrict,
  report_id uuid unique references public.reports (id) on delete set null,
  title jsonb not null,
  body jsonb not null,
  edited_at timestamptz not null,
  edited_by uuid not null references public.staff (user_id) on delete restrict,
  published_at timestamptz,
  published_by uuid references public.staff (user_id) on delete restrict,
  withdrawn_at timestamptz,
  constraint notices_in_both_languages check (private.is_text_in_both(title, 4, 120) and private.is_text_in_both(body, 10, 2000)),
  constraint notices_published_by_somebody check (num_nonnulls(published_at, published_by) in (0, 2)),
  -- Whoever wrote it does not see any more what gives the reporter away (RULES E4).
  constraint notices_need_two_people check (published_by <> edited_by)
);
comment on table public.case_notices is 'Says to the neighbours that a case is solved, without anybody in it. Written at the desk, never taken from a report''s texts. `community_id` null: the whole station.';
comment on column public.case_notices.report_id is 'Not for the public: a notice must not lead to its report.';
create index case_notices_public on public.case_notices (community_id, published_at desc) where published_at is not null and withdrawn_at is null;
create index case_notices_by_station on public.case_notices (station_id, edited_at desc);
alter table public.case_notices enable row level security;
create policy "everyone reads published notices" on public.case_notices for select to anon, authenticated using (published_at is not null and withdrawn_at is null);
-- Not when: a time would point at a case. get_notices gives the day.
grant select (id, station_id, community_id, title, body) on public.case_notices to anon, authenticated, service_role;

/*
  Has whoever reported heard that their case is solved? A mail that waits: not yet. A mail that went: yes. Nobody to mail: once the sentence
  stood on the tracking page for a day.
*/
create function private.was_reporter_told(p_report public.reports) returns boolean
language sql stable security definer set search_path = '' as $$
  select p_report.status = 'resolved' and coalesce((
    select case when o.status = 'sent' then true when o.status in ('queued', 'failed') then false end
    from public.outbox o where o.noun = 'reports' and o.noun_id = p_report.id and o.template = 'reports.status_changed' and o.created_at >= p_report.closed_at order by o.id desc limit 1
  ), private.clock() >= p_report.closed_at + interval '24 hours');
$$;
comment on function private.was_reporter_told(public.reports) is 'Definer: the outbox has no SELECT grant for staff.';
revoke all on function private.was_reporter_told(public.reports) from public;

-- Holds for every path, also for the owner of the table.
create function private.check_notice() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.published_at is not null and (tg_op = 'INSERT' or old.published_at is null)
    and not coalesce((select private.was_reporter_told(r) from public.reports r where r.id = new.report_id), false) then
    raise exception 'the reporter hears first' using errcode = 'PT409', detail = 'reporter_not_told';
  end if;
  return new;
end;
$$;
comment on function private.check_notice() is 'Trigger. Definer: it reads the report and the outbox.';
create trigger notices_come_after_the_reporter before insert or update on public.case_notices for each row execute function private.check_notice();

-- A case that is taken up again is not solved: what said so goes.
create function private.withdraw_notice_of_reopened() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.case_notices n set withdrawn_at = private.clock() where n.report_id = new.id and n.withdrawn_at is null;
  if found then
    perform private.log(new.station_id, null, 'system', 'notice.withdrawn', 'reports', new.id);
  end if;
  return null;
end;
$$;
comment on function private.withdraw_notice_of_reopened() is 'Trigger. Definer: nobody may write notices directly.';
create trigger reports_take_their_notice_back after update of status on public.reports
  for each row when (old.status in ('resolved', 'closed') and new.status in ('triaged', 'in_progress')) execute function private.withdraw_notice_of_reopened();

create function private.notice_facts(p_notice public.case_notices, p_report public.reports, p_staff public.staff) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', p_notice.id, 'reference', p_report.reference, 'category', p_report.category_code, 'community_id', p_notice.community_id, 'title', p_notice.title, 'body', p_notice.body,
    'edited_at', p_notice.edited_at, 'edited_by', (select s.name from public.staff s where s.user_id = p_notice.edited_by),
    'published_at', p_notice.published_at, 'published_by', (select s.name from public.staff s where s.user_id = p_notice.published_by), 'withdrawn_at', p_notice.withdrawn_at,
    'state', case when p_notice.withdrawn_at is not null then 'withdrawn' when p_notice.published_at is not null then 'published' else 'draft' end,
    'is_reporter_told', private.was_reporter_told(p_report),
    'may_edit', private.may_change(p_report, p_staff) and p_report.status = 'resolved',
    'may_publish', private.may_change(p_report, p_staff) and p_staff.role in ('lead', 'chief') and p_notice.edited_by <> p_staff.user_id and p_notice.published_at is null and p_notice.withdrawn_at is null,
    'may_withdraw', private.may_change(p_report, p_staff) and p_notice.withdrawn_at is null and (p_staff.role in ('lead', 'chief') or (p_notice.edited_by = p_staff.user_id and p_notice.published_at is null)));
$$;
comment on function private.notice_facts(public.case_notices, public.reports, public.staff) is 'Definer: names of colleagues.';

-- Notices of cases that the caller sees, newest first. p: reference? → {ok, notices[]}
create function public.list_notices(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'notices', coalesce((
    select jsonb_agg(private.notice_facts(t.n, t.r, v_staff) order by (t.n).edited_at desc)
    from (select n, r from public.case_notices n join public.reports r on r.id = n.report_id
      where n.station_id = v_staff.station_id and private.may_see(r, v_staff) and (p ->> 'reference' is null or r.reference = p ->> 'reference') order by n.edited_at desc limit 100) t), '[]'::jsonb));
end;
$$;
comment on function public.list_notices(jsonb) is 'Definer: drafts are readable here only.';
revoke all on function public.list_notices(jsonb) from public;
grant execute on function public.list_notices(jsonb) to authenticated;

-- Writes or changes the notice of a solved case. A change takes it off the page until a second person has looked again. p: reference, title {zh, en}, body {zh, en}
create function public.save_notice(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_notice public.case_notices;
  v_is_new boolean;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'notice.save_refused', p ->> 'reference');
  end if;
  if v_report.status <> 'resolved' then
    return private.refuse('status_order');
  end if;
  if not coalesce(private.is_text_in_both(p -> 'title', 4, 120) and private.is_text_in_both(p -> 'body', 10, 2000), false) then
    return private.refuse('invalid_input');
  end if;
  v_is_new := not exists (select from public.case_notices n where n.report_id = v_report.id);
  insert into public.case_notices (station_id, community_id, report_id, title, body, edited_at, edited_by)
  values (v_report.station_id, v_report.community_id, v_report.id, p -> 'title', p -> 'body', private.clock(), v_staff.user_id)
  on conflict (report_id) do update set title = excluded.title, body = excluded.body, edited_at = excluded.edited_at, edited_by = excluded.edited_by,
    published_at = null, published_by = null, withdrawn_at = null
  returning * into v_notice;
  if v_is_new then
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'notice.drafted', 'reports', v_report.id);
  else
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'notice.edited', 'reports', v_report.id);
  end if;
  return jsonb_build_object('ok', true, 'notice', private.notice_facts(v_notice, v_report, v_staff));
end;
$$;
comment on function public.save_notice(jsonb) is 'Definer: nobody may write notices directly.';
revoke all on function public.save_notice(jsonb) from public;
grant execute on function public.save_notice(jsonb) to authenticated;

-- Another lead or chief than who wrote it (RULES E4), and never before the reporter heard. p: id, act: 'publish' | 'withdraw', edited_at (publish): the text that was looked at
create function public.decide_notice(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_notice public.case_notices;
  v_report public.reports;
  v_is_publishing boolean := p ->> 'act' = 'publish';
begin
  select n.* into v_notice from public.case_notices n join public.reports r on r.id = n.report_id where n.id = (p ->> 'id')::uuid and private.may_change(r, v_staff) for update of n;
  if not found then
    return private.refuse('not_found');
  end if;
  select r.* into v_report from public.reports r where r.id = v_notice.report_id for share;
  if v_notice.withdrawn_at is not null or (v_is_publishing and (v_notice.published_at is not null or (p ->> 'edited_at')::timestamptz is distinct from v_notice.edited_at)) then
    return private.refuse('conflict');
  end if;
  if v_is_publishing and (v_staff.role not in ('lead', 'chief') or v_notice.edited_by = v_staff.user_id) then
    return private.refuse('second_person_required');
  end if;
  if not v_is_publishing and v_staff.role not in ('lead', 'chief') and (v_notice.edited_by <> v_staff.user_id or v_notice.published_at is not null) then
    return private.refuse('forbidden');
  end if;
  if v_is_publishing and not private.was_reporter_told(v_report) then
    return private.refuse('reporter_not_told');
  end if;
  if v_is_publishing then
    update public.case_notices n set published_at = private.clock(), published_by = v_staff.user_id where n.id = v_notice.id returning * into v_notice;
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'notice.published', 'reports', v_report.id);
  else
    update public.case_notices n set withdrawn_at = private.clock() where n.id = v_notice.id returning * into v_notice;
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'notice.withdrawn', 'reports', v_report.id);
  end if;
  return jsonb_build_object('ok', true, 'notice', private.notice_facts(v_notice, v_report, v_staff));
end;
$$;
comment on function public.decide_notice(jsonb) is 'Definer: nobody may write notices directly.';
revoke all on function public.decide_notice(jsonb) from public;
grant execute on function public.decide_notice(jsonb) to authenticated;

-- The notices of a community's page, newest first; those of the whole station are among them. The day only: a time would point at a case.
create function public.get_notices(p_community text) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'notices', coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'title', t.title, 'body', t.body, 'published_on', t.published_on) order by t.published_on desc, t.id), '[]'::jsonb))
  from (
    select n.id, n.title, n.body, (n.published_at at time zone s.time_zone)::date as published_on
    from public.communities c join public.stations s on s.id = c.station_id
    join public.case_notices n on n.station_id = c.station_id and (n.community_id = c.id or n.community_id is null)
    where c.slug = p_community and n.published_at is not null and n.withdrawn_at is null
    order by n.published_at desc limit 20
  ) t;
$$;
comment on function public.get_notices(text) is 'Published notices only. Definer: the time of publication has no SELECT grant.';
revoke all on function public.get_notices(text) from public;
grant execute on function public.get_notices(text) to anon, authenticated, service_role;
