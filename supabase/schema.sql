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

create domain public.alert_area_kind as text CHECK ((VALUE = ANY (ARRAY['station'::text, 'community'::text, 'grid'::text, 'polygon'::text, 'circle'::text])));

create domain public.alert_colour as text CHECK ((VALUE = ANY (ARRAY['blue'::text, 'yellow'::text, 'orange'::text, 'red'::text])));

create domain public.alert_identifier as text CHECK ((VALUE ~ '^LLA-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$'::text));
comment on type public.alert_identifier is 'CAP identifier; the last eight characters are the short code that people type.';

create domain public.alert_kind as text CHECK ((VALUE = ANY (ARRAY['warning'::text, 'tip'::text, 'solved'::text, 'notice'::text])));

create domain public.alert_message_type as text CHECK ((VALUE = ANY (ARRAY['alert'::text, 'update'::text, 'cancel'::text, 'all_clear'::text])));
comment on type public.alert_message_type is 'These closed lists stand in shared/alerts/alert-words.ts as well; a test compares them.';

create domain public.alert_state as text CHECK ((VALUE = ANY (ARRAY['draft'::text, 'in_review'::text, 'published'::text, 'discarded'::text])));

create domain public.article_topic as text CHECK ((VALUE = ANY (ARRAY['reporting'::text, 'emergencies'::text, 'scams'::text, 'theft'::text, 'people'::text, 'neighbours'::text, 'papers'::text, 'together'::text, 'rights'::text])));
comment on type public.article_topic is 'Under which heading an article stands at /safety. shared/knowledge/topics.ts says the same.';

create domain public.cap_category as text CHECK ((VALUE = ANY (ARRAY['Geo'::text, 'Met'::text, 'Safety'::text, 'Security'::text, 'Rescue'::text, 'Fire'::text, 'Health'::text, 'Env'::text, 'Transport'::text, 'Infra'::text, 'CBRNE'::text, 'Other'::text])));

create domain public.cap_certainty as text CHECK ((VALUE = ANY (ARRAY['Observed'::text, 'Likely'::text, 'Possible'::text, 'Unlikely'::text, 'Unknown'::text])));

create domain public.cap_severity as text CHECK ((VALUE = ANY (ARRAY['Extreme'::text, 'Severe'::text, 'Moderate'::text, 'Minor'::text, 'Unknown'::text])));

create domain public.cap_urgency as text CHECK ((VALUE = ANY (ARRAY['Immediate'::text, 'Expected'::text, 'Future'::text, 'Past'::text, 'Unknown'::text])));

create domain public.chat_channel as text CHECK ((VALUE = ANY (ARRAY['web'::text, 'telegram'::text])));

create domain public.closed_reason as text CHECK ((VALUE = ANY (ARRAY['no_further_action'::text, 'referred'::text, 'duplicate'::text, 'withdrawn'::text, 'unfounded'::text, 'spam'::text])));

create domain public.code_name as text CHECK ((VALUE ~ '^[a-z]+(_[a-z]+)*$'::text));

create domain public.contact_mode as text CHECK ((VALUE = ANY (ARRAY['anonymous'::text, 'sealed'::text, 'named'::text])));

create domain public.day_counting as text CHECK ((VALUE = ANY (ARRAY['calendar'::text, 'working'::text])));

create domain public.day_kind as text CHECK ((VALUE = ANY (ARRAY['holiday'::text, 'workday'::text, 'closed'::text])));

create domain public.delivery_channel as text CHECK ((VALUE = ANY (ARRAY['email'::text, 'telegram'::text, 'webpush'::text])));

create domain public.delivery_error as text CHECK ((VALUE ~ '^[a-z][a-z0-9_]{0,39}$'::text));
comment on type public.delivery_error is 'Our own word for what went wrong (`smtp_550`, `dropped`). Never what a server wrote: that may hold an address.';

create domain public.delivery_status as text CHECK ((VALUE = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text, 'dead'::text, 'cancelled'::text])));

create domain public.dotted_name as text CHECK ((VALUE ~ '^[a-z_]+\.[a-z_]+$'::text));
comment on type public.dotted_name is 'A noun and what is done with it: `report.opened`, `reports.received`.';

create domain public.hex_256 as text CHECK (((VALUE ~ '^[0-9a-f]+$'::text) AND (char_length(VALUE) = 64)));
comment on type public.hex_256 is '32 bytes in hex: a SHA-256 or a nonce.';

create domain public.job_name as text CHECK ((VALUE ~ '^[a-z_]+:[a-z_]+$'::text));
comment on type public.job_name is 'A noun and what is done with it: `reports:purge`.';

create domain public.keyed_hash as text CHECK (((VALUE ~ '^[a-z]+-[0-9]+:[0-9a-f]+$'::text) AND (char_length(split_part(VALUE, ':'::text, 2)) = 64)));
comment on type public.keyed_hash is 'HMAC-SHA-256 in hex behind the id of its key: found again by whoever has the key only.';

create domain public.locale_code as text CHECK ((VALUE = ANY (ARRAY['zh'::text, 'en'::text])));

create domain public.mail_level as text CHECK ((VALUE = ANY (ARRAY['all'::text, 'important'::text, 'none'::text])));

create domain public.patrol_shift_state as text CHECK ((VALUE = ANY (ARRAY['open'::text, 'under_way'::text, 'ended'::text, 'cancelled'::text])));

create domain public.report_author as text CHECK ((VALUE = ANY (ARRAY['reporter'::text, 'staff'::text])));

create domain public.report_channel as text CHECK ((VALUE = ANY (ARRAY['web'::text, 'api'::text, 'bot'::text, 'desk'::text, 'patrol'::text])));

create domain public.report_event_kind as text CHECK ((VALUE = ANY (ARRAY['received'::text, 'status'::text, 'assigned'::text, 'merged'::text, 'message'::text, 'evidence'::text, 'withdrawn'::text, 'released'::text, 'revisit_opened'::text, 'revisit_made'::text, 'revisit_answered'::text, 'revisit_reminded'::text, 'revisit_silent'::text, 'suggestion_settled'::text])));

create domain public.report_intake as text CHECK ((VALUE = ANY (ARRAY['web'::text, 'counter'::text, 'phone'::text])));
comment on type public.report_intake is 'Who typed: the reporter (on the web, by another program, to the bot), or staff for somebody at the counter or on the phone.';

create domain public.report_reference as text CHECK ((VALUE ~ '^LL-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$'::text));

create domain public.report_status as text CHECK ((VALUE = ANY (ARRAY['received'::text, 'triaged'::text, 'in_progress'::text, 'resolved'::text, 'closed'::text])));

create domain public.report_summary as text CHECK (((char_length(VALUE) >= 1) AND (char_length(VALUE) <= 2000)));

create domain public.revisit_answer as text CHECK ((VALUE = ANY (ARRAY['satisfied'::text, 'unsatisfied'::text, 'unresolved'::text])));

create domain public.revisit_method as text CHECK ((VALUE = ANY (ARRAY['visit'::text, 'phone'::text, 'station'::text, 'letter'::text, 'portal'::text])));
comment on type public.revisit_method is 'At the door, by phone, at the station, by letter, or by a message on the tracking page (anonymous and sealed reports).';

create domain public.seal_source as text CHECK ((VALUE = ANY (ARRAY['audit_log'::text, 'reports'::text, 'report_contents'::text, 'report_attachments'::text])));
comment on type public.seal_source is 'Where a leaf comes from: rows of three tables, and the content hash of a report, which is the leaf its receipt can prove.';

create domain public.sealed_text as text CHECK ((starts_with(VALUE, 'v1.'::text) AND (char_length(VALUE) < 400000)));
comment on type public.sealed_text is 'Ciphertext (RULES B2), as server/domain/trust/envelope.ts makes it, or a key wrapped the same way.';

create domain public.shift_place_state as text CHECK ((VALUE = ANY (ARRAY['confirmed'::text, 'waiting'::text, 'offered'::text, 'left'::text, 'no_show'::text, 'cancelled'::text])));

create domain public.shift_swap_state as text CHECK ((VALUE = ANY (ARRAY['asked'::text, 'accepted'::text, 'approved'::text, 'refused'::text, 'expired'::text])));

create domain public.slug as text CHECK ((VALUE ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text));

create domain public.staff_role as text CHECK ((VALUE = ANY (ARRAY['officer'::text, 'lead'::text, 'chief'::text, 'auditor'::text, 'admin'::text])));

create domain public.urgency as text CHECK ((VALUE = ANY (ARRAY['normal'::text, 'urgent'::text])));

create domain public.visibility as text CHECK ((VALUE = ANY (ARRAY['public'::text, 'private'::text])));

create domain public.volunteer_kind as text CHECK ((VALUE = ANY (ARRAY['patroller'::text, 'information'::text, 'building_contact'::text, 'mediator'::text])));

create domain public.volunteer_state as text CHECK ((VALUE = ANY (ARRAY['applied'::text, 'station_reviewed'::text, 'assessed'::text, 'enrolled'::text, 'active'::text, 'suspended'::text, 'refused'::text, 'left'::text])));
comment on type public.volunteer_state is '`enrolled`: a trainee. The way from one to the next stands in shared/patrols/volunteer-steps.ts as well; a test compares them.';

-- Sequences

create sequence private.alert_changes;

create sequence private.shift_queue;

-- Tables

create table public.alert_areas (
  alert_id uuid not null,
  number integer not null,
  station_id uuid not null,
  kind public.alert_area_kind not null,
  community_id uuid,
  grid_id uuid,
  shape jsonb not null,
  label jsonb not null,
  community_ids uuid[] not null,
  grid_ids uuid[] not null,
  constraint alert_areas_pkey PRIMARY KEY (alert_id, number),
  constraint alert_areas_alert_id_station_id_fkey FOREIGN KEY (alert_id, station_id) REFERENCES public.alerts(id, station_id) ON DELETE RESTRICT,
  constraint alert_areas_community_id_station_id_fkey FOREIGN KEY (community_id, station_id) REFERENCES public.communities(id, station_id) ON DELETE RESTRICT,
  constraint alert_areas_grid_id_community_id_fkey FOREIGN KEY (grid_id, community_id) REFERENCES public.grids(id, community_id) ON DELETE RESTRICT,
  constraint alert_areas_community_ids_check CHECK ((cardinality(community_ids) > 0)),
  constraint alert_areas_label_check CHECK (private.is_text_in_both(label, 1, 200)),
  constraint alert_areas_number_check CHECK (((number >= 1) AND (number <= 20))),
  constraint areas_have_a_shape CHECK (private.is_alert_shape((kind)::text, shape)),
  constraint areas_name_what_they_are CHECK (
CASE kind
    WHEN 'community'::text THEN ((community_id IS NOT NULL) AND (grid_id IS NULL))
    WHEN 'grid'::text THEN ((community_id IS NOT NULL) AND (grid_id IS NOT NULL))
    ELSE (num_nonnulls(community_id, grid_id) = 0)
END)
);
comment on table public.alert_areas is 'Where a message holds; several are a union. `shape`: GeoJSON, or {type: Circle, center: [lng, lat], radiusMeters}; of a community or a grid its boundary as it was.';
comment on column public.alert_areas.community_ids is 'What this area touches; of a drawn one as server/domain/alerts/touched-areas.ts found it.';
alter table public.alert_areas enable row level security;
create policy "everyone reads areas of published alerts" on public.alert_areas for select to anon, authenticated
  using ((EXISTS ( SELECT
   FROM public.alerts a
  WHERE ((a.id = alert_areas.alert_id) AND (a.published_at IS NOT NULL)))));
CREATE TRIGGER alert_areas_are_guarded BEFORE INSERT OR DELETE OR UPDATE ON public.alert_areas FOR EACH ROW EXECUTE FUNCTION private.guard_alert_part();
CREATE TRIGGER alert_areas_are_never_emptied BEFORE TRUNCATE ON public.alert_areas FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();
grant select on table public.alert_areas to anon;
grant select on table public.alert_areas to authenticated;
grant select on table public.alert_areas to service_role;

create table public.alert_events (
  code public.code_name not null,
  category public.cap_category not null,
  name jsonb not null,
  "position" integer not null,
  is_active boolean not null default true,
  constraint alert_events_pkey PRIMARY KEY (code),
  constraint alert_events_name_check CHECK ((name ?& ARRAY['zh'::text, 'en'::text]))
);
comment on table public.alert_events is 'What an alert may be about: a closed list with its CAP category, from supabase/seeds/040-alert-events.sql.';
alter table public.alert_events enable row level security;
create policy "everyone reads what alerts may be about" on public.alert_events for select to anon, authenticated
  using (true);
grant select on table public.alert_events to anon;
grant select on table public.alert_events to authenticated;
grant select on table public.alert_events to service_role;

create table public.alert_references (
  alert_id uuid not null,
  referenced_id uuid not null,
  constraint alert_references_pkey PRIMARY KEY (alert_id, referenced_id),
  constraint alert_references_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES public.alerts(id) ON DELETE RESTRICT,
  constraint alert_references_referenced_id_fkey FOREIGN KEY (referenced_id) REFERENCES public.alerts(id) ON DELETE RESTRICT,
  constraint alert_references_check CHECK ((alert_id <> referenced_id))
);
comment on table public.alert_references is 'CAP references: all messages of the chain that still counted when this one was published. Filled by publish_alert.';
CREATE INDEX alert_references_backwards ON public.alert_references USING btree (referenced_id);
alter table public.alert_references enable row level security;
create policy "everyone reads references of published alerts" on public.alert_references for select to anon, authenticated
  using ((EXISTS ( SELECT
   FROM public.alerts a
  WHERE ((a.id = alert_references.alert_id) AND (a.published_at IS NOT NULL)))));
CREATE TRIGGER alert_references_are_guarded BEFORE INSERT OR DELETE OR UPDATE ON public.alert_references FOR EACH ROW EXECUTE FUNCTION private.guard_alert_part();
CREATE TRIGGER alert_references_are_never_emptied BEFORE TRUNCATE ON public.alert_references FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();
grant select on table public.alert_references to anon;
grant select on table public.alert_references to authenticated;
grant select on table public.alert_references to service_role;

create table public.alert_templates (
  slug public.slug not null,
  "position" integer not null,
  name jsonb not null,
  message_type public.alert_message_type not null,
  kind public.alert_kind not null,
  colour public.alert_colour,
  event_code public.code_name not null,
  hours integer not null,
  texts jsonb not null,
  constraint alert_templates_pkey PRIMARY KEY (slug),
  constraint alert_templates_event_code_fkey FOREIGN KEY (event_code) REFERENCES public.alert_events(code) ON DELETE RESTRICT
);
comment on table public.alert_templates is 'What a station says often. `hours`: how long it usually holds. The rules are private.is_alert_template.';
alter table public.alert_templates enable row level security;
create policy "staff read templates of alerts" on public.alert_templates for select to authenticated
  using ((( SELECT private.my_station() AS my_station) IS NOT NULL));
grant select on table public.alert_templates to authenticated;

create table public.alert_texts (
  alert_id uuid not null,
  locale public.locale_code not null,
  headline text not null,
  description text not null,
  instruction text,
  constraint alert_texts_pkey PRIMARY KEY (alert_id, locale),
  constraint alert_texts_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES public.alerts(id) ON DELETE RESTRICT,
  constraint alert_texts_description_check CHECK (private.is_plain_text(description, 4, 2000, true)),
  constraint alert_texts_headline_check CHECK (private.is_plain_text(headline, 4, 140, false)),
  constraint alert_texts_instruction_check CHECK (((instruction IS NULL) OR private.is_plain_text(instruction, 1, 1000, true)))
);
comment on table public.alert_texts is 'One message in one language. No markup: what is typed is what is read.';
alter table public.alert_texts enable row level security;
create policy "everyone reads texts of published alerts" on public.alert_texts for select to anon, authenticated
  using ((EXISTS ( SELECT
   FROM public.alerts a
  WHERE ((a.id = alert_texts.alert_id) AND (a.published_at IS NOT NULL)))));
CREATE TRIGGER alert_texts_are_guarded BEFORE INSERT OR DELETE OR UPDATE ON public.alert_texts FOR EACH ROW EXECUTE FUNCTION private.guard_alert_part();
CREATE TRIGGER alert_texts_are_never_emptied BEFORE TRUNCATE ON public.alert_texts FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();
grant select on table public.alert_texts to anon;
grant select on table public.alert_texts to authenticated;
grant select on table public.alert_texts to service_role;

create table public.alerts (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  chain_id uuid not null,
  identifier public.alert_identifier not null default private.new_alert_identifier(),
  message_type public.alert_message_type not null default 'alert'::text,
  base_id uuid,
  is_exercise boolean not null default false,
  kind public.alert_kind not null,
  colour public.alert_colour,
  event_code public.code_name not null,
  urgency public.cap_urgency not null,
  severity public.cap_severity not null,
  certainty public.cap_certainty not null,
  onset_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  follows_id uuid,
  community_ids uuid[] not null default '{}'::uuid[],
  grid_ids uuid[] not null default '{}'::uuid[],
  contact text,
  web text,
  state public.alert_state not null default 'draft'::text,
  revision integer not null default 1,
  created_at timestamp with time zone not null,
  created_by uuid not null,
  edited_at timestamp with time zone not null,
  edited_by uuid not null,
  submitted_at timestamp with time zone,
  submitted_by uuid,
  returned_reason text,
  approved_at timestamp with time zone,
  approved_by uuid,
  override_reason text,
  published_at timestamp with time zone,
  published_by uuid,
  content jsonb,
  statement jsonb,
  changed_number bigint,
  ended_at timestamp with time zone,
  ended_by_id uuid,
  ended_by_type public.alert_message_type,
  constraint alerts_pkey PRIMARY KEY (id),
  constraint alerts_id_station_id_key UNIQUE (id, station_id),
  constraint alerts_identifier_key UNIQUE (identifier),
  constraint alerts_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint alerts_base_id_fkey FOREIGN KEY (base_id) REFERENCES public.alerts(id) ON DELETE RESTRICT,
  constraint alerts_chain_id_fkey FOREIGN KEY (chain_id) REFERENCES public.alerts(id) ON DELETE RESTRICT,
  constraint alerts_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint alerts_edited_by_fkey FOREIGN KEY (edited_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint alerts_ended_by_id_fkey FOREIGN KEY (ended_by_id) REFERENCES public.alerts(id) ON DELETE RESTRICT,
  constraint alerts_event_code_fkey FOREIGN KEY (event_code) REFERENCES public.alert_events(code) ON DELETE RESTRICT,
  constraint alerts_follows_id_fkey FOREIGN KEY (follows_id) REFERENCES public.alerts(id) ON DELETE RESTRICT,
  constraint alerts_published_by_fkey FOREIGN KEY (published_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint alerts_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint alerts_submitted_by_fkey FOREIGN KEY (submitted_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint alerts_acts_name_their_person CHECK (((num_nonnulls(submitted_at, submitted_by) = ANY (ARRAY[0, 2])) AND (num_nonnulls(approved_at, approved_by) = ANY (ARRAY[0, 2])) AND (num_nonnulls(published_at, published_by) = ANY (ARRAY[0, 2])))),
  constraint alerts_all_clears_are_of_warnings CHECK ((((message_type)::text <> 'all_clear'::text) OR ((kind)::text = 'warning'::text))),
  constraint alerts_approved_by_another CHECK (((approved_by <> created_by) AND (approved_by <> edited_by))),
  constraint alerts_begin_before_they_end CHECK ((onset_at < expires_at)),
  constraint alerts_contact_check CHECK (((char_length(contact) >= 1) AND (char_length(contact) <= 200))),
  constraint alerts_ended_by_another CHECK (((num_nonnulls(ended_at, ended_by_id, ended_by_type) = ANY (ARRAY[0, 3])) AND (ended_by_id <> id))),
  constraint alerts_ended_by_type_check CHECK (((ended_by_type)::text <> 'alert'::text)),
  constraint alerts_expire CHECK (((published_at IS NULL) OR ((expires_at > published_at) AND (expires_at <= (published_at +
CASE
    WHEN ((colour)::text = ANY (ARRAY['orange'::text, 'red'::text])) THEN '72:00:00'::interval
    ELSE '30 days'::interval
END))))),
  constraint alerts_in_review_were_submitted CHECK ((((state)::text <> 'in_review'::text) OR (submitted_at IS NOT NULL))),
  constraint alerts_later_messages_have_a_base CHECK (((((message_type)::text = 'alert'::text) = (base_id IS NULL)) AND (((message_type)::text = 'alert'::text) = (chain_id = id)))),
  constraint alerts_override_reason_check CHECK (((char_length(override_reason) >= 6) AND (char_length(override_reason) <= 500))),
  constraint alerts_published_are_complete CHECK (
CASE
    WHEN ((state)::text = 'published'::text) THEN ((published_at IS NOT NULL) AND (content IS NOT NULL) AND (statement IS NOT NULL) AND (changed_number IS NOT NULL) AND (cardinality(community_ids) > 0))
    ELSE (num_nonnulls(published_at, content, statement, changed_number, ended_at, override_reason) = 0)
END),
  constraint alerts_returned_reason_check CHECK (((char_length(returned_reason) >= 3) AND (char_length(returned_reason) <= 500))),
  constraint alerts_revision_check CHECK ((revision >= 1)),
  constraint alerts_solved_ones_follow CHECK (((follows_id IS NULL) OR ((kind)::text = 'solved'::text))),
  constraint alerts_urgent_ones_need_two CHECK ((((state)::text <> 'published'::text) OR (colour IS NULL) OR ((colour)::text = ANY (ARRAY['blue'::text, 'yellow'::text])) OR (approved_by IS NOT NULL) OR (override_reason IS NOT NULL))),
  constraint alerts_warnings_have_a_colour CHECK ((((kind)::text = 'warning'::text) = (colour IS NOT NULL))),
  constraint alerts_web_check CHECK (((web ~ '^https?://\S+$'::text) AND (char_length(web) <= 500)))
);
comment on table public.alerts is 'One message of the station to residents. `chain_id`: the first message about the matter. Drafts change under `revision`; published ones never.';
comment on column public.alerts.base_id is 'The published message that this one was started from, and that it updates or ends.';
comment on column public.alerts.follows_id is 'Of a solved notice: the warning whose audience gets it. Null: whoever is in the area.';
comment on column public.alerts.community_ids is 'Which communities the areas touch; `grid_ids` likewise: that a grid is touched says nothing of its neighbours.';
comment on column public.alerts.content is 'What it says, as the statement signs it and as everybody reads it: names and boundaries as they were then. shared/alerts/published-alert.ts.';
CREATE INDEX alerts_by_chain ON public.alerts USING btree (chain_id);
CREATE INDEX alerts_by_change ON public.alerts USING btree (changed_number) WHERE ((state)::text = 'published'::text);
CREATE INDEX alerts_by_community ON public.alerts USING gin (community_ids) WHERE ((state)::text = 'published'::text);
CREATE INDEX alerts_by_grid ON public.alerts USING gin (grid_ids) WHERE ((state)::text = 'published'::text);
CREATE INDEX alerts_by_station ON public.alerts USING btree (station_id, edited_at DESC);
CREATE UNIQUE INDEX alerts_one_draft_in_a_chain ON public.alerts USING btree (chain_id) WHERE ((state)::text = ANY (ARRAY['draft'::text, 'in_review'::text]));
CREATE UNIQUE INDEX alerts_one_open_in_a_chain ON public.alerts USING btree (chain_id) WHERE (((state)::text = 'published'::text) AND (ended_by_id IS NULL));
alter table public.alerts enable row level security;
create policy "everyone reads published alerts" on public.alerts for select to anon, authenticated
  using ((published_at IS NOT NULL));
CREATE TRIGGER alerts_are_guarded BEFORE INSERT OR DELETE OR UPDATE ON public.alerts FOR EACH ROW EXECUTE FUNCTION private.guard_alert();
CREATE TRIGGER alerts_are_never_emptied BEFORE TRUNCATE ON public.alerts FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();
CREATE TRIGGER alerts_tell_of_review AFTER UPDATE OF state ON public.alerts FOR EACH ROW EXECUTE FUNCTION private.tell_of_review();
grant select (id, station_id, chain_id, identifier, message_type, is_exercise, kind, colour, event_code, urgency, severity, certainty, onset_at, expires_at, follows_id, community_ids, grid_ids, contact, web, published_at, content, statement, ended_at, ended_by_id, ended_by_type) on public.alerts to anon;
grant select (id, station_id, chain_id, identifier, message_type, is_exercise, kind, colour, event_code, urgency, severity, certainty, onset_at, expires_at, follows_id, community_ids, grid_ids, contact, web, published_at, content, statement, ended_at, ended_by_id, ended_by_type) on public.alerts to authenticated;
grant select (id, station_id, chain_id, identifier, message_type, is_exercise, kind, colour, event_code, urgency, severity, certainty, onset_at, expires_at, follows_id, community_ids, grid_ids, contact, web, published_at, content, statement, ended_at, ended_by_id, ended_by_type) on public.alerts to service_role;

create table public.assignments (
  id uuid not null default gen_random_uuid(),
  staff_id uuid not null,
  community_id uuid not null,
  kind text not null default 'officer'::text,
  from_on date not null default CURRENT_DATE,
  to_on date,
  constraint assignments_pkey PRIMARY KEY (id),
  constraint assignments_one_officer_at_a_time EXCLUDE USING gist (community_id WITH =, daterange(from_on, to_on, '[]'::text) WITH &&) WHERE ((kind = 'officer'::text)),
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
CREATE TRIGGER assignments_are_for_officers BEFORE INSERT OR UPDATE OF staff_id, community_id ON public.assignments FOR EACH ROW EXECUTE FUNCTION private.check_assignment();
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
CREATE INDEX audit_log_retained ON public.audit_log USING btree (id DESC) WHERE ((action)::text = 'retention.ran'::text);
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
  is_own boolean not null default false,
  constraint calendar_days_pkey PRIMARY KEY (station_id, day),
  constraint calendar_days_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE CASCADE,
  constraint calendar_days_name_check CHECK (private.is_text_in_both(name, 1, 120))
);
comment on table public.calendar_days is 'Days that are not what their weekday says: public holidays, weekend days worked for them, days on which the station is closed.';
comment on column public.calendar_days.is_own is 'Set at the desk: the job that fills in holidays leaves it alone.';
alter table public.calendar_days enable row level security;
create policy "everyone reads the calendar" on public.calendar_days for select to anon, authenticated
  using (true);
grant select on table public.calendar_days to anon;
grant select on table public.calendar_days to authenticated;
grant select on table public.calendar_days to service_role;

create table public.case_notices (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  community_id uuid,
  report_id uuid,
  title jsonb not null,
  body jsonb not null,
  edited_at timestamp with time zone not null,
  edited_by uuid not null,
  published_at timestamp with time zone,
  published_by uuid,
  withdrawn_at timestamp with time zone,
  constraint case_notices_pkey PRIMARY KEY (id),
  constraint case_notices_report_id_key UNIQUE (report_id),
  constraint case_notices_community_id_fkey FOREIGN KEY (community_id) REFERENCES public.communities(id) ON DELETE RESTRICT,
  constraint case_notices_edited_by_fkey FOREIGN KEY (edited_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint case_notices_published_by_fkey FOREIGN KEY (published_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint case_notices_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE SET NULL,
  constraint case_notices_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint notices_in_both_languages CHECK ((private.is_text_in_both(title, 4, 120) AND private.is_text_in_both(body, 10, 2000))),
  constraint notices_need_two_people CHECK ((published_by <> edited_by)),
  constraint notices_published_by_somebody CHECK ((num_nonnulls(published_at, published_by) = ANY (ARRAY[0, 2])))
);
comment on table public.case_notices is 'Says to the neighbours that a case is solved, without anybody in it. Written at the desk, never taken from a report''s texts. `community_id` null: the whole station.';
comment on column public.case_notices.report_id is 'Not for the public: a notice must not lead to its report.';
CREATE INDEX case_notices_by_station ON public.case_notices USING btree (station_id, edited_at DESC);
CREATE INDEX case_notices_public ON public.case_notices USING btree (community_id, published_at DESC) WHERE ((published_at IS NOT NULL) AND (withdrawn_at IS NULL));
alter table public.case_notices enable row level security;
create policy "everyone reads published notices" on public.case_notices for select to anon, authenticated
  using (((published_at IS NOT NULL) AND (withdrawn_at IS NULL)));
CREATE TRIGGER notices_come_after_the_reporter BEFORE INSERT OR UPDATE ON public.case_notices FOR EACH ROW EXECUTE FUNCTION private.check_notice();
grant select (id, station_id, community_id, title, body) on public.case_notices to anon;
grant select (id, station_id, community_id, title, body) on public.case_notices to authenticated;
grant select (id, station_id, community_id, title, body) on public.case_notices to service_role;

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
  is_active boolean not null default true,
  constraint category_questions_pkey PRIMARY KEY (category_code, code),
  constraint category_questions_category_code_fkey FOREIGN KEY (category_code) REFERENCES public.categories(code) ON DELETE CASCADE,
  constraint category_questions_check CHECK (((kind = ANY (ARRAY['single'::text, 'multi'::text])) = (jsonb_array_length(options) > 0))),
  constraint category_questions_hint_check CHECK (((hint IS NULL) OR (hint ?& ARRAY['zh'::text, 'en'::text]))),
  constraint category_questions_kind_check CHECK ((kind = ANY (ARRAY['text'::text, 'number'::text, 'single'::text, 'multi'::text, 'officer'::text]))),
  constraint category_questions_label_check CHECK ((label ?& ARRAY['zh'::text, 'en'::text])),
  constraint category_questions_options_check CHECK ((jsonb_typeof(options) = 'array'::text))
);
comment on table public.category_questions is 'Extra questions of a category; `options` is [{code, label: {zh, en}}].';
comment on column public.category_questions.is_active is 'False: no longer asked. The row stays, so that its code is never given to another question.';
alter table public.category_questions enable row level security;
create policy "everyone reads questions" on public.category_questions for select to anon, authenticated
  using (true);
CREATE TRIGGER category_questions_keep_versions AFTER UPDATE ON public.category_questions FOR EACH ROW WHEN (((((old.kind IS DISTINCT FROM new.kind) OR (old.label IS DISTINCT FROM new.label)) OR (old.options IS DISTINCT FROM new.options)) OR (old.is_active AND (NOT new.is_active)))) EXECUTE FUNCTION private.keep_question_version();
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

create table public.duty_shifts (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  staff_id uuid not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  taken_over_at timestamp with time zone,
  note_sealed public.sealed_text,
  noted_at timestamp with time zone,
  set_by uuid not null,
  constraint duty_shifts_pkey PRIMARY KEY (id),
  constraint duty_shifts_one_at_a_time EXCLUDE USING gist (staff_id WITH =, tstzrange(starts_at, ends_at) WITH &&),
  constraint duty_shifts_set_by_fkey FOREIGN KEY (set_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint duty_shifts_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint duty_shifts_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint duty_shifts_check CHECK (((ends_at > starts_at) AND (ends_at <= (starts_at + '24:00:00'::interval)))),
  constraint duty_shifts_check1 CHECK (((note_sealed IS NULL) = (noted_at IS NULL)))
);
comment on table public.duty_shifts is 'The duty roster: who is on duty from when to when. Changed by functions only.';
comment on column public.duty_shifts.taken_over_at is 'When the one coming on said so with one tap; up to half an hour early.';
comment on column public.duty_shifts.note_sealed is 'What the one going off leaves to the one coming on, sealed by the portal.';
CREATE INDEX duty_shifts_by_station ON public.duty_shifts USING btree (station_id, ends_at);
alter table public.duty_shifts enable row level security;
create policy "staff read their own station's duty roster" on public.duty_shifts for select to authenticated
  using ((station_id = ( SELECT private.my_station() AS my_station)));
grant select (id, station_id, staff_id, starts_at, ends_at, taken_over_at, noted_at) on public.duty_shifts to authenticated;

create table public.figure_releases (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  period text not null,
  starts_on date not null,
  released_at timestamp with time zone not null,
  constraint figure_releases_pkey PRIMARY KEY (id),
  constraint figure_releases_station_id_period_starts_on_key UNIQUE (station_id, period, starts_on),
  constraint figure_releases_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint figure_releases_period_check CHECK ((period = ANY (ARRAY['month'::text, 'week'::text]))),
  constraint releases_begin_with_their_period CHECK (
CASE period
    WHEN 'month'::text THEN (EXTRACT(day FROM starts_on) = (1)::numeric)
    ELSE (EXTRACT(isodow FROM starts_on) = (1)::numeric)
END)
);
comment on table public.figure_releases is 'A month or week of a station whose figures are out. Each is released once: two releases of the same cases could be subtracted from each other.';
alter table public.figure_releases enable row level security;
create policy "everyone reads what was released" on public.figure_releases for select to anon, authenticated
  using (true);
CREATE TRIGGER figure_releases_are_kept BEFORE DELETE OR UPDATE ON public.figure_releases FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
CREATE TRIGGER figure_releases_are_never_emptied BEFORE TRUNCATE ON public.figure_releases FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();
grant select on table public.figure_releases to anon;
grant select on table public.figure_releases to authenticated;
grant select on table public.figure_releases to service_role;

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
  created_at timestamp with time zone not null default private.clock(),
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
  send_after timestamp with time zone not null default private.clock(),
  message_key uuid not null default gen_random_uuid(),
  leased_by text,
  leased_until timestamp with time zone,
  settled_at timestamp with time zone,
  sent_by public.code_name,
  last_error public.delivery_error,
  matters integer not null default 1,
  chat_hash public.keyed_hash,
  subscription_id uuid,
  priority smallint not null default 4,
  expires_at timestamp with time zone,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  constraint outbox_attempts_check CHECK ((attempts >= 0)),
  constraint outbox_check1 CHECK (((leased_by IS NULL) = (leased_until IS NULL))),
  constraint outbox_is_for_one CHECK ((num_nonnulls(recipient_id, recipient_sealed, subscription_id) = 1)),
  constraint outbox_leased_by_check CHECK (((char_length(leased_by) >= 1) AND (char_length(leased_by) <= 100))),
  constraint outbox_matters_check CHECK ((matters >= 1)),
  constraint outbox_priority_check CHECK (((priority >= 0) AND (priority <= 6)))
);
comment on table public.outbox is 'Messages to send (RULES H1): template, noun and recipient. What is said is resolved when it is sent.';
comment on column public.outbox.send_after is 'Not before this, by the station''s clock: back-off and quiet hours.';
comment on column public.outbox.message_key is 'The same at every attempt: the Message-ID of the mail, by which a receiver knows a duplicate.';
comment on column public.outbox.leased_until is 'Until then leased_by alone may send it; by the machine''s clock, since a lease is about a living process.';
comment on column public.outbox.sent_by is '`smtp`, or `mailbox` on a demo station.';
comment on column public.outbox.matters is 'How many visits the mail is about: those for one recipient are gathered while it waits. More than one has no noun_id.';
comment on column public.outbox.chat_hash is 'Of messages by Telegram: which chat, for order and limits. The chat''s id is sealed or with the link of an account.';
comment on column public.outbox.subscription_id is 'The recipient, where it is a subscription (private.alert_subscriptions). No foreign key: that costs two seconds for 100,000 rows, and what has lost its subscription is not sent.';
comment on column public.outbox.priority is '0: a call to duty. 1: somebody waits for it. 2: red. 3: orange. 4: all else. 5: yellow. 6: blue, tips, notices, solved, drills.';
comment on column public.outbox.expires_at is 'Not sent after this.';
CREATE INDEX outbox_by_recipient ON public.outbox USING btree (recipient_id) WHERE (recipient_id IS NOT NULL);
CREATE INDEX outbox_by_report ON public.outbox USING btree (noun_id) WHERE (noun_id IS NOT NULL);
CREATE INDEX outbox_dead ON public.outbox USING btree (id DESC) WHERE ((status)::text = 'dead'::text);
CREATE INDEX outbox_due ON public.outbox USING btree (channel, priority, send_after, id) WHERE ((status)::text = 'queued'::text);
CREATE INDEX outbox_first ON public.outbox USING btree (noun, send_after, id) WHERE (((status)::text = 'queued'::text) AND ((template)::text = ANY (ARRAY['accounts.code'::text, 'reports.received'::text, 'duty.urgent'::text, 'duty.climbed'::text])));
CREATE INDEX outbox_settled ON public.outbox USING btree (settled_at) WHERE (settled_at IS NOT NULL);
CREATE INDEX outbox_telegram ON public.outbox USING btree (chat_hash, id) WHERE (((channel)::text = 'telegram'::text) AND ((status)::text = 'queued'::text));
alter table public.outbox enable row level security;
CREATE TRIGGER outbox_also_by_telegram BEFORE INSERT ON public.outbox FOR EACH ROW WHEN ((((new.channel)::text = 'email'::text) AND ((new.template)::text = ANY (ARRAY['reports.received'::text, 'reports.status_changed'::text, 'reports.message_received'::text, 'revisits.asked'::text, 'revisits.reminder'::text, 'revisits.asked_again'::text, 'revisits.outcome'::text, 'duty.urgent'::text, 'duty.climbed'::text, 'duty.unopened'::text, 'chat.waiting'::text, 'chat.late'::text, 'alerts.help'::text, 'patrols.decided'::text, 'patrols.offered'::text, 'patrols.changed'::text, 'patrols.cancelled'::text, 'patrols.reminder'::text, 'patrols.locked'::text, 'patrols.swapped'::text])))) EXECUTE FUNCTION private.also_by_telegram();
CREATE TRIGGER outbox_keeps_the_refusal BEFORE INSERT ON public.outbox FOR EACH ROW WHEN ((((new.channel)::text = 'email'::text) AND ((new.recipient_id IS NOT NULL) OR (new.noun = 'reports'::text)))) EXECUTE FUNCTION private.keep_mail_refused();
CREATE TRIGGER outbox_names_the_chat BEFORE INSERT ON public.outbox FOR EACH ROW WHEN (((new.channel)::text = 'telegram'::text)) EXECUTE FUNCTION private.name_the_chat();
grant select on table public.outbox to service_role;

create table public.patrol_checkpoints (
  id uuid not null default gen_random_uuid(),
  route_id uuid not null,
  community_id uuid not null,
  grid_id uuid not null,
  "position" integer not null,
  name jsonb not null,
  is_active boolean not null default true,
  constraint patrol_checkpoints_pkey PRIMARY KEY (id),
  constraint patrol_checkpoints_grid_id_community_id_fkey FOREIGN KEY (grid_id, community_id) REFERENCES public.grids(id, community_id) ON DELETE RESTRICT,
  constraint patrol_checkpoints_route_id_community_id_fkey FOREIGN KEY (route_id, community_id) REFERENCES public.patrol_routes(id, community_id) ON DELETE RESTRICT,
  constraint patrol_checkpoints_name_check CHECK (private.is_text_in_both(name, 1, 80)),
  constraint patrol_checkpoints_position_check CHECK ((("position" >= 1) AND ("position" <= 50)))
);
comment on table public.patrol_checkpoints is 'Where a patrol passes. Its place is a grid and no finer.';
CREATE INDEX patrol_checkpoints_by_grid ON public.patrol_checkpoints USING btree (grid_id, community_id);
CREATE INDEX patrol_checkpoints_by_route ON public.patrol_checkpoints USING btree (route_id, community_id);
CREATE UNIQUE INDEX patrol_checkpoints_in_order ON public.patrol_checkpoints USING btree (route_id, "position") WHERE is_active;
alter table public.patrol_checkpoints enable row level security;

create table public.patrol_routes (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  community_id uuid not null,
  name jsonb not null,
  is_active boolean not null default true,
  constraint patrol_routes_pkey PRIMARY KEY (id),
  constraint patrol_routes_id_community_id_key UNIQUE (id, community_id),
  constraint patrol_routes_community_id_station_id_fkey FOREIGN KEY (community_id, station_id) REFERENCES public.communities(id, station_id) ON DELETE RESTRICT,
  constraint patrol_routes_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint patrol_routes_name_check CHECK (private.is_text_in_both(name, 1, 80))
);
comment on table public.patrol_routes is 'A way through a community with its checkpoints.';
CREATE INDEX patrol_routes_by_community ON public.patrol_routes USING btree (community_id, station_id);
CREATE INDEX patrol_routes_by_station ON public.patrol_routes USING btree (station_id);
alter table public.patrol_routes enable row level security;

create table public.patrol_shifts (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  community_id uuid not null,
  type_code public.code_name not null,
  route_id uuid,
  period tstzrange not null,
  needed smallint not null,
  maximum smallint not null,
  kind public.volunteer_kind not null default 'patroller'::text,
  skill_code public.code_name,
  lead_volunteer_id uuid,
  lead_staff_id uuid,
  state public.patrol_shift_state not null default 'open'::text,
  first_claims_until timestamp with time zone not null,
  sequence integer not null default 0,
  created_at timestamp with time zone not null,
  created_by uuid,
  revised_at timestamp with time zone not null,
  cancelled_reason text,
  series_id uuid,
  series_date date,
  alarmed_at timestamp with time zone,
  constraint patrol_shifts_pkey PRIMARY KEY (id),
  constraint patrol_shifts_id_period_key UNIQUE (id, period),
  constraint patrol_shifts_id_station_id_key UNIQUE (id, station_id),
  constraint patrol_shifts_series_id_series_date_key UNIQUE (series_id, series_date),
  constraint patrol_shifts_community_id_station_id_fkey FOREIGN KEY (community_id, station_id) REFERENCES public.communities(id, station_id) ON DELETE RESTRICT,
  constraint patrol_shifts_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint patrol_shifts_lead_staff_id_fkey FOREIGN KEY (lead_staff_id) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint patrol_shifts_lead_volunteer_id_fkey FOREIGN KEY (lead_volunteer_id) REFERENCES public.volunteers(id) ON DELETE RESTRICT,
  constraint patrol_shifts_route_id_community_id_fkey FOREIGN KEY (route_id, community_id) REFERENCES public.patrol_routes(id, community_id) ON DELETE RESTRICT,
  constraint patrol_shifts_series_id_station_id_fkey FOREIGN KEY (series_id, station_id) REFERENCES public.shift_series(id, station_id) ON DELETE RESTRICT,
  constraint patrol_shifts_skill_code_fkey FOREIGN KEY (skill_code) REFERENCES public.patrol_skills(code) ON DELETE RESTRICT,
  constraint patrol_shifts_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint patrol_shifts_type_code_fkey FOREIGN KEY (type_code) REFERENCES public.shift_types(code) ON DELETE RESTRICT,
  constraint patrol_shifts_cancelled_reason_check CHECK (((cancelled_reason IS NULL) OR (cancelled_reason = 'too_few'::text) OR private.is_plain_text(cancelled_reason, 3, 500, true))),
  constraint patrol_shifts_needed_check CHECK (((needed >= 2) AND (needed <= 30))),
  constraint patrol_shifts_sequence_check CHECK ((sequence >= 0)),
  constraint shifts_are_cancelled_with_a_reason CHECK ((((state)::text = 'cancelled'::text) = (cancelled_reason IS NOT NULL))),
  constraint shifts_have_a_period CHECK ((lower_inc(period) AND (NOT upper_inc(period)) AND (((upper(period) - lower(period)) >= '00:30:00'::interval) AND ((upper(period) - lower(period)) <= '12:00:00'::interval)))),
  constraint shifts_have_one_lead CHECK ((num_nonnulls(lead_volunteer_id, lead_staff_id) <= 1)),
  constraint shifts_have_room CHECK (((maximum >= needed) AND (maximum <= 50))),
  constraint shifts_of_a_series_have_a_day CHECK (((series_id IS NULL) = (series_date IS NULL)))
);
comment on table public.patrol_shifts is 'One patrol at one time. `sequence` and `revised_at` are those of RFC 5545: they rise with what its calendar entry says.';
comment on column public.patrol_shifts.first_claims_until is 'Until then only those with the fewest hours may sign up.';
comment on column public.patrol_shifts.cancelled_reason is '`too_few`: fewer than two at three hours before the start (RULES I1). Otherwise in the words of whoever cancelled it.';
comment on column public.patrol_shifts.alarmed_at is 'When the lead was told that almost nobody comes.';
CREATE INDEX patrol_shifts_by_community ON public.patrol_shifts USING btree (community_id, station_id);
CREATE INDEX patrol_shifts_by_lead ON public.patrol_shifts USING btree (lead_volunteer_id) WHERE (lead_volunteer_id IS NOT NULL);
CREATE INDEX patrol_shifts_by_lead_staff ON public.patrol_shifts USING btree (lead_staff_id) WHERE (lead_staff_id IS NOT NULL);
CREATE INDEX patrol_shifts_by_maker ON public.patrol_shifts USING btree (created_by) WHERE (created_by IS NOT NULL);
CREATE INDEX patrol_shifts_by_route ON public.patrol_shifts USING btree (route_id, community_id) WHERE (route_id IS NOT NULL);
CREATE INDEX patrol_shifts_by_series ON public.patrol_shifts USING btree (series_id, station_id) WHERE (series_id IS NOT NULL);
CREATE INDEX patrol_shifts_by_skill ON public.patrol_shifts USING btree (skill_code) WHERE (skill_code IS NOT NULL);
CREATE INDEX patrol_shifts_by_state ON public.patrol_shifts USING btree (state, lower(period));
CREATE INDEX patrol_shifts_by_station ON public.patrol_shifts USING btree (station_id, lower(period));
CREATE INDEX patrol_shifts_by_type ON public.patrol_shifts USING btree (type_code);
alter table public.patrol_shifts enable row level security;
CREATE TRIGGER patrols_start_with_two BEFORE UPDATE OF state ON public.patrol_shifts FOR EACH ROW WHEN ((((new.state)::text = 'under_way'::text) AND ((old.state)::text <> 'under_way'::text))) EXECUTE FUNCTION private.guard_patrol_start();

create table public.patrol_skills (
  code public.code_name not null,
  name jsonb not null,
  "position" integer not null,
  is_active boolean not null default true,
  constraint patrol_skills_pkey PRIMARY KEY (code),
  constraint patrol_skills_name_check CHECK (private.is_text_in_both(name, 1, 80))
);
comment on table public.patrol_skills is 'What a shift may ask for and a lead confirms: first aid, driving. From supabase/seeds/060-patrols.sql.';
alter table public.patrol_skills enable row level security;

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

create table public.published_figures (
  release_id uuid not null,
  measure text not null,
  scope text not null,
  community_id uuid,
  base integer,
  count integer,
  constraint published_figures_release_id_measure_scope_community_id_key UNIQUE NULLS NOT DISTINCT (release_id, measure, scope, community_id),
  constraint published_figures_community_id_fkey FOREIGN KEY (community_id) REFERENCES public.communities(id) ON DELETE RESTRICT,
  constraint published_figures_release_id_fkey FOREIGN KEY (release_id) REFERENCES public.figure_releases(id) ON DELETE RESTRICT,
  constraint figures_are_controlled CHECK (
CASE
    WHEN (base IS NULL) THEN (count IS NULL)
    ELSE ((base >= 10) AND ((base % 5) = 0) AND ((count IS NULL) OR (((count >= 0) AND (count <= base)) AND ((count % 5) = 0))))
END),
  constraint figures_name_their_community CHECK (((scope = 'community'::text) = (community_id IS NOT NULL))),
  constraint published_figures_measure_check CHECK ((measure = ANY (ARRAY['visits'::text, 'answers'::text, 'recorded'::text, 'silent'::text, 'first_looks'::text, 'decisions'::text]))),
  constraint published_figures_scope_check CHECK ((scope = ANY (ARRAY['station'::text, 'community'::text, 'elsewhere'::text])))
);
comment on table public.published_figures is 'Counts after disclosure control (shared/trust/disclosure-control.ts): rounded to five; null where too few, or where another cell could be computed. Staff see the same (RULES E3).';
CREATE INDEX published_figures_by_community ON public.published_figures USING btree (community_id) WHERE (community_id IS NOT NULL);
alter table public.published_figures enable row level security;
create policy "everyone reads published figures" on public.published_figures for select to anon, authenticated
  using (true);
CREATE TRIGGER published_figures_are_kept BEFORE DELETE OR UPDATE ON public.published_figures FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
CREATE TRIGGER published_figures_are_never_emptied BEFORE TRUNCATE ON public.published_figures FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();
grant select on table public.published_figures to anon;
grant select on table public.published_figures to authenticated;
grant select on table public.published_figures to service_role;

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
  nonce public.hex_256,
  intake public.report_intake not null default 'web'::text,
  taken_by uuid,
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
  constraint reports_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint reports_owner_fits_mode CHECK ((
CASE contact_mode
    WHEN 'anonymous'::text THEN (num_nonnulls(owner_id, owner_hash, contact_sealed, notify_sealed) = 0)
    WHEN 'sealed'::text THEN (owner_id IS NULL)
    ELSE (owner_hash IS NULL)
END AND ((contact_sealed IS NULL) = (contact_key IS NULL)))),
  constraint reports_scope_is_whole CHECK ((((NOT is_about_police) OR ((visibility)::text = 'private'::text)) AND ((grid_id IS NULL) OR (community_id IS NOT NULL)) AND (((intake)::text = 'web'::text) = (taken_by IS NULL)))),
  constraint reports_state_is_whole CHECK (((((status)::text = 'closed'::text) = (closed_reason IS NOT NULL)) AND (((status)::text = ANY (ARRAY['received'::text, 'closed'::text])) OR (accepted_at IS NOT NULL)) AND ((merged_into IS NULL) OR ((merged_into <> id) AND ((status)::text = 'closed'::text) AND ((closed_reason)::text = 'duplicate'::text)))))
);
comment on table public.reports is 'A report. `status` is the one state (RULES D4); accepted = `triaged` with `accepted_at`. Overdue is computed, never stored.';
comment on column public.reports.owner_hash is 'Keyed hash of the account of a sealed report: its owner finds it, a reader of the table does not.';
comment on column public.reports.is_portal_only is 'The reporter wants answers in the portal only: nothing is sent to their account or address (RULES D3).';
comment on column public.reports.is_hidden is 'From a banned sender: accepted, hidden from the inbox, reviewed daily.';
comment on column public.reports.summary is 'Written by the desk, without personal data. The only text the desk search reads.';
comment on column public.reports.nonce is 'Secret half of the leaf (RULES C3). Null once the reporter had the link to them erased: a tombstone in the log says so.';
comment on column public.reports.taken_by is 'Who took it in at the counter or on the phone, on somebody''s behalf. Never its owner (RULES B1).';
CREATE INDEX reports_about_police ON public.reports USING btree (station_id, received_at DESC, id DESC) WHERE is_about_police;
CREATE INDEX reports_by_assignee ON public.reports USING btree (assigned_to, received_at DESC, id DESC) WHERE (assigned_to IS NOT NULL);
CREATE INDEX reports_by_community ON public.reports USING btree (community_id, received_at DESC, id DESC) WHERE (community_id IS NOT NULL);
CREATE INDEX reports_by_owner ON public.reports USING btree (owner_id, received_at DESC) WHERE (owner_id IS NOT NULL);
CREATE INDEX reports_by_owner_hash ON public.reports USING btree (owner_hash, received_at DESC) WHERE (owner_hash IS NOT NULL);
CREATE INDEX reports_by_station ON public.reports USING btree (station_id, received_at DESC, id DESC);
CREATE INDEX reports_by_status ON public.reports USING btree (station_id, status, received_at DESC, id DESC);
CREATE INDEX reports_by_taker ON public.reports USING btree (taken_by, received_at DESC) WHERE (taken_by IS NOT NULL);
CREATE INDEX reports_closed ON public.reports USING btree (closed_at) WHERE (closed_at IS NOT NULL);
CREATE INDEX reports_hidden ON public.reports USING btree (station_id, received_at DESC) WHERE is_hidden;
CREATE INDEX reports_merged ON public.reports USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX reports_nearby ON public.reports USING btree (grid_id, category_code, received_at DESC) WHERE (((visibility)::text = 'public'::text) AND (grid_id IS NOT NULL));
CREATE INDEX reports_without_place ON public.reports USING btree (station_id, received_at DESC, id DESC) WHERE (community_id IS NULL);
alter table public.reports enable row level security;
create policy "residents read their own named reports" on public.reports for select to authenticated
  using ((owner_id = ( SELECT private.actor() AS actor)));
create policy "staff read the reports of their desk" on public.reports for select to authenticated
  using (((station_id = ( SELECT private.my_station() AS my_station)) AND private.may_see(reports.*, ( SELECT private.staff_actor() AS staff_actor))));
CREATE TRIGGER reports_are_left AFTER UPDATE OF owner_id, owner_hash ON public.reports FOR EACH ROW WHEN ((((old.owner_id IS NOT NULL) OR (old.owner_hash IS NOT NULL)) AND (new.owner_id IS NULL) AND (new.owner_hash IS NULL))) EXECUTE FUNCTION private.follow_no_more();
CREATE TRIGGER reports_follow_the_order BEFORE UPDATE OF status ON public.reports FOR EACH ROW WHEN (((old.status)::text IS DISTINCT FROM (new.status)::text)) EXECUTE FUNCTION private.check_report_status();
CREATE TRIGGER reports_keep_erasures AFTER UPDATE OF closed_at ON public.reports FOR EACH ROW WHEN (((new.closed_at IS NOT NULL) AND (old.closed_at IS NULL))) EXECUTE FUNCTION private.detach_when_closed();
CREATE TRIGGER reports_move_the_ladder AFTER UPDATE OF status ON public.reports FOR EACH ROW WHEN (((old.status)::text IS DISTINCT FROM (new.status)::text)) EXECUTE FUNCTION private.move_ladder();
CREATE TRIGGER reports_take_their_notice_back AFTER UPDATE OF status ON public.reports FOR EACH ROW WHEN ((((old.status)::text = ANY (ARRAY['resolved'::text, 'closed'::text])) AND ((new.status)::text = ANY (ARRAY['triaged'::text, 'in_progress'::text])))) EXECUTE FUNCTION private.withdraw_notice_of_reopened();
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
  recorded_answer public.revisit_answer,
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
  constraint revisits_recorded_is_answered CHECK ((((recorded_answer IS NULL) OR (answer IS NOT NULL)) AND ((answered_by IS DISTINCT FROM 'staff'::text) OR ((answer)::text = (recorded_answer)::text)))),
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
grant select (id, report_id, round, step, level, opened_at, visited_at, visited_by, method, topics, informed_at, reminded_at, no_reply_at, answer, answered_at, answered_by, recorded_answer, asked_again_at, stopped_at) on public.revisits to authenticated;

create table public.shift_places (
  id uuid not null default gen_random_uuid(),
  shift_id uuid not null,
  volunteer_id uuid not null,
  period tstzrange not null,
  state public.shift_place_state not null,
  is_trainee boolean not null,
  queue bigint not null default nextval('private.shift_queue'::regclass),
  offered_until timestamp with time zone,
  signed_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  attended_at timestamp with time zone,
  reminded_day_at timestamp with time zone,
  reminded_hours_at timestamp with time zone,
  changes integer not null default 0,
  changed_at timestamp with time zone not null,
  constraint shift_places_pkey PRIMARY KEY (id),
  constraint shift_places_id_volunteer_id_key UNIQUE (id, volunteer_id),
  constraint places_never_overlap EXCLUDE USING gist (volunteer_id WITH =, period WITH &&) WHERE (((state)::text = ANY (ARRAY['confirmed'::text, 'offered'::text]))),
  constraint shift_places_shift_id_period_fkey FOREIGN KEY (shift_id, period) REFERENCES public.patrol_shifts(id, period) ON UPDATE CASCADE ON DELETE RESTRICT,
  constraint shift_places_volunteer_id_fkey FOREIGN KEY (volunteer_id) REFERENCES public.volunteers(id) ON DELETE RESTRICT,
  constraint places_attended_were_held CHECK (((attended_at IS NULL) OR ((state)::text = 'confirmed'::text))),
  constraint places_offered_until_a_time CHECK ((((state)::text = 'offered'::text) = (offered_until IS NOT NULL))),
  constraint shift_places_changes_check CHECK ((changes >= 0))
);
comment on table public.shift_places is 'Who has, awaits or had which place. One row for each signing up; what ended stays.';
comment on column public.shift_places.period is 'That of the shift, for the constraint.';
comment on column public.shift_places.queue is 'The order of signing up: the waiting list follows it.';
comment on column public.shift_places.changes is 'Rises with each change of the state; a trigger keeps it.';
CREATE INDEX shift_places_by_shift ON public.shift_places USING btree (shift_id, state, queue);
CREATE INDEX shift_places_by_time ON public.shift_places USING btree (lower(period)) WHERE ((state)::text = 'confirmed'::text);
CREATE INDEX shift_places_by_volunteer ON public.shift_places USING btree (volunteer_id, state);
CREATE INDEX shift_places_offered ON public.shift_places USING btree (offered_until) WHERE ((state)::text = 'offered'::text);
CREATE UNIQUE INDEX shift_places_one_each ON public.shift_places USING btree (shift_id, volunteer_id) WHERE ((state)::text = ANY (ARRAY['confirmed'::text, 'waiting'::text, 'offered'::text]));
alter table public.shift_places enable row level security;
CREATE TRIGGER places_settle_attendance BEFORE UPDATE ON public.shift_places FOR EACH ROW WHEN (((old.attended_at IS DISTINCT FROM new.attended_at) OR ((old.state)::text <> (new.state)::text))) EXECUTE FUNCTION private.settle_attendance();
CREATE TRIGGER shift_places_are_never_overbooked BEFORE INSERT OR UPDATE OF state ON public.shift_places FOR EACH ROW EXECUTE FUNCTION private.guard_place();
CREATE TRIGGER shift_places_count_their_changes BEFORE INSERT OR UPDATE OF state ON public.shift_places FOR EACH ROW EXECUTE FUNCTION private.count_place_changes();

create table public.shift_series (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  community_id uuid not null,
  type_code public.code_name not null,
  route_id uuid,
  weekdays smallint[] not null,
  starts_at_local time without time zone not null,
  duration_minutes integer not null,
  from_on date not null,
  until_on date not null,
  exceptions date[] not null default '{}'::date[],
  needed smallint not null,
  maximum smallint not null,
  kind public.volunteer_kind not null default 'patroller'::text,
  skill_code public.code_name,
  created_by uuid not null,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint shift_series_pkey PRIMARY KEY (id),
  constraint shift_series_id_station_id_key UNIQUE (id, station_id),
  constraint shift_series_community_id_station_id_fkey FOREIGN KEY (community_id, station_id) REFERENCES public.communities(id, station_id) ON DELETE RESTRICT,
  constraint shift_series_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint shift_series_route_id_community_id_fkey FOREIGN KEY (route_id, community_id) REFERENCES public.patrol_routes(id, community_id) ON DELETE RESTRICT,
  constraint shift_series_skill_code_fkey FOREIGN KEY (skill_code) REFERENCES public.patrol_skills(code) ON DELETE RESTRICT,
  constraint shift_series_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint shift_series_type_code_fkey FOREIGN KEY (type_code) REFERENCES public.shift_types(code) ON DELETE RESTRICT,
  constraint series_end_after_they_begin CHECK (((until_on >= from_on) AND (until_on <= (from_on + 400)))),
  constraint series_have_room CHECK (((maximum >= needed) AND (maximum <= 50))),
  constraint shift_series_duration_minutes_check CHECK (((duration_minutes >= 30) AND (duration_minutes <= 720))),
  constraint shift_series_exceptions_check CHECK ((cardinality(exceptions) <= 200)),
  constraint shift_series_needed_check CHECK (((needed >= 2) AND (needed <= 30))),
  constraint shift_series_weekdays_check CHECK ((((cardinality(weekdays) >= 1) AND (cardinality(weekdays) <= 7)) AND (weekdays <@ ARRAY[(1)::smallint, (2)::smallint, (3)::smallint, (4)::smallint, (5)::smallint, (6)::smallint, (7)::smallint])))
);
comment on table public.shift_series is 'A weekly rule, by the clock on the station''s wall (RFC 5545: RRULE weekly, BYDAY, UNTIL, EXDATE); a job writes its shifts 28 days ahead.';
CREATE INDEX shift_series_by_community ON public.shift_series USING btree (community_id, station_id);
CREATE INDEX shift_series_by_maker ON public.shift_series USING btree (created_by);
CREATE INDEX shift_series_by_route ON public.shift_series USING btree (route_id, community_id) WHERE (route_id IS NOT NULL);
CREATE INDEX shift_series_by_skill ON public.shift_series USING btree (skill_code) WHERE (skill_code IS NOT NULL);
CREATE INDEX shift_series_by_type ON public.shift_series USING btree (type_code);
CREATE INDEX shift_series_open ON public.shift_series USING btree (station_id) WHERE (ended_at IS NULL);
alter table public.shift_series enable row level security;

create table public.shift_swaps (
  id uuid not null default gen_random_uuid(),
  place_id uuid not null,
  to_volunteer_id uuid,
  state public.shift_swap_state not null default 'asked'::text,
  asked_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  decided_at timestamp with time zone,
  decided_by uuid,
  constraint shift_swaps_pkey PRIMARY KEY (id),
  constraint shift_swaps_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint shift_swaps_place_id_fkey FOREIGN KEY (place_id) REFERENCES public.shift_places(id) ON DELETE RESTRICT,
  constraint shift_swaps_to_volunteer_id_fkey FOREIGN KEY (to_volunteer_id) REFERENCES public.volunteers(id) ON DELETE RESTRICT,
  constraint swaps_accepted_have_a_taker CHECK ((((state)::text <> ALL (ARRAY['accepted'::text, 'approved'::text])) OR (to_volunteer_id IS NOT NULL))),
  constraint swaps_are_decided_by_somebody CHECK ((((state)::text <> 'approved'::text) OR (num_nonnulls(decided_at, decided_by) = 2)))
);
comment on table public.shift_swaps is 'A place handed to another volunteer: asked, accepted by whoever was given the link, approved by a lead. Nobody has to know a list of names.';
CREATE INDEX shift_swaps_by_decider ON public.shift_swaps USING btree (decided_by) WHERE (decided_by IS NOT NULL);
CREATE INDEX shift_swaps_by_place ON public.shift_swaps USING btree (place_id);
CREATE INDEX shift_swaps_by_volunteer ON public.shift_swaps USING btree (to_volunteer_id, state);
CREATE UNIQUE INDEX shift_swaps_one_open ON public.shift_swaps USING btree (place_id) WHERE ((state)::text = ANY (ARRAY['asked'::text, 'accepted'::text]));
alter table public.shift_swaps enable row level security;
CREATE TRIGGER swaps_are_of_places_to_come BEFORE INSERT ON public.shift_swaps FOR EACH ROW EXECUTE FUNCTION private.guard_swap();

create table public.shift_types (
  code public.code_name not null,
  name jsonb not null,
  "position" integer not null,
  is_active boolean not null default true,
  constraint shift_types_pkey PRIMARY KEY (code),
  constraint shift_types_name_check CHECK (private.is_text_in_both(name, 1, 80))
);
comment on table public.shift_types is 'What a shift is for: on foot, at a school gate, by a fire lane. From supabase/seeds/060-patrols.sql.';
alter table public.shift_types enable row level security;

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
CREATE TRIGGER staff_are_not_verified AFTER INSERT OR UPDATE OF is_active ON public.staff FOR EACH ROW WHEN (new.is_active) EXECUTE FUNCTION private.end_verification_of_staff();
CREATE TRIGGER staff_keep_the_station_led BEFORE UPDATE OF role, is_active ON public.staff FOR EACH ROW EXECUTE FUNCTION private.keep_station_led();
grant select on table public.staff to authenticated;
grant select on table public.staff to service_role;

create table public.staff_proposals (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  kind text not null,
  subject_id uuid,
  invitation_id uuid,
  role public.staff_role,
  reason text not null,
  proposed_by uuid not null,
  proposed_at timestamp with time zone not null,
  decision text,
  decided_by uuid,
  decided_at timestamp with time zone,
  constraint staff_proposals_pkey PRIMARY KEY (id),
  constraint staff_proposals_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint staff_proposals_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES private.staff_invitations(id) ON DELETE RESTRICT,
  constraint staff_proposals_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint staff_proposals_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint staff_proposals_subject_id_fkey FOREIGN KEY (subject_id) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint proposals_decision_is_whole CHECK (((num_nonnulls(decision, decided_at) = ANY (ARRAY[0, 2])) AND ((decided_by IS NOT NULL) = (COALESCE(decision, 'lapsed'::text) <> 'lapsed'::text)))),
  constraint proposals_need_two_people CHECK (((decision IS DISTINCT FROM 'confirmed'::text) OR (decided_by <> proposed_by))),
  constraint proposals_never_for_oneself CHECK (((subject_id IS NULL) OR ((proposed_by <> subject_id) AND ((decision IS DISTINCT FROM 'confirmed'::text) OR (decided_by <> subject_id))))),
  constraint proposals_say_what CHECK ((((invitation_id IS NOT NULL) = (kind = 'invite'::text)) AND ((subject_id IS NULL) = (kind = 'invite'::text)) AND ((role IS NOT NULL) = (kind = ANY (ARRAY['invite'::text, 'change_role'::text]))))),
  constraint staff_proposals_decision_check CHECK ((decision = ANY (ARRAY['confirmed'::text, 'refused'::text, 'withdrawn'::text, 'lapsed'::text]))),
  constraint staff_proposals_kind_check CHECK ((kind = ANY (ARRAY['invite'::text, 'change_role'::text, 'deactivate'::text, 'reactivate'::text, 'reset_second_factor'::text]))),
  constraint staff_proposals_reason_check CHECK (((char_length(btrim(reason)) >= 2) AND (char_length(btrim(reason)) <= 500)))
);
comment on table public.staff_proposals is 'What an administrator proposes about a person and a chief confirms or refuses (RULES A5). Kept for good: the auditor reads who got which right, from whom and why.';
CREATE INDEX staff_proposals_by_invitation ON public.staff_proposals USING btree (invitation_id) WHERE (invitation_id IS NOT NULL);
CREATE INDEX staff_proposals_by_station ON public.staff_proposals USING btree (station_id, proposed_at DESC);
CREATE UNIQUE INDEX staff_proposals_one_open ON public.staff_proposals USING btree (subject_id, kind) WHERE ((decision IS NULL) AND (subject_id IS NOT NULL));
alter table public.staff_proposals enable row level security;
create policy "chief, admin and auditor read their station's proposals" on public.staff_proposals for select to authenticated
  using (((station_id = ( SELECT private.my_station() AS my_station)) AND (( SELECT (private.staff_actor()).role AS role) = ANY (ARRAY['chief'::text, 'admin'::text, 'auditor'::text]))));
CREATE TRIGGER staff_proposals_are_decided_once BEFORE DELETE OR UPDATE ON public.staff_proposals FOR EACH ROW EXECUTE FUNCTION private.keep_proposal();
grant select on table public.staff_proposals to authenticated;

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
  emergency_numbers jsonb,
  chat_hours jsonb not null default '{"to": "18:00", "days": "working", "from": "09:00"}'::jsonb,
  alert_issuer text,
  constraint stations_pkey PRIMARY KEY (id),
  constraint stations_slug_key UNIQUE (slug),
  constraint stations_address_check CHECK (((address IS NULL) OR (address ?& ARRAY['zh'::text, 'en'::text]))),
  constraint stations_alert_issuer_check CHECK ((alert_issuer ~ '^[0-9]{14}$'::text)),
  constraint stations_chat_hours_check CHECK (private.are_chat_hours(chat_hours)),
  constraint stations_emergency_numbers CHECK (((emergency_numbers IS NULL) OR private.are_emergency_numbers(emergency_numbers))),
  constraint stations_name_check CHECK ((name ?& ARRAY['zh'::text, 'en'::text]))
);
comment on table public.stations is 'A police station (派出所). One of them is the public face of this installation.';
comment on column public.stations.day_counting is 'Whether "within 3 days" counts every day or working days (RULES D1).';
comment on column public.stations.emergency_numbers is 'Whom to call in an emergency {police, fire, medical, traffic}; null: the setting EMERGENCY_NUMBERS holds.';
comment on column public.stations.chat_hours is 'When colleagues answer in the chat, by the clock on the station''s wall.';
comment on column public.stations.alert_issuer is 'The 14 digits of the issuer by GB/T 35965.1, given to the station by its authority. Null: none.';
CREATE UNIQUE INDEX stations_one_default ON public.stations USING btree (is_default) WHERE is_default;
alter table public.stations enable row level security;
create policy "everyone reads stations" on public.stations for select to anon, authenticated
  using (true);
grant select on table public.stations to anon;
grant select on table public.stations to authenticated;
grant select on table public.stations to service_role;

create table public.volunteer_skills (
  volunteer_id uuid not null,
  skill_code public.code_name not null,
  confirmed_by uuid not null,
  confirmed_at timestamp with time zone not null,
  until_on date,
  constraint volunteer_skills_pkey PRIMARY KEY (volunteer_id, skill_code),
  constraint volunteer_skills_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint volunteer_skills_skill_code_fkey FOREIGN KEY (skill_code) REFERENCES public.patrol_skills(code) ON DELETE RESTRICT,
  constraint volunteer_skills_volunteer_id_fkey FOREIGN KEY (volunteer_id) REFERENCES public.volunteers(id) ON DELETE CASCADE
);
comment on table public.volunteer_skills is 'What somebody can do, as a lead confirmed it.';
CREATE INDEX volunteer_skills_by_confirmer ON public.volunteer_skills USING btree (confirmed_by);
CREATE INDEX volunteer_skills_by_skill ON public.volunteer_skills USING btree (skill_code);
alter table public.volunteer_skills enable row level security;

create table public.volunteer_steps (
  id bigint not null generated always as identity,
  volunteer_id uuid not null,
  at timestamp with time zone not null,
  from_state public.volunteer_state,
  to_state public.volunteer_state not null,
  act public.code_name not null,
  actor_id uuid,
  note text,
  constraint volunteer_steps_pkey PRIMARY KEY (id),
  constraint volunteer_steps_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint volunteer_steps_volunteer_id_fkey FOREIGN KEY (volunteer_id) REFERENCES public.volunteers(id) ON DELETE RESTRICT,
  constraint volunteer_steps_note_check CHECK (((note IS NULL) OR private.is_plain_text(note, 1, 1000, true)))
);
comment on table public.volunteer_steps is 'Each decision about a volunteer, by whom and why. Without an actor: the volunteer''s own act. Rows are only added, and go with their volunteer after its term.';
CREATE INDEX volunteer_steps_by_actor ON public.volunteer_steps USING btree (actor_id) WHERE (actor_id IS NOT NULL);
CREATE INDEX volunteer_steps_by_volunteer ON public.volunteer_steps USING btree (volunteer_id, id);
alter table public.volunteer_steps enable row level security;
CREATE TRIGGER volunteer_steps_are_append_only BEFORE UPDATE ON public.volunteer_steps FOR EACH ROW EXECUTE FUNCTION private.refuse_change();

create table public.volunteers (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  community_id uuid not null,
  user_id uuid,
  kinds public.volunteer_kind[] not null,
  state public.volunteer_state not null default 'applied'::text,
  availability jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  reviewed_by uuid,
  refused_reason text,
  appealed_at timestamp with time zone,
  suspended_until timestamp with time zone,
  suspended_from public.volunteer_state,
  trainee_shifts_done integer not null default 0,
  locked_at timestamp with time zone,
  no_shows_from timestamp with time zone not null,
  constraint volunteers_pkey PRIMARY KEY (id),
  constraint volunteers_id_station_id_key UNIQUE (id, station_id),
  constraint volunteers_user_id_key UNIQUE (user_id),
  constraint volunteers_community_id_station_id_fkey FOREIGN KEY (community_id, station_id) REFERENCES public.communities(id, station_id) ON DELETE RESTRICT,
  constraint volunteers_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint volunteers_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint volunteers_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE SET NULL,
  constraint volunteers_availability_check CHECK (((jsonb_typeof(availability) = 'object'::text) AND (length((availability)::text) <= 1000))),
  constraint volunteers_kinds_check CHECK (((cardinality(kinds) >= 1) AND (cardinality(kinds) <= 4))),
  constraint volunteers_refused_reason_check CHECK (((refused_reason IS NULL) OR private.is_plain_text(refused_reason, 3, 500, true))),
  constraint volunteers_refused_with_a_reason CHECK ((((state)::text <> 'refused'::text) OR (refused_reason IS NOT NULL))),
  constraint volunteers_suspended_from_check CHECK (((suspended_from)::text = ANY (ARRAY['enrolled'::text, 'active'::text]))),
  constraint volunteers_suspended_from_somewhere CHECK ((((state)::text = 'suspended'::text) = (suspended_from IS NOT NULL))),
  constraint volunteers_trainee_shifts_done_check CHECK ((trainee_shifts_done >= 0))
);
comment on table public.volunteers is 'Residents on the roster, or on their way there. Erased ones keep their row without the account: their shifts took place.';
comment on column public.volunteers.availability is 'Weekday (1 to 7) → parts of the day: {"6": ["evening", "night"]}. Says when to ask; it keeps nobody from a shift.';
comment on column public.volunteers.reviewed_by is 'Who reviewed the application for the station: the assessment is another person''s.';
comment on column public.volunteers.locked_at is 'After two shifts without coming: no signing up by oneself until a lead unlocks.';
comment on column public.volunteers.no_shows_from is 'Shifts missed before this count no more.';
CREATE INDEX volunteers_by_community ON public.volunteers USING btree (community_id, station_id);
CREATE INDEX volunteers_by_reviewer ON public.volunteers USING btree (reviewed_by) WHERE (reviewed_by IS NOT NULL);
CREATE INDEX volunteers_by_station ON public.volunteers USING btree (station_id, state, changed_at DESC);
alter table public.volunteers enable row level security;
CREATE TRIGGER volunteers_erased_order_nothing AFTER UPDATE OF user_id ON public.volunteers FOR EACH ROW WHEN (((old.user_id IS NOT NULL) AND (new.user_id IS NULL))) EXECUTE FUNCTION private.cancel_orders_erased();
CREATE TRIGGER volunteers_take_their_feed AFTER UPDATE OF user_id ON public.volunteers FOR EACH ROW WHEN ((new.user_id IS NULL)) EXECUTE FUNCTION private.forget_feed();

create table private.account_erasures (
  user_id uuid not null,
  asked_at timestamp with time zone not null,
  constraint account_erasures_pkey PRIMARY KEY (user_id),
  constraint account_erasures_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
);
comment on table private.account_erasures is 'Erasures whose last step, the row at Supabase Auth, is still to come: gone a moment later, unless the server died between.';
alter table private.account_erasures enable row level security;
CREATE TRIGGER erasures_end_links AFTER INSERT ON private.account_erasures FOR EACH ROW EXECUTE FUNCTION private.unlink_erased();
CREATE TRIGGER erasures_forget_corrections AFTER INSERT ON private.account_erasures FOR EACH ROW EXECUTE FUNCTION private.forget_corrections();
CREATE TRIGGER erasures_leave_the_roster AFTER INSERT ON private.account_erasures FOR EACH ROW EXECUTE FUNCTION private.leave_roster_erased();

create table private.alert_audience (
  alert_id uuid not null,
  subscription_id uuid not null,
  channel public.delivery_channel not null,
  community_id uuid,
  outbox_id bigint not null,
  outcome public.delivery_status,
  constraint alert_audience_pkey PRIMARY KEY (alert_id, subscription_id)
);
comment on table private.alert_audience is 'Who is told of a message, each once. community_id: through which of the places they named, null for the whole station.';
comment on column private.alert_audience.alert_id is 'No foreign keys here: alerts are never deleted, whoever lost their subscription only counts, and 200,000 checks take more than a second of a publication.';
comment on column private.alert_audience.outbox_id is 'Its row of the outbox. No foreign key: rows of the outbox go sooner, and then `outcome` says how it ended.';
CREATE INDEX alert_audience_by_subscription ON private.alert_audience USING btree (subscription_id);
alter table private.alert_audience enable row level security;

create table private.alert_expansions (
  alert_id uuid not null,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  priority smallint not null default 4,
  at_number bigint not null default 0,
  people integer not null default 0,
  constraint alert_expansions_pkey PRIMARY KEY (alert_id),
  constraint alert_expansions_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES public.alerts(id) ON DELETE RESTRICT
);
comment on table private.alert_expansions is 'Published messages whose audience is to be written out, committed together with the publication.';
comment on column private.alert_expansions.at_number is 'Up to which subscription the audience is written out.';
CREATE INDEX alert_expansions_open ON private.alert_expansions USING btree (priority, created_at) WHERE (finished_at IS NULL);
alter table private.alert_expansions enable row level security;

create table private.alert_responses (
  id uuid not null default gen_random_uuid(),
  alert_id uuid not null,
  kind text not null,
  who_hash public.keyed_hash not null,
  community_id uuid,
  channel text not null,
  locale public.locale_code not null,
  words_sealed public.sealed_text[] not null default '{}'::public.sealed_text[],
  at timestamp with time zone not null,
  handled_at timestamp with time zone,
  handled_by uuid,
  constraint alert_responses_pkey PRIMARY KEY (id),
  constraint alert_responses_alert_id_kind_who_hash_key UNIQUE (alert_id, kind, who_hash),
  constraint alert_responses_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES public.alerts(id) ON DELETE RESTRICT,
  constraint alert_responses_community_id_fkey FOREIGN KEY (community_id) REFERENCES public.communities(id) ON DELETE RESTRICT,
  constraint alert_responses_handled_by_fkey FOREIGN KEY (handled_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint alert_responses_channel_check CHECK ((channel = ANY (ARRAY['web'::text, 'email'::text, 'webpush'::text, 'telegram'::text]))),
  constraint alert_responses_check CHECK ((num_nonnulls(handled_at, handled_by) = ANY (ARRAY[0, 2]))),
  constraint alert_responses_kind_check CHECK ((kind = ANY (ARRAY['seen'::text, 'safe'::text, 'help'::text, 'know'::text]))),
  constraint alert_responses_words_sealed_check CHECK ((cardinality(words_sealed) <= 20)),
  constraint responses_are_read_where_somebody_waits CHECK (((kind = ANY (ARRAY['help'::text, 'know'::text])) OR ((words_sealed = '{}'::public.sealed_text[]) AND (handled_at IS NULL))))
);
comment on table private.alert_responses is 'One answer of each kind from each who was told, or who read the page. who_hash: keyed, of a subscription, a chat or a cookie; nobody reads it.';
comment on column private.alert_responses.community_id is 'Where they are, if that is one of the message''s communities.';
comment on column private.alert_responses.words_sealed is 'What they said, in the order they said it: who waits for help has more to say.';
CREATE INDEX alert_responses_at_the_desk ON private.alert_responses USING btree (at DESC, id) WHERE (kind = ANY (ARRAY['help'::text, 'know'::text]));
CREATE INDEX alert_responses_by_age ON private.alert_responses USING btree (at);
alter table private.alert_responses enable row level security;

create table private.alert_subscriptions (
  id uuid not null,
  number bigint not null generated always as identity,
  station_id uuid not null,
  channel public.delivery_channel not null,
  state text not null,
  token_hash public.keyed_hash not null,
  token_sealed public.sealed_text,
  handle_hash public.keyed_hash,
  handle_sealed public.sealed_text,
  chat_hash public.keyed_hash,
  user_id uuid,
  locale public.locale_code not null,
  community_ids uuid[] not null default '{}'::uuid[],
  grid_ids uuid[] not null default '{}'::uuid[],
  kinds text[] not null,
  min_colour public.alert_colour not null default 'blue'::text,
  quiet_from time without time zone,
  quiet_to time without time zone,
  orange_passes boolean not null default true,
  confirm_hash public.keyed_hash,
  confirm_until timestamp with time zone,
  created_at timestamp with time zone not null,
  active_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_by public.code_name,
  constraint alert_subscriptions_pkey PRIMARY KEY (id),
  constraint alert_subscriptions_confirm_hash_key UNIQUE (confirm_hash),
  constraint alert_subscriptions_number_key UNIQUE (number),
  constraint alert_subscriptions_token_hash_key UNIQUE (token_hash),
  constraint alert_subscriptions_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint alert_subscriptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  constraint alert_subscriptions_kinds_check CHECK (((cardinality(kinds) > 0) AND (kinds <@ ARRAY['warning'::text, 'tip'::text, 'solved'::text, 'notice'::text]))),
  constraint alert_subscriptions_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'active'::text, 'ended'::text]))),
  constraint subscriptions_are_quiet_for_a_while CHECK (((num_nonnulls(quiet_from, quiet_to) = ANY (ARRAY[0, 2])) AND (quiet_from <> quiet_to))),
  constraint subscriptions_by_chat_name_it CHECK (((state = 'ended'::text) OR (((channel)::text = 'telegram'::text) = (chat_hash IS NOT NULL)))),
  constraint subscriptions_forget_when_they_end CHECK (
CASE
    WHEN (state = 'ended'::text) THEN ((num_nonnulls(token_sealed, handle_hash, handle_sealed, chat_hash, user_id, confirm_hash) = 0) AND (ended_at IS NOT NULL) AND (ended_by IS NOT NULL))
    ELSE ((num_nulls(token_sealed, handle_hash, handle_sealed) = 0) AND (num_nonnulls(ended_at, ended_by) = 0))
END),
  constraint subscriptions_wait_for_a_while CHECK (((state = 'pending'::text) <= ((confirm_hash IS NOT NULL) AND (confirm_until IS NOT NULL))))
);
comment on table private.alert_subscriptions is 'Who wants which alerts, by which way. No account is needed: a token, known to whoever subscribed, changes and ends it. No place named: the whole station.';
comment on column private.alert_subscriptions.number is 'The order in which an audience is written out.';
comment on column private.alert_subscriptions.handle_hash is 'The same handle is told once. The server has the key.';
comment on column private.alert_subscriptions.handle_sealed is 'Where to send: an address, a browser''s push subscription, a chat. Goes when the subscription ends.';
comment on column private.alert_subscriptions.orange_passes is 'Whether orange warnings come in quiet hours; red ones always do.';
CREATE UNIQUE INDEX alert_subscriptions_asked_once ON private.alert_subscriptions USING btree (channel, handle_hash) WHERE (state = 'pending'::text);
CREATE INDEX alert_subscriptions_by_user ON private.alert_subscriptions USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX alert_subscriptions_ended ON private.alert_subscriptions USING btree (ended_at) WHERE (state = 'ended'::text);
CREATE INDEX alert_subscriptions_in_order ON private.alert_subscriptions USING btree (station_id, number) WHERE (state = 'active'::text);
CREATE UNIQUE INDEX alert_subscriptions_once ON private.alert_subscriptions USING btree (channel, handle_hash) WHERE (state = 'active'::text);
CREATE INDEX alert_subscriptions_waiting ON private.alert_subscriptions USING btree (confirm_until) WHERE (state = 'pending'::text);
alter table private.alert_subscriptions enable row level security;

create table private.article_texts (
  version_id uuid not null,
  locale public.locale_code not null,
  title text not null,
  summary text not null,
  ask text[] not null default '{}'::text[],
  body text not null,
  constraint article_texts_pkey PRIMARY KEY (version_id, locale),
  constraint article_texts_version_id_fkey FOREIGN KEY (version_id) REFERENCES private.article_versions(id) ON DELETE RESTRICT,
  constraint article_texts_ask_check CHECK (((cardinality(ask) <= 60) AND (array_position(ask, NULL::text) IS NULL))),
  constraint article_texts_body_check CHECK (((char_length(body) >= 1) AND (char_length(body) <= 8000))),
  constraint article_texts_summary_check CHECK (((char_length(summary) >= 1) AND (char_length(summary) <= 240))),
  constraint article_texts_title_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 100)))
);
comment on table private.article_texts is 'One version in one language. ask: how people put the question; the chatbot finds the article by these lines. body: Markdown without HTML.';
alter table private.article_texts enable row level security;
CREATE TRIGGER article_texts_are_append_only BEFORE DELETE OR UPDATE ON private.article_texts FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
CREATE TRIGGER article_texts_are_never_emptied BEFORE TRUNCATE ON private.article_texts FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();

create table private.article_versions (
  id uuid not null default gen_random_uuid(),
  slug public.slug not null,
  number integer not null,
  made_at timestamp with time zone not null,
  made_by uuid,
  topic public.article_topic not null,
  related text[] not null default '{}'::text[],
  reviewed_on date not null,
  restored_from integer,
  constraint article_versions_pkey PRIMARY KEY (id),
  constraint article_versions_slug_number_key UNIQUE (slug, number),
  constraint article_versions_made_by_fkey FOREIGN KEY (made_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint article_versions_slug_fkey FOREIGN KEY (slug) REFERENCES private.articles(slug) ON DELETE RESTRICT,
  constraint article_versions_check CHECK ((restored_from < number)),
  constraint article_versions_number_check CHECK ((number >= 1)),
  constraint article_versions_related_check CHECK ((cardinality(related) <= 8))
);
comment on table private.article_versions is 'Each time somebody saved an article, all of it. made_by null: shipped with Linli. Only ever added to.';
comment on column private.article_versions.reviewed_on is 'On which day somebody last stood for its being right.';
CREATE INDEX article_versions_by_staff ON private.article_versions USING btree (made_by) WHERE (made_by IS NOT NULL);
alter table private.article_versions enable row level security;
CREATE TRIGGER article_versions_are_append_only BEFORE DELETE OR UPDATE ON private.article_versions FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
CREATE TRIGGER article_versions_are_never_emptied BEFORE TRUNCATE ON private.article_versions FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();

create table private.articles (
  slug public.slug not null,
  "position" integer not null,
  published_number integer,
  published_at timestamp with time zone,
  published_by uuid,
  constraint articles_pkey PRIMARY KEY (slug),
  constraint articles_published_by_fkey FOREIGN KEY (published_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint articles_check CHECK (((published_number IS NULL) = (published_at IS NULL))),
  constraint articles_slug_check CHECK ((char_length((slug)::text) <= 60))
);
comment on table private.articles is 'Articles of the knowledge base, the same for the whole installation. published_number null: residents do not see it.';
comment on column private.articles.published_by is 'Null: as it came with Linli.';
alter table private.articles enable row level security;

create table private.bot_chats (
  chat_hash public.keyed_hash not null,
  is_group boolean not null default false,
  next_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  blocked_at timestamp with time zone,
  seen_at timestamp with time zone not null default now(),
  constraint bot_chats_pkey PRIMARY KEY (chat_hash)
);
comment on table private.bot_chats is 'What sending to a chat has to know: the earliest moment of the next message, and whether the bot was blocked there. By the machine''s clock: Telegram counts real seconds.';
CREATE INDEX bot_chats_by_age ON private.bot_chats USING btree (seen_at);
alter table private.bot_chats enable row level security;

create table private.bot_messages (
  chat_hash public.keyed_hash not null,
  message_id bigint not null,
  at timestamp with time zone not null default now(),
  constraint bot_messages_pkey PRIMARY KEY (chat_hash, message_id)
);
comment on table private.bot_messages is 'Numbers of messages that the bot may still delete when somebody asks for it (/exit): its own and incoming ones of the last 48 hours.';
CREATE INDEX bot_messages_by_age ON private.bot_messages USING btree (at);
alter table private.bot_messages enable row level security;

create table private.bot_pace (
  is_only boolean not null default true,
  next_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  refused_in_row integer not null default 0,
  constraint bot_pace_pkey PRIMARY KEY (is_only),
  constraint bot_pace_is_only_check CHECK (is_only)
);
comment on table private.bot_pace is 'One row: when the bot may send next, to whomever. refused_in_row: 429s since a message was last taken.';
alter table private.bot_pace enable row level security;

create table private.bot_updates (
  update_hash public.keyed_hash not null,
  previous_hash public.keyed_hash,
  chat_hash public.keyed_hash not null,
  place bigint,
  body_sealed public.sealed_text,
  received_at timestamp with time zone not null default clock_timestamp(),
  try_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  handled_at timestamp with time zone,
  attempts integer not null default 0,
  leased_by text,
  leased_until timestamp with time zone,
  constraint bot_updates_pkey PRIMARY KEY (update_hash),
  constraint bot_updates_attempts_check CHECK ((attempts >= 0)),
  constraint bot_updates_check CHECK ((num_nonnulls(leased_by, leased_until) = ANY (ARRAY[0, 2]))),
  constraint bot_updates_leased_by_check CHECK (((char_length(leased_by) >= 1) AND (char_length(leased_by) <= 100))),
  constraint updates_keep_nothing_handled CHECK ((((handled_at IS NULL) = (body_sealed IS NOT NULL)) AND ((handled_at IS NULL) = (place IS NOT NULL))))
);
comment on table private.bot_updates is 'What came from Telegram (RULES H1). Body and number go when it is handled; the hash of the number stays 48 hours, so that a repeat is known.';
comment on column private.bot_updates.previous_hash is 'Hash of the number before it: while that one is missing an update waits a quarter of a second, since it may have overtaken it.';
CREATE INDEX bot_updates_handled ON private.bot_updates USING btree (handled_at) WHERE (handled_at IS NOT NULL);
CREATE INDEX bot_updates_waiting ON private.bot_updates USING btree (chat_hash, place) WHERE (handled_at IS NULL);
alter table private.bot_updates enable row level security;

create table private.calendar_feeds (
  volunteer_id uuid not null,
  feed_id uuid not null default gen_random_uuid(),
  token_hash public.keyed_hash,
  created_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  last_read_on date,
  constraint calendar_feeds_pkey PRIMARY KEY (volunteer_id),
  constraint calendar_feeds_feed_id_key UNIQUE (feed_id),
  constraint calendar_feeds_token_hash_key UNIQUE (token_hash),
  constraint calendar_feeds_volunteer_id_fkey FOREIGN KEY (volunteer_id) REFERENCES public.volunteers(id) ON DELETE CASCADE,
  constraint feeds_are_open_or_revoked CHECK (((token_hash IS NULL) = (revoked_at IS NOT NULL)))
);
comment on table private.calendar_feeds is 'The address of a calendar, by the keyed hash of its token. `feed_id` stays when the address is renewed. Of reading, the day only.';
alter table private.calendar_feeds enable row level security;

create table private.certificates (
  number text not null,
  station_id uuid not null,
  volunteer_id uuid,
  issued_at timestamp with time zone not null,
  statement jsonb not null,
  file_sealed public.sealed_text,
  papers text[] not null default '{}'::text[],
  revoked_at timestamp with time zone,
  revoked_by uuid,
  revoked_reason text,
  constraint certificates_pkey PRIMARY KEY (number),
  constraint certificates_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint certificates_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint certificates_volunteer_id_fkey FOREIGN KEY (volunteer_id) REFERENCES public.volunteers(id) ON DELETE SET NULL,
  constraint certificates_are_revoked_once CHECK (((revoked_at IS NOT NULL) OR (num_nonnulls(revoked_by, revoked_reason) = 0))),
  constraint certificates_check CHECK ((((statement ->> 'type'::text) = 'patrol_certificate'::text) AND ((statement ->> 'number'::text) = number))),
  constraint certificates_number_check CHECK ((number ~ '^PT(-[0-9A-HJKMNP-TV-Z]{4}){3}$'::text)),
  constraint certificates_of_somebody_say_why CHECK (((revoked_by IS NULL) OR (revoked_reason IS NOT NULL))),
  constraint certificates_papers_check CHECK ((cardinality(papers) <= 20)),
  constraint certificates_revoked_reason_check CHECK (((revoked_reason IS NULL) OR private.is_plain_text(revoked_reason, 3, 500, true)))
);
comment on table private.certificates is 'A certificate of hours: the signed statement, and its content with the nonce, sealed by the portal. An erasure takes the content and leaves a statement that names nobody (RULES C3).';
comment on column private.certificates.papers is 'SHA-256 of each paper that was handed out, hex.';
comment on column private.certificates.revoked_by is 'Null with a time: by whom it was issued to.';
CREATE INDEX certificates_by_revoker ON private.certificates USING btree (revoked_by) WHERE (revoked_by IS NOT NULL);
CREATE INDEX certificates_by_station ON private.certificates USING btree (station_id, issued_at DESC);
CREATE INDEX certificates_by_volunteer ON private.certificates USING btree (volunteer_id, issued_at DESC) WHERE (volunteer_id IS NOT NULL);
alter table private.certificates enable row level security;

create table private.chat_conversations (
  id uuid not null,
  channel public.chat_channel not null,
  key_hash public.keyed_hash not null,
  handle_sealed public.sealed_text,
  locale public.locale_code not null,
  user_id uuid,
  state_sealed public.sealed_text not null,
  turn_no integer not null default 0,
  created_at timestamp with time zone not null default private.clock(),
  updated_at timestamp with time zone not null default private.clock(),
  constraint chat_conversations_pkey PRIMARY KEY (id),
  constraint chat_conversations_channel_key_hash_key UNIQUE (channel, key_hash),
  constraint chat_conversations_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE SET NULL,
  constraint chat_conversations_check CHECK ((((channel)::text = 'telegram'::text) = (handle_sealed IS NOT NULL))),
  constraint chat_conversations_turn_no_check CHECK ((turn_no >= 0))
);
comment on table private.chat_conversations is 'One row a resident''s browser or chat. Found by a keyed hash of the cookie''s secret or of the chat id; sealed by the portal''s key `chat`, bound to id and field.';
comment on column private.chat_conversations.handle_sealed is 'The chat id, which sends need; a browser has none.';
comment on column private.chat_conversations.user_id is 'The account that was linked by its owner; a signed-in browser is not kept here.';
comment on column private.chat_conversations.turn_no is 'How many turns were committed. A commit names the number it read: of two, one is told to read again.';
CREATE INDEX chat_conversations_by_user ON private.chat_conversations USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX chat_conversations_idle ON private.chat_conversations USING btree (updated_at);
alter table private.chat_conversations enable row level security;
CREATE TRIGGER conversations_know_the_account BEFORE INSERT ON private.chat_conversations FOR EACH ROW WHEN (((new.channel)::text = 'telegram'::text)) EXECUTE FUNCTION private.know_the_account();

create table private.chat_replies (
  id uuid not null,
  conversation_id uuid not null,
  turn_no integer not null,
  "position" integer not null,
  sealed public.sealed_text not null,
  is_once boolean not null default false,
  at timestamp with time zone not null default private.clock(),
  constraint chat_replies_pkey PRIMARY KEY (id),
  constraint chat_replies_conversation_id_turn_no_position_key UNIQUE (conversation_id, turn_no, "position"),
  constraint chat_replies_conversation_id_turn_no_fkey FOREIGN KEY (conversation_id, turn_no) REFERENCES private.chat_turns(conversation_id, turn_no) ON DELETE CASCADE,
  constraint chat_replies_position_check CHECK (("position" >= 0))
);
comment on table private.chat_replies is 'What was answered, in order. is_once: it holds a receipt; gone with the next turn, or after ten minutes (RULES C2).';
CREATE INDEX chat_replies_once ON private.chat_replies USING btree (at) WHERE is_once;
alter table private.chat_replies enable row level security;

create table private.chat_thread_messages (
  id uuid not null,
  thread_id uuid not null,
  number integer not null,
  at timestamp with time zone not null,
  author text not null,
  is_before boolean not null default false,
  staff_id uuid,
  text_sealed public.sealed_text not null,
  constraint chat_thread_messages_pkey PRIMARY KEY (id),
  constraint chat_thread_messages_thread_id_number_key UNIQUE (thread_id, number),
  constraint chat_thread_messages_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint chat_thread_messages_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES private.chat_threads(id) ON DELETE CASCADE,
  constraint chat_thread_messages_author_check CHECK ((author = ANY (ARRAY['resident'::text, 'bot'::text, 'staff'::text]))),
  constraint chat_thread_messages_check CHECK (((author = 'staff'::text) = (staff_id IS NOT NULL))),
  constraint chat_thread_messages_check1 CHECK (((author <> 'bot'::text) OR is_before)),
  constraint chat_thread_messages_number_check CHECK ((number >= 1))
);
comment on table private.chat_thread_messages is 'What was said since the hand-over, and (is_before) the last turns before it that the resident agreed to pass on.';
CREATE INDEX chat_thread_messages_by_staff ON private.chat_thread_messages USING btree (staff_id) WHERE (staff_id IS NOT NULL);
alter table private.chat_thread_messages enable row level security;

create table private.chat_threads (
  id uuid not null,
  number bigint not null generated always as identity,
  conversation_id uuid not null,
  station_id uuid not null,
  community_id uuid,
  channel public.chat_channel not null,
  locale public.locale_code not null,
  is_about_police boolean not null default false,
  handle_sealed public.sealed_text,
  state text not null default 'waiting'::text,
  opened_at timestamp with time zone not null,
  waiting_since timestamp with time zone,
  answered_at timestamp with time zone,
  answered_by uuid,
  staff_id uuid,
  last_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  closed_by text,
  rating smallint,
  rating_word_sealed public.sealed_text,
  rated_at timestamp with time zone,
  lead_told_at timestamp with time zone,
  constraint chat_threads_pkey PRIMARY KEY (id),
  constraint chat_threads_number_key UNIQUE (number),
  constraint chat_threads_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint chat_threads_community_id_fkey FOREIGN KEY (community_id) REFERENCES public.communities(id) ON DELETE RESTRICT,
  constraint chat_threads_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint chat_threads_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint chat_threads_check CHECK (((answered_at IS NULL) = (answered_by IS NULL))),
  constraint chat_threads_check1 CHECK (((state = 'waiting'::text) = ((answered_at IS NULL) AND (closed_at IS NULL)))),
  constraint chat_threads_check2 CHECK ((((state = 'closed'::text) = (closed_at IS NOT NULL)) AND ((closed_at IS NULL) = (closed_by IS NULL)))),
  constraint chat_threads_check3 CHECK (((state <> 'closed'::text) OR (waiting_since IS NULL))),
  constraint chat_threads_check4 CHECK (((state <> 'closed'::text) OR (handle_sealed IS NULL) OR (rated_at IS NULL))),
  constraint chat_threads_check5 CHECK ((((rating IS NULL) = (rated_at IS NULL)) AND ((rated_at IS NULL) OR (state = 'closed'::text)) AND ((rating_word_sealed IS NULL) OR (rating IS NOT NULL)))),
  constraint chat_threads_closed_by_check CHECK ((closed_by = ANY (ARRAY['staff'::text, 'resident'::text, 'system'::text]))),
  constraint chat_threads_rating_check CHECK (((rating >= 1) AND (rating <= 5))),
  constraint chat_threads_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'open'::text, 'closed'::text])))
);
comment on table private.chat_threads is 'A conversation that a person at the station has taken over, or shall: waiting, open, closed. While it is not closed the bot is silent.';
comment on column private.chat_threads.conversation_id is 'public.chat_conversations; not a reference, since a thread outlives the conversation''s state.';
comment on column private.chat_threads.is_about_police is 'Read by station leaders alone (RULES A6).';
comment on column private.chat_threads.handle_sealed is 'Telegram: where an answer goes, sealed as in the conversation. Gone with the survey, or after a week.';
comment on column private.chat_threads.waiting_since is 'Since when the resident''s words have no answer; null: the ball is with the resident.';
comment on column private.chat_threads.staff_id is 'Whose it is now: whoever answered last.';
comment on column private.chat_threads.lead_told_at is 'When the team leader was told that somebody waits. Older than waiting_since: of an earlier wait.';
CREATE INDEX chat_threads_by_answerer ON private.chat_threads USING btree (answered_by) WHERE (answered_by IS NOT NULL);
CREATE INDEX chat_threads_by_community ON private.chat_threads USING btree (community_id) WHERE (community_id IS NOT NULL);
CREATE INDEX chat_threads_by_conversation ON private.chat_threads USING btree (conversation_id, number DESC);
CREATE INDEX chat_threads_by_staff ON private.chat_threads USING btree (staff_id) WHERE (staff_id IS NOT NULL);
CREATE INDEX chat_threads_by_state ON private.chat_threads USING btree (station_id, state, last_at DESC, id DESC);
CREATE INDEX chat_threads_closed ON private.chat_threads USING btree (closed_at) WHERE (closed_at IS NOT NULL);
CREATE UNIQUE INDEX chat_threads_one_at_a_time ON private.chat_threads USING btree (conversation_id) WHERE (state <> 'closed'::text);
alter table private.chat_threads enable row level security;

create table private.chat_turns (
  conversation_id uuid not null,
  turn_no integer not null,
  request_hash public.keyed_hash not null,
  said_sealed public.sealed_text,
  at timestamp with time zone not null default private.clock(),
  constraint chat_turns_pkey PRIMARY KEY (conversation_id, turn_no),
  constraint chat_turns_conversation_id_request_hash_key UNIQUE (conversation_id, request_hash),
  constraint chat_turns_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES private.chat_conversations(id) ON DELETE CASCADE,
  constraint chat_turns_turn_no_check CHECK ((turn_no > 0))
);
comment on table private.chat_turns is 'What the resident did, a row a turn. request_hash: of the update or the form''s key, so that a repeat is answered with what was answered then.';
comment on column private.chat_turns.said_sealed is 'Null: nothing to keep, or taken back once it stood in a report, or it held a receipt (RULES C2).';
alter table private.chat_turns enable row level security;

create table private.check_in_tries (
  place_id uuid not null,
  tries smallint not null,
  constraint check_in_tries_pkey PRIMARY KEY (place_id),
  constraint check_in_tries_place_id_fkey FOREIGN KEY (place_id) REFERENCES public.shift_places(id) ON DELETE CASCADE,
  constraint check_in_tries_tries_check CHECK (((tries >= 1) AND (tries <= 5)))
);
comment on table private.check_in_tries is 'Codes that proved nothing, five each. After that the lead checks in.';
alter table private.check_in_tries enable row level security;

create table private.check_ins (
  place_id uuid not null,
  how text not null,
  step bigint,
  present_at timestamp with time zone not null,
  synced_at timestamp with time zone not null,
  forced_by uuid,
  reason text,
  out_at timestamp with time zone,
  constraint check_ins_pkey PRIMARY KEY (place_id),
  constraint check_ins_forced_by_fkey FOREIGN KEY (forced_by) REFERENCES auth.users(id) ON DELETE SET NULL,
  constraint check_ins_place_id_fkey FOREIGN KEY (place_id) REFERENCES public.shift_places(id) ON DELETE CASCADE,
  constraint check_ins_end_after_they_began CHECK (((out_at IS NULL) OR (out_at >= present_at))),
  constraint check_ins_how_check CHECK ((how = ANY (ARRAY['code'::text, 'offline'::text, 'lead'::text]))),
  constraint check_ins_prove_a_step_or_say_why CHECK ((((how = 'lead'::text) = (step IS NULL)) AND ((how = 'lead'::text) = (reason IS NOT NULL)))),
  constraint check_ins_reason_check CHECK (((reason IS NULL) OR private.is_plain_text(reason, 3, 500, true)))
);
comment on table private.check_ins is 'Who came, once each. `offline`: the code was entered without network and arrived within ten minutes of its step.';
CREATE INDEX check_ins_by_forcer ON private.check_ins USING btree (forced_by) WHERE (forced_by IS NOT NULL);
alter table private.check_ins enable row level security;
CREATE TRIGGER check_outs_count_hours AFTER UPDATE OF out_at ON private.check_ins FOR EACH ROW WHEN (((old.out_at IS NULL) AND (new.out_at IS NOT NULL))) EXECUTE FUNCTION private.count_checked_out();

create table private.checkpoint_secrets (
  checkpoint_id uuid not null,
  code text not null,
  constraint checkpoint_secrets_pkey PRIMARY KEY (checkpoint_id),
  constraint checkpoint_secrets_code_key UNIQUE (code),
  constraint checkpoint_secrets_checkpoint_id_fkey FOREIGN KEY (checkpoint_id) REFERENCES public.patrol_checkpoints(id) ON DELETE CASCADE,
  constraint checkpoint_secrets_code_check CHECK ((code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'::text))
);
comment on table private.checkpoint_secrets is 'What the poster at a checkpoint says.';
alter table private.checkpoint_secrets enable row level security;

create table private.confirmation_codes (
  user_id uuid not null,
  code_hash public.keyed_hash not null,
  community_id uuid not null,
  expires_at timestamp with time zone not null,
  constraint confirmation_codes_pkey PRIMARY KEY (user_id),
  constraint confirmation_codes_code_hash_key UNIQUE (code_hash),
  constraint confirmation_codes_community_id_fkey FOREIGN KEY (community_id) REFERENCES public.communities(id) ON DELETE CASCADE,
  constraint confirmation_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
);
comment on table private.confirmation_codes is 'Ten minutes in which a resident shows a code to an officer in front of them.';
CREATE INDEX confirmation_codes_by_community ON private.confirmation_codes USING btree (community_id);
CREATE INDEX confirmation_codes_by_expiry ON private.confirmation_codes USING btree (expires_at);
alter table private.confirmation_codes enable row level security;

create table private.consent_texts (
  purpose public.code_name not null,
  version integer not null,
  title jsonb not null,
  body jsonb not null,
  is_required boolean not null,
  in_force_from timestamp with time zone not null default now(),
  constraint consent_texts_pkey PRIMARY KEY (purpose, version),
  constraint consent_texts_body_check CHECK ((body ?& ARRAY['zh'::text, 'en'::text])),
  constraint consent_texts_title_check CHECK ((title ?& ARRAY['zh'::text, 'en'::text])),
  constraint consent_texts_version_check CHECK ((version > 0))
);
comment on table private.consent_texts is 'Texts that people agree to. A text never changes: a new wording is a new version.';
comment on column private.consent_texts.is_required is 'Without it there is no account: it is taken back by erasing the account.';
alter table private.consent_texts enable row level security;
CREATE TRIGGER consent_texts_are_append_only BEFORE DELETE OR UPDATE ON private.consent_texts FOR EACH ROW EXECUTE FUNCTION private.refuse_change();

create table private.consents (
  id bigint not null generated always as identity,
  user_id uuid not null,
  purpose public.code_name not null,
  version integer not null,
  is_given boolean not null,
  at timestamp with time zone not null,
  channel public.report_channel not null,
  locale public.locale_code not null,
  constraint consents_pkey PRIMARY KEY (id),
  constraint consents_purpose_version_fkey FOREIGN KEY (purpose, version) REFERENCES private.consent_texts(purpose, version) ON DELETE RESTRICT,
  constraint consents_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
);
comment on table private.consents is 'Each yes and no, in order; the last one counts. Rows are only added, and go with the account.';
CREATE INDEX consents_by_person ON private.consents USING btree (user_id, purpose, id DESC);
CREATE INDEX consents_by_text ON private.consents USING btree (purpose, version);
alter table private.consents enable row level security;
CREATE TRIGGER consents_are_append_only BEFORE UPDATE ON private.consents FOR EACH ROW EXECUTE FUNCTION private.refuse_change();

create table private.demo_accounts (
  user_id uuid not null,
  constraint demo_accounts_pkey PRIMARY KEY (user_id),
  constraint demo_accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
);
comment on table private.demo_accounts is 'Accounts that the demo seed made: their password stands in the README, so a second factor would protect nothing. Counts on a database marked demo only; no function writes it.';
alter table private.demo_accounts enable row level security;

create table private.duty_calls (
  report_id uuid not null,
  level text not null,
  at timestamp with time zone not null,
  people integer not null,
  constraint duty_calls_pkey PRIMARY KEY (report_id, level),
  constraint duty_calls_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE,
  constraint duty_calls_level_check CHECK ((level = ANY (ARRAY['officer'::text, 'lead'::text, 'chief'::text]))),
  constraint duty_calls_people_check CHECK ((people >= 0))
);
comment on table private.duty_calls is 'Whom a report was told to while nobody had opened it: each level once. How late it is, is computed.';
CREATE INDEX duty_calls_by_time ON private.duty_calls USING btree (at);
alter table private.duty_calls enable row level security;

create table private.erased_about_staff (
  report_id uuid not null,
  staff_id uuid not null,
  constraint erased_about_staff_pkey PRIMARY KEY (report_id, staff_id),
  constraint erased_about_staff_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(user_id) ON DELETE CASCADE
);
comment on table private.erased_about_staff is 'Whom a report about the police named, once the report is gone: its rows of the log stay hidden from them (RULES A6).';
CREATE INDEX erased_about_staff_by_staff ON private.erased_about_staff USING btree (staff_id);
alter table private.erased_about_staff enable row level security;

create table private.honours (
  code public.code_name not null,
  hours integer not null,
  name jsonb not null,
  constraint honours_pkey PRIMARY KEY (code),
  constraint honours_hours_key UNIQUE (hours),
  constraint honours_hours_check CHECK ((hours > 0)),
  constraint honours_name_check CHECK (private.is_text_in_both(name, 1, 80))
);
comment on table private.honours is 'What a number of credited hours is honoured with. From supabase/seeds/060-patrols.sql.';
alter table private.honours enable row level security;

create table private.hours_corrections (
  id uuid not null default gen_random_uuid(),
  place_id uuid not null,
  volunteer_id uuid not null,
  asked tstzrange not null,
  was tstzrange,
  why text,
  state text not null default 'asked'::text,
  asked_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decided_by uuid,
  note text,
  constraint hours_corrections_pkey PRIMARY KEY (id),
  constraint hours_corrections_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint hours_corrections_place_id_volunteer_id_fkey FOREIGN KEY (place_id, volunteer_id) REFERENCES public.shift_places(id, volunteer_id) ON DELETE CASCADE,
  constraint corrections_are_decided_by_somebody CHECK ((((state = 'asked'::text) = (decided_at IS NULL)) AND ((decided_at IS NULL) = (decided_by IS NULL)))),
  constraint hours_corrections_asked_check CHECK ((NOT isempty(asked))),
  constraint hours_corrections_note_check CHECK (((note IS NULL) OR private.is_plain_text(note, 1, 500, true))),
  constraint hours_corrections_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'approved'::text, 'refused'::text]))),
  constraint hours_corrections_why_check CHECK (((why IS NULL) OR private.is_plain_text(why, 3, 500, true)))
);
comment on table private.hours_corrections is 'Hours that a volunteer says were others. The words go two years after the decision, and with the account.';
CREATE INDEX hours_corrections_by_decider ON private.hours_corrections USING btree (decided_by) WHERE (decided_by IS NOT NULL);
CREATE INDEX hours_corrections_by_place ON private.hours_corrections USING btree (place_id, volunteer_id);
CREATE INDEX hours_corrections_by_volunteer ON private.hours_corrections USING btree (volunteer_id);
CREATE UNIQUE INDEX hours_corrections_one_open ON private.hours_corrections USING btree (place_id) WHERE (state = 'asked'::text);
alter table private.hours_corrections enable row level security;

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

create table private.job_runs (
  name public.job_name not null,
  leased_by text,
  leased_until timestamp with time zone,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  did jsonb not null default '{}'::jsonb,
  failed_with text,
  constraint job_runs_pkey PRIMARY KEY (name),
  constraint job_runs_check CHECK (((leased_by IS NULL) = (leased_until IS NULL))),
  constraint job_runs_failed_with_check CHECK ((char_length(failed_with) <= 100)),
  constraint job_runs_leased_by_check CHECK (((char_length(leased_by) >= 1) AND (char_length(leased_by) <= 100)))
);
comment on table private.job_runs is 'The lease and the last run of each job. started_at and finished_at follow the station''s clock, by which jobs are due; a lease is about a living process and follows the machine''s.';
alter table private.job_runs enable row level security;

create table private.mail_settings (
  id bigint not null generated always as identity,
  user_id uuid,
  report_id uuid,
  level public.mail_level not null default 'all'::text,
  quiet_from time without time zone not null default '22:00:00'::time without time zone,
  quiet_to time without time zone not null default '07:00:00'::time without time zone,
  updated_at timestamp with time zone not null,
  constraint mail_settings_pkey PRIMARY KEY (id),
  constraint mail_settings_report_id_key UNIQUE (report_id),
  constraint mail_settings_user_id_key UNIQUE (user_id),
  constraint mail_settings_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE,
  constraint mail_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  constraint mail_settings_check CHECK ((num_nonnulls(user_id, report_id) = 1))
);
comment on table private.mail_settings is 'Which mails an account wants, or whoever filed a report with a sealed address. No row: all, quiet from 22:00 to 07:00. quiet_from = quiet_to: never quiet. Times of the station.';
alter table private.mail_settings enable row level security;

create table private.password_permits (
  user_id uuid not null,
  until timestamp with time zone not null,
  constraint password_permits_pkey PRIMARY KEY (user_id),
  constraint password_permits_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.staff(user_id) ON DELETE CASCADE
);
comment on table private.password_permits is 'Staff who may set a new password within a minute: asked for in an open session. Supabase Auth itself knows no second factor of ours and would take one from whoever has the old password.';
alter table private.password_permits enable row level security;

create table private.patrol_hours (
  place_id uuid not null,
  volunteer_id uuid not null,
  worked tstzrange not null,
  minutes integer not null,
  night_minutes integer not null,
  credit_minutes integer not null,
  night jsonb not null,
  rate integer not null,
  counted_at timestamp with time zone not null,
  constraint patrol_hours_pkey PRIMARY KEY (place_id),
  constraint hours_never_overlap EXCLUDE USING gist (volunteer_id WITH =, worked WITH &&),
  constraint patrol_hours_place_id_volunteer_id_fkey FOREIGN KEY (place_id, volunteer_id) REFERENCES public.shift_places(id, volunteer_id) ON DELETE CASCADE,
  constraint patrol_hours_check CHECK (((night_minutes >= 0) AND (night_minutes <= minutes))),
  constraint patrol_hours_check1 CHECK ((credit_minutes >= minutes)),
  constraint patrol_hours_minutes_check CHECK ((minutes >= 0)),
  constraint patrol_hours_rate_check CHECK ((rate >= 0))
);
comment on table private.patrol_hours is 'What somebody was on patrol for, minute by minute (shared/patrols/hours.ts). Written at the check-out and by corrections.';
comment on column private.patrol_hours.night is 'The rule of the station''s night by which it was counted, and is counted again.';
comment on column private.patrol_hours.rate is 'Points an hour when it was first counted.';
CREATE INDEX patrol_hours_by_place ON private.patrol_hours USING btree (place_id, volunteer_id);
CREATE INDEX patrol_hours_by_volunteer ON private.patrol_hours USING btree (volunteer_id);
alter table private.patrol_hours enable row level security;

create table private.patrol_night_rules (
  station_id uuid not null,
  night_from time without time zone not null,
  night_to time without time zone not null,
  credit_percent integer not null,
  set_at timestamp with time zone not null,
  set_by uuid not null,
  constraint patrol_night_rules_pkey PRIMARY KEY (station_id),
  constraint patrol_night_rules_set_by_fkey FOREIGN KEY (set_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint patrol_night_rules_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint patrol_night_rules_credit_percent_check CHECK (((credit_percent >= 100) AND (credit_percent <= 300)))
);
comment on table private.patrol_night_rules is 'Between which hours of its wall a station credits more, and how much: 150 is one and a half. Without a row: 22:00 to 06:00, 150.';
CREATE INDEX patrol_night_rules_by_setter ON private.patrol_night_rules USING btree (set_by);
alter table private.patrol_night_rules enable row level security;

create table private.patrol_nights (
  shift_id uuid not null,
  secret_sealed public.sealed_text,
  opened_at timestamp with time zone not null,
  opened_by uuid,
  started_at timestamp with time zone,
  called_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint patrol_nights_pkey PRIMARY KEY (shift_id),
  constraint patrol_nights_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES auth.users(id) ON DELETE SET NULL,
  constraint patrol_nights_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES public.patrol_shifts(id) ON DELETE CASCADE,
  constraint nights_end_after_they_started CHECK (((ended_at IS NULL) OR (started_at IS NOT NULL))),
  constraint nights_forget_their_secret CHECK (((secret_sealed IS NOT NULL) OR (called_at IS NOT NULL)))
);
comment on table private.patrol_nights is 'What happens on a shift after its roll call was opened. The secret of the code is sealed by the portal and deleted with the end of the roll call.';
comment on column private.patrol_nights.called_at is 'When the roll call was over, and who had not come was marked.';
CREATE INDEX patrol_nights_by_opener ON private.patrol_nights USING btree (opened_by) WHERE (opened_by IS NOT NULL);
CREATE INDEX patrol_nights_open ON private.patrol_nights USING btree (shift_id) WHERE (called_at IS NULL);
alter table private.patrol_nights enable row level security;

create table private.pending_erasures (
  report_id uuid not null,
  asked_at timestamp with time zone not null,
  constraint pending_erasures_pkey PRIMARY KEY (report_id),
  constraint pending_erasures_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE
);
comment on table private.pending_erasures is 'Open cases of erased accounts: the contact goes when the case closes, by the trigger below.';
alter table private.pending_erasures enable row level security;

create table private.points_accounts (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  kind text not null,
  volunteer_id uuid,
  constraint points_accounts_pkey PRIMARY KEY (id),
  constraint points_accounts_volunteer_id_key UNIQUE (volunteer_id),
  constraint points_accounts_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint points_accounts_volunteer_id_fkey FOREIGN KEY (volunteer_id) REFERENCES public.volunteers(id) ON DELETE SET NULL,
  constraint accounts_of_volunteers_only CHECK (((kind = 'volunteer'::text) OR (volunteer_id IS NULL))),
  constraint points_accounts_kind_check CHECK ((kind = ANY (ARRAY['budget'::text, 'volunteer'::text, 'rewards'::text, 'deposits'::text])))
);
comment on table private.points_accounts is 'Where points are. `budget`: what the station gives, below zero by what it gave; `rewards`: what was spent; `deposits`: what is kept until a thing comes back.';
CREATE INDEX points_accounts_by_station ON private.points_accounts USING btree (station_id);
CREATE UNIQUE INDEX points_accounts_one_each ON private.points_accounts USING btree (station_id, kind) WHERE (kind <> 'volunteer'::text);
alter table private.points_accounts enable row level security;

create table private.points_budgets (
  station_id uuid not null,
  month date not null,
  points integer not null,
  set_at timestamp with time zone not null,
  set_by uuid,
  constraint points_budgets_pkey PRIMARY KEY (station_id, month),
  constraint points_budgets_set_by_fkey FOREIGN KEY (set_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint points_budgets_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint points_budgets_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
  constraint points_budgets_points_check CHECK (((points >= 0) AND (points <= 1000000)))
);
comment on table private.points_budgets is 'How many points a station gives in a month at most. The newest month at or before counts; without any: none.';
CREATE INDEX points_budgets_by_setter ON private.points_budgets USING btree (set_by) WHERE (set_by IS NOT NULL);
alter table private.points_budgets enable row level security;

create table private.points_claims (
  id uuid not null default gen_random_uuid(),
  number bigint not null generated always as identity,
  station_id uuid not null,
  volunteer_id uuid not null,
  rule_code public.code_name not null,
  cause_id uuid not null,
  place_id uuid,
  quantity integer not null,
  points integer not null,
  earned_at timestamp with time zone not null,
  transaction_id uuid,
  constraint points_claims_pkey PRIMARY KEY (id),
  constraint points_claims_number_key UNIQUE (number),
  constraint points_claims_volunteer_id_rule_code_cause_id_key UNIQUE (volunteer_id, rule_code, cause_id),
  constraint points_claims_place_id_fkey FOREIGN KEY (place_id) REFERENCES public.shift_places(id) ON DELETE SET NULL,
  constraint points_claims_rule_code_fkey FOREIGN KEY (rule_code) REFERENCES private.points_rules(code) ON DELETE RESTRICT,
  constraint points_claims_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint points_claims_transaction_id_fkey FOREIGN KEY (transaction_id) REFERENCES private.points_transactions(id) ON DELETE RESTRICT,
  constraint points_claims_volunteer_id_fkey FOREIGN KEY (volunteer_id) REFERENCES public.volunteers(id) ON DELETE CASCADE,
  constraint claims_taken_back_are_booked CHECK (((points >= 0) OR (transaction_id IS NOT NULL)))
);
comment on table private.points_claims is 'What was earned, once for each cause. Without a transaction it waits for the budget of a month. Below zero: what a correction took back.';
comment on column private.points_claims.quantity is 'Credited minutes, or how many.';
CREATE INDEX points_claims_by_place ON private.points_claims USING btree (place_id) WHERE (place_id IS NOT NULL);
CREATE INDEX points_claims_by_rule ON private.points_claims USING btree (rule_code);
CREATE INDEX points_claims_by_transaction ON private.points_claims USING btree (transaction_id) WHERE (transaction_id IS NOT NULL);
CREATE INDEX points_claims_waiting ON private.points_claims USING btree (station_id, number) WHERE ((transaction_id IS NULL) AND (points > 0));
alter table private.points_claims enable row level security;

create table private.points_entries (
  transaction_id uuid not null,
  account_id uuid not null,
  points integer not null,
  constraint points_entries_pkey PRIMARY KEY (transaction_id, account_id),
  constraint points_entries_account_id_fkey FOREIGN KEY (account_id) REFERENCES private.points_accounts(id) ON DELETE RESTRICT,
  constraint points_entries_transaction_id_fkey FOREIGN KEY (transaction_id) REFERENCES private.points_transactions(id) ON DELETE RESTRICT,
  constraint points_entries_points_check CHECK ((points <> 0))
);
comment on table private.points_entries is 'What a transaction adds to an account, or takes from it.';
CREATE INDEX points_entries_by_account ON private.points_entries USING btree (account_id);
alter table private.points_entries enable row level security;
CREATE TRIGGER points_entries_are_append_only BEFORE DELETE OR UPDATE ON private.points_entries FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
CREATE CONSTRAINT TRIGGER points_entries_fit AFTER INSERT ON private.points_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION private.guard_points();

create table private.points_rates (
  station_id uuid not null,
  rule_code public.code_name not null,
  points integer not null,
  set_at timestamp with time zone not null,
  set_by uuid not null,
  constraint points_rates_pkey PRIMARY KEY (station_id, rule_code),
  constraint points_rates_rule_code_fkey FOREIGN KEY (rule_code) REFERENCES private.points_rules(code) ON DELETE RESTRICT,
  constraint points_rates_set_by_fkey FOREIGN KEY (set_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint points_rates_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint points_rates_points_check CHECK (((points >= 0) AND (points <= 1000)))
);
comment on table private.points_rates is 'What a rule earns at one station. It holds for what is earned from then on.';
CREATE INDEX points_rates_by_rule ON private.points_rates USING btree (rule_code);
CREATE INDEX points_rates_by_setter ON private.points_rates USING btree (set_by);
alter table private.points_rates enable row level security;

create table private.points_rules (
  code public.code_name not null,
  name jsonb not null,
  unit text not null,
  points integer not null,
  "position" integer not null,
  constraint points_rules_pkey PRIMARY KEY (code),
  constraint points_rules_name_check CHECK (private.is_text_in_both(name, 1, 80)),
  constraint points_rules_points_check CHECK (((points >= 0) AND (points <= 1000))),
  constraint points_rules_unit_check CHECK ((unit = ANY (ARRAY['hour'::text, 'each'::text])))
);
comment on table private.points_rules is 'What earns points, and how many where a station has set nothing else. From supabase/seeds/060-patrols.sql.';
comment on column private.points_rules.unit is '`hour`: for sixty credited minutes, cut to the point; `each`: for one.';
alter table private.points_rules enable row level security;

create table private.points_transactions (
  id uuid not null default gen_random_uuid(),
  number bigint not null generated always as identity,
  station_id uuid not null,
  at timestamp with time zone not null,
  kind public.code_name not null,
  rule_code public.code_name,
  cause_id uuid,
  actor_id uuid,
  note text,
  constraint points_transactions_pkey PRIMARY KEY (id),
  constraint points_transactions_number_key UNIQUE (number),
  constraint points_transactions_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint points_transactions_rule_code_fkey FOREIGN KEY (rule_code) REFERENCES private.points_rules(code) ON DELETE RESTRICT,
  constraint points_transactions_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint points_transactions_note_check CHECK (((note IS NULL) OR private.is_plain_text(note, 1, 500, true)))
);
comment on table private.points_transactions is 'One movement of points; its entries sum to zero. Rows are only added: what was wrong is put right by another one.';
comment on column private.points_transactions.cause_id is 'The place, correction or order that it is for.';
comment on column private.points_transactions.actor_id is 'Staff who did it; without: the volunteer themselves, or the clock.';
CREATE INDEX points_transactions_by_actor ON private.points_transactions USING btree (actor_id) WHERE (actor_id IS NOT NULL);
CREATE INDEX points_transactions_by_cause ON private.points_transactions USING btree (cause_id) WHERE (cause_id IS NOT NULL);
CREATE INDEX points_transactions_by_rule ON private.points_transactions USING btree (rule_code) WHERE (rule_code IS NOT NULL);
CREATE INDEX points_transactions_by_station ON private.points_transactions USING btree (station_id, at);
alter table private.points_transactions enable row level security;
CREATE TRIGGER points_transactions_are_append_only BEFORE DELETE OR UPDATE ON private.points_transactions FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
CREATE CONSTRAINT TRIGGER points_transactions_are_whole AFTER INSERT ON private.points_transactions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION private.guard_points();

create table private.question_versions (
  category_code text not null,
  code public.code_name not null,
  until timestamp with time zone not null,
  kind text not null,
  label jsonb not null,
  options jsonb not null,
  constraint question_versions_pkey PRIMARY KEY (category_code, code, until),
  constraint question_versions_category_code_code_fkey FOREIGN KEY (category_code, code) REFERENCES public.category_questions(category_code, code) ON DELETE CASCADE
);
comment on table private.question_versions is 'What a question said until it was changed or taken away: a report shows its answers under the words that were asked.';
alter table private.question_versions enable row level security;

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

create table private.report_holds (
  id uuid not null default gen_random_uuid(),
  report_id uuid not null,
  reason text not null,
  placed_at timestamp with time zone not null,
  placed_by uuid not null,
  lifted_at timestamp with time zone,
  lifted_by uuid,
  constraint report_holds_pkey PRIMARY KEY (id),
  constraint report_holds_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint report_holds_placed_by_fkey FOREIGN KEY (placed_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint report_holds_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE RESTRICT,
  constraint report_holds_check CHECK (((lifted_at IS NULL) = (lifted_by IS NULL))),
  constraint report_holds_reason_check CHECK (((char_length(reason) >= 10) AND (char_length(reason) <= 500)))
);
comment on table private.report_holds is 'Reports that must not go although their time is over: a court, a complaint, an inquiry.';
CREATE INDEX report_holds_by_report ON private.report_holds USING btree (report_id);
CREATE UNIQUE INDEX report_holds_in_force ON private.report_holds USING btree (report_id) WHERE (lifted_at IS NULL);
alter table private.report_holds enable row level security;

create table private.retention_changes (
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  kind public.code_name not null,
  category_code text,
  from_days integer not null,
  to_days integer not null,
  changed_by uuid not null,
  constraint retention_changes_pkey PRIMARY KEY (id),
  constraint retention_changes_category_code_fkey FOREIGN KEY (category_code) REFERENCES public.categories(code) ON DELETE CASCADE,
  constraint retention_changes_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint retention_changes_kind_fkey FOREIGN KEY (kind) REFERENCES private.retention_rules(kind) ON DELETE CASCADE,
  constraint retention_changes_check CHECK ((((kind)::text = 'reports'::text) = (category_code IS NOT NULL)))
);
comment on table private.retention_changes is 'Each change of a term. A shorter one holds for reports that come after it: nobody makes evidence go by a setting.';
CREATE INDEX retention_changes_by_category ON private.retention_changes USING btree (category_code, at) WHERE (category_code IS NOT NULL);
alter table private.retention_changes enable row level security;

create table private.retention_rules (
  kind public.code_name not null,
  "position" integer not null,
  job public.job_name,
  ends text not null,
  keep_for interval,
  "least" interval,
  most interval,
  name jsonb not null,
  happens jsonb not null,
  ground jsonb not null,
  constraint retention_rules_pkey PRIMARY KEY (kind),
  constraint retention_rules_position_key UNIQUE ("position"),
  constraint retention_rules_check CHECK (((ends = 'term'::text) = (keep_for IS NOT NULL))),
  constraint retention_rules_check1 CHECK (((("least" IS NULL) = (most IS NULL)) AND (("least" IS NULL) OR ((keep_for IS NOT NULL) AND ((keep_for >= "least") AND (keep_for <= most)))))),
  constraint retention_rules_ends_check CHECK ((ends = ANY (ARRAY['term'::text, 'category'::text, 'owner'::text, 'never'::text]))),
  constraint retention_rules_ground_check CHECK ((ground ?& ARRAY['zh'::text, 'en'::text])),
  constraint retention_rules_happens_check CHECK ((happens ?& ARRAY['zh'::text, 'en'::text])),
  constraint retention_rules_name_check CHECK ((name ?& ARRAY['zh'::text, 'en'::text]))
);
comment on table private.retention_rules is 'What is kept how long, what happens then, and why so long. Without `least` and `most` the term lies in the code and is listed here to be read; a test compares both.';
comment on column private.retention_rules.job is 'Which job takes it; null where nothing does.';
alter table private.retention_rules enable row level security;

create table private.reveals (
  id uuid not null default gen_random_uuid(),
  report_id uuid not null,
  kind text not null,
  attachment_id uuid,
  reason text not null,
  asked_at timestamp with time zone not null,
  asked_by uuid not null,
  asked_role public.actor_role not null,
  decided_at timestamp with time zone,
  decided_by uuid,
  decided_role public.actor_role,
  expires_at timestamp with time zone,
  constraint reveals_pkey PRIMARY KEY (id),
  constraint reveals_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint reveals_attachment_id_fkey FOREIGN KEY (attachment_id) REFERENCES public.report_attachments(id) ON DELETE CASCADE,
  constraint reveals_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint reveals_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE,
  constraint reveals_check CHECK (((kind = 'original'::text) = (attachment_id IS NOT NULL))),
  constraint reveals_check1 CHECK (((num_nonnulls(decided_at, decided_by, decided_role) = ANY (ARRAY[0, 3])) AND ((expires_at IS NULL) OR (decided_at IS NOT NULL)))),
  constraint reveals_end_within_a_day CHECK ((expires_at <= (decided_at + '24:00:00'::interval))),
  constraint reveals_kind_check CHECK ((kind = ANY (ARRAY['identity'::text, 'original'::text]))),
  constraint reveals_need_two_people CHECK ((decided_by <> asked_by)),
  constraint reveals_reason_check CHECK (((char_length(reason) >= 10) AND (char_length(reason) <= 500)))
);
comment on table private.reveals is 'Requests to open a sealed identity or an original: asked with a reason, decided by another lead or chief, approved for a day (`expires_at`), declined without it.';
CREATE INDEX reveals_by_report ON private.reveals USING btree (report_id, asked_at);
CREATE UNIQUE INDEX reveals_open ON private.reveals USING btree (report_id, kind, COALESCE(attachment_id, report_id)) WHERE (decided_at IS NULL);
alter table private.reveals enable row level security;

create table private.reward_orders (
  id uuid not null default gen_random_uuid(),
  number bigint not null generated always as identity,
  station_id uuid not null,
  reward_id uuid not null,
  volunteer_id uuid not null,
  points integer not null,
  deposit integer not null,
  code text not null,
  state text not null default 'ordered'::text,
  ordered_at timestamp with time zone not null,
  handed_out_at timestamp with time zone,
  handed_out_by uuid,
  ended_at timestamp with time zone,
  ended_by uuid,
  note text,
  constraint reward_orders_pkey PRIMARY KEY (id),
  constraint reward_orders_number_key UNIQUE (number),
  constraint reward_orders_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint reward_orders_handed_out_by_fkey FOREIGN KEY (handed_out_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint reward_orders_reward_id_station_id_fkey FOREIGN KEY (reward_id, station_id) REFERENCES private.rewards(id, station_id) ON DELETE RESTRICT,
  constraint reward_orders_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint reward_orders_volunteer_id_fkey FOREIGN KEY (volunteer_id) REFERENCES public.volunteers(id) ON DELETE CASCADE,
  constraint orders_are_handed_out_by_somebody CHECK ((((state = ANY (ARRAY['ordered'::text, 'cancelled'::text])) = (handed_out_at IS NULL)) AND ((handed_out_at IS NULL) = (handed_out_by IS NULL)))),
  constraint orders_come_back_for_a_deposit CHECK (((state <> ALL (ARRAY['returned'::text, 'kept'::text])) OR (deposit > 0))),
  constraint orders_end_once CHECK (((state = ANY (ARRAY['returned'::text, 'kept'::text, 'cancelled'::text])) = (ended_at IS NOT NULL))),
  constraint reward_orders_code_check CHECK ((code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'::text)),
  constraint reward_orders_deposit_check CHECK ((deposit >= 0)),
  constraint reward_orders_note_check CHECK (((note IS NULL) OR private.is_plain_text(note, 3, 500, true))),
  constraint reward_orders_points_check CHECK ((points >= 0)),
  constraint reward_orders_state_check CHECK ((state = ANY (ARRAY['ordered'::text, 'handed_out'::text, 'returned'::text, 'kept'::text, 'cancelled'::text])))
);
comment on table private.reward_orders is 'One thing for one volunteer. `handed_out` ends what has no deposit; the deposit goes back with the thing (`returned`), or stays with the station (`kept`).';
comment on column private.reward_orders.points is 'As it cost when it was ordered; so the deposit.';
CREATE UNIQUE INDEX reward_orders_by_code ON private.reward_orders USING btree (station_id, code) WHERE (state = 'ordered'::text);
CREATE INDEX reward_orders_by_ender ON private.reward_orders USING btree (ended_by) WHERE (ended_by IS NOT NULL);
CREATE INDEX reward_orders_by_giver ON private.reward_orders USING btree (handed_out_by) WHERE (handed_out_by IS NOT NULL);
CREATE INDEX reward_orders_by_reward ON private.reward_orders USING btree (reward_id, station_id);
CREATE INDEX reward_orders_by_station ON private.reward_orders USING btree (station_id, state);
CREATE INDEX reward_orders_by_volunteer ON private.reward_orders USING btree (volunteer_id, number);
alter table private.reward_orders enable row level security;

create table private.rewards (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  name jsonb not null,
  points integer not null,
  deposit integer not null,
  stock integer not null,
  is_active boolean not null default true,
  changed_at timestamp with time zone not null,
  changed_by uuid not null,
  constraint rewards_pkey PRIMARY KEY (id),
  constraint rewards_id_station_id_key UNIQUE (id, station_id),
  constraint rewards_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint rewards_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint rewards_cost_something CHECK (((points + deposit) > 0)),
  constraint rewards_deposit_check CHECK (((deposit >= 0) AND (deposit <= 100000))),
  constraint rewards_name_check CHECK (private.is_text_in_both(name, 1, 80)),
  constraint rewards_points_check CHECK (((points >= 0) AND (points <= 100000))),
  constraint rewards_stock_check CHECK (((stock >= 0) AND (stock <= 100000)))
);
comment on table private.rewards is 'What a station gives for points, or lends for a deposit of points. `stock`: what is there and nobody has ordered.';
CREATE INDEX rewards_by_changer ON private.rewards USING btree (changed_by);
CREATE INDEX rewards_by_station ON private.rewards USING btree (station_id);
alter table private.rewards enable row level security;

create table private.seal_blocks (
  number bigint not null,
  sealed_at timestamp with time zone not null,
  day date not null,
  previous public.hex_256,
  root public.hex_256 not null,
  leaves integer not null,
  log_until bigint not null,
  key_id text not null,
  signature text not null,
  hash public.hex_256 not null,
  constraint seal_blocks_pkey PRIMARY KEY (number),
  constraint seal_blocks_hash_key UNIQUE (hash),
  constraint seal_blocks_previous_fkey FOREIGN KEY (previous) REFERENCES private.seal_blocks(hash) ON DELETE RESTRICT,
  constraint seal_blocks_check CHECK (((number = 1) = (previous IS NULL))),
  constraint seal_blocks_leaves_check CHECK ((leaves > 0)),
  constraint seal_blocks_log_until_check CHECK ((log_until >= 0)),
  constraint seal_blocks_number_check CHECK ((number > 0)),
  constraint seal_blocks_signature_check CHECK (((char_length(signature) >= 80) AND (char_length(signature) <= 100)))
);
comment on table private.seal_blocks is 'Blocks of the chain. `hash` is the SHA-256 of the signed header, which names the block before; `day` is the day of the station.';
comment on column private.seal_blocks.log_until is 'Every row of the log with an id up to here is sealed, or was never written.';
CREATE INDEX seal_blocks_by_day ON private.seal_blocks USING btree (day, number);
alter table private.seal_blocks enable row level security;
CREATE TRIGGER seal_blocks_are_append_only BEFORE DELETE OR UPDATE ON private.seal_blocks FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
CREATE TRIGGER seal_blocks_are_never_emptied BEFORE TRUNCATE ON private.seal_blocks FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();

create table private.seal_checks (
  id uuid not null default gen_random_uuid(),
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  station_id uuid,
  actor_id uuid,
  actor_role public.actor_role not null,
  cursor jsonb not null,
  blocks bigint not null default 0,
  rows bigint not null default 0,
  erased bigint not null default 0,
  findings bigint not null default 0,
  found jsonb not null default '[]'::jsonb,
  constraint seal_checks_pkey PRIMARY KEY (id),
  constraint seal_checks_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE CASCADE
);
comment on table private.seal_checks is 'Runs of the verifier: how far, how many, and the first hundred rows found wrong. The end of a run is a row of the log.';
alter table private.seal_checks enable row level security;

create table private.seal_leaves (
  block bigint not null,
  "position" integer not null,
  source public.seal_source not null,
  row_id text not null,
  report_id uuid,
  version smallint not null,
  at timestamp with time zone not null,
  digest public.hex_256 not null,
  constraint seal_leaves_pkey PRIMARY KEY (block, "position"),
  constraint seal_leaves_source_row_id_key UNIQUE (source, row_id),
  constraint seal_leaves_block_fkey FOREIGN KEY (block) REFERENCES private.seal_blocks(number) ON DELETE RESTRICT,
  constraint seal_leaves_position_check CHECK (("position" >= 0))
);
comment on table private.seal_leaves is 'What was sealed: which row, under which list of columns (`version`), and the SHA-256 of its canonical text.';
alter table private.seal_leaves enable row level security;
CREATE TRIGGER seal_leaves_are_append_only BEFORE DELETE OR UPDATE ON private.seal_leaves FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
CREATE TRIGGER seal_leaves_are_never_emptied BEFORE TRUNCATE ON private.seal_leaves FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();

create table private.seal_roots (
  day date not null,
  root public.hex_256 not null,
  previous public.hex_256,
  first_block bigint not null,
  last_block bigint not null,
  published_at timestamp with time zone not null,
  key_id text not null,
  signature text not null,
  hash public.hex_256 not null,
  constraint seal_roots_pkey PRIMARY KEY (day),
  constraint seal_roots_hash_key UNIQUE (hash),
  constraint seal_roots_first_block_fkey FOREIGN KEY (first_block) REFERENCES private.seal_blocks(number) ON DELETE RESTRICT,
  constraint seal_roots_last_block_fkey FOREIGN KEY (last_block) REFERENCES private.seal_blocks(number) ON DELETE RESTRICT,
  constraint seal_roots_check CHECK ((last_block >= first_block))
);
comment on table private.seal_roots is 'One Merkle root for each day of the station that has blocks, over the hashes of its blocks. Published, so that copies lie outside.';
alter table private.seal_roots enable row level security;
CREATE TRIGGER seal_roots_are_append_only BEFORE DELETE OR UPDATE ON private.seal_roots FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
CREATE TRIGGER seal_roots_are_never_emptied BEFORE TRUNCATE ON private.seal_roots FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();

create table private.server_keys (
  id text not null,
  purpose text not null,
  wrapped public.sealed_text not null,
  created_at timestamp with time zone not null default now(),
  constraint server_keys_pkey PRIMARY KEY (id),
  constraint server_keys_id_check CHECK ((id ~ '^[a-z]+-[0-9]+$'::text)),
  constraint server_keys_purpose_check CHECK ((purpose = ANY (ARRAY['receipt'::text, 'index'::text, 'address'::text, 'challenge'::text, 'signing'::text, 'outbox'::text, 'chat'::text])))
);
comment on table private.server_keys is 'Versioned keys of the portal, wrapped by the master key, so that a rotation re-wraps and look-ups go on working (RULES B5).';
CREATE INDEX server_keys_by_purpose ON private.server_keys USING btree (purpose, created_at);
alter table private.server_keys enable row level security;

create table private.session_devices (
  session_id uuid not null,
  user_id uuid not null,
  browser text not null,
  system text not null,
  seen_at timestamp with time zone not null,
  constraint session_devices_pkey PRIMARY KEY (session_id),
  constraint session_devices_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  constraint session_devices_browser_check CHECK ((browser = ANY (ARRAY['chrome'::text, 'edge'::text, 'firefox'::text, 'safari'::text, 'wechat'::text, 'other'::text]))),
  constraint session_devices_system_check CHECK ((system = ANY (ARRAY['android'::text, 'ios'::text, 'windows'::text, 'macos'::text, 'linux'::text, 'harmony'::text, 'other'::text])))
);
comment on table private.session_devices is 'Rough name of the device behind a session. Supabase Auth sees the portal only, so that its own column says nothing. No address, no version.';
CREATE INDEX session_devices_by_person ON private.session_devices USING btree (user_id);
alter table private.session_devices enable row level security;

create table private.setting_changes (
  id uuid not null default gen_random_uuid(),
  number bigint not null generated always as identity,
  at timestamp with time zone not null,
  station_id uuid not null,
  section text not null,
  item text not null,
  before jsonb,
  after jsonb,
  changed_by uuid not null,
  undoes uuid,
  constraint setting_changes_pkey PRIMARY KEY (id),
  constraint setting_changes_number_key UNIQUE (number),
  constraint setting_changes_undoes_key UNIQUE (undoes),
  constraint setting_changes_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint setting_changes_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint setting_changes_undoes_fkey FOREIGN KEY (undoes) REFERENCES private.setting_changes(id) ON DELETE RESTRICT,
  constraint setting_changes_check CHECK ((before IS DISTINCT FROM after)),
  constraint setting_changes_item_check CHECK (((char_length(item) >= 1) AND (char_length(item) <= 80))),
  constraint setting_changes_section_check CHECK ((section = ANY (ARRAY['station'::text, 'office'::text, 'category'::text, 'category_order'::text, 'template'::text, 'areas'::text])))
);
comment on table private.setting_changes is 'What stood there before and after each change of a setting; null: nothing. The log names the row and the SHA-256 of both, and the log is sealed.';
CREATE INDEX setting_changes_by_item ON private.setting_changes USING btree (station_id, section, item, number);
CREATE INDEX setting_changes_by_staff ON private.setting_changes USING btree (changed_by);
alter table private.setting_changes enable row level security;
CREATE TRIGGER setting_changes_are_append_only BEFORE DELETE OR UPDATE ON private.setting_changes FOR EACH ROW EXECUTE FUNCTION private.refuse_change();
CREATE TRIGGER setting_changes_are_never_emptied BEFORE TRUNCATE ON private.setting_changes FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_change();

create table private.settings (
  key text not null,
  value jsonb not null,
  updated_at timestamp with time zone not null default now(),
  constraint settings_pkey PRIMARY KEY (key)
);
comment on table private.settings is 'Facts about this installation, such as `demo` and `clock_offset`.';
alter table private.settings enable row level security;

create table private.shipped_rows (
  kind text not null,
  key text not null,
  content jsonb not null,
  constraint shipped_rows_pkey PRIMARY KEY (kind, key),
  constraint shipped_rows_kind_check CHECK ((kind = ANY (ARRAY['category'::text, 'question'::text, 'template'::text, 'article'::text, 'alert_template'::text])))
);
comment on table private.shipped_rows is 'What a seed last shipped. A row that still equals it was left alone and follows the next version; one that differs, or is gone, is the station''s own.';
alter table private.shipped_rows enable row level security;

create table private.spent_challenges (
  id text not null,
  expires_at timestamp with time zone not null,
  constraint spent_challenges_pkey PRIMARY KEY (id)
);
comment on table private.spent_challenges is 'Solved proof-of-work challenges: each counts once.';
CREATE INDEX spent_challenges_by_expiry ON private.spent_challenges USING btree (expires_at);
alter table private.spent_challenges enable row level security;

create table private.staff_factors (
  user_id uuid not null,
  secret_sealed public.sealed_text,
  confirmed_at timestamp with time zone,
  last_step bigint not null default 0,
  strange_on date,
  strange_tries integer not null default 0,
  pending_sealed public.sealed_text,
  pending_at timestamp with time zone,
  constraint staff_factors_pkey PRIMARY KEY (user_id),
  constraint staff_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.staff(user_id) ON DELETE CASCADE,
  constraint staff_factors_check CHECK (((secret_sealed IS NULL) = (confirmed_at IS NULL))),
  constraint staff_factors_check1 CHECK (((pending_sealed IS NULL) = (pending_at IS NULL)))
);
comment on table private.staff_factors is 'TOTP secrets (RFC 6238), sealed by the portal. `last_step`: the newest 30-second step whose code was used; older ones and the same are refused. `strange_tries`: codes tried today from devices that never got in, at most twenty. `pending`: shown as a QR code, not confirmed by a first code yet.';
alter table private.staff_factors enable row level security;

create table private.staff_invitations (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  user_id uuid not null default gen_random_uuid(),
  role public.staff_role not null,
  name jsonb not null,
  badge_number text not null,
  email text,
  locale public.locale_code not null,
  created_at timestamp with time zone not null,
  token_hash public.keyed_hash,
  sent_at timestamp with time zone,
  expires_at timestamp with time zone,
  accepted_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint staff_invitations_pkey PRIMARY KEY (id),
  constraint staff_invitations_token_hash_key UNIQUE (token_hash),
  constraint staff_invitations_user_id_key UNIQUE (user_id),
  constraint staff_invitations_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint invitations_end_once CHECK (((accepted_at IS NULL) OR (revoked_at IS NULL))),
  constraint invitations_keep_no_address CHECK (((email IS NULL) = (num_nonnulls(accepted_at, revoked_at) = 1))),
  constraint invitations_token_is_dated CHECK (((num_nonnulls(token_hash, expires_at) = ANY (ARRAY[0, 2])) AND ((token_hash IS NULL) OR ((sent_at IS NOT NULL) AND (email IS NOT NULL))))),
  constraint staff_invitations_badge_number_check CHECK (((char_length(badge_number) >= 1) AND (char_length(badge_number) <= 30))),
  constraint staff_invitations_email_check CHECK (((email = lower(email)) AND (email ~ '^[^@\s]+@[^@\s]+$'::text) AND (char_length(email) <= 254))),
  constraint staff_invitations_name_check CHECK (private.is_text_in_both(name, 1, 60))
);
comment on table private.staff_invitations is 'People who were invited to the desk. The link''s token is kept as a keyed hash and works once, for seven days; the address goes when the invitation ends.';
CREATE INDEX staff_invitations_by_station ON private.staff_invitations USING btree (station_id, created_at DESC);
CREATE UNIQUE INDEX staff_invitations_one_a_badge ON private.staff_invitations USING btree (station_id, badge_number) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));
CREATE UNIQUE INDEX staff_invitations_one_an_address ON private.staff_invitations USING btree (email) WHERE (email IS NOT NULL);
alter table private.staff_invitations enable row level security;

create table private.staff_recovery_codes (
  code_hash public.keyed_hash not null,
  user_id uuid not null,
  used_at timestamp with time zone,
  constraint staff_recovery_codes_pkey PRIMARY KEY (code_hash),
  constraint staff_recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.staff(user_id) ON DELETE CASCADE
);
comment on table private.staff_recovery_codes is 'Ten codes for the day the phone is gone, each works once.';
CREATE INDEX staff_recovery_codes_by_person ON private.staff_recovery_codes USING btree (user_id);
alter table private.staff_recovery_codes enable row level security;

create table private.staff_sessions (
  session_id uuid not null,
  user_id uuid not null,
  verified_at timestamp with time zone not null,
  proved_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  locked_at timestamp with time zone,
  constraint staff_sessions_pkey PRIMARY KEY (session_id),
  constraint staff_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.staff(user_id) ON DELETE CASCADE
);
comment on table private.staff_sessions is 'Sessions of staff that have shown a second factor. `proved_at`: the last code; `seen_at`: the last thing the person did, not what the page asked for by itself.';
CREATE INDEX staff_sessions_by_person ON private.staff_sessions USING btree (user_id);
alter table private.staff_sessions enable row level security;

create table private.telegram_followers (
  report_id uuid not null,
  chat_hash public.keyed_hash not null,
  handle_sealed public.sealed_text not null,
  asked_at timestamp with time zone not null,
  constraint telegram_followers_pkey PRIMARY KEY (report_id),
  constraint telegram_followers_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE
);
comment on table private.telegram_followers is 'Reports whose reporter asked, after filing, to be told in their Telegram chat. handle_sealed: the chat''s id.';
CREATE INDEX telegram_followers_by_chat ON private.telegram_followers USING btree (chat_hash);
alter table private.telegram_followers enable row level security;

create table private.telegram_link_tokens (
  user_id uuid not null,
  token_hash public.keyed_hash not null,
  expires_at timestamp with time zone not null,
  update_hash public.keyed_hash,
  constraint telegram_link_tokens_pkey PRIMARY KEY (user_id),
  constraint telegram_link_tokens_token_hash_key UNIQUE (token_hash),
  constraint telegram_link_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
);
comment on table private.telegram_link_tokens is 'The token of a deep link: one an account, for fifteen minutes, used once. update_hash: by which tap, so that the same tap repeated is no second use.';
CREATE INDEX telegram_link_tokens_by_expiry ON private.telegram_link_tokens USING btree (expires_at);
alter table private.telegram_link_tokens enable row level security;

create table private.telegram_links (
  user_id uuid not null,
  chat_hash public.keyed_hash not null,
  handle_sealed public.sealed_text not null,
  news text not null default 'both'::text,
  linked_at timestamp with time zone not null,
  constraint telegram_links_pkey PRIMARY KEY (user_id),
  constraint telegram_links_chat_hash_key UNIQUE (chat_hash),
  constraint telegram_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  constraint telegram_links_news_check CHECK ((news = ANY (ARRAY['mail'::text, 'telegram'::text, 'both'::text])))
);
comment on table private.telegram_links is 'Which chat an account chose. One chat an account, one account a chat. handle_sealed: the chat''s id.';
comment on column private.telegram_links.news is 'Where news of the account''s own reports go. Calls to duty go to both.';
alter table private.telegram_links enable row level security;

create table private.verification_batches (
  id uuid not null default gen_random_uuid(),
  station_id uuid not null,
  community_id uuid not null,
  created_by uuid not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  size integer not null,
  redeemed integer not null default 0,
  revoked_at timestamp with time zone,
  revoked_by uuid,
  constraint verification_batches_pkey PRIMARY KEY (id),
  constraint verification_batches_community_id_station_id_fkey FOREIGN KEY (community_id, station_id) REFERENCES public.communities(id, station_id) ON DELETE RESTRICT,
  constraint verification_batches_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint verification_batches_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint verification_batches_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.stations(id) ON DELETE RESTRICT,
  constraint verification_batches_check CHECK ((expires_at > created_at)),
  constraint verification_batches_check1 CHECK (((redeemed >= 0) AND (redeemed <= size))),
  constraint verification_batches_check2 CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
  constraint verification_batches_size_check CHECK (((size >= 1) AND (size <= 500)))
);
comment on table private.verification_batches is 'Paper codes made at once at the desk. How many were used is known, not by whom.';
CREATE INDEX verification_batches_by_community ON private.verification_batches USING btree (community_id, station_id);
CREATE INDEX verification_batches_by_station ON private.verification_batches USING btree (station_id, created_at DESC);
alter table private.verification_batches enable row level security;

create table private.verification_codes (
  code_hash public.keyed_hash not null,
  batch_id uuid not null,
  constraint verification_codes_pkey PRIMARY KEY (code_hash),
  constraint verification_codes_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES private.verification_batches(id) ON DELETE CASCADE
);
comment on table private.verification_codes is 'Paper codes that nobody used yet. A code that is redeemed goes: which paper verified whom is not kept.';
CREATE INDEX verification_codes_by_batch ON private.verification_codes USING btree (batch_id);
alter table private.verification_codes enable row level security;

create table private.verifications (
  user_id uuid not null,
  id uuid not null default gen_random_uuid(),
  community_id uuid not null,
  method text not null,
  confirmed_by uuid,
  verified_on date not null,
  constraint verifications_pkey PRIMARY KEY (user_id),
  constraint verifications_id_key UNIQUE (id),
  constraint verifications_community_id_fkey FOREIGN KEY (community_id) REFERENCES public.communities(id) ON DELETE CASCADE,
  constraint verifications_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES public.staff(user_id) ON DELETE RESTRICT,
  constraint verifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
  constraint verifications_check CHECK (((method = 'officer'::text) = (confirmed_by IS NOT NULL))),
  constraint verifications_method_check CHECK ((method = ANY (ARRAY['code'::text, 'officer'::text])))
);
comment on table private.verifications is 'Verified residents: of one community at a time. The officer who confirmed is kept, since the rated one does not count (RULES E1).';
comment on column private.verifications.id is 'What the log names: nobody can be found by it once the account is erased.';
CREATE INDEX verifications_by_community ON private.verifications USING btree (community_id);
CREATE INDEX verifications_by_officer ON private.verifications USING btree (confirmed_by) WHERE (confirmed_by IS NOT NULL);
alter table private.verifications enable row level security;
CREATE TRIGGER verifications_are_for_residents BEFORE INSERT OR UPDATE ON private.verifications FOR EACH ROW EXECUTE FUNCTION private.refuse_verified_staff();

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

create table private.volunteer_contacts (
  volunteer_id uuid not null,
  contact_sealed public.sealed_text not null,
  constraint volunteer_contacts_pkey PRIMARY KEY (volunteer_id),
  constraint volunteer_contacts_volunteer_id_fkey FOREIGN KEY (volunteer_id) REFERENCES public.volunteers(id) ON DELETE CASCADE
);
comment on table private.volunteer_contacts is 'Their own name and phone, and whom to call in an emergency, sealed by the portal (RULES I1). Goes with the account.';
alter table private.volunteer_contacts enable row level security;
CREATE TRIGGER contacts_take_certificates_along AFTER DELETE ON private.volunteer_contacts FOR EACH ROW EXECUTE FUNCTION private.forget_certificates();
CREATE TRIGGER volunteer_contacts_take_the_feed AFTER DELETE ON private.volunteer_contacts FOR EACH ROW EXECUTE FUNCTION private.forget_feed();

create table private.volunteer_honours (
  volunteer_id uuid not null,
  honour_code public.code_name not null,
  given_at timestamp with time zone not null,
  constraint volunteer_honours_pkey PRIMARY KEY (volunteer_id, honour_code),
  constraint volunteer_honours_honour_code_fkey FOREIGN KEY (honour_code) REFERENCES private.honours(code) ON DELETE RESTRICT,
  constraint volunteer_honours_volunteer_id_fkey FOREIGN KEY (volunteer_id) REFERENCES public.volunteers(id) ON DELETE CASCADE
);
comment on table private.volunteer_honours is 'Given once, by a job, and not taken back.';
CREATE INDEX volunteer_honours_by_honour ON private.volunteer_honours USING btree (honour_code);
alter table private.volunteer_honours enable row level security;

-- Triggers on tables of other schemas

CREATE TRIGGER staff_keep_their_password BEFORE UPDATE OF encrypted_password ON auth.users FOR EACH ROW WHEN (((old.encrypted_password)::text IS DISTINCT FROM (new.encrypted_password)::text)) EXECUTE FUNCTION private.keep_staff_password();

-- Functions

CREATE OR REPLACE FUNCTION public.accept_invitation(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_invitation private.staff_invitations;
begin
  select i.* into v_invitation from private.staff_invitations i where i.token_hash = p ->> 'token_hash' and i.expires_at > private.clock() for update;
  if not found then
    return private.refuse('invitation_ended');
  end if;
  if not exists (select from auth.users u where u.id = v_invitation.user_id and lower(u.email) = v_invitation.email) then
    return private.refuse('conflict');
  end if;
  insert into public.staff (user_id, station_id, role, name, badge_number, created_at)
  values (v_invitation.user_id, v_invitation.station_id, v_invitation.role, v_invitation.name, v_invitation.badge_number, private.clock());
  update private.staff_invitations i set accepted_at = private.clock(), token_hash = null, expires_at = null, email = null where i.id = v_invitation.id;
  perform private.drop_invitation_mails(v_invitation.id);
  perform private.log(v_invitation.station_id, v_invitation.user_id, v_invitation.role, 'staff.joined', 'staff', v_invitation.user_id,
    jsonb_build_object('role', v_invitation.role, 'badge', v_invitation.badge_number));
  return jsonb_build_object('ok', true, 'role', v_invitation.role);
end;
$function$;
comment on function public.accept_invitation(jsonb) is 'Definer: nobody may write staff directly.';
grant execute on function public.accept_invitation(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.add_duty_shift(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_target public.staff;
  v_shift public.duty_shifts;
  v_starts timestamptz := (p ->> 'starts_at')::timestamptz;
  v_ends timestamptz := (p ->> 'ends_at')::timestamptz;
begin
  if not private.may_plan_duty(v_staff) then
    return private.refuse('forbidden');
  end if;
  select s.* into v_target from public.staff s where s.user_id = (p ->> 'staff')::uuid and s.station_id = v_staff.station_id and s.is_active and s.role in ('officer', 'lead', 'chief') for share;
  if v_target.user_id is null then
    return private.refuse('assignee_not_allowed');
  end if;
  if v_starts is null or v_ends is null or v_ends <= v_starts or v_ends > v_starts + interval '24 hours' or v_ends <= private.clock() or v_starts > private.clock() + interval '2 years' then
    return private.refuse('invalid_input');
  end if;
  insert into public.duty_shifts (station_id, staff_id, starts_at, ends_at, set_by) values (v_staff.station_id, v_target.user_id, v_starts, v_ends, v_staff.user_id)
  on conflict do nothing returning * into v_shift;
  if v_shift.id is null then
    return private.refuse('already_on_duty');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'duty.shift_set', 'staff', v_target.user_id, jsonb_build_object('colleague', v_target.user_id, 'day', private.day_at(v_staff.station_id, v_starts)));
  return jsonb_build_object('ok', true, 'shift', private.shift_facts(v_shift));
end;
$function$;
comment on function public.add_duty_shift(jsonb) is 'Definer: nobody may write the roster directly.';
grant execute on function public.add_duty_shift(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.add_rating_word(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_thread private.chat_threads := private.thread_of((p ->> 'conversation')::uuid);
begin
  if p ->> 'word_sealed' is null then
    return private.refuse('invalid_input');
  end if;
  update private.chat_threads t set rating_word_sealed = p ->> 'word_sealed'
  where t.id = v_thread.id and t.rated_at > private.clock() - interval '1 day' and t.rating_word_sealed is null;
  if not found then
    return private.refuse('not_found');
  end if;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.add_rating_word(jsonb) is 'Definer: the tables are private.';
grant execute on function public.add_rating_word(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.add_signing_key(p_id text, p_wrapped text, p_valid_from timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if p_valid_from is null or p_valid_from <= private.clock() or exists (select from private.server_keys k where k.purpose = 'signing' and k.created_at >= p_valid_from) then
    return private.refuse('invalid_input');
  end if;
  insert into private.server_keys (id, purpose, wrapped, created_at) values (p_id, 'signing', p_wrapped, p_valid_from) on conflict (id) do nothing;
  if not found then
    return private.refuse('conflict');
  end if;
  perform private.log((select s.id from public.stations s where s.is_default), null, 'system', 'trust.key_added', 'trust', null, jsonb_build_object('key', p_id));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.add_signing_key(text,text,timestamp with time zone) is 'Definer: the table is private.';
grant execute on function public.add_signing_key(text,text,timestamp with time zone) to service_role;

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

CREATE OR REPLACE FUNCTION public.add_thread_message(p jsonb)
 RETURNS jsonb
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select private.say_in_thread(p);
$function$;
comment on function public.add_thread_message(jsonb) is 'Definer: the tables are private.';
grant execute on function public.add_thread_message(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.advance_patrols()
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_station uuid;
  v_did jsonb;
  v_sum jsonb := '{"ok": true, "missed": 0, "expired": 0, "offered": 0, "cancelled": 0, "alarmed": 0, "reminded": 0, "written": 0}';
begin
  for v_station in select s.id from public.stations s where exists (select from public.volunteers v where v.station_id = s.id) or exists (select from public.patrol_shifts p where p.station_id = s.id)
    or exists (select from public.shift_series e where e.station_id = s.id) order by s.id loop
    v_did := jsonb_build_object('missed', private.end_roll_calls(v_station)) || private.advance_roster(v_station);
    v_sum := v_sum || (select jsonb_object_agg(d.key, (v_sum ->> d.key)::integer + d.value::text::integer) from jsonb_each(v_did) d);
  end loop;
  return v_sum;
end;
$function$;
comment on function public.advance_patrols() is 'For the job. Definer: nobody writes the roster directly.';
grant execute on function public.advance_patrols() to service_role;

CREATE OR REPLACE FUNCTION public.advance_points()
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_station uuid;
  v_paid integer := 0;
  v_honoured integer := 0;
  v_forgotten integer;
begin
  for v_station in select distinct v.station_id from public.volunteers v order by 1 loop
    v_paid := v_paid + private.pay_claims(v_station);
    v_honoured := v_honoured + private.give_honours(v_station);
  end loop;
  update private.hours_corrections c set why = null, note = null where c.decided_at < private.clock() - interval '2 years' and num_nonnulls(c.why, c.note) > 0;
  get diagnostics v_forgotten = row_count;
  return jsonb_build_object('ok', true, 'paid', v_paid, 'honoured', v_honoured, 'forgotten', v_forgotten);
end;
$function$;
comment on function public.advance_points() is 'For the job. Definer: nobody writes the ledger directly.';
grant execute on function public.advance_points() to service_role;

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

  -- At least one a month and station: when none of a month was asked again or still can be, its oldest answer is drawn. One that
  -- was drawn and then overturned, or whose fourteen days are over, does not count.
  update public.revisits v set is_drawn = true where v.id in (
    select distinct on (r.station_id, date_trunc('month', w.answered_at)) w.id
    from public.revisits w join public.reports r on r.id = w.report_id
    where w.answered_by = 'staff' and w.answered_at > v_now - interval '14 days'
      and not exists (select from public.revisits o join public.reports q on q.id = o.report_id
        where q.station_id = r.station_id and (o.asked_again_at is not null or (o.is_drawn and o.answered_by = 'staff' and o.answered_at > v_now - interval '14 days'))
          and date_trunc('month', o.answered_at) = date_trunc('month', w.answered_at))
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

CREATE OR REPLACE FUNCTION public.advance_rewards()
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_order private.reward_orders;
  v_nobody public.staff;
  v_cancelled integer := 0;
begin
  for v_order in select o.* from private.reward_orders o where o.state = 'ordered' and o.ordered_at < private.clock() - interval '30 days' order by o.station_id, o.number limit 500 loop
    if (private.change_order(v_order.id, 'cancel', v_nobody, null) ->> 'ok')::boolean then
      perform private.log(v_order.station_id, null, 'system', 'reward.cancelled', 'patrols', v_order.id);
      v_cancelled := v_cancelled + 1;
    end if;
  end loop;
  return jsonb_build_object('ok', true, 'cancelled', v_cancelled);
end;
$function$;
comment on function public.advance_rewards() is 'For the job. Definer: nobody writes the tables directly.';
grant execute on function public.advance_rewards() to service_role;

CREATE OR REPLACE FUNCTION public.announce_bot(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if coalesce(p ->> 'username', '') !~ '^\w{3,64}$' then
    return private.refuse('invalid_input');
  end if;
  insert into private.settings (key, value) values ('telegram_bot', p -> 'username')
  on conflict (key) do update set value = excluded.value, updated_at = now();
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.announce_bot(jsonb) is 'Definer: settings are private.';
grant execute on function public.announce_bot(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.answer_thread(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_thread private.chat_threads;
  v_message private.chat_thread_messages;
begin
  select t.* into v_thread from private.chat_threads t where t.id = (p ->> 'thread')::uuid for update;
  if not private.may_read_thread(v_thread, v_staff) then
    return private.refuse_thread(v_staff);
  end if;
  select m.* into v_message from private.chat_thread_messages m where m.id = (p ->> 'id')::uuid and m.thread_id = v_thread.id;
  if v_message.id is null then
    if v_thread.state = 'closed' then
      return private.refuse('conflict');
    end if;
    perform private.add_to_thread(v_thread.id, p - 'at', 'staff', false, v_staff.user_id);
    select m.* into v_message from private.chat_thread_messages m where m.id = (p ->> 'id')::uuid;
    update private.chat_threads t set state = 'open', answered_at = coalesce(t.answered_at, private.clock()), answered_by = coalesce(t.answered_by, v_staff.user_id), staff_id = v_staff.user_id,
      waiting_since = null, last_at = private.clock() where t.id = v_thread.id returning * into v_thread;
    if v_thread.handle_sealed is not null then
      insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, locale) values ('telegram', 'chat.staff_reply', 'chat', v_message.id, v_thread.handle_sealed, v_thread.locale);
    end if;
    perform private.log(v_thread.station_id, v_staff.user_id, v_staff.role, 'chat.answered', 'chat', v_thread.id);
    return jsonb_build_object('ok', true, 'is_replay', false, 'thread', private.thread_facts(v_thread), 'message', jsonb_build_object('id', v_message.id, 'number', v_message.number, 'at', v_message.at));
  end if;
  return jsonb_build_object('ok', true, 'is_replay', true, 'thread', private.thread_facts(v_thread), 'message', jsonb_build_object('id', v_message.id, 'number', v_message.number, 'at', v_message.at));
end;
$function$;
comment on function public.answer_thread(jsonb) is 'Definer: the tables are private.';
grant execute on function public.answer_thread(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.append_block(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_head private.seal_blocks;
begin
  -- One at a time; released at the end of the transaction.
  perform pg_catalog.pg_advisory_xact_lock(7446531);
  select b.* into v_head from private.seal_blocks b order by b.number desc limit 1;
  if (p ->> 'number')::bigint is distinct from coalesce(v_head.number, 0) + 1 or p ->> 'previous' is distinct from v_head.hash::text
    or (p ->> 'log_until')::bigint < coalesce(v_head.log_until, 0) or (p ->> 'day')::date < v_head.day
    or exists (select from private.seal_roots r where r.day >= (p ->> 'day')::date) then
    return private.refuse('conflict');
  end if;
  insert into private.seal_blocks (number, sealed_at, day, previous, root, leaves, log_until, key_id, signature, hash)
  values ((p ->> 'number')::bigint, (p ->> 'sealed_at')::timestamptz, (p ->> 'day')::date, p ->> 'previous', p ->> 'root', jsonb_array_length(p -> 'leaves'),
    (p ->> 'log_until')::bigint, p ->> 'key_id', p ->> 'signature', p ->> 'hash');
  insert into private.seal_leaves (block, position, source, row_id, report_id, version, at, digest)
  select (p ->> 'number')::bigint, (e.place - 1)::integer, e.leaf ->> 'source', e.leaf ->> 'row', (e.leaf ->> 'report_id')::uuid, (e.leaf ->> 'version')::smallint, (e.leaf ->> 'at')::timestamptz, e.leaf ->> 'digest'
  from jsonb_array_elements(p -> 'leaves') with ordinality as e (leaf, place);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.append_block(jsonb) is 'Adds a signed block. Definer: the chain is private, and only added to.';
grant execute on function public.append_block(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.append_root(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_last private.seal_roots;
begin
  perform pg_catalog.pg_advisory_xact_lock(7446531);
  select r.* into v_last from private.seal_roots r order by r.day desc limit 1;
  if p ->> 'previous' is distinct from v_last.hash::text or (p ->> 'day')::date <= v_last.day or not (p ->> 'day')::date < private.station_day(private.clock()) then
    return private.refuse('conflict');
  end if;
  insert into private.seal_roots (day, root, previous, first_block, last_block, published_at, key_id, signature, hash)
  values ((p ->> 'day')::date, p ->> 'root', p ->> 'previous', (p ->> 'first_block')::bigint, (p ->> 'last_block')::bigint, (p ->> 'published_at')::timestamptz,
    p ->> 'key_id', p ->> 'signature', p ->> 'hash');
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.append_root(jsonb) is 'Adds the signed root of a day. Definer: the chain is private, and only added to.';
grant execute on function public.append_root(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.apply_as_volunteer(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_now timestamptz := private.clock();
  v_community public.communities;
  v_before public.volunteers;
  v_after public.volunteers;
  v_nobody public.staff;
  v_kinds text[] := array(select distinct k.value from jsonb_array_elements_text(case when jsonb_typeof(p -> 'kinds') = 'array' then p -> 'kinds' else '[]'::jsonb end) k order by k.value);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select c.* into v_community from public.communities c where c.slug = p ->> 'community' and c.is_active;
  if v_community.id is null then
    return private.refuse('not_found');
  end if;
  if cardinality(v_kinds) = 0 or not v_kinds <@ array['patroller', 'information', 'building_contact', 'mediator'] or not private.is_availability(p -> 'availability')
    or p ->> 'contact_sealed' is null or coalesce(p ->> 'locale', '') not in ('zh', 'en') then
    return private.refuse('invalid_input');
  end if;
  if exists (select from private.patrol_declarations() t where (p -> 'declarations' ->> t.purpose)::integer is distinct from t.version) then
    return private.refuse(case when exists (select from private.patrol_declarations() t where p -> 'declarations' ->> t.purpose is null) then 'invalid_input' else 'conflict' end);
  end if;
  perform from auth.users u where u.id = v_actor for no key update;
  v_before := private.volunteer_of(v_actor);
  if v_before.id is not null and (v_before.state <> 'left' or v_before.station_id <> v_community.station_id) then
    return private.refuse('already_volunteer');
  end if;
  if v_before.id is null then
    insert into public.volunteers (station_id, community_id, user_id, kinds, availability, created_at, changed_at, no_shows_from)
    values (v_community.station_id, v_community.id, v_actor, v_kinds::public.volunteer_kind[], p -> 'availability', v_now, v_now, v_now) returning * into v_after;
  else
    update public.volunteers v set community_id = v_community.id, kinds = v_kinds::public.volunteer_kind[], availability = p -> 'availability', state = 'applied', changed_at = v_now, reviewed_by = null
    where v.id = v_before.id returning * into v_after;
  end if;
  insert into private.volunteer_contacts (volunteer_id, contact_sealed) values (v_after.id, p ->> 'contact_sealed') on conflict (volunteer_id) do update set contact_sealed = excluded.contact_sealed;
  insert into private.consents (user_id, purpose, version, is_given, at, channel, locale)
  select v_actor, t.purpose, t.version, true, v_now, 'web', p ->> 'locale' from private.patrol_declarations() t order by t.purpose;
  perform private.add_volunteer_step(v_before, v_after, 'volunteer.applied', 'applied', v_nobody, null);
  perform private.tell_leads(v_after.station_id, 'patrols.applied', v_after.id);
  return jsonb_build_object('ok', true, 'id', v_after.id, 'state', v_after.state);
end;
$function$;
comment on function public.apply_as_volunteer(jsonb) is 'The server''s: it seals the contact. Definer: nobody writes the roster directly.';
grant execute on function public.apply_as_volunteer(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.ask_hours_correction(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
  v_volunteer public.volunteers := private.volunteer_of(private.actor());
  v_now timestamptz := private.clock();
  v_place public.shift_places;
  v_from timestamptz := (p ->> 'from')::timestamptz;
  v_to timestamptz := (p ->> 'to')::timestamptz;
  v_gap text;
  v_id uuid;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select q.* into v_place from public.shift_places q where q.id = (p ->> 'place')::uuid and q.volunteer_id = v_volunteer.id;
  if v_place.id is null then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_volunteer.station_id);
  select q.* into v_place from public.shift_places q where q.id = v_place.id for update;
  v_gap := private.correction_gap(v_place, v_now);
  if v_gap is not null then
    return private.refuse(v_gap);
  elsif not coalesce(private.is_plain_text(p ->> 'why', 3, 500, true), false) then
    return private.refuse('reason_missing');
  elsif not coalesce(v_from < v_to and v_to <= v_now and v_from >= lower(v_place.period) - interval '6 hours' and v_to <= upper(v_place.period) + interval '6 hours' and v_from < upper(v_place.period) and v_to > lower(v_place.period), false) then
    return private.refuse('invalid_input');
  elsif exists (select from private.patrol_hours h where h.volunteer_id = v_volunteer.id and h.place_id <> v_place.id and h.worked && tstzrange(v_from, v_to)) then
    return private.refuse('shift_overlap');
  end if;
  insert into private.hours_corrections (place_id, volunteer_id, asked, was, why, asked_at)
  values (v_place.id, v_volunteer.id, tstzrange(v_from, v_to), (select h.worked from private.patrol_hours h where h.place_id = v_place.id), p ->> 'why', v_now) returning id into v_id;
  perform private.log(v_volunteer.station_id, null, 'resident', 'points.correction_asked', 'patrols', v_id);
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$function$;
comment on function public.ask_hours_correction(jsonb) is 'Definer: nobody writes the ledger directly.';
grant execute on function public.ask_hours_correction(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.ask_reveal(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_reveal private.reveals;
  v_kind text := case when p ->> 'attachment' is null then 'identity' else 'original' end;
  v_reason text := btrim(coalesce(p ->> 'reason', ''));
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.reveal_refused', p ->> 'reference');
  end if;
  if char_length(v_reason) not between 10 and 500 then
    return private.refuse('reason_missing');
  end if;
  if (v_kind = 'identity' and v_report.contact_mode <> 'sealed')
    or (v_kind = 'original' and not exists (select from public.report_attachments a where a.id::text = p ->> 'attachment' and a.report_id = v_report.id
      and a.original_blob is not null and a.view_blob is not null)) then
    return private.refuse('nothing_sealed');
  end if;
  -- One request at a time; one that lapsed makes room.
  delete from private.reveals v where v.report_id = v_report.id and v.kind = v_kind and v.decided_at is null and not private.is_reveal_waiting(v);
  insert into private.reveals (report_id, kind, attachment_id, reason, asked_at, asked_by, asked_role)
  values (v_report.id, v_kind, (p ->> 'attachment')::uuid, v_reason, private.clock(), v_staff.user_id, v_staff.role)
  on conflict do nothing returning * into v_reveal;
  if v_reveal.id is null then
    return private.refuse('conflict');
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.reveal_asked', 'reports', v_report.id, jsonb_build_object('kind', v_kind, 'reason', v_reason));
  return jsonb_build_object('ok', true, 'reveal', private.reveal_facts(v_reveal, v_staff));
end;
$function$;
comment on function public.ask_reveal(jsonb) is 'Asks for a sealed identity or an original, with a reason. Definer: requests are private.';
grant execute on function public.ask_reveal(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.assign_community(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_subject public.staff;
  v_from date := (p ->> 'from_on')::date;
  v_to date := (p ->> 'to_on')::date;
  v_kind text := coalesce(p ->> 'kind', '');
  v_community public.communities;
  v_id uuid;
begin
  if v_staff.user_id is null or v_staff.role <> 'chief' then
    return private.refuse('forbidden');
  end if;
  select s.* into v_subject from public.staff s where s.user_id = (p ->> 'staff')::uuid and s.station_id = v_staff.station_id for share;
  select c.* into v_community from public.communities c where c.id = (p ->> 'community')::uuid and c.station_id = v_staff.station_id and c.is_active;
  if v_subject.user_id is null or v_community.id is null then
    return private.refuse('not_found');
  end if;
  if not v_subject.is_active or v_subject.role not in ('officer', 'lead') then
    return private.refuse('assignee_not_allowed');
  end if;
  -- Days that are over stay as they were: the log says who could see what when.
  if v_kind not in ('officer', 'stand_in') or v_from is null or v_from < private.station_today(v_staff.station_id) or v_to < v_from then
    return private.refuse('invalid_input');
  end if;
  if private.is_assigned(v_subject.user_id, v_community.id, 'officer', v_from, v_to) or private.is_assigned(v_subject.user_id, v_community.id, 'stand_in', v_from, v_to) then
    return private.refuse('assignment_overlap');
  end if;
  begin
    insert into public.assignments (staff_id, community_id, kind, from_on, to_on) values (v_subject.user_id, v_community.id, v_kind, v_from, v_to) returning id into v_id;
  exception when exclusion_violation then
    return private.refuse('assignment_overlap');
  end;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.assigned', 'staff', v_subject.user_id,
    jsonb_build_object('about', v_subject.user_id, 'community', v_community.id, 'post', v_kind, 'from_on', v_from, 'to_on', v_to));
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$function$;
comment on function public.assign_community(jsonb) is 'Definer: nobody may write assignments directly.';
grant execute on function public.assign_community(jsonb) to authenticated;

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
$function$;
comment on function public.assign_report(text,uuid) is 'Definer: nobody may write reports directly.';
grant execute on function public.assign_report(text,uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.ban_chat(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.id = (p ->> 'thread')::uuid;
  if not private.may_read_thread(v_thread, v_staff) then
    return private.refuse_thread(v_staff);
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  insert into public.bans (station_id, kind, subject_hash, reason, created_by, created_at)
  values (v_staff.station_id, 'chat', p ->> 'subject_hash', p ->> 'reason', v_staff.user_id, private.clock())
  on conflict (station_id, subject_hash) where lifted_at is null do nothing;
  perform private.log(v_thread.station_id, v_staff.user_id, v_staff.role, 'chat.sender_banned', 'chat', v_thread.id);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.ban_chat(jsonb) is 'Definer: nobody may write bans directly.';
grant execute on function public.ban_chat(jsonb) to service_role;

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
  if coalesce(p ->> 'kind', 'account') not in ('account', 'chat') then
    return private.refuse('invalid_input');
  end if;
  insert into public.bans (station_id, kind, subject_hash, report_id, reason, created_by, created_at)
  values (v_staff.station_id, coalesce(p ->> 'kind', 'account'), p ->> 'subject_hash', v_report.id, p ->> 'reason', v_staff.user_id, private.clock())
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
  v_chat text;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.ban_refused', p ->> 'reference');
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  select f.chat_hash into v_chat from private.telegram_followers f where f.report_id = v_report.id;
  if v_report.owner_id is null and v_report.owner_hash is null and v_chat is null then
    return private.refuse('no_account');
  end if;
  return jsonb_build_object('ok', true, 'owner_id', v_report.owner_id, 'owner_hash', v_report.owner_hash, 'chat_hash', v_chat);
end;
$function$;
comment on function public.begin_ban(jsonb) is 'Definer: the owner has no SELECT grant.';
grant execute on function public.begin_ban(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.begin_chat_ban(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_thread private.chat_threads;
  v_chat text;
begin
  select t.* into v_thread from private.chat_threads t where t.id = (p ->> 'thread')::uuid;
  if not private.may_read_thread(v_thread, v_staff) then
    return private.refuse_thread(v_staff);
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  select c.key_hash into v_chat from private.chat_conversations c where c.id = v_thread.conversation_id and c.channel = 'telegram';
  if v_chat is null then
    return private.refuse('no_account');
  end if;
  return jsonb_build_object('ok', true, 'chat_hash', v_chat);
end;
$function$;
comment on function public.begin_chat_ban(jsonb) is 'Definer: the tables are private.';
grant execute on function public.begin_chat_ban(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.begin_factor(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_of_session((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if not private.may_change_factor(v_staff.user_id, (p ->> 'session')::uuid) then
    return private.refuse('second_factor_required');
  end if;
  insert into private.staff_factors as f (user_id, pending_sealed, pending_at) values (v_staff.user_id, p ->> 'secret_sealed', now())
  on conflict (user_id) do update set pending_sealed = excluded.pending_sealed, pending_at = excluded.pending_at;
  return jsonb_build_object('ok', true, 'email', (select u.email from auth.users u where u.id = v_staff.user_id));
end;
$function$;
comment on function public.begin_factor(jsonb) is 'Keeps the sealed secret that is shown as a QR code. Definer: the table is private.';
grant execute on function public.begin_factor(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.begin_seal_check(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.seal_reader(p);
  v_id uuid;
begin
  if p ->> 'actor' is not null and (v_staff.user_id is null or v_staff.role not in ('auditor', 'chief')) then
    return private.refuse('forbidden');
  end if;
  insert into private.seal_checks (started_at, station_id, actor_id, actor_role, cursor)
  values (private.clock(), coalesce(v_staff.station_id, (select s.id from public.stations s where s.is_default)), v_staff.user_id, coalesce(v_staff.role, 'system'), '{"phase": "blocks", "after": 0}')
  returning id into v_id;
  return jsonb_build_object('ok', true, 'id', v_id, 'blocks', (select coalesce(max(b.number), 0) from private.seal_blocks b));
end;
$function$;
comment on function public.begin_seal_check(jsonb) is 'For auditor and chief, or the command on the server. Definer: the chain is private.';
grant execute on function public.begin_seal_check(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.cancel_patrol_shift(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.patrol_planner();
  v_shift public.patrol_shifts;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  perform private.lock_roster(v_staff.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'id')::uuid and s.station_id = v_staff.station_id for update;
  if v_shift.id is null then
    return private.refuse('not_found');
  elsif v_shift.state <> 'open' then
    return private.refuse('shift_closed');
  elsif not private.is_plain_text(p ->> 'reason', 3, 500, true) or p ->> 'reason' = 'too_few' then
    return private.refuse('reason_missing');
  end if;
  v_shift := private.call_off(v_shift.id, p ->> 'reason');
  perform private.log_shift(v_staff, 'shift.cancelled', v_shift.id);
  return jsonb_build_object('ok', true, 'shift', private.desk_shift(v_shift));
end;
$function$;
comment on function public.cancel_patrol_shift(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.cancel_patrol_shift(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.change_calendar_feed(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers := private.volunteer_of(v_actor);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  elsif v_volunteer.id is null then
    return private.refuse('not_enrolled');
  end if;
  if p ->> 'token_hash' is null then
    update private.calendar_feeds f set token_hash = null, revoked_at = v_now, last_read_on = null where f.volunteer_id = v_volunteer.id and f.revoked_at is null;
    if not found then
      return private.refuse('not_found');
    end if;
    perform private.log(v_volunteer.station_id, null, 'resident', 'volunteer.calendar_ended', 'patrols', v_volunteer.id);
    return jsonb_build_object('ok', true);
  end if;
  if v_volunteer.state not in ('enrolled', 'active', 'suspended') then
    return private.refuse('not_enrolled');
  end if;
  insert into private.calendar_feeds (volunteer_id, token_hash, created_at) values (v_volunteer.id, p ->> 'token_hash', v_now)
  on conflict (volunteer_id) do update set token_hash = excluded.token_hash, created_at = v_now, revoked_at = null, last_read_on = null;
  perform private.log(v_volunteer.station_id, null, 'resident', 'volunteer.calendar_made', 'patrols', v_volunteer.id);
  return jsonb_build_object('ok', true);
end;
$function$;
comment on function public.change_calendar_feed(jsonb) is 'For the server, which makes the token. Definer: nobody writes the roster directly.';
grant execute on function public.change_calendar_feed(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.change_order(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_act text := p ->> 'act';
  v_note text := nullif(btrim(p ->> 'note'), '');
  v_order private.reward_orders;
  v_answer jsonb;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) or (v_act = 'keep' and v_staff.role = 'officer') then
    return private.refuse('forbidden');
  elsif coalesce(v_act not in ('hand_out', 'return', 'keep', 'cancel'), true) then
    return private.refuse('invalid_input');
  end if;
  if v_act = 'hand_out' then
    select o.* into v_order from private.reward_orders o where o.station_id = v_staff.station_id and o.code = upper(regexp_replace(p ->> 'code', '[^0-9A-Za-z]', '', 'g')) and o.state = 'ordered';
  else
    select o.* into v_order from private.reward_orders o where o.station_id = v_staff.station_id and o.id = (p ->> 'order')::uuid;
  end if;
  if v_order.id is null then
    return private.refuse('not_found');
  elsif exists (select from public.volunteers v where v.id = v_order.volunteer_id and v.user_id = v_staff.user_id) then
    return private.refuse('not_for_oneself');
  elsif (v_act in ('keep', 'cancel') and v_note is null) or (v_note is not null and not private.is_plain_text(v_note, 3, 500, true)) then
    return private.refuse('reason_missing');
  end if;
  v_answer := private.change_order(v_order.id, v_act, v_staff, v_note);
  if (v_answer ->> 'ok')::boolean then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, case v_act when 'hand_out' then 'reward.handed_out' when 'return' then 'reward.returned' when 'keep' then 'reward.deposit_kept' else 'reward.cancelled' end, 'patrols', v_order.id);
  end if;
  return v_answer || case when (v_answer ->> 'ok')::boolean then jsonb_build_object('order', v_order.id) else '{}'::jsonb end;
end;
$function$;
comment on function public.change_order(jsonb) is 'Definer: nobody writes the tables directly.';
grant execute on function public.change_order(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.change_own_order(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
  v_volunteer public.volunteers;
  v_answer jsonb;
  v_nobody public.staff;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_volunteer := private.volunteer_of(v_actor);
  if v_volunteer.id is null then
    return private.refuse('not_found');
  elsif p ->> 'act' = 'order' then
    return private.order_reward(v_volunteer.id, (p ->> 'reward')::uuid);
  elsif p ->> 'act' is distinct from 'cancel' then
    return private.refuse('invalid_input');
  elsif not exists (select from private.reward_orders o where o.id = (p ->> 'order')::uuid and o.volunteer_id = v_volunteer.id) then
    return private.refuse('not_found');
  end if;
  v_answer := private.change_order((p ->> 'order')::uuid, 'cancel', v_nobody, null);
  if (v_answer ->> 'ok')::boolean then
    perform private.log_own_act(v_volunteer, 'reward.cancelled', (p ->> 'order')::uuid);
  end if;
  return v_answer;
end;
$function$;
comment on function public.change_own_order(jsonb) is 'Definer: nobody writes the tables directly.';
grant execute on function public.change_own_order(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.change_own_place(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.patrol_actor(p);
  v_volunteer public.volunteers := private.volunteer_of(v_actor);
  v_shift uuid := (p ->> 'shift')::uuid;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if v_volunteer.id is null then
    return private.refuse('not_enrolled');
  end if;
  return case p ->> 'act'
    when 'sign_up' then private.sign_up(v_volunteer.id, v_shift)
    when 'leave' then private.leave_shift(v_volunteer.id, v_shift)
    when 'accept_offer' then private.answer_offer(v_volunteer.id, v_shift)
    when 'ask_swap' then private.swap_place(v_volunteer.id, 'ask', v_shift, null)
    when 'accept_swap' then private.swap_place(v_volunteer.id, 'accept', null, (p ->> 'swap')::uuid)
    when 'withdraw_swap' then private.swap_place(v_volunteer.id, 'withdraw', null, (p ->> 'swap')::uuid)
    else private.refuse('invalid_input') end;
end;
$function$;
comment on function public.change_own_place(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.change_own_place(jsonb) to authenticated;
grant execute on function public.change_own_place(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.change_own_volunteering(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
  v_before public.volunteers;
  v_after public.volunteers;
  v_nobody public.staff;
  v_act text := p ->> 'act';
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_before := private.volunteer_of(v_actor);
  if v_before.id is null then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_before.station_id);
  select v.* into v_before from public.volunteers v where v.id = v_before.id for update;
  if v_act = 'appeal' then
    if v_before.state <> 'refused' or v_before.appealed_at is not null then
      return private.refuse('status_order');
    end if;
    if not private.is_plain_text(p ->> 'note', 3, 1000, true) then
      return private.refuse('reason_missing');
    end if;
    update public.volunteers v set state = 'applied', appealed_at = private.clock(), changed_at = private.clock(), reviewed_by = null where v.id = v_before.id returning * into v_after;
    perform private.add_volunteer_step(v_before, v_after, 'volunteer.appealed', 'appealed', v_nobody, p ->> 'note');
    perform private.tell_leads(v_after.station_id, 'patrols.applied', v_after.id);
  elsif v_act = 'leave' then
    if v_before.state in ('left', 'refused') then
      return private.refuse('status_order');
    end if;
    update public.volunteers v set state = 'left', suspended_from = null, suspended_until = null, changed_at = private.clock() where v.id = v_before.id returning * into v_after;
    perform private.add_volunteer_step(v_before, v_after, 'volunteer.left', 'left', v_nobody, null);
    perform private.clear_places(v_after.id);
  elsif v_act = 'availability' then
    if not private.is_availability(p -> 'availability') then
      return private.refuse('invalid_input');
    end if;
    update public.volunteers v set availability = p -> 'availability' where v.id = v_before.id returning * into v_after;
  else
    return private.refuse('invalid_input');
  end if;
  return jsonb_build_object('ok', true, 'state', v_after.state);
end;
$function$;
comment on function public.change_own_volunteering(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.change_own_volunteering(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.change_patrol_route(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.patrol_planner();
  v_gap text;
  v_route public.patrol_routes;
  v_point record;
  v_id uuid;
begin
  if v_staff.user_id is not null then
    perform private.lock_roster(v_staff.station_id);
  end if;
  v_gap := private.route_gap(v_staff, (p ->> 'id')::uuid);
  if v_gap is not null then
    return private.refuse(v_gap);
  end if;
  select r.* into v_route from public.patrol_routes r where r.id = (p ->> 'id')::uuid for update;
  if not coalesce(private.is_text_in_both(p -> 'name', 1, 80), false) or (case when jsonb_typeof(p -> 'checkpoints') = 'array' then jsonb_array_length(p -> 'checkpoints') > 50
      or (select count(c.value ->> 'id') <> count(distinct c.value ->> 'id') from jsonb_array_elements(p -> 'checkpoints') c)
      or exists (select from jsonb_array_elements(p -> 'checkpoints') c where not coalesce(private.is_text_in_both(c.value -> 'name', 1, 80), false)
        or not exists (select from public.grids g where g.id = (c.value ->> 'grid')::uuid and g.community_id = v_route.community_id and g.is_active)
        or (c.value ->> 'id' is not null and not exists (select from public.patrol_checkpoints k where k.id = (c.value ->> 'id')::uuid and k.route_id = v_route.id and k.is_active and k.grid_id = (c.value ->> 'grid')::uuid))) else true end) then
    return private.refuse('invalid_input');
  end if;
  update public.patrol_routes r set name = p -> 'name' where r.id = v_route.id;
  update public.patrol_checkpoints c set is_active = false where c.route_id = v_route.id;
  for v_point in select c.value, c.ordinality as position from jsonb_array_elements(p -> 'checkpoints') with ordinality c loop
    if v_point.value ->> 'id' is not null then
      update public.patrol_checkpoints c set is_active = true, position = v_point.position, name = v_point.value -> 'name' where c.id = (v_point.value ->> 'id')::uuid;
    else
      insert into public.patrol_checkpoints (route_id, community_id, grid_id, position, name) values (v_route.id, v_route.community_id, (v_point.value ->> 'grid')::uuid, v_point.position, v_point.value -> 'name') returning id into v_id;
      insert into private.checkpoint_secrets (checkpoint_id, code) values (v_id, replace(substr(private.new_reference(), 4), '-', '') || replace(substr(private.new_reference(), 4), '-', ''));
    end if;
  end loop;
  delete from private.checkpoint_secrets k using public.patrol_checkpoints c where c.id = k.checkpoint_id and c.route_id = v_route.id and not c.is_active;
  perform private.log_shift(v_staff, 'shift.route_changed', v_route.id);
  return jsonb_build_object('ok', true, 'id', v_route.id);
end;
$function$;
comment on function public.change_patrol_route(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.change_patrol_route(jsonb) to authenticated;

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
  return jsonb_build_object('ok', true, 'status', v_to, 'version', v_report.version + 1, 'revisits', private.ladder_steps(v_report.id, v_staff));
end;
$function$;
comment on function public.change_report_status(jsonb) is 'Definer: nobody may write reports directly.';
grant execute on function public.change_report_status(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.change_retention(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_days integer := (p ->> 'days')::integer;
  v_category public.categories;
  v_rule private.retention_rules;
  v_from integer;
begin
  if not private.may_set_terms(v_staff) then
    return private.refuse('forbidden');
  end if;
  if p ->> 'category' is not null then
    select c.* into v_category from public.categories c where c.code = p ->> 'category' for update;
    if v_category.code is null or v_days is null or v_days not between 30 and 3650 then
      return private.refuse('invalid_input');
    end if;
    v_from := v_category.retention_days;
    update public.categories c set retention_days = v_days where c.code = v_category.code;
  else
    select r.* into v_rule from private.retention_rules r where r.kind = p ->> 'kind' and r.least is not null for update;
    if v_rule.kind is null or v_days is null or make_interval(days => v_days) not between v_rule.least and v_rule.most then
      return private.refuse('invalid_input');
    end if;
    v_from := extract(day from v_rule.keep_for)::integer;
    update private.retention_rules r set keep_for = make_interval(days => v_days) where r.kind = v_rule.kind;
  end if;
  if v_from <> v_days then
    insert into private.retention_changes (at, kind, category_code, from_days, to_days, changed_by)
    values (private.clock(), coalesce(v_rule.kind, 'reports'), v_category.code, v_from, v_days, v_staff.user_id);
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'retention.changed', 'trust', null,
      jsonb_build_object('category', v_category.code, 'record', v_rule.kind, 'from_days', v_from, 'to_days', v_days));
  end if;
  return jsonb_build_object('ok', true, 'days', v_days);
end;
$function$;
comment on function public.change_retention(jsonb) is 'Sets a term within its bounds, and logs it. Definer: nobody may write the tables directly.';
grant execute on function public.change_retention(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.change_subscription(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_subscription private.alert_subscriptions;
  v_places jsonb;
begin
  select s.* into v_subscription from private.alert_subscriptions s where s.token_hash = p ->> 'token_hash' and s.state <> 'ended' for update;
  if v_subscription.id is null then
    return private.refuse('not_found');
  end if;
  v_places := private.places_of(v_subscription.station_id, p);
  if v_places is null then
    return private.refuse('invalid_input');
  end if;
  update private.alert_subscriptions s set locale = p ->> 'locale', community_ids = private.uuids_of(v_places -> 'communities'), grid_ids = private.uuids_of(v_places -> 'grids'), kinds = array(select jsonb_array_elements_text(p -> 'kinds')),
    min_colour = p ->> 'min_colour', quiet_from = (p ->> 'quiet_from')::time, quiet_to = (p ->> 'quiet_to')::time, orange_passes = coalesce((p ->> 'orange_passes')::boolean, true)
  where s.id = v_subscription.id returning * into v_subscription;
  return jsonb_build_object('ok', true, 'subscription', private.subscription_facts(v_subscription));
end;
$function$;
comment on function public.change_subscription(jsonb) is 'The server''s: it has the key of the hash. Definer: the tables are private.';
grant execute on function public.change_subscription(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.check_certificate(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_certificate private.certificates;
  v_state text;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select c.* into v_certificate from private.certificates c where c.number = p ->> 'number';
  v_state := case when v_certificate.number is null then 'unknown' when v_certificate.revoked_at is not null then 'revoked' when v_certificate.file_sealed is null then 'erased' else 'issued' end;
  return jsonb_build_object('ok', true, 'state', v_state, 'issued_at', v_certificate.issued_at, 'revoked_at', v_certificate.revoked_at, 'statement', v_certificate.statement,
    'file_sealed', case when v_state = 'issued' then v_certificate.file_sealed end, 'is_paper', coalesce(p ->> 'paper' = any (v_certificate.papers), false));
end;
$function$;
comment on function public.check_certificate(jsonb) is 'For the portal, which opens what a certificate says to whoever knows its number. Definer: the table has no grants.';
grant execute on function public.check_certificate(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.check_in(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.patrol_actor(p);
  v_step bigint := (p ->> 'step')::bigint;
  v_shown timestamptz := to_timestamp(v_step * 30);
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
  v_place public.shift_places;
  v_row private.check_ins;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'shift')::uuid;
  if v_shift.id is not null then
    perform private.lock_roster(v_shift.station_id);
  end if;
  select q.* into v_place from public.shift_places q join private.patrol_nights n on n.shift_id = q.shift_id and n.called_at is null
    where q.shift_id = v_shift.id and q.volunteer_id = (private.volunteer_of(v_actor)).id and q.state = 'confirmed' for update of q;
  if v_place.id is null then
    return private.refuse('not_found');
  end if;
  select c.* into v_row from private.check_ins c where c.place_id = v_place.id;
  if v_row.place_id is not null then
    return case when v_row.step = v_step then jsonb_build_object('ok', true, 'how', v_row.how, 'present_at', v_row.present_at) else private.refuse('already_checked_in') end;
  end if;
  if (select t.tries >= 5 from private.check_in_tries t where t.place_id = v_place.id) then
    return private.refuse('roll_call_tries');
  end if;
  -- One step ahead for a lead's phone that runs fast.
  if v_step is null or v_shown > v_now + interval '30 seconds' or v_shown < v_now - interval '10 minutes 30 seconds' or not private.is_roll_call_time(v_shift, v_shown) then
    insert into private.check_in_tries as t (place_id, tries) values (v_place.id, 1) on conflict (place_id) do update set tries = t.tries + 1;
    perform private.log_night(v_shift, v_actor, 'shift.check_in_refused');
    return private.refuse('roll_call_code');
  end if;
  insert into private.check_ins (place_id, how, step, present_at, synced_at) values (v_place.id, case when v_now < v_shown + interval '1 minute' then 'code' else 'offline' end, v_step, least(v_shown, v_now), v_now) returning * into v_row;
  update public.shift_places q set attended_at = v_row.present_at where q.id = v_place.id;
  perform private.log_night(v_shift, v_actor, 'shift.checked_in');
  return jsonb_build_object('ok', true, 'how', v_row.how, 'present_at', v_row.present_at);
end;
$function$;
comment on function public.check_in(jsonb) is 'For the portal, which says what a code proves. Definer: the tables have no grants.';
grant execute on function public.check_in(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.check_out(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.patrol_actor(p);
  v_shift public.patrol_shifts;
  v_place uuid;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select s.* into v_shift from public.patrol_shifts s join public.shift_places q on q.shift_id = s.id and q.state = 'confirmed' and q.volunteer_id = (private.volunteer_of(v_actor)).id where s.id = (p ->> 'shift')::uuid;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_shift.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = v_shift.id for update;
  select q.id into v_place from public.shift_places q where q.shift_id = v_shift.id and q.state = 'confirmed' and q.volunteer_id = (private.volunteer_of(v_actor)).id;
  return private.check_out(v_actor, v_shift, v_place);
end;
$function$;
comment on function public.check_out(jsonb) is 'Definer: nobody writes the night directly.';
grant execute on function public.check_out(jsonb) to authenticated;
grant execute on function public.check_out(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.check_pending_factor(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_of_session((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
  v_sealed text;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select f.pending_sealed into v_sealed from private.staff_factors f where f.user_id = v_staff.user_id and f.pending_at > now() - interval '30 minutes';
  if v_sealed is null then
    return private.refuse('conflict');
  end if;
  return jsonb_build_object('ok', true, 'secret_sealed', v_sealed);
end;
$function$;
comment on function public.check_pending_factor(jsonb) is 'Definer: the table is private.';
grant execute on function public.check_pending_factor(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.check_receipt(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_report public.reports;
  v_erased timestamptz;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and r.content_hash = p ->> 'content_hash' and r.nonce = p ->> 'nonce';
  if found then
    return jsonb_build_object('ok', true, 'state', 'kept', 'id', v_report.id, 'content_key', v_report.content_key, 'content_sealed', v_report.content_sealed);
  end if;
  select l.at into v_erased from private.seal_leaves s join public.audit_log l on l.noun_id = s.report_id and l.action = 'report.erased'
  where s.source = 'report_contents' and s.row_id = p ->> 'reference' and s.digest = p ->> 'content_hash' limit 1;
  return jsonb_build_object('ok', true, 'state', case when v_erased is null then 'unknown' else 'erased' end, 'at', v_erased);
end;
$function$;
comment on function public.check_receipt(jsonb) is 'The reporter''s own check, which is not logged (RULES B3). Definer: texts have no SELECT grant.';
grant execute on function public.check_receipt(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.check_second_factor(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_of_session((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
  v_factor private.staff_factors;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  if private.staff_session_state(v_staff.user_id, (p ->> 'session')::uuid) = 'ended' then
    return private.refuse('session_ended');
  end if;
  select f.* into v_factor from private.staff_factors f where f.user_id = v_staff.user_id and f.confirmed_at is not null;
  if not found then
    return private.refuse('conflict');
  end if;
  -- A stranger who has the password gets twenty codes a day, from wherever: one chance in 45 a year. The owner's own devices are not counted here.
  if not coalesce((p ->> 'is_known')::boolean, false) then
    update private.staff_factors f set strange_on = (now() at time zone 'utc')::date, strange_tries = case when f.strange_on = (now() at time zone 'utc')::date then f.strange_tries + 1 else 1 end
    where f.user_id = v_staff.user_id returning f.* into v_factor;
    if v_factor.strange_tries > 20 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', ceil(extract(epoch from date_trunc('day', now() at time zone 'utc') + interval '1 day' - (now() at time zone 'utc')))::integer));
    end if;
  end if;
  return jsonb_build_object('ok', true, 'secret_sealed', v_factor.secret_sealed, 'last_step', v_factor.last_step);
end;
$function$;
comment on function public.check_second_factor(jsonb) is 'Counts a try and hands the sealed secret to the portal. Definer: the table is private.';
grant execute on function public.check_second_factor(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.claim_bot_updates(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := clock_timestamp();
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 100);
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_updates jsonb;
begin
  if p ->> 'worker' is null or v_limit is null or v_lease is null then
    return private.refuse('invalid_input');
  end if;
  with heads as (
    select distinct on (u.chat_hash) u.update_hash, u.previous_hash, u.chat_hash, u.received_at, u.try_at
    from private.bot_updates u where u.handled_at is null order by u.chat_hash, u.place
  ), ready as (
    select h.update_hash from heads h
    where h.try_at <= v_now
      and (h.received_at <= v_now - interval '250 milliseconds' or exists (select from private.bot_updates b where b.update_hash = h.previous_hash))
      and not exists (select from private.bot_updates o where o.chat_hash = h.chat_hash and o.handled_at is null and o.leased_until > v_now)
    order by h.received_at limit v_limit
  ), locked as (
    -- Asked again under the lock: another worker may have taken or handled it since.
    select u.update_hash from private.bot_updates u
    where u.update_hash in (select r.update_hash from ready r) and u.handled_at is null and (u.leased_until is null or u.leased_until <= v_now)
    for update skip locked
  ), taken as (
    update private.bot_updates u set leased_by = p ->> 'worker', leased_until = v_now + v_lease, attempts = u.attempts + 1
    from locked l where u.update_hash = l.update_hash returning u.*
  )
  select coalesce(jsonb_agg(jsonb_build_object('hash', t.update_hash, 'chat_hash', t.chat_hash, 'body_sealed', t.body_sealed, 'attempts', t.attempts) order by t.received_at), '[]'::jsonb) into v_updates from taken t;
  return jsonb_build_object('ok', true, 'updates', v_updates, 'next_in_ms', (
    select greatest(0, ceil(1000 * extract(epoch from min(greatest(u.try_at, coalesce(u.leased_until, '-infinity'), least(u.received_at + interval '250 milliseconds', v_now + interval '250 milliseconds'))) - v_now)))
    from private.bot_updates u where u.handled_at is null and (u.leased_until is null or u.leased_by <> p ->> 'worker')));
end;
$function$;
comment on function public.claim_bot_updates(jsonb) is 'For the bot''s workers. Definer: the tables are private.';
grant execute on function public.claim_bot_updates(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.claim_job(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_every interval := make_interval(secs => (p ->> 'every_seconds')::integer);
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::integer);
  v_taken boolean;
begin
  if p ->> 'name' is null or p ->> 'worker' is null or v_every is null or v_lease is null then
    return private.refuse('invalid_input');
  end if;
  insert into private.job_runs as j (name, leased_by, leased_until, started_at)
  values (p ->> 'name', p ->> 'worker', now() + v_lease, v_now)
  on conflict (name) do update set leased_by = excluded.leased_by, leased_until = excluded.leased_until, started_at = excluded.started_at,
    finished_at = null, did = '{}'::jsonb, failed_with = null
  where (j.leased_until is null or j.leased_until <= now())
    and (coalesce((p ->> 'is_forced')::boolean, false)
      or v_now >= j.started_at + case when j.finished_at is null or j.failed_with is not null then least(v_every, interval '5 minutes') else v_every end)
  returning true into v_taken;
  return jsonb_build_object('ok', true, 'taken', coalesce(v_taken, false),
    'busy', v_taken is null and exists (select from private.job_runs j where j.name = p ->> 'name' and j.leased_until > now()));
end;
$function$;
comment on function public.claim_job(jsonb) is 'Definer: the table is private.';
grant execute on function public.claim_job(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.claim_outbox(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_channel text := coalesce(p ->> 'channel', 'email');
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 200);
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_messages jsonb;
  v_over jsonb;
begin
  if p ->> 'worker' is null or v_limit is null or v_lease is null or v_channel not in ('email', 'webpush') then
    return private.refuse('invalid_input');
  end if;
  with first as (
    select o.id from public.outbox o
    where o.status = 'queued' and o.template in ('accounts.code', 'reports.received', 'duty.urgent', 'duty.climbed') and o.channel = v_channel and o.send_after <= v_now and (o.leased_until is null or o.leased_until <= now())
    order by o.noun, o.send_after, o.id limit v_limit
    for update skip locked
  ), rest as (
    select r.id from generate_series(0, 6) q (priority) cross join lateral (
      select o.id from public.outbox o
      where o.status = 'queued' and o.template not in ('accounts.code', 'reports.received', 'duty.urgent', 'duty.climbed') and o.channel = v_channel and o.priority = q.priority
        and o.send_after <= v_now and (o.leased_until is null or o.leased_until <= now())
      order by o.send_after, o.id limit v_limit
      for update skip locked) r
    limit v_limit - (select count(*) from first)
  ), due as (
    select o.id, private.is_over(o, v_now) as why from (select f.id from first f union all select e.id from rest e) d join public.outbox o on o.id = d.id
  ), taken as (
    update public.outbox o set leased_by = case when due.why is null then p ->> 'worker' end, leased_until = case when due.why is null then now() + v_lease end, attempts = o.attempts + (due.why is null)::integer,
      status = case when due.why is null then o.status else 'cancelled' end, settled_at = case when due.why is not null then v_now end, last_error = coalesce(due.why, o.last_error),
      params_sealed = case when due.why is null then o.params_sealed end
    from due where o.id = due.id
    returning o.*, due.why
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun', t.noun, 'noun_id', t.noun_id, 'locale', t.locale,
      'message_key', t.message_key, 'attempts', t.attempts, 'recipient_id', t.recipient_id, 'recipient', u.email, 'recipient_sealed', t.recipient_sealed,
      'params_sealed', t.params_sealed, 'matters', t.matters, 'reference', r.reference, 'time_zone', s.time_zone,
      'level', coalesce(m.level, 'all'), 'quiet_from', coalesce(b.quiet_from, to_char(coalesce(m.quiet_from, '22:00'), 'HH24:MI')), 'quiet_to', coalesce(b.quiet_to, to_char(coalesce(m.quiet_to, '07:00'), 'HH24:MI')),
      'subscription_id', t.subscription_id, 'alert', a.identifier, 'handle_hash', b.handle_hash, 'handle_sealed', b.handle_sealed, 'token_hash', b.token_hash, 'token_sealed', b.token_sealed, 'expires_at', t.expires_at)
    order by t.template not in ('accounts.code', 'reports.received', 'duty.urgent', 'duty.climbed'), t.priority, t.noun, t.send_after, t.id) filter (where t.why is null), '[]'::jsonb),
    jsonb_object_agg(t.noun_id, t.why) filter (where t.why in ('expired', 'superseded', 'withdrawn') and t.noun_id is not null)
  into v_messages, v_over
  from taken t
  left join auth.users u on u.id = t.recipient_id
  left join public.reports r on t.subscription_id is null and r.id = t.noun_id
  left join public.alerts a on t.noun = 'alerts' and a.id = t.noun_id
  left join lateral (
    select x.station_id, x.handle_hash, x.handle_sealed, x.token_hash, x.token_sealed, private.quiet_hour_of(x, t.priority, t.template, x.quiet_from) as quiet_from, private.quiet_hour_of(x, t.priority, t.template, x.quiet_to) as quiet_to
    from private.alert_subscriptions x where x.id = t.subscription_id
  ) b on true
  left join public.stations s on s.id = coalesce(b.station_id, r.station_id, a.station_id, (select w.station_id from public.staff w where t.noun = 'revisits' and w.user_id = t.recipient_id), (select d.id from public.stations d where d.is_default))
  left join lateral (
    select x.* from private.mail_settings x where x.user_id = t.recipient_id
    union all
    select x.* from private.mail_settings x where t.recipient_id is null and t.noun = 'reports' and x.report_id = t.noun_id
  ) m on true;
  -- What is over for one is over for all: the rest of it is swept, a page at a time, instead of handed from claim to claim.
  perform private.stop_sending(v.key::uuid, v.value, 2000) from jsonb_each_text(v_over) v;
  return jsonb_build_object('ok', true, 'now', v_now, 'messages', v_messages,
    'next_in_seconds', case when v_over is not null then 0 else (select extract(epoch from min(n.at) - v_now) from generate_series(0, 6) q (priority) cross join lateral (
      select o.send_after as at from public.outbox o where o.status = 'queued' and o.channel = v_channel and o.priority = q.priority and o.send_after > v_now order by o.send_after limit 1) n) end);
end;
$function$;
comment on function public.claim_outbox(jsonb) is 'Definer: nobody may write the outbox directly, and addresses live in auth.users.';
grant execute on function public.claim_outbox(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.claim_telegram(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  -- 34 and 1,050 ms instead of 33.3 and 1,000: what is sent in time must not arrive too close to the one before.
  v_gap constant interval := interval '34 milliseconds';
  v_chat_gap constant interval := interval '1050 milliseconds';
  v_group_gap constant interval := interval '3050 milliseconds';
  -- So far ahead a worker is told its moments.
  v_ahead constant interval := interval '700 milliseconds';
  -- After a rest many messages begin so much later: a first call on a new line takes longer than those after it, which would then arrive too close to it.
  v_lead constant interval := interval '200 milliseconds';
  v_many constant integer := 10;
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 100);
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_clock timestamptz := private.clock();
  v_now timestamptz;
  v_slot timestamptz;
  v_pace private.bot_pace;
  v_priority integer;
  v_one public.outbox;
  v_chat private.bot_chats;
  v_why text;
  v_is_full boolean := false;
  v_taken bigint[] := '{}';
  v_slots jsonb := '{}';
  v_next timestamptz;
  v_over jsonb := '{}';
begin
  if p ->> 'worker' is null or v_limit is null or v_lease is null then
    return private.refuse('invalid_input');
  end if;
  if not exists (select from public.outbox o where o.channel = 'telegram' and o.status = 'queued') then
    return jsonb_build_object('ok', true, 'now', v_clock, 'messages', '[]'::jsonb, 'next_in_seconds', null);
  end if;
  -- One worker at a time: the moments are given in a row.
  select * into v_pace from private.bot_pace where is_only for update;
  v_now := clock_timestamp();
  -- A short breath of the workers costs no moment; a longer one is not made up for.
  v_slot := greatest(v_pace.next_at, v_now - interval '20 milliseconds');
  if v_pace.next_at < v_now - interval '1 second' and v_many < (select count(*) from (select from public.outbox o where o.channel = 'telegram' and o.status = 'queued' limit v_many + 1) q) then
    v_slot := v_now + v_lead;
  end if;
  <<classes>>
  for v_priority in 0 .. 6 loop
    for v_one in
      select o.* from public.outbox o where o.status = 'queued' and o.channel = 'telegram' and o.priority = v_priority and o.send_after <= v_clock
      order by o.send_after, o.id limit 5000
    loop
      v_is_full := v_slot > v_now + v_ahead or cardinality(v_taken) >= v_limit;
      exit classes when v_is_full;
      if v_one.leased_until > v_now then
        v_next := least(v_next, v_one.leased_until);
        continue;
      end if;
      select c.* into v_chat from private.bot_chats c where c.chat_hash = v_one.chat_hash;
      v_why := coalesce(case when v_chat.blocked_at is not null then 'blocked' end, private.is_over(v_one, v_clock));
      if v_why is not null then
        update public.outbox o set status = 'cancelled', settled_at = v_clock, last_error = v_why where o.id = v_one.id;
        if v_why in ('expired', 'superseded', 'withdrawn') and v_one.subscription_id is not null then
          v_over := v_over || jsonb_build_object(v_one.noun_id::text, v_why);
        end if;
        continue;
      end if;
      if v_chat.next_at > v_now then
        v_next := least(v_next, v_chat.next_at);
        continue;
      end if;
      continue when exists (select from public.outbox e where e.channel = 'telegram' and e.status = 'queued' and e.chat_hash = v_one.chat_hash and e.id <> v_one.id
        and (e.leased_until > v_now or ((e.priority, e.id) < (v_one.priority, v_one.id) and (e.send_after <= v_clock or e.attempts > 0))));
      v_taken := v_taken || v_one.id;
      v_slots := v_slots || jsonb_build_object(v_one.id::text, greatest(0, round(1000 * extract(epoch from v_slot - v_now))));
      insert into private.bot_chats as c (chat_hash, next_at) values (v_one.chat_hash, v_slot + v_chat_gap)
      on conflict (chat_hash) do update set next_at = v_slot + case when c.is_group then v_group_gap else v_chat_gap end;
      v_slot := v_slot + v_gap;
    end loop;
  end loop;
  perform private.stop_sending(v.key::uuid, v.value, 2000) from jsonb_each_text(v_over) v;
  update public.outbox o set leased_by = p ->> 'worker', leased_until = v_now + v_lease, attempts = o.attempts + 1 where o.id = any (v_taken);
  if cardinality(v_taken) > 0 then
    update private.bot_pace set next_at = v_slot where is_only;
  end if;
  -- The moment at which asking again makes sense: of a chat whose turn comes, or of what is to be sent later.
  if v_is_full or v_over <> '{}' then
    v_next := v_now;
  else
    v_next := least(v_next, v_now + ((select min(n.at) from generate_series(0, 6) q (priority) cross join lateral (
      select o.send_after as at from public.outbox o where o.status = 'queued' and o.channel = 'telegram' and o.priority = q.priority and o.send_after > v_clock order by o.send_after limit 1) n) - v_clock));
  end if;
  return jsonb_build_object('ok', true, 'now', v_clock,
    'messages', coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun', t.noun, 'noun_id', t.noun_id, 'locale', t.locale,
        'message_key', t.message_key, 'attempts', t.attempts, 'recipient_id', t.recipient_id, 'recipient_sealed', t.recipient_sealed, 'params_sealed', t.params_sealed,
        'matters', t.matters, 'reference', (select r.reference from public.reports r where t.noun = 'reports' and r.id = t.noun_id), 'time_zone', s.time_zone, 'chat_hash', t.chat_hash,
        'handle_sealed', coalesce((select l.handle_sealed from private.telegram_links l where l.user_id = t.recipient_id), (select b.handle_sealed from private.alert_subscriptions b where b.id = t.subscription_id)),
        'reply_sealed', coalesce(y.sealed, w.text_sealed), 'conversation_id', coalesce(y.conversation_id,
          (select h.conversation_id from private.chat_threads h where h.id = case t.template when 'chat.staff_reply' then w.thread_id when 'chat.closed' then t.noun_id end)), 'wait_ms', (v_slots ->> t.id::text)::integer,
        'level', coalesce(m.level, 'all'),
        'quiet_from', coalesce((select private.quiet_hour_of(b, t.priority, t.template, b.quiet_from) from private.alert_subscriptions b where b.id = t.subscription_id), to_char(coalesce(m.quiet_from, '22:00'), 'HH24:MI')),
        'quiet_to', coalesce((select private.quiet_hour_of(b, t.priority, t.template, b.quiet_to) from private.alert_subscriptions b where b.id = t.subscription_id), to_char(coalesce(m.quiet_to, '07:00'), 'HH24:MI')),
        'subscription_id', t.subscription_id, 'alert', (select a.identifier from public.alerts a where t.noun = 'alerts' and a.id = t.noun_id), 'expires_at', t.expires_at)
      order by (v_slots ->> t.id::text)::integer)
      from public.outbox t
      -- Few joins: a plan for eleven tables costs more than the rest of a claim.
      left join private.chat_replies y on t.template = 'chat.reply' and y.id = t.noun_id
      left join private.chat_thread_messages w on t.template = 'chat.staff_reply' and w.id = t.noun_id
      left join public.stations s on s.id = coalesce((select r.station_id from public.reports r where t.noun = 'reports' and r.id = t.noun_id), (select a.station_id from public.alerts a where t.noun = 'alerts' and a.id = t.noun_id), (select d.id from public.stations d where d.is_default))
      left join private.mail_settings m on m.user_id = t.recipient_id
      where t.id = any (v_taken)), '[]'::jsonb),
    'next_in_seconds', extract(epoch from greatest(v_next, v_slot - v_ahead) - v_now));
end;
$function$;
comment on function public.claim_telegram(jsonb) is 'Definer: nobody may write the outbox directly; links and chats are private.';
grant execute on function public.claim_telegram(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.climb_reports(p_limit integer DEFAULT 200)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_report public.reports;
  v_level text;
  v_did jsonb := '{"officer": 0, "lead": 0, "chief": 0}';
  v_count integer := 0;
  v_was_empty boolean;
begin
  for v_report in
    select r.* from public.stations s join public.reports r on r.station_id = s.id and r.status = 'received'
    where r.first_viewed_at is null and not r.is_hidden and r.received_at <= v_now - interval '10 minutes'
      and exists (select from unnest(array['officer', 'lead', 'chief']) l (level)
        where r.received_at + private.call_after(r.urgency, l.level) <= v_now and not private.is_called(r, l.level, v_now))
      and not private.is_attended(r)
    order by r.urgency = 'normal', r.received_at limit p_limit for update of r skip locked
  loop
    v_count := v_count + 1;
    v_was_empty := false;
    foreach v_level in array array['officer', 'lead', 'chief'] loop
      -- A level without anybody is no reason to wait for the next one's time.
      continue when (v_report.received_at + private.call_after(v_report.urgency, v_level) > v_now and not v_was_empty) or private.is_called(v_report, v_level, v_now);
      v_was_empty := private.notify_duty(v_report, v_level,
        case when v_report.urgency = 'normal' then 'duty.unopened' when v_level = 'officer' then 'duty.urgent' else 'duty.climbed' end, v_now) = 0;
      v_did := v_did || jsonb_build_object(v_level, (v_did ->> v_level)::integer + 1);
    end loop;
  end loop;
  return v_did || jsonb_build_object('ok', true, 'has_more', v_count >= p_limit);
end;
$function$;
comment on function public.climb_reports(integer) is 'The job reports:climb. Definer: a job has no actor.';
grant execute on function public.climb_reports(integer) to service_role;

CREATE OR REPLACE FUNCTION public.climb_threads(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 1000);
  v_thread private.chat_threads;
  v_people uuid[];
  v_told integer := 0;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if (p ->> 'is_dry')::boolean then
    return jsonb_build_object('ok', true, 'told', (select count(*) from private.chat_threads t where t.state <> 'closed' and private.waits_too_long(t)), 'has_more', false);
  end if;
  for v_thread in select t.* from private.chat_threads t where t.state <> 'closed' and private.waits_too_long(t) order by t.number limit v_limit for update skip locked loop
    v_people := array(select s.user_id from public.staff s where s.station_id = v_thread.station_id and s.is_active
      and s.role = case when not v_thread.is_about_police and exists (select from public.staff l where l.station_id = v_thread.station_id and l.is_active and l.role = 'lead') then 'lead' else 'chief' end);
    update private.chat_threads t set lead_told_at = private.clock() where t.id = v_thread.id;
    insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
    select 'email', 'chat.late', 'chat', v_thread.id, u, coalesce(f.locale, 'zh') from unnest(v_people) u left join public.profiles f on f.user_id = u
    where not exists (select from public.outbox o where o.recipient_id = u and o.channel = 'email' and o.template = 'chat.late' and o.status = 'queued' and o.attempts = 0 and o.leased_by is null);
    perform private.log(v_thread.station_id, null, 'system', 'chat.lead_told', 'chat', v_thread.id, jsonb_build_object('people', cardinality(v_people)));
    v_told := v_told + 1;
  end loop;
  return jsonb_build_object('ok', true, 'told', v_told, 'has_more', v_told = v_limit);
end;
$function$;
comment on function public.climb_threads(jsonb) is 'The job chat:climb. Definer: a job has no actor.';
grant execute on function public.climb_threads(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.close_thread(p_thread uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.id = p_thread for update;
  if not private.may_read_thread(v_thread, v_staff) then
    return private.refuse_thread(v_staff);
  end if;
  if v_thread.state = 'closed' then
    return private.refuse('conflict');
  end if;
  return jsonb_build_object('ok', true, 'thread', private.thread_facts(private.finish_thread(v_thread, 'staff', v_staff)));
end;
$function$;
comment on function public.close_thread(uuid) is 'Definer: the tables are private.';
grant execute on function public.close_thread(uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.commit_turn(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_conversation private.chat_conversations;
  v_replay jsonb;
  v_thread jsonb;
  v_turn integer := (p ->> 'turn_no')::integer + 1;
begin
  if v_turn is null or jsonb_typeof(p -> 'replies') is distinct from 'array' then
    return private.refuse('invalid_input');
  end if;
  if v_turn = 1 then
    insert into private.chat_conversations (id, channel, key_hash, handle_sealed, locale, state_sealed)
    values ((p ->> 'id')::uuid, p ->> 'channel', p ->> 'key_hash', p ->> 'handle_sealed', p ->> 'locale', p ->> 'state_sealed')
    on conflict (channel, key_hash) do nothing;
  end if;
  select * into v_conversation from private.chat_conversations c where c.channel = p ->> 'channel' and c.key_hash = p ->> 'key_hash' for update;
  if v_conversation.id is null then
    return private.refuse('conflict');
  end if;
  v_replay := private.repeated_turn(v_conversation.id, p ->> 'request_hash');
  if v_replay is not null then
    if p ? 'update' then
      perform private.settle_bot_update(v_conversation.id, p -> 'update');
    end if;
    return v_replay;
  end if;
  if v_conversation.turn_no <> v_turn - 1 or v_conversation.id <> (p ->> 'id')::uuid then
    return private.refuse('conflict');
  end if;

  update private.chat_conversations c set state_sealed = p ->> 'state_sealed', locale = p ->> 'locale', turn_no = v_turn, updated_at = private.clock(),
    user_id = case when p ? 'user_id' then (p ->> 'user_id')::uuid else c.user_id end
  where c.id = v_conversation.id;
  insert into private.chat_turns (conversation_id, turn_no, request_hash, said_sealed) values (v_conversation.id, v_turn, p ->> 'request_hash', p ->> 'said_sealed');
  -- A receipt that has not gone out yet is still to be shown.
  delete from private.chat_replies r where r.conversation_id = v_conversation.id and r.is_once
    and not exists (select from public.outbox o where o.noun = 'chat' and o.noun_id = r.id and o.status = 'queued');
  if p ? 'forget_from' then
    update private.chat_turns t set said_sealed = null where t.conversation_id = v_conversation.id and t.turn_no >= (p ->> 'forget_from')::integer;
    delete from private.chat_replies r where r.conversation_id = v_conversation.id and r.turn_no >= (p ->> 'forget_from')::integer
      and not exists (select from public.outbox o where o.noun = 'chat' and o.noun_id = r.id and o.status = 'queued');
  end if;
  insert into private.chat_replies (id, conversation_id, turn_no, position, sealed, is_once)
  select (r.value ->> 'id')::uuid, v_conversation.id, v_turn, r.ordinality - 1, r.value ->> 'sealed', coalesce((r.value ->> 'is_once')::boolean, false)
  from jsonb_array_elements(p -> 'replies') with ordinality r;
  if v_conversation.channel = 'telegram' then
    insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, locale)
    select 'telegram', 'chat.reply', 'chat', (r.value ->> 'id')::uuid, v_conversation.handle_sealed, p ->> 'locale' from jsonb_array_elements(p -> 'replies') with ordinality r order by r.ordinality;
  end if;

  v_thread := case
    when p ? 'thread' then private.begin_thread(p -> 'thread')
    when p ? 'thread_message' then private.say_in_thread(p -> 'thread_message')
    when p ? 'leaves_thread' then public.leave_thread(jsonb_build_object('conversation', v_conversation.id))
    when p ? 'rating' then public.rate_thread(jsonb_build_object('conversation', v_conversation.id, 'rating', p ->> 'rating'))
  end;
  if not (v_thread ->> 'ok')::boolean then
    -- The thread was closed, opened or rated since this turn was thought out: nothing of the turn may stay.
    raise exception 'the thread refused: %', v_thread ->> 'code' using errcode = 'PT409', detail = 'conflict';
  end if;
  if p ? 'update' then
    perform private.settle_bot_update(v_conversation.id, p -> 'update');
  end if;
  return jsonb_build_object('ok', true, 'is_replay', false, 'turn_no', v_turn, 'replies', '[]'::jsonb);
end;
$function$;
comment on function public.commit_turn(jsonb) is 'For the portal and the bot. Definer: conversations are private.';
grant execute on function public.commit_turn(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.confirm_factor(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_session uuid := (p ->> 'session')::uuid;
  v_staff public.staff := private.staff_of_session((p ->> 'actor')::uuid, v_session);
  v_is_first boolean;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  -- Five minutes for a changed phone are counted from the QR code: whoever got it had shown a code.
  if private.staff_session_state(v_staff.user_id, v_session) not in ('enrol', 'open') then
    return private.refuse('second_factor_required');
  end if;
  v_is_first := not exists (select from private.staff_factors f where f.user_id = v_staff.user_id and f.confirmed_at is not null);
  update private.staff_factors f set secret_sealed = f.pending_sealed, confirmed_at = now(), last_step = (p ->> 'step')::bigint, pending_sealed = null, pending_at = null
  where f.user_id = v_staff.user_id and f.pending_sealed = p ->> 'secret_sealed' and f.pending_at > now() - interval '30 minutes';
  if not found then
    return private.refuse('conflict');
  end if;
  perform public.return_limits(p -> 'limits');
  perform private.keep_recovery_codes(v_staff.user_id, p -> 'recovery_hashes');
  delete from auth.sessions a where a.user_id = v_staff.user_id and a.id <> v_session;
  perform private.prove_session(v_staff.user_id, v_session);
  if v_is_first then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.factor_enrolled', 'staff', v_staff.user_id);
    perform private.notify_owner(v_staff.user_id, 'staff.factor_enrolled');
  else
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.factor_changed', 'staff', v_staff.user_id);
    perform private.notify_owner(v_staff.user_id, 'staff.factor_changed');
  end if;
  return private.session_facts(v_staff.user_id, v_session, 'open');
end;
$function$;
comment on function public.confirm_factor(jsonb) is 'The first code of a new device was right: it counts from now on. Definer: the tables are private.';
grant execute on function public.confirm_factor(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.confirm_resident(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
  v_code private.confirmation_codes;
  v_community public.communities;
  v_id uuid;
begin
  if v_staff.user_id is null or v_staff.role not in ('officer', 'lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select c.* into v_community
  from private.confirmation_codes k join public.communities c on c.id = k.community_id
  where k.code_hash = p ->> 'code_hash' and k.expires_at > private.clock() and c.station_id = v_staff.station_id
    and (v_staff.role in ('lead', 'chief') or c.id in (select private.communities_of(v_staff.user_id)));
  if found then
    delete from private.confirmation_codes k where k.code_hash = p ->> 'code_hash' returning k.* into v_code;
  end if;
  if v_code.user_id is null then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'verification.confirm_refused', 'verifications', null);
    return private.refuse('not_found');
  end if;
  v_id := private.verify_resident(v_code.user_id, v_community.id, 'officer', v_staff.user_id);
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'verification.resident_confirmed', 'verifications', v_id);
  return jsonb_build_object('ok', true, 'community', v_community.name);
end;
$function$;
comment on function public.confirm_resident(jsonb) is 'An officer confirms the resident in front of them. Definer: the tables are private.';
grant execute on function public.confirm_resident(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.confirm_skill(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_volunteer public.volunteers;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = (p ->> 'id')::uuid;
  if v_volunteer.id is null or not private.may_read_volunteer(v_volunteer, v_staff) then
    return private.refuse('not_found');
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_volunteer.user_id = v_staff.user_id then
    return private.refuse('not_for_oneself');
  end if;
  if not exists (select from public.patrol_skills k where k.code = p ->> 'skill' and k.is_active) then
    return private.refuse('invalid_input');
  end if;
  if coalesce((p ->> 'remove')::boolean, false) then
    delete from public.volunteer_skills k where k.volunteer_id = v_volunteer.id and k.skill_code = p ->> 'skill';
  else
    insert into public.volunteer_skills (volunteer_id, skill_code, confirmed_by, confirmed_at, until_on) values (v_volunteer.id, p ->> 'skill', v_staff.user_id, private.clock(), (p ->> 'until_on')::date)
    on conflict (volunteer_id, skill_code) do update set confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at, until_on = excluded.until_on;
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'volunteer.skill_set', 'patrols', v_volunteer.id);
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'volunteer', private.volunteer_facts(v_volunteer));
end;
$function$;
comment on function public.confirm_skill(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.confirm_skill(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.confirm_subscription(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_subscription private.alert_subscriptions;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select s.* into v_subscription from private.alert_subscriptions s where s.confirm_hash = p ->> 'confirm_hash' and s.confirm_until > private.clock() for update;
  if v_subscription.id is null then
    return private.refuse('not_found');
  end if;
  if v_subscription.state = 'pending' then
    perform private.end_subscription(s.id, 'replaced') from private.alert_subscriptions s where s.channel = v_subscription.channel and s.handle_hash = v_subscription.handle_hash and s.state = 'active';
    update private.alert_subscriptions s set state = 'active', active_at = private.clock() where s.id = v_subscription.id returning * into v_subscription;
  end if;
  return jsonb_build_object('ok', true, 'subscription', private.subscription_facts(v_subscription));
end;
$function$;
comment on function public.confirm_subscription(jsonb) is 'The server''s: guests confirm. Definer: the tables are private.';
grant execute on function public.confirm_subscription(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.correct_staff(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_subject public.staff;
  v_badge text := btrim(p ->> 'badge_number');
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin') then
    return private.refuse('forbidden');
  end if;
  perform from public.stations s where s.id = v_staff.station_id for no key update;
  select s.* into v_subject from public.staff s where s.user_id = (p ->> 'staff')::uuid and s.station_id = v_staff.station_id for update;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_subject.user_id = v_staff.user_id then
    return private.refuse('not_for_oneself');
  end if;
  if not coalesce(private.is_text_in_both(p -> 'name', 1, 60), false) or coalesce(char_length(v_badge), 0) not between 1 and 30 then
    return private.refuse('invalid_input');
  end if;
  if private.is_badge_taken(v_staff.station_id, v_badge, v_subject.user_id) then
    return private.refuse('badge_taken');
  end if;
  update public.staff s set name = p -> 'name', badge_number = v_badge where s.user_id = v_subject.user_id;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.corrected', 'staff', v_subject.user_id, jsonb_build_object('about', v_subject.user_id, 'former_badge', v_subject.badge_number, 'badge', v_badge, 'former_name', v_subject.name, 'name', p -> 'name'));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.correct_staff(jsonb) is 'Names and numbers stand on the public card: never one''s own. Definer: nobody may write staff directly.';
grant execute on function public.correct_staff(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.count_certificate_hours(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_volunteer public.volunteers;
  v_contact text;
  v_sum record;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_volunteer := private.volunteer_of(v_actor);
  select c.contact_sealed into v_contact from private.volunteer_contacts c where c.volunteer_id = v_volunteer.id;
  if v_contact is null then
    return private.refuse('not_found');
  end if;
  if coalesce((p ->> 'from')::date > (p ->> 'to')::date, true) then
    return private.refuse('invalid_input');
  end if;
  v_sum := private.sum_patrol_hours(v_volunteer, (p ->> 'from')::date, (p ->> 'to')::date);
  if v_sum.shifts = 0 then
    return private.refuse('no_hours');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'station', (select s.name from public.stations s where s.id = v_volunteer.station_id), 'contact_sealed', v_contact,
    'from', v_sum.from_on, 'to', v_sum.to_on, 'shifts', v_sum.shifts, 'minutes', v_sum.minutes, 'night_minutes', v_sum.night_minutes);
end;
$function$;
comment on function public.count_certificate_hours(jsonb) is 'For the portal, which opens the name. Definer: the tables have no grants.';
grant execute on function public.count_certificate_hours(jsonb) to service_role;

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
  v_unverified bigint;
  v_revisits bigint;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return '{"ok": true, "unseen": 0, "mine": 0, "unverified": 0, "revisits": 0, "chats": 0, "alerts": 0}'::jsonb;
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
  return jsonb_build_object('ok', true, 'unseen', v_new, 'mine', v_mine, 'unverified', v_unverified, 'revisits', v_revisits, 'chats', private.count_threads(v_staff), 'alerts', private.count_alerts(v_staff));
end;
$function$;
comment on function public.count_desk_work() is 'What the inbox shows as new, and what waits for the caller. Definer: applies the same scope as may_see, by index.';
grant execute on function public.count_desk_work() to authenticated;

CREATE OR REPLACE FUNCTION public.count_due_figures()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  with stations as (
    select s.id, s.time_zone, (private.clock() at time zone s.time_zone) as now, (select min(r.received_at) at time zone s.time_zone from public.reports r where r.station_id = s.id) as first_report
    from public.stations s
  ), periods as (
    select s.id, 'month' as period, m::date as starts_on from stations s,
      generate_series(greatest(date_trunc('month', s.first_report), date_trunc('month', s.now) - interval '13 months'), s.now - interval '1 month 14 days', interval '1 month') m
    where m + interval '1 month 14 days' <= s.now
    union all
    select s.id, 'week', w::date from stations s,
      generate_series(greatest(date_trunc('week', s.first_report), date_trunc('week', s.now) - interval '13 weeks'), s.now - interval '7 days', interval '7 days') w
    where w + interval '7 days' <= s.now
  )
  select jsonb_build_object('ok', true, 'periods', coalesce(jsonb_agg(jsonb_build_object('station_id', t.id, 'period', t.period, 'starts_on', t.starts_on,
    'communities', (select coalesce(jsonb_agg(c.id order by c.position, c.id), '[]'::jsonb) from public.communities c where c.station_id = t.id and c.is_active),
    'counts', private.count_period(t.id, t.period, t.starts_on)) order by t.starts_on, t.period, t.id), '[]'::jsonb))
  from periods t where not exists (select from public.figure_releases f where f.station_id = t.id and f.period = t.period and f.starts_on = t.starts_on);
$function$;
comment on function public.count_due_figures() is 'Raw counts, for the job that releases them. Definer: a job has no actor.';
grant execute on function public.count_due_figures() to service_role;

CREATE OR REPLACE FUNCTION public.count_patrol_heat()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_zone text;
  v_today date;
  v_communities uuid[];
  v_answer jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('officer', 'lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  select s.time_zone, (private.clock() at time zone s.time_zone)::date into v_zone, v_today from public.stations s where s.id = v_staff.station_id;
  v_communities := array(select c.id from public.communities c
    where c.station_id = v_staff.station_id and c.is_active and (v_staff.role <> 'officer' or c.id in (select private.communities_of(v_staff.user_id))));
  with told as (
    select r.grid_id, r.occurred_at, r.received_at, r.occurred_at at time zone v_zone as wall
    from public.reports r join public.categories c on c.code = r.category_code
    -- Nothing is told before it happens, but for a clock that goes wrong by minutes.
    where r.station_id = v_staff.station_id and r.received_at >= (v_today - 28)::timestamp at time zone v_zone - interval '1 day'
      and r.visibility = 'public' and c.visibility = 'public' and not r.is_hidden and r.channel <> 'patrol'
      and r.accepted_at is not null and r.merged_into is null and coalesce(r.closed_reason not in ('duplicate', 'withdrawn', 'unfounded', 'spam'), true)
      and (r.community_id = any (v_communities) or (r.community_id is null and v_staff.role <> 'officer'))
  ), placed as (
    select t.grid_id, t.wall, t.wall is null or t.wall::time = time '12:00' as is_without_hour
    from told t join lateral (select coalesce(t.wall, t.received_at at time zone v_zone)::date as day) d on d.day >= v_today - 28 and d.day < v_today
  )
  select jsonb_build_object('ok', true, 'time_zone', v_zone, 'from', v_today - 28, 'until', v_today - 1,
    'grids', (select coalesce(jsonb_agg(jsonb_build_object('grid_id', g.id, 'community_id', g.community_id) order by g.community_id, g.code, g.id), '[]'::jsonb)
      from public.grids g where g.community_id = any (v_communities) and g.is_active),
    'counts', (select coalesce(jsonb_agg(jsonb_build_object('grid_id', n.grid_id, 'weekday', n.weekday, 'band', n.band, 'week', n.week, 'count', n.count) order by n.grid_id, n.weekday, n.band, n.week), '[]'::jsonb)
      from (
        select p.grid_id, extract(isodow from p.wall)::integer as weekday, floor(extract(hour from p.wall) / 2)::integer as band, (v_today - 1 - p.wall::date) / 7 as week, count(*) as count
        from placed p where p.grid_id is not null and not p.is_without_hour group by 1, 2, 3, 4
      ) n),
    'without_hour', (select count(*) from placed p where p.grid_id is not null and p.is_without_hour),
    'without_place', (select count(*) from placed p where p.grid_id is null))
  into v_answer;
  return v_answer;
end;
$function$;
comment on function public.count_patrol_heat() is 'Places and hours, nothing of any report. Definer: applies the scope of the desk (may_see) to reports of public categories.';
grant execute on function public.count_patrol_heat() to authenticated;

CREATE OR REPLACE FUNCTION public.count_patrol_period(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.patrol_planner();
  v_zone text := (select s.time_zone from public.stations s where s.id = v_staff.station_id);
  v_from date := (p ->> 'from')::date;
  v_until date := (p ->> 'until')::date;
  v_period tstzrange;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  elsif v_from is null or v_until is null or v_until < v_from or v_until > v_from + 61 then
    return private.refuse('invalid_input');
  end if;
  v_period := tstzrange(v_from::timestamp at time zone v_zone, (v_until + 1)::timestamp at time zone v_zone);
  return (
    with shifts as (
      select s.id, s.state, s.cancelled_reason, s.period, exists (select from public.shift_places q where q.shift_id = s.id and q.attended_at is not null) as is_held
      from public.patrol_shifts s where s.station_id = v_staff.station_id and lower(s.period) <@ v_period
    ), places as (
      select q.volunteer_id, q.state, q.attended_at, h.minutes, h.night_minutes
      from shifts s join public.shift_places q on q.shift_id = s.id left join private.patrol_hours h on h.place_id = q.id
    ), findings as (
      select r.received_at <@ v_period as is_new, r.closed_at is not null and r.closed_at <@ v_period as is_closed
      from public.reports r where r.station_id = v_staff.station_id and r.channel = 'patrol' and (r.received_at <@ v_period or r.closed_at <@ v_period) and r.merged_into is null and coalesce(r.closed_reason <> 'spam', true)
    )
    select jsonb_build_object('ok', true,
      'planned', (select count(*) from shifts), 'held', (select count(*) from shifts s where s.is_held), 'called_off_few', (select count(*) from shifts s where s.cancelled_reason = 'too_few'),
      'called_off', (select count(*) from shifts s where s.state = 'cancelled' and s.cancelled_reason <> 'too_few'), 'not_held', (select count(*) from shifts s where s.state = 'ended' and not s.is_held),
      'people', (select count(distinct q.volunteer_id) from places q where q.attended_at is not null), 'attendances', (select count(*) from places q where q.attended_at is not null),
      'missed', (select count(*) from places q where q.state = 'no_show'),
      'minutes', (select coalesce(sum(q.minutes), 0) from places q), 'night_minutes', (select coalesce(sum(q.night_minutes), 0) from places q),
      'findings', (select count(*) from findings f where f.is_new), 'findings_closed', (select count(*) from findings f where f.is_closed)));
end;
$function$;
comment on function public.count_patrol_period(jsonb) is 'Definer: the tables have no grants.';
grant execute on function public.count_patrol_period(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.count_workload()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_answer_due timestamptz;
  v_answer jsonb;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return private.refuse('forbidden');
  end if;
  select private.day_start(s.time_zone, 3) into v_answer_due from public.stations s where s.id = v_staff.station_id;
  execute format($q$
    with waiting as (
      select r.id, r.station_id, r.community_id, r.status,
        r.status = 'received' and r.first_viewed_at is null and r.received_at < $4 - case r.urgency when 'urgent' then interval '15 minutes' else interval '24 hours' end as is_look_late,
        r.status = 'received' and r.received_at < $5 as is_answer_late,
        r.is_unverified and r.urgency = 'normal' and r.status = 'received' as is_apart
      from public.reports r where %s and not r.is_hidden and r.status in ('received', 'triaged', 'in_progress')
    ), visits as (
      -- A case that is closed may still be owed its visit.
      select r.community_id, v.level, $4 > private.due_after(r.station_id, v.opened_at, 3) as is_late
      from public.revisits v join public.reports r on r.id = v.report_id
      where %1$s and not r.is_hidden and v.visited_at is null and v.answer is null and v.stopped_at is null
    )
    select jsonb_build_object('ok', true, 'now', $4,
      'states', (select jsonb_object_agg(s.status, (select count(*) from waiting w where w.status = s.status and not w.is_apart)) from unnest(array['received', 'triaged', 'in_progress']) as s (status)),
      'unverified', (select count(*) from waiting w where w.is_apart),
      'late', (select jsonb_build_object('first_look', count(*) filter (where w.is_look_late), 'answer', count(*) filter (where w.is_answer_late)) from waiting w),
      'visits', (select jsonb_agg(jsonb_build_object('level', l.level, 'waiting', (select count(*) from visits v where v.level = l.level), 'late', (select count(*) from visits v where v.level = l.level and v.is_late)) order by l.place)
        from unnest(array['officer', 'lead', 'chief']) with ordinality as l (level, place)),
      'communities', (select coalesce(jsonb_agg(jsonb_build_object('community_id', c.id, 'open', (select count(*) from waiting w where w.community_id is not distinct from c.id),
          'late', (select count(*) from waiting w where w.community_id is not distinct from c.id and (w.is_look_late or w.is_answer_late)),
          'visits_late', (select count(*) from visits v where v.community_id is not distinct from c.id and v.is_late)) order by c.position nulls last), '[]'::jsonb)
        from (select k.id, k.position from public.communities k where k.station_id = $1 and ($6 <> 'officer' or k.id = any ($3)) union all select null, null where $6 <> 'officer') c))
    $q$, private.desk_scope(v_staff.role))
  into v_answer using v_staff.station_id, v_staff.user_id, array(select private.communities_of(v_staff.user_id)), v_now, v_answer_due, v_staff.role;
  return v_answer;
end;
$function$;
comment on function public.count_workload() is 'Definer: applies the same scope as may_see, by index.';
grant execute on function public.count_workload() to authenticated;

CREATE OR REPLACE FUNCTION public.count_wrapped_keys()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'by', coalesce(jsonb_object_agg(t.master, t.count), '{}'::jsonb))
  from (select split_part(k.wrapped, '.', 2) as master, count(*) as count
    from (select r.content_key::text as wrapped from public.reports r
      union all select r.contact_key::text from public.reports r where r.contact_key is not null
      union all select s.wrapped::text from private.server_keys s) k
    group by 1) t;
$function$;
comment on function public.count_wrapped_keys() is 'Definer: keys have no SELECT grant.';
grant execute on function public.count_wrapped_keys() to service_role;

CREATE OR REPLACE FUNCTION public.create_verification_batch(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_community public.communities;
  v_size integer := case when jsonb_typeof(p -> 'code_hashes') = 'array' then jsonb_array_length(p -> 'code_hashes') else 0 end;
  v_days integer := (p ->> 'days')::integer;
  v_batch private.verification_batches;
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_size not between 1 and 500 or coalesce(v_days, 0) not between 1 and 366 then
    return private.refuse('invalid_input');
  end if;
  select c.* into v_community from public.communities c where c.slug = p ->> 'community' and c.station_id = v_staff.station_id and c.is_active;
  if not found then
    return private.refuse('not_found');
  end if;
  insert into private.verification_batches (station_id, community_id, created_by, created_at, expires_at, size)
  values (v_staff.station_id, v_community.id, v_staff.user_id, private.clock(), private.clock() + make_interval(days => v_days), v_size)
  returning * into v_batch;
  insert into private.verification_codes (code_hash, batch_id) select value, v_batch.id from jsonb_array_elements_text(p -> 'code_hashes');
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'verification.batch_made', 'verifications', v_batch.id);
  return jsonb_build_object('ok', true, 'id', v_batch.id, 'expires_at', v_batch.expires_at, 'community', v_community.name);
end;
$function$;
comment on function public.create_verification_batch(jsonb) is 'Paper codes for a community, as keyed hashes that only the server makes. Definer: the tables are private.';
grant execute on function public.create_verification_batch(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.deactivate_staff(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_subject public.staff;
begin
  if v_staff.user_id is null or v_staff.role <> 'chief' then
    return private.refuse('forbidden');
  end if;
  perform from public.stations s where s.id = v_staff.station_id for no key update;
  select s.* into v_subject from public.staff s where s.user_id = (p ->> 'staff')::uuid and s.station_id = v_staff.station_id and s.is_active for update;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_subject.user_id = v_staff.user_id or v_subject.role in ('chief', 'auditor') then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_refused', 'staff', v_staff.user_id, jsonb_build_object('proposal', 'deactivate'));
    return private.refuse(case when v_subject.user_id = v_staff.user_id then 'not_for_oneself' else 'second_person_required' end);
  end if;
  return private.deactivate(v_subject, (p ->> 'successor')::uuid, coalesce((p ->> 'takes_communities')::boolean, false), v_staff);
end;
$function$;
comment on function public.deactivate_staff(jsonb) is 'Access ends and open work changes hands in one transaction. Definer: nobody may write staff directly.';
grant execute on function public.deactivate_staff(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.decide_alert(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_act text := p ->> 'act';
  v_leads boolean := coalesce(v_staff.role in ('lead', 'chief'), false);
  v_alert public.alerts := private.draft_for(v_staff, p ->> 'identifier');
  v_gap text;
begin
  if v_alert.id is null then
    return private.refuse_alert(v_staff, 'alert.decide_refused', p ->> 'identifier');
  end if;
  if v_alert.state not in ('draft', 'in_review') or v_alert.revision <> coalesce((p ->> 'revision')::integer, 0) then
    return private.refuse('conflict');
  end if;
  if (v_act in ('return', 'approve') and not v_leads) or (v_act = 'discard' and not v_leads and v_alert.created_by <> v_staff.user_id) then
    return private.refuse_alert(v_staff, 'alert.decide_refused', v_alert.identifier, 'forbidden');
  end if;
  if v_act in ('submit', 'approve') then
    v_gap := private.alert_gap(v_alert, v_now);
    if v_gap is not null then
      return private.refuse(v_gap);
    end if;
  end if;
  if v_act in ('return', 'approve') and v_alert.state <> 'in_review' then
    return private.refuse('status_order');
  end if;

  if v_act = 'submit' then
    if v_alert.state = 'draft' then
      update public.alerts a set state = 'in_review', submitted_at = v_now, submitted_by = v_staff.user_id, returned_reason = null where a.id = v_alert.id returning * into v_alert;
      perform private.log_alert(v_alert, v_staff, 'alert.submitted');
    end if;
  elsif v_act = 'return' then
    if not coalesce(private.is_plain_text(p ->> 'reason', 3, 500, true), false) then
      return private.refuse('reason_missing');
    end if;
    update public.alerts a set state = 'draft', submitted_at = null, submitted_by = null, approved_at = null, approved_by = null, returned_reason = p ->> 'reason' where a.id = v_alert.id returning * into v_alert;
    perform private.log_alert(v_alert, v_staff, 'alert.returned');
  elsif v_act = 'discard' then
    update public.alerts a set state = 'discarded', approved_at = null, approved_by = null where a.id = v_alert.id returning * into v_alert;
    perform private.log_alert(v_alert, v_staff, 'alert.discarded');
  elsif v_act = 'approve' then
    if v_staff.user_id in (v_alert.created_by, v_alert.edited_by) then
      return private.refuse_alert(v_staff, 'alert.decide_refused', v_alert.identifier, 'second_person_required');
    end if;
    update public.alerts a set approved_at = v_now, approved_by = v_staff.user_id where a.id = v_alert.id returning * into v_alert;
    perform private.log_alert(v_alert, v_staff, 'alert.approved');
  else
    return private.refuse('invalid_input');
  end if;
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'alert', private.whole_alert(v_alert));
end;
$function$;
comment on function public.decide_alert(jsonb) is 'Definer: nobody writes alerts directly.';
grant execute on function public.decide_alert(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.decide_hours_correction(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_approve boolean := coalesce((p ->> 'approve')::boolean, false);
  v_note text := nullif(btrim(p ->> 'note'), '');
  v_row private.hours_corrections;
  v_volunteer public.volunteers;
begin
  select c.* into v_row from private.hours_corrections c where c.id = (p ->> 'id')::uuid;
  select v.* into v_volunteer from public.volunteers v where v.id = v_row.volunteer_id;
  if v_row.id is null or not private.may_read_volunteer(v_volunteer, v_staff) then
    return private.refuse('not_found');
  elsif v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  elsif v_volunteer.user_id = v_staff.user_id then
    return private.refuse('not_for_oneself');
  end if;
  perform private.lock_roster(v_volunteer.station_id);
  select c.* into v_row from private.hours_corrections c where c.id = v_row.id for update;
  if v_row.state <> 'asked' then
    return private.refuse('status_order');
  elsif (v_note is null and not v_approve) or (v_note is not null and not private.is_plain_text(v_note, 3, 500, true)) then
    return private.refuse('reason_missing');
  elsif v_approve and exists (select from private.patrol_hours h where h.volunteer_id = v_volunteer.id and h.place_id <> v_row.place_id and h.worked && v_row.asked) then
    return private.refuse('shift_overlap');
  end if;
  update private.hours_corrections c set state = case when v_approve then 'approved' else 'refused' end, decided_at = private.clock(), decided_by = v_staff.user_id, note = v_note,
    was = (select h.worked from private.patrol_hours h where h.place_id = c.place_id) where c.id = v_row.id returning * into v_row;
  if v_approve then
    -- Whoever was on patrol was there, also if no check-in says so.
    update public.shift_places q set attended_at = lower(v_row.asked) where q.id = v_row.place_id and q.attended_at is null and q.state = 'confirmed';
    perform private.count_hours(v_row.place_id, v_row.asked, v_row.id);
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'points.correction_decided', 'patrols', v_row.id);
  return jsonb_build_object('ok', true, 'state', v_row.state);
end;
$function$;
comment on function public.decide_hours_correction(jsonb) is 'Definer: nobody writes the ledger directly.';
grant execute on function public.decide_hours_correction(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.decide_notice(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;
comment on function public.decide_notice(jsonb) is 'Definer: nobody may write notices directly.';
grant execute on function public.decide_notice(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.decide_reveal(p_reference text, p_id uuid, p_approves boolean)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_reveal private.reveals;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.reveal_refused', p_reference);
  end if;
  select v.* into v_reveal from private.reveals v where v.id = p_id and v.report_id = v_report.id for update;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_staff.role not in ('lead', 'chief') or v_reveal.asked_by = v_staff.user_id then
    return private.refuse('second_person_required');
  end if;
  if not private.is_reveal_waiting(v_reveal) or p_approves is null then
    return private.refuse('conflict');
  end if;
  update private.reveals v set decided_at = private.clock(), decided_by = v_staff.user_id, decided_role = v_staff.role,
    expires_at = case when p_approves then private.clock() + interval '24 hours' end
  where v.id = v_reveal.id returning * into v_reveal;
  if p_approves then
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.reveal_approved', 'reports', v_report.id, jsonb_build_object('kind', v_reveal.kind, 'reason', v_reveal.reason));
  else
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.reveal_declined', 'reports', v_report.id, jsonb_build_object('kind', v_reveal.kind));
  end if;
  return jsonb_build_object('ok', true, 'reveal', private.reveal_facts(v_reveal, v_staff));
end;
$function$;
comment on function public.decide_reveal(text,uuid,boolean) is 'Approves for a day, or declines. Definer: requests are private.';
grant execute on function public.decide_reveal(text,uuid,boolean) to authenticated;

CREATE OR REPLACE FUNCTION public.decide_staff_proposal(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_decision text := coalesce(p ->> 'decision', '');
  v_proposal public.staff_proposals;
  v_subject public.staff;
  v_invitation private.staff_invitations;
  v_code text;
begin
  if v_staff.user_id is null or v_staff.role <> (case v_decision when 'withdrawn' then 'admin' else 'chief' end) then
    return private.refuse('forbidden');
  end if;
  if v_decision not in ('confirmed', 'refused', 'withdrawn') then
    return private.refuse('invalid_input');
  end if;
  perform from public.stations s where s.id = v_staff.station_id for no key update;
  select q.* into v_proposal from public.staff_proposals q where q.id = (p ->> 'id')::uuid and q.station_id = v_staff.station_id for update;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_proposal.decision is not null then
    return private.refuse('conflict');
  end if;
  select s.* into v_subject from public.staff s where s.user_id = v_proposal.subject_id;
  select i.* into v_invitation from private.staff_invitations i where i.id = v_proposal.invitation_id;
  if v_decision <> 'withdrawn' and v_staff.user_id = v_proposal.subject_id then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_refused', 'staff', v_staff.user_id, jsonb_build_object('proposal', v_proposal.kind));
    return private.refuse('not_for_oneself');
  end if;
  -- Whoever proposed as an administrator and became chief since is still the same person.
  if v_decision = 'confirmed' and v_staff.user_id = v_proposal.proposed_by then
    return private.refuse('second_person_required');
  end if;
  if v_decision = 'confirmed' and private.is_barred_from(v_staff, v_subject, v_proposal.kind) then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_refused', 'staff', v_staff.user_id, jsonb_build_object('proposal', v_proposal.kind));
    return private.refuse('second_person_required');
  end if;
  if v_decision = 'confirmed' then
    case v_proposal.kind
      when 'invite' then
        if p ->> 'token_hash' is null or p ->> 'recipient_sealed' is null or p ->> 'params_sealed' is null then
          return private.refuse('invalid_input');
        end if;
        perform private.send_invitation(v_invitation.id, p);
      when 'change_role' then
        v_code := private.change_role(v_subject, v_proposal.role, (p ->> 'successor')::uuid, v_staff);
      when 'deactivate' then
        v_code := private.deactivate(v_subject, (p ->> 'successor')::uuid, false, v_staff, v_proposal.id) ->> 'code';
      when 'reactivate' then
        if v_subject.is_active then
          return private.refuse('conflict');
        end if;
        update public.staff s set is_active = true where s.user_id = v_subject.user_id;
        perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.reactivated', 'staff', v_subject.user_id, jsonb_build_object('about', v_subject.user_id, 'role', v_subject.role));
        perform private.notify_owner(v_subject.user_id, 'staff.changed');
      when 'reset_second_factor' then
        if not v_subject.is_active then
          return private.refuse('conflict');
        end if;
        perform private.reset_second_factor(v_subject.user_id, v_proposal.proposed_by, v_staff.user_id);
    end case;
    if v_code is not null then
      return private.refuse(v_code);
    end if;
  elsif v_proposal.kind = 'invite' then
    perform private.end_invitation(v_invitation.id);
  end if;
  update public.staff_proposals q set decision = v_decision, decided_by = v_staff.user_id, decided_at = private.clock() where q.id = v_proposal.id;
  perform private.log_decision(v_staff, v_proposal, v_decision, v_invitation.badge_number);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.decide_staff_proposal(jsonb) is 'By a chief, never the person concerned nor who proposed it. Definer: nobody may write proposals or staff directly.';
grant execute on function public.decide_staff_proposal(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.decide_swap(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.patrol_planner();
  v_now timestamptz := private.clock();
  v_swap public.shift_swaps;
  v_place public.shift_places;
  v_shift public.patrol_shifts;
  v_to public.volunteers;
  v_from public.volunteers;
  v_gap text;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  perform private.lock_roster(v_staff.station_id);
  select w.* into v_swap from public.shift_swaps w where w.id = (p ->> 'swap')::uuid for update;
  select q.* into v_place from public.shift_places q where q.id = v_swap.place_id;
  select s.* into v_shift from public.patrol_shifts s where s.id = v_place.shift_id and s.station_id = v_staff.station_id for update;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  if v_swap.state <> 'accepted' or v_place.state <> 'confirmed' then
    return private.refuse('status_order');
  end if;
  select v.* into v_to from public.volunteers v where v.id = v_swap.to_volunteer_id for update;
  select v.* into v_from from public.volunteers v where v.id = v_place.volunteer_id;
  if v_staff.user_id in (v_to.user_id, v_from.user_id) then
    return private.refuse('not_for_oneself');
  end if;
  if coalesce((p ->> 'approve')::boolean, false) then
    -- The one who goes is not who accompanies the trainee that comes.
    update public.shift_places q set state = 'left', ended_at = v_now where q.id = v_place.id;
    v_gap := private.sign_up_gap(v_to, v_shift, v_now);
    if v_gap is not null or exists (select from public.shift_places q where q.shift_id = v_shift.id and q.volunteer_id = v_to.id and q.state in ('confirmed', 'offered')) then
      update public.shift_places q set state = 'confirmed', ended_at = null where q.id = v_place.id;
      return private.refuse(coalesce(v_gap, 'already_signed_up'));
    end if;
    update public.shift_places q set state = 'left', ended_at = v_now where q.shift_id = v_shift.id and q.volunteer_id = v_to.id and q.state = 'waiting';
    insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at) values (v_shift.id, v_to.id, v_shift.period, 'confirmed', private.is_trainee(v_to), v_now);
    update public.shift_swaps w set state = 'approved', decided_at = v_now, decided_by = v_staff.user_id where w.id = v_swap.id;
  else
    update public.shift_swaps w set state = 'refused', decided_at = v_now, decided_by = v_staff.user_id where w.id = v_swap.id;
  end if;
  perform private.tell_volunteer(v_from, 'patrols.swapped', v_shift.id);
  perform private.tell_volunteer(v_to, 'patrols.swapped', v_shift.id);
  perform private.log_shift(v_staff, 'shift.swap_decided', v_shift.id);
  return jsonb_build_object('ok', true, 'shift', private.desk_shift(v_shift));
end;
$function$;
comment on function public.decide_swap(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.decide_swap(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.decide_volunteer(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_act text := p ->> 'act';
  v_before public.volunteers;
  v_after public.volunteers;
  v_to text;
begin
  select v.* into v_before from public.volunteers v where v.id = (p ->> 'id')::uuid;
  if v_before.id is null or not private.may_read_volunteer(v_before, v_staff) then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_before.station_id);
  select v.* into v_before from public.volunteers v where v.id = v_before.id for update;
  if v_staff.role = 'auditor' or (v_staff.role = 'officer' and not (v_act in ('review', 'refuse') and v_before.state = 'applied')) then
    return private.refuse('forbidden');
  end if;
  if v_before.user_id = v_staff.user_id then
    return private.refuse('not_for_oneself');
  end if;
  if v_act is null or v_act not in ('review', 'assess', 'enrol', 'activate', 'refuse', 'suspend', 'resume', 'unlock') then
    return private.refuse('invalid_input');
  end if;
  v_to := private.volunteer_step(v_act, v_before);
  if v_to is null or (v_act = 'activate' and private.attended_shifts(v_before.id) < 3) then
    return private.refuse('status_order');
  end if;
  if v_act = 'assess' and v_before.reviewed_by = v_staff.user_id then
    return private.refuse('second_person_required');
  end if;
  if (v_act in ('refuse', 'suspend', 'unlock') and not private.is_plain_text(p ->> 'note', 3, 500, true)) or (p ->> 'note' is not null and btrim(p ->> 'note') <> '' and not private.is_plain_text(p ->> 'note', 1, 1000, true)) then
    return private.refuse('reason_missing');
  end if;
  if v_act = 'suspend' and (p ->> 'until')::timestamptz <= private.clock() then
    return private.refuse('invalid_input');
  end if;
  update public.volunteers v set state = v_to, changed_at = private.clock(),
    reviewed_by = case when v_act = 'review' then v_staff.user_id else v.reviewed_by end,
    refused_reason = case when v_act = 'refuse' then p ->> 'note' else v.refused_reason end,
    suspended_from = case when v_act = 'suspend' then v.state end, suspended_until = case when v_act = 'suspend' then (p ->> 'until')::timestamptz end,
    locked_at = case when v_act = 'unlock' then null else v.locked_at end, no_shows_from = case when v_act = 'unlock' then private.clock() else v.no_shows_from end
  where v.id = v_before.id returning * into v_after;
  perform private.add_volunteer_step(v_before, v_after, 'volunteer.decided', v_act, v_staff, p ->> 'note');
  if v_act = 'suspend' then
    perform private.clear_places(v_after.id);
  end if;
  perform private.tell_volunteer(v_after, 'patrols.decided', v_after.id);
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'volunteer', private.volunteer_facts(v_after));
end;
$function$;
comment on function public.decide_volunteer(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.decide_volunteer(jsonb) to authenticated;

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

CREATE OR REPLACE FUNCTION public.end_assignment(p_id uuid, p_last_on date DEFAULT NULL::date)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_today date;
  v_assignment public.assignments;
begin
  if v_staff.user_id is null or v_staff.role <> 'chief' then
    return private.refuse('forbidden');
  end if;
  v_today := private.station_today(v_staff.station_id);
  select a.* into v_assignment from public.assignments a join public.staff s on s.user_id = a.staff_id
  where a.id = p_id and s.station_id = v_staff.station_id and coalesce(a.to_on, 'infinity'::date) >= v_today for update of a;
  if not found then
    return private.refuse('not_found');
  end if;
  if p_last_on < greatest(v_today, v_assignment.from_on) then
    return private.refuse('invalid_input');
  end if;
  if p_last_on is null and v_assignment.from_on >= v_today then
    delete from public.assignments a where a.id = p_id;
  else
    if p_last_on > v_assignment.to_on and private.is_assigned(v_assignment.staff_id, v_assignment.community_id, case v_assignment.kind when 'officer' then 'stand_in' else 'officer' end, v_assignment.from_on, p_last_on) then
      return private.refuse('assignment_overlap');
    end if;
    begin
      update public.assignments a set to_on = coalesce(p_last_on, v_today - 1) where a.id = p_id;
    exception when exclusion_violation then
      return private.refuse('assignment_overlap');
    end;
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.assignment_ended', 'staff', v_assignment.staff_id,
    jsonb_build_object('about', v_assignment.staff_id, 'community', v_assignment.community_id, 'post', v_assignment.kind, 'to_on', coalesce(p_last_on, v_today - 1)));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.end_assignment(uuid,date) is 'Definer: nobody may write assignments directly.';
grant execute on function public.end_assignment(uuid,date) to authenticated;

CREATE OR REPLACE FUNCTION public.end_my_sessions(p_id uuid DEFAULT NULL::uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
  v_code text;
  v_ended integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_code := private.account_refusal(v_actor);
  if v_code is not null then
    return private.refuse(v_code);
  end if;
  delete from auth.sessions s where s.user_id = v_actor and s.id <> private.my_session() and (p_id is null or s.id = p_id);
  get diagnostics v_ended = row_count;
  delete from private.session_devices d where d.user_id = v_actor and not exists (select from auth.sessions s where s.id = d.session_id);
  if p_id is not null and v_ended = 0 then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'ended', v_ended);
end;
$function$;
comment on function public.end_my_sessions(uuid) is 'Ends sessions of the caller; this one ends by signing out. Definer: as list_my_sessions.';
grant execute on function public.end_my_sessions(uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.end_shift_series(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.patrol_planner();
  v_series public.shift_series;
  v_shift uuid;
  v_cancelled integer := 0;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if not private.is_plain_text(p ->> 'reason', 3, 500, true) or p ->> 'reason' = 'too_few' then
    return private.refuse('reason_missing');
  end if;
  perform private.lock_roster(v_staff.station_id);
  update public.shift_series e set ended_at = private.clock() where e.id = (p ->> 'id')::uuid and e.station_id = v_staff.station_id and e.ended_at is null returning * into v_series;
  if v_series.id is null then
    return private.refuse('not_found');
  end if;
  for v_shift in select s.id from public.patrol_shifts s where s.series_id = v_series.id and s.state = 'open' and lower(s.period) > private.clock()
    and not exists (select from public.shift_places q where q.shift_id = s.id and q.state in ('confirmed', 'waiting', 'offered')) order by s.id loop
    perform private.call_off(v_shift, p ->> 'reason');
    v_cancelled := v_cancelled + 1;
  end loop;
  perform private.log_shift(v_staff, 'shift.series_ended', v_series.id);
  return jsonb_build_object('ok', true, 'cancelled', v_cancelled);
end;
$function$;
comment on function public.end_shift_series(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.end_shift_series(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.end_staff_sessions(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_owner public.staff;
  v_ended integer;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  select s.* into v_owner from public.staff s
  where s.station_id = v_staff.station_id and (s.user_id = v_staff.user_id or v_staff.role in ('chief', 'admin'))
    and s.user_id = coalesce((p ->> 'person')::uuid, (select a.user_id from auth.sessions a where a.id = (p ->> 'session')::uuid));
  if not found then
    return private.refuse('not_found');
  end if;
  delete from auth.sessions a where a.user_id = v_owner.user_id and a.id <> private.my_session() and (p ->> 'session' is null or a.id = (p ->> 'session')::uuid);
  get diagnostics v_ended = row_count;
  delete from private.staff_sessions s where s.user_id = v_owner.user_id and not exists (select from auth.sessions a where a.id = s.session_id);
  delete from private.session_devices d where d.user_id = v_owner.user_id and not exists (select from auth.sessions a where a.id = d.session_id);
  if v_ended = 0 then
    return private.refuse('not_found');
  end if;
  if v_owner.user_id <> v_staff.user_id then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.sessions_ended', 'staff', v_owner.user_id, jsonb_build_object('colleague', v_owner.user_id));
  end if;
  return jsonb_build_object('ok', true, 'ended', v_ended);
end;
$function$;
comment on function public.end_staff_sessions(jsonb) is 'Definer: as list_staff_sessions.';
grant execute on function public.end_staff_sessions(jsonb) to authenticated;

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

CREATE OR REPLACE FUNCTION public.erase_account(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
  v_detached integer := 0;
  v_kept text[] := '{}';
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if not private.signed_in_recently((p ->> 'session')::uuid) then
    return private.refuse('sign_in_again');
  end if;
  -- What staff did stays in the log under their name; their account is closed at the desk.
  if exists (select from public.staff s where s.user_id = v_actor) then
    return private.refuse('forbidden');
  end if;
  perform from auth.users u where u.id = v_actor for no key update;
  for v_report in select r.* from public.reports r where r.owner_id = v_actor or r.owner_hash = p ->> 'owner_hash' order by r.id for update loop
    if v_report.closed_at is not null then
      perform private.detach_reporter(v_report);
      v_detached := v_detached + 1;
    else
      -- The account goes now in any case; the contact that the officer needs stays until the case closes.
      -- Nothing is mailed any more.
      update public.reports r set owner_id = null, owner_hash = null, notify_sealed = null where r.id = v_report.id;
      delete from public.outbox o where o.noun = 'reports' and o.noun_id = v_report.id and o.status in ('queued', 'failed', 'dead');
      insert into private.pending_erasures (report_id, asked_at) values (v_report.id, private.clock()) on conflict (report_id) do nothing;
      v_kept := v_kept || v_report.reference::text;
    end if;
  end loop;
  delete from private.verifications v where v.user_id = v_actor;
  delete from private.confirmation_codes c where c.user_id = v_actor;
  delete from private.consents c where c.user_id = v_actor;
  delete from public.outbox o where o.recipient_id = v_actor;
  delete from public.profiles f where f.user_id = v_actor;
  insert into private.account_erasures (user_id, asked_at) values (v_actor, private.clock()) on conflict (user_id) do nothing;
  if found then
    perform private.log((select s.id from public.stations s where s.is_default), null, 'resident', 'account.erased', 'accounts', null,
      jsonb_build_object('detached', v_detached, 'kept', cardinality(v_kept)));
  end if;
  return jsonb_build_object('ok', true, 'detached', v_detached, 'kept', to_jsonb(v_kept));
end;
$function$;
comment on function public.erase_account(jsonb) is 'Erases all of an account but its row at Supabase Auth. Definer: nobody may delete directly.';
grant execute on function public.erase_account(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.except_series_day(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.patrol_planner();
  v_day date := (p ->> 'day')::date;
  v_series public.shift_series;
  v_shift public.patrol_shifts;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  perform private.lock_roster(v_staff.station_id);
  select e.* into v_series from public.shift_series e where e.id = (p ->> 'id')::uuid and e.station_id = v_staff.station_id and e.ended_at is null for update;
  if v_series.id is null then
    return private.refuse('not_found');
  elsif not coalesce(private.is_plain_text(p ->> 'reason', 3, 500, true), false) or p ->> 'reason' = 'too_few' then
    return private.refuse('reason_missing');
  elsif v_day is null or v_day < private.day_at(v_staff.station_id, private.clock()) or v_day not between v_series.from_on and v_series.until_on or not extract(isodow from v_day)::smallint = any (v_series.weekdays)
    or v_day = any (v_series.exceptions) or cardinality(v_series.exceptions) >= 200 then
    return private.refuse('invalid_input');
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.series_id = v_series.id and s.series_date = v_day for update;
  if v_shift.state in ('under_way', 'ended') or (v_shift.state = 'open' and lower(v_shift.period) <= private.clock()) then
    return private.refuse('conflict');
  end if;
  update public.shift_series e set exceptions = array(select x from unnest(e.exceptions || v_day) x order by x) where e.id = v_series.id;
  if v_shift.state = 'open' then
    perform private.call_off(v_shift.id, p ->> 'reason');
  end if;
  perform private.log_shift(v_staff, 'shift.series_excepted', v_series.id);
  return jsonb_build_object('ok', true, 'cancelled', case when v_shift.state = 'open' then 1 else 0 end);
end;
$function$;
comment on function public.except_series_day(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.except_series_day(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.expand_alert(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 20000);
  v_now timestamptz := private.clock();
  v_expansion private.alert_expansions;
  v_alert public.alerts;
  v_zone text;
  v_told uuid[];
  v_allowed text[];
  v_priority smallint;
  v_passes boolean;
  v_orange boolean;
  v_scanned integer;
  v_added integer := 0;
  v_at bigint;
begin
  select e.* into v_expansion from private.alert_expansions e where e.finished_at is null and (p ->> 'alert' is null or e.alert_id = (p ->> 'alert')::uuid)
  order by e.priority, e.created_at limit 1 for update skip locked;
  if v_expansion.alert_id is null then
    return jsonb_build_object('ok', true, 'alert', null, 'added', 0, 'is_finished', true, 'has_more', exists (select from private.alert_expansions e where e.finished_at is null));
  end if;
  select a.* into v_alert from public.alerts a where a.id = v_expansion.alert_id;
  -- What publish_alert left of the messages before, page by page.
  v_added := (select coalesce(sum(private.stop_sending(r.referenced_id, case v_alert.message_type when 'update' then 'superseded' else 'withdrawn' end, v_limit)), 0) from public.alert_references r where r.alert_id = v_alert.id);
  if v_added > 0 then
    return jsonb_build_object('ok', true, 'alert', v_alert.id, 'added', 0, 'is_finished', false, 'has_more', true);
  end if;
  if v_alert.ended_at is not null or v_alert.expires_at <= v_now then
    update private.alert_expansions e set finished_at = v_now where e.alert_id = v_alert.id;
    return jsonb_build_object('ok', true, 'alert', v_alert.id, 'added', 0, 'is_finished', true, 'has_more', exists (select from private.alert_expansions e where e.finished_at is null));
  end if;

  v_zone := (select s.time_zone from public.stations s where s.id = v_alert.station_id);
  v_told := array(select b.id from public.alerts b where b.state = 'published' and b.id <> v_alert.id
    and (b.chain_id = v_alert.chain_id or b.chain_id = (select f.chain_id from public.alerts f where f.id = v_alert.follows_id)));
  v_allowed := (array['blue', 'yellow', 'orange', 'red'])[1 : coalesce(array_position(array['blue', 'yellow', 'orange', 'red'], v_alert.colour::text), 4)];
  v_priority := private.alert_priority(v_alert);
  v_passes := coalesce(v_alert.colour = 'red' and not v_alert.is_exercise, false);
  v_orange := coalesce(v_alert.colour = 'orange' and not v_alert.is_exercise, false);
  with page as materialized (
    select s.* from private.alert_subscriptions s where s.station_id = v_alert.station_id and s.state = 'active' and s.number > v_expansion.at_number order by s.number limit v_limit
  ), fitting as materialized (
    -- The number of its row of the outbox beforehand: joined afterwards, a planner that expects few rows compares each with each.
    select nextval('public.outbox_id_seq') as outbox_id, s.id, s.channel, s.locale, s.chat_hash,
      case when v_passes or s.quiet_from is null or (v_orange and s.orange_passes) then v_now else private.after_quiet(v_now, v_zone, s.quiet_from, s.quiet_to) end as send_after,
      case when s.community_ids <> '{}' or s.grid_ids <> '{}' then coalesce((select c from unnest(s.community_ids) c where c = any (v_alert.community_ids) order by c limit 1),
        (select g.community_id from public.grids g where g.id = any (s.grid_ids) order by g.id = any (v_alert.grid_ids) desc, g.id limit 1), s.community_ids[1]) end as community_id
    from page s
    where ((v_alert.follows_id is null and v_alert.kind = any (s.kinds) and s.min_colour = any (v_allowed)
          and (s.community_ids = '{}' and s.grid_ids = '{}' or s.community_ids && v_alert.community_ids or s.grid_ids && v_alert.grid_ids))
        or (cardinality(v_told) > 0 and exists (select from private.alert_audience t where t.subscription_id = s.id and t.alert_id = any (v_told))))
      and not exists (select from private.alert_audience t where t.alert_id = v_alert.id and t.subscription_id = s.id)
  ), queued as (
    insert into public.outbox (id, created_at, channel, template, noun, noun_id, subscription_id, locale, send_after, priority, expires_at, chat_hash) overriding system value
    select f.outbox_id, v_now, f.channel, 'alerts.' || v_alert.message_type, 'alerts', v_alert.id, f.id, f.locale, f.send_after, v_priority, v_alert.expires_at, f.chat_hash from fitting f
  ), told as (
    insert into private.alert_audience (alert_id, subscription_id, channel, community_id, outbox_id)
    select v_alert.id, f.id, f.channel, f.community_id, f.outbox_id from fitting f
    returning 1
  )
  select (select count(*) from page), (select count(*) from told), (select max(s.number) from page s) into v_scanned, v_added, v_at;
  update private.alert_expansions e set at_number = coalesce(v_at, e.at_number), people = e.people + v_added, finished_at = case when v_scanned < v_limit then v_now end where e.alert_id = v_alert.id;
  return jsonb_build_object('ok', true, 'alert', v_alert.id, 'added', v_added, 'is_finished', v_scanned < v_limit, 'has_more', v_scanned >= v_limit or exists (select from private.alert_expansions e where e.finished_at is null));
end;
$function$;
comment on function public.expand_alert(jsonb) is 'The portal''s and a job''s. Definer: the tables are private.';
grant execute on function public.expand_alert(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.export_account(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if not private.signed_in_recently((p ->> 'session')::uuid) then
    return private.refuse('sign_in_again');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  perform private.log((select s.id from public.stations s where s.is_default), null, 'resident', 'account.exported', 'accounts', null);
  return (select jsonb_build_object('ok', true, 'now', private.clock(),
      'account', jsonb_build_object('email', u.email, 'created_at', u.created_at, 'last_sign_in_at', u.last_sign_in_at, 'has_password', coalesce(u.encrypted_password, '') <> '',
        'community', c.slug, 'locale', f.locale, 'profile_updated_at', f.updated_at),
      'verification', (select jsonb_build_object('community', k.slug, 'method', v.method, 'verified_on', v.verified_on)
        from private.verifications v join public.communities k on k.id = v.community_id where v.user_id = u.id),
      'telegram', (select jsonb_build_object('linked_at', l.linked_at, 'news', l.news) from private.telegram_links l where l.user_id = u.id),
      'subscriptions', coalesce((select jsonb_agg(private.subscription_facts(b) - '{id,is_own,token_hash,token_sealed,handle_hash,handle_sealed,communities,grids}'::text[] || jsonb_build_object(
          'communities', array(select k.slug from public.communities k where k.id = any (b.community_ids) order by k.slug), 'grids', array(select g.code from public.grids g where g.id = any (b.grid_ids) order by g.code)) order by b.number)
        from private.alert_subscriptions b where b.user_id = u.id), '[]'::jsonb),
      'volunteer', private.volunteer_copy(u.id),
      'consents', coalesce((select jsonb_agg(jsonb_build_object('purpose', s.purpose, 'version', s.version, 'title', t.title, 'text', t.body, 'is_given', s.is_given, 'at', s.at, 'channel', s.channel, 'locale', s.locale) order by s.id)
        from private.consents s join private.consent_texts t on t.purpose = s.purpose and t.version = s.version where s.user_id = u.id), '[]'::jsonb),
      'sessions', coalesce((select jsonb_agg(jsonb_build_object('started_at', s.created_at, 'refreshed_at', s.updated_at, 'is_this', s.id = (p ->> 'session')::uuid) order by s.created_at) from auth.sessions s where s.user_id = u.id), '[]'::jsonb),
      'mails', coalesce((select jsonb_agg(m.fact order by m.at, m.id) from (
          select o.id, o.created_at as at, private.mail_fact(o) || jsonb_build_object('reference', r.reference) as fact
          from public.reports r join public.outbox o on o.noun_id = r.id
          where (r.owner_id = u.id or r.owner_hash = p ->> 'owner_hash') and o.noun = 'reports' and (o.recipient_sealed is not null or o.recipient_id = u.id)
          union all
          select o.id, o.created_at, private.mail_fact(o) || jsonb_build_object('reference', r.reference)
          from public.outbox o left join public.reports r on r.id = o.noun_id
          where o.recipient_id = u.id and (r.owner_id is distinct from u.id) and (r.owner_hash is distinct from p ->> 'owner_hash')) m), '[]'::jsonb),
      'reports', coalesce((select jsonb_agg(r.reference order by r.received_at, r.id) from public.reports r where r.owner_id = u.id or r.owner_hash = p ->> 'owner_hash'), '[]'::jsonb))
    from auth.users u left join public.profiles f on f.user_id = u.id left join public.communities c on c.id = f.community_id where u.id = v_actor);
end;
$function$;
comment on function public.export_account(jsonb) is 'What the station keeps about the caller. Definer: reads auth.users and private tables, their own rows only.';
grant execute on function public.export_account(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.export_cases(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 500), 1), 1000);
  v_zone text;
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return private.refuse('forbidden');
  end if;
  select s.time_zone into v_zone from public.stations s where s.id = v_staff.station_id;
  if p ->> 'cursor' is null then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'report.list_exported', 'reports', null,
      jsonb_build_object('since', ((p ->> 'from')::timestamptz at time zone v_zone)::date, 'until', (((p ->> 'to')::timestamptz - interval '1 second') at time zone v_zone)::date));
  end if;
  execute format($q$
    select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'reference', t.reference, 'category', t.category_code, 'community_id', t.community_id, 'grid_id', t.grid_id, 'status', t.status,
      'closed_reason', t.closed_reason, 'urgency', t.urgency, 'channel', t.channel, 'contact_mode', t.contact_mode, 'received_at', t.received_at, 'first_viewed_at', t.first_viewed_at,
      'accepted_at', t.accepted_at, 'closed_at', t.closed_at, 'assignee', t.assignee, 'level', t.level, 'visit_due_at', case when t.opened_at is not null then private.due_after(t.station_id, t.opened_at, 3) end,
      'visited_at', t.visited_at, 'answer', t.answer, 'answered_by', t.answered_by, 'no_reply_at', t.no_reply_at) order by t.received_at, t.id), '[]'::jsonb)
    from (
      select r.*, s.badge_number as assignee, v.level, v.opened_at, v.visited_at, v.answer, v.answered_by, v.no_reply_at
      from public.reports r left join public.staff s on s.user_id = r.assigned_to
        left join lateral (select w.* from public.revisits w where w.report_id = r.id order by w.round desc, w.step desc limit 1) v on true
      where %s and ($4 ->> 'from' is null or r.received_at >= ($4 ->> 'from')::timestamptz) and ($4 ->> 'to' is null or r.received_at < ($4 ->> 'to')::timestamptz)
        and ($4 ->> 'cursor' is null or (r.received_at, r.id) > (($4 #>> '{cursor,received_at}')::timestamptz, ($4 #>> '{cursor,id}')::uuid))
      order by r.received_at, r.id limit %s) t$q$, private.desk_scope(v_staff.role), v_limit + 1)
  into v_rows using v_staff.station_id, v_staff.user_id, array(select private.communities_of(v_staff.user_id)), p;
  return jsonb_build_object('ok', true, 'time_zone', v_zone, 'cases', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit then jsonb_build_object('received_at', v_rows -> (v_limit - 1) -> 'received_at', 'id', v_rows -> (v_limit - 1) -> 'id') end);
end;
$function$;
comment on function public.export_cases(jsonb) is 'Definer: applies the same scope as may_see, by index, and writes the log. By the portal only: whoever chose the cursor could begin past the page that is logged.';
grant execute on function public.export_cases(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.export_report(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_tracked jsonb;
begin
  if not private.signed_in_recently((p ->> 'session')::uuid) then
    return private.refuse('sign_in_again');
  end if;
  v_tracked := public.track_report(jsonb_build_object('reference', p ->> 'reference', 'access', jsonb_build_object('actor', p ->> 'actor', 'session', p ->> 'session', 'owner_hash', p ->> 'owner_hash')));
  if not (v_tracked ->> 'ok')::boolean then
    return v_tracked;
  end if;
  return v_tracked || (select jsonb_build_object('contact_sealed', r.contact_sealed, 'contact_key', r.contact_key, 'notify_sealed', r.notify_sealed, 'occurred_at', r.occurred_at,
      'channel', r.channel, 'visibility', r.visibility, 'is_portal_only', r.is_portal_only,
      'mails', coalesce((select jsonb_agg(private.mail_fact(o) order by o.created_at, o.id) from public.outbox o
        where o.noun = 'reports' and o.noun_id = r.id and (o.recipient_sealed is not null or o.recipient_id = (p ->> 'actor')::uuid)), '[]'::jsonb))
    from public.reports r where r.reference = p ->> 'reference');
end;
$function$;
comment on function public.export_report(jsonb) is 'Definer: texts and contacts have no SELECT grant.';
grant execute on function public.export_report(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.fill_calendar(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_changed integer;
begin
  select count(*)::integer into v_changed
  from (select s.id as station_id, g.day, g.kind, g.name from public.stations s cross join jsonb_to_recordset(p -> 'days') as g (day date, kind text, name jsonb)) w
  full join (select c.* from public.calendar_days c
    where extract(year from c.day)::integer in (select y.year::integer from jsonb_array_elements_text(p -> 'years') as y (year))) d using (station_id, day)
  where d.is_own is not true and (d.kind, d.name) is distinct from (w.kind, w.name);
  if v_changed > 0 and (p ->> 'is_dry')::boolean is not true then
    delete from public.calendar_days d
    where not d.is_own and extract(year from d.day)::integer in (select y.year::integer from jsonb_array_elements_text(p -> 'years') as y (year))
      and not exists (select from jsonb_to_recordset(p -> 'days') as g (day date) where g.day = d.day);
    insert into public.calendar_days as d (station_id, day, kind, name)
    select s.id, g.day, g.kind, g.name from public.stations s cross join jsonb_to_recordset(p -> 'days') as g (day date, kind text, name jsonb)
    on conflict (station_id, day) do update set kind = excluded.kind, name = excluded.name where not d.is_own;
  end if;
  return jsonb_build_object('ok', true, 'today', private.station_day(private.clock()), 'changed', v_changed);
end;
$function$;
comment on function public.fill_calendar(jsonb) is 'Definer: a job has no actor, and nobody writes the calendar directly.';
grant execute on function public.fill_calendar(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.find_seal(p_reference text, p_content_hash text)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_leaf private.seal_leaves;
  v_block private.seal_blocks;
  v_root private.seal_roots;
begin
  select s.* into v_leaf from private.seal_leaves s where s.source = 'report_contents' and s.row_id = p_reference and s.digest = p_content_hash;
  if not found then
    return '{"ok": true, "seal": null}'::jsonb;
  end if;
  select b.* into v_block from private.seal_blocks b where b.number = v_leaf.block;
  select r.* into v_root from private.seal_roots r where v_leaf.block between r.first_block and r.last_block;
  return jsonb_build_object('ok', true, 'seal', jsonb_build_object(
    'position', v_leaf.position, 'block', private.block_facts(v_block),
    'leaves', (select jsonb_agg(jsonb_build_object('source', s.source, 'row', s.row_id, 'version', s.version, 'at', private.utc_text(s.at), 'digest', s.digest) order by s.position)
      from private.seal_leaves s where s.block = v_leaf.block),
    'root', case when v_root.day is not null then private.root_facts(v_root) end,
    'day_blocks', case when v_root.day is not null then (select jsonb_agg(jsonb_build_object('number', b.number, 'hash', b.hash) order by b.number)
      from private.seal_blocks b where b.number between v_root.first_block and v_root.last_block) end));
end;
$function$;
comment on function public.find_seal(text,text) is 'Definer: the chain is private. The other leaves stay in the portal, which hands out the path of one only.';
grant execute on function public.find_seal(text,text) to service_role;

CREATE OR REPLACE FUNCTION public.finish_bot_update(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not private.finish_bot_update(p ->> 'hash') then
    return jsonb_build_object('ok', true, 'is_new', false);
  end if;
  if coalesce((p ->> 'forget')::boolean, false) then
    perform private.forget_bot_chat(p ->> 'chat_hash', coalesce((p ->> 'erases_threads')::boolean, false));
  end if;
  if jsonb_typeof(p -> 'notices') = 'array' then
    insert into public.outbox (channel, template, noun, recipient_sealed, params_sealed, locale, chat_hash)
    select 'telegram', 'chat.notice', 'chat', n.value ->> 'recipient_sealed', n.value ->> 'params_sealed', n.value ->> 'locale', p ->> 'chat_hash'
    from jsonb_array_elements(p -> 'notices') with ordinality n order by n.ordinality;
  end if;
  return jsonb_build_object('ok', true, 'is_new', true);
end;
$function$;
comment on function public.finish_bot_update(jsonb) is 'For the bot''s workers. Definer: the tables are private.';
grant execute on function public.finish_bot_update(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.finish_job(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update private.job_runs j set leased_by = null, leased_until = null, finished_at = private.clock(),
    did = coalesce(p -> 'did', '{}'::jsonb), failed_with = p ->> 'failed_with'
  where j.name = p ->> 'name' and j.leased_by = p ->> 'worker';
  return jsonb_build_object('ok', true, 'kept', found);
end;
$function$;
comment on function public.finish_job(jsonb) is 'Definer: the table is private.';
grant execute on function public.finish_job(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.follow_by_telegram(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference';
  if v_report.id is null then
    return private.refuse('not_found');
  end if;
  if v_report.is_portal_only then
    return private.refuse('forbidden');
  end if;
  insert into private.telegram_followers (report_id, chat_hash, handle_sealed, asked_at) values (v_report.id, p ->> 'chat_hash', p ->> 'handle_sealed', private.clock())
  on conflict (report_id) do update set chat_hash = excluded.chat_hash, handle_sealed = excluded.handle_sealed;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.follow_by_telegram(jsonb) is 'For the bot. Definer: the table is private.';
grant execute on function public.follow_by_telegram(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.foresee_climbs(p_limit integer DEFAULT 1000)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_did jsonb;
begin
  begin
    v_did := public.climb_reports(p_limit);
    raise exception 'undone' using errcode = 'PT000';
  exception when sqlstate 'PT000' then
    return v_did;
  end;
end;
$function$;
comment on function public.foresee_climbs(integer) is 'Changes nothing. Definer: a job has no actor.';
grant execute on function public.foresee_climbs(integer) to service_role;

CREATE OR REPLACE FUNCTION public.foresee_expansions()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'alerts', (select count(*) from private.alert_expansions e where e.finished_at is null));
$function$;
comment on function public.foresee_expansions() is 'Changes nothing. Definer: the table is private.';
grant execute on function public.foresee_expansions() to service_role;

CREATE OR REPLACE FUNCTION public.foresee_patrols()
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_did jsonb;
begin
  begin
    v_did := public.advance_patrols();
    raise exception using errcode = 'LL000';
  exception when sqlstate 'LL000' then
    null;
  end;
  return v_did;
end;
$function$;
comment on function public.foresee_patrols() is 'Definer: as advance_patrols.';
grant execute on function public.foresee_patrols() to service_role;

CREATE OR REPLACE FUNCTION public.foresee_points()
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_did jsonb;
begin
  begin
    v_did := public.advance_points();
    raise exception using errcode = 'LL000';
  exception when sqlstate 'LL000' then
    null;
  end;
  return v_did;
end;
$function$;
comment on function public.foresee_points() is 'Definer: as advance_points.';
grant execute on function public.foresee_points() to service_role;

CREATE OR REPLACE FUNCTION public.foresee_retention()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'foreseen', private.foresee_retention(null::public.staff));
$function$;
comment on function public.foresee_retention() is 'For a run that changes nothing. Definer: these tables are private.';
grant execute on function public.foresee_retention() to service_role;

CREATE OR REPLACE FUNCTION public.foresee_revisits(p_limit integer DEFAULT 1000)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_did jsonb;
begin
  begin
    v_did := public.advance_revisits(p_limit);
    raise exception 'undone' using errcode = 'PT000';
  exception when sqlstate 'PT000' then
    return v_did;
  end;
end;
$function$;
comment on function public.foresee_revisits(integer) is 'Changes nothing. Definer: a job has no actor.';
grant execute on function public.foresee_revisits(integer) to service_role;

CREATE OR REPLACE FUNCTION public.foresee_rewards()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'cancelled', (select count(*) from private.reward_orders o where o.state = 'ordered' and o.ordered_at < private.clock() - interval '30 days'));
$function$;
comment on function public.foresee_rewards() is 'Definer: as advance_rewards.';
grant execute on function public.foresee_rewards() to service_role;

CREATE OR REPLACE FUNCTION public.forget_conversation(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_id uuid;
begin
  delete from private.chat_conversations c where c.channel = p ->> 'channel' and c.key_hash = p ->> 'key_hash' returning c.id into v_id;
  if (p ->> 'erases_threads')::boolean then
    delete from private.chat_threads t where t.conversation_id = v_id;
  else
    perform public.leave_thread(jsonb_build_object('conversation', v_id));
  end if;
  return jsonb_build_object('ok', true, 'forgotten', v_id is not null);
end;
$function$;
comment on function public.forget_conversation(jsonb) is 'For the portal and the bot. Definer: conversations are private.';
grant execute on function public.forget_conversation(jsonb) to service_role;

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
      'community', c.slug, 'locale', coalesce(p.locale, 'zh'), 'staff_role', (private.staff_of_session()).role,
      'verification', (select jsonb_build_object('community', v.slug, 'name', v.name, 'method', f.method, 'verified_on', f.verified_on)
        from private.verifications f join public.communities v on v.id = f.community_id where f.user_id = v_actor))
    from auth.users u left join public.profiles p on p.user_id = u.id left join public.communities c on c.id = p.community_id
    where u.id = v_actor);
end;
$function$;
comment on function public.get_account() is 'Definer: reads the caller''s own row of auth.users.';
grant execute on function public.get_account() to authenticated;

CREATE OR REPLACE FUNCTION public.get_alert(p_identifier text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce((select jsonb_build_object('ok', true, 'now', private.utc_second(private.clock()), 'alert', private.public_alert(a), 'state', private.effective_state(a, private.clock()))
    from public.alerts a where a.identifier = p_identifier and a.state = 'published'), private.refuse('not_found'));
$function$;
comment on function public.get_alert(text) is 'A public read. Definer: as list_alerts.';
grant execute on function public.get_alert(text) to anon;
grant execute on function public.get_alert(text) to authenticated;
grant execute on function public.get_alert(text) to service_role;

CREATE OR REPLACE FUNCTION public.get_calendar()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_station public.stations;
  v_today date;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  select s.* into v_station from public.stations s where s.id = v_staff.station_id;
  v_today := (private.clock() at time zone v_station.time_zone)::date;
  return jsonb_build_object('ok', true, 'today', v_today, 'counting', v_station.day_counting, 'may_change', v_staff.role = 'chief',
    'days', coalesce((select jsonb_agg(jsonb_build_object('day', d.day, 'kind', d.kind, 'name', d.name, 'is_own', d.is_own) order by d.day)
      from public.calendar_days d where d.station_id = v_station.id and d.day >= date_trunc('year', v_today)), '[]'::jsonb));
end;
$function$;
comment on function public.get_calendar() is 'Definer: staff may not read stations whole.';
grant execute on function public.get_calendar() to authenticated;

CREATE OR REPLACE FUNCTION public.get_calendar_feed()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
  v_volunteer public.volunteers := private.volunteer_of(v_actor);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return jsonb_build_object('ok', true, 'feed', (select jsonb_build_object('created_at', f.created_at, 'last_read_on', f.last_read_on) from private.calendar_feeds f where f.volunteer_id = v_volunteer.id and f.revoked_at is null));
end;
$function$;
comment on function public.get_calendar_feed() is 'Definer: the tables have no grants.';
grant execute on function public.get_calendar_feed() to authenticated;

CREATE OR REPLACE FUNCTION public.get_chat_hours()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce((select private.chat_hours_at(s.id, private.clock()) from public.stations s where s.is_default), '{}'::jsonb);
$function$;
comment on function public.get_chat_hours() is 'When somebody answers in the chat: a public read. Definer: the clock''s offset is private.';
grant execute on function public.get_chat_hours() to anon;
grant execute on function public.get_chat_hours() to authenticated;
grant execute on function public.get_chat_hours() to service_role;

CREATE OR REPLACE FUNCTION public.get_consent_texts()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'texts', coalesce((
    select jsonb_agg(jsonb_build_object('purpose', t.purpose, 'version', t.version, 'title', t.title, 'body', t.body, 'is_required', t.is_required) order by t.is_required desc, t.purpose)
    from private.current_consent_texts() t), '[]'::jsonb));
$function$;
comment on function public.get_consent_texts() is 'Public read: the texts in force. Definer: the table is private.';
grant execute on function public.get_consent_texts() to anon;
grant execute on function public.get_consent_texts() to authenticated;
grant execute on function public.get_consent_texts() to service_role;

CREATE OR REPLACE FUNCTION public.get_duty_now()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_mine public.duty_shifts;
  v_before public.duty_shifts;
  v_handles boolean := coalesce(v_staff.role in ('officer', 'lead', 'chief'), false);
  v_triage bigint;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if v_handles then
    -- The turn that begins or runs, else the one that is just over: its note may still be written.
    select d.* into v_mine from public.duty_shifts d
    where d.staff_id = v_staff.user_id and d.starts_at <= v_now + interval '30 minutes' and d.ends_at > v_now - interval '1 hour'
    order by d.ends_at <= v_now, d.taken_over_at is not null, d.starts_at limit 1;
    select d.* into v_before from public.duty_shifts d
    where d.station_id = v_staff.station_id and d.staff_id <> v_staff.user_id and d.note_sealed is not null and d.starts_at < v_mine.starts_at and d.ends_at > v_mine.starts_at - interval '12 hours'
    order by d.ends_at desc limit 1;
    if private.desk_post(v_staff) <> 'officer' then
      select count(*) into v_triage from (select from public.reports r where r.station_id = v_staff.station_id and r.community_id is null and not r.is_hidden and not r.is_about_police and r.status = 'received' limit 100) t;
    end if;
  end if;
  return jsonb_build_object('ok', true, 'now', v_now,
    'people', coalesce((select jsonb_agg(jsonb_build_object('staff_id', s.user_id, 'name', s.name, 'role', s.role,
        'until', (select max(d.ends_at) from public.duty_shifts d where d.staff_id = s.user_id and d.starts_at <= v_now + interval '30 minutes' and d.ends_at > v_now)) order by s.badge_number)
      from private.on_duty(v_staff.station_id, v_now) o join public.staff s on s.user_id = o), '[]'::jsonb),
    'next', (select jsonb_build_object('name', s.name, 'starts_at', d.starts_at) from public.duty_shifts d join public.staff s on s.user_id = d.staff_id and s.is_active
      where d.station_id = v_staff.station_id and d.starts_at > v_now order by d.starts_at limit 1),
    'is_me', private.is_on_duty(v_staff.user_id), 'mine', case when v_mine.id is not null then private.shift_facts(v_mine) end,
    'handed_over', case when v_before.id is not null then private.shift_facts(v_before) end, 'triage', v_triage);
end;
$function$;
comment on function public.get_duty_now() is 'Definer: notes have no SELECT grant, and the triage queue is counted by its index.';
grant execute on function public.get_duty_now() to authenticated;

CREATE OR REPLACE FUNCTION public.get_figures(p_station uuid DEFAULT NULL::uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'releases', coalesce(jsonb_agg(jsonb_build_object('period', t.period, 'starts_on', t.starts_on, 'released_at', t.released_at, 'figures',
      (select coalesce(jsonb_agg(jsonb_build_object('measure', f.measure, 'scope', f.scope, 'community_id', f.community_id, 'base', f.base, 'count', f.count)), '[]'::jsonb)
        from public.published_figures f where f.release_id = t.id)) order by t.starts_on desc), '[]'::jsonb))
  from (
    select r.*, row_number() over (partition by r.period order by r.starts_on desc) as place
    from public.figure_releases r
    where r.station_id = coalesce(p_station, (select s.id from public.stations s where s.is_default))
  ) t where t.place <= 13;
$function$;
grant execute on function public.get_figures(uuid) to anon;
grant execute on function public.get_figures(uuid) to authenticated;
grant execute on function public.get_figures(uuid) to service_role;

CREATE OR REPLACE FUNCTION public.get_filed_reference_data()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  with kinds as (
    select k.is_active, k.position, k.code, jsonb_build_object('code', k.code, 'group', k."group", 'visibility', k.visibility, 'urgency', k.urgency, 'name', k.name,
      'description', k.description, 'guidance', k.guidance, 'is_about_police', k.is_about_police, 'allows_device_draft', k.allows_device_draft, 'retention_days', k.retention_days,
      'questions', coalesce((select jsonb_agg(jsonb_build_object('code', q.code, 'kind', q.kind, 'label', q.label, 'hint', q.hint, 'options', q.options, 'is_required', q.is_required) order by q.position, q.code)
        from public.category_questions q where q.category_code = k.code and q.is_active), '[]'::jsonb),
      'versions', coalesce((select jsonb_agg(jsonb_build_object('code', v.code, 'until', v.until, 'kind', v.kind, 'label', v.label, 'options', v.options) order by v.until)
        from private.question_versions v where v.category_code = k.code), '[]'::jsonb)) as facts
    from public.categories k)
  select jsonb_build_object(
    'station', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'phone', s.phone, 'address', s.address, 'time_zone', s.time_zone, 'emergency_numbers', s.emergency_numbers) from public.stations s where s.is_default),
    'communities', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name, 'boundary', c.boundary, 'map', c.map,
        'grids', coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'code', g.code, 'name', g.name, 'boundary', g.boundary, 'lat', g.centre_lat, 'lng', g.centre_lng) order by g.code)
          from public.grids g where g.community_id = c.id and g.is_active), '[]'::jsonb),
        'office', (select jsonb_build_object('name', o.name, 'address', o.address, 'phone', o.phone, 'reception_hours', o.reception_hours, 'lat', o.lat, 'lng', o.lng)
          from public.police_offices o where o.community_id = c.id order by o.id limit 1),
        'officers', coalesce((select jsonb_agg(jsonb_build_object('id', f.user_id, 'name', f.name, 'badge_number', f.badge_number, 'kind', a.kind) order by a.kind, f.badge_number)
          from public.assignments a join public.staff f on f.user_id = a.staff_id and f.is_active
          where a.community_id = c.id and (private.clock() at time zone s.time_zone)::date between a.from_on and coalesce(a.to_on, 'infinity'::date)), '[]'::jsonb)) order by c.position, c.slug)
      from public.communities c join public.stations s on s.id = c.station_id and s.is_default where c.is_active), '[]'::jsonb),
    'categories', coalesce((select jsonb_agg(k.facts order by k.position, k.code) from kinds k where k.is_active), '[]'::jsonb),
    'former', jsonb_build_object(
      'categories', coalesce((select jsonb_agg(k.facts order by k.position, k.code) from kinds k where not k.is_active), '[]'::jsonb),
      'communities', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name) order by c.position, c.slug)
        from public.communities c join public.stations s on s.id = c.station_id and s.is_default where not c.is_active), '[]'::jsonb),
      'grids', coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'community_id', c.id, 'code', g.code, 'name', g.name) order by c.position, g.code)
        from public.grids g join public.communities c on c.id = g.community_id join public.stations s on s.id = c.station_id and s.is_default where not (g.is_active and c.is_active)), '[]'::jsonb)),
    'is_demo', private.is_demo(), 'now', private.clock());
$function$;
comment on function public.get_filed_reference_data() is 'Definer: reads reference tables that nobody reads directly.';
grant execute on function public.get_filed_reference_data() to service_role;

CREATE OR REPLACE FUNCTION public.get_invitation(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_invitation private.staff_invitations := private.open_invitation(p ->> 'token_hash');
  v_wait integer;
begin
  if v_invitation.id is null then
    v_wait := private.take_all(p -> 'limits');
    return case when v_wait > 0 then private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait)) else private.refuse('invitation_ended') end;
  end if;
  return (select jsonb_build_object('ok', true, 'user_id', v_invitation.user_id, 'email', v_invitation.email, 'role', v_invitation.role, 'name', v_invitation.name, 'badge_number', v_invitation.badge_number,
      'locale', v_invitation.locale, 'station', s.name, 'expires_at', v_invitation.expires_at, 'time_zone', s.time_zone)
    from public.stations s where s.id = v_invitation.station_id);
end;
$function$;
comment on function public.get_invitation(jsonb) is 'One answer for used, ended and never sent. Definer: the table is private.';
grant execute on function public.get_invitation(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.get_mail_settings(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_user uuid := (p ->> 'user')::uuid;
  v_report uuid := (p ->> 'report')::uuid;
  v_settings private.mail_settings;
begin
  if not exists (select from auth.users u where u.id = v_user) and not exists (select from public.reports r where r.id = v_report) then
    return private.refuse('not_found');
  end if;
  select m.* into v_settings from private.mail_settings m where m.user_id = v_user or m.report_id = v_report;
  return jsonb_build_object('ok', true, 'reference', (select r.reference from public.reports r where r.id = v_report), 'level', coalesce(v_settings.level, 'all'),
    'quiet_from', to_char(coalesce(v_settings.quiet_from, '22:00'), 'HH24:MI'), 'quiet_to', to_char(coalesce(v_settings.quiet_to, '07:00'), 'HH24:MI'),
    'has_duty', exists (select from public.staff s where s.user_id = v_user and s.is_active));
end;
$function$;
comment on function public.get_mail_settings(jsonb) is 'Definer: the table is private.';
grant execute on function public.get_mail_settings(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.get_notices(p_community text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'notices', coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'title', t.title, 'body', t.body, 'published_on', t.published_on) order by t.published_on desc, t.id), '[]'::jsonb))
  from (
    select n.id, n.title, n.body, (n.published_at at time zone s.time_zone)::date as published_on
    from public.communities c join public.stations s on s.id = c.station_id
    join public.case_notices n on n.station_id = c.station_id and (n.community_id = c.id or n.community_id is null)
    where c.slug = p_community and n.published_at is not null and n.withdrawn_at is null
    order by n.published_at desc limit 20
  ) t;
$function$;
comment on function public.get_notices(text) is 'Published notices only. Definer: the time of publication has no SELECT grant.';
grant execute on function public.get_notices(text) to anon;
grant execute on function public.get_notices(text) to authenticated;
grant execute on function public.get_notices(text) to service_role;

CREATE OR REPLACE FUNCTION public.get_own_patrols(p jsonb DEFAULT '{}'::jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.patrol_actor(p);
  v_now timestamptz := private.clock();
  v_from timestamptz := greatest((p ->> 'from')::timestamptz, v_now);
  v_to timestamptz := least((p ->> 'to')::timestamptz, v_now + interval '28 days');
  v_volunteer public.volunteers := private.volunteer_of(v_actor);
  v_shifts uuid[];
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if v_volunteer.id is null then
    return jsonb_build_object('ok', true, 'now', v_now, 'volunteer', null, 'shifts', '[]'::jsonb, 'history', '[]'::jsonb);
  end if;
  v_shifts := array(select s.id from public.patrol_shifts s
    where v_volunteer.state in ('enrolled', 'active', 'suspended') and s.station_id = v_volunteer.station_id and lower(s.period) > v_now and lower(s.period) >= v_from and lower(s.period) < v_to
      and (p ->> 'community' is null or s.community_id = (select c.id from public.communities c where c.station_id = s.station_id and c.slug = p ->> 'community'))
      and (s.state = 'open' or exists (select from public.shift_places q where q.shift_id = s.id and q.volunteer_id = v_volunteer.id and q.state = 'cancelled')));
  return jsonb_build_object('ok', true, 'now', v_now, 'volunteer', private.volunteer_facts(v_volunteer) - 'reviewed_by',
    'shifts', coalesce((
      select jsonb_agg(d.card || jsonb_build_object('mine', m.facts, 'gap', coalesce(g.gap, case when v_now < s.first_claims_until and not private.has_first_claim(v_volunteer.id, s) then 'first_claims' end)) order by lower(s.period), s.id)
      from public.patrol_shifts s join private.shift_cards(v_shifts) d on d.shift_id = s.id join private.sign_up_gaps(v_volunteer, v_shifts, v_now) g on g.shift_id = s.id
        left join (
          select q.shift_id, jsonb_build_object('place', q.id, 'state', q.state, 'offered_until', q.offered_until,
            'swap', (select jsonb_build_object('id', w.id, 'state', w.state) from public.shift_swaps w where w.place_id = q.id and w.state in ('asked', 'accepted'))) as facts
          from public.shift_places q where q.shift_id = any (v_shifts) and q.volunteer_id = v_volunteer.id and q.state in ('confirmed', 'waiting', 'offered')) m on m.shift_id = s.id
      where s.id = any (v_shifts)), '[]'::jsonb),
    'history', coalesce((select jsonb_agg(jsonb_build_object('shift', t.shift_id, 'starts_at', lower(t.period), 'ends_at', upper(t.period), 'state', t.state, 'attended_at', t.attended_at) order by lower(t.period) desc)
      from (select q.* from public.shift_places q where q.volunteer_id = v_volunteer.id and lower(q.period) <= v_now and q.state in ('confirmed', 'no_show') order by lower(q.period) desc limit 100) t), '[]'::jsonb));
end;
$function$;
comment on function public.get_own_patrols(jsonb) is 'Definer: the tables have no grants.';
grant execute on function public.get_own_patrols(jsonb) to authenticated;
grant execute on function public.get_own_patrols(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.get_own_points()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers := private.volunteer_of(private.actor());
  v_station uuid;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_station := coalesce(v_volunteer.station_id, (select s.id from public.stations s where s.is_default));
  return jsonb_build_object('ok', true, 'now', v_now, 'is_volunteer', v_volunteer.id is not null,
    'balance', (select coalesce(sum(private.points_balance(a.id)), 0) from private.points_accounts a where a.volunteer_id = v_volunteer.id),
    'lines', private.points_lines(v_volunteer.id, 200), 'hours', private.hours_of(v_volunteer.id, v_now, 200),
    'totals', (select jsonb_build_object('minutes', coalesce(sum(h.minutes), 0), 'night_minutes', coalesce(sum(h.night_minutes), 0), 'credit_minutes', coalesce(sum(h.credit_minutes), 0)) from private.patrol_hours h where h.volunteer_id = v_volunteer.id),
    'honours', (select coalesce(jsonb_agg(jsonb_build_object('code', o.code, 'name', o.name, 'hours', o.hours, 'given_at', g.given_at) order by o.hours), '[]'::jsonb)
      from private.honours o left join private.volunteer_honours g on g.honour_code = o.code and g.volunteer_id = v_volunteer.id),
    'waiting', (select coalesce(jsonb_agg(jsonb_build_object('rule', c.rule_code, 'points', c.points, 'earned_at', c.earned_at) order by c.number), '[]'::jsonb)
      from private.points_claims c where c.volunteer_id = v_volunteer.id and c.transaction_id is null and c.points > 0),
    'rules', private.points_rules_of(v_station), 'night', private.night_of(v_station),
    'budget_left', private.budget_of(v_station, private.month_at(v_station, v_now)) - private.budget_used(v_station, private.month_at(v_station, v_now)));
end;
$function$;
comment on function public.get_own_points() is 'Definer: the tables have no grants.';
grant execute on function public.get_own_points() to authenticated;

CREATE OR REPLACE FUNCTION public.get_own_rewards()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
  v_volunteer public.volunteers;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_volunteer := private.volunteer_of(v_actor);
  return jsonb_build_object('ok', true, 'is_enrolled', coalesce(v_volunteer.state in ('enrolled', 'active'), false),
    'balance', coalesce((select private.points_balance(a.id) from private.points_accounts a where a.volunteer_id = v_volunteer.id), 0),
    'rewards', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'points', r.points, 'deposit', r.deposit, 'stock', r.stock) order by r.points + r.deposit, r.id) from private.rewards r where r.station_id = v_volunteer.station_id and r.is_active), '[]'::jsonb),
    'orders', coalesce((select jsonb_agg(private.order_facts(t.o) || jsonb_build_object('code', case when (t.o).state = 'ordered' then (t.o).code end) order by (t.o).number desc)
      from (select o from private.reward_orders o where o.volunteer_id = v_volunteer.id order by o.number desc limit 50) t), '[]'::jsonb));
end;
$function$;
comment on function public.get_own_rewards() is 'Definer: the tables have no grants.';
grant execute on function public.get_own_rewards() to authenticated;

CREATE OR REPLACE FUNCTION public.get_patrol_terms()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true,
    'declarations', coalesce((select jsonb_agg(jsonb_build_object('purpose', t.purpose, 'version', t.version, 'title', t.title, 'body', t.body) order by t.purpose) from private.patrol_declarations() t), '[]'::jsonb),
    'types', coalesce((select jsonb_agg(jsonb_build_object('code', t.code, 'name', t.name) order by t.position, t.code) from public.shift_types t where t.is_active), '[]'::jsonb),
    'skills', coalesce((select jsonb_agg(jsonb_build_object('code', k.code, 'name', k.name) order by k.position, k.code) from public.patrol_skills k where k.is_active), '[]'::jsonb));
$function$;
comment on function public.get_patrol_terms() is 'Public read. Definer: the tables have no grants.';
grant execute on function public.get_patrol_terms() to anon;
grant execute on function public.get_patrol_terms() to authenticated;
grant execute on function public.get_patrol_terms() to service_role;

CREATE OR REPLACE FUNCTION public.get_reference_data()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select (d.facts - 'former') || jsonb_build_object('categories', (select coalesce(jsonb_agg(c.value - 'versions' order by c.ordinality), '[]'::jsonb) from jsonb_array_elements(d.facts -> 'categories') with ordinality c))
  from (select public.get_filed_reference_data() as facts) d;
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

CREATE OR REPLACE FUNCTION public.get_set_up()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'is_demo', private.is_demo(),
    'station', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'time_zone', s.time_zone, 'phone', s.phone) from public.stations s where s.is_default),
    'chiefs', (select count(*) from public.staff f join public.stations s on s.id = f.station_id where s.is_default and f.is_active and f.role = 'chief'),
    'admins', (select count(*) from public.staff f join public.stations s on s.id = f.station_id where s.is_default and f.is_active and f.role = 'admin'),
    'auditors', (select count(*) from public.staff f join public.stations s on s.id = f.station_id where s.is_default and f.is_active and f.role = 'auditor'),
    'invited', coalesce((select jsonb_agg(jsonb_build_object('role', i.role, 'badge_number', i.badge_number, 'expires_at', i.expires_at) order by i.role desc) from private.staff_invitations i
      join public.stations s on s.id = i.station_id where s.is_default and i.token_hash is not null and i.expires_at > private.clock()), '[]'::jsonb));
$function$;
comment on function public.get_set_up() is 'Definer: demo mark and invitations are private, staff is readable within a station only.';
grant execute on function public.get_set_up() to service_role;

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

CREATE OR REPLACE FUNCTION public.get_telegram_link(p jsonb)
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
  return jsonb_build_object('ok', true, 'now', private.clock(), 'bot', (select s.value #>> '{}' from private.settings s where s.key = 'telegram_bot'),
    'link', (select jsonb_build_object('linked_at', l.linked_at, 'news', l.news) from private.telegram_links l where l.user_id = v_actor),
    'has_duty', exists (select from public.staff s where s.user_id = v_actor and s.is_active));
end;
$function$;
comment on function public.get_telegram_link(jsonb) is 'Definer: the table is private.';
grant execute on function public.get_telegram_link(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.grant_points(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_volunteer public.volunteers;
  v_report public.reports;
  v_day date := (p ->> 'day')::date;
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  if p ->> 'rule' = 'training' then
    select v.* into v_volunteer from public.volunteers v where v.id = (p ->> 'volunteer')::uuid;
    if v_volunteer.id is null or not private.may_read_volunteer(v_volunteer, v_staff) or v_volunteer.user_id is null then
      return private.refuse('not_found');
    elsif v_volunteer.user_id = v_staff.user_id then
      return private.refuse('not_for_oneself');
    elsif not coalesce(v_day between private.day_at(v_staff.station_id, private.clock()) - 31 and private.day_at(v_staff.station_id, private.clock()), false) then
      return private.refuse('invalid_input');
    end if;
    perform private.earn_points(v_volunteer.id, 'training', encode(substring(sha256(convert_to('training ' || v_volunteer.id || ' ' || v_day, 'UTF8')) for 16), 'hex')::uuid);
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'points.granted', 'patrols', v_volunteer.id);
  elsif p ->> 'rule' = 'tip_helped' then
    select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and r.station_id = v_staff.station_id and r.status = 'closed' and not r.is_about_police;
    if v_report.id is null then
      return private.refuse('not_found');
    elsif v_report.owner_id = v_staff.user_id then
      return private.refuse('not_for_oneself');
    end if;
    perform private.earn_points((private.volunteer_of(v_report.owner_id)).id, 'tip_helped', v_report.id);
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'points.granted', 'reports', v_report.id);
  else
    return private.refuse('invalid_input');
  end if;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.grant_points(jsonb) is 'Definer: nobody writes the ledger directly.';
grant execute on function public.grant_points(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.handle_alert_response(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_response private.alert_responses;
  v_alert public.alerts;
begin
  select r.* into v_response from private.alert_responses r where r.id = (p ->> 'id')::uuid and r.kind in ('help', 'know') for update;
  select a.* into v_alert from public.alerts a where a.id = v_response.alert_id;
  if v_alert.id is null or not private.may_answer_alert(v_alert, v_staff) then
    return private.refuse_alert(v_staff, 'alert.response_refused', v_alert.identifier);
  end if;
  if v_response.handled_at is not null then
    return private.refuse('conflict');
  end if;
  update private.alert_responses r set handled_at = private.clock(), handled_by = v_staff.user_id where r.id = v_response.id;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'alert.response_handled', 'alerts', v_alert.id, jsonb_build_object('alert', v_alert.identifier, 'kind', v_response.kind));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.handle_alert_response(jsonb) is 'Definer: the table is private; who did it is logged.';
grant execute on function public.handle_alert_response(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.hold_report(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_reason text := btrim(coalesce(p ->> 'reason', ''));
begin
  select r.* into v_report from public.reports r where r.reference = upper(p ->> 'reference') and private.may_change(r, v_staff) and v_staff.role in ('lead', 'chief') for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.hold_refused', upper(p ->> 'reference'));
  end if;
  if char_length(v_reason) not between 10 and 500 then
    return private.refuse('reason_missing');
  end if;
  insert into private.report_holds (report_id, reason, placed_at, placed_by) values (v_report.id, v_reason, private.clock(), v_staff.user_id) on conflict do nothing;
  if not found then
    return private.refuse('conflict');
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.held', 'reports', v_report.id, jsonb_build_object('reason', v_reason));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.hold_report(jsonb) is 'Keeps a report beyond its time. Definer: holds are private.';
grant execute on function public.hold_report(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.invite_first_staff(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_station uuid;
  v_expected text[];
  v_ending uuid[];
  v_person jsonb;
  v_code text;
  v_id uuid;
  v_expires_at timestamptz;
begin
  select s.id into v_station from public.stations s where s.id = (p ->> 'station')::uuid for no key update;
  if not found then
    return private.refuse('not_found');
  end if;
  if exists (select from public.staff s where s.station_id = v_station and s.role = 'chief' and s.is_active) then
    return private.refuse('already_set_up');
  end if;
  v_expected := case when exists (select from public.staff s where s.station_id = v_station and s.role = 'admin' and s.is_active) then '{chief}' else '{admin,chief}' end;
  if coalesce((select array_agg(t.role order by t.role) from jsonb_to_recordset(p -> 'people') as t (role text)), '{}') <> v_expected then
    return private.refuse('invalid_input');
  end if;
  v_ending := array(select i.id from private.staff_invitations i
    where i.station_id = v_station and i.accepted_at is null and i.revoked_at is null and not exists (select from public.staff_proposals q where q.invitation_id = i.id) for update);
  -- Everything is looked at before anything is written: nothing is kept of the first when the second cannot be invited, and no link ends for a typing error.
  for v_person in select t.value from jsonb_array_elements(p -> 'people') as t loop
    v_code := coalesce(v_code, private.check_invited(v_station, v_person, v_ending));
  end loop;
  if v_code is null and (select count(distinct lower(btrim(t.value ->> 'email'))) < count(*) or count(distinct btrim(t.value ->> 'badge_number')) < count(*) from jsonb_array_elements(p -> 'people') as t) then
    v_code := 'invalid_input';
  end if;
  if v_code is not null then
    return private.refuse(v_code);
  end if;
  perform private.end_invitation(e.id) from unnest(v_ending) as e (id);
  for v_person in select t.value from jsonb_array_elements(p -> 'people') as t loop
    v_id := private.keep_invited(v_station, v_person);
    v_expires_at := private.send_invitation(v_id, v_person);
    perform private.log(v_station, null, 'system', 'staff.invited', 'staff', (select i.user_id from private.staff_invitations i where i.id = v_id),
      jsonb_build_object('role', v_person ->> 'role', 'badge', btrim(v_person ->> 'badge_number')));
  end loop;
  return jsonb_build_object('ok', true, 'expires_at', v_expires_at);
end;
$function$;
comment on function public.invite_first_staff(jsonb) is 'Only while the station has no active chief. Definer: the table is private.';
grant execute on function public.invite_first_staff(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.is_signed_in_recently()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select private.actor() is not null
    and private.signed_in_recently((nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'session_id')::uuid);
$function$;
comment on function public.is_signed_in_recently() is 'Whether the page must ask for a fresh sign-in first. Definer: as signed_in_recently.';
grant execute on function public.is_signed_in_recently() to authenticated;

CREATE OR REPLACE FUNCTION public.issue_certificate(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_volunteer public.volunteers;
  v_sum record;
  v_wait integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  v_volunteer := private.volunteer_of(v_actor);
  if v_volunteer.id is null then
    return private.refuse('not_found');
  end if;
  if p ->> 'file_sealed' is null or (p ->> 'issued_at')::timestamptz not between private.clock() - interval '5 minutes' and private.clock() then
    return private.refuse('invalid_input');
  end if;
  v_sum := private.sum_patrol_hours(v_volunteer, (p ->> 'from')::date, (p ->> 'to')::date);
  if (v_sum.from_on, v_sum.to_on, v_sum.shifts, v_sum.minutes, v_sum.night_minutes)
    is distinct from ((p ->> 'from')::date, (p ->> 'to')::date, (p ->> 'shifts')::integer, (p ->> 'minutes')::integer, (p ->> 'night_minutes')::integer) then
    return private.refuse('conflict');
  end if;
  insert into private.certificates (number, station_id, volunteer_id, issued_at, statement, file_sealed)
  values (p ->> 'number', v_volunteer.station_id, v_volunteer.id, (p ->> 'issued_at')::timestamptz, p -> 'statement', p ->> 'file_sealed');
  perform private.log_own_act(v_volunteer, 'certificate.issued', null);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.issue_certificate(jsonb) is 'The server''s: it signs and seals. Definer: the tables have no grants.';
grant execute on function public.issue_certificate(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.keys_to_rewrap(p_to text, p_after uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 500)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 500), 1), 5000);
  v_keys jsonb;
  v_last uuid;
begin
  with page as (
    select r.id, r.content_key, r.contact_key from public.reports r where p_after is null or r.id > p_after order by r.id limit v_limit
  ), keys as (
    select 'content' as kind, t.id::text as id, t.content_key::text as wrapped from page t
    union all select 'contact', t.id::text, t.contact_key::text from page t where t.contact_key is not null
    union all select 'server', k.id, k.wrapped::text from private.server_keys k where p_after is null
  )
  select coalesce((select jsonb_agg(jsonb_build_object('kind', k.kind, 'id', k.id, 'wrapped', k.wrapped)) from keys k where split_part(k.wrapped, '.', 2) <> p_to), '[]'::jsonb),
    (select t.id from page t order by t.id desc limit 1) into v_keys, v_last;
  return jsonb_build_object('ok', true, 'keys', v_keys, 'after', v_last);
end;
$function$;
comment on function public.keys_to_rewrap(text,uuid,integer) is 'Definer: keys have no SELECT grant. They leave wrapped.';
grant execute on function public.keys_to_rewrap(text,uuid,integer) to service_role;

CREATE OR REPLACE FUNCTION public.lead_patrol(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
    if v_place.id is null then
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
$function$;
comment on function public.lead_patrol(jsonb) is 'Definer: nobody writes the night directly.';
grant execute on function public.lead_patrol(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.leave_thread(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.conversation_id = (p ->> 'conversation')::uuid and t.state <> 'closed' for update;
  if v_thread.id is null then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'thread', private.thread_facts(private.finish_thread(v_thread, 'resident', null)));
end;
$function$;
comment on function public.leave_thread(jsonb) is 'Definer: the tables are private.';
grant execute on function public.leave_thread(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.lift_hold(p_reference text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = upper(p_reference) and private.may_change(r, v_staff) and v_staff.role in ('lead', 'chief') for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.hold_refused', upper(p_reference));
  end if;
  update private.report_holds h set lifted_at = private.clock(), lifted_by = v_staff.user_id where h.report_id = v_report.id and h.lifted_at is null;
  if not found then
    return private.refuse('not_found');
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.hold_lifted', 'reports', v_report.id);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.lift_hold(text) is 'Its time counts again. Definer: holds are private.';
grant execute on function public.lift_hold(text) to authenticated;

CREATE OR REPLACE FUNCTION public.list_alert_responses(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true,
    'open', (select count(*) from private.alert_responses r join public.alerts a on a.id = r.alert_id where r.kind = 'help' and r.handled_at is null and r.at > private.clock() - interval '30 days' and private.may_answer_alert(a, v_staff)),
    'responses', coalesce((select jsonb_agg(t.fact order by t.at desc, t.id) from (
      select r.id, r.at, jsonb_build_object('id', r.id, 'alert', a.identifier, 'kind', r.kind, 'at', r.at, 'community', r.community_id, 'channel', r.channel, 'locale', r.locale, 'has_text', r.words_sealed <> '{}',
        'came_late', r.at >= a.expires_at or coalesce(a.ended_by_type <> 'update' and r.at >= a.ended_at, false),
        'handled_at', r.handled_at, 'handled_by', (select s.name from public.staff s where s.user_id = r.handled_by)) as fact
      from private.alert_responses r join public.alerts a on a.id = r.alert_id
      where r.kind in ('help', 'know') and (p ->> 'identifier' is null or a.identifier = p ->> 'identifier') and (p ->> 'kind' is null or r.kind = p ->> 'kind')
        and (not coalesce((p ->> 'is_open')::boolean, false) or r.handled_at is null) and (p ->> 'before' is null or r.at < (p ->> 'before')::timestamptz) and private.may_answer_alert(a, v_staff)
      order by r.at desc, r.id limit least(greatest(coalesce((p ->> 'limit')::integer, 100), 1), 200)) t), '[]'::jsonb));
end;
$function$;
comment on function public.list_alert_responses(jsonb) is 'Definer: the table is private.';
grant execute on function public.list_alert_responses(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_alert_templates()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'may_edit', private.may_edit_articles(v_staff),
    'events', (select coalesce(jsonb_agg(jsonb_build_object('code', e.code, 'category', e.category, 'name', e.name) order by e.position, e.code), '[]'::jsonb) from public.alert_events e where e.is_active),
    'templates', (select coalesce(jsonb_agg(private.content_of(t) order by t.position, t.slug), '[]'::jsonb) from public.alert_templates t));
end;
$function$;
comment on function public.list_alert_templates() is 'Definer: the session is looked at first, as everywhere at the desk.';
grant execute on function public.list_alert_templates() to authenticated;

CREATE OR REPLACE FUNCTION public.list_alerts(p jsonb DEFAULT '{}'::jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_after bigint := coalesce((p ->> 'after')::bigint, 0);
  v_now timestamptz := private.clock();
begin
  return jsonb_build_object('ok', true, 'now', private.utc_second(v_now),
    'number', greatest(v_after, coalesce((select max(a.changed_number) from public.alerts a where a.state = 'published'), 0)),
    'alerts', coalesce((select jsonb_agg(private.public_alert(a) order by a.changed_number) from public.alerts a join public.stations s on s.id = a.station_id and s.is_default
      where a.state = 'published' and a.changed_number > v_after and a.expires_at > v_now - interval '400 days'), '[]'::jsonb));
end;
$function$;
comment on function public.list_alerts(jsonb) is 'A public read. Definer: when something changed is counted for all at once.';
grant execute on function public.list_alerts(jsonb) to anon;
grant execute on function public.list_alerts(jsonb) to authenticated;
grant execute on function public.list_alerts(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.list_articles_for_search(p_version text DEFAULT NULL::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_version text := private.articles_version();
begin
  return jsonb_build_object('version', v_version, 'articles', case when v_version is distinct from p_version then coalesce((
    select jsonb_agg(jsonb_build_object('id', a.slug || '/' || t.locale, 'slug', a.slug, 'locale', t.locale, 'topic', v.topic, 'title', t.title, 'summary', t.summary, 'ask', to_jsonb(t.ask), 'body', t.body,
      'related', to_jsonb(v.related), 'reviewed_on', v.reviewed_on) order by a.position, a.slug, t.locale)
    from private.articles a join private.article_versions v on v.slug = a.slug and v.number = a.published_number join private.article_texts t on t.version_id = v.id), '[]'::jsonb) end);
end;
$function$;
comment on function public.list_articles_for_search(text) is 'A public read. Definer: the tables are private, drafts are nobody''s business.';
grant execute on function public.list_articles_for_search(text) to anon;
grant execute on function public.list_articles_for_search(text) to authenticated;
grant execute on function public.list_articles_for_search(text) to service_role;

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
      and not exists (select from private.erased_about_staff e where e.report_id = l.noun_id and e.staff_id = v_staff.user_id)
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

CREATE OR REPLACE FUNCTION public.list_bot_messages(p jsonb)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'message_ids', coalesce(jsonb_agg(m.message_id order by m.message_id desc), '[]'::jsonb))
  from (select b.message_id from private.bot_messages b where b.chat_hash = p ->> 'chat_hash' and b.at > now() - interval '48 hours' order by b.message_id desc limit 5000) m;
$function$;
comment on function public.list_bot_messages(jsonb) is 'For /exit. Definer: the table is private.';
grant execute on function public.list_bot_messages(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.list_certificates(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'may_revoke', v_staff.role <> 'auditor', 'certificates', coalesce((select jsonb_agg(private.certificate_facts(t.c) || jsonb_build_object('volunteer', (t.c).volunteer_id) order by (t.c).issued_at desc, (t.c).number)
    from (select c from private.certificates c where c.station_id = v_staff.station_id order by c.issued_at desc, c.number limit least(greatest(coalesce((p ->> 'limit')::integer, 200), 1), 500)) t), '[]'::jsonb));
end;
$function$;
comment on function public.list_certificates(jsonb) is 'Without what they say. Definer: the table has no grants.';
grant execute on function public.list_certificates(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_consents()
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
  return jsonb_build_object('ok', true, 'now', private.clock(),
    'texts', coalesce((
      select jsonb_agg(jsonb_build_object('purpose', t.purpose, 'version', t.version, 'title', t.title, 'body', t.body, 'is_required', t.is_required,
        'last', (select jsonb_build_object('version', c.version, 'is_given', c.is_given, 'at', c.at, 'channel', c.channel) from private.consents c
          where c.user_id = v_actor and c.purpose = t.purpose order by c.id desc limit 1)) order by t.is_required desc, t.purpose)
      from private.current_consent_texts() t), '[]'::jsonb),
    'history', coalesce((
      select jsonb_agg(jsonb_build_object('purpose', c.purpose, 'title', t.title, 'version', c.version, 'is_given', c.is_given, 'at', c.at, 'channel', c.channel) order by c.id desc)
      from private.consents c join private.consent_texts t on t.purpose = c.purpose and t.version = c.version where c.user_id = v_actor), '[]'::jsonb));
end;
$function$;
comment on function public.list_consents() is 'Definer: the tables are private.';
grant execute on function public.list_consents() to authenticated;

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
    select jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun', t.noun, 'noun_id', t.noun_id, 'reference', r.reference, 'locale', t.locale,
      'recipient_id', t.recipient_id, 'recipient', u.email, 'recipient_sealed', t.recipient_sealed, 'params_sealed', t.params_sealed, 'matters', t.matters, 'status', t.status, 'send_after', t.send_after,
      'subscription_id', b.id, 'alert', a.identifier, 'handle_hash', b.handle_hash, 'handle_sealed', b.handle_sealed, 'token_hash', b.token_hash, 'token_sealed', b.token_sealed) order by t.id desc)
    -- Whoever has left is known to nobody any more.
    from (select o.* from public.outbox o where o.channel = 'email' and (o.subscription_id is null or exists (select from private.alert_subscriptions s where s.id = o.subscription_id and s.state <> 'ended'))
      order by o.id desc limit least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200)) t
    left join auth.users u on u.id = t.recipient_id left join public.reports r on r.id = t.noun_id
    left join private.alert_subscriptions b on b.id = t.subscription_id left join public.alerts a on t.noun = 'alerts' and a.id = t.noun_id), '[]'::jsonb));
end;
$function$;
comment on function public.list_demo_mails(jsonb) is 'Shows the outbox of a demo station. Definer: recipients live in auth.users.';
grant execute on function public.list_demo_mails(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.list_desk_alerts(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'alerts', coalesce((
    select jsonb_agg(private.alert_facts(t.a) order by (t.a).edited_at desc, (t.a).id) from (
      select a from public.alerts a where a.station_id = v_staff.station_id and private.may_read_alert(a, v_staff)
        and case p ->> 'state' when 'open' then a.state in ('draft', 'in_review') when 'published' then a.state = 'published' when 'discarded' then a.state = 'discarded' else true end
      order by a.edited_at desc, a.id limit least(greatest(coalesce((p ->> 'limit')::integer, 100), 1), 200)) t), '[]'::jsonb));
end;
$function$;
comment on function public.list_desk_alerts(jsonb) is 'Definer: drafts are readable here only.';
grant execute on function public.list_desk_alerts(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_desk_articles()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'may_edit', private.may_edit_articles(v_staff), 'articles', coalesce((
    select jsonb_agg(jsonb_build_object('slug', a.slug, 'topic', w.topic, 'titles', (select jsonb_object_agg(t.locale, t.title) from private.article_texts t where t.version_id = w.id),
      'state', private.article_state(a), 'published_at', a.published_at, 'changed_at', w.made_at, 'changed_by', s.name, 'reviewed_on', w.reviewed_on,
      'has_update', exists (select from private.article_versions u where u.slug = a.slug and u.made_by is null and u.number > w.number)) order by a.position, a.slug)
    from private.articles a join private.article_versions w on w.slug = a.slug and w.number = private.working_number(a) left join public.staff s on s.user_id = w.made_by), '[]'::jsonb));
end;
$function$;
comment on function public.list_desk_articles() is 'Definer: the tables are private.';
grant execute on function public.list_desk_articles() to authenticated;

CREATE OR REPLACE FUNCTION public.list_desk_patrols(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_from timestamptz := (p ->> 'from')::timestamptz;
  v_to timestamptz := (p ->> 'to')::timestamptz;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  if v_from is null or v_to is null or v_to <= v_from or v_to > v_from + interval '62 days' then
    return private.refuse('invalid_input');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'me', private.who_reads(v_staff), 'may_plan', v_staff.role in ('lead', 'chief'),
    'shifts', coalesce((select jsonb_agg(private.desk_shift(s) order by lower(s.period), s.id) from public.patrol_shifts s
      where s.station_id = v_staff.station_id and lower(s.period) >= v_from and lower(s.period) < v_to and (v_staff.role <> 'officer' or s.community_id in (select private.communities_of(v_staff.user_id)))), '[]'::jsonb),
    'series', coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'community', e.community_id, 'type', e.type_code, 'route', e.route_id, 'weekdays', e.weekdays, 'starts_at_local', to_char(e.starts_at_local, 'HH24:MI'),
        'duration_minutes', e.duration_minutes, 'from_on', e.from_on, 'until_on', e.until_on, 'exceptions', e.exceptions, 'needed', e.needed, 'maximum', e.maximum, 'kind', e.kind, 'skill', e.skill_code) order by e.created_at, e.id)
      from public.shift_series e where e.station_id = v_staff.station_id and e.ended_at is null), '[]'::jsonb),
    'routes', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'community', r.community_id, 'name', r.name,
        'checkpoints', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'grid', c.grid_id, 'name', c.name) order by c.position) from public.patrol_checkpoints c where c.route_id = r.id and c.is_active), '[]'::jsonb)) order by r.id)
      from public.patrol_routes r where r.station_id = v_staff.station_id and r.is_active), '[]'::jsonb));
end;
$function$;
comment on function public.list_desk_patrols(jsonb) is 'Volunteers appear by id, without a name. Definer: the tables have no grants.';
grant execute on function public.list_desk_patrols(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_desk_points()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_month date;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  v_month := private.month_at(v_staff.station_id, private.clock());
  return jsonb_build_object('ok', true, 'now', private.clock(), 'may_decide', v_staff.role in ('lead', 'chief'), 'may_set', v_staff.role = 'chief', 'month', v_month,
    'budget', private.budget_of(v_staff.station_id, v_month), 'used', private.budget_used(v_staff.station_id, v_month),
    'waiting', (select jsonb_build_object('count', count(*), 'points', coalesce(sum(c.points), 0)) from private.points_claims c where c.station_id = v_staff.station_id and c.transaction_id is null and c.points > 0),
    'rules', private.points_rules_of(v_staff.station_id), 'night', private.night_of(v_staff.station_id),
    'months', (select jsonb_agg(jsonb_build_object('month', m::date, 'budget', private.budget_of(v_staff.station_id, m::date), 'used', private.budget_used(v_staff.station_id, m::date)) order by m desc)
      from generate_series(v_month - interval '5 months', v_month, interval '1 month') m),
    'corrections', coalesce((select jsonb_agg(private.correction_facts(c) || jsonb_build_object('volunteer', c.volunteer_id, 'is_own', coalesce(v.user_id = v_staff.user_id, false), 'community', (select k.slug from public.communities k where k.id = v.community_id),
        'starts_at', lower(q.period), 'ends_at', upper(q.period), 'was_from', lower(h.worked), 'was_to', upper(h.worked)) order by c.asked_at, c.id)
      from private.hours_corrections c join public.shift_places q on q.id = c.place_id join public.volunteers v on v.id = c.volunteer_id left join private.patrol_hours h on h.place_id = q.id
      where c.state = 'asked' and private.may_read_volunteer(v, v_staff)), '[]'::jsonb));
end;
$function$;
comment on function public.list_desk_points() is 'Definer: the tables have no grants.';
grant execute on function public.list_desk_points() to authenticated;

CREATE OR REPLACE FUNCTION public.list_desk_rewards()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'may_change', v_staff.role in ('lead', 'chief'),
    'rewards', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'points', r.points, 'deposit', r.deposit, 'stock', r.stock, 'is_active', r.is_active) order by not r.is_active, r.points + r.deposit, r.id) from private.rewards r where r.station_id = v_staff.station_id), '[]'::jsonb),
    'orders', coalesce((select jsonb_agg(private.order_facts(t.o) || jsonb_build_object('volunteer', (t.o).volunteer_id) order by (t.o).ended_at is not null, (t.o).number desc)
      from (select o from private.reward_orders o where o.station_id = v_staff.station_id order by o.ended_at is not null, o.number desc limit 200) t), '[]'::jsonb));
end;
$function$;
comment on function public.list_desk_rewards() is 'Without names and codes. Definer: the tables have no grants.';
grant execute on function public.list_desk_rewards() to authenticated;

CREATE OR REPLACE FUNCTION public.list_duty(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_from timestamptz := (p ->> 'from')::timestamptz;
  v_to timestamptz := (p ->> 'to')::timestamptz;
  v_handles boolean := coalesce(v_staff.role in ('officer', 'lead', 'chief'), false);
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if v_from is null or v_to is null or v_to <= v_from or v_to > v_from + interval '60 days' then
    return private.refuse('invalid_input');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'time_zone', (select s.time_zone from public.stations s where s.id = v_staff.station_id), 'may_plan', private.may_plan_duty(v_staff),
    'shifts', coalesce((select jsonb_agg(private.shift_facts(d) - case when v_handles then '{}'::text[] else '{note_sealed}'::text[] end order by d.starts_at, d.id)
      from public.duty_shifts d where d.station_id = v_staff.station_id and d.starts_at < v_to and d.ends_at > v_from), '[]'::jsonb),
    'calls', coalesce((
      select jsonb_agg(jsonb_build_object('reference', t.reference, 'category', t.category_code, 'urgency', t.urgency, 'received_at', t.received_at,
        'told', (select jsonb_agg(jsonb_build_object('level', c.level, 'at', c.at, 'people', c.people) order by c.at, c.people desc) from private.duty_calls c where c.report_id = t.id),
        'opened', private.first_look(t.id)) order by t.received_at desc)
      from (select r.* from public.reports r
        where r.station_id = v_staff.station_id and exists (select from private.duty_calls c where c.report_id = r.id and c.at >= v_from and c.at < v_to) and private.may_see(r, v_staff)
        order by r.received_at desc limit 50) t), '[]'::jsonb));
end;
$function$;
comment on function public.list_duty(jsonb) is 'Definer: notes have no SELECT grant; calls are shown for reports that the caller may see.';
grant execute on function public.list_duty(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_job_runs()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'runs', coalesce(jsonb_agg(jsonb_build_object('name', j.name, 'started_at', j.started_at, 'finished_at', j.finished_at,
    'did', j.did, 'failed_with', j.failed_with, 'is_running', coalesce(j.leased_until > now(), false)) order by j.name), '[]'::jsonb))
  from private.job_runs j;
$function$;
comment on function public.list_job_runs() is 'The last run of each job. Definer: the table is private.';
grant execute on function public.list_job_runs() to service_role;

CREATE OR REPLACE FUNCTION public.list_messages(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_status text := coalesce(p ->> 'status', 'dead');
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200);
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_status not in ('dead', 'queued') then
    return private.refuse('invalid_input');
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'reference', r.reference, 'locale', t.locale,
      'recipient', private.masked_address(u.email), 'attempts', t.attempts, 'error', t.last_error, 'settled_at', t.settled_at,
      'send_after', case when t.status = 'queued' then t.send_after end, 'can_resend', t.status = 'dead' and t.template <> 'accounts.code') order by t.id desc), '[]'::jsonb) into v_rows
  from (
    select o.* from public.outbox o
    where o.status = v_status and (p ->> 'cursor' is null or o.id < (p ->> 'cursor')::bigint) and private.may_see_message(o, v_staff)
    order by o.id desc limit v_limit + 1
  ) t
  left join auth.users u on u.id = t.recipient_id
  left join public.reports r on r.id = t.noun_id;
  return jsonb_build_object('ok', true,
    'counts', (select jsonb_object_agg(s.status, (select count(*) from (select from public.outbox o where o.status = s.status and private.may_see_message(o, v_staff) limit 1000) c))
      from unnest(array['dead', 'queued']) s (status)),
    'messages', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit then v_rows -> (v_limit - 1) -> 'id' end);
end;
$function$;
comment on function public.list_messages(jsonb) is 'Definer: the outbox is the server''s; this shows of it what the desk may know.';
grant execute on function public.list_messages(jsonb) to authenticated;

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
      'unread', (select count(*) from public.report_messages m where m.report_id = t.id and m.author = 'staff' and m.read_at is null),
      'awaits_answer', exists (select from public.revisits v where v.report_id = t.id and v.visited_at is not null and v.answer is null and v.no_reply_at is null and v.stopped_at is null)) order by t.received_at desc)
    from (select r.*, s.time_zone from public.reports r join public.stations s on s.id = r.station_id
      where r.owner_id = v_actor or r.owner_hash = p ->> 'owner_hash' order by r.received_at desc limit 100) t), '[]'::jsonb));
end;
$function$;
comment on function public.list_my_reports(jsonb) is 'Definer: sealed reports are found by a keyed hash that only the server makes.';
grant execute on function public.list_my_reports(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.list_my_sessions(p_browser text, p_system text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  insert into private.session_devices as d (session_id, user_id, browser, system, seen_at) values (private.my_session(), v_actor, p_browser, p_system, now())
  on conflict (session_id) do update set browser = excluded.browser, system = excluded.system, seen_at = excluded.seen_at;
  delete from private.session_devices d where d.user_id = v_actor and not exists (select from auth.sessions s where s.id = d.session_id);
  -- By the real clock: sessions do not move with a demo's.
  return jsonb_build_object('ok', true, 'now', now(), 'sessions', (
    select jsonb_agg(jsonb_build_object('id', s.id, 'is_this', s.id = private.my_session(), 'started_at', s.created_at, 'seen_at', greatest(s.updated_at, d.seen_at),
      'browser', d.browser, 'system', d.system) order by (s.id = private.my_session()) desc, greatest(s.updated_at, d.seen_at, s.created_at) desc)
    from auth.sessions s left join private.session_devices d on d.session_id = s.id where s.user_id = v_actor));
end;
$function$;
comment on function public.list_my_sessions(text,text) is 'The caller''s sessions; notes the device of this one. Definer: auth.sessions is not readable by the API roles.';
grant execute on function public.list_my_sessions(text,text) to authenticated;

CREATE OR REPLACE FUNCTION public.list_notices(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;
comment on function public.list_notices(jsonb) is 'Definer: drafts are readable here only.';
grant execute on function public.list_notices(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_own_certificates(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_volunteer public.volunteers;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_volunteer := private.volunteer_of(v_actor);
  return jsonb_build_object('ok', true, 'now', private.clock(), 'first_on', case when v_volunteer.id is not null then (private.sum_patrol_hours(v_volunteer, '-infinity', 'infinity')).from_on end,
    'certificates', coalesce((select jsonb_agg(private.certificate_facts(c) || jsonb_build_object('file_sealed', c.file_sealed) order by c.issued_at desc, c.number)
      from private.certificates c where c.volunteer_id = v_volunteer.id and c.file_sealed is not null), '[]'::jsonb));
end;
$function$;
comment on function public.list_own_certificates(jsonb) is 'For the portal, which opens what they say. Definer: the table has no grants.';
grant execute on function public.list_own_certificates(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.list_people()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_today date;
  v_manages boolean;
begin
  if v_staff.user_id is null or v_staff.role = 'officer' then
    return private.refuse('forbidden');
  end if;
  v_today := private.station_today(v_staff.station_id);
  v_manages := v_staff.role in ('chief', 'admin');
  return jsonb_build_object('ok', true, 'today', v_today, 'me', v_staff.user_id, 'role', v_staff.role,
    'people', (select jsonb_agg(jsonb_build_object('id', s.user_id, 'role', s.role, 'name', s.name, 'badge_number', s.badge_number, 'is_active', s.is_active, 'since', s.created_at,
        'email', case when v_manages then u.email end, 'work', case when v_staff.role = 'chief' and s.is_active then private.open_work(s.user_id) end,
        'is_last_of_role', private.is_last_of_role(s),
        'assignments', coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'community_id', a.community_id, 'kind', a.kind, 'from_on', a.from_on, 'to_on', a.to_on) order by a.from_on, a.id)
          from public.assignments a where a.staff_id = s.user_id and coalesce(a.to_on, 'infinity'::date) >= v_today), '[]'::jsonb)) order by s.is_active desc, s.badge_number)
      from public.staff s join auth.users u on u.id = s.user_id where s.station_id = v_staff.station_id),
    'communities', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) order by c.position, c.slug) from public.communities c where c.station_id = v_staff.station_id and c.is_active), '[]'::jsonb),
    'invitations', case when v_manages then coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'email', i.email, 'role', i.role, 'name', i.name, 'badge_number', i.badge_number, 'locale', i.locale,
        'sent_at', i.sent_at, 'expires_at', i.expires_at, 'has_ended', i.expires_at <= private.clock()) order by i.sent_at desc)
      from private.staff_invitations i where i.station_id = v_staff.station_id and i.sent_at is not null and i.accepted_at is null and i.revoked_at is null), '[]'::jsonb) else '[]'::jsonb end,
    'proposals', case when v_manages or v_staff.role = 'auditor' then coalesce((select jsonb_agg(t.proposal order by t.is_open desc, t.at desc) from (
        select jsonb_build_object('id', q.id, 'kind', q.kind, 'role', q.role, 'reason', q.reason, 'proposed_at', q.proposed_at, 'proposed_by', b.name, 'decision', q.decision, 'decided_at', q.decided_at,
            'decided_by', d.name, 'subject_id', q.subject_id, 'name', coalesce(s.name, i.name), 'badge_number', coalesce(s.badge_number, i.badge_number), 'former_role', case when q.decision is null then s.role end,
            'email', case when v_manages then i.email end, 'locale', i.locale,
            'may_decide', q.decision is null and v_staff.role = 'chief' and q.subject_id is distinct from v_staff.user_id and q.proposed_by <> v_staff.user_id,
            'may_withdraw', q.decision is null and v_staff.role = 'admin') as proposal, q.decision is null as is_open, coalesce(q.decided_at, q.proposed_at) as at
        from public.staff_proposals q join public.staff b on b.user_id = q.proposed_by left join public.staff d on d.user_id = q.decided_by
          left join public.staff s on s.user_id = q.subject_id left join private.staff_invitations i on i.id = q.invitation_id
        where q.station_id = v_staff.station_id order by q.decision is null desc, coalesce(q.decided_at, q.proposed_at) desc limit 50) t), '[]'::jsonb) else '[]'::jsonb end);
end;
$function$;
comment on function public.list_people() is 'Definer: addresses live in auth.users, invitations in a private table.';
grant execute on function public.list_people() to authenticated;

CREATE OR REPLACE FUNCTION public.list_public_patrols()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'patrols', coalesce((
    select jsonb_agg(jsonb_build_object('day', t.day, 'community', t.slug) order by t.day, t.slug) from (
      select distinct (lower(s.period) at time zone n.time_zone)::date as day, c.slug from public.patrol_shifts s join public.stations n on n.id = s.station_id and n.is_default join public.communities c on c.id = s.community_id and c.is_active
      where s.state in ('open', 'under_way') and upper(s.period) > private.clock() and lower(s.period) < private.clock() + interval '14 days') t), '[]'::jsonb));
$function$;
comment on function public.list_public_patrols() is 'Public read. Definer: the tables have no grants.';
grant execute on function public.list_public_patrols() to anon;
grant execute on function public.list_public_patrols() to authenticated;
grant execute on function public.list_public_patrols() to service_role;

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
$function$;
comment on function public.list_reports(jsonb) is 'Lists are no openings (RULES B3): no texts leave. Definer: applies the same scope as may_see, by index.';
grant execute on function public.list_reports(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_retention_rules()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'rules', private.rule_facts());
$function$;
comment on function public.list_retention_rules() is 'What the privacy page promises. Definer: the table is private.';
grant execute on function public.list_retention_rules() to service_role;

CREATE OR REPLACE FUNCTION public.list_reveals(p_reference text)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p_reference and private.may_change(r, v_staff);
  if not found then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'reveals', coalesce((select jsonb_agg(private.reveal_facts(v, v_staff) order by v.asked_at desc)
    from private.reveals v where v.report_id = v_report.id), '[]'::jsonb));
end;
$function$;
comment on function public.list_reveals(text) is 'Definer: requests are private.';
grant execute on function public.list_reveals(text) to authenticated;

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
  v_where := private.revisit_scope(v_staff.role, p ->> 'waiting') || ' and ' || private.revisit_view(p ->> 'waiting');
  if p ->> 'cursor' is not null then
    v_where := v_where || ' and (v.opened_at, v.id) > (($4 #>> ''{cursor,opened_at}'')::timestamptz, ($4 #>> ''{cursor,id}'')::uuid)';
  end if;
  execute format($q$
    select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'step', t.step, 'level', t.level, 'opened_at', t.opened_at, 'due_at', private.due_after(t.station_id, t.opened_at, 3),
      'informed_at', t.informed_at, 'may_visit', t.may_visit, 'may_open', t.may_open, 'visited_at', t.visited_at, 'reminded_at', t.reminded_at, 'no_reply_at', t.no_reply_at,
      'reference', t.reference, 'community_id', t.community_id,
      'category', case when t.may_open then t.category_code end, 'contact_mode', case when t.may_open then t.contact_mode end, 'is_portal_only', case when t.may_open then t.is_portal_only end,
      'urgency', case when t.may_open then t.urgency end, 'locale', case when t.may_open then t.locale end,
      'assigned_to', case when t.may_open then t.assigned_to end, 'assignee', case when t.may_open then s.name end) order by t.opened_at, t.id), '[]'::jsonb)
    from (select v.id, v.step, v.level, v.opened_at, v.informed_at, v.visited_at is null and private.may_visit(v, $6) as may_visit, v.visited_at, v.reminded_at, v.no_reply_at, r.station_id, r.reference, r.category_code, r.community_id, r.contact_mode, r.is_portal_only,
        r.urgency, r.locale, r.assigned_to, ($6).role <> 'auditor' or private.may_see(r, $6) as may_open
      from public.revisits v join public.reports r on r.id = v.report_id where %s order by v.opened_at, v.id limit %s) t
    left join public.staff s on s.user_id = t.assigned_to$q$, v_where, v_limit + 1)
  into v_rows
  using v_staff.station_id, v_staff.user_id, v_communities, p, coalesce(private.revisit_rank(v_staff.role), 9), v_staff;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'time_zone', (select st.time_zone from public.stations st where st.id = v_staff.station_id),
    'revisits', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit
      then jsonb_build_object('opened_at', v_rows -> (v_limit - 1) -> 'opened_at', 'id', v_rows -> (v_limit - 1) -> 'id') end);
end;
$function$;
comment on function public.list_revisits(jsonb) is 'The worklist: codes and times, no texts (RULES B3). Definer: applies the same scope as may_see, by index.';
grant execute on function public.list_revisits(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_roots(p_before date DEFAULT NULL::date)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'roots', coalesce((select jsonb_agg(private.root_facts(t.*::private.seal_roots) order by t.day desc)
    from (select r.* from private.seal_roots r where p_before is null or r.day < p_before order by r.day desc limit 366) t), '[]'::jsonb));
$function$;
comment on function public.list_roots(date) is 'What /verify/roots.json publishes. Definer: the chain is private.';
grant execute on function public.list_roots(date) to service_role;

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

CREATE OR REPLACE FUNCTION public.list_setting_changes(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 20), 1), 50);
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin', 'auditor') then
    return private.refuse('forbidden');
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'number', c.number, 'at', c.at, 'by', s.name, 'section', c.section, 'item', c.item,
      'title', case c.section when 'office' then (select k.name from public.communities k where k.slug = c.item) when 'category' then coalesce(c.after, c.before) -> 'name' when 'template' then coalesce(c.after, c.before) -> 'name' end,
      'before', case when c.section = 'areas' then private.areas_in_short(c.before) else c.before end, 'after', case when c.section = 'areas' then private.areas_in_short(c.after) else c.after end,
      'undoes', (select u.number from private.setting_changes u where u.id = c.undoes), 'undone_by', (select u.number from private.setting_changes u where u.undoes = c.id),
      'may_undo', private.undo_problem(c, v_staff) is null) order by c.number desc), '[]'::jsonb) into v_rows
  from (select x.* from private.setting_changes x where x.station_id = v_staff.station_id and (p ->> 'cursor' is null or x.number < (p ->> 'cursor')::bigint) order by x.number desc limit v_limit + 1) c
  left join public.staff s on s.user_id = c.changed_by;
  return jsonb_build_object('ok', true, 'changes', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit then v_rows -> (v_limit - 1) -> 'number' end);
end;
$function$;
comment on function public.list_setting_changes(jsonb) is 'Definer: the table is private.';
grant execute on function public.list_setting_changes(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_staff_sessions()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_leads boolean;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  v_leads := v_staff.role in ('chief', 'admin');
  return jsonb_build_object('ok', true, 'now', now(),
    'sessions', coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'user_id', s.user_id, 'name', s.name, 'role', s.role, 'is_this', a.id = private.my_session(), 'is_own', s.user_id = v_staff.user_id,
        'started_at', a.created_at, 'seen_at', coalesce(t.seen_at, greatest(a.updated_at, d.seen_at)), 'browser', d.browser, 'system', d.system, 'state', private.staff_session_state(s.user_id, a.id))
        order by a.id = private.my_session() desc, s.user_id = v_staff.user_id desc, coalesce(t.seen_at, a.updated_at, a.created_at) desc)
      from public.staff s join auth.sessions a on a.user_id = s.user_id
      left join private.session_devices d on d.session_id = a.id left join private.staff_sessions t on t.session_id = a.id
      where s.station_id = v_staff.station_id and (v_leads or s.user_id = v_staff.user_id)), '[]'::jsonb));
end;
$function$;
comment on function public.list_staff_sessions() is 'Definer: auth.sessions is not readable by the API roles.';
grant execute on function public.list_staff_sessions() to authenticated;

CREATE OR REPLACE FUNCTION public.list_subscriptions(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := case when p ->> 'actor' is not null then private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid) end;
begin
  return jsonb_build_object('ok', true, 'subscriptions', coalesce((select jsonb_agg(private.subscription_facts(s) order by s.number) from private.alert_subscriptions s
    where s.state <> 'ended' and (s.user_id = v_actor or s.chat_hash = p ->> 'chat_hash')), '[]'::jsonb));
end;
$function$;
comment on function public.list_subscriptions(jsonb) is 'The server''s: it opens the links. Definer: the tables are private.';
grant execute on function public.list_subscriptions(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.list_threads(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_view text := coalesce(p ->> 'view', 'waiting');
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 30), 1), 100);
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('officer', 'lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_view not in ('waiting', 'mine', 'colleagues', 'closed') then
    return private.refuse('invalid_input');
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'number', t.number, 'channel', t.channel, 'locale', t.locale, 'community_id', t.community_id, 'state', t.state, 'is_about_police', t.is_about_police,
      'opened_at', t.opened_at, 'waiting_since', t.waiting_since, 'last_at', t.last_at, 'closed_at', t.closed_at, 'closed_by', t.closed_by, 'rating', t.rating, 'staff', s.name,
      'messages', (select count(*) from private.chat_thread_messages m where m.thread_id = t.id and not m.is_before))
      order by case when v_view = 'waiting' then t.opened_at end, case when v_view = 'waiting' then t.id end, t.last_at desc, t.id desc), '[]'::jsonb) into v_rows
  from (
    select c.* from private.chat_threads c
    where c.station_id = v_staff.station_id and c.state = case v_view when 'waiting' then 'waiting' when 'closed' then 'closed' else 'open' end
      and private.is_thread_in_view(c, v_view, v_staff) and private.may_read_thread(c, v_staff)
      and (p ->> 'cursor' is null or case when v_view = 'waiting' then (c.opened_at, c.id) > ((p #>> '{cursor,at}')::timestamptz, (p #>> '{cursor,id}')::uuid)
        else (c.last_at, c.id) < ((p #>> '{cursor,at}')::timestamptz, (p #>> '{cursor,id}')::uuid) end)
    order by case when v_view = 'waiting' then c.opened_at end, case when v_view = 'waiting' then c.id end, c.last_at desc, c.id desc limit v_limit + 1
  ) t left join public.staff s on s.user_id = t.staff_id;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'time_zone', (select s.time_zone from public.stations s where s.id = v_staff.station_id),
    'hours', private.chat_hours_at(v_staff.station_id, private.clock()),
    'counts', (select jsonb_object_agg(w.view, (select count(*) from private.chat_threads c where c.station_id = v_staff.station_id and c.state in ('waiting', 'open')
      and private.is_thread_in_view(c, w.view, v_staff) and private.may_read_thread(c, v_staff))) from unnest(array['waiting', 'mine', 'colleagues']) w (view)),
    'threads', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit then jsonb_build_object('at', v_rows -> (v_limit - 1) -> case v_view when 'waiting' then 'opened_at' else 'last_at' end, 'id', v_rows -> (v_limit - 1) -> 'id') end);
end;
$function$;
comment on function public.list_threads(jsonb) is 'Definer: the tables are private.';
grant execute on function public.list_threads(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.list_unfinished_erasures()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'accounts', coalesce(jsonb_agg(t.user_id), '[]'::jsonb))
  from (select e.user_id from private.account_erasures e order by e.asked_at limit 100) t;
$function$;
comment on function public.list_unfinished_erasures() is 'For the job that ends what a crash left undone. Definer: the table is private.';
grant execute on function public.list_unfinished_erasures() to service_role;

CREATE OR REPLACE FUNCTION public.list_verification_batches()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief', 'auditor') then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'batches', coalesce((
    select jsonb_agg(jsonb_build_object('id', t.id, 'community', c.name, 'created_by', s.name, 'created_at', t.created_at, 'expires_at', t.expires_at,
      'size', t.size, 'redeemed', t.redeemed, 'revoked_at', t.revoked_at,
      'left', case when t.revoked_at is null and t.expires_at > private.clock() then (select count(*) from private.verification_codes k where k.batch_id = t.id) else 0 end) order by t.created_at desc, t.id)
    from (select b.* from private.verification_batches b where b.station_id = v_staff.station_id order by b.created_at desc, b.id limit 200) t
    join public.communities c on c.id = t.community_id join public.staff s on s.user_id = t.created_by), '[]'::jsonb));
end;
$function$;
comment on function public.list_verification_batches() is 'How many paper codes are left. Definer: the tables are private.';
grant execute on function public.list_verification_batches() to authenticated;

CREATE OR REPLACE FUNCTION public.list_volunteers(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'volunteers', coalesce((
    select jsonb_agg(private.volunteer_facts(t.v) order by (t.v).changed_at desc, (t.v).id) from (
      select v from public.volunteers v where v.station_id = v_staff.station_id and private.may_read_volunteer(v, v_staff) and (p ->> 'state' is null or v.state = p ->> 'state')
      order by v.changed_at desc, v.id limit least(greatest(coalesce((p ->> 'limit')::integer, 200), 1), 500)) t), '[]'::jsonb));
end;
$function$;
comment on function public.list_volunteers(jsonb) is 'Without names: those are opened one at a time. Definer: the tables have no grants.';
grant execute on function public.list_volunteers(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.load_conversation(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_conversation private.chat_conversations;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select * into v_conversation from private.chat_conversations c where c.channel = p ->> 'channel' and c.key_hash = p ->> 'key_hash';
  return jsonb_build_object('ok', true, 'now', private.clock(),
    'conversation', case when v_conversation.id is not null then private.conversation_facts(v_conversation, least(coalesce((p ->> 'turns')::integer, 0), 50)) end,
    'replay', case when v_conversation.id is not null and p ? 'request_hash' then private.repeated_turn(v_conversation.id, p ->> 'request_hash') end);
end;
$function$;
comment on function public.load_conversation(jsonb) is 'For the portal and the bot. Definer: conversations are private.';
grant execute on function public.load_conversation(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.lock_staff_session()
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_of_session();
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  update private.staff_sessions s set locked_at = now() where s.session_id = private.my_session() and s.user_id = v_staff.user_id and s.locked_at is null;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.lock_staff_session() is 'Whoever leaves the desk locks it. Definer: the table is private.';
grant execute on function public.lock_staff_session() to authenticated;

CREATE OR REPLACE FUNCTION public.look_up_report(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_found jsonb;
  v_report public.reports;
  v_wait integer;
begin
  if v_staff.user_id is null or v_staff.role not in ('officer', 'lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  v_found := private.find_own(p ->> 'reference', jsonb_build_object('receipt_hash', p ->> 'receipt_hash', 'guess_limits', p -> 'guess_limits'));
  select r.* into v_report from public.reports r
  where r.id = (v_found ->> 'report_id')::uuid and v_found ->> 'viewer' = 'reporter' and r.station_id = v_staff.station_id and (not r.is_about_police or private.may_see(r, v_staff));
  if v_report.id is null then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse_desk(v_staff, 'report.look_up_refused', p ->> 'reference');
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.opened', 'reports', v_report.id, jsonb_build_object('purpose', 'counter'));
  return private.tracking_facts(v_report.id, true) || jsonb_build_object('ok', true, 'viewer', 'reporter', 'may_open', private.may_see(v_report, v_staff));
end;
$function$;
comment on function public.look_up_report(jsonb) is 'Definer: texts have no SELECT grant, and the look is logged. The server''s: it hashes the receipt.';
grant execute on function public.look_up_report(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.make_telegram_link(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_bot text := (select s.value #>> '{}' from private.settings s where s.key = 'telegram_bot');
  v_wait integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if v_bot is null then
    return private.refuse('unavailable');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  delete from private.telegram_link_tokens t where t.expires_at < now();
  insert into private.telegram_link_tokens (user_id, token_hash, expires_at) values (v_actor, p ->> 'token_hash', now() + interval '15 minutes')
  on conflict (user_id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at, update_hash = null;
  return jsonb_build_object('ok', true, 'bot', v_bot);
end;
$function$;
comment on function public.make_telegram_link(jsonb) is 'Definer: the table is private.';
grant execute on function public.make_telegram_link(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.mark_no_show(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_place public.shift_places;
  v_shift public.patrol_shifts;
  v_volunteer public.volunteers;
  v_missed integer;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  perform private.lock_roster(v_staff.station_id);
  select q.* into v_place from public.shift_places q where q.id = (p ->> 'place')::uuid for update;
  select s.* into v_shift from public.patrol_shifts s where s.id = v_place.shift_id and s.station_id = v_staff.station_id and (v_staff.role <> 'officer' or s.community_id in (select private.communities_of(v_staff.user_id)));
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  if v_place.state <> 'confirmed' or v_place.attended_at is not null or lower(v_place.period) > v_now or lower(v_place.period) < v_now - interval '7 days' then
    return private.refuse('status_order');
  end if;
  select v.* into v_volunteer from public.volunteers v where v.id = v_place.volunteer_id for update;
  if v_volunteer.user_id = v_staff.user_id then
    return private.refuse('not_for_oneself');
  end if;
  update public.shift_places q set state = 'no_show', ended_at = v_now where q.id = v_place.id;
  v_missed := private.missed_shifts(v_volunteer);
  if v_missed >= 2 and v_volunteer.locked_at is null then
    update public.volunteers v set locked_at = v_now where v.id = v_volunteer.id returning * into v_volunteer;
    perform private.tell_volunteer(v_volunteer, 'patrols.locked', v_volunteer.id);
  end if;
  perform private.log_shift(v_staff, 'shift.no_show', v_shift.id);
  return jsonb_build_object('ok', true, 'missed', v_missed, 'locked', v_volunteer.locked_at is not null);
end;
$function$;
comment on function public.mark_no_show(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.mark_no_show(jsonb) to authenticated;

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

CREATE OR REPLACE FUNCTION public.move_subscription(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_subscription private.alert_subscriptions;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  -- As in subscribe_to_alerts: one address, one after the other.
  perform pg_advisory_xact_lock(hashtext('subscription ' || (p ->> 'handle_hash')));
  select s.* into v_subscription from private.alert_subscriptions s where s.token_hash = p ->> 'token_hash' and s.channel = 'webpush' and s.state = 'active' for update;
  if v_subscription.id is null then
    return private.refuse('not_found');
  end if;
  perform private.end_subscription(s.id, 'replaced') from private.alert_subscriptions s where s.channel = 'webpush' and s.handle_hash = p ->> 'handle_hash' and s.state = 'active' and s.id <> v_subscription.id;
  update private.alert_subscriptions s set handle_hash = p ->> 'handle_hash', handle_sealed = p ->> 'handle_sealed' where s.id = v_subscription.id returning * into v_subscription;
  return jsonb_build_object('ok', true, 'subscription', private.subscription_facts(v_subscription));
end;
$function$;
comment on function public.move_subscription(jsonb) is 'The server''s: it takes sealed handles. Definer: the tables are private.';
grant execute on function public.move_subscription(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.note_certificate_paper(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_certificate private.certificates;
begin
  select c.* into v_certificate from private.certificates c where c.number = p ->> 'number' and c.file_sealed is not null and c.revoked_at is null for update;
  if v_certificate.number is null or coalesce(p ->> 'paper', '') !~ '^[0-9a-f]{64}$' then
    return private.refuse('not_found');
  end if;
  if not p ->> 'paper' = any (v_certificate.papers) then
    if cardinality(v_certificate.papers) >= 20 then
      return private.refuse('rate_limited');
    end if;
    update private.certificates c set papers = c.papers || (p ->> 'paper') where c.number = v_certificate.number;
  end if;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.note_certificate_paper(jsonb) is 'The server''s: it makes the paper. Definer: the table has no grants.';
grant execute on function public.note_certificate_paper(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.note_duty(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_now timestamptz := private.clock();
begin
  update public.duty_shifts d set note_sealed = p ->> 'note_sealed', noted_at = case when p ->> 'note_sealed' is not null then v_now end
  where d.id = (p ->> 'shift')::uuid and d.staff_id = v_staff.user_id and d.starts_at <= v_now and d.ends_at > v_now - interval '12 hours';
  if not found then
    return private.refuse('not_found');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'duty.noted', 'staff', v_staff.user_id);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.note_duty(jsonb) is 'Definer: nobody may write the roster directly. The server''s: it seals the note.';
grant execute on function public.note_duty(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.open_alert_response(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_response private.alert_responses;
  v_alert public.alerts;
begin
  select r.* into v_response from private.alert_responses r where r.id = (p ->> 'id')::uuid and r.kind in ('help', 'know');
  select a.* into v_alert from public.alerts a where a.id = v_response.alert_id;
  if v_alert.id is null or not private.may_answer_alert(v_alert, v_staff) then
    return private.refuse_alert(v_staff, 'alert.response_refused', v_alert.identifier);
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'alert.response_opened', 'alerts', v_alert.id, jsonb_build_object('alert', v_alert.identifier, 'kind', v_response.kind));
  return jsonb_build_object('ok', true, 'alert', v_alert.identifier, 'kind', v_response.kind, 'who_hash', v_response.who_hash, 'words_sealed', to_jsonb(v_response.words_sealed));
end;
$function$;
comment on function public.open_alert_response(jsonb) is 'Definer: the table is private; opening is logged.';
grant execute on function public.open_alert_response(jsonb) to authenticated;

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

CREATE OR REPLACE FUNCTION public.open_original(p_reference text, p_id uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_reveal private.reveals := private.open_reveal(p_reference, p_id, 'original', v_staff);
begin
  if v_reveal.id is null then
    return private.refuse_desk(v_staff, 'report.reveal_refused', p_reference);
  end if;
  perform private.log(r.station_id, v_staff.user_id, v_staff.role, 'attachment.original_read', 'reports', r.id, jsonb_build_object('purpose', 'reveal', 'reveal', v_reveal.id))
  from public.reports r where r.id = v_reveal.report_id;
  return (select jsonb_build_object('ok', true, 'id', a.id, 'report_id', r.id, 'reference', r.reference, 'media_type', a.media_type, 'size_bytes', a.size_bytes,
      'view_media_type', null, 'view_blob', null, 'original_blob', a.original_blob, 'key_sealed', a.key_sealed, 'content_key', r.content_key)
    from public.report_attachments a join public.reports r on r.id = a.report_id where a.id = v_reveal.attachment_id);
end;
$function$;
comment on function public.open_original(text,uuid) is 'Definer: attachments have no SELECT grant, and each opening is logged.';
grant execute on function public.open_original(text,uuid) to authenticated;

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

CREATE OR REPLACE FUNCTION public.open_own_certificate(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_file text;
  v_wait integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select c.file_sealed into v_file from private.certificates c where c.number = p ->> 'number' and c.revoked_at is null and c.volunteer_id = (private.volunteer_of(v_actor)).id;
  if v_file is null then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'file_sealed', v_file);
end;
$function$;
comment on function public.open_own_certificate(jsonb) is 'For the portal, which opens and prints it. Definer: the table has no grants.';
grant execute on function public.open_own_certificate(jsonb) to service_role;

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
        'taken', case when v_report.intake <> 'web' then private.taken_facts(v_report) end,
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
      'attachments', private.attachment_facts(v_report.id),
      'revisits', private.desk_revisits(v_report, v_staff), 'suggestions', private.desk_suggestions(v_report, v_staff))
    from public.stations st where st.id = v_report.station_id);
end;
$function$;
comment on function public.open_report(text,text) is 'Definer: the only way to the texts of a report, and it logs.';
grant execute on function public.open_report(text,text) to authenticated;

CREATE OR REPLACE FUNCTION public.open_roll_call(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
  v_night private.patrol_nights;
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
  if v_shift.state not in ('open', 'under_way') or not private.is_roll_call_time(v_shift, v_now) then
    return private.refuse('status_order');
  end if;
  insert into private.patrol_nights as n (shift_id, secret_sealed, opened_at, opened_by) values (v_shift.id, p ->> 'secret_sealed', v_now, v_actor)
  on conflict (shift_id) do update set opened_by = v_actor where n.opened_by is distinct from v_actor returning n.* into v_night;
  if v_night.shift_id is not null then
    perform private.log_night(v_shift, v_actor, 'shift.roll_call_opened');
  else
    select n.* into v_night from private.patrol_nights n where n.shift_id = v_shift.id;
  end if;
  return jsonb_build_object('ok', true, 'now', v_now, 'secret_sealed', v_night.secret_sealed, 'starts_at', lower(v_shift.period), 'started_at', v_night.started_at,
    'places', coalesce((select jsonb_agg(jsonb_build_object('id', q.id, 'is_mine', coalesce(v.user_id = v_actor, false), 'how', c.how, 'present_at', c.present_at, 'out_at', c.out_at, 'tries', coalesce(t.tries, 0)) order by q.queue)
      from public.shift_places q join public.volunteers v on v.id = q.volunteer_id left join private.check_ins c on c.place_id = q.id left join private.check_in_tries t on t.place_id = q.id
      where q.shift_id = v_shift.id and q.state = 'confirmed'), '[]'::jsonb));
end;
$function$;
comment on function public.open_roll_call(jsonb) is 'For the portal, which seals the secret. Definer: the tables have no grants.';
grant execute on function public.open_roll_call(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.open_thread(p jsonb)
 RETURNS jsonb
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select private.begin_thread(p);
$function$;
comment on function public.open_thread(jsonb) is 'Definer: the tables are private.';
grant execute on function public.open_thread(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.open_thread_texts(p_thread uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.id = p_thread;
  if not private.may_read_thread(v_thread, v_staff) then
    return private.refuse_thread(v_staff);
  end if;
  perform private.log(v_thread.station_id, v_staff.user_id, v_staff.role, 'chat.opened', 'chat', v_thread.id);
  return jsonb_build_object('ok', true, 'now', private.clock(), 'time_zone', (select s.time_zone from public.stations s where s.id = v_thread.station_id),
    'thread', private.thread_facts(v_thread) || jsonb_build_object('number', v_thread.number, 'community_id', v_thread.community_id, 'is_about_police', v_thread.is_about_police, 'is_mine', coalesce(v_thread.staff_id = v_staff.user_id, false),
      'staff', (select s.name from public.staff s where s.user_id = v_thread.staff_id), 'hours', private.chat_hours_at(v_thread.station_id, private.clock()), 'rating_word_sealed', v_thread.rating_word_sealed),
    'messages', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'number', m.number, 'from', m.author, 'is_before', m.is_before, 'by', s.name, 'role', s.role, 'at', m.at, 'text_sealed', m.text_sealed) order by m.number)
      from private.chat_thread_messages m left join public.staff s on s.user_id = m.staff_id where m.thread_id = v_thread.id), '[]'::jsonb));
end;
$function$;
comment on function public.open_thread_texts(uuid) is 'An opening, so volatile (RULES B3). Definer: the tables are private.';
grant execute on function public.open_thread_texts(uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.open_volunteer(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_volunteer public.volunteers;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = (p ->> 'id')::uuid;
  if v_volunteer.id is null or not private.may_read_volunteer(v_volunteer, v_staff) or v_staff.role = 'auditor' then
    if v_staff.user_id is not null then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'volunteer.open_refused', 'patrols', (p ->> 'id')::uuid);
    end if;
    return private.refuse('not_found');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'volunteer.opened', 'patrols', v_volunteer.id);
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'volunteer', private.volunteer_facts(v_volunteer),
    'user_id', v_volunteer.user_id, 'contact_sealed', (select c.contact_sealed from private.volunteer_contacts c where c.volunteer_id = v_volunteer.id),
    'steps', coalesce((select jsonb_agg(jsonb_build_object('at', s.at, 'from', s.from_state, 'to', s.to_state, 'act', s.act, 'actor', private.staff_name(s.actor_id), 'note', s.note) order by s.id)
      from public.volunteer_steps s where s.volunteer_id = v_volunteer.id), '[]'::jsonb));
end;
$function$;
comment on function public.open_volunteer(jsonb) is 'The server''s: it opens the contact. Definer: the tables have no grants.';
grant execute on function public.open_volunteer(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.peek_telegram_link(p jsonb)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce((select jsonb_build_object('ok', true, 'account', private.masked_address(u.email))
    from private.telegram_link_tokens t join auth.users u on u.id = t.user_id
    where t.token_hash = p ->> 'token_hash' and t.expires_at > now() and t.update_hash is null), private.refuse('not_found'));
$function$;
comment on function public.peek_telegram_link(jsonb) is 'For the bot. Definer: the table is private.';
grant execute on function public.peek_telegram_link(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.peek_thread(p_thread uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.id = p_thread;
  if not private.may_read_thread(v_thread, private.staff_actor()) then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'state', v_thread.state, 'last_number', coalesce((select max(m.number) from private.chat_thread_messages m where m.thread_id = v_thread.id), 0), 'rating', v_thread.rating);
end;
$function$;
comment on function public.peek_thread(uuid) is 'Definer: the tables are private.';
grant execute on function public.peek_thread(uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.permit_password_change()
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
  v_code text;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_code := private.account_refusal(v_actor);
  if v_code is not null then
    return private.refuse(v_code);
  end if;
  insert into private.password_permits as w (user_id, until) select s.user_id, now() + interval '1 minute' from public.staff s where s.user_id = v_actor and s.is_active
  on conflict (user_id) do update set until = excluded.until;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.permit_password_change() is 'Definer: the tables are private.';
grant execute on function public.permit_password_change() to authenticated;

CREATE OR REPLACE FUNCTION public.plan_account_erasure(p jsonb)
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
  return (select jsonb_build_object('ok', true, 'is_staff', exists (select from public.staff s where s.user_id = v_actor),
      'is_fresh', private.signed_in_recently((p ->> 'session')::uuid),
      'closed', count(*) filter (where r.closed_at is not null), 'open', coalesce(jsonb_agg(r.reference order by r.received_at) filter (where r.closed_at is null), '[]'::jsonb))
    from public.reports r where r.owner_id = v_actor or r.owner_hash = p ->> 'owner_hash');
end;
$function$;
comment on function public.plan_account_erasure(jsonb) is 'Says beforehand what goes and what stays. Definer: sealed reports are found by a keyed hash.';
grant execute on function public.plan_account_erasure(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.prepare_alert(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_alert public.alerts := private.draft_for(v_staff, p ->> 'identifier');
  v_sent timestamptz := private.sending_second(v_alert);
  v_gap text;
begin
  if v_alert.id is null then
    return private.refuse_alert(v_staff, 'alert.publish_refused', p ->> 'identifier');
  end if;
  if v_alert.state not in ('draft', 'in_review') or v_alert.revision <> coalesce((p ->> 'revision')::integer, 0) then
    return private.refuse('conflict');
  end if;
  v_gap := private.publication_gap(v_alert, v_staff, v_sent, p ->> 'override_reason');
  if v_gap in ('forbidden', 'second_person_required') then
    return private.refuse_alert(v_staff, 'alert.publish_refused', v_alert.identifier, v_gap);
  elsif v_gap is not null then
    return private.refuse(v_gap);
  end if;
  return jsonb_build_object('ok', true, 'content', private.alert_content(v_alert, v_sent));
end;
$function$;
comment on function public.prepare_alert(jsonb) is 'The server''s: it signs what this answers. Definer: drafts are private.';
grant execute on function public.prepare_alert(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.preview_alert(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_alert public.alerts;
  v_sent timestamptz;
begin
  select a.* into v_alert from public.alerts a where a.identifier = p ->> 'identifier' and a.state in ('draft', 'in_review') and private.may_read_alert(a, v_staff);
  if v_alert.id is null then
    return private.refuse('not_found');
  end if;
  if cardinality(v_alert.community_ids) = 0 or not exists (select from public.alert_texts t where t.alert_id = v_alert.id and t.locale = 'zh') then
    return private.refuse('alert_incomplete');
  end if;
  v_sent := private.sending_second(v_alert);
  return jsonb_build_object('ok', true, 'content', private.alert_content(v_alert, v_sent), 'chain', (select c.identifier from public.alerts c where c.id = v_alert.chain_id),
    'chain_sent', private.utc_second(coalesce((select c.published_at from public.alerts c where c.id = v_alert.chain_id), v_sent)),
    'follows', (select f.identifier from public.alerts f where f.id = v_alert.follows_id), 'community_ids', to_jsonb(v_alert.community_ids), 'grid_ids', to_jsonb(v_alert.grid_ids));
end;
$function$;
comment on function public.preview_alert(jsonb) is 'Definer: drafts are readable at the desk only.';
grant execute on function public.preview_alert(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.propose_staff_change(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_kind text := coalesce(p ->> 'kind', '');
  v_invited jsonb := coalesce(p -> 'invite', '{}'::jsonb) || jsonb_build_object('role', p ->> 'role');
  v_subject public.staff;
  v_invitation uuid;
  v_code text;
  v_id uuid;
begin
  if v_staff.user_id is null or v_staff.role <> 'admin' then
    return private.refuse('forbidden');
  end if;
  if v_kind not in ('invite', 'change_role', 'deactivate', 'reactivate', 'reset_second_factor') or coalesce(char_length(btrim(p ->> 'reason')), 0) not between 2 and 500
    or (v_kind = 'change_role' and coalesce(p ->> 'role', '') not in ('officer', 'lead', 'chief', 'auditor', 'admin')) then
    return private.refuse('invalid_input');
  end if;
  perform from public.stations s where s.id = v_staff.station_id for no key update;
  if v_kind = 'invite' then
    v_code := private.check_invited(v_staff.station_id, v_invited);
    if v_code is not null then
      return private.refuse(v_code);
    end if;
    v_invitation := private.keep_invited(v_staff.station_id, v_invited);
  else
    select s.* into v_subject from public.staff s where s.user_id = (p ->> 'staff')::uuid and s.station_id = v_staff.station_id;
    if not found then
      return private.refuse('not_found');
    end if;
    if v_subject.user_id = v_staff.user_id then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_refused', 'staff', v_staff.user_id, jsonb_build_object('proposal', v_kind));
      return private.refuse('not_for_oneself');
    end if;
    if private.is_barred_from(v_staff, v_subject, v_kind) then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_refused', 'staff', v_staff.user_id, jsonb_build_object('proposal', v_kind));
      return private.refuse('second_person_required');
    end if;
    -- Everybody else's access a chief ends alone.
    if v_subject.is_active = (v_kind = 'reactivate') or (v_kind = 'change_role' and v_subject.role = p ->> 'role') or (v_kind = 'deactivate' and v_subject.role not in ('chief', 'auditor')) then
      return private.refuse('conflict');
    end if;
    if exists (select from public.staff_proposals q where q.subject_id = v_subject.user_id and q.kind = v_kind and q.decision is null) then
      return private.refuse('already_proposed');
    end if;
  end if;
  insert into public.staff_proposals (station_id, kind, subject_id, invitation_id, role, reason, proposed_by, proposed_at)
  values (v_staff.station_id, v_kind, v_subject.user_id, v_invitation, case when v_kind in ('invite', 'change_role') then p ->> 'role' end, btrim(p ->> 'reason'), v_staff.user_id, private.clock())
  returning id into v_id;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.change_proposed', 'staff', v_subject.user_id,
    jsonb_build_object('proposal', v_kind, 'about', v_subject.user_id, 'badge', case when v_kind = 'invite' then btrim(v_invited ->> 'badge_number') end, 'role', case when v_kind in ('invite', 'change_role') then p ->> 'role' end));
  perform private.notify_owner(s.user_id, 'staff.proposed') from public.staff s
  where s.station_id = v_staff.station_id and s.role = 'chief' and s.is_active and s.user_id is distinct from v_subject.user_id;
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$function$;
comment on function public.propose_staff_change(jsonb) is 'By an administrator; nothing changes until a chief confirms. Definer: nobody may write proposals directly.';
grant execute on function public.propose_staff_change(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.publish_alert(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_now timestamptz := private.clock();
  v_sent timestamptz := (p -> 'content' ->> 'sent')::timestamptz;
  v_override text := p ->> 'override_reason';
  v_alert public.alerts;
  v_content jsonb;
  v_gap text;
  v_needs_two boolean;
  v_ended uuid[];
begin
  -- Numbers are drawn in the order in which they can be seen, and nothing else of the chain moves meanwhile.
  perform pg_advisory_xact_lock(hashtext('linli alerts'));
  v_alert := private.draft_for(v_staff, p ->> 'identifier');
  if v_alert.id is null then
    return private.refuse_alert(v_staff, 'alert.publish_refused', p ->> 'identifier');
  end if;
  if v_alert.state not in ('draft', 'in_review') or v_alert.revision <> coalesce((p ->> 'revision')::integer, 0) or coalesce(abs(extract(epoch from v_sent - v_now)) > 60, true) then
    return private.refuse('conflict');
  end if;
  v_gap := private.publication_gap(v_alert, v_staff, v_sent, v_override);
  if v_gap in ('forbidden', 'second_person_required') then
    return private.refuse_alert(v_staff, 'alert.publish_refused', v_alert.identifier, v_gap);
  elsif v_gap is not null then
    return private.refuse(v_gap);
  end if;
  v_content := private.alert_content(v_alert, v_sent);
  if v_content is distinct from p -> 'content' or p -> 'statement' ->> 'identifier' is distinct from v_alert.identifier or p -> 'statement' ->> 'sent' is distinct from v_content ->> 'sent'
    or p -> 'statement' -> 'references' is distinct from v_content -> 'references' then
    return private.refuse('conflict');
  end if;
  v_needs_two := private.needs_second_person(v_alert);

  select array_agg(b.id) into v_ended from public.alerts b where b.chain_id = v_alert.chain_id and b.id <> v_alert.id and b.state = 'published' and b.ended_by_id is null and b.expires_at > v_sent;
  insert into public.alert_references (alert_id, referenced_id) select v_alert.id, u.id from unnest(v_ended) u (id);
  update public.alerts b set ended_at = v_sent, ended_by_id = v_alert.id, ended_by_type = v_alert.message_type, changed_number = nextval('private.alert_changes') where b.id = any (v_ended);
  if v_needs_two and v_alert.approved_by is null and v_override is null then
    update public.alerts a set approved_at = v_now, approved_by = v_staff.user_id where a.id = v_alert.id returning * into v_alert;
    perform private.log_alert(v_alert, v_staff, 'alert.approved');
  end if;
  update public.alerts a set state = 'published', published_at = v_sent, published_by = v_staff.user_id, content = v_content, statement = p -> 'statement', changed_number = nextval('private.alert_changes'),
    override_reason = case when v_needs_two and a.approved_by is null then v_override end
  where a.id = v_alert.id returning * into v_alert;
  if v_alert.override_reason is not null then
    perform private.log_alert(v_alert, v_staff, 'alert.overridden');
  end if;
  perform private.log_alert(v_alert, v_staff, 'alert.published');
  perform private.follow_publication(v_alert);
  return jsonb_build_object('ok', true, 'alert', private.public_alert(v_alert));
end;
$function$;
comment on function public.publish_alert(jsonb) is 'The server''s: it takes a signature. Definer: nobody writes alerts directly.';
grant execute on function public.publish_alert(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.publish_article(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_article private.articles;
  v_number integer := (p ->> 'number')::integer;
begin
  if not private.may_edit_articles(v_staff) then
    return private.refuse('forbidden');
  end if;
  perform pg_advisory_xact_lock(hashtext('linli articles'));
  select a.* into v_article from private.articles a where a.slug = p ->> 'slug';
  if v_article.slug is null or (v_number is not null and not exists (select from private.article_versions v where v.slug = v_article.slug and v.number = v_number)) then
    return private.refuse('not_found');
  end if;
  perform private.set_article_public(v_staff, v_article, v_number);
  select a.* into v_article from private.articles a where a.slug = v_article.slug;
  return jsonb_build_object('ok', true, 'state', private.article_state(v_article));
end;
$function$;
comment on function public.publish_article(jsonb) is 'Definer: nobody writes the articles directly.';
grant execute on function public.publish_article(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.purge_bot(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_old timestamptz := now() - private.kept_for('bot_updates');
  v_idle timestamptz := now() - private.kept_for('bot_chats');
  v_updates integer;
  v_messages integer;
  v_chats integer;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if coalesce((p ->> 'is_dry')::boolean, false) then
    return jsonb_build_object('ok', true, 'updates', (select count(*) from private.bot_updates u where u.handled_at < v_old), 'messages', (select count(*) from private.bot_messages m where m.at < v_old),
      'chats', (select count(*) from private.bot_chats c where c.seen_at < v_idle), 'has_more', false);
  end if;
  delete from private.telegram_link_tokens t where t.expires_at < now();
  delete from private.bot_updates u where u.update_hash in (select o.update_hash from private.bot_updates o where o.handled_at < v_old limit v_limit for update skip locked);
  get diagnostics v_updates = row_count;
  delete from private.bot_messages m where (m.chat_hash, m.message_id) in (select o.chat_hash, o.message_id from private.bot_messages o where o.at < v_old limit v_limit for update skip locked);
  get diagnostics v_messages = row_count;
  delete from private.bot_chats c where c.chat_hash in (select o.chat_hash from private.bot_chats o where o.seen_at < v_idle limit v_limit for update skip locked);
  get diagnostics v_chats = row_count;
  return jsonb_build_object('ok', true, 'updates', v_updates, 'messages', v_messages, 'chats', v_chats, 'has_more', greatest(v_updates, v_messages, v_chats) >= v_limit);
end;
$function$;
comment on function public.purge_bot(jsonb) is 'The job chat:sweep. Definer: the tables are private.';
grant execute on function public.purge_bot(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.purge_chats(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_idle timestamptz := private.clock() - private.kept_for('chat_conversations');
  v_shown timestamptz := private.clock() - private.kept_for('chat_receipts');
  v_conversations integer;
  v_receipts integer;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if (p ->> 'is_dry')::boolean then
    return jsonb_build_object('ok', true, 'conversations', (select count(*) from private.chat_conversations c where c.updated_at < v_idle),
      'receipts', (select count(*) from private.chat_replies r where r.is_once and r.at < v_shown), 'has_more', false);
  end if;
  delete from private.chat_conversations c where c.id in (select o.id from private.chat_conversations o where o.updated_at < v_idle order by o.updated_at limit v_limit for update skip locked);
  get diagnostics v_conversations = row_count;
  delete from private.chat_replies r where r.id in (select o.id from private.chat_replies o where o.is_once and o.at < v_shown order by o.at limit v_limit for update skip locked);
  get diagnostics v_receipts = row_count;
  return jsonb_build_object('ok', true, 'conversations', v_conversations, 'receipts', v_receipts, 'has_more', greatest(v_conversations, v_receipts) = v_limit);
end;
$function$;
comment on function public.purge_chats(jsonb) is 'The job chat:purge. Definer: conversations are private.';
grant execute on function public.purge_chats(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.purge_duty(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_before timestamptz := private.clock() - private.kept_for('duty_shifts');
  v_removed integer;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if (p ->> 'is_dry')::boolean then
    return jsonb_build_object('ok', true, 'removed', (select count(*) from public.duty_shifts d where d.ends_at < v_before), 'has_more', false);
  end if;
  delete from public.duty_shifts d where d.id in (select o.id from public.duty_shifts o where o.ends_at < v_before order by o.ends_at limit v_limit for update skip locked);
  get diagnostics v_removed = row_count;
  return jsonb_build_object('ok', true, 'removed', v_removed, 'has_more', v_removed = v_limit);
end;
$function$;
comment on function public.purge_duty(jsonb) is 'The job staff:retain. Definer: nobody may write the roster directly.';
grant execute on function public.purge_duty(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.purge_outbox(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_removed integer;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  with old as (
    select d.id, d.status, d.noun_id, d.subscription_id from public.outbox d
    where d.settled_at < private.clock() - case when d.status = 'dead' then private.kept_for('mails_dead') else private.kept_for('mails_settled') end
    order by d.settled_at limit v_limit for update skip locked
  ), kept as (
    update private.alert_audience x set outcome = o.status from old o where x.alert_id = o.noun_id and x.subscription_id = o.subscription_id
  )
  delete from public.outbox o using old where o.id = old.id;
  get diagnostics v_removed = row_count;
  return jsonb_build_object('ok', true, 'removed', v_removed, 'has_more', v_removed = v_limit);
end;
$function$;
comment on function public.purge_outbox(jsonb) is 'The job messages:purge. Definer: nobody may write the outbox directly.';
grant execute on function public.purge_outbox(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.purge_people(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_invitation private.staff_invitations;
  v_proposal public.staff_proposals;
  v_invitations integer := 0;
  v_proposals integer := 0;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if (p ->> 'is_dry')::boolean then
    return jsonb_build_object('ok', true, 'invitations', (select count(*) from private.unused_invitations()), 'proposals', (select count(*) from private.undecided_proposals()), 'has_more', false);
  end if;
  for v_invitation in select i.* from private.staff_invitations i where i.id in (select u.id from private.unused_invitations() u) order by i.expires_at limit v_limit for update skip locked loop
    perform private.end_invitation(v_invitation.id);
    perform private.log(v_invitation.station_id, null, 'system', 'staff.invitation_lapsed', 'staff', v_invitation.user_id, jsonb_build_object('badge', v_invitation.badge_number));
    v_invitations := v_invitations + 1;
  end loop;
  for v_proposal in select q.* from public.staff_proposals q where q.id in (select u.id from private.undecided_proposals() u) order by q.proposed_at limit v_limit for update skip locked loop
    if v_proposal.invitation_id is not null then
      perform private.end_invitation(v_proposal.invitation_id);
    end if;
    update public.staff_proposals q set decision = 'lapsed', decided_at = private.clock() where q.id = v_proposal.id;
    perform private.log(v_proposal.station_id, null, 'system', 'staff.change_lapsed', 'staff', v_proposal.subject_id,
      jsonb_build_object('proposal', v_proposal.kind, 'about', v_proposal.subject_id, 'role', v_proposal.role));
    v_proposals := v_proposals + 1;
  end loop;
  return jsonb_build_object('ok', true, 'invitations', v_invitations, 'proposals', v_proposals, 'has_more', greatest(v_invitations, v_proposals) = v_limit);
end;
$function$;
comment on function public.purge_people(jsonb) is 'The job staff:retain. Definer: nobody may write these tables directly.';
grant execute on function public.purge_people(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.rate_thread(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_thread private.chat_threads := private.thread_of((p ->> 'conversation')::uuid);
begin
  if coalesce(p ->> 'rating', '') !~ '^[1-5]$' then
    return private.refuse('invalid_input');
  end if;
  select t.* into v_thread from private.chat_threads t where t.id = v_thread.id and t.state = 'closed' and t.closed_at > private.clock() - interval '7 days' for update;
  if v_thread.id is null then
    return private.refuse('not_found');
  end if;
  if v_thread.rating is not null then
    return private.refuse('conflict');
  end if;
  update private.chat_threads t set rating = (p ->> 'rating')::smallint, rating_word_sealed = p ->> 'word_sealed', rated_at = private.clock(), handle_sealed = null where t.id = v_thread.id returning * into v_thread;
  perform private.log(v_thread.station_id, null, 'guest', 'chat.rated', 'chat', v_thread.id, jsonb_build_object('rating', v_thread.rating));
  return jsonb_build_object('ok', true, 'thread', private.thread_facts(v_thread));
end;
$function$;
comment on function public.rate_thread(jsonb) is 'Definer: the tables are private.';
grant execute on function public.rate_thread(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.read_alert_progress(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_alert public.alerts;
begin
  select a.* into v_alert from public.alerts a where a.identifier = p ->> 'identifier' and a.state = 'published';
  if v_alert.id is null or (p ->> 'actor' is not null and not private.may_read_alert(v_alert, private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid))) then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'progress', private.alert_progress(v_alert));
end;
$function$;
comment on function public.read_alert_progress(jsonb) is 'The server''s: small numbers pass its disclosure control first. Definer: the tables are private.';
grant execute on function public.read_alert_progress(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.read_calendar_feed(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_feed private.calendar_feeds;
  v_volunteer public.volunteers;
begin
  select f.* into v_feed from private.calendar_feeds f where f.token_hash = p ->> 'token_hash' and f.revoked_at is null;
  select v.* into v_volunteer from public.volunteers v where v.id = v_feed.volunteer_id and v.user_id is not null and (v.state <> 'left' or v.changed_at > v_now - interval '60 days');
  if v_volunteer.id is null then
    return private.refuse('not_found');
  end if;
  update private.calendar_feeds f set last_read_on = private.day_at(v_volunteer.station_id, v_now) where f.volunteer_id = v_volunteer.id and f.last_read_on is distinct from private.day_at(v_volunteer.station_id, v_now);
  return jsonb_build_object('ok', true, 'feed', v_feed.feed_id, 'locale', coalesce((select l.locale from public.profiles l where l.user_id = v_volunteer.user_id), 'zh'),
    'shifts', coalesce((
      select jsonb_agg(jsonb_build_object('id', s.id, 'type', t.name, 'community', c.name, 'place', r.name, 'starts_at', lower(s.period), 'ends_at', upper(s.period),
          'state', case when m.state = 'no_show' then 'confirmed' else m.state end, 'sequence', s.sequence + m.changes, 'revised_at', greatest(s.revised_at, m.changed_at)) order by lower(s.period), s.id)
      from (
        select q.shift_id, (array_agg(q.state::text order by q.queue desc))[1] as state, sum(q.changes + 1)::integer - 1 as changes, max(q.changed_at) as changed_at
        from public.shift_places q where q.volunteer_id = v_volunteer.id and upper(q.period) > v_now - interval '60 days' group by q.shift_id
      ) m join public.patrol_shifts s on s.id = m.shift_id join public.shift_types t on t.code = s.type_code join public.communities c on c.id = s.community_id left join public.patrol_routes r on r.id = s.route_id), '[]'::jsonb));
end;
$function$;
comment on function public.read_calendar_feed(jsonb) is 'For the server, which hashes the token. Definer: the tables have no grants.';
grant execute on function public.read_calendar_feed(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.read_desk_alert(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_alert public.alerts;
begin
  select a.* into v_alert from public.alerts a where a.identifier = p ->> 'identifier' and private.may_read_alert(a, v_staff);
  if v_alert.id is null then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'alert', private.whole_alert(v_alert),
    'chain', (select jsonb_agg(private.alert_facts(c) order by c.created_at, c.id) from public.alerts c where c.chain_id = v_alert.chain_id and private.may_read_alert(c, v_staff)));
end;
$function$;
comment on function public.read_desk_alert(jsonb) is 'Definer: drafts are readable here only.';
grant execute on function public.read_desk_alert(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.read_desk_article(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_article private.articles;
  v_version private.article_versions;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  select a.* into v_article from private.articles a where a.slug = p ->> 'slug';
  select v.* into v_version from private.article_versions v where v.slug = v_article.slug and v.number = coalesce((p ->> 'number')::integer, private.working_number(v_article));
  if v_version.id is null then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'may_edit', private.may_edit_articles(v_staff), 'slug', v_article.slug, 'state', private.article_state(v_article), 'published_number', v_article.published_number,
    'latest_number', (select max(v.number) from private.article_versions v where v.slug = v_article.slug),
    'version', private.version_facts(v_version), 'topic', v_version.topic, 'related', to_jsonb(v_version.related), 'texts', private.article_texts_of(v_version.id),
    'versions', (select jsonb_agg(private.version_facts(v) order by v.number desc) from private.article_versions v where v.slug = v_article.slug));
end;
$function$;
comment on function public.read_desk_article(jsonb) is 'Definer: the tables are private.';
grant execute on function public.read_desk_article(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.read_identity(p_reference text, p_id uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_reveal private.reveals := private.open_reveal(p_reference, p_id, 'identity', v_staff);
begin
  if v_reveal.id is null then
    return private.refuse_desk(v_staff, 'report.reveal_refused', p_reference);
  end if;
  perform private.log(r.station_id, v_staff.user_id, v_staff.role, 'report.identity_read', 'reports', r.id, jsonb_build_object('purpose', 'reveal', 'reveal', v_reveal.id))
  from public.reports r where r.id = v_reveal.report_id;
  return (select jsonb_build_object('ok', true, 'report_id', r.id, 'expires_at', v_reveal.expires_at, 'contact_sealed', r.contact_sealed, 'contact_key', r.contact_key)
    from public.reports r where r.id = v_reveal.report_id);
end;
$function$;
comment on function public.read_identity(text,uuid) is 'Definer: the only way to a sealed contact, and each reading is logged.';
grant execute on function public.read_identity(text,uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.read_night(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.patrol_actor(p);
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_shift public.patrol_shifts;
  v_night private.patrol_nights;
  v_mine jsonb;
  v_leads boolean;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'shift')::uuid;
  v_leads := v_shift.id is not null and private.leads_patrol(v_actor, v_staff, v_shift);
  select jsonb_build_object('place', q.id, 'state', q.state, 'how', c.how, 'present_at', c.present_at, 'out_at', c.out_at, 'tries', coalesce(t.tries, 0)) into v_mine
    from public.shift_places q left join private.check_ins c on c.place_id = q.id left join private.check_in_tries t on t.place_id = q.id
    where q.shift_id = v_shift.id and q.volunteer_id = (private.volunteer_of(v_actor)).id and q.state in ('confirmed', 'no_show', 'cancelled') order by q.queue desc limit 1;
  if v_mine is null and not v_leads then
    return private.refuse('not_found');
  end if;
  select n.* into v_night from private.patrol_nights n where n.shift_id = v_shift.id;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'shift', private.shift_card(v_shift), 'leads', v_leads, 'mine', v_mine,
    'night', case when v_night.shift_id is not null then jsonb_build_object('opened_at', v_night.opened_at, 'called_at', v_night.called_at, 'started_at', v_night.started_at, 'ended_at', v_night.ended_at, 'is_mine', coalesce(v_night.opened_by = v_actor, false)) end,
    'present', (select count(*) from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = v_shift.id and q.state = 'confirmed'),
    'secret_sealed', case when v_leads then v_night.secret_sealed end,
    'people', case when v_leads and v_night.shift_id is not null then coalesce((
      select jsonb_agg(jsonb_build_object('place', q.id, 'is_mine', coalesce(v.user_id = v_actor, false), 'is_trainee', q.is_trainee, 'state', q.state, 'how', c.how, 'present_at', c.present_at, 'out_at', c.out_at, 'tries', coalesce(t.tries, 0),
          'user_id', case when v_night.opened_by = v_actor then v.user_id end, 'contact_sealed', case when v_night.opened_by = v_actor then k.contact_sealed end) order by q.queue)
      from public.shift_places q join public.volunteers v on v.id = q.volunteer_id left join private.volunteer_contacts k on k.volunteer_id = v.id left join private.check_ins c on c.place_id = q.id left join private.check_in_tries t on t.place_id = q.id
      where q.shift_id = v_shift.id and q.state in ('confirmed', 'no_show')), '[]'::jsonb) end);
end;
$function$;
comment on function public.read_night(jsonb) is 'For the portal, which opens the sealed names for whoever calls the roll. Definer: the tables have no grants.';
grant execute on function public.read_night(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.read_own_thread(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_thread private.chat_threads := private.thread_of((p ->> 'conversation')::uuid);
begin
  if v_thread.id is null then
    return jsonb_build_object('ok', true, 'thread', null, 'hours', public.get_chat_hours(), 'messages', '[]'::jsonb);
  end if;
  return jsonb_build_object('ok', true, 'thread', private.thread_facts(v_thread), 'hours', private.chat_hours_at(v_thread.station_id, private.clock()),
    'messages', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'number', m.number, 'from', m.author, 'by', s.name, 'role', s.role, 'at', m.at, 'text_sealed', m.text_sealed) order by m.number)
      from private.chat_thread_messages m left join public.staff s on s.user_id = m.staff_id
      where m.thread_id = v_thread.id and not m.is_before and m.number > coalesce((p ->> 'after')::integer, 0)), '[]'::jsonb));
end;
$function$;
comment on function public.read_own_thread(jsonb) is 'Definer: the tables are private.';
grant execute on function public.read_own_thread(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.read_patrol_plan(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_from timestamptz := (p ->> 'from')::timestamptz;
  v_to timestamptz := (p ->> 'to')::timestamptz;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  if v_from is null or v_to is null or v_to <= v_from or v_to > v_from + interval '62 days' then
    return private.refuse('invalid_input');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(),
    'shifts', coalesce((select jsonb_agg(jsonb_build_object('starts_at', lower(s.period), 'ends_at', upper(s.period), 'grids', coalesce(
        (select jsonb_agg(distinct c.grid_id) from public.patrol_checkpoints c where c.route_id = s.route_id and c.is_active),
        (select jsonb_agg(g.id order by g.id) from public.grids g where g.community_id = s.community_id and g.is_active), '[]'::jsonb)) order by lower(s.period), s.id)
      from public.patrol_shifts s where s.station_id = v_staff.station_id and s.state <> 'cancelled' and s.period && tstzrange(v_from, v_to)
        and (v_staff.role <> 'officer' or s.community_id in (select private.communities_of(v_staff.user_id)))), '[]'::jsonb),
    'available', coalesce((select jsonb_agg(jsonb_build_object('weekday', a.weekday, 'part', a.part, 'count', a.count) order by a.weekday, a.part)
      from (select d.key::integer as weekday, t.part, count(*) as count
        from public.volunteers v cross join lateral jsonb_each(v.availability) d cross join lateral jsonb_array_elements_text(d.value) t(part)
        where v.station_id = v_staff.station_id and v.state = 'active' and v.locked_at is null and 'patroller' = any (v.kinds) group by 1, 2) a), '[]'::jsonb));
end;
$function$;
comment on function public.read_patrol_plan(jsonb) is 'Definer: the tables have no grants.';
grant execute on function public.read_patrol_plan(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.read_retention()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'auditor', 'admin') then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'may_change', private.may_set_terms(v_staff), 'now', private.clock(), 'rules', private.rule_facts(),
    'categories', (select jsonb_agg(jsonb_build_object('code', c.code, 'name', c.name, 'days', c.retention_days) order by c.position, c.code) from public.categories c where c.is_active),
    'next', private.foresee_retention(v_staff),
    'jobs', coalesce((select jsonb_agg(jsonb_build_object('name', j.name, 'started_at', j.started_at, 'finished_at', j.finished_at, 'did', j.did, 'failed_with', j.failed_with) order by j.name)
      from private.job_runs j where j.name in (select r.job from private.retention_rules r)), '[]'::jsonb),
    'runs', coalesce((select jsonb_agg(jsonb_build_object('at', t.at, 'did', t.details) order by t.id desc)
      from (select l.id, l.at, l.details from public.audit_log l where l.action = 'retention.ran' order by l.id desc limit 10) t), '[]'::jsonb),
    'holds', coalesce((select jsonb_agg(jsonb_build_object('reference', r.reference, 'reason', h.reason, 'placed_at', h.placed_at, 'placed_by', s.name) order by h.placed_at desc)
      from private.report_holds h join public.reports r on r.id = h.report_id left join public.staff s on s.user_id = h.placed_by
      where h.lifted_at is null and private.may_see(r, v_staff)), '[]'::jsonb));
end;
$function$;
comment on function public.read_retention() is 'Counts, terms and reasons, no texts. Definer: rules and jobs are private.';
grant execute on function public.read_retention() to authenticated;

CREATE OR REPLACE FUNCTION public.read_roll_call(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.patrol_actor(p);
  v_night record;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select n.secret_sealed, lower(q.period) as starts_at, t.tries into v_night
    from public.shift_places q join private.patrol_nights n on n.shift_id = q.shift_id and n.called_at is null left join private.check_in_tries t on t.place_id = q.id
    where q.shift_id = (p ->> 'shift')::uuid and q.volunteer_id = (private.volunteer_of(v_actor)).id and q.state = 'confirmed';
  if v_night.secret_sealed is null then
    return private.refuse('not_found');
  elsif v_night.tries >= 5 then
    return private.refuse('roll_call_tries');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'secret_sealed', v_night.secret_sealed, 'starts_at', v_night.starts_at);
end;
$function$;
comment on function public.read_roll_call(jsonb) is 'For the portal, which opens the secret. Definer: the tables have no grants.';
grant execute on function public.read_roll_call(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.read_seal_page(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_check private.seal_checks := private.open_check(p);
  v_after bigint;
  v_limit integer := least(greatest(coalesce((p ->> 'leaves')::integer, 1000), 1), 5000);
  v_before private.seal_blocks;
  v_last bigint;
begin
  if v_check.id is null then
    return private.refuse('not_found');
  end if;
  if v_check.cursor ->> 'phase' = 'blocks' then
    v_after := (v_check.cursor ->> 'after')::bigint;
    select b.* into v_before from private.seal_blocks b where b.number <= v_after order by b.number desc limit 1;
    -- As many blocks as fit, but one at least.
    select max(t.number) into v_last from (
      select b.number, sum(b.leaves) over (order by b.number) - b.leaves as sooner from private.seal_blocks b where b.number > v_after order by b.number limit 200) t
    where t.sooner = 0 or t.sooner < v_limit;
    return jsonb_build_object('ok', true, 'phase', 'blocks', 'at', v_check.cursor, 'after', v_after, 'previous', v_before.hash,
      'blocks', coalesce((select jsonb_agg(private.block_facts(b.*::private.seal_blocks) || jsonb_build_object('rows', (
          select coalesce(jsonb_agg(jsonb_build_object('position', s.position, 'source', s.source, 'row', s.row_id, 'version', s.version, 'at', private.utc_text(s.at), 'digest', s.digest,
            'now', private.leaf_now(s.*::private.seal_leaves),
            -- Gone by the rules: a row that still stands has to be what it was, also after its reporter was detached from it.
            'is_erased', s.source <> 'audit_log' and private.leaf_now(s.*::private.seal_leaves) is null
              and exists (select from public.audit_log l where l.noun_id = s.report_id and l.action = 'report.erased' and l.details ->> 'because' <> 'account_erased')) order by s.position), '[]'::jsonb)
          from private.seal_leaves s where s.block = b.number)) order by b.number)
        from private.seal_blocks b where b.number > v_after and b.number <= v_last), '[]'::jsonb),
      -- Between the sealed ones and below the mark: put in later.
      'added', coalesce((select jsonb_agg(jsonb_build_object('row', l.id::text, 'at', private.utc_text(l.at)) order by l.id)
        from public.audit_log l where l.id > coalesce(v_before.log_until, 0) and l.id <= (select b.log_until from private.seal_blocks b where b.number = v_last)
          and not exists (select from private.seal_leaves s where s.source = 'audit_log' and s.row_id = l.id::text)), '[]'::jsonb));
  elsif v_check.cursor ->> 'phase' = 'reports' then
    return jsonb_build_object('ok', true, 'phase', 'reports', 'at', v_check.cursor, 'rows', coalesce((
      select jsonb_agg(jsonb_build_object('row', t.id, 'at', private.utc_text(t.received_at),
        'is_sealed', t.received_at > v_check.started_at - interval '1 hour' or exists (select from private.seal_leaves s where s.source = 'reports' and s.row_id = t.id::text)) order by t.id)
      from (select r.id, r.received_at from public.reports r where v_check.cursor ->> 'after' is null or r.id > (v_check.cursor ->> 'after')::uuid order by r.id limit v_limit) t), '[]'::jsonb));
  end if;
  return jsonb_build_object('ok', true, 'phase', 'roots', 'at', v_check.cursor, 'roots', coalesce((
    select jsonb_agg(private.root_facts(t.*::private.seal_roots) || jsonb_build_object('hash', t.hash,
      'before', (select o.hash from private.seal_roots o where o.day < t.day order by o.day desc limit 1),
      'blocks', coalesce((select jsonb_agg(b.hash order by b.number) from private.seal_blocks b where b.day = t.day), '[]'::jsonb)) order by t.day)
    from (select r.* from private.seal_roots r where v_check.cursor ->> 'after' is null or r.day > (v_check.cursor ->> 'after')::date order by r.day limit 10) t), '[]'::jsonb));
end;
$function$;
comment on function public.read_seal_page(jsonb) is 'Sealed rows beside what they are now, for the portal to compare. Definer: chain and texts are private; what leaves are ciphertexts and ids, to the portal only.';
grant execute on function public.read_seal_page(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.read_settings(p_section text)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_value jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin') then
    return private.refuse('forbidden');
  end if;
  v_value := private.setting_of(v_staff.station_id, p_section, p_section);
  return jsonb_build_object('ok', true, 'may_set', private.may_set(v_staff, p_section), 'may_set_terms', private.may_set_terms(v_staff)) || case p_section
    when 'station' then jsonb_build_object('value', v_value, 'version', private.setting_digest(v_value))
    when 'areas' then jsonb_build_object('value', v_value, 'version', private.setting_digest(v_value),
      'used', coalesce((select jsonb_agg(g.code order by g.code) from public.grids g join public.communities c on c.id = g.community_id
        where c.station_id = v_staff.station_id and c.is_active and g.is_active and exists (select from public.reports r where r.community_id = c.id and r.grid_id = g.id)), '[]'::jsonb),
      'foreign_slugs', coalesce((select jsonb_agg(c.slug) from public.communities c where c.station_id <> v_staff.station_id), '[]'::jsonb))
    when 'office' then jsonb_build_object('offices', coalesce((select jsonb_agg(jsonb_build_object('community', c.slug, 'community_name', c.name, 'value', o.value, 'version', private.setting_digest(o.value)) order by c.position, c.slug)
      from public.communities c, lateral (select private.setting_of(c.station_id, 'office', c.slug) as value) o where c.station_id = v_staff.station_id and c.is_active), '[]'::jsonb))
    when 'category' then jsonb_build_object(
      'order_version', private.setting_digest(private.setting_of(v_staff.station_id, 'category_order', 'order')),
      'categories', coalesce((select jsonb_agg(jsonb_build_object('code', k.code, 'is_about_police', k.is_about_police, 'value', s.value, 'version', private.setting_digest(s.value),
          'former_questions', coalesce((select jsonb_agg(jsonb_build_object('code', q.code, 'kind', q.kind, 'label', q.label, 'hint', q.hint, 'options', q.options, 'is_required', q.is_required) order by q.position, q.code)
            from public.category_questions q where q.category_code = k.code and not q.is_active), '[]'::jsonb)) order by k.position, k.code)
        from public.categories k, lateral (select private.setting_of(v_staff.station_id, 'category', k.code) as value) s), '[]'::jsonb))
    when 'template' then jsonb_build_object('templates', coalesce((select jsonb_agg(jsonb_build_object('slug', t.slug, 'value', s.value, 'version', private.setting_digest(s.value)) order by t.position, t.slug)
      from public.response_templates t, lateral (select private.setting_of(v_staff.station_id, 'template', t.slug) as value) s), '[]'::jsonb))
    else '{}'::jsonb
  end;
end;
$function$;
comment on function public.read_settings(text) is 'Texts of the station and its map, nothing of residents. Definer: what is switched off is hidden from others.';
grant execute on function public.read_settings(text) to authenticated;

CREATE OR REPLACE FUNCTION public.read_subscription(p jsonb)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce((select jsonb_build_object('ok', true, 'subscription', private.subscription_facts(s)) from private.alert_subscriptions s where s.token_hash = p ->> 'token_hash'), private.refuse('not_found'));
$function$;
comment on function public.read_subscription(jsonb) is 'The server''s: it has the key of the hash. Definer: the tables are private.';
grant execute on function public.read_subscription(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.read_telegram_chat(p jsonb)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'account', private.masked_address(u.email), 'user_id', u.id,
    'locale', (select c.locale from private.chat_conversations c where c.channel = 'telegram' and c.key_hash = p ->> 'chat_hash'))
  from (select 1) one left join private.telegram_links l on l.chat_hash = p ->> 'chat_hash' left join auth.users u on u.id = l.user_id;
$function$;
comment on function public.read_telegram_chat(jsonb) is 'For the bot. Definer: the table is private.';
grant execute on function public.read_telegram_chat(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.read_thread_message(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_answer jsonb;
begin
  select jsonb_build_object('ok', true, 'thread', t.id, 'conversation', t.conversation_id, 'locale', t.locale, 'state', t.state, 'by', s.name, 'role', s.role, 'at', m.at, 'text_sealed', m.text_sealed) into v_answer
  from private.chat_thread_messages m join private.chat_threads t on t.id = m.thread_id left join public.staff s on s.user_id = m.staff_id
  where m.id = (p ->> 'id')::uuid and m.author = 'staff';
  return coalesce(v_answer, private.refuse('not_found'));
end;
$function$;
comment on function public.read_thread_message(jsonb) is 'Definer: the tables are private.';
grant execute on function public.read_thread_message(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.receive_bot_updates(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_received integer;
begin
  if jsonb_typeof(p -> 'updates') is distinct from 'array' or jsonb_array_length(p -> 'updates') > 200 then
    return private.refuse('invalid_input');
  end if;
  insert into private.bot_chats as c (chat_hash, is_group)
  select distinct on (u.chat_hash) u.chat_hash, coalesce(u.is_group, false) from jsonb_to_recordset(p -> 'updates') as u (chat_hash text, is_group boolean) order by u.chat_hash
  -- Somebody who writes has let the bot in again.
  on conflict (chat_hash) do update set seen_at = now(), blocked_at = null where c.blocked_at is not null or c.seen_at < now() - interval '1 hour';
  insert into private.bot_updates (update_hash, previous_hash, chat_hash, place, body_sealed)
  select u.hash, u.previous_hash, u.chat_hash, u.place, u.body_sealed
  from jsonb_to_recordset(p -> 'updates') as u (hash text, previous_hash text, chat_hash text, place bigint, body_sealed text) order by u.hash
  on conflict (update_hash) do nothing;
  get diagnostics v_received = row_count;
  insert into private.bot_messages (chat_hash, message_id)
  select distinct u.chat_hash, u.message_id from jsonb_to_recordset(p -> 'updates') as u (chat_hash text, message_id bigint) where u.message_id is not null order by u.chat_hash, u.message_id
  on conflict do nothing;
  return jsonb_build_object('ok', true, 'received', v_received);
end;
$function$;
comment on function public.receive_bot_updates(jsonb) is 'The webhook and the polling process. Definer: the tables are private.';
grant execute on function public.receive_bot_updates(jsonb) to service_role;

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
  v_next public.revisits;
  v_suggestions jsonb;
  v_letter uuid := case when p ->> 'letter_sealed' is not null then gen_random_uuid() end;
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
  if (v_report.contact_mode <> 'named' or v_report.is_portal_only) and p ->> 'method' not in ('portal', 'station') or (p ->> 'method' = 'portal') is distinct from (p ->> 'letter_sealed' is not null) then
    return private.refuse('invalid_input');
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
  if v_letter is not null then
    insert into public.report_messages (id, report_id, at, author, author_id, text_sealed) values (v_letter, v_report.id, v_now, 'staff', v_staff.user_id, p ->> 'letter_sealed');
    update public.reports r set updated_at = v_now, first_viewed_at = coalesce(r.first_viewed_at, v_now) where r.id = v_report.id;
    perform private.emit_event(v_report.id, 'message', null, null, v_staff.role, v_staff.user_id, false, null, v_now);
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.message_sent', 'reports', v_report.id, '{}'::jsonb, v_now);
  end if;
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
      'due_at', private.due_after(v_report.station_id, v_next.opened_at, 3), 'may_visit', private.may_visit(v_next, v_staff)) end, 'letter_id', v_letter);
end;
$function$;
comment on function public.record_revisit(jsonb) is 'The record of a visit. Definer: nobody may write revisits directly; by the portal, since it carries ciphertext (RULES A2).';
grant execute on function public.record_revisit(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.record_seal_page(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_check private.seal_checks := private.open_check(p);
begin
  if v_check.id is null then
    return private.refuse('not_found');
  end if;
  update private.seal_checks c set
    cursor = coalesce(nullif(p -> 'cursor', 'null'::jsonb), c.cursor),
    finished_at = case when coalesce(p -> 'cursor', 'null'::jsonb) = 'null'::jsonb then private.clock() end,
    blocks = c.blocks + (p ->> 'blocks')::bigint, rows = c.rows + (p ->> 'rows')::bigint, erased = c.erased + (p ->> 'erased')::bigint,
    findings = c.findings + jsonb_array_length(p -> 'found'),
    found = (select coalesce(jsonb_agg(e.value order by e.place), '[]'::jsonb) from jsonb_array_elements(c.found || (p -> 'found')) with ordinality as e (value, place) where e.place <= 100)
  where c.id = v_check.id and c.cursor = p -> 'at' and c.finished_at is null
  returning c.* into v_check;
  if not found then
    return private.refuse('conflict');
  end if;
  if v_check.finished_at is not null then
    if v_check.findings = 0 then
      perform private.log(v_check.station_id, v_check.actor_id, v_check.actor_role, 'trust.verified', 'trust', null,
        jsonb_build_object('blocks', v_check.blocks, 'rows', v_check.rows, 'erased', v_check.erased));
    else
      perform private.log(v_check.station_id, v_check.actor_id, v_check.actor_role, 'trust.breach_found', 'trust', null,
        jsonb_build_object('blocks', v_check.blocks, 'rows', v_check.rows, 'findings', v_check.findings, 'first', v_check.found -> 0));
    end if;
  end if;
  return jsonb_build_object('ok', true, 'is_done', v_check.finished_at is not null, 'blocks', v_check.blocks, 'rows', v_check.rows, 'erased', v_check.erased, 'findings', v_check.findings, 'found', v_check.found);
end;
$function$;
comment on function public.record_seal_page(jsonb) is 'Keeps what the verifier found; the end of a run is logged. Definer: runs are private.';
grant execute on function public.record_seal_page(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.redeem_telegram_link(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_token private.telegram_link_tokens;
begin
  select * into v_token from private.telegram_link_tokens t where t.token_hash = p ->> 'token_hash' for update;
  if v_token.user_id is null or v_token.expires_at <= now() or v_token.update_hash <> p ->> 'update_hash' then
    return private.refuse('not_found');
  end if;
  if v_token.update_hash is null then
    update private.telegram_link_tokens t set update_hash = p ->> 'update_hash' where t.user_id = v_token.user_id;
    delete from private.telegram_links l where l.chat_hash = p ->> 'chat_hash' or l.user_id = v_token.user_id;
    insert into private.telegram_links (user_id, chat_hash, handle_sealed, linked_at) values (v_token.user_id, p ->> 'chat_hash', p ->> 'handle_sealed', private.clock());
    update private.chat_conversations c set user_id = v_token.user_id where c.channel = 'telegram' and c.key_hash = p ->> 'chat_hash';
    perform private.log((select s.id from public.stations s where s.is_default), null, case when exists (select from public.staff s where s.user_id = v_token.user_id) then 'system' else 'resident' end, 'account.telegram_linked', 'accounts', null);
  end if;
  return jsonb_build_object('ok', true, 'account', (select private.masked_address(u.email) from auth.users u where u.id = v_token.user_id));
end;
$function$;
comment on function public.redeem_telegram_link(jsonb) is 'For the bot. Definer: the tables are private.';
grant execute on function public.redeem_telegram_link(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.redeem_verification_code(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
  v_batch private.verification_batches;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  if exists (select from public.staff s where s.user_id = v_actor and s.is_active) then
    return private.refuse('forbidden');
  end if;
  select b.* into v_batch from private.verification_codes k join private.verification_batches b on b.id = k.batch_id
  where k.code_hash = p ->> 'code_hash' and b.revoked_at is null and b.expires_at > private.clock();
  if not found then
    return private.refuse('not_found');
  end if;
  -- Whoever is verified here already keeps the paper for somebody else of the household.
  if exists (select from private.verifications v where v.user_id = v_actor and v.community_id = v_batch.community_id) then
    return private.refuse('already_verified');
  end if;
  delete from private.verification_codes k where k.code_hash = p ->> 'code_hash';
  if not found then
    return private.refuse('not_found');
  end if;
  update private.verification_batches b set redeemed = b.redeemed + 1 where b.id = v_batch.id;
  perform private.verify_resident(v_actor, v_batch.community_id, 'code', null);
  perform private.log(v_batch.station_id, null, 'resident', 'verification.code_redeemed', 'verifications', v_batch.id);
  return jsonb_build_object('ok', true, 'community', (select c.name from public.communities c where c.id = v_batch.community_id));
end;
$function$;
comment on function public.redeem_verification_code(jsonb) is 'A signed-in resident uses a paper code. Definer: the tables are private.';
grant execute on function public.redeem_verification_code(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.release_bot_update(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update private.bot_updates u set leased_by = null, leased_until = null, try_at = clock_timestamp() + make_interval(secs => coalesce((p ->> 'after_ms')::double precision, 0) / 1000)
  where u.update_hash = p ->> 'hash' and u.leased_by = p ->> 'worker' and u.handled_at is null;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.release_bot_update(jsonb) is 'For the bot''s workers. Definer: the tables are private.';
grant execute on function public.release_bot_update(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.release_figures(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_release uuid;
begin
  insert into public.figure_releases (station_id, period, starts_on, released_at)
  values ((p ->> 'station')::uuid, p ->> 'period', (p ->> 'starts_on')::date, private.clock()) on conflict do nothing returning id into v_release;
  if v_release is null then
    return '{"ok": true, "is_new": false}'::jsonb;
  end if;
  insert into public.published_figures (release_id, measure, scope, community_id, base, count)
  select v_release, f.measure, f.scope, f.community_id, f.base, f.count
  from jsonb_to_recordset(p -> 'figures') as f (measure text, scope text, community_id uuid, base integer, count integer);
  return '{"ok": true, "is_new": true}'::jsonb;
end;
$function$;
comment on function public.release_figures(jsonb) is 'Definer: nobody may write releases directly.';
grant execute on function public.release_figures(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.remove_alert_template(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if not private.may_edit_articles(v_staff) then
    return private.refuse('forbidden');
  end if;
  delete from public.alert_templates t where t.slug = p ->> 'slug';
  if not found then
    return private.refuse('not_found');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'alert.template_removed', 'alerts', null, jsonb_build_object('template', p ->> 'slug'));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.remove_alert_template(jsonb) is 'Definer: nobody writes templates directly.';
grant execute on function public.remove_alert_template(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.remove_calendar_day(p_day date)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.calendar_chief(p_day);
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  delete from public.calendar_days d where d.station_id = v_staff.station_id and d.day = p_day and d.is_own;
  if not found then
    return private.refuse('not_found');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'calendar.day_removed', 'calendar', null, jsonb_build_object('day', p_day));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.remove_calendar_day(date) is 'Definer: nobody writes the calendar directly.';
grant execute on function public.remove_calendar_day(date) to authenticated;

CREATE OR REPLACE FUNCTION public.remove_duty_shift(p_id uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_shift public.duty_shifts;
  v_now timestamptz := private.clock();
begin
  if not private.may_plan_duty(v_staff) then
    return private.refuse('forbidden');
  end if;
  select d.* into v_shift from public.duty_shifts d where d.id = p_id and d.station_id = v_staff.station_id for update;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  if v_shift.ends_at <= v_now then
    return private.refuse('conflict');
  end if;
  if v_shift.starts_at < v_now then
    update public.duty_shifts d set ends_at = v_now where d.id = p_id;
  else
    delete from public.duty_shifts d where d.id = p_id;
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'duty.shift_removed', 'staff', v_shift.staff_id,
    jsonb_build_object('colleague', v_shift.staff_id, 'day', private.day_at(v_staff.station_id, v_shift.starts_at)));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.remove_duty_shift(uuid) is 'Definer: nobody may write the roster directly.';
grant execute on function public.remove_duty_shift(uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.remove_over(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 100), 1), 1000);
  v_report public.reports;
  v_blobs text[] := '{}';
  v_categories jsonb := '{}'::jsonb;
  v_reports integer := 0;
  v_bans integer;
  v_batches integer;
  v_codes integer;
  v_checks integer;
begin
  for v_report in
    select r.* from public.reports r
    where r.id in (select o.id from private.over_reports() o where private.held_by(o) is null order by o.closed_at limit v_limit)
    order by r.id for update skip locked
  loop
    -- Asked again under the lock: a hold or a reveal may have come in the meantime.
    continue when v_report.closed_at is null or private.held_by(v_report) is not null;
    v_blobs := v_blobs || array(select b.blob from public.report_attachments a, unnest(array[a.original_blob, a.view_blob]) b (blob) where a.report_id = v_report.id and b.blob is not null);
    perform private.leave_tombstone(v_report, null, 'system', 'retention');
    insert into private.erased_about_staff (report_id, staff_id)
    select v_report.id, s.user_id from public.staff s where s.user_id = any (v_report.about_staff) on conflict do nothing;
    delete from public.outbox o where o.noun = 'reports' and o.noun_id = v_report.id;
    delete from private.report_holds h where h.report_id = v_report.id;
    delete from public.reports r where r.id = v_report.id;
    v_reports := v_reports + 1;
    v_categories := v_categories || jsonb_build_object(v_report.category_code, coalesce((v_categories ->> v_report.category_code)::integer, 0) + 1);
  end loop;
  delete from public.bans b where b.id in (select e.id from public.bans e where e.lifted_at < private.clock() - private.kept_for('bans') limit v_limit for update skip locked);
  get diagnostics v_bans = row_count;
  delete from private.verification_batches b
  where b.id in (select e.id from private.verification_batches e where e.expires_at < private.clock() - private.kept_for('verification_batches') limit v_limit for update skip locked);
  get diagnostics v_batches = row_count;
  delete from private.confirmation_codes c where c.user_id in (select e.user_id from private.confirmation_codes e where e.expires_at < private.clock() limit v_limit for update skip locked);
  get diagnostics v_codes = row_count;
  delete from private.seal_checks c where c.id in (select e.id from private.seal_checks e where e.started_at < private.clock() - private.kept_for('seal_checks') limit v_limit for update skip locked);
  get diagnostics v_checks = row_count;
  if v_reports + v_bans + v_batches + v_checks > 0 then
    perform private.log((select s.id from public.stations s where s.is_default), null, 'system', 'retention.ran', 'trust', null,
      jsonb_build_object('reports', v_reports, 'files', cardinality(v_blobs), 'bans', v_bans, 'batches', v_batches, 'checks', v_checks));
  end if;
  return jsonb_build_object('ok', true, 'reports', v_reports, 'by_category', v_categories, 'blobs', to_jsonb(v_blobs), 'bans', v_bans, 'verification_batches', v_batches,
    'confirmation_codes', v_codes, 'seal_checks', v_checks, 'has_more', greatest(v_reports, v_bans, v_batches, v_codes, v_checks) >= v_limit);
end;
$function$;
comment on function public.remove_over(jsonb) is 'The job reports:retain. Definer: nobody may delete directly.';
grant execute on function public.remove_over(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.renew_bot_updates(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_kept integer;
begin
  if p ->> 'worker' is null or v_lease is null or jsonb_typeof(p -> 'hashes') is distinct from 'array' then
    return private.refuse('invalid_input');
  end if;
  update private.bot_updates u set leased_until = greatest(u.leased_until, clock_timestamp() + v_lease)
  where u.update_hash in (select jsonb_array_elements_text(p -> 'hashes')) and u.leased_by = p ->> 'worker' and u.handled_at is null;
  get diagnostics v_kept = row_count;
  return jsonb_build_object('ok', true, 'kept', v_kept);
end;
$function$;
comment on function public.renew_bot_updates(jsonb) is 'For the bot''s workers. Definer: the tables are private.';
grant execute on function public.renew_bot_updates(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.renew_job(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update private.job_runs j set leased_until = now() + make_interval(secs => (p ->> 'lease_seconds')::integer)
  where j.name = p ->> 'name' and j.leased_by = p ->> 'worker';
  return jsonb_build_object('ok', true, 'kept', found);
end;
$function$;
comment on function public.renew_job(jsonb) is 'Definer: the table is private.';
grant execute on function public.renew_job(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.renew_recovery_codes(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if not private.may_change_factor(v_staff.user_id, (p ->> 'session')::uuid) then
    return private.refuse('second_factor_required');
  end if;
  perform private.keep_recovery_codes(v_staff.user_id, p -> 'recovery_hashes');
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.recovery_codes_renewed', 'staff', v_staff.user_id);
  perform private.notify_owner(v_staff.user_id, 'staff.codes_renewed');
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.renew_recovery_codes(jsonb) is 'Definer: the table is private.';
grant execute on function public.renew_recovery_codes(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.renew_telegram(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_kept integer;
begin
  if p ->> 'worker' is null or v_lease is null or jsonb_typeof(p -> 'ids') is distinct from 'array' then
    return private.refuse('invalid_input');
  end if;
  update public.outbox o set leased_until = greatest(o.leased_until, clock_timestamp() + v_lease)
  where o.id in (select value::bigint from jsonb_array_elements_text(p -> 'ids')) and o.channel = 'telegram' and o.status = 'queued' and o.leased_by = p ->> 'worker';
  get diagnostics v_kept = row_count;
  return jsonb_build_object('ok', true, 'kept', v_kept);
end;
$function$;
comment on function public.renew_telegram(jsonb) is 'For the bot''s workers. Definer: nobody may write the outbox directly.';
grant execute on function public.renew_telegram(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.repeat_duty_week(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_week date := (p ->> 'week')::date;
  v_times integer := (p ->> 'times')::integer;
  v_zone text;
  v_wanted integer;
  v_added integer;
begin
  if not private.may_plan_duty(v_staff) then
    return private.refuse('forbidden');
  end if;
  if v_week is null or extract(isodow from v_week) <> 1 or v_times is null or v_times not between 1 and 12 then
    return private.refuse('invalid_input');
  end if;
  select s.time_zone into v_zone from public.stations s where s.id = v_staff.station_id;
  with week as (
    select d.staff_id, d.starts_at at time zone v_zone as starts, d.ends_at at time zone v_zone as ends
    from public.duty_shifts d join public.staff s on s.user_id = d.staff_id and s.is_active and s.role in ('officer', 'lead', 'chief')
    where d.station_id = v_staff.station_id and (d.starts_at at time zone v_zone)::date between v_week and v_week + 6
  ), wanted as (
    -- By the clock on the wall: a turn of 24 hours over the night in which the clocks go back would last 25.
    select w.staff_id, t.starts_at, least(t.ends_at, t.starts_at + interval '24 hours') as ends_at
    from week w cross join generate_series(1, v_times) n
    cross join lateral (select (w.starts + make_interval(days => 7 * n)) at time zone v_zone as starts_at, (w.ends + make_interval(days => 7 * n)) at time zone v_zone as ends_at) t
  ), ahead as (
    select * from wanted w where w.ends_at > private.clock()
  ), added as (
    insert into public.duty_shifts (station_id, staff_id, starts_at, ends_at, set_by)
    select v_staff.station_id, a.staff_id, a.starts_at, a.ends_at, v_staff.user_id from ahead a order by a.starts_at
    on conflict do nothing returning id
  )
  select (select count(*) from ahead), (select count(*) from added) into v_wanted, v_added;
  if v_added > 0 then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'duty.week_repeated', 'staff', null, jsonb_build_object('day', v_week, 'added', v_added));
  end if;
  return jsonb_build_object('ok', true, 'added', v_added, 'skipped', v_wanted - v_added);
end;
$function$;
comment on function public.repeat_duty_week(jsonb) is 'Definer: nobody may write the roster directly.';
grant execute on function public.repeat_duty_week(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.request_confirmation(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
  v_community public.communities;
  v_until timestamptz := private.clock() + interval '10 minutes';
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  if exists (select from public.staff s where s.user_id = v_actor and s.is_active) then
    return private.refuse('forbidden');
  end if;
  select c.* into v_community from public.profiles f join public.communities c on c.id = f.community_id and c.is_active where f.user_id = v_actor;
  if not found then
    return private.refuse('community_missing');
  end if;
  if exists (select from private.verifications v where v.user_id = v_actor and v.community_id = v_community.id) then
    return private.refuse('already_verified');
  end if;
  -- Of two people who draw the same digits the second draws again.
  delete from private.confirmation_codes c where c.user_id = v_actor or c.expires_at <= private.clock();
  insert into private.confirmation_codes (user_id, code_hash, community_id, expires_at) values (v_actor, p ->> 'code_hash', v_community.id, v_until)
  on conflict do nothing;
  if not found then
    return private.refuse('conflict');
  end if;
  return jsonb_build_object('ok', true, 'expires_at', v_until, 'community', v_community.name);
end;
$function$;
comment on function public.request_confirmation(jsonb) is 'A code of ten minutes that the resident shows to an officer. Definer: the tables are private.';
grant execute on function public.request_confirmation(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.resend_invitation(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_invitation private.staff_invitations;
  v_wait integer;
  v_expires_at timestamptz;
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin') then
    return private.refuse('forbidden');
  end if;
  select i.* into v_invitation from private.staff_invitations i
  where i.id = (p ->> 'id')::uuid and i.station_id = v_staff.station_id and i.sent_at is not null and i.accepted_at is null and i.revoked_at is null for update;
  if not found then
    return private.refuse('not_found');
  end if;
  -- Somebody's mailbox is not to be filled through us.
  v_wait := private.take('invitation:' || v_invitation.id, 5, 86400);
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  v_expires_at := private.send_invitation(v_invitation.id, p);
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.invitation_resent', 'staff', v_invitation.user_id, jsonb_build_object('badge', v_invitation.badge_number));
  return jsonb_build_object('ok', true, 'expires_at', v_expires_at);
end;
$function$;
comment on function public.resend_invitation(jsonb) is 'Definer: the table is private.';
grant execute on function public.resend_invitation(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.resend_messages(p_ids bigint[])
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_message public.outbox;
  v_resent integer := 0;
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  for v_message in select o.* from public.outbox o where o.id = any (p_ids[1:200]) and o.status = 'dead' and o.template <> 'accounts.code' order by o.id for update loop
    if private.may_see_message(v_message, v_staff) then
      update public.outbox o set status = 'queued', attempts = 0, send_after = private.clock(), settled_at = null, last_error = null where o.id = v_message.id;
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'message.resent', v_message.noun, v_message.noun_id);
      v_resent := v_resent + 1;
    end if;
  end loop;
  if v_resent = 0 then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'resent', v_resent);
end;
$function$;
comment on function public.resend_messages(bigint[]) is 'Definer: nobody may write the outbox directly; what is re-sent is logged.';
grant execute on function public.resend_messages(bigint[]) to authenticated;

CREATE OR REPLACE FUNCTION public.reset_second_factor(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff uuid;
begin
  select s.user_id into v_staff from public.staff s join auth.users u on u.id = s.user_id where u.email = lower(p ->> 'email') and s.is_active;
  if v_staff is null then
    return private.refuse('not_found');
  end if;
  perform private.reset_second_factor(v_staff, null, null);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.reset_second_factor(jsonb) is 'The log names the system, and the owner is told. Definer: the tables are private.';
grant execute on function public.reset_second_factor(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.respond_to_alert(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_alert public.alerts;
  v_community uuid := (p ->> 'community')::uuid;
  v_id uuid;
  v_is_new boolean := false;
  v_called integer;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select a.* into v_alert from public.alerts a where a.identifier = p ->> 'identifier' and a.state = 'published';
  if v_alert.id is null then
    return private.refuse('not_found');
  end if;
  if v_community is null and num_nonnulls(p ->> 'token_hash', p ->> 'chat_hash') > 0 then
    select x.community_id into v_community from private.alert_audience x join private.alert_subscriptions s on s.id = x.subscription_id
    where x.alert_id = v_alert.id and (s.token_hash = p ->> 'token_hash' or s.chat_hash = p ->> 'chat_hash') order by s.number desc limit 1;
  end if;
  if not v_community = any (v_alert.community_ids) then
    v_community := null;
  end if;
  insert into private.alert_responses (alert_id, kind, who_hash, community_id, channel, locale, words_sealed, at)
  values (v_alert.id, p ->> 'kind', p ->> 'who_hash', v_community, p ->> 'channel', p ->> 'locale',
    case when p ->> 'kind' in ('help', 'know') then array_remove(array[p ->> 'text_sealed'], null) else '{}' end::public.sealed_text[], private.clock())
  on conflict (alert_id, kind, who_hash) do nothing returning id into v_id;
  v_is_new := v_id is not null;
  if not v_is_new then
    update private.alert_responses r set words_sealed = r.words_sealed || (p ->> 'text_sealed')::public.sealed_text, community_id = coalesce(r.community_id, v_community), handled_at = null, handled_by = null
    where r.alert_id = v_alert.id and r.kind = p ->> 'kind' and r.who_hash = p ->> 'who_hash' and r.kind in ('help', 'know') and cardinality(r.words_sealed) < 20 and p ->> 'text_sealed' is not null returning id into v_id;
  end if;
  if p ->> 'kind' = 'help' and v_id is not null then
    v_called := private.call_for_help(v_alert);
    perform private.log(v_alert.station_id, null, 'system', 'alert.help_called', 'alerts', v_alert.id, jsonb_build_object('alert', v_alert.identifier, 'people', v_called));
  end if;
  return jsonb_build_object('ok', true, 'is_new', v_is_new, 'has_duty', coalesce(v_called > 0, exists (select from private.on_duty(v_alert.station_id, private.clock()))));
end;
$function$;
comment on function public.respond_to_alert(jsonb) is 'The server''s: guests answer, and it seals what they say. Definer: the tables are private.';
grant execute on function public.respond_to_alert(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.retain_alerts(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_now timestamptz := private.clock();
  v_old timestamptz := v_now - private.kept_for('alert_audience');
  v_stale timestamptz := v_now - private.kept_for('alert_responses');
  v_unconfirmed integer;
  v_subscriptions integer;
  v_audiences integer;
  v_responses integer;
begin
  if coalesce((p ->> 'is_dry')::boolean, false) then
    return jsonb_build_object('ok', true, 'unconfirmed', (select count(*) from private.alert_subscriptions s where s.state = 'pending' and s.confirm_until < v_now),
      'subscriptions', (select count(*) from private.alert_subscriptions s where s.state = 'ended' and s.ended_at < v_old),
      'audiences', (select count(*) from private.alert_audience x join public.alerts a on a.id = x.alert_id where a.published_at < v_old),
      'responses', (select count(*) from private.alert_responses r where r.at < v_stale), 'has_more', false);
  end if;
  delete from private.alert_subscriptions s where s.id in (select e.id from private.alert_subscriptions e where e.state = 'pending' and e.confirm_until < v_now limit v_limit for update skip locked);
  get diagnostics v_unconfirmed = row_count;
  delete from private.alert_audience x where (x.alert_id, x.subscription_id) in (select e.alert_id, e.subscription_id from public.alerts a join private.alert_audience e on e.alert_id = a.id where a.published_at < v_old limit v_limit);
  get diagnostics v_audiences = row_count;
  delete from private.alert_subscriptions s where s.id in (select e.id from private.alert_subscriptions e where e.state = 'ended' and e.ended_at < v_old limit v_limit for update skip locked);
  get diagnostics v_subscriptions = row_count;
  delete from private.alert_responses r where r.id in (select e.id from private.alert_responses e where e.at < v_stale limit v_limit for update skip locked);
  get diagnostics v_responses = row_count;
  return jsonb_build_object('ok', true, 'unconfirmed', v_unconfirmed, 'subscriptions', v_subscriptions, 'audiences', v_audiences, 'responses', v_responses,
    'has_more', greatest(v_unconfirmed, v_subscriptions, v_audiences, v_responses) >= v_limit);
end;
$function$;
comment on function public.retain_alerts(jsonb) is 'The job alerts:retain. Definer: the tables are private.';
grant execute on function public.retain_alerts(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.retain_patrols(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 1000);
  v_ids uuid[];
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  v_ids := array(select v.id from public.volunteers v where v.state in ('left', 'refused') and v.changed_at < private.clock() - interval '2 years'
    and (not exists (select from public.shift_places p where p.volunteer_id = v.id) or exists (select from private.volunteer_contacts c where c.volunteer_id = v.id))
    and not exists (select from public.patrol_shifts s where s.lead_volunteer_id = v.id) and not exists (select from public.shift_swaps w where w.to_volunteer_id = v.id) order by v.changed_at limit v_limit);
  if not coalesce((p ->> 'is_dry')::boolean, false) then
    delete from private.volunteer_contacts c where c.volunteer_id = any (v_ids);
    delete from public.volunteer_steps t where t.volunteer_id = any (v_ids) and not exists (select from public.shift_places p where p.volunteer_id = t.volunteer_id);
    delete from public.volunteers v where v.id = any (v_ids) and not exists (select from public.shift_places p where p.volunteer_id = v.id);
  end if;
  return jsonb_build_object('ok', true, 'removed', cardinality(v_ids), 'has_more', cardinality(v_ids) = v_limit and not coalesce((p ->> 'is_dry')::boolean, false));
end;
$function$;
comment on function public.retain_patrols(jsonb) is 'For the job. Definer: nobody deletes directly.';
grant execute on function public.retain_patrols(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.retain_threads(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 1000);
  v_now timestamptz := private.clock();
  v_before timestamptz := private.clock() - private.kept_for('chat_threads');
  v_thread private.chat_threads;
  v_ended integer := 0;
  v_removed integer := 0;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if (p ->> 'is_dry')::boolean then
    return jsonb_build_object('ok', true, 'has_more', false, 'removed', (select count(*) from private.chat_threads t where t.closed_at < v_before),
      'ended', (select count(*) from private.chat_threads t where t.state <> 'closed' and t.last_at < v_now - case when t.waiting_since is null then interval '3 days' else interval '30 days' end));
  end if;
  for v_thread in
    select t.* from private.chat_threads t where t.state <> 'closed' and t.last_at < v_now - case when t.waiting_since is null then interval '3 days' else interval '30 days' end
    order by t.number limit v_limit for update skip locked
  loop
    perform private.finish_thread(v_thread, 'system', null);
    v_ended := v_ended + 1;
  end loop;
  update private.chat_threads t set handle_sealed = null where t.handle_sealed is not null and t.closed_at < v_now - interval '7 days';
  delete from private.chat_threads d where d.id in (select t.id from private.chat_threads t where t.closed_at < v_before order by t.closed_at limit v_limit for update skip locked);
  get diagnostics v_removed = row_count;
  return jsonb_build_object('ok', true, 'ended', v_ended, 'removed', v_removed, 'has_more', v_ended = v_limit or v_removed = v_limit);
end;
$function$;
comment on function public.retain_threads(jsonb) is 'The job chat:retain. Definer: the tables are private.';
grant execute on function public.retain_threads(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.retire_patrol_route(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.patrol_planner();
  v_route uuid := (p ->> 'id')::uuid;
  v_gap text;
begin
  if v_staff.user_id is not null then
    perform private.lock_roster(v_staff.station_id);
  end if;
  v_gap := private.route_gap(v_staff, v_route);
  if v_gap is not null then
    return private.refuse(v_gap);
  elsif exists (select from public.patrol_shifts s where s.route_id = v_route and s.state = 'open') or exists (select from public.shift_series e where e.route_id = v_route and e.ended_at is null and e.until_on >= private.day_at(v_staff.station_id, private.clock())) then
    return private.refuse('conflict');
  end if;
  update public.patrol_routes r set is_active = false where r.id = v_route;
  delete from private.checkpoint_secrets k using public.patrol_checkpoints c where c.id = k.checkpoint_id and c.route_id = v_route;
  perform private.log_shift(v_staff, 'shift.route_retired', v_route);
  return jsonb_build_object('ok', true);
end;
$function$;
comment on function public.retire_patrol_route(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.retire_patrol_route(jsonb) to authenticated;

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

CREATE OR REPLACE FUNCTION public.revoke_certificate(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
  v_staff public.staff := private.staff_actor();
  v_reason text := nullif(btrim(p ->> 'reason'), '');
  v_certificate private.certificates;
  v_volunteer public.volunteers;
  v_is_own boolean;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select c.* into v_certificate from private.certificates c where c.number = p ->> 'number' for update;
  select v.* into v_volunteer from public.volunteers v where v.id = v_certificate.volunteer_id;
  v_is_own := coalesce(v_volunteer.user_id = v_actor, false);
  if v_certificate.number is null or not (v_is_own or coalesce(v_staff.role in ('lead', 'chief') and v_staff.station_id = v_certificate.station_id, false)) then
    return private.refuse('not_found');
  end if;
  if v_certificate.revoked_at is not null then
    return private.refuse('status_order');
  end if;
  if (v_reason is null and not v_is_own) or (v_reason is not null and not private.is_plain_text(v_reason, 3, 500, true)) then
    return private.refuse('reason_missing');
  end if;
  update private.certificates c set revoked_at = private.clock(), revoked_by = case when not v_is_own then v_staff.user_id end, revoked_reason = v_reason where c.number = v_certificate.number;
  if v_is_own then
    perform private.log_own_act(v_volunteer, 'certificate.revoked', null);
  else
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'certificate.revoked', 'patrols', v_volunteer.id);
    perform private.tell_volunteer(v_volunteer, 'patrols.certificate', v_volunteer.id);
  end if;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.revoke_certificate(jsonb) is 'Definer: nobody writes the table directly.';
grant execute on function public.revoke_certificate(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.revoke_invitation(p_id uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_invitation private.staff_invitations;
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin') then
    return private.refuse('forbidden');
  end if;
  select i.* into v_invitation from private.staff_invitations i
  where i.id = p_id and i.station_id = v_staff.station_id and i.sent_at is not null and i.accepted_at is null and i.revoked_at is null for update;
  if not found then
    return private.refuse('not_found');
  end if;
  if v_invitation.role = 'chief' and not exists (select from public.staff s where s.station_id = v_staff.station_id and s.role = 'chief' and s.is_active) then
    return private.refuse('last_of_role');
  end if;
  perform private.end_invitation(v_invitation.id);
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.invitation_revoked', 'staff', v_invitation.user_id, jsonb_build_object('badge', v_invitation.badge_number));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.revoke_invitation(uuid) is 'Definer: the table is private.';
grant execute on function public.revoke_invitation(uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.revoke_verification_batch(p_id uuid)
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
  update private.verification_batches b set revoked_at = private.clock(), revoked_by = v_staff.user_id
  where b.id = p_id and b.station_id = v_staff.station_id and b.revoked_at is null;
  if not found then
    return private.refuse('not_found');
  end if;
  delete from private.verification_codes k where k.batch_id = p_id;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'verification.batch_revoked', 'verifications', p_id);
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.revoke_verification_batch(uuid) is 'Codes of a lost or stolen sheet stop working; who was verified stays so. Definer: the tables are private.';
grant execute on function public.revoke_verification_batch(uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.rewrap_keys(p_keys jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_done integer;
  v_sum integer := 0;
begin
  update public.reports r set content_key = k.rewrapped from jsonb_to_recordset(p_keys) as k (kind text, id text, wrapped text, rewrapped text)
  where k.kind = 'content' and r.id = k.id::uuid and r.content_key = k.wrapped;
  get diagnostics v_done = row_count;
  v_sum := v_sum + v_done;
  update public.reports r set contact_key = k.rewrapped from jsonb_to_recordset(p_keys) as k (kind text, id text, wrapped text, rewrapped text)
  where k.kind = 'contact' and r.id = k.id::uuid and r.contact_key = k.wrapped;
  get diagnostics v_done = row_count;
  v_sum := v_sum + v_done;
  update private.server_keys s set wrapped = k.rewrapped from jsonb_to_recordset(p_keys) as k (kind text, id text, wrapped text, rewrapped text)
  where k.kind = 'server' and s.id = k.id and s.wrapped = k.wrapped;
  get diagnostics v_done = row_count;
  v_sum := v_sum + v_done;
  if v_sum > 0 then
    perform private.log((select s.id from public.stations s where s.is_default), null, 'system', 'trust.keys_rewrapped', 'trust', null, jsonb_build_object('rewrapped', v_sum));
  end if;
  return jsonb_build_object('ok', true, 'rewrapped', v_sum);
end;
$function$;
comment on function public.rewrap_keys(jsonb) is 'Definer: nobody may write keys directly.';
grant execute on function public.rewrap_keys(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.root_candidate()
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_last private.seal_roots;
  v_day date;
begin
  select r.* into v_last from private.seal_roots r order by r.day desc limit 1;
  select min(b.day) into v_day from private.seal_blocks b where (v_last.day is null or b.day > v_last.day) and b.day < private.station_day(private.clock());
  if v_day is null then
    return '{"ok": true, "day": null, "previous": null, "blocks": []}'::jsonb;
  end if;
  return jsonb_build_object('ok', true, 'now', private.utc_text(private.clock()), 'day', v_day, 'previous', v_last.hash,
    'blocks', (select jsonb_agg(jsonb_build_object('number', b.number, 'hash', b.hash) order by b.number) from private.seal_blocks b where b.day = v_day));
end;
$function$;
comment on function public.root_candidate() is 'For the portal to build and sign the root of a day. Definer: the chain is private.';
grant execute on function public.root_candidate() to service_role;

CREATE OR REPLACE FUNCTION public.save_alert(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_alert public.alerts;
  v_follows public.alerts;
  v_form jsonb := p;
  v_ends boolean := false;
  v_id uuid := gen_random_uuid();
  v_now timestamptz := private.clock();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse_alert(v_staff, 'alert.save_refused', p ->> 'identifier', 'forbidden');
  end if;
  if p ->> 'identifier' is not null then
    v_alert := private.draft_for(v_staff, p ->> 'identifier');
    if v_alert.id is null then
      return private.refuse_alert(v_staff, 'alert.save_refused', p ->> 'identifier');
    end if;
    if v_alert.state not in ('draft', 'in_review') or v_alert.revision <> coalesce((p ->> 'revision')::integer, 0) then
      return private.refuse('conflict');
    end if;
    v_ends := v_alert.message_type in ('cancel', 'all_clear');
    if v_alert.base_id is not null then
      v_form := v_form || jsonb_build_object('kind', v_alert.kind, 'is_exercise', v_alert.is_exercise);
    end if;
    if v_ends then
      v_form := v_form || jsonb_build_object('colour', v_alert.colour, 'event', v_alert.event_code, 'areas', private.whole_alert(v_alert) -> 'areas');
    end if;
  end if;
  if not private.is_alert_draft(v_form) then
    return private.refuse('invalid_input');
  end if;
  if v_form ->> 'follows' is not null then
    select a.* into v_follows from public.alerts a where a.identifier = v_form ->> 'follows' and a.station_id = v_staff.station_id and a.state = 'published' and a.kind = 'warning' and not a.is_exercise;
    if v_follows.id is null then
      return private.refuse('invalid_input');
    end if;
  end if;
  -- The areas of a message that ends another stay as they were, even where a boundary was drawn anew since.
  if not v_ends and (select count(*) from private.areas_of_form(v_staff.station_id, v_form -> 'areas')) <> jsonb_array_length(v_form -> 'areas') then
    return private.refuse('invalid_input');
  end if;
  if v_staff.role = 'officer' and exists (select from private.areas_of_form(v_staff.station_id, v_form -> 'areas') f where f.kind = 'station' or not f.community_ids <@ array(select private.communities_of(v_staff.user_id))) then
    return private.refuse_alert(v_staff, 'alert.save_refused', v_alert.identifier, 'forbidden');
  end if;

  if v_alert.id is null then
    insert into public.alerts (id, station_id, chain_id, kind, colour, event_code, urgency, severity, certainty, onset_at, expires_at, is_exercise, follows_id, contact, web, created_at, created_by, edited_at, edited_by)
    values (v_id, v_staff.station_id, v_id, v_form ->> 'kind', v_form ->> 'colour', v_form ->> 'event', v_form ->> 'urgency', v_form ->> 'severity', v_form ->> 'certainty',
      date_trunc('second', (v_form ->> 'onset')::timestamptz), date_trunc('second', (v_form ->> 'expires')::timestamptz), coalesce((v_form ->> 'is_exercise')::boolean, false), v_follows.id,
      v_form ->> 'contact', v_form ->> 'web', v_now, v_staff.user_id, v_now, v_staff.user_id)
    returning * into v_alert;
    v_alert := private.write_alert_parts(v_alert, v_form -> 'texts', v_form -> 'areas');
    perform private.log_alert(v_alert, v_staff, 'alert.drafted');
  else
    update public.alerts a set kind = v_form ->> 'kind', colour = v_form ->> 'colour', event_code = v_form ->> 'event', urgency = v_form ->> 'urgency', severity = v_form ->> 'severity',
      certainty = v_form ->> 'certainty', onset_at = date_trunc('second', (v_form ->> 'onset')::timestamptz), expires_at = date_trunc('second', (v_form ->> 'expires')::timestamptz),
      is_exercise = coalesce((v_form ->> 'is_exercise')::boolean, false), follows_id = v_follows.id, contact = v_form ->> 'contact', web = v_form ->> 'web',
      state = 'draft', revision = a.revision + 1, edited_at = v_now, edited_by = v_staff.user_id, submitted_at = null, submitted_by = null, approved_at = null, approved_by = null
    where a.id = v_alert.id returning * into v_alert;
    if v_ends then
      delete from public.alert_texts t where t.alert_id = v_alert.id;
      insert into public.alert_texts (alert_id, locale, headline, description, instruction)
      select v_alert.id, t.key, t.value ->> 'headline', t.value ->> 'description', t.value ->> 'instruction' from jsonb_each(v_form -> 'texts') t;
    else
      v_alert := private.write_alert_parts(v_alert, v_form -> 'texts', v_form -> 'areas');
    end if;
    perform private.log_alert(v_alert, v_staff, 'alert.saved');
  end if;
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'alert', private.whole_alert(v_alert));
end;
$function$;
comment on function public.save_alert(jsonb) is 'Definer: nobody writes alerts directly.';
grant execute on function public.save_alert(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.save_alert_template(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if not private.may_edit_articles(v_staff) then
    return private.refuse('forbidden');
  end if;
  if not private.is_alert_template(p) then
    return private.refuse('invalid_input');
  end if;
  perform private.write_alert_template(p, coalesce((select max(t.position) from public.alert_templates t), 0) + 10);
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'alert.template_saved', 'alerts', null, jsonb_build_object('template', p ->> 'slug'));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.save_alert_template(jsonb) is 'Definer: nobody writes templates directly.';
grant execute on function public.save_alert_template(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.save_areas(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if not private.may_set(v_staff, 'areas') then
    return private.refuse('forbidden');
  end if;
  perform private.lock_settings();
  if p ->> 'version' is distinct from private.setting_digest(private.areas_of(v_staff.station_id)) then
    return private.refuse('conflict');
  end if;
  if not private.is_setting(v_staff.station_id, 'areas', 'areas', p -> 'value') then
    return private.refuse('invalid_input');
  end if;
  return private.change_setting(v_staff, 'areas', 'areas', p -> 'value');
end;
$function$;
comment on function public.save_areas(jsonb) is 'Definer: nobody writes the reference tables directly. service_role alone: overlaps and gaps are judged by the portal.';
grant execute on function public.save_areas(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.save_article(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_article private.articles;
  v_version private.article_versions;
  v_zone text;
begin
  if not private.may_edit_articles(v_staff) then
    return private.refuse('forbidden');
  end if;
  if not private.is_article(p) then
    return private.refuse('invalid_input');
  end if;
  perform pg_advisory_xact_lock(hashtext('linli articles'));
  select a.* into v_article from private.articles a where a.slug = p ->> 'slug';
  if coalesce((p ->> 'base')::integer, -1) <> coalesce((select max(v.number) from private.article_versions v where v.slug = v_article.slug), 0)
    or (p ->> 'restored_from' is not null and not exists (select from private.article_versions v where v.slug = v_article.slug and v.number = (p ->> 'restored_from')::integer)) then
    return private.refuse('conflict');
  end if;
  if v_article.slug is null then
    insert into private.articles (slug, position) values (p ->> 'slug', (select coalesce(max(a.position), 0) + 10 from private.articles a)) returning * into v_article;
  end if;
  select s.time_zone into v_zone from public.stations s where s.id = v_staff.station_id;
  v_version := private.add_article_version(v_article.slug, p, v_staff.user_id, (private.clock() at time zone v_zone)::date, (p ->> 'restored_from')::integer);
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'article.saved', 'knowledge', null,
    jsonb_build_object('article', v_article.slug, 'version', v_version.number, 'restored_from', v_version.restored_from));
  if coalesce((p ->> 'publishes')::boolean, false) then
    perform private.set_article_public(v_staff, v_article, v_version.number);
  end if;
  select a.* into v_article from private.articles a where a.slug = v_article.slug;
  return jsonb_build_object('ok', true, 'number', v_version.number, 'state', private.article_state(v_article), 'taken', private.ask_lines_taken(v_article.slug, p -> 'texts'));
end;
$function$;
comment on function public.save_article(jsonb) is 'Definer: nobody writes the articles directly.';
grant execute on function public.save_article(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.save_consents(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor();
  v_decision record;
  v_text private.consent_texts;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if jsonb_typeof(p -> 'decisions') is distinct from 'array' or coalesce(p ->> 'locale', '') not in ('zh', 'en') or jsonb_array_length(p -> 'decisions') > 20
    or coalesce(p ->> 'channel', 'web') not in ('web', 'api') then
    return private.refuse('invalid_input');
  end if;
  -- One at a time for each person, so that two windows leave one order.
  perform from auth.users u where u.id = v_actor for no key update;
  -- Every change of mind is kept: nobody changes theirs a hundred times a day.
  if (select count(*) from private.consents c where c.user_id = v_actor and c.at > private.clock() - interval '1 day') >= 100 then
    return private.refuse('rate_limited', '{"retry_after": 3600}');
  end if;
  for v_decision in select * from jsonb_to_recordset(p -> 'decisions') as d (purpose text, version integer, is_given boolean) loop
    select t.* into v_text from private.current_consent_texts() t where t.purpose = v_decision.purpose;
    if not found or v_decision.is_given is null or (v_text.is_required and not v_decision.is_given) then
      return private.refuse('invalid_input');
    end if;
    if v_text.version is distinct from v_decision.version then
      return private.refuse('conflict');
    end if;
    insert into private.consents (user_id, purpose, version, is_given, at, channel, locale)
    select v_actor, v_text.purpose, v_text.version, v_decision.is_given, private.clock(), coalesce(p ->> 'channel', 'web'), p ->> 'locale'
    where not exists (
      select from (select c.version, c.is_given from private.consents c where c.user_id = v_actor and c.purpose = v_text.purpose order by c.id desc limit 1) l
      where l.version = v_text.version and l.is_given = v_decision.is_given);
  end loop;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.save_consents(jsonb) is 'Keeps what the caller agrees to or takes back. Definer: the table is private.';
grant execute on function public.save_consents(jsonb) to authenticated;

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

CREATE OR REPLACE FUNCTION public.save_mail_settings(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_user uuid := (p ->> 'user')::uuid;
  v_report uuid := (p ->> 'report')::uuid;
begin
  if num_nonnulls(v_user, v_report) <> 1
    or coalesce(p ->> 'level', '') not in ('all', 'important', 'none')
    or not coalesce(p ->> 'quiet_from', '00:00') ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' or not coalesce(p ->> 'quiet_to', '00:00') ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' then
    return private.refuse('invalid_input');
  end if;
  if not exists (select from auth.users u where u.id = v_user) and not exists (select from public.reports r where r.id = v_report) then
    return private.refuse('not_found');
  end if;
  insert into private.mail_settings as m (user_id, report_id, level, quiet_from, quiet_to, updated_at)
  values (v_user, v_report, p ->> 'level', coalesce((p ->> 'quiet_from')::time, '22:00'), coalesce((p ->> 'quiet_to')::time, '07:00'), private.clock())
  on conflict do nothing;
  if not found then
    update private.mail_settings m set level = p ->> 'level', quiet_from = coalesce((p ->> 'quiet_from')::time, m.quiet_from),
      quiet_to = coalesce((p ->> 'quiet_to')::time, m.quiet_to), updated_at = private.clock()
    where m.user_id = v_user or m.report_id = v_report;
  end if;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.save_mail_settings(jsonb) is 'Definer: the table is private.';
grant execute on function public.save_mail_settings(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.save_notice(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;
comment on function public.save_notice(jsonb) is 'Definer: nobody may write notices directly.';
grant execute on function public.save_notice(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.save_patrol_route(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.patrol_planner();
  v_community uuid;
  v_route uuid;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  select c.id into v_community from public.communities c where c.id = (p ->> 'community')::uuid and c.station_id = v_staff.station_id and c.is_active;
  if v_community is null or not private.is_text_in_both(p -> 'name', 1, 80) or (case when jsonb_typeof(p -> 'checkpoints') = 'array' then jsonb_array_length(p -> 'checkpoints') > 50
      or exists (select from jsonb_array_elements(p -> 'checkpoints') c where not coalesce(private.is_text_in_both(c.value -> 'name', 1, 80), false)
        or not exists (select from public.grids g where g.id = (c.value ->> 'grid')::uuid and g.community_id = v_community and g.is_active)) else true end) then
    return private.refuse('invalid_input');
  end if;
  insert into public.patrol_routes (station_id, community_id, name) values (v_staff.station_id, v_community, p -> 'name') returning id into v_route;
  insert into public.patrol_checkpoints (route_id, community_id, grid_id, position, name)
  select v_route, v_community, (c.value ->> 'grid')::uuid, c.ordinality, c.value -> 'name' from jsonb_array_elements(p -> 'checkpoints') with ordinality c;
  -- Sixteen characters of Crockford's base32: 80 bits, two references of 40 each.
  insert into private.checkpoint_secrets (checkpoint_id, code)
  select c.id, replace(substr(private.new_reference(), 4), '-', '') || replace(substr(private.new_reference(), 4), '-', '') from public.patrol_checkpoints c where c.route_id = v_route;
  perform private.log_shift(v_staff, 'shift.route_saved', v_route);
  return jsonb_build_object('ok', true, 'id', v_route);
end;
$function$;
comment on function public.save_patrol_route(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.save_patrol_route(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.save_patrol_shift(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.patrol_planner();
  v_now timestamptz := private.clock();
  v_from timestamptz := (p ->> 'starts_at')::timestamptz;
  v_to timestamptz := (p ->> 'ends_at')::timestamptz;
  v_before public.patrol_shifts;
  v_shift public.patrol_shifts;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  perform private.lock_roster(v_staff.station_id);
  if p ->> 'id' is not null then
    select s.* into v_before from public.patrol_shifts s where s.id = (p ->> 'id')::uuid and s.station_id = v_staff.station_id for update;
    if v_before.id is null then
      return private.refuse('not_found');
    elsif v_before.state <> 'open' or lower(v_before.period) <= v_now then
      return private.refuse('shift_closed');
    elsif v_before.sequence is distinct from (p ->> 'sequence')::integer then
      return private.refuse('conflict');
    end if;
  end if;
  if not private.is_shift_form(v_staff.station_id, p) or v_from is null or v_to is null or v_to < v_from + interval '30 minutes' or v_to > v_from + interval '12 hours'
    or (v_from <= v_now + interval '3 hours' and v_from is distinct from lower(v_before.period)) or v_from > v_now + interval '1 year'
    or (v_before.id is not null and (p ->> 'maximum')::integer < private.places_taken(v_before.id))
    or (v_before.id is not null and (v_before.community_id, v_before.kind, coalesce(v_before.skill_code, '')) is distinct from ((p ->> 'community')::uuid, coalesce(p ->> 'kind', 'patroller')::public.volunteer_kind, coalesce(p ->> 'skill', '')::text))
    or (p ->> 'lead_volunteer' is not null and not exists (select from public.volunteers v where v.id = (p ->> 'lead_volunteer')::uuid and v.station_id = v_staff.station_id and v.state = 'active'))
    or (p ->> 'lead_staff' is not null and not exists (select from public.staff s where s.user_id = (p ->> 'lead_staff')::uuid and s.station_id = v_staff.station_id and s.is_active and s.role in ('officer', 'lead', 'chief')))
    or (p ->> 'lead_volunteer' is not null and p ->> 'lead_staff' is not null) then
    return private.refuse('invalid_input');
  end if;
  if v_before.id is null then
    insert into public.patrol_shifts (station_id, community_id, type_code, route_id, period, needed, maximum, kind, skill_code, lead_volunteer_id, lead_staff_id, first_claims_until, created_at, created_by, revised_at)
    values (v_staff.station_id, (p ->> 'community')::uuid, p ->> 'type', (p ->> 'route')::uuid, tstzrange(v_from, v_to), (p ->> 'needed')::integer, (p ->> 'maximum')::integer, coalesce(p ->> 'kind', 'patroller'), p ->> 'skill',
      (p ->> 'lead_volunteer')::uuid, (p ->> 'lead_staff')::uuid, private.first_claims_end(v_now, v_from), v_now, v_staff.user_id, v_now)
    returning * into v_shift;
    perform private.log_shift(v_staff, 'shift.planned', v_shift.id);
  else
    begin
      update public.patrol_shifts s set type_code = p ->> 'type', route_id = (p ->> 'route')::uuid, period = tstzrange(v_from, v_to), needed = (p ->> 'needed')::integer, maximum = (p ->> 'maximum')::integer,
        lead_volunteer_id = (p ->> 'lead_volunteer')::uuid, lead_staff_id = (p ->> 'lead_staff')::uuid, sequence = s.sequence + 1, revised_at = v_now, first_claims_until = least(s.first_claims_until, v_from)
      where s.id = v_before.id returning * into v_shift;
    exception when exclusion_violation then
      return private.refuse('shift_overlap');
    end;
    if v_shift.period <> v_before.period or v_shift.route_id is distinct from v_before.route_id then
      perform private.tell_volunteer(v, 'patrols.changed', v_shift.id) from public.shift_places p join public.volunteers v on v.id = p.volunteer_id where p.shift_id = v_shift.id and p.state in ('confirmed', 'waiting', 'offered');
      update public.shift_places p set reminded_day_at = null, reminded_hours_at = null, offered_until = case when p.state = 'offered' then least(p.offered_until, v_from - interval '1 hour') end where p.shift_id = v_shift.id and p.state in ('confirmed', 'waiting', 'offered');
    end if;
    perform private.offer_places(v_shift.id);
    perform private.log_shift(v_staff, 'shift.changed', v_shift.id);
  end if;
  return jsonb_build_object('ok', true, 'shift', private.desk_shift(v_shift));
end;
$function$;
comment on function public.save_patrol_shift(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.save_patrol_shift(jsonb) to authenticated;

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

CREATE OR REPLACE FUNCTION public.save_reward(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_id uuid := (p ->> 'id')::uuid;
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  if not private.is_text_in_both(p -> 'name', 1, 80) or coalesce((p ->> 'points')::integer not between 0 and 100000 or (p ->> 'deposit')::integer not between 0 and 100000 or (p ->> 'stock')::integer not between 0 and 100000
    or (p ->> 'points')::integer + (p ->> 'deposit')::integer = 0, true) then
    return private.refuse('invalid_input');
  end if;
  perform private.lock_points(v_staff.station_id);
  if v_id is null then
    insert into private.rewards (station_id, name, points, deposit, stock, changed_at, changed_by)
    values (v_staff.station_id, p -> 'name', (p ->> 'points')::integer, (p ->> 'deposit')::integer, (p ->> 'stock')::integer, private.clock(), v_staff.user_id) returning id into v_id;
  else
    update private.rewards r set name = p -> 'name', points = (p ->> 'points')::integer, deposit = (p ->> 'deposit')::integer, stock = (p ->> 'stock')::integer, is_active = coalesce((p ->> 'is_active')::boolean, r.is_active), changed_at = private.clock(), changed_by = v_staff.user_id
    where r.id = v_id and r.station_id = v_staff.station_id;
    if not found then
      return private.refuse('not_found');
    end if;
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'reward.saved', 'patrols', v_id);
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$function$;
comment on function public.save_reward(jsonb) is 'Definer: nobody writes the tables directly.';
grant execute on function public.save_reward(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.save_setting(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_section text := p ->> 'section';
  v_item text := p ->> 'item';
  v_value jsonb := nullif(p -> 'value', 'null'::jsonb);
  v_before jsonb;
begin
  if not private.may_set(v_staff, v_section) then
    return private.refuse('forbidden');
  end if;
  if v_section is null or v_section = 'areas' or char_length(coalesce(v_item, '')) not between 1 and 80 then
    return private.refuse('invalid_input');
  end if;
  perform private.lock_settings();
  v_before := private.setting_of(v_staff.station_id, v_section, v_item);
  if coalesce((p ->> 'is_new')::boolean, false) <> (v_before is null and v_section <> 'office') or p ->> 'version' is distinct from private.setting_digest(v_before) then
    return private.refuse('conflict');
  end if;
  if not coalesce(private.is_setting(v_staff.station_id, v_section, v_item, v_value), false) then
    return private.refuse('invalid_input');
  end if;
  if v_section = 'category' then
    if private.is_for_chief(v_before, v_value) and not private.may_set_terms(v_staff) then
      return private.refuse('forbidden');
    end if;
    -- Codes are never used again: what is said to be new is new, what is not was there.
    if exists (select from jsonb_array_elements(v_value -> 'questions') n
      where (coalesce(p -> 'new_questions', '[]'::jsonb) ? (n.value ->> 'code')) = exists (select from public.category_questions q where q.category_code = v_item and q.code = n.value ->> 'code')) then
      return private.refuse('conflict');
    end if;
  end if;
  return private.change_setting(v_staff, v_section, v_item, v_value);
end;
$function$;
comment on function public.save_setting(jsonb) is 'Definer: nobody writes the reference tables directly.';
grant execute on function public.save_setting(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.save_shift_series(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.patrol_planner();
  v_now timestamptz := private.clock();
  v_today date := private.day_at(v_staff.station_id, v_now);
  v_weekdays smallint[] := array(select distinct w.value::smallint from jsonb_array_elements_text(case when jsonb_typeof(p -> 'weekdays') = 'array' then p -> 'weekdays' else '[]'::jsonb end) w order by 1);
  v_exceptions date[] := array(select distinct x.value::date from jsonb_array_elements_text(case when jsonb_typeof(p -> 'exceptions') = 'array' then p -> 'exceptions' else '[]'::jsonb end) x order by 1);
  v_series public.shift_series;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  if not private.is_shift_form(v_staff.station_id, p) or cardinality(v_weekdays) = 0 or not v_weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[] or cardinality(v_exceptions) > 200
    or coalesce(p ->> 'starts_at_local' !~ '^([01]\d|2[0-3]):[0-5]\d$', true) or coalesce((p ->> 'duration_minutes')::integer not between 30 and 720, true)
    or coalesce((p ->> 'from_on')::date < v_today or (p ->> 'until_on')::date < (p ->> 'from_on')::date or (p ->> 'until_on')::date > (p ->> 'from_on')::date + 400 or (p ->> 'from_on')::date > v_today + 400, true) then
    return private.refuse('invalid_input');
  end if;
  insert into public.shift_series (station_id, community_id, type_code, route_id, weekdays, starts_at_local, duration_minutes, from_on, until_on, exceptions, needed, maximum, kind, skill_code, created_by, created_at)
  values (v_staff.station_id, (p ->> 'community')::uuid, p ->> 'type', (p ->> 'route')::uuid, v_weekdays, (p ->> 'starts_at_local')::time, (p ->> 'duration_minutes')::integer, (p ->> 'from_on')::date, (p ->> 'until_on')::date, v_exceptions,
    (p ->> 'needed')::integer, (p ->> 'maximum')::integer, coalesce(p ->> 'kind', 'patroller'), p ->> 'skill', v_staff.user_id, v_now)
  returning * into v_series;
  perform private.log_shift(v_staff, 'shift.series_planned', v_series.id);
  return jsonb_build_object('ok', true, 'id', v_series.id, 'added', private.write_series(v_series));
end;
$function$;
comment on function public.save_shift_series(jsonb) is 'Definer: nobody writes the roster directly.';
grant execute on function public.save_shift_series(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.seal_candidates(p_limit integer DEFAULT 500)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 500), 1), 2000);
  v_head private.seal_blocks;
  v_from bigint;
  v_until bigint;
  v_count integer;
  v_leaves jsonb;
begin
  select b.* into v_head from private.seal_blocks b order by b.number desc limit 1;
  v_from := coalesce(v_head.log_until, 0);
  v_until := private.settled_log(v_from);
  select count(*), coalesce(case when count(*) = v_limit then max(t.id) end, v_until) into v_count, v_until
  from (select l.id from public.audit_log l where l.id > v_from and l.id <= v_until order by l.id limit v_limit) t;
  with log as (
    select l.* from public.audit_log l where l.id > v_from and l.id <= v_until
  ), filed as (
    select distinct l.noun_id as id from log l where l.noun = 'reports' and l.action = 'report.submitted' and l.noun_id is not null
  ), touched as (
    select distinct l.noun_id as id from log l where l.noun = 'reports' and l.action in ('report.submitted', 'attachment.added') and l.noun_id is not null
  ), leaves as (
    select 1 as part, lpad(l.id::text, 20, '0') as place, 'audit_log' as source, l.id::text as row_id, case when l.noun = 'reports' then l.noun_id end as report_id, l.at,
      private.canonical_log(l.*::public.audit_log, 1::smallint) as text, null::text as digest
    from public.audit_log l where l.id > v_from and l.id <= v_until
    union all
    select 2, r.id::text, 'reports', r.id::text, r.id, r.received_at, private.canonical_report(r.*::public.reports, 1::smallint), null
    from public.reports r where r.id in (select f.id from filed f) and not exists (select from private.seal_leaves s where s.source = 'reports' and s.row_id = r.id::text)
    union all
    select 3, r.id::text, 'report_contents', r.reference::text, r.id, r.received_at, null, r.content_hash::text
    from public.reports r where r.id in (select f.id from filed f) and not exists (select from private.seal_leaves s where s.source = 'report_contents' and s.row_id = r.reference::text)
    union all
    select 4, a.id::text, 'report_attachments', a.id::text, a.report_id, a.at, private.canonical_attachment(a.*::public.report_attachments, 1::smallint), null
    from public.report_attachments a where a.report_id in (select t.id from touched t) and not exists (select from private.seal_leaves s where s.source = 'report_attachments' and s.row_id = a.id::text)
  )
  select coalesce(jsonb_agg(jsonb_build_object('source', e.source, 'row', e.row_id, 'report_id', e.report_id, 'version', 1, 'at', private.utc_text(e.at), 'text', e.text, 'digest', e.digest)
    order by e.part, e.place), '[]'::jsonb) into v_leaves from leaves e;
  return jsonb_build_object('ok', true, 'now', private.utc_text(private.clock()), 'day', private.station_day(private.clock()),
    'number', coalesce(v_head.number, 0) + 1, 'previous', v_head.hash, 'log_until', v_until, 'leaves', v_leaves, 'has_more', v_count = v_limit);
end;
$function$;
comment on function public.seal_candidates(integer) is 'Rows that wait for a seal, all older than any transaction that still runs. Definer: reads canonical rows for the portal to hash and sign.';
grant execute on function public.seal_candidates(integer) to service_role;

CREATE OR REPLACE FUNCTION public.set_calendar_day(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_day date := (p ->> 'day')::date;
  v_staff public.staff := private.calendar_chief(v_day);
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  insert into public.calendar_days as d (station_id, day, kind, name, is_own) values (v_staff.station_id, v_day, p ->> 'kind', p -> 'name', true)
  on conflict (station_id, day) do update set kind = excluded.kind, name = excluded.name, is_own = true;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'calendar.day_set', 'calendar', null, jsonb_build_object('day', v_day, 'day_kind', p ->> 'kind'));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.set_calendar_day(jsonb) is 'Definer: nobody writes the calendar directly.';
grant execute on function public.set_calendar_day(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.set_chat_hours(p jsonb)
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
  if not private.are_chat_hours(p) then
    return private.refuse('invalid_input');
  end if;
  update public.stations s set chat_hours = p where s.id = v_staff.station_id and s.chat_hours <> p;
  if found then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'chat.hours_set', 'chat', null, jsonb_build_object('from_hour', p ->> 'from', 'to_hour', p ->> 'to', 'days', p ->> 'days'));
  end if;
  return jsonb_build_object('ok', true, 'hours', private.chat_hours_at(v_staff.station_id, private.clock()));
end;
$function$;
comment on function public.set_chat_hours(jsonb) is 'Definer: nobody writes stations directly.';
grant execute on function public.set_chat_hours(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.set_day_counting(p_counting text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.calendar_chief();
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  update public.stations s set day_counting = p_counting where s.id = v_staff.station_id and s.day_counting <> p_counting;
  if found then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'calendar.counting_set', 'calendar', null, jsonb_build_object('counting', p_counting));
  end if;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.set_day_counting(text) is 'How "within 3 days" is counted, by the chief. Definer: nobody writes stations directly.';
grant execute on function public.set_day_counting(text) to authenticated;

CREATE OR REPLACE FUNCTION public.set_points(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_points integer := (p ->> 'points')::integer;
  v_month date;
begin
  if coalesce(v_staff.role <> 'chief', true) then
    return private.refuse('forbidden');
  end if;
  perform private.lock_points(v_staff.station_id);
  if p ->> 'act' = 'budget' and v_points between 0 and 1000000 then
    v_month := private.month_at(v_staff.station_id, v_now);
    if private.budget_used(v_staff.station_id, v_month) > v_points then
      return private.refuse('conflict');
    end if;
    insert into private.points_budgets (station_id, month, points, set_at, set_by) values (v_staff.station_id, v_month, v_points, v_now, v_staff.user_id)
    on conflict (station_id, month) do update set points = excluded.points, set_at = excluded.set_at, set_by = excluded.set_by;
    perform private.pay_claims(v_staff.station_id);
  elsif p ->> 'act' = 'rate' and v_points between 0 and 1000 and exists (select from private.points_rules r where r.code = p ->> 'rule') then
    insert into private.points_rates (station_id, rule_code, points, set_at, set_by) values (v_staff.station_id, p ->> 'rule', v_points, v_now, v_staff.user_id)
    on conflict (station_id, rule_code) do update set points = excluded.points, set_at = excluded.set_at, set_by = excluded.set_by;
  elsif p ->> 'act' = 'night' and p ->> 'from' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and p ->> 'to' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and (p ->> 'credit_percent')::integer between 100 and 300 then
    insert into private.patrol_night_rules (station_id, night_from, night_to, credit_percent, set_at, set_by) values (v_staff.station_id, (p ->> 'from')::time, (p ->> 'to')::time, (p ->> 'credit_percent')::integer, v_now, v_staff.user_id)
    on conflict (station_id) do update set night_from = excluded.night_from, night_to = excluded.night_to, credit_percent = excluded.credit_percent, set_at = excluded.set_at, set_by = excluded.set_by;
  else
    return private.refuse('invalid_input');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'points.set', 'patrols', null, jsonb_strip_nulls(jsonb_build_object('points_act', p ->> 'act', 'points', v_points,
    'title', (select r.name from private.points_rules r where r.code = p ->> 'rule'), 'night_from', p ->> 'from', 'night_to', p ->> 'to', 'credit_percent', (p ->> 'credit_percent')::integer)));
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.set_points(jsonb) is 'Definer: nobody writes the ledger directly.';
grant execute on function public.set_points(jsonb) to authenticated;

CREATE OR REPLACE FUNCTION public.set_telegram_news(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if coalesce(p ->> 'news', '') not in ('mail', 'telegram', 'both') then
    return private.refuse('invalid_input');
  end if;
  update private.telegram_links l set news = p ->> 'news' where l.user_id = v_actor;
  if not found then
    return private.refuse('not_found');
  end if;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.set_telegram_news(jsonb) is 'Definer: the table is private.';
grant execute on function public.set_telegram_news(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.set_up_station(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_slug text := p ->> 'slug';
  v_zone text := p ->> 'time_zone';
  v_phone text := nullif(p ->> 'phone', '');
  v_station public.stations;
  v_is_new boolean := false;
  v_differs text[];
begin
  if private.is_demo() then
    return private.refuse('forbidden');
  end if;
  if coalesce(v_slug, '') !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or char_length(v_slug) > 60
    or coalesce(char_length(btrim(p -> 'name' ->> 'zh')), 0) not between 1 and 60 or coalesce(char_length(btrim(p -> 'name' ->> 'en')), 0) not between 1 and 60
    or not exists (select from pg_catalog.pg_timezone_names z where z.name = v_zone)
    or char_length(v_phone) > 40 then
    return private.refuse('invalid_input');
  end if;
  -- Two that set up at once: the second waits, then finds a station.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('set_up_station'));
  select s.* into v_station from public.stations s where s.is_default;
  if v_station.id is null then
    insert into public.stations (slug, name, time_zone, phone, is_default)
    values (v_slug, jsonb_build_object('zh', btrim(p -> 'name' ->> 'zh'), 'en', btrim(p -> 'name' ->> 'en')), v_zone, v_phone, true)
    returning * into v_station;
    v_is_new := true;
    perform private.log(v_station.id, null, 'system', 'station.set_up', 'communities', v_station.id);
  end if;
  v_differs := array_remove(array[
    case when v_station.slug <> v_slug then 'slug' end,
    case when v_station.name ->> 'zh' <> btrim(p -> 'name' ->> 'zh') or v_station.name ->> 'en' <> btrim(p -> 'name' ->> 'en') then 'name' end,
    case when v_station.time_zone <> v_zone then 'time_zone' end,
    case when v_phone is not null and v_station.phone is distinct from v_phone then 'phone' end], null);
  if (p ->> 'is_change')::boolean and array_remove(v_differs, 'slug') <> '{}' then
    update public.stations s set name = jsonb_build_object('zh', btrim(p -> 'name' ->> 'zh'), 'en', btrim(p -> 'name' ->> 'en')), time_zone = v_zone, phone = coalesce(v_phone, s.phone)
    where s.id = v_station.id returning * into v_station;
    perform private.log(v_station.id, null, 'system', 'station.set_up_again', 'communities', v_station.id);
    v_differs := array(select d from unnest(v_differs) d where d = 'slug');
  end if;
  return jsonb_build_object('ok', true, 'is_new', v_is_new, 'differs', to_jsonb(v_differs),
    'station', jsonb_build_object('id', v_station.id, 'slug', v_station.slug, 'name', v_station.name, 'time_zone', v_station.time_zone, 'phone', v_station.phone));
end;
$function$;
comment on function public.set_up_station(jsonb) is 'Definer: nobody writes stations directly.';
grant execute on function public.set_up_station(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.settle_outbox(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_outcome text := p ->> 'outcome';
  v_now timestamptz := private.clock();
  v_subscription uuid;
  v_kept boolean;
begin
  if coalesce(v_outcome, '') not in ('sent', 'retry', 'hold', 'release', 'cancelled', 'dead') then
    return private.refuse('invalid_input');
  end if;
  update public.outbox o set
    status = case when v_outcome in ('sent', 'cancelled', 'dead') then v_outcome else 'queued' end,
    settled_at = case when v_outcome in ('sent', 'cancelled', 'dead') then v_now end,
    sent_by = case when v_outcome = 'sent' then p ->> 'sent_by' end,
    last_error = case when v_outcome in ('sent', 'hold') then null when v_outcome = 'release' then o.last_error else p ->> 'error' end,
    -- What was held or given back has not been tried.
    attempts = case when v_outcome in ('hold', 'release') then greatest(o.attempts - 1, 0) else o.attempts end,
    send_after = case v_outcome when 'retry' then v_now + make_interval(secs => coalesce((p ->> 'after_seconds')::double precision, 60))
      when 'hold' then coalesce((p ->> 'until')::timestamptz, o.send_after) else o.send_after end,
    params_sealed = case when v_outcome in ('sent', 'cancelled', 'dead') and coalesce((p ->> 'forget_params')::boolean, false) then null else o.params_sealed end,
    leased_by = null, leased_until = null
  where o.id = (p ->> 'id')::bigint and o.status = 'queued' and (v_outcome = 'sent' or o.leased_by = p ->> 'worker')
  returning o.subscription_id into v_subscription;
  v_kept := found;
  if coalesce((p ->> 'is_gone')::boolean, false) and v_subscription is not null then
    perform private.end_subscription(v_subscription, 'gone');
  end if;
  return jsonb_build_object('ok', true, 'kept', v_kept);
end;
$function$;
comment on function public.settle_outbox(jsonb) is 'Definer: nobody may write the outbox directly.';
grant execute on function public.settle_outbox(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.settle_second_factor(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_session uuid := (p ->> 'session')::uuid;
  v_staff public.staff := private.staff_of_session((p ->> 'actor')::uuid, v_session);
  v_state text;
  v_is_right boolean := false;
begin
  if v_staff.user_id is null then
    return private.refuse('forbidden');
  end if;
  v_state := private.staff_session_state(v_staff.user_id, v_session);
  if v_state = 'ended' then
    return private.refuse('session_ended');
  end if;
  if p ->> 'step' is not null then
    -- One statement decides: of two requests with the same code one finds the step used.
    update private.staff_factors f set last_step = (p ->> 'step')::bigint
    where f.user_id = v_staff.user_id and f.confirmed_at is not null and f.last_step < (p ->> 'step')::bigint;
    v_is_right := found;
  elsif p ->> 'recovery_hash' is not null then
    update private.staff_recovery_codes c set used_at = now()
    where c.user_id = v_staff.user_id and c.code_hash = p ->> 'recovery_hash' and c.used_at is null
      and exists (select from private.staff_factors f where f.user_id = v_staff.user_id and f.confirmed_at is not null);
    v_is_right := found;
    if v_is_right then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.recovery_code_used', 'staff', v_staff.user_id);
      perform private.notify_owner(v_staff.user_id, 'staff.recovery_used');
    end if;
  end if;
  if not v_is_right then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.code_refused', 'staff', v_staff.user_id);
    return private.refuse('wrong_code');
  end if;
  perform public.return_limits(p -> 'limits');
  if not coalesce((p ->> 'is_known')::boolean, false) then
    update private.staff_factors f set strange_tries = greatest(f.strange_tries - 1, 0) where f.user_id = v_staff.user_id;
  end if;
  if v_state = 'verify' then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.signed_in', 'staff', v_staff.user_id);
  end if;
  perform private.prove_session(v_staff.user_id, v_session);
  return private.session_facts(v_staff.user_id, v_session, 'open');
end;
$function$;
comment on function public.settle_second_factor(jsonb) is 'Keeps what came of a code: each counts once. Definer: the tables are private.';
grant execute on function public.settle_second_factor(jsonb) to service_role;

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
  return jsonb_build_object('ok', true, 'done_at', v_now);
end;
$function$;
comment on function public.settle_suggestion(jsonb) is 'Definer: nobody may write suggestions directly; by the portal, since it carries ciphertext (RULES A2).';
grant execute on function public.settle_suggestion(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.settle_telegram(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wait interval := make_interval(secs => (p ->> 'retry_after')::double precision);
  v_chat text := p ->> 'chat_hash';
  v_settled jsonb;
  v_refused integer;
begin
  if v_wait is not null then
    update private.bot_pace b set refused_in_row = b.refused_in_row + 1,
      next_at = case when b.refused_in_row >= 2 then greatest(b.next_at, clock_timestamp() + v_wait) else b.next_at end
    where b.is_only returning b.refused_in_row into v_refused;
    update private.bot_chats c set next_at = greatest(c.next_at, clock_timestamp() + v_wait + interval '50 milliseconds') where c.chat_hash = v_chat;
  end if;
  v_settled := public.settle_outbox(p);
  if p ->> 'outcome' = 'sent' then
    update private.bot_pace b set refused_in_row = 0 where b.is_only and b.refused_in_row > 0;
    -- A receipt was shown now, and is shown once (RULES C2).
    delete from private.chat_replies r where r.is_once and r.id = (select o.noun_id from public.outbox o where o.id = (p ->> 'id')::bigint and o.template = 'chat.reply');
    insert into private.bot_messages (chat_hash, message_id) select v_chat, (p ->> 'message_id')::bigint where p ->> 'message_id' is not null on conflict do nothing;
  end if;
  if coalesce((p ->> 'is_blocked')::boolean, false) then
    update private.bot_chats c set blocked_at = now() where c.chat_hash = v_chat;
    perform private.end_subscription(s.id, 'blocked') from private.alert_subscriptions s where s.chat_hash = v_chat and s.state <> 'ended';
  end if;
  if p ->> 'outcome' in ('sent', 'cancelled') then
    delete from public.outbox o where o.id = (p ->> 'id')::bigint and o.noun = 'chat' and o.recipient_id is null and o.status in ('sent', 'cancelled');
  end if;
  return v_settled || jsonb_build_object('is_for_all', coalesce(v_refused >= 3, false));
end;
$function$;
comment on function public.settle_telegram(jsonb) is 'Definer: nobody may write the outbox directly.';
grant execute on function public.settle_telegram(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.start_alert(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_act text := p ->> 'act';
  v_base public.alerts;
  v_alert public.alerts;
  v_id uuid := gen_random_uuid();
begin
  select a.* into v_base from public.alerts a where a.identifier = p ->> 'identifier' and a.state = 'published';
  if v_base.id is null or not private.may_write_alert(v_base, v_staff) then
    return private.refuse_alert(v_staff, 'alert.start_refused', p ->> 'identifier');
  end if;
  if coalesce(v_act not in ('update', 'cancel', 'all_clear', 'exercise'), true) or (v_act = 'all_clear' and v_base.kind <> 'warning') then
    return private.refuse('invalid_input');
  end if;
  if v_act <> 'exercise' then
    v_base := private.active_in_chain(v_base.chain_id, v_now);
    if v_base.id is null or v_base.message_type in ('cancel', 'all_clear') then
      return private.refuse('alert_ended');
    end if;
    if not private.may_write_alert(v_base, v_staff) then
      return private.refuse_alert(v_staff, 'alert.start_refused', p ->> 'identifier');
    end if;
  end if;
  insert into public.alerts (id, station_id, chain_id, message_type, base_id, is_exercise, kind, colour, event_code, urgency, severity, certainty, onset_at, expires_at, follows_id, contact, web,
    created_at, created_by, edited_at, edited_by)
  values (v_id, v_base.station_id, case when v_act = 'exercise' then v_id else v_base.chain_id end, case when v_act = 'exercise' then 'alert' else v_act end, case when v_act <> 'exercise' then v_base.id end,
    v_act = 'exercise' or v_base.is_exercise, v_base.kind, v_base.colour, v_base.event_code,
    case when v_act = 'all_clear' then 'Past' else v_base.urgency end, case when v_act = 'all_clear' then 'Minor' else v_base.severity end, case when v_act = 'all_clear' then 'Observed' else v_base.certainty end,
    case when v_act = 'update' then v_base.onset_at end,
    -- What ends another is read until that one would have ended, and for a day at least.
    case when v_act = 'exercise' then date_trunc('second', v_now) + interval '24 hours' when v_act = 'update' then v_base.expires_at else greatest(v_base.expires_at, date_trunc('second', v_now) + interval '24 hours') end,
    case when v_act <> 'exercise' then v_base.follows_id end, v_base.contact, v_base.web, v_now, v_staff.user_id, v_now, v_staff.user_id)
  on conflict (chain_id) where state in ('draft', 'in_review') do nothing
  returning * into v_alert;
  if v_alert.id is null then
    return private.refuse('follow_up_open');
  end if;
  if v_act in ('update', 'exercise') then
    insert into public.alert_texts (alert_id, locale, headline, description, instruction) select v_id, t.locale, t.headline, t.description, t.instruction from public.alert_texts t where t.alert_id = v_base.id;
  end if;
  insert into public.alert_areas (alert_id, number, station_id, kind, community_id, grid_id, shape, label, community_ids, grid_ids)
  select v_id, r.number, r.station_id, r.kind, r.community_id, r.grid_id, r.shape, r.label, r.community_ids, r.grid_ids from public.alert_areas r where r.alert_id = v_base.id;
  update public.alerts a set community_ids = v_base.community_ids, grid_ids = v_base.grid_ids where a.id = v_id returning * into v_alert;
  perform private.log_alert(v_alert, v_staff, 'alert.drafted', jsonb_build_object('base', v_base.identifier));
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'alert', private.whole_alert(v_alert));
end;
$function$;
comment on function public.start_alert(jsonb) is 'Definer: nobody writes alerts directly.';
grant execute on function public.start_alert(jsonb) to authenticated;

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
  v_taker public.staff;
begin
  -- At the counter or on the phone staff type for somebody. They are named as who took it, never as its owner (RULES B1).
  if p ->> 'intake' is not null then
    v_taker := private.staff_actor((p ->> 'taker')::uuid, (p ->> 'taker_session')::uuid);
    if v_taker.user_id is null or v_taker.role not in ('officer', 'lead', 'chief') or v_taker.station_id <> v_station then
      return private.refuse('forbidden');
    end if;
    -- RULES A6: whoever a report names does not take it in.
    if jsonb_typeof(p -> 'about_staff') = 'array' and p -> 'about_staff' ? v_taker.user_id::text then
      return private.refuse('names_you');
    end if;
  end if;

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
  if v_mode <> 'anonymous' and v_taker.user_id is null then
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
      is_portal_only, is_unverified, is_hidden, emergency_kind, content_sealed, content_key, contact_sealed, contact_key, notify_sealed, content_hash, nonce, intake, taken_by
    ) values (
      v_id, v_station, (p ->> 'community')::uuid, (p ->> 'grid')::uuid, private.new_reference(), v_category.code,
      v_category.visibility, case when p ->> 'emergency_kind' is not null then 'urgent' else v_category.urgency end, v_category.is_about_police, v_about_staff,
      v_now, v_now, (p ->> 'occurred_at')::timestamptz, p ->> 'channel', p ->> 'locale', v_mode,
      case when v_mode = 'named' then v_actor end,
      case when v_mode = 'sealed' and v_actor is not null then p ->> 'owner_hash' end,
      p ->> 'receipt_hash', coalesce((p ->> 'is_portal_only')::boolean, false), coalesce((p ->> 'is_unverified')::boolean, false), v_is_hidden,
      p ->> 'emergency_kind', p ->> 'content_sealed', p ->> 'content_key', p ->> 'contact_sealed', p ->> 'contact_key',
      p ->> 'notify_sealed', p ->> 'content_hash', p ->> 'nonce', coalesce(p ->> 'intake', 'web'), v_taker.user_id
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
  if v_taker.user_id is not null then
    perform private.log(v_station, v_taker.user_id, v_taker.role, 'report.taken', 'reports', v_id, jsonb_build_object('intake', v_report.intake), v_now);
  end if;
  if v_report.urgency = 'urgent' and not v_is_hidden then
    perform private.call_duty(v_report, v_now);
  end if;
  return jsonb_build_object('ok', true, 'is_replay', false, 'report', private.receipt_facts(v_report));
end;
$function$;
comment on function public.submit_report(jsonb) is 'Files a report. Definer: nobody may write these tables directly.';
grant execute on function public.submit_report(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.subscribe_to_alerts(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_actor uuid := case when p ->> 'actor' is not null then private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid) end;
  v_station uuid := (select s.id from public.stations s where s.is_default);
  v_places jsonb := private.places_of(v_station, p);
  v_is_mail boolean := p ->> 'channel' = 'email';
  v_now timestamptz := private.clock();
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  if v_places is null or v_is_mail <> (p ->> 'confirm_hash' is not null) then
    return private.refuse('invalid_input');
  end if;
  -- The same handle by two requests at once: one after the other.
  perform pg_advisory_xact_lock(hashtext('subscription ' || (p ->> 'handle_hash')));
  if v_is_mail then
    delete from private.alert_subscriptions s where s.channel = 'email' and s.handle_hash = p ->> 'handle_hash' and s.state = 'pending';
  else
    perform private.end_subscription(s.id, 'replaced') from private.alert_subscriptions s where s.channel = p ->> 'channel' and s.handle_hash = p ->> 'handle_hash' and s.state = 'active';
  end if;
  insert into private.alert_subscriptions (id, station_id, channel, state, token_hash, token_sealed, handle_hash, handle_sealed, chat_hash, user_id, locale, community_ids, grid_ids, kinds, min_colour,
    quiet_from, quiet_to, orange_passes, confirm_hash, confirm_until, created_at, active_at)
  values ((p ->> 'id')::uuid, v_station, p ->> 'channel', case when v_is_mail then 'pending' else 'active' end, p ->> 'token_hash', p ->> 'token_sealed', p ->> 'handle_hash', p ->> 'handle_sealed', p ->> 'chat_hash', v_actor,
    p ->> 'locale', private.uuids_of(v_places -> 'communities'), private.uuids_of(v_places -> 'grids'), array(select jsonb_array_elements_text(p -> 'kinds')), p ->> 'min_colour',
    (p ->> 'quiet_from')::time, (p ->> 'quiet_to')::time, coalesce((p ->> 'orange_passes')::boolean, true), p ->> 'confirm_hash', case when v_is_mail then v_now + interval '48 hours' end, v_now, case when not v_is_mail then v_now end);
  if v_is_mail then
    insert into public.outbox (channel, template, noun, subscription_id, params_sealed, locale, priority, expires_at)
    values ('email', 'alerts.confirm', 'alerts', (p ->> 'id')::uuid, p ->> 'params_sealed', p ->> 'locale', 1, v_now + interval '48 hours');
  end if;
  return jsonb_build_object('ok', true, 'state', case when v_is_mail then 'pending' else 'active' end);
end;
$function$;
comment on function public.subscribe_to_alerts(jsonb) is 'The server''s: it takes sealed handles. Definer: the tables are private.';
grant execute on function public.subscribe_to_alerts(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION public.take_over_duty(p_id uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_shift public.duty_shifts;
begin
  select d.* into v_shift from public.duty_shifts d where d.id = p_id and d.staff_id = v_staff.user_id for update;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  if v_shift.taken_over_at is null then
    if v_now < v_shift.starts_at - interval '30 minutes' or v_now >= v_shift.ends_at then
      return private.refuse('not_your_turn');
    end if;
    update public.duty_shifts d set taken_over_at = v_now where d.id = p_id returning * into v_shift;
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'duty.taken_over', 'staff', v_staff.user_id);
  end if;
  return jsonb_build_object('ok', true, 'shift', private.shift_facts(v_shift));
end;
$function$;
comment on function public.take_over_duty(uuid) is 'Definer: nobody may write the roster directly.';
grant execute on function public.take_over_duty(uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.touch_staff_session(p_is_active boolean DEFAULT true)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_of_session();
  v_state text;
begin
  if v_staff.user_id is null then
    return private.refuse(case when private.actor() is null then 'sign_in_required' else 'forbidden' end);
  end if;
  v_state := private.staff_session_state(v_staff.user_id, private.my_session());
  if v_state = 'ended' then
    delete from auth.sessions a where a.id = private.my_session();
    return private.refuse('session_ended');
  end if;
  if v_state = 'open' and p_is_active then
    update private.staff_sessions s set seen_at = now() where s.session_id = private.my_session() and s.seen_at < now() - interval '15 seconds';
  end if;
  return private.session_facts(v_staff.user_id, private.my_session(), v_state);
end;
$function$;
comment on function public.touch_staff_session(boolean) is 'The state of the caller''s own session. Definer: the tables are private.';
grant execute on function public.touch_staff_session(boolean) to authenticated;

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
  return private.tracking_facts(v_id, v_is_reporter) || jsonb_build_object('ok', true, 'viewer', v_found ->> 'viewer');
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

CREATE OR REPLACE FUNCTION public.undo_setting(p_change uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_change private.setting_changes;
  v_problem text;
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin') then
    return private.refuse('forbidden');
  end if;
  perform private.lock_settings();
  select c.* into v_change from private.setting_changes c where c.id = p_change;
  v_problem := private.undo_problem(v_change, v_staff);
  if v_problem is not null then
    return private.refuse(v_problem);
  end if;
  return private.change_setting(v_staff, v_change.section, v_change.item, private.undone_value(v_change), v_change.id);
end;
$function$;
comment on function public.undo_setting(uuid) is 'Definer: nobody writes the reference tables directly.';
grant execute on function public.undo_setting(uuid) to authenticated;

CREATE OR REPLACE FUNCTION public.unfollow_by_telegram(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_report uuid;
begin
  delete from private.telegram_followers f using public.reports r where r.reference = p ->> 'reference' and f.report_id = r.id and f.chat_hash = p ->> 'chat_hash' returning f.report_id into v_report;
  delete from public.outbox o where o.noun_id = v_report and o.channel = 'telegram' and o.chat_hash = p ->> 'chat_hash' and o.status = 'queued' and o.leased_by is null;
  return '{"ok": true}'::jsonb;
end;
$function$;
comment on function public.unfollow_by_telegram(jsonb) is 'For the bot. Definer: the table is private.';
grant execute on function public.unfollow_by_telegram(jsonb) to service_role;

CREATE OR REPLACE FUNCTION public.unlink_telegram(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid;
  v_user uuid;
begin
  if p ->> 'chat_hash' is null then
    v_actor := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
    if v_actor is null then
      return private.refuse('sign_in_required');
    end if;
  end if;
  delete from private.telegram_links l where l.user_id = v_actor or l.chat_hash = p ->> 'chat_hash' returning l.user_id into v_user;
  if v_user is not null then
    delete from public.outbox o where o.recipient_id = v_user and o.channel = 'telegram' and o.status = 'queued';
    update private.chat_conversations c set user_id = null where c.channel = 'telegram' and c.user_id = v_user;
    perform private.log((select s.id from public.stations s where s.is_default), null, case when exists (select from public.staff s where s.user_id = v_user) then 'system' else 'resident' end, 'account.telegram_unlinked', 'accounts', null);
  end if;
  return jsonb_build_object('ok', true, 'was_linked', v_user is not null);
end;
$function$;
comment on function public.unlink_telegram(jsonb) is 'Definer: the table is private.';
grant execute on function public.unlink_telegram(jsonb) to service_role;

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
  return jsonb_build_object('ok', true, 'revisits', private.ladder_steps(v_report.id, v_staff));
end;
$function$;
comment on function public.unmerge_report(text) is 'Definer: nobody may write reports directly.';
grant execute on function public.unmerge_report(text) to authenticated;

CREATE OR REPLACE FUNCTION public.unsubscribe_from_alerts(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_ids uuid[] := array(select s.id from private.alert_subscriptions s where s.state <> 'ended' and (s.token_hash = p ->> 'token_hash' or s.chat_hash = p ->> 'chat_hash') order by s.number for update);
begin
  if cardinality(v_ids) = 0 and not exists (select from private.alert_subscriptions s where s.token_hash = p ->> 'token_hash') then
    return private.refuse('not_found');
  end if;
  perform private.end_subscription(u.id, 'unsubscribed') from unnest(v_ids) u (id);
  return jsonb_build_object('ok', true, 'ended', cardinality(v_ids));
end;
$function$;
comment on function public.unsubscribe_from_alerts(jsonb) is 'The server''s: it has the key of the hash. Definer: the tables are private.';
grant execute on function public.unsubscribe_from_alerts(jsonb) to service_role;

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

CREATE OR REPLACE FUNCTION private.access_facts(p_report uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('at', l.at, 'role', l.actor_role, 'action', l.action, 'purpose', l.details ->> 'purpose', 'reason', v.reason, 'approved_by', v.decided_role) order by l.id desc), '[]'::jsonb)
  from public.audit_log l left join private.reveals v on v.id = (l.details ->> 'reveal')::uuid
  where l.noun_id = p_report and l.action in ('report.opened', 'attachment.opened', 'report.exported', 'report.identity_read', 'attachment.original_read');
$function$;
comment on function private.access_facts(uuid) is 'The list of openings on the tracking page (RULES B3). A new way to read a report logs one of these actions.';

CREATE OR REPLACE FUNCTION private.account_refusal(p_user uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select case private.staff_session_state(p_user, private.my_session()) when 'verify' then 'second_factor_required' when 'locked' then 'session_locked' when 'ended' then 'session_ended' end
  from public.staff s join private.staff_factors f on f.user_id = s.user_id and f.confirmed_at is not null
  where s.user_id = p_user and s.is_active;
$function$;
comment on function private.account_refusal(uuid) is 'Definer: staff and factors are not readable before the second factor was shown.';

CREATE OR REPLACE FUNCTION private.active_in_chain(p_chain uuid, p_now timestamp with time zone)
 RETURNS public.alerts
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select a from public.alerts a where a.chain_id = p_chain and a.state = 'published' and a.ended_by_id is null and a.expires_at > p_now;
$function$;

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

CREATE OR REPLACE FUNCTION private.add_article_version(p_slug text, p jsonb, p_staff uuid, p_reviewed date, p_restored_from integer DEFAULT NULL::integer)
 RETURNS private.article_versions
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_version private.article_versions;
begin
  insert into private.article_versions (slug, number, made_at, made_by, topic, related, reviewed_on, restored_from)
  values (p_slug, (select coalesce(max(v.number), 0) + 1 from private.article_versions v where v.slug = p_slug), private.clock(), p_staff, p ->> 'topic',
    array(select r.value from jsonb_array_elements_text(p -> 'related') with ordinality r (value, n) order by r.n), p_reviewed, p_restored_from)
  returning * into v_version;
  insert into private.article_texts (version_id, locale, title, summary, ask, body)
  select v_version.id, t.key, t.value ->> 'title', t.value ->> 'summary', array(select l.value from jsonb_array_elements_text(t.value -> 'ask') with ordinality l (value, n) order by l.n), t.value ->> 'body'
  from jsonb_each(p -> 'texts') t;
  return v_version;
end;
$function$;

CREATE OR REPLACE FUNCTION private.add_to_thread(p_thread uuid, p jsonb, p_author text, p_is_before boolean, p_staff uuid DEFAULT NULL::uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into private.chat_thread_messages (id, thread_id, number, at, author, is_before, staff_id, text_sealed)
  values ((p ->> 'id')::uuid, p_thread, (select coalesce(max(m.number), 0) + 1 from private.chat_thread_messages m where m.thread_id = p_thread), coalesce((p ->> 'at')::timestamptz, private.clock()),
    p_author, p_is_before, p_staff, p ->> 'text_sealed');
$function$;

CREATE OR REPLACE FUNCTION private.add_volunteer_step(p_before public.volunteers, p_after public.volunteers, p_action text, p_act text, p_staff public.staff, p_note text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into public.volunteer_steps (volunteer_id, at, from_state, to_state, act, actor_id, note)
  values (p_after.id, private.clock(), p_before.state, p_after.state, p_act, p_staff.user_id, nullif(btrim(p_note), ''));
  perform private.log(p_after.station_id, p_staff.user_id, coalesce(p_staff.role, case when p_action = 'volunteer.decided' then 'system' else 'resident' end), p_action, 'patrols', p_after.id);
end;
$function$;

CREATE OR REPLACE FUNCTION private.advance_roster(p_station uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
  v_volunteer public.volunteers;
  v_after public.volunteers;
  v_place record;
  v_nobody public.staff;
  v_expired integer;
  v_offered integer := 0;
  v_cancelled integer := 0;
  v_reminded integer := 0;
  v_alarmed integer := 0;
  v_written integer := 0;
begin
  perform private.lock_roster(p_station);
  for v_volunteer in select v.* from public.volunteers v where v.station_id = p_station and v.state = 'suspended' and v.suspended_until <= v_now order by v.id for update loop
    update public.volunteers v set state = v.suspended_from, suspended_from = null, suspended_until = null, changed_at = v_now where v.id = v_volunteer.id returning * into v_after;
    perform private.add_volunteer_step(v_volunteer, v_after, 'volunteer.decided', 'resume', v_nobody, null);
    perform private.tell_volunteer(v_after, 'patrols.decided', v_after.id);
  end loop;

  v_expired := private.expire_offers(p_station, v_now);
  for v_shift in select s.* from public.patrol_shifts s where s.station_id = p_station and s.state = 'open' and lower(s.period) <= v_now + interval '3 hours' and lower(s.period) > v_now order by s.id for update loop
    if (select count(*) from public.shift_places p where p.shift_id = v_shift.id and p.state = 'confirmed') < 2 then
      perform private.call_off(v_shift.id, 'too_few');
      perform private.tell_leads(p_station, 'patrols.called_off', v_shift.id);
      v_cancelled := v_cancelled + 1;
    end if;
  end loop;
  for v_shift in select distinct on (s.id) s.* from public.patrol_shifts s join public.shift_places p on p.shift_id = s.id and p.state = 'waiting' where s.station_id = p_station and s.state = 'open' and lower(s.period) > v_now loop
    v_offered := v_offered + private.offer_places(v_shift.id);
  end loop;
  for v_shift in update public.patrol_shifts s set alarmed_at = v_now where s.station_id = p_station and s.state = 'open' and s.alarmed_at is null and lower(s.period) > v_now and lower(s.period) <= v_now + interval '24 hours'
    and (select count(*) from public.shift_places p where p.shift_id = s.id and p.state = 'confirmed') < 2 returning s.* loop
    perform private.tell_leads(p_station, 'patrols.empty', v_shift.id);
    v_alarmed := v_alarmed + 1;
  end loop;
  -- Whoever signed up within the day before needs no reminder of the day, but one of the hour.
  for v_place in update public.shift_places p set reminded_day_at = v_now, reminded_hours_at = case when lower(p.period) <= v_now + interval '2 hours' then v_now end
    from public.patrol_shifts s where s.id = p.shift_id and s.station_id = p_station and s.state = 'open' and p.state = 'confirmed' and p.reminded_hours_at is null and lower(p.period) > v_now
      and (lower(p.period) <= v_now + interval '2 hours' or (lower(p.period) <= v_now + interval '24 hours' and p.reminded_day_at is null and p.signed_at <= lower(p.period) - interval '24 hours')) and p.signed_at < v_now - interval '10 minutes' returning p.volunteer_id, p.shift_id loop
    select v.* into v_volunteer from public.volunteers v where v.id = v_place.volunteer_id;
    perform private.tell_volunteer(v_volunteer, 'patrols.reminder', v_place.shift_id);
    v_reminded := v_reminded + 1;
  end loop;
  update public.shift_swaps w set state = 'expired' from public.shift_places p join public.patrol_shifts s on s.id = p.shift_id where p.id = w.place_id and w.state in ('asked', 'accepted') and s.station_id = p_station and lower(p.period) <= v_now;
  -- What nobody started is over with its time.
  update public.patrol_shifts s set state = 'ended' where s.station_id = p_station and s.state = 'open' and upper(s.period) <= v_now;
  select coalesce(sum(private.write_series(e)), 0) into v_written from public.shift_series e where e.station_id = p_station and e.ended_at is null and e.until_on >= private.day_at(p_station, v_now);
  return jsonb_build_object('expired', v_expired, 'offered', v_offered, 'cancelled', v_cancelled, 'alarmed', v_alarmed, 'reminded', v_reminded, 'written', v_written);
end;
$function$;

CREATE OR REPLACE FUNCTION private.after_quiet(p_now timestamp with time zone, p_zone text, p_from time without time zone, p_to time without time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case when (p_from < p_to and l.at::time >= p_from and l.at::time < p_to) or (p_from > p_to and (l.at::time >= p_from or l.at::time < p_to))
    then (l.at::date + p_to + case when l.at::time >= p_to then interval '1 day' else interval '0' end) at time zone p_zone else p_now end
  from (select p_now at time zone p_zone as at) l;
$function$;

CREATE OR REPLACE FUNCTION private.alert_content(a public.alerts, p_sent timestamp with time zone)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object(
    'identifier', a.identifier, 'sender', (select jsonb_build_object('slug', s.slug, 'name', s.name, 'issuerCode', s.alert_issuer) from public.stations s where s.id = a.station_id), 'sent', private.utc_second(p_sent),
    'messageType', a.message_type, 'isExercise', a.is_exercise, 'kind', a.kind, 'colour', a.colour,
    'event', (select jsonb_build_object('code', e.code, 'category', e.category, 'name', e.name) from public.alert_events e where e.code = a.event_code),
    'urgency', a.urgency, 'severity', a.severity, 'certainty', a.certainty, 'onset', private.utc_second(a.onset_at), 'expires', private.utc_second(a.expires_at),
    'references', private.references_at(a, p_sent), 'texts', private.alert_texts_of(a.id),
    'areas', (select coalesce(jsonb_agg(jsonb_build_object('kind', r.kind, 'label', r.label, 'community', (select c.slug from public.communities c where c.id = r.community_id),
      'grid', (select g.code from public.grids g where g.id = r.grid_id), 'shape', r.shape) order by r.number), '[]'::jsonb) from public.alert_areas r where r.alert_id = a.id),
    'web', a.web, 'contact', a.contact);
$function$;

CREATE OR REPLACE FUNCTION private.alert_facts(a public.alerts)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('identifier', a.identifier, 'chain', (select c.identifier from public.alerts c where c.id = a.chain_id), 'base', (select b.identifier from public.alerts b where b.id = a.base_id),
    'message_type', a.message_type, 'is_exercise', a.is_exercise, 'kind', a.kind, 'colour', a.colour, 'event', a.event_code, 'urgency', a.urgency, 'severity', a.severity, 'certainty', a.certainty,
    'onset', private.utc_second(a.onset_at), 'expires', private.utc_second(a.expires_at), 'follows', (select f.identifier from public.alerts f where f.id = a.follows_id),
    'community_ids', to_jsonb(a.community_ids), 'headlines', (select coalesce(jsonb_object_agg(t.locale, t.headline), '{}'::jsonb) from public.alert_texts t where t.alert_id = a.id),
    'state', a.state, 'effective_state', case when a.state = 'published' then private.effective_state(a, private.clock()) end, 'revision', a.revision,
    'needs_second_person', private.needs_second_person(a), 'created_at', a.created_at, 'created_by', private.staff_name(a.created_by), 'edited_at', a.edited_at, 'edited_by', private.staff_name(a.edited_by),
    'submitted_at', a.submitted_at, 'submitted_by', private.staff_name(a.submitted_by), 'returned_reason', a.returned_reason, 'approved_at', a.approved_at, 'approved_by', private.staff_name(a.approved_by),
    'override_reason', a.override_reason, 'sent', private.utc_second(a.published_at), 'published_by', private.staff_name(a.published_by),
    'ended_by', (select e.identifier from public.alerts e where e.id = a.ended_by_id), 'ended_by_type', a.ended_by_type);
$function$;

CREATE OR REPLACE FUNCTION private.alert_gap(a public.alerts, p_now timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case
    when a.base_id is not null and (private.active_in_chain(a.chain_id, p_now)).id is distinct from a.base_id then 'alert_ended'
    when cardinality(a.community_ids) = 0 or not exists (select from public.alert_texts t where t.alert_id = a.id and t.locale = 'zh') then 'alert_incomplete'
    when a.expires_at <= p_now or a.expires_at > p_now + case when a.colour in ('orange', 'red') then interval '72 hours' else interval '30 days' end then 'alert_expiry'
  end;
$function$;

CREATE OR REPLACE FUNCTION private.alert_priority(p_alert public.alerts)
 RETURNS smallint
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case when p_alert.is_exercise then 6 else case p_alert.colour when 'red' then 2 when 'orange' then 3 when 'yellow' then 5 else 6 end end::smallint;
$function$;

CREATE OR REPLACE FUNCTION private.alert_progress(p_alert public.alerts)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with told as (
    select x.channel, x.community_id, coalesce(o.status, x.outcome, 'cancelled') as status
    from private.alert_audience x left join public.outbox o on o.id = x.outbox_id and o.subscription_id = x.subscription_id where x.alert_id = p_alert.id
  ), ways as (
    select t.channel, count(*) filter (where t.status = 'queued') as queued, count(*) filter (where t.status = 'sent') as sent, count(*) filter (where t.status in ('dead', 'failed')) as failed,
      count(*) filter (where t.status = 'cancelled') as stopped
    from told t group by t.channel
  ), answers as (
    select r.community_id, count(*) filter (where r.kind = 'seen') as seen, count(*) filter (where r.kind = 'safe') as safe, count(*) filter (where r.kind = 'help') as help, count(*) filter (where r.kind = 'know') as know
    from private.alert_responses r where r.alert_id = p_alert.id group by r.community_id
  ), places as (
    select u.id from unnest(p_alert.community_ids) u (id) union select t.community_id from told t union select a.community_id from answers a
  )
  select jsonb_build_object('is_written', not exists (select from private.alert_expansions e where e.alert_id = p_alert.id and e.finished_at is null), 'people', (select count(*) from told),
    'channels', coalesce((select jsonb_agg(to_jsonb(w) order by w.channel) from ways w), '[]'::jsonb),
    'communities', coalesce((select jsonb_agg(jsonb_build_object('community', p.id, 'told', coalesce(t.told, 0), 'sent', coalesce(t.sent, 0), 'seen', coalesce(a.seen, 0), 'safe', coalesce(a.safe, 0), 'help', coalesce(a.help, 0), 'know', coalesce(a.know, 0)) order by p.id)
      from places p left join answers a on a.community_id is not distinct from p.id
      left join (select c.community_id, count(*) as told, count(*) filter (where c.status = 'sent') as sent from told c group by c.community_id) t on t.community_id is not distinct from p.id), '[]'::jsonb));
$function$;

CREATE OR REPLACE FUNCTION private.alert_texts_of(p_alert uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_object_agg(t.locale, jsonb_build_object('headline', t.headline, 'description', t.description, 'instruction', t.instruction)), '{}'::jsonb) from public.alert_texts t where t.alert_id = p_alert;
$function$;

CREATE OR REPLACE FUNCTION private.also_by_telegram()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_is_call boolean := new.template in ('duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late', 'alerts.help');
  v_link private.telegram_links;
begin
  select l.* into v_link from private.telegram_links l
  where l.user_id = coalesce(new.recipient_id, case when new.noun = 'reports' then (select r.owner_id from public.reports r where r.id = new.noun_id) end);
  if v_link.user_id is null or (v_link.news = 'mail' and not v_is_call) then
    return new;
  end if;
  if new.noun in ('chat', 'alerts') and exists (select from public.outbox o where o.channel = 'telegram' and o.recipient_id = v_link.user_id and o.template = new.template and (new.noun = 'chat' or o.noun_id = new.noun_id)
      and o.status = 'queued' and o.attempts = 0 and o.leased_by is null and o.send_after <= new.send_after) then
    return new;
  end if;
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale, send_after) values ('telegram', new.template, new.noun, new.noun_id, v_link.user_id, new.locale, new.send_after);
  if v_link.news = 'telegram' and not v_is_call then
    return null;
  end if;
  return new;
end;
$function$;
comment on function private.also_by_telegram() is 'Trigger. Definer: links are private.';

CREATE OR REPLACE FUNCTION private.answer_offer(p_volunteer uuid, p_shift uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers;
  v_shift public.patrol_shifts;
  v_place public.shift_places;
  v_gap text;
begin
  select s.* into v_shift from public.patrol_shifts s where s.id = p_shift;
  perform private.lock_roster(v_shift.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = p_shift for update;
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer for update;
  select p.* into v_place from public.shift_places p where p.shift_id = p_shift and p.volunteer_id = p_volunteer and p.state = 'offered' and p.offered_until > v_now for update;
  if v_place.id is null then
    return private.refuse('not_found');
  end if;
  v_gap := private.sign_up_gap(v_volunteer, v_shift, v_now);
  if v_gap is not null then
    return private.refuse(v_gap);
  end if;
  update public.shift_places p set state = 'confirmed', offered_until = null, is_trainee = private.is_trainee(v_volunteer) where p.id = v_place.id;
  perform private.log_own_act(v_volunteer, 'shift.signed_up', p_shift);
  return jsonb_build_object('ok', true, 'state', 'confirmed');
end;
$function$;

CREATE OR REPLACE FUNCTION private.apply_areas(p_station uuid, p jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_grid uuid;
begin
  update public.communities c set is_active = false
  where c.station_id = p_station and c.is_active and not exists (select from jsonb_array_elements(p -> 'communities') n where n.value ->> 'slug' = c.slug);
  insert into public.communities as c (station_id, slug, name, boundary, position)
  select p_station, n.value ->> 'slug', n.value -> 'name', n.value -> 'boundary', n.ordinality::integer from jsonb_array_elements(p -> 'communities') with ordinality n (value, ordinality)
  on conflict (slug) do update set name = excluded.name, boundary = excluded.boundary, position = excluded.position, is_active = true where c.station_id = p_station;

  for v_grid in
    select g.id from public.grids g join public.communities c on c.id = g.community_id
    where c.station_id = p_station and c.is_active and g.is_active
      and not exists (select from jsonb_array_elements(p -> 'communities') n, jsonb_array_elements(n.value -> 'grids') m where n.value ->> 'slug' = c.slug and m.value ->> 'code' = g.code)
  loop
    begin
      delete from public.grids g where g.id = v_grid;
    -- PostgreSQL 18 tells `on delete restrict` apart, earlier ones do not.
    exception when foreign_key_violation or restrict_violation then
      -- A report lies there: the grid keeps its name and is offered no more.
      update public.grids g set is_active = false where g.id = v_grid;
    end;
  end loop;
  insert into public.grids as g (community_id, code, name, boundary, centre_lat, centre_lng)
  select c.id, m.value ->> 'code', m.value -> 'name', m.value -> 'boundary', (m.value ->> 'lat')::double precision, (m.value ->> 'lng')::double precision
  from jsonb_array_elements(p -> 'communities') n join public.communities c on c.slug = n.value ->> 'slug' and c.station_id = p_station, jsonb_array_elements(n.value -> 'grids') m
  on conflict (community_id, code) do update set name = excluded.name, boundary = excluded.boundary, centre_lat = excluded.centre_lat, centre_lng = excluded.centre_lng, is_active = true;
end;
$function$;

CREATE OR REPLACE FUNCTION private.apply_category(p_code text, p jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into public.categories as k (code, "group", visibility, urgency, name, description, guidance, retention_days, allows_device_draft, position, is_active)
  values (p_code, p ->> 'group', p ->> 'visibility', p ->> 'urgency', p -> 'name', p -> 'description', p -> 'guidance', (p ->> 'retention_days')::integer, (p ->> 'allows_device_draft')::boolean,
    (select coalesce(max(o.position), 0) + 10 from public.categories o), (p ->> 'is_active')::boolean)
  on conflict (code) do update set "group" = excluded."group", urgency = excluded.urgency, name = excluded.name, description = excluded.description, guidance = excluded.guidance,
    retention_days = excluded.retention_days, is_active = excluded.is_active;
  update public.category_questions q set is_active = false
  where q.category_code = p_code and q.is_active and not exists (select from jsonb_array_elements(p -> 'questions') n where n.value ->> 'code' = q.code);
  insert into public.category_questions as q (category_code, code, kind, label, hint, options, is_required, position)
  select p_code, n.value ->> 'code', n.value ->> 'kind', n.value -> 'label', nullif(n.value -> 'hint', 'null'::jsonb), n.value -> 'options', (n.value ->> 'is_required')::boolean, (n.ordinality * 10)::integer
  from jsonb_array_elements(p -> 'questions') with ordinality n (value, ordinality)
  on conflict (category_code, code) do update set label = excluded.label, hint = excluded.hint, options = excluded.options, is_required = excluded.is_required, position = excluded.position, is_active = true
  where (q.label, q.hint, q.options, q.is_required, q.position, q.is_active) is distinct from (excluded.label, excluded.hint, excluded.options, excluded.is_required, excluded.position, true);
end;
$function$;

CREATE OR REPLACE FUNCTION private.apply_setting(p_station uuid, p_section text, p_item text, p jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  case p_section
    when 'station' then
      update public.stations s set name = p -> 'name', address = nullif(p -> 'address', 'null'::jsonb), phone = p ->> 'phone', time_zone = p ->> 'time_zone', emergency_numbers = nullif(p -> 'emergency_numbers', 'null'::jsonb),
        alert_issuer = p ->> 'alert_issuer'
      where s.id = p_station;
    when 'office' then
      delete from public.police_offices o using public.communities c where c.id = o.community_id and c.station_id = p_station and c.slug = p_item;
      if p is not null then
        insert into public.police_offices (community_id, name, address, phone, reception_hours, lat, lng)
        select c.id, p -> 'name', p -> 'address', p ->> 'phone', p -> 'reception_hours', (p ->> 'lat')::double precision, (p ->> 'lng')::double precision
        from public.communities c where c.station_id = p_station and c.slug = p_item;
      end if;
    when 'category' then perform private.apply_category(p_item, p);
    when 'category_order' then
      update public.categories k set position = (c.ordinality * 10)::integer from jsonb_array_elements_text(p) with ordinality c (value, ordinality) where k.code = c.value;
    when 'template' then
      delete from public.response_templates t where t.slug = p_item and p is null;
      if p is not null then
        insert into public.response_templates (slug, category_code, status, closed_reason, name, body, position)
        values (p_item, p ->> 'category', p ->> 'status', p ->> 'closed_reason', p -> 'name', p -> 'body', (p ->> 'position')::integer)
        on conflict (slug) do update set category_code = excluded.category_code, status = excluded.status, closed_reason = excluded.closed_reason, name = excluded.name, body = excluded.body, position = excluded.position;
      end if;
    when 'areas' then perform private.apply_areas(p_station, p);
  end case;
end;
$function$;

CREATE OR REPLACE FUNCTION private.are_chat_hours(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_typeof(p) = 'object' and p - array['from', 'to', 'days'] = '{}'::jsonb and p ->> 'days' in ('working', 'every')
    and p ->> 'from' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and p ->> 'to' ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' and p ->> 'from' < p ->> 'to', false);
$function$;

CREATE OR REPLACE FUNCTION private.are_emergency_numbers(p_numbers jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_typeof(p_numbers) = 'object' and p_numbers ?& array['police', 'fire', 'medical', 'traffic'] and p_numbers - array['police', 'fire', 'medical', 'traffic'] = '{}'::jsonb
    and (select bool_and(jsonb_typeof(n.value) = 'string' and n.value #>> '{}' ~ '^\+?[0-9]{2,15}$') from jsonb_each(p_numbers) n), false);
$function$;

CREATE OR REPLACE FUNCTION private.areas_in_short(p jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('communities', coalesce((select jsonb_agg(jsonb_build_object('slug', c.value ->> 'slug', 'name', c.value -> 'name', 'shape', md5((c.value -> 'boundary')::text),
    'grids', (select coalesce(jsonb_agg(jsonb_build_object('code', g.value ->> 'code', 'name', g.value -> 'name', 'shape', md5((g.value -> 'boundary')::text))), '[]'::jsonb) from jsonb_array_elements(c.value -> 'grids') g)))
    from jsonb_array_elements(p -> 'communities') c), '[]'::jsonb));
$function$;

CREATE OR REPLACE FUNCTION private.areas_of(p_station uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('communities', coalesce(jsonb_agg(jsonb_build_object('slug', c.slug, 'name', c.name, 'boundary', c.boundary,
    'grids', coalesce((select jsonb_agg(jsonb_build_object('code', g.code, 'name', g.name, 'boundary', g.boundary, 'lat', g.centre_lat, 'lng', g.centre_lng) order by g.code)
      from public.grids g where g.community_id = c.id and g.is_active), '[]'::jsonb)) order by c.position, c.slug), '[]'::jsonb))
  from public.communities c where c.station_id = p_station and c.is_active;
$function$;

CREATE OR REPLACE FUNCTION private.areas_of_form(p_station uuid, p jsonb)
 RETURNS TABLE(number integer, kind text, community_id uuid, grid_id uuid, shape jsonb, label jsonb, community_ids uuid[], grid_ids uuid[])
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with given as (select i.ordinality::integer as number, i.value as item, i.value ->> 'kind' as kind from jsonb_array_elements(p) with ordinality i),
  c as (select c.* from public.communities c where c.station_id = p_station and c.is_active),
  g as (select g.*, c.name as community_name from public.grids g join c on c.id = g.community_id where g.is_active)
  select n.number, n.kind, null::uuid, null::uuid,
    (select jsonb_build_object('type', 'MultiPolygon', 'coordinates', jsonb_agg(b.ring order by c.position, c.slug, b.n))
      from c, lateral (select r.value as ring, r.ordinality as n from jsonb_array_elements(case when c.boundary ->> 'type' = 'Polygon' then jsonb_build_array(c.boundary -> 'coordinates') else c.boundary -> 'coordinates' end) with ordinality r) b),
    s.name, array(select c.id from c order by c.position, c.slug), array(select g.id from g order by g.community_id, g.code)
  from given n join public.stations s on s.id = p_station where n.kind = 'station' and exists (select from c)
  union all
  select n.number, n.kind, c.id, null, c.boundary, c.name, array[c.id], array(select g.id from g where g.community_id = c.id order by g.code)
  from given n join c on c.id = (n.item ->> 'community')::uuid where n.kind = 'community'
  union all
  select n.number, n.kind, g.community_id, g.id, g.boundary,
    jsonb_build_object('zh', (g.community_name ->> 'zh') || (g.name ->> 'zh'), 'en', (g.name ->> 'en') || ', ' || (g.community_name ->> 'en')), array[g.community_id], array[g.id]
  from given n join g on g.id = (n.item ->> 'grid')::uuid where n.kind = 'grid'
  union all
  select n.number, n.kind, null, null, n.item -> 'shape', n.item -> 'label', t.communities, t.grids
  from given n, lateral (select array(select v.value::uuid from jsonb_array_elements_text(n.item -> 'communities') v) as communities, array(select v.value::uuid from jsonb_array_elements_text(n.item -> 'grids') v) as grids) t
  where n.kind in ('polygon', 'circle') and private.is_alert_shape(n.kind, n.item -> 'shape') and private.is_text_in_both(n.item -> 'label', 1, 200)
    and cardinality(t.communities) > 0 and t.communities <@ array(select c.id from c) and t.grids <@ array(select g.id from g);
$function$;

CREATE OR REPLACE FUNCTION private.article_state(p_article private.articles)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case when p_article.published_number is null then 'hidden' when private.working_number(p_article) <> p_article.published_number then 'changed' else 'published' end;
$function$;

CREATE OR REPLACE FUNCTION private.article_texts_of(p_version uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_object_agg(t.locale, jsonb_build_object('title', t.title, 'summary', t.summary, 'ask', to_jsonb(t.ask), 'body', t.body)), '{}'::jsonb)
  from private.article_texts t where t.version_id = p_version;
$function$;

CREATE OR REPLACE FUNCTION private.articles_version()
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select encode(sha256(convert_to(coalesce(string_agg(a.slug || ':' || a.published_number, ',' order by a.slug), ''), 'UTF8')), 'hex') from private.articles a where a.published_number is not null;
$function$;
comment on function private.articles_version() is 'Changes whenever anything that residents read changes.';

CREATE OR REPLACE FUNCTION private.ask_lines_taken(p_slug text, p_texts jsonb)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(distinct jsonb_build_object('locale', t.key, 'line', l.value, 'slug', v.slug)), '[]'::jsonb)
  from jsonb_each(p_texts) t, jsonb_array_elements_text(t.value -> 'ask') l, private.articles a
  join private.article_versions v on v.slug = a.slug and v.number = a.published_number
  join private.article_texts x on x.version_id = v.id
  where a.slug <> p_slug and x.locale = t.key and exists (select from unnest(x.ask) o (line) where lower(btrim(o.line)) = lower(btrim(l.value)));
$function$;

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

CREATE OR REPLACE FUNCTION private.attended_shifts(p_volunteer uuid)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select count(*)::integer from public.shift_places p where p.volunteer_id = p_volunteer and p.attended_at is not null;
$function$;

CREATE OR REPLACE FUNCTION private.begin_thread(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_station uuid := coalesce((select c.station_id from public.communities c where c.id = (p ->> 'community')::uuid), (select s.id from public.stations s where s.is_default));
  v_thread private.chat_threads;
  v_message jsonb;
begin
  if p ->> 'id' is null or p ->> 'conversation' is null or v_station is null or (p ->> 'channel' = 'telegram') <> (p ->> 'handle_sealed' is not null)
    or jsonb_typeof(coalesce(p -> 'messages', '[]'::jsonb)) <> 'array' or jsonb_array_length(coalesce(p -> 'messages', '[]'::jsonb)) > 20 then
    return private.refuse('invalid_input');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('linli thread ' || (p ->> 'conversation'), 0));
  select t.* into v_thread from private.chat_threads t
  where t.conversation_id = (p ->> 'conversation')::uuid and (t.id = (p ->> 'id')::uuid or t.state <> 'closed') order by t.id = (p ->> 'id')::uuid desc limit 1;
  if v_thread.id is not null then
    return jsonb_build_object('ok', true, 'is_replay', true, 'thread', private.thread_facts(v_thread), 'hours', private.chat_hours_at(v_thread.station_id, private.clock()));
  end if;
  insert into private.chat_threads (id, conversation_id, station_id, community_id, channel, locale, is_about_police, handle_sealed, opened_at, waiting_since, last_at)
  values ((p ->> 'id')::uuid, (p ->> 'conversation')::uuid, v_station, (p ->> 'community')::uuid, p ->> 'channel', p ->> 'locale', coalesce((p ->> 'is_about_police')::boolean, false), p ->> 'handle_sealed',
    private.clock(), private.clock(), private.clock())
  returning * into v_thread;
  for v_message in select value from jsonb_array_elements(coalesce(p -> 'messages', '[]'::jsonb)) loop
    perform private.add_to_thread(v_thread.id, v_message, v_message ->> 'from', true);
  end loop;
  perform private.log(v_station, null, 'system', 'chat.thread_opened', 'chat', v_thread.id, jsonb_build_object('face', v_thread.channel, 'people', private.notify_thread(v_thread)));
  return jsonb_build_object('ok', true, 'is_replay', false, 'thread', private.thread_facts(v_thread), 'hours', private.chat_hours_at(v_station, private.clock()));
end;
$function$;

CREATE OR REPLACE FUNCTION private.block_facts(p_block private.seal_blocks)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('number', p_block.number, 'sealed_at', private.utc_text(p_block.sealed_at), 'day', p_block.day, 'previous', p_block.previous, 'root', p_block.root,
    'leaves', p_block.leaves, 'log_until', p_block.log_until, 'key_id', p_block.key_id, 'signature', p_block.signature, 'hash', p_block.hash);
$function$;

CREATE OR REPLACE FUNCTION private.both_locales(p jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case when jsonb_typeof(p) = 'array' then jsonb_build_object('zh', p ->> 0, 'en', p ->> 1) end;
$function$;
comment on function private.both_locales(jsonb) is '[zh, en] of a seed as the tables keep it.';

CREATE OR REPLACE FUNCTION private.budget_of(p_station uuid, p_month date)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce((select b.points from private.points_budgets b where b.station_id = p_station and b.month <= p_month order by b.month desc limit 1), 0);
$function$;

CREATE OR REPLACE FUNCTION private.budget_used(p_station uuid, p_month date)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(-sum(e.points), 0)::integer from private.points_accounts a join private.points_entries e on e.account_id = a.id and e.points < 0 join private.points_transactions t on t.id = e.transaction_id
  cross join (select s.time_zone as zone from public.stations s where s.id = p_station) z
  where a.station_id = p_station and a.kind = 'budget' and t.station_id = p_station and t.at >= (p_month::timestamp at time zone z.zone) and t.at < ((p_month + interval '1 month') at time zone z.zone);
$function$;

CREATE OR REPLACE FUNCTION private.calendar_chief(p_day date DEFAULT NULL::date)
 RETURNS public.staff
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.role = 'chief' and (p_day is null or p_day > (select (private.clock() at time zone s.time_zone)::date from public.stations s where s.id = v_staff.station_id)) then
    return v_staff;
  end if;
  return null;
end;
$function$;

CREATE OR REPLACE FUNCTION private.calendar_facts(p_station uuid, p_from timestamp with time zone)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('counting', s.day_counting, 'days', coalesce((select jsonb_object_agg(d.day, d.kind) from public.calendar_days d
      where s.day_counting = 'working' and d.station_id = s.id and d.day between p_from::date - 1 and private.clock()::date + 400), '{}'::jsonb))
  from public.stations s where s.id = p_station;
$function$;

CREATE OR REPLACE FUNCTION private.call_after(p_urgency text, p_level text)
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case p_urgency
    when 'urgent' then case p_level when 'officer' then interval '0' when 'lead' then interval '10 minutes' else interval '20 minutes' end
    else case p_level when 'officer' then interval '24 hours' when 'lead' then interval '36 hours' else interval '48 hours' end end;
$function$;

CREATE OR REPLACE FUNCTION private.call_duty(p_report public.reports, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if private.notify_duty(p_report, 'officer', 'duty.urgent', p_at) = 0 and private.notify_duty(p_report, 'lead', 'duty.climbed', p_at) = 0 then
    perform private.notify_duty(p_report, 'chief', 'duty.climbed', p_at);
  end if;
end;
$function$;

CREATE OR REPLACE FUNCTION private.call_for_help(p_alert public.alerts)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_people uuid[] := array(select private.on_duty(p_alert.station_id, private.clock()));
begin
  if cardinality(v_people) = 0 then
    v_people := array(select s.user_id from public.staff s where s.station_id = p_alert.station_id and s.is_active
      and s.role = case when exists (select from public.staff l where l.station_id = p_alert.station_id and l.is_active and l.role = 'lead') then 'lead' else 'chief' end);
  end if;
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale, priority)
  select 'email', 'alerts.help', 'alerts', p_alert.id, u, coalesce(f.locale, 'zh'), 0
  from unnest(v_people) u left join public.profiles f on f.user_id = u
  where not exists (select from public.outbox o where o.recipient_id = u and o.channel = 'email' and o.template = 'alerts.help' and o.noun_id = p_alert.id and o.status = 'queued' and o.attempts = 0 and o.leased_by is null);
  return cardinality(v_people);
end;
$function$;

CREATE OR REPLACE FUNCTION private.call_off(p_shift uuid, p_reason text)
 RETURNS public.patrol_shifts
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
begin
  update public.patrol_shifts s set state = 'cancelled', cancelled_reason = p_reason, sequence = s.sequence + 1, revised_at = v_now where s.id = p_shift returning * into v_shift;
  perform private.tell_volunteer(v, 'patrols.cancelled', p_shift) from public.shift_places p join public.volunteers v on v.id = p.volunteer_id where p.shift_id = p_shift and p.state in ('confirmed', 'waiting', 'offered');
  update public.shift_swaps w set state = 'expired' from public.shift_places p where p.id = w.place_id and p.shift_id = p_shift and w.state in ('asked', 'accepted');
  update public.shift_places p set state = 'cancelled', offered_until = null, ended_at = v_now where p.shift_id = p_shift and p.state in ('confirmed', 'waiting', 'offered');
  return v_shift;
end;
$function$;

CREATE OR REPLACE FUNCTION private.cancel_orders_erased()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_order uuid;
  v_nobody public.staff;
begin
  for v_order in select o.id from private.reward_orders o where o.volunteer_id = new.id and o.state = 'ordered' order by o.number loop
    perform private.change_order(v_order, 'cancel', v_nobody, null);
  end loop;
  return null;
end;
$function$;
comment on function private.cancel_orders_erased() is 'Trigger. Definer: the tables have no grants.';

CREATE OR REPLACE FUNCTION private.canonical_attachment(p_row public.report_attachments, p_version smallint)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case p_version when 1 then jsonb_build_array(p_row.id::text, p_row.report_id::text, private.utc_text(p_row.at), p_row.author::text, p_row.media_type,
    p_row.size_bytes::text, p_row.sha256::text)::text end;
$function$;
comment on function private.canonical_attachment(public.report_attachments,smallint) is 'Version 1: id, report_id, at, author, media_type, size_bytes, sha256.';

CREATE OR REPLACE FUNCTION private.canonical_log(p_row public.audit_log, p_version smallint)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case p_version when 1 then jsonb_build_array(p_row.id::text, private.utc_text(p_row.at), p_row.station_id::text, p_row.actor_id::text, p_row.actor_role::text,
    p_row.action::text, p_row.noun, p_row.noun_id::text, p_row.details::text)::text end;
$function$;
comment on function private.canonical_log(public.audit_log,smallint) is 'Version 1: id, at, station_id, actor_id, actor_role, action, noun, noun_id, details.';

CREATE OR REPLACE FUNCTION private.canonical_report(p_row public.reports, p_version smallint)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case p_version when 1 then jsonb_build_array(p_row.id::text, p_row.reference::text, p_row.station_id::text, p_row.category_code, private.utc_text(p_row.received_at),
    private.utc_text(p_row.occurred_at), p_row.channel::text, p_row.contact_mode::text, p_row.receipt_hash::text, p_row.content_hash::text, p_row.content_sealed::text)::text end;
$function$;
comment on function private.canonical_report(public.reports,smallint) is 'Version 1: id, reference, station_id, category_code, received_at, occurred_at, channel, contact_mode, receipt_hash, content_hash, content_sealed.';

CREATE OR REPLACE FUNCTION private.certificate_facts(c private.certificates)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('number', c.number, 'issued_at', c.issued_at, 'revoked_at', c.revoked_at, 'revoked_by', case when c.revoked_at is null then null when c.revoked_by is null then 'holder' else 'station' end, 'revoked_reason', c.revoked_reason);
$function$;

CREATE OR REPLACE FUNCTION private.change_order(p_order uuid, p_act text, p_staff public.staff, p_note text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_order private.reward_orders;
  v_entries jsonb;
  v_booked jsonb;
begin
  select o.* into v_order from private.reward_orders o where o.id = p_order;
  perform private.lock_points(v_order.station_id);
  select o.* into v_order from private.reward_orders o where o.id = p_order for update;
  if v_order.state is distinct from (case when p_act in ('hand_out', 'cancel') then 'ordered' else 'handed_out' end) or (p_act in ('return', 'keep') and v_order.deposit = 0) then
    return private.refuse('status_order');
  end if;
  v_entries := case p_act when 'cancel' then private.order_entries(v_order, -1)
    when 'return' then jsonb_build_array(jsonb_build_object('account', 'deposits', 'points', -v_order.deposit), jsonb_build_object('account', 'volunteer', 'volunteer', v_order.volunteer_id, 'points', v_order.deposit))
    when 'keep' then jsonb_build_array(jsonb_build_object('account', 'deposits', 'points', -v_order.deposit), jsonb_build_object('account', 'rewards', 'points', v_order.deposit)) end;
  if v_entries is not null then
    v_booked := private.post_points(v_order.station_id, case p_act when 'cancel' then 'cancelled' when 'return' then 'returned' else 'kept' end, v_entries, v_order.id, null, p_staff.user_id, p_note);
    if not (v_booked ->> 'ok')::boolean then
      return v_booked;
    end if;
  end if;
  if p_act in ('cancel', 'return') then
    update private.rewards r set stock = r.stock + 1 where r.id = v_order.reward_id;
  end if;
  update private.reward_orders o set state = case p_act when 'hand_out' then 'handed_out' when 'return' then 'returned' when 'keep' then 'kept' else 'cancelled' end,
    handed_out_at = case when p_act = 'hand_out' then v_now else o.handed_out_at end, handed_out_by = case when p_act = 'hand_out' then p_staff.user_id else o.handed_out_by end,
    ended_at = case when p_act <> 'hand_out' then v_now end, ended_by = case when p_act <> 'hand_out' then p_staff.user_id end, note = coalesce(p_note, o.note)
  where o.id = p_order returning * into v_order;
  return jsonb_build_object('ok', true, 'state', v_order.state);
end;
$function$;

CREATE OR REPLACE FUNCTION private.change_role(p_subject public.staff, p_role text, p_successor uuid, p_by public.staff)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_by constant public.staff := p_by;
  v_successor public.staff := private.successor(p_subject, p_successor);
  v_work jsonb := private.open_work(p_subject.user_id);
  v_stops boolean := p_role in ('auditor', 'admin') and p_subject.role not in ('auditor', 'admin');
begin
  if not p_subject.is_active or p_subject.role = p_role then
    return 'conflict';
  end if;
  if private.is_last_of_role(p_subject) then
    return 'last_of_role';
  end if;
  if p_successor is not null and v_successor.user_id is null then
    return 'assignee_not_allowed';
  end if;
  if v_stops and v_successor.user_id is null and ((v_work ->> 'reports')::integer + (v_work ->> 'suggestions')::integer + (v_work ->> 'shifts')::integer > 0) then
    return 'successor_required';
  end if;
  if v_stops and v_successor.user_id is not null then
    v_work := private.hand_over_work(p_subject, v_successor, p_by);
  end if;
  -- Only a chief handles reports about the police; without one they wait for every chief whom they do not name.
  update public.reports r set assigned_to = null, version = r.version + 1 where r.assigned_to = p_subject.user_id and r.is_about_police and p_subject.role = 'chief' and r.status in ('received', 'triaged', 'in_progress');
  if p_role not in ('officer', 'lead') then
    perform private.end_assignments(p_subject, null);
  end if;
  update public.staff s set role = p_role where s.user_id = p_subject.user_id;
  perform private.end_sessions_of(p_subject.user_id);
  perform private.log(v_by.station_id, v_by.user_id, v_by.role, 'staff.role_changed', 'staff', p_subject.user_id,
    jsonb_build_object('about', p_subject.user_id, 'former_role', p_subject.role, 'role', p_role, 'successor', v_successor.user_id));
  perform private.notify_owner(p_subject.user_id, 'staff.changed');
  return null;
end;
$function$;

CREATE OR REPLACE FUNCTION private.change_setting(p_staff public.staff, p_section text, p_item text, p_value jsonb, p_undoes uuid DEFAULT NULL::uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_before jsonb := private.setting_of(p_staff.station_id, p_section, p_item);
  v_after jsonb;
  v_staff public.staff := p_staff;
  v_change uuid;
  v_facts jsonb;
begin
  perform private.apply_setting(p_staff.station_id, p_section, p_item, p_value);
  v_after := private.setting_of(p_staff.station_id, p_section, p_item);
  if v_before is distinct from v_after then
    insert into private.setting_changes (at, station_id, section, item, before, after, changed_by, undoes)
    values (private.clock(), p_staff.station_id, p_section, p_item, v_before, v_after, p_staff.user_id, p_undoes) returning id into v_change;
    v_facts := jsonb_build_object('section', p_section, 'title', coalesce(v_after -> 'name', v_before -> 'name'), 'before_sha256', private.setting_digest(v_before), 'after_sha256', private.setting_digest(v_after));
    if p_undoes is null then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'setting.changed', 'communities', v_change, v_facts);
    else
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'setting.undone', 'communities', v_change, v_facts);
    end if;
    -- A shorter term holds for reports that come after it (20261122000350).
    if p_section = 'category' and v_before ->> 'retention_days' <> v_after ->> 'retention_days' then
      insert into private.retention_changes (at, kind, category_code, from_days, to_days, changed_by)
      values (private.clock(), 'reports', p_item, (v_before ->> 'retention_days')::integer, (v_after ->> 'retention_days')::integer, p_staff.user_id);
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'retention.changed', 'trust', null,
        jsonb_build_object('category', p_item, 'record', null, 'from_days', (v_before ->> 'retention_days')::integer, 'to_days', (v_after ->> 'retention_days')::integer));
    end if;
  end if;
  return jsonb_build_object('ok', true, 'change', v_change, 'version', private.setting_digest(v_after));
end;
$function$;

CREATE OR REPLACE FUNCTION private.chat_hours_at(p_station uuid, p_at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_station public.stations;
  v_today date;
  v_from time;
  v_to interval;
  v_opens timestamptz;
  v_closes timestamptz;
begin
  select s.* into v_station from public.stations s where s.id = p_station;
  v_today := (p_at at time zone v_station.time_zone)::date;
  v_from := (v_station.chat_hours ->> 'from')::time;
  v_to := (v_station.chat_hours ->> 'to')::interval;
  if private.is_chat_day(v_station, v_today) then
    v_closes := (v_today + v_to) at time zone v_station.time_zone;
    if p_at < v_closes and p_at >= (v_today + v_from) at time zone v_station.time_zone then
      return v_station.chat_hours || jsonb_build_object('is_open', true, 'opens_at', null, 'closes_at', v_closes, 'time_zone', v_station.time_zone);
    end if;
  end if;
  -- The longest run of days on which a station is closed is that of the Spring Festival; a month is more than enough.
  select min((d.day::date + v_from) at time zone v_station.time_zone) into v_opens
  from generate_series(v_today::timestamp, v_today + 31, interval '1 day') d (day)
  where (d.day::date + v_from) at time zone v_station.time_zone > p_at and private.is_chat_day(v_station, d.day::date);
  return v_station.chat_hours || jsonb_build_object('is_open', false, 'opens_at', v_opens, 'closes_at', null, 'time_zone', v_station.time_zone);
end;
$function$;

CREATE OR REPLACE FUNCTION private.check_assignment()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not exists (select from public.staff s join public.communities c on c.station_id = s.station_id where s.user_id = new.staff_id and c.id = new.community_id and s.role in ('officer', 'lead')) then
    raise exception 'officers and leads look after communities of their station' using errcode = 'PT422', detail = 'assignee_not_allowed';
  end if;
  return new;
end;
$function$;
comment on function private.check_assignment() is 'Trigger. Definer: whoever assigns may not read staff of every station.';

CREATE OR REPLACE FUNCTION private.check_invited(p_station uuid, p jsonb, p_ending uuid[] DEFAULT '{}'::uuid[])
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  if coalesce(p ->> 'role', '') not in ('officer', 'lead', 'chief', 'auditor', 'admin') or coalesce(p ->> 'locale', '') not in ('zh', 'en')
    or not coalesce(private.is_text_in_both(p -> 'name', 1, 60), false) or coalesce(char_length(btrim(p ->> 'badge_number')), 0) not between 1 and 30
    or coalesce(lower(btrim(p ->> 'email')), '') !~ '^[^@\s]+@[^@\s]+$' or char_length(p ->> 'email') > 254 then
    return 'invalid_input';
  end if;
  -- Residents' accounts are not told of: whether an address has one is learnt by whoever opens its mail.
  if exists (select from public.staff s join auth.users u on u.id = s.user_id where lower(u.email) = lower(btrim(p ->> 'email'))) then
    return 'already_staff';
  end if;
  if exists (select from private.staff_invitations i where i.email = lower(btrim(p ->> 'email')) and not i.id = any (p_ending)) then
    return 'already_invited';
  end if;
  if private.is_badge_taken(p_station, btrim(p ->> 'badge_number'), null, p_ending) then
    return 'badge_taken';
  end if;
  return null;
end;
$function$;

CREATE OR REPLACE FUNCTION private.check_notice()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if new.published_at is not null and (tg_op = 'INSERT' or old.published_at is null)
    and not coalesce((select private.was_reporter_told(r) from public.reports r where r.id = new.report_id), false) then
    raise exception 'the reporter hears first' using errcode = 'PT409', detail = 'reporter_not_told';
  end if;
  return new;
end;
$function$;
comment on function private.check_notice() is 'Trigger. Definer: it reads the report and the outbox.';

CREATE OR REPLACE FUNCTION private.check_out(p_actor uuid, p_shift public.patrol_shifts, p_place uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_has_ended boolean;
begin
  update private.check_ins c set out_at = greatest(v_now, c.present_at) where c.place_id = p_place and c.out_at is null and p_shift.state = 'under_way';
  if not found then
    return private.refuse('status_order');
  end if;
  perform private.log_night(p_shift, p_actor, 'shift.checked_out');
  v_has_ended := not exists (select from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = p_shift.id and q.state = 'confirmed' and c.out_at is null);
  if v_has_ended then
    update private.patrol_nights n set ended_at = v_now where n.shift_id = p_shift.id;
    update public.patrol_shifts s set state = 'ended' where s.id = p_shift.id;
    perform private.log_night(p_shift, p_actor, 'shift.ended');
  end if;
  return jsonb_build_object('ok', true, 'has_ended', v_has_ended);
end;
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

CREATE OR REPLACE FUNCTION private.clear_places(p_volunteer uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_shift uuid;
begin
  for v_shift in update public.shift_places p set state = 'left', offered_until = null, ended_at = private.clock()
    where p.volunteer_id = p_volunteer and p.state in ('confirmed', 'waiting', 'offered') and lower(p.period) > private.clock() returning p.shift_id loop
    perform private.offer_places(v_shift);
  end loop;
  update public.shift_swaps w set state = 'expired' from public.shift_places p where p.id = w.place_id and w.state in ('asked', 'accepted') and (p.volunteer_id = p_volunteer or w.to_volunteer_id = p_volunteer);
end;
$function$;

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

CREATE OR REPLACE FUNCTION private.concerns_duty(p_report public.reports)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select p_report.community_id is null or (p_report.urgency = 'urgent' and (p_report.status = 'received' or p_report.received_at > private.clock() - interval '1 day'));
$function$;

CREATE OR REPLACE FUNCTION private.content_of(c public.categories)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('group', c."group", 'visibility', c.visibility, 'urgency', c.urgency, 'is_about_police', c.is_about_police,
    'allows_device_draft', c.allows_device_draft, 'name', c.name, 'description', c.description, 'guidance', c.guidance);
$function$;

CREATE OR REPLACE FUNCTION private.content_of(q public.category_questions)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('kind', q.kind, 'is_required', q.is_required, 'position', q.position, 'label', q.label, 'hint', q.hint, 'options', q.options);
$function$;

CREATE OR REPLACE FUNCTION private.content_of(t public.alert_templates)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('slug', t.slug, 'name', t.name, 'message_type', t.message_type, 'kind', t.kind, 'colour', t.colour, 'event', t.event_code, 'hours', t.hours, 'texts', t.texts);
$function$;

CREATE OR REPLACE FUNCTION private.content_of(t public.response_templates)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('category_code', t.category_code, 'status', t.status, 'closed_reason', t.closed_reason, 'position', t.position, 'name', t.name, 'body', t.body);
$function$;

CREATE OR REPLACE FUNCTION private.content_of(v private.article_versions)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('topic', v.topic, 'related', to_jsonb(v.related), 'texts', private.article_texts_of(v.id));
$function$;

CREATE OR REPLACE FUNCTION private.conversation_facts(p_conversation private.chat_conversations, p_turns integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('id', p_conversation.id, 'channel', p_conversation.channel, 'locale', p_conversation.locale, 'user_id', p_conversation.user_id,
    'state_sealed', p_conversation.state_sealed, 'turn_no', p_conversation.turn_no,
    'thread', (select jsonb_build_object('id', t.id, 'state', t.state) from private.thread_of(p_conversation.id) t
      where t.state <> 'closed' or (t.rating is null and t.closed_at > private.clock() - interval '7 days')),
    'turns', coalesce((select jsonb_agg(jsonb_build_object('turn_no', t.turn_no, 'at', t.at, 'said_sealed', t.said_sealed,
        'replies', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'sealed', r.sealed) order by r.position) from private.chat_replies r
          where r.conversation_id = t.conversation_id and r.turn_no = t.turn_no and (not r.is_once or r.at > private.clock() - interval '10 minutes')), '[]'::jsonb)) order by t.turn_no)
      from private.chat_turns t where t.conversation_id = p_conversation.id and t.turn_no > p_conversation.turn_no - p_turns), '[]'::jsonb));
$function$;

CREATE OR REPLACE FUNCTION private.correction_facts(c private.hours_corrections)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('id', c.id, 'state', c.state, 'from', lower(c.asked), 'to', upper(c.asked), 'why', c.why, 'asked_at', c.asked_at, 'decided_at', c.decided_at, 'note', c.note);
$function$;

CREATE OR REPLACE FUNCTION private.correction_gap(p_place public.shift_places, p_now timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case
    when p_place.state <> 'confirmed' or upper(p_place.period) > p_now then 'status_order'
    when upper(p_place.period) + interval '14 days' <= p_now then 'correction_late'
    when exists (select from private.hours_corrections c where c.place_id = p_place.id and c.state = 'asked') then 'conflict'
  end;
$function$;

CREATE OR REPLACE FUNCTION private.count_alerts(p_staff public.staff)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select count(*) from (
    select from public.alerts a where a.station_id = p_staff.station_id and a.state in ('draft', 'in_review') and case a.state
      when 'in_review' then p_staff.role in ('lead', 'chief') and (a.approved_by is not null or not private.needs_second_person(a) or p_staff.user_id not in (a.created_by, a.edited_by))
      else a.returned_reason is not null and a.edited_by = p_staff.user_id end
    limit 100) t;
$function$;

CREATE OR REPLACE FUNCTION private.count_answers(p_station uuid, p_from timestamp with time zone, p_to timestamp with time zone, p_by text)
 RETURNS TABLE(community_id uuid, base bigint, count bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select r.community_id, count(*), count(*) filter (where v.answer = 'satisfied')
  from public.revisits v join public.reports r on r.id = v.report_id
  where r.station_id = p_station and not r.is_hidden and v.answered_by = p_by and v.answered_at >= p_from and v.answered_at < p_to
  group by r.community_id;
$function$;

CREATE OR REPLACE FUNCTION private.count_blanks(p_text text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case when regexp_replace(p_text, '【[^】\n]{1,40}】|\[[^]\n]{1,40}\]', '', 'g') ~ '[][【】]' then null else (select count(*)::integer from regexp_matches(p_text, '【[^】\n]{1,40}】|\[[^]\n]{1,40}\]', 'g')) end;
$function$;
comment on function private.count_blanks(text) is 'Blanks for the officer to fill in; null where a bracket is left open or empty. As in shared/reports/response-template.ts.';

CREATE OR REPLACE FUNCTION private.count_checked_out()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_place public.shift_places;
  v_from timestamptz;
  v_to timestamptz;
begin
  select q.* into v_place from public.shift_places q where q.id = new.place_id;
  v_from := greatest(lower(v_place.period), new.present_at, (select max(upper(h.worked)) from private.patrol_hours h where h.volunteer_id = v_place.volunteer_id and h.place_id <> v_place.id and h.worked && v_place.period));
  v_to := least(upper(v_place.period), new.out_at);
  perform private.count_hours(v_place.id, case when v_from < v_to then tstzrange(v_from, v_to) else 'empty'::tstzrange end, v_place.id);
  return null;
end;
$function$;
comment on function private.count_checked_out() is 'Trigger. Definer: the tables have no grants.';

CREATE OR REPLACE FUNCTION private.count_hours(p_place uuid, p_worked tstzrange, p_cause uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_place public.shift_places;
  v_volunteer public.volunteers;
  v_before private.patrol_hours;
  v_night jsonb;
  v_rate integer;
  v_time record;
  v_earned integer;
begin
  select q.* into v_place from public.shift_places q where q.id = p_place;
  select v.* into v_volunteer from public.volunteers v where v.id = v_place.volunteer_id;
  perform private.lock_points(v_volunteer.station_id);
  select h.* into v_before from private.patrol_hours h where h.place_id = p_place;
  v_night := coalesce(v_before.night, private.night_of(v_volunteer.station_id));
  v_rate := coalesce(v_before.rate, private.points_rate(v_volunteer.station_id, 'patrol'), 0);
  select t.* into v_time from public.stations s cross join lateral private.count_patrol_time(lower(p_worked), upper(p_worked), s.time_zone, v_night) t where s.id = v_volunteer.station_id and not isempty(p_worked);
  insert into private.patrol_hours as h (place_id, volunteer_id, worked, minutes, night_minutes, credit_minutes, night, rate, counted_at)
  values (p_place, v_volunteer.id, p_worked, coalesce(v_time.minutes, 0), coalesce(v_time.night_minutes, 0), coalesce(v_time.credit_minutes, 0), v_night, v_rate, private.clock())
  on conflict (place_id) do update set worked = excluded.worked, minutes = excluded.minutes, night_minutes = excluded.night_minutes, credit_minutes = excluded.credit_minutes, counted_at = excluded.counted_at;
  select coalesce(sum(c.points), 0) into v_earned from private.points_claims c where c.place_id = p_place and c.rule_code = 'patrol';
  v_earned := coalesce(v_time.credit_minutes, 0) * v_rate / 60 - v_earned;
  if v_earned > 0 and private.may_earn(v_volunteer) then
    insert into private.points_claims (station_id, volunteer_id, rule_code, cause_id, place_id, quantity, points, earned_at)
    values (v_volunteer.station_id, v_volunteer.id, 'patrol', p_cause, p_place, coalesce(v_time.credit_minutes, 0) - coalesce(v_before.credit_minutes, 0), v_earned, private.clock());
    perform private.pay_claims(v_volunteer.station_id);
  elsif v_earned < 0 then
    perform private.take_back_points(p_place, p_cause, -v_earned);
  end if;
end;
$function$;

CREATE OR REPLACE FUNCTION private.count_patrol_time(p_from timestamp with time zone, p_to timestamp with time zone, p_zone text, p_night jsonb, OUT minutes integer, OUT night_minutes integer, OUT credit_minutes integer)
 RETURNS record
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with night as (
    select (p_night ->> 'from')::time as begins, (p_night ->> 'to')::time as ends, (p_night ->> 'creditPercent')::integer as percent
  ), counted as (
    select count(*)::integer as minutes, count(*) filter (where case when n.begins <= n.ends then w.wall >= n.begins and w.wall < n.ends else w.wall >= n.begins or w.wall < n.ends end)::integer as night_minutes
    from generate_series(date_trunc('minute', p_from), date_trunc('minute', p_to) - interval '1 minute', interval '1 minute') m
    cross join lateral (select (m at time zone p_zone)::time as wall) w cross join night n
  )
  select c.minutes, c.night_minutes, c.minutes + floor(c.night_minutes * (n.percent - 100) / 100.0)::integer from counted c cross join night n;
$function$;
comment on function private.count_patrol_time(timestamp with time zone,timestamp with time zone,text,jsonb) is 'The same rule as countTime in shared/patrols/hours.ts; tests/db/patrol-time.test.ts compares them.';

CREATE OR REPLACE FUNCTION private.count_period(p_station uuid, p_period text, p_starts_on date)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_zone text := (select s.time_zone from public.stations s where s.id = p_station);
  v_from timestamptz := p_starts_on::timestamp at time zone v_zone;
  v_to timestamptz := (p_starts_on + case p_period when 'month' then interval '1 month' else interval '7 days' end) at time zone v_zone;
begin
  if p_period = 'week' then
    return coalesce((select jsonb_agg(jsonb_build_object('measure', c.measure, 'community_id', null, 'base', c.base, 'count', c.count)) from private.count_promises(p_station, v_from, v_to) c), '[]'::jsonb);
  end if;
  return coalesce((
    select jsonb_agg(jsonb_build_object('measure', t.measure, 'community_id', t.community_id, 'base', t.base, 'count', t.count) order by t.measure, t.community_id)
    from (
      select 'visits' as measure, c.* from private.count_visits(p_station, v_from, v_to) c
      union all select 'answers', c.* from private.count_answers(p_station, v_from, v_to, 'resident') c
      union all select 'recorded', c.* from private.count_answers(p_station, v_from, v_to, 'staff') c
      union all select 'silent', c.* from private.count_silence(p_station, v_from, v_to) c
    ) t), '[]'::jsonb);
end;
$function$;

CREATE OR REPLACE FUNCTION private.count_place_changes()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if tg_op = 'INSERT' then
    new.changed_at := coalesce(new.changed_at, private.clock());
  elsif new.state is distinct from old.state then
    new.changes := old.changes + 1;
    new.changed_at := greatest(old.changed_at, private.clock());
  end if;
  return new;
end;
$function$;
comment on function private.count_place_changes() is 'Trigger. Definer: the tables have no grants.';

CREATE OR REPLACE FUNCTION private.count_promises(p_station uuid, p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS TABLE(measure text, base bigint, count bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with promised as (
    select r.first_viewed_at, coalesce(r.accepted_at, case when r.closed_reason is distinct from 'withdrawn' then r.closed_at end) as answered_at,
      coalesce(r.closed_at, private.clock()) as ended_at,
      r.received_at + case r.urgency when 'urgent' then interval '15 minutes' else interval '24 hours' end as look_due,
      (((r.received_at at time zone s.time_zone)::date + 4)::timestamp at time zone s.time_zone) as answer_due
    from public.reports r join public.stations s on s.id = r.station_id
    where r.station_id = p_station and not r.is_hidden and r.received_at >= p_from - interval '5 days' and r.received_at < p_to
  ), kept as (
    select 'first_looks' as measure, p.look_due as due_at, coalesce(p.first_viewed_at, p.answered_at) as done_at, p.ended_at from promised p
    union all
    select 'decisions', p.answer_due, p.answered_at, p.ended_at from promised p
  )
  select k.measure, count(*) filter (where k.done_at is not null or k.ended_at > k.due_at), count(*) filter (where k.done_at <= k.due_at)
  from kept k where k.due_at > p_from and k.due_at <= p_to group by k.measure;
$function$;

CREATE OR REPLACE FUNCTION private.count_silence(p_station uuid, p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS TABLE(community_id uuid, base bigint, count bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select r.community_id, count(*), null::bigint
  from public.revisits v join public.reports r on r.id = v.report_id
  where r.station_id = p_station and not r.is_hidden and v.no_reply_at >= p_from and v.no_reply_at < p_to
  group by r.community_id;
$function$;

CREATE OR REPLACE FUNCTION private.count_threads(p_staff public.staff)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select count(*)::integer from private.chat_threads t
  where t.station_id = p_staff.station_id and t.state in ('waiting', 'open') and t.waiting_since is not null and (t.state = 'waiting' or t.staff_id = p_staff.user_id) and private.may_read_thread(t, p_staff);
$function$;

CREATE OR REPLACE FUNCTION private.count_visits(p_station uuid, p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS TABLE(community_id uuid, base bigint, count bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select t.community_id, count(*) filter (where t.visited_at is not null or t.is_late), count(*) filter (where t.visited_at is not null and not t.is_late)
  from (
    select r.community_id, v.visited_at, coalesce(v.visited_at, v.answered_at, v.stopped_at, private.clock()) > d.due_at as is_late
    from public.revisits v join public.reports r on r.id = v.report_id cross join lateral (select private.due_after(r.station_id, v.opened_at, 3) as due_at) d
    -- No station counts three working days over more than sixty.
    where r.station_id = p_station and not r.is_hidden and v.opened_at >= p_from - interval '60 days' and v.opened_at < p_to and d.due_at > p_from and d.due_at <= p_to
  ) t group by t.community_id;
$function$;
comment on function private.count_visits(uuid,timestamp with time zone,timestamp with time zone) is 'Base: visits made, and those that were due and did not come in time. Count: made in time.';

CREATE OR REPLACE FUNCTION private.current_consent_texts()
 RETURNS SETOF private.consent_texts
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select distinct on (t.purpose) t.* from private.consent_texts t where t.in_force_from <= private.clock() and not starts_with(t.purpose, 'patrol_') order by t.purpose, t.version desc;
$function$;

CREATE OR REPLACE FUNCTION private.day_at(p_station uuid, p_at timestamp with time zone)
 RETURNS date
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select (p_at at time zone s.time_zone)::date from public.stations s where s.id = p_station;
$function$;

CREATE OR REPLACE FUNCTION private.day_start(p_time_zone text, p_days integer)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select (date_trunc('day', private.clock() at time zone p_time_zone) - make_interval(days => p_days)) at time zone p_time_zone;
$function$;

CREATE OR REPLACE FUNCTION private.deactivate(p_subject public.staff, p_successor uuid, p_takes_communities boolean, p_by public.staff, p_but uuid DEFAULT NULL::uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_by constant public.staff := p_by;
  v_successor public.staff := private.successor(p_subject, p_successor);
  v_work jsonb := private.open_work(p_subject.user_id);
  v_assignments integer;
  v_proposal public.staff_proposals;
begin
  if not p_subject.is_active then
    return private.refuse('conflict');
  end if;
  if private.is_last_of_role(p_subject) then
    return private.refuse('last_of_role');
  end if;
  if p_successor is not null and v_successor.user_id is null then
    return private.refuse('assignee_not_allowed');
  end if;
  if v_successor.user_id is null and (v_work ->> 'reports')::integer + (v_work ->> 'suggestions')::integer + (v_work ->> 'shifts')::integer > 0 then
    return private.refuse('successor_required');
  end if;
  v_work := case when v_successor.user_id is null then '{"reports": 0, "suggestions": 0, "shifts": 0}'::jsonb else private.hand_over_work(p_subject, v_successor, p_by) end;
  v_assignments := private.end_assignments(p_subject, case when p_takes_communities then v_successor end);
  -- What they proposed and nobody decided, and what was proposed about them, is not decided behind their absence. What concerns the chief who
  -- ends the access stays for somebody else.
  for v_proposal in select q.* from public.staff_proposals q where (q.proposed_by = p_subject.user_id or q.subject_id = p_subject.user_id) and q.decision is null
      and q.id is distinct from p_but and q.subject_id is distinct from v_by.user_id for update loop
    if v_proposal.invitation_id is not null then
      perform private.end_invitation(v_proposal.invitation_id);
    end if;
    update public.staff_proposals q set decision = 'refused', decided_by = v_by.user_id, decided_at = private.clock() where q.id = v_proposal.id;
    perform private.log_decision(p_by, v_proposal, 'refused', null);
  end loop;
  update public.staff s set is_active = false where s.user_id = p_subject.user_id;
  perform private.end_sessions_of(p_subject.user_id);
  perform private.log(v_by.station_id, v_by.user_id, v_by.role, 'staff.deactivated', 'staff', p_subject.user_id,
    jsonb_build_object('about', p_subject.user_id, 'successor', v_successor.user_id, 'reports', (v_work ->> 'reports')::integer, 'suggestions', (v_work ->> 'suggestions')::integer, 'shifts', (v_work ->> 'shifts')::integer));
  perform private.notify_owner(p_subject.user_id, 'staff.changed');
  return v_work || jsonb_build_object('ok', true, 'assignments', v_assignments);
end;
$function$;

CREATE OR REPLACE FUNCTION private.desk_post(p_staff public.staff)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case when p_staff.role = 'officer' and private.is_on_duty(p_staff.user_id) then 'officer_on_duty' else p_staff.role end;
$function$;

CREATE OR REPLACE FUNCTION private.desk_revisits(p_report public.reports, p_staff public.staff)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'round', v.round, 'step', v.step, 'level', v.level, 'opened_at', v.opened_at, 'due_at', private.due_after(p_report.station_id, v.opened_at, 3),
      'may_visit', private.may_change(p_report, p_staff) and v.visited_at is null and v.answer is null and v.stopped_at is null and private.may_visit(v, p_staff),
      'visited_at', v.visited_at, 'visitor', s.name, 'method', v.method, 'topics', v.topics, 'record_sealed', v.record_sealed, 'informed_at', v.informed_at, 'reminded_at', v.reminded_at,
      'no_reply_at', v.no_reply_at, 'answer', v.answer, 'answered_at', v.answered_at, 'answered_by', v.answered_by, 'recorded_answer', v.recorded_answer, 'comment_sealed', v.comment_sealed,
      'asked_again_at', v.asked_again_at, 'stopped_at', v.stopped_at) order by v.round, v.step), '[]'::jsonb)
  from public.revisits v left join public.staff s on s.user_id = v.visited_by where v.report_id = p_report.id;
$function$;

CREATE OR REPLACE FUNCTION private.desk_scope(p_role text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select 'r.station_id = $1 and ' || case p_role
    when 'officer' then 'not r.is_about_police and (r.assigned_to = $2 or r.community_id = any ($3))'
    -- As private.concerns_duty.
    when 'officer_on_duty' then 'not r.is_about_police and (r.assigned_to = $2 or r.community_id = any ($3) or r.community_id is null
      or (r.urgency = ''urgent'' and r.status = ''received'') or (r.urgency = ''urgent'' and r.received_at > private.clock() - interval ''1 day''))'
    when 'lead' then 'not r.is_about_police'
    when 'chief' then '(not r.is_about_police or not $2 = any (r.about_staff))'
    when 'auditor' then 'r.is_about_police and not $2 = any (r.about_staff)'
    else 'false' end;
$function$;

CREATE OR REPLACE FUNCTION private.desk_shift(s public.patrol_shifts)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select private.shift_card(s) || jsonb_build_object('series', s.series_id, 'lead_volunteer', s.lead_volunteer_id, 'lead_staff', s.lead_staff_id,
    'places', coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'volunteer', p.volunteer_id, 'state', p.state, 'is_trainee', p.is_trainee, 'signed_at', p.signed_at, 'offered_until', p.offered_until, 'attended_at', p.attended_at,
        'swap', (select jsonb_build_object('id', w.id, 'state', w.state, 'to', w.to_volunteer_id) from public.shift_swaps w where w.place_id = p.id and w.state in ('asked', 'accepted'))) order by p.queue)
      from public.shift_places p where p.shift_id = s.id), '[]'::jsonb));
$function$;

CREATE OR REPLACE FUNCTION private.desk_suggestions(p_report public.reports, p_staff public.staff)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'at', g.at, 'text_sealed', g.text_sealed, 'owner', o.name, 'due_on', g.due_on, 'outcome_sealed', g.outcome_sealed, 'done_at', g.done_at,
      'done_by', d.name, 'may_settle', private.may_change(p_report, p_staff) and g.done_at is null and (g.owner_id = p_staff.user_id or p_staff.role in ('lead', 'chief'))) order by g.at, g.id), '[]'::jsonb)
  from public.revisit_suggestions g join public.staff o on o.user_id = g.owner_id left join public.staff d on d.user_id = g.done_by where g.report_id = p_report.id;
$function$;

CREATE OR REPLACE FUNCTION private.desk_view(p_view text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case p_view
    when 'every' then 'true'
    -- What nobody's community takes in (RULES A6): no place, or one outside every grid.
    when 'triage' then 'not r.is_hidden and r.community_id is null and r.status in (''received'', ''triaged'', ''in_progress'')'
    when 'hidden' then 'r.is_hidden'
    when 'unverified' then 'not r.is_hidden and r.is_unverified and r.urgency = ''normal'' and r.status = ''received'''
    else 'not r.is_hidden and not (r.is_unverified and r.urgency = ''normal'' and r.status = ''received'')' end;
$function$;

CREATE OR REPLACE FUNCTION private.detach_reporter(p_report public.reports)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update public.reports r set owner_id = null, owner_hash = null, contact_sealed = null, contact_key = null, notify_sealed = null, nonce = null where r.id = p_report.id;
  delete from public.outbox o where o.noun = 'reports' and o.noun_id = p_report.id and o.status in ('queued', 'failed', 'dead');
  delete from private.view_sessions v where v.report_id = p_report.id and v.viewer = 'reporter';
  perform private.leave_tombstone(p_report, null, 'system', 'account_erased');
end;
$function$;
comment on function private.detach_reporter(public.reports) is 'Definer: a trigger calls it for whoever closes the case.';

CREATE OR REPLACE FUNCTION private.detach_when_closed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  delete from private.pending_erasures e where e.report_id = new.id;
  if found then
    perform private.detach_reporter(new);
  end if;
  return null;
end;
$function$;
comment on function private.detach_when_closed() is 'Trigger: what an erased account''s open case kept goes with its end. Definer: the table is private.';

CREATE OR REPLACE FUNCTION private.draft_for(p_staff public.staff, p_identifier text)
 RETURNS public.alerts
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_alert public.alerts;
begin
  select a.* into v_alert from public.alerts a where a.identifier = p_identifier for update;
  if v_alert.id is null or not private.may_write_alert(v_alert, p_staff) then
    return null;
  end if;
  return v_alert;
end;
$function$;

CREATE OR REPLACE FUNCTION private.drop_invitation_mails(p_id uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  delete from public.outbox o where o.noun = 'staff' and o.noun_id = p_id and o.template = 'staff.invited' and o.status in ('queued', 'failed', 'dead');
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

CREATE OR REPLACE FUNCTION private.earn_points(p_volunteer uuid, p_rule text, p_cause uuid, p_quantity integer DEFAULT 1)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_volunteer public.volunteers;
  v_points integer;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer;
  if v_volunteer.id is null or not private.may_earn(v_volunteer) then
    return 0;
  end if;
  perform private.lock_points(v_volunteer.station_id);
  select case r.unit when 'hour' then p_quantity * private.points_rate(v_volunteer.station_id, p_rule) / 60 else p_quantity * private.points_rate(v_volunteer.station_id, p_rule) end into v_points from private.points_rules r where r.code = p_rule;
  if coalesce(v_points, 0) <= 0 then
    return 0;
  end if;
  insert into private.points_claims (station_id, volunteer_id, rule_code, cause_id, quantity, points, earned_at)
  values (v_volunteer.station_id, p_volunteer, p_rule, p_cause, p_quantity, v_points, private.clock()) on conflict do nothing;
  if not found then
    return 0;
  end if;
  perform private.pay_claims(v_volunteer.station_id);
  return v_points;
end;
$function$;

CREATE OR REPLACE FUNCTION private.effective_state(p_alert public.alerts, p_now timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case p_alert.ended_by_type when 'update' then 'superseded' when 'cancel' then 'cancelled' when 'all_clear' then 'cleared'
    else case when p_alert.expires_at <= p_now then 'expired' else 'current' end end;
$function$;

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

CREATE OR REPLACE FUNCTION private.end_assignments(p_from public.staff, p_to public.staff)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_today date := private.station_today(p_from.station_id);
  v_assignment public.assignments;
  v_ended integer := 0;
begin
  for v_assignment in select a.* from public.assignments a where a.staff_id = p_from.user_id and coalesce(a.to_on, 'infinity'::date) >= v_today order by a.id for update loop
    if v_assignment.from_on < v_today then
      update public.assignments a set to_on = v_today - 1 where a.id = v_assignment.id;
    else
      delete from public.assignments a where a.id = v_assignment.id;
    end if;
    v_ended := v_ended + 1;
    if p_to.role in ('officer', 'lead') and not private.is_assigned(p_to.user_id, v_assignment.community_id, v_assignment.kind, greatest(v_assignment.from_on, v_today), v_assignment.to_on) then
      insert into public.assignments (staff_id, community_id, kind, from_on, to_on)
      values (p_to.user_id, v_assignment.community_id, v_assignment.kind, greatest(v_assignment.from_on, v_today), v_assignment.to_on);
    end if;
  end loop;
  return v_ended;
end;
$function$;

CREATE OR REPLACE FUNCTION private.end_invitation(p_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  update private.staff_invitations i set revoked_at = private.clock(), token_hash = null, expires_at = null, email = null
  where i.id = p_id and i.accepted_at is null and i.revoked_at is null;
  perform private.drop_invitation_mails(p_id);
end;
$function$;

CREATE OR REPLACE FUNCTION private.end_roll_calls(p_station uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_shift uuid;
  v_volunteer public.volunteers;
  v_missed integer := 0;
begin
  perform private.lock_roster(p_station);
  for v_shift in update private.patrol_nights n set called_at = v_now, secret_sealed = null from public.patrol_shifts s
    where s.id = n.shift_id and s.station_id = p_station and n.called_at is null and lower(s.period) + interval '25 minutes 30 seconds' <= v_now returning n.shift_id loop
    for v_volunteer in select v.* from public.shift_places q join public.volunteers v on v.id = q.volunteer_id where q.shift_id = v_shift and q.state = 'confirmed' and q.attended_at is null order by v.id loop
      update public.shift_places q set state = 'no_show', ended_at = v_now where q.shift_id = v_shift and q.volunteer_id = v_volunteer.id and q.state = 'confirmed';
      perform private.log(p_station, null, 'system', 'shift.no_show', 'patrols', v_shift);
      if private.missed_shifts(v_volunteer) >= 2 and v_volunteer.locked_at is null then
        update public.volunteers v set locked_at = v_now where v.id = v_volunteer.id returning * into v_volunteer;
        perform private.tell_volunteer(v_volunteer, 'patrols.locked', v_volunteer.id);
      end if;
      v_missed := v_missed + 1;
    end loop;
  end loop;
  return v_missed;
end;
$function$;

CREATE OR REPLACE FUNCTION private.end_sessions_of(p_staff uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_ended integer;
begin
  delete from auth.sessions s where s.user_id = p_staff;
  get diagnostics v_ended = row_count;
  delete from private.staff_sessions t where t.user_id = p_staff;
  delete from private.session_devices d where d.user_id = p_staff;
  return v_ended;
end;
$function$;
comment on function private.end_sessions_of(uuid) is 'Definer: auth.sessions is not writable by the API roles.';

CREATE OR REPLACE FUNCTION private.end_subscription(p_id uuid, p_why text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  update private.alert_subscriptions s set state = 'ended', ended_at = private.clock(), ended_by = p_why,
    token_sealed = null, handle_hash = null, handle_sealed = null, chat_hash = null, user_id = null, confirm_hash = null
  where s.id = p_id and s.state <> 'ended';
  update public.outbox o set status = 'cancelled', settled_at = private.clock(), last_error = 'unsubscribed', params_sealed = null, chat_hash = null
  from private.alert_audience x where x.subscription_id = p_id and o.id = x.outbox_id and o.status = 'queued' and (o.leased_until is null or o.leased_until <= now());
end;
$function$;

CREATE OR REPLACE FUNCTION private.end_verification_of_staff()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  delete from private.verifications v where v.user_id = new.user_id;
  delete from private.confirmation_codes c where c.user_id = new.user_id;
  return new;
end;
$function$;
comment on function private.end_verification_of_staff() is 'Trigger: whoever joins the station stops being a verified resident. Definer: the tables are private.';

CREATE OR REPLACE FUNCTION private.expire_offers(p_station uuid, p_now timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_shift uuid;
  v_ended integer := 0;
begin
  -- Whoever did not answer is off the list, and may sign up again.
  for v_shift in update public.shift_places p set state = 'left', offered_until = null, ended_at = p_now
    from public.patrol_shifts s where s.id = p.shift_id and s.station_id = p_station and p.state = 'offered' and p.offered_until <= p_now returning p.shift_id loop
    v_ended := v_ended + 1;
  end loop;
  return v_ended;
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

CREATE OR REPLACE FUNCTION private.finish_bot_update(p_hash text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  update private.bot_updates u set handled_at = clock_timestamp(), body_sealed = null, place = null, leased_by = null, leased_until = null
  where u.update_hash = p_hash and u.handled_at is null;
  return found;
end;
$function$;

CREATE OR REPLACE FUNCTION private.finish_thread(p_thread private.chat_threads, p_by text, p_staff public.staff)
 RETURNS private.chat_threads
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_thread private.chat_threads;
  v_staff public.staff := p_staff;
begin
  update private.chat_threads t set state = 'closed', closed_at = private.clock(), closed_by = p_by, waiting_since = null, last_at = private.clock() where t.id = p_thread.id returning * into v_thread;
  if p_by = 'staff' then
    perform private.log(v_thread.station_id, v_staff.user_id, v_staff.role, 'chat.closed', 'chat', v_thread.id, jsonb_build_object('by', p_by));
  else
    perform private.log(v_thread.station_id, null, case p_by when 'resident' then 'guest' else 'system' end, 'chat.closed', 'chat', v_thread.id, jsonb_build_object('by', p_by));
  end if;
  -- Whoever ended it themselves needs no word that it has ended; the survey is asked where they are.
  if v_thread.handle_sealed is not null and p_by <> 'resident' then
    insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, locale) values ('telegram', 'chat.closed', 'chat', v_thread.id, v_thread.handle_sealed, v_thread.locale);
  end if;
  return v_thread;
end;
$function$;

CREATE OR REPLACE FUNCTION private.first_claims_end(p_now timestamp with time zone, p_starts timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select least(p_now + interval '24 hours', greatest(p_now, p_starts - interval '24 hours'));
$function$;

CREATE OR REPLACE FUNCTION private.first_look(p_report uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('at', l.at, 'name', s.name, 'role', l.actor_role)
  from public.audit_log l left join public.staff s on s.user_id = l.actor_id
  where l.noun_id = p_report and l.actor_id is not null
    and (l.action in ('report.opened', 'report.status_changed', 'report.message_sent', 'report.noted', 'report.merged') and coalesce(l.details ->> 'purpose', '') <> 'counter' and l.actor_role <> 'auditor'
      or l.action = 'report.assigned' and l.details ->> 'to' = l.actor_id::text)
  order by l.id limit 1;
$function$;

CREATE OR REPLACE FUNCTION private.follow_no_more()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  delete from private.telegram_followers f where f.report_id = new.id;
  return null;
end;
$function$;
comment on function private.follow_no_more() is 'Trigger. Definer: the table is private.';

CREATE OR REPLACE FUNCTION private.follow_publication(p_alert public.alerts)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_ended uuid;
begin
  insert into private.alert_expansions (alert_id, created_at, priority) values (p_alert.id, private.clock(), private.alert_priority(p_alert));
  for v_ended in select r.referenced_id from public.alert_references r where r.alert_id = p_alert.id loop
    update private.alert_expansions e set finished_at = private.clock() where e.alert_id = v_ended and e.finished_at is null;
    perform private.stop_sending(v_ended, case p_alert.message_type when 'update' then 'superseded' else 'withdrawn' end, 10000);
  end loop;
end;
$function$;

CREATE OR REPLACE FUNCTION private.foresee_reports_retention(p_staff public.staff)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with over as (
    select r.id, r.category_code, r.nonce is null as is_detached, private.held_by(r) as why,
      (select coalesce(sum(num_nonnulls(a.original_blob, a.view_blob)), 0) from public.report_attachments a where a.report_id = r.id) as files
    from private.over_reports() r
    where p_staff.user_id is null or (r.station_id = p_staff.station_id and not p_staff.user_id = any (r.about_staff))
  )
  select jsonb_build_object(
    'reports', coalesce((select jsonb_object_agg(t.category_code, t.n) from (select o.category_code, count(*) as n from over o where o.why is null group by 1) t), '{}'::jsonb),
    'detached', (select count(*) from over o where o.why is null and o.is_detached),
    'files', (select coalesce(sum(o.files), 0)::bigint from over o where o.why is null),
    'held', coalesce((select jsonb_object_agg(t.why, t.n) from (select o.why, count(*) as n from over o where o.why is not null group by 1) t), '{}'::jsonb),
    'bans', (select count(*) from public.bans b where b.lifted_at < private.clock() - private.kept_for('bans')),
    'verification_batches', (select count(*) from private.verification_batches b where b.expires_at < private.clock() - private.kept_for('verification_batches')),
    'confirmation_codes', (select count(*) from private.confirmation_codes c where c.expires_at < private.clock()),
    'seal_checks', (select count(*) from private.seal_checks c where c.started_at < private.clock() - private.kept_for('seal_checks')),
    'mails_settled', (select count(*) from public.outbox o where o.status <> 'dead' and o.settled_at < private.clock() - private.kept_for('mails_settled')),
    'mails_dead', (select count(*) from public.outbox o where o.status = 'dead' and o.settled_at < private.clock() - private.kept_for('mails_dead')),
    'drafts', (select count(*) from private.report_drafts d where d.expires_at <= now()),
    'view_sessions', (select count(*) from private.view_sessions v where v.expires_at <= now()),
    'idempotency_keys', (select count(*) from private.idempotency_keys k where k.created_at < now() - private.kept_for('idempotency_keys')),
    'challenges', (select count(*) from private.spent_challenges c where c.expires_at <= now()),
    'rate_windows', (select count(*) from private.rate_windows w where w.started_at < now() - private.kept_for('rate_windows')),
    'accounts', (select count(*) from private.account_erasures));
$function$;

CREATE OR REPLACE FUNCTION private.foresee_retention(p_staff public.staff)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select private.foresee_reports_retention(p_staff) || jsonb_build_object(
    'invitations_expired', (select count(*) from private.unused_invitations() i where p_staff.user_id is null or i.station_id = p_staff.station_id),
    'proposals_open', (select count(*) from private.undecided_proposals() q where p_staff.user_id is null or q.station_id = p_staff.station_id));
$function$;

CREATE OR REPLACE FUNCTION private.forget_bot_chat(p_chat_hash text, p_erases_threads boolean)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  delete from private.telegram_followers f where f.chat_hash = p_chat_hash;
  perform private.end_subscription(s.id, 'cleared') from private.alert_subscriptions s where s.chat_hash = p_chat_hash and s.state <> 'ended';
  delete from public.outbox o where o.chat_hash = p_chat_hash and o.recipient_id is null and o.status = 'queued' and o.leased_by is null;
  perform public.forget_conversation(jsonb_build_object('channel', 'telegram', 'key_hash', p_chat_hash, 'erases_threads', p_erases_threads));
  delete from private.bot_messages m where m.chat_hash = p_chat_hash;
end;
$function$;

CREATE OR REPLACE FUNCTION private.forget_certificates()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update private.certificates c set file_sealed = null, papers = '{}', volunteer_id = null where c.volunteer_id = old.volunteer_id;
  return null;
end;
$function$;
comment on function private.forget_certificates() is 'Trigger. Definer: the table has no grants.';

CREATE OR REPLACE FUNCTION private.forget_corrections()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update private.hours_corrections c set why = null, note = null where c.volunteer_id = (private.volunteer_of(new.user_id)).id and num_nonnulls(c.why, c.note) > 0;
  update private.points_claims c set points = 0 where c.volunteer_id = (private.volunteer_of(new.user_id)).id and c.transaction_id is null and c.points > 0;
  return null;
end;
$function$;
comment on function private.forget_corrections() is 'Trigger, before the one that leaves the roster. Definer: the tables have no grants.';

CREATE OR REPLACE FUNCTION private.forget_feed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  delete from private.calendar_feeds f where f.volunteer_id = case when tg_table_name = 'volunteers' then (to_jsonb(new) ->> 'id')::uuid else (to_jsonb(old) ->> 'volunteer_id')::uuid end;
  return null;
end;
$function$;
comment on function private.forget_feed() is 'Trigger. Definer: nobody deletes directly.';

CREATE OR REPLACE FUNCTION private.forget_threads(p_conversation uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_thread private.chat_threads;
  v_count integer := 0;
begin
  for v_thread in select t.* from private.chat_threads t where t.conversation_id = p_conversation for update loop
    update public.outbox o set status = 'cancelled', settled_at = private.clock() where o.noun = 'chat' and o.status = 'queued' and o.leased_by is null
      and (o.noun_id = v_thread.id or o.noun_id in (select m.id from private.chat_thread_messages m where m.thread_id = v_thread.id));
    delete from private.chat_threads t where t.id = v_thread.id;
    perform private.log(v_thread.station_id, null, 'guest', 'chat.forgotten', 'chat', v_thread.id);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$function$;

CREATE OR REPLACE FUNCTION private.give_honours(p_station uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_given integer;
begin
  with reached as (
    select v.id, sum(h.credit_minutes) as minutes from public.volunteers v join private.patrol_hours h on h.volunteer_id = v.id where v.station_id = p_station and v.user_id is not null group by v.id)
  insert into private.volunteer_honours (volunteer_id, honour_code, given_at)
  select r.id, o.code, private.clock() from reached r join private.honours o on r.minutes >= o.hours * 60 on conflict do nothing;
  get diagnostics v_given = row_count;
  return v_given;
end;
$function$;

CREATE OR REPLACE FUNCTION private.guard_alert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;
comment on function private.guard_alert() is 'Trigger. Definer: it reads the chain and the staff.';

CREATE OR REPLACE FUNCTION private.guard_alert_part()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_alert uuid := case when tg_op = 'DELETE' then old.alert_id else new.alert_id end;
begin
  if exists (select from public.alerts a where a.id in (v_alert, case when tg_op = 'UPDATE' then old.alert_id end) and a.state in ('published', 'discarded')) then
    raise exception 'a published alert never changes' using errcode = 'PT403', detail = 'append_only';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$function$;
comment on function private.guard_alert_part() is 'Trigger. Definer: drafts are readable to nobody directly.';

CREATE OR REPLACE FUNCTION private.guard_patrol_start()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if (select count(*) from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = new.id and q.state = 'confirmed') < 2 then
    raise exception 'a patrol starts with two who have checked in' using errcode = 'PT409', detail = 'status_order';
  end if;
  return new;
end;
$function$;
comment on function private.guard_patrol_start() is 'Trigger. Definer: the tables have no grants.';

CREATE OR REPLACE FUNCTION private.guard_place()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$;
comment on function private.guard_place() is 'Trigger. Definer: the tables have no grants.';

CREATE OR REPLACE FUNCTION private.guard_points()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_id uuid := case when tg_table_name = 'points_entries' then to_jsonb(new) ->> 'transaction_id' else to_jsonb(new) ->> 'id' end;
  v_booked private.points_transactions;
  v_account private.points_accounts;
  v_month date;
begin
  select t.* into v_booked from private.points_transactions t where t.id = v_id;
  if (select count(*) < 2 or sum(e.points) <> 0 from private.points_entries e where e.transaction_id = v_id) then
    raise exception 'the entries of a transaction sum to zero' using errcode = 'PT409', detail = 'conflict';
  end if;
  for v_account in select a.* from private.points_entries e join private.points_accounts a on a.id = e.account_id where e.transaction_id = v_id order by a.id for no key update of a loop
    if v_account.station_id <> v_booked.station_id then
      raise exception 'points stay at their station' using errcode = 'PT409', detail = 'conflict';
    elsif v_account.kind <> 'budget' and private.points_balance(v_account.id) < 0 then
      raise exception 'nobody has fewer points than none' using errcode = 'PT409', detail = 'points_short';
    elsif v_account.kind = 'budget' and exists (select from private.points_entries e where e.transaction_id = v_id and e.account_id = v_account.id and e.points < 0) then
      v_month := private.month_at(v_booked.station_id, v_booked.at);
      if private.budget_used(v_booked.station_id, v_month) > private.budget_of(v_booked.station_id, v_month) then
        raise exception 'the budget of the month is spent' using errcode = 'PT409', detail = 'budget_spent';
      end if;
    end if;
  end loop;
  return null;
end;
$function$;
comment on function private.guard_points() is 'Trigger. Definer: the tables have no grants.';

CREATE OR REPLACE FUNCTION private.guard_swap()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if exists (select from public.shift_places q where q.id = new.place_id and q.attended_at is not null) then
    raise exception 'whoever checked in hands the place to nobody' using errcode = 'PT409', detail = 'status_order';
  end if;
  return new;
end;
$function$;
comment on function private.guard_swap() is 'Trigger. Definer: the tables have no grants.';

CREATE OR REPLACE FUNCTION private.hand_over_shifts(p_from public.staff, p_to public.staff, p_by public.staff)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_shift record;
  v_shifts integer := 0;
begin
  for v_shift in select d.* from public.duty_shifts d where d.staff_id = p_from.user_id and d.ends_at > v_now order by d.starts_at for update loop
    if v_shift.starts_at < v_now then
      update public.duty_shifts d set ends_at = v_now where d.id = v_shift.id;
    else
      delete from public.duty_shifts d where d.id = v_shift.id;
    end if;
    insert into public.duty_shifts (station_id, staff_id, starts_at, ends_at, set_by)
    select v_shift.station_id, p_to.user_id, lower(t.free), upper(t.free), p_by.user_id
    from unnest(tstzmultirange(tstzrange(greatest(v_shift.starts_at, v_now), v_shift.ends_at))
      - coalesce((select range_agg(tstzrange(o.starts_at, o.ends_at)) from public.duty_shifts o where o.staff_id = p_to.user_id), '{}'::tstzmultirange)) as t (free);
    v_shifts := v_shifts + 1;
  end loop;
  return v_shifts;
end;
$function$;

CREATE OR REPLACE FUNCTION private.hand_over_work(p_from public.staff, p_to public.staff, p_by public.staff)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_report public.reports;
  v_to uuid;
  v_reports integer := 0;
  v_suggestions integer;
begin
  for v_report in select r.* from public.reports r where private.is_open_work(r, p_from.user_id) order by r.id for update loop
    v_to := case when not v_report.is_about_police then p_to.user_id when p_to.role = 'chief' and not p_to.user_id = any (v_report.about_staff) then p_to.user_id end;
    update public.reports r set assigned_to = v_to, updated_at = private.clock(), version = r.version + 1 where r.id = v_report.id;
    perform private.emit_event(v_report.id, 'assigned', null, null, p_by.role, p_by.user_id, false);
    perform private.log(v_report.station_id, p_by.user_id, p_by.role, 'report.assigned', 'reports', v_report.id, jsonb_build_object('from', p_from.user_id, 'to', v_to));
    v_reports := v_reports + 1;
  end loop;
  update public.revisit_suggestions g set owner_id = case
      when not r.is_about_police or (p_to.role = 'chief' and not p_to.user_id = any (r.about_staff)) then p_to.user_id
      -- Somebody has to see to it: the chief who hands over, or another whom the report does not name.
      else coalesce((select s.user_id from public.staff s where s.station_id = r.station_id and s.role = 'chief' and s.is_active and s.user_id <> p_from.user_id and not s.user_id = any (r.about_staff)
        order by s.user_id <> p_by.user_id, s.badge_number limit 1), p_to.user_id) end
  from public.reports r where r.id = g.report_id and g.owner_id = p_from.user_id and g.done_at is null;
  get diagnostics v_suggestions = row_count;
  return jsonb_build_object('reports', v_reports, 'suggestions', v_suggestions, 'shifts', private.hand_over_shifts(p_from, p_to, p_by));
end;
$function$;

CREATE OR REPLACE FUNCTION private.has_experienced(p_shift uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select exists (select from public.shift_places p join public.volunteers v on v.id = p.volunteer_id and v.state = 'active'
    where p.shift_id = p_shift and p.state = 'confirmed' and private.attended_shifts(v.id) >= 5);
$function$;

CREATE OR REPLACE FUNCTION private.has_first_claim(p_volunteer uuid, p_shift public.patrol_shifts)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with held as (
    select p.volunteer_id, sum(extract(epoch from upper(p.period) - lower(p.period)) / 60) as minutes from public.shift_places p
    where p.state = 'confirmed' and lower(p.period) > lower(p_shift.period) - interval '30 days' and lower(p.period) <= lower(p_shift.period) group by p.volunteer_id
  ), eligible as (
    select v.id, coalesce(h.minutes, 0) as minutes from public.volunteers v left join held h on h.volunteer_id = v.id
    where v.station_id = p_shift.station_id and v.state in ('enrolled', 'active') and v.locked_at is null and p_shift.kind = any (v.kinds) and (p_shift.skill_code is null or private.has_skill(v.id, p_shift))
  ), ranked as (
    select e.id, rank() over (order by e.minutes) as place, count(*) over () as people from eligible e
  )
  select coalesce((select r.place <= ceil(r.people / 3.0) from ranked r where r.id = p_volunteer), false);
$function$;

CREATE OR REPLACE FUNCTION private.has_skill(p_volunteer uuid, p_shift public.patrol_shifts)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select p_shift.skill_code is null or exists (select from public.volunteer_skills k where k.volunteer_id = p_volunteer and k.skill_code = p_shift.skill_code
    and (k.until_on is null or k.until_on >= private.day_at(p_shift.station_id, lower(p_shift.period))));
$function$;

CREATE OR REPLACE FUNCTION private.held_by(p_report public.reports)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return case
    when exists (select from private.report_holds h where h.report_id = p_report.id and h.lifted_at is null) then 'hold'
    when exists (select from private.reveals v where v.report_id = p_report.id and (private.is_reveal_waiting(v) or v.expires_at > private.clock())) then 'reveal'
    when exists (select from public.revisits v where v.report_id = p_report.id and v.answer is null and v.stopped_at is null
      and (v.no_reply_at is null or v.no_reply_at + interval '90 days' > private.clock())) then 'revisit'
    -- Duplicates go before the report that they point to.
    when exists (select from public.reports m where m.merged_into = p_report.id) then 'merged'
  end;
end;
$function$;

CREATE OR REPLACE FUNCTION private.hours_of(p_volunteer uuid, p_now timestamp with time zone, p_limit integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(l.facts order by l.starts_at desc), '[]'::jsonb) from (
    select lower(q.period) as starts_at, jsonb_build_object('place', q.id, 'starts_at', lower(q.period), 'ends_at', upper(q.period), 'type', s.type_code,
      'worked_from', lower(h.worked), 'worked_to', upper(h.worked), 'minutes', coalesce(h.minutes, 0), 'night_minutes', coalesce(h.night_minutes, 0), 'credit_minutes', coalesce(h.credit_minutes, 0), 'is_counted', h.place_id is not null,
      'may_ask', private.correction_gap(q, p_now) is null,
      'corrections', coalesce((select jsonb_agg(private.correction_facts(c) order by c.asked_at) from private.hours_corrections c where c.place_id = q.id), '[]'::jsonb)) as facts
    from public.shift_places q join public.patrol_shifts s on s.id = q.shift_id left join private.patrol_hours h on h.place_id = q.id
    where q.volunteer_id = p_volunteer and q.state = 'confirmed' and (h.place_id is not null or (upper(q.period) <= p_now and s.state <> 'cancelled')) order by lower(q.period) desc limit p_limit) l;
$function$;

CREATE OR REPLACE FUNCTION private.invitation_life()
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$ select interval '7 days'; $function$;

CREATE OR REPLACE FUNCTION private.is_alert_draft(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p ->> 'kind' in ('warning', 'tip', 'solved', 'notice')
    and (case when p ->> 'kind' = 'warning' then p ->> 'colour' in ('blue', 'yellow', 'orange', 'red') else p ->> 'colour' is null end)
    and exists (select from public.alert_events e where e.code = p ->> 'event')
    and p ->> 'urgency' in ('Immediate', 'Expected', 'Future', 'Past', 'Unknown') and p ->> 'severity' in ('Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown')
    and p ->> 'certainty' in ('Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown')
    and (p ->> 'expires')::timestamptz is not null and coalesce((p ->> 'onset')::timestamptz < (p ->> 'expires')::timestamptz, true)
    and jsonb_typeof(p -> 'texts') = 'object' and (select coalesce(bool_and(t.key in ('zh', 'en') and private.is_alert_text(t.value)), true) from jsonb_each(p -> 'texts') t)
    and jsonb_typeof(p -> 'areas') = 'array' and jsonb_array_length(p -> 'areas') <= 20
    and (p ->> 'contact' is null or private.is_plain_text(p ->> 'contact', 1, 200, false))
    and (p ->> 'web' is null or (p ->> 'web' ~ '^https?://\S+$' and private.is_plain_text(p ->> 'web', 8, 500, false)))
    and (p ->> 'follows' is null or p ->> 'kind' = 'solved'), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_alert_shape(p_kind text, p jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(case p_kind
    when 'circle' then p ->> 'type' = 'Circle' and jsonb_array_length(p -> 'center') = 2 and (p -> 'center' ->> 0)::numeric between -180 and 180 and (p -> 'center' ->> 1)::numeric between -90 and 90
      and (p ->> 'radiusMeters')::numeric between 20 and 20000
    -- CAP: at least four pairs, the last is the first.
    when 'polygon' then p ->> 'type' = 'Polygon' and jsonb_array_length(p -> 'coordinates') = 1 and jsonb_array_length(p -> 'coordinates' -> 0) between 4 and 200
      and p -> 'coordinates' -> 0 -> 0 = p -> 'coordinates' -> 0 -> -1
      and (select bool_and(jsonb_array_length(c.value) = 2 and (c.value ->> 0)::numeric between -180 and 180 and (c.value ->> 1)::numeric between -90 and 90) from jsonb_array_elements(p -> 'coordinates' -> 0) c)
    else p ->> 'type' in ('Polygon', 'MultiPolygon') end, false);
$function$;

CREATE OR REPLACE FUNCTION private.is_alert_template(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p ->> 'slug' ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(p ->> 'slug') <= 60 and private.is_text_in_both(p -> 'name', 1, 80)
    and p ->> 'kind' in ('warning', 'tip', 'solved', 'notice') and (case when p ->> 'kind' = 'warning' then p ->> 'colour' in ('blue', 'yellow', 'orange', 'red') else p ->> 'colour' is null end)
    and p ->> 'message_type' in ('alert', 'update', 'cancel', 'all_clear') and (p ->> 'message_type' <> 'all_clear' or p ->> 'kind' = 'warning')
    and exists (select from public.alert_events e where e.code = p ->> 'event')
    and (p ->> 'hours')::integer between 1 and case when p ->> 'colour' in ('orange', 'red') then 72 else 720 end
    and jsonb_typeof(p -> 'texts') = 'object' and p -> 'texts' ? 'zh' and (select bool_and(t.key in ('zh', 'en') and private.is_alert_text(t.value)) from jsonb_each(p -> 'texts') t), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_alert_text(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_typeof(p) = 'object' and p - array['headline', 'description', 'instruction'] = '{}'::jsonb
    and jsonb_typeof(p -> 'headline') = 'string' and private.is_plain_text(p ->> 'headline', 4, 140, false)
    and jsonb_typeof(p -> 'description') = 'string' and private.is_plain_text(p ->> 'description', 4, 2000, true)
    and (p ->> 'instruction' is null or (jsonb_typeof(p -> 'instruction') = 'string' and private.is_plain_text(p ->> 'instruction', 1, 1000, true))), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_area(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  with rings as (
    select r.value as ring from jsonb_array_elements(case p ->> 'type' when 'Polygon' then jsonb_build_array(p -> 'coordinates') when 'MultiPolygon' then p -> 'coordinates' else '[]'::jsonb end) o,
      jsonb_array_elements(o.value) r)
  select coalesce(jsonb_typeof(p -> 'coordinates') = 'array'
    and (select count(*) between 1 and 200 and sum(jsonb_array_length(r.ring)) <= 20000 and bool_and(jsonb_array_length(r.ring) >= 4 and r.ring -> 0 = r.ring -> -1) from rings r)
    and (select bool_and(jsonb_typeof(v.value -> 0) = 'number' and jsonb_typeof(v.value -> 1) = 'number' and (v.value ->> 0)::numeric between -180 and 180 and (v.value ->> 1)::numeric between -90 and 90)
      from rings r, jsonb_array_elements(r.ring) v), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_areas_setting(p_station uuid, p jsonb)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_typeof(p -> 'communities') = 'array' and jsonb_array_length(p -> 'communities') between 1 and 60
    and (select count(distinct c.value ->> 'slug') = count(*)
        and bool_and(c.value ->> 'slug' ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(c.value ->> 'slug') <= 60 and private.is_said(c.value -> 'name', 60) and private.is_area(c.value -> 'boundary')
          and jsonb_typeof(c.value -> 'grids') = 'array')
      from jsonb_array_elements(p -> 'communities') c)
    and (select count(*) between 1 and 600 and count(distinct g.value ->> 'code') = count(*) and bool_and(private.is_grid_setting(g.value))
      from jsonb_array_elements(p -> 'communities') c, jsonb_array_elements(c.value -> 'grids') g)
    -- An address belongs to one station.
    and not exists (select from public.communities k join jsonb_array_elements(p -> 'communities') c on c.value ->> 'slug' = k.slug where k.station_id <> p_station), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_article(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(p ->> 'slug' ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(p ->> 'slug') <= 60
    and p ->> 'topic' in ('reporting', 'emergencies', 'scams', 'theft', 'people', 'neighbours', 'papers', 'together', 'rights')
    and jsonb_typeof(p -> 'related') = 'array' and jsonb_array_length(p -> 'related') <= 8
    and (select coalesce(bool_and(r.value #>> '{}' ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and r.value #>> '{}' <> p ->> 'slug'), true) from jsonb_array_elements(p -> 'related') r)
    and jsonb_typeof(p -> 'texts') = 'object' and p -> 'texts' <> '{}'::jsonb
    and (select bool_and(t.key in ('zh', 'en') and private.is_article_text(t.value)) from jsonb_each(p -> 'texts') t), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_article_text(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_typeof(p) = 'object' and p - array['title', 'summary', 'ask', 'body'] = '{}'::jsonb
    and jsonb_typeof(p -> 'title') = 'string' and p ->> 'title' ~ '\S' and char_length(p ->> 'title') <= 100
    and jsonb_typeof(p -> 'summary') = 'string' and p ->> 'summary' ~ '\S' and char_length(p ->> 'summary') <= 240
    and jsonb_typeof(p -> 'body') = 'string' and p ->> 'body' ~ '\S' and char_length(p ->> 'body') <= 8000
    and jsonb_typeof(p -> 'ask') = 'array' and jsonb_array_length(p -> 'ask') <= 60
    and (select coalesce(bool_and(jsonb_typeof(l.value) = 'string' and l.value #>> '{}' ~ '\S' and char_length(l.value #>> '{}') <= 120), true) from jsonb_array_elements(p -> 'ask') l), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_assigned(p_staff uuid, p_community uuid, p_kind text, p_from date, p_to date, p_but uuid DEFAULT NULL::uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select exists (select from public.assignments a where a.staff_id = p_staff and a.community_id = p_community and a.kind = p_kind and a.id is distinct from p_but
    and daterange(a.from_on, a.to_on, '[]') && daterange(p_from, p_to, '[]'));
$function$;

CREATE OR REPLACE FUNCTION private.is_attended(p_report public.reports)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select p_report.first_viewed_at is not null or p_report.status <> 'received'
    or (p_report.assigned_to is not null and exists (select from public.report_events e where e.report_id = p_report.id and e.kind = 'assigned' and e.actor_id = p_report.assigned_to));
$function$;

CREATE OR REPLACE FUNCTION private.is_availability(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case when jsonb_typeof(p) is distinct from 'object' then false else coalesce((
    select bool_and(d.key ~ '^[1-7]$' and case when jsonb_typeof(d.value) = 'array' then d.value <@ '["morning", "afternoon", "evening", "night"]'::jsonb and jsonb_array_length(d.value) <= 4 else false end)
    from jsonb_each(p) d), true) end;
$function$;

CREATE OR REPLACE FUNCTION private.is_badge_taken(p_station uuid, p_badge text, p_but uuid DEFAULT NULL::uuid, p_ending uuid[] DEFAULT '{}'::uuid[])
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select exists (select from public.staff s where s.station_id = p_station and s.badge_number = p_badge and s.user_id is distinct from p_but)
    or exists (select from private.staff_invitations i where i.station_id = p_station and i.badge_number = p_badge and i.accepted_at is null and i.revoked_at is null and not i.id = any (p_ending));
$function$;

CREATE OR REPLACE FUNCTION private.is_barred_from(p_staff public.staff, p_subject public.staff, p_kind text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select p_kind in ('change_role', 'deactivate') and p_subject.role in ('chief', 'auditor') and exists (
    select from public.reports r where r.station_id = p_subject.station_id and r.is_about_police and p_staff.user_id = any (r.about_staff) and not p_subject.user_id = any (r.about_staff)
      and (r.status in ('received', 'triaged', 'in_progress') or exists (select from public.revisits v where v.report_id = r.id and v.answer is null and v.stopped_at is null and v.no_reply_at is null)));
$function$;

CREATE OR REPLACE FUNCTION private.is_called(p_report public.reports, p_level text, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select exists (select from private.duty_calls c where c.report_id = p_report.id and c.level = p_level
    and (c.people > 0 or not exists (select from private.people_to_call(p_report, p_level, p_at))));
$function$;

CREATE OR REPLACE FUNCTION private.is_category_setting(p_code text, p jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_kept public.categories;
begin
  select k.* into v_kept from public.categories k where k.code = p_code;
  return coalesce(p_code ~ '^[a-z]+(_[a-z]+)*$' and char_length(p_code) <= 40
    and exists (select from public.categories k where k."group" = p ->> 'group') and p ->> 'visibility' in ('public', 'private') and p ->> 'urgency' in ('normal', 'urgent')
    and private.is_said(p -> 'name', 60) and private.is_said(p -> 'description', 120) and private.is_said(p -> 'guidance', 2000)
    and jsonb_typeof(p -> 'retention_days') = 'number' and (p ->> 'retention_days')::numeric between 30 and 3650 and (p ->> 'retention_days')::numeric % 1 = 0
    and jsonb_typeof(p -> 'allows_device_draft') = 'boolean' and jsonb_typeof(p -> 'is_active') = 'boolean'
    and (v_kept.code is null or (v_kept.visibility = p ->> 'visibility' and v_kept.allows_device_draft = (p ->> 'allows_device_draft')::boolean))
    and ((p ->> 'is_active')::boolean or (not coalesce(v_kept.is_about_police, false) and exists (select from public.categories k where k.is_active and k.code <> p_code)))
    and jsonb_typeof(p -> 'questions') = 'array' and jsonb_array_length(p -> 'questions') <= 12
    and (select count(distinct q.value ->> 'code') = count(*) and coalesce(bool_and(private.is_question_setting(q.value, coalesce(v_kept.is_about_police, false))), true) from jsonb_array_elements(p -> 'questions') q)
    -- The kind of a question is what its answers are read by: another kind is another question, with a code of its own.
    and not exists (select from public.category_questions q join jsonb_array_elements(p -> 'questions') n on n.value ->> 'code' = q.code where q.category_code = p_code and q.kind <> n.value ->> 'kind'), false);
end;
$function$;

CREATE OR REPLACE FUNCTION private.is_chat_day(p_station public.stations, p_day date)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce((select case d.kind when 'closed' then false when 'workday' then true else p_station.chat_hours ->> 'days' = 'every' end from public.calendar_days d where d.station_id = p_station.id and d.day = p_day),
    p_station.chat_hours ->> 'days' = 'every' or extract(isodow from p_day) < 6);
$function$;

CREATE OR REPLACE FUNCTION private.is_demo()
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select exists (select from private.settings s where s.key = 'demo' and s.value = 'true'::jsonb);
$function$;

CREATE OR REPLACE FUNCTION private.is_duty_mail(p_template text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select p_template in ('revisits.overdue', 'revisits.overdue_own', 'revisits.overdue_chief', 'revisits.climbed', 'revisits.several', 'duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late', 'alerts.help',
    'alerts.submitted', 'alerts.returned', 'patrols.applied', 'patrols.empty', 'patrols.called_off', 'patrols.swap',
    'staff.factor_enrolled', 'staff.factor_changed', 'staff.factor_reset', 'staff.recovery_used', 'staff.codes_renewed', 'staff.password_changed', 'staff.invited', 'staff.proposed', 'staff.changed');
$function$;

CREATE OR REPLACE FUNCTION private.is_for_chief(p_before jsonb, p_after jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_before ->> 'retention_days', '365') <> p_after ->> 'retention_days'
    or coalesce(p_before ->> 'urgency' = 'urgent' and p_before ->> 'is_active' = 'true', false) and (p_after ->> 'urgency' <> 'urgent' or p_after ->> 'is_active' <> 'true');
$function$;

CREATE OR REPLACE FUNCTION private.is_grid_setting(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(p ->> 'code' ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$' and char_length(p ->> 'code') <= 24 and private.is_said(p -> 'name', 60) and private.is_area(p -> 'boundary')
    and jsonb_typeof(p -> 'lat') = 'number' and jsonb_typeof(p -> 'lng') = 'number' and (p ->> 'lat')::numeric between -90 and 90 and (p ->> 'lng')::numeric between -180 and 180, false);
$function$;

CREATE OR REPLACE FUNCTION private.is_last_of_role(p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select p_staff.is_active and p_staff.role in ('chief', 'auditor', 'admin')
    and not exists (select from public.staff s where s.station_id = p_staff.station_id and s.role = p_staff.role and s.is_active and s.user_id <> p_staff.user_id);
$function$;

CREATE OR REPLACE FUNCTION private.is_office_setting(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(private.is_said(p -> 'name', 60) and private.is_said(p -> 'address', 200) and private.is_said(p -> 'reception_hours', 300) and private.is_phone(p ->> 'phone')
    and (p ->> 'lat' is null) = (p ->> 'lng' is null)
    and (p ->> 'lat' is null or (jsonb_typeof(p -> 'lat') = 'number' and jsonb_typeof(p -> 'lng') = 'number' and (p ->> 'lat')::numeric between -90 and 90 and (p ->> 'lng')::numeric between -180 and 180)), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_on_duty(p_staff uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select exists (select from public.staff s where s.user_id = p_staff and s.user_id in (select private.on_duty(s.station_id, private.clock())));
$function$;
comment on function private.is_on_duty(uuid) is 'Definer: as on_duty.';

CREATE OR REPLACE FUNCTION private.is_open_work(p_report public.reports, p_staff uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_report.assigned_to = p_staff, false) and (p_report.status in ('received', 'triaged', 'in_progress')
    or exists (select from public.revisits v where v.report_id = p_report.id and v.answer is null and v.stopped_at is null and v.no_reply_at is null));
$function$;

CREATE OR REPLACE FUNCTION private.is_order_setting(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_typeof(p) = 'array' and array(select c.value from jsonb_array_elements_text(p) c order by 1) = array(select k.code::text from public.categories k where k.is_active order by 1), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_over(o public.outbox, p_now timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_state text;
  v_ended text;
begin
  if o.expires_at <= p_now then
    return 'expired';
  elsif o.subscription_id is null then
    return null;
  end if;
  select s.state into v_state from private.alert_subscriptions s where s.id = o.subscription_id;
  if v_state is distinct from (case when o.template = 'alerts.confirm' then 'pending' else 'active' end) then
    return 'unsubscribed';
  end if;
  select a.ended_by_type into v_ended from public.alerts a where a.id = o.noun_id;
  return case when v_ended = 'update' then 'superseded' when v_ended is not null then 'withdrawn' end;
end;
$function$;

CREATE OR REPLACE FUNCTION private.is_phone(p_phone text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select p_phone ~ '^[+0-9][-0-9 ()./转]{1,39}$' and p_phone ~ '[0-9]{2}';
$function$;

CREATE OR REPLACE FUNCTION private.is_plain_text(p text, p_least integer, p_most integer, p_lines boolean)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(char_length(p) <= p_most and char_length(btrim(p)) >= p_least and p !~ '[\u0001-\u0008\u000b-\u001f\u007f\ufffe\uffff]' and (p_lines or strpos(p, chr(10)) = 0), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_question_setting(p jsonb, p_is_about_police boolean)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(p ->> 'code' ~ '^[a-z]+(_[a-z]+)*$' and char_length(p ->> 'code') <= 40 and p ->> 'kind' in ('text', 'number', 'single', 'multi', 'officer') and (p ->> 'kind' <> 'officer' or p_is_about_police)
    and private.is_said(p -> 'label', 200) and (p ->> 'hint' is null or private.is_said(p -> 'hint', 300)) and jsonb_typeof(p -> 'is_required') = 'boolean' and jsonb_typeof(p -> 'options') = 'array'
    and (p ->> 'kind' in ('single', 'multi')) = (jsonb_array_length(p -> 'options') > 0) and jsonb_array_length(p -> 'options') <= 20
    and (select count(distinct o.value ->> 'code') = count(*) and coalesce(bool_and(o.value ->> 'code' ~ '^[a-z]+(_[a-z]+)*$' and char_length(o.value ->> 'code') <= 40 and private.is_said(o.value -> 'label', 120)), true)
      from jsonb_array_elements(p -> 'options') o), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_reveal_waiting(p_reveal private.reveals)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select p_reveal.decided_at is null and p_reveal.asked_at > private.clock() - interval '7 days';
$function$;

CREATE OR REPLACE FUNCTION private.is_roll_call_time(p_shift public.patrol_shifts, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select p_at >= lower(p_shift.period) - interval '30 minutes' and p_at < lower(p_shift.period) + interval '15 minutes';
$function$;

CREATE OR REPLACE FUNCTION private.is_said(p_text jsonb, p_most integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_typeof(p_text) = 'object' and p_text - array['zh', 'en'] = '{}'::jsonb
    and (select count(*) = 2 and bool_and(jsonb_typeof(t.value) = 'string' and char_length(t.value #>> '{}') between 1 and p_most and t.value #>> '{}' = btrim(t.value #>> '{}', E' \t\n')) from jsonb_each(p_text) t), false);
$function$;
comment on function private.is_said(jsonb,integer) is 'A text in both languages, trimmed, of at most so many characters.';

CREATE OR REPLACE FUNCTION private.is_setting(p_station uuid, p_section text, p_item text, p jsonb)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case p_section
    when 'station' then p_item = 'station' and private.is_station_setting(p)
    when 'office' then exists (select from public.communities c where c.station_id = p_station and c.slug = p_item and c.is_active) and (p is null or private.is_office_setting(p))
    when 'category' then private.is_category_setting(p_item, p)
    when 'category_order' then p_item = 'order' and private.is_order_setting(p)
    when 'template' then p is null or private.is_template_setting(p_item, p)
    when 'areas' then p_item = 'areas' and private.is_areas_setting(p_station, p)
    else false
  end;
$function$;

CREATE OR REPLACE FUNCTION private.is_shift_form(p_station uuid, p jsonb)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(
    exists (select from public.communities c where c.id = (p ->> 'community')::uuid and c.station_id = p_station and c.is_active)
    and (p ->> 'route' is null or exists (select from public.patrol_routes r where r.id = (p ->> 'route')::uuid and r.community_id = (p ->> 'community')::uuid and r.is_active))
    and exists (select from public.shift_types t where t.code = p ->> 'type' and t.is_active)
    and (p ->> 'skill' is null or exists (select from public.patrol_skills k where k.code = p ->> 'skill' and k.is_active))
    and coalesce(p ->> 'kind', 'patroller') in ('patroller', 'information', 'building_contact', 'mediator')
    and (p ->> 'needed')::integer between 2 and 30 and (p ->> 'maximum')::integer between (p ->> 'needed')::integer and 50, false);
$function$;

CREATE OR REPLACE FUNCTION private.is_station_setting(p jsonb)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(private.is_said(p -> 'name', 60) and (p ->> 'address' is null or private.is_said(p -> 'address', 200)) and (p ->> 'phone' is null or private.is_phone(p ->> 'phone'))
    and exists (select from pg_catalog.pg_timezone_names z where z.name = p ->> 'time_zone') and (p ->> 'emergency_numbers' is null or private.are_emergency_numbers(p -> 'emergency_numbers'))
    and (p ->> 'alert_issuer' is null or p ->> 'alert_issuer' ~ '^[0-9]{14}$'), false);
$function$;

CREATE OR REPLACE FUNCTION private.is_template_setting(p_slug text, p jsonb)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(p_slug) <= 60
    and (p ->> 'category' is null or exists (select from public.categories k where k.code = p ->> 'category'))
    and p ->> 'status' in ('received', 'triaged', 'in_progress', 'resolved', 'closed', 'message') and (p ->> 'status' = 'closed') = (p ->> 'closed_reason' is not null)
    and (p ->> 'closed_reason' is null or p ->> 'closed_reason' in ('no_further_action', 'referred', 'duplicate', 'withdrawn', 'unfounded', 'spam'))
    and private.is_said(p -> 'name', 60) and private.is_said(p -> 'body', 1000) and private.count_blanks(p -> 'body' ->> 'zh') = private.count_blanks(p -> 'body' ->> 'en')
    and jsonb_typeof(p -> 'position') = 'number' and (p ->> 'position')::numeric between 0 and 100000, false);
$function$;

CREATE OR REPLACE FUNCTION private.is_text_in_both(p_text jsonb, p_least integer, p_most integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select jsonb_typeof(p_text) = 'object' and p_text - '{zh,en}'::text[] = '{}'::jsonb
    and coalesce(jsonb_typeof(p_text -> 'zh') = 'string' and jsonb_typeof(p_text -> 'en') = 'string'
      and char_length(p_text ->> 'zh') between p_least and p_most and char_length(p_text ->> 'en') between p_least and p_most, false);
$function$;

CREATE OR REPLACE FUNCTION private.is_thread_in_view(p_thread private.chat_threads, p_view text, p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case p_view when 'waiting' then p_thread.state = 'waiting' when 'mine' then p_thread.state = 'open' and p_thread.staff_id = p_staff.user_id
    when 'colleagues' then p_thread.state = 'open' and p_thread.staff_id <> p_staff.user_id when 'closed' then p_thread.state = 'closed' else false end;
$function$;

CREATE OR REPLACE FUNCTION private.is_trainee(p_volunteer public.volunteers)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select p_volunteer.state = 'enrolled';
$function$;

CREATE OR REPLACE FUNCTION private.is_verified_for(p_user uuid, p_community uuid, p_officer uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select exists (select from private.verifications v
    where v.user_id = p_user and v.community_id = p_community and v.confirmed_by is distinct from p_officer)
    and not exists (select from public.staff s where s.user_id = p_user and s.is_active);
$function$;
comment on function private.is_verified_for(uuid,uuid,uuid) is 'RULES E1: confirmed by somebody other than the officer who is rated, and not staff.';

CREATE OR REPLACE FUNCTION private.keep_invited(p_station uuid, p jsonb)
 RETURNS uuid
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into private.staff_invitations (station_id, role, name, badge_number, email, locale, created_at)
  values (p_station, p ->> 'role', p -> 'name', btrim(p ->> 'badge_number'), lower(btrim(p ->> 'email')), p ->> 'locale', private.clock())
  returning id;
$function$;

CREATE OR REPLACE FUNCTION private.keep_mail_refused()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if not private.is_duty_mail(new.template) and (select c.is_given from private.consents c
      where c.user_id = coalesce(new.recipient_id, (select r.owner_id from public.reports r where r.id = new.noun_id))
        and c.purpose = 'contact_mail' order by c.id desc limit 1) is false then
    return null;
  end if;
  return new;
end;
$function$;
comment on function private.keep_mail_refused() is 'Trigger: no mail to an account that refused mails, but those of a duty. Definer: consents are private.';

CREATE OR REPLACE FUNCTION private.keep_proposal()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if tg_op = 'DELETE' or old.decision is not null
    or (new.id, new.station_id, new.kind, new.subject_id, new.invitation_id, new.role, new.reason, new.proposed_by, new.proposed_at)
      is distinct from (old.id, old.station_id, old.kind, old.subject_id, old.invitation_id, old.role, old.reason, old.proposed_by, old.proposed_at) then
    raise exception 'a proposal is decided once and never rewritten' using errcode = 'PT403', detail = 'append_only';
  end if;
  return new;
end;
$function$;

CREATE OR REPLACE FUNCTION private.keep_question_version()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into private.question_versions (category_code, code, until, kind, label, options)
  values (old.category_code, old.code, clock_timestamp() + (private.clock() - now()), old.kind, old.label, old.options);
  return new;
end;
$function$;
comment on function private.keep_question_version() is 'Trigger: holds for seeds and upgrades as for the desk.';

CREATE OR REPLACE FUNCTION private.keep_recovery_codes(p_user uuid, p_hashes jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if jsonb_typeof(p_hashes) is distinct from 'array' or jsonb_array_length(p_hashes) <> 10 then
    raise exception 'ten recovery codes' using errcode = 'PT422', detail = 'invalid_input';
  end if;
  delete from private.staff_recovery_codes c where c.user_id = p_user;
  insert into private.staff_recovery_codes (code_hash, user_id) select h.value, p_user from jsonb_array_elements_text(p_hashes) h;
end;
$function$;
comment on function private.keep_recovery_codes(uuid,jsonb) is 'Definer: the table is private.';

CREATE OR REPLACE FUNCTION private.keep_revisit_facts()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION private.keep_staff_password()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff;
  v_is_permitted boolean;
begin
  select s.* into v_staff from public.staff s where s.user_id = new.id and s.is_active;
  if not found then
    return new;
  end if;
  delete from private.password_permits w where w.user_id = new.id and w.until > now();
  v_is_permitted := found;
  if not v_is_permitted and exists (select from private.staff_factors f where f.user_id = new.id and f.confirmed_at is not null) then
    raise exception 'staff set a password in an open session of the desk' using errcode = 'PT403', detail = 'second_factor_required';
  end if;
  perform private.log(v_staff.station_id, new.id, v_staff.role, 'staff.password_changed', 'staff', new.id);
  perform private.notify_owner(new.id, 'staff.password_changed');
  return new;
end;
$function$;
comment on function private.keep_staff_password() is 'Trigger. Definer: Supabase Auth writes as a role that sees none of these tables.';

CREATE OR REPLACE FUNCTION private.keep_station_led()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if old.is_active and old.role in ('chief', 'auditor', 'admin') and (not new.is_active or new.role <> old.role) then
    perform from public.stations s where s.id = old.station_id for no key update;
    if not exists (select from public.staff s where s.station_id = old.station_id and s.role = old.role and s.is_active and s.user_id <> old.user_id) then
      raise exception 'the last active % stays', old.role using errcode = 'PT409', detail = 'last_of_role';
    end if;
  end if;
  if new.role in ('admin', 'auditor') and new.role <> old.role and (
    exists (select from public.assignments a where a.staff_id = new.user_id and coalesce(a.to_on, 'infinity'::date) >= private.station_today(new.station_id))
    or exists (select from public.reports r where r.assigned_to = new.user_id and r.status in ('received', 'triaged', 'in_progress'))
    or exists (select from public.revisit_suggestions g where g.owner_id = new.user_id and g.done_at is null)
    or exists (select from public.duty_shifts d where d.staff_id = new.user_id and d.ends_at > private.clock())) then
    raise exception 'work is handed over before somebody stops reading reports' using errcode = 'PT409', detail = 'successor_required';
  end if;
  return new;
end;
$function$;
comment on function private.keep_station_led() is 'Trigger. Definer: counts people and work that the caller may not read.';

CREATE OR REPLACE FUNCTION private.kept_days(p_report public.reports)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select greatest(c.retention_days, (select max(x.from_days) from private.retention_changes x where x.category_code = p_report.category_code and x.at > p_report.received_at))
  from public.categories c where c.code = p_report.category_code;
$function$;

CREATE OR REPLACE FUNCTION private.kept_for(p_kind text)
 RETURNS interval
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select r.keep_for from private.retention_rules r where r.kind = p_kind;
$function$;

CREATE OR REPLACE FUNCTION private.know_the_account()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  new.user_id := coalesce(new.user_id, (select l.user_id from private.telegram_links l where l.chat_hash = new.key_hash));
  return new;
end;
$function$;
comment on function private.know_the_account() is 'Trigger. Definer: links are private.';

CREATE OR REPLACE FUNCTION private.ladder_steps(p_report uuid, p_staff public.staff)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'round', v.round, 'step', v.step, 'level', v.level, 'opened_at', v.opened_at, 'due_at', private.due_after(r.station_id, v.opened_at, 3),
      'may_visit', private.may_change(r, p_staff) and v.visited_at is null and v.answer is null and v.stopped_at is null and private.may_visit(v, p_staff),
      'stopped_at', v.stopped_at) order by v.round, v.step), '[]'::jsonb)
  from public.revisits v join public.reports r on r.id = v.report_id where v.report_id = p_report;
$function$;

CREATE OR REPLACE FUNCTION private.leads_patrol(p_actor uuid, p_staff public.staff, p_shift public.patrol_shifts)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_staff.station_id = p_shift.station_id and (p_staff.role in ('lead', 'chief') or p_staff.user_id = p_shift.lead_staff_id
      or (p_staff.role = 'officer' and num_nonnulls(p_shift.lead_staff_id, p_shift.lead_volunteer_id) = 0 and p_shift.community_id in (select private.communities_of(p_staff.user_id)))), false)
    or exists (select from public.volunteers v where v.user_id = p_actor and v.station_id = p_shift.station_id and v.state = 'active'
      and (v.id = p_shift.lead_volunteer_id
        or (num_nonnulls(p_shift.lead_staff_id, p_shift.lead_volunteer_id) = 0 and private.attended_shifts(v.id) >= 5
          and exists (select from public.shift_places q where q.shift_id = p_shift.id and q.volunteer_id = v.id and q.state = 'confirmed'))));
$function$;

CREATE OR REPLACE FUNCTION private.leaf_now(p_leaf private.seal_leaves)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case p_leaf.source
    when 'audit_log' then (select private.canonical_log(l, p_leaf.version) from public.audit_log l where l.id = p_leaf.row_id::bigint)
    when 'reports' then (select private.canonical_report(r, p_leaf.version) from public.reports r where r.id = p_leaf.row_id::uuid)
    when 'report_contents' then (select r.content_hash::text from public.reports r where r.reference = p_leaf.row_id)
    when 'report_attachments' then (select private.canonical_attachment(a, p_leaf.version) from public.report_attachments a where a.id = p_leaf.row_id::uuid)
  end;
$function$;

CREATE OR REPLACE FUNCTION private.leave_roster_erased()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_before public.volunteers := private.volunteer_of(new.user_id);
  v_after public.volunteers;
  v_nobody public.staff;
begin
  if v_before.id is null then
    return null;
  end if;
  perform private.lock_roster(v_before.station_id);
  perform private.clear_places(v_before.id);
  update public.volunteers v set user_id = null, state = 'left', suspended_from = null, suspended_until = null, availability = '{}'::jsonb, changed_at = private.clock() where v.id = v_before.id returning * into v_after;
  delete from private.volunteer_contacts c where c.volunteer_id = v_before.id;
  delete from public.volunteer_skills k where k.volunteer_id = v_before.id;
  perform private.add_volunteer_step(v_before, v_after, 'volunteer.left', 'erased', v_nobody, null);
  return null;
end;
$function$;
comment on function private.leave_roster_erased() is 'Trigger. Definer: nobody writes the roster directly.';

CREATE OR REPLACE FUNCTION private.leave_shift(p_volunteer uuid, p_shift uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers;
  v_place public.shift_places;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer;
  perform private.lock_roster(v_volunteer.station_id);
  select p.* into v_place from public.shift_places p where p.shift_id = p_shift and p.volunteer_id = p_volunteer and p.state in ('confirmed', 'waiting', 'offered') for update;
  if v_place.id is null then
    return private.refuse('not_found');
  end if;
  if v_place.state = 'confirmed' and v_now > lower(v_place.period) - interval '3 hours' then
    return private.refuse('too_late_to_leave');
  end if;
  update public.shift_places p set state = 'left', offered_until = null, ended_at = v_now where p.id = v_place.id;
  update public.shift_swaps w set state = 'expired' where w.place_id = v_place.id and w.state in ('asked', 'accepted');
  if v_place.state in ('confirmed', 'offered') then
    perform private.offer_places(p_shift);
  end if;
  perform private.log_own_act(v_volunteer, 'shift.left', p_shift);
  return '{"ok": true}'::jsonb;
end;
$function$;

CREATE OR REPLACE FUNCTION private.leave_tombstone(p_report public.reports, p_actor uuid, p_role text, p_reason text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  select private.log((p_report).station_id, p_actor, p_role, 'report.erased', 'reports', p_report.id,
    jsonb_build_object('erased', p_report.reference, 'content_hash', p_report.content_hash, 'because', p_reason));
$function$;

CREATE OR REPLACE FUNCTION private.lock_points(p_station uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  select pg_advisory_xact_lock(hashtext('linli points'), hashtext(p_station::text));
$function$;

CREATE OR REPLACE FUNCTION private.lock_roster(p_station uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  select pg_advisory_xact_lock(hashtext('linli patrols'), hashtext(p_station::text));
$function$;

CREATE OR REPLACE FUNCTION private.lock_settings()
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  select pg_advisory_xact_lock(hashtext('linli settings'));
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

CREATE OR REPLACE FUNCTION private.log_alert(p_alert public.alerts, p_staff public.staff, p_action text, p_facts jsonb DEFAULT '{}'::jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  perform private.log(p_staff.station_id, p_staff.user_id, p_staff.role, p_action, 'alerts', p_alert.id,
    jsonb_strip_nulls(jsonb_build_object('alert', p_alert.identifier, 'message_type', p_alert.message_type, 'colour', p_alert.colour, 'version', p_alert.revision) || p_facts));
end;
$function$;

CREATE OR REPLACE FUNCTION private.log_decision(p_by public.staff, p_proposal public.staff_proposals, p_decision text, p_badge text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_by constant public.staff := p_by;
  v_details jsonb := jsonb_build_object('proposal', p_proposal.kind, 'about', p_proposal.subject_id, 'badge', p_badge, 'role', p_proposal.role);
begin
  case p_decision
    when 'confirmed' then
      perform private.log(v_by.station_id, v_by.user_id, v_by.role, 'staff.change_confirmed', 'staff', p_proposal.subject_id, v_details);
    when 'refused' then
      perform private.log(v_by.station_id, v_by.user_id, v_by.role, 'staff.change_declined', 'staff', p_proposal.subject_id, v_details);
    else
      perform private.log(v_by.station_id, v_by.user_id, v_by.role, 'staff.change_withdrawn', 'staff', p_proposal.subject_id, v_details);
  end case;
end;
$function$;

CREATE OR REPLACE FUNCTION private.log_night(p_shift public.patrol_shifts, p_actor uuid, p_action text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff;
begin
  select s.* into v_staff from public.staff s where s.user_id = p_actor and s.is_active and s.station_id = p_shift.station_id;
  perform private.log(p_shift.station_id, v_staff.user_id, coalesce(v_staff.role, 'resident'), p_action, 'patrols', p_shift.id);
end;
$function$;

CREATE OR REPLACE FUNCTION private.log_own_act(p_volunteer public.volunteers, p_act text, p_shift uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  -- Who it was stands in the place; the log of a resident's own act names nobody.
  select private.log(p_volunteer.station_id, null, 'resident', p_act, 'patrols', p_shift);
$function$;

CREATE OR REPLACE FUNCTION private.log_shift(p_staff public.staff, p_action text, p_shift uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  select private.log(p_staff.station_id, p_staff.user_id, p_staff.role, p_action, 'patrols', p_shift);
$function$;

CREATE OR REPLACE FUNCTION private.mail_fact(p_mail public.outbox)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('at', p_mail.created_at, 'template', p_mail.template, 'channel', p_mail.channel, 'status', p_mail.status, 'settled_at', p_mail.settled_at);
$function$;

CREATE OR REPLACE FUNCTION private.masked_address(p_address text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select left(p_address, 1) || '•••@' || split_part(p_address, '@', 2);
$function$;
comment on function private.masked_address(text) is 'An address as the desk may see it (RULES H1).';

CREATE OR REPLACE FUNCTION private.may_answer_alert(p_alert public.alerts, p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_alert.state = 'published' and p_alert.station_id = p_staff.station_id and (p_staff.role in ('lead', 'chief')
    or (p_staff.role = 'officer' and (p_alert.community_ids && array(select private.communities_of(p_staff.user_id)) or p_staff.user_id in (select private.on_duty(p_staff.station_id, private.clock()))))), false);
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

CREATE OR REPLACE FUNCTION private.may_change_factor(p_user uuid, p_session uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select case private.staff_session_state(p_user, p_session)
    when 'enrol' then true
    when 'open' then exists (select from private.staff_sessions s where s.session_id = p_session and s.user_id = p_user and s.proved_at > now() - interval '5 minutes')
    else false end;
$function$;
comment on function private.may_change_factor(uuid,uuid) is 'Definer: the tables are private.';

CREATE OR REPLACE FUNCTION private.may_earn(p_volunteer public.volunteers)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select p_volunteer.user_id is not null and not exists (select from public.staff s where s.user_id = p_volunteer.user_id and s.is_active);
$function$;

CREATE OR REPLACE FUNCTION private.may_edit_articles(p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_staff.role in ('lead', 'chief') and exists (select from public.stations s where s.id = p_staff.station_id and s.is_default), false);
$function$;

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

CREATE OR REPLACE FUNCTION private.may_plan_duty(p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_staff.role in ('lead', 'chief'), false);
$function$;

CREATE OR REPLACE FUNCTION private.may_read_alert(p_alert public.alerts, p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_alert.station_id = p_staff.station_id and (p_staff.role in ('lead', 'chief', 'auditor') or (p_staff.role = 'officer' and (p_alert.state = 'published' or p_alert.created_by = p_staff.user_id
    or p_alert.community_ids && array(select private.communities_of(p_staff.user_id))))), false);
$function$;

CREATE OR REPLACE FUNCTION private.may_read_log(p_report uuid, p_staff uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select not exists (select from public.reports r where r.id = p_report and r.is_about_police and p_staff = any (r.about_staff))
    and not exists (select from private.erased_about_staff e where e.report_id = p_report and e.staff_id = p_staff);
$function$;
comment on function private.may_read_log(uuid,uuid) is 'Definer: the reader of the log may not see the report itself.';
grant execute on function private.may_read_log(uuid,uuid) to authenticated;

CREATE OR REPLACE FUNCTION private.may_read_thread(p_thread private.chat_threads, p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce(p_staff.station_id = p_thread.station_id and case
    when p_staff.role = 'chief' then true
    when p_thread.is_about_police then false
    when p_staff.role = 'lead' then true
    when p_staff.role = 'officer' then coalesce(p_thread.staff_id = p_staff.user_id, false)
      or coalesce(p_thread.community_id in (select private.communities_of(p_staff.user_id)), p_thread.state = 'waiting')
      or private.is_on_duty(p_staff.user_id)
    else false
  end, false);
$function$;
comment on function private.may_read_thread(private.chat_threads,public.staff) is 'Officers: their communities (PRODUCT §8). Definer: assignments and the roster are private.';

CREATE OR REPLACE FUNCTION private.may_read_volunteer(p_volunteer public.volunteers, p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_volunteer.station_id = p_staff.station_id and (p_staff.role in ('lead', 'chief', 'auditor')
    or (p_staff.role = 'officer' and p_volunteer.community_id in (select private.communities_of(p_staff.user_id)))), false);
$function$;

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
      or (private.concerns_duty(p_report) and private.is_on_duty(p_staff.user_id))
    else false
  end;
$function$;
comment on function private.may_see(public.reports,public.staff) is 'Officers: their communities, what is assigned to them, and on duty what has no place or is urgent and fresh. Lead, chief: the station. About the police: chief and auditor, never whoever is named (RULES A6). Admin: nothing. Definer: policies call it, and it reads columns and assignments that the caller may not.';
grant execute on function private.may_see(public.reports,public.staff) to authenticated;

CREATE OR REPLACE FUNCTION private.may_see_message(p_message public.outbox, p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_staff.role in ('lead', 'chief') and private.station_of_message(p_message) = p_staff.station_id
    and (p_message.noun <> 'reports' or p_message.noun_id is null or exists (select from public.reports r where r.id = p_message.noun_id and private.may_see(r, p_staff))), false);
$function$;

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

CREATE OR REPLACE FUNCTION private.may_set(p_staff public.staff, p_section text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_staff.role in ('chief', 'admin') and (p_section in ('station', 'office', 'areas') or exists (select from public.stations s where s.id = p_staff.station_id and s.is_default)), false);
$function$;

CREATE OR REPLACE FUNCTION private.may_set_terms(p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_staff.role = 'chief' and exists (select from public.stations s where s.id = p_staff.station_id and s.is_default), false);
$function$;

CREATE OR REPLACE FUNCTION private.may_visit(p_revisit public.revisits, p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(private.revisit_rank(p_staff.role) >= private.revisit_rank(p_revisit.level), false)
    and not (p_revisit.step between 2 and 3 and exists (select from public.revisits e
      where e.report_id = p_revisit.report_id and e.round = p_revisit.round and e.step < p_revisit.step and e.visited_by = p_staff.user_id));
$function$;

CREATE OR REPLACE FUNCTION private.may_write_alert(p_alert public.alerts, p_staff public.staff)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(p_alert.station_id = p_staff.station_id and (p_staff.role in ('lead', 'chief')
    or (p_staff.role = 'officer' and p_alert.community_ids <@ array(select private.communities_of(p_staff.user_id)) and (p_alert.created_by = p_staff.user_id or cardinality(p_alert.community_ids) > 0))), false);
$function$;

CREATE OR REPLACE FUNCTION private.missed_shifts(p_volunteer public.volunteers)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select count(*)::integer from public.shift_places p where p.volunteer_id = p_volunteer.id and p.state = 'no_show' and p.ended_at >= p_volunteer.no_shows_from;
$function$;

CREATE OR REPLACE FUNCTION private.month_at(p_station uuid, p_at timestamp with time zone)
 RETURNS date
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select date_trunc('month', private.day_at(p_station, p_at))::date;
$function$;

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

CREATE OR REPLACE FUNCTION private.my_session()
 RETURNS uuid
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'session_id')::uuid;
$function$;

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

CREATE OR REPLACE FUNCTION private.name_the_chat()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if new.chat_hash is null then
    new.chat_hash := case when new.recipient_id is not null then (select l.chat_hash from private.telegram_links l where l.user_id = new.recipient_id)
      when new.template = 'chat.reply' then (select c.key_hash from private.chat_replies r join private.chat_conversations c on c.id = r.conversation_id where r.id = new.noun_id)
      -- What people say in a thread, and that it ended.
      else (select c.key_hash from private.chat_threads t join private.chat_conversations c on c.id = t.conversation_id
        where t.id = case when new.template = 'chat.closed' then new.noun_id else (select m.thread_id from private.chat_thread_messages m where m.id = new.noun_id) end) end;
  end if;
  if new.priority = 4 then
    new.priority := case when new.template like 'duty.%' or new.template = 'alerts.help' then 0 when new.template in ('chat.reply', 'chat.notice', 'chat.staff_reply') then 1 else 4 end;
  end if;
  return case when new.chat_hash is not null then new end;
end;
$function$;
comment on function private.name_the_chat() is 'Trigger. Definer: links and conversations are private. A message to no chat is none.';

CREATE OR REPLACE FUNCTION private.needs_second_person(p_alert public.alerts)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce(p_alert.colour in ('orange', 'red'), false) or exists (
    select from public.alerts a where a.chain_id = p_alert.chain_id and a.id <> p_alert.id and a.state = 'published' and a.colour in ('orange', 'red') and (a.ended_by_id is null or a.ended_by_id = p_alert.id));
$function$;
comment on function private.needs_second_person(public.alerts) is 'Definer: used by the trigger.';

CREATE OR REPLACE FUNCTION private.new_alert_identifier()
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_reference text := private.new_reference();
begin
  return 'LLA-' || substr(v_reference, 4);
end;
$function$;

CREATE OR REPLACE FUNCTION private.new_pick_up_code()
 RETURNS text
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(r.bytes, n) % 32, 1), '' order by n) from (select extensions.gen_random_bytes(8) as bytes) r cross join generate_series(0, 7) n;
$function$;

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

CREATE OR REPLACE FUNCTION private.night_of(p_station uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce((select jsonb_build_object('from', to_char(n.night_from, 'HH24:MI'), 'to', to_char(n.night_to, 'HH24:MI'), 'creditPercent', n.credit_percent) from private.patrol_night_rules n where n.station_id = p_station),
    '{"from": "22:00", "to": "06:00", "creditPercent": 150}'::jsonb);
$function$;

CREATE OR REPLACE FUNCTION private.notice_facts(p_notice public.case_notices, p_report public.reports, p_staff public.staff)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('id', p_notice.id, 'reference', p_report.reference, 'category', p_report.category_code, 'community_id', p_notice.community_id, 'title', p_notice.title, 'body', p_notice.body,
    'edited_at', p_notice.edited_at, 'edited_by', (select s.name from public.staff s where s.user_id = p_notice.edited_by),
    'published_at', p_notice.published_at, 'published_by', (select s.name from public.staff s where s.user_id = p_notice.published_by), 'withdrawn_at', p_notice.withdrawn_at,
    'state', case when p_notice.withdrawn_at is not null then 'withdrawn' when p_notice.published_at is not null then 'published' else 'draft' end,
    'is_reporter_told', private.was_reporter_told(p_report),
    'may_edit', private.may_change(p_report, p_staff) and p_report.status = 'resolved',
    'may_publish', private.may_change(p_report, p_staff) and p_staff.role in ('lead', 'chief') and p_notice.edited_by <> p_staff.user_id and p_notice.published_at is null and p_notice.withdrawn_at is null,
    'may_withdraw', private.may_change(p_report, p_staff) and p_notice.withdrawn_at is null and (p_staff.role in ('lead', 'chief') or (p_notice.edited_by = p_staff.user_id and p_notice.published_at is null)));
$function$;
comment on function private.notice_facts(public.case_notices,public.reports,public.staff) is 'Definer: names of colleagues.';

CREATE OR REPLACE FUNCTION private.notify_climbed(p_report public.reports, p_revisit public.revisits)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  select private.notify_staff(p_report, c.user_id, c.locale, 'revisits.climbed')
  from (
    select s.user_id, coalesce(f.locale, 'zh') as locale, dense_rank() over (order by private.may_visit(p_revisit, s) desc, private.revisit_rank(s.role)) as place
    from public.staff s left join public.profiles f on f.user_id = s.user_id
    where s.station_id = p_report.station_id and s.is_active and private.may_change(p_report, s)
      and private.revisit_rank(s.role) >= private.revisit_rank(p_revisit.level)
  ) c
  where c.place = 1;
$function$;

CREATE OR REPLACE FUNCTION private.notify_duty(p_report public.reports, p_level text, p_template text, p_at timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_people uuid[] := array(select private.people_to_call(p_report, p_level, p_at));
begin
  insert into private.duty_calls as c (report_id, level, at, people) values (p_report.id, p_level, p_at, cardinality(v_people))
  on conflict (report_id, level) do update set at = excluded.at, people = excluded.people where c.people = 0 and excluded.people > 0;
  if not found then
    return cardinality(v_people);
  end if;
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  select 'email', p_template, 'reports', p_report.id, u, coalesce(f.locale, 'zh')
  from unnest(v_people) u left join public.profiles f on f.user_id = u
  where p_report.urgency = 'urgent'
    or not exists (select from public.outbox o where o.recipient_id = u and o.template = p_template and o.created_at > p_at - interval '1 hour');
  perform private.log(p_report.station_id, null, 'system', 'report.duty_called', 'reports', p_report.id, jsonb_build_object('level', p_level, 'people', cardinality(v_people)), p_at);
  return cardinality(v_people);
end;
$function$;

CREATE OR REPLACE FUNCTION private.notify_level(p_report public.reports, p_level text, p_template text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  select private.notify_staff(p_report, s.user_id, coalesce(f.locale, 'zh'),
    p_template || case when p_level <> 'chief' then '' when s.role = 'chief' then '_own' else '_chief' end)
  from public.staff s left join public.profiles f on f.user_id = s.user_id
  where s.station_id = p_report.station_id and s.is_active and not s.user_id = any (p_report.about_staff)
    and case when p_level = 'officer' and not p_report.is_about_police then s.role = 'lead' when p_level in ('officer', 'lead') then s.role = 'chief' else s.role in ('chief', 'auditor') end;
$function$;

CREATE OR REPLACE FUNCTION private.notify_owner(p_user uuid, p_template text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  values ('email', p_template, 'staff', p_user, p_user, coalesce((select p.locale from public.profiles p where p.user_id = p_user), 'zh'));
end;
$function$;
comment on function private.notify_owner(uuid,text) is 'Definer: nobody writes the outbox.';

CREATE OR REPLACE FUNCTION private.notify_reporter(p_report public.reports, p_template text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, recipient_sealed, locale)
  select 'email', p_template, 'reports', p_report.id,
    case when p_report.notify_sealed is null then p_report.owner_id end, p_report.notify_sealed, p_report.locale
  where not p_report.is_portal_only and (p_report.notify_sealed is not null or p_report.owner_id is not null);
  insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, locale, chat_hash)
  select 'telegram', p_template, 'reports', p_report.id, f.handle_sealed, p_report.locale, f.chat_hash
  from private.telegram_followers f where f.report_id = p_report.id
    and (p_report.is_portal_only or not exists (select from private.telegram_links l where l.user_id = p_report.owner_id and l.chat_hash = f.chat_hash and l.news <> 'mail'));
$function$;

CREATE OR REPLACE FUNCTION private.notify_staff(p_report public.reports, p_recipient uuid, p_locale text, p_template text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_waiting bigint;
begin
  select o.id into v_waiting from public.outbox o
  where o.recipient_id = p_recipient and o.template like 'revisits.%' and private.is_duty_mail(o.template)
    and o.status = 'queued' and o.attempts = 0 and o.leased_by is null
  order by o.id limit 1 for update skip locked;
  if found then
    update public.outbox o set template = 'revisits.several', noun = 'revisits', noun_id = null, matters = o.matters + 1 where o.id = v_waiting;
  else
    insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale) values ('email', p_template, 'reports', p_report.id, p_recipient, p_locale);
  end if;
end;
$function$;

CREATE OR REPLACE FUNCTION private.notify_thread(p_thread private.chat_threads)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_people uuid[];
  v_after timestamptz := private.clock();
begin
  if not p_thread.is_about_police then
    v_people := array(select private.on_duty(p_thread.station_id, private.clock()));
  end if;
  if coalesce(cardinality(v_people), 0) = 0 then
    v_people := array(select s.user_id from public.staff s where s.station_id = p_thread.station_id and s.is_active
      and s.role = case when not p_thread.is_about_police and exists (select from public.staff l where l.station_id = p_thread.station_id and l.is_active and l.role = 'lead') then 'lead' else 'chief' end);
    v_after := coalesce((private.chat_hours_at(p_thread.station_id, v_after) ->> 'opens_at')::timestamptz, v_after);
  end if;
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale, send_after)
  select 'email', 'chat.waiting', 'chat', p_thread.id, u, coalesce(f.locale, 'zh'), v_after
  from unnest(v_people) u left join public.profiles f on f.user_id = u
  where not exists (select from public.outbox o where o.recipient_id = u and o.channel = 'email' and o.template = 'chat.waiting' and o.status = 'queued' and o.attempts = 0 and o.leased_by is null and o.send_after <= v_after);
  return cardinality(v_people);
end;
$function$;

CREATE OR REPLACE FUNCTION private.offer_places(p_shift uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
  v_place public.shift_places;
  v_volunteer public.volunteers;
  v_free integer;
  v_offered integer := 0;
begin
  select s.* into v_shift from public.patrol_shifts s where s.id = p_shift for update;
  v_free := v_shift.maximum - private.places_taken(p_shift);
  if v_shift.state <> 'open' or lower(v_shift.period) <= v_now + interval '3 hours' or v_free <= 0 then
    return 0;
  end if;
  for v_place in select p.* from public.shift_places p where p.shift_id = p_shift and p.state = 'waiting' order by p.queue for update loop
    exit when v_offered >= v_free;
    select v.* into v_volunteer from public.volunteers v where v.id = v_place.volunteer_id;
    continue when private.sign_up_gap(v_volunteer, v_shift, v_now) is not null;
    update public.shift_places p set state = 'offered', offered_until = least(v_now + interval '2 hours', lower(v_shift.period) - interval '1 hour') where p.id = v_place.id;
    perform private.tell_volunteer(v_volunteer, 'patrols.offered', p_shift);
    v_offered := v_offered + 1;
  end loop;
  return v_offered;
end;
$function$;

CREATE OR REPLACE FUNCTION private.on_duty(p_station uuid, p_at timestamp with time zone)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 2
 SET search_path TO ''
AS $function$
begin
  return query select distinct d.staff_id
  from public.duty_shifts d join public.staff s on s.user_id = d.staff_id and s.is_active and s.role in ('officer', 'lead', 'chief')
  where d.station_id = p_station and d.ends_at > p_at - interval '1 hour' and d.starts_at <= p_at + interval '30 minutes'
    and case when d.ends_at > p_at then least(d.starts_at, d.taken_over_at) <= p_at
      else exists (select from public.duty_shifts n where n.station_id = p_station and n.starts_at <= p_at and n.ends_at > p_at)
        and not exists (select from public.duty_shifts n where n.station_id = p_station and n.taken_over_at <= p_at and n.ends_at > p_at and n.starts_at >= d.starts_at) end;
end;
$function$;
comment on function private.on_duty(uuid,timestamp with time zone) is 'Who is on duty at a station at an instant. Definer: the roster is readable within a station only.';

CREATE OR REPLACE FUNCTION private.open_check(p jsonb)
 RETURNS private.seal_checks
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select c.* from private.seal_checks c
  where c.id = (p ->> 'id')::uuid and c.finished_at is null and c.actor_id is not distinct from (private.seal_reader(p)).user_id;
$function$;

CREATE OR REPLACE FUNCTION private.open_invitation(p_token_hash text)
 RETURNS private.staff_invitations
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select i.* from private.staff_invitations i where i.token_hash = p_token_hash and i.expires_at > private.clock();
$function$;

CREATE OR REPLACE FUNCTION private.open_reveal(p_reference text, p_id uuid, p_kind text, p_staff public.staff)
 RETURNS private.reveals
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select v.* from private.reveals v join public.reports r on r.id = v.report_id
  where v.id = p_id and r.reference = p_reference and v.kind = p_kind and v.expires_at > private.clock()
    and p_staff.user_id in (v.asked_by, v.decided_by) and private.may_change(r, p_staff);
$function$;

CREATE OR REPLACE FUNCTION private.open_revisit(p_report uuid, p_round integer, p_step integer, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_report public.reports;
  v_revisit public.revisits;
begin
  insert into public.revisits (report_id, round, step, opened_at) values (p_report, p_round, p_step, p_at) returning * into v_revisit;
  perform private.emit_event(p_report, 'revisit_opened', null, null, 'system', null, true, null, p_at);
  if p_step > 1 then
    select r.* into v_report from public.reports r where r.id = p_report;
    perform private.notify_climbed(v_report, v_revisit);
  end if;
end;
$function$;

CREATE OR REPLACE FUNCTION private.open_work(p_staff uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  return (select jsonb_build_object(
    'reports', (select count(*) from public.reports r where private.is_open_work(r, p_staff)),
    'revisits', (select count(*) from public.reports r join public.revisits v on v.report_id = r.id and v.visited_at is null and v.answer is null and v.stopped_at is null
      where r.assigned_to = p_staff),
    'suggestions', (select count(*) from public.revisit_suggestions g where g.owner_id = p_staff and g.done_at is null),
    'shifts', (select count(*) from public.duty_shifts d where d.staff_id = p_staff and d.ends_at > private.clock())));
end;
$function$;
comment on function private.open_work(uuid) is 'Counts only. Definer: the chief sees the counts of reports whose rows are not theirs.';

CREATE OR REPLACE FUNCTION private.order_entries(p_order private.reward_orders, p_sign integer)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select jsonb_agg(e.entry) from (values
    (jsonb_build_object('account', 'volunteer', 'volunteer', p_order.volunteer_id, 'points', -p_sign * (p_order.points + p_order.deposit))),
    (case when p_order.points > 0 then jsonb_build_object('account', 'rewards', 'points', p_sign * p_order.points) end),
    (case when p_order.deposit > 0 then jsonb_build_object('account', 'deposits', 'points', p_sign * p_order.deposit) end)) e (entry) where e.entry is not null;
$function$;

CREATE OR REPLACE FUNCTION private.order_facts(o private.reward_orders)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('id', o.id, 'reward', o.reward_id, 'name', (select r.name from private.rewards r where r.id = o.reward_id), 'points', o.points, 'deposit', o.deposit, 'state', o.state, 'ordered_at', o.ordered_at, 'handed_out_at', o.handed_out_at, 'ended_at', o.ended_at, 'note', o.note);
$function$;

CREATE OR REPLACE FUNCTION private.order_reward(p_volunteer uuid, p_reward uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_volunteer public.volunteers;
  v_reward private.rewards;
  v_order private.reward_orders;
  v_booked jsonb;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer;
  perform private.lock_points(v_volunteer.station_id);
  select r.* into v_reward from private.rewards r where r.id = p_reward and r.station_id = v_volunteer.station_id and r.is_active for update;
  if v_reward.id is null then
    return private.refuse('not_found');
  elsif v_volunteer.state not in ('enrolled', 'active') then
    return private.refuse('not_enrolled');
  elsif v_reward.stock = 0 then
    return private.refuse('out_of_stock');
  elsif (select count(*) >= 5 from private.reward_orders o where o.volunteer_id = p_volunteer and o.state = 'ordered') then
    return private.refuse('conflict');
  end if;
  v_order.id := gen_random_uuid();
  v_order.volunteer_id := p_volunteer;
  v_order.points := v_reward.points;
  v_order.deposit := v_reward.deposit;
  v_booked := private.post_points(v_volunteer.station_id, 'ordered', private.order_entries(v_order, 1), v_order.id);
  if not (v_booked ->> 'ok')::boolean then
    return v_booked;
  end if;
  update private.rewards r set stock = r.stock - 1 where r.id = p_reward;
  insert into private.reward_orders (id, station_id, reward_id, volunteer_id, points, deposit, code, ordered_at)
  values (v_order.id, v_volunteer.station_id, p_reward, p_volunteer, v_order.points, v_order.deposit, private.new_pick_up_code(), private.clock()) returning * into v_order;
  perform private.log_own_act(v_volunteer, 'reward.ordered', v_order.id);
  return jsonb_build_object('ok', true, 'order', v_order.id, 'code', v_order.code);
end;
$function$;
comment on function private.order_reward(uuid,uuid) is 'By volunteer and reward; the rights of the caller are looked at before.';

CREATE OR REPLACE FUNCTION private.over_reports()
 RETURNS SETOF public.reports
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select r.* from public.reports r
  where r.closed_at <= private.clock() - make_interval(days => (select min(c.retention_days) from public.categories c))
    and r.closed_at + make_interval(days => private.kept_days(r)) <= private.clock();
$function$;

CREATE OR REPLACE FUNCTION private.patrol_actor(p jsonb)
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  if p ->> 'chat' is null then
    return private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  end if;
  if coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', '') <> 'service_role' then
    raise exception 'a chat may be named with the secret key only' using errcode = 'PT403', detail = 'forbidden';
  end if;
  return (select l.user_id from private.telegram_links l where l.chat_hash = p ->> 'chat');
end;
$function$;

CREATE OR REPLACE FUNCTION private.patrol_declarations()
 RETURNS SETOF private.consent_texts
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select distinct on (t.purpose) t.* from private.consent_texts t where t.in_force_from <= private.clock() and starts_with(t.purpose, 'patrol_') order by t.purpose, t.version desc;
$function$;

CREATE OR REPLACE FUNCTION private.patrol_planner()
 RETURNS public.staff
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := private.staff_actor();
  v_nobody public.staff;
begin
  return case when v_staff.role in ('lead', 'chief') then v_staff else v_nobody end;
end;
$function$;

CREATE OR REPLACE FUNCTION private.pay_claims(p_station uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_month date := private.month_at(p_station, private.clock());
  v_budget integer;
  v_claim private.points_claims;
  v_booked jsonb;
  v_paid integer := 0;
begin
  perform private.lock_points(p_station);
  v_budget := private.budget_of(p_station, v_month);
  for v_claim in select c.* from private.points_claims c where c.station_id = p_station and c.transaction_id is null and c.points between 1 and v_budget order by c.number limit 500 for update loop
    v_booked := private.post_points(p_station, 'earned', jsonb_build_array(jsonb_build_object('account', 'budget', 'points', -v_claim.points), jsonb_build_object('account', 'volunteer', 'volunteer', v_claim.volunteer_id, 'points', v_claim.points)),
      v_claim.cause_id, v_claim.rule_code);
    exit when v_booked ->> 'code' = 'budget_spent';
    update private.points_claims c set transaction_id = (v_booked ->> 'id')::uuid where c.id = v_claim.id;
    v_paid := v_paid + 1;
  end loop;
  return v_paid;
end;
$function$;

CREATE OR REPLACE FUNCTION private.people_to_call(p_report public.reports, p_level text, p_at timestamp with time zone)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return query with may_know as (
    select s.user_id, s.role from public.staff s where s.station_id = p_report.station_id and s.is_active and not s.user_id = any (p_report.about_staff)
  )
  select m.user_id from may_know m
  where case
    when p_report.is_about_police then m.role = 'chief' or (m.role = 'auditor' and not exists (select from may_know c where c.role = 'chief'))
    when p_level in ('lead', 'chief') then m.role = p_level
    when p_report.urgency = 'urgent' or p_report.community_id is null then m.user_id = p_report.assigned_to or m.user_id in (select private.on_duty(p_report.station_id, p_at))
    when p_report.assigned_to is not null then m.user_id = p_report.assigned_to
    else m.role = 'officer' and p_report.community_id in (select private.communities_of(m.user_id)) end;
end;
$function$;

CREATE OR REPLACE FUNCTION private.places_of(p_station uuid, p jsonb)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with named as (
    select array(select distinct value::uuid from jsonb_array_elements_text(coalesce(p -> 'communities', '[]'::jsonb)) order by 1) as communities,
      array(select distinct value::uuid from jsonb_array_elements_text(coalesce(p -> 'grids', '[]'::jsonb)) order by 1) as grids
  )
  select jsonb_build_object('communities', to_jsonb(n.communities), 'grids', to_jsonb(n.grids)) from named n
  where cardinality(n.communities) <= 50 and cardinality(n.grids) <= 200
    and cardinality(n.communities) = (select count(*) from public.communities c where c.id = any (n.communities) and c.station_id = p_station)
    and cardinality(n.grids) = (select count(*) from public.grids g join public.communities c on c.id = g.community_id where g.id = any (n.grids) and c.station_id = p_station);
$function$;

CREATE OR REPLACE FUNCTION private.places_taken(p_shift uuid)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select count(*)::integer from public.shift_places p where p.shift_id = p_shift and p.state in ('confirmed', 'offered');
$function$;

CREATE OR REPLACE FUNCTION private.points_account(p_station uuid, p_kind text, p_volunteer uuid DEFAULT NULL::uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_id uuid;
begin
  select a.id into v_id from private.points_accounts a where a.station_id = p_station and a.kind = p_kind and a.volunteer_id is not distinct from p_volunteer and (p_kind <> 'volunteer' or p_volunteer is not null);
  if v_id is null then
    insert into private.points_accounts (station_id, kind, volunteer_id) values (p_station, p_kind, p_volunteer) returning id into v_id;
  end if;
  return v_id;
end;
$function$;

CREATE OR REPLACE FUNCTION private.points_balance(p_account uuid)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(sum(e.points), 0)::integer from private.points_entries e where e.account_id = p_account;
$function$;

CREATE OR REPLACE FUNCTION private.points_lines(p_volunteer uuid, p_limit integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(to_jsonb(l) - 'number' order by l.number desc), '[]'::jsonb) from (
    select t.number, t.id, t.at, t.kind, t.rule_code as rule, e.points, sum(e.points) over (order by t.number)::integer as balance, t.note,
      (select lower(q.period) from private.points_claims c join public.shift_places q on q.id = c.place_id where c.transaction_id = t.id limit 1) as patrol_at
    from private.points_accounts a join private.points_entries e on e.account_id = a.id join private.points_transactions t on t.id = e.transaction_id where a.volunteer_id = p_volunteer order by t.number desc limit p_limit) l;
$function$;

CREATE OR REPLACE FUNCTION private.points_rate(p_station uuid, p_rule text)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(s.points, r.points) from private.points_rules r left join private.points_rates s on s.rule_code = r.code and s.station_id = p_station where r.code = p_rule;
$function$;

CREATE OR REPLACE FUNCTION private.points_rules_of(p_station uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('code', r.code, 'name', r.name, 'unit', r.unit, 'points', private.points_rate(p_station, r.code)) order by r.position), '[]'::jsonb) from private.points_rules r;
$function$;

CREATE OR REPLACE FUNCTION private.post_points(p_station uuid, p_kind text, p_entries jsonb, p_cause uuid DEFAULT NULL::uuid, p_rule text DEFAULT NULL::text, p_actor uuid DEFAULT NULL::uuid, p_note text DEFAULT NULL::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_month date := private.month_at(p_station, v_now);
  v_id uuid;
begin
  perform private.lock_points(p_station);
  for v_id in select private.points_account(p_station, e.value ->> 'account', (e.value ->> 'volunteer')::uuid) from jsonb_array_elements(p_entries) e loop
    null;
  end loop;
  if exists (select from jsonb_array_elements(p_entries) e where e.value ->> 'account' <> 'budget'
    and private.points_balance(private.points_account(p_station, e.value ->> 'account', (e.value ->> 'volunteer')::uuid)) + (e.value ->> 'points')::integer < 0) then
    return private.refuse('points_short');
  elsif exists (select from jsonb_array_elements(p_entries) e where e.value ->> 'account' = 'budget' and (e.value ->> 'points')::integer < 0
    and private.budget_used(p_station, v_month) - (e.value ->> 'points')::integer > private.budget_of(p_station, v_month)) then
    return private.refuse('budget_spent');
  end if;
  insert into private.points_transactions (station_id, at, kind, rule_code, cause_id, actor_id, note) values (p_station, v_now, p_kind, p_rule, p_cause, p_actor, p_note) returning id into v_id;
  insert into private.points_entries (transaction_id, account_id, points)
  select v_id, private.points_account(p_station, e.value ->> 'account', (e.value ->> 'volunteer')::uuid), (e.value ->> 'points')::integer from jsonb_array_elements(p_entries) e;
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$function$;

CREATE OR REPLACE FUNCTION private.prove_session(p_user uuid, p_session uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into private.staff_sessions as s (session_id, user_id, verified_at, proved_at, seen_at) values (p_session, p_user, now(), now(), now())
  on conflict (session_id) do update set proved_at = now(), seen_at = now(), locked_at = null where s.user_id = p_user;
  delete from private.staff_sessions s where s.user_id = p_user and not exists (select from auth.sessions a where a.id = s.session_id);
end;
$function$;
comment on function private.prove_session(uuid,uuid) is 'Definer: the table is private.';

CREATE OR REPLACE FUNCTION private.public_alert(a public.alerts)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select a.content || jsonb_build_object('chain', c.identifier, 'chainSent', private.utc_second(c.published_at), 'follows', (select f.identifier from public.alerts f where f.id = a.follows_id),
    'endedBy', (select jsonb_build_object('identifier', e.identifier, 'sent', private.utc_second(a.ended_at), 'messageType', e.message_type) from public.alerts e where e.id = a.ended_by_id),
    'communityIds', to_jsonb(a.community_ids), 'gridIds', to_jsonb(a.grid_ids), 'statement', a.statement)
  from public.alerts c where c.id = a.chain_id;
$function$;

CREATE OR REPLACE FUNCTION private.publication_gap(a public.alerts, p_staff public.staff, p_sent timestamp with time zone, p_override text)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case
    when p_staff.role not in ('lead', 'chief') then 'forbidden'
    when private.alert_gap(a, p_sent) is not null then private.alert_gap(a, p_sent)
    -- What a colleague has not handed in yet is theirs to finish.
    when a.state = 'draft' and a.edited_by <> p_staff.user_id then 'status_order'
    when p_override is not null and p_staff.role <> 'chief' then 'second_person_required'
    when p_override is not null and not private.is_plain_text(p_override, 6, 500, true) then 'reason_missing'
    when private.needs_second_person(a) and a.approved_by is null and p_override is null and (a.state <> 'in_review' or p_staff.user_id in (a.created_by, a.edited_by)) then 'second_person_required'
  end;
$function$;

CREATE OR REPLACE FUNCTION private.quiet_hour_of(s private.alert_subscriptions, p_priority smallint, p_template text, p_hour time without time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case when s.quiet_from is null or p_template = 'alerts.confirm' or p_priority = 2 or (p_priority = 3 and s.orange_passes) then '00:00' else to_char(p_hour, 'HH24:MI') end;
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
    'has_duty', case when p_report.urgency = 'urgent' then exists (select from private.on_duty(p_report.station_id, private.clock())) end,
    'time_zone', (select s.time_zone from public.stations s where s.id = p_report.station_id));
end;
$function$;

CREATE OR REPLACE FUNCTION private.references_at(a public.alerts, p_sent timestamp with time zone)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('identifier', b.identifier, 'sent', private.utc_second(b.published_at)) order by b.published_at), '[]'::jsonb)
  from public.alerts b where b.chain_id = a.chain_id and b.id <> a.id and b.state = 'published' and b.ended_by_id is null and b.expires_at > p_sent;
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

CREATE OR REPLACE FUNCTION private.refuse_alert(p_staff public.staff, p_action text, p_identifier text, p_code text DEFAULT 'not_found'::text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if p_staff.user_id is not null then
    perform private.log(p_staff.station_id, p_staff.user_id, p_staff.role, p_action, 'alerts', null, jsonb_build_object('reference', left(p_identifier, 20)));
  end if;
  return private.refuse(p_code);
end;
$function$;
comment on function private.refuse_alert(public.staff,text,text,text) is 'Who reaches for what is not theirs leaves a row in the log of their own station (RULES A3).';

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

CREATE OR REPLACE FUNCTION private.refuse_thread(p_staff public.staff)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := p_staff;
begin
  if v_staff.user_id is not null then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'chat.open_refused', 'chat', null);
  end if;
  return private.refuse('not_found');
end;
$function$;

CREATE OR REPLACE FUNCTION private.refuse_verified_staff()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if exists (select from public.staff s where s.user_id = new.user_id and s.is_active) then
    raise exception 'staff are never verified residents' using errcode = 'PT403', detail = 'forbidden';
  end if;
  return new;
end;
$function$;

CREATE OR REPLACE FUNCTION private.repeated_turn(p_conversation uuid, p_request_hash text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'is_replay', true, 'turn_no', t.turn_no, 'said_sealed', t.said_sealed,
    'replies', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'sealed', r.sealed) order by r.position) from private.chat_replies r
      where r.conversation_id = t.conversation_id and r.turn_no = t.turn_no), '[]'::jsonb))
  from private.chat_turns t where t.conversation_id = p_conversation and t.request_hash = p_request_hash;
$function$;

CREATE OR REPLACE FUNCTION private.reset_second_factor(p_staff uuid, p_asked_by uuid, p_decided_by uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff;
begin
  if p_staff in (p_asked_by, p_decided_by) or p_asked_by = p_decided_by then
    raise exception 'two other people reset a second factor' using errcode = 'PT403', detail = 'second_person_required';
  end if;
  select s.* into strict v_staff from public.staff s where s.user_id = p_staff;
  delete from private.staff_factors f where f.user_id = p_staff;
  delete from private.staff_recovery_codes c where c.user_id = p_staff;
  delete from private.staff_sessions s where s.user_id = p_staff;
  delete from auth.sessions a where a.user_id = p_staff;
  perform private.log(v_staff.station_id, p_decided_by, coalesce((select s.role from public.staff s where s.user_id = p_decided_by), 'system'), 'staff.factor_reset', 'staff', p_staff,
    jsonb_build_object('colleague', p_staff));
  perform private.notify_owner(p_staff, 'staff.factor_reset');
end;
$function$;
comment on function private.reset_second_factor(uuid,uuid,uuid) is 'Definer: the tables are private.';

CREATE OR REPLACE FUNCTION private.reveal_facts(p_reveal private.reveals, p_staff public.staff)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('id', p_reveal.id, 'kind', p_reveal.kind, 'attachment_id', p_reveal.attachment_id, 'reason', p_reveal.reason, 'asked_at', p_reveal.asked_at,
    'asked_by', (select s.name from public.staff s where s.user_id = p_reveal.asked_by), 'decided_at', p_reveal.decided_at,
    'decided_by', (select s.name from public.staff s where s.user_id = p_reveal.decided_by), 'expires_at', p_reveal.expires_at,
    'state', case when p_reveal.expires_at > private.clock() then 'open' when p_reveal.expires_at is not null then 'expired' when p_reveal.decided_at is not null then 'declined'
      when private.is_reveal_waiting(p_reveal) then 'waiting' else 'lapsed' end,
    'may_decide', private.is_reveal_waiting(p_reveal) and p_staff.role in ('lead', 'chief') and p_reveal.asked_by <> p_staff.user_id,
    'may_read', coalesce(p_reveal.expires_at > private.clock(), false) and p_staff.user_id in (p_reveal.asked_by, p_reveal.decided_by));
$function$;
comment on function private.reveal_facts(private.reveals,public.staff) is 'Definer: names of colleagues. No identity is in it.';

CREATE OR REPLACE FUNCTION private.revisit_facts(p_report uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'round', v.round, 'step', v.step, 'opened_at', v.opened_at, 'visited_at', v.visited_at, 'method', v.method, 'topics', v.topics,
      'reminded_at', v.reminded_at, 'no_reply_at', v.no_reply_at, 'answer', v.answer, 'answered_at', v.answered_at, 'answered_by', v.answered_by, 'recorded_answer', v.recorded_answer, 'comment_sealed', v.comment_sealed,
      'stopped_at', v.stopped_at,
      'suggestions', coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'at', g.at, 'text_sealed', g.text_sealed, 'owner_role', o.role, 'due_on', g.due_on, 'outcome_sealed', g.outcome_sealed, 'done_at', g.done_at) order by g.at, g.due_on, g.id)
        from public.revisit_suggestions g join public.staff o on o.user_id = g.owner_id where g.revisit_id = v.id), '[]'::jsonb)) order by v.round, v.step), '[]'::jsonb)
  from public.revisits v where v.report_id = p_report;
$function$;
comment on function private.revisit_facts(uuid) is 'The ladder as the reporter sees it: roles and no names.';

CREATE OR REPLACE FUNCTION private.revisit_rank(p_role text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case p_role when 'officer' then 1 when 'lead' then 2 when 'chief' then 3 end;
$function$;

CREATE OR REPLACE FUNCTION private.revisit_scope(p_role text, p_view text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case when p_role = 'auditor' and p_view = 'climbed' then 'r.station_id = $1 and not $2 = any (r.about_staff)' else private.desk_scope(p_role) end;
$function$;

CREATE OR REPLACE FUNCTION private.revisit_view(p_view text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select 'v.answer is null and v.stopped_at is null and ' || case p_view
    when 'mine' then 'v.visited_at is null and ((r.assigned_to = $2 and least(v.step, 3) <= $5) or (r.assigned_to is null and v.step = 1 and r.community_id = any ($3)))'
    when 'climbed' then 'v.visited_at is null and ((v.step > 1 and least(v.step, 3) = $5) or (v.informed_at is not null and least(v.step, 3) = least($5, 4) - 1))'
    when 'answer' then 'v.visited_at is not null and v.no_reply_at is null'
    when 'silent' then 'v.no_reply_at is not null'
    else 'v.visited_at is null' end;
$function$;

CREATE OR REPLACE FUNCTION private.root_facts(p_root private.seal_roots)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('day', p_root.day, 'root', p_root.root, 'previous', p_root.previous, 'first_block', p_root.first_block, 'last_block', p_root.last_block,
    'published_at', private.utc_text(p_root.published_at), 'key_id', p_root.key_id, 'signature', p_root.signature);
$function$;

CREATE OR REPLACE FUNCTION private.roster_copy(p_user uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('community', (select c.slug from public.communities c where c.id = v.community_id), 'kinds', to_jsonb(v.kinds), 'state', v.state, 'availability', v.availability, 'created_at', v.created_at,
    'refused_reason', v.refused_reason, 'suspended_until', v.suspended_until, 'locked_at', v.locked_at, 'contact_sealed', (select k.contact_sealed from private.volunteer_contacts k where k.volunteer_id = v.id), 'id', v.id,
    'skills', coalesce((select jsonb_agg(jsonb_build_object('skill', k.skill_code, 'confirmed_at', k.confirmed_at, 'until_on', k.until_on) order by k.skill_code) from public.volunteer_skills k where k.volunteer_id = v.id), '[]'::jsonb),
    'steps', coalesce((select jsonb_agg(jsonb_build_object('at', s.at, 'from', s.from_state, 'to', s.to_state, 'act', s.act, 'note', s.note) order by s.id) from public.volunteer_steps s where s.volunteer_id = v.id), '[]'::jsonb),
    'places', coalesce((select jsonb_agg(jsonb_build_object('starts_at', lower(p.period), 'ends_at', upper(p.period), 'state', p.state, 'signed_at', p.signed_at, 'attended_at', p.attended_at) order by p.queue) from public.shift_places p where p.volunteer_id = v.id), '[]'::jsonb))
  from public.volunteers v where v.user_id = p_user;
$function$;

CREATE OR REPLACE FUNCTION private.route_gap(p_staff public.staff, p_route uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case
    when p_staff.user_id is null then 'forbidden'
    when not exists (select from public.patrol_routes r where r.id = p_route and r.station_id = p_staff.station_id and r.is_active) then 'not_found'
    -- Nobody on the way finds another one than they left with.
    when exists (select from public.patrol_shifts s where s.route_id = p_route and s.state = 'under_way') then 'conflict'
  end;
$function$;

CREATE OR REPLACE FUNCTION private.rule_facts()
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_agg(jsonb_build_object('kind', r.kind, 'job', r.job, 'ends', r.ends, 'keep_seconds', extract(epoch from r.keep_for)::bigint,
    'least_days', extract(day from r.least)::integer, 'most_days', extract(day from r.most)::integer, 'name', r.name, 'happens', r.happens, 'ground', r.ground) order by r.position)
  from private.retention_rules r;
$function$;

CREATE OR REPLACE FUNCTION private.say_in_thread(p jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.conversation_id = (p ->> 'conversation')::uuid and t.state <> 'closed' for update;
  if v_thread.id is null then
    return private.refuse('not_found');
  end if;
  if p ->> 'id' is null or p ->> 'text_sealed' is null then
    return private.refuse('invalid_input');
  end if;
  if exists (select from private.chat_thread_messages m where m.id = (p ->> 'id')::uuid) then
    return jsonb_build_object('ok', true, 'is_replay', true, 'thread', private.thread_facts(v_thread), 'hours', private.chat_hours_at(v_thread.station_id, private.clock()));
  end if;
  perform private.add_to_thread(v_thread.id, p, 'resident', false);
  update private.chat_threads t set last_at = private.clock(), waiting_since = coalesce(t.waiting_since, private.clock()) where t.id = v_thread.id returning * into v_thread;
  return jsonb_build_object('ok', true, 'is_replay', false, 'thread', private.thread_facts(v_thread), 'hours', private.chat_hours_at(v_thread.station_id, private.clock()));
end;
$function$;

CREATE OR REPLACE FUNCTION private.seal_reader(p jsonb)
 RETURNS public.staff
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff;
begin
  if p ->> 'actor' is not null then
    v_staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  end if;
  return v_staff;
end;
$function$;

CREATE OR REPLACE FUNCTION private.send_invitation(p_id uuid, p jsonb)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_locale text;
begin
  perform private.drop_invitation_mails(p_id);
  update private.staff_invitations i set token_hash = p ->> 'token_hash', sent_at = v_now, expires_at = v_now + private.invitation_life()
  where i.id = p_id returning i.locale into v_locale;
  insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, params_sealed, locale)
  values ('email', 'staff.invited', 'staff', p_id, p ->> 'recipient_sealed', p ->> 'params_sealed', v_locale);
  return v_now + private.invitation_life();
end;
$function$;

CREATE OR REPLACE FUNCTION private.sending_second(a public.alerts)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select greatest(date_trunc('second', private.clock()), (select max(b.published_at) + interval '1 second' from public.alerts b where b.chain_id = a.chain_id and b.state = 'published'));
$function$;

CREATE OR REPLACE FUNCTION private.session_facts(p_user uuid, p_session uuid, p_state text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select jsonb_build_object('ok', true, 'state', p_state, 'now', now(),
    'is_exempt', private.is_demo() and exists (select from private.demo_accounts d where d.user_id = p_user),
    'has_factor', exists (select from private.staff_factors f where f.user_id = p_user and f.confirmed_at is not null),
    'codes_left', (select count(*) from private.staff_recovery_codes c where c.user_id = p_user and c.used_at is null),
    'proved_at', (select s.proved_at from private.staff_sessions s where s.session_id = p_session and s.user_id = p_user),
    'locks_at', (select s.seen_at + interval '15 minutes' from private.staff_sessions s where s.session_id = p_session and s.user_id = p_user and s.locked_at is null),
    'ends_at', (select a.created_at + interval '12 hours' from auth.sessions a where a.id = p_session and a.user_id = p_user));
$function$;
comment on function private.session_facts(uuid,uuid,text) is 'Definer: the tables are private.';

CREATE OR REPLACE FUNCTION private.set_article_public(p_staff public.staff, p_article private.articles, p_number integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_staff public.staff := p_staff;
begin
  if p_article.published_number is not distinct from p_number then
    return;
  end if;
  update private.articles a set published_number = p_number, published_at = case when p_number is not null then private.clock() end, published_by = case when p_number is not null then p_staff.user_id end
  where a.slug = p_article.slug;
  if p_number is null then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'article.hidden', 'knowledge', null, jsonb_build_object('article', p_article.slug));
  else
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'article.published', 'knowledge', null, jsonb_build_object('article', p_article.slug, 'version', p_number));
  end if;
end;
$function$;

CREATE OR REPLACE FUNCTION private.setting_digest(p_value jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select encode(sha256(convert_to(coalesce(p_value::text, ''), 'UTF8')), 'hex');
$function$;
comment on function private.setting_digest(jsonb) is 'Names a state of a setting: a form that was opened before somebody else saved is refused.';

CREATE OR REPLACE FUNCTION private.setting_of(p_station uuid, p_section text, p_item text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case p_section
    when 'station' then (select jsonb_build_object('name', s.name, 'address', s.address, 'phone', s.phone, 'time_zone', s.time_zone, 'emergency_numbers', s.emergency_numbers, 'alert_issuer', s.alert_issuer) from public.stations s where s.id = p_station)
    when 'office' then (select jsonb_build_object('name', o.name, 'address', o.address, 'phone', o.phone, 'reception_hours', o.reception_hours, 'lat', o.lat, 'lng', o.lng)
      from public.police_offices o join public.communities c on c.id = o.community_id where c.station_id = p_station and c.slug = p_item order by o.id limit 1)
    when 'category' then (select jsonb_build_object('group', k."group", 'visibility', k.visibility, 'urgency', k.urgency, 'name', k.name, 'description', k.description, 'guidance', k.guidance,
        'retention_days', k.retention_days, 'allows_device_draft', k.allows_device_draft, 'is_active', k.is_active,
        'questions', coalesce((select jsonb_agg(jsonb_build_object('code', q.code, 'kind', q.kind, 'label', q.label, 'hint', q.hint, 'options', q.options, 'is_required', q.is_required) order by q.position, q.code)
          from public.category_questions q where q.category_code = k.code and q.is_active), '[]'::jsonb))
      from public.categories k where k.code = p_item)
    when 'category_order' then (select jsonb_agg(k.code order by k.position, k.code) from public.categories k where k.is_active)
    when 'template' then (select jsonb_build_object('category', t.category_code, 'status', t.status, 'closed_reason', t.closed_reason, 'name', t.name, 'body', t.body, 'position', t.position)
      from public.response_templates t where t.slug = p_item)
    when 'areas' then private.areas_of(p_station)
  end;
$function$;

CREATE OR REPLACE FUNCTION private.settle_attendance()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  -- Whose patrol is cancelled at the last minute was not on patrol.
  if new.state <> 'confirmed' then
    new.attended_at := null;
  end if;
  if new.attended_at is not null and old.attended_at is null then
    update public.shift_swaps w set state = 'expired' where w.place_id = new.id and w.state in ('asked', 'accepted');
  end if;
  return new;
end;
$function$;
comment on function private.settle_attendance() is 'Trigger. Definer: the tables have no grants.';

CREATE OR REPLACE FUNCTION private.settle_bot_update(p_conversation uuid, p jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if not private.finish_bot_update(p ->> 'hash')
    -- A turn of this transaction: the clock stands still in it.
    and exists (select from private.chat_turns t where t.conversation_id = p_conversation and t.at = private.clock()) then
    raise exception 'this update was handled by another worker' using errcode = 'PT409', detail = 'conflict';
  end if;
end;
$function$;

CREATE OR REPLACE FUNCTION private.settled_log(p_from bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_last bigint;
  v_writers text[];
begin
  select case when s.is_called then s.last_value else 0 end into v_last from public.audit_log_id_seq s;
  v_writers := array(select l.virtualtransaction from pg_catalog.pg_locks l
    where l.locktype = 'relation' and l.relation = 'public.audit_log'::regclass and l.mode = 'RowExclusiveLock' and l.pid <> pg_catalog.pg_backend_pid()
      and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database()));
  for i in 1..20 loop
    exit when not exists (select from pg_catalog.pg_locks l where l.locktype = 'relation' and l.relation = 'public.audit_log'::regclass and l.virtualtransaction = any (v_writers));
    if i = 20 then
      return coalesce((select max(t.id) from (select a.id, row_number() over (order by a.id) as n from (
        select l.id from public.audit_log l where l.id > p_from order by l.id limit 5000) a) t where t.id = p_from + t.n), p_from);
    end if;
    perform pg_catalog.pg_sleep(0.05);
  end loop;
  return v_last;
end;
$function$;

CREATE OR REPLACE FUNCTION private.shift_card(s public.patrol_shifts)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select d.card from private.shift_cards(array[s.id]) d;
$function$;

CREATE OR REPLACE FUNCTION private.shift_cards(p_shifts uuid[])
 RETURNS TABLE(shift_id uuid, card jsonb)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select s.id, jsonb_build_object('id', s.id, 'community', c.slug, 'type', s.type_code, 'route', case when r.id is not null then jsonb_build_object('id', r.id, 'name', r.name) end,
    'starts_at', lower(s.period), 'ends_at', upper(s.period), 'needed', s.needed, 'maximum', s.maximum, 'kind', s.kind, 'skill', s.skill_code, 'state', s.state, 'cancelled_reason', s.cancelled_reason,
    'first_claims_until', s.first_claims_until, 'sequence', s.sequence, 'revised_at', s.revised_at, 'confirmed', coalesce(n.confirmed, 0), 'waiting', coalesce(n.waiting, 0))
  from public.patrol_shifts s join public.communities c on c.id = s.community_id left join public.patrol_routes r on r.id = s.route_id
    left join (select p.shift_id, count(*) filter (where p.state = 'confirmed') as confirmed, count(*) filter (where p.state = 'waiting') as waiting
      from public.shift_places p where p.shift_id = any (p_shifts) and p.state in ('confirmed', 'waiting') group by p.shift_id) n on n.shift_id = s.id
  where s.id = any (p_shifts);
$function$;

CREATE OR REPLACE FUNCTION private.shift_facts(p_shift public.duty_shifts)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('id', p_shift.id, 'staff_id', p_shift.staff_id, 'name', s.name, 'role', s.role, 'starts_at', p_shift.starts_at, 'ends_at', p_shift.ends_at,
    'taken_over_at', p_shift.taken_over_at, 'note_sealed', p_shift.note_sealed, 'noted_at', p_shift.noted_at)
  from public.staff s where s.user_id = p_shift.staff_id;
$function$;

CREATE OR REPLACE FUNCTION private.ship(p_kind text, p_key text, p_content jsonb, p_kept jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_shipped jsonb;
begin
  select r.content into v_shipped from private.shipped_rows r where r.kind = p_kind and r.key = p_key;
  insert into private.shipped_rows as r (kind, key, content) values (p_kind, p_key, p_content)
  on conflict (kind, key) do update set content = excluded.content where r.content <> excluded.content;
  return case
    when p_kept is null and v_shipped is null then 'insert'
    when p_kept = v_shipped and p_kept <> p_content then 'update'
  end;
end;
$function$;

CREATE OR REPLACE FUNCTION private.ship_alert_templates(p jsonb)
 RETURNS SETOF text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_item record;
  v_row jsonb;
  v_kept public.alert_templates;
begin
  for v_item in select i.value, i.ordinality from jsonb_array_elements(p) with ordinality i loop
    v_row := v_item.value || jsonb_build_object('name', private.both_locales(v_item.value -> 'name'), 'message_type', coalesce(v_item.value ->> 'message_type', 'alert'), 'colour', v_item.value ->> 'colour',
      'texts', (select jsonb_object_agg(t.key, jsonb_build_object('headline', t.value ->> 0, 'description', t.value ->> 1, 'instruction', t.value ->> 2)) from jsonb_each(v_item.value -> 'texts') t));
    select t.* into v_kept from public.alert_templates t where t.slug = v_row ->> 'slug';
    if private.ship('alert_template', v_row ->> 'slug', v_row, case when v_kept.slug is not null then private.content_of(v_kept) end) is not null then
      perform private.write_alert_template(v_row, v_item.ordinality::integer * 10);
      return next v_row ->> 'slug';
    end if;
  end loop;
end;
$function$;
comment on function private.ship_alert_templates(jsonb) is 'Called by supabase/seeds/050-alert-templates.sql.';

CREATE OR REPLACE FUNCTION private.ship_articles(p jsonb)
 RETURNS SETOF text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_item record;
  v_article private.articles;
  v_published private.article_versions;
  v_content jsonb;
  v_shipped jsonb;
  v_todo text;
  v_version private.article_versions;
begin
  perform pg_advisory_xact_lock(hashtext('linli articles'));
  for v_item in select i.value, i.ordinality from jsonb_array_elements(p) with ordinality i loop
    if not private.is_article(v_item.value - 'reviewed_on') then
      raise exception 'the article % does not keep the rules of an article', v_item.value ->> 'slug' using errcode = 'PT422', detail = 'invalid_input';
    end if;
    select a.* into v_article from private.articles a where a.slug = v_item.value ->> 'slug';
    select v.* into v_published from private.article_versions v where v.slug = v_article.slug and v.number = v_article.published_number;
    v_content := jsonb_build_object('topic', v_item.value -> 'topic', 'related', v_item.value -> 'related', 'texts', v_item.value -> 'texts');
    select r.content into v_shipped from private.shipped_rows r where r.kind = 'article' and r.key = v_item.value ->> 'slug';
    continue when v_shipped = v_content;
    v_todo := private.ship('article', v_item.value ->> 'slug', v_content,
      -- Only one that nobody here has touched follows: neither its words, nor that residents read it.
      case when v_published.id is not null and not exists (select from private.article_versions v where v.slug = v_article.slug and v.made_by is not null) then private.content_of(v_published) end);
    if v_article.slug is null then
      -- An article that the station made under this name is its own; one that was never there is new.
      insert into private.articles (slug, position) values (v_item.value ->> 'slug', v_item.ordinality * 10) returning * into v_article;
    end if;
    v_version := private.add_article_version(v_article.slug, v_item.value, null, coalesce((v_item.value ->> 'reviewed_on')::date, private.clock()::date));
    if v_todo = 'update' or v_version.number = 1 then
      update private.articles a set published_number = v_version.number, published_at = private.clock(), published_by = null where a.slug = v_article.slug;
      return next v_article.slug;
    end if;
  end loop;
end;
$function$;
comment on function private.ship_articles(jsonb) is 'Called by the loader of supabase/seeds/knowledge (supabase/embedded/article-seeds.ts).';

CREATE OR REPLACE FUNCTION private.ship_categories(p jsonb)
 RETURNS SETOF text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_item record;
  v_row public.categories;
  v_kept public.categories;
  v_todo text;
begin
  for v_item in select i.value, i.ordinality from jsonb_array_elements(p) with ordinality i loop
    v_row := jsonb_populate_record(null::public.categories, v_item.value - array['name', 'description', 'guidance']);
    v_row.name := private.both_locales(v_item.value -> 'name');
    v_row.description := private.both_locales(v_item.value -> 'description');
    v_row.guidance := private.both_locales(v_item.value -> 'guidance');
    v_row.is_about_police := v_row.code = 'about_police';
    v_row.allows_device_draft := v_row.code not in ('domestic_violence', 'minors');
    select c.* into v_kept from public.categories c where c.code = v_row.code;
    v_todo := private.ship('category', v_row.code, private.content_of(v_row), case when v_kept.code is not null then private.content_of(v_kept) end);
    if v_todo = 'insert' then
      insert into public.categories (code, "group", visibility, urgency, retention_days, is_about_police, allows_device_draft, position, name, description, guidance)
      values (v_row.code, v_row."group", v_row.visibility, v_row.urgency, v_row.retention_days, v_row.is_about_police, v_row.allows_device_draft, v_item.ordinality * 10, v_row.name, v_row.description, v_row.guidance);
      return next v_row.code;
    elsif v_todo = 'update' then
      update public.categories c set "group" = v_row."group", visibility = v_row.visibility, urgency = v_row.urgency, is_about_police = v_row.is_about_police,
        allows_device_draft = v_row.allows_device_draft, name = v_row.name, description = v_row.description, guidance = v_row.guidance
      where c.code = v_row.code;
      return next v_row.code;
    end if;
  end loop;
end;
$function$;

CREATE OR REPLACE FUNCTION private.ship_questions(p jsonb)
 RETURNS SETOF text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_item record;
  v_row public.category_questions;
  v_kept public.category_questions;
  v_key text;
  v_todo text;
begin
  for v_item in
    select i.value, row_number() over (partition by i.value ->> 'category' order by i.ordinality) as number
    from jsonb_array_elements(p) with ordinality i
    -- A station may have removed the whole category.
    where exists (select from public.categories c where c.code = i.value ->> 'category')
    order by i.ordinality
  loop
    v_row.category_code := v_item.value ->> 'category';
    v_row.code := v_item.value ->> 'code';
    v_row.kind := v_item.value ->> 'kind';
    v_row.is_required := coalesce((v_item.value ->> 'required')::boolean, false);
    v_row.position := v_item.number * 10;
    v_row.label := private.both_locales(v_item.value -> 'label');
    v_row.hint := private.both_locales(v_item.value -> 'hint');
    v_row.options := coalesce((select jsonb_agg(jsonb_build_object('code', o.value ->> 0, 'label', jsonb_build_object('zh', o.value ->> 1, 'en', o.value ->> 2)) order by o.ordinality)
      from jsonb_array_elements(v_item.value -> 'options') with ordinality as o (value, ordinality)), '[]'::jsonb);
    v_key := v_row.category_code || '/' || v_row.code;
    select q.* into v_kept from public.category_questions q where q.category_code = v_row.category_code and q.code = v_row.code;
    v_todo := private.ship('question', v_key, private.content_of(v_row), case when v_kept.code is not null then private.content_of(v_kept) end);
    if v_todo = 'insert' then
      insert into public.category_questions (category_code, code, kind, is_required, position, label, hint, options)
      values (v_row.category_code, v_row.code, v_row.kind, v_row.is_required, v_row.position, v_row.label, v_row.hint, v_row.options);
      return next v_key;
    elsif v_todo = 'update' then
      update public.category_questions q set kind = v_row.kind, is_required = v_row.is_required, position = v_row.position, label = v_row.label, hint = v_row.hint, options = v_row.options
      where q.category_code = v_row.category_code and q.code = v_row.code;
      return next v_key;
    end if;
  end loop;
end;
$function$;

CREATE OR REPLACE FUNCTION private.ship_templates(p jsonb)
 RETURNS SETOF text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_item record;
  v_row public.response_templates;
  v_kept public.response_templates;
  v_todo text;
begin
  for v_item in
    select i.value, i.ordinality from jsonb_array_elements(p) with ordinality i
    where i.value ->> 'category' is null or exists (select from public.categories c where c.code = i.value ->> 'category')
    order by i.ordinality
  loop
    v_row.slug := v_item.value ->> 'slug';
    v_row.category_code := v_item.value ->> 'category';
    v_row.status := v_item.value ->> 'status';
    v_row.closed_reason := v_item.value ->> 'reason';
    v_row.position := v_item.ordinality * 10;
    v_row.name := private.both_locales(v_item.value -> 'name');
    v_row.body := private.both_locales(v_item.value -> 'body');
    select t.* into v_kept from public.response_templates t where t.slug = v_row.slug;
    v_todo := private.ship('template', v_row.slug, private.content_of(v_row), case when v_kept.slug is not null then private.content_of(v_kept) end);
    if v_todo = 'insert' then
      insert into public.response_templates (slug, category_code, status, closed_reason, position, name, body)
      values (v_row.slug, v_row.category_code, v_row.status, v_row.closed_reason, v_row.position, v_row.name, v_row.body);
      return next v_row.slug;
    elsif v_todo = 'update' then
      update public.response_templates t set category_code = v_row.category_code, status = v_row.status, closed_reason = v_row.closed_reason, position = v_row.position, name = v_row.name, body = v_row.body
      where t.slug = v_row.slug;
      return next v_row.slug;
    end if;
  end loop;
end;
$function$;

CREATE OR REPLACE FUNCTION private.sign_up(p_volunteer uuid, p_shift uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers;
  v_shift public.patrol_shifts;
  v_place public.shift_places;
  v_gap text;
  v_has_room boolean;
begin
  select s.* into v_shift from public.patrol_shifts s where s.id = p_shift;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_shift.station_id);
  select s.* into v_shift from public.patrol_shifts s where s.id = p_shift for update;
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer for update;
  select p.* into v_place from public.shift_places p where p.shift_id = p_shift and p.volunteer_id = p_volunteer and p.state in ('confirmed', 'waiting', 'offered');
  v_gap := private.sign_up_gap(v_volunteer, v_shift, v_now);
  if v_gap = 'not_found' then
    return private.refuse('not_found');
  end if;
  -- What kept the first of the waiting list may have ended a moment ago.
  if v_place.id is null then
    perform private.offer_places(p_shift);
  end if;
  v_has_room := private.places_taken(p_shift) < v_shift.maximum;
  -- Within three hours of the start, who waits takes a place that became free.
  if v_place.id is not null and not (v_place.state = 'waiting' and v_has_room and lower(v_shift.period) <= v_now + interval '3 hours') then
    return private.refuse('already_signed_up');
  end if;
  if v_gap is not null then
    return private.refuse(v_gap);
  end if;
  if v_now < v_shift.first_claims_until and not private.has_first_claim(p_volunteer, v_shift) then
    return private.refuse('first_claims');
  end if;
  if v_place.id is not null then
    update public.shift_places p set state = 'confirmed' where p.id = v_place.id returning * into v_place;
  else
    insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at)
    values (p_shift, p_volunteer, v_shift.period, case when v_has_room then 'confirmed' else 'waiting' end, private.is_trainee(v_volunteer), v_now) returning * into v_place;
  end if;
  perform private.log_own_act(v_volunteer, 'shift.signed_up', p_shift);
  return jsonb_build_object('ok', true, 'state', v_place.state,
    'ahead', (select count(*) from public.shift_places p where v_place.state = 'waiting' and p.shift_id = p_shift and p.state = 'waiting' and p.queue < v_place.queue));
end;
$function$;
comment on function private.sign_up(uuid,uuid) is 'By volunteer and shift; the rights of the caller are looked at before.';

CREATE OR REPLACE FUNCTION private.sign_up_gap(v public.volunteers, s public.patrol_shifts, p_now timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select g.gap from private.sign_up_gaps(v, array[s.id], p_now) g;
$function$;

CREATE OR REPLACE FUNCTION private.sign_up_gaps(v public.volunteers, p_shifts uuid[], p_now timestamp with time zone)
 RETURNS TABLE(shift_id uuid, gap text)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select s.id, case
    when v.station_id <> s.station_id then 'not_found'
    when v.state not in ('enrolled', 'active') then 'not_enrolled'
    when v.locked_at is not null then 'sign_up_locked'
    when s.state <> 'open' or lower(s.period) <= p_now then 'shift_closed'
    when not s.kind = any (v.kinds) then 'kind_needed'
    when s.skill_code is not null and not private.has_skill(v.id, s) then 'skill_needed'
    when exists (select from public.shift_places p where p.volunteer_id = v.id and p.state in ('confirmed', 'offered') and p.shift_id <> s.id and p.period && s.period) then 'shift_overlap'
    when v.state = 'enrolled' and not private.has_experienced(s.id) then 'experienced_needed'
  end
  from public.patrol_shifts s where s.id = any (p_shifts);
$function$;

CREATE OR REPLACE FUNCTION private.signed_in_recently(p_session uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select exists (select from auth.sessions s where s.id = p_session and s.created_at > now() - interval '10 minutes');
$function$;
comment on function private.signed_in_recently(uuid) is 'By the real clock: sessions do not move with a demo''s. Definer: auth.sessions is not readable by the API roles.';

CREATE OR REPLACE FUNCTION private.staff_actor(p_actor uuid DEFAULT NULL::uuid, p_session uuid DEFAULT NULL::uuid)
 RETURNS public.staff
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  v_actor uuid := private.actor(p_actor, p_session);
  v_staff public.staff;
begin
  if v_actor is null then
    return null;
  end if;
  select s.* into v_staff from public.staff s where s.user_id = v_actor and s.is_active;
  -- With the secret key there is no session in the claims, and private.actor() has checked the one that was named.
  if not found or private.staff_session_state(v_actor, coalesce(private.my_session(), p_session)) <> 'open' then
    return null;
  end if;
  return v_staff;
end;
$function$;
comment on function private.staff_actor(uuid,uuid) is 'Definer: looks the caller up whatever they may read of staff.';
grant execute on function private.staff_actor(uuid,uuid) to authenticated;
grant execute on function private.staff_actor(uuid,uuid) to service_role;

CREATE OR REPLACE FUNCTION private.staff_name(p_staff uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case when p_staff is not null then (select jsonb_build_object('id', s.user_id, 'name', s.name) from public.staff s where s.user_id = p_staff) end;
$function$;

CREATE OR REPLACE FUNCTION private.staff_of_session(p_actor uuid DEFAULT NULL::uuid, p_session uuid DEFAULT NULL::uuid)
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
comment on function private.staff_of_session(uuid,uuid) is 'Definer: staff is not readable before the second factor was shown.';

CREATE OR REPLACE FUNCTION private.staff_session_state(p_user uuid, p_session uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select case
    when exists (select from private.demo_accounts d where d.user_id = p_user) and private.is_demo() then 'open'
    when not exists (select from auth.sessions a where a.id = p_session and a.user_id = p_user and a.created_at > now() - interval '12 hours') then 'ended'
    when not exists (select from private.staff_factors f where f.user_id = p_user and f.confirmed_at is not null) then 'enrol'
    else coalesce((select case when s.locked_at is not null or s.seen_at < now() - interval '15 minutes' then 'locked' else 'open' end
      from private.staff_sessions s where s.session_id = p_session and s.user_id = p_user), 'verify') end;
$function$;
comment on function private.staff_session_state(uuid,uuid) is 'Definer: auth.sessions and the tables behind it are private.';

CREATE OR REPLACE FUNCTION private.station_day(p_at timestamp with time zone)
 RETURNS date
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select (p_at at time zone coalesce((select s.time_zone from public.stations s where s.is_default), 'Asia/Shanghai'))::date;
$function$;

CREATE OR REPLACE FUNCTION private.station_of_message(p_message public.outbox)
 RETURNS uuid
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce((select r.station_id from public.reports r where r.id = p_message.noun_id),
    (select m.station_id from public.staff m where p_message.noun = 'revisits' and m.user_id = p_message.recipient_id),
    (select a.station_id from public.alerts a where p_message.noun = 'alerts' and a.id = p_message.noun_id),
    (select s.id from public.stations s where s.is_default));
$function$;

CREATE OR REPLACE FUNCTION private.station_today(p_station uuid)
 RETURNS date
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select (private.clock() at time zone s.time_zone)::date from public.stations s where s.id = p_station;
$function$;
comment on function private.station_today(uuid) is 'The day on the station''s wall. Definer: called for people who may read little.';

CREATE OR REPLACE FUNCTION private.stop_sending(p_alert uuid, p_why text, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_stopped integer;
begin
  update public.outbox o set status = 'cancelled', settled_at = private.clock(), last_error = p_why, leased_by = null, leased_until = null
  where o.id in (select q.id from public.outbox q where q.noun_id = p_alert and q.noun = 'alerts' and q.subscription_id is not null and q.status = 'queued' and (q.leased_until is null or q.leased_until <= now())
    limit p_limit for update skip locked);
  get diagnostics v_stopped = row_count;
  return v_stopped;
end;
$function$;

CREATE OR REPLACE FUNCTION private.subscription_facts(s private.alert_subscriptions)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('id', s.id, 'channel', s.channel, 'state', s.state, 'locale', s.locale, 'communities', to_jsonb(s.community_ids), 'grids', to_jsonb(s.grid_ids), 'kinds', to_jsonb(s.kinds), 'min_colour', s.min_colour,
    'quiet_from', to_char(s.quiet_from, 'HH24:MI'), 'quiet_to', to_char(s.quiet_to, 'HH24:MI'), 'orange_passes', s.orange_passes, 'created_at', s.created_at, 'is_own', s.user_id is not null,
    'token_hash', s.token_hash, 'token_sealed', s.token_sealed, 'handle_hash', s.handle_hash, 'handle_sealed', s.handle_sealed);
$function$;

CREATE OR REPLACE FUNCTION private.successor(p_of public.staff, p_to uuid)
 RETURNS public.staff
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select s from public.staff s where s.user_id = p_to and s.user_id <> p_of.user_id and s.station_id = p_of.station_id and s.is_active and s.role in ('officer', 'lead', 'chief');
$function$;

CREATE OR REPLACE FUNCTION private.sum_patrol_hours(p_volunteer public.volunteers, p_from date, p_to date, OUT from_on date, OUT to_on date, OUT shifts integer, OUT minutes integer, OUT night_minutes integer)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  select min(d.day), max(d.day), count(*)::integer, coalesce(sum(h.minutes), 0)::integer, coalesce(sum(h.night_minutes), 0)::integer
  into from_on, to_on, shifts, minutes, night_minutes
  from public.shift_places q join private.patrol_hours h on h.place_id = q.id cross join lateral (select private.day_at(p_volunteer.station_id, lower(q.period)) as day) d
  where q.volunteer_id = p_volunteer.id and h.minutes > 0 and d.day between p_from and p_to;
end;
$function$;

CREATE OR REPLACE FUNCTION private.swap_place(p_volunteer uuid, p_act text, p_shift uuid, p_swap uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers;
  v_place public.shift_places;
  v_swap public.shift_swaps;
  v_shift public.patrol_shifts;
  v_gap text;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer;
  perform private.lock_roster(v_volunteer.station_id);
  if p_act = 'ask' then
    select p.* into v_place from public.shift_places p where p.shift_id = p_shift and p.volunteer_id = p_volunteer and p.state = 'confirmed';
  else
    select w.* into v_swap from public.shift_swaps w where w.id = p_swap and w.state in ('asked', 'accepted') for update;
    select p.* into v_place from public.shift_places p where p.id = v_swap.place_id and p.state = 'confirmed';
  end if;
  select s.* into v_shift from public.patrol_shifts s where s.id = v_place.shift_id and s.station_id = v_volunteer.station_id;
  if v_shift.id is null then
    return private.refuse('not_found');
  end if;
  if v_shift.state <> 'open' or lower(v_shift.period) <= v_now then
    return private.refuse('shift_closed');
  end if;
  if p_act = 'ask' then
    insert into public.shift_swaps (place_id, asked_at) values (v_place.id, v_now) on conflict (place_id) where state in ('asked', 'accepted') do nothing returning * into v_swap;
    if v_swap.id is null then
      return private.refuse('conflict');
    end if;
  elsif p_act = 'accept' then
    if v_swap.state <> 'asked' or v_place.volunteer_id = p_volunteer then
      return private.refuse('conflict');
    end if;
    if exists (select from public.shift_places p where p.shift_id = v_shift.id and p.volunteer_id = p_volunteer and p.state in ('confirmed', 'offered')) then
      return private.refuse('already_signed_up');
    end if;
    v_gap := private.sign_up_gap(v_volunteer, v_shift, v_now);
    if v_gap is not null then
      return private.refuse(v_gap);
    end if;
    update public.shift_swaps w set state = 'accepted', to_volunteer_id = p_volunteer, answered_at = v_now where w.id = v_swap.id returning * into v_swap;
    perform private.tell_leads(v_shift.station_id, 'patrols.swap', v_shift.id);
  elsif p_act = 'withdraw' and p_volunteer in (v_place.volunteer_id, v_swap.to_volunteer_id) then
    update public.shift_swaps w set state = 'expired' where w.id = v_swap.id returning * into v_swap;
  else
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'swap', v_swap.id, 'state', v_swap.state);
end;
$function$;

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

CREATE OR REPLACE FUNCTION private.take_back_points(p_place uuid, p_cause uuid, p_points integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_left integer := p_points;
  v_claim private.points_claims;
  v_taken integer;
  v_booked jsonb;
begin
  for v_claim in select c.* from private.points_claims c where c.place_id = p_place and c.transaction_id is null and c.points > 0 order by c.number desc for update loop
    update private.points_claims c set points = c.points - least(v_left, c.points) where c.id = v_claim.id;
    v_left := v_left - least(v_left, v_claim.points);
  end loop;
  select c.* into v_claim from private.points_claims c where c.place_id = p_place order by c.number limit 1;
  v_taken := least(v_left, private.points_balance(private.points_account(v_claim.station_id, 'volunteer', v_claim.volunteer_id)));
  if v_taken > 0 then
    v_booked := private.post_points(v_claim.station_id, 'corrected', jsonb_build_array(jsonb_build_object('account', 'volunteer', 'volunteer', v_claim.volunteer_id, 'points', -v_taken), jsonb_build_object('account', 'budget', 'points', v_taken)), p_cause, 'patrol');
    insert into private.points_claims (station_id, volunteer_id, rule_code, cause_id, place_id, quantity, points, earned_at, transaction_id)
    values (v_claim.station_id, v_claim.volunteer_id, 'patrol', p_cause, p_place, 0, -v_taken, private.clock(), (v_booked ->> 'id')::uuid);
  end if;
  return v_taken;
end;
$function$;

CREATE OR REPLACE FUNCTION private.taken_facts(p_report public.reports)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('intake', p_report.intake, 'at', p_report.received_at, 'name', s.name, 'badge_number', s.badge_number) from public.staff s where s.user_id = p_report.taken_by;
$function$;

CREATE OR REPLACE FUNCTION private.tell_leads(p_station uuid, p_template text, p_noun_id uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  select 'email', p_template, 'patrols', p_noun_id, s.user_id, coalesce(f.locale, 'zh') from public.staff s left join public.profiles f on f.user_id = s.user_id
  where s.station_id = p_station and s.is_active
    and s.role = case when exists (select from public.staff l where l.station_id = p_station and l.is_active and l.role = 'lead') then 'lead' else 'chief' end;
$function$;

CREATE OR REPLACE FUNCTION private.tell_of_review()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if old.state = 'in_review' and new.state <> 'in_review' then
    update public.outbox o set status = 'cancelled', settled_at = private.clock(), last_error = 'decided'
    where o.noun = 'alerts' and o.noun_id = new.id and o.template = 'alerts.submitted' and o.status = 'queued' and o.leased_by is null;
  end if;
  if new.state = 'in_review' and old.state = 'draft' then
    insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
    select 'email', 'alerts.submitted', 'alerts', new.id, s.user_id, coalesce(f.locale, 'zh') from public.staff s left join public.profiles f on f.user_id = s.user_id
    where s.station_id = new.station_id and s.is_active and s.role in ('lead', 'chief') and s.user_id <> new.submitted_by
      and (not private.needs_second_person(new) or s.user_id not in (new.created_by, new.edited_by));
  elsif new.state = 'draft' and old.state = 'in_review' and new.revision = old.revision then
    insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
    select 'email', 'alerts.returned', 'alerts', new.id, s.user_id, coalesce(f.locale, 'zh') from public.staff s left join public.profiles f on f.user_id = s.user_id
    where s.user_id = new.edited_by and s.is_active;
  end if;
  return null;
end;
$function$;
comment on function private.tell_of_review() is 'Trigger. Definer: it writes the outbox.';

CREATE OR REPLACE FUNCTION private.tell_volunteer(p_volunteer public.volunteers, p_template text, p_noun_id uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  select 'email', p_template, 'patrols', p_noun_id, p_volunteer.user_id, coalesce((select f.locale from public.profiles f where f.user_id = p_volunteer.user_id), 'zh') where p_volunteer.user_id is not null;
$function$;

CREATE OR REPLACE FUNCTION private.thread_facts(p_thread private.chat_threads)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('id', p_thread.id, 'state', p_thread.state, 'channel', p_thread.channel, 'locale', p_thread.locale, 'opened_at', p_thread.opened_at, 'answered_at', p_thread.answered_at,
    'waiting_since', p_thread.waiting_since, 'closed_at', p_thread.closed_at, 'closed_by', p_thread.closed_by, 'rating', p_thread.rating);
$function$;

CREATE OR REPLACE FUNCTION private.thread_of(p_conversation uuid)
 RETURNS private.chat_threads
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select t.* from private.chat_threads t where t.conversation_id = p_conversation order by t.number desc limit 1;
$function$;

CREATE OR REPLACE FUNCTION private.tracking_facts(p_report uuid, p_is_reporter boolean)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return (select jsonb_build_object(
    'now', private.clock(),
    'report', jsonb_build_object('id', r.id, 'reference', r.reference, 'category', r.category_code, 'status', r.status, 'closed_reason', r.closed_reason,
      'urgency', r.urgency, 'received_at', r.received_at, 'updated_at', r.updated_at, 'first_viewed_at', r.first_viewed_at, 'accepted_at', r.accepted_at,
      'closed_at', r.closed_at, 'contact_mode', r.contact_mode, 'community', c.name, 'grid', g.name, 'time_zone', s.time_zone, 'locale', r.locale,
      -- The same for everybody whose report had no check, hidden or not: nobody learns of a ban here.
      'waits_apart', p_is_reporter and r.is_unverified and r.urgency = 'normal' and r.status = 'received',
      'is_by_letter', r.contact_mode <> 'named' or r.is_portal_only,
      'taken', case when p_is_reporter and r.intake <> 'web' then private.taken_facts(r) end,
      'merged_into', (select m.reference from public.reports m where m.id = r.merged_into and p_is_reporter),
      'content_hash', case when p_is_reporter then r.content_hash end, 'nonce', case when p_is_reporter then r.nonce end),
    'content_key', case when p_is_reporter then r.content_key end,
    'content_sealed', case when p_is_reporter then r.content_sealed end,
    'events', coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'status', e.status, 'closed_reason', e.closed_reason,
        'by', case when e.actor_role in ('guest', 'resident') then 'reporter' else 'staff' end,
        'public_sealed', case when p_is_reporter then e.public_sealed end)
      -- A step is opened by what happened in the same transaction: it comes after it.
      order by e.at, e.kind = 'revisit_opened', e.id)
      from public.report_events e where e.report_id = r.id and e.is_public and (p_is_reporter or e.kind in ('received', 'status'))), '[]'::jsonb),
    'messages', case when p_is_reporter then coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'at', m.at, 'author', m.author, 'text_sealed', m.text_sealed) order by m.at)
      from public.report_messages m where m.report_id = r.id), '[]'::jsonb) else '[]'::jsonb end,
    'attachments', case when p_is_reporter then private.attachment_facts(r.id) else '[]'::jsonb end,
    'access', case when p_is_reporter then private.access_facts(r.id) else '[]'::jsonb end,
    'revisits', case when p_is_reporter then private.revisit_facts(r.id) else '[]'::jsonb end,
    'calendar', case when p_is_reporter then private.calendar_facts(s.id, coalesce(r.accepted_at, r.received_at)) else '{"counting": "calendar", "days": {}}'::jsonb end)
  from public.reports r
  join public.stations s on s.id = r.station_id
  left join public.communities c on c.id = r.community_id
  left join public.grids g on g.id = r.grid_id
  where r.id = p_report);
end;
$function$;

CREATE OR REPLACE FUNCTION private.undecided_proposals()
 RETURNS SETOF public.staff_proposals
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select q.* from public.staff_proposals q where q.decision is null and q.proposed_at < private.clock() - private.kept_for('proposals_open');
$function$;

CREATE OR REPLACE FUNCTION private.undo_problem(p_change private.setting_changes, p_staff public.staff)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case
    when p_change.id is null or p_change.station_id is distinct from p_staff.station_id then 'not_found'
    when not private.may_set(p_staff, p_change.section) then 'forbidden'
    when p_change.section = 'category' and private.is_for_chief(p_change.after, private.undone_value(p_change)) and not private.may_set_terms(p_staff) then 'forbidden'
    when exists (select from private.setting_changes u where u.undoes = p_change.id) then 'conflict'
    when exists (select from private.setting_changes l where l.station_id = p_change.station_id and l.section = p_change.section and l.item = p_change.item and l.number > p_change.number
      and l.undoes is null and not exists (select from private.setting_changes u where u.undoes = l.id)) then 'conflict'
    when private.setting_of(p_change.station_id, p_change.section, p_change.item) is distinct from p_change.after then 'conflict'
    when not coalesce(private.is_setting(p_change.station_id, p_change.section, p_change.item, private.undone_value(p_change)), false) then 'conflict'
  end;
$function$;

CREATE OR REPLACE FUNCTION private.undone_value(p_change private.setting_changes)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case when p_change.section = 'category' and p_change.before is null then p_change.after || '{"is_active": false}' else p_change.before end;
$function$;

CREATE OR REPLACE FUNCTION private.unlink_erased()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  delete from private.telegram_links l where l.user_id = new.user_id;
  delete from private.telegram_link_tokens t where t.user_id = new.user_id;
  update private.chat_conversations c set user_id = null where c.user_id = new.user_id;
  perform private.end_subscription(s.id, 'erased') from private.alert_subscriptions s where s.user_id = new.user_id;
  return null;
end;
$function$;
comment on function private.unlink_erased() is 'Trigger. Definer: the tables are private.';

CREATE OR REPLACE FUNCTION private.unused_invitations()
 RETURNS SETOF private.staff_invitations
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select i.* from private.staff_invitations i where i.accepted_at is null and i.revoked_at is null and i.expires_at < private.clock() - private.kept_for('invitations_expired');
$function$;

CREATE OR REPLACE FUNCTION private.utc_second(p timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select to_char(p at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
$function$;

CREATE OR REPLACE FUNCTION private.utc_text(p_at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
$function$;

CREATE OR REPLACE FUNCTION private.uuids_of(p jsonb)
 RETURNS uuid[]
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select array(select value::uuid from jsonb_array_elements_text(p));
$function$;

CREATE OR REPLACE FUNCTION private.verify_resident(p_user uuid, p_community uuid, p_method text, p_officer uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_id uuid;
begin
  insert into private.verifications as v (user_id, community_id, method, confirmed_by, verified_on)
  select p_user, p_community, p_method, p_officer, (private.clock() at time zone s.time_zone)::date
  from public.communities c join public.stations s on s.id = c.station_id where c.id = p_community
  on conflict (user_id) do update set id = gen_random_uuid(), community_id = excluded.community_id, method = excluded.method,
    confirmed_by = excluded.confirmed_by, verified_on = excluded.verified_on
  returning v.id into v_id;
  delete from private.confirmation_codes c where c.user_id = p_user;
  return v_id;
end;
$function$;

CREATE OR REPLACE FUNCTION private.version_facts(v private.article_versions)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('number', v.number, 'made_at', v.made_at, 'made_by', (select s.name from public.staff s where s.user_id = v.made_by), 'is_shipped', v.made_by is null,
    'reviewed_on', v.reviewed_on, 'restored_from', v.restored_from);
$function$;

CREATE OR REPLACE FUNCTION private.volunteer_copy(p_user uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select private.roster_copy(p_user) || jsonb_build_object('hours', private.hours_of(v.id, private.clock(), 10000), 'points', private.points_lines(v.id, 10000),
    'earned', coalesce((select jsonb_agg(jsonb_build_object('rule', c.rule_code, 'points', c.points, 'earned_at', c.earned_at, 'is_paid', c.transaction_id is not null) order by c.number) from private.points_claims c where c.volunteer_id = v.id), '[]'::jsonb),
    'honours', coalesce((select jsonb_agg(jsonb_build_object('honour', g.honour_code, 'given_at', g.given_at) order by g.given_at) from private.volunteer_honours g where g.volunteer_id = v.id), '[]'::jsonb))
  from public.volunteers v where v.user_id = p_user;
$function$;

CREATE OR REPLACE FUNCTION private.volunteer_facts(v public.volunteers)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('id', v.id, 'community', (select c.slug from public.communities c where c.id = v.community_id), 'kinds', to_jsonb(v.kinds), 'state', v.state, 'availability', v.availability,
    'created_at', v.created_at, 'changed_at', v.changed_at, 'refused_reason', v.refused_reason, 'has_appealed', v.appealed_at is not null, 'suspended_until', v.suspended_until, 'locked_at', v.locked_at,
    'attended', private.attended_shifts(v.id), 'missed', private.missed_shifts(v), 'reviewed_by', v.reviewed_by,
    'skills', coalesce((select jsonb_agg(k.skill_code order by k.skill_code) from public.volunteer_skills k where k.volunteer_id = v.id and (k.until_on is null or k.until_on >= private.day_at(v.station_id, private.clock()))), '[]'::jsonb));
$function$;

CREATE OR REPLACE FUNCTION private.volunteer_of(p_user uuid)
 RETURNS public.volunteers
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select v.* from public.volunteers v where v.user_id = p_user;
$function$;
comment on function private.volunteer_of(uuid) is 'The volunteer behind an account; all null for anyone else. Definer: the table has no grants.';

CREATE OR REPLACE FUNCTION private.volunteer_step(p_act text, p_volunteer public.volunteers)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO ''
AS $function$
  select case
    when p_act = 'review' and p_volunteer.state = 'applied' then 'station_reviewed'
    when p_act = 'assess' and p_volunteer.state = 'station_reviewed' then 'assessed'
    when p_act = 'enrol' and p_volunteer.state = 'assessed' then 'enrolled'
    when p_act = 'activate' and p_volunteer.state = 'enrolled' then 'active'
    when p_act = 'refuse' and p_volunteer.state in ('applied', 'station_reviewed', 'assessed') then 'refused'
    when p_act = 'suspend' and p_volunteer.state in ('enrolled', 'active') then 'suspended'
    when p_act = 'resume' and p_volunteer.state = 'suspended' then p_volunteer.suspended_from
    when p_act = 'unlock' and p_volunteer.locked_at is not null then p_volunteer.state
  end;
$function$;

CREATE OR REPLACE FUNCTION private.waits_too_long(p_thread private.chat_threads)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select p_thread.state <> 'closed' and coalesce(p_thread.lead_told_at < p_thread.waiting_since, p_thread.waiting_since is not null)
    and (private.chat_hours_at(s.id, private.clock()) ->> 'is_open')::boolean
    and private.clock() >= greatest(p_thread.waiting_since, ((private.clock() at time zone s.time_zone)::date + (s.chat_hours ->> 'from')::time) at time zone s.time_zone) + interval '30 minutes'
  from public.stations s where s.id = p_thread.station_id;
$function$;

CREATE OR REPLACE FUNCTION private.was_reporter_told(p_report public.reports)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select p_report.status = 'resolved' and coalesce((
    select case when o.status = 'sent' then true when o.status in ('queued', 'failed') then false end
    from public.outbox o where o.noun = 'reports' and o.noun_id = p_report.id and o.template = 'reports.status_changed' and o.created_at >= p_report.closed_at order by o.id desc limit 1
  ), private.clock() >= p_report.closed_at + interval '24 hours');
$function$;
comment on function private.was_reporter_told(public.reports) is 'Definer: the outbox has no SELECT grant for staff.';

CREATE OR REPLACE FUNCTION private.who_reads(p_staff public.staff)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('id', p_staff.user_id, 'role', p_staff.role, 'community_ids', to_jsonb(array(select private.communities_of(p_staff.user_id))));
$function$;

CREATE OR REPLACE FUNCTION private.whole_alert(a public.alerts)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select private.alert_facts(a) || jsonb_build_object('texts', private.alert_texts_of(a.id), 'contact', a.contact, 'web', a.web, 'grid_ids', to_jsonb(a.grid_ids),
    'areas', (select coalesce(jsonb_agg(jsonb_build_object('kind', r.kind, 'community', r.community_id, 'grid', r.grid_id, 'shape', case when r.kind in ('polygon', 'circle') then r.shape end, 'label', r.label,
      'communities', case when r.kind in ('polygon', 'circle') then to_jsonb(r.community_ids) end, 'grids', case when r.kind in ('polygon', 'circle') then to_jsonb(r.grid_ids) end) order by r.number), '[]'::jsonb)
      from public.alert_areas r where r.alert_id = a.id),
    'references', (select coalesce(jsonb_agg(jsonb_build_object('identifier', b.identifier, 'sent', private.utc_second(b.published_at)) order by b.published_at), '[]'::jsonb)
      from public.alert_references r join public.alerts b on b.id = r.referenced_id where r.alert_id = a.id));
$function$;

CREATE OR REPLACE FUNCTION private.withdraw_notice_of_reopened()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update public.case_notices n set withdrawn_at = private.clock() where n.report_id = new.id and n.withdrawn_at is null;
  if found then
    perform private.log(new.station_id, null, 'system', 'notice.withdrawn', 'reports', new.id);
  end if;
  return null;
end;
$function$;
comment on function private.withdraw_notice_of_reopened() is 'Trigger. Definer: nobody may write notices directly.';

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

CREATE OR REPLACE FUNCTION private.working_number(p_article private.articles)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(greatest(p_article.published_number, (select max(v.number) from private.article_versions v where v.slug = p_article.slug and v.made_by is not null)),
    (select max(v.number) from private.article_versions v where v.slug = p_article.slug));
$function$;

CREATE OR REPLACE FUNCTION private.write_alert_parts(p_alert public.alerts, p_texts jsonb, p_areas jsonb)
 RETURNS public.alerts
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_alert public.alerts;
begin
  delete from public.alert_texts t where t.alert_id = p_alert.id;
  insert into public.alert_texts (alert_id, locale, headline, description, instruction)
  select p_alert.id, t.key, t.value ->> 'headline', t.value ->> 'description', t.value ->> 'instruction' from jsonb_each(p_texts) t;
  delete from public.alert_areas r where r.alert_id = p_alert.id;
  insert into public.alert_areas (alert_id, number, station_id, kind, community_id, grid_id, shape, label, community_ids, grid_ids)
  select p_alert.id, f.number, p_alert.station_id, f.kind, f.community_id, f.grid_id, f.shape, f.label, f.community_ids, f.grid_ids from private.areas_of_form(p_alert.station_id, p_areas) f;
  update public.alerts a set
    community_ids = array(select distinct u.id from public.alert_areas r, unnest(r.community_ids) u (id) where r.alert_id = a.id order by u.id),
    grid_ids = array(select distinct u.id from public.alert_areas r, unnest(r.grid_ids) u (id) where r.alert_id = a.id order by u.id)
  where a.id = p_alert.id returning * into v_alert;
  return v_alert;
end;
$function$;

CREATE OR REPLACE FUNCTION private.write_alert_template(p jsonb, p_position integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if not private.is_alert_template(p) then
    raise exception 'the template % does not keep the rules of a template', p ->> 'slug' using errcode = 'PT422', detail = 'invalid_input';
  end if;
  insert into public.alert_templates as t (slug, position, name, message_type, kind, colour, event_code, hours, texts)
  values (p ->> 'slug', p_position, p -> 'name', p ->> 'message_type', p ->> 'kind', p ->> 'colour', p ->> 'event', (p ->> 'hours')::integer, p -> 'texts')
  on conflict (slug) do update set name = excluded.name, message_type = excluded.message_type, kind = excluded.kind, colour = excluded.colour, event_code = excluded.event_code, hours = excluded.hours, texts = excluded.texts;
end;
$function$;

CREATE OR REPLACE FUNCTION private.write_series(e public.shift_series)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  v_now timestamptz := private.clock();
  v_zone text := (select s.time_zone from public.stations s where s.id = e.station_id);
  v_today date := private.day_at(e.station_id, v_now);
  v_added integer;
begin
  with days as (
    select d::date as day, (d::date + e.starts_at_local) at time zone v_zone as starts_at
    from generate_series(greatest(e.from_on, v_today)::timestamp, least(e.until_on, v_today + 28)::timestamp, interval '1 day') d
    where extract(isodow from d)::smallint = any (e.weekdays) and not d::date = any (e.exceptions)
  ), added as (
    insert into public.patrol_shifts (station_id, community_id, type_code, route_id, period, needed, maximum, kind, skill_code, first_claims_until, created_at, created_by, revised_at, series_id, series_date)
    select e.station_id, e.community_id, e.type_code, e.route_id, tstzrange(d.starts_at, d.starts_at + make_interval(mins => e.duration_minutes)), e.needed, e.maximum, e.kind, e.skill_code,
      private.first_claims_end(v_now, d.starts_at), v_now, e.created_by, v_now, e.id, d.day
    from days d where d.starts_at > v_now + interval '3 hours' and d.starts_at < v_now + interval '28 days'
    on conflict (series_id, series_date) do nothing returning id
  )
  select count(*) into v_added from added;
  return v_added;
end;
$function$;

-- Default privileges

-- functions: postgres execute

-- tables in schema public: nobody
