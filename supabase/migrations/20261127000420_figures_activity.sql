-- Purpose: what happened in a month is published as well: reports by kind and community, how far alerts came, what patrols did.
-- Risk: none for data, new functions.

/*
  Raw counts of what happened in a span: reports by kind that came in (spam, doubles and those of banned senders are none), people who were to be told of alerts and those whose message went out,
  patrols planned and held, how often somebody took part, hours that were counted, findings and those of them that are closed.
*/
create function private.count_activity(p_station uuid, p_span tstzrange) returns table (measure text, community_id uuid, category text, base bigint, count bigint)
language sql stable set search_path = '' as $$
  with filed as (
    select r.community_id, r.category_code, r.channel, r.closed_at from public.reports r
    where r.station_id = p_station and r.received_at <@ p_span and r.merged_into is null and not r.is_hidden and coalesce(r.closed_reason <> 'spam', true)
  ), shifts as (
    select s.id, s.community_id, exists (select from public.shift_places q where q.shift_id = s.id and q.attended_at is not null) as is_held from public.patrol_shifts s where s.station_id = p_station and lower(s.period) <@ p_span
  )
  select 'received', f.community_id, f.category_code, count(*), null::bigint from filed f group by f.community_id, f.category_code
  union all select 'reached', null, null, count(*), count(*) filter (where coalesce(o.status, x.outcome) = 'sent') from public.alerts a join private.alert_audience x on x.alert_id = a.id left join public.outbox o on o.id = x.outbox_id and o.subscription_id = x.subscription_id
    where a.station_id = p_station and a.state = 'published' and a.published_at <@ p_span and not a.is_exercise
  union all select 'patrols', s.community_id, null, count(*), count(*) filter (where s.is_held) from shifts s group by s.community_id
  union all select 'attendances', s.community_id, null, count(*), null from shifts s join public.shift_places q on q.shift_id = s.id and q.attended_at is not null group by s.community_id
  union all select 'hours', s.community_id, null, sum(h.minutes) / 60, null from shifts s join public.shift_places q on q.shift_id = s.id join private.patrol_hours h on h.place_id = q.id group by s.community_id
  union all select 'findings', f.community_id, null, count(*), count(*) filter (where f.closed_at is not null) from filed f where f.channel = 'patrol' group by f.community_id;
$$;
revoke all on function private.count_activity(uuid, tstzrange) from public;

-- Months that are over and not out, oldest first, thirteen at most; as count_due_figures a month stays open for fourteen days. → {ok, periods[]: as there, and of each count its category}
create function public.count_due_activity() returns jsonb
language sql stable security definer set search_path = '' as $$
  with months as (
    select s.id, m::date as starts_on, tstzrange(m at time zone s.time_zone, (m + interval '1 month') at time zone s.time_zone) as span
    from public.stations s cross join lateral (select min(r.received_at) at time zone s.time_zone as first_report from public.reports r where r.station_id = s.id) f,
      generate_series(greatest(date_trunc('month', f.first_report), date_trunc('month', private.clock() at time zone s.time_zone) - interval '13 months'), (private.clock() at time zone s.time_zone) - interval '1 month 14 days', interval '1 month') m
    where m + interval '1 month 14 days' <= private.clock() at time zone s.time_zone
  )
  select jsonb_build_object('ok', true, 'periods', coalesce(jsonb_agg(jsonb_build_object('station_id', t.id, 'period', 'month', 'starts_on', t.starts_on,
    'communities', (select coalesce(jsonb_agg(c.id order by c.position, c.id), '[]'::jsonb) from public.communities c where c.station_id = t.id and c.is_active),
    'counts', (select coalesce(jsonb_agg(to_jsonb(n)), '[]'::jsonb) from private.count_activity(t.id, t.span) n)) order by t.starts_on, t.id), '[]'::jsonb))
  from months t where not exists (select from public.figure_releases f where f.station_id = t.id and f.topic = 'activity' and f.period = 'month' and f.starts_on = t.starts_on);
$$;
comment on function public.count_due_activity() is 'Raw counts, for the job that releases them. Definer: a job has no actor.';
revoke all on function public.count_due_activity() from public;
grant execute on function public.count_due_activity() to service_role;

/*
  For how long no theft or burglary was reported in a community, in steps (RULES E3): 0, 7, 30 or 90 days. As of the Monday of this week, so that it changes once a week and never tells of a day.
  → {ok, as_of, communities: [{community: slug, days}]}
*/
create function public.get_days_without(p_station uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
  with monday as (
    select s.id, date_trunc('week', private.clock() at time zone s.time_zone) as at, s.time_zone from public.stations s where s.id = coalesce(p_station, (select d.id from public.stations d where d.is_default))
  ), last as (
    select c.slug, c.position, c.id, m.at, (select max(r.received_at) from public.reports r where r.community_id = c.id and r.category_code = 'theft' and r.received_at < m.at at time zone m.time_zone
      and r.merged_into is null and not r.is_hidden and coalesce(r.closed_reason <> 'spam', true)) at time zone m.time_zone as theft,
      (select min(r.received_at) from public.reports r where r.station_id = m.id) at time zone m.time_zone as since
    from monday m join public.communities c on c.station_id = m.id and c.is_active
  ), days as (
    select l.slug, l.position, l.id, extract(day from l.at - coalesce(l.theft, l.since, l.at)) as days from last l
  )
  select jsonb_build_object('ok', true, 'as_of', (select m.at::date from monday m), 'communities', coalesce(jsonb_agg(jsonb_build_object('community', d.slug, 'days', case when d.days >= 90 then 90 when d.days >= 30 then 30 when d.days >= 7 then 7 else 0 end) order by d.position, d.id), '[]'::jsonb)) from days d;
$$;
comment on function public.get_days_without(uuid) is 'Steps of a week and more. Definer: reports are not public.';
revoke all on function public.get_days_without(uuid) from public;
grant execute on function public.get_days_without(uuid) to anon, authenticated, service_role;

-- What was published when, for everybody: the last two hundred releases of the public station. → {ok, releases: [{topic, period, starts_on, released_at, survey?}]}
create function public.list_releases(p_station uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'releases', coalesce(jsonb_agg(jsonb_build_object('topic', t.topic, 'period', t.period, 'starts_on', t.starts_on, 'released_at', t.released_at) || case when t.survey is null then '{}'::jsonb else jsonb_build_object('survey', t.survey) end order by t.released_at desc, t.starts_on desc), '[]'::jsonb))
  from (select r.topic, r.period, r.starts_on, r.released_at, to_jsonb(r) ->> 'survey_id' as survey from public.figure_releases r where r.station_id = coalesce(p_station, (select s.id from public.stations s where s.is_default)) order by r.released_at desc limit 200) t;
$$;
comment on function public.list_releases(uuid) is 'The ledger. Definer: nothing but what is out.';
revoke all on function public.list_releases(uuid) from public;
grant execute on function public.list_releases(uuid) to anon, authenticated, service_role;
