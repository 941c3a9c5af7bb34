-- Purpose: surveys: what is asked, of whom, until when, and what was answered.
-- Risk: none for data, new objects. An answer stands beside nothing that leads to a person: no account, no link, no time but the day, no order.

-- Where no officer is rated, whoever confirmed somebody may have: by code it is nobody, and they answer as well.
create or replace function private.is_verified_for(p_user uuid, p_community uuid, p_officer uuid) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from private.verifications v
    where v.user_id = p_user and v.community_id = p_community and (p_officer is null or v.confirmed_by is distinct from p_officer))
    and not exists (select from public.staff s where s.user_id = p_user and s.is_active);
$$;
comment on function private.is_verified_for(uuid, uuid, uuid) is 'RULES E1: not staff, and confirmed by somebody other than the officer who is rated, if one is.';

create table private.surveys (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  series_id uuid not null,
  definition jsonb not null check (jsonb_typeof(definition) = 'object' and octet_length(definition::text) <= 200000),
  revision integer not null default 1 check (revision >= 1),
  mode text not null default 'ballot' check (mode in ('ballot', 'invited')),
  is_open_to_all boolean not null default true,
  opens_at timestamptz,
  closes_at timestamptz,
  closed_at timestamptz,
  written_by uuid not null references public.staff (user_id) on delete restrict,
  written_at timestamptz not null,
  approved_by uuid references public.staff (user_id) on delete restrict,
  approved_at timestamptz,
  constraint surveys_are_approved_by_somebody check ((approved_by is null) = (approved_at is null)),
  constraint approved_surveys_have_their_times check ((approved_at is null) = (opens_at is null) and (opens_at is null) = (closes_at is null)),
  constraint surveys_close_after_they_open check (closes_at > opens_at),
  constraint surveys_close_in_time check (closed_at is null or closed_at >= closes_at)
);
comment on table private.surveys is 'What is asked. A draft until a lead or chief sets its times; from then on what is asked stays as it is (surveys_are_frozen).';
comment on column private.surveys.series_id is 'The first survey that asked this: rounds of one series are compared.';
comment on column private.surveys.mode is 'Who counts: verified residents by ballot, or whoever has a single-use link. Never both, or one person could answer twice.';
comment on column private.surveys.is_open_to_all is 'Whether everybody may answer besides; shown apart, never in the headline figure (RULES E1).';
create index surveys_by_station on private.surveys (station_id, approved_at desc);
create index surveys_by_series on private.surveys (series_id);
create index surveys_by_writer on private.surveys (written_by);
create index surveys_by_approver on private.surveys (approved_by) where approved_by is not null;
create index surveys_open on private.surveys (closes_at) where closed_at is null and approved_at is not null;
alter table private.surveys enable row level security;

create function private.freeze_surveys() returns trigger
language plpgsql set search_path = '' as $$
begin
  if old.approved_at is not null and ((new.definition, new.revision, new.mode, new.is_open_to_all, new.station_id, new.series_id) is distinct from (old.definition, old.revision, old.mode, old.is_open_to_all, old.station_id, old.series_id)
    or (new.opens_at is distinct from old.opens_at and (new.approved_at is not null or old.opens_at <= private.clock()))
    or new.closes_at > old.closes_at or (old.closed_at is not null and new.closed_at is distinct from old.closed_at)) then
    raise exception 'a survey that was approved does not change' using errcode = 'restrict_violation';
  end if;
  return new;
end;
$$;
revoke all on function private.freeze_surveys() from public;
create trigger surveys_are_frozen before update on private.surveys for each row execute function private.freeze_surveys();

create table private.survey_communities (
  survey_id uuid not null references private.surveys (id) on delete cascade,
  community_id uuid not null references public.communities (id) on delete restrict,
  eligible integer not null check (eligible >= 0),
  primary key (survey_id, community_id)
);
comment on table private.survey_communities is 'Whom a survey is meant for, and how many may answer: by ballot on the day it was approved, by link those that were made, written down when it closes. The base of the response rate.';
create index survey_communities_by_community on private.survey_communities (community_id);
alter table private.survey_communities enable row level security;

create table private.survey_invitations (
  survey_id uuid not null references private.surveys (id) on delete cascade,
  token_hash public.hex_256 not null,
  community_id uuid not null references public.communities (id) on delete restrict,
  is_used boolean not null default false,
  primary key (survey_id, token_hash)
);
comment on table private.survey_invitations is 'Single-use links on paper, by the hash of what stands there. That one was used is known, not when and not what was answered; who has which paper stands nowhere here. Forgotten when the survey is over.';
create index survey_invitations_by_community on private.survey_invitations (community_id);
alter table private.survey_invitations enable row level security;

create table private.survey_responses (
  id uuid primary key default gen_random_uuid(),
  survey_id uuid not null references private.surveys (id) on delete cascade,
  community_id uuid references public.communities (id) on delete restrict,
  source text not null check (source in ('ballot', 'invited', 'open')),
  answers jsonb not null check (jsonb_typeof(answers) = 'object'),
  marks text[] not null check (marks <@ array['network', 'staff', 'burst']),
  day date not null
);
comment on table private.survey_responses is 'What was answered, by nobody. Rewritten in random order each night, with the ballots (RULES E2).';
comment on column private.survey_responses.marks is 'One of many from one network, from a device of the station, in a burst; what is published says how many, and open answers with the first two do not count.';
create index survey_responses_by_survey on private.survey_responses (survey_id, id);
create index survey_responses_by_community on private.survey_responses (community_id) where community_id is not null;
alter table private.survey_responses enable row level security;

create table private.survey_texts (
  id uuid primary key default gen_random_uuid(),
  survey_id uuid not null references private.surveys (id) on delete cascade,
  question text not null,
  community_id uuid references public.communities (id) on delete restrict,
  text_sealed public.sealed_text not null
);
comment on table private.survey_texts is 'Words that came with answers and stand apart from them, without a day. Sealed; read at the station when the survey is over, never published.';
create index survey_texts_by_survey on private.survey_texts (survey_id, question);
create index survey_texts_by_community on private.survey_texts (community_id) where community_id is not null;
alter table private.survey_texts enable row level security;

create table private.survey_tallies (
  survey_id uuid not null references private.surveys (id) on delete cascade,
  source text not null check (source in ('ballot', 'invited', 'open')),
  part smallint not null default 0 check (part between 0 and 15),
  answers integer not null check (answers >= 0),
  counted integer not null check (counted between 0 and answers),
  primary key (survey_id, source, part)
);
comment on table private.survey_tallies is 'How many answers came and how many of them count, so that no answer has to count the others; in sixteen parts, so that none waits for another''s commit.';
alter table private.survey_tallies enable row level security;

insert into private.tables_without_order (name) values ('private.survey_responses'), ('private.survey_texts'), ('private.survey_invitations');

-- Marks of an answer that comes now; it is counted among those of its kind.
create function private.mark_response(p_survey uuid, p_closes_at timestamptz, p_source text, p_network text, p_is_staff boolean) returns text[]
language plpgsql volatile set search_path = '' as $$
declare
  v_marks text[] := private.marks_of(p_survey, p_closes_at, p_source = 'open', coalesce((select sum(t.counted) from private.survey_tallies t where t.survey_id = p_survey and t.source = p_source), 0)::bigint, p_network, p_is_staff);
begin
  insert into private.survey_tallies as t (survey_id, source, part, answers, counted) values (p_survey, p_source, floor(random() * 16), 1, private.does_count(p_source, v_marks)::integer)
  on conflict (survey_id, source, part) do update set answers = t.answers + 1, counted = t.counted + excluded.counted;
  return v_marks;
end;
$$;
revoke all on function private.mark_response(uuid, timestamptz, text, text, boolean) from public;

-- Is this one answer to this question? `cannot_say` where the question allows it; null: passed over. A text is no answer here, it stands apart.
create function private.is_survey_answer(p_question jsonb, p_answer jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
  v_kind text := p_question ->> 'kind';
  v_type text := jsonb_typeof(p_answer);
  v_number numeric;
begin
  if v_type = 'null' then
    return not coalesce((p_question ->> 'isRequired')::boolean, false);
  elsif p_answer = '"cannot_say"'::jsonb then
    return coalesce((p_question ->> 'hasCannotSay')::boolean, false);
  elsif v_kind = 'single' and v_type = 'string' then
    return exists (select from jsonb_array_elements(p_question -> 'options') o where o -> 'code' = p_answer);
  elsif v_kind = 'multi' and v_type = 'array' then
    return jsonb_array_length(p_answer) between 1 and coalesce((p_question ->> 'atMost')::integer, 20)
      and (select count(distinct a.value) = count(*) and bool_and(exists (select from jsonb_array_elements(p_question -> 'options') o where o -> 'code' = a.value and (o -> 'isAlone' is distinct from 'true'::jsonb or jsonb_array_length(p_answer) = 1))) from jsonb_array_elements(p_answer) a);
  elsif v_kind in ('scale', 'number') and v_type = 'number' then
    v_number := (p_answer #>> '{}')::numeric;
    return coalesce(v_number between coalesce(p_question ->> 'from', p_question ->> 'min')::numeric and coalesce(p_question ->> 'to', p_question ->> 'max')::numeric
      and ((v_kind = 'number' and not coalesce((p_question ->> 'isWhole')::boolean, true)) or v_number % 1 = 0), false);
  elsif v_kind = 'matrix' and v_type = 'object' then
    return coalesce((select count(*) between case when coalesce((p_question ->> 'isRequired')::boolean, false) then jsonb_array_length(p_question -> 'rows') else 1 end and jsonb_array_length(p_question -> 'rows')
        and bool_and(exists (select from jsonb_array_elements(p_question -> 'rows') r where r ->> 'code' = a.key)
        and (exists (select from jsonb_array_elements(p_question -> 'options') o where o -> 'code' = a.value) or (a.value = '"cannot_say"'::jsonb and coalesce((p_question ->> 'hasCannotSay')::boolean, false)))) from jsonb_each(p_answer) a), false);
  end if;
  return false;
end;
$$;
revoke all on function private.is_survey_answer(jsonb, jsonb) from public;

create function private.are_survey_answers(p_definition jsonb, p_answers jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  return coalesce(case when jsonb_typeof(p_answers) <> 'object' then false else not exists (
    select from jsonb_each(p_answers) a left join jsonb_array_elements(p_definition -> 'questions') q on q.value ->> 'code' = a.key
    where q.value is null or not private.is_survey_answer(q.value, a.value)) end, false);
end;
$$;
revoke all on function private.are_survey_answers(jsonb, jsonb) from public;

-- The state of a survey at a moment: draft, planned, open, closed.
create function private.survey_state(p_survey private.surveys, p_now timestamptz) returns text
language sql immutable set search_path = '' as $$
  select case when p_survey.approved_at is null then 'draft' when p_now < p_survey.opens_at then 'planned' when p_now < p_survey.closes_at then 'open' else 'closed' end;
$$;
revoke all on function private.survey_state(private.surveys, timestamptz) from public;

/*
  An answer. The portal has checked the ballot and what was answered, sealed the texts, and knows nobody with it.
  p: {survey, answers, texts: [{question, sealed}], network: keyed hash, is_staff?} and one of {key, nullifier} | {token_hash} | {community?, limits[]}
  → {ok, counted: ballot | invited | open} | invalid_input, not_found, round_closed, ballot_spent, link_used, forbidden: open answers are not asked for, rate_limited
*/
create function public.answer_survey(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_survey private.surveys;
  v_source text := case when p ? 'nullifier' then 'ballot' when p ? 'token_hash' then 'invited' else 'open' end;
  v_community uuid;
  v_gap text;
  v_wait integer;
begin
  select s.* into v_survey from private.surveys s where s.id = (p ->> 'survey')::uuid;
  if v_survey.id is null or private.survey_state(v_survey, private.clock()) in ('draft', 'planned') then
    return private.refuse('not_found');
  elsif private.survey_state(v_survey, private.clock()) = 'closed' or v_survey.closed_at is not null then
    return private.refuse('round_closed');
  elsif not private.are_survey_answers(v_survey.definition, p -> 'answers') then
    return private.refuse('invalid_input');
  end if;
  if v_source = 'ballot' then
    select k.community_id into v_community from private.ballot_keys k where k.id = (p ->> 'key')::uuid and k.occasion = 'survey' and k.occasion_id = v_survey.id;
    v_gap := case when v_community is null then 'not_found' else private.spend_ballot((p ->> 'key')::uuid, p ->> 'nullifier') end;
  elsif v_source = 'invited' then
    update private.survey_invitations i set is_used = true where i.survey_id = v_survey.id and i.token_hash = p ->> 'token_hash' and not i.is_used returning i.community_id into v_community;
    v_gap := case when v_community is not null then null when exists (select from private.survey_invitations i where i.survey_id = v_survey.id and i.token_hash = p ->> 'token_hash') then 'link_used' else 'not_found' end;
  else
    v_community := (select c.community_id from private.survey_communities c where c.survey_id = v_survey.id and c.community_id = (p ->> 'community')::uuid);
    v_wait := case when v_survey.is_open_to_all then private.take_all(p -> 'limits') else 0 end;
    v_gap := case when not v_survey.is_open_to_all then 'forbidden' when v_wait > 0 then 'rate_limited' when p ->> 'community' is not null and v_community is null then 'invalid_input' end;
  end if;
  if v_gap is not null then
    return private.refuse(v_gap, case when v_gap = 'rate_limited' then jsonb_build_object('retry_after', v_wait) else '{}'::jsonb end);
  end if;
  insert into private.survey_responses (survey_id, community_id, source, answers, marks, day)
  values (v_survey.id, v_community, v_source, p -> 'answers', private.mark_response(v_survey.id, v_survey.closes_at, v_source, p ->> 'network', coalesce((p ->> 'is_staff')::boolean, false)), private.day_at(v_survey.station_id, private.clock()));
  insert into private.survey_texts (survey_id, question, community_id, text_sealed)
  select v_survey.id, t.question, v_community, t.sealed from jsonb_to_recordset(coalesce(p -> 'texts', '[]'::jsonb)) as t (question text, sealed text)
  where exists (select from jsonb_array_elements(v_survey.definition -> 'questions') q where q ->> 'code' = t.question and q ->> 'kind' = 'text');
  return jsonb_build_object('ok', true, 'counted', v_source);
end;
$$;
comment on function public.answer_survey(jsonb) is 'For the portal, which has checked ballot and answers. Definer: the tables have no grants.';
revoke all on function public.answer_survey(jsonb) from public;
grant execute on function public.answer_survey(jsonb) to service_role;

-- What everybody may know of a survey that was approved: never a draft, never an answer.
create function private.show_survey(p_survey private.surveys) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('id', p_survey.id, 'state', private.survey_state(p_survey, private.clock()), 'mode', p_survey.mode, 'is_open_to_all', p_survey.is_open_to_all, 'opens_at', p_survey.opens_at, 'closes_at', p_survey.closes_at,
    'title', p_survey.definition -> 'title', 'communities', (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'key', (select jsonb_build_object('id', k.id, 'spki', k.spki) from private.ballot_keys k where k.occasion_id = p_survey.id and k.community_id = c.id)) order by c.position, c.id), '[]'::jsonb)
      from private.survey_communities a join public.communities c on c.id = a.community_id where a.survey_id = p_survey.id));
$$;
revoke all on function private.show_survey(private.surveys) from public;

-- Surveys that are open, and those that are over in the last thirteen months. → {ok, now, surveys[]}
create function public.list_surveys() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'now', private.clock(), 'surveys', coalesce(jsonb_agg(private.show_survey(s) order by s.closes_at desc, s.id), '[]'::jsonb))
  from private.surveys s where s.approved_at is not null and s.opens_at <= private.clock() and s.closes_at > private.clock() - interval '13 months';
$$;
comment on function public.list_surveys() is 'Definer: the tables have no grants.';
revoke all on function public.list_surveys() from public;
grant execute on function public.list_surveys() to anon, authenticated, service_role;

-- p: {survey} → {ok, now, survey: as in the list, with its definition} | not_found
create function public.read_survey(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce((select jsonb_build_object('ok', true, 'now', private.clock(), 'survey', private.show_survey(s) || jsonb_build_object('definition', s.definition))
    from private.surveys s where s.id = (p ->> 'survey')::uuid and s.approved_at is not null and s.opens_at <= private.clock()), private.refuse('not_found'));
$$;
comment on function public.read_survey(jsonb) is 'Definer: the tables have no grants.';
revoke all on function public.read_survey(jsonb) from public;
grant execute on function public.read_survey(jsonb) to anon, authenticated, service_role;

-- Whether a single-use link is still good. p: {survey, token_hash} → {ok, is_used} | not_found
create function public.read_survey_link(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  lock table private.survey_invitations in access share mode; -- the job of the night has it empty for a moment
  return coalesce((select jsonb_build_object('ok', true, 'is_used', i.is_used) from private.survey_invitations i where i.survey_id = (p ->> 'survey')::uuid and i.token_hash = p ->> 'token_hash'), private.refuse('not_found'));
end;
$$;
comment on function public.read_survey_link(jsonb) is 'For the portal, which hashes what was on the paper. Definer: the tables have no grants.';
revoke all on function public.read_survey_link(jsonb) from public;
grant execute on function public.read_survey_link(jsonb) to service_role;

-- Closes what is over, and says which keys are still to be made. → {ok, closed, wanted: as advance_ratings, without an officer}
create function public.advance_surveys() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_survey private.surveys;
  v_closed integer := 0;
begin
  for v_survey in update private.surveys s set closed_at = private.clock() where s.approved_at is not null and s.closed_at is null and s.closes_at <= private.clock() returning s.* loop
    perform private.log(v_survey.station_id, null, 'system', 'survey.closed', 'surveys', v_survey.id);
    delete from private.answer_hours h where h.occasion_id = v_survey.id;
    delete from private.answer_networks n where n.occasion_id = v_survey.id;
    -- How many were invited is the base of the response rate; which links there were, and which were used, goes.
    if v_survey.mode = 'invited' then
      update private.survey_communities c set eligible = (select count(*) from private.survey_invitations i where i.survey_id = c.survey_id and i.community_id = c.community_id) where c.survey_id = v_survey.id;
      delete from private.survey_invitations i where i.survey_id = v_survey.id;
    end if;
    v_closed := v_closed + 1;
  end loop;
  return jsonb_build_object('ok', true, 'closed', v_closed, 'wanted', coalesce((
    select jsonb_agg(jsonb_build_object('occasion_id', s.id, 'community', c.community_id, 'opens_at', s.opens_at, 'closes_at', s.closes_at) order by s.id, c.community_id)
    from private.surveys s join private.survey_communities c on c.survey_id = s.id
    where s.approved_at is not null and s.closed_at is null and s.mode = 'ballot' and not exists (select from private.ballot_keys k where k.occasion_id = s.id and k.community_id = c.community_id)), '[]'::jsonb));
end;
$$;
comment on function public.advance_surveys() is 'For the job. Definer: the tables have no grants.';
revoke all on function public.advance_surveys() from public;
grant execute on function public.advance_surveys() to service_role;

-- What a run would do now: done and undone.
create function public.foresee_surveys() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_did jsonb;
begin
  begin
    v_did := public.advance_surveys();
    raise exception using errcode = 'LL000';
  exception when sqlstate 'LL000' then
    null;
  end;
  return v_did;
end;
$$;
comment on function public.foresee_surveys() is 'Definer: as advance_surveys.';
revoke all on function public.foresee_surveys() from public;
grant execute on function public.foresee_surveys() to service_role;
