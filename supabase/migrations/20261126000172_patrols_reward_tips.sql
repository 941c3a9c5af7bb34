-- Purpose: a reward for a tip whose sender nobody knows: offered for a report that is done with, approved by a second person, claimed with reference and receipt, paid at the station by a code.
-- Risk: none for data, new objects. Who claims and who is paid stands nowhere; the log says that it happened, never for which report.

create table private.tip_rewards (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  report_id uuid unique references public.reports (id) on delete set null,
  yuan integer not null check (yuan between 10 and 50000),
  why text not null check (private.is_plain_text(why, 3, 500, true)),
  state text not null default 'offered' check (state in ('offered', 'approved', 'refused', 'claimed', 'paid', 'expired')),
  offered_on date not null,
  offered_by uuid not null references public.staff (user_id) on delete restrict,
  decided_by uuid references public.staff (user_id) on delete restrict,
  expires_at timestamptz not null,
  code_hash text unique check (code_hash ~ '^[0-9a-f]{64}$'),
  paid_on date,
  paid_by uuid references public.staff (user_id) on delete restrict,
  constraint tip_rewards_decided_by_another check (decided_by is distinct from offered_by),
  constraint tip_rewards_paid_by_somebody check ((state = 'paid') = (num_nonnulls(paid_on, paid_by) = 2)),
  constraint tip_rewards_paid_forget_their_report check (state <> 'paid' or num_nonnulls(report_id, code_hash) = 0),
  constraint tip_rewards_claimed_have_a_code check ((state = 'claimed') = (code_hash is not null))
);
comment on table private.tip_rewards is 'Money for a tip. With the payment the row forgets its report and its code, and every time but the day: what is left is a sum, for the books.';
comment on column private.tip_rewards.code_hash is 'Keyed hash of the pay-out code, made by the portal; the code itself is shown once and kept nowhere.';
create index tip_rewards_by_station on private.tip_rewards (station_id, state);
create index tip_rewards_by_offerer on private.tip_rewards (offered_by);
create index tip_rewards_by_decider on private.tip_rewards (decided_by) where decided_by is not null;
create index tip_rewards_by_payer on private.tip_rewards (paid_by) where paid_by is not null;
alter table private.tip_rewards enable row level security;

-- In the log without the report: nothing there leads to a person.
create function private.log_tip_reward(p_staff public.staff, p_station uuid, p_action text) returns void
language sql volatile set search_path = '' as $$
  select private.log(p_station, p_staff.user_id, coalesce(p_staff.role, 'resident'), p_action, 'patrols', null);
$$;
revoke all on function private.log_tip_reward(public.staff, uuid, text) from public;

-- Whoever holds the receipt of a tip could claim what they gave: who sent it under their name, who took it in, who wrote it up after a patrol.
create function private.holds_receipt(p_report uuid, p_user uuid) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from public.reports r where r.id = p_report and (r.owner_id = p_user or r.taken_by = p_user))
    or exists (select from private.patrol_findings f join private.patrol_reports k on k.shift_id = f.shift_id left join public.volunteers v on v.id = k.filed_by_volunteer where f.report_id = p_report and (k.filed_by_staff = p_user or v.user_id = p_user));
$$;
revoke all on function private.holds_receipt(uuid, uuid) from public;

-- By a lead or chief, for a report of the station that is done with. p: {reference, yuan, why} → {ok, id} | forbidden, not_found, not_for_oneself: they hold its receipt, status_order: not done with, or it has one, reason_missing, invalid_input
create function public.offer_tip_reward(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_id uuid;
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' for share;
  if v_report.id is null or v_report.station_id <> v_staff.station_id or not private.may_see(v_report, v_staff) then
    return private.refuse('not_found');
  elsif private.holds_receipt(v_report.id, v_staff.user_id) then
    return private.refuse('not_for_oneself');
  elsif v_report.status not in ('resolved', 'closed') or v_report.merged_into is not null or coalesce(v_report.closed_reason in ('duplicate', 'withdrawn', 'unfounded', 'spam'), false) then
    return private.refuse('status_order');
  elsif coalesce((p ->> 'yuan')::integer not between 10 and 50000, true) then
    return private.refuse('invalid_input');
  elsif not coalesce(private.is_plain_text(p ->> 'why', 3, 500, true), false) then
    return private.refuse('reason_missing');
  end if;
  -- Refused and expired ones make way for another.
  update private.tip_rewards t set report_id = null where t.report_id = v_report.id and t.state in ('refused', 'expired');
  insert into private.tip_rewards (station_id, report_id, yuan, why, offered_on, offered_by, expires_at)
  values (v_staff.station_id, v_report.id, (p ->> 'yuan')::integer, p ->> 'why', private.day_at(v_staff.station_id, private.clock()), v_staff.user_id, private.clock() + interval '90 days') on conflict (report_id) do nothing returning id into v_id;
  if v_id is null then
    return private.refuse('status_order');
  end if;
  perform private.log_tip_reward(v_staff, v_staff.station_id, 'tip_reward.offered');
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$$;
comment on function public.offer_tip_reward(jsonb) is 'Definer: nobody writes the table directly.';
revoke all on function public.offer_tip_reward(jsonb) from public;
grant execute on function public.offer_tip_reward(jsonb) to authenticated;

-- By a chief who did not offer it; the ninety days begin. p: {id, approve} → {ok, state} | forbidden, not_found, second_person_required, not_for_oneself: they hold its receipt, status_order
create function public.decide_tip_reward(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_reward private.tip_rewards;
begin
  if v_staff.role is distinct from 'chief' then
    return private.refuse('forbidden');
  end if;
  select t.* into v_reward from private.tip_rewards t where t.id = (p ->> 'id')::uuid and t.station_id = v_staff.station_id for update;
  if v_reward.id is null then
    return private.refuse('not_found');
  elsif v_reward.state <> 'offered' then
    return private.refuse('status_order');
  elsif v_reward.offered_by = v_staff.user_id then
    return private.refuse('second_person_required');
  elsif private.holds_receipt(v_reward.report_id, v_staff.user_id) then
    return private.refuse('not_for_oneself');
  end if;
  update private.tip_rewards t set state = case when (p ->> 'approve')::boolean then 'approved' else 'refused' end, decided_by = v_staff.user_id, expires_at = private.clock() + interval '90 days' where t.id = v_reward.id returning * into v_reward;
  if v_reward.state = 'approved' then
    perform private.log_tip_reward(v_staff, v_staff.station_id, 'tip_reward.approved');
  else
    perform private.log_tip_reward(v_staff, v_staff.station_id, 'tip_reward.refused');
  end if;
  return jsonb_build_object('ok', true, 'state', v_reward.state);
end;
$$;
comment on function public.decide_tip_reward(jsonb) is 'Definer: nobody writes the table directly.';
revoke all on function public.decide_tip_reward(jsonb) from public;
grant execute on function public.decide_tip_reward(jsonb) to authenticated;

/*
  For the reporter: is there a reward? p: {reference, access, guess_limits} as track_report has them. With code_hash it is claimed; claiming anew voids the code before, so that a lost code is no loss.
  → {ok, reward: {yuan, state: approved | claimed, expires_at} | null} | not_found, rate_limited; with code_hash also status_order: there is nothing to claim
*/
create function public.claim_tip_reward(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_found jsonb := private.find_own(p ->> 'reference', p -> 'access');
  v_reward private.tip_rewards;
  v_nobody public.staff;
  v_wait integer;
begin
  if v_found is null or v_found ->> 'viewer' <> 'reporter' then
    v_wait := private.take_all(p -> 'guess_limits');
    if v_wait > 0 then
      return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
    end if;
    return private.refuse('not_found');
  end if;
  select t.* into v_reward from private.tip_rewards t where t.report_id = (v_found ->> 'report_id')::uuid and t.state in ('approved', 'claimed') and t.expires_at > private.clock() for update;
  if p ->> 'code_hash' is not null then
    if v_reward.id is null then
      return private.refuse('status_order');
    end if;
    update private.tip_rewards t set state = 'claimed', code_hash = p ->> 'code_hash' where t.id = v_reward.id returning * into v_reward;
    perform private.log_tip_reward(v_nobody, v_reward.station_id, 'tip_reward.claimed');
  end if;
  return jsonb_build_object('ok', true, 'reward', case when v_reward.id is not null then jsonb_build_object('yuan', v_reward.yuan, 'state', v_reward.state, 'expires_at', v_reward.expires_at) end);
end;
$$;
comment on function public.claim_tip_reward(jsonb) is 'The server''s: it hashes receipt and code. Definer: the table has no grants.';
revoke all on function public.claim_tip_reward(jsonb) from public;
grant execute on function public.claim_tip_reward(jsonb) to service_role;

/*
  Paid at the counter, to whoever brings the code. By a third person or the chief who approved it, never by who offered it. p: {actor, session, code_hash, limits}
  → {ok, yuan} | forbidden, not_found: a wrong code, or one that was paid or ran out, second_person_required, not_for_oneself: they hold the receipt of the tip, rate_limited
*/
create function public.pay_tip_reward(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_reward private.tip_rewards;
  v_wait integer;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select t.* into v_reward from private.tip_rewards t where t.station_id = v_staff.station_id and t.code_hash = p ->> 'code_hash' and t.state = 'claimed' and t.expires_at > private.clock() for update;
  if v_reward.id is null then
    perform private.log_tip_reward(v_staff, v_staff.station_id, 'tip_reward.pay_refused');
    return private.refuse('not_found');
  elsif v_staff.user_id = v_reward.offered_by then
    return private.refuse('second_person_required');
  elsif private.holds_receipt(v_reward.report_id, v_staff.user_id) then
    return private.refuse('not_for_oneself');
  end if;
  update private.tip_rewards t set state = 'paid', report_id = null, code_hash = null, paid_on = private.day_at(v_staff.station_id, private.clock()), paid_by = v_staff.user_id where t.id = v_reward.id;
  perform private.log_tip_reward(v_staff, v_staff.station_id, 'tip_reward.paid');
  return jsonb_build_object('ok', true, 'yuan', v_reward.yuan);
end;
$$;
comment on function public.pay_tip_reward(jsonb) is 'The server''s: it hashes the code. Definer: the table has no grants.';
revoke all on function public.pay_tip_reward(jsonb) from public;
grant execute on function public.pay_tip_reward(jsonb) to service_role;

-- What is open with its report, for lead and chief; of what is over the sum and the days. → {ok, me, rewards[]} | forbidden
create function public.list_tip_rewards() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'me', private.who_reads(v_staff), 'rewards', coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'reference', r.reference, 'yuan', t.yuan, 'why', t.why, 'state', t.state, 'offered_on', t.offered_on, 'paid_on', t.paid_on,
      'offered_by', t.offered_by, 'may_decide', t.state = 'offered' and v_staff.role = 'chief' and t.offered_by <> v_staff.user_id) order by t.state = 'offered' desc, t.offered_on desc, t.id)
    from private.tip_rewards t left join public.reports r on r.id = t.report_id where t.station_id = v_staff.station_id and (r.id is null or private.may_see(r, v_staff))), '[]'::jsonb));
end;
$$;
comment on function public.list_tip_rewards() is 'Definer: the table has no grants.';
revoke all on function public.list_tip_rewards() from public;
grant execute on function public.list_tip_rewards() to authenticated;
