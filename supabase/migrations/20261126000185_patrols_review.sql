-- Purpose: the figures of a week or a month of patrols, for the review that a lead writes.
-- Risk: none, a new function.

/*
  Patrols of the station that began on these days of its calendar. Held: somebody was checked in. Findings are reports of the channel `patrol` that came in on these days, closed those that were closed on them, whenever they came in.
  Hours are those that were counted (patrol_hours). Numbers, nobody's name. p: {from, until: days, 62 at most} → {ok, planned, held, called_off_few, called_off, not_held, people, attendances, missed, minutes, night_minutes, findings, findings_closed} | forbidden, invalid_input
*/
create function public.count_patrol_period(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
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
$$;
comment on function public.count_patrol_period(jsonb) is 'Definer: the tables have no grants.';
revoke all on function public.count_patrol_period(jsonb) from public;
grant execute on function public.count_patrol_period(jsonb) to authenticated;
