-- Purpose: what belongs to a patrol on its way: a checklist before it, checkpoints on it, a report after it. Never a track: a visit is a grid and a minute, of the patrol and not of a person.
-- Risk: the domain of report channels is widened; all else are new objects.

alter domain public.report_channel drop constraint report_channel_check;
alter domain public.report_channel add constraint report_channel_check check (value in ('web', 'api', 'bot', 'desk', 'patrol'));

create table private.checklist_items (
  type_code public.code_name not null references public.shift_types (code) on delete cascade,
  code public.code_name not null,
  name jsonb not null check (private.is_text_in_both(name, 1, 120)),
  position integer not null,
  is_active boolean not null default true,
  primary key (type_code, code)
);
comment on table private.checklist_items is 'What everybody looks at before a patrol of a type sets out. From supabase/seeds/060-patrols.sql.';
alter table private.checklist_items enable row level security;

create table private.checklist_answers (
  place_id uuid not null references public.shift_places (id) on delete cascade,
  type_code public.code_name not null,
  item_code public.code_name not null,
  is_met boolean not null,
  at timestamptz not null,
  primary key (place_id, item_code),
  foreign key (type_code, item_code) references private.checklist_items (type_code, code) on delete cascade
);
comment on table private.checklist_answers is 'What somebody who checked in said of the checklist. It keeps no patrol from starting; whoever leads it sees what is open.';
create index checklist_answers_by_item on private.checklist_answers (type_code, item_code);
alter table private.checklist_answers enable row level security;

create table private.checkpoint_codes (
  checkpoint_id uuid primary key references public.patrol_checkpoints (id) on delete cascade,
  code_hash public.keyed_hash not null unique,
  code_sealed public.sealed_text not null,
  issued_at timestamptz not null,
  issued_by uuid not null references public.staff (user_id) on delete restrict
);
comment on table private.checkpoint_codes is 'What the poster at a checkpoint says: found by its keyed hash, printed again from what the portal sealed. A new one ends the old one.';
create index checkpoint_codes_by_issuer on private.checkpoint_codes (issued_by);
alter table private.checkpoint_codes enable row level security;

create table private.checkpoint_visits (
  shift_id uuid not null references public.patrol_shifts (id) on delete cascade,
  checkpoint_id uuid not null references public.patrol_checkpoints (id) on delete cascade,
  grid_id uuid not null references public.grids (id) on delete restrict,
  minute_at timestamptz not null check (mod(extract(epoch from minute_at), 60) = 0),
  primary key (shift_id, checkpoint_id, minute_at)
);
comment on table private.checkpoint_visits is 'That a patrol passed a checkpoint: its grid and the minute, no place finer than that, and nobody''s name.';
create index checkpoint_visits_by_checkpoint on private.checkpoint_visits (checkpoint_id);
create index checkpoint_visits_by_grid on private.checkpoint_visits (grid_id);
alter table private.checkpoint_visits enable row level security;

create table private.patrol_reports (
  shift_id uuid primary key references public.patrol_shifts (id) on delete cascade,
  filed_at timestamptz not null,
  filed_by_volunteer uuid references public.volunteers (id) on delete set null,
  filed_by_staff uuid references public.staff (user_id) on delete restrict,
  key_hash public.keyed_hash not null,
  body_hash public.keyed_hash not null,
  route_walked text not null check (route_walked in ('yes', 'partly', 'no')),
  summary_sealed public.sealed_text,
  findings smallint not null check (findings between 0 and 10),
  constraint patrol_reports_have_one_author check (num_nonnulls(filed_by_volunteer, filed_by_staff) <= 1)
);
comment on table private.patrol_reports is 'One for each patrol. The summary may name people: it is sealed by the portal, and each opening at the desk is logged.';
comment on column private.patrol_reports.findings is 'How many were sent along; each becomes a report of its own.';
create index patrol_reports_by_volunteer on private.patrol_reports (filed_by_volunteer) where filed_by_volunteer is not null;
create index patrol_reports_by_staff on private.patrol_reports (filed_by_staff) where filed_by_staff is not null;
alter table private.patrol_reports enable row level security;

create table private.patrol_findings (
  shift_id uuid not null references private.patrol_reports (shift_id) on delete cascade,
  position smallint not null check (position between 1 and 10),
  report_id uuid not null unique references public.reports (id) on delete cascade,
  primary key (shift_id, position)
);
comment on table private.patrol_findings is 'Which report a finding of a patrol became.';
alter table private.patrol_findings enable row level security;

create table private.overdue_calls (
  shift_id uuid primary key references public.patrol_shifts (id) on delete cascade,
  lead_told_at timestamptz not null,
  station_told_at timestamptz,
  constraint overdue_calls_climb check (station_told_at is null or station_told_at >= lead_told_at)
);
comment on table private.overdue_calls is 'Patrols that did not come home in time: whoever leads it is told twenty minutes after the end, the station ten minutes later, each once.';
alter table private.overdue_calls enable row level security;

-- Are those who checked in to a patrol left without anybody experienced although a trainee is with them? Five shifts before this one make somebody experienced; staff who lead are, too.
create function private.lacks_experience(p_shift public.patrol_shifts) returns boolean
language sql stable set search_path = '' as $$
  select p_shift.lead_staff_id is null
    and not exists (select from private.patrol_nights n join public.staff s on s.user_id = n.opened_by and s.is_active and s.station_id = p_shift.station_id where n.shift_id = p_shift.id)
    and exists (select from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = p_shift.id and q.state = 'confirmed' and q.is_trainee)
    and not exists (select from private.check_ins c join public.shift_places q on q.id = c.place_id join public.volunteers v on v.id = q.volunteer_id
      where q.shift_id = p_shift.id and q.state = 'confirmed' and not q.is_trainee and v.state = 'active'
        and private.attended_shifts(v.id) - (q.attended_at is not null)::integer >= 5);
$$;
revoke all on function private.lacks_experience(public.patrol_shifts) from public;

-- As in 20261126000140, and: no trainee goes out without somebody experienced.
create or replace function private.guard_patrol_start() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  if (select count(*) from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = new.id and q.state = 'confirmed') < 2 then
    raise exception 'a patrol starts with two who have checked in' using errcode = 'PT409', detail = 'status_order';
  elsif private.lacks_experience(new) then
    raise exception 'a trainee starts with somebody experienced' using errcode = 'PT409', detail = 'start_needs_experienced';
  end if;
  return new;
end;
$$;

/*
  As in 20261126000140, and the start is refused where a trainee lacks somebody experienced. What the lead does on the night. p: {shift, act: check_in (place, reason) | start | check_out (place)}. Never a check-in of oneself.
  → {ok} | sign_in_required, not_found, status_order, reason_missing, not_for_oneself, conflict, start_needs_experienced, invalid_input
*/
create or replace function public.lead_patrol(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
  v_night private.patrol_nights;
  v_place public.shift_places;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'shift')::uuid;
  if v_shift.id is null or not private.leads_patrol(v_actor, v_staff, v_shift) then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_shift.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = v_shift.id for update;
  select n.* into v_night from private.patrol_nights n where n.shift_id = v_shift.id for update;
  if v_night.shift_id is null or v_night.ended_at is not null or v_shift.state not in ('open', 'under_way') then
    return private.refuse('status_order');
  end if;
  if p ->> 'act' in ('check_in', 'check_out') then
    select q.* into v_place from public.shift_places q where q.id = (p ->> 'place')::uuid and q.shift_id = v_shift.id and q.state = 'confirmed' for update;
    if v_place.id is null or (p ->> 'act' = 'check_in' and not exists (select from public.volunteers v where v.id = v_place.volunteer_id and v.state in ('enrolled', 'active'))) then
      return private.refuse('not_found');
    end if;
  end if;
  if p ->> 'act' = 'check_in' then
    if v_place.volunteer_id = (private.volunteer_of(v_actor)).id then
      return private.refuse('not_for_oneself');
    elsif not private.is_roll_call_time(v_shift, v_now) or v_night.called_at is not null then
      return private.refuse('status_order');
    elsif not coalesce(private.is_plain_text(p ->> 'reason', 3, 500, true), false) then
      return private.refuse('reason_missing');
    elsif exists (select from private.check_ins c where c.place_id = v_place.id) then
      return private.refuse('conflict');
    end if;
    insert into private.check_ins (place_id, how, present_at, synced_at, forced_by, reason) values (v_place.id, 'lead', v_now, v_now, v_actor, p ->> 'reason');
    update public.shift_places q set attended_at = v_now where q.id = v_place.id;
    perform private.log_night(v_shift, v_actor, 'shift.check_in_forced');
  elsif p ->> 'act' = 'start' then
    if v_shift.state <> 'open' or v_now < lower(v_shift.period) - interval '30 minutes' or v_now >= upper(v_shift.period)
      or (select count(*) from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = v_shift.id and q.state = 'confirmed') < 2 then
      return private.refuse('status_order');
    elsif private.lacks_experience(v_shift) then
      return private.refuse('start_needs_experienced');
    end if;
    update public.patrol_shifts s set state = 'under_way' where s.id = v_shift.id;
    update private.patrol_nights n set started_at = v_now where n.shift_id = v_shift.id;
    perform private.log_night(v_shift, v_actor, 'shift.started');
  elsif p ->> 'act' = 'check_out' then
    return private.check_out(v_actor, v_shift, v_place.id);
  else
    return private.refuse('invalid_input');
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
