-- Purpose: one ledger of everything that is published: releases have a topic (how promises are kept, ratings of officers, what happened), and figures may be of a kind of matter.
-- Risk: low; what is out stays as it is and belongs to the topic `conduct`.

alter table public.figure_releases add column topic text not null default 'conduct' check (topic in ('conduct', 'ratings', 'activity'));
alter table public.figure_releases drop constraint figure_releases_station_id_period_starts_on_key;
alter table public.figure_releases add constraint figure_releases_once unique (station_id, topic, period, starts_on);
comment on column public.figure_releases.topic is 'What the figures are about: how the station keeps its promises, what residents say of their officers, or what happened.';

alter table public.published_figures add column category text references public.categories (code) on delete restrict;
comment on column public.published_figures.category is 'Of `received` alone: the kind of matter; null: all of them.';
create index published_figures_by_category on public.published_figures (category) where category is not null;
alter table public.published_figures drop constraint published_figures_release_id_measure_scope_community_id_key;
alter table public.published_figures add constraint published_figures_once unique nulls not distinct (release_id, measure, scope, community_id, category);
alter table public.published_figures drop constraint published_figures_measure_check;
alter table public.published_figures add constraint published_figures_measure_check check (measure in ('visits', 'answers', 'recorded', 'silent', 'first_looks', 'decisions',
  'knows', 'familiar', 'satisfied', 'prompt', 'polite', 'effective', 'turnout', 'open_knows', 'open_satisfied', 'marked', 'burst',
  'received', 'reached', 'patrols', 'attendances', 'hours', 'findings'));

-- As in 20261122000450, of the topic `conduct`.
create or replace function public.count_due_figures() returns jsonb
language sql stable security definer set search_path = '' as $$
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
  from periods t where not exists (select from public.figure_releases f where f.station_id = t.id and f.topic = 'conduct' and f.period = t.period and f.starts_on = t.starts_on);
$$;

-- As in 20261122000450; p may name a topic, and a figure a kind of matter.
create or replace function public.release_figures(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_release uuid;
begin
  insert into public.figure_releases (station_id, topic, period, starts_on, released_at)
  values ((p ->> 'station')::uuid, coalesce(p ->> 'topic', 'conduct'), p ->> 'period', (p ->> 'starts_on')::date, private.clock()) on conflict do nothing returning id into v_release;
  if v_release is null then
    return '{"ok": true, "is_new": false}'::jsonb;
  end if;
  insert into public.published_figures (release_id, measure, scope, community_id, category, base, count)
  select v_release, f.measure, f.scope, f.community_id, f.category, f.base, f.count
  from jsonb_to_recordset(p -> 'figures') as f (measure text, scope text, community_id uuid, category text, base integer, count integer);
  return '{"ok": true, "is_new": true}'::jsonb;
end;
$$;

-- What is out of a topic: the last thirteen months and weeks of a station, the public one by default, newest first.
drop function public.get_figures(uuid);
create function public.get_figures(p_station uuid default null, p_topic text default 'conduct') returns jsonb
language sql stable security invoker set search_path = '' as $$
  select jsonb_build_object('ok', true, 'releases', coalesce(jsonb_agg(jsonb_build_object('period', t.period, 'starts_on', t.starts_on, 'released_at', t.released_at, 'figures',
      (select coalesce(jsonb_agg(jsonb_build_object('measure', f.measure, 'scope', f.scope, 'community_id', f.community_id, 'category', f.category, 'base', f.base, 'count', f.count)
          order by array_position(array['station', 'community', 'elsewhere'], f.scope), (select (c.position, c.slug) from public.communities c where c.id = f.community_id), f.community_id, f.measure, f.category), '[]'::jsonb)
        from public.published_figures f where f.release_id = t.id)) order by t.starts_on desc), '[]'::jsonb))
  from (
    select r.*, row_number() over (partition by r.period order by r.starts_on desc) as place
    from public.figure_releases r
    where r.topic = p_topic and r.station_id = coalesce(p_station, (select s.id from public.stations s where s.is_default))
  ) t where t.place <= 13;
$$;
revoke all on function public.get_figures(uuid, text) from public;
grant execute on function public.get_figures(uuid, text) to anon, authenticated, service_role;
