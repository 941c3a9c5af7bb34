-- Purpose: the faces of the ledger: one's own points, hours and corrections; at the desk corrections to decide, the budget and the rules.
-- Risk: none for data, new functions.

-- Every line of a volunteer's account: why, when, how many, and what there was after it.
create function private.points_lines(p_volunteer uuid, p_limit integer) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(to_jsonb(l) - 'number' order by l.number desc), '[]'::jsonb) from (
    select t.number, t.id, t.at, t.kind, t.rule_code as rule, e.points, sum(e.points) over (order by t.number)::integer as balance, t.note,
      (select lower(q.period) from private.points_claims c join public.shift_places q on q.id = c.place_id where c.transaction_id = t.id limit 1) as patrol_at
    from private.points_accounts a join private.points_entries e on e.account_id = a.id join private.points_transactions t on t.id = e.transaction_id where a.volunteer_id = p_volunteer order by t.number desc limit p_limit) l;
$$;
revoke all on function private.points_lines(uuid, integer) from public;

create function private.correction_facts(c private.hours_corrections) returns jsonb
language sql immutable set search_path = '' as $$
  select jsonb_build_object('id', c.id, 'state', c.state, 'from', lower(c.asked), 'to', upper(c.asked), 'why', c.why, 'asked_at', c.asked_at, 'decided_at', c.decided_at, 'note', c.note);
$$;
revoke all on function private.correction_facts(private.hours_corrections) from public;

-- Why somebody cannot ask for a correction now; null: they can.
create function private.correction_gap(p_place public.shift_places, p_now timestamptz) returns text
language sql stable set search_path = '' as $$
  select case
    when p_place.state <> 'confirmed' or upper(p_place.period) > p_now then 'status_order'
    when upper(p_place.period) + interval '14 days' <= p_now then 'correction_late'
    when exists (select from private.hours_corrections c where c.place_id = p_place.id and c.state = 'asked') then 'conflict'
  end;
$$;
revoke all on function private.correction_gap(public.shift_places, timestamptz) from public;

-- Patrols behind somebody with what was counted of them, the newest first.
create function private.hours_of(p_volunteer uuid, p_now timestamptz, p_limit integer) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(l.facts order by l.starts_at desc), '[]'::jsonb) from (
    select lower(q.period) as starts_at, jsonb_build_object('place', q.id, 'starts_at', lower(q.period), 'ends_at', upper(q.period), 'type', s.type_code,
      'worked_from', lower(h.worked), 'worked_to', upper(h.worked), 'minutes', coalesce(h.minutes, 0), 'night_minutes', coalesce(h.night_minutes, 0), 'credit_minutes', coalesce(h.credit_minutes, 0), 'is_counted', h.place_id is not null,
      'may_ask', private.correction_gap(q, p_now) is null,
      'corrections', coalesce((select jsonb_agg(private.correction_facts(c) order by c.asked_at) from private.hours_corrections c where c.place_id = q.id), '[]'::jsonb)) as facts
    from public.shift_places q join public.patrol_shifts s on s.id = q.shift_id left join private.patrol_hours h on h.place_id = q.id
    where q.volunteer_id = p_volunteer and q.state = 'confirmed' and (h.place_id is not null or (upper(q.period) <= p_now and s.state <> 'cancelled')) order by lower(q.period) desc limit p_limit) l;
$$;
revoke all on function private.hours_of(uuid, timestamptz, integer) from public;

/*
  One's own points. → {ok, now, is_volunteer, balance, lines[], hours[], totals, honours[], waiting[]: earned and not paid, rules[], night, budget_left}
  | sign_in_required
*/
create function public.get_own_points(p jsonb default '{}') returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.patrol_actor(p);
  v_now timestamptz := private.clock();
  v_volunteer public.volunteers := private.volunteer_of(v_actor);
  v_station uuid;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_station := coalesce(v_volunteer.station_id, (select s.id from public.stations s where s.is_default));
  return jsonb_build_object('ok', true, 'now', v_now, 'is_volunteer', v_volunteer.id is not null,
    'balance', (select coalesce(sum(private.points_balance(a.id)), 0) from private.points_accounts a where a.volunteer_id = v_volunteer.id),
    'lines', private.points_lines(v_volunteer.id, 200), 'hours', private.hours_of(v_volunteer.id, v_now, 200),
    'totals', (select jsonb_build_object('minutes', coalesce(sum(h.minutes), 0), 'night_minutes', coalesce(sum(h.night_minutes), 0), 'credit_minutes', coalesce(sum(h.credit_minutes), 0)) from private.patrol_hours h where h.volunteer_id = v_volunteer.id),
    'honours', (select coalesce(jsonb_agg(jsonb_build_object('code', o.code, 'name', o.name, 'hours', o.hours, 'given_at', g.given_at) order by o.hours), '[]'::jsonb)
      from private.honours o left join private.volunteer_honours g on g.honour_code = o.code and g.volunteer_id = v_volunteer.id),
    'waiting', (select coalesce(jsonb_agg(jsonb_build_object('rule', c.rule_code, 'points', c.points, 'earned_at', c.earned_at) order by c.number), '[]'::jsonb)
      from private.points_claims c where c.volunteer_id = v_volunteer.id and c.transaction_id is null and c.points > 0),
    'rules', private.points_rules_of(v_station), 'night', private.night_of(v_station),
    'budget_left', private.budget_of(v_station, private.month_at(v_station, v_now)) - private.budget_used(v_station, private.month_at(v_station, v_now)));
end;
$$;
comment on function public.get_own_points(jsonb) is 'Definer: the tables have no grants.';
revoke all on function public.get_own_points(jsonb) from public;
grant execute on function public.get_own_points(jsonb) to authenticated, service_role;

create function private.points_rules_of(p_station uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('code', r.code, 'name', r.name, 'unit', r.unit, 'points', private.points_rate(p_station, r.code)) order by r.position), '[]'::jsonb) from private.points_rules r;
$$;
revoke all on function private.points_rules_of(uuid) from public;

/*
  Asks that hours be counted otherwise, within 14 days of the end of the shift. p: {place, from, to, why}: at most six hours beyond either end of the shift, and not beyond now.
  → {ok, id} | sign_in_required, not_found, status_order: not over, or no place, correction_late, conflict: asked already, shift_overlap, invalid_input, reason_missing
*/
create function public.ask_hours_correction(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_volunteer public.volunteers := private.volunteer_of(private.actor());
  v_now timestamptz := private.clock();
  v_place public.shift_places;
  v_from timestamptz := (p ->> 'from')::timestamptz;
  v_to timestamptz := (p ->> 'to')::timestamptz;
  v_gap text;
  v_id uuid;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  select q.* into v_place from public.shift_places q where q.id = (p ->> 'place')::uuid and q.volunteer_id = v_volunteer.id;
  if v_place.id is null then
    return private.refuse('not_found');
  end if;
  perform private.lock_roster(v_volunteer.station_id);
  select q.* into v_place from public.shift_places q where q.id = v_place.id for update;
  v_gap := private.correction_gap(v_place, v_now);
  if v_gap is not null then
    return private.refuse(v_gap);
  elsif not coalesce(private.is_plain_text(p ->> 'why', 3, 500, true), false) then
    return private.refuse('reason_missing');
  elsif not coalesce(v_from < v_to and v_to <= v_now and v_from >= lower(v_place.period) - interval '6 hours' and v_to <= upper(v_place.period) + interval '6 hours' and v_from < upper(v_place.period) and v_to > lower(v_place.period), false) then
    return private.refuse('invalid_input');
  elsif exists (select from private.patrol_hours h where h.volunteer_id = v_volunteer.id and h.place_id <> v_place.id and h.worked && tstzrange(v_from, v_to)) then
    return private.refuse('shift_overlap');
  end if;
  insert into private.hours_corrections (place_id, volunteer_id, asked, was, why, asked_at)
  values (v_place.id, v_volunteer.id, tstzrange(v_from, v_to), (select h.worked from private.patrol_hours h where h.place_id = v_place.id), p ->> 'why', v_now) returning id into v_id;
  perform private.log(v_volunteer.station_id, null, 'resident', 'points.correction_asked', 'patrols', v_id);
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$$;
comment on function public.ask_hours_correction(jsonb) is 'Definer: nobody writes the ledger directly.';
revoke all on function public.ask_hours_correction(jsonb) from public;
grant execute on function public.ask_hours_correction(jsonb) to authenticated;

/*
  Decides about hours: lead or chief, never the volunteer themselves. Hours and points follow. p: {id, approve, note?: needed to refuse}
  → {ok, state} | not_found, forbidden, not_for_oneself, status_order: decided already, or marked meanwhile as not having come, reason_missing, shift_overlap
*/
create function public.decide_hours_correction(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_approve boolean := coalesce((p ->> 'approve')::boolean, false);
  v_note text := nullif(btrim(p ->> 'note'), '');
  v_row private.hours_corrections;
  v_volunteer public.volunteers;
begin
  select c.* into v_row from private.hours_corrections c where c.id = (p ->> 'id')::uuid;
  select v.* into v_volunteer from public.volunteers v where v.id = v_row.volunteer_id;
  if v_row.id is null or not private.may_read_volunteer(v_volunteer, v_staff) then
    return private.refuse('not_found');
  elsif v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  elsif v_volunteer.user_id = v_staff.user_id then
    return private.refuse('not_for_oneself');
  end if;
  perform private.lock_roster(v_volunteer.station_id);
  select c.* into v_row from private.hours_corrections c where c.id = v_row.id for update;
  if v_row.state <> 'asked' or (v_approve and not exists (select from public.shift_places q where q.id = v_row.place_id and q.state = 'confirmed')) then
    return private.refuse('status_order');
  elsif (v_note is null and not v_approve) or (v_note is not null and not private.is_plain_text(v_note, 3, 500, true)) then
    return private.refuse('reason_missing');
  elsif v_approve and exists (select from private.patrol_hours h where h.volunteer_id = v_volunteer.id and h.place_id <> v_row.place_id and h.worked && v_row.asked) then
    return private.refuse('shift_overlap');
  end if;
  update private.hours_corrections c set state = case when v_approve then 'approved' else 'refused' end, decided_at = private.clock(), decided_by = v_staff.user_id, note = v_note,
    was = (select h.worked from private.patrol_hours h where h.place_id = c.place_id) where c.id = v_row.id returning * into v_row;
  if v_approve then
    -- Whoever was on patrol was there, also if no check-in says so.
    update public.shift_places q set attended_at = lower(v_row.asked) where q.id = v_row.place_id and q.attended_at is null and q.state = 'confirmed';
    perform private.count_hours(v_row.place_id, v_row.asked, v_row.id);
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'points.correction_decided', 'patrols', v_row.id);
  return jsonb_build_object('ok', true, 'state', v_row.state);
end;
$$;
comment on function public.decide_hours_correction(jsonb) is 'Definer: nobody writes the ledger directly.';
revoke all on function public.decide_hours_correction(jsonb) from public;
grant execute on function public.decide_hours_correction(jsonb) to authenticated;

-- The ledger of a station without names. → {ok, now, may_decide, may_set, month, budget, used, waiting: {count, points}, rules[], night, corrections[]: open, the oldest first, months[]: six} | forbidden
create function public.list_desk_points() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_month date;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  v_month := private.month_at(v_staff.station_id, private.clock());
  return jsonb_build_object('ok', true, 'now', private.clock(), 'may_decide', v_staff.role in ('lead', 'chief'), 'may_set', v_staff.role = 'chief', 'month', v_month,
    'budget', private.budget_of(v_staff.station_id, v_month), 'used', private.budget_used(v_staff.station_id, v_month),
    'waiting', (select jsonb_build_object('count', count(*), 'points', coalesce(sum(c.points), 0)) from private.points_claims c where c.station_id = v_staff.station_id and c.transaction_id is null and c.points > 0),
    'rules', private.points_rules_of(v_staff.station_id), 'night', private.night_of(v_staff.station_id),
    'months', (select jsonb_agg(jsonb_build_object('month', m::date, 'budget', private.budget_of(v_staff.station_id, m::date), 'used', private.budget_used(v_staff.station_id, m::date)) order by m desc)
      from generate_series(v_month - interval '5 months', v_month, interval '1 month') m),
    'corrections', coalesce((select jsonb_agg(private.correction_facts(c) || jsonb_build_object('volunteer', c.volunteer_id, 'is_own', coalesce(v.user_id = v_staff.user_id, false), 'community', (select k.slug from public.communities k where k.id = v.community_id),
        'starts_at', lower(q.period), 'ends_at', upper(q.period), 'was_from', lower(h.worked), 'was_to', upper(h.worked)) order by c.asked_at, c.id)
      from private.hours_corrections c join public.shift_places q on q.id = c.place_id join public.volunteers v on v.id = c.volunteer_id left join private.patrol_hours h on h.place_id = q.id
      where c.state = 'asked' and private.may_read_volunteer(v, v_staff)), '[]'::jsonb));
end;
$$;
comment on function public.list_desk_points() is 'Definer: the tables have no grants.';
revoke all on function public.list_desk_points() from public;
grant execute on function public.list_desk_points() to authenticated;

/*
  The chief sets what the station gives. p: {act: budget (points: of this month and those after it) | rate (rule, points) | night (from, to, credit_percent)}. A budget is never less than what was given of it.
  → {ok} | forbidden, invalid_input, conflict: more was given already
*/
create function public.set_points(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_now timestamptz := private.clock();
  v_points integer := (p ->> 'points')::integer;
  v_month date;
begin
  if coalesce(v_staff.role <> 'chief', true) then
    return private.refuse('forbidden');
  end if;
  perform private.lock_points(v_staff.station_id);
  if p ->> 'act' = 'budget' and v_points between 0 and 1000000 then
    v_month := private.month_at(v_staff.station_id, v_now);
    if private.budget_used(v_staff.station_id, v_month) > v_points then
      return private.refuse('conflict');
    end if;
    insert into private.points_budgets (station_id, month, points, set_at, set_by) values (v_staff.station_id, v_month, v_points, v_now, v_staff.user_id)
    on conflict (station_id, month) do update set points = excluded.points, set_at = excluded.set_at, set_by = excluded.set_by;
    perform private.pay_claims(v_staff.station_id);
  elsif p ->> 'act' = 'rate' and v_points between 0 and 1000 and exists (select from private.points_rules r where r.code = p ->> 'rule') then
    insert into private.points_rates (station_id, rule_code, points, set_at, set_by) values (v_staff.station_id, p ->> 'rule', v_points, v_now, v_staff.user_id)
    on conflict (station_id, rule_code) do update set points = excluded.points, set_at = excluded.set_at, set_by = excluded.set_by;
  elsif p ->> 'act' = 'night' and p ->> 'from' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and p ->> 'to' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and (p ->> 'credit_percent')::integer between 100 and 300 then
    insert into private.patrol_night_rules (station_id, night_from, night_to, credit_percent, set_at, set_by) values (v_staff.station_id, (p ->> 'from')::time, (p ->> 'to')::time, (p ->> 'credit_percent')::integer, v_now, v_staff.user_id)
    on conflict (station_id) do update set night_from = excluded.night_from, night_to = excluded.night_to, credit_percent = excluded.credit_percent, set_at = excluded.set_at, set_by = excluded.set_by;
  else
    return private.refuse('invalid_input');
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'points.set', 'patrols', null, jsonb_strip_nulls(jsonb_build_object('points_act', p ->> 'act', 'points', v_points,
    'title', (select r.name from private.points_rules r where r.code = p ->> 'rule'), 'night_from', p ->> 'from', 'night_to', p ->> 'to', 'credit_percent', (p ->> 'credit_percent')::integer)));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.set_points(jsonb) is 'Definer: nobody writes the ledger directly.';
revoke all on function public.set_points(jsonb) from public;
grant execute on function public.set_points(jsonb) to authenticated;

/*
  What only people know was earned. p: {rule: training, volunteer, day: one training a day} | {rule: tip_helped, reference: a report of the station that was closed}
  A tip answers the same whoever gave it, and earns once, for the volunteer whose named report it is. → {ok} | forbidden, not_found, not_for_oneself, invalid_input
*/
create function public.grant_points(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_volunteer public.volunteers;
  v_report public.reports;
  v_day date := (p ->> 'day')::date;
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  if p ->> 'rule' = 'training' then
    select v.* into v_volunteer from public.volunteers v where v.id = (p ->> 'volunteer')::uuid;
    if v_volunteer.id is null or not private.may_read_volunteer(v_volunteer, v_staff) or v_volunteer.user_id is null then
      return private.refuse('not_found');
    elsif v_volunteer.user_id = v_staff.user_id then
      return private.refuse('not_for_oneself');
    elsif not coalesce(v_day between private.day_at(v_staff.station_id, private.clock()) - 31 and private.day_at(v_staff.station_id, private.clock()), false) then
      return private.refuse('invalid_input');
    end if;
    perform private.earn_points(v_volunteer.id, 'training', encode(substring(sha256(convert_to('training ' || v_volunteer.id || ' ' || v_day, 'UTF8')) for 16), 'hex')::uuid);
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'points.granted', 'patrols', v_volunteer.id);
  elsif p ->> 'rule' = 'tip_helped' then
    select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and r.station_id = v_staff.station_id and r.status = 'closed' and not r.is_about_police;
    if v_report.id is null then
      return private.refuse('not_found');
    elsif v_report.owner_id = v_staff.user_id then
      return private.refuse('not_for_oneself');
    end if;
    perform private.earn_points((private.volunteer_of(v_report.owner_id)).id, 'tip_helped', v_report.id);
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'points.granted', 'reports', v_report.id);
  else
    return private.refuse('invalid_input');
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.grant_points(jsonb) is 'Definer: nobody writes the ledger directly.';
revoke all on function public.grant_points(jsonb) from public;
grant execute on function public.grant_points(jsonb) to authenticated;
