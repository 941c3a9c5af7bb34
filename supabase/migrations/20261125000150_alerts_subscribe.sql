-- Purpose: whoever asked for alerts is told of them: subscriptions without an account, and tables for the audience of each message.
-- Risk: low. The outbox gets three columns, its CHECK of recipients knows a third kind, and one index takes the place of another.

create table private.alert_subscriptions (
  id uuid primary key,
  number bigint not null generated always as identity unique,
  station_id uuid not null references public.stations (id) on delete restrict,
  channel public.delivery_channel not null,
  state text not null check (state in ('pending', 'active', 'ended')),
  token_hash public.keyed_hash not null unique,
  token_sealed public.sealed_text,
  handle_hash public.keyed_hash,
  handle_sealed public.sealed_text,
  chat_hash public.keyed_hash,
  user_id uuid references auth.users (id) on delete cascade,
  locale public.locale_code not null,
  community_ids uuid[] not null default '{}',
  grid_ids uuid[] not null default '{}',
  kinds text[] not null check (cardinality(kinds) > 0 and kinds <@ array['warning', 'tip', 'solved', 'notice']),
  min_colour public.alert_colour not null default 'blue',
  quiet_from time,
  quiet_to time,
  orange_passes boolean not null default true,
  confirm_hash public.keyed_hash unique,
  confirm_until timestamptz,
  created_at timestamptz not null,
  active_at timestamptz,
  ended_at timestamptz,
  ended_by public.code_name,
  constraint subscriptions_forget_when_they_end check (case when state = 'ended' then num_nonnulls(token_sealed, handle_hash, handle_sealed, chat_hash, user_id, confirm_hash) = 0 and ended_at is not null and ended_by is not null
    else num_nulls(token_sealed, handle_hash, handle_sealed) = 0 and num_nonnulls(ended_at, ended_by) = 0 end),
  constraint subscriptions_by_chat_name_it check (state = 'ended' or (channel = 'telegram') = (chat_hash is not null)),
  constraint subscriptions_wait_for_a_while check ((state = 'pending') <= (confirm_hash is not null and confirm_until is not null)),
  constraint subscriptions_are_quiet_for_a_while check (num_nonnulls(quiet_from, quiet_to) in (0, 2) and quiet_from <> quiet_to)
);
comment on table private.alert_subscriptions is 'Who wants which alerts, by which way. No account is needed: a token, known to whoever subscribed, changes and ends it. No place named: the whole station.';
comment on column private.alert_subscriptions.number is 'The order in which an audience is written out.';
comment on column private.alert_subscriptions.handle_sealed is 'Where to send: an address, a browser''s push subscription, a chat. Goes when the subscription ends.';
comment on column private.alert_subscriptions.handle_hash is 'The same handle is told once. The server has the key.';
comment on column private.alert_subscriptions.orange_passes is 'Whether orange warnings come in quiet hours; red ones always do.';
create unique index alert_subscriptions_once on private.alert_subscriptions (channel, handle_hash) where state = 'active';
create unique index alert_subscriptions_asked_once on private.alert_subscriptions (channel, handle_hash) where state = 'pending';
create index alert_subscriptions_in_order on private.alert_subscriptions (station_id, number) where state = 'active';
create index alert_subscriptions_by_user on private.alert_subscriptions (user_id) where user_id is not null;
create index alert_subscriptions_waiting on private.alert_subscriptions (confirm_until) where state = 'pending';
create index alert_subscriptions_ended on private.alert_subscriptions (ended_at) where state = 'ended';
alter table private.alert_subscriptions enable row level security;

create table private.alert_audience (
  alert_id uuid not null,
  subscription_id uuid not null,
  channel public.delivery_channel not null,
  community_id uuid,
  outbox_id bigint not null,
  outcome public.delivery_status,
  primary key (alert_id, subscription_id)
);
comment on table private.alert_audience is 'Who is told of a message, each once. community_id: through which of the places they named, null for the whole station.';
comment on column private.alert_audience.alert_id is 'No foreign keys here: alerts are never deleted, whoever lost their subscription only counts, and 200,000 checks take more than a second of a publication.';
comment on column private.alert_audience.outbox_id is 'Its row of the outbox. No foreign key: rows of the outbox go sooner, and then `outcome` says how it ended.';
create index alert_audience_by_subscription on private.alert_audience (subscription_id);
alter table private.alert_audience enable row level security;

alter table private.alert_expansions
  add column priority smallint not null default 4,
  add column at_number bigint not null default 0,
  add column people integer not null default 0;
comment on column private.alert_expansions.at_number is 'Up to which subscription the audience is written out.';
drop index private.alert_expansions_open;
create index alert_expansions_open on private.alert_expansions (priority, created_at) where finished_at is null;

alter table public.outbox
  add column subscription_id uuid,
  add column priority smallint not null default 4 check (priority between 0 and 6),
  add column expires_at timestamptz,
  drop constraint outbox_check,
  add constraint outbox_is_for_one check (num_nonnulls(recipient_id, recipient_sealed, subscription_id) = 1);
comment on column public.outbox.subscription_id is 'The recipient, where it is a subscription (private.alert_subscriptions). No foreign key: that costs two seconds for 100,000 rows, and what has lost its subscription is not sent.';
comment on column public.outbox.priority is '0: a call to duty. 1: somebody waits for it. 2: red. 3: orange. 4: all else. 5: yellow. 6: blue, tips, notices, solved, drills.';
comment on column public.outbox.expires_at is 'Not sent after this.';
-- Duty and what people say to each other first, as claim_telegram always did.
update public.outbox o set priority = case when o.template like 'duty.%' then 0 else 1 end
where o.status = 'queued' and o.channel = 'telegram' and (o.template like 'duty.%' or o.template in ('chat.reply', 'chat.notice', 'chat.staff_reply'));
drop index public.outbox_due;
create index outbox_due on public.outbox (channel, priority, send_after, id) where status = 'queued';

create function private.alert_priority(p_alert public.alerts) returns smallint
language sql immutable set search_path = '' as $$
  select case when p_alert.is_exercise then 6 else case p_alert.colour when 'red' then 2 when 'orange' then 3 when 'yellow' then 5 else 6 end end::smallint;
$$;

-- The moment after somebody's quiet hours; now, outside of them. shared/messages/quiet-hours.ts says the same.
create function private.after_quiet(p_now timestamptz, p_zone text, p_from time, p_to time) returns timestamptz
language sql stable set search_path = '' as $$
  select case when (p_from < p_to and l.at::time >= p_from and l.at::time < p_to) or (p_from > p_to and (l.at::time >= p_from or l.at::time < p_to))
    then (l.at::date + p_to + case when l.at::time >= p_to then interval '1 day' else interval '0' end) at time zone p_zone else p_now end
  from (select p_now at time zone p_zone as at) l;
$$;

/* Subscribing. */

-- Places of a station that somebody named; null when one is not there.
create function private.places_of(p_station uuid, p jsonb) returns jsonb
language sql stable set search_path = '' as $$
  with named as (
    select array(select distinct value::uuid from jsonb_array_elements_text(coalesce(p -> 'communities', '[]'::jsonb)) order by 1) as communities,
      array(select distinct value::uuid from jsonb_array_elements_text(coalesce(p -> 'grids', '[]'::jsonb)) order by 1) as grids
  )
  select jsonb_build_object('communities', to_jsonb(n.communities), 'grids', to_jsonb(n.grids)) from named n
  where cardinality(n.communities) <= 50 and cardinality(n.grids) <= 200
    and cardinality(n.communities) = (select count(*) from public.communities c where c.id = any (n.communities) and c.station_id = p_station)
    and cardinality(n.grids) = (select count(*) from public.grids g join public.communities c on c.id = g.community_id where g.id = any (n.grids) and c.station_id = p_station);
$$;
create function private.uuids_of(p jsonb) returns uuid[]
language sql immutable set search_path = '' as $$
  select array(select value::uuid from jsonb_array_elements_text(p));
$$;

-- Ends a subscription: where to send is forgotten, and what waits for it is not sent.
create function private.end_subscription(p_id uuid, p_why text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  update private.alert_subscriptions s set state = 'ended', ended_at = private.clock(), ended_by = p_why,
    token_sealed = null, handle_hash = null, handle_sealed = null, chat_hash = null, user_id = null, confirm_hash = null
  where s.id = p_id and s.state <> 'ended';
  update public.outbox o set status = 'cancelled', settled_at = private.clock(), last_error = 'unsubscribed', params_sealed = null, chat_hash = null
  from private.alert_audience x where x.subscription_id = p_id and o.id = x.outbox_id and o.status = 'queued' and (o.leased_until is null or o.leased_until <= now());
end;
$$;

create function private.subscription_facts(s private.alert_subscriptions) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('id', s.id, 'channel', s.channel, 'state', s.state, 'locale', s.locale, 'communities', to_jsonb(s.community_ids), 'grids', to_jsonb(s.grid_ids), 'kinds', to_jsonb(s.kinds), 'min_colour', s.min_colour,
    'quiet_from', to_char(s.quiet_from, 'HH24:MI'), 'quiet_to', to_char(s.quiet_to, 'HH24:MI'), 'orange_passes', s.orange_passes, 'created_at', s.created_at, 'is_own', s.user_id is not null,
    'token_hash', s.token_hash, 'token_sealed', s.token_sealed, 'handle_hash', s.handle_hash, 'handle_sealed', s.handle_sealed);
$$;

/*
  Somebody wants alerts. p: id, channel, token_hash, token_sealed, handle_hash, handle_sealed, chat_hash? (telegram), actor?, session?, locale, communities[], grids[] (none: the whole station), kinds[], min_colour,
  quiet_from?, quiet_to?, orange_passes, limits; email: confirm_hash, params_sealed (what the mail that asks needs)
  By mail it waits 48 hours for a yes from the letter box; the answer is the same whether the address was known or not. A browser or a chat has said yes already: what it asked for before is replaced.
  → {ok, state} | rate_limited, invalid_input
*/
create function public.subscribe_to_alerts(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_actor uuid := case when p ->> 'actor' is not null then private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid) end;
  v_station uuid := (select s.id from public.stations s where s.is_default);
  v_places jsonb := private.places_of(v_station, p);
  v_is_mail boolean := p ->> 'channel' = 'email';
  v_now timestamptz := private.clock();
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  if v_places is null or v_is_mail <> (p ->> 'confirm_hash' is not null) then
    return private.refuse('invalid_input');
  end if;
  -- The same handle by two requests at once: one after the other.
  perform pg_advisory_xact_lock(hashtext('subscription ' || (p ->> 'handle_hash')));
  if v_is_mail then
    delete from private.alert_subscriptions s where s.channel = 'email' and s.handle_hash = p ->> 'handle_hash' and s.state = 'pending';
  else
    perform private.end_subscription(s.id, 'replaced') from private.alert_subscriptions s where s.channel = p ->> 'channel' and s.handle_hash = p ->> 'handle_hash' and s.state = 'active';
  end if;
  insert into private.alert_subscriptions (id, station_id, channel, state, token_hash, token_sealed, handle_hash, handle_sealed, chat_hash, user_id, locale, community_ids, grid_ids, kinds, min_colour,
    quiet_from, quiet_to, orange_passes, confirm_hash, confirm_until, created_at, active_at)
  values ((p ->> 'id')::uuid, v_station, p ->> 'channel', case when v_is_mail then 'pending' else 'active' end, p ->> 'token_hash', p ->> 'token_sealed', p ->> 'handle_hash', p ->> 'handle_sealed', p ->> 'chat_hash', v_actor,
    p ->> 'locale', private.uuids_of(v_places -> 'communities'), private.uuids_of(v_places -> 'grids'), array(select jsonb_array_elements_text(p -> 'kinds')), p ->> 'min_colour',
    (p ->> 'quiet_from')::time, (p ->> 'quiet_to')::time, coalesce((p ->> 'orange_passes')::boolean, true), p ->> 'confirm_hash', case when v_is_mail then v_now + interval '48 hours' end, v_now, case when not v_is_mail then v_now end);
  if v_is_mail then
    insert into public.outbox (channel, template, noun, subscription_id, params_sealed, locale, priority, expires_at)
    values ('email', 'alerts.confirm', 'alerts', (p ->> 'id')::uuid, p ->> 'params_sealed', p ->> 'locale', 1, v_now + interval '48 hours');
  end if;
  return jsonb_build_object('ok', true, 'state', case when v_is_mail then 'pending' else 'active' end);
end;
$$;
comment on function public.subscribe_to_alerts(jsonb) is 'The server''s: it takes sealed handles. Definer: the tables are private.';
revoke all on function public.subscribe_to_alerts(jsonb) from public;
grant execute on function public.subscribe_to_alerts(jsonb) to service_role;

-- The yes from the letter box. What the address asked for before is replaced. A second yes is the same. p: confirm_hash, limits → {ok, subscription} | rate_limited, not_found
create function public.confirm_subscription(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_subscription private.alert_subscriptions;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select s.* into v_subscription from private.alert_subscriptions s where s.confirm_hash = p ->> 'confirm_hash' and s.confirm_until > private.clock() for update;
  if v_subscription.id is null then
    return private.refuse('not_found');
  end if;
  if v_subscription.state = 'pending' then
    perform private.end_subscription(s.id, 'replaced') from private.alert_subscriptions s where s.channel = v_subscription.channel and s.handle_hash = v_subscription.handle_hash and s.state = 'active';
    update private.alert_subscriptions s set state = 'active', active_at = private.clock() where s.id = v_subscription.id returning * into v_subscription;
  end if;
  return jsonb_build_object('ok', true, 'subscription', private.subscription_facts(v_subscription));
end;
$$;
comment on function public.confirm_subscription(jsonb) is 'The server''s: guests confirm. Definer: the tables are private.';
revoke all on function public.confirm_subscription(jsonb) from public;
grant execute on function public.confirm_subscription(jsonb) to service_role;

-- p: token_hash → {ok, subscription} | not_found. One that has ended is there with its state, and says nothing else that was forgotten.
create function public.read_subscription(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce((select jsonb_build_object('ok', true, 'subscription', private.subscription_facts(s)) from private.alert_subscriptions s where s.token_hash = p ->> 'token_hash'), private.refuse('not_found'));
$$;
comment on function public.read_subscription(jsonb) is 'The server''s: it has the key of the hash. Definer: the tables are private.';
revoke all on function public.read_subscription(jsonb) from public;
grant execute on function public.read_subscription(jsonb) to service_role;

-- All settings at once. p: token_hash, locale, communities[], grids[], kinds[], min_colour, quiet_from?, quiet_to?, orange_passes → {ok, subscription} | not_found, invalid_input
create function public.change_subscription(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_subscription private.alert_subscriptions;
  v_places jsonb;
begin
  select s.* into v_subscription from private.alert_subscriptions s where s.token_hash = p ->> 'token_hash' and s.state <> 'ended' for update;
  if v_subscription.id is null then
    return private.refuse('not_found');
  end if;
  v_places := private.places_of(v_subscription.station_id, p);
  if v_places is null then
    return private.refuse('invalid_input');
  end if;
  update private.alert_subscriptions s set locale = p ->> 'locale', community_ids = private.uuids_of(v_places -> 'communities'), grid_ids = private.uuids_of(v_places -> 'grids'), kinds = array(select jsonb_array_elements_text(p -> 'kinds')),
    min_colour = p ->> 'min_colour', quiet_from = (p ->> 'quiet_from')::time, quiet_to = (p ->> 'quiet_to')::time, orange_passes = coalesce((p ->> 'orange_passes')::boolean, true)
  where s.id = v_subscription.id returning * into v_subscription;
  return jsonb_build_object('ok', true, 'subscription', private.subscription_facts(v_subscription));
end;
$$;
comment on function public.change_subscription(jsonb) is 'The server''s: it has the key of the hash. Definer: the tables are private.';
revoke all on function public.change_subscription(jsonb) from public;
grant execute on function public.change_subscription(jsonb) to service_role;

-- A browser has a new push address for the same subscription. What somebody else subscribed under that address is over. p: token_hash, handle_hash, handle_sealed, limits → {ok, subscription} | not_found, rate_limited
create function public.move_subscription(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_subscription private.alert_subscriptions;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  -- As in subscribe_to_alerts: one address, one after the other.
  perform pg_advisory_xact_lock(hashtext('subscription ' || (p ->> 'handle_hash')));
  select s.* into v_subscription from private.alert_subscriptions s where s.token_hash = p ->> 'token_hash' and s.channel = 'webpush' and s.state = 'active' for update;
  if v_subscription.id is null then
    return private.refuse('not_found');
  end if;
  perform private.end_subscription(s.id, 'replaced') from private.alert_subscriptions s where s.channel = 'webpush' and s.handle_hash = p ->> 'handle_hash' and s.state = 'active' and s.id <> v_subscription.id;
  update private.alert_subscriptions s set handle_hash = p ->> 'handle_hash', handle_sealed = p ->> 'handle_sealed' where s.id = v_subscription.id returning * into v_subscription;
  return jsonb_build_object('ok', true, 'subscription', private.subscription_facts(v_subscription));
end;
$$;
comment on function public.move_subscription(jsonb) is 'The server''s: it takes sealed handles. Definer: the tables are private.';
revoke all on function public.move_subscription(jsonb) from public;
grant execute on function public.move_subscription(jsonb) to service_role;

-- One tap, as often as somebody likes (RFC 8058). p: token_hash, or chat_hash of a Telegram chat → {ok, ended: how many} | not_found
create function public.unsubscribe_from_alerts(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_ids uuid[] := array(select s.id from private.alert_subscriptions s where s.state <> 'ended' and (s.token_hash = p ->> 'token_hash' or s.chat_hash = p ->> 'chat_hash') order by s.number for update);
begin
  if cardinality(v_ids) = 0 and not exists (select from private.alert_subscriptions s where s.token_hash = p ->> 'token_hash') then
    return private.refuse('not_found');
  end if;
  perform private.end_subscription(u.id, 'unsubscribed') from unnest(v_ids) u (id);
  return jsonb_build_object('ok', true, 'ended', cardinality(v_ids));
end;
$$;
comment on function public.unsubscribe_from_alerts(jsonb) is 'The server''s: it has the key of the hash. Definer: the tables are private.';
revoke all on function public.unsubscribe_from_alerts(jsonb) from public;
grant execute on function public.unsubscribe_from_alerts(jsonb) to service_role;

-- The account's own, and the chat's: what is asked for there. p: actor, session | chat_hash → {ok, subscriptions}
create function public.list_subscriptions(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := case when p ->> 'actor' is not null then private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid) end;
begin
  return jsonb_build_object('ok', true, 'subscriptions', coalesce((select jsonb_agg(private.subscription_facts(s) order by s.number) from private.alert_subscriptions s
    where s.state <> 'ended' and (s.user_id = v_actor or s.chat_hash = p ->> 'chat_hash')), '[]'::jsonb));
end;
$$;
comment on function public.list_subscriptions(jsonb) is 'The server''s: it opens the links. Definer: the tables are private.';
revoke all on function public.list_subscriptions(jsonb) from public;
grant execute on function public.list_subscriptions(jsonb) to service_role;
