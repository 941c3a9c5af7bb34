-- Purpose: the roster of volunteer patrols (PRODUCT §4): who may patrol, where, when, and who has which place. Never fewer than two go (RULES I1).
-- Risk: none for data, new objects.

create domain public.volunteer_kind as text check (value in ('patroller', 'information', 'building_contact', 'mediator'));
create domain public.volunteer_state as text check (value in ('applied', 'station_reviewed', 'assessed', 'enrolled', 'active', 'suspended', 'refused', 'left'));
comment on domain public.volunteer_state is '`enrolled`: a trainee. The way from one to the next stands in shared/patrols/volunteer-steps.ts as well; a test compares them.';
create domain public.patrol_shift_state as text check (value in ('open', 'under_way', 'ended', 'cancelled'));
create domain public.shift_place_state as text check (value in ('confirmed', 'waiting', 'offered', 'left', 'no_show', 'cancelled'));
create domain public.shift_swap_state as text check (value in ('asked', 'accepted', 'approved', 'refused', 'expired'));

create table public.patrol_skills (
  code public.code_name primary key,
  name jsonb not null check (private.is_text_in_both(name, 1, 80)),
  position integer not null,
  is_active boolean not null default true
);
comment on table public.patrol_skills is 'What a shift may ask for and a lead confirms: first aid, driving. From supabase/seeds/060-patrols.sql.';
alter table public.patrol_skills enable row level security;

create table public.shift_types (
  code public.code_name primary key,
  name jsonb not null check (private.is_text_in_both(name, 1, 80)),
  position integer not null,
  is_active boolean not null default true
);
comment on table public.shift_types is 'What a shift is for: on foot, at a school gate, by a fire lane. From supabase/seeds/060-patrols.sql.';
alter table public.shift_types enable row level security;

create table public.volunteers (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  community_id uuid not null,
  user_id uuid unique references auth.users (id) on delete set null,
  kinds public.volunteer_kind[] not null check (cardinality(kinds) between 1 and 4),
  state public.volunteer_state not null default 'applied',
  availability jsonb not null default '{}'::jsonb check (jsonb_typeof(availability) = 'object' and length(availability::text) <= 1000),
  created_at timestamptz not null,
  changed_at timestamptz not null,
  reviewed_by uuid references public.staff (user_id) on delete restrict,
  refused_reason text check (refused_reason is null or private.is_plain_text(refused_reason, 3, 500, true)),
  appealed_at timestamptz,
  suspended_until timestamptz,
  suspended_from public.volunteer_state check (suspended_from in ('enrolled', 'active')),
  trainee_shifts_done integer not null default 0 check (trainee_shifts_done >= 0),
  locked_at timestamptz,
  no_shows_from timestamptz not null,
  unique (id, station_id),
  foreign key (community_id, station_id) references public.communities (id, station_id) on delete restrict,
  constraint volunteers_refused_with_a_reason check (state <> 'refused' or refused_reason is not null),
  constraint volunteers_suspended_from_somewhere check ((state = 'suspended') = (suspended_from is not null))
);
comment on table public.volunteers is 'Residents on the roster, or on their way there. Erased ones keep their row without the account: their shifts took place.';
comment on column public.volunteers.availability is 'Weekday (1 to 7) → parts of the day: {"6": ["evening", "night"]}. Says when to ask; it keeps nobody from a shift.';
comment on column public.volunteers.locked_at is 'After two shifts without coming: no signing up by oneself until a lead unlocks.';
comment on column public.volunteers.no_shows_from is 'Shifts missed before this count no more.';
comment on column public.volunteers.reviewed_by is 'Who reviewed the application for the station: the assessment is another person''s.';
create index volunteers_by_station on public.volunteers (station_id, state, changed_at desc);
create index volunteers_by_community on public.volunteers (community_id, station_id);
create index volunteers_by_reviewer on public.volunteers (reviewed_by) where reviewed_by is not null;
alter table public.volunteers enable row level security;

create table private.volunteer_contacts (
  volunteer_id uuid primary key references public.volunteers (id) on delete cascade,
  contact_sealed public.sealed_text not null
);
comment on table private.volunteer_contacts is 'Their own name and phone, and whom to call in an emergency, sealed by the portal (RULES I1). Goes with the account.';
alter table private.volunteer_contacts enable row level security;

create table public.volunteer_steps (
  id bigint generated always as identity primary key,
  volunteer_id uuid not null references public.volunteers (id) on delete restrict,
  at timestamptz not null,
  from_state public.volunteer_state,
  to_state public.volunteer_state not null,
  act public.code_name not null,
  actor_id uuid references public.staff (user_id) on delete restrict,
  note text check (note is null or private.is_plain_text(note, 1, 1000, true))
);
comment on table public.volunteer_steps is 'Each decision about a volunteer, by whom and why. Without an actor: the volunteer''s own act. Rows are only added, and go with their volunteer after its term.';
create index volunteer_steps_by_volunteer on public.volunteer_steps (volunteer_id, id);
create index volunteer_steps_by_actor on public.volunteer_steps (actor_id) where actor_id is not null;
alter table public.volunteer_steps enable row level security;
-- The words go with the account; that there was a step, and whose it was, stays.
create trigger volunteer_steps_are_append_only before update on public.volunteer_steps for each row
  when (new.note is not null or to_jsonb(new) - 'note' is distinct from to_jsonb(old) - 'note') execute function private.refuse_change();

create table public.volunteer_skills (
  volunteer_id uuid not null references public.volunteers (id) on delete cascade,
  skill_code public.code_name not null references public.patrol_skills (code) on delete restrict,
  confirmed_by uuid not null references public.staff (user_id) on delete restrict,
  confirmed_at timestamptz not null,
  until_on date,
  primary key (volunteer_id, skill_code)
);
comment on table public.volunteer_skills is 'What somebody can do, as a lead confirmed it.';
create index volunteer_skills_by_skill on public.volunteer_skills (skill_code);
create index volunteer_skills_by_confirmer on public.volunteer_skills (confirmed_by);
alter table public.volunteer_skills enable row level security;

create table public.patrol_routes (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  community_id uuid not null,
  name jsonb not null check (private.is_text_in_both(name, 1, 80)),
  is_active boolean not null default true,
  unique (id, community_id),
  foreign key (community_id, station_id) references public.communities (id, station_id) on delete restrict
);
comment on table public.patrol_routes is 'A way through a community with its checkpoints.';
create index patrol_routes_by_community on public.patrol_routes (community_id, station_id);
create index patrol_routes_by_station on public.patrol_routes (station_id);
alter table public.patrol_routes enable row level security;

create table public.patrol_checkpoints (
  id uuid primary key default gen_random_uuid(),
  route_id uuid not null,
  community_id uuid not null,
  grid_id uuid not null,
  position integer not null check (position between 1 and 50),
  name jsonb not null check (private.is_text_in_both(name, 1, 80)),
  is_active boolean not null default true,
  unique (route_id, position),
  foreign key (route_id, community_id) references public.patrol_routes (id, community_id) on delete restrict,
  foreign key (grid_id, community_id) references public.grids (id, community_id) on delete restrict
);
comment on table public.patrol_checkpoints is 'Where a patrol passes. Its place is a grid and no finer.';
create index patrol_checkpoints_by_route on public.patrol_checkpoints (route_id, community_id);
create index patrol_checkpoints_by_grid on public.patrol_checkpoints (grid_id, community_id);
alter table public.patrol_checkpoints enable row level security;

create table public.shift_series (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  community_id uuid not null,
  type_code public.code_name not null references public.shift_types (code) on delete restrict,
  route_id uuid,
  weekdays smallint[] not null check (cardinality(weekdays) between 1 and 7 and weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[]),
  starts_at_local time not null,
  duration_minutes integer not null check (duration_minutes between 30 and 720),
  from_on date not null,
  until_on date not null,
  exceptions date[] not null default '{}' check (cardinality(exceptions) <= 200),
  needed smallint not null check (needed between 2 and 30),
  maximum smallint not null,
  kind public.volunteer_kind not null default 'patroller',
  skill_code public.code_name references public.patrol_skills (code) on delete restrict,
  created_by uuid not null references public.staff (user_id) on delete restrict,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (id, station_id),
  foreign key (community_id, station_id) references public.communities (id, station_id) on delete restrict,
  foreign key (route_id, community_id) references public.patrol_routes (id, community_id) on delete restrict,
  constraint series_have_room check (maximum between needed and 50),
  constraint series_end_after_they_begin check (until_on >= from_on and until_on <= from_on + 400)
);
comment on table public.shift_series is 'A weekly rule, by the clock on the station''s wall (RFC 5545: RRULE weekly, BYDAY, UNTIL, EXDATE); a job writes its shifts 28 days ahead.';
create index shift_series_open on public.shift_series (station_id) where ended_at is null;
create index shift_series_by_community on public.shift_series (community_id, station_id);
create index shift_series_by_route on public.shift_series (route_id, community_id) where route_id is not null;
create index shift_series_by_type on public.shift_series (type_code);
create index shift_series_by_skill on public.shift_series (skill_code) where skill_code is not null;
create index shift_series_by_maker on public.shift_series (created_by);
alter table public.shift_series enable row level security;

create table public.patrol_shifts (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  community_id uuid not null,
  type_code public.code_name not null references public.shift_types (code) on delete restrict,
  route_id uuid,
  period tstzrange not null,
  needed smallint not null check (needed between 2 and 30),
  maximum smallint not null,
  kind public.volunteer_kind not null default 'patroller',
  skill_code public.code_name references public.patrol_skills (code) on delete restrict,
  lead_volunteer_id uuid references public.volunteers (id) on delete restrict,
  lead_staff_id uuid references public.staff (user_id) on delete restrict,
  state public.patrol_shift_state not null default 'open',
  first_claims_until timestamptz not null,
  sequence integer not null default 0 check (sequence >= 0),
  created_at timestamptz not null,
  created_by uuid references public.staff (user_id) on delete restrict,
  revised_at timestamptz not null,
  cancelled_reason text check (cancelled_reason is null or cancelled_reason = 'too_few' or private.is_plain_text(cancelled_reason, 3, 500, true)),
  series_id uuid,
  series_date date,
  alarmed_at timestamptz,
  unique (id, station_id),
  unique (id, period),
  unique (series_id, series_date),
  foreign key (community_id, station_id) references public.communities (id, station_id) on delete restrict,
  foreign key (route_id, community_id) references public.patrol_routes (id, community_id) on delete restrict,
  foreign key (series_id, station_id) references public.shift_series (id, station_id) on delete restrict,
  constraint shifts_have_room check (maximum between needed and 50),
  constraint shifts_have_a_period check (lower_inc(period) and not upper_inc(period) and upper(period) - lower(period) between interval '30 minutes' and interval '12 hours'),
  constraint shifts_of_a_series_have_a_day check ((series_id is null) = (series_date is null)),
  constraint shifts_are_cancelled_with_a_reason check ((state = 'cancelled') = (cancelled_reason is not null)),
  constraint shifts_have_one_lead check (num_nonnulls(lead_volunteer_id, lead_staff_id) <= 1)
);
comment on table public.patrol_shifts is 'One patrol at one time. `sequence` and `revised_at` are those of RFC 5545: they rise with what its calendar entry says.';
comment on column public.patrol_shifts.cancelled_reason is '`too_few`: fewer than two at three hours before the start (RULES I1). Otherwise in the words of whoever cancelled it.';
comment on column public.patrol_shifts.first_claims_until is 'Until then only those with the fewest hours may sign up.';
comment on column public.patrol_shifts.alarmed_at is 'When the lead was told that almost nobody comes.';
create index patrol_shifts_by_station on public.patrol_shifts (station_id, lower(period));
create index patrol_shifts_by_state on public.patrol_shifts (state, lower(period));
create index patrol_shifts_by_community on public.patrol_shifts (community_id, station_id);
create index patrol_shifts_by_route on public.patrol_shifts (route_id, community_id) where route_id is not null;
create index patrol_shifts_by_type on public.patrol_shifts (type_code);
create index patrol_shifts_by_skill on public.patrol_shifts (skill_code) where skill_code is not null;
create index patrol_shifts_by_lead on public.patrol_shifts (lead_volunteer_id) where lead_volunteer_id is not null;
create index patrol_shifts_by_lead_staff on public.patrol_shifts (lead_staff_id) where lead_staff_id is not null;
create index patrol_shifts_by_maker on public.patrol_shifts (created_by) where created_by is not null;
create index patrol_shifts_by_series on public.patrol_shifts (series_id, station_id) where series_id is not null;
alter table public.patrol_shifts enable row level security;

create sequence private.shift_queue;
comment on sequence private.shift_queue is 'The order of the waiting lists. Drawn under the lock of the shift.';

create table public.shift_places (
  id uuid primary key default gen_random_uuid(),
  shift_id uuid not null,
  volunteer_id uuid not null references public.volunteers (id) on delete restrict,
  period tstzrange not null,
  state public.shift_place_state not null,
  is_trainee boolean not null,
  queue bigint not null default nextval('private.shift_queue'),
  offered_until timestamptz,
  signed_at timestamptz not null,
  ended_at timestamptz,
  attended_at timestamptz,
  reminded_day_at timestamptz,
  reminded_hours_at timestamptz,
  unique (id, volunteer_id),
  foreign key (shift_id, period) references public.patrol_shifts (id, period) on update cascade on delete restrict,
  constraint places_offered_until_a_time check ((state = 'offered') = (offered_until is not null)),
  constraint places_attended_were_held check (attended_at is null or state = 'confirmed'),
  -- Whatever a client does, nobody is in two places at a time.
  constraint places_never_overlap exclude using gist (volunteer_id extensions.gist_uuid_ops with =, period with &&) where (state in ('confirmed', 'offered'))
);
comment on table public.shift_places is 'Who has, awaits or had which place. One row for each signing up; what ended stays.';
comment on column public.shift_places.period is 'That of the shift, for the constraint.';
comment on column public.shift_places.queue is 'The order of signing up: the waiting list follows it.';
create unique index shift_places_one_each on public.shift_places (shift_id, volunteer_id) where state in ('confirmed', 'waiting', 'offered');
create index shift_places_by_shift on public.shift_places (shift_id, state, queue);
create index shift_places_by_volunteer on public.shift_places (volunteer_id, state);
create index shift_places_by_time on public.shift_places (lower(period)) where state = 'confirmed';
create index shift_places_offered on public.shift_places (offered_until) where state = 'offered';
alter table public.shift_places enable row level security;

-- Overbooking is refused here, for every path, also for the owner of the tables.
create function private.guard_place() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_maximum integer;
begin
  if new.state not in ('confirmed', 'offered') or (tg_op = 'UPDATE' and old.state in ('confirmed', 'offered')) then
    return new;
  end if;
  select s.maximum into v_maximum from public.patrol_shifts s where s.id = new.shift_id for update;
  if (select count(*) from public.shift_places p where p.shift_id = new.shift_id and p.id <> new.id and p.state in ('confirmed', 'offered')) >= v_maximum then
    raise exception 'this shift has no place left' using errcode = 'PT409', detail = 'conflict';
  end if;
  return new;
end;
$$;
comment on function private.guard_place() is 'Trigger. Definer: the tables have no grants.';
revoke all on function private.guard_place() from public;
create trigger shift_places_are_never_overbooked before insert or update of state on public.shift_places for each row execute function private.guard_place();

create table public.shift_swaps (
  id uuid primary key default gen_random_uuid(),
  place_id uuid not null references public.shift_places (id) on delete restrict,
  to_volunteer_id uuid references public.volunteers (id) on delete restrict,
  state public.shift_swap_state not null default 'asked',
  asked_at timestamptz not null,
  answered_at timestamptz,
  decided_at timestamptz,
  decided_by uuid references public.staff (user_id) on delete restrict,
  constraint swaps_accepted_have_a_taker check (state not in ('accepted', 'approved') or to_volunteer_id is not null),
  constraint swaps_are_decided_by_somebody check (state <> 'approved' or num_nonnulls(decided_at, decided_by) = 2)
);
comment on table public.shift_swaps is 'A place handed to another volunteer: asked, accepted by whoever was given the link, approved by a lead. Nobody has to know a list of names.';
create unique index shift_swaps_one_open on public.shift_swaps (place_id) where state in ('asked', 'accepted');
create index shift_swaps_by_place on public.shift_swaps (place_id);
create index shift_swaps_by_volunteer on public.shift_swaps (to_volunteer_id, state);
create index shift_swaps_by_decider on public.shift_swaps (decided_by) where decided_by is not null;
alter table public.shift_swaps enable row level security;
