-- Purpose: surveys at the desk: written by whoever handles reports, approved by a lead or chief, answered by invitation where that is chosen; census figures to weigh by.
-- Risk: none for data, new functions. What is asked is checked by the portal (shared/surveys/definition.ts, walk.ts), which alone may write it. Rows of surveys are locked `for no key update`: the job of the night checks references to them while it has the tables of answers.

create table private.census_counts (
  community_id uuid not null references public.communities (id) on delete cascade,
  age_from smallint not null check (age_from in (16, 30, 45, 60)),
  residents integer not null check (residents between 0 and 10000000),
  as_of date not null,
  primary key (community_id, age_from)
);
comment on table private.census_counts is 'How many people of an age live in a community: answers are weighted by them. The bands are those of the question `age` of the bank.';
alter table private.census_counts enable row level security;

-- A survey as the desk sees it. How many answers came is rounded down to five: nothing is counted for anybody while it is open (RULES E3).
create function private.desk_survey(p_survey private.surveys) returns jsonb
language sql stable set search_path = '' as $$
  select private.show_survey(p_survey) || jsonb_build_object('series', p_survey.series_id, 'revision', p_survey.revision, 'definition', p_survey.definition, 'written_by', w.name, 'written_at', p_survey.written_at, 'approved_by', a.name,
    'answers', (select coalesce(sum(t.answers), 0) / 5 * 5 from private.survey_tallies t where t.survey_id = p_survey.id),
    'invitations', (select coalesce(jsonb_agg(jsonb_build_object('community', c.slug, 'made', i.made, 'used', i.used / 5 * 5, 'is_untouched', i.used = 0) order by c.position, c.id), '[]'::jsonb)
      from (select v.community_id, count(*) as made, count(*) filter (where v.is_used) as used from private.survey_invitations v where v.survey_id = p_survey.id group by v.community_id) i join public.communities c on c.id = i.community_id))
  from public.staff w left join public.staff a on a.user_id = p_survey.approved_by where w.user_id = p_survey.written_by;
$$;
revoke all on function private.desk_survey(private.surveys) from public;

-- Surveys of the caller's station, newest first, without what they ask. → {ok, surveys[]} | forbidden
create function public.list_desk_surveys() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  lock table private.survey_invitations in access share mode; -- the job of the night has it empty for a moment
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'surveys', coalesce((select jsonb_agg(private.desk_survey(s) - 'definition' order by s.written_at desc, s.id) from private.surveys s where s.station_id = v_staff.station_id), '[]'::jsonb));
end;
$$;
comment on function public.list_desk_surveys() is 'Never an answer. Definer: the tables have no grants.';
revoke all on function public.list_desk_surveys() from public;
grant execute on function public.list_desk_surveys() to authenticated;

-- p: {survey} → {ok, survey} | forbidden, not_found
create function public.read_desk_survey(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  lock table private.survey_invitations in access share mode; -- the job of the night has it empty for a moment
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return coalesce((select jsonb_build_object('ok', true, 'now', private.clock(), 'survey', private.desk_survey(s)) from private.surveys s where s.id = (p ->> 'survey')::uuid and s.station_id = v_staff.station_id), private.refuse('not_found'));
end;
$$;
comment on function public.read_desk_survey(jsonb) is 'Never an answer. Definer: the tables have no grants.';
revoke all on function public.read_desk_survey(jsonb) from public;
grant execute on function public.read_desk_survey(jsonb) to authenticated;

/*
  Keeps a draft, whose definition the portal has checked. p: {actor, session, definition, survey?, revision?: as it was read, series?: a survey whose next round this is}
  → {ok, survey, revision} | forbidden, not_found, conflict: somebody else was quicker, status_order: it is no draft any more
*/
create function public.save_survey(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_survey private.surveys;
  v_id uuid := gen_random_uuid();
  v_series uuid;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  if p ->> 'survey' is null then
    select s.series_id into v_series from private.surveys s where s.id = (p ->> 'series')::uuid and s.station_id = v_staff.station_id;
    if p ->> 'series' is not null and v_series is null then
      return private.refuse('not_found');
    end if;
    insert into private.surveys (id, station_id, series_id, definition, written_by, written_at) values (v_id, v_staff.station_id, coalesce(v_series, v_id), p -> 'definition', v_staff.user_id, private.clock());
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'survey.begun', 'surveys', v_id);
    return jsonb_build_object('ok', true, 'survey', v_id, 'revision', 1);
  end if;
  select s.* into v_survey from private.surveys s where s.id = (p ->> 'survey')::uuid and s.station_id = v_staff.station_id for no key update;
  if v_survey.id is null then
    return private.refuse('not_found');
  elsif v_survey.approved_at is not null then
    return private.refuse('status_order');
  elsif v_survey.revision is distinct from (p ->> 'revision')::integer then
    return private.refuse('conflict');
  end if;
  update private.surveys s set definition = p -> 'definition', revision = s.revision + 1, written_by = v_staff.user_id, written_at = private.clock() where s.id = v_survey.id;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'survey.written', 'surveys', v_survey.id);
  return jsonb_build_object('ok', true, 'survey', v_survey.id, 'revision', v_survey.revision + 1);
end;
$$;
comment on function public.save_survey(jsonb) is 'For the portal, which checks what is asked and that every way through it ends. Definer: the tables have no grants.';
revoke all on function public.save_survey(jsonb) from public;
grant execute on function public.save_survey(jsonb) to service_role;

-- A draft that nobody wants. p: {survey} → {ok} | forbidden, not_found, status_order
create function public.drop_survey(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_survey private.surveys;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  select s.* into v_survey from private.surveys s where s.id = (p ->> 'survey')::uuid and s.station_id = v_staff.station_id for no key update;
  if v_survey.id is null then
    return private.refuse('not_found');
  elsif v_survey.approved_at is not null then
    return private.refuse('status_order');
  end if;
  delete from private.surveys s where s.id = v_survey.id;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'survey.dropped', 'surveys', v_survey.id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.drop_survey(jsonb) is 'Definer: the tables have no grants.';
revoke all on function public.drop_survey(jsonb) from public;
grant execute on function public.drop_survey(jsonb) to authenticated;

/*
  Sets whom it asks and when; from then on what it asks stays. p: {actor, session, survey, revision, mode, is_open_to_all, opens_at, closes_at, communities: slugs[]}
  → {ok} | forbidden, not_found, conflict, status_order, invalid_input
*/
create function public.approve_survey(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_survey private.surveys;
  v_communities uuid[];
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  select s.* into v_survey from private.surveys s where s.id = (p ->> 'survey')::uuid and s.station_id = v_staff.station_id for no key update;
  if v_survey.id is null then
    return private.refuse('not_found');
  elsif v_survey.approved_at is not null then
    return private.refuse('status_order');
  elsif v_survey.revision is distinct from (p ->> 'revision')::integer then
    return private.refuse('conflict');
  end if;
  select array_agg(c.id) into v_communities from public.communities c where c.station_id = v_staff.station_id and c.is_active and c.slug in (select jsonb_array_elements_text(p -> 'communities'));
  if coalesce(cardinality(v_communities), 0) = 0 or cardinality(v_communities) <> jsonb_array_length(p -> 'communities')
    or (p ->> 'closes_at')::timestamptz < greatest(private.clock(), (p ->> 'opens_at')::timestamptz) + interval '1 day' or (p ->> 'closes_at')::timestamptz > private.clock() + interval '1 year' then
    return private.refuse('invalid_input');
  end if;
  update private.surveys s set mode = p ->> 'mode', is_open_to_all = (p ->> 'is_open_to_all')::boolean, opens_at = greatest(private.clock(), (p ->> 'opens_at')::timestamptz), closes_at = (p ->> 'closes_at')::timestamptz,
    approved_by = v_staff.user_id, approved_at = private.clock() where s.id = v_survey.id;
  -- A key that was still being made when the survey became a draft again has other times.
  delete from private.ballot_keys k where k.occasion = 'survey' and k.occasion_id = v_survey.id;
  insert into private.survey_communities (survey_id, community_id, eligible)
  select v_survey.id, c, (select count(*) from private.verifications v where v.community_id = c and private.is_verified_for(v.user_id, c, null)) from unnest(v_communities) c;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'survey.approved', 'surveys', v_survey.id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.approve_survey(jsonb) is 'For the portal, which checks once more that every way through it ends. Definer: the tables have no grants.';
revoke all on function public.approve_survey(jsonb) from public;
grant execute on function public.approve_survey(jsonb) to service_role;

-- Ends a survey before its time: one that has not begun is a draft again, one that is open is over now. p: {survey} → {ok} | forbidden, not_found, status_order
create function public.end_survey(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_survey private.surveys;
  v_state text;
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  select s.* into v_survey from private.surveys s where s.id = (p ->> 'survey')::uuid and s.station_id = v_staff.station_id for no key update;
  v_state := private.survey_state(v_survey, private.clock());
  if v_survey.id is null then
    return private.refuse('not_found');
  elsif v_state not in ('planned', 'open') then
    return private.refuse('status_order');
  elsif v_state = 'open' then
    -- A moment after it opened at the earliest.
    update private.surveys s set closes_at = greatest(private.clock(), s.opens_at + interval '1 second') where s.id = v_survey.id;
    update private.ballot_keys k set closes_at = greatest(private.clock(), k.opens_at + interval '1 second') where k.occasion_id = v_survey.id;
  else
    delete from private.ballot_keys k where k.occasion_id = v_survey.id;
    delete from private.survey_invitations i where i.survey_id = v_survey.id;
    delete from private.survey_communities c where c.survey_id = v_survey.id;
    update private.surveys s set approved_by = null, approved_at = null, opens_at = null, closes_at = null where s.id = v_survey.id;
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'survey.ended', 'surveys', v_survey.id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.end_survey(jsonb) is 'Definer: the tables have no grants.';
revoke all on function public.end_survey(jsonb) from public;
grant execute on function public.end_survey(jsonb) to authenticated;

/*
  Single-use links of a community, which the portal has made and shows once: one for each number drawn, where there is a draw. Made again they replace those before, as long as none was used.
  p: {actor, session, survey, community: slug, hashes[]} → {ok} | forbidden, not_found, status_order: it is over, or by ballot, or one was used; invalid_input
*/
create function public.keep_survey_invitations(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_survey private.surveys;
  v_community uuid;
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  select s.* into v_survey from private.surveys s where s.id = (p ->> 'survey')::uuid and s.station_id = v_staff.station_id for no key update;
  select c.id into v_community from private.survey_communities a join public.communities c on c.id = a.community_id where a.survey_id = v_survey.id and c.slug = p ->> 'community';
  if v_survey.id is null or v_community is null then
    return private.refuse('not_found');
  elsif v_survey.mode <> 'invited' or private.survey_state(v_survey, private.clock()) = 'closed' or exists (select from private.survey_invitations i where i.survey_id = v_survey.id and i.community_id = v_community and i.is_used) then
    return private.refuse('status_order');
  elsif jsonb_array_length(p -> 'hashes') not between 1 and 2000
    or exists (select from private.survey_draws d where d.survey_id = v_survey.id and d.community_id = v_community and (d.drawn is null or d.wanted <> jsonb_array_length(p -> 'hashes'))) then
    return private.refuse('invalid_input');
  end if;
  delete from private.survey_invitations i where i.survey_id = v_survey.id and i.community_id = v_community;
  insert into private.survey_invitations (survey_id, community_id, token_hash) select v_survey.id, v_community, h from jsonb_array_elements_text(p -> 'hashes') h;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'survey.invited', 'surveys', v_survey.id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.keep_survey_invitations(jsonb) is 'For the portal, which makes the links. Definer: the tables have no grants.';
revoke all on function public.keep_survey_invitations(jsonb) from public;
grant execute on function public.keep_survey_invitations(jsonb) to service_role;

-- Words of a survey that is over, sealed, for a lead or chief; the reading is logged. p: {actor, session, survey} → {ok, texts: [{question, community?, text_sealed}]} | forbidden, not_found, status_order: it is not over
create function public.list_survey_texts(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_survey private.surveys;
begin
  lock table private.survey_texts in access share mode; -- the job of the night has it empty for a moment
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  select s.* into v_survey from private.surveys s where s.id = (p ->> 'survey')::uuid and s.station_id = v_staff.station_id;
  if v_survey.id is null then
    return private.refuse('not_found');
  elsif v_survey.closed_at is null then
    return private.refuse('status_order');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'survey.texts_read', 'surveys', v_survey.id);
  return jsonb_build_object('ok', true, 'texts', coalesce((select jsonb_agg(jsonb_build_object('question', t.question, 'community', c.slug, 'text_sealed', t.text_sealed) order by t.question, c.position nulls last, t.id)
    from private.survey_texts t left join public.communities c on c.id = t.community_id where t.survey_id = v_survey.id), '[]'::jsonb));
end;
$$;
comment on function public.list_survey_texts(jsonb) is 'For the portal, which opens the words. Definer: the tables have no grants.';
revoke all on function public.list_survey_texts(jsonb) from public;
grant execute on function public.list_survey_texts(jsonb) to service_role;

-- Census figures of the caller's station. → {ok, counts: [{community, age_from, residents, as_of}]} | forbidden
create function public.list_census() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'counts', coalesce((select jsonb_agg(jsonb_build_object('community', c.slug, 'age_from', n.age_from, 'residents', n.residents, 'as_of', n.as_of) order by c.position, c.id, n.age_from)
    from private.census_counts n join public.communities c on c.id = n.community_id where c.station_id = v_staff.station_id), '[]'::jsonb));
end;
$$;
comment on function public.list_census() is 'Definer: the table has no grants.';
revoke all on function public.list_census() from public;
grant execute on function public.list_census() to authenticated;

-- Replaces the census figures of a community; none takes them away. p: {community: slug, as_of, counts: {"16": residents, …}} → {ok} | forbidden, not_found, invalid_input
create function public.save_census(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_community uuid;
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  select c.id into v_community from public.communities c where c.slug = p ->> 'community' and c.station_id = v_staff.station_id;
  if v_community is null then
    return private.refuse('not_found');
  elsif jsonb_typeof(p -> 'counts') <> 'object' or exists (select from jsonb_each(p -> 'counts') n where n.key not in ('16', '30', '45', '60') or jsonb_typeof(n.value) <> 'number' or n.value #>> '{}' !~ '^[0-9]{1,7}$') then
    return private.refuse('invalid_input');
  end if;
  delete from private.census_counts n where n.community_id = v_community;
  insert into private.census_counts (community_id, age_from, residents, as_of) select v_community, n.key::smallint, (n.value #>> '{}')::integer, (p ->> 'as_of')::date from jsonb_each(p -> 'counts') n;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'survey.census_written', 'communities', v_community);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.save_census(jsonb) is 'Definer: the table has no grants.';
revoke all on function public.save_census(jsonb) from public;
grant execute on function public.save_census(jsonb) to authenticated;
