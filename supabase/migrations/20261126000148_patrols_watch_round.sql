-- Purpose: the desk's side of a patrol on its way: codes for the posters, what came of a patrol, and those that are not home in time.
-- Risk: none for data; is_duty_mail and also_by_telegram are written anew.

/*
  Codes for the posters of a route. p: {actor, session, route, renew?: a checkpoint whose old poster is worth nothing any more, codes: [{hash, sealed}], as many as there may be checkpoints}: made by the portal,
  taken for checkpoints that have none. Each printing is logged. → {ok, route: {id, name, community}, codes: [{checkpoint, position, name, hash, sealed, issued_at}]} | forbidden, not_found, invalid_input
*/
create function public.issue_checkpoint_codes(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_route public.patrol_routes;
  v_renew uuid := (p ->> 'renew')::uuid;
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  select r.* into v_route from public.patrol_routes r where r.id = (p ->> 'route')::uuid and r.station_id = v_staff.station_id and r.is_active for update;
  if v_route.id is null or (v_renew is not null and not exists (select from public.patrol_checkpoints k where k.id = v_renew and k.route_id = v_route.id and k.is_active)) then
    return private.refuse('not_found');
  elsif jsonb_typeof(p -> 'codes') is distinct from 'array' then
    return private.refuse('invalid_input');
  end if;
  delete from private.checkpoint_codes c where c.checkpoint_id = v_renew;
  insert into private.checkpoint_codes (checkpoint_id, code_hash, code_sealed, issued_at, issued_by)
  select k.id, c.value ->> 'hash', c.value ->> 'sealed', private.clock(), v_staff.user_id
  from (select k.id, row_number() over (order by k.position) as number from public.patrol_checkpoints k where k.route_id = v_route.id and k.is_active and not exists (select from private.checkpoint_codes c where c.checkpoint_id = k.id)) k
    join jsonb_array_elements(p -> 'codes') with ordinality c on c.ordinality = k.number;
  if v_renew is null then
    perform private.log_shift(v_staff, 'shift.posters_printed', v_route.id);
  else
    perform private.log_shift(v_staff, 'shift.poster_renewed', v_route.id);
  end if;
  return jsonb_build_object('ok', true, 'route', jsonb_build_object('id', v_route.id, 'name', v_route.name, 'community', (select c.name from public.communities c where c.id = v_route.community_id)),
    'codes', coalesce((select jsonb_agg(jsonb_build_object('checkpoint', k.id, 'position', k.position, 'name', k.name, 'hash', c.code_hash, 'sealed', c.code_sealed, 'issued_at', c.issued_at) order by k.position)
      from public.patrol_checkpoints k join private.checkpoint_codes c on c.checkpoint_id = k.id where k.route_id = v_route.id and k.is_active), '[]'::jsonb));
end;
$$;
comment on function public.issue_checkpoint_codes(jsonb) is 'For the portal, which makes and seals the codes. Definer: the tables have no grants.';
revoke all on function public.issue_checkpoint_codes(jsonb) from public;
grant execute on function public.issue_checkpoint_codes(jsonb) to service_role;

/*
  What came of a patrol. p: {actor, session, shift} → {ok, state, checklist[], checkpoints[], report, overdue, summary_sealed, findings: [{position, reference}]} | not_found
  Officers of the community, lead and chief; each reading is logged.
*/
create function public.open_patrol_round(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_shift public.patrol_shifts;
begin
  select s.* into v_shift from public.patrol_shifts s where s.id = (p ->> 'shift')::uuid;
  if v_shift.id is null or not coalesce(v_shift.station_id = v_staff.station_id and (v_staff.role in ('lead', 'chief')
      or (v_staff.role = 'officer' and (v_staff.user_id = v_shift.lead_staff_id or v_shift.community_id in (select private.communities_of(v_staff.user_id))))), false) then
    return private.refuse('not_found');
  end if;
  perform private.log_shift(v_staff, 'shift.report_read', v_shift.id);
  return jsonb_build_object('ok', true, 'state', v_shift.state) || private.round_facts(v_shift, null) || jsonb_build_object(
    'summary_sealed', (select r.summary_sealed from private.patrol_reports r where r.shift_id = v_shift.id),
    -- Reports about the police are hidden from whom they name (RULES A6): their references stand in no list of a patrol.
    'findings', coalesce((select jsonb_agg(jsonb_build_object('position', f.position, 'reference', r.reference) order by f.position) from private.patrol_findings f join public.reports r on r.id = f.report_id
      where f.shift_id = v_shift.id and not r.is_about_police), '[]'::jsonb));
end;
$$;
comment on function public.open_patrol_round(jsonb) is 'For the portal, which opens the summary. Definer: the tables have no grants.';
revoke all on function public.open_patrol_round(jsonb) from public;
grant execute on function public.open_patrol_round(jsonb) to service_role;

-- Patrols that are not home in time, for the desk. → {ok, patrols: [{shift, community, ends_at, out: how many are still out, lead_told_at, station_told_at}]} | forbidden
create function public.list_overdue_patrols() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'patrols', coalesce((
    select jsonb_agg(jsonb_build_object('shift', s.id, 'community', (select c.slug from public.communities c where c.id = s.community_id), 'ends_at', upper(s.period),
        'out', (select count(*) from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = s.id and q.state = 'confirmed' and c.out_at is null), 'lead_told_at', o.lead_told_at, 'station_told_at', o.station_told_at) order by upper(s.period), s.id)
    from private.overdue_calls o join public.patrol_shifts s on s.id = o.shift_id and s.state = 'under_way'
    where s.station_id = v_staff.station_id and (v_staff.role in ('lead', 'chief') or v_staff.user_id = s.lead_staff_id or s.community_id in (select private.communities_of(v_staff.user_id)))), '[]'::jsonb));
end;
$$;
comment on function public.list_overdue_patrols() is 'Definer: the tables have no grants.';
revoke all on function public.list_overdue_patrols() from public;
grant execute on function public.list_overdue_patrols() to authenticated;

-- Tells staff by mail about a patrol. → how many
create function private.tell_staff(p_people uuid[], p_template text, p_noun_id uuid) returns integer
language plpgsql volatile set search_path = '' as $$
begin
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  select 'email', p_template, 'patrols', p_noun_id, s.user_id, coalesce(f.locale, 'zh') from public.staff s left join public.profiles f on f.user_id = s.user_id where s.user_id = any (p_people) and s.is_active and s.role in ('officer', 'lead', 'chief') order by s.user_id;
  return (select count(*)::integer from public.staff s where s.user_id = any (p_people) and s.is_active and s.role in ('officer', 'lead', 'chief'));
end;
$$;
revoke all on function private.tell_staff(uuid[], text, uuid) from public;

-- Whoever leads a patrol learns that it is not home: the volunteer or colleague who is named, else the officers of the community. → how many were told
create function private.tell_patrol_lead(p_shift public.patrol_shifts) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_lead public.volunteers;
begin
  select v.* into v_lead from public.volunteers v where v.id = p_shift.lead_volunteer_id and v.user_id is not null and v.state = 'active';
  if v_lead.id is not null then
    perform private.tell_volunteer(v_lead, 'patrols.overdue_lead', p_shift.id);
    return 1;
  end if;
  return private.tell_staff(case when p_shift.lead_staff_id is not null then array[p_shift.lead_staff_id]
    else array(select s.user_id from public.staff s where s.station_id = p_shift.station_id and s.is_active and s.role = 'officer' and p_shift.community_id in (select private.communities_of(s.user_id))) end, 'patrols.overdue', p_shift.id);
end;
$$;
revoke all on function private.tell_patrol_lead(public.patrol_shifts) from public;

/*
  Patrols of a station that are under way twenty minutes after their end with somebody who has not checked out: whoever leads it is told, ten minutes later leads and chief, each once.
  Where nobody leads it the station is told at once. → how many calls
*/
create function private.call_overdue(p_station uuid) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_shift public.patrol_shifts;
  v_call private.overdue_calls;
  v_told integer;
  v_calls integer := 0;
begin
  perform private.lock_roster(p_station);
  for v_shift in select s.* from public.patrol_shifts s where s.station_id = p_station and s.state = 'under_way' and upper(s.period) + interval '20 minutes' <= v_now order by s.id loop
    continue when not exists (select from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = v_shift.id and q.state = 'confirmed' and c.out_at is null);
    insert into private.overdue_calls (shift_id, lead_told_at) values (v_shift.id, v_now) on conflict do nothing returning * into v_call;
    v_told := 1;
    if v_call.shift_id is not null then
      v_told := private.tell_patrol_lead(v_shift);
      perform private.log(p_station, null, 'system', 'shift.overdue', 'patrols', v_shift.id);
      v_calls := v_calls + 1;
    end if;
    update private.overdue_calls o set station_told_at = v_now where o.shift_id = v_shift.id and o.station_told_at is null and (v_told = 0 or o.lead_told_at <= v_now - interval '10 minutes');
    if found then
      perform private.tell_staff(array(select s.user_id from public.staff s where s.station_id = p_station and s.is_active and s.role in ('lead', 'chief')), 'patrols.overdue', v_shift.id);
      perform private.log(p_station, null, 'system', 'shift.overdue_station', 'patrols', v_shift.id);
      v_calls := v_calls + 1;
    end if;
  end loop;
  return v_calls;
end;
$$;
revoke all on function private.call_overdue(uuid) from public;

-- Every station, one after the other; who is not home in time first. → {ok, overdue, missed, expired, offered, cancelled, alarmed, reminded, written}
create function public.advance_patrols() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_station uuid;
  v_did jsonb;
  v_sum jsonb := '{"ok": true, "overdue": 0, "missed": 0, "expired": 0, "offered": 0, "cancelled": 0, "alarmed": 0, "reminded": 0, "written": 0}';
begin
  for v_station in select s.id from public.stations s where exists (select from public.volunteers v where v.station_id = s.id) or exists (select from public.patrol_shifts p where p.station_id = s.id)
    or exists (select from public.shift_series e where e.station_id = s.id) order by s.id loop
    v_did := jsonb_build_object('overdue', private.call_overdue(v_station), 'missed', private.end_roll_calls(v_station)) || private.advance_roster(v_station);
    v_sum := v_sum || (select jsonb_object_agg(d.key, (v_sum ->> d.key)::integer + d.value::text::integer) from jsonb_each(v_did) d);
  end loop;
  return v_sum;
end;
$$;
comment on function public.advance_patrols() is 'For the job. Definer: nobody writes the roster directly.';
revoke all on function public.advance_patrols() from public;
grant execute on function public.advance_patrols() to service_role;

-- As in 20261125000200, and what leads are told of patrols.
create or replace function private.is_duty_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
  select p_template in ('revisits.overdue', 'revisits.overdue_own', 'revisits.overdue_chief', 'revisits.climbed', 'revisits.several', 'duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late', 'alerts.help',
    'alerts.submitted', 'alerts.returned', 'patrols.applied', 'patrols.empty', 'patrols.called_off', 'patrols.swap', 'patrols.overdue', 'patrols.overdue_lead',
    'staff.factor_enrolled', 'staff.factor_changed', 'staff.factor_reset', 'staff.recovery_used', 'staff.codes_renewed', 'staff.password_changed', 'staff.invited', 'staff.proposed', 'staff.changed');
$$;

-- As in 20261124000255, and a patrol that is not home in time: whoever takes news by mail only is still called.
create or replace function private.also_by_telegram() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_is_call boolean := new.template in ('duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late', 'patrols.overdue', 'patrols.overdue_lead');
  v_link private.telegram_links;
begin
  select l.* into v_link from private.telegram_links l
  where l.user_id = coalesce(new.recipient_id, case when new.noun = 'reports' then (select r.owner_id from public.reports r where r.id = new.noun_id) end);
  if v_link.user_id is null or (v_link.news = 'mail' and not v_is_call) then
    return new;
  end if;
  if new.noun = 'chat' and exists (select from public.outbox o where o.channel = 'telegram' and o.recipient_id = v_link.user_id and o.template = new.template
      and o.status = 'queued' and o.attempts = 0 and o.leased_by is null and o.send_after <= new.send_after) then
    return new;
  end if;
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale, send_after) values ('telegram', new.template, new.noun, new.noun_id, v_link.user_id, new.locale, new.send_after);
  if v_link.news = 'telegram' and not v_is_call then
    return null;
  end if;
  return new;
end;
$$;
