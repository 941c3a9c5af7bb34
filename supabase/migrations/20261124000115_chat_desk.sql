-- Purpose: the desk's side of the hand-over: who sees which thread, the list, opening with a log entry, answering, closing; what retention takes
-- away; how many wait.
-- Risk: none for data; count_desk_work answers one number more.

-- Officers: those of their communities and what they have themselves; of no community while it waits for anybody, and on duty.
create function private.may_read_thread(p_thread private.chat_threads, p_staff public.staff) returns boolean
language sql stable security definer set search_path = '' as $$
  select coalesce(p_staff.station_id = p_thread.station_id and case
    when p_staff.role = 'chief' then true
    when p_thread.is_about_police then false
    when p_staff.role = 'lead' then true
    when p_staff.role = 'officer' then coalesce(p_thread.staff_id = p_staff.user_id, false)
      or coalesce(p_thread.community_id in (select private.communities_of(p_staff.user_id)), p_thread.state = 'waiting')
      or private.is_on_duty(p_staff.user_id)
    else false
  end, false);
$$;
comment on function private.may_read_thread(private.chat_threads, public.staff) is 'Officers: their communities (PRODUCT §8). Definer: assignments and the roster are private.';
revoke all on function private.may_read_thread(private.chat_threads, public.staff) from public;

create function private.is_thread_in_view(p_thread private.chat_threads, p_view text, p_staff public.staff) returns boolean
language sql immutable set search_path = '' as $$
  select case p_view when 'waiting' then p_thread.state = 'waiting' when 'mine' then p_thread.state = 'open' and p_thread.staff_id = p_staff.user_id
    when 'colleagues' then p_thread.state = 'open' and p_thread.staff_id <> p_staff.user_id when 'closed' then p_thread.state = 'closed' else false end;
$$;

-- How much waits for me: threads nobody has answered, and mine in which the resident spoke last.
create function private.count_threads(p_staff public.staff) returns integer
language sql stable set search_path = '' as $$
  select count(*)::integer from private.chat_threads t
  where t.station_id = p_staff.station_id and t.state in ('waiting', 'open') and t.waiting_since is not null and (t.state = 'waiting' or t.staff_id = p_staff.user_id) and private.may_read_thread(t, p_staff);
$$;

/*
  No texts, so no opening. p: view (waiting: the longest first | mine | colleagues | closed: the newest first), cursor? {at, id}, limit?
  → {ok, now, time_zone, hours, counts: {waiting, mine, colleagues}, threads[]: {id, number, channel, locale, community_id, state, opened_at, waiting_since, last_at, closed_at, closed_by, rating, staff, messages}, next_cursor}
*/
create function public.list_threads(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_view text := coalesce(p ->> 'view', 'waiting');
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 30), 1), 100);
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('officer', 'lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_view not in ('waiting', 'mine', 'colleagues', 'closed') then
    return private.refuse('invalid_input');
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'number', t.number, 'channel', t.channel, 'locale', t.locale, 'community_id', t.community_id, 'state', t.state, 'is_about_police', t.is_about_police,
      'opened_at', t.opened_at, 'waiting_since', t.waiting_since, 'last_at', t.last_at, 'closed_at', t.closed_at, 'closed_by', t.closed_by, 'rating', t.rating, 'staff', s.name,
      'messages', (select count(*) from private.chat_thread_messages m where m.thread_id = t.id and not m.is_before))
      order by case when v_view = 'waiting' then t.opened_at end, case when v_view = 'waiting' then t.id end, t.last_at desc, t.id desc), '[]'::jsonb) into v_rows
  from (
    select c.* from private.chat_threads c
    where c.station_id = v_staff.station_id and c.state = case v_view when 'waiting' then 'waiting' when 'closed' then 'closed' else 'open' end
      and private.is_thread_in_view(c, v_view, v_staff) and private.may_read_thread(c, v_staff)
      and (p ->> 'cursor' is null or case when v_view = 'waiting' then (c.opened_at, c.id) > ((p #>> '{cursor,at}')::timestamptz, (p #>> '{cursor,id}')::uuid)
        else (c.last_at, c.id) < ((p #>> '{cursor,at}')::timestamptz, (p #>> '{cursor,id}')::uuid) end)
    order by case when v_view = 'waiting' then c.opened_at end, case when v_view = 'waiting' then c.id end, c.last_at desc, c.id desc limit v_limit + 1
  ) t left join public.staff s on s.user_id = t.staff_id;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'time_zone', (select s.time_zone from public.stations s where s.id = v_staff.station_id),
    'hours', private.chat_hours_at(v_staff.station_id, private.clock()),
    'counts', (select jsonb_object_agg(w.view, (select count(*) from private.chat_threads c where c.station_id = v_staff.station_id and c.state in ('waiting', 'open')
      and private.is_thread_in_view(c, w.view, v_staff) and private.may_read_thread(c, v_staff))) from unnest(array['waiting', 'mine', 'colleagues']) w (view)),
    'threads', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit then jsonb_build_object('at', v_rows -> (v_limit - 1) -> case v_view when 'waiting' then 'opened_at' else 'last_at' end, 'id', v_rows -> (v_limit - 1) -> 'id') end);
end;
$$;
comment on function public.list_threads(jsonb) is 'Definer: the tables are private.';
revoke all on function public.list_threads(jsonb) from public;
grant execute on function public.list_threads(jsonb) to authenticated;

-- Staff who reach for a thread that is not theirs leave a row in the log of their station (RULES A3).
create function private.refuse_thread(p_staff public.staff) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_staff public.staff := p_staff;
begin
  if v_staff.user_id is not null then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'chat.open_refused', 'chat', null);
  end if;
  return private.refuse('not_found');
end;
$$;

-- Hands out the sealed texts and writes who read them. → {ok, thread: {…, number, community_id, staff, is_mine, hours}, messages[]: {id, number, from, is_before, by, role, at, text_sealed}, rating_word_sealed} | not_found
create function public.open_thread_texts(p_thread uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.id = p_thread;
  if not private.may_read_thread(v_thread, v_staff) then
    return private.refuse_thread(v_staff);
  end if;
  perform private.log(v_thread.station_id, v_staff.user_id, v_staff.role, 'chat.opened', 'chat', v_thread.id);
  return jsonb_build_object('ok', true, 'now', private.clock(), 'time_zone', (select s.time_zone from public.stations s where s.id = v_thread.station_id),
    'thread', private.thread_facts(v_thread) || jsonb_build_object('number', v_thread.number, 'community_id', v_thread.community_id, 'is_about_police', v_thread.is_about_police, 'is_mine', coalesce(v_thread.staff_id = v_staff.user_id, false),
      'staff', (select s.name from public.staff s where s.user_id = v_thread.staff_id), 'hours', private.chat_hours_at(v_thread.station_id, private.clock()), 'rating_word_sealed', v_thread.rating_word_sealed),
    'messages', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'number', m.number, 'from', m.author, 'is_before', m.is_before, 'by', s.name, 'role', s.role, 'at', m.at, 'text_sealed', m.text_sealed) order by m.number)
      from private.chat_thread_messages m left join public.staff s on s.user_id = m.staff_id where m.thread_id = v_thread.id), '[]'::jsonb));
end;
$$;
comment on function public.open_thread_texts(uuid) is 'An opening, so volatile (RULES B3). Definer: the tables are private.';
revoke all on function public.open_thread_texts(uuid) from public;
grant execute on function public.open_thread_texts(uuid) to authenticated;

-- Whether something came since: asked by the open page, so no texts. → {ok, state, last_number, last_at, rating} | not_found
create function public.peek_thread(p_thread uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.id = p_thread;
  if not private.may_read_thread(v_thread, private.staff_actor()) then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'state', v_thread.state, 'last_number', coalesce((select max(m.number) from private.chat_thread_messages m where m.thread_id = v_thread.id), 0), 'rating', v_thread.rating);
end;
$$;
comment on function public.peek_thread(uuid) is 'Definer: the tables are private.';
revoke all on function public.peek_thread(uuid) from public;
grant execute on function public.peek_thread(uuid) to authenticated;

-- p: actor, session, thread, id (of the message, made by the portal), text_sealed → {ok, is_replay, thread, message: {id, number, at}} | not_found, conflict: it is closed
create function public.answer_thread(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_thread private.chat_threads;
  v_message private.chat_thread_messages;
begin
  select t.* into v_thread from private.chat_threads t where t.id = (p ->> 'thread')::uuid for update;
  if not private.may_read_thread(v_thread, v_staff) then
    return private.refuse_thread(v_staff);
  end if;
  select m.* into v_message from private.chat_thread_messages m where m.id = (p ->> 'id')::uuid and m.thread_id = v_thread.id;
  if v_message.id is null then
    if v_thread.state = 'closed' then
      return private.refuse('conflict');
    end if;
    perform private.add_to_thread(v_thread.id, p - 'at', 'staff', false, v_staff.user_id);
    select m.* into v_message from private.chat_thread_messages m where m.id = (p ->> 'id')::uuid;
    update private.chat_threads t set state = 'open', answered_at = coalesce(t.answered_at, private.clock()), answered_by = coalesce(t.answered_by, v_staff.user_id), staff_id = v_staff.user_id,
      waiting_since = null, last_at = private.clock() where t.id = v_thread.id returning * into v_thread;
    if v_thread.handle_sealed is not null then
      insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, locale) values ('telegram', 'chat.staff_reply', 'chat', v_message.id, v_thread.handle_sealed, v_thread.locale);
    end if;
    perform private.log(v_thread.station_id, v_staff.user_id, v_staff.role, 'chat.answered', 'chat', v_thread.id);
    return jsonb_build_object('ok', true, 'is_replay', false, 'thread', private.thread_facts(v_thread), 'message', jsonb_build_object('id', v_message.id, 'number', v_message.number, 'at', v_message.at));
  end if;
  return jsonb_build_object('ok', true, 'is_replay', true, 'thread', private.thread_facts(v_thread), 'message', jsonb_build_object('id', v_message.id, 'number', v_message.number, 'at', v_message.at));
end;
$$;
comment on function public.answer_thread(jsonb) is 'Definer: the tables are private.';
revoke all on function public.answer_thread(jsonb) from public;
grant execute on function public.answer_thread(jsonb) to service_role;

-- → {ok, thread} | not_found, conflict: closed already
create function public.close_thread(p_thread uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.id = p_thread for update;
  if not private.may_read_thread(v_thread, v_staff) then
    return private.refuse_thread(v_staff);
  end if;
  if v_thread.state = 'closed' then
    return private.refuse('conflict');
  end if;
  return jsonb_build_object('ok', true, 'thread', private.thread_facts(private.finish_thread(v_thread, 'staff', v_staff)));
end;
$$;
comment on function public.close_thread(uuid) is 'Definer: the tables are private.';
revoke all on function public.close_thread(uuid) from public;
grant execute on function public.close_thread(uuid) to authenticated;

/* The end. */

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('chat_threads', 153, 'chat:retain', 'term', '30 days', '1 day', '365 days',
    '{"zh": "转给民警的聊天（内容、评价）", "en": "Chats that a colleague took over: words and rating"}',
    '{"zh": "结束后计算，期满删除；居民要求删除的当时就删", "en": "Counted from their end, then deleted; at once when the resident asks for it"}',
    '{"zh": "便于接着答复；要办的事另行登记", "en": "So that an answer can follow; what is to be handled becomes a report"}');

-- Three days without a word from a resident who was answered end a thread, thirty without anybody's end any; then the closed ones go after their term.
-- p: limit, is_dry? → {ok, ended, removed, has_more}
create function public.retain_threads(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 1000);
  v_now timestamptz := private.clock();
  v_before timestamptz := private.clock() - private.kept_for('chat_threads');
  v_thread private.chat_threads;
  v_ended integer := 0;
  v_removed integer := 0;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if (p ->> 'is_dry')::boolean then
    return jsonb_build_object('ok', true, 'has_more', false, 'removed', (select count(*) from private.chat_threads t where t.closed_at < v_before),
      'ended', (select count(*) from private.chat_threads t where t.state <> 'closed' and t.last_at < v_now - case when t.waiting_since is null then interval '3 days' else interval '30 days' end));
  end if;
  for v_thread in
    select t.* from private.chat_threads t where t.state <> 'closed' and t.last_at < v_now - case when t.waiting_since is null then interval '3 days' else interval '30 days' end
    order by t.number limit v_limit for update skip locked
  loop
    perform private.finish_thread(v_thread, 'system', null);
    v_ended := v_ended + 1;
  end loop;
  update private.chat_threads t set handle_sealed = null where t.handle_sealed is not null and t.closed_at < v_now - interval '7 days';
  delete from private.chat_threads d where d.id in (select t.id from private.chat_threads t where t.closed_at < v_before order by t.closed_at limit v_limit for update skip locked);
  get diagnostics v_removed = row_count;
  return jsonb_build_object('ok', true, 'ended', v_ended, 'removed', v_removed, 'has_more', v_ended = v_limit or v_removed = v_limit);
end;
$$;
comment on function public.retain_threads(jsonb) is 'The job chat:retain. Definer: the tables are private.';
revoke all on function public.retain_threads(jsonb) from public;
grant execute on function public.retain_threads(jsonb) to service_role;

-- As in 20261123000252, and chats that wait.
create or replace function private.is_duty_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
  select p_template in ('revisits.overdue', 'revisits.overdue_own', 'revisits.overdue_chief', 'revisits.climbed', 'revisits.several', 'duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting',
    'staff.factor_enrolled', 'staff.factor_changed', 'staff.factor_reset', 'staff.recovery_used', 'staff.codes_renewed', 'staff.password_changed', 'staff.invited', 'staff.proposed', 'staff.changed');
$$;

-- As in 20261123000250, and chats.
create or replace function public.count_desk_work() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_communities uuid[];
  v_new bigint;
  v_mine bigint;
  v_unverified bigint;
  v_revisits bigint;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return '{"ok": true, "unseen": 0, "mine": 0, "unverified": 0, "revisits": 0, "chats": 0}'::jsonb;
  end if;
  v_communities := array(select private.communities_of(v_staff.user_id));
  execute format($q$select count(*) from (select from public.reports r where %s and %s and r.status = 'received' limit 100) t$q$,
    private.desk_scope(private.desk_post(v_staff)), private.desk_view('inbox')) into v_new using v_staff.station_id, v_staff.user_id, v_communities;
  execute format($q$select count(*) from (select from public.reports r where %s and r.assigned_to = $2 and r.status in ('triaged', 'in_progress') limit 100) t$q$,
    private.desk_scope(private.desk_post(v_staff))) into v_mine using v_staff.station_id, v_staff.user_id, v_communities;
  -- They stand beside the inbox, and their clock runs like any other.
  execute format($q$select count(*) from (select from public.reports r where %s and %s limit 100) t$q$,
    private.desk_scope(private.desk_post(v_staff)), private.desk_view('unverified')) into v_unverified using v_staff.station_id, v_staff.user_id, v_communities;
  -- For an officer the visits that are theirs, for whoever leads what climbed to them as well.
  execute format($q$select count(*) from (select from public.revisits v join public.reports r on r.id = v.report_id where (%s and %s) or (%s and %s) limit 100) t$q$,
    private.desk_scope(v_staff.role), private.revisit_view('mine'), private.revisit_scope(v_staff.role, 'climbed'), private.revisit_view('climbed'))
    into v_revisits using v_staff.station_id, v_staff.user_id, v_communities, '{}'::jsonb, coalesce(private.revisit_rank(v_staff.role), 9);
  return jsonb_build_object('ok', true, 'unseen', v_new, 'mine', v_mine, 'unverified', v_unverified, 'revisits', v_revisits, 'chats', private.count_threads(v_staff));
end;
$$;
