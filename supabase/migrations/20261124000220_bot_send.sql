-- Purpose: messages by Telegram are handed out at the pace that Telegram allows: 30 a second overall, one a second in a chat, 20 a minute
-- in a group, and never while it said to wait. All workers share the pace, since the database gives each message its moment.
-- Risk: none for mails; claim_outbox never hands out another channel.

/*
  p: worker, limit, lease_seconds → {ok, now, messages[]: as claim_outbox gives them, and handle_sealed, reply_sealed, conversation_id, chat_hash, wait_ms: not before so long,
  next_in_seconds}. One message of a chat at a time, in the order they were queued; what holds another up is one that was tried and is to be tried again.
*/
create function public.claim_telegram(p jsonb) returns jsonb
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
  v_one record;
  v_taken bigint[] := '{}';
  v_slots jsonb := '{}';
  v_next timestamptz;
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
  update public.outbox o set status = 'cancelled', settled_at = v_clock, last_error = 'blocked'
  from private.bot_chats c where c.chat_hash = o.chat_hash and c.blocked_at is not null and o.channel = 'telegram' and o.status = 'queued' and o.leased_by is null;
  for v_one in
    select h.id, h.chat_hash, coalesce(c.is_group, false) as is_group
    from (
      select distinct on (o.chat_hash) o.id, o.chat_hash, o.template, o.send_after, o.leased_until from public.outbox o
      where o.channel = 'telegram' and o.status = 'queued' and (o.send_after <= v_clock or o.attempts > 0)
      order by o.chat_hash, o.id
    ) h
    left join private.bot_chats c on c.chat_hash = h.chat_hash
    where h.send_after <= v_clock and (h.leased_until is null or h.leased_until <= v_now) and coalesce(c.next_at, '-infinity') <= v_now
    order by h.template not like 'duty.%', h.template not in ('chat.reply', 'chat.notice', 'chat.staff_reply'), h.id limit v_limit
  loop
    exit when v_slot > v_now + v_ahead;
    v_taken := v_taken || v_one.id;
    v_slots := v_slots || jsonb_build_object(v_one.id::text, greatest(0, round(1000 * extract(epoch from v_slot - v_now))));
    insert into private.bot_chats as c (chat_hash, next_at) values (v_one.chat_hash, v_slot + v_chat_gap)
    on conflict (chat_hash) do update set next_at = v_slot + case when c.is_group then v_group_gap else v_chat_gap end;
    v_slot := v_slot + v_gap;
  end loop;
  update public.outbox o set leased_by = p ->> 'worker', leased_until = v_now + v_lease, attempts = o.attempts + 1 where o.id = any (v_taken);
  if cardinality(v_taken) > 0 then
    update private.bot_pace set next_at = v_slot where is_only;
  end if;
  -- The moment at which asking again makes sense: of a chat whose turn comes, or of what is to be sent later.
  select min(case when d.send_after > v_clock then v_now + (d.send_after - v_clock) else greatest(v_now, coalesce(c.next_at, v_now), coalesce(d.leased_until, v_now)) end) into v_next
  from (select distinct on (o.chat_hash) o.chat_hash, o.send_after, o.leased_until from public.outbox o where o.channel = 'telegram' and o.status = 'queued' and not o.id = any (v_taken)
    order by o.chat_hash, o.send_after > v_clock, o.id) d
  left join private.bot_chats c on c.chat_hash = d.chat_hash;
  return jsonb_build_object('ok', true, 'now', v_clock,
    'messages', coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun', t.noun, 'noun_id', t.noun_id, 'locale', t.locale,
        'message_key', t.message_key, 'attempts', t.attempts, 'recipient_id', t.recipient_id, 'recipient_sealed', t.recipient_sealed, 'params_sealed', t.params_sealed,
        'matters', t.matters, 'reference', r.reference, 'time_zone', s.time_zone, 'chat_hash', t.chat_hash, 'handle_sealed', l.handle_sealed,
        'reply_sealed', coalesce(y.sealed, w.text_sealed), 'conversation_id', coalesce(y.conversation_id, h.conversation_id), 'wait_ms', (v_slots ->> t.id::text)::integer,
        'level', coalesce(m.level, 'all'), 'quiet_from', to_char(coalesce(m.quiet_from, '22:00'), 'HH24:MI'), 'quiet_to', to_char(coalesce(m.quiet_to, '07:00'), 'HH24:MI'))
      order by (v_slots ->> t.id::text)::integer)
      from public.outbox t
      left join private.telegram_links l on l.user_id = t.recipient_id
      left join private.chat_replies y on t.template = 'chat.reply' and y.id = t.noun_id
      left join private.chat_thread_messages w on t.template = 'chat.staff_reply' and w.id = t.noun_id
      left join private.chat_threads h on h.id = case t.template when 'chat.staff_reply' then w.thread_id when 'chat.closed' then t.noun_id end
      left join public.reports r on t.noun = 'reports' and r.id = t.noun_id
      left join public.stations s on s.id = coalesce(r.station_id, (select d.id from public.stations d where d.is_default))
      left join private.mail_settings m on m.user_id = t.recipient_id
      where t.id = any (v_taken)), '[]'::jsonb),
    'next_in_seconds', extract(epoch from greatest(v_next, v_slot - v_ahead) - v_now));
end;
$$;
comment on function public.claim_telegram(jsonb) is 'Definer: nobody may write the outbox directly; links and chats are private.';
revoke all on function public.claim_telegram(jsonb) from public;
grant execute on function public.claim_telegram(jsonb) to service_role;

/*
  How an attempt ended. p: as settle_outbox takes it, and chat_hash, message_id? (sent), retry_after? (429: seconds), is_blocked? (403) → {ok, kept, is_for_all}
  A 429 stops its chat. Three in a row, with nothing taken between, mean everybody: Telegram does not say which.
*/
create function public.settle_telegram(p jsonb) returns jsonb
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
  end if;
  -- What was said in a chat leaves nothing behind; what was sent about a report stays as its mails do.
  if p ->> 'outcome' in ('sent', 'cancelled') then
    delete from public.outbox o where o.id = (p ->> 'id')::bigint and o.noun = 'chat' and o.status in ('sent', 'cancelled');
  end if;
  return v_settled || jsonb_build_object('is_for_all', coalesce(v_refused >= 3, false));
end;
$$;
comment on function public.settle_telegram(jsonb) is 'Definer: nobody may write the outbox directly.';
revoke all on function public.settle_telegram(jsonb) from public;
grant execute on function public.settle_telegram(jsonb) to service_role;
