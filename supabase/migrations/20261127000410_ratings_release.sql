-- Purpose: rounds that are over are counted once and published through disclosure control; what is out can be read by everybody, with comments and answers.
-- Risk: none for data, new functions.

/*
  Raw counts of a round, of each community: how many, and to how many of them it applies. Ballots alone make the headline figures; grades are about those who said one, and count from four of five on.
  Open answers stand apart, without those that came in numbers from one network; `marked` says how many of all answers did, `burst` how many open ones came in an hour of unusually many. `turnout`: those who might have, and who did.
*/
create function private.count_ratings(p_round uuid) returns table (measure text, community_id uuid, base bigint, count bigint)
language sql stable set search_path = '' as $$
  with said as (
    select s.community_id, r.* from private.rating_subjects s join private.ratings r on r.subject_id = s.id where s.round_id = p_round
  ), graded as (
    select b.community_id, g.measure, g.grade from said b cross join lateral (values ('familiar', b.familiar), ('satisfied', b.satisfied), ('prompt', b.prompt), ('polite', b.polite), ('effective', b.effective)) g (measure, grade)
    where b.source = 'ballot' and g.grade is not null
  )
  select 'knows', b.community_id, count(*), count(*) filter (where b.knows) from said b where b.source = 'ballot' group by b.community_id
  union all select g.measure, g.community_id, count(*), count(*) filter (where g.grade >= 4) from graded g group by g.measure, g.community_id
  union all select 'turnout', s.community_id, s.eligible, least(s.eligible, (select count(*) from said b where b.community_id = s.community_id and b.source = 'ballot')) from private.rating_subjects s where s.round_id = p_round
  union all select 'open_knows', b.community_id, count(*), count(*) filter (where b.knows) from said b where b.source = 'open' and private.does_count(b.source, b.marks) group by b.community_id
  union all select 'open_satisfied', b.community_id, count(*), count(*) filter (where b.satisfied >= 4) from said b where b.source = 'open' and private.does_count(b.source, b.marks) and b.satisfied is not null group by b.community_id
  union all select 'marked', b.community_id, count(*), count(*) filter (where b.marks && array['network', 'staff']) from said b group by b.community_id
  union all select 'burst', b.community_id, count(*), count(*) filter (where 'burst' = any (b.marks)) from said b where b.source = 'open' group by b.community_id;
$$;
revoke all on function private.count_ratings(uuid) from public;

-- Rounds that are over and not out, oldest first. → {ok, periods[]: as count_due_figures}
-- The job of the night empties the table for a moment: whoever waited for it with a snapshot from before would see nothing, and publish that for good. So the lock comes first.
create function public.count_due_ratings() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  lock table private.ratings in access share mode;
  return (select jsonb_build_object('ok', true, 'periods', coalesce(jsonb_agg(jsonb_build_object('station_id', r.station_id, 'period', 'month', 'starts_on', r.month,
    'communities', (select coalesce(jsonb_agg(s.community_id order by c.position, c.id), '[]'::jsonb) from private.rating_subjects s join public.communities c on c.id = s.community_id where s.round_id = r.id),
    'counts', coalesce((select jsonb_agg(jsonb_build_object('measure', n.measure, 'community_id', n.community_id, 'base', n.base, 'count', n.count) order by n.measure, n.community_id) from private.count_ratings(r.id) n), '[]'::jsonb)) order by r.month, r.station_id), '[]'::jsonb))
  from private.rating_rounds r where r.closed_at is not null and not exists (select from public.figure_releases f where f.station_id = r.station_id and f.topic = 'ratings' and f.period = 'month' and f.starts_on = r.month));
end;
$$;
comment on function public.count_due_ratings() is 'Raw counts, for the job that releases them. Definer: a job has no actor.';
revoke all on function public.count_due_ratings() from public;
grant execute on function public.count_due_ratings() to service_role;

-- What is out of the ratings: figures of the last thirteen rounds, whom each was about, and comments with the officers' answers. → {ok, releases[], rounds: [{month, subjects: [{community, officer}], comments: [{id, community, text, answer?, answered_on?}]}]}
create function public.get_rating_results() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  lock table private.rating_comments in access share mode; -- the job of the night has it empty for a moment
  return (select jsonb_build_object('ok', true, 'releases', public.get_figures(null, 'ratings') -> 'releases', 'rounds', coalesce((
    select jsonb_agg(jsonb_build_object('month', t.month,
      'subjects', (select coalesce(jsonb_agg(jsonb_build_object('community', c.slug, 'community_id', c.id, 'officer', f.name, 'badge_number', f.badge_number) order by c.position, c.id), '[]'::jsonb)
        from private.rating_subjects s join public.communities c on c.id = s.community_id join public.staff f on f.user_id = s.officer_id where s.round_id = t.id),
      'comments', (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'community', c.slug, 'text', m.text_published, 'answer', m.answer, 'answered_on', m.answered_on) order by c.position, m.id), '[]'::jsonb)
        from private.rating_comments m join private.rating_subjects s on s.id = m.subject_id join public.communities c on c.id = s.community_id where s.round_id = t.id and m.state = 'published')) order by t.month desc)
    from (select r.* from private.rating_rounds r join public.stations d on d.id = r.station_id and d.is_default join public.figure_releases f on f.station_id = r.station_id and f.topic = 'ratings' and f.starts_on = r.month order by r.month desc limit 13) t), '[]'::jsonb)));
end;
$$;
comment on function public.get_rating_results() is 'Only what was released; nothing of a round that is open. Definer: the tables have no grants.';
revoke all on function public.get_rating_results() from public;
grant execute on function public.get_rating_results() to anon, authenticated, service_role;
