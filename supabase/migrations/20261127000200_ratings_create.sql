-- Purpose: the monthly rating of community officers: rounds, whom they are about, what was said, and comments that are read before they are published.
-- Risk: none for data, new objects. A rating stands beside nothing that leads to a person: no account, no time but the day, no order.

create table private.rating_settings (
  station_id uuid primary key references public.stations (id) on delete cascade,
  is_on boolean not null default true,
  opens_day smallint not null default 1 check (opens_day between 1 and 20),
  days smallint not null default 20 check (days between 7 and 28),
  constraint rating_rounds_end_with_their_month check (opens_day + days <= 29)
);
comment on table private.rating_settings is 'When a round opens and how many days it stays open. A station without a row: the first of the month, twenty days. Who changed it: private.setting_changes.';
alter table private.rating_settings enable row level security;

create table private.rating_rounds (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  month date not null check (extract(day from month) = 1),
  opens_at timestamptz not null,
  closes_at timestamptz not null,
  closed_at timestamptz,
  unique (station_id, month),
  constraint rounds_close_after_they_open check (closes_at > opens_at),
  constraint rounds_close_in_time check (closed_at is null or closed_at >= closes_at)
);
comment on table private.rating_rounds is 'One a month and station, opened and closed by a job. Nothing is counted for anybody while one is open (RULES E3).';
create index rating_rounds_open on private.rating_rounds (closes_at) where closed_at is null;
alter table private.rating_rounds enable row level security;

create table private.rating_subjects (
  id uuid primary key default gen_random_uuid(),
  round_id uuid not null references private.rating_rounds (id) on delete cascade,
  community_id uuid not null references public.communities (id) on delete restrict,
  officer_id uuid not null references public.staff (user_id) on delete restrict,
  eligible integer not null check (eligible >= 0),
  unique (round_id, community_id)
);
comment on table private.rating_subjects is 'Whom a round is about: the officer of a community on the day it opened. Each has ballots of its own.';
comment on column private.rating_subjects.eligible is 'Verified residents on that day who may rate this officer (RULES E1): the base of the response rate.';
create index rating_subjects_by_community on private.rating_subjects (community_id);
create index rating_subjects_by_officer on private.rating_subjects (officer_id);
alter table private.rating_subjects enable row level security;

create table private.ratings (
  id uuid primary key default gen_random_uuid(),
  subject_id uuid not null references private.rating_subjects (id) on delete cascade,
  source text not null check (source in ('ballot', 'open')),
  knows boolean not null,
  familiar smallint check (familiar between 1 and 5),
  satisfied smallint check (satisfied between 1 and 5),
  prompt smallint check (prompt between 1 and 5),
  polite smallint check (polite between 1 and 5),
  effective smallint check (effective between 1 and 5),
  marks text[] not null check (marks <@ array['network', 'staff', 'burst']),
  day date not null,
  constraint who_does_not_know_the_officer_does_not_grade check (knows or num_nonnulls(familiar, satisfied, prompt, polite, effective) = 0)
);
comment on table private.ratings is 'What was said, by nobody. Null: cannot say. Rewritten in random order each night, with the ballots (RULES E2).';
comment on column private.ratings.source is 'Ballot: a verified resident, once. Open: whoever came by; counted apart, never in the headline figure.';
comment on column private.ratings.marks is 'One of many from one network, from a device of the station, in a burst; what is published says how many, and open answers with the first two do not count.';
create index ratings_by_subject on private.ratings (subject_id);
alter table private.ratings enable row level security;

create table private.rating_comments (
  id uuid primary key default gen_random_uuid(),
  subject_id uuid not null references private.rating_subjects (id) on delete cascade,
  text_sealed public.sealed_text,
  day date not null,
  state text not null default 'waiting' check (state in ('waiting', 'published', 'refused')),
  decided_on date,
  decided_by uuid references public.staff (user_id) on delete restrict,
  text_published text check (text_published is null or private.is_plain_text(text_published, 1, 1000, true)),
  answer text check (answer is null or private.is_plain_text(answer, 1, 1000, true)),
  answered_on date,
  constraint comments_are_decided_by_somebody check ((state = 'waiting') = (decided_by is null) and (decided_by is null) = (decided_on is null)),
  constraint published_comments_have_words check ((state = 'published') = (text_published is not null)),
  constraint waiting_comments_are_sealed check (state <> 'waiting' or text_sealed is not null),
  constraint answers_stand_beside_a_comment check ((answer is null) = (answered_on is null) and (answer is null or state = 'published'))
);
comment on table private.rating_comments is 'Words that came with a rating and stand apart from it: which grades they came with is known nowhere. Sealed until somebody other than the rated officer has read them (RULES E4).';
create index rating_comments_by_subject on private.rating_comments (subject_id, state);
create index rating_comments_by_moderator on private.rating_comments (decided_by) where decided_by is not null;
alter table private.rating_comments enable row level security;

insert into private.tables_without_order (name) values ('private.ratings'), ('private.rating_comments');
