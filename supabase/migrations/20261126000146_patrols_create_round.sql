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
