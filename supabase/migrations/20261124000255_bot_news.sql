-- Purpose: what comes to a linked or asking chat: news without content, also of sealed and anonymous reports that somebody opened there and asked for;
-- that somebody waits in the chat, to staff. The copy of an account names its link; an erased account is followed nowhere.
-- Risk: low. Functions take the place of ones that are unreleased, or answer more.

-- As in 20261124000230; whose account is linked with the same chat and tells it already is told once.
create or replace function private.notify_reporter(p_report public.reports, p_template text) returns void
language sql volatile set search_path = '' as $$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, recipient_sealed, locale)
  select 'email', p_template, 'reports', p_report.id,
    case when p_report.notify_sealed is null then p_report.owner_id end, p_report.notify_sealed, p_report.locale
  where not p_report.is_portal_only and (p_report.notify_sealed is not null or p_report.owner_id is not null);
  insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, locale, chat_hash)
  select 'telegram', p_template, 'reports', p_report.id, f.handle_sealed, p_report.locale, f.chat_hash
  from private.telegram_followers f where f.report_id = p_report.id
    and (p_report.is_portal_only or not exists (select from private.telegram_links l where l.user_id = p_report.owner_id and l.chat_hash = f.chat_hash and l.news <> 'mail'));
$$;

-- As in 20261124000230, and for whoever opened their report in the chat with its receipt, wherever it was filed. Of a linked account the database
-- cannot tell whose a sealed report is (RULES B1): it is told by asking here, and by mail.
create or replace function public.follow_by_telegram(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference';
  if v_report.id is null then
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

-- As in 20261124000210, and to staff that somebody waits in the chat: one message for all that wait, as by mail.
create or replace function private.also_by_telegram() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_is_call boolean := new.template in ('duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late');
  v_link private.telegram_links;
begin
  select l.* into v_link from private.telegram_links l
  where l.user_id = coalesce(new.recipient_id, case when new.noun = 'reports' then (select r.owner_id from public.reports r where r.id = new.noun_id) end);
  if v_link.user_id is null or (v_link.news = 'mail' and not v_is_call) then
    return new;
  end if;
  if new.noun = 'chat' and exists (select from public.outbox o where o.channel = 'telegram' and o.recipient_id = v_link.user_id and o.template = new.template
      and o.status = 'queued' and o.attempts = 0 and o.leased_by is null and o.send_after <= new.send_after) then
    return new;
  end if;
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale, send_after) values ('telegram', new.template, new.noun, new.noun_id, v_link.user_id, new.locale, new.send_after);
  if v_link.news = 'telegram' and not v_is_call then
    return null;
  end if;
  return new;
end;
$$;
drop trigger outbox_also_by_telegram on public.outbox;
create trigger outbox_also_by_telegram before insert on public.outbox
  for each row when (new.channel = 'email' and new.template in ('reports.received', 'reports.status_changed', 'reports.message_received',
    'revisits.asked', 'revisits.reminder', 'revisits.asked_again', 'revisits.outcome', 'duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late'))
  execute function private.also_by_telegram();

-- As in 20261124000110 and 20261124000140: a message that waits at Telegram takes the place of no mail.
create or replace function private.notify_thread(p_thread private.chat_threads) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_people uuid[];
  v_after timestamptz := private.clock();
begin
  if not p_thread.is_about_police then
    v_people := array(select private.on_duty(p_thread.station_id, private.clock()));
  end if;
  if coalesce(cardinality(v_people), 0) = 0 then
    v_people := array(select s.user_id from public.staff s where s.station_id = p_thread.station_id and s.is_active
      and s.role = case when not p_thread.is_about_police and exists (select from public.staff l where l.station_id = p_thread.station_id and l.is_active and l.role = 'lead') then 'lead' else 'chief' end);
    v_after := coalesce((private.chat_hours_at(p_thread.station_id, v_after) ->> 'opens_at')::timestamptz, v_after);
  end if;
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale, send_after)
  select 'email', 'chat.waiting', 'chat', p_thread.id, u, coalesce(f.locale, 'zh'), v_after
  from unnest(v_people) u left join public.profiles f on f.user_id = u
  where not exists (select from public.outbox o where o.recipient_id = u and o.channel = 'email' and o.template = 'chat.waiting' and o.status = 'queued' and o.attempts = 0 and o.leased_by is null and o.send_after <= v_after);
  return cardinality(v_people);
end;
$$;
create or replace function public.climb_threads(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 1000);
  v_thread private.chat_threads;
  v_people uuid[];
  v_told integer := 0;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if (p ->> 'is_dry')::boolean then
    return jsonb_build_object('ok', true, 'told', (select count(*) from private.chat_threads t where t.state <> 'closed' and private.waits_too_long(t)), 'has_more', false);
  end if;
  for v_thread in select t.* from private.chat_threads t where t.state <> 'closed' and private.waits_too_long(t) order by t.number limit v_limit for update skip locked loop
    v_people := array(select s.user_id from public.staff s where s.station_id = v_thread.station_id and s.is_active
      and s.role = case when not v_thread.is_about_police and exists (select from public.staff l where l.station_id = v_thread.station_id and l.is_active and l.role = 'lead') then 'lead' else 'chief' end);
    update private.chat_threads t set lead_told_at = private.clock() where t.id = v_thread.id;
    insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
    select 'email', 'chat.late', 'chat', v_thread.id, u, coalesce(f.locale, 'zh') from unnest(v_people) u left join public.profiles f on f.user_id = u
    where not exists (select from public.outbox o where o.recipient_id = u and o.channel = 'email' and o.template = 'chat.late' and o.status = 'queued' and o.attempts = 0 and o.leased_by is null);
    perform private.log(v_thread.station_id, null, 'system', 'chat.lead_told', 'chat', v_thread.id, jsonb_build_object('people', cardinality(v_people)));
    v_told := v_told + 1;
  end loop;
  return jsonb_build_object('ok', true, 'told', v_told, 'has_more', v_told = v_limit);
end;
$$;

-- As in 20261124000220: what was said in a chat leaves nothing behind; what was sent to an account stays as its mails do.
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
  end if;
  if p ->> 'outcome' in ('sent', 'cancelled') then
    delete from public.outbox o where o.id = (p ->> 'id')::bigint and o.noun = 'chat' and o.recipient_id is null and o.status in ('sent', 'cancelled');
  end if;
  return v_settled || jsonb_build_object('is_for_all', coalesce(v_refused >= 3, false));
end;
$$;

-- As in 20261124000230; what is for the account of the chat is not the chat's to forget.
create or replace function private.forget_bot_chat(p_chat_hash text, p_erases_threads boolean) returns void
language plpgsql volatile set search_path = '' as $$
begin
  delete from private.telegram_followers f where f.chat_hash = p_chat_hash;
  delete from public.outbox o where o.chat_hash = p_chat_hash and o.recipient_id is null and o.status = 'queued' and o.leased_by is null;
  perform public.forget_conversation(jsonb_build_object('channel', 'telegram', 'key_hash', p_chat_hash, 'erases_threads', p_erases_threads));
  delete from private.bot_messages m where m.chat_hash = p_chat_hash;
end;
$$;

-- As in 20261124000210, and the chat's conversation has no account any more.
create or replace function private.unlink_erased() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from private.telegram_links l where l.user_id = new.user_id;
  delete from private.telegram_link_tokens t where t.user_id = new.user_id;
  update private.chat_conversations c set user_id = null where c.user_id = new.user_id;
  return null;
end;
$$;

-- A report that an erased account has left is followed in no chat: nothing is told of it any more.
create function private.follow_no_more() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from private.telegram_followers f where f.report_id = new.id;
  return null;
end;
$$;
comment on function private.follow_no_more() is 'Trigger. Definer: the table is private.';
revoke all on function private.follow_no_more() from public;
create trigger reports_are_left after update of owner_id, owner_hash on public.reports
  for each row when ((old.owner_id is not null or old.owner_hash is not null) and new.owner_id is null and new.owner_hash is null) execute function private.follow_no_more();

-- As in 20261122000531, and the link with a Telegram chat: that there is one, since when, and where news go. The chat's id is Telegram's to tell.
create or replace function public.export_account(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if not private.signed_in_recently((p ->> 'session')::uuid) then
    return private.refuse('sign_in_again');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  perform private.log((select s.id from public.stations s where s.is_default), null, 'resident', 'account.exported', 'accounts', null);
  return (select jsonb_build_object('ok', true, 'now', private.clock(),
      'account', jsonb_build_object('email', u.email, 'created_at', u.created_at, 'last_sign_in_at', u.last_sign_in_at, 'has_password', coalesce(u.encrypted_password, '') <> '',
        'community', c.slug, 'locale', f.locale, 'profile_updated_at', f.updated_at),
      'verification', (select jsonb_build_object('community', k.slug, 'method', v.method, 'verified_on', v.verified_on)
        from private.verifications v join public.communities k on k.id = v.community_id where v.user_id = u.id),
      'telegram', (select jsonb_build_object('linked_at', l.linked_at, 'news', l.news) from private.telegram_links l where l.user_id = u.id),
      'consents', coalesce((select jsonb_agg(jsonb_build_object('purpose', s.purpose, 'version', s.version, 'title', t.title, 'text', t.body, 'is_given', s.is_given, 'at', s.at, 'channel', s.channel, 'locale', s.locale) order by s.id)
        from private.consents s join private.consent_texts t on t.purpose = s.purpose and t.version = s.version where s.user_id = u.id), '[]'::jsonb),
      'sessions', coalesce((select jsonb_agg(jsonb_build_object('started_at', s.created_at, 'refreshed_at', s.updated_at, 'is_this', s.id = (p ->> 'session')::uuid) order by s.created_at) from auth.sessions s where s.user_id = u.id), '[]'::jsonb),
      'mails', coalesce((select jsonb_agg(m.fact order by m.at, m.id) from (
          select o.id, o.created_at as at, private.mail_fact(o) || jsonb_build_object('reference', r.reference) as fact
          from public.reports r join public.outbox o on o.noun_id = r.id
          where (r.owner_id = u.id or r.owner_hash = p ->> 'owner_hash') and o.noun = 'reports' and (o.recipient_sealed is not null or o.recipient_id = u.id)
          union all
          select o.id, o.created_at, private.mail_fact(o) || jsonb_build_object('reference', r.reference)
          from public.outbox o left join public.reports r on r.id = o.noun_id
          where o.recipient_id = u.id and (r.owner_id is distinct from u.id) and (r.owner_hash is distinct from p ->> 'owner_hash')) m), '[]'::jsonb),
      'reports', coalesce((select jsonb_agg(r.reference order by r.received_at, r.id) from public.reports r where r.owner_id = u.id or r.owner_hash = p ->> 'owner_hash'), '[]'::jsonb))
    from auth.users u left join public.profiles f on f.user_id = u.id left join public.communities c on c.id = f.community_id where u.id = v_actor);
end;
$$;
