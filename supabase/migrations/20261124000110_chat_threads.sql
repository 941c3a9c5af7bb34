-- Purpose: the chatbot hands over to a person (PRODUCT §7): a thread, its letters, who answered, the closing survey; the hours in which somebody
-- answers; who is told. Texts are sealed by the portal and leave for staff only through a function that logs (RULES B3): 20261124000115_chat_desk.
-- Risk: none for data, new objects; one column with a default on public.stations.

create domain public.chat_channel as text check (value in ('web', 'telegram'));

-- Hours of the chat. `days`: working (by the station's calendar) or every (all but those on which it is closed).
create function private.are_chat_hours(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(jsonb_typeof(p) = 'object' and p - array['from', 'to', 'days'] = '{}'::jsonb and p ->> 'days' in ('working', 'every')
    and p ->> 'from' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and p ->> 'to' ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' and p ->> 'from' < p ->> 'to', false);
$$;
alter table public.stations add column chat_hours jsonb not null default '{"from": "09:00", "to": "18:00", "days": "working"}' check (private.are_chat_hours(chat_hours));
comment on column public.stations.chat_hours is 'When colleagues answer in the chat, by the clock on the station''s wall.';

create table private.chat_threads (
  id uuid primary key,
  number bigint generated always as identity unique,
  conversation_id uuid not null,
  station_id uuid not null references public.stations (id) on delete restrict,
  community_id uuid references public.communities (id) on delete restrict,
  channel public.chat_channel not null,
  locale public.locale_code not null,
  is_about_police boolean not null default false,
  handle_sealed public.sealed_text,
  state text not null default 'waiting' check (state in ('waiting', 'open', 'closed')),
  opened_at timestamptz not null,
  waiting_since timestamptz,
  answered_at timestamptz,
  answered_by uuid references public.staff (user_id) on delete restrict,
  staff_id uuid references public.staff (user_id) on delete restrict,
  last_at timestamptz not null,
  closed_at timestamptz,
  closed_by text check (closed_by in ('staff', 'resident', 'system')),
  rating smallint check (rating between 1 and 5),
  rating_word_sealed public.sealed_text,
  rated_at timestamptz,
  check ((answered_at is null) = (answered_by is null)),
  check ((state = 'waiting') = (answered_at is null and closed_at is null)),
  check ((state = 'closed') = (closed_at is not null) and (closed_at is null) = (closed_by is null)),
  check (state <> 'closed' or waiting_since is null),
  check (state <> 'closed' or handle_sealed is null or rated_at is null),
  check ((rating is null) = (rated_at is null) and (rated_at is null or state = 'closed') and (rating_word_sealed is null or rating is not null))
);
comment on table private.chat_threads is 'A conversation that a person at the station has taken over, or shall: waiting, open, closed. While it is not closed the bot is silent.';
comment on column private.chat_threads.conversation_id is 'public.chat_conversations; not a reference, since a thread outlives the conversation''s state.';
comment on column private.chat_threads.handle_sealed is 'Telegram: where an answer goes, sealed as in the conversation. Gone with the survey, or after a week.';
comment on column private.chat_threads.waiting_since is 'Since when the resident''s words have no answer; null: the ball is with the resident.';
comment on column private.chat_threads.staff_id is 'Whose it is now: whoever answered last.';
comment on column private.chat_threads.is_about_police is 'Read by station leaders alone (RULES A6).';
create unique index chat_threads_one_at_a_time on private.chat_threads (conversation_id) where state <> 'closed';
create index chat_threads_by_state on private.chat_threads (station_id, state, last_at desc, id desc);
create index chat_threads_by_conversation on private.chat_threads (conversation_id, number desc);
create index chat_threads_by_staff on private.chat_threads (staff_id) where staff_id is not null;
create index chat_threads_by_answerer on private.chat_threads (answered_by) where answered_by is not null;
create index chat_threads_by_community on private.chat_threads (community_id) where community_id is not null;
create index chat_threads_closed on private.chat_threads (closed_at) where closed_at is not null;
alter table private.chat_threads enable row level security;

create table private.chat_thread_messages (
  id uuid primary key,
  thread_id uuid not null references private.chat_threads (id) on delete cascade,
  number integer not null check (number >= 1),
  at timestamptz not null,
  author text not null check (author in ('resident', 'bot', 'staff')),
  is_before boolean not null default false,
  staff_id uuid references public.staff (user_id) on delete restrict,
  text_sealed public.sealed_text not null,
  unique (thread_id, number),
  check ((author = 'staff') = (staff_id is not null)),
  check (author <> 'bot' or is_before)
);
comment on table private.chat_thread_messages is 'What was said since the hand-over, and (is_before) the last turns before it that the resident agreed to pass on.';
create index chat_thread_messages_by_staff on private.chat_thread_messages (staff_id) where staff_id is not null;
alter table private.chat_thread_messages enable row level security;

/* Hours. */

create function private.is_chat_day(p_station public.stations, p_day date) returns boolean
language sql stable set search_path = '' as $$
  select coalesce((select case d.kind when 'closed' then false when 'workday' then true else p_station.chat_hours ->> 'days' = 'every' end from public.calendar_days d where d.station_id = p_station.id and d.day = p_day),
    p_station.chat_hours ->> 'days' = 'every' or extract(isodow from p_day) < 6);
$$;

-- → {is_open, opens_at: null while open, closes_at: null while shut, time_zone, from, to, days}
create function private.chat_hours_at(p_station uuid, p_at timestamptz) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_station public.stations;
  v_today date;
  v_from time;
  v_to interval;
  v_opens timestamptz;
  v_closes timestamptz;
begin
  select s.* into v_station from public.stations s where s.id = p_station;
  v_today := (p_at at time zone v_station.time_zone)::date;
  v_from := (v_station.chat_hours ->> 'from')::time;
  v_to := (v_station.chat_hours ->> 'to')::interval;
  if private.is_chat_day(v_station, v_today) then
    v_closes := (v_today + v_to) at time zone v_station.time_zone;
    if p_at < v_closes and p_at >= (v_today + v_from) at time zone v_station.time_zone then
      return v_station.chat_hours || jsonb_build_object('is_open', true, 'opens_at', null, 'closes_at', v_closes, 'time_zone', v_station.time_zone);
    end if;
  end if;
  -- The longest run of days on which a station is closed is that of the Spring Festival; a month is more than enough.
  select min((d.day::date + v_from) at time zone v_station.time_zone) into v_opens
  from generate_series(v_today::timestamp, v_today + 31, interval '1 day') d (day)
  where (d.day::date + v_from) at time zone v_station.time_zone > p_at and private.is_chat_day(v_station, d.day::date);
  return v_station.chat_hours || jsonb_build_object('is_open', false, 'opens_at', v_opens, 'closes_at', null, 'time_zone', v_station.time_zone);
end;
$$;

create function public.get_chat_hours() returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce((select private.chat_hours_at(s.id, private.clock()) from public.stations s where s.is_default), '{}'::jsonb);
$$;
comment on function public.get_chat_hours() is 'When somebody answers in the chat: a public read. Definer: the clock''s offset is private.';
revoke all on function public.get_chat_hours() from public;
grant execute on function public.get_chat_hours() to anon, authenticated, service_role;

/* The resident's side. */

-- Mails of duty: to whoever is on duty, else to the leads, else to the chiefs; about the police to the chiefs. Outside the hours of the chat only
-- whoever is on duty is told at once. One mail for all that waits: while an earlier one has not been tried, it is enough.
create function private.notify_thread(p_thread private.chat_threads) returns integer
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
  where not exists (select from public.outbox o where o.recipient_id = u and o.template = 'chat.waiting' and o.status = 'queued' and o.attempts = 0 and o.leased_by is null and o.send_after <= v_after);
  return cardinality(v_people);
end;
$$;

create function private.thread_facts(p_thread private.chat_threads) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('id', p_thread.id, 'state', p_thread.state, 'channel', p_thread.channel, 'locale', p_thread.locale, 'opened_at', p_thread.opened_at, 'answered_at', p_thread.answered_at,
    'waiting_since', p_thread.waiting_since, 'closed_at', p_thread.closed_at, 'closed_by', p_thread.closed_by, 'rating', p_thread.rating);
$$;

create function private.thread_of(p_conversation uuid) returns private.chat_threads
language sql stable set search_path = '' as $$
  select t.* from private.chat_threads t where t.conversation_id = p_conversation order by t.number desc limit 1;
$$;

create function private.add_to_thread(p_thread uuid, p jsonb, p_author text, p_is_before boolean, p_staff uuid default null) returns void
language sql volatile set search_path = '' as $$
  insert into private.chat_thread_messages (id, thread_id, number, at, author, is_before, staff_id, text_sealed)
  values ((p ->> 'id')::uuid, p_thread, (select coalesce(max(m.number), 0) + 1 from private.chat_thread_messages m where m.thread_id = p_thread), coalesce((p ->> 'at')::timestamptz, private.clock()),
    p_author, p_is_before, p_staff, p ->> 'text_sealed');
$$;

/*
  The conversation goes to a person. p: id (made by the portal: a repeat answers with the thread that is there), conversation, channel, locale, community?,
  is_about_police?, handle_sealed? (telegram), messages[]: {id, from: resident | bot, text_sealed, at?}: the turns that the resident agreed to pass on.
  A conversation has one thread at a time. → {ok, is_replay, thread: {id, state, …}, hours: {is_open, opens_at, …}} | invalid_input
  For commit_turn in its own transaction: private.begin_thread(p), the same.
*/
create function private.begin_thread(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_station uuid := coalesce((select c.station_id from public.communities c where c.id = (p ->> 'community')::uuid), (select s.id from public.stations s where s.is_default));
  v_thread private.chat_threads;
  v_message jsonb;
begin
  if p ->> 'id' is null or p ->> 'conversation' is null or v_station is null or (p ->> 'channel' = 'telegram') <> (p ->> 'handle_sealed' is not null)
    or jsonb_typeof(coalesce(p -> 'messages', '[]'::jsonb)) <> 'array' or jsonb_array_length(coalesce(p -> 'messages', '[]'::jsonb)) > 20 then
    return private.refuse('invalid_input');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('linli thread ' || (p ->> 'conversation'), 0));
  select t.* into v_thread from private.chat_threads t
  where t.conversation_id = (p ->> 'conversation')::uuid and (t.id = (p ->> 'id')::uuid or t.state <> 'closed') order by t.id = (p ->> 'id')::uuid desc limit 1;
  if v_thread.id is not null then
    return jsonb_build_object('ok', true, 'is_replay', true, 'thread', private.thread_facts(v_thread), 'hours', private.chat_hours_at(v_thread.station_id, private.clock()));
  end if;
  insert into private.chat_threads (id, conversation_id, station_id, community_id, channel, locale, is_about_police, handle_sealed, opened_at, waiting_since, last_at)
  values ((p ->> 'id')::uuid, (p ->> 'conversation')::uuid, v_station, (p ->> 'community')::uuid, p ->> 'channel', p ->> 'locale', coalesce((p ->> 'is_about_police')::boolean, false), p ->> 'handle_sealed',
    private.clock(), private.clock(), private.clock())
  returning * into v_thread;
  for v_message in select value from jsonb_array_elements(coalesce(p -> 'messages', '[]'::jsonb)) loop
    perform private.add_to_thread(v_thread.id, v_message, v_message ->> 'from', true);
  end loop;
  perform private.log(v_station, null, 'system', 'chat.thread_opened', 'chat', v_thread.id, jsonb_build_object('face', v_thread.channel, 'people', private.notify_thread(v_thread)));
  return jsonb_build_object('ok', true, 'is_replay', false, 'thread', private.thread_facts(v_thread), 'hours', private.chat_hours_at(v_station, private.clock()));
end;
$$;

create function public.open_thread(p jsonb) returns jsonb
language sql volatile security definer set search_path = '' as $$
  select private.begin_thread(p);
$$;
comment on function public.open_thread(jsonb) is 'Definer: the tables are private.';
revoke all on function public.open_thread(jsonb) from public;
grant execute on function public.open_thread(jsonb) to service_role;

-- What the resident says while a person has the thread. p: conversation, id, text_sealed, at? → {ok, is_replay, thread, hours} | not_found: no thread, or closed
create function private.say_in_thread(p jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.conversation_id = (p ->> 'conversation')::uuid and t.state <> 'closed' for update;
  if v_thread.id is null then
    return private.refuse('not_found');
  end if;
  if p ->> 'id' is null or p ->> 'text_sealed' is null then
    return private.refuse('invalid_input');
  end if;
  if exists (select from private.chat_thread_messages m where m.id = (p ->> 'id')::uuid) then
    return jsonb_build_object('ok', true, 'is_replay', true, 'thread', private.thread_facts(v_thread), 'hours', private.chat_hours_at(v_thread.station_id, private.clock()));
  end if;
  perform private.add_to_thread(v_thread.id, p, 'resident', false);
  update private.chat_threads t set last_at = private.clock(), waiting_since = coalesce(t.waiting_since, private.clock()) where t.id = v_thread.id returning * into v_thread;
  return jsonb_build_object('ok', true, 'is_replay', false, 'thread', private.thread_facts(v_thread), 'hours', private.chat_hours_at(v_thread.station_id, private.clock()));
end;
$$;

create function public.add_thread_message(p jsonb) returns jsonb
language sql volatile security definer set search_path = '' as $$
  select private.say_in_thread(p);
$$;
comment on function public.add_thread_message(jsonb) is 'Definer: the tables are private.';
revoke all on function public.add_thread_message(jsonb) from public;
grant execute on function public.add_thread_message(jsonb) to service_role;

-- The newest thread of a conversation for its resident, who reads without a trace. p: conversation, after? (number) → {ok, thread | null, hours, messages[] since the hand-over: {id, number, from, by, at, text_sealed}}
create function public.read_own_thread(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_thread private.chat_threads := private.thread_of((p ->> 'conversation')::uuid);
begin
  if v_thread.id is null then
    return jsonb_build_object('ok', true, 'thread', null, 'hours', public.get_chat_hours(), 'messages', '[]'::jsonb);
  end if;
  return jsonb_build_object('ok', true, 'thread', private.thread_facts(v_thread), 'hours', private.chat_hours_at(v_thread.station_id, private.clock()),
    'messages', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'number', m.number, 'from', m.author, 'by', s.name, 'role', s.role, 'at', m.at, 'text_sealed', m.text_sealed) order by m.number)
      from private.chat_thread_messages m left join public.staff s on s.user_id = m.staff_id
      where m.thread_id = v_thread.id and not m.is_before and m.number > coalesce((p ->> 'after')::integer, 0)), '[]'::jsonb));
end;
$$;
comment on function public.read_own_thread(jsonb) is 'Definer: the tables are private.';
revoke all on function public.read_own_thread(jsonb) from public;
grant execute on function public.read_own_thread(jsonb) to service_role;

-- For the channel that carries an answer of staff (outbox chat.staff_reply, noun_id = the message). p: id → {ok, thread, conversation, locale, state, by, at, text_sealed} | not_found
create function public.read_thread_message(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_answer jsonb;
begin
  select jsonb_build_object('ok', true, 'thread', t.id, 'conversation', t.conversation_id, 'locale', t.locale, 'state', t.state, 'by', s.name, 'role', s.role, 'at', m.at, 'text_sealed', m.text_sealed) into v_answer
  from private.chat_thread_messages m join private.chat_threads t on t.id = m.thread_id left join public.staff s on s.user_id = m.staff_id
  where m.id = (p ->> 'id')::uuid and m.author = 'staff';
  return coalesce(v_answer, private.refuse('not_found'));
end;
$$;
comment on function public.read_thread_message(jsonb) is 'Definer: the tables are private.';
revoke all on function public.read_thread_message(jsonb) from public;
grant execute on function public.read_thread_message(jsonb) to service_role;

create function private.finish_thread(p_thread private.chat_threads, p_by text, p_staff public.staff) returns private.chat_threads
language plpgsql volatile set search_path = '' as $$
declare
  v_thread private.chat_threads;
  v_staff public.staff := p_staff;
begin
  update private.chat_threads t set state = 'closed', closed_at = private.clock(), closed_by = p_by, waiting_since = null, last_at = private.clock() where t.id = p_thread.id returning * into v_thread;
  if p_by = 'staff' then
    perform private.log(v_thread.station_id, v_staff.user_id, v_staff.role, 'chat.closed', 'chat', v_thread.id, jsonb_build_object('by', p_by));
  else
    perform private.log(v_thread.station_id, null, case p_by when 'resident' then 'guest' else 'system' end, 'chat.closed', 'chat', v_thread.id, jsonb_build_object('by', p_by));
  end if;
  -- Whoever ended it themselves needs no word that it has ended; the survey is asked where they are.
  if v_thread.handle_sealed is not null and p_by <> 'resident' then
    insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, locale) values ('telegram', 'chat.closed', 'chat', v_thread.id, v_thread.handle_sealed, v_thread.locale);
  end if;
  return v_thread;
end;
$$;

-- "Back to the assistant": the resident ends it. p: conversation → {ok, thread} | not_found
create function public.leave_thread(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_thread private.chat_threads;
begin
  select t.* into v_thread from private.chat_threads t where t.conversation_id = (p ->> 'conversation')::uuid and t.state <> 'closed' for update;
  if v_thread.id is null then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'thread', private.thread_facts(private.finish_thread(v_thread, 'resident', null)));
end;
$$;
comment on function public.leave_thread(jsonb) is 'Definer: the tables are private.';
revoke all on function public.leave_thread(jsonb) from public;
grant execute on function public.leave_thread(jsonb) to service_role;

-- The closing survey, once, within a week of the end. p: conversation, rating 1–5, word_sealed? → {ok, thread} | not_found, conflict: asked already, invalid_input
create function public.rate_thread(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_thread private.chat_threads := private.thread_of((p ->> 'conversation')::uuid);
begin
  if coalesce(p ->> 'rating', '') !~ '^[1-5]$' then
    return private.refuse('invalid_input');
  end if;
  select t.* into v_thread from private.chat_threads t where t.id = v_thread.id and t.state = 'closed' and t.closed_at > private.clock() - interval '7 days' for update;
  if v_thread.id is null then
    return private.refuse('not_found');
  end if;
  if v_thread.rating is not null then
    return private.refuse('conflict');
  end if;
  update private.chat_threads t set rating = (p ->> 'rating')::smallint, rating_word_sealed = p ->> 'word_sealed', rated_at = private.clock(), handle_sealed = null where t.id = v_thread.id returning * into v_thread;
  perform private.log(v_thread.station_id, null, 'guest', 'chat.rated', 'chat', v_thread.id, jsonb_build_object('rating', v_thread.rating));
  return jsonb_build_object('ok', true, 'thread', private.thread_facts(v_thread));
end;
$$;
comment on function public.rate_thread(jsonb) is 'Definer: the tables are private.';
revoke all on function public.rate_thread(jsonb) from public;
grant execute on function public.rate_thread(jsonb) to service_role;

-- "Delete my data": called by whatever forgets the conversation, in its transaction. → how many threads went
create function private.forget_threads(p_conversation uuid) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_thread private.chat_threads;
  v_count integer := 0;
begin
  for v_thread in select t.* from private.chat_threads t where t.conversation_id = p_conversation for update loop
    update public.outbox o set status = 'cancelled', settled_at = private.clock() where o.noun = 'chat' and o.status = 'queued' and o.leased_by is null
      and (o.noun_id = v_thread.id or o.noun_id in (select m.id from private.chat_thread_messages m where m.thread_id = v_thread.id));
    delete from private.chat_threads t where t.id = v_thread.id;
    perform private.log(v_thread.station_id, null, 'guest', 'chat.forgotten', 'chat', v_thread.id);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;
