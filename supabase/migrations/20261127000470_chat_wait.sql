-- As in 20261124000140; where the chat is open around the clock, a wait goes on over midnight.
create or replace function private.waits_too_long(p_thread private.chat_threads) returns boolean
language sql stable set search_path = '' as $$
  select p_thread.state <> 'closed' and coalesce(p_thread.lead_told_at < p_thread.waiting_since, p_thread.waiting_since is not null)
    and (private.chat_hours_at(s.id, private.clock()) ->> 'is_open')::boolean
    and private.clock() >= greatest(p_thread.waiting_since, (d.today - (s.chat_hours ->> 'from' = '00:00' and s.chat_hours ->> 'to' = '24:00' and private.is_chat_day(s, d.today - 1))::integer + (s.chat_hours ->> 'from')::time) at time zone s.time_zone) + interval '30 minutes'
  from public.stations s cross join lateral (select (private.clock() at time zone s.time_zone)::date as today) d where s.id = p_thread.station_id;
$$;
