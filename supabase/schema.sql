-- The end state of supabase/migrations, printed by supabase/embedded/print-schema.ts (npm run db:types). Do not edit.

-- Schemas

create schema private;
comment on schema private is 'Internal tables and functions. Never exposed over REST.';
grant usage on schema private to anon;
grant usage on schema private to authenticated;
grant usage on schema private to service_role;

create schema public;
comment on schema public is 'standard public schema';
grant usage on schema public to anon;
grant usage on schema public to authenticated;
grant usage on schema public to public;
grant usage on schema public to service_role;

-- Types

create domain public.actor_role as text CHECK ((VALUE = ANY (ARRAY['guest'::text, 'resident'::text, 'officer'::text, 'lead'::text, 'chief'::text, 'auditor'::text, 'admin'::text, 'system'::text])));

create domain public.closed_reason as text CHECK ((VALUE = ANY (ARRAY['no_further_action'::text, 'referred'::text, 'duplicate'::text, 'withdrawn'::text, 'unfounded'::text, 'spam'::text])));

create domain public.code_name as text CHECK ((VALUE ~ '^[a-z]+(_[a-z]+)*$'::text));

create domain public.contact_mode as text CHECK ((VALUE = ANY (ARRAY['anonymous'::text, 'sealed'::text, 'named'::text])));

create domain public.day_counting as text CHECK ((VALUE = ANY (ARRAY['calendar'::text, 'working'::text])));

create domain public.day_kind as text CHECK ((VALUE = ANY (ARRAY['holiday'::text, 'workday'::text, 'closed'::text])));

create domain public.delivery_channel as text CHECK ((VALUE = ANY (ARRAY['email'::text, 'telegram'::text, 'webpush'::text])));

create domain public.delivery_status as text CHECK ((VALUE = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text, 'dead'::text, 'cancelled'::text])));

create domain public.dotted_name as text CHECK ((VALUE ~ '^[a-z_]+\.[a-z_]+$'::text));
comment on type public.dotted_name is 'A noun and what is done with it: `report.opened`, `reports.received`.';

create domain public.hex_256 as text CHECK (((VALUE ~ '^[0-9a-f]+$'::text) AND (char_length(VALUE) = 64)));
comment on type public.hex_256 is '32 bytes in hex: a SHA-256 or a nonce.';

create domain public.keyed_hash as text CHECK (((VALUE ~ '^[a-z]+-[0-9]+:[0-9a-f]+$'::text) AND (char_length(split_part(VALUE, ':'::text, 2)) = 64)));
comment on type public.keyed_hash is 'HMAC-SHA-256 in hex behind the id of its key: found again by whoever has the key only.';

create domain public.locale_code as text CHECK ((VALUE = ANY (ARRAY['zh'::text, 'en'::text])));

create domain public.report_author as text CHECK ((VALUE = ANY (ARRAY['reporter'::text, 'staff'::text])));

create domain public.report_channel as text CHECK ((VALUE = ANY (ARRAY['web'::text, 'api'::text, 'bot'::text, 'desk'::text])));

create domain public.report_event_kind as text CHECK ((VALUE = ANY (ARRAY['received'::text, 'status'::text, 'assigned'::text, 'merged'::text, 'message'::text, 'evidence'::text, 'withdrawn'::text, 'released'::text, 'revisit_opened'::text, 'revisit_made'::text, 'revisit_answered'::text, 'revisit_reminded'::text, 'revisit_silent'::text, 'suggestion_settled'::text])));

create domain public.report_reference as text CHECK ((VALUE ~ '^LL-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$'::text));

create domain public.report_status as text CHECK ((VALUE = ANY (ARRAY['received'::text, 'triaged'::text, 'in_progress'::text, 'resolved'::text, 'closed'::text])));

create domain public.report_summary as text CHECK (((char_length(VALUE) >= 1) AND (char_length(VALUE) <= 2000)));

create domain public.revisit_answer as text CHECK ((VALUE = ANY (ARRAY['satisfied'::text, 'unsatisfied'::text, 'unresolved'::text])));

create domain public.revisit_method as text CHECK ((VALUE = ANY (ARRAY['visit'::text, 'phone'::text, 'station'::text, 'letter'::text, 'portal'::text])));
comment on type public.revisit_method is 'At the door, by phone, at the station, by letter, or by a message on the tracking page (anonymous and sealed reports).';

create domain public.sealed_text as text CHECK ((starts_with(VALUE, 'v1.'::text) AND (char_length(VALUE) < 400000)));
comment on type public.sealed_text is 'Ciphertext (RULES B2), as server/domain/trust/envelope.ts makes it, or a key wrapped the same way.';

create domain public.slug as text CHECK ((VALUE ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text));

create domain public.urgency as text CHECK ((VALUE = ANY (ARRAY['normal'::text, 'urgent'::text])));

create domain public.visibility as text CHECK ((VALUE = ANY (ARRAY['public'::text, 'private'::text])));

-- Tables

create table public.assignments (
  id uuid not null default gen_random_uuid(),
  staff_id uuid not null,
  community_id uuid not null,
  kind text not null default 'officer'::text,
  from_on date not null default CURRENT_DATE,
  to_on date,
  constraint assignments_pkey PRIMARY KEY (id),
  constraint assignments_community_id_fkey FOREIGN KEY (community_id) REFERENCES public.communities(id) ON DELETE RESTRICT,
  constraint assignments_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(user_id) ON DELETE CASCADE,
  constraint assignments_check CHECK (((to_on IS NULL) OR (to_on >= from_on))),
  constraint assignments_kind_check CHECK ((kind = ANY (ARRAY['officer'::text, 'stand_in'::text])))
);
comment on table public.assignments is 'Which officer looks after which community, from when to when; a stand-in covers.';
CREATE INDEX assignments_by_community ON public.assignments USING btree (community_id);
CREATE INDEX assignments_by_staff ON public.assignments USING btree (staff_id, community_id);
alter table public.assignments enable row level security;
create policy "staff read their own station's assignments" on public.assignments for select to authenticated
  using ((EXISTS ( SELECT
   FROM public.staff s
  WHERE ((s.user_id = assignments.staff_id) AND (s.station_id = ( SELECT private.my_station() AS my_station))))));
grant select on table public.assignments to authenticated;
grant select on table public.assignments to service_role;

create table public.audit_log (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  station_id uuid,
  actor_id uuid,
  actor_role public.actor_role not null,
  action public.dotted_name not null,
  noun text not null,
  noun_id uuid,
  details jsonb not null default '{}'::jsonb,
  constraint audit_log_pkey PRIMARY KEY (id),
  constraint audit_log_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT
);
comment on table public.audit_log is 'Who did what and when. Rows are only ever added. `details` holds codes and ids, never texts of residents.';
CREATE INDEX audit_log_by_noun ON public.audit_log USING btree (noun_id, id) WHERE (noun_id IS NOT NULL);
CREATE INDEX audit_log_by_station ON public.audit_log USING btree (station_id, id DESC);
alter table public.audit_log enable row level security;
create policy "auditors and chiefs read their station's log" on public.audit_log for select to authenticated
  using (((station_id = ( SELECT private.my_station() AS my_station)) AND (( SELECT (private.staff_actor()).role AS role) = ANY (ARRAY['auditor'::text, 'chief'::text])) AND ((noun <> 'reports'::text) OR (noun_id IS NULL) OR private.may_read_log(noun_id, ( SELECT (private.staff_actor()).user_id AS user_id)))));
CREATE TRIGGER audit_log_is_append_only BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
CREATE TRIGGER audit_log_is_never_emptied BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();
grant select on table public.audit_log to authenticated;
grant select on table public.audit_log to service_role;

create table public.bans (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  kind text not null,
  subject_hash public.keyed_hash not null,
  report_id uuid,
  reason text not null,
  created_by uuid not null,
  created_at timestamp with time zone not null,
  lifted_at timestamp with time zone,
  lifted_by uuid,
  constraint bans_pkey PRIMARY KEY (id),
  constraint bans_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint bans_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint bans_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE SET NULL,
  constraint bans_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE CASCADE,
  constraint bans_kind_check CHECK ((kind = ANY (ARRAY['account'::text, 'contact'::text, 'chat'::text]))),
  constraint bans_reason_check CHECK (((char_length(reason) >= 3) AND (char_length(reason) <= 500)))
);
comment on table public.bans is 'Senders whose reports are accepted but hidden (RULES G2). Kept as keyed hashes.';
CREATE UNIQUE INDEX bans_in_force ON public.bans USING btree (station_id, subject_hash) WHERE (lifted_at IS NULL);
alter table public.bans enable row level security;
create policy "leads and chiefs read the bans of their station" on public.bans for select to authenticated
  using (((station_id = ( SELECT private.my_station() AS my_station)) AND (( SELECT (private.staff_actor()).role AS role) = ANY (ARRAY['lead'::text, 'chief'::text])) AND ((report_id IS NULL) OR (EXISTS ( SELECT
   FROM public.reports r
  WHERE (r.id = bans.report_id))))));
grant select (id, station_id, kind, report_id, reason, created_by, created_at, lifted_at, lifted_by) on public.bans to authenticated;

create table public.calendar_days (
  station_id uuid not null,
  day date not null,
  kind public.day_kind not null,
  name jsonb not null,
  constraint calendar_days_pkey PRIMARY KEY (station_id, day),
  constraint calendar_days_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE CASCADE,
  constraint calendar_days_name_check CHECK ((name ?& ARRAY['zh'::text, 'en'::text]))
);
comment on table public.calendar_days is 'Days that are not what their weekday says: public holidays, weekend days worked for them, days on which the station is closed.';
alter table public.calendar_days enable row level security;
create policy "everyone reads the calendar" on public.calendar_days for select to anon, authenticated
  using (true);
grant select on table public.calendar_days to anon;
grant select on table public.calendar_days to authenticated;
grant select on table public.calendar_days to service_role;

create table public.categories (
  code public.code_name not null,
  "group" text not null,
  visibility public.visibility not null,
  urgency public.urgency not null,
  name jsonb not null,
  description jsonb not null,
  guidance jsonb not null,
  retention_days integer not null,
  is_about_police boolean not null default false,
  allows_device_draft boolean not null default true,
  "position" integer not null default 0,
  is_active boolean not null default true,
  constraint categories_pkey PRIMARY KEY (code),
  constraint categories_description_check CHECK ((description ?& ARRAY['zh'::text, 'en'::text])),
  constraint categories_group_check CHECK (((char_length("group") >= 1) AND (char_length("group") <= 40))),
  constraint categories_guidance_check CHECK ((guidance ?& ARRAY['zh'::text, 'en'::text])),
  constraint categories_name_check CHECK ((name ?& ARRAY['zh'::text, 'en'::text])),
  constraint categories_retention_days_check CHECK (((retention_days >= 30) AND (retention_days <= 3650)))
);
comment on table public.categories is 'What can be reported. Public categories may show place and summary to neighbours, private ones never.';
alter table public.categories enable row level security;
create policy "everyone reads active categories" on public.categories for select to anon, authenticated
  using (is_active);
grant select on table public.categories to anon;
grant select on table public.categories to authenticated;
grant select on table public.categories to service_role;

create table public.category_questions (
  category_code text not null,
  code public.code_name not null,
  kind text not null,
  label jsonb not null,
  hint jsonb,
  options jsonb not null default '[]'::jsonb,
  is_required boolean not null default false,
  "position" integer not null default 0,
  constraint category_questions_pkey PRIMARY KEY (category_code, code),
  constraint category_questions_category_code_fkey FOREIGN KEY (category_code) REFERENCES public.categories(code) ON DELETE CASCADE,
  constraint category_questions_check CHECK (((kind = ANY (ARRAY['single'::text, 'multi'::text])) = (jsonb_array_length(options) > 0))),
  constraint category_questions_hint_check CHECK (((hint IS NULL) OR (hint ?& ARRAY['zh'::text, 'en'::text]))),
  constraint category_questions_kind_check CHECK ((kind = ANY (ARRAY['text'::text, 'number'::text, 'single'::text, 'multi'::text, 'officer'::text]))),
  constraint category_questions_label_check CHECK ((label ?& ARRAY['zh'::text, 'en'::text])),
  constraint category_questions_options_check CHECK ((jsonb_typeof(options) = 'array'::text))
);
comment on table public.category_questions is 'Extra questions of a category; `options` is [{code, label: {zh, en}}].';
alter table public.category_questions enable row level security;
create policy "everyone reads questions" on public.category_questions for select to anon, authenticated
  using (true);
grant select on table public.category_questions to anon;
grant select on table public.category_questions to authenticated;
grant select on table public.category_questions to service_role;

create table public.communities (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  slug public.slug not null,
  name jsonb not null,
  boundary jsonb not null,
  "position" integer not null default 0,
  is_active boolean not null default true,
  created_at timestamp with time zone not null default now(),
  map jsonb,
  constraint communities_pkey PRIMARY KEY (id),
  constraint communities_id_station_id_key UNIQUE (id, station_id),
  constraint communities_slug_key UNIQUE (slug),
  constraint communities_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint communities_boundary_check CHECK (((boundary ->> 'type'::text) = ANY (ARRAY['Polygon'::text, 'MultiPolygon'::text]))),
  constraint communities_map_is_geojson CHECK (((map IS NULL) OR ((COALESCE((map ->> 'type'::text), ''::text) = 'FeatureCollection'::text) AND (COALESCE(jsonb_typeof((map -> 'features'::text)), ''::text) = 'array'::text)))),
  constraint communities_name_check CHECK ((name ?& ARRAY['zh'::text, 'en'::text]))
);
comment on table public.communities is 'A community (社区) of a station; `boundary` is a GeoJSON geometry in WGS 84.';
comment on column public.communities.map is 'GeoJSON features in WGS 84 with `kind` (street, water, park, school, market, police, clinic, bus) and `name` {zh, en}. Decoration: nothing is decided by it.';
CREATE INDEX communities_by_station ON public.communities USING btree (station_id, "position");
alter table public.communities enable row level security;
create policy "everyone reads active communities" on public.communities for select to anon, authenticated
  using (is_active);
grant select on table public.communities to anon;
grant select on table public.communities to authenticated;
grant select on table public.communities to service_role;

create table public.grids (
  id uuid not null default gen_random_uuid(),
  community_id uuid not null,
  code text not null,
  name jsonb not null,
  boundary jsonb not null,
  centre_lat double precision not null,
  centre_lng double precision not null,
  is_active boolean not null default true,
  constraint grids_pkey PRIMARY KEY (id),
  constraint grids_community_id_code_key UNIQUE (community_id, code),
  constraint grids_id_community_id_key UNIQUE (id, community_id),
  constraint grids_community_id_fkey FOREIGN KEY (community_id) REFERENCES public.communities(id) ON DELETE RESTRICT,
  constraint grids_boundary_check CHECK (((boundary ->> 'type'::text) = ANY (ARRAY['Polygon'::text, 'MultiPolygon'::text]))),
  constraint grids_centre_lat_check CHECK (((centre_lat >= ('-90'::integer)::double precision) AND (centre_lat <= (90)::double precision))),
  constraint grids_centre_lng_check CHECK (((centre_lng >= ('-180'::integer)::double precision) AND (centre_lng <= (180)::double precision))),
  constraint grids_code_check CHECK ((code ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$'::text)),
  constraint grids_name_check CHECK ((name ?& ARRAY['zh'::text, 'en'::text]))
);
comment on table public.grids is 'A grid (网格): the smallest cell of a community, and the finest place kept in the clear.';
alter table public.grids enable row level security;
create policy "everyone reads active grids" on public.grids for select to anon, authenticated
  using (is_active);
grant select on table public.grids to anon;
grant select on table public.grids to authenticated;
grant select on table public.grids to service_role;

create table public.outbox (
  id bigint not null generated always as identity,
  created_at timestamp with time zone not null default now(),
  channel public.delivery_channel not null,
  template public.dotted_name not null,
  noun text not null,
  noun_id uuid,
  recipient_id uuid,
  recipient_sealed public.sealed_text,
  params_sealed public.sealed_text,
  locale public.locale_code not null,
  status public.delivery_status not null default 'queued'::text,
  attempts integer not null default 0,
  send_after timestamp with time zone not null default now(),
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  constraint outbox_attempts_check CHECK ((attempts >= 0)),
  constraint outbox_check CHECK ((num_nonnulls(recipient_id, recipient_sealed) = 1))
);
comment on table public.outbox is 'Messages to send (RULES H1): template, noun and recipient. What is said is resolved when it is sent.';
CREATE INDEX outbox_by_recipient ON public.outbox USING btree (recipient_id) WHERE (recipient_id IS NOT NULL);
CREATE INDEX outbox_due ON public.outbox USING btree (send_after, id) WHERE ((status)::text = 'queued'::text);
alter table public.outbox enable row level security;
grant select on table public.outbox to service_role;

create table public.police_offices (
  id uuid not null default gen_random_uuid(),
  community_id uuid not null,
  name jsonb not null,
  address jsonb not null,
  phone text not null,
  reception_hours jsonb not null,
  lat double precision,
  lng double precision,
  constraint police_offices_pkey PRIMARY KEY (id),
  constraint police_offices_community_id_fkey FOREIGN KEY (community_id) REFERENCES public.communities(id) ON DELETE CASCADE,
  constraint police_offices_address_check CHECK ((address ?& ARRAY['zh'::text, 'en'::text])),
  constraint police_offices_lat_check CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
  constraint police_offices_lng_check CHECK (((lng >= ('-180'::integer)::double precision) AND (lng <= (180)::double precision))),
  constraint police_offices_name_check CHECK ((name ?& ARRAY['zh'::text, 'en'::text])),
  constraint police_offices_reception_hours_check CHECK ((reception_hours ?& ARRAY['zh'::text, 'en'::text]))
);
comment on table public.police_offices is 'The police office (警务室) of a community and when it receives people.';
CREATE INDEX police_offices_by_community ON public.police_offices USING btree (community_id);
alter table public.police_offices enable row level security;
create policy "everyone reads police offices" on public.police_offices for select to anon, authenticated
  using (true);
grant select on table public.police_offices to anon;
grant select on table public.police_offices to authenticated;
grant select on table public.police_offices to service_role;

create table public.profiles (
  user_id uuid not null,
  community_id uuid,
  locale public.locale_code not null default 'zh'::text,
  updated_at timestamp with time zone not null default now(),
  constraint profiles_pkey PRIMARY KEY (user_id),
  constraint profiles_community_id_fkey FOREIGN KEY (community_id) REFERENCES public.communities(id) ON DELETE SET NULL,
  constraint profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
);
comment on table public.profiles is 'What a resident told us about themselves: their community and language. No name, no phone.';
CREATE INDEX profiles_by_community ON public.profiles USING btree (community_id) WHERE (community_id IS NOT NULL);
alter table public.profiles enable row level security;
create policy "residents read their own profile" on public.profiles for select to authenticated
  using ((user_id = ( SELECT private.actor() AS actor)));
grant select on table public.profiles to authenticated;
grant select on table public.profiles to service_role;

create table public.report_attachments (
  id uuid not null,
  report_id uuid not null,
  message_id uuid,
  at timestamp with time zone not null,
  author public.report_author not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256 public.hex_256 not null,
  original_blob text,
  view_blob text,
  view_media_type text,
  key_sealed public.sealed_text not null,
  constraint report_attachments_pkey PRIMARY KEY (id),
  constraint report_attachments_original_blob_key UNIQUE (original_blob),
  constraint report_attachments_view_blob_key UNIQUE (view_blob),
  constraint report_attachments_message_id_report_id_fkey FOREIGN KEY (message_id, report_id) REFERENCES public.report_messages(id, report_id) ON DELETE CASCADE,
  constraint report_attachments_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE,
  constraint report_attachments_check CHECK ((num_nonnulls(original_blob, view_blob) >= 1)),
  constraint report_attachments_check1 CHECK (((view_blob IS NULL) = (view_media_type IS NULL))),
  constraint report_attachments_media_type_check CHECK ((media_type ~ '^(image|audio|video|application)/[a-z0-9.+-]+$'::text)),
  constraint report_attachments_size_bytes_check CHECK (((size_bytes >= 1) AND (size_bytes <= 31457280)))
);
comment on table public.report_attachments is 'Evidence. Bytes lie encrypted in the blob store; `sha256` is of the file as it was sent. File names are dropped (RULES G3).';
CREATE INDEX report_attachments_by_report ON public.report_attachments USING btree (report_id, at);
alter table public.report_attachments enable row level security;

create table public.report_events (
  id bigint not null generated always as identity,
  report_id uuid not null,
  at timestamp with time zone not null,
  kind public.report_event_kind not null,
  status public.report_status,
  closed_reason text,
  actor_role text not null,
  actor_id uuid,
  is_public boolean not null default true,
  public_sealed public.sealed_text,
  constraint report_events_pkey PRIMARY KEY (id),
  constraint report_events_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE
);
comment on table public.report_events is 'The timeline of a report. `public_sealed` is the sentence that the reporter reads.';
CREATE INDEX report_events_by_report ON public.report_events USING btree (report_id, id);
alter table public.report_events enable row level security;
create policy "staff read the events of reports they see" on public.report_events for select to authenticated
  using (((( SELECT private.my_station() AS my_station) IS NOT NULL) AND private.may_see_report(report_id, ( SELECT private.staff_actor() AS staff_actor))));
CREATE TRIGGER report_events_are_append_only BEFORE UPDATE ON public.report_events FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
grant select (id, report_id, at, kind, status, closed_reason, actor_role) on public.report_events to authenticated;

create table public.report_followers (
  id uuid not null default gen_random_uuid(),
  report_id uuid not null,
  at timestamp with time zone not null,
  receipt_hash public.keyed_hash not null,
  constraint report_followers_pkey PRIMARY KEY (id),
  constraint report_followers_receipt_hash_key UNIQUE (receipt_hash),
  constraint report_followers_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE
);
comment on table public.report_followers is '"Follow this one instead": a neighbour with the same concern, with a receipt of their own.';
CREATE INDEX report_followers_by_report ON public.report_followers USING btree (report_id);
alter table public.report_followers enable row level security;

create table public.report_messages (
  id uuid not null default gen_random_uuid(),
  report_id uuid not null,
  at timestamp with time zone not null,
  author public.report_author not null,
  author_id uuid,
  text_sealed public.sealed_text not null,
  read_at timestamp with time zone,
  constraint report_messages_pkey PRIMARY KEY (id),
  constraint report_messages_id_report_id_key UNIQUE (id, report_id),
  constraint report_messages_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint report_messages_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE,
  constraint report_messages_check CHECK ((((author)::text = 'staff'::text) = (author_id IS NOT NULL))),
  constraint report_messages_text_sealed_check CHECK ((char_length((text_sealed)::text) < 100000))
);
comment on table public.report_messages is 'Letters between the reporter and the desk.';
CREATE INDEX report_messages_by_report ON public.report_messages USING btree (report_id, at);
alter table public.report_messages enable row level security;

create table public.report_notes (
  id uuid not null default gen_random_uuid(),
  report_id uuid not null,
  at timestamp with time zone not null,
  author_id uuid not null,
  text_sealed public.sealed_text not null,
  constraint report_notes_pkey PRIMARY KEY (id),
  constraint report_notes_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint report_notes_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE,
  constraint report_notes_text_sealed_check CHECK ((char_length((text_sealed)::text) < 100000))
);
comment on table public.report_notes is 'Internal notes of the desk; the reporter never sees them.';
CREATE INDEX report_notes_by_report ON public.report_notes USING btree (report_id, at);
alter table public.report_notes enable row level security;

create table public.reports (
  id uuid not null,
  station_id uuid not null,
  community_id uuid,
  grid_id uuid,
  reference public.report_reference not null,
  category_code text not null,
  visibility public.visibility not null,
  urgency public.urgency not null,
  is_about_police boolean not null default false,
  about_staff uuid[] not null default '{}'::uuid[],
  status public.report_status not null default 'received'::text,
  closed_reason public.closed_reason,
  version integer not null default 1,
  received_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  first_viewed_at timestamp with time zone,
  accepted_at timestamp with time zone,
  closed_at timestamp with time zone,
  occurred_at timestamp with time zone,
  channel public.report_channel not null,
  locale public.locale_code not null,
  contact_mode public.contact_mode not null,
  owner_id uuid,
  owner_hash public.keyed_hash,
  receipt_hash public.keyed_hash not null,
  is_portal_only boolean not null default false,
  is_unverified boolean not null default false,
  is_hidden boolean not null default false,
  emergency_kind text,
  assigned_to uuid,
  merged_into uuid,
  summary public.report_summary,
  content_sealed public.sealed_text not null,
  content_key public.sealed_text not null,
  contact_sealed public.sealed_text,
  contact_key public.sealed_text,
  notify_sealed public.sealed_text,
  content_hash public.hex_256 not null,
  nonce public.hex_256 not null,
  constraint reports_pkey PRIMARY KEY (id),
  constraint reports_receipt_hash_key UNIQUE (receipt_hash),
  constraint reports_reference_key UNIQUE (reference),
  constraint reports_assigned_to_fkey FOREIGN KEY (assigned_to) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint reports_category_code_fkey FOREIGN KEY (category_code) REFERENCES public.categories(code) ON DELETE RESTRICT,
  constraint reports_community_id_station_id_fkey FOREIGN KEY (community_id, station_id) REFERENCES public.communities(id, station_id) ON DELETE RESTRICT,
  constraint reports_grid_id_community_id_fkey FOREIGN KEY (grid_id, community_id) REFERENCES public.grids(id, community_id) ON DELETE RESTRICT,
  constraint reports_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.reports(id) ON DELETE RESTRICT,
  constraint reports_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES auth.users(id) ON DELETE SET NULL,
  constraint reports_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint reports_owner_fits_mode CHECK ((
CASE contact_mode
    WHEN 'anonymous'::text THEN (num_nonnulls(owner_id, owner_hash, contact_sealed, notify_sealed) = 0)
    WHEN 'sealed'::text THEN (owner_id IS NULL)
    ELSE (owner_hash IS NULL)
END AND ((contact_sealed IS NULL) = (contact_key IS NULL)))),
  constraint reports_scope_is_whole CHECK ((((NOT is_about_police) OR ((visibility)::text = 'private'::text)) AND ((grid_id IS NULL) OR (community_id IS NOT NULL)))),
  constraint reports_state_is_whole CHECK (((((status)::text = 'closed'::text) = (closed_reason IS NOT NULL)) AND (((status)::text = ANY (ARRAY['received'::text, 'closed'::text])) OR (accepted_at IS NOT NULL)) AND ((merged_into IS NULL) OR ((merged_into <> id) AND ((status)::text = 'closed'::text) AND ((closed_reason)::text = 'duplicate'::text)))))
);
comment on table public.reports is 'A report. `status` is the one state (RULES D4); accepted = `triaged` with `accepted_at`. Overdue is computed, never stored.';
comment on column public.reports.owner_hash is 'Keyed hash of the account of a sealed report: its owner finds it, a reader of the table does not.';
comment on column public.reports.is_portal_only is 'The reporter wants answers in the portal only: nothing is sent to their account or address (RULES D3).';
comment on column public.reports.is_hidden is 'From a banned sender: accepted, hidden from the inbox, reviewed daily.';
comment on column public.reports.summary is 'Written by the desk, without personal data. The only text the desk search reads.';
CREATE INDEX reports_about_police ON public.reports USING btree (station_id, received_at DESC, id DESC) WHERE is_about_police;
CREATE INDEX reports_by_assignee ON public.reports USING btree (assigned_to, received_at DESC, id DESC) WHERE (assigned_to IS NOT NULL);
CREATE INDEX reports_by_community ON public.reports USING btree (community_id, received_at DESC, id DESC) WHERE (community_id IS NOT NULL);
CREATE INDEX reports_by_owner ON public.reports USING btree (owner_id, received_at DESC) WHERE (owner_id IS NOT NULL);
CREATE INDEX reports_by_owner_hash ON public.reports USING btree (owner_hash, received_at DESC) WHERE (owner_hash IS NOT NULL);
CREATE INDEX reports_by_station ON public.reports USING btree (station_id, received_at DESC, id DESC);
CREATE INDEX reports_by_status ON public.reports USING btree (station_id, status, received_at DESC, id DESC);
CREATE INDEX reports_hidden ON public.reports USING btree (station_id, received_at DESC) WHERE is_hidden;
CREATE INDEX reports_merged ON public.reports USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX reports_nearby ON public.reports USING btree (grid_id, category_code, received_at DESC) WHERE (((visibility)::text = 'public'::text) AND (grid_id IS NOT NULL));
alter table public.reports enable row level security;
create policy "residents read their own named reports" on public.reports for select to authenticated
  using ((owner_id = ( SELECT private.actor() AS actor)));
create policy "staff read the reports of their desk" on public.reports for select to authenticated
  using (((station_id = ( SELECT private.my_station() AS my_station)) AND private.may_see(reports.*, ( SELECT private.staff_actor() AS staff_actor))));
CREATE TRIGGER reports_follow_the_order BEFORE UPDATE OF status ON public.reports FOR EACH ROW WHEN (((old.status)::text IS DISTINCT FROM (new.status)::text)) EXECUTE FUNCTION private.check_report_status();
CREATE TRIGGER reports_move_the_ladder AFTER UPDATE OF status ON public.reports FOR EACH ROW WHEN (((old.status)::text IS DISTINCT FROM (new.status)::text)) EXECUTE FUNCTION private.move_ladder();
grant select (id, station_id, community_id, grid_id, reference, category_code, visibility, urgency, is_about_police, status, closed_reason, version, received_at, updated_at, first_viewed_at, accepted_at, closed_at, channel, locale, contact_mode, assigned_to, merged_into) on public.reports to authenticated;

create table public.response_templates (
  id uuid not null default gen_random_uuid(),
  slug public.slug not null,
  category_code text,
  status text not null,
  closed_reason public.closed_reason,
  name jsonb not null,
  body jsonb not null,
  "position" integer not null default 0,
  constraint response_templates_pkey PRIMARY KEY (id),
  constraint response_templates_slug_key UNIQUE (slug),
  constraint response_templates_category_code_fkey FOREIGN KEY (category_code) REFERENCES public.categories(code) ON DELETE CASCADE,
  constraint response_templates_body_check CHECK ((body ?& ARRAY['zh'::text, 'en'::text])),
  constraint response_templates_name_check CHECK ((name ?& ARRAY['zh'::text, 'en'::text])),
  constraint response_templates_status_check CHECK ((status = ANY (ARRAY['received'::text, 'triaged'::text, 'in_progress'::text, 'resolved'::text, 'closed'::text, 'message'::text])))
);
comment on table public.response_templates is 'Public sentences per category × status × locale; without a category they fit all.';
CREATE INDEX response_templates_by_category ON public.response_templates USING btree (category_code, status);
alter table public.response_templates enable row level security;
create policy "staff read response templates" on public.response_templates for select to authenticated
  using ((( SELECT private.my_station() AS my_station) IS NOT NULL));
grant select on table public.response_templates to authenticated;
grant select on table public.response_templates to service_role;

create table public.revisit_suggestions (
  id uuid not null default gen_random_uuid(),
  revisit_id uuid not null,
  report_id uuid not null,
  at timestamp with time zone not null,
  text_sealed public.sealed_text not null,
  owner_id uuid not null,
  due_on date not null,
  outcome_sealed public.sealed_text,
  done_at timestamp with time zone,
  done_by uuid,
  constraint revisit_suggestions_pkey PRIMARY KEY (id),
  constraint revisit_suggestions_done_by_fkey FOREIGN KEY (done_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint revisit_suggestions_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint revisit_suggestions_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE,
  constraint revisit_suggestions_revisit_id_fkey FOREIGN KEY (revisit_id) REFERENCES public.revisits(id) ON DELETE CASCADE,
  constraint suggestions_outcome_is_whole CHECK ((num_nonnulls(outcome_sealed, done_at, done_by) = ANY (ARRAY[0, 3])))
);
comment on table public.revisit_suggestions is 'What the resident proposed: who sees to it, until when, and what came of it, which is sent back to them.';
CREATE INDEX revisit_suggestions_by_report ON public.revisit_suggestions USING btree (report_id, at);
CREATE INDEX revisit_suggestions_open ON public.revisit_suggestions USING btree (owner_id, due_on) WHERE (done_at IS NULL);
alter table public.revisit_suggestions enable row level security;
create policy "staff read the suggestions of reports they see" on public.revisit_suggestions for select to authenticated
  using (((( SELECT private.my_station() AS my_station) IS NOT NULL) AND private.may_see_report(report_id, ( SELECT private.staff_actor() AS staff_actor))));
grant select (id, revisit_id, report_id, at, owner_id, due_on, done_at, done_by) on public.revisit_suggestions to authenticated;

create table public.revisits (
  id uuid not null default gen_random_uuid(),
  report_id uuid not null,
  round smallint not null default 1,
  step smallint not null,
  level text not null generated always as (
CASE step
    WHEN 1 THEN 'officer'::text
    WHEN 2 THEN 'lead'::text
    ELSE 'chief'::text
END) stored,
  opened_at timestamp with time zone not null,
  visited_at timestamp with time zone,
  visited_by uuid,
  method public.revisit_method,
  topics jsonb,
  record_sealed public.sealed_text,
  informed_at timestamp with time zone,
  reminded_at timestamp with time zone,
  no_reply_at timestamp with time zone,
  answer public.revisit_answer,
  answered_at timestamp with time zone,
  answered_by text,
  comment_sealed public.sealed_text,
  is_drawn boolean not null default false,
  asked_again_at timestamp with time zone,
  stopped_at timestamp with time zone,
  constraint revisits_pkey PRIMARY KEY (id),
  constraint revisits_report_id_round_step_key UNIQUE (report_id, round, step),
  constraint revisits_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE,
  constraint revisits_visited_by_fkey FOREIGN KEY (visited_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint revisits_answer_is_whole CHECK (((num_nonnulls(answer, answered_at, answered_by) = ANY (ARRAY[0, 3])) AND ((comment_sealed IS NULL) OR (answer IS NOT NULL)))),
  constraint revisits_answered_by_check CHECK ((answered_by = ANY (ARRAY['resident'::text, 'staff'::text]))),
  constraint revisits_end_once CHECK (((stopped_at IS NULL) OR (answer IS NULL))),
  constraint revisits_round_check CHECK ((round >= 1)),
  constraint revisits_satisfied_after_a_visit CHECK ((((answer)::text IS DISTINCT FROM 'satisfied'::text) OR (visited_at IS NOT NULL))),
  constraint revisits_silence_has_an_order CHECK ((((reminded_at IS NULL) OR (visited_at IS NOT NULL)) AND ((no_reply_at IS NULL) OR (reminded_at IS NOT NULL)))),
  constraint revisits_step_check CHECK ((step >= 1)),
  constraint revisits_unresolved_at_the_chief CHECK ((((answer)::text IS DISTINCT FROM 'unresolved'::text) OR (step >= 3))),
  constraint revisits_visit_is_whole CHECK (((num_nonnulls(visited_at, visited_by, method, topics, record_sealed) = ANY (ARRAY[0, 5])) AND (visited_at >= opened_at)))
);
comment on table public.revisits is 'One row a step of the ladder, with facts that are set once. Due times and lateness are computed (shared/revisits/ladder.ts), never stored.';
comment on column public.revisits.topics is 'Codes only: how each topic of the record was found.';
comment on column public.revisits.record_sealed is 'Who was met and what was said and done, under the data key of the report.';
CREATE INDEX revisits_by_visitor ON public.revisits USING btree (visited_by) WHERE (visited_by IS NOT NULL);
CREATE UNIQUE INDEX revisits_one_open ON public.revisits USING btree (report_id) WHERE ((answer IS NULL) AND (stopped_at IS NULL));
CREATE INDEX revisits_to_answer ON public.revisits USING btree (visited_at) WHERE ((visited_at IS NOT NULL) AND (answer IS NULL) AND (stopped_at IS NULL) AND (no_reply_at IS NULL));
CREATE INDEX revisits_to_visit ON public.revisits USING btree (opened_at) WHERE ((visited_at IS NULL) AND (answer IS NULL) AND (stopped_at IS NULL));
alter table public.revisits enable row level security;
create policy "staff read the revisits of reports they see" on public.revisits for select to authenticated
  using (((( SELECT private.my_station() AS my_station) IS NOT NULL) AND private.may_see_report(report_id, ( SELECT private.staff_actor() AS staff_actor))));
CREATE TRIGGER revisits_keep_their_facts BEFORE UPDATE ON public.revisits FOR EACH ROW EXECUTE FUNCTION private.keep_revisit_facts();
grant select (id, report_id, round, step, level, opened_at, visited_at, visited_by, method, topics, informed_at, reminded_at, no_reply_at, answer, answered_at, answered_by, asked_again_at, stopped_at) on public.revisits to authenticated;

create table public.staff (
  user_id uuid not null,
  station_id uuid not null,
  role text not null,
  name jsonb not null,
  badge_number text not null,
  is_active boolean not null default true,
  created_at timestamp with time zone not null default now(),
  constraint staff_pkey PRIMARY KEY (user_id),
  constraint staff_station_id_badge_number_key UNIQUE (station_id, badge_number),
  constraint staff_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint staff_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE RESTRICT,
  constraint staff_name_check CHECK ((name ?& ARRAY['zh'::text, 'en'::text])),
  constraint staff_role_check CHECK ((role = ANY (ARRAY['officer'::text, 'lead'::text, 'chief'::text, 'auditor'::text, 'admin'::text])))
);
comment on table public.staff is 'Police staff: officer < lead < chief; auditor reads logs; admin runs the system and reads no report.';
alter table public.staff enable row level security;
create policy "staff read their own station's staff" on public.staff for select to authenticated
  using ((station_id = ( SELECT private.my_station() AS my_station)));
grant select on table public.staff to authenticated;
grant select on table public.staff to service_role;

create table public.stations (
  id uuid not null default gen_random_uuid(),
  slug public.slug not null,
  name jsonb not null,
  time_zone text not null default 'Asia/Shanghai'::text,
  phone text,
  address jsonb,
  is_default boolean not null default false,
  created_at timestamp with time zone not null default now(),
  day_counting public.day_counting not null default 'calendar'::text,
  constraint stations_pkey PRIMARY KEY (id),
  constraint stations_slug_key UNIQUE (slug),
  constraint stations_address_check CHECK (((address IS NULL) OR (address ?& ARRAY['zh'::text, 'en'::text]))),
  constraint stations_name_check CHECK ((name ?& ARRAY['zh'::text, 'en'::text]))
);
comment on table public.stations is 'A police station (派出所). One of them is the public face of this installation.';
comment on column public.stations.day_counting is 'Whether "within 3 days" counts every day or working days (RULES D1).';
CREATE UNIQUE INDEX stations_one_default ON public.stations USING btree (is_default) WHERE is_default;
alter table public.stations enable row level security;
create policy "everyone reads stations" on public.stations for select to anon, authenticated
  using (true);
grant select on table public.stations to anon;
grant select on table public.stations to authenticated;
grant select on table public.stations to service_role;

create table private.idempotency_keys (
  key_hash text not null,
  body_hash text not null,
  report_id uuid not null,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_keys_pkey PRIMARY KEY (key_hash)
);
comment on table private.idempotency_keys is 'Repeated sends within 24 h answer like the first (RULES C1).';
CREATE INDEX idempotency_keys_by_age ON private.idempotency_keys USING btree (created_at);
alter table private.idempotency_keys enable row level security;

create unlogged table private.rate_windows (
  bucket text not null,
  started_at timestamp with time zone not null,
  used integer not null,
  constraint rate_windows_pkey PRIMARY KEY (bucket, started_at)
);
comment on table private.rate_windows is 'How often a keyed hash of an address did a thing in a fixed window. Never an address.';
CREATE INDEX rate_windows_by_age ON private.rate_windows USING btree (started_at);
alter table private.rate_windows enable row level security;

create table private.report_drafts (
  id_hash text not null,
  sealed public.sealed_text not null,
  blobs text[] not null default '{}'::text[],
  expires_at timestamp with time zone not null,
  constraint report_drafts_pkey PRIMARY KEY (id_hash)
);
comment on table private.report_drafts is 'Answers of a form in progress, sealed with the random cookie, 2 h (RULES B6).';
CREATE INDEX report_drafts_by_expiry ON private.report_drafts USING btree (expires_at);
alter table private.report_drafts enable row level security;

create table private.server_keys (
  id text not null,
  purpose text not null,
  wrapped public.sealed_text not null,
  created_at timestamp with time zone not null default now(),
  constraint server_keys_pkey PRIMARY KEY (id),
  constraint server_keys_id_check CHECK ((id ~ '^[a-z]+-[0-9]+$'::text)),
  constraint server_keys_purpose_check CHECK ((purpose = ANY (ARRAY['receipt'::text, 'index'::text, 'address'::text, 'challenge'::text, 'signing'::text, 'outbox'::text])))
);
comment on table private.server_keys is 'Versioned keys of the portal, wrapped by the master key, so that a rotation re-wraps and look-ups go on working (RULES B5).';
CREATE INDEX server_keys_by_purpose ON private.server_keys USING btree (purpose, created_at);
alter table private.server_keys enable row level security;

create table private.settings (
  key text not null,
  value jsonb not null,
  updated_at timestamp with time zone not null default now(),
  constraint settings_pkey PRIMARY KEY (key)
);
comment on table private.settings is 'Facts about this installation, such as `demo` and `clock_offset`.';
alter table private.settings enable row level security;

create table private.spent_challenges (
  id text not null,
  expires_at timestamp with time zone not null,
  constraint spent_challenges_pkey PRIMARY KEY (id)
);
comment on table private.spent_challenges is 'Solved proof-of-work challenges: each counts once.';
CREATE INDEX spent_challenges_by_expiry ON private.spent_challenges USING btree (expires_at);
alter table private.spent_challenges enable row level security;

create table private.view_sessions (
  token_hash text not null,
  report_id uuid not null,
  viewer text not null,
  expires_at timestamp with time zone not null,
  ends_at timestamp with time zone not null default (now() + '12:00:00'::interval),
  constraint view_sessions_pkey PRIMARY KEY (token_hash),
  constraint view_sessions_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE,
  constraint view_sessions_end CHECK ((expires_at <= ends_at)),
  constraint view_sessions_viewer_check CHECK ((viewer = ANY (ARRAY['reporter'::text, 'follower'::text])))
);
comment on table private.view_sessions is 'Thirty minutes of access after reference and receipt were given (RULES C2).';
comment on column private.view_sessions.ends_at is 'The last moment, however often it is used: a computer that several people use is left by all of them in the evening.';
CREATE INDEX view_sessions_by_expiry ON private.view_sessions USING btree (expires_at);
CREATE INDEX view_sessions_by_report ON private.view_sessions USING btree (report_id);
alter table private.view_sessions enable row level security;

-- Functions

CREATE OR REPLACE FUNCTION public.add_attachment(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff;
  v_report public.reports;
  v_found jsonb;
  v_file jsonb := p -> 'attachment';
  v_author text := 'reporter';
  v_count integer;
  v_bytes bigint;
  v_wait integer;
begin
  if jsonb_typeof(p -> 'access') = 'object' then
    v_found := private.find_own(p ->> 'reference', p -> 'access');
    if v_found is null or v_found ->> 'viewer' <> 'reporter' then
      return private.refuse('not_found');
    end if;
    v_wait := private.take_all(p -> 'limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    select r.* into v_report from public.reports r where r.id = (v_found ->> 'report_id')::uuid for no key update;
  else
    v_author := 'staff';
    v_staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
    select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for no key update;
    if not found then
      return private.refuse_desk(v_staff, 'attachment.add_refused', p ->> 'reference');
    end if;
  end if;
  -- A letter that is sent again brings its file again: it hangs on the letter already.
  if v_file ->> 'message_id' is not null and exists (select from public.report_attachments a
      where a.report_id = v_report.id and a.message_id = (v_file ->> 'message_id')::uuid and a.sha256 = v_file ->> 'sha256' and a.author = v_author) then
    return jsonb_build_object('ok', true, 'is_replay', true, 'report', private.receipt_facts(v_report), 'attachments', private.attachment_facts(v_report.id));
  end if;
  select count(*), coalesce(sum(a.size_bytes), 0) into v_count, v_bytes
  from public.report_attachments a where a.report_id = v_report.id and a.author = v_author;
  if v_count >= 10 then
    return private.refuse('too_many_files');
  end if;
  if v_bytes + (v_file ->> 'size_bytes')::bigint > 104857600 then
    return private.refuse('report_too_large');
  end if;
  insert into public.report_attachments (id, report_id, message_id, at, author, media_type, size_bytes, sha256, original_blob, view_blob, view_media_type, key_sealed)
  values ((v_file ->> 'id')::uuid, v_report.id, (v_file ->> 'message_id')::uuid, private.clock(), v_author, v_file ->> 'media_type', (v_file ->> 'size_bytes')::bigint,
    v_file ->> 'sha256', v_file ->> 'original_blob', v_file ->> 'view_blob', v_file ->> 'view_media_type', v_file ->> 'key_sealed');
  perform private.emit_event(v_report.id, 'evidence', null, null, case v_author when 'staff' then v_staff.role else 'resident' end, v_staff.user_id, true);
  perform private.log(v_report.station_id, v_staff.user_id, coalesce(v_staff.role, 'resident'), 'attachment.added', 'reports', v_report.id,
    jsonb_build_object('media_type', v_file ->> 'media_type', 'size_bytes', v_file -> 'size_bytes'));
  update public.reports r set updated_at = private.clock() where r.id = v_report.id;
  return jsonb_build_object('ok', true, 'is_replay', false, 'report', private.receipt_facts(v_report), 'attachments', private.attachment_facts(v_report.id));
end;
$function$;
comment on function public.add_attachment(jsonb) is 'Adds evidence to a report. Definer: nobody may write attachments directly.';
grant execute on function public.add_attachment(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.add_report_note(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.note_refused', p ->> 'reference');
  end if;
  insert into public.report_notes (report_id, at, author_id, text_sealed) values (v_report.id, private.clock(), v_staff.user_id, p ->> 'text_sealed');
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.noted', 'reports', v_report.id);
  return jsonb_build_object('ok', true, 'at', private.clock());
end;
$function$;
comment on function public.add_report_note(jsonb) is 'Definer: nobody may write notes directly.';
grant execute on function public.add_report_note(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.add_reporter_message(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_report public.reports;
  v_wait integer;
begin
  if v_found is null or v_found ->> 'viewer' <> 'reporter' then
    return private.refuse('not_found');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select r.* into v_report from public.reports r where r.id = (v_found ->> 'report_id')::uuid for no key update;
  insert into public.report_messages (id, report_id, at, author, text_sealed)
  values ((p ->> 'message_id')::uuid, v_report.id, private.clock(), 'reporter', p ->> 'text_sealed')
  on conflict (id) do nothing;
  if found then
    perform private.emit_event(v_report.id, 'message', null, null, 'resident', null, false);
    perform private.log(v_report.station_id, null, 'resident', 'report.message_received', 'reports', v_report.id);
    update public.reports r set updated_at = private.clock() where r.id = v_report.id;
  elsif not exists (select from public.report_messages m where m.id = (p ->> 'message_id')::uuid and m.report_id = v_report.id and m.author = 'reporter') then
    -- Another letter has this id: the sender must hear that theirs was not kept.
    return private.refuse('conflict');
  end if;
  return jsonb_build_object('ok', true, 'at', private.clock());
end;
$function$;
comment on function public.add_reporter_message(jsonb) is 'A letter from the reporter. Definer: nobody may write messages directly.';
grant execute on function public.add_reporter_message(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.add_server_key(p_id text, p_purpose text, p_wrapped text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wrapped text;
begin
  insert into private.server_keys (id, purpose, wrapped) values (p_id, p_purpose, p_wrapped) on conflict (id) do nothing;
  select k.wrapped into v_wrapped from private.server_keys k where k.id = p_id;
  return v_wrapped;
end;
$function$;
comment on function public.add_server_key(text,text,text) is 'Keeps the first key of an id and answers with the one that is kept. Definer: the table is private.';
grant execute on function public.add_server_key(text,text,text) to service_role;

CREATE OR REPLACE FUNCTION public.add_staff_message(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for no key update;
  if not found then
    return private.refuse_desk(v_staff, 'report.message_refused', p ->> 'reference');
  end if;
  insert into public.report_messages (id, report_id, at, author, author_id, text_sealed)
  values ((p ->> 'message_id')::uuid, v_report.id, private.clock(), 'staff', v_staff.user_id, p ->> 'text_sealed')
  on conflict (id) do nothing;
  if found then
    update public.reports r set updated_at = private.clock(), first_viewed_at = coalesce(r.first_viewed_at, private.clock()) where r.id = v_report.id;
    perform private.emit_event(v_report.id, 'message', null, null, v_staff.role, v_staff.user_id, false);
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.message_sent', 'reports', v_report.id);
    perform private.notify_reporter(v_report, 'reports.message_received');
  elsif not exists (select from public.report_messages m where m.id = (p ->> 'message_id')::uuid and m.report_id = v_report.id and m.author = 'staff') then
    -- Another letter has this id: the sender must hear that theirs was not kept.
    return private.refuse('conflict');
  end if;
  return jsonb_build_object('ok', true, 'at', private.clock());
end;
$function$;
comment on function public.add_staff_message(jsonb) is 'A letter from the desk. Definer: nobody may write messages directly.';
grant execute on function public.add_staff_message(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.advance_revisits(p_limit integer DEFAULT 200)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_revisit public.revisits;
  v_report public.reports;
  v_informed integer := 0;
  v_reminded integer := 0;
  v_silent integer := 0;
  v_again integer := 0;
begin
  for v_revisit in
    select v.* from public.revisits v join public.reports r on r.id = v.report_id
    where v.visited_at is null and v.answer is null and v.stopped_at is null and v.informed_at is null
      and v.opened_at < v_now - interval '3 days' and v_now > private.due_after(r.station_id, v.opened_at, 3)
    order by v.opened_at limit p_limit for update of v skip locked
  loop
    select r.* into v_report from public.reports r where r.id = v_revisit.report_id;
    update public.revisits v set informed_at = v_now where v.id = v_revisit.id;
    perform private.notify_level(v_report, v_revisit.level, 'revisits.overdue');
    perform private.log(v_report.station_id, null, 'system', 'revisit.overdue_told', 'reports', v_report.id, jsonb_build_object('step', v_revisit.step), v_now);
    v_informed := v_informed + 1;
  end loop;

  for v_revisit in
    select v.* from public.revisits v join public.reports r on r.id = v.report_id
    where v.visited_at is not null and v.answer is null and v.stopped_at is null and v.no_reply_at is null
      and case when v.reminded_at is null then v_now >= private.due_after(r.station_id, v.visited_at, 3) else v_now >= private.due_after(r.station_id, v.reminded_at, 4) end
    order by v.visited_at limit p_limit for update of v skip locked
  loop
    select r.* into v_report from public.reports r where r.id = v_revisit.report_id;
    if v_revisit.reminded_at is null then
      update public.revisits v set reminded_at = v_now where v.id = v_revisit.id;
      perform private.emit_event(v_report.id, 'revisit_reminded', null, null, 'system', null, true, null, v_now);
      perform private.notify_reporter(v_report, 'revisits.reminder');
      v_reminded := v_reminded + 1;
    else
      update public.revisits v set no_reply_at = v_now where v.id = v_revisit.id;
      perform private.emit_event(v_report.id, 'revisit_silent', null, null, 'system', null, true, null, v_now);
      perform private.log(v_report.station_id, null, 'system', 'revisit.no_reply', 'reports', v_report.id, jsonb_build_object('step', v_revisit.step), v_now);
      v_silent := v_silent + 1;
    end if;
  end loop;

  -- At least one a month and station: when none of a month was drawn, its oldest answer is.
  update public.revisits v set is_drawn = true where v.id in (
    select distinct on (r.station_id, date_trunc('month', w.answered_at)) w.id
    from public.revisits w join public.reports r on r.id = w.report_id
    where w.answered_by = 'staff' and w.answered_at > v_now - interval '14 days'
      and not exists (select from public.revisits o join public.reports q on q.id = o.report_id
        where q.station_id = r.station_id and o.is_drawn and date_trunc('month', o.answered_at) = date_trunc('month', w.answered_at))
    order by r.station_id, date_trunc('month', w.answered_at), w.answered_at);
  for v_revisit in
    select v.* from public.revisits v
    where v.is_drawn and v.answered_by = 'staff' and v.asked_again_at is null and v.answered_at between v_now - interval '14 days' and v_now - interval '1 day'
    order by v.answered_at limit p_limit for update of v skip locked
  loop
    select r.* into v_report from public.reports r where r.id = v_revisit.report_id;
    update public.revisits v set asked_again_at = v_now where v.id = v_revisit.id;
    perform private.notify_reporter(v_report, 'revisits.asked_again');
    v_again := v_again + 1;
  end loop;

  return jsonb_build_object('ok', true, 'informed', v_informed, 'reminded', v_reminded, 'silent', v_silent, 'asked_again', v_again,
    'has_more', greatest(v_informed, v_reminded + v_silent, v_again) >= p_limit);
end;
$function$;
comment on function public.advance_revisits(integer) is 'What the clock alone brings about on the ladder. Definer: a job has no actor.';
grant execute on function public.advance_revisits(integer) to service_role;

CREATE OR REPLACE FUNCTION public.answer_revisit(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;
comment on function public.answer_revisit(jsonb) is 'The reporter''s answer. Definer: nobody may write revisits directly.';
grant execute on function public.answer_revisit(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.assign_report(p_reference text, p_staff uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
    return private.refuse('forbidden');
  end if;
  if p_staff is not null then
    select s.* into v_target from public.staff s where s.user_id = p_staff and s.station_id = v_report.station_id and s.is_active;
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
$function$;
comment on function public.assign_report(text,uuid) is 'Definer: nobody may write reports directly.';
grant execute on function public.assign_report(text,uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.ban_reporter(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.ban_refused', p ->> 'reference');
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  insert into public.bans (station_id, kind, subject_hash, report_id, reason, created_by, created_at)
  values (v_staff.station_id, 'account', p ->> 'subject_hash', v_report.id, p ->> 'reason', v_staff.user_id, private.clock())
  on conflict (station_id, subject_hash) where lifted_at is null do nothing;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.sender_banned', 'reports', v_report.id);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.ban_reporter(jsonb) is 'Definer: nobody may write bans directly.';
grant execute on function public.ban_reporter(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.begin_addition(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_wait integer;
begin
  if v_found is null or v_found ->> 'viewer' <> 'reporter' then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  return (select jsonb_build_object('ok', true, 'id', r.id, 'content_key', r.content_key, 'contact_mode', r.contact_mode, 'status', r.status,
      'count', (select count(*) from public.report_attachments a where a.report_id = r.id and a.author = 'reporter'),
      'bytes', (select coalesce(sum(a.size_bytes), 0) from public.report_attachments a where a.report_id = r.id and a.author = 'reporter'))
    from public.reports r where r.id = (v_found ->> 'report_id')::uuid);
end;
$function$;
comment on function public.begin_addition(jsonb) is 'Hands the reporter''s server the wrapped key to seal an addition with. Definer: keys have no SELECT grant.';
grant execute on function public.begin_addition(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.begin_ban(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.ban_refused', p ->> 'reference');
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_report.owner_id is null and v_report.owner_hash is null then
    return private.refuse('no_account');
  end if;
  return jsonb_build_object('ok', true, 'owner_id', v_report.owner_id, 'owner_hash', v_report.owner_hash);
end;
$function$;
comment on function public.begin_ban(jsonb) is 'Definer: the owner has no SELECT grant.';
grant execute on function public.begin_ban(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.begin_desk_writing(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.write_refused', p ->> 'reference');
  end if;
  return jsonb_build_object('ok', true, 'id', v_report.id, 'content_key', v_report.content_key, 'locale', v_report.locale, 'category', v_report.category_code, 'status', v_report.status);
end;
$function$;
comment on function public.begin_desk_writing(jsonb) is 'Definer: keys have no SELECT grant. The key reads nothing without a text, and texts leave through open_report only.';
grant execute on function public.begin_desk_writing(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.change_report_status(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
  v_to text := p ->> 'status';
  v_now timestamptz := private.clock();
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.status_refused', p ->> 'reference');
  end if;
  if v_report.status is distinct from p ->> 'from_status' then
    return private.refuse('conflict', jsonb_build_object('status', v_report.status));
  end if;
  if not coalesce(private.may_follow(v_report.status, v_to), false) or v_report.merged_into is not null or v_report.closed_reason = 'withdrawn' then
    return private.refuse('status_order');
  end if;
  if v_to = 'closed' and coalesce(p ->> 'closed_reason', '') not in ('no_further_action', 'referred', 'unfounded', 'spam') then
    return private.refuse('reason_missing');
  end if;
  update public.reports r set
    status = v_to,
    closed_reason = case when v_to = 'closed' then p ->> 'closed_reason' end,
    accepted_at = case when v_to in ('triaged', 'in_progress', 'resolved') then coalesce(r.accepted_at, v_now) else r.accepted_at end,
    closed_at = case when v_to in ('closed', 'resolved') then v_now end,
    first_viewed_at = coalesce(r.first_viewed_at, v_now),
    updated_at = v_now, version = r.version + 1
  where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'status', v_to, case when v_to = 'closed' then p ->> 'closed_reason' end, v_staff.role, v_staff.user_id, true, p ->> 'public_sealed');
  if p ->> 'note_sealed' is not null then
    insert into public.report_notes (report_id, at, author_id, text_sealed) values (v_report.id, v_now, v_staff.user_id, p ->> 'note_sealed');
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.status_changed', 'reports', v_report.id,
    jsonb_build_object('from', v_report.status, 'to', v_to, 'closed_reason', case when v_to = 'closed' then p ->> 'closed_reason' end));
  perform private.notify_reporter(v_report, 'reports.status_changed');
  return jsonb_build_object('ok', true, 'status', v_to, 'version', v_report.version + 1);
end;
$function$;
comment on function public.change_report_status(jsonb) is 'Definer: nobody may write reports directly.';
grant execute on function public.change_report_status(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.count_desk_work()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_communities uuid[];
  v_new bigint;
  v_mine bigint;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return '{"ok": true, "unseen": 0, "mine": 0}'::jsonb;
  end if;
  v_communities := array(select private.communities_of(v_staff.user_id));
  execute format($q$select count(*) from (select from public.reports r where %s and %s and r.status = 'received' limit 100) t$q$,
    private.desk_scope(v_staff.role), private.desk_view('inbox')) into v_new using v_staff.station_id, v_staff.user_id, v_communities;
  execute format($q$select count(*) from (select from public.reports r where %s and r.assigned_to = $2 and r.status in ('triaged', 'in_progress') limit 100) t$q$,
    private.desk_scope(v_staff.role)) into v_mine using v_staff.station_id, v_staff.user_id, v_communities;
  return jsonb_build_object('ok', true, 'unseen', v_new, 'mine', v_mine);
end;
$function$;
comment on function public.count_desk_work() is 'What the inbox shows as new, and what waits for the caller. Definer: applies the same scope as may_see, by index.';
grant execute on function public.count_desk_work() to authenticated;

CREATE OR REPLACE FUNCTION public.delete_draft(p_id_hash text)
 RETURNS text[]
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  delete from private.report_drafts d where d.id_hash = p_id_hash returning private.without_evidence(d.blobs);
$function$;
comment on function public.delete_draft(text) is 'Deletes a draft and names its files. Definer: drafts are private.';
grant execute on function public.delete_draft(text) to service_role;

CREATE OR REPLACE FUNCTION public.end_view(p_token_hash text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  delete from private.view_sessions v where v.token_hash = p_token_hash;
$function$;
comment on function public.end_view(text) is 'Leaving the page ends its view session. Definer: sessions are private.';
grant execute on function public.end_view(text) to service_role;

CREATE OR REPLACE FUNCTION public.follow_report(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_report public.reports;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select r.* into v_report from public.reports r
  where r.reference = p ->> 'reference' and r.visibility = 'public' and r.status in ('triaged', 'in_progress') and not r.is_hidden;
  if not found then
    return private.refuse('not_found');
  end if;
  insert into public.report_followers (report_id, at, receipt_hash) values (v_report.id, private.clock(), p ->> 'receipt_hash')
  on conflict (receipt_hash) do nothing;
  if not found and not exists (select from public.report_followers f where f.receipt_hash = p ->> 'receipt_hash' and f.report_id = v_report.id) then
    return private.refuse('idempotency_conflict');
  end if;
  return jsonb_build_object('ok', true, 'reference', v_report.reference);
end;
$function$;
comment on function public.follow_report(jsonb) is 'Follows a public report instead of filing it again. Definer: nobody may write followers directly.';
grant execute on function public.follow_report(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.get_account()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return (select jsonb_build_object('ok', true, 'email', u.email, 'created_at', u.created_at, 'has_password', coalesce(u.encrypted_password, '') <> '',
      'community', c.slug, 'locale', coalesce(p.locale, 'zh'), 'staff_role', (private.staff_actor()).role)
    from auth.users u left join public.profiles p on p.user_id = u.id left join public.communities c on c.id = p.community_id
    where u.id = v_actor);
end;
$function$;
comment on function public.get_account() is 'Definer: reads the caller''s own row of auth.users.';
grant execute on function public.get_account() to authenticated;

CREATE OR REPLACE FUNCTION public.get_reference_data()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object(
    'station', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'phone', s.phone, 'address', s.address, 'time_zone', s.time_zone) from public.stations s where s.is_default),
    'communities', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name, 'boundary', c.boundary, 'map', c.map,
        'grids', coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'code', g.code, 'name', g.name, 'boundary', g.boundary, 'lat', g.centre_lat, 'lng', g.centre_lng) order by g.code)
          from public.grids g where g.community_id = c.id and g.is_active), '[]'::jsonb),
        'office', (select jsonb_build_object('name', o.name, 'address', o.address, 'phone', o.phone, 'reception_hours', o.reception_hours, 'lat', o.lat, 'lng', o.lng)
          from public.police_offices o where o.community_id = c.id order by o.id limit 1),
        'officers', coalesce((select jsonb_agg(jsonb_build_object('id', f.user_id, 'name', f.name, 'badge_number', f.badge_number, 'kind', a.kind) order by a.kind, f.badge_number)
          from public.assignments a join public.staff f on f.user_id = a.staff_id and f.is_active
          where a.community_id = c.id and (private.clock() at time zone s.time_zone)::date between a.from_on and coalesce(a.to_on, 'infinity'::date)), '[]'::jsonb)) order by c.position, c.slug)
      from public.communities c join public.stations s on s.id = c.station_id and s.is_default where c.is_active), '[]'::jsonb),
    'categories', coalesce((select jsonb_agg(jsonb_build_object('code', k.code, 'group', k."group", 'visibility', k.visibility, 'urgency', k.urgency, 'name', k.name,
        'description', k.description, 'guidance', k.guidance, 'is_about_police', k.is_about_police, 'allows_device_draft', k.allows_device_draft, 'retention_days', k.retention_days,
        'questions', coalesce((select jsonb_agg(jsonb_build_object('code', q.code, 'kind', q.kind, 'label', q.label, 'hint', q.hint, 'options', q.options, 'is_required', q.is_required) order by q.position, q.code)
          from public.category_questions q where q.category_code = k.code), '[]'::jsonb)) order by k.position, k.code)
      from public.categories k where k.is_active), '[]'::jsonb),
    'is_demo', private.is_demo(), 'now', private.clock());
$function$;
comment on function public.get_reference_data() is 'Public read. Definer: officers'' names and numbers are public on their community''s card, the rest of staff is not.';
grant execute on function public.get_reference_data() to anon;
grant execute on function public.get_reference_data() to authenticated;
grant execute on function public.get_reference_data() to service_role;

CREATE OR REPLACE FUNCTION public.get_schema_version()
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select max(m.version) from supabase_migrations.schema_migrations m;
$function$;
comment on function public.get_schema_version() is 'For /readyz. Definer: the history is not readable by the API roles.';
grant execute on function public.get_schema_version() to service_role;

CREATE OR REPLACE FUNCTION public.get_staff_profile()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce((
    select jsonb_build_object('ok', true, 'user_id', s.user_id, 'role', s.role, 'name', s.name, 'badge_number', s.badge_number, 'station_id', s.station_id,
      'station', st.name, 'time_zone', st.time_zone, 'is_demo', private.is_demo(),
      'communities', coalesce((select jsonb_agg(c order by c) from private.communities_of(s.user_id) c), '[]'::jsonb))
    from private.staff_actor() s join public.stations st on st.id = s.station_id
  ), private.refuse('forbidden'));
$function$;
comment on function public.get_staff_profile() is 'Definer: answers about the caller only.';
grant execute on function public.get_staff_profile() to authenticated;

CREATE OR REPLACE FUNCTION public.lift_ban(p_id uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  update public.bans b set lifted_at = private.clock(), lifted_by = v_staff.user_id
  where b.id = p_id and b.station_id = v_staff.station_id and b.lifted_at is null;
  if not found then
    return private.refuse('not_found');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'report.ban_lifted', 'reports', null, jsonb_build_object('ban', p_id));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.lift_ban(uuid) is 'Definer: nobody may write bans directly.';
grant execute on function public.lift_ban(uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.list_audit_log(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200);
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('auditor', 'chief') then
    return private.refuse('forbidden');
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'at', t.at, 'actor', s.name, 'actor_role', t.actor_role, 'action', t.action, 'noun', t.noun,
      'reference', r.reference, 'details', (t.details - '{into,ban,attachment}'::text[])
        || jsonb_strip_nulls(jsonb_build_object('into', o.reference, 'ban', b.reference))) order by t.id desc), '[]'::jsonb) into v_rows
  from (
    select l.* from public.audit_log l
    where l.station_id = v_staff.station_id
      and (p ->> 'cursor' is null or l.id < (p ->> 'cursor')::bigint)
      and (p ->> 'action' is null or l.action = p ->> 'action')
      and (p ->> 'actor' is null or l.actor_id = (p ->> 'actor')::uuid)
      and (p ->> 'from' is null or l.at >= (p ->> 'from')::timestamptz)
      and (p ->> 'to' is null or l.at < (p ->> 'to')::timestamptz)
      and (p ->> 'reference' is null or l.noun_id = (select q.id from public.reports q where q.reference = upper(p ->> 'reference')))
      -- RULES A6: what was done with a report about the police stays hidden from whoever it names.
      and not exists (select from public.reports q where q.id = l.noun_id and q.is_about_police and v_staff.user_id = any (q.about_staff))
    order by l.id desc limit v_limit + 1
  ) t
  left join public.staff s on s.user_id = t.actor_id
  left join public.reports r on r.id = t.noun_id
  -- Readers know reports by their reference, not by their id.
  left join public.reports o on o.id = (t.details ->> 'into')::uuid and not (o.is_about_police and v_staff.user_id = any (o.about_staff))
  left join (select n.id, q.reference from public.bans n join public.reports q on q.id = n.report_id and not (q.is_about_police and v_staff.user_id = any (q.about_staff))) b
    on b.id = (t.details ->> 'ban')::uuid;
  return jsonb_build_object('ok', true,
    'entries', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit then v_rows -> (v_limit - 1) -> 'id' end);
end;
$function$;
comment on function public.list_audit_log(jsonb) is 'Definer: joins names and references that the row policy alone would hide.';
grant execute on function public.list_audit_log(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_demo_mails(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not private.is_demo() then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'mails', coalesce((
    select jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun_id', t.noun_id, 'reference', r.reference, 'locale', t.locale,
      'recipient', u.email, 'recipient_sealed', t.recipient_sealed, 'params_sealed', t.params_sealed, 'status', t.status) order by t.id desc)
    from (select o.* from public.outbox o where o.channel = 'email' order by o.id desc limit least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200)) t
    left join auth.users u on u.id = t.recipient_id
    left join public.reports r on r.id = t.noun_id), '[]'::jsonb));
end;
$function$;
comment on function public.list_demo_mails(jsonb) is 'Shows the outbox of a demo station. Definer: recipients live in auth.users.';
grant execute on function public.list_demo_mails(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.list_my_reports(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'reports', coalesce((
    select jsonb_agg(jsonb_build_object('reference', t.reference, 'category', t.category_code, 'status', t.status, 'closed_reason', t.closed_reason, 'urgency', t.urgency,
      'received_at', t.received_at, 'updated_at', t.updated_at, 'first_viewed_at', t.first_viewed_at, 'accepted_at', t.accepted_at, 'closed_at', t.closed_at,
      'contact_mode', t.contact_mode, 'time_zone', t.time_zone,
      'unread', (select count(*) from public.report_messages m where m.report_id = t.id and m.author = 'staff' and m.read_at is null)) order by t.received_at desc)
    from (select r.*, s.time_zone from public.reports r join public.stations s on s.id = r.station_id
      where r.owner_id = v_actor or r.owner_hash = p ->> 'owner_hash' order by r.received_at desc limit 100) t), '[]'::jsonb));
end;
$function$;
comment on function public.list_my_reports(jsonb) is 'Definer: sealed reports are found by a keyed hash that only the server makes.';
grant execute on function public.list_my_reports(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.list_reports(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_zone text;
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 20), 1), 100);
  v_where text := private.desk_scope(v_staff.role) || ' and ' || private.desk_view(coalesce(p ->> 'view', 'inbox'));
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
$function$;
comment on function public.list_reports(jsonb) is 'Lists are no openings (RULES B3): no texts leave. Definer: applies the same scope as may_see, by index.';
grant execute on function public.list_reports(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_revisits(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 20), 1), 100);
  v_communities uuid[];
  v_where text;
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return private.refuse('forbidden');
  end if;
  v_communities := array(select private.communities_of(v_staff.user_id));
  v_where := private.desk_scope(v_staff.role) || ' and v.answer is null and v.stopped_at is null and ' || case p ->> 'waiting'
    when 'answer' then 'v.visited_at is not null'
    when 'climbed' then 'v.visited_at is null and v.step >= $5 and v.step > 1'
    else 'v.visited_at is null' end;
  if p ->> 'cursor' is not null then
    v_where := v_where || ' and (v.opened_at, v.id) > (($4 #>> ''{cursor,opened_at}'')::timestamptz, ($4 #>> ''{cursor,id}'')::uuid)';
  end if;
  execute format($q$
    select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'step', t.step, 'level', t.level, 'opened_at', t.opened_at, 'due_at', private.due_after(t.station_id, t.opened_at, 3),
      'visited_at', t.visited_at, 'reminded_at', t.reminded_at, 'no_reply_at', t.no_reply_at, 'reference', t.reference, 'category', t.category_code, 'community_id', t.community_id,
      'contact_mode', t.contact_mode, 'is_portal_only', t.is_portal_only, 'urgency', t.urgency, 'locale', t.locale, 'assigned_to', t.assigned_to, 'assignee', s.name) order by t.opened_at, t.id), '[]'::jsonb)
    from (select v.id, v.step, v.level, v.opened_at, v.visited_at, v.reminded_at, v.no_reply_at, r.station_id, r.reference, r.category_code, r.community_id, r.contact_mode, r.is_portal_only,
        r.urgency, r.locale, r.assigned_to
      from public.revisits v join public.reports r on r.id = v.report_id where %s order by v.opened_at, v.id limit %s) t
    left join public.staff s on s.user_id = t.assigned_to$q$, v_where, v_limit + 1)
  into v_rows
  using v_staff.station_id, v_staff.user_id, v_communities, p, coalesce(private.revisit_rank(v_staff.role), 9);
  return jsonb_build_object('ok', true, 'now', private.clock(),
    'revisits', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit
      then jsonb_build_object('opened_at', v_rows -> (v_limit - 1) -> 'opened_at', 'id', v_rows -> (v_limit - 1) -> 'id') end);
end;
$function$;
comment on function public.list_revisits(jsonb) is 'The worklist: codes and times, no texts (RULES B3). Definer: applies the same scope as may_see, by index.';
grant execute on function public.list_revisits(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_server_keys()
 RETURNS TABLE(id text, purpose text, wrapped text, created_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select k.id, k.purpose, k.wrapped, k.created_at from private.server_keys k order by k.created_at, k.id;
$function$;
comment on function public.list_server_keys() is 'Wrapped keys for the portal at its start. Definer: the table is private.';
grant execute on function public.list_server_keys() to service_role;

CREATE OR REPLACE FUNCTION public.load_draft(p_id_hash text)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select d.sealed from private.report_drafts d where d.id_hash = p_id_hash and d.expires_at > now();
$function$;
comment on function public.load_draft(text) is 'Definer: drafts are private.';
grant execute on function public.load_draft(text) to service_role;

CREATE OR REPLACE FUNCTION public.merge_report(p_reference text, p_into text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_into public.reports;
begin
  -- Both rows in one order, so that two merges the other way round cannot wait for each other.
  perform from public.reports r where r.reference in (p_reference, p_into) and private.may_change(r, v_staff) order by r.id for update;
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff);
  select r.* into v_into from public.reports r where r.reference = p_into and private.may_change(r, v_staff);
  if v_report.id is null or v_into.id is null then
    return private.refuse_desk(v_staff, 'report.merge_refused', case when v_report.id is null then p_reference else p_into end);
  end if;
  -- Nobody handles a withdrawn report any more: another must not wait for it.
  if v_report.id = v_into.id or v_into.merged_into is not null or v_report.status = 'closed' or v_into.closed_reason = 'withdrawn'
    or exists (select from public.reports r where r.merged_into = v_report.id) then
    return private.refuse('merge_not_allowed');
  end if;
  update public.reports r set status = 'closed', closed_reason = 'duplicate', merged_into = v_into.id, closed_at = private.clock(),
    first_viewed_at = coalesce(r.first_viewed_at, private.clock()), updated_at = private.clock(), version = r.version + 1
  where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'merged', 'closed', 'duplicate', v_staff.role, v_staff.user_id, true);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.merged', 'reports', v_report.id, jsonb_build_object('into', v_into.id));
  perform private.notify_reporter(v_report, 'reports.status_changed');
  return jsonb_build_object('ok', true, 'into', v_into.reference);
end;
$function$;
comment on function public.merge_report(text,text) is 'Definer: nobody may write reports directly.';
grant execute on function public.merge_report(text,text) to authenticated;

CREATE OR REPLACE FUNCTION public.move_demo_clock(p_now timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not private.is_demo() then
    return private.refuse('forbidden');
  end if;
  if p_now is null or p_now <= private.clock() then
    return private.refuse('invalid_input');
  end if;
  insert into private.settings (key, value, updated_at) values ('clock_offset', to_jsonb((p_now - now())::text), now())
  on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at;
  return jsonb_build_object('ok', true, 'now', private.clock());
end;
$function$;
comment on function public.move_demo_clock(timestamp with time zone) is 'Moves the clock of a demo station forward, never back. Definer: settings are private.';
grant execute on function public.move_demo_clock(timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.nearby_reports(p_category text, p_grid uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('reference', t.reference, 'summary', t.summary, 'status', t.status, 'received_on', t.received_on)
    order by t.received_at desc), '[]'::jsonb)
  from (
    select r.reference, r.summary, r.status, r.received_at, (r.received_at at time zone s.time_zone)::date as received_on
    from public.reports r join public.stations s on s.id = r.station_id
    where r.grid_id = p_grid and r.category_code = p_category and r.visibility = 'public'
      and r.status in ('triaged', 'in_progress') and not r.is_hidden and not r.is_about_police
      and r.received_at > private.clock() - interval '30 days'
    order by r.received_at desc
    limit 3
  ) t;
$function$;
comment on function public.nearby_reports(text,uuid) is 'Public read. Definer: shows four harmless columns of reviewed public reports, no row rights needed.';
grant execute on function public.nearby_reports(text,uuid) to anon;
grant execute on function public.nearby_reports(text,uuid) to authenticated;
grant execute on function public.nearby_reports(text,uuid) to service_role;

CREATE OR REPLACE FUNCTION public.open_attachment(p_id uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_file public.report_attachments;
begin
  select a.* into v_file from public.report_attachments a join public.reports r on r.id = a.report_id where a.id = p_id and private.may_see(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'attachment.open_refused', null);
  end if;
  select r.* into v_report from public.reports r where r.id = v_file.report_id;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'attachment.opened', 'reports', v_report.id, jsonb_build_object('attachment', v_file.id, 'purpose', 'handling'));
  return jsonb_build_object('ok', true, 'report_id', v_report.id, 'reference', v_report.reference, 'media_type', v_file.media_type, 'size_bytes', v_file.size_bytes, 'view_media_type', v_file.view_media_type,
    'view_blob', v_file.view_blob, 'original_blob', case when v_file.view_blob is null then v_file.original_blob end, 'key_sealed', v_file.key_sealed, 'content_key', v_report.content_key);
end;
$function$;
comment on function public.open_attachment(uuid) is 'Definer: attachments have no SELECT grant, and the opening is logged.';
grant execute on function public.open_attachment(uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.open_own_attachment(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_wait integer;
  v_answer jsonb;
begin
  if v_found is null or v_found ->> 'viewer' <> 'reporter' then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  select jsonb_build_object('ok', true, 'report_id', r.id, 'media_type', a.media_type, 'view_media_type', a.view_media_type, 'view_blob', a.view_blob,
      'original_blob', a.original_blob, 'key_sealed', a.key_sealed, 'content_key', r.content_key, 'size_bytes', a.size_bytes)
    into v_answer
  from public.report_attachments a join public.reports r on r.id = a.report_id
  where a.id = (p ->> 'id')::uuid and a.report_id = (v_found ->> 'report_id')::uuid;
  return coalesce(v_answer, private.refuse('not_found'));
end;
$function$;
comment on function public.open_own_attachment(jsonb) is 'The reporter opens a file of the case. Definer: attachments have no SELECT grant.';
grant execute on function public.open_own_attachment(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.open_report(p_reference text, p_purpose text DEFAULT 'handling'::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_first timestamptz;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_see(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.open_refused', p_reference);
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.opened', 'reports', v_report.id,
    jsonb_build_object('purpose', case when p_purpose in ('handling', 'triage', 'review', 'audit') then p_purpose else 'handling' end));
  if v_report.first_viewed_at is null and v_staff.role <> 'auditor' then
    update public.reports r set first_viewed_at = private.clock() where r.id = v_report.id and r.first_viewed_at is null
    returning r.first_viewed_at into v_first;
    v_report.first_viewed_at := coalesce(v_first, v_report.first_viewed_at);
  end if;
  update public.report_messages m set read_at = private.clock() where m.report_id = v_report.id and m.author = 'reporter' and m.read_at is null and v_staff.role <> 'auditor';
  return (
    select jsonb_build_object('ok', true, 'now', private.clock(), 'can_change', private.may_change(v_report, v_staff),
      'report', jsonb_build_object('id', v_report.id, 'reference', v_report.reference, 'category', v_report.category_code, 'community_id', v_report.community_id,
        'grid_id', v_report.grid_id, 'status', v_report.status, 'closed_reason', v_report.closed_reason, 'urgency', v_report.urgency, 'version', v_report.version,
        'received_at', v_report.received_at, 'updated_at', v_report.updated_at, 'first_viewed_at', v_report.first_viewed_at, 'accepted_at', v_report.accepted_at,
        'closed_at', v_report.closed_at, 'occurred_at', v_report.occurred_at, 'channel', v_report.channel, 'locale', v_report.locale, 'contact_mode', v_report.contact_mode,
        'has_account', v_report.owner_id is not null or v_report.owner_hash is not null,
        'is_unverified', v_report.is_unverified, 'is_hidden', v_report.is_hidden, 'emergency_kind', v_report.emergency_kind, 'assigned_to', v_report.assigned_to,
        'visibility', v_report.visibility, 'summary', v_report.summary, 'time_zone', st.time_zone,
        'merged_into', (select m.reference from public.reports m where m.id = v_report.merged_into and private.may_see(m, v_staff)),
        'merged', coalesce((select jsonb_agg(m.reference) from public.reports m where m.merged_into = v_report.id and private.may_see(m, v_staff)), '[]'::jsonb),
        'followers', (select count(*) from public.report_followers f where f.report_id = v_report.id)),
      'content_sealed', v_report.content_sealed, 'content_key', v_report.content_key,
      'contact_sealed', case when v_report.contact_mode = 'named' then v_report.contact_sealed end,
      'contact_key', case when v_report.contact_mode = 'named' then v_report.contact_key end,
      'events', coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'status', e.status, 'closed_reason', e.closed_reason, 'actor_role', e.actor_role,
          'actor', a.name, 'public_sealed', e.public_sealed) order by e.id)
        from public.report_events e left join public.staff a on a.user_id = e.actor_id where e.report_id = v_report.id), '[]'::jsonb),
      'messages', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'at', m.at, 'author', m.author, 'name', a.name, 'text_sealed', m.text_sealed, 'read_at', m.read_at) order by m.at)
        from public.report_messages m left join public.staff a on a.user_id = m.author_id where m.report_id = v_report.id), '[]'::jsonb),
      'notes', coalesce((select jsonb_agg(jsonb_build_object('id', n.id, 'at', n.at, 'name', a.name, 'text_sealed', n.text_sealed) order by n.at)
        from public.report_notes n join public.staff a on a.user_id = n.author_id where n.report_id = v_report.id), '[]'::jsonb),
      'attachments', private.attachment_facts(v_report.id))
    from public.stations st where st.id = v_report.station_id);
end;
$function$;
comment on function public.open_report(text,text) is 'Definer: the only way to the texts of a report, and it logs.';
grant execute on function public.open_report(text,text) to authenticated;

CREATE OR REPLACE FUNCTION public.purge_expired(p_page integer DEFAULT 5000)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_page integer := least(greatest(coalesce(p_page, 5000), 1), 50000);
  v_blobs text[];
  v_drafts integer;
  v_keys integer;
  v_views integer;
  v_challenges integer;
  v_windows integer;
begin
  with gone as (
    delete from private.report_drafts d
    where d.id_hash in (select e.id_hash from private.report_drafts e where e.expires_at <= now() limit v_page for update skip locked)
    returning d.id_hash, d.blobs
  )
  select count(distinct gone.id_hash), coalesce(array_agg(b.blob) filter (where b.blob is not null), '{}') into v_drafts, v_blobs
  from gone left join lateral unnest(private.without_evidence(gone.blobs)) b (blob) on true;
  delete from private.idempotency_keys k
  where k.key_hash in (select e.key_hash from private.idempotency_keys e where e.created_at < now() - interval '24 hours' limit v_page for update skip locked);
  get diagnostics v_keys = row_count;
  delete from private.view_sessions v
  where v.token_hash in (select e.token_hash from private.view_sessions e where e.expires_at <= now() limit v_page for update skip locked);
  get diagnostics v_views = row_count;
  delete from private.spent_challenges c
  where c.id in (select e.id from private.spent_challenges e where e.expires_at <= now() limit v_page for update skip locked);
  get diagnostics v_challenges = row_count;
  delete from private.rate_windows w
  where (w.bucket, w.started_at) in (select e.bucket, e.started_at from private.rate_windows e where e.started_at < now() - interval '2 hours' limit v_page for update skip locked);
  get diagnostics v_windows = row_count;
  return jsonb_build_object('ok', true, 'blobs', to_jsonb(v_blobs), 'drafts', v_drafts, 'idempotency_keys', v_keys, 'views', v_views,
    'challenges', v_challenges, 'rate_windows', v_windows,
    'has_more', greatest(v_drafts, v_keys, v_views, v_challenges, v_windows) >= v_page);
end;
$function$;
comment on function public.purge_expired(integer) is 'Definer: these tables are private.';
grant execute on function public.purge_expired(integer) to service_role;

CREATE OR REPLACE FUNCTION public.queue_account_mail(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into public.outbox (channel, template, noun, recipient_sealed, params_sealed, locale)
  values ('email', p ->> 'template', 'accounts', p ->> 'recipient_sealed', p ->> 'params_sealed', p ->> 'locale');
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.queue_account_mail(jsonb) is 'Definer: nobody may write the outbox directly.';
grant execute on function public.queue_account_mail(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.record_revisit(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
  v_revisit public.revisits;
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
  if coalesce(private.revisit_rank(v_staff.role) < private.revisit_rank(v_revisit.level), true)
    or (v_revisit.step > 1 and v_revisit.step <= 3 and exists (select from public.revisits e
      where e.report_id = v_report.id and e.round = v_revisit.round and e.step < v_revisit.step and e.visited_by = v_staff.user_id)) then
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'revisit.record_refused', 'reports', v_report.id, jsonb_build_object('step', v_revisit.step), v_now);
    return private.refuse('forbidden');
  end if;
  if v_revisit.visited_at is not null or v_revisit.answer is not null or v_revisit.stopped_at is not null then
    return private.refuse('conflict');
  end if;
  update public.revisits v set
    visited_at = v_now, visited_by = v_staff.user_id, method = p ->> 'method', topics = p -> 'topics', record_sealed = p ->> 'record_sealed',
    answer = p ->> 'answer', answered_at = case when p ->> 'answer' is not null then v_now end, answered_by = case when p ->> 'answer' is not null then 'staff' end,
    comment_sealed = case when p ->> 'answer' is not null then p ->> 'comment_sealed' end, is_drawn = p ->> 'answer' is not null and random() < 0.2
  where v.id = v_revisit.id;
  insert into public.revisit_suggestions (revisit_id, report_id, at, text_sealed, owner_id, due_on)
  select v_revisit.id, v_report.id, v_now, s.text_sealed, coalesce(s.owner, v_staff.user_id), s.due_on
  from jsonb_to_recordset(coalesce(nullif(p -> 'suggestions', 'null'::jsonb), '[]'::jsonb)) as s (text_sealed text, owner uuid, due_on date)
  where s.owner is null or exists (select from public.staff o where o.user_id = s.owner and o.station_id = v_report.station_id and o.is_active and o.role in ('officer', 'lead', 'chief'));
  perform private.emit_event(v_report.id, 'revisit_made', null, null, v_staff.role, v_staff.user_id, true, null, v_now);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'revisit.recorded', 'reports', v_report.id,
    jsonb_build_object('step', v_revisit.step, 'method', p ->> 'method', 'answer', p ->> 'answer'), v_now);
  if p ->> 'answer' = 'unsatisfied' then
    perform private.open_revisit(v_report.id, v_revisit.round, v_revisit.step + 1, v_now);
  end if;
  perform private.notify_reporter(v_report, 'revisits.asked');
  return jsonb_build_object('ok', true, 'level', v_revisit.level, 'answer', p ->> 'answer');
end;
$function$;
comment on function public.record_revisit(jsonb) is 'The record of a visit. Definer: nobody may write revisits directly; by the portal, since it carries ciphertext (RULES A2).';
grant execute on function public.record_revisit(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.release_report(p_reference text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.release_refused', p_reference);
  end if;
  update public.reports r set is_hidden = false, is_unverified = false, updated_at = private.clock() where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'released', null, null, v_staff.role, v_staff.user_id, false);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.released', 'reports', v_report.id);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.release_report(text) is 'Definer: nobody may write reports directly.';
grant execute on function public.release_report(text) to authenticated;

CREATE OR REPLACE FUNCTION public.return_limits(p_limits jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit jsonb;
begin
  for v_limit in select value from jsonb_array_elements(coalesce(nullif(p_limits, 'null'::jsonb), '[]'::jsonb)) order by value ->> 'bucket' loop
    update private.rate_windows w set used = w.used - 1
    where w.bucket = v_limit ->> 'bucket' and w.used > 0
      and w.started_at = to_timestamp(floor(extract(epoch from now()) / (v_limit ->> 'seconds')::integer) * (v_limit ->> 'seconds')::integer);
  end loop;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.return_limits(jsonb) is 'Takes back what take_limits counted. Definer: the windows are private.';
grant execute on function public.return_limits(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.save_draft(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_blobs text[] := array(select jsonb_array_elements_text(coalesce(nullif(p -> 'blobs', 'null'::jsonb), '[]'::jsonb)));
  v_before text[];
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select d.blobs into v_before from private.report_drafts d where d.id_hash = p ->> 'id_hash' for update;
  insert into private.report_drafts (id_hash, sealed, blobs, expires_at)
  values (p ->> 'id_hash', p ->> 'sealed', v_blobs, now() + interval '2 hours')
  on conflict (id_hash) do update set sealed = excluded.sealed, blobs = excluded.blobs, expires_at = excluded.expires_at;
  return jsonb_build_object('ok', true, 'dropped', to_jsonb(private.without_evidence(array(select unnest(v_before) except select unnest(v_blobs)))));
end;
$function$;
comment on function public.save_draft(jsonb) is 'Definer: drafts are private.';
grant execute on function public.save_draft(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.save_profile(p_community text, p_locale text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
  v_community uuid;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if coalesce(p_locale, '') not in ('zh', 'en') then
    return private.refuse('invalid_input');
  end if;
  if p_community is not null then
    select c.id into v_community from public.communities c where c.slug = p_community and c.is_active;
    if v_community is null then
      return private.refuse('not_found');
    end if;
  end if;
  insert into public.profiles (user_id, community_id, locale, updated_at) values (v_actor, v_community, p_locale, private.clock())
  on conflict (user_id) do update set community_id = excluded.community_id, locale = excluded.locale, updated_at = excluded.updated_at;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.save_profile(text,text) is 'Definer: nobody may write profiles directly.';
grant execute on function public.save_profile(text,text) to authenticated;

CREATE OR REPLACE FUNCTION public.settle_suggestion(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
  v_suggestion public.revisit_suggestions;
  v_now timestamptz := private.clock();
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'suggestion.settle_refused', p ->> 'reference');
  end if;
  select s.* into v_suggestion from public.revisit_suggestions s where s.id = (p ->> 'suggestion')::uuid and s.report_id = v_report.id;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_suggestion.owner_id <> v_staff.user_id and v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_suggestion.done_at is not null then
    return private.refuse('conflict');
  end if;
  update public.revisit_suggestions s set outcome_sealed = p ->> 'outcome_sealed', done_at = v_now, done_by = v_staff.user_id where s.id = v_suggestion.id;
  perform private.emit_event(v_report.id, 'suggestion_settled', null, null, v_staff.role, v_staff.user_id, true, null, v_now);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'suggestion.settled', 'reports', v_report.id, '{}'::jsonb, v_now);
  perform private.notify_reporter(v_report, 'revisits.outcome');
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.settle_suggestion(jsonb) is 'Definer: nobody may write suggestions directly; by the portal, since it carries ciphertext (RULES A2).';
grant execute on function public.settle_suggestion(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.start_view(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_found jsonb := private.find_own(p ->> 'reference', jsonb_build_object('receipt_hash', p ->> 'receipt_hash', 'guess_limits', p -> 'guess_limits'));
  v_wait integer;
begin
  if v_found is null then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  insert into private.view_sessions (token_hash, report_id, viewer, expires_at)
  values (p ->> 'view_token_hash', (v_found ->> 'report_id')::uuid, v_found ->> 'viewer', now() + interval '30 minutes');
  return jsonb_build_object('ok', true, 'viewer', v_found ->> 'viewer');
end;
$function$;
comment on function public.start_view(jsonb) is 'Reference and receipt open a view session of 30 minutes. Definer: sessions are private.';
grant execute on function public.start_view(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.submit_report(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_id uuid := (p ->> 'id')::uuid;
  v_key text := p ->> 'key_hash';
  v_station uuid := (p ->> 'station')::uuid;
  v_mode text := p ->> 'contact_mode';
  v_actor uuid;
  v_role text := 'guest';
  v_kept private.idempotency_keys;
  v_category public.categories;
  v_about_staff uuid[] := '{}';
  v_is_hidden boolean := false;
  v_report public.reports;
  v_refusal jsonb;
begin
  insert into private.idempotency_keys (key_hash, body_hash, report_id) values (v_key, p ->> 'body_hash', v_id) on conflict (key_hash) do nothing;
  if not found then
    select k.* into v_kept from private.idempotency_keys k where k.key_hash = v_key;
    if v_kept.body_hash <> p ->> 'body_hash' then
      return private.refuse('idempotency_conflict');
    end if;
    return jsonb_build_object('ok', true, 'is_replay', true, 'report', private.receipt_facts((select r from public.reports r where r.id = v_kept.report_id)));
  end if;

  v_refusal := private.refuse_sender(p);
  if v_refusal is null then
    select c.* into v_category from public.categories c where c.code = p ->> 'category' and c.is_active;
    if not found then
      v_refusal := private.refuse('not_found');
    end if;
  end if;
  if v_refusal is not null then
    delete from private.idempotency_keys k where k.key_hash = v_key;
    return v_refusal;
  end if;

  -- RULES B1: an anonymous report never learns who was signed in, whatever the caller sends.
  if v_mode <> 'anonymous' then
    v_actor := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
    v_role := case when v_actor is null then 'guest' else 'resident' end;
  end if;
  if v_category.is_about_police and jsonb_typeof(p -> 'about_staff') = 'array' then
    v_about_staff := array(select value::uuid from jsonb_array_elements_text(p -> 'about_staff'));
  end if;
  if jsonb_typeof(p -> 'ban_hashes') = 'array' and p -> 'ban_hashes' <> '[]' then
    v_is_hidden := exists (
      select from public.bans b
      where b.station_id = v_station and b.lifted_at is null
        -- Hiding the anonymous report of a banned account would tell who sent it.
        and (v_mode <> 'anonymous' or b.kind = 'chat')
        and b.subject_hash in (select jsonb_array_elements_text(p -> 'ban_hashes')));
  end if;

  -- One try in a million meets a reference that is taken; a receipt that is taken means a send repeated after its 24 hours.
  loop
    insert into public.reports (
      id, station_id, community_id, grid_id, reference, category_code, visibility, urgency, is_about_police, about_staff,
      received_at, updated_at, occurred_at, channel, locale, contact_mode, owner_id, owner_hash, receipt_hash,
      is_portal_only, is_unverified, is_hidden, emergency_kind, content_sealed, content_key, contact_sealed, contact_key, notify_sealed, content_hash, nonce
    ) values (
      v_id, v_station, (p ->> 'community')::uuid, (p ->> 'grid')::uuid, private.new_reference(), v_category.code,
      v_category.visibility, case when p ->> 'emergency_kind' is not null then 'urgent' else v_category.urgency end, v_category.is_about_police, v_about_staff,
      v_now, v_now, (p ->> 'occurred_at')::timestamptz, p ->> 'channel', p ->> 'locale', v_mode,
      case when v_mode = 'named' then v_actor end,
      case when v_mode = 'sealed' and v_actor is not null then p ->> 'owner_hash' end,
      p ->> 'receipt_hash', coalesce((p ->> 'is_portal_only')::boolean, false), coalesce((p ->> 'is_unverified')::boolean, false), v_is_hidden,
      p ->> 'emergency_kind', p ->> 'content_sealed', p ->> 'content_key', p ->> 'contact_sealed', p ->> 'contact_key',
      p ->> 'notify_sealed', p ->> 'content_hash', p ->> 'nonce'
    ) on conflict do nothing returning * into v_report;
    exit when found;
    if exists (select from public.reports r where r.receipt_hash = p ->> 'receipt_hash' or r.id = v_id) then
      delete from private.idempotency_keys k where k.key_hash = v_key;
      return private.refuse('idempotency_conflict');
    end if;
  end loop;

  -- The form's files become evidence in the same transaction: neither a file nor a report is ever left alone. Its draft gives them up
  -- and lives ten minutes more, so that a send whose answer was lost can be repeated.
  if jsonb_typeof(p -> 'attachments') = 'array' and p -> 'attachments' <> '[]' then
    if jsonb_array_length(p -> 'attachments') > 10 then
      raise exception 'ten files a report' using errcode = 'PT422', detail = 'too_many_files';
    end if;
    if (select sum((a.value ->> 'size_bytes')::bigint) from jsonb_array_elements(p -> 'attachments') a) > 104857600 then
      raise exception '100 MB a report' using errcode = 'PT422', detail = 'report_too_large';
    end if;
    insert into public.report_attachments (id, report_id, at, author, media_type, size_bytes, sha256, original_blob, view_blob, view_media_type, key_sealed)
    select a.id, v_id, v_now, 'reporter', a.media_type, a.size_bytes, a.sha256, a.original_blob, a.view_blob, a.view_media_type, a.key_sealed
    from jsonb_to_recordset(p -> 'attachments') as a (id uuid, media_type text, size_bytes bigint, sha256 text, original_blob text, view_blob text, view_media_type text, key_sealed text);
  end if;
  if p ->> 'draft_id_hash' is not null then
    update private.report_drafts d set blobs = '{}', expires_at = least(d.expires_at, now() + interval '10 minutes') where d.id_hash = p ->> 'draft_id_hash';
  end if;

  perform private.emit_event(v_id, 'received', 'received', null, v_role, null, true, null, v_now);
  perform private.log(v_station, null, v_role, 'report.submitted', 'reports', v_id, jsonb_build_object('channel', v_report.channel, 'category', v_report.category_code), v_now);
  if not v_report.is_portal_only and (v_report.notify_sealed is not null or v_report.owner_id is not null) then
    perform private.notify_reporter(v_report, 'reports.received');
  end if;
  return jsonb_build_object('ok', true, 'is_replay', false, 'report', private.receipt_facts(v_report));
end;
$function$;
comment on function public.submit_report(jsonb) is 'Files a report. Definer: nobody may write these tables directly.';
grant execute on function public.submit_report(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.summarise_report(p_reference text, p_summary text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.summarise_refused', p_reference);
  end if;
  if char_length(p_summary) > 2000 then
    return private.refuse('too_long');
  end if;
  update public.reports r set summary = nullif(btrim(p_summary), ''), updated_at = private.clock() where r.id = v_report.id;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.summarised', 'reports', v_report.id);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.summarise_report(text,text) is 'Definer: nobody may write reports directly.';
grant execute on function public.summarise_report(text,text) to authenticated;

CREATE OR REPLACE FUNCTION public.take_limits(p_limits jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wait integer := private.take_all(p_limits);
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.take_limits(jsonb) is 'Counts acts whose work happens outside the database (sign-in, challenges). Definer: the windows are private.';
grant execute on function public.take_limits(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.track_report(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_id uuid := (v_found ->> 'report_id')::uuid;
  v_is_reporter boolean := v_found ->> 'viewer' = 'reporter';
  v_wait integer;
  v_answer jsonb;
begin
  if v_found is null then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  if v_is_reporter then
    update public.report_messages m set read_at = private.clock() where m.report_id = v_id and m.author = 'staff' and m.read_at is null;
  end if;
  select jsonb_build_object(
    'ok', true, 'viewer', v_found ->> 'viewer', 'now', private.clock(),
    'report', jsonb_build_object('id', r.id, 'reference', r.reference, 'category', r.category_code, 'status', r.status, 'closed_reason', r.closed_reason,
      'urgency', r.urgency, 'received_at', r.received_at, 'updated_at', r.updated_at, 'first_viewed_at', r.first_viewed_at, 'accepted_at', r.accepted_at,
      'closed_at', r.closed_at, 'contact_mode', r.contact_mode, 'community', c.name, 'grid', g.name, 'time_zone', s.time_zone, 'locale', r.locale,
      'merged_into', (select m.reference from public.reports m where m.id = r.merged_into and v_is_reporter),
      'content_hash', case when v_is_reporter then r.content_hash end, 'nonce', case when v_is_reporter then r.nonce end),
    'content_key', case when v_is_reporter then r.content_key end,
    'content_sealed', case when v_is_reporter then r.content_sealed end,
    'events', coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'status', e.status, 'closed_reason', e.closed_reason,
        'by', case when e.actor_role in ('guest', 'resident') then 'reporter' else 'staff' end,
        'public_sealed', case when v_is_reporter then e.public_sealed end) order by e.id)
      from public.report_events e where e.report_id = r.id and e.is_public and (v_is_reporter or e.kind in ('received', 'status'))), '[]'::jsonb),
    'messages', case when v_is_reporter then coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'at', m.at, 'author', m.author, 'text_sealed', m.text_sealed) order by m.at)
      from public.report_messages m where m.report_id = r.id), '[]'::jsonb) else '[]'::jsonb end,
    'attachments', case when v_is_reporter then private.attachment_facts(r.id) else '[]'::jsonb end,
    'access', case when v_is_reporter then coalesce((select jsonb_agg(jsonb_build_object('at', l.at, 'role', l.actor_role, 'action', l.action, 'purpose', l.details ->> 'purpose') order by l.id desc)
      from public.audit_log l where l.noun_id = r.id and l.action in ('report.opened', 'attachment.opened')), '[]'::jsonb) else '[]'::jsonb end)
  into v_answer
  from public.reports r
  join public.stations s on s.id = r.station_id
  left join public.communities c on c.id = r.community_id
  left join public.grids g on g.id = r.grid_id
  where r.id = v_id;
  return v_answer;
end;
$function$;
comment on function public.track_report(jsonb) is 'The reporter follows the case. Their own visits are not logged (RULES B3). Definer: texts have no SELECT grant.';
grant execute on function public.track_report(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.unclaimed_blobs(p_blobs text[])
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select private.without_evidence(array(select unnest(p_blobs) except select unnest(d.blobs) from private.report_drafts d));
$function$;
comment on function public.unclaimed_blobs(text[]) is 'For the purge: files that a crash left behind. Definer: drafts are private.';
grant execute on function public.unclaimed_blobs(text[]) to service_role;

CREATE OR REPLACE FUNCTION public.unmerge_report(p_reference text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.unmerge_refused', p_reference);
  end if;
  if v_report.merged_into is null then
    return private.refuse('merge_not_allowed');
  end if;
  update public.reports r set status = 'triaged', closed_reason = null, merged_into = null, closed_at = null,
    accepted_at = coalesce(r.accepted_at, private.clock()), updated_at = private.clock(), version = r.version + 1
  where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'status', 'triaged', null, v_staff.role, v_staff.user_id, true);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.unmerged', 'reports', v_report.id);
  -- The merge told the reporter that the report was closed.
  perform private.notify_reporter(v_report, 'reports.status_changed');
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.unmerge_report(text) is 'Definer: nobody may write reports directly.';
grant execute on function public.unmerge_report(text) to authenticated;

CREATE OR REPLACE FUNCTION public.withdraw_report(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_wait integer;
  v_report public.reports;
begin
  if v_found is null or v_found ->> 'viewer' <> 'reporter' then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  select r.* into v_report from public.reports r where r.id = (v_found ->> 'report_id')::uuid for update;
  if v_report.status = 'closed' then
    return private.refuse(case when v_report.closed_reason = 'withdrawn' then 'already_withdrawn' else 'already_closed' end);
  end if;
  update public.reports r set status = 'closed', closed_reason = 'withdrawn', closed_at = private.clock(), updated_at = private.clock(), version = r.version + 1
  where r.id = v_report.id;
  perform private.emit_event(v_report.id, 'withdrawn', 'closed', 'withdrawn', 'resident', null, true);
  perform private.log(v_report.station_id, null, 'resident', 'report.withdrawn', 'reports', v_report.id);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.withdraw_report(jsonb) is 'The reporter takes the report back. Definer: nobody may write reports directly.';
grant execute on function public.withdraw_report(jsonb) to service_role;

CREATE OR REPLACE FUNCTION private.actor(p_actor uuid DEFAULT NULL::uuid, p_session uuid DEFAULT NULL::uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_claims jsonb := coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb, '{}'::jsonb);
  v_actor uuid;
  v_session uuid;
begin
  if v_claims ->> 'role' = 'service_role' then
    v_actor := p_actor;
    v_session := p_session;
  elsif p_actor is not null then
    raise exception 'an actor may be named with the secret key only' using errcode = 'PT403', detail = 'forbidden';
  else
    v_actor := (v_claims ->> 'sub')::uuid;
    v_session := (v_claims ->> 'session_id')::uuid;
  end if;
  if v_actor is null then
    return null;
  end if;
  if not exists (select from auth.sessions s where s.id = v_session and s.user_id = v_actor) then
    raise exception 'this session has ended' using errcode = 'PT401', detail = 'session_ended';
  end if;
  return v_actor;
end;
$function$;
comment on function private.actor(uuid,uuid) is 'Definer: auth.sessions is not readable by the API roles.';
grant execute on function private.actor(uuid,uuid) to authenticated;
grant execute on function private.actor(uuid,uuid) to service_role;

CREATE OR REPLACE FUNCTION private.attachment_facts(p_report uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'at', a.at, 'author', a.author, 'message_id', a.message_id, 'media_type', a.media_type,
    'size_bytes', a.size_bytes, 'sha256', a.sha256, 'has_view', a.view_blob is not null, 'has_original', a.original_blob is not null) order by a.at, a.id), '[]'::jsonb)
  from public.report_attachments a where a.report_id = p_report;
$function$;

CREATE OR REPLACE FUNCTION private.check_report_status()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  -- What its reporter took back stays closed: reopening it at the desk would go against their will.
  if old.closed_reason = 'withdrawn' or not private.may_follow(old.status, new.status) then
    raise exception 'a report that is % cannot become %', old.status, new.status using errcode = 'PT409', detail = 'status_order';
  end if;
  return new;
end;
$function$;
comment on function private.check_report_status() is 'Trigger: keeps the order of states for every path.';

CREATE OR REPLACE FUNCTION private.clock()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select now() + coalesce((select (s.value #>> '{}')::interval from private.settings s where s.key = 'clock_offset'), interval '0');
$function$;
comment on function private.clock() is 'The time every rule uses: now() plus the demo offset.';

CREATE OR REPLACE FUNCTION private.communities_of(p_staff uuid)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 3
 SET search_path TO ''
AS $function$
  select a.community_id
  from public.assignments a
  join public.staff f on f.user_id = a.staff_id
  join public.stations s on s.id = f.station_id
  where a.staff_id = p_staff
    and (private.clock() at time zone s.time_zone)::date between a.from_on and coalesce(a.to_on, 'infinity'::date);
$function$;
comment on function private.communities_of(uuid) is 'Communities an officer looks after or stands in for today, by the day of the station (RULES D1). Definer: assignments are readable within a station only.';
grant execute on function private.communities_of(uuid) to authenticated;
grant execute on function private.communities_of(uuid) to service_role;

CREATE OR REPLACE FUNCTION private.day_start(p_time_zone text, p_days integer)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select (date_trunc('day', private.clock() at time zone p_time_zone) - make_interval(days => p_days)) at time zone p_time_zone;
$function$;

CREATE OR REPLACE FUNCTION private.desk_scope(p_role text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select 'r.station_id = $1 and ' || case p_role
    when 'officer' then 'not r.is_about_police and (r.assigned_to = $2 or r.community_id = any ($3))'
    when 'lead' then 'not r.is_about_police'
    when 'chief' then '(not r.is_about_police or not $2 = any (r.about_staff))'
    when 'auditor' then 'r.is_about_police and not $2 = any (r.about_staff)'
    else 'false' end;
$function$;

CREATE OR REPLACE FUNCTION private.desk_view(p_view text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case p_view
    when 'every' then 'true'
    when 'hidden' then 'r.is_hidden'
    when 'unverified' then 'not r.is_hidden and r.is_unverified and r.urgency = ''normal'' and r.status = ''received'''
    else 'not r.is_hidden and not (r.is_unverified and r.urgency = ''normal'' and r.status = ''received'')' end;
$function$;

CREATE OR REPLACE FUNCTION private.due_after(p_station uuid, p_from timestamp with time zone, p_count integer)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;
comment on function private.due_after(uuid,timestamp with time zone,integer) is 'When a promise of so many days ends, by the calendar of the station. Definer: worklists of people who may not read stations whole.';

CREATE OR REPLACE FUNCTION private.emit_event(p_report uuid, p_kind text, p_status text, p_closed_reason text, p_role text, p_actor uuid, p_public boolean, p_sealed text DEFAULT NULL::text, p_at timestamp with time zone DEFAULT private.clock())
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into public.report_events (report_id, at, kind, status, closed_reason, actor_role, actor_id, is_public, public_sealed)
  values (p_report, p_at, p_kind, p_status, p_closed_reason, p_role, p_actor, p_public, p_sealed);
end;
$function$;

CREATE OR REPLACE FUNCTION private.find_own(p_reference text, p_access jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_id uuid;
  v_viewer text := 'reporter';
  v_actor uuid;
begin
  if p_access ->> 'receipt_hash' is not null then
    if private.take_all(p_access -> 'guess_limits') = 0 then
      select r.id into v_id from public.reports r where r.receipt_hash = p_access ->> 'receipt_hash' and r.reference = p_reference;
      if v_id is null then
        select r.id into v_id from public.report_followers f join public.reports r on r.id = f.report_id
        where f.receipt_hash = p_access ->> 'receipt_hash' and r.reference = p_reference;
        v_viewer := 'follower';
      end if;
    end if;
    perform public.return_limits(p_access -> 'guess_limits');
  elsif p_access ->> 'view_token_hash' is not null then
    select v.report_id, v.viewer into v_id, v_viewer
    from private.view_sessions v join public.reports r on r.id = v.report_id
    where v.token_hash = p_access ->> 'view_token_hash' and v.expires_at > now() and r.reference = p_reference;
    -- Whoever is still there keeps it; written at most every few minutes, since a page view should not cost a write.
    update private.view_sessions v set expires_at = least(now() + interval '30 minutes', v.ends_at)
    where v.token_hash = p_access ->> 'view_token_hash' and v.report_id = v_id and v.expires_at < least(now() + interval '25 minutes', v.ends_at);
  elsif p_access ->> 'actor' is not null then
    v_actor := private.actor((p_access ->> 'actor')::uuid, (p_access ->> 'session')::uuid);
    select r.id into v_id from public.reports r
    where r.reference = p_reference and v_actor is not null and (r.owner_id = v_actor or r.owner_hash = p_access ->> 'owner_hash');
  end if;
  if v_id is null then
    return null;
  end if;
  return jsonb_build_object('report_id', v_id, 'viewer', v_viewer);
end;
$function$;
comment on function private.find_own(text,jsonb) is 'Definer: called by the functions below only.';

CREATE OR REPLACE FUNCTION private.is_demo()
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select exists (select from private.settings s where s.key = 'demo' and s.value = 'true'::jsonb);
$function$;

CREATE OR REPLACE FUNCTION private.keep_revisit_facts()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if (new.id, new.report_id, new.round, new.step, new.opened_at) is distinct from (old.id, old.report_id, old.round, old.step, old.opened_at)
    or (old.visited_at is not null and (new.visited_at, new.visited_by, new.method, new.topics, new.record_sealed)
      is distinct from (old.visited_at, old.visited_by, old.method, old.topics, old.record_sealed))
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
$function$;

CREATE OR REPLACE FUNCTION private.log(p_station uuid, p_actor uuid, p_role text, p_action text, p_noun text, p_noun_id uuid, p_details jsonb DEFAULT '{}'::jsonb, p_at timestamp with time zone DEFAULT private.clock())
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into public.audit_log (at, station_id, actor_id, actor_role, action, noun, noun_id, details)
  values (p_at, p_station, p_actor, p_role, p_action, p_noun, p_noun_id, coalesce(p_details, '{}'::jsonb));
end;
$function$;

CREATE OR REPLACE FUNCTION private.may_change(p_report public.reports, p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce(p_staff.role <> 'auditor' and private.may_see(p_report, p_staff), false);
$function$;
comment on function private.may_change(public.reports,public.staff) is 'An auditor reads and changes nothing. Definer: as may_see.';

CREATE OR REPLACE FUNCTION private.may_follow(p_from text, p_to text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case p_from
    when 'received' then p_to in ('triaged', 'closed')
    when 'triaged' then p_to in ('in_progress', 'resolved', 'closed')
    when 'in_progress' then p_to in ('resolved', 'closed')
    when 'resolved' then p_to in ('in_progress', 'closed')
    when 'closed' then p_to in ('triaged', 'in_progress')
    else false
  end;
$function$;

CREATE OR REPLACE FUNCTION private.may_read_log(p_report uuid, p_staff uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select not exists (select from public.reports r where r.id = p_report and r.is_about_police and p_staff = any (r.about_staff));
$function$;
comment on function private.may_read_log(uuid,uuid) is 'Definer: the reader of the log may not see the report itself.';
grant execute on function private.may_read_log(uuid,uuid) to authenticated;

CREATE OR REPLACE FUNCTION private.may_see(p_report public.reports, p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;
comment on function private.may_see(public.reports,public.staff) is 'Officers: their communities and what is assigned to them. Lead, chief: the station. About the police: chief and auditor, never whoever is named (RULES A6). Admin: nothing. Definer: policies call it, and it reads columns and assignments that the caller may not.';
grant execute on function private.may_see(public.reports,public.staff) to authenticated;

CREATE OR REPLACE FUNCTION private.may_see_report(p_report uuid, p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select exists (select from public.reports r where r.id = p_report and private.may_see(r, p_staff));
$function$;
comment on function private.may_see_report(uuid,public.staff) is 'may_see for tables that belong to a report. Definer: it reads columns that the caller may not.';
grant execute on function private.may_see_report(uuid,public.staff) to authenticated;

CREATE OR REPLACE FUNCTION private.move_ladder()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;
comment on function private.move_ladder() is 'Trigger. Definer: nobody may write revisits directly.';

CREATE OR REPLACE FUNCTION private.my_station()
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select (private.staff_actor()).station_id;
$function$;
comment on function private.my_station() is 'Station of the signed-in staff member, null for anyone else. Definer: used by the policy on staff itself.';
grant execute on function private.my_station() to authenticated;

CREATE OR REPLACE FUNCTION private.new_reference()
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_symbols constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  v_random constant bytea := extensions.gen_random_bytes(8);
  v_code text := '';
begin
  for i in 0..7 loop
    v_code := v_code || substr(v_symbols, 1 + get_byte(v_random, i) % 32, 1);
  end loop;
  return 'LL-' || left(v_code, 4) || '-' || right(v_code, 4);
end;
$function$;

CREATE OR REPLACE FUNCTION private.notify_level(p_report public.reports, p_level text, p_template text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  select 'email', p_template, 'reports', p_report.id, s.user_id, coalesce(f.locale, 'zh')
  from public.staff s left join public.profiles f on f.user_id = s.user_id
  where s.station_id = p_report.station_id and s.is_active and not s.user_id = any (p_report.about_staff)
    and case p_level when 'officer' then s.role = 'lead' when 'lead' then s.role = 'chief' else s.role in ('chief', 'auditor') end;
$function$;

CREATE OR REPLACE FUNCTION private.notify_reporter(p_report public.reports, p_template text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, recipient_sealed, locale)
  select 'email', p_template, 'reports', p_report.id,
    case when p_report.notify_sealed is null then p_report.owner_id end, p_report.notify_sealed, p_report.locale
  where not p_report.is_portal_only and (p_report.notify_sealed is not null or p_report.owner_id is not null);
$function$;

CREATE OR REPLACE FUNCTION private.open_revisit(p_report uuid, p_round integer, p_step integer, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into public.revisits (report_id, round, step, opened_at) values (p_report, p_round, p_step, p_at);
  perform private.emit_event(p_report, 'revisit_opened', null, null, 'system', null, true, null, p_at);
end;
$function$;

CREATE OR REPLACE FUNCTION private.receipt_facts(p_report public.reports)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return jsonb_build_object('id', p_report.id, 'reference', p_report.reference, 'category', p_report.category_code, 'urgency', p_report.urgency,
    'received_at', p_report.received_at, 'content_hash', p_report.content_hash, 'nonce', p_report.nonce,
    'time_zone', (select s.time_zone from public.stations s where s.id = p_report.station_id));
end;
$function$;

CREATE OR REPLACE FUNCTION private.refuse(p_code text, p_facts jsonb DEFAULT '{}'::jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', false, 'code', p_code) || coalesce(p_facts, '{}'::jsonb);
$function$;
comment on function private.refuse(text,jsonb) is 'A refusal is returned, never raised, so that its audit row and its counter commit (RULES A3).';

CREATE OR REPLACE FUNCTION private.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'PT403', detail = 'append_only';
end;
$function$;
comment on function private.refuse_change() is 'Trigger of append-only tables: holds for their owner too.';

CREATE OR REPLACE FUNCTION private.refuse_desk(p_staff public.staff, p_action text, p_reference text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if p_staff.user_id is not null then
    perform private.log(p_staff.station_id, p_staff.user_id, p_staff.role, p_action, 'reports', null, jsonb_build_object('reference', left(p_reference, 20)));
  end if;
  return private.refuse('not_found');
end;
$function$;

CREATE OR REPLACE FUNCTION private.refuse_sender(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_expires_at timestamptz;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  if jsonb_typeof(p -> 'challenge') = 'object' then
    v_expires_at := (p #>> '{challenge,expires_at}')::timestamptz;
    -- A challenge that ran out is refused here too: its row is purged, and nothing else would stop a second use.
    if v_expires_at > now() is not false then
      insert into private.spent_challenges (id, expires_at) values (p #>> '{challenge,id}', v_expires_at) on conflict (id) do nothing;
      if found then
        return null;
      end if;
    end if;
  elsif coalesce((p ->> 'has_proof')::boolean, false) or coalesce((p ->> 'is_unverified')::boolean, false) then
    return null;
  end if;
  return private.refuse('challenge_failed');
end;
$function$;

CREATE OR REPLACE FUNCTION private.revisit_rank(p_role text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case p_role when 'officer' then 1 when 'lead' then 2 when 'chief' then 3 end;
$function$;

CREATE OR REPLACE FUNCTION private.staff_actor(p_actor uuid DEFAULT NULL::uuid, p_session uuid DEFAULT NULL::uuid)
 RETURNS public.staff
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff;
begin
  select s.* into v_staff from public.staff s where s.user_id = private.actor(p_actor, p_session) and s.is_active;
  return v_staff;
end;
$function$;
comment on function private.staff_actor(uuid,uuid) is 'Definer: looks the caller up whatever they may read of staff.';
grant execute on function private.staff_actor(uuid,uuid) to authenticated;
grant execute on function private.staff_actor(uuid,uuid) to service_role;

CREATE OR REPLACE FUNCTION private.take(p_bucket text, p_times integer, p_seconds integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_start timestamptz := to_timestamp(floor(extract(epoch from now()) / p_seconds) * p_seconds);
  v_used integer;
begin
  insert into private.rate_windows as w (bucket, started_at, used)
  values (p_bucket, v_start, 1)
  on conflict (bucket, started_at) do update set used = w.used + 1
  returning w.used into v_used;
  if v_used <= p_times then
    return 0;
  end if;
  return greatest(1, ceil(extract(epoch from v_start + make_interval(secs => p_seconds) - now()))::integer);
end;
$function$;

CREATE OR REPLACE FUNCTION private.take_all(p_limits jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_limit jsonb;
  v_wait integer := 0;
begin
  -- Most acts have one window, which needs no order.
  if jsonb_typeof(p_limits) = 'array' and jsonb_array_length(p_limits) = 1 then
    v_limit := p_limits -> 0;
    return private.take(v_limit ->> 'bucket', (v_limit ->> 'times')::integer, (v_limit ->> 'seconds')::integer);
  end if;
  for v_limit in select value from jsonb_array_elements(coalesce(nullif(p_limits, 'null'::jsonb), '[]'::jsonb)) order by value ->> 'bucket' loop
    v_wait := greatest(v_wait, private.take(v_limit ->> 'bucket', (v_limit ->> 'times')::integer, (v_limit ->> 'seconds')::integer));
  end loop;
  return v_wait;
end;
$function$;

CREATE OR REPLACE FUNCTION private.without_evidence(p_blobs text[])
 RETURNS text[]
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(array_agg(b.blob), '{}') from unnest(p_blobs) b (blob)
  where not exists (select from public.report_attachments a where a.original_blob = b.blob)
    and not exists (select from public.report_attachments a where a.view_blob = b.blob);
$function$;

-- Default privileges

-- functions: postgres execute

-- tables in schema public: nobody
