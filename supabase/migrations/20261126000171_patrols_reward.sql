-- Purpose: rewards for points, with stock and deposits: ordered by volunteers, picked up with a code, handed out and taken back at the desk.
-- Risk: none for data, new objects. Points move through private.post_points alone.

create table private.rewards (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  name jsonb not null check (private.is_text_in_both(name, 1, 80)),
  points integer not null check (points between 0 and 100000),
  deposit integer not null check (deposit between 0 and 100000),
  stock integer not null check (stock between 0 and 100000),
  is_active boolean not null default true,
  changed_at timestamptz not null,
  changed_by uuid not null references public.staff (user_id) on delete restrict,
  unique (id, station_id),
  constraint rewards_cost_something check (points + deposit > 0)
);
comment on table private.rewards is 'What a station gives for points, or lends for a deposit of points. `stock`: what is there and nobody has ordered.';
create index rewards_by_station on private.rewards (station_id);
create index rewards_by_changer on private.rewards (changed_by);
alter table private.rewards enable row level security;

create table private.reward_orders (
  id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity unique,
  station_id uuid not null references public.stations (id) on delete restrict,
  reward_id uuid not null,
  volunteer_id uuid not null references public.volunteers (id) on delete cascade,
  points integer not null check (points >= 0),
  deposit integer not null check (deposit >= 0),
  code text not null check (code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  state text not null default 'ordered' check (state in ('ordered', 'handed_out', 'returned', 'kept', 'cancelled')),
  ordered_at timestamptz not null,
  handed_out_at timestamptz,
  handed_out_by uuid references public.staff (user_id) on delete restrict,
  ended_at timestamptz,
  ended_by uuid references public.staff (user_id) on delete restrict,
  note text check (note is null or private.is_plain_text(note, 3, 500, true)),
  foreign key (reward_id, station_id) references private.rewards (id, station_id) on delete restrict,
  constraint orders_are_handed_out_by_somebody check ((state in ('ordered', 'cancelled')) = (handed_out_at is null) and (handed_out_at is null) = (handed_out_by is null)),
  constraint orders_end_once check ((state in ('returned', 'kept', 'cancelled')) = (ended_at is not null)),
  constraint orders_come_back_for_a_deposit check (state not in ('returned', 'kept') or deposit > 0)
);
comment on table private.reward_orders is 'One thing for one volunteer. `handed_out` ends what has no deposit; the deposit goes back with the thing (`returned`), or stays with the station (`kept`).';
comment on column private.reward_orders.note is 'Why it was cancelled, or the deposit kept. Here alone, since the lines of the points stay for ever.';
comment on column private.reward_orders.points is 'As it cost when it was ordered; so the deposit.';
create unique index reward_orders_by_code on private.reward_orders (station_id, code) where state = 'ordered';
create index reward_orders_by_volunteer on private.reward_orders (volunteer_id, number);
create index reward_orders_by_reward on private.reward_orders (reward_id, station_id);
create index reward_orders_by_station on private.reward_orders (station_id, state);
create index reward_orders_by_giver on private.reward_orders (handed_out_by) where handed_out_by is not null;
create index reward_orders_by_ender on private.reward_orders (ended_by) where ended_by is not null;
alter table private.reward_orders enable row level security;

-- Eight symbols of Crockford's alphabet: 40 random bits, read out at a counter.
create function private.new_pick_up_code() returns text
language sql volatile set search_path = '' as $$
  select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(r.bytes, n) % 32, 1), '' order by n) from (select extensions.gen_random_bytes(8) as bytes) r cross join generate_series(0, 7) n;
$$;
revoke all on function private.new_pick_up_code() from public;

-- The entries of an order: what its volunteer pays, or gets back. p_sign: 1 ordered, −1 cancelled.
create function private.order_entries(p_order private.reward_orders, p_sign integer) returns jsonb
language sql immutable set search_path = '' as $$
  select jsonb_agg(e.entry) from (values
    (jsonb_build_object('account', 'volunteer', 'volunteer', p_order.volunteer_id, 'points', -p_sign * (p_order.points + p_order.deposit))),
    (case when p_order.points > 0 then jsonb_build_object('account', 'rewards', 'points', p_sign * p_order.points) end),
    (case when p_order.deposit > 0 then jsonb_build_object('account', 'deposits', 'points', p_sign * p_order.deposit) end)) e (entry) where e.entry is not null;
$$;
revoke all on function private.order_entries(private.reward_orders, integer) from public;

-- Orders a thing: points and deposit leave the volunteer, the thing leaves the stock. → {ok, order, code} | not_found, not_enrolled, out_of_stock, points_short, conflict: five wait to be picked up
create function private.order_reward(p_volunteer uuid, p_reward uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_volunteer public.volunteers;
  v_reward private.rewards;
  v_order private.reward_orders;
  v_booked jsonb;
begin
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer;
  perform private.lock_points(v_volunteer.station_id);
  -- As an erasure left it that held the points until now.
  select v.* into v_volunteer from public.volunteers v where v.id = p_volunteer;
  select r.* into v_reward from private.rewards r where r.id = p_reward and r.station_id = v_volunteer.station_id and r.is_active for update;
  if v_reward.id is null then
    return private.refuse('not_found');
  elsif v_volunteer.state not in ('enrolled', 'active') then
    return private.refuse('not_enrolled');
  elsif v_reward.stock = 0 then
    return private.refuse('out_of_stock');
  elsif (select count(*) >= 5 from private.reward_orders o where o.volunteer_id = p_volunteer and o.state = 'ordered') then
    return private.refuse('conflict');
  end if;
  v_order.id := gen_random_uuid();
  v_order.volunteer_id := p_volunteer;
  v_order.points := v_reward.points;
  v_order.deposit := v_reward.deposit;
  v_booked := private.post_points(v_volunteer.station_id, 'ordered', private.order_entries(v_order, 1), v_order.id);
  if not (v_booked ->> 'ok')::boolean then
    return v_booked;
  end if;
  update private.rewards r set stock = r.stock - 1 where r.id = p_reward;
  insert into private.reward_orders (id, station_id, reward_id, volunteer_id, points, deposit, code, ordered_at)
  values (v_order.id, v_volunteer.station_id, p_reward, p_volunteer, v_order.points, v_order.deposit, private.new_pick_up_code(), private.clock()) returning * into v_order;
  perform private.log_own_act(v_volunteer, 'reward.ordered', v_order.id);
  return jsonb_build_object('ok', true, 'order', v_order.id, 'code', v_order.code);
end;
$$;
comment on function private.order_reward(uuid, uuid) is 'By volunteer and reward; the rights of the caller are looked at before.';
revoke all on function private.order_reward(uuid, uuid) from public;

/*
  What becomes of an order. hand_out; return: the thing is back, and so is the deposit; keep: it is not, and the deposit stays; cancel: before it was handed out. p_staff: null rows for the volunteer and the clock.
  → {ok, state} | status_order
*/
create function private.change_order(p_order uuid, p_act text, p_staff public.staff, p_note text) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_order private.reward_orders;
  v_entries jsonb;
  v_booked jsonb;
begin
  select o.* into v_order from private.reward_orders o where o.id = p_order;
  perform private.lock_points(v_order.station_id);
  select o.* into v_order from private.reward_orders o where o.id = p_order for update;
  if v_order.state is distinct from (case when p_act in ('hand_out', 'cancel') then 'ordered' else 'handed_out' end) or (p_act in ('return', 'keep') and v_order.deposit = 0) then
    return private.refuse('status_order');
  end if;
  v_entries := case p_act when 'cancel' then private.order_entries(v_order, -1)
    when 'return' then jsonb_build_array(jsonb_build_object('account', 'deposits', 'points', -v_order.deposit), jsonb_build_object('account', 'volunteer', 'volunteer', v_order.volunteer_id, 'points', v_order.deposit))
    when 'keep' then jsonb_build_array(jsonb_build_object('account', 'deposits', 'points', -v_order.deposit), jsonb_build_object('account', 'rewards', 'points', v_order.deposit)) end;
  if v_entries is not null then
    v_booked := private.post_points(v_order.station_id, case p_act when 'cancel' then 'cancelled' when 'return' then 'returned' else 'kept' end, v_entries, v_order.id, null, p_staff.user_id);
    if not (v_booked ->> 'ok')::boolean then
      return v_booked;
    end if;
  end if;
  if p_act in ('cancel', 'return') then
    update private.rewards r set stock = least(r.stock + 1, 100000) where r.id = v_order.reward_id;
  end if;
  update private.reward_orders o set state = case p_act when 'hand_out' then 'handed_out' when 'return' then 'returned' when 'keep' then 'kept' else 'cancelled' end,
    handed_out_at = case when p_act = 'hand_out' then v_now else o.handed_out_at end, handed_out_by = case when p_act = 'hand_out' then p_staff.user_id else o.handed_out_by end,
    ended_at = case when p_act <> 'hand_out' then v_now end, ended_by = case when p_act <> 'hand_out' then p_staff.user_id end, note = coalesce(p_note, o.note)
  where o.id = p_order returning * into v_order;
  return jsonb_build_object('ok', true, 'state', v_order.state);
end;
$$;
revoke all on function private.change_order(uuid, text, public.staff, text) from public;

create function private.order_facts(o private.reward_orders) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('id', o.id, 'reward', o.reward_id, 'name', (select r.name from private.rewards r where r.id = o.reward_id), 'points', o.points, 'deposit', o.deposit, 'state', o.state, 'ordered_at', o.ordered_at, 'handed_out_at', o.handed_out_at, 'ended_at', o.ended_at, 'note', o.note);
$$;
revoke all on function private.order_facts(private.reward_orders) from public;

-- What there is, what one has, and one's orders with their codes, the last ones first. → {ok, is_enrolled, balance, rewards[], orders[]} | sign_in_required
create function public.get_own_rewards() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_volunteer public.volunteers;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_volunteer := private.volunteer_of(v_actor);
  return jsonb_build_object('ok', true, 'is_enrolled', coalesce(v_volunteer.state in ('enrolled', 'active'), false),
    'balance', coalesce((select private.points_balance(a.id) from private.points_accounts a where a.volunteer_id = v_volunteer.id), 0),
    'rewards', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'points', r.points, 'deposit', r.deposit, 'stock', r.stock) order by r.points + r.deposit, r.id) from private.rewards r where r.station_id = v_volunteer.station_id and r.is_active), '[]'::jsonb),
    'orders', coalesce((select jsonb_agg(private.order_facts(t.o) || jsonb_build_object('code', case when (t.o).state = 'ordered' then (t.o).code end) order by (t.o).number desc)
      from (select o from private.reward_orders o where o.volunteer_id = v_volunteer.id order by o.number desc limit 50) t), '[]'::jsonb));
end;
$$;
comment on function public.get_own_rewards() is 'Definer: the tables have no grants.';
revoke all on function public.get_own_rewards() from public;
grant execute on function public.get_own_rewards() to authenticated;

-- p: {act: order (reward) | cancel (order)} → {ok, order, code} | {ok, state} | sign_in_required, not_found, a code of order_reward, status_order, invalid_input
create function public.change_own_order(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_volunteer public.volunteers;
  v_answer jsonb;
  v_nobody public.staff;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  v_volunteer := private.volunteer_of(v_actor);
  if v_volunteer.id is null then
    return private.refuse('not_found');
  elsif p ->> 'act' = 'order' then
    return private.order_reward(v_volunteer.id, (p ->> 'reward')::uuid);
  elsif p ->> 'act' is distinct from 'cancel' then
    return private.refuse('invalid_input');
  elsif not exists (select from private.reward_orders o where o.id = (p ->> 'order')::uuid and o.volunteer_id = v_volunteer.id) then
    return private.refuse('not_found');
  end if;
  v_answer := private.change_order((p ->> 'order')::uuid, 'cancel', v_nobody, null);
  if (v_answer ->> 'ok')::boolean then
    perform private.log_own_act(v_volunteer, 'reward.cancelled', (p ->> 'order')::uuid);
  end if;
  return v_answer;
end;
$$;
comment on function public.change_own_order(jsonb) is 'Definer: nobody writes the tables directly.';
revoke all on function public.change_own_order(jsonb) from public;
grant execute on function public.change_own_order(jsonb) to authenticated;

-- Rewards with their stock, and orders by volunteer ids: those that wait or are out, then the last ones that ended. → {ok, may_change, rewards[], orders[]} | forbidden
create function public.list_desk_rewards() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief', 'auditor'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'may_change', v_staff.role in ('lead', 'chief'),
    'rewards', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'points', r.points, 'deposit', r.deposit, 'stock', r.stock, 'is_active', r.is_active) order by not r.is_active, r.points + r.deposit, r.id) from private.rewards r where r.station_id = v_staff.station_id), '[]'::jsonb),
    'orders', coalesce((select jsonb_agg(private.order_facts(t.o) || jsonb_build_object('volunteer', (t.o).volunteer_id) order by (t.o).ended_at is not null, (t.o).number desc)
      from (select o from private.reward_orders o where o.station_id = v_staff.station_id order by o.ended_at is not null, o.number desc limit 200) t), '[]'::jsonb));
end;
$$;
comment on function public.list_desk_rewards() is 'Without names and codes. Definer: the tables have no grants.';
revoke all on function public.list_desk_rewards() from public;
grant execute on function public.list_desk_rewards() to authenticated;

-- p: {id?, stock_seen: of a change, what the editor saw, name, points, deposit, stock: what is there now, is_active?}, by lead or chief → {ok, id} | forbidden, not_found, conflict: something was ordered or given back meanwhile, invalid_input
create function public.save_reward(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_id uuid := (p ->> 'id')::uuid;
  v_stock integer;
begin
  if coalesce(v_staff.role not in ('lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  if not private.is_text_in_both(p -> 'name', 1, 80) or coalesce((p ->> 'points')::integer not between 0 and 100000 or (p ->> 'deposit')::integer not between 0 and 100000 or (p ->> 'stock')::integer not between 0 and 100000
    or (p ->> 'points')::integer + (p ->> 'deposit')::integer = 0, true) then
    return private.refuse('invalid_input');
  end if;
  perform private.lock_points(v_staff.station_id);
  if v_id is null then
    insert into private.rewards (station_id, name, points, deposit, stock, changed_at, changed_by)
    values (v_staff.station_id, p -> 'name', (p ->> 'points')::integer, (p ->> 'deposit')::integer, (p ->> 'stock')::integer, private.clock(), v_staff.user_id) returning id into v_id;
  else
    select r.stock into v_stock from private.rewards r where r.id = v_id and r.station_id = v_staff.station_id for update;
    if v_stock is null then
      return private.refuse('not_found');
    elsif v_stock is distinct from (p ->> 'stock_seen')::integer then
      return private.refuse('conflict');
    end if;
    update private.rewards r set name = p -> 'name', points = (p ->> 'points')::integer, deposit = (p ->> 'deposit')::integer, stock = (p ->> 'stock')::integer, is_active = coalesce((p ->> 'is_active')::boolean, r.is_active), changed_at = private.clock(), changed_by = v_staff.user_id
    where r.id = v_id;
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'reward.saved', 'patrols', v_id);
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$$;
comment on function public.save_reward(jsonb) is 'Definer: nobody writes the tables directly.';
revoke all on function public.save_reward(jsonb) from public;
grant execute on function public.save_reward(jsonb) to authenticated;

/*
  At the counter. p: {act: hand_out (code) | return (order) | keep (order, note) | cancel (order, note)}, by officer, lead or chief, keep by lead or chief; never for oneself.
  → {ok, order, state} | forbidden, not_found, not_for_oneself, status_order, reason_missing, invalid_input
*/
create function public.change_order(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_act text := p ->> 'act';
  v_note text := nullif(btrim(p ->> 'note'), '');
  v_order private.reward_orders;
  v_answer jsonb;
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) or (v_act = 'keep' and v_staff.role = 'officer') then
    return private.refuse('forbidden');
  elsif coalesce(v_act not in ('hand_out', 'return', 'keep', 'cancel'), true) then
    return private.refuse('invalid_input');
  end if;
  if v_act = 'hand_out' then
    select o.* into v_order from private.reward_orders o where o.station_id = v_staff.station_id and o.code = upper(regexp_replace(p ->> 'code', '[^0-9A-Za-z]', '', 'g')) and o.state = 'ordered';
  else
    select o.* into v_order from private.reward_orders o where o.station_id = v_staff.station_id and o.id = (p ->> 'order')::uuid;
  end if;
  if v_order.id is null then
    return private.refuse('not_found');
  elsif exists (select from public.volunteers v where v.id = v_order.volunteer_id and v.user_id = v_staff.user_id) then
    return private.refuse('not_for_oneself');
  elsif (v_act in ('keep', 'cancel') and v_note is null) or (v_note is not null and not private.is_plain_text(v_note, 3, 500, true)) then
    return private.refuse('reason_missing');
  end if;
  v_answer := private.change_order(v_order.id, v_act, v_staff, v_note);
  if (v_answer ->> 'ok')::boolean then
    if v_act = 'hand_out' then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'reward.handed_out', 'patrols', v_order.id);
    elsif v_act = 'return' then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'reward.returned', 'patrols', v_order.id);
    elsif v_act = 'keep' then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'reward.deposit_kept', 'patrols', v_order.id);
    else
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'reward.cancelled', 'patrols', v_order.id);
    end if;
  end if;
  return v_answer || case when (v_answer ->> 'ok')::boolean then jsonb_build_object('order', v_order.id) else '{}'::jsonb end;
end;
$$;
comment on function public.change_order(jsonb) is 'Definer: nobody writes the tables directly.';
revoke all on function public.change_order(jsonb) from public;
grant execute on function public.change_order(jsonb) to authenticated;

-- Whoever leaves the portal picks nothing up any more, and nothing that was written about their orders stays.
create function private.cancel_orders_erased() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_order uuid;
  v_nobody public.staff;
begin
  for v_order in select o.id from private.reward_orders o where o.volunteer_id = new.id and o.state = 'ordered' order by o.number loop
    perform private.change_order(v_order, 'cancel', v_nobody, null);
  end loop;
  update private.reward_orders o set note = null where o.volunteer_id = new.id and o.note is not null;
  return null;
end;
$$;
comment on function private.cancel_orders_erased() is 'Trigger. Definer: the tables have no grants.';
revoke all on function private.cancel_orders_erased() from public;
create trigger volunteers_erased_order_nothing after update of user_id on public.volunteers for each row when (old.user_id is not null and new.user_id is null) execute function private.cancel_orders_erased();
