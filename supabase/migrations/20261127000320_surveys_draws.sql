-- Purpose: who is invited is drawn by a root that nobody knows when the list is fixed, so that anybody can draw again (scripts/rerun-draw.mjs).
-- Risk: none for data, new objects. Code numbers only: who has which number stands on the station's paper.

create table private.survey_draws (
  survey_id uuid not null references private.surveys (id) on delete cascade,
  community_id uuid not null references public.communities (id) on delete restrict,
  numbers integer not null check (numbers between 10 and 100000),
  wanted integer not null check (wanted between 1 and 2000),
  listed_on date not null,
  root_of date not null,
  list_hash public.hex_256 not null,
  root public.hex_256,
  drawn integer[],
  primary key (survey_id, community_id),
  constraint the_root_is_of_a_later_day check (root_of > listed_on),
  constraint no_more_are_wanted_than_there_are check (wanted <= numbers),
  constraint drawn_by_a_root check ((root is null) = (drawn is null) and (drawn is null or cardinality(drawn) = wanted))
);
comment on table private.survey_draws is 'Numbers 1 to `numbers` of a community, of which `wanted` are drawn by the root of a day that was still to come. The hash of the list is a row of the log, and so of the sealed chain, before that day.';
create index survey_draws_by_community on private.survey_draws (community_id);
alter table private.survey_draws enable row level security;

/*
  Fixes the list before the day whose root decides. A list whose day went by without a root may be fixed anew.
  p: {actor, session, survey, community: slug, numbers, wanted, listed_on, root_of, list_hash} → {ok} | forbidden, not_found, status_order: it is fixed already, or over, or by ballot; invalid_input
*/
create function public.fix_survey_draw(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_survey private.surveys;
  v_community uuid;
  v_today date;
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  v_today := private.station_day(private.clock());
  select s.* into v_survey from private.surveys s where s.id = (p ->> 'survey')::uuid and s.station_id = v_staff.station_id for no key update;
  select c.id into v_community from private.survey_communities a join public.communities c on c.id = a.community_id where a.survey_id = v_survey.id and c.slug = p ->> 'community';
  if v_survey.id is null or v_community is null then
    return private.refuse('not_found');
  elsif v_survey.mode <> 'invited' or private.survey_state(v_survey, private.clock()) = 'closed' or exists (select from private.survey_invitations i where i.survey_id = v_survey.id and i.community_id = v_community)
    or exists (select from private.survey_draws d where d.survey_id = v_survey.id and d.community_id = v_community and (d.drawn is not null or d.root_of >= v_today - 1)) then
    return private.refuse('status_order');
  elsif (p ->> 'listed_on')::date <> v_today or (p ->> 'root_of')::date <= v_today then
    return private.refuse('invalid_input');
  end if;
  delete from private.survey_draws d where d.survey_id = v_survey.id and d.community_id = v_community;
  insert into private.survey_draws (survey_id, community_id, numbers, wanted, listed_on, root_of, list_hash)
  values (v_survey.id, v_community, (p ->> 'numbers')::integer, (p ->> 'wanted')::integer, (p ->> 'listed_on')::date, (p ->> 'root_of')::date, p ->> 'list_hash');
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'survey.draw_fixed', 'surveys', v_survey.id, jsonb_build_object('list_hash', p ->> 'list_hash', 'root_of', p ->> 'root_of'));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.fix_survey_draw(jsonb) is 'For the portal, which hashes the list. Definer: the table has no grants.';
revoke all on function public.fix_survey_draw(jsonb) from public;
grant execute on function public.fix_survey_draw(jsonb) to service_role;

/*
  Draws whose root is out. On the day itself a row of the log makes sure that there will be a root.
  → {ok, draws: [{survey, community: id, slug, numbers, wanted, listed_on, root_of, root}]}
*/
create function public.list_due_draws() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_draw record;
begin
  for v_draw in select d.survey_id, s.station_id from private.survey_draws d join private.surveys s on s.id = d.survey_id
    where d.drawn is null and d.root_of = private.station_day(private.clock()) and not exists (select from public.audit_log l where l.noun = 'surveys' and l.noun_id = d.survey_id and l.action = 'survey.draw_day' and private.station_day(l.at) = d.root_of) group by d.survey_id, s.station_id loop
    perform private.log(v_draw.station_id, null, 'system', 'survey.draw_day', 'surveys', v_draw.survey_id);
  end loop;
  return jsonb_build_object('ok', true, 'draws', coalesce((select jsonb_agg(jsonb_build_object('survey', d.survey_id, 'community', d.community_id, 'slug', c.slug, 'numbers', d.numbers, 'wanted', d.wanted, 'listed_on', d.listed_on, 'root_of', d.root_of, 'root', r.root) order by d.survey_id, c.position)
    from private.survey_draws d join public.communities c on c.id = d.community_id join private.seal_roots r on r.day = d.root_of where d.drawn is null), '[]'::jsonb));
end;
$$;
comment on function public.list_due_draws() is 'For the job. Definer: the tables have no grants.';
revoke all on function public.list_due_draws() from public;
grant execute on function public.list_due_draws() to service_role;

-- Keeps what was drawn, once. p: {survey, community: id, root, drawn[]} → {ok}
create function public.keep_drawn_numbers(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_draw private.survey_draws;
begin
  update private.survey_draws d set root = r.root, drawn = array(select n::integer from jsonb_array_elements_text(p -> 'drawn') n order by n::integer)
  from private.seal_roots r where r.day = d.root_of and r.root = p ->> 'root' and d.survey_id = (p ->> 'survey')::uuid and d.community_id = (p ->> 'community')::uuid and d.drawn is null returning d.* into v_draw;
  if v_draw.survey_id is not null then
    perform private.log(s.station_id, null, 'system', 'survey.drawn', 'surveys', s.id) from private.surveys s where s.id = v_draw.survey_id;
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.keep_drawn_numbers(jsonb) is 'For the job. Definer: the tables have no grants.';
revoke all on function public.keep_drawn_numbers(jsonb) from public;
grant execute on function public.keep_drawn_numbers(jsonb) to service_role;

-- The draws of a survey, for anybody who wants to draw again. p: {survey} → {ok, draws: [{community: slug, numbers, wanted, listed_on, root_of, list_hash, root?, drawn?}]}
create function public.list_survey_draws(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'draws', coalesce(jsonb_agg(jsonb_build_object('community', c.slug, 'numbers', d.numbers, 'wanted', d.wanted, 'listed_on', d.listed_on, 'root_of', d.root_of, 'list_hash', d.list_hash, 'root', d.root, 'drawn', to_jsonb(d.drawn)) order by c.position, c.id), '[]'::jsonb))
  from private.survey_draws d join public.communities c on c.id = d.community_id where d.survey_id = (p ->> 'survey')::uuid;
$$;
comment on function public.list_survey_draws(jsonb) is 'Code numbers and hashes only. Definer: the table has no grants.';
revoke all on function public.list_survey_draws(jsonb) from public;
grant execute on function public.list_survey_draws(jsonb) to anon, authenticated, service_role;
