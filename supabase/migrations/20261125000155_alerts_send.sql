-- Purpose: messages to many are handed out fast and in the right order: calls and whoever waits, then red, orange, all else; never what has run out, was
-- superseded or whose reader has left. By Web Push, too. A claim looks at as many rows as it hands out, however many wait.
-- Risk: claim_outbox, settle_outbox, claim_telegram and purge_outbox are written anew and answer as before, and more.

-- Why a message to a subscriber is not sent any more; null when it is.
create function private.is_over(o public.outbox, p_now timestamptz) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_state text;
  v_ended text;
begin
  if o.expires_at <= p_now then
    return 'expired';
  elsif o.subscription_id is null then
    return null;
  end if;
  select s.state into v_state from private.alert_subscriptions s where s.id = o.subscription_id;
  if v_state is distinct from (case when o.template = 'alerts.confirm' then 'pending' else 'active' end) then
    return 'unsubscribed';
  end if;
  select a.ended_by_type into v_ended from public.alerts a where a.id = o.noun_id;
  return case when v_ended = 'update' then 'superseded' when v_ended is not null then 'withdrawn' end;
end;
$$;

-- When somebody who subscribed is not to be woken by this message; the same twice: never.
create function private.quiet_hour_of(s private.alert_subscriptions, p_priority smallint, p_template text, p_hour time) returns text
language sql immutable set search_path = '' as $$
  select case when s.quiet_from is null or p_template = 'alerts.confirm' or p_priority = 2 or (p_priority = 3 and s.orange_passes) then '00:00' else to_char(p_hour, 'HH24:MI') end;
$$;

/*
  As in 20261123000252; of one channel, by priority and then the oldest first; what is over is settled instead of handed out.
  p: worker, lease_seconds, limit, channel? (email | webpush) → {ok, now, messages[]: and subscription_id, alert: its identifier, handle_hash, handle_sealed, token_hash, token_sealed, expires_at; next_in_seconds}
*/
create or replace function public.claim_outbox(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_channel text := coalesce(p ->> 'channel', 'email');
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 200);
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_messages jsonb;
  v_over jsonb;
begin
  if p ->> 'worker' is null or v_limit is null or v_lease is null or v_channel not in ('email', 'webpush') then
    return private.refuse('invalid_input');
  end if;
  with first as (
    select o.id from public.outbox o
    where o.status = 'queued' and o.template in ('accounts.code', 'reports.received', 'duty.urgent', 'duty.climbed') and o.channel = v_channel and o.send_after <= v_now and (o.leased_until is null or o.leased_until <= now())
    order by o.noun, o.send_after, o.id limit v_limit
    for update skip locked
  ), rest as (
    select r.id from generate_series(0, 6) q (priority) cross join lateral (
      select o.id from public.outbox o
      where o.status = 'queued' and o.template not in ('accounts.code', 'reports.received', 'duty.urgent', 'duty.climbed') and o.channel = v_channel and o.priority = q.priority
        and o.send_after <= v_now and (o.leased_until is null or o.leased_until <= now())
      order by o.send_after, o.id limit v_limit
      for update skip locked) r
    limit v_limit - (select count(*) from first)
  ), due as (
    select o.id, private.is_over(o, v_now) as why from (select f.id from first f union all select e.id from rest e) d join public.outbox o on o.id = d.id
  ), taken as (
    update public.outbox o set leased_by = case when due.why is null then p ->> 'worker' end, leased_until = case when due.why is null then now() + v_lease end, attempts = o.attempts + (due.why is null)::integer,
      status = case when due.why is null then o.status else 'cancelled' end, settled_at = case when due.why is not null then v_now end, last_error = coalesce(due.why, o.last_error),
      params_sealed = case when due.why is null then o.params_sealed end
    from due where o.id = due.id
    returning o.*, due.why
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun', t.noun, 'noun_id', t.noun_id, 'locale', t.locale,
      'message_key', t.message_key, 'attempts', t.attempts, 'recipient_id', t.recipient_id, 'recipient', u.email, 'recipient_sealed', t.recipient_sealed,
      'params_sealed', t.params_sealed, 'matters', t.matters, 'reference', r.reference, 'time_zone', s.time_zone,
      'level', coalesce(m.level, 'all'), 'quiet_from', coalesce(b.quiet_from, to_char(coalesce(m.quiet_from, '22:00'), 'HH24:MI')), 'quiet_to', coalesce(b.quiet_to, to_char(coalesce(m.quiet_to, '07:00'), 'HH24:MI')),
      'subscription_id', t.subscription_id, 'alert', a.identifier, 'handle_hash', b.handle_hash, 'handle_sealed', b.handle_sealed, 'token_hash', b.token_hash, 'token_sealed', b.token_sealed, 'expires_at', t.expires_at)
    order by t.template not in ('accounts.code', 'reports.received', 'duty.urgent', 'duty.climbed'), t.priority, t.noun, t.send_after, t.id) filter (where t.why is null), '[]'::jsonb),
    jsonb_object_agg(t.noun_id, t.why) filter (where t.why in ('expired', 'superseded', 'withdrawn') and t.noun_id is not null)
  into v_messages, v_over
  from taken t
  left join auth.users u on u.id = t.recipient_id
  left join public.reports r on t.subscription_id is null and r.id = t.noun_id
  left join public.alerts a on t.noun = 'alerts' and a.id = t.noun_id
  left join lateral (
    select x.station_id, x.handle_hash, x.handle_sealed, x.token_hash, x.token_sealed, private.quiet_hour_of(x, t.priority, t.template, x.quiet_from) as quiet_from, private.quiet_hour_of(x, t.priority, t.template, x.quiet_to) as quiet_to
    from private.alert_subscriptions x where x.id = t.subscription_id
  ) b on true
  left join public.stations s on s.id = coalesce(b.station_id, r.station_id, a.station_id, (select w.station_id from public.staff w where t.noun = 'revisits' and w.user_id = t.recipient_id), (select d.id from public.stations d where d.is_default))
  left join lateral (
    select x.* from private.mail_settings x where x.user_id = t.recipient_id
    union all
    select x.* from private.mail_settings x where t.recipient_id is null and t.noun = 'reports' and x.report_id = t.noun_id
  ) m on true;
  -- What is over for one is over for all: the rest of it is swept, a page at a time, instead of handed from claim to claim.
  perform private.stop_sending(v.key::uuid, v.value, 2000) from jsonb_each_text(v_over) v;
  return jsonb_build_object('ok', true, 'now', v_now, 'messages', v_messages,
    'next_in_seconds', case when v_over is not null then 0 else (select extract(epoch from min(n.at) - v_now) from generate_series(0, 6) q (priority) cross join lateral (
      select o.send_after as at from public.outbox o where o.status = 'queued' and o.channel = v_channel and o.priority = q.priority and o.send_after > v_now order by o.send_after limit 1) n) end);
end;
$$;

-- As in 20261122000110; and is_gone: there is nothing any more at that address, so the subscription ends.
create or replace function public.settle_outbox(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_outcome text := p ->> 'outcome';
  v_now timestamptz := private.clock();
  v_subscription uuid;
  v_kept boolean;
begin
  if coalesce(v_outcome, '') not in ('sent', 'retry', 'hold', 'release', 'cancelled', 'dead') then
    return private.refuse('invalid_input');
  end if;
  update public.outbox o set
    status = case when v_outcome in ('sent', 'cancelled', 'dead') then v_outcome else 'queued' end,
    settled_at = case when v_outcome in ('sent', 'cancelled', 'dead') then v_now end,
    sent_by = case when v_outcome = 'sent' then p ->> 'sent_by' end,
    last_error = case when v_outcome in ('sent', 'hold') then null when v_outcome = 'release' then o.last_error else p ->> 'error' end,
    -- What was held or given back has not been tried.
    attempts = case when v_outcome in ('hold', 'release') then greatest(o.attempts - 1, 0) else o.attempts end,
    send_after = case v_outcome when 'retry' then v_now + make_interval(secs => coalesce((p ->> 'after_seconds')::double precision, 60))
      when 'hold' then coalesce((p ->> 'until')::timestamptz, o.send_after) else o.send_after end,
    params_sealed = case when v_outcome in ('sent', 'cancelled', 'dead') and coalesce((p ->> 'forget_params')::boolean, false) then null else o.params_sealed end,
    leased_by = null, leased_until = null
  where o.id = (p ->> 'id')::bigint and o.status = 'queued' and (v_outcome = 'sent' or o.leased_by = p ->> 'worker')
  returning o.subscription_id into v_subscription;
  v_kept := found;
  if coalesce((p ->> 'is_gone')::boolean, false) and v_subscription is not null then
    perform private.end_subscription(v_subscription, 'gone');
  end if;
  return jsonb_build_object('ok', true, 'kept', v_kept);
end;
$$;

-- As in 20261124000220, and which messages go first.
create or replace function private.name_the_chat() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.chat_hash is null then
    new.chat_hash := case when new.recipient_id is not null then (select l.chat_hash from private.telegram_links l where l.user_id = new.recipient_id)
      when new.template = 'chat.reply' then (select c.key_hash from private.chat_replies r join private.chat_conversations c on c.id = r.conversation_id where r.id = new.noun_id)
      -- What people say in a thread, and that it ended.
      else (select c.key_hash from private.chat_threads t join private.chat_conversations c on c.id = t.conversation_id
        where t.id = case when new.template = 'chat.closed' then new.noun_id else (select m.thread_id from private.chat_thread_messages m where m.id = new.noun_id) end) end;
  end if;
  if new.priority = 4 then
    new.priority := case when new.template like 'duty.%' or new.template = 'alerts.help' then 0 when new.template in ('chat.reply', 'chat.notice', 'chat.staff_reply') then 1 else 4 end;
  end if;
  return case when new.chat_hash is not null then new end;
end;
$$;

/*
  As in 20261124000220, for any number of messages that wait: it looks at them in the order in which they are to go and stops when it has what was asked for. What it passes over belongs to chats
  that had a message within the last second, or have an earlier one before it; these are few, since what was sent waits no more.
  A chat's messages go in the order they were queued, the more urgent before the less.
  p: worker, limit, lease_seconds → {ok, now, messages[]: as claim_outbox gives them, and handle_sealed, reply_sealed, conversation_id, chat_hash, wait_ms, next_in_seconds}
*/
create or replace function public.claim_telegram(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  -- 34 and 1,050 ms instead of 33.3 and 1,000: what is sent in time must not arrive too close to the one before.
  v_gap constant interval := interval '34 milliseconds';
  v_chat_gap constant interval := interval '1050 milliseconds';
  v_group_gap constant interval := interval '3050 milliseconds';
  -- So far ahead a worker is told its moments.
  v_ahead constant interval := interval '700 milliseconds';
  -- After a rest many messages begin so much later: a first call on a new line takes longer than those after it, which would then arrive too close to it.
  v_lead constant interval := interval '200 milliseconds';
  v_many constant integer := 10;
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 100);
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_clock timestamptz := private.clock();
  v_now timestamptz;
  v_slot timestamptz;
  v_pace private.bot_pace;
  v_priority integer;
  v_one public.outbox;
  v_chat private.bot_chats;
  v_why text;
  v_is_full boolean := false;
  v_taken bigint[] := '{}';
  v_slots jsonb := '{}';
  v_next timestamptz;
  v_over jsonb := '{}';
begin
  if p ->> 'worker' is null or v_limit is null or v_lease is null then
    return private.refuse('invalid_input');
  end if;
  if not exists (select from public.outbox o where o.channel = 'telegram' and o.status = 'queued') then
    return jsonb_build_object('ok', true, 'now', v_clock, 'messages', '[]'::jsonb, 'next_in_seconds', null);
  end if;
  -- One worker at a time: the moments are given in a row.
  select * into v_pace from private.bot_pace where is_only for update;
  v_now := clock_timestamp();
  -- A short breath of the workers costs no moment; a longer one is not made up for.
  v_slot := greatest(v_pace.next_at, v_now - interval '20 milliseconds');
  if v_pace.next_at < v_now - interval '1 second' and v_many < (select count(*) from (select from public.outbox o where o.channel = 'telegram' and o.status = 'queued' limit v_many + 1) q) then
    v_slot := v_now + v_lead;
  end if;
  <<classes>>
  for v_priority in 0 .. 6 loop
    for v_one in
      select o.* from public.outbox o where o.status = 'queued' and o.channel = 'telegram' and o.priority = v_priority and o.send_after <= v_clock
      order by o.send_after, o.id limit 5000
    loop
      v_is_full := v_slot > v_now + v_ahead or cardinality(v_taken) >= v_limit;
      exit classes when v_is_full;
      if v_one.leased_until > v_now then
        v_next := least(v_next, v_one.leased_until);
        continue;
      end if;
      select c.* into v_chat from private.bot_chats c where c.chat_hash = v_one.chat_hash;
      v_why := coalesce(case when v_chat.blocked_at is not null then 'blocked' end, private.is_over(v_one, v_clock));
      if v_why is not null then
        update public.outbox o set status = 'cancelled', settled_at = v_clock, last_error = v_why where o.id = v_one.id;
        if v_why in ('expired', 'superseded', 'withdrawn') and v_one.subscription_id is not null then
          v_over := v_over || jsonb_build_object(v_one.noun_id::text, v_why);
        end if;
        continue;
      end if;
      if v_chat.next_at > v_now then
        v_next := least(v_next, v_chat.next_at);
        continue;
      end if;
      continue when exists (select from public.outbox e where e.channel = 'telegram' and e.status = 'queued' and e.chat_hash = v_one.chat_hash and e.id <> v_one.id
        and (e.leased_until > v_now or ((e.priority, e.id) < (v_one.priority, v_one.id) and (e.send_after <= v_clock or e.attempts > 0))));
      v_taken := v_taken || v_one.id;
      v_slots := v_slots || jsonb_build_object(v_one.id::text, greatest(0, round(1000 * extract(epoch from v_slot - v_now))));
      insert into private.bot_chats as c (chat_hash, next_at) values (v_one.chat_hash, v_slot + v_chat_gap)
      on conflict (chat_hash) do update set next_at = v_slot + case when c.is_group then v_group_gap else v_chat_gap end;
      v_slot := v_slot + v_gap;
    end loop;
  end loop;
  perform private.stop_sending(v.key::uuid, v.value, 2000) from jsonb_each_text(v_over) v;
  update public.outbox o set leased_by = p ->> 'worker', leased_until = v_now + v_lease, attempts = o.attempts + 1 where o.id = any (v_taken);
  if cardinality(v_taken) > 0 then
    update private.bot_pace set next_at = v_slot where is_only;
  end if;
  -- The moment at which asking again makes sense: of a chat whose turn comes, or of what is to be sent later.
  if v_is_full or v_over <> '{}' then
    v_next := v_now;
  else
    v_next := least(v_next, v_now + ((select min(n.at) from generate_series(0, 6) q (priority) cross join lateral (
      select o.send_after as at from public.outbox o where o.status = 'queued' and o.channel = 'telegram' and o.priority = q.priority and o.send_after > v_clock order by o.send_after limit 1) n) - v_clock));
  end if;
  return jsonb_build_object('ok', true, 'now', v_clock,
    'messages', coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun', t.noun, 'noun_id', t.noun_id, 'locale', t.locale,
        'message_key', t.message_key, 'attempts', t.attempts, 'recipient_id', t.recipient_id, 'recipient_sealed', t.recipient_sealed, 'params_sealed', t.params_sealed,
        'matters', t.matters, 'reference', (select r.reference from public.reports r where t.noun = 'reports' and r.id = t.noun_id), 'time_zone', s.time_zone, 'chat_hash', t.chat_hash,
        'handle_sealed', coalesce((select l.handle_sealed from private.telegram_links l where l.user_id = t.recipient_id), (select b.handle_sealed from private.alert_subscriptions b where b.id = t.subscription_id)),
        'reply_sealed', coalesce(y.sealed, w.text_sealed), 'conversation_id', coalesce(y.conversation_id,
          (select h.conversation_id from private.chat_threads h where h.id = case t.template when 'chat.staff_reply' then w.thread_id when 'chat.closed' then t.noun_id end)), 'wait_ms', (v_slots ->> t.id::text)::integer,
        'level', coalesce(m.level, 'all'),
        'quiet_from', coalesce((select private.quiet_hour_of(b, t.priority, t.template, b.quiet_from) from private.alert_subscriptions b where b.id = t.subscription_id), to_char(coalesce(m.quiet_from, '22:00'), 'HH24:MI')),
        'quiet_to', coalesce((select private.quiet_hour_of(b, t.priority, t.template, b.quiet_to) from private.alert_subscriptions b where b.id = t.subscription_id), to_char(coalesce(m.quiet_to, '07:00'), 'HH24:MI')),
        'subscription_id', t.subscription_id, 'alert', (select a.identifier from public.alerts a where t.noun = 'alerts' and a.id = t.noun_id), 'expires_at', t.expires_at)
      order by (v_slots ->> t.id::text)::integer)
      from public.outbox t
      -- Few joins: a plan for eleven tables costs more than the rest of a claim.
      left join private.chat_replies y on t.template = 'chat.reply' and y.id = t.noun_id
      left join private.chat_thread_messages w on t.template = 'chat.staff_reply' and w.id = t.noun_id
      left join public.stations s on s.id = coalesce((select r.station_id from public.reports r where t.noun = 'reports' and r.id = t.noun_id), (select a.station_id from public.alerts a where t.noun = 'alerts' and a.id = t.noun_id), (select d.id from public.stations d where d.is_default))
      left join private.mail_settings m on m.user_id = t.recipient_id
      where t.id = any (v_taken)), '[]'::jsonb),
    'next_in_seconds', extract(epoch from greatest(v_next, v_slot - v_ahead) - v_now));
end;
$$;

-- As in 20261124000255, and whoever blocked the bot has left: their chat is forgotten, and they ask anew if they come back.
create or replace function public.settle_telegram(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wait interval := make_interval(secs => (p ->> 'retry_after')::double precision);
  v_chat text := p ->> 'chat_hash';
  v_settled jsonb;
  v_refused integer;
begin
  if v_wait is not null then
    update private.bot_pace b set refused_in_row = b.refused_in_row + 1,
      next_at = case when b.refused_in_row >= 2 then greatest(b.next_at, clock_timestamp() + v_wait) else b.next_at end
    where b.is_only returning b.refused_in_row into v_refused;
    update private.bot_chats c set next_at = greatest(c.next_at, clock_timestamp() + v_wait + interval '50 milliseconds') where c.chat_hash = v_chat;
  end if;
  v_settled := public.settle_outbox(p);
  if p ->> 'outcome' = 'sent' then
    update private.bot_pace b set refused_in_row = 0 where b.is_only and b.refused_in_row > 0;
    -- A receipt was shown now, and is shown once (RULES C2).
    delete from private.chat_replies r where r.is_once and r.id = (select o.noun_id from public.outbox o where o.id = (p ->> 'id')::bigint and o.template = 'chat.reply');
    insert into private.bot_messages (chat_hash, message_id) select v_chat, (p ->> 'message_id')::bigint where p ->> 'message_id' is not null on conflict do nothing;
  end if;
  if coalesce((p ->> 'is_blocked')::boolean, false) then
    update private.bot_chats c set blocked_at = now() where c.chat_hash = v_chat;
    perform private.end_subscription(s.id, 'blocked') from private.alert_subscriptions s where s.chat_hash = v_chat and s.state <> 'ended';
  end if;
  if p ->> 'outcome' in ('sent', 'cancelled') then
    delete from public.outbox o where o.id = (p ->> 'id')::bigint and o.noun = 'chat' and o.recipient_id is null and o.status in ('sent', 'cancelled');
  end if;
  return v_settled || jsonb_build_object('is_for_all', coalesce(v_refused >= 3, false));
end;
$$;

-- As in 20261124000255, and the chat's subscriptions end: what is sent there later would tell of it.
create or replace function private.forget_bot_chat(p_chat_hash text, p_erases_threads boolean) returns void
language plpgsql volatile set search_path = '' as $$
begin
  delete from private.telegram_followers f where f.chat_hash = p_chat_hash;
  perform private.end_subscription(s.id, 'cleared') from private.alert_subscriptions s where s.chat_hash = p_chat_hash and s.state <> 'ended';
  delete from public.outbox o where o.chat_hash = p_chat_hash and o.recipient_id is null and o.status = 'queued' and o.leased_by is null;
  perform public.forget_conversation(jsonb_build_object('channel', 'telegram', 'key_hash', p_chat_hash, 'erases_threads', p_erases_threads));
  delete from private.bot_messages m where m.chat_hash = p_chat_hash;
end;
$$;

-- As in 20261122000351, and what became of messages to subscribers stays with their audience.
create or replace function public.purge_outbox(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_removed integer;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  with old as (
    select d.id, d.status, d.noun_id, d.subscription_id from public.outbox d
    where d.settled_at < private.clock() - case when d.status = 'dead' then private.kept_for('mails_dead') else private.kept_for('mails_settled') end
    order by d.settled_at limit v_limit for update skip locked
  ), kept as (
    update private.alert_audience x set outcome = o.status from old o where x.alert_id = o.noun_id and x.subscription_id = o.subscription_id
  )
  delete from public.outbox o using old where o.id = old.id;
  get diagnostics v_removed = row_count;
  return jsonb_build_object('ok', true, 'removed', v_removed, 'has_more', v_removed = v_limit);
end;
$$;

-- As in 20261122000530: also of alerts.
create or replace function private.station_of_message(p_message public.outbox) returns uuid
language sql stable set search_path = '' as $$
  select coalesce((select r.station_id from public.reports r where r.id = p_message.noun_id),
    (select m.station_id from public.staff m where p_message.noun = 'revisits' and m.user_id = p_message.recipient_id),
    (select a.station_id from public.alerts a where p_message.noun = 'alerts' and a.id = p_message.noun_id),
    (select s.id from public.stations s where s.is_default));
$$;

-- As in 20261122000530, and mails to whoever asked for alerts.
create or replace function public.list_demo_mails(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if not private.is_demo() then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'mails', coalesce((
    select jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun', t.noun, 'noun_id', t.noun_id, 'reference', r.reference, 'locale', t.locale,
      'recipient_id', t.recipient_id, 'recipient', u.email, 'recipient_sealed', t.recipient_sealed, 'params_sealed', t.params_sealed, 'matters', t.matters, 'status', t.status, 'send_after', t.send_after,
      'subscription_id', b.id, 'alert', a.identifier, 'handle_hash', b.handle_hash, 'handle_sealed', b.handle_sealed, 'token_hash', b.token_hash, 'token_sealed', b.token_sealed) order by t.id desc)
    -- Whoever has left is known to nobody any more.
    from (select o.* from public.outbox o where o.channel = 'email' and (o.subscription_id is null or exists (select from private.alert_subscriptions s where s.id = o.subscription_id and s.state <> 'ended'))
      order by o.id desc limit least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200)) t
    left join auth.users u on u.id = t.recipient_id left join public.reports r on r.id = t.noun_id
    left join private.alert_subscriptions b on b.id = t.subscription_id left join public.alerts a on t.noun = 'alerts' and a.id = t.noun_id), '[]'::jsonb));
end;
$$;
