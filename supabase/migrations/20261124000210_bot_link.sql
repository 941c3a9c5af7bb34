-- Purpose: an account and a Telegram chat are linked by a token that works once; whoever linked may get news of their reports there, and
-- members of staff the calls to duty. The chat's id is sealed, the chat is found by a keyed hash.
-- Risk: low. New objects; one trigger on the outbox, which does nothing for accounts without a link.

create table private.telegram_links (
  user_id uuid primary key references auth.users (id) on delete cascade,
  chat_hash public.keyed_hash not null unique,
  handle_sealed public.sealed_text not null,
  news text not null default 'both' check (news in ('mail', 'telegram', 'both')),
  linked_at timestamptz not null
);
comment on table private.telegram_links is 'Which chat an account chose. One chat an account, one account a chat. handle_sealed: the chat''s id.';
comment on column private.telegram_links.news is 'Where news of the account''s own reports go. Calls to duty go to both.';
alter table private.telegram_links enable row level security;

create table private.telegram_link_tokens (
  user_id uuid primary key references auth.users (id) on delete cascade,
  token_hash public.keyed_hash not null unique,
  expires_at timestamptz not null,
  update_hash public.keyed_hash
);
comment on table private.telegram_link_tokens is 'The token of a deep link: one an account, for fifteen minutes, used once. update_hash: by which tap, so that the same tap repeated is no second use.';
create index telegram_link_tokens_by_expiry on private.telegram_link_tokens (expires_at);
alter table private.telegram_link_tokens enable row level security;

-- The name under which the bot is found, told by the bot itself when it starts. p: username → {ok}
create function public.announce_bot(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  if coalesce(p ->> 'username', '') !~ '^\w{3,64}$' then
    return private.refuse('invalid_input');
  end if;
  insert into private.settings (key, value) values ('telegram_bot', p -> 'username')
  on conflict (key) do update set value = excluded.value, updated_at = now();
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.announce_bot(jsonb) is 'Definer: settings are private.';
revoke all on function public.announce_bot(jsonb) from public;
grant execute on function public.announce_bot(jsonb) to service_role;

-- p: actor, session → {ok, now, bot (username or null), link: {linked_at, news} | null, has_duty}
create function public.get_telegram_link(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'bot', (select s.value #>> '{}' from private.settings s where s.key = 'telegram_bot'),
    'link', (select jsonb_build_object('linked_at', l.linked_at, 'news', l.news) from private.telegram_links l where l.user_id = v_actor),
    'has_duty', exists (select from public.staff s where s.user_id = v_actor and s.is_active));
end;
$$;
comment on function public.get_telegram_link(jsonb) is 'Definer: the table is private.';
revoke all on function public.get_telegram_link(jsonb) from public;
grant execute on function public.get_telegram_link(jsonb) to service_role;

-- A new token takes the place of the one before. p: actor, session, token_hash, limits[] → {ok, bot}
create function public.make_telegram_link(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_bot text := (select s.value #>> '{}' from private.settings s where s.key = 'telegram_bot');
  v_wait integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if v_bot is null then
    return private.refuse('unavailable');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  delete from private.telegram_link_tokens t where t.expires_at < now();
  insert into private.telegram_link_tokens (user_id, token_hash, expires_at) values (v_actor, p ->> 'token_hash', now() + interval '15 minutes')
  on conflict (user_id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at, update_hash = null;
  return jsonb_build_object('ok', true, 'bot', v_bot);
end;
$$;
comment on function public.make_telegram_link(jsonb) is 'Definer: the table is private.';
revoke all on function public.make_telegram_link(jsonb) from public;
grant execute on function public.make_telegram_link(jsonb) to service_role;

-- Whose token it is, before anybody says yes: the masked address. p: token_hash → {ok, account} | not_found
create function public.peek_telegram_link(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce((select jsonb_build_object('ok', true, 'account', private.masked_address(u.email))
    from private.telegram_link_tokens t join auth.users u on u.id = t.user_id
    where t.token_hash = p ->> 'token_hash' and t.expires_at > now() and t.update_hash is null), private.refuse('not_found'));
$$;
comment on function public.peek_telegram_link(jsonb) is 'For the bot. Definer: the table is private.';
revoke all on function public.peek_telegram_link(jsonb) from public;
grant execute on function public.peek_telegram_link(jsonb) to service_role;

-- Links the chat. p: token_hash, update_hash, chat_hash, handle_sealed → {ok, account} | not_found (unknown, used, or too old)
create function public.redeem_telegram_link(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_token private.telegram_link_tokens;
begin
  select * into v_token from private.telegram_link_tokens t where t.token_hash = p ->> 'token_hash' for update;
  if v_token.user_id is null or v_token.expires_at <= now() or v_token.update_hash <> p ->> 'update_hash' then
    return private.refuse('not_found');
  end if;
  if v_token.update_hash is null then
    update private.telegram_link_tokens t set update_hash = p ->> 'update_hash' where t.user_id = v_token.user_id;
    delete from private.telegram_links l where l.chat_hash = p ->> 'chat_hash' or l.user_id = v_token.user_id;
    insert into private.telegram_links (user_id, chat_hash, handle_sealed, linked_at) values (v_token.user_id, p ->> 'chat_hash', p ->> 'handle_sealed', private.clock());
    update private.chat_conversations c set user_id = v_token.user_id where c.channel = 'telegram' and c.key_hash = p ->> 'chat_hash';
    perform private.log((select s.id from public.stations s where s.is_default), null, case when exists (select from public.staff s where s.user_id = v_token.user_id) then 'system' else 'resident' end, 'account.telegram_linked', 'accounts', null);
  end if;
  return jsonb_build_object('ok', true, 'account', (select private.masked_address(u.email) from auth.users u where u.id = v_token.user_id));
end;
$$;
comment on function public.redeem_telegram_link(jsonb) is 'For the bot. Definer: the tables are private.';
revoke all on function public.redeem_telegram_link(jsonb) from public;
grant execute on function public.redeem_telegram_link(jsonb) to service_role;

-- What is known of a chat. p: chat_hash → {ok, account: masked address of the linked account or null, user_id, locale: of its conversation or null}
create function public.read_telegram_chat(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'account', private.masked_address(u.email), 'user_id', u.id,
    'locale', (select c.locale from private.chat_conversations c where c.channel = 'telegram' and c.key_hash = p ->> 'chat_hash'))
  from (select 1) one left join private.telegram_links l on l.chat_hash = p ->> 'chat_hash' left join auth.users u on u.id = l.user_id;
$$;
comment on function public.read_telegram_chat(jsonb) is 'For the bot. Definer: the table is private.';
revoke all on function public.read_telegram_chat(jsonb) from public;
grant execute on function public.read_telegram_chat(jsonb) to service_role;

-- p: actor, session, news → {ok}
create function public.set_telegram_news(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if coalesce(p ->> 'news', '') not in ('mail', 'telegram', 'both') then
    return private.refuse('invalid_input');
  end if;
  update private.telegram_links l set news = p ->> 'news' where l.user_id = v_actor;
  if not found then
    return private.refuse('not_found');
  end if;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.set_telegram_news(jsonb) is 'Definer: the table is private.';
revoke all on function public.set_telegram_news(jsonb) from public;
grant execute on function public.set_telegram_news(jsonb) to service_role;

-- Ends a link, from the account (actor, session) or from the chat (chat_hash): what waits for that chat is not sent. → {ok, was_linked}
create function public.unlink_telegram(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid;
  v_user uuid;
begin
  if p ->> 'chat_hash' is null then
    v_actor := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
    if v_actor is null then
      return private.refuse('sign_in_required');
    end if;
  end if;
  delete from private.telegram_links l where l.user_id = v_actor or l.chat_hash = p ->> 'chat_hash' returning l.user_id into v_user;
  if v_user is not null then
    delete from public.outbox o where o.recipient_id = v_user and o.channel = 'telegram' and o.status = 'queued';
    update private.chat_conversations c set user_id = null where c.channel = 'telegram' and c.user_id = v_user;
    perform private.log((select s.id from public.stations s where s.is_default), null, case when exists (select from public.staff s where s.user_id = v_user) then 'system' else 'resident' end, 'account.telegram_unlinked', 'accounts', null);
  end if;
  return jsonb_build_object('ok', true, 'was_linked', v_user is not null);
end;
$$;
comment on function public.unlink_telegram(jsonb) is 'Definer: the table is private.';
revoke all on function public.unlink_telegram(jsonb) from public;
grant execute on function public.unlink_telegram(jsonb) to service_role;

-- An erased account's link goes with what is ours of it, before Supabase Auth deletes the account itself.
create function private.unlink_erased() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from private.telegram_links l where l.user_id = new.user_id;
  delete from private.telegram_link_tokens t where t.user_id = new.user_id;
  return null;
end;
$$;
comment on function private.unlink_erased() is 'Trigger. Definer: the tables are private.';
revoke all on function private.unlink_erased() from public;
create trigger erasures_end_links after insert on private.account_erasures for each row execute function private.unlink_erased();

/*
  A mail to an account that is linked goes to its chat as well, or instead (RULES H1: template and noun, no words). Of a named report
  the account is its owner; whose a sealed one is, nobody here can tell, so that its news stay mails. Comes before the trigger that
  holds mails back from who refused them.
*/
create function private.also_by_telegram() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_is_call boolean := new.template in ('duty.urgent', 'duty.climbed', 'duty.unopened');
  v_link private.telegram_links;
begin
  select l.* into v_link from private.telegram_links l
  where l.user_id = coalesce(new.recipient_id, case when new.noun = 'reports' then (select r.owner_id from public.reports r where r.id = new.noun_id) end);
  if v_link.user_id is null or (v_link.news = 'mail' and not v_is_call) then
    return new;
  end if;
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale, send_after) values ('telegram', new.template, new.noun, new.noun_id, v_link.user_id, new.locale, new.send_after);
  if v_link.news = 'telegram' and not v_is_call then
    return null;
  end if;
  return new;
end;
$$;
comment on function private.also_by_telegram() is 'Trigger. Definer: links are private.';
revoke all on function private.also_by_telegram() from public;
create trigger outbox_also_by_telegram before insert on public.outbox
  for each row when (new.channel = 'email' and new.template in ('reports.received', 'reports.status_changed', 'reports.message_received',
    'revisits.asked', 'revisits.reminder', 'revisits.asked_again', 'revisits.outcome', 'duty.urgent', 'duty.climbed', 'duty.unopened'))
  execute function private.also_by_telegram();

-- Which chat a message goes to, written down when it is queued: order and limits are by chat.
create function private.name_the_chat() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.chat_hash is null then
    new.chat_hash := case when new.recipient_id is not null then (select l.chat_hash from private.telegram_links l where l.user_id = new.recipient_id)
      when new.template = 'chat.reply' then (select c.key_hash from private.chat_replies r join private.chat_conversations c on c.id = r.conversation_id where r.id = new.noun_id)
      -- What people say in a thread, and that it ended.
      else (select c.key_hash from private.chat_threads t join private.chat_conversations c on c.id = t.conversation_id
        where t.id = case when new.template = 'chat.closed' then new.noun_id else (select m.thread_id from private.chat_thread_messages m where m.id = new.noun_id) end) end;
  end if;
  return case when new.chat_hash is not null then new end;
end;
$$;
comment on function private.name_the_chat() is 'Trigger. Definer: links and conversations are private. A message to no chat is none.';
revoke all on function private.name_the_chat() from public;
create trigger outbox_names_the_chat before insert on public.outbox for each row when (new.channel = 'telegram') execute function private.name_the_chat();

-- A chat that was linked before it said anything.
create function private.know_the_account() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  new.user_id := coalesce(new.user_id, (select l.user_id from private.telegram_links l where l.chat_hash = new.key_hash));
  return new;
end;
$$;
comment on function private.know_the_account() is 'Trigger. Definer: links are private.';
revoke all on function private.know_the_account() from public;
create trigger conversations_know_the_account before insert on private.chat_conversations for each row when (new.channel = 'telegram') execute function private.know_the_account();
