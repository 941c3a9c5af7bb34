-- Purpose: the revisit ladder (PRODUCT §2, RULES D): the station's calendar, steps with their facts, suggestions and their outcome.
-- Risk: low. Reports that are accepted when this runs get step 1 from that moment.

create domain public.day_kind as text check (value in ('holiday', 'workday', 'closed'));
create domain public.day_counting as text check (value in ('calendar', 'working'));
create domain public.revisit_answer as text check (value in ('satisfied', 'unsatisfied', 'unresolved'));
create domain public.revisit_method as text check (value in ('visit', 'phone', 'station', 'letter', 'portal'));
comment on domain public.revisit_method is 'At the door, by phone, at the station, by letter, or by a message on the tracking page (anonymous and sealed reports).';

alter table public.stations add column day_counting public.day_counting not null default 'calendar';
comment on column public.stations.day_counting is 'Whether "within 3 days" counts every day or working days (RULES D1).';

-- One text a language and nothing beside them, each so long. Never null: a CHECK takes null for a yes.
create function private.is_text_in_both(p_text jsonb, p_least integer, p_most integer) returns boolean
language sql immutable set search_path = '' as $$
  select jsonb_typeof(p_text) = 'object' and p_text - '{zh,en}'::text[] = '{}'::jsonb
    and coalesce(jsonb_typeof(p_text -> 'zh') = 'string' and jsonb_typeof(p_text -> 'en') = 'string'
      and char_length(p_text ->> 'zh') between p_least and p_most and char_length(p_text ->> 'en') between p_least and p_most, false);
$$;
revoke all on function private.is_text_in_both(jsonb, integer, integer) from public;

create table public.calendar_days (
  station_id uuid not null references public.stations (id) on delete cascade,
  day date not null,
  kind public.day_kind not null,
  name jsonb not null check (private.is_text_in_both(name, 1, 120)),
  primary key (station_id, day)
);
comment on table public.calendar_days is 'Days that are not what their weekday says: public holidays, weekend days worked for them, days on which the station is closed.';
alter table public.calendar_days enable row level security;
create policy "everyone reads the calendar" on public.calendar_days for select to anon, authenticated using (true);
grant select on public.calendar_days to anon, authenticated, service_role;

-- The same as `dueAfter` in shared/revisits/calendar.ts: 24:00 of the last day; the day itself does not count.
create function private.due_after(p_station uuid, p_from timestamptz, p_count integer) returns timestamptz
language plpgsql stable security definer set search_path = '' as $$
declare
  v_station public.stations;
  v_start date;
  v_passed integer := p_count;
begin
  select s.* into v_station from public.stations s where s.id = p_station;
  v_start := (p_from at time zone v_station.time_zone)::date;
  if v_station.day_counting = 'working' then
    select max(t.passed) into v_passed
    from (
      select n.passed from generate_series(1, 400) as n (passed)
      left join public.calendar_days d on d.station_id = p_station and d.day = v_start + n.passed
      where coalesce(d.kind = 'workday', extract(isodow from v_start + n.passed) < 6)
      order by n.passed
      limit p_count
    ) t;
    v_passed := coalesce(v_passed, 400);
  end if;
  return (v_start + v_passed + 1)::timestamp at time zone v_station.time_zone;
end;
$$;
comment on function private.due_after(uuid, timestamptz, integer) is 'When a promise of so many days ends, by the calendar of the station. Definer: worklists of people who may not read stations whole.';
revoke all on function private.due_after(uuid, timestamptz, integer) from public;

create table public.revisits (
  id uuid primary key default gen_random_uuid(),
  report_id uuid not null references public.reports (id) on delete cascade,
  round smallint not null default 1 check (round >= 1),
  step smallint not null check (step >= 1),
  level text not null generated always as (case step when 1 then 'officer' when 2 then 'lead' else 'chief' end) stored,
  opened_at timestamptz not null,
  visited_at timestamptz,
  visited_by uuid references public.staff (user_id) on delete restrict,
  method public.revisit_method,
  topics jsonb,
  record_sealed public.sealed_text,
  informed_at timestamptz,
  reminded_at timestamptz,
  no_reply_at timestamptz,
  answer public.revisit_answer,
  answered_at timestamptz,
  answered_by text check (answered_by in ('resident', 'staff')),
  -- What staff wrote down at the door. It stays when the resident overturns it, so that both are seen.
  recorded_answer public.revisit_answer,
  comment_sealed public.sealed_text,
  -- Drawn when staff write an answer down: a share is asked again later (RULES D3). Nobody at the desk can see it before.
  is_drawn boolean not null default false,
  asked_again_at timestamptz,
  stopped_at timestamptz,
  unique (report_id, round, step),
  constraint revisits_visit_is_whole check (num_nonnulls(visited_at, visited_by, method, topics, record_sealed) in (0, 5) and visited_at >= opened_at),
  constraint revisits_answer_is_whole check (num_nonnulls(answer, answered_at, answered_by) in (0, 3) and (comment_sealed is null or answer is not null)),
  constraint revisits_recorded_is_answered check ((recorded_answer is null or answer is not null) and (answered_by is distinct from 'staff' or answer = recorded_answer)),
  constraint revisits_unresolved_at_the_chief check (answer is distinct from 'unresolved' or step >= 3),
  constraint revisits_satisfied_after_a_visit check (answer is distinct from 'satisfied' or visited_at is not null),
  constraint revisits_silence_has_an_order check (
    (reminded_at is null or visited_at is not null) and (no_reply_at is null or reminded_at is not null)),
  constraint revisits_end_once check (stopped_at is null or answer is null)
);
comment on table public.revisits is 'One row a step of the ladder, with facts that are set once. Due times and lateness are computed (shared/revisits/ladder.ts), never stored.';
comment on column public.revisits.record_sealed is 'Who was met and what was said and done, under the data key of the report.';
comment on column public.revisits.topics is 'Codes only: how each topic of the record was found.';
create unique index revisits_one_open on public.revisits (report_id) where answer is null and stopped_at is null;
create index revisits_to_visit on public.revisits (opened_at) where visited_at is null and answer is null and stopped_at is null;
create index revisits_to_answer on public.revisits (visited_at) where visited_at is not null and answer is null and stopped_at is null and no_reply_at is null;
create index revisits_by_visitor on public.revisits (visited_by) where visited_by is not null;

-- A fact is set once. The one exception: what staff wrote down as the answer, the resident may overturn (RULES D3).
create function private.keep_revisit_facts() returns trigger
language plpgsql set search_path = '' as $$
begin
  if (new.id, new.report_id, new.round, new.step, new.opened_at) is distinct from (old.id, old.report_id, old.round, old.step, old.opened_at)
    or (old.visited_at is not null and (new.visited_at, new.visited_by, new.method, new.topics, new.record_sealed, new.recorded_answer)
      is distinct from (old.visited_at, old.visited_by, old.method, old.topics, old.record_sealed, old.recorded_answer))
    or (old.informed_at is not null and new.informed_at is distinct from old.informed_at)
    or (old.reminded_at is not null and new.reminded_at is distinct from old.reminded_at)
    or (old.no_reply_at is not null and new.no_reply_at is distinct from old.no_reply_at)
    or (old.asked_again_at is not null and new.asked_again_at is distinct from old.asked_again_at)
    or (old.stopped_at is not null and new.stopped_at is distinct from old.stopped_at)
    or (old.answer is not null and (new.answer, new.answered_at, new.answered_by, new.comment_sealed) is distinct from (old.answer, old.answered_at, old.answered_by, old.comment_sealed)
      and not (old.answered_by = 'staff' and new.answered_by = 'resident')) then
    raise exception 'facts of a revisit are set once' using errcode = 'PT403', detail = 'append_only';
  end if;
  return new;
end;
$$;
create trigger revisits_keep_their_facts before update on public.revisits for each row execute function private.keep_revisit_facts();

create table public.revisit_suggestions (
  id uuid primary key default gen_random_uuid(),
  revisit_id uuid not null references public.revisits (id) on delete cascade,
  report_id uuid not null references public.reports (id) on delete cascade,
  at timestamptz not null,
  text_sealed public.sealed_text not null,
  owner_id uuid not null references public.staff (user_id) on delete restrict,
  due_on date not null,
  outcome_sealed public.sealed_text,
  done_at timestamptz,
  done_by uuid references public.staff (user_id) on delete restrict,
  constraint suggestions_outcome_is_whole check (num_nonnulls(outcome_sealed, done_at, done_by) in (0, 3))
);
comment on table public.revisit_suggestions is 'What the resident proposed: who sees to it, until when, and what came of it, which is sent back to them.';
create index revisit_suggestions_by_report on public.revisit_suggestions (report_id, at);
create index revisit_suggestions_open on public.revisit_suggestions (owner_id, due_on) where done_at is null;

alter table public.revisits enable row level security;
create policy "staff read the revisits of reports they see" on public.revisits for select to authenticated
  using ((select private.my_station()) is not null and private.may_see_report(report_id, (select private.staff_actor())));
grant select (id, report_id, round, step, level, opened_at, visited_at, visited_by, method, topics, informed_at, reminded_at, no_reply_at, answer, answered_at, answered_by, recorded_answer, asked_again_at, stopped_at)
  on public.revisits to authenticated;
alter table public.revisit_suggestions enable row level security;
create policy "staff read the suggestions of reports they see" on public.revisit_suggestions for select to authenticated
  using ((select private.my_station()) is not null and private.may_see_report(report_id, (select private.staff_actor())));
grant select (id, revisit_id, report_id, at, owner_id, due_on, done_at, done_by) on public.revisit_suggestions to authenticated;

alter domain public.report_event_kind drop constraint report_event_kind_check;
alter domain public.report_event_kind add constraint report_event_kind_check check (value in ('received', 'status', 'assigned', 'merged', 'message', 'evidence', 'withdrawn', 'released',
  'revisit_opened', 'revisit_made', 'revisit_answered', 'revisit_reminded', 'revisit_silent', 'suggestion_settled'));

create function private.open_revisit(p_report uuid, p_round integer, p_step integer, p_at timestamptz) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into public.revisits (report_id, round, step, opened_at) values (p_report, p_round, p_step, p_at);
  perform private.emit_event(p_report, 'revisit_opened', null, null, 'system', null, true, null, p_at);
end;
$$;

-- Accepting starts the ladder, whichever way a report is accepted; what is taken back or spam owes nobody a visit. A report that is
-- taken up again after that begins a new round.
create function private.move_ladder() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_round integer;
begin
  if new.status in ('triaged', 'in_progress', 'resolved') then
    if not exists (select from public.revisits v where v.report_id = new.id and v.stopped_at is null) then
      select coalesce(max(v.round), 0) + 1 into v_round from public.revisits v where v.report_id = new.id;
      perform private.open_revisit(new.id, v_round, 1, private.clock());
    end if;
  elsif new.closed_reason in ('withdrawn', 'spam') then
    update public.revisits v set stopped_at = private.clock() where v.report_id = new.id and v.answer is null and v.stopped_at is null;
  end if;
  return null;
end;
$$;
comment on function private.move_ladder() is 'Trigger. Definer: nobody may write revisits directly.';
create trigger reports_move_the_ladder after update of status on public.reports
  for each row when (old.status is distinct from new.status) execute function private.move_ladder();

insert into public.revisits (report_id, round, step, opened_at)
select r.id, 1, 1, private.clock() from public.reports r
where r.accepted_at is not null and r.status in ('triaged', 'in_progress', 'resolved');

-- How high a role stands on the ladder; null for whoever stands beside it.
create function private.revisit_rank(p_role text) returns integer
language sql immutable set search_path = '' as $$
  select case p_role when 'officer' then 1 when 'lead' then 2 when 'chief' then 3 end;
$$;

-- Never above one's own level, and on the way up nobody visits a case twice to check their own work.
create function private.may_visit(p_revisit public.revisits, p_staff public.staff) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(private.revisit_rank(p_staff.role) >= private.revisit_rank(p_revisit.level), false)
    and not (p_revisit.step between 2 and 3 and exists (select from public.revisits e
      where e.report_id = p_revisit.report_id and e.round = p_revisit.round and e.step < p_revisit.step and e.visited_by = p_staff.user_id));
$$;

/*
  The visit. p: reference, revisit, method, topics {code: good|fair|poor|not_raised}, record_sealed, suggestions?[]: {text_sealed, owner?, due_on}, answer?,
  comment_sealed?, actor, session
  → {ok, level, answer, visited_at, suggestions[]: {id, owner_id, position}, next: {id, step, level, opened_at, due_at, may_visit}?} | not_found | forbidden | conflict
  Nobody visits above their own level, nobody visits the same case twice on the way up, and an answer that is written down here is
  provisional (RULES D3). "Unsatisfied" climbs at once.
*/
create function public.record_revisit(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
  v_revisit public.revisits;
  v_next public.revisits;
  v_suggestions jsonb;
  v_now timestamptz := private.clock();
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'revisit.record_refused', p ->> 'reference');
  end if;
  select v.* into v_revisit from public.revisits v where v.id = (p ->> 'revisit')::uuid and v.report_id = v_report.id;
  if not found then
    return private.refuse('not_found');
  end if;
  if not private.may_visit(v_revisit, v_staff) then
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'revisit.record_refused', 'reports', v_report.id, jsonb_build_object('step', v_revisit.step), v_now);
    return private.refuse('forbidden');
  end if;
  if v_revisit.visited_at is not null or v_revisit.answer is not null or v_revisit.stopped_at is not null then
    return private.refuse('conflict');
  end if;
  -- What nobody at work here could see to is not kept as if somebody did.
  if exists (select from jsonb_to_recordset(coalesce(nullif(p -> 'suggestions', 'null'::jsonb), '[]'::jsonb)) as s (owner uuid) where s.owner is not null
      and not exists (select from public.staff o where o.user_id = s.owner and o.station_id = v_report.station_id and o.is_active and o.role in ('officer', 'lead', 'chief'))) then
    return private.refuse('invalid_input');
  end if;
  update public.revisits v set
    visited_at = v_now, visited_by = v_staff.user_id, method = p ->> 'method', topics = p -> 'topics', record_sealed = p ->> 'record_sealed',
    answer = p ->> 'answer', answered_at = case when p ->> 'answer' is not null then v_now end, answered_by = case when p ->> 'answer' is not null then 'staff' end,
    recorded_answer = p ->> 'answer', comment_sealed = case when p ->> 'answer' is not null then p ->> 'comment_sealed' end, is_drawn = p ->> 'answer' is not null and random() < 0.2
  where v.id = v_revisit.id;
  with given as materialized (
    select gen_random_uuid() as id, s.text_sealed, coalesce(s.owner, v_staff.user_id) as owner_id, s.due_on, s.position
    from rows from (jsonb_to_recordset(coalesce(nullif(p -> 'suggestions', 'null'::jsonb), '[]'::jsonb)) as (text_sealed text, owner uuid, due_on date)) with ordinality as s (text_sealed, owner, due_on, position)
  ), kept as (
    insert into public.revisit_suggestions (id, revisit_id, report_id, at, text_sealed, owner_id, due_on)
    select g.id, v_revisit.id, v_report.id, v_now, g.text_sealed, g.owner_id, g.due_on from given g
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'owner_id', g.owner_id, 'position', g.position - 1) order by g.position), '[]'::jsonb) into v_suggestions from given g;
  perform private.emit_event(v_report.id, 'revisit_made', null, null, v_staff.role, v_staff.user_id, true, null, v_now);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'revisit.recorded', 'reports', v_report.id,
    jsonb_build_object('step', v_revisit.step, 'method', p ->> 'method', 'answer', p ->> 'answer'), v_now);
  if p ->> 'answer' = 'unsatisfied' then
    perform private.open_revisit(v_report.id, v_revisit.round, v_revisit.step + 1, v_now);
  end if;
  perform private.notify_reporter(v_report, 'revisits.asked');
  select n.* into v_next from public.revisits n where n.report_id = v_report.id and n.round = v_revisit.round and n.step = v_revisit.step + 1;
  return jsonb_build_object('ok', true, 'level', v_revisit.level, 'answer', p ->> 'answer', 'visited_at', v_now, 'suggestions', v_suggestions,
    'next', case when v_next.id is not null then jsonb_build_object('id', v_next.id, 'step', v_next.step, 'level', v_next.level, 'opened_at', v_next.opened_at,
      'due_at', private.due_after(v_report.station_id, v_next.opened_at, 3), 'may_visit', private.may_visit(v_next, v_staff)) end);
end;
$$;
comment on function public.record_revisit(jsonb) is 'The record of a visit. Definer: nobody may write revisits directly; by the portal, since it carries ciphertext (RULES A2).';
revoke all on function public.record_revisit(jsonb) from public;
grant execute on function public.record_revisit(jsonb) to service_role;

/*
  The answer, by the reporter and nobody else. p: reference, access, revisit, answer, comment_sealed?, guess_limits[], limits[]
  → {ok, answer, next_level?} | not_found | rate_limited | forbidden (not asked now, or not this answer)
*/
create function public.answer_revisit(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_wait integer;
  v_report public.reports;
  v_revisit public.revisits;
  v_answer text := p ->> 'answer';
  v_now timestamptz := private.clock();
  v_is_overturned boolean;
begin
  if v_found is null or v_found ->> 'viewer' <> 'reporter' then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select r.* into v_report from public.reports r where r.id = (v_found ->> 'report_id')::uuid for update;
  select v.* into v_revisit from public.revisits v where v.id = (p ->> 'revisit')::uuid and v.report_id = v_report.id;
  if not found then
    return private.refuse('not_found');
  end if;
  -- Sent twice: the same answer is no fault.
  if v_revisit.answer = v_answer and v_revisit.answered_by = 'resident' then
    return jsonb_build_object('ok', true, 'answer', v_answer);
  end if;
  v_is_overturned := v_revisit.answer = 'satisfied' and v_revisit.answered_by = 'staff';
  if v_revisit.stopped_at is not null
    or (v_revisit.answer is not null and not (v_is_overturned and v_answer in ('satisfied', 'unsatisfied') and v_now < v_revisit.answered_at + interval '14 days'))
    or (v_revisit.no_reply_at is not null and v_now >= v_revisit.no_reply_at + interval '90 days')
    or (v_answer = 'unresolved' and v_revisit.step < 3)
    or (v_revisit.visited_at is null and (v_answer = 'satisfied' or v_now <= private.due_after(v_report.station_id, v_revisit.opened_at, 3)))
    -- Overturned only while the ladder stands still there.
    or exists (select from public.revisits n where n.report_id = v_report.id and (n.round, n.step) > (v_revisit.round, v_revisit.step)) then
    return private.refuse('forbidden');
  end if;
  update public.revisits v set answer = v_answer, answered_at = v_now, answered_by = 'resident', comment_sealed = p ->> 'comment_sealed' where v.id = v_revisit.id;
  if v_answer = 'unsatisfied' then
    perform private.open_revisit(v_report.id, v_revisit.round, v_revisit.step + 1, v_now);
  end if;
  perform private.emit_event(v_report.id, 'revisit_answered', null, null, 'resident', null, true, null, v_now);
  perform private.log(v_report.station_id, null, 'resident', 'revisit.answered', 'reports', v_report.id,
    jsonb_build_object('step', v_revisit.step, 'answer', v_answer, 'overturned', coalesce(v_is_overturned, false)), v_now);
  return jsonb_build_object('ok', true, 'answer', v_answer, 'next_level', case when v_answer = 'unsatisfied' then case v_revisit.step when 1 then 'lead' else 'chief' end end);
end;
$$;
comment on function public.answer_revisit(jsonb) is 'The reporter''s answer. Definer: nobody may write revisits directly.';
revoke all on function public.answer_revisit(jsonb) from public;
grant execute on function public.answer_revisit(jsonb) to service_role;
