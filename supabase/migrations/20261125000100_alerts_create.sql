-- Purpose: safety alerts (PRODUCT §3): one row is one message as CAP 1.2 means it. An update, a cancellation and an all clear are rows of their
-- own in the same chain. What is published never changes; orange and red need a second person (RULES E4).
-- Risk: none for data, new objects; one nullable column on stations.

create domain public.alert_identifier as text check (value ~ '^LLA-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$');
comment on domain public.alert_identifier is 'CAP identifier; the last eight characters are the short code that people type.';
create domain public.alert_message_type as text check (value in ('alert', 'update', 'cancel', 'all_clear'));
create domain public.alert_kind as text check (value in ('warning', 'tip', 'solved', 'notice'));
create domain public.alert_colour as text check (value in ('blue', 'yellow', 'orange', 'red'));
create domain public.alert_state as text check (value in ('draft', 'in_review', 'published', 'discarded'));
create domain public.alert_area_kind as text check (value in ('station', 'community', 'grid', 'polygon', 'circle'));
create domain public.cap_category as text check (value in ('Geo', 'Met', 'Safety', 'Security', 'Rescue', 'Fire', 'Health', 'Env', 'Transport', 'Infra', 'CBRNE', 'Other'));
create domain public.cap_urgency as text check (value in ('Immediate', 'Expected', 'Future', 'Past', 'Unknown'));
create domain public.cap_severity as text check (value in ('Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'));
create domain public.cap_certainty as text check (value in ('Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'));
comment on domain public.alert_message_type is 'These closed lists stand in shared/alerts/alert-words.ts as well; a test compares them.';

alter table public.stations add column alert_issuer text check (alert_issuer ~ '^[0-9]{14}$');
comment on column public.stations.alert_issuer is 'The 14 digits of the issuer by GB/T 35965.1, given to the station by its authority. Null: none.';

create table public.alert_events (
  code public.code_name primary key,
  category public.cap_category not null,
  name jsonb not null check (name ?& array['zh', 'en']),
  position integer not null,
  is_active boolean not null default true
);
comment on table public.alert_events is 'What an alert may be about: a closed list with its CAP category, from supabase/seeds/040-alert-events.sql.';
alter table public.alert_events enable row level security;
create policy "everyone reads what alerts may be about" on public.alert_events for select to anon, authenticated using (true);
grant select on public.alert_events to anon, authenticated, service_role;

create sequence private.alert_changes;
comment on sequence private.alert_changes is 'Numbers what residents see change, so that a portal asks for the newer only. Drawn under the lock of publish_alert.';

create function private.new_alert_identifier() returns text
language plpgsql volatile set search_path = '' as $$
declare
  v_reference text := private.new_reference();
begin
  return 'LLA-' || substr(v_reference, 4);
end;
$$;

create table public.alerts (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  chain_id uuid not null references public.alerts (id) on delete restrict,
  identifier public.alert_identifier not null unique default private.new_alert_identifier(),
  message_type public.alert_message_type not null default 'alert',
  base_id uuid references public.alerts (id) on delete restrict,
  is_exercise boolean not null default false,
  kind public.alert_kind not null,
  colour public.alert_colour,
  event_code public.code_name not null references public.alert_events (code) on delete restrict,
  urgency public.cap_urgency not null,
  severity public.cap_severity not null,
  certainty public.cap_certainty not null,
  onset_at timestamptz,
  expires_at timestamptz not null,
  follows_id uuid references public.alerts (id) on delete restrict,
  community_ids uuid[] not null default '{}',
  grid_ids uuid[] not null default '{}',
  contact text check (char_length(contact) between 1 and 200),
  web text check (web ~ '^https?://\S+$' and char_length(web) <= 500),
  state public.alert_state not null default 'draft',
  revision integer not null default 1 check (revision >= 1),
  created_at timestamptz not null,
  created_by uuid not null references public.staff (user_id) on delete restrict,
  edited_at timestamptz not null,
  edited_by uuid not null references public.staff (user_id) on delete restrict,
  submitted_at timestamptz,
  submitted_by uuid references public.staff (user_id) on delete restrict,
  returned_reason text check (char_length(returned_reason) between 3 and 500),
  approved_at timestamptz,
  approved_by uuid references public.staff (user_id) on delete restrict,
  override_reason text check (char_length(override_reason) between 6 and 500),
  published_at timestamptz,
  published_by uuid references public.staff (user_id) on delete restrict,
  content jsonb,
  statement jsonb,
  changed_number bigint,
  ended_at timestamptz,
  ended_by_id uuid references public.alerts (id) on delete restrict,
  ended_by_type public.alert_message_type check (ended_by_type <> 'alert'),
  unique (id, station_id),
  constraint alerts_warnings_have_a_colour check ((kind = 'warning') = (colour is not null)),
  constraint alerts_all_clears_are_of_warnings check (message_type <> 'all_clear' or kind = 'warning'),
  constraint alerts_later_messages_have_a_base check ((message_type = 'alert') = (base_id is null) and (message_type = 'alert') = (chain_id = id)),
  constraint alerts_solved_ones_follow check (follows_id is null or kind = 'solved'),
  constraint alerts_begin_before_they_end check (onset_at < expires_at),
  constraint alerts_acts_name_their_person check (num_nonnulls(submitted_at, submitted_by) in (0, 2) and num_nonnulls(approved_at, approved_by) in (0, 2) and num_nonnulls(published_at, published_by) in (0, 2)),
  constraint alerts_in_review_were_submitted check (state <> 'in_review' or submitted_at is not null),
  -- Whoever wrote it does not see any more what is wrong with it (RULES E4).
  constraint alerts_approved_by_another check (approved_by <> created_by and approved_by <> edited_by),
  constraint alerts_published_are_complete check (case when state = 'published'
    then published_at is not null and content is not null and statement is not null and changed_number is not null and cardinality(community_ids) > 0
    else num_nonnulls(published_at, content, statement, changed_number, ended_at, override_reason) = 0 end),
  constraint alerts_urgent_ones_need_two check (state <> 'published' or colour is null or colour in ('blue', 'yellow') or approved_by is not null or override_reason is not null),
  constraint alerts_expire check (published_at is null or (expires_at > published_at
    and expires_at <= published_at + case when colour in ('orange', 'red') then interval '72 hours' else interval '30 days' end)),
  constraint alerts_ended_by_another check (num_nonnulls(ended_at, ended_by_id, ended_by_type) in (0, 3) and ended_by_id <> id)
);
comment on table public.alerts is 'One message of the station to residents. `chain_id`: the first message about the matter. Drafts change under `revision`; published ones never.';
comment on column public.alerts.base_id is 'The published message that this one was started from, and that it updates or ends.';
comment on column public.alerts.follows_id is 'Of a solved notice: the warning whose audience gets it. Null: whoever is in the area.';
comment on column public.alerts.community_ids is 'Which communities the areas touch; `grid_ids` likewise: that a grid is touched says nothing of its neighbours.';
comment on column public.alerts.content is 'What it says, as the statement signs it and as everybody reads it: names and boundaries as they were then. shared/alerts/published-alert.ts.';
-- One message at a time speaks for a chain, and one draft at a time is to follow it.
create unique index alerts_one_open_in_a_chain on public.alerts (chain_id) where state = 'published' and ended_by_id is null;
create unique index alerts_one_draft_in_a_chain on public.alerts (chain_id) where state in ('draft', 'in_review');
create index alerts_by_change on public.alerts (changed_number) where state = 'published';
create index alerts_by_station on public.alerts (station_id, edited_at desc);
create index alerts_by_chain on public.alerts (chain_id);
create index alerts_by_community on public.alerts using gin (community_ids) where state = 'published';
create index alerts_by_grid on public.alerts using gin (grid_ids) where state = 'published';
alter table public.alerts enable row level security;
create policy "everyone reads published alerts" on public.alerts for select to anon, authenticated using (published_at is not null);
grant select (id, station_id, chain_id, identifier, message_type, is_exercise, kind, colour, event_code, urgency, severity, certainty, onset_at, expires_at, follows_id, community_ids, grid_ids, contact, web,
  published_at, content, statement, ended_at, ended_by_id, ended_by_type) on public.alerts to anon, authenticated, service_role;

-- One line; and nothing that XML 1.0 cannot carry.
create function private.is_plain_text(p text, p_least integer, p_most integer, p_lines boolean) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(char_length(p) <= p_most and char_length(btrim(p)) >= p_least and p !~ '[\u0001-\u0008\u000b-\u001f\u007f\ufffe\uffff]' and (p_lines or strpos(p, chr(10)) = 0), false);
$$;

create table public.alert_texts (
  alert_id uuid not null references public.alerts (id) on delete restrict,
  locale public.locale_code not null,
  headline text not null check (private.is_plain_text(headline, 4, 140, false)),
  description text not null check (private.is_plain_text(description, 4, 2000, true)),
  instruction text check (instruction is null or private.is_plain_text(instruction, 1, 1000, true)),
  primary key (alert_id, locale)
);
comment on table public.alert_texts is 'One message in one language. No markup: what is typed is what is read.';
alter table public.alert_texts enable row level security;
create policy "everyone reads texts of published alerts" on public.alert_texts for select to anon, authenticated
  using (exists (select from public.alerts a where a.id = alert_texts.alert_id and a.published_at is not null));
grant select on public.alert_texts to anon, authenticated, service_role;

create function private.is_alert_shape(p_kind text, p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(case p_kind
    when 'circle' then p ->> 'type' = 'Circle' and jsonb_array_length(p -> 'center') = 2 and (p -> 'center' ->> 0)::numeric between -180 and 180 and (p -> 'center' ->> 1)::numeric between -90 and 90
      and (p ->> 'radiusMeters')::numeric between 20 and 20000
    -- CAP: at least four pairs, the last is the first.
    when 'polygon' then p ->> 'type' = 'Polygon' and jsonb_array_length(p -> 'coordinates') = 1 and jsonb_array_length(p -> 'coordinates' -> 0) between 4 and 200
      and p -> 'coordinates' -> 0 -> 0 = p -> 'coordinates' -> 0 -> -1
      and (select bool_and(jsonb_array_length(c.value) = 2 and (c.value ->> 0)::numeric between -180 and 180 and (c.value ->> 1)::numeric between -90 and 90) from jsonb_array_elements(p -> 'coordinates' -> 0) c)
    else p ->> 'type' in ('Polygon', 'MultiPolygon') end, false);
$$;

create table public.alert_areas (
  alert_id uuid not null,
  number integer not null check (number between 1 and 20),
  station_id uuid not null,
  kind public.alert_area_kind not null,
  community_id uuid,
  grid_id uuid,
  shape jsonb not null,
  label jsonb not null check (private.is_text_in_both(label, 1, 200)),
  community_ids uuid[] not null check (cardinality(community_ids) > 0),
  grid_ids uuid[] not null,
  primary key (alert_id, number),
  foreign key (alert_id, station_id) references public.alerts (id, station_id) on delete restrict,
  foreign key (community_id, station_id) references public.communities (id, station_id) on delete restrict,
  foreign key (grid_id, community_id) references public.grids (id, community_id) on delete restrict,
  constraint areas_name_what_they_are check (case kind when 'community' then community_id is not null and grid_id is null when 'grid' then community_id is not null and grid_id is not null else num_nonnulls(community_id, grid_id) = 0 end),
  constraint areas_have_a_shape check (private.is_alert_shape(kind, shape))
);
comment on table public.alert_areas is 'Where a message holds; several are a union. `shape`: GeoJSON, or {type: Circle, center: [lng, lat], radiusMeters}; of a community or a grid its boundary as it was.';
comment on column public.alert_areas.community_ids is 'What this area touches; of a drawn one as server/domain/alerts/touched-areas.ts found it.';
alter table public.alert_areas enable row level security;
create policy "everyone reads areas of published alerts" on public.alert_areas for select to anon, authenticated
  using (exists (select from public.alerts a where a.id = alert_areas.alert_id and a.published_at is not null));
grant select on public.alert_areas to anon, authenticated, service_role;

create table public.alert_references (
  alert_id uuid not null references public.alerts (id) on delete restrict,
  referenced_id uuid not null references public.alerts (id) on delete restrict,
  primary key (alert_id, referenced_id),
  check (alert_id <> referenced_id)
);
comment on table public.alert_references is 'CAP references: all messages of the chain that still counted when this one was published. Filled by publish_alert.';
create index alert_references_backwards on public.alert_references (referenced_id);
alter table public.alert_references enable row level security;
create policy "everyone reads references of published alerts" on public.alert_references for select to anon, authenticated
  using (exists (select from public.alerts a where a.id = alert_references.alert_id and a.published_at is not null));
grant select on public.alert_references to anon, authenticated, service_role;

create table private.alert_expansions (
  alert_id uuid primary key references public.alerts (id) on delete restrict,
  created_at timestamptz not null,
  finished_at timestamptz
);
comment on table private.alert_expansions is 'Published messages whose audience is to be written out, committed together with the publication.';
create index alert_expansions_open on private.alert_expansions (created_at) where finished_at is null;
alter table private.alert_expansions enable row level security;

/* What holds for every path, also for the owner of the tables. */

-- Does an orange or red one speak, here or in the message that this one follows?
create function private.needs_second_person(p_alert public.alerts) returns boolean
language sql stable security definer set search_path = '' as $$
  select coalesce(p_alert.colour in ('orange', 'red'), false) or exists (
    select from public.alerts a where a.chain_id = p_alert.chain_id and a.id <> p_alert.id and a.state = 'published' and a.colour in ('orange', 'red') and (a.ended_by_id is null or a.ended_by_id = p_alert.id));
$$;
comment on function private.needs_second_person(public.alerts) is 'Definer: used by the trigger.';
revoke all on function private.needs_second_person(public.alerts) from public;

create function private.guard_alert() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_before jsonb;
begin
  if tg_op = 'INSERT' then
    if new.state <> 'draft' then
      raise exception 'an alert begins as a draft' using errcode = 'PT409', detail = 'conflict';
    end if;
    return new;
  end if;
  if old.state in ('published', 'discarded') then
    v_before := to_jsonb(old) - array['ended_at', 'ended_by_id', 'ended_by_type', 'changed_number'];
    if tg_op = 'DELETE' or old.state = 'discarded' or old.ended_by_id is not null or new.ended_by_id is null
      or to_jsonb(new) - array['ended_at', 'ended_by_id', 'ended_by_type', 'changed_number'] <> v_before then
      raise exception 'a published alert never changes: publish an update, a cancellation or an all clear' using errcode = 'PT403', detail = 'append_only';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' then
    raise exception 'drafts are discarded, not deleted' using errcode = 'PT403', detail = 'append_only';
  end if;
  if new.state = 'published' then
    if new.override_reason is not null and not exists (select from public.staff s where s.user_id = new.published_by and s.role = 'chief') then
      raise exception 'the chief alone overrides' using errcode = 'PT403', detail = 'second_person_required';
    end if;
    if new.override_reason is null and new.approved_by is null and private.needs_second_person(new) then
      raise exception 'a second person looks first' using errcode = 'PT403', detail = 'second_person_required';
    end if;
  end if;
  return new;
end;
$$;
comment on function private.guard_alert() is 'Trigger. Definer: it reads the chain and the staff.';
create trigger alerts_are_guarded before insert or update or delete on public.alerts for each row execute function private.guard_alert();
create trigger alerts_are_never_emptied before truncate on public.alerts for each statement execute function private.refuse_change();

create function private.guard_alert_part() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_alert uuid := case when tg_op = 'DELETE' then old.alert_id else new.alert_id end;
begin
  if exists (select from public.alerts a where a.id in (v_alert, case when tg_op = 'UPDATE' then old.alert_id end) and a.state in ('published', 'discarded')) then
    raise exception 'a published alert never changes' using errcode = 'PT403', detail = 'append_only';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$$;
comment on function private.guard_alert_part() is 'Trigger. Definer: drafts are readable to nobody directly.';
create trigger alert_texts_are_guarded before insert or update or delete on public.alert_texts for each row execute function private.guard_alert_part();
create trigger alert_areas_are_guarded before insert or update or delete on public.alert_areas for each row execute function private.guard_alert_part();
create trigger alert_references_are_guarded before insert or update or delete on public.alert_references for each row execute function private.guard_alert_part();
create trigger alert_texts_are_never_emptied before truncate on public.alert_texts for each statement execute function private.refuse_change();
create trigger alert_areas_are_never_emptied before truncate on public.alert_areas for each statement execute function private.refuse_change();
create trigger alert_references_are_never_emptied before truncate on public.alert_references for each statement execute function private.refuse_change();

-- What a published message is worth; shared/alerts/effective-state.ts says the same.
create function private.effective_state(p_alert public.alerts, p_now timestamptz) returns text
language sql immutable set search_path = '' as $$
  select case p_alert.ended_by_type when 'update' then 'superseded' when 'cancel' then 'cancelled' when 'all_clear' then 'cleared'
    else case when p_alert.expires_at <= p_now then 'expired' else 'current' end end;
$$;

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('alerts', 310, null, 'never', null, null, null,
    '{"zh": "安全提醒和预警（谁写的、谁批准的、什么时候发的）", "en": "Safety alerts: who wrote, approved and published them, and when"}',
    '{"zh": "一直保存，发布后不能改；不含居民信息", "en": "Kept, and never changed after publication; nothing of residents is in them"}',
    '{"zh": "事后能查明当时通知了什么，收到转发的人也能核对真假", "en": "So that it can be shown what was said, and a forwarded message can be checked"}');
