-- Purpose: a survey that is over is counted once, page by page, and what disclosure control lets through is published in the ledger of all figures.
-- Risk: low: the ledger's uniqueness takes in the survey; what is out stays as it is.

alter table public.figure_releases add column survey_id uuid references private.surveys (id) on delete restrict;
alter table public.figure_releases drop constraint figure_releases_topic_check, drop constraint figure_releases_period_check, drop constraint figure_releases_once, drop constraint releases_begin_with_their_period;
alter table public.figure_releases add constraint figure_releases_period_check check (period in ('month', 'week', 'survey')),
  add constraint releases_begin_with_their_period check (case period when 'month' then extract(day from starts_on) = 1 when 'week' then extract(isodow from starts_on) = 1 else true end),
  add constraint figure_releases_topic_check check (topic in ('conduct', 'ratings', 'activity', 'surveys')),
  add constraint figure_releases_are_of_a_survey check ((topic = 'surveys') = (survey_id is not null) and (period = 'survey') = (survey_id is not null)),
  add constraint figure_releases_once unique nulls not distinct (station_id, topic, period, starts_on, survey_id);
create unique index figure_releases_by_survey on public.figure_releases (survey_id) where survey_id is not null;

create table public.published_surveys (
  release_id uuid primary key references public.figure_releases (id) on delete restrict,
  survey_id uuid not null unique references private.surveys (id) on delete restrict,
  results jsonb not null check (jsonb_typeof(results) = 'object')
);
comment on table public.published_surveys is 'What a survey found, after disclosure control (shared/surveys/count-survey.ts): the only thing of it that anybody reads.';
alter table public.published_surveys enable row level security;
create policy "Everybody reads what was released of surveys" on public.published_surveys for select to anon using (true);
create policy "Whoever is signed in reads what was released of surveys" on public.published_surveys for select to authenticated using (true);
grant select on public.published_surveys to anon, authenticated, service_role;
create trigger published_surveys_are_append_only before update or delete on public.published_surveys for each row execute function private.refuse_change();
create trigger published_surveys_are_never_emptied before truncate on public.published_surveys for each statement execute function private.refuse_change();

/*
  Surveys that are over and not out. → {ok, surveys: [{survey, definition, mode, communities: ids[], eligible: {id: n}, marked: {network, staff, burst, answers}, census: [{community, age_from, residents, as_of}]}]}
*/
create function public.list_due_surveys() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'surveys', coalesce(jsonb_agg(jsonb_build_object('survey', s.id, 'station', s.station_id, 'closed_on', private.day_at(s.station_id, s.closes_at), 'definition', s.definition, 'mode', s.mode,
    'communities', (select jsonb_agg(c.id order by c.position, c.id) from private.survey_communities a join public.communities c on c.id = a.community_id where a.survey_id = s.id),
    'eligible', (select sum(a.eligible) from private.survey_communities a where a.survey_id = s.id),
    'census', (select coalesce(jsonb_agg(jsonb_build_object('community', n.community_id, 'age_from', n.age_from, 'residents', n.residents, 'as_of', n.as_of)), '[]'::jsonb)
      from private.census_counts n join private.survey_communities a on a.community_id = n.community_id where a.survey_id = s.id)) order by s.closes_at, s.id), '[]'::jsonb))
  from private.surveys s where s.closed_at is not null and not exists (select from public.figure_releases f where f.survey_id = s.id);
$$;
comment on function public.list_due_surveys() is 'For the job that releases them. Definer: a job has no actor.';
revoke all on function public.list_due_surveys() from public;
grant execute on function public.list_due_surveys() to service_role;

-- Answers of a survey that is over, to be counted, 2,000 at once in the order of their random ids. p: {survey, after?: id} → {ok, answers: [{id, community?, source, marks[], answers}]}
-- The job of the night empties the table for a moment: whoever waited for it with a snapshot from before would see nothing, and publish that for good. So the lock comes first.
create function public.list_survey_answers(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  lock table private.survey_responses in access share mode;
  return (select jsonb_build_object('ok', true, 'answers', coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'community', r.community_id, 'source', r.source, 'marks', r.marks, 'answers', r.answers) order by r.id), '[]'::jsonb))
  from (select r.* from private.survey_responses r join private.surveys s on s.id = r.survey_id and s.closed_at is not null
    where r.survey_id = (p ->> 'survey')::uuid and r.id > coalesce((p ->> 'after')::uuid, '00000000-0000-0000-0000-000000000000') order by r.id limit 2000) r);
end;
$$;
comment on function public.list_survey_answers(jsonb) is 'For the job that counts them; nothing of a survey that is open. Definer: the table has no grants.';
revoke all on function public.list_survey_answers(jsonb) from public;
grant execute on function public.list_survey_answers(jsonb) to service_role;

-- Publishes, once. p: {survey, results} → {ok, is_new}
create function public.release_survey(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_release uuid;
begin
  insert into public.figure_releases (station_id, topic, period, starts_on, released_at, survey_id)
  select s.station_id, 'surveys', 'survey', private.day_at(s.station_id, s.closes_at), private.clock(), s.id from private.surveys s where s.id = (p ->> 'survey')::uuid and s.closed_at is not null
  on conflict do nothing returning id into v_release;
  if v_release is null then
    return '{"ok": true, "is_new": false}'::jsonb;
  end if;
  insert into public.published_surveys (release_id, survey_id, results) values (v_release, (p ->> 'survey')::uuid, p -> 'results');
  perform private.log(s.station_id, null, 'system', 'survey.released', 'surveys', s.id) from private.surveys s where s.id = (p ->> 'survey')::uuid;
  return '{"ok": true, "is_new": true}'::jsonb;
end;
$$;
comment on function public.release_survey(jsonb) is 'For the job. Definer: a job has no actor.';
revoke all on function public.release_survey(jsonb) from public;
grant execute on function public.release_survey(jsonb) to service_role;

-- What a survey found, and what the rounds before it did; asked while it is open there is nothing. p: {survey} → {ok, survey, rounds: [{survey, closed_on, released_at, results}], newest first} | not_found
create function public.get_survey_results(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce((select jsonb_build_object('ok', true, 'survey', private.show_survey(s) || jsonb_build_object('definition', s.definition), 'rounds', coalesce((
      select jsonb_agg(jsonb_build_object('survey', t.survey_id, 'closed_on', t.starts_on, 'released_at', t.released_at, 'results', t.results) order by t.starts_on desc, t.survey_id)
      from (select b.survey_id, f.starts_on, f.released_at, b.results from private.surveys o join public.published_surveys b on b.survey_id = o.id join public.figure_releases f on f.id = b.release_id
        where o.series_id = s.series_id and o.closes_at <= s.closes_at order by f.starts_on desc limit 13) t), '[]'::jsonb))
    from private.surveys s where s.id = (p ->> 'survey')::uuid and s.approved_at is not null and s.opens_at <= private.clock()), private.refuse('not_found'));
$$;
comment on function public.get_survey_results(jsonb) is 'Only what was released. Definer: surveys have no grants.';
revoke all on function public.get_survey_results(jsonb) from public;
grant execute on function public.get_survey_results(jsonb) to anon, authenticated, service_role;
