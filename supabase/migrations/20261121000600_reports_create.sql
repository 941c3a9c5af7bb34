-- Purpose: reports, their events, messages, notes, attachments and followers; bans; drafts; ways back to a report.
-- Risk: none, new objects. Texts, contacts and files are ciphertext (RULES B2): `…_sealed` columns hold it, `…_key` columns the
-- data key wrapped by the master key. No role has SELECT on either; functions that return them log the opening (RULES B3).

create table public.reports (
  id uuid primary key,
  station_id uuid not null references public.stations (id) on delete restrict,
  community_id uuid,
  grid_id uuid,
  reference public.report_reference not null unique,
  category_code text not null references public.categories (code) on delete restrict,
  visibility public.visibility not null,
  urgency public.urgency not null,
  is_about_police boolean not null default false,
  about_staff uuid[] not null default '{}',
  status public.report_status not null default 'received',
  closed_reason public.closed_reason,
  version integer not null default 1,
  received_at timestamptz not null,
  updated_at timestamptz not null,
  first_viewed_at timestamptz,
  accepted_at timestamptz,
  closed_at timestamptz,
  occurred_at timestamptz,
  channel public.report_channel not null,
  locale public.locale_code not null,
  contact_mode public.contact_mode not null,
  owner_id uuid references auth.users (id) on delete set null,
  owner_hash public.keyed_hash,
  receipt_hash public.keyed_hash not null unique,
  is_portal_only boolean not null default false,
  is_unverified boolean not null default false,
  is_hidden boolean not null default false,
  emergency_kind text,
  assigned_to uuid references public.staff (user_id) on delete restrict,
  merged_into uuid references public.reports (id) on delete restrict,
  summary public.report_summary,
  content_sealed public.sealed_text not null,
  content_key public.sealed_text not null,
  contact_sealed public.sealed_text,
  contact_key public.sealed_text,
  notify_sealed public.sealed_text,
  content_hash public.hex_256 not null,
  nonce public.hex_256 not null,
  -- Few CHECKs, each with several rules: every one costs each report (20261121000050).
  constraint reports_owner_fits_mode check (
    case contact_mode
      when 'anonymous' then num_nonnulls(owner_id, owner_hash, contact_sealed, notify_sealed) = 0
      when 'sealed' then owner_id is null
      else owner_hash is null
    end and (contact_sealed is null) = (contact_key is null)),
  constraint reports_state_is_whole check (
    (status = 'closed') = (closed_reason is not null)
    and (status in ('received', 'closed') or accepted_at is not null)
    and (merged_into is null or (merged_into <> id and status = 'closed' and closed_reason = 'duplicate'))),
  constraint reports_scope_is_whole check ((not is_about_police or visibility = 'private') and (grid_id is null or community_id is not null)),
  foreign key (community_id, station_id) references public.communities (id, station_id) on delete restrict,
  foreign key (grid_id, community_id) references public.grids (id, community_id) on delete restrict
);
comment on table public.reports is 'A report. `status` is the one state (RULES D4); accepted = `triaged` with `accepted_at`. Overdue is computed, never stored.';
comment on column public.reports.owner_hash is 'Keyed hash of the account of a sealed report: its owner finds it, a reader of the table does not.';
comment on column public.reports.summary is 'Written by the desk, without personal data. The only text the desk search reads.';
comment on column public.reports.is_portal_only is 'The reporter wants answers in the portal only: nothing is sent to their account or address (RULES D3).';
comment on column public.reports.is_hidden is 'From a banned sender: accepted, hidden from the inbox, reviewed daily.';
create index reports_by_station on public.reports (station_id, received_at desc, id desc);
create index reports_by_community on public.reports (community_id, received_at desc, id desc) where community_id is not null;
create index reports_by_status on public.reports (station_id, status, received_at desc, id desc);
create index reports_by_assignee on public.reports (assigned_to, received_at desc, id desc) where assigned_to is not null;
create index reports_by_owner on public.reports (owner_id, received_at desc) where owner_id is not null;
create index reports_by_owner_hash on public.reports (owner_hash, received_at desc) where owner_hash is not null;
create index reports_merged on public.reports (merged_into) where merged_into is not null;
create index reports_nearby on public.reports (grid_id, category_code, received_at desc) where visibility = 'public' and grid_id is not null;
create index reports_about_police on public.reports (station_id, received_at desc, id desc) where is_about_police;
create index reports_hidden on public.reports (station_id, received_at desc) where is_hidden;

-- Which state may follow which: the same table as shared/reports/status.ts, held for every client.
create function private.may_follow(p_from text, p_to text) returns boolean
language sql immutable set search_path = '' as $$
  select case p_from
    when 'received' then p_to in ('triaged', 'closed')
    when 'triaged' then p_to in ('in_progress', 'resolved', 'closed')
    when 'in_progress' then p_to in ('resolved', 'closed')
    when 'resolved' then p_to in ('in_progress', 'closed')
    when 'closed' then p_to in ('triaged', 'in_progress')
    else false
  end;
$$;

create function private.check_report_status() returns trigger
language plpgsql set search_path = '' as $$
begin
  -- What its reporter took back stays closed: reopening it at the desk would go against their will.
  if old.closed_reason = 'withdrawn' or not private.may_follow(old.status, new.status) then
    raise exception 'a report that is % cannot become %', old.status, new.status using errcode = 'PT409', detail = 'status_order';
  end if;
  return new;
end;
$$;
comment on function private.check_report_status() is 'Trigger: keeps the order of states for every path.';
create trigger reports_follow_the_order before update of status on public.reports
  for each row when (old.status is distinct from new.status) execute function private.check_report_status();

create table public.report_events (
  id bigint generated always as identity primary key,
  report_id uuid not null references public.reports (id) on delete cascade,
  at timestamptz not null,
  kind public.report_event_kind not null,
  status public.report_status,
  closed_reason text,
  actor_role text not null,
  actor_id uuid,
  is_public boolean not null default true,
  public_sealed public.sealed_text
);
comment on table public.report_events is 'The timeline of a report. `public_sealed` is the sentence that the reporter reads.';
create index report_events_by_report on public.report_events (report_id, id);

create table public.report_messages (
  id uuid primary key default gen_random_uuid(),
  report_id uuid not null references public.reports (id) on delete cascade,
  at timestamptz not null,
  author public.report_author not null,
  author_id uuid references public.staff (user_id) on delete restrict,
  text_sealed public.sealed_text not null check (char_length(text_sealed) < 100000),
  read_at timestamptz,
  unique (id, report_id),
  check ((author = 'staff') = (author_id is not null))
);
comment on table public.report_messages is 'Letters between the reporter and the desk.';
create index report_messages_by_report on public.report_messages (report_id, at);

create table public.report_notes (
  id uuid primary key default gen_random_uuid(),
  report_id uuid not null references public.reports (id) on delete cascade,
  at timestamptz not null,
  author_id uuid not null references public.staff (user_id) on delete restrict,
  text_sealed public.sealed_text not null check (char_length(text_sealed) < 100000)
);
comment on table public.report_notes is 'Internal notes of the desk; the reporter never sees them.';
create index report_notes_by_report on public.report_notes (report_id, at);

create table public.report_attachments (
  id uuid primary key,
  report_id uuid not null references public.reports (id) on delete cascade,
  message_id uuid,
  at timestamptz not null,
  author public.report_author not null,
  media_type text not null check (media_type ~ '^(image|audio|video|application)/[a-z0-9.+-]+$'),
  size_bytes bigint not null check (size_bytes between 1 and 31457280),
  sha256 public.hex_256 not null,
  original_blob text unique,
  view_blob text unique,
  view_media_type text,
  key_sealed public.sealed_text not null,
  -- A file belongs to a message of the same report.
  foreign key (message_id, report_id) references public.report_messages (id, report_id) on delete cascade,
  check (num_nonnulls(original_blob, view_blob) >= 1),
  check ((view_blob is null) = (view_media_type is null))
);
comment on table public.report_attachments is 'Evidence. Bytes lie encrypted in the blob store; `sha256` is of the file as it was sent. File names are dropped (RULES G3).';
create index report_attachments_by_report on public.report_attachments (report_id, at);

create table public.report_followers (
  id uuid primary key default gen_random_uuid(),
  report_id uuid not null references public.reports (id) on delete cascade,
  at timestamptz not null,
  receipt_hash public.keyed_hash not null unique
);
comment on table public.report_followers is '"Follow this one instead": a neighbour with the same concern, with a receipt of their own.';
create index report_followers_by_report on public.report_followers (report_id);

create table public.bans (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete cascade,
  kind text not null check (kind in ('account', 'contact', 'chat')),
  subject_hash public.keyed_hash not null,
  report_id uuid references public.reports (id) on delete set null,
  reason text not null check (char_length(reason) between 3 and 500),
  created_by uuid not null references public.staff (user_id) on delete restrict,
  created_at timestamptz not null,
  lifted_at timestamptz,
  lifted_by uuid references public.staff (user_id) on delete restrict
);
comment on table public.bans is 'Senders whose reports are accepted but hidden (RULES G2). Kept as keyed hashes.';
create unique index bans_in_force on public.bans (station_id, subject_hash) where lifted_at is null;

create table private.idempotency_keys (
  key_hash text primary key,
  body_hash text not null,
  report_id uuid not null,
  created_at timestamptz not null default now()
);
comment on table private.idempotency_keys is 'Repeated sends within 24 h answer like the first (RULES C1).';
create index idempotency_keys_by_age on private.idempotency_keys (created_at);

create table private.view_sessions (
  token_hash text primary key,
  report_id uuid not null references public.reports (id) on delete cascade,
  viewer text not null check (viewer in ('reporter', 'follower')),
  expires_at timestamptz not null,
  ends_at timestamptz not null default now() + interval '12 hours',
  constraint view_sessions_end check (expires_at <= ends_at)
);
comment on table private.view_sessions is 'Thirty minutes of access after reference and receipt were given (RULES C2).';
comment on column private.view_sessions.ends_at is 'The last moment, however often it is used: a computer that several people use is left by all of them in the evening.';
create index view_sessions_by_expiry on private.view_sessions (expires_at);
create index view_sessions_by_report on private.view_sessions (report_id);

create table private.report_drafts (
  id_hash text primary key,
  sealed public.sealed_text not null,
  blobs text[] not null default '{}',
  expires_at timestamptz not null
);
comment on table private.report_drafts is 'Answers of a form in progress, sealed with the random cookie, 2 h (RULES B6).';
create index report_drafts_by_expiry on private.report_drafts (expires_at);

-- Every statement that decides who sees a report asks this one function.
create function private.may_see(p_report public.reports, p_staff public.staff) returns boolean
language sql stable security definer set search_path = '' as $$
  select case
    when p_staff.user_id is null or p_report.station_id <> p_staff.station_id then false
    when p_report.is_about_police then p_staff.role in ('chief', 'auditor') and not p_staff.user_id = any (p_report.about_staff)
    when p_staff.role in ('lead', 'chief') then true
    -- A report without a place has no community: the answer must be false and not null, which `not` would let through.
    when p_staff.role = 'officer' then
      coalesce(p_report.assigned_to = p_staff.user_id, false)
      or coalesce(p_report.community_id in (select private.communities_of(p_staff.user_id)), false)
    else false
  end;
$$;
comment on function private.may_see(public.reports, public.staff) is 'Officers: their communities and what is assigned to them. Lead, chief: the station. About the police: chief and auditor, never whoever is named (RULES A6). Admin: nothing. Definer: policies call it, and it reads columns and assignments that the caller may not.';
revoke all on function private.may_see(public.reports, public.staff) from public;
grant execute on function private.may_see(public.reports, public.staff) to authenticated;

create function private.may_see_report(p_report uuid, p_staff public.staff) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from public.reports r where r.id = p_report and private.may_see(r, p_staff));
$$;
comment on function private.may_see_report(uuid, public.staff) is 'may_see for tables that belong to a report. Definer: it reads columns that the caller may not.';
revoke all on function private.may_see_report(uuid, public.staff) from public;
grant execute on function private.may_see_report(uuid, public.staff) to authenticated;

create function private.may_change(p_report public.reports, p_staff public.staff) returns boolean
language sql stable security definer set search_path = '' as $$
  select coalesce(p_staff.role <> 'auditor' and private.may_see(p_report, p_staff), false);
$$;
comment on function private.may_change(public.reports, public.staff) is 'An auditor reads and changes nothing. Definer: as may_see.';
revoke all on function private.may_change(public.reports, public.staff) from public;

create or replace function private.may_read_log(p_report uuid, p_staff uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select not exists (select from public.reports r where r.id = p_report and r.is_about_police and p_staff = any (r.about_staff));
$$;

alter table public.reports enable row level security;
create policy "residents read their own named reports" on public.reports for select to authenticated
  using (owner_id = (select private.actor()));
create policy "staff read the reports of their desk" on public.reports for select to authenticated
  using (station_id = (select private.my_station()) and private.may_see(reports, (select private.staff_actor())));
-- Never the sealed columns, keys, hashes or the owner: those leave through functions that log. Nor `is_hidden`, `is_unverified` and
-- `summary`: reporters read these columns of their own report too, and neither learn of a ban nor read the desk's words.
grant select (id, station_id, community_id, grid_id, reference, category_code, visibility, urgency, is_about_police, status, closed_reason, version,
  received_at, updated_at, first_viewed_at, accepted_at, closed_at, channel, locale, contact_mode, assigned_to, merged_into)
  on public.reports to authenticated;

alter table public.report_events enable row level security;
create policy "staff read the events of reports they see" on public.report_events for select to authenticated
  using ((select private.my_station()) is not null and private.may_see_report(report_id, (select private.staff_actor())));
grant select (id, report_id, at, kind, status, closed_reason, actor_role) on public.report_events to authenticated;

alter table public.report_messages enable row level security;
alter table public.report_notes enable row level security;
alter table public.report_attachments enable row level security;
alter table public.report_followers enable row level security;
alter table public.bans enable row level security;
create policy "leads and chiefs read the bans of their station" on public.bans for select to authenticated
  using (station_id = (select private.my_station()) and (select (private.staff_actor()).role) in ('lead', 'chief')
    and (report_id is null or exists (select from public.reports r where r.id = bans.report_id)));
grant select (id, station_id, kind, report_id, reason, created_by, created_at, lifted_at, lifted_by) on public.bans to authenticated;
alter table private.idempotency_keys enable row level security;
alter table private.view_sessions enable row level security;
alter table private.report_drafts enable row level security;

create trigger report_events_are_append_only before update on public.report_events for each row execute function private.refuse_change();
