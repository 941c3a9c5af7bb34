-- Purpose: what happens to the roster by the clock, and what is kept for how long.
-- Risk: none for data, new functions; one trigger on the erasures of accounts.

-- Ends what nobody answered in time.
create function private.expire_offers(p_station uuid, p_now timestamptz) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_shift uuid;
  v_ended integer := 0;
begin
  -- Whoever did not answer is off the list, and may sign up again.
  for v_shift in update public.shift_places p set state = 'left', offered_until = null, ended_at = p_now
    from public.patrol_shifts s where s.id = p.shift_id and s.station_id = p_station and p.state = 'offered' and p.offered_until <= p_now returning p.shift_id loop
    v_ended := v_ended + 1;
  end loop;
  return v_ended;
end;
$$;
revoke all on function private.expire_offers(uuid, timestamptz) from public;

/*
  One run over one station: offers that ran out end and go to the next; shifts with fewer than two at three hours before the start are cancelled (RULES I1); reminders a day and two hours before;
  the lead learns of shifts that almost nobody took, a day before; series are written ahead; suspensions end; shifts that are over are ended.
  → counts by what was done
*/
create function private.advance_roster(p_station uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
  v_volunteer public.volunteers;
  v_after public.volunteers;
  v_place record;
  v_nobody public.staff;
  v_expired integer;
  v_offered integer := 0;
  v_cancelled integer := 0;
  v_reminded integer := 0;
  v_alarmed integer := 0;
  v_written integer := 0;
begin
  perform private.lock_roster(p_station);
  for v_volunteer in select v.* from public.volunteers v where v.station_id = p_station and v.state = 'suspended' and v.suspended_until <= v_now order by v.id for update loop
    update public.volunteers v set state = v.suspended_from, suspended_from = null, suspended_until = null, changed_at = v_now where v.id = v_volunteer.id returning * into v_after;
    perform private.add_volunteer_step(v_volunteer, v_after, 'volunteer.decided', 'resume', v_nobody, null);
    perform private.tell_volunteer(v_after, 'patrols.decided', v_after.id);
  end loop;

  v_expired := private.expire_offers(p_station, v_now);
  for v_shift in select s.* from public.patrol_shifts s where s.station_id = p_station and s.state = 'open' and lower(s.period) <= v_now + interval '3 hours' and lower(s.period) > v_now order by s.id for update loop
    if (select count(*) from public.shift_places p where p.shift_id = v_shift.id and p.state = 'confirmed') < 2 then
      perform private.call_off(v_shift.id, 'too_few');
      perform private.tell_leads(p_station, 'patrols.called_off', v_shift.id);
      v_cancelled := v_cancelled + 1;
    end if;
  end loop;
  for v_shift in select distinct on (s.id) s.* from public.patrol_shifts s join public.shift_places p on p.shift_id = s.id and p.state = 'waiting' where s.station_id = p_station and s.state = 'open' and lower(s.period) > v_now loop
    v_offered := v_offered + private.offer_places(v_shift.id);
  end loop;
  for v_shift in update public.patrol_shifts s set alarmed_at = v_now where s.station_id = p_station and s.state = 'open' and s.alarmed_at is null and lower(s.period) > v_now and lower(s.period) <= v_now + interval '24 hours'
    and (select count(*) from public.shift_places p where p.shift_id = s.id and p.state = 'confirmed') < 2 returning s.* loop
    perform private.tell_leads(p_station, 'patrols.empty', v_shift.id);
    v_alarmed := v_alarmed + 1;
  end loop;
  -- Whoever signed up within the day before needs no reminder of the day, but one of the hour.
  for v_place in update public.shift_places p set reminded_day_at = v_now, reminded_hours_at = case when lower(p.period) <= v_now + interval '2 hours' then v_now end
    from public.patrol_shifts s where s.id = p.shift_id and s.station_id = p_station and s.state = 'open' and p.state = 'confirmed' and p.reminded_hours_at is null and lower(p.period) > v_now
      and (lower(p.period) <= v_now + interval '2 hours' or (lower(p.period) <= v_now + interval '24 hours' and p.reminded_day_at is null and p.signed_at <= lower(p.period) - interval '24 hours')) and p.signed_at < v_now - interval '10 minutes' returning p.volunteer_id, p.shift_id loop
    select v.* into v_volunteer from public.volunteers v where v.id = v_place.volunteer_id;
    perform private.tell_volunteer(v_volunteer, 'patrols.reminder', v_place.shift_id);
    v_reminded := v_reminded + 1;
  end loop;
  update public.shift_swaps w set state = 'expired' from public.shift_places p join public.patrol_shifts s on s.id = p.shift_id where p.id = w.place_id and w.state in ('asked', 'accepted') and s.station_id = p_station and lower(p.period) <= v_now;
  -- What nobody started is over with its time.
  update public.patrol_shifts s set state = 'ended' where s.station_id = p_station and s.state = 'open' and upper(s.period) <= v_now;
  select coalesce(sum(private.write_series(e)), 0) into v_written from public.shift_series e where e.station_id = p_station and e.ended_at is null and e.until_on >= private.day_at(p_station, v_now);
  return jsonb_build_object('expired', v_expired, 'offered', v_offered, 'cancelled', v_cancelled, 'alarmed', v_alarmed, 'reminded', v_reminded, 'written', v_written);
end;
$$;
revoke all on function private.advance_roster(uuid) from public;

-- What a run would do now: done and undone.
create function public.foresee_patrols() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_did jsonb;
begin
  begin
    v_did := public.advance_patrols();
    raise exception using errcode = 'LL000';
  exception when sqlstate 'LL000' then
    null;
  end;
  return v_did;
end;
$$;
comment on function public.foresee_patrols() is 'Definer: as advance_patrols.';
revoke all on function public.foresee_patrols() from public;
grant execute on function public.foresee_patrols() to service_role;

-- An erased account leaves the roster: what was to come is offered on, what took place keeps its row without them, steps stay without their words.
create function private.leave_roster_erased() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_before public.volunteers := private.volunteer_of(new.user_id);
  v_after public.volunteers;
  v_nobody public.staff;
begin
  if v_before.id is null then
    return null;
  end if;
  perform private.lock_roster(v_before.station_id);
  perform private.clear_places(v_before.id);
  update public.volunteers v set user_id = null, state = 'left', suspended_from = null, suspended_until = null, availability = '{}'::jsonb, refused_reason = null, changed_at = private.clock() where v.id = v_before.id returning * into v_after;
  update public.volunteer_steps t set note = null where t.volunteer_id = v_before.id and t.note is not null;
  delete from private.volunteer_contacts c where c.volunteer_id = v_before.id;
  delete from public.volunteer_skills k where k.volunteer_id = v_before.id;
  perform private.add_volunteer_step(v_before, v_after, 'volunteer.left', 'erased', v_nobody, null);
  return null;
end;
$$;
comment on function private.leave_roster_erased() is 'Trigger. Definer: nobody writes the roster directly.';
revoke all on function private.leave_roster_erased() from public;
create trigger erasures_leave_the_roster after insert on private.account_erasures for each row execute function private.leave_roster_erased();

-- Name and phones go with the account, by whatever way that is deleted.
create function private.forget_contact() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from private.volunteer_contacts c where c.volunteer_id = new.id;
  return null;
end;
$$;
comment on function private.forget_contact() is 'Trigger. Definer: nobody writes the roster directly.';
revoke all on function private.forget_contact() from public;
create trigger volunteers_take_their_contact after update of user_id on public.volunteers for each row when (old.user_id is not null and new.user_id is null) execute function private.forget_contact();

-- Does a shift that is kept need to know who it was: by a place, a place that was handed on, or as its lead?
create function private.is_on_a_shift(p_volunteer uuid) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from public.shift_places q where q.volunteer_id = p_volunteer) or exists (select from public.patrol_shifts s where s.lead_volunteer_id = p_volunteer) or exists (select from public.shift_swaps w where w.to_volunteer_id = p_volunteer);
$$;
revoke all on function private.is_on_a_shift(uuid) from public;
