-- Purpose: who waits in the chat for half an hour while it is open is told to the team leader, once for each wait.
-- Risk: one column without a default.

alter table private.chat_threads add column lead_told_at timestamptz;
comment on column private.chat_threads.lead_told_at is 'When the team leader was told that somebody waits. Older than waiting_since: of an earlier wait.';

-- Half an hour of opening time: what came at night counts from the morning.
create function private.waits_too_long(p_thread private.chat_threads) returns boolean
language sql stable set search_path = '' as $$
  select p_thread.state <> 'closed' and coalesce(p_thread.lead_told_at < p_thread.waiting_since, p_thread.waiting_since is not null)
    and (private.chat_hours_at(s.id, private.clock()) ->> 'is_open')::boolean
    and private.clock() >= greatest(p_thread.waiting_since, ((private.clock() at time zone s.time_zone)::date + (s.chat_hours ->> 'from')::time) at time zone s.time_zone) + interval '30 minutes'
  from public.stations s where s.id = p_thread.station_id;
$$;

-- p: limit, is_dry? → {ok, told: threads, has_more}
create function public.climb_threads(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 1000);
  v_thread private.chat_threads;
  v_people uuid[];
  v_told integer := 0;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if (p ->> 'is_dry')::boolean then
    return jsonb_build_object('ok', true, 'told', (select count(*) from private.chat_threads t where t.state <> 'closed' and private.waits_too_long(t)), 'has_more', false);
  end if;
  for v_thread in select t.* from private.chat_threads t where t.state <> 'closed' and private.waits_too_long(t) order by t.number limit v_limit for update skip locked loop
    v_people := array(select s.user_id from public.staff s where s.station_id = v_thread.station_id and s.is_active
      and s.role = case when not v_thread.is_about_police and exists (select from public.staff l where l.station_id = v_thread.station_id and l.is_active and l.role = 'lead') then 'lead' else 'chief' end);
    update private.chat_threads t set lead_told_at = private.clock() where t.id = v_thread.id;
    insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
    select 'email', 'chat.late', 'chat', v_thread.id, u, coalesce(f.locale, 'zh') from unnest(v_people) u left join public.profiles f on f.user_id = u
    where not exists (select from public.outbox o where o.recipient_id = u and o.template = 'chat.late' and o.status = 'queued' and o.attempts = 0 and o.leased_by is null);
    perform private.log(v_thread.station_id, null, 'system', 'chat.lead_told', 'chat', v_thread.id, jsonb_build_object('people', cardinality(v_people)));
    v_told := v_told + 1;
  end loop;
  return jsonb_build_object('ok', true, 'told', v_told, 'has_more', v_told = v_limit);
end;
$$;
comment on function public.climb_threads(jsonb) is 'The job chat:climb. Definer: a job has no actor.';
revoke all on function public.climb_threads(jsonb) from public;
grant execute on function public.climb_threads(jsonb) to service_role;

-- As in 20261124000110, and who waits too long.
create or replace function private.is_duty_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
  select p_template in ('revisits.overdue', 'revisits.overdue_own', 'revisits.overdue_chief', 'revisits.climbed', 'revisits.several', 'duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late',
    'staff.factor_enrolled', 'staff.factor_changed', 'staff.factor_reset', 'staff.recovery_used', 'staff.codes_renewed', 'staff.password_changed', 'staff.invited', 'staff.proposed', 'staff.changed');
$$;
