-- Purpose: the Telegram bot. An update is stored before it is answered and handled exactly once, in order for each chat, by any number of
-- workers; what is sent keeps Telegram's limits, which all workers share.
-- Risk: low. New objects and one column of the outbox, which is null for mails. Needs 20261124000090 (conversations).

create table private.bot_chats (
  chat_hash public.keyed_hash primary key,
  is_group boolean not null default false,
  next_at timestamptz not null default '-infinity',
  blocked_at timestamptz,
  seen_at timestamptz not null default now()
);
comment on table private.bot_chats is 'What sending to a chat has to know: the earliest moment of the next message, and whether the bot was blocked there. By the machine''s clock: Telegram counts real seconds.';
create index bot_chats_by_age on private.bot_chats (seen_at);
alter table private.bot_chats enable row level security;

create table private.bot_updates (
  update_hash public.keyed_hash primary key,
  previous_hash public.keyed_hash,
  chat_hash public.keyed_hash not null,
  place bigint,
  body_sealed public.sealed_text,
  received_at timestamptz not null default clock_timestamp(),
  try_at timestamptz not null default '-infinity',
  handled_at timestamptz,
  attempts integer not null default 0 check (attempts >= 0),
  leased_by text check (char_length(leased_by) between 1 and 100),
  leased_until timestamptz,
  check (num_nonnulls(leased_by, leased_until) in (0, 2)),
  constraint updates_keep_nothing_handled check ((handled_at is null) = (body_sealed is not null) and (handled_at is null) = (place is not null))
);
comment on table private.bot_updates is 'What came from Telegram (RULES H1). Body and number go when it is handled; the hash of the number stays 48 hours, so that a repeat is known.';
comment on column private.bot_updates.previous_hash is 'Hash of the number before it: while that one is missing an update waits a quarter of a second, since it may have overtaken it.';
create index bot_updates_waiting on private.bot_updates (chat_hash, place) where handled_at is null;
create index bot_updates_handled on private.bot_updates (handled_at) where handled_at is not null;
alter table private.bot_updates enable row level security;

create table private.bot_messages (
  chat_hash public.keyed_hash not null,
  message_id bigint not null,
  at timestamptz not null default now(),
  primary key (chat_hash, message_id)
);
comment on table private.bot_messages is 'Numbers of messages that the bot may still delete when somebody asks for it (/exit): its own and incoming ones of the last 48 hours.';
create index bot_messages_by_age on private.bot_messages (at);
alter table private.bot_messages enable row level security;

create table private.bot_pace (
  is_only boolean primary key default true check (is_only),
  next_at timestamptz not null default '-infinity',
  refused_in_row integer not null default 0
);
comment on table private.bot_pace is 'One row: when the bot may send next, to whomever. refused_in_row: 429s since a message was last taken.';
insert into private.bot_pace default values;
alter table private.bot_pace enable row level security;

alter table public.outbox add column chat_hash public.keyed_hash;
comment on column public.outbox.chat_hash is 'Of messages by Telegram: which chat, for order and limits. The chat''s id is sealed or with the link of an account.';
create index outbox_telegram on public.outbox (chat_hash, id) where channel = 'telegram' and status = 'queued';

/*
  Keeps updates before they are answered. p: updates [{hash, previous_hash, place, chat_hash, is_group, body_sealed, message_id?}] → {ok, received: how many were new}
*/
create function public.receive_bot_updates(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_received integer;
begin
  if jsonb_typeof(p -> 'updates') is distinct from 'array' or jsonb_array_length(p -> 'updates') > 200 then
    return private.refuse('invalid_input');
  end if;
  insert into private.bot_chats as c (chat_hash, is_group)
  select distinct on (u.chat_hash) u.chat_hash, coalesce(u.is_group, false) from jsonb_to_recordset(p -> 'updates') as u (chat_hash text, is_group boolean) order by u.chat_hash
  -- Somebody who writes has let the bot in again.
  on conflict (chat_hash) do update set seen_at = now(), blocked_at = null where c.blocked_at is not null or c.seen_at < now() - interval '1 hour';
  insert into private.bot_updates (update_hash, previous_hash, chat_hash, place, body_sealed)
  select u.hash, u.previous_hash, u.chat_hash, u.place, u.body_sealed
  from jsonb_to_recordset(p -> 'updates') as u (hash text, previous_hash text, chat_hash text, place bigint, body_sealed text) order by u.hash
  on conflict (update_hash) do nothing;
  get diagnostics v_received = row_count;
  insert into private.bot_messages (chat_hash, message_id)
  select distinct u.chat_hash, u.message_id from jsonb_to_recordset(p -> 'updates') as u (chat_hash text, message_id bigint) where u.message_id is not null order by u.chat_hash, u.message_id
  on conflict do nothing;
  return jsonb_build_object('ok', true, 'received', v_received);
end;
$$;
comment on function public.receive_bot_updates(jsonb) is 'The webhook and the polling process. Definer: the tables are private.';
revoke all on function public.receive_bot_updates(jsonb) from public;
grant execute on function public.receive_bot_updates(jsonb) to service_role;

/*
  Hands out the oldest unhandled update of each chat that nobody works on. p: worker, limit, lease_seconds
  → {ok, updates [{hash, chat_hash, body_sealed, attempts}], next_in_ms: null when nothing waits}
*/
create function public.claim_bot_updates(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_now timestamptz := clock_timestamp();
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 100);
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_updates jsonb;
begin
  if p ->> 'worker' is null or v_limit is null or v_lease is null then
    return private.refuse('invalid_input');
  end if;
  with heads as (
    select distinct on (u.chat_hash) u.update_hash, u.previous_hash, u.chat_hash, u.received_at, u.try_at
    from private.bot_updates u where u.handled_at is null order by u.chat_hash, u.place
  ), ready as (
    select h.update_hash from heads h
    where h.try_at <= v_now
      and (h.received_at <= v_now - interval '250 milliseconds' or exists (select from private.bot_updates b where b.update_hash = h.previous_hash))
      and not exists (select from private.bot_updates o where o.chat_hash = h.chat_hash and o.handled_at is null and o.leased_until > v_now)
    order by h.received_at limit v_limit
  ), locked as (
    -- Asked again under the lock: another worker may have taken or handled it since.
    select u.update_hash from private.bot_updates u
    where u.update_hash in (select r.update_hash from ready r) and u.handled_at is null and (u.leased_until is null or u.leased_until <= v_now)
    for update skip locked
  ), taken as (
    update private.bot_updates u set leased_by = p ->> 'worker', leased_until = v_now + v_lease, attempts = u.attempts + 1
    from locked l where u.update_hash = l.update_hash returning u.*
  )
  select coalesce(jsonb_agg(jsonb_build_object('hash', t.update_hash, 'chat_hash', t.chat_hash, 'body_sealed', t.body_sealed, 'attempts', t.attempts) order by t.received_at), '[]'::jsonb) into v_updates from taken t;
  return jsonb_build_object('ok', true, 'updates', v_updates, 'next_in_ms', (
    select greatest(0, ceil(1000 * extract(epoch from min(greatest(u.try_at, coalesce(u.leased_until, '-infinity'), least(u.received_at + interval '250 milliseconds', v_now + interval '250 milliseconds'))) - v_now)))
    from private.bot_updates u where u.handled_at is null and (u.leased_until is null or u.leased_by <> p ->> 'worker')));
end;
$$;
comment on function public.claim_bot_updates(jsonb) is 'For the bot''s workers. Definer: the tables are private.';
revoke all on function public.claim_bot_updates(jsonb) from public;
grant execute on function public.claim_bot_updates(jsonb) to service_role;

-- An update is done: false when it was so before.
create function private.finish_bot_update(p_hash text) returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  update private.bot_updates u set handled_at = clock_timestamp(), body_sealed = null, place = null, leased_by = null, leased_until = null
  where u.update_hash = p_hash and u.handled_at is null;
  return found;
end;
$$;
revoke all on function private.finish_bot_update(text) from public;

-- Called by commit_turn in its transaction. A repeat of a turn finds its update handled; a new turn must not (`p`: {hash}).
create function private.settle_bot_update(p_conversation uuid, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if not private.finish_bot_update(p ->> 'hash')
    -- A turn of this transaction: the clock stands still in it.
    and exists (select from private.chat_turns t where t.conversation_id = p_conversation and t.at = private.clock()) then
    raise exception 'this update was handled by another worker' using errcode = 'PT409', detail = 'conflict';
  end if;
end;
$$;
revoke all on function private.settle_bot_update(uuid, jsonb) from public;

/*
  Ends an update that is no turn of a conversation, with what is said about it. p: hash, chat_hash, notices? [{recipient_sealed, params_sealed, locale}],
  forget? (the chat asked that nothing stays: conversation, waiting replies, message numbers go), erases_threads? (and what people were told) → {ok, is_new: false when another worker was first, and nothing is said}
*/
create function public.finish_bot_update(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  if not private.finish_bot_update(p ->> 'hash') then
    return jsonb_build_object('ok', true, 'is_new', false);
  end if;
  if coalesce((p ->> 'forget')::boolean, false) then
    perform private.forget_bot_chat(p ->> 'chat_hash', coalesce((p ->> 'erases_threads')::boolean, false));
  end if;
  if jsonb_typeof(p -> 'notices') = 'array' then
    insert into public.outbox (channel, template, noun, recipient_sealed, params_sealed, locale, chat_hash)
    select 'telegram', 'chat.notice', 'chat', n.value ->> 'recipient_sealed', n.value ->> 'params_sealed', n.value ->> 'locale', p ->> 'chat_hash'
    from jsonb_array_elements(p -> 'notices') with ordinality n order by n.ordinality;
  end if;
  return jsonb_build_object('ok', true, 'is_new', true);
end;
$$;
comment on function public.finish_bot_update(jsonb) is 'For the bot''s workers. Definer: the tables are private.';
revoke all on function public.finish_bot_update(jsonb) from public;
grant execute on function public.finish_bot_update(jsonb) to service_role;

-- An update could not be handled now: it is tried again. p: hash, worker, after_ms → {ok}
create function public.release_bot_update(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  update private.bot_updates u set leased_by = null, leased_until = null, try_at = clock_timestamp() + make_interval(secs => coalesce((p ->> 'after_ms')::double precision, 0) / 1000)
  where u.update_hash = p ->> 'hash' and u.leased_by = p ->> 'worker' and u.handled_at is null;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.release_bot_update(jsonb) is 'For the bot''s workers. Definer: the tables are private.';
revoke all on function public.release_bot_update(jsonb) from public;
grant execute on function public.release_bot_update(jsonb) to service_role;

-- Nothing of a chat stays but what its limits need.
create function private.forget_bot_chat(p_chat_hash text, p_erases_threads boolean) returns void
language plpgsql volatile set search_path = '' as $$
begin
  delete from public.outbox o where o.chat_hash = p_chat_hash and o.noun = 'chat' and o.leased_by is null;
  perform public.forget_conversation(jsonb_build_object('channel', 'telegram', 'key_hash', p_chat_hash, 'erases_threads', p_erases_threads));
  delete from private.bot_messages m where m.chat_hash = p_chat_hash;
end;
$$;
revoke all on function private.forget_bot_chat(text, boolean) from public;

-- Which messages of a chat may still be deleted. p: chat_hash → {ok, message_ids[]}
create function public.list_bot_messages(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'message_ids', coalesce(jsonb_agg(m.message_id order by m.message_id desc), '[]'::jsonb))
  from (select b.message_id from private.bot_messages b where b.chat_hash = p ->> 'chat_hash' and b.at > now() - interval '48 hours' order by b.message_id desc limit 5000) m;
$$;
comment on function public.list_bot_messages(jsonb) is 'For /exit. Definer: the table is private.';
revoke all on function public.list_bot_messages(jsonb) from public;
grant execute on function public.list_bot_messages(jsonb) to service_role;

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('bot_updates', 151, 'chat:sweep', 'term', '48 hours', null, null,
    '{"zh": "Telegram 消息的编号指纹和可删除消息的编号", "en": "Fingerprints of Telegram updates, and numbers of messages that may be deleted"}', '{"zh": "内容处理完即删除，编号两天后删除", "en": "The words go when they are handled, the numbers after two days"}',
    '{"zh": "同一条消息只办一次；“/exit”只能删除两天内的消息", "en": "A message is handled once; /exit can delete messages of two days only"}'),
  ('bot_chats', 152, 'chat:sweep', 'term', '90 days', null, null,
    '{"zh": "Telegram 聊天的发送间隔（仅指纹）", "en": "Pace of sending to a Telegram chat (a fingerprint)"}', '{"zh": "九十天没有往来后删除", "en": "Deleted after ninety days without a word"}',
    '{"zh": "遵守 Telegram 的发送限制", "en": "Keeps Telegram''s limits"}');

-- p: limit, is_dry? → {ok, updates, messages, chats, has_more}. By the machine's clock, as the rows are.
create function public.purge_bot(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_old timestamptz := now() - private.kept_for('bot_updates');
  v_idle timestamptz := now() - private.kept_for('bot_chats');
  v_updates integer;
  v_messages integer;
  v_chats integer;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if coalesce((p ->> 'is_dry')::boolean, false) then
    return jsonb_build_object('ok', true, 'updates', (select count(*) from private.bot_updates u where u.handled_at < v_old), 'messages', (select count(*) from private.bot_messages m where m.at < v_old),
      'chats', (select count(*) from private.bot_chats c where c.seen_at < v_idle), 'has_more', false);
  end if;
  delete from private.bot_updates u where u.update_hash in (select o.update_hash from private.bot_updates o where o.handled_at < v_old limit v_limit for update skip locked);
  get diagnostics v_updates = row_count;
  delete from private.bot_messages m where (m.chat_hash, m.message_id) in (select o.chat_hash, o.message_id from private.bot_messages o where o.at < v_old limit v_limit for update skip locked);
  get diagnostics v_messages = row_count;
  delete from private.bot_chats c where c.chat_hash in (select o.chat_hash from private.bot_chats o where o.seen_at < v_idle limit v_limit for update skip locked);
  get diagnostics v_chats = row_count;
  return jsonb_build_object('ok', true, 'updates', v_updates, 'messages', v_messages, 'chats', v_chats, 'has_more', greatest(v_updates, v_messages, v_chats) >= v_limit);
end;
$$;
comment on function public.purge_bot(jsonb) is 'The job chat:sweep. Definer: the tables are private.';
revoke all on function public.purge_bot(jsonb) from public;
grant execute on function public.purge_bot(jsonb) to service_role;
