-- Purpose: how long ratings and the words that came with them are kept. What was published stays.
-- Risk: none for data that is wanted: two rules, and the functions of the job that keeps them.

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('ratings', 184, 'ratings:retain', 'term', '395 days', '60 days', '1095 days',
    '{"zh": "对社区民警的评价（不知道是谁填的）", "en": "Ratings of community officers (by nobody knows whom)"}', '{"zh": "本轮结束后计算，期满删除；已公布的结果不变", "en": "Counted from the end of the round, then deleted; what was published stays"}',
    '{"zh": "与去年同月比较时，还能核对当时的统计", "en": "The count can be checked when a round is compared with that of the year before"}'),
  ('rating_comments', 185, 'ratings:retain', 'term', '395 days', '60 days', '1095 days',
    '{"zh": "评价里公布的文字和民警的答复", "en": "Published words of ratings, with the officers'' answers"}', '{"zh": "本轮结束后计算，期满删除；不予公布的，当时就删去原文", "en": "Counted from the end of the round, then deleted; of refused ones the words go at once"}',
    '{"zh": "与公布的各轮结果一起看得到", "en": "They stand beside the results that are shown"}'),
  ('rating_comments_waiting', 186, 'ratings:retain', 'term', '60 days', '30 days', '183 days',
    '{"zh": "没有人看过的评语（加密）", "en": "Words of ratings that nobody has read (sealed)"}', '{"zh": "本轮结束后计算，期满删除，不公布", "en": "Counted from the end of the round, then deleted unpublished"}',
    '{"zh": "过了两个月再公布已经没有意义", "en": "Two months later nobody gains by their being published"}');

-- What is over its time. Grades that were never counted stay until they are.
create function private.ratings_to_go() returns table (kind text, id uuid)
language sql stable set search_path = '' as $$
  select 'ratings', g.id from private.ratings g join private.rating_subjects s on s.id = g.subject_id join private.rating_rounds r on r.id = s.round_id
    where r.closed_at < private.clock() - private.kept_for('ratings') and exists (select from public.figure_releases f where f.station_id = r.station_id and f.topic = 'ratings' and f.period = 'month' and f.starts_on = r.month)
  union all select 'comments', m.id from private.rating_comments m join private.rating_subjects s on s.id = m.subject_id join private.rating_rounds r on r.id = s.round_id
    where r.closed_at < private.clock() - private.kept_for(case when m.state = 'waiting' then 'rating_comments_waiting' else 'rating_comments' end);
$$;
revoke all on function private.ratings_to_go() from public;

-- In pages. p: {limit, is_dry?} → {ok, ratings, comments, has_more}
create function public.retain_ratings(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 1), 1), 5000);
  v_ratings integer;
  v_comments integer;
begin
  if coalesce((p ->> 'is_dry')::boolean, false) then
    return (select jsonb_build_object('ok', true, 'ratings', count(*) filter (where t.kind = 'ratings'), 'comments', count(*) filter (where t.kind = 'comments'), 'has_more', false) from private.ratings_to_go() t);
  end if;
  -- In the order of the tables' names, as everywhere where several of them are written.
  delete from private.rating_comments m where m.id in (select t.id from private.ratings_to_go() t where t.kind = 'comments' limit v_limit);
  get diagnostics v_comments = row_count;
  delete from private.ratings g where g.id in (select t.id from private.ratings_to_go() t where t.kind = 'ratings' limit v_limit);
  get diagnostics v_ratings = row_count;
  return jsonb_build_object('ok', true, 'ratings', v_ratings, 'comments', v_comments, 'has_more', greatest(v_ratings, v_comments) >= v_limit);
end;
$$;
comment on function public.retain_ratings(jsonb) is 'For the job of the day. Definer: the tables have no grants.';
revoke all on function public.retain_ratings(jsonb) from public;
grant execute on function public.retain_ratings(jsonb) to service_role;

-- The keys of whose ballots it is still kept who drew one. → {ok, keys: [{id, occasion, starts_on, community}]}
create function public.list_ballot_keys() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'keys', coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'occasion', k.occasion, 'starts_on', private.day_at(c.station_id, k.opens_at), 'community', c.slug) order by k.opens_at, c.position, k.id), '[]'::jsonb))
  from private.ballot_keys k join public.communities c on c.id = k.community_id where exists (select from private.ballot_draws d where d.key_id = k.id);
$$;
comment on function public.list_ballot_keys() is 'For the portal, which alone can tell by its keyed hash whether an account drew one, for the copy of that account. Definer: the tables have no grants.';
revoke all on function public.list_ballot_keys() from public;
grant execute on function public.list_ballot_keys() to service_role;
