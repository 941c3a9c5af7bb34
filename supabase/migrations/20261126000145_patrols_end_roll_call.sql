-- Purpose: what the roll call means for the roster: who checked in keeps the place, who did not come is marked when no code can arrive any more.
-- Risk: none for data, new functions.

-- Whoever has checked in hands the place to nobody.
create function private.guard_swap() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  if exists (select from public.shift_places q where q.id = new.place_id and q.attended_at is not null) then
    raise exception 'whoever checked in hands the place to nobody' using errcode = 'PT409', detail = 'status_order';
  end if;
  return new;
end;
$$;
comment on function private.guard_swap() is 'Trigger. Definer: the tables have no grants.';
revoke all on function private.guard_swap() from public;
create trigger swaps_are_of_places_to_come before insert on public.shift_swaps for each row execute function private.guard_swap();

create function private.settle_attendance() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  -- Whose patrol is cancelled at the last minute was not on patrol.
  if new.state <> 'confirmed' then
    new.attended_at := null;
  end if;
  if new.attended_at is not null and old.attended_at is null then
    update public.shift_swaps w set state = 'expired' where w.place_id = new.id and w.state in ('asked', 'accepted');
  end if;
  return new;
end;
$$;
comment on function private.settle_attendance() is 'Trigger. Definer: the tables have no grants.';
revoke all on function private.settle_attendance() from public;
create trigger places_settle_attendance before update on public.shift_places for each row when (old.attended_at is distinct from new.attended_at or old.state <> new.state) execute function private.settle_attendance();

/*
  Ends the roll calls of a station whose quarter of an hour is over, and the ten minutes that a code entered without network has to arrive: who did not come is marked, and two such shifts lock (as in mark_no_show).
  Where nobody opened a roll call nobody is marked. → how many did not come
*/
create function private.end_roll_calls(p_station uuid) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_shift uuid;
  v_volunteer public.volunteers;
  v_missed integer := 0;
begin
  perform private.lock_roster(p_station);
  for v_shift in update private.patrol_nights n set called_at = v_now, secret_sealed = null from public.patrol_shifts s
    where s.id = n.shift_id and s.station_id = p_station and n.called_at is null and lower(s.period) + interval '25 minutes 30 seconds' <= v_now returning n.shift_id loop
    for v_volunteer in select v.* from public.shift_places q join public.volunteers v on v.id = q.volunteer_id where q.shift_id = v_shift and q.state = 'confirmed' and q.attended_at is null order by v.id loop
      update public.shift_places q set state = 'no_show', ended_at = v_now where q.shift_id = v_shift and q.volunteer_id = v_volunteer.id and q.state = 'confirmed';
      perform private.log(p_station, null, 'system', 'shift.no_show', 'patrols', v_shift);
      if private.missed_shifts(v_volunteer) >= 2 and v_volunteer.locked_at is null then
        update public.volunteers v set locked_at = v_now where v.id = v_volunteer.id returning * into v_volunteer;
        perform private.tell_volunteer(v_volunteer, 'patrols.locked', v_volunteer.id);
      end if;
      v_missed := v_missed + 1;
    end loop;
  end loop;
  return v_missed;
end;
$$;
revoke all on function private.end_roll_calls(uuid) from public;
