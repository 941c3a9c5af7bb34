-- Purpose: public figures (RULES E3): counting a period that is over, once, and keeping what was published of it for good.
-- Risk: none for data, new objects.

create table public.figure_releases (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  period text not null check (period in ('month', 'week')),
  starts_on date not null,
  released_at timestamptz not null,
  unique (station_id, period, starts_on),
  constraint releases_begin_with_their_period check (case period when 'month' then extract(day from starts_on) = 1 else extract(isodow from starts_on) = 1 end)
);
comment on table public.figure_releases is 'A month or week of a station whose figures are out. Each is released once: two releases of the same cases could be subtracted from each other.';
create trigger figure_releases_are_kept before update or delete on public.figure_releases for each row execute function private.refuse_change();
create trigger figure_releases_are_never_emptied before truncate on public.figure_releases for each statement execute function private.refuse_change();
alter table public.figure_releases enable row level security;
create policy "everyone reads what was released" on public.figure_releases for select to anon, authenticated using (true);
grant select on public.figure_releases to anon, authenticated, service_role;

create table public.published_figures (
  release_id uuid not null references public.figure_releases (id) on delete restrict,
  measure text not null check (measure in ('visits', 'answers', 'recorded', 'silent', 'first_looks', 'decisions')),
  scope text not null check (scope in ('station', 'community', 'elsewhere')),
  community_id uuid references public.communities (id) on delete restrict,
  base integer,
  count integer,
  unique nulls not distinct (release_id, measure, scope, community_id),
  constraint figures_name_their_community check ((scope = 'community') = (community_id is not null)),
  -- What disclosure control lets out, whoever writes: nothing below ten, everything in fives.
  constraint figures_are_controlled check (
    case when base is null then count is null else base >= 10 and base % 5 = 0 and (count is null or (count between 0 and base and count % 5 = 0)) end)
);
comment on table public.published_figures is 'Counts after disclosure control (shared/trust/disclosure-control.ts): rounded to five; null where too few, or where another cell could be computed. Staff see the same (RULES E3).';
create index published_figures_by_community on public.published_figures (community_id) where community_id is not null;
create trigger published_figures_are_kept before update or delete on public.published_figures for each row execute function private.refuse_change();
create trigger published_figures_are_never_emptied before truncate on public.published_figures for each statement execute function private.refuse_change();
alter table public.published_figures enable row level security;
create policy "everyone reads published figures" on public.published_figures for select to anon, authenticated using (true);
grant select on public.published_figures to anon, authenticated, service_role;

/*
  Visits by the day they were due: late is late for good (shared/revisits/ladder.ts `isLate`), so that a month that is over stays as it is.
  A visit that was stopped before its time is owed to nobody and counts nowhere.
*/
create function private.count_visits(p_station uuid, p_from timestamptz, p_to timestamptz) returns table (community_id uuid, base bigint, count bigint)
language sql stable set search_path = '' as $$
  select t.community_id, count(*) filter (where t.visited_at is not null or t.is_late), count(*) filter (where t.visited_at is not null and not t.is_late)
  from (
    select r.community_id, v.visited_at, coalesce(v.visited_at, v.answered_at, v.stopped_at, private.clock()) > d.due_at as is_late
    from public.revisits v join public.reports r on r.id = v.report_id cross join lateral (select private.due_after(r.station_id, v.opened_at, 3) as due_at) d
    -- No station counts three working days over more than sixty.
    where r.station_id = p_station and not r.is_hidden and v.opened_at >= p_from - interval '60 days' and v.opened_at < p_to and d.due_at > p_from and d.due_at <= p_to
  ) t group by t.community_id;
$$;
comment on function private.count_visits(uuid, timestamptz, timestamptz) is 'Base: visits made, and those that were due and did not come in time. Count: made in time.';

-- Answers by the day they were given: those of residents, those that staff wrote down, and silence, each by itself (PRODUCT §2).
create function private.count_answers(p_station uuid, p_from timestamptz, p_to timestamptz, p_by text) returns table (community_id uuid, base bigint, count bigint)
language sql stable set search_path = '' as $$
  select r.community_id, count(*), count(*) filter (where v.answer = 'satisfied')
  from public.revisits v join public.reports r on r.id = v.report_id
  where r.station_id = p_station and not r.is_hidden and v.answered_by = p_by and v.answered_at >= p_from and v.answered_at < p_to
  group by r.community_id;
$$;

create function private.count_silence(p_station uuid, p_from timestamptz, p_to timestamptz) returns table (community_id uuid, base bigint, count bigint)
language sql stable set search_path = '' as $$
  select r.community_id, count(*), null::bigint
  from public.revisits v join public.reports r on r.id = v.report_id
  where r.station_id = p_station and not r.is_hidden and v.no_reply_at >= p_from and v.no_reply_at < p_to
  group by r.community_id;
$$;

-- First looks and decisions (accepted or closed) by when they were due (shared/reports/clock.ts); for the station only. What its
-- reporter took back before it was due is owed to nobody.
create function private.count_promises(p_station uuid, p_from timestamptz, p_to timestamptz) returns table (measure text, base bigint, count bigint)
language sql stable set search_path = '' as $$
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
$$;

-- The raw counts of a period, before disclosure control.
create function private.count_period(p_station uuid, p_period text, p_starts_on date) returns jsonb
language plpgsql stable set search_path = '' as $$
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
$$;

/*
  Periods that are over and not yet out, oldest first, at most thirteen back of each kind. A month stays open for the fourteen days in which an
  answer that staff wrote down can still be overturned (RULES D3); nothing is published while it is open (RULES E3).
  → {ok, periods[]: {station_id, period, starts_on, communities[], counts[]: {measure, community_id, base, count}}}
*/
create function public.count_due_figures() returns jsonb
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
  from periods t where not exists (select from public.figure_releases f where f.station_id = t.id and f.period = t.period and f.starts_on = t.starts_on);
$$;
comment on function public.count_due_figures() is 'Raw counts, for the job that releases them. Definer: a job has no actor.';
revoke all on function public.count_due_figures() from public;
grant execute on function public.count_due_figures() to service_role;

-- p: station, period, starts_on, figures[]: {measure, scope, community_id?, base?, count?} → {ok, is_new}. What is out stays as it is.
create function public.release_figures(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
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
$$;
comment on function public.release_figures(jsonb) is 'Definer: nobody may write releases directly.';
revoke all on function public.release_figures(jsonb) from public;
grant execute on function public.release_figures(jsonb) to service_role;

-- What is out: the last thirteen months and weeks of a station, the public one by default, newest first.
create function public.get_figures(p_station uuid default null) returns jsonb
language sql stable security invoker set search_path = '' as $$
  select jsonb_build_object('ok', true, 'releases', coalesce(jsonb_agg(jsonb_build_object('period', t.period, 'starts_on', t.starts_on, 'released_at', t.released_at, 'figures',
      (select coalesce(jsonb_agg(jsonb_build_object('measure', f.measure, 'scope', f.scope, 'community_id', f.community_id, 'base', f.base, 'count', f.count)), '[]'::jsonb)
        from public.published_figures f where f.release_id = t.id)) order by t.starts_on desc), '[]'::jsonb))
  from (
    select r.*, row_number() over (partition by r.period order by r.starts_on desc) as place
    from public.figure_releases r
    where r.station_id = coalesce(p_station, (select s.id from public.stations s where s.is_default))
  ) t where t.place <= 13;
$$;
revoke all on function public.get_figures(uuid) from public;
grant execute on function public.get_figures(uuid) to anon, authenticated, service_role;
