-- Purpose: whoever filed a report through the bot may ask to be told in that chat when there is news of it. Only then a way leads from the
-- report to a chat, sealed; it goes when they stop it, clear the chat, or the report goes.
-- Risk: low. notify_reporter writes a second row for such reports.

create table private.telegram_followers (
  report_id uuid primary key references public.reports (id) on delete cascade,
  chat_hash public.keyed_hash not null,
  handle_sealed public.sealed_text not null,
  asked_at timestamptz not null
);
comment on table private.telegram_followers is 'Reports whose reporter asked, after filing, to be told in their Telegram chat. handle_sealed: the chat''s id.';
create index telegram_followers_by_chat on private.telegram_followers (chat_hash);
alter table private.telegram_followers enable row level security;

-- As in 20261121000700, and to the chat that asked for it.
create or replace function private.notify_reporter(p_report public.reports, p_template text) returns void
language sql volatile set search_path = '' as $$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, recipient_sealed, locale)
  select 'email', p_template, 'reports', p_report.id,
    case when p_report.notify_sealed is null then p_report.owner_id end, p_report.notify_sealed, p_report.locale
  where not p_report.is_portal_only and (p_report.notify_sealed is not null or p_report.owner_id is not null);
  insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, locale, chat_hash)
  select 'telegram', p_template, 'reports', p_report.id, f.handle_sealed, p_report.locale, f.chat_hash
  from private.telegram_followers f where f.report_id = p_report.id;
$$;

-- The portal has checked that the button is one of its own. Not for whoever is to be reached in the portal alone (RULES D3).
-- p: reference, chat_hash, handle_sealed → {ok} | not_found, forbidden
create function public.follow_by_telegram(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference';
  if v_report.id is null or v_report.channel <> 'bot' then
    return private.refuse('not_found');
  end if;
  if v_report.is_portal_only then
    return private.refuse('forbidden');
  end if;
  insert into private.telegram_followers (report_id, chat_hash, handle_sealed, asked_at) values (v_report.id, p ->> 'chat_hash', p ->> 'handle_sealed', private.clock())
  on conflict (report_id) do update set chat_hash = excluded.chat_hash, handle_sealed = excluded.handle_sealed;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.follow_by_telegram(jsonb) is 'For the bot. Definer: the table is private.';
revoke all on function public.follow_by_telegram(jsonb) from public;
grant execute on function public.follow_by_telegram(jsonb) to service_role;

-- p: reference, chat_hash → {ok}. What waits for the chat is not sent.
create function public.unfollow_by_telegram(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_report uuid;
begin
  delete from private.telegram_followers f using public.reports r where r.reference = p ->> 'reference' and f.report_id = r.id and f.chat_hash = p ->> 'chat_hash' returning f.report_id into v_report;
  delete from public.outbox o where o.noun_id = v_report and o.channel = 'telegram' and o.chat_hash = p ->> 'chat_hash' and o.status = 'queued' and o.leased_by is null;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.unfollow_by_telegram(jsonb) is 'For the bot. Definer: the table is private.';
revoke all on function public.unfollow_by_telegram(jsonb) from public;
grant execute on function public.unfollow_by_telegram(jsonb) to service_role;

-- As in 20261124000200, and no report leads to it any more.
create or replace function private.forget_bot_chat(p_chat_hash text, p_erases_threads boolean) returns void
language plpgsql volatile set search_path = '' as $$
begin
  delete from private.telegram_followers f where f.chat_hash = p_chat_hash;
  delete from public.outbox o where o.chat_hash = p_chat_hash and (o.noun = 'chat' or o.recipient_id is null) and o.status = 'queued' and o.leased_by is null;
  perform public.forget_conversation(jsonb_build_object('channel', 'telegram', 'key_hash', p_chat_hash, 'erases_threads', p_erases_threads));
  delete from private.bot_messages m where m.chat_hash = p_chat_hash;
end;
$$;
