-- Purpose: a ban holds for a Telegram chat as it does for an account (RULES G2): by a keyed hash, hiding and never refusing. Who is banned is known
-- where a report is followed in a chat, or where somebody was handed to a person; an anonymous report leads to no chat, so no ban does either.
-- Risk: low. Two functions answer more, two are new.

-- As in 20261121000810, and the chat in which the report is followed.
create or replace function public.begin_ban(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
  v_chat text;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.ban_refused', p ->> 'reference');
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  select f.chat_hash into v_chat from private.telegram_followers f where f.report_id = v_report.id;
  if v_report.owner_id is null and v_report.owner_hash is null and v_chat is null then
    return private.refuse('no_account');
  end if;
  return jsonb_build_object('ok', true, 'owner_id', v_report.owner_id, 'owner_hash', v_report.owner_hash, 'chat_hash', v_chat);
end;
$$;

-- As in 20261121000810. p: kind? (account, or chat) and the rest as before.
create or replace function public.ban_reporter(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff);
  if not found then
    return private.refuse_desk(v_staff, 'report.ban_refused', p ->> 'reference');
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if coalesce(p ->> 'kind', 'account') not in ('account', 'chat') then
    return private.refuse('invalid_input');
  end if;
  insert into public.bans (station_id, kind, subject_hash, report_id, reason, created_by, created_at)
  values (v_staff.station_id, coalesce(p ->> 'kind', 'account'), p ->> 'subject_hash', v_report.id, p ->> 'reason', v_staff.user_id, private.clock())
  on conflict (station_id, subject_hash) where lifted_at is null do nothing;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.sender_banned', 'reports', v_report.id);
  return '{"ok": true}'::jsonb;
end;
$$;

-- Which chat a thread came from, for whoever may ban it. p: thread, actor, session → {ok, chat_hash} | not_found, forbidden, no_account (a browser has none,
-- and a conversation that was cleared is gone)
create function public.begin_chat_ban(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_thread private.chat_threads;
  v_chat text;
begin
  select t.* into v_thread from private.chat_threads t where t.id = (p ->> 'thread')::uuid;
  if not private.may_read_thread(v_thread, v_staff) then
    return private.refuse_thread(v_staff);
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  select c.key_hash into v_chat from private.chat_conversations c where c.id = v_thread.conversation_id and c.channel = 'telegram';
  if v_chat is null then
    return private.refuse('no_account');
  end if;
  return jsonb_build_object('ok', true, 'chat_hash', v_chat);
end;
$$;
comment on function public.begin_chat_ban(jsonb) is 'Definer: the tables are private.';
revoke all on function public.begin_chat_ban(jsonb) from public;
grant execute on function public.begin_chat_ban(jsonb) to service_role;

-- p: thread, actor, session, subject_hash, reason → {ok}. Lead or chief; what the chat reports later is accepted and hidden.
create function public.ban_chat(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.id = (p ->> 'thread')::uuid;
  if not private.may_read_thread(v_thread, v_staff) then
    return private.refuse_thread(v_staff);
  end if;
  if v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  insert into public.bans (station_id, kind, subject_hash, reason, created_by, created_at)
  values (v_staff.station_id, 'chat', p ->> 'subject_hash', p ->> 'reason', v_staff.user_id, private.clock())
  on conflict (station_id, subject_hash) where lifted_at is null do nothing;
  perform private.log(v_thread.station_id, v_staff.user_id, v_staff.role, 'chat.sender_banned', 'chat', v_thread.id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.ban_chat(jsonb) is 'Definer: nobody may write bans directly.';
revoke all on function public.ban_chat(jsonb) from public;
grant execute on function public.ban_chat(jsonb) to service_role;
