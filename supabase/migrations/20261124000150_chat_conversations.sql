-- Purpose: conversations of residents with the bot, on the web and on Telegram: where a dialogue stands, what was said, and the one
-- transaction that ends a turn, hand-over to a thread of 20261124000110 included.
-- Risk: low. New objects; `server_keys` may hold one more purpose, which the portal makes at its next start.

alter table private.server_keys drop constraint server_keys_purpose_check;
alter table private.server_keys add constraint server_keys_purpose_check check (purpose in ('receipt', 'index', 'address', 'challenge', 'signing', 'outbox', 'chat'));

create table private.chat_conversations (
  id uuid primary key,
  channel public.chat_channel not null,
  key_hash public.keyed_hash not null,
  handle_sealed public.sealed_text,
  locale public.locale_code not null,
  user_id uuid references auth.users (id) on delete set null,
  state_sealed public.sealed_text not null,
  turn_no integer not null default 0 check (turn_no >= 0),
  created_at timestamptz not null default private.clock(),
  updated_at timestamptz not null default private.clock(),
  unique (channel, key_hash),
  check ((channel = 'telegram') = (handle_sealed is not null))
);
comment on table private.chat_conversations is 'One row a resident''s browser or chat. Found by a keyed hash of the cookie''s secret or of the chat id; sealed by the portal''s key `chat`, bound to id and field.';
comment on column private.chat_conversations.handle_sealed is 'The chat id, which sends need; a browser has none.';
comment on column private.chat_conversations.user_id is 'The account that was linked by its owner; a signed-in browser is not kept here.';
comment on column private.chat_conversations.turn_no is 'How many turns were committed. A commit names the number it read: of two, one is told to read again.';
create index chat_conversations_idle on private.chat_conversations (updated_at);
create index chat_conversations_by_user on private.chat_conversations (user_id) where user_id is not null;
alter table private.chat_conversations enable row level security;

create table private.chat_turns (
  conversation_id uuid not null references private.chat_conversations (id) on delete cascade,
  turn_no integer not null check (turn_no > 0),
  request_hash public.keyed_hash not null,
  said_sealed public.sealed_text,
  at timestamptz not null default private.clock(),
  primary key (conversation_id, turn_no),
  unique (conversation_id, request_hash)
);
comment on table private.chat_turns is 'What the resident did, a row a turn. request_hash: of the update or the form''s key, so that a repeat is answered with what was answered then.';
comment on column private.chat_turns.said_sealed is 'Null: nothing to keep, or taken back once it stood in a report, or it held a receipt (RULES C2).';
alter table private.chat_turns enable row level security;

create table private.chat_replies (
  id uuid primary key,
  conversation_id uuid not null,
  turn_no integer not null,
  position integer not null check (position >= 0),
  sealed public.sealed_text not null,
  is_once boolean not null default false,
  at timestamptz not null default private.clock(),
  unique (conversation_id, turn_no, position),
  foreign key (conversation_id, turn_no) references private.chat_turns (conversation_id, turn_no) on delete cascade
);
comment on table private.chat_replies is 'What was answered, in order. is_once: it holds a receipt; gone with the next turn, or after ten minutes (RULES C2).';
create index chat_replies_once on private.chat_replies (at) where is_once;
alter table private.chat_replies enable row level security;

-- What the surfaces get of a conversation. p_turns: how many of the last turns come with it. thread: while people have it (waiting, open), or closed while
-- it may still be rated.
create function private.conversation_facts(p_conversation private.chat_conversations, p_turns integer) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('id', p_conversation.id, 'channel', p_conversation.channel, 'locale', p_conversation.locale, 'user_id', p_conversation.user_id,
    'state_sealed', p_conversation.state_sealed, 'turn_no', p_conversation.turn_no,
    'thread', (select jsonb_build_object('id', t.id, 'state', t.state) from private.thread_of(p_conversation.id) t
      where t.state <> 'closed' or (t.rating is null and t.closed_at > private.clock() - interval '7 days')),
    'turns', coalesce((select jsonb_agg(jsonb_build_object('turn_no', t.turn_no, 'at', t.at, 'said_sealed', t.said_sealed,
        'replies', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'sealed', r.sealed) order by r.position) from private.chat_replies r
          where r.conversation_id = t.conversation_id and r.turn_no = t.turn_no and (not r.is_once or r.at > private.clock() - interval '10 minutes')), '[]'::jsonb)) order by t.turn_no)
      from private.chat_turns t where t.conversation_id = p_conversation.id and t.turn_no > p_conversation.turn_no - p_turns), '[]'::jsonb));
$$;

-- A committed turn as it was answered, for a repeat of the same request; null when there is none.
create function private.repeated_turn(p_conversation uuid, p_request_hash text) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('ok', true, 'is_replay', true, 'turn_no', t.turn_no, 'said_sealed', t.said_sealed,
    'replies', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'sealed', r.sealed) order by r.position) from private.chat_replies r
      where r.conversation_id = t.conversation_id and r.turn_no = t.turn_no), '[]'::jsonb))
  from private.chat_turns t where t.conversation_id = p_conversation and t.request_hash = p_request_hash;
$$;

/*
  Where a conversation stands. p: channel, key_hash, turns? (how many of the last come along, 50 at most), request_hash?, limits?
  → {ok, now, conversation: {…} | null, replay: {turn_no, replies[]} | null}; replay: this request was committed before
*/
create function public.load_conversation(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_conversation private.chat_conversations;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select * into v_conversation from private.chat_conversations c where c.channel = p ->> 'channel' and c.key_hash = p ->> 'key_hash';
  return jsonb_build_object('ok', true, 'now', private.clock(),
    'conversation', case when v_conversation.id is not null then private.conversation_facts(v_conversation, least(coalesce((p ->> 'turns')::integer, 0), 50)) end,
    'replay', case when v_conversation.id is not null and p ? 'request_hash' then private.repeated_turn(v_conversation.id, p ->> 'request_hash') end);
end;
$$;
comment on function public.load_conversation(jsonb) is 'For the portal and the bot. Definer: conversations are private.';
revoke all on function public.load_conversation(jsonb) from public;
grant execute on function public.load_conversation(jsonb) to service_role;

/*
  Ends a turn in one transaction: the state, what was said and answered, what is to be sent, what people are told, the update that is done.
  p: id, channel, key_hash, locale, handle_sealed? (telegram), user_id?, turn_no (as read; 0: the first), request_hash, state_sealed, said_sealed?,
     replies [{id, sealed, is_once?}], forget_from? (turns from this number on lose their words: they stand in a report now),
     thread? (private.begin_thread), thread_message? (private.say_in_thread), leaves_thread? (true: public.leave_thread), rating? (1–5: public.rate_thread),
     update? → private.settle_bot_update(conversation id, that); it comes with the bot
  → {ok, is_replay, turn_no, replies[]}. A request that was committed before answers as then. `conflict`: another turn was committed since; read again.
*/
create function public.commit_turn(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_conversation private.chat_conversations;
  v_replay jsonb;
  v_thread jsonb;
  v_turn integer := (p ->> 'turn_no')::integer + 1;
begin
  if v_turn is null or jsonb_typeof(p -> 'replies') is distinct from 'array' then
    return private.refuse('invalid_input');
  end if;
  if v_turn = 1 then
    insert into private.chat_conversations (id, channel, key_hash, handle_sealed, locale, state_sealed)
    values ((p ->> 'id')::uuid, p ->> 'channel', p ->> 'key_hash', p ->> 'handle_sealed', p ->> 'locale', p ->> 'state_sealed')
    on conflict (channel, key_hash) do nothing;
  end if;
  select * into v_conversation from private.chat_conversations c where c.channel = p ->> 'channel' and c.key_hash = p ->> 'key_hash' for update;
  if v_conversation.id is null then
    return private.refuse('conflict');
  end if;
  v_replay := private.repeated_turn(v_conversation.id, p ->> 'request_hash');
  if v_replay is not null then
    if p ? 'update' then
      perform private.settle_bot_update(v_conversation.id, p -> 'update');
    end if;
    return v_replay;
  end if;
  if v_conversation.turn_no <> v_turn - 1 or v_conversation.id <> (p ->> 'id')::uuid then
    return private.refuse('conflict');
  end if;

  update private.chat_conversations c set state_sealed = p ->> 'state_sealed', locale = p ->> 'locale', turn_no = v_turn, updated_at = private.clock(),
    user_id = case when p ? 'user_id' then (p ->> 'user_id')::uuid else c.user_id end
  where c.id = v_conversation.id;
  insert into private.chat_turns (conversation_id, turn_no, request_hash, said_sealed) values (v_conversation.id, v_turn, p ->> 'request_hash', p ->> 'said_sealed');
  -- A receipt that has not gone out yet is still to be shown.
  delete from private.chat_replies r where r.conversation_id = v_conversation.id and r.is_once
    and not exists (select from public.outbox o where o.noun = 'chat' and o.noun_id = r.id and o.status = 'queued');
  if p ? 'forget_from' then
    update private.chat_turns t set said_sealed = null where t.conversation_id = v_conversation.id and t.turn_no >= (p ->> 'forget_from')::integer;
    delete from private.chat_replies r where r.conversation_id = v_conversation.id and r.turn_no >= (p ->> 'forget_from')::integer
      and not exists (select from public.outbox o where o.noun = 'chat' and o.noun_id = r.id and o.status = 'queued');
  end if;
  insert into private.chat_replies (id, conversation_id, turn_no, position, sealed, is_once)
  select (r.value ->> 'id')::uuid, v_conversation.id, v_turn, r.ordinality - 1, r.value ->> 'sealed', coalesce((r.value ->> 'is_once')::boolean, false)
  from jsonb_array_elements(p -> 'replies') with ordinality r;
  if v_conversation.channel = 'telegram' then
    insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, locale)
    select 'telegram', 'chat.reply', 'chat', (r.value ->> 'id')::uuid, v_conversation.handle_sealed, p ->> 'locale' from jsonb_array_elements(p -> 'replies') with ordinality r order by r.ordinality;
  end if;

  v_thread := case
    when p ? 'thread' then private.begin_thread(p -> 'thread')
    when p ? 'thread_message' then private.say_in_thread(p -> 'thread_message')
    when p ? 'leaves_thread' then public.leave_thread(jsonb_build_object('conversation', v_conversation.id))
    when p ? 'rating' then public.rate_thread(jsonb_build_object('conversation', v_conversation.id, 'rating', p ->> 'rating'))
  end;
  if not (v_thread ->> 'ok')::boolean then
    -- The thread was closed, opened or rated since this turn was thought out: nothing of the turn may stay.
    raise exception 'the thread refused: %', v_thread ->> 'code' using errcode = 'PT409', detail = 'conflict';
  end if;
  if p ? 'update' then
    perform private.settle_bot_update(v_conversation.id, p -> 'update');
  end if;
  return jsonb_build_object('ok', true, 'is_replay', false, 'turn_no', v_turn, 'replies', '[]'::jsonb);
end;
$$;
comment on function public.commit_turn(jsonb) is 'For the portal and the bot. Definer: conversations are private.';
revoke all on function public.commit_turn(jsonb) from public;
grant execute on function public.commit_turn(jsonb) to service_role;

-- The resident ended the chat: nothing of it stays. A thread that people have ends with it and is kept for its term; erases_threads: those go at once.
-- p: channel, key_hash, erases_threads? → {ok, forgotten}
create function public.forget_conversation(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id uuid;
begin
  delete from private.chat_conversations c where c.channel = p ->> 'channel' and c.key_hash = p ->> 'key_hash' returning c.id into v_id;
  if (p ->> 'erases_threads')::boolean then
    delete from private.chat_threads t where t.conversation_id = v_id;
  else
    perform public.leave_thread(jsonb_build_object('conversation', v_id));
  end if;
  return jsonb_build_object('ok', true, 'forgotten', v_id is not null);
end;
$$;
comment on function public.forget_conversation(jsonb) is 'For the portal and the bot. Definer: conversations are private.';
revoke all on function public.forget_conversation(jsonb) from public;
grant execute on function public.forget_conversation(jsonb) to service_role;

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('chat_conversations', 148, 'chat:purge', 'term', '30 days', '1 day', '90 days',
    '{"zh": "聊天记录", "en": "Chats with the assistant"}', '{"zh": "最后一次发言后计算，期满删除；本人可随时点“结束聊天”立即删除", "en": "Counted from the last word, then deleted; “End chat” deletes it at once"}',
    '{"zh": "便于接着上次的话继续办理", "en": "So that a conversation can go on where it stopped"}'),
  ('chat_receipts', 149, 'chat:purge', 'term', '10 minutes', null, null,
    '{"zh": "聊天中显示的回执", "en": "Receipts shown in a chat"}', '{"zh": "下一句话时删除，最迟十分钟", "en": "Deleted with the next word, after ten minutes at the latest"}', '{"zh": "回执只显示一次", "en": "A receipt is shown once"}');

-- p: limit, is_dry? (counts and deletes nothing) → {ok, conversations, receipts, has_more}
create function public.purge_chats(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_idle timestamptz := private.clock() - private.kept_for('chat_conversations');
  v_shown timestamptz := private.clock() - private.kept_for('chat_receipts');
  v_conversations integer;
  v_receipts integer;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if (p ->> 'is_dry')::boolean then
    return jsonb_build_object('ok', true, 'conversations', (select count(*) from private.chat_conversations c where c.updated_at < v_idle),
      'receipts', (select count(*) from private.chat_replies r where r.is_once and r.at < v_shown), 'has_more', false);
  end if;
  delete from private.chat_conversations c where c.id in (select o.id from private.chat_conversations o where o.updated_at < v_idle order by o.updated_at limit v_limit for update skip locked);
  get diagnostics v_conversations = row_count;
  delete from private.chat_replies r where r.id in (select o.id from private.chat_replies o where o.is_once and o.at < v_shown order by o.at limit v_limit for update skip locked);
  get diagnostics v_receipts = row_count;
  return jsonb_build_object('ok', true, 'conversations', v_conversations, 'receipts', v_receipts, 'has_more', greatest(v_conversations, v_receipts) = v_limit);
end;
$$;
comment on function public.purge_chats(jsonb) is 'The job chat:purge. Definer: conversations are private.';
revoke all on function public.purge_chats(jsonb) from public;
grant execute on function public.purge_chats(jsonb) to service_role;
