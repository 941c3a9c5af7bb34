-- Purpose: how long orders, rewards for tips and the words of corrections are kept.
-- Risk: none for data, new functions.

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('reward_orders', 177, 'patrols:rewards', 'term', '2 years', null, null,
    '{"zh": "积分兑换的物品：领取、归还和取消的记录", "en": "Orders of rewards that were handed out, returned or cancelled"}', '{"zh": "办结两年后删除，积分流水不变", "en": "Deleted two years after they ended; the lines of the points stay"}',
    '{"zh": "志愿者可以查看自己兑换过什么，派出所可以核对库存", "en": "Volunteers see what they had, and the station can check its stock"}'),
  ('tip_rewards', 178, 'patrols:rewards', 'term', '2 years', null, null,
    '{"zh": "线索奖励：金额、理由和发放日期（不记是谁领的）", "en": "Rewards for tips: sum, reason and day of payment (never to whom)"}', '{"zh": "发放、不批准或过期两年后删除", "en": "Deleted two years after they were paid, refused or ran out"}',
    '{"zh": "便于核对奖励经费", "en": "The money can be accounted for"}'),
  ('hours_corrections', 179, 'patrols:pay', 'term', '2 years', null, null,
    '{"zh": "更正巡逻时长时写的说明和答复", "en": "Words of a correction of hours, and of its answer"}', '{"zh": "答复两年后删除文字，时长不变", "en": "The words are deleted two years after the answer; the hours stay"}',
    '{"zh": "志愿者和派出所可以查看当时为什么更正", "en": "Volunteer and station can see why hours were changed"}');

-- When nothing more happens to an order; null while something may.
create function private.order_over_at(o private.reward_orders) returns timestamptz
language sql immutable set search_path = '' as $$
  select case when o.state in ('returned', 'kept', 'cancelled') then o.ended_at when o.state = 'handed_out' and o.deposit = 0 then o.handed_out_at end;
$$;
revoke all on function private.order_over_at(private.reward_orders) from public;

-- What is kept long enough. → how many rows
create function private.retain_rewards(p_is_dry boolean) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_orders uuid[];
  v_tips uuid[];
begin
  v_orders := array(select o.id from private.reward_orders o where private.order_over_at(o) < v_now - private.kept_for('reward_orders') order by o.number limit 500);
  v_tips := array(select t.id from private.tip_rewards t where t.state in ('paid', 'refused', 'expired') and coalesce(t.paid_on::timestamptz, t.expires_at) < v_now - private.kept_for('tip_rewards') order by t.expires_at, t.id limit 500);
  if not p_is_dry then
    delete from private.reward_orders o where o.id = any (v_orders);
    delete from private.tip_rewards t where t.id = any (v_tips);
  end if;
  return cardinality(v_orders) + cardinality(v_tips);
end;
$$;
revoke all on function private.retain_rewards(boolean) from public;

-- Orders that nobody picks up end after thirty days, rewards for tips run out after ninety, and what is kept long enough goes. → {ok, cancelled, expired, removed}
create function public.advance_rewards() returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_order private.reward_orders;
  v_reward private.tip_rewards;
  v_nobody public.staff;
  v_cancelled integer := 0;
  v_expired integer := 0;
begin
  for v_order in select o.* from private.reward_orders o where o.state = 'ordered' and o.ordered_at < private.clock() - interval '30 days' order by o.station_id, o.number limit 500 loop
    if (private.change_order(v_order.id, 'cancel', v_nobody, null) ->> 'ok')::boolean then
      perform private.log(v_order.station_id, null, 'system', 'reward.cancelled', 'patrols', v_order.id);
      v_cancelled := v_cancelled + 1;
    end if;
  end loop;
  for v_reward in update private.tip_rewards t set state = 'expired', code_hash = null where t.state in ('offered', 'approved', 'claimed') and t.expires_at <= private.clock() returning t.* loop
    perform private.log(v_reward.station_id, null, 'system', 'tip_reward.expired', 'patrols', null);
    v_expired := v_expired + 1;
  end loop;
  return jsonb_build_object('ok', true, 'cancelled', v_cancelled, 'expired', v_expired, 'removed', private.retain_rewards(false));
end;
$$;
comment on function public.advance_rewards() is 'For the job. Definer: nobody writes the tables directly.';
revoke all on function public.advance_rewards() from public;
grant execute on function public.advance_rewards() to service_role;

-- What a run would do now.
create function public.foresee_rewards() returns jsonb
language sql volatile security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'cancelled', (select count(*) from private.reward_orders o where o.state = 'ordered' and o.ordered_at < private.clock() - interval '30 days'),
    'expired', (select count(*) from private.tip_rewards t where t.state in ('offered', 'approved', 'claimed') and t.expires_at <= private.clock()), 'removed', private.retain_rewards(true));
$$;
comment on function public.foresee_rewards() is 'Definer: as advance_rewards.';
revoke all on function public.foresee_rewards() from public;
grant execute on function public.foresee_rewards() to service_role;
