-- Purpose: counting hours at the check-out, earning by rules, paying as long as the budget of the month lasts, honours.
-- Risk: low; a trigger on the check-outs, which never keeps anybody from going home.

create function private.points_rate(p_station uuid, p_rule text) returns integer
language sql stable set search_path = '' as $$
  select coalesce(s.points, r.points) from private.points_rules r left join private.points_rates s on s.rule_code = r.code and s.station_id = p_station where r.code = p_rule;
$$;
revoke all on function private.points_rate(uuid, text) from public;

-- {from, to, creditPercent}, as shared/patrols/hours.ts has it.
create function private.night_of(p_station uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce((select jsonb_build_object('from', to_char(n.night_from, 'HH24:MI'), 'to', to_char(n.night_to, 'HH24:MI'), 'creditPercent', n.credit_percent) from private.patrol_night_rules n where n.station_id = p_station),
    '{"from": "22:00", "to": "06:00", "creditPercent": 150}'::jsonb);
$$;
revoke all on function private.night_of(uuid) from public;

/*
  Pays what waits, in the order in which it was earned, as long as the budget of the month lasts. What is more than the whole budget of a month waits for a greater one and holds nobody up.
  → how many were paid
*/
create function private.pay_claims(p_station uuid) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_month date := private.month_at(p_station, private.clock());
  v_budget integer;
  v_claim private.points_claims;
  v_booked jsonb;
  v_paid integer := 0;
begin
  perform private.lock_points(p_station);
  v_budget := private.budget_of(p_station, v_month);
  for v_claim in select c.* from private.points_claims c where c.station_id = p_station and c.transaction_id is null and c.points between 1 and v_budget order by c.number limit 500 for update loop
    v_booked := private.post_points(p_station, 'earned', jsonb_build_array(jsonb_build_object('account', 'budget', 'points', -v_claim.points), jsonb_build_object('account', 'volunteer', 'volunteer', v_claim.volunteer_id, 'points', v_claim.points)),
      v_claim.cause_id, v_claim.rule_code);
    exit when v_booked ->> 'code' = 'budget_spent';
    update private.points_claims c set transaction_id = (v_booked ->> 'id')::uuid where c.id = v_claim.id;
    v_paid := v_paid + 1;
  end loop;
  return v_paid;
end;
$$;
revoke all on function private.pay_claims(uuid) from public;

-- Paid staff earn none, nor does whoever erased their account.
create function private.may_earn(p_volunteer public.volunteers) returns boolean
language sql stable set search_path = '' as $$
  select p_volunteer.user_id is not null and not exists (select from public.staff s where s.user_id = p_volunteer.user_id and s.is_active);
$$;
revoke all on function private.may_earn(public.volunteers) from public;

/*
  Something was earned by a rule, once for each cause: the same again is nothing. p_quantity: credited minutes, or how many. Paid at once if the budget lasts and nobody waits.
  → points, 0: none, or earned before
*/
create function private.earn_points(p_volunteer uuid, p_rule text, p_cause uuid, p_quantity integer default 1) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_volunteer public.volunteers;
  v_points integer;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer;
  if v_volunteer.id is null or not private.may_earn(v_volunteer) then
    return 0;
  end if;
  perform private.lock_points(v_volunteer.station_id);
  select case r.unit when 'hour' then p_quantity * private.points_rate(v_volunteer.station_id, p_rule) / 60 else p_quantity * private.points_rate(v_volunteer.station_id, p_rule) end into v_points from private.points_rules r where r.code = p_rule;
  if coalesce(v_points, 0) <= 0 then
    return 0;
  end if;
  insert into private.points_claims (station_id, volunteer_id, rule_code, cause_id, quantity, points, earned_at)
  values (v_volunteer.station_id, p_volunteer, p_rule, p_cause, p_quantity, v_points, private.clock()) on conflict do nothing;
  if not found then
    return 0;
  end if;
  perform private.pay_claims(v_volunteer.station_id);
  return v_points;
end;
$$;
revoke all on function private.earn_points(uuid, text, uuid, integer) from public;

-- Takes back from what waits first, the newest first, then from what somebody has, never below zero. The caller holds the points. → what was taken of what was paid
create function private.take_back_points(p_place uuid, p_cause uuid, p_points integer) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_left integer := p_points;
  v_claim private.points_claims;
  v_taken integer;
  v_booked jsonb;
begin
  for v_claim in select c.* from private.points_claims c where c.place_id = p_place and c.transaction_id is null and c.points > 0 order by c.number desc for update loop
    update private.points_claims c set points = c.points - least(v_left, c.points) where c.id = v_claim.id;
    v_left := v_left - least(v_left, v_claim.points);
  end loop;
  select c.* into v_claim from private.points_claims c where c.place_id = p_place order by c.number limit 1;
  v_taken := least(v_left, private.points_balance(private.points_account(v_claim.station_id, 'volunteer', v_claim.volunteer_id)));
  if v_taken > 0 then
    v_booked := private.post_points(v_claim.station_id, 'corrected', jsonb_build_array(jsonb_build_object('account', 'volunteer', 'volunteer', v_claim.volunteer_id, 'points', -v_taken), jsonb_build_object('account', 'budget', 'points', v_taken)), p_cause, 'patrol');
    insert into private.points_claims (station_id, volunteer_id, rule_code, cause_id, place_id, quantity, points, earned_at, transaction_id)
    values (v_claim.station_id, v_claim.volunteer_id, 'patrol', p_cause, p_place, 0, -v_taken, private.clock(), (v_booked ->> 'id')::uuid);
  end if;
  return v_taken;
end;
$$;
revoke all on function private.take_back_points(uuid, uuid, integer) from public;

/*
  Counts what somebody was on patrol for, and lets the points follow: the whole at first, after a correction the difference. By the night and the rate of the first counting.
  p_cause: the place, or the correction.
*/
create function private.count_hours(p_place uuid, p_worked tstzrange, p_cause uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_place public.shift_places;
  v_volunteer public.volunteers;
  v_before private.patrol_hours;
  v_night jsonb;
  v_rate integer;
  v_time record;
  v_earned integer;
begin
  select q.* into v_place from public.shift_places q where q.id = p_place;
  select v.* into v_volunteer from public.volunteers v where v.id = v_place.volunteer_id;
  perform private.lock_points(v_volunteer.station_id);
  select h.* into v_before from private.patrol_hours h where h.place_id = p_place;
  v_night := coalesce(v_before.night, private.night_of(v_volunteer.station_id));
  v_rate := coalesce(v_before.rate, private.points_rate(v_volunteer.station_id, 'patrol'), 0);
  select t.* into v_time from public.stations s cross join lateral private.count_patrol_time(lower(p_worked), upper(p_worked), s.time_zone, v_night) t where s.id = v_volunteer.station_id and not isempty(p_worked);
  insert into private.patrol_hours as h (place_id, volunteer_id, worked, minutes, night_minutes, credit_minutes, night, rate, counted_at)
  values (p_place, v_volunteer.id, p_worked, coalesce(v_time.minutes, 0), coalesce(v_time.night_minutes, 0), coalesce(v_time.credit_minutes, 0), v_night, v_rate, private.clock())
  on conflict (place_id) do update set worked = excluded.worked, minutes = excluded.minutes, night_minutes = excluded.night_minutes, credit_minutes = excluded.credit_minutes, counted_at = excluded.counted_at;
  select coalesce(sum(c.points), 0) into v_earned from private.points_claims c where c.place_id = p_place and c.rule_code = 'patrol';
  v_earned := coalesce(v_time.credit_minutes, 0) * v_rate / 60 - v_earned;
  if v_earned > 0 and private.may_earn(v_volunteer) then
    insert into private.points_claims (station_id, volunteer_id, rule_code, cause_id, place_id, quantity, points, earned_at)
    values (v_volunteer.station_id, v_volunteer.id, 'patrol', p_cause, p_place, coalesce(v_time.credit_minutes, 0) - coalesce(v_before.credit_minutes, 0), v_earned, private.clock());
    perform private.pay_claims(v_volunteer.station_id);
  elsif v_earned < 0 then
    perform private.take_back_points(p_place, p_cause, -v_earned);
  end if;
end;
$$;
revoke all on function private.count_hours(uuid, tstzrange, uuid) from public;

-- Whoever goes home has been on patrol: within the shift, and not for minutes that a correction of another shift counts already. What came on top is a correction.
create function private.count_checked_out() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_place public.shift_places;
  v_from timestamptz;
  v_to timestamptz;
begin
  select q.* into v_place from public.shift_places q where q.id = new.place_id;
  v_from := greatest(lower(v_place.period), new.present_at, (select max(upper(h.worked)) from private.patrol_hours h where h.volunteer_id = v_place.volunteer_id and h.place_id <> v_place.id and h.worked && v_place.period));
  v_to := least(upper(v_place.period), new.out_at);
  perform private.count_hours(v_place.id, case when v_from < v_to then tstzrange(v_from, v_to) else 'empty'::tstzrange end, v_place.id);
  return null;
end;
$$;
comment on function private.count_checked_out() is 'Trigger. Definer: the tables have no grants.';
revoke all on function private.count_checked_out() from public;
create trigger check_outs_count_hours after update of out_at on private.check_ins for each row when (old.out_at is null and new.out_at is not null) execute function private.count_checked_out();

-- Credited hours that reach an honour give it, once. → how many were given
create function private.give_honours(p_station uuid) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_given integer;
begin
  with reached as (
    select v.id, sum(h.credit_minutes) as minutes from public.volunteers v join private.patrol_hours h on h.volunteer_id = v.id where v.station_id = p_station and v.user_id is not null group by v.id)
  insert into private.volunteer_honours (volunteer_id, honour_code, given_at)
  select r.id, o.code, private.clock() from reached r join private.honours o on r.minutes >= o.hours * 60 on conflict do nothing;
  get diagnostics v_given = row_count;
  return v_given;
end;
$$;
revoke all on function private.give_honours(uuid) from public;

-- What waits is paid, honours are given, and the words of corrections decided two years ago go. → {ok, paid, honoured, forgotten}
create function public.advance_points() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_station uuid;
  v_paid integer := 0;
  v_honoured integer := 0;
  v_forgotten integer;
begin
  for v_station in select distinct v.station_id from public.volunteers v order by 1 loop
    v_paid := v_paid + private.pay_claims(v_station);
    v_honoured := v_honoured + private.give_honours(v_station);
  end loop;
  update private.hours_corrections c set why = null, note = null where coalesce(c.decided_at, c.asked_at) < private.clock() - private.kept_for('hours_corrections') and num_nonnulls(c.why, c.note) > 0;
  get diagnostics v_forgotten = row_count;
  return jsonb_build_object('ok', true, 'paid', v_paid, 'honoured', v_honoured, 'forgotten', v_forgotten);
end;
$$;
comment on function public.advance_points() is 'For the job. Definer: nobody writes the ledger directly.';
revoke all on function public.advance_points() from public;
grant execute on function public.advance_points() to service_role;

-- What a run would do now: done and undone.
create function public.foresee_points() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_did jsonb;
begin
  begin
    v_did := public.advance_points();
    raise exception using errcode = 'LL000';
  exception when sqlstate 'LL000' then
    null;
  end;
  return v_did;
end;
$$;
comment on function public.foresee_points() is 'Definer: as advance_points.';
revoke all on function public.foresee_points() from public;
grant execute on function public.foresee_points() to service_role;

-- With the account go the words that somebody asked with, and what waits to be paid; hours and points stay with a volunteer whom nobody can name.
create function private.forget_corrections() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_station uuid := (private.volunteer_of(new.user_id)).station_id;
begin
  if v_station is null then
    return null;
  end if;
  -- Before any row: whoever checks out holds both, and pays what waits.
  perform private.lock_roster(v_station);
  perform private.lock_points(v_station);
  update private.hours_corrections c set why = null, note = null where c.volunteer_id = (private.volunteer_of(new.user_id)).id and num_nonnulls(c.why, c.note) > 0;
  update private.points_claims c set points = 0 where c.volunteer_id = (private.volunteer_of(new.user_id)).id and c.transaction_id is null and c.points > 0;
  return null;
end;
$$;
comment on function private.forget_corrections() is 'Trigger, before the one that leaves the roster. Definer: the tables have no grants.';
revoke all on function private.forget_corrections() from public;
create trigger erasures_forget_corrections after insert on private.account_erasures for each row execute function private.forget_corrections();
