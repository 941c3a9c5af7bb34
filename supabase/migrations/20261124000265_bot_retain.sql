-- Purpose: the table of terms names the links with Telegram chats, and old tokens of links go with the sweep instead of with the next one.
-- Risk: none.

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('telegram_links', 156, 'accounts:erase', 'owner', null, null, null,
    '{"zh": "账号与 Telegram 聊天的关联（聊天编号加密保存）", "en": "Links of accounts with Telegram chats (the chat''s id is sealed)"}', '{"zh": "本人解除关联或注销账号时删除", "en": "Deleted when their owner ends the link or erases the account"}',
    '{"zh": "本人要求在那里收到通知", "en": "The owner wants to be told there"}'),
  ('telegram_followers', 157, 'reports:retain', 'category', null, null, null,
    '{"zh": "要求在 Telegram 里得到通知的报告（聊天编号加密保存）", "en": "Reports of which somebody wants to be told on Telegram (the chat''s id is sealed)"}', '{"zh": "在聊天里停止、清除聊天、注销账号时删除，最迟随报告删除", "en": "Deleted when it is stopped in the chat, the chat is cleared or the account erased, with the report at the latest"}',
    '{"zh": "报告人自己点了“有进展在这里通知我”", "en": "Its reporter chose “Tell me here when there is news”"}');

-- As in 20261124000200, and tokens of links that are over.
create or replace function public.purge_bot(p jsonb) returns jsonb
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
  delete from private.telegram_link_tokens t where t.expires_at < now();
  delete from private.bot_updates u where u.update_hash in (select o.update_hash from private.bot_updates o where o.handled_at < v_old limit v_limit for update skip locked);
  get diagnostics v_updates = row_count;
  delete from private.bot_messages m where (m.chat_hash, m.message_id) in (select o.chat_hash, o.message_id from private.bot_messages o where o.at < v_old limit v_limit for update skip locked);
  get diagnostics v_messages = row_count;
  delete from private.bot_chats c where c.chat_hash in (select o.chat_hash from private.bot_chats o where o.seen_at < v_idle limit v_limit for update skip locked);
  get diagnostics v_chats = row_count;
  return jsonb_build_object('ok', true, 'updates', v_updates, 'messages', v_messages, 'chats', v_chats, 'has_more', greatest(v_updates, v_messages, v_chats) >= v_limit);
end;
$$;
