-- Purpose: what comes back from an alert: seen, safe, need help, know something. A cry for help calls whoever is on duty in the same transaction. And how far a message came.
-- Risk: none for data, new objects; also_by_telegram, is_duty_mail and export_account are written anew.

create table private.alert_responses (
  id uuid primary key default gen_random_uuid(),
  alert_id uuid not null references public.alerts (id) on delete restrict,
  kind text not null check (kind in ('seen', 'safe', 'help', 'know')),
  who_hash public.keyed_hash not null,
  community_id uuid references public.communities (id) on delete restrict,
  channel text not null check (channel in ('web', 'email', 'webpush', 'telegram')),
  locale public.locale_code not null,
  words_sealed public.sealed_text[] not null default '{}' check (cardinality(words_sealed) <= 20),
  at timestamptz not null,
  handled_at timestamptz,
  handled_by uuid references public.staff (user_id) on delete restrict,
  unique (alert_id, kind, who_hash),
  check (num_nonnulls(handled_at, handled_by) in (0, 2)),
  constraint responses_are_read_where_somebody_waits check (kind in ('help', 'know') or (words_sealed = '{}' and handled_at is null))
);
comment on table private.alert_responses is 'One answer of each kind from each who was told, or who read the page. who_hash: keyed, of a subscription, a chat or a cookie; nobody reads it.';
comment on column private.alert_responses.words_sealed is 'What they said, in the order they said it: who waits for help has more to say.';
comment on column private.alert_responses.community_id is 'Where they are, if that is one of the message''s communities.';
create index alert_responses_at_the_desk on private.alert_responses (at desc, id) where kind in ('help', 'know');
create index alert_responses_by_age on private.alert_responses (at);
alter table private.alert_responses enable row level security;

create or replace function private.is_duty_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
  select p_template in ('revisits.overdue', 'revisits.overdue_own', 'revisits.overdue_chief', 'revisits.climbed', 'revisits.several', 'duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late', 'alerts.help',
    'staff.factor_enrolled', 'staff.factor_changed', 'staff.factor_reset', 'staff.recovery_used', 'staff.codes_renewed', 'staff.password_changed', 'staff.invited', 'staff.proposed', 'staff.changed');
$$;

-- As in 20261124000255, and calls for help.
create or replace function private.also_by_telegram() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_is_call boolean := new.template in ('duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late', 'alerts.help');
  v_link private.telegram_links;
begin
  select l.* into v_link from private.telegram_links l
  where l.user_id = coalesce(new.recipient_id, case when new.noun = 'reports' then (select r.owner_id from public.reports r where r.id = new.noun_id) end);
  if v_link.user_id is null or (v_link.news = 'mail' and not v_is_call) then
    return new;
  end if;
  if new.noun in ('chat', 'alerts') and exists (select from public.outbox o where o.channel = 'telegram' and o.recipient_id = v_link.user_id and o.template = new.template and (new.noun = 'chat' or o.noun_id = new.noun_id)
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
    'revisits.asked', 'revisits.reminder', 'revisits.asked_again', 'revisits.outcome', 'duty.urgent', 'duty.climbed', 'duty.unopened', 'chat.waiting', 'chat.late', 'alerts.help'))
  execute function private.also_by_telegram();

-- Calls whoever is on duty, else the leads, else the chiefs: that somebody asked for help, not what. One call that is not on its way yet stands for all that follow. How many were called.
create function private.call_for_help(p_alert public.alerts) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_people uuid[] := array(select private.on_duty(p_alert.station_id, private.clock()));
begin
  if cardinality(v_people) = 0 then
    v_people := array(select s.user_id from public.staff s where s.station_id = p_alert.station_id and s.is_active
      and s.role = case when exists (select from public.staff l where l.station_id = p_alert.station_id and l.is_active and l.role = 'lead') then 'lead' else 'chief' end);
  end if;
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale, priority)
  select 'email', 'alerts.help', 'alerts', p_alert.id, u, coalesce(f.locale, 'zh'), 0
  from unnest(v_people) u left join public.profiles f on f.user_id = u
  where not exists (select from public.outbox o where o.recipient_id = u and o.channel = 'email' and o.template = 'alerts.help' and o.noun_id = p_alert.id and o.status = 'queued' and o.attempts = 0 and o.leased_by is null);
  return cardinality(v_people);
end;
$$;

/*
  Somebody answers. p: identifier, kind, who_hash, channel, locale, token_hash? or chat_hash? (of a subscription: tells where they are), community?, text_sealed?, limits
  The same answer again is the same; words that come later are added. → {ok, is_new, has_duty: somebody was called (help)} | rate_limited, not_found
*/
create function public.respond_to_alert(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_wait integer := private.take_all(p -> 'limits');
  v_alert public.alerts;
  v_community uuid := (p ->> 'community')::uuid;
  v_id uuid;
  v_is_new boolean := false;
  v_called integer;
begin
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  select a.* into v_alert from public.alerts a where a.identifier = p ->> 'identifier' and a.state = 'published';
  if v_alert.id is null then
    return private.refuse('not_found');
  end if;
  if v_community is null and num_nonnulls(p ->> 'token_hash', p ->> 'chat_hash') > 0 then
    select x.community_id into v_community from private.alert_audience x join private.alert_subscriptions s on s.id = x.subscription_id
    where x.alert_id = v_alert.id and (s.token_hash = p ->> 'token_hash' or s.chat_hash = p ->> 'chat_hash') order by s.number desc limit 1;
  end if;
  if not v_community = any (v_alert.community_ids) then
    v_community := null;
  end if;
  insert into private.alert_responses (alert_id, kind, who_hash, community_id, channel, locale, words_sealed, at)
  values (v_alert.id, p ->> 'kind', p ->> 'who_hash', v_community, p ->> 'channel', p ->> 'locale',
    case when p ->> 'kind' in ('help', 'know') then array_remove(array[p ->> 'text_sealed'], null) else '{}' end::public.sealed_text[], private.clock())
  on conflict (alert_id, kind, who_hash) do nothing returning id into v_id;
  v_is_new := v_id is not null;
  if not v_is_new then
    update private.alert_responses r set words_sealed = r.words_sealed || (p ->> 'text_sealed')::public.sealed_text, community_id = coalesce(r.community_id, v_community), handled_at = null, handled_by = null
    where r.alert_id = v_alert.id and r.kind = p ->> 'kind' and r.who_hash = p ->> 'who_hash' and r.kind in ('help', 'know') and cardinality(r.words_sealed) < 20 and p ->> 'text_sealed' is not null returning id into v_id;
  end if;
  if p ->> 'kind' = 'help' and v_id is not null then
    v_called := private.call_for_help(v_alert);
    perform private.log(v_alert.station_id, null, 'system', 'alert.help_called', 'alerts', v_alert.id, jsonb_build_object('alert', v_alert.identifier, 'people', v_called));
  end if;
  return jsonb_build_object('ok', true, 'is_new', v_is_new, 'has_duty', coalesce(v_called > 0, exists (select from private.on_duty(v_alert.station_id, private.clock()))));
end;
$$;
comment on function public.respond_to_alert(jsonb) is 'The server''s: guests answer, and it seals what they say. Definer: the tables are private.';
revoke all on function public.respond_to_alert(jsonb) from public;
grant execute on function public.respond_to_alert(jsonb) to service_role;

/* At the desk. */

-- Who answers whoever asked for help: lead and chief, whoever is on duty, and the officers of the communities.
create function private.may_answer_alert(p_alert public.alerts, p_staff public.staff) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_alert.state = 'published' and p_alert.station_id = p_staff.station_id and (p_staff.role in ('lead', 'chief')
    or (p_staff.role = 'officer' and (p_alert.community_ids && array(select private.communities_of(p_staff.user_id)) or p_staff.user_id in (select private.on_duty(p_staff.station_id, private.clock()))))), false);
$$;

-- Calls for help and what people know, without their words. p: {identifier?, kind?, is_open?, before? (at), limit?} → {ok, responses: newest first, open: how many calls for help wait} | forbidden
create function public.list_alert_responses(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if coalesce(v_staff.role not in ('officer', 'lead', 'chief'), true) then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true,
    'open', (select count(*) from private.alert_responses r join public.alerts a on a.id = r.alert_id where r.kind = 'help' and r.handled_at is null and r.at > private.clock() - interval '30 days' and private.may_answer_alert(a, v_staff)),
    'responses', coalesce((select jsonb_agg(t.fact order by t.at desc, t.id) from (
      select r.id, r.at, jsonb_build_object('id', r.id, 'alert', a.identifier, 'kind', r.kind, 'at', r.at, 'community', r.community_id, 'channel', r.channel, 'locale', r.locale, 'has_text', r.words_sealed <> '{}',
        'came_late', r.at >= a.expires_at or coalesce(a.ended_by_type <> 'update' and r.at >= a.ended_at, false),
        'handled_at', r.handled_at, 'handled_by', (select s.name from public.staff s where s.user_id = r.handled_by)) as fact
      from private.alert_responses r join public.alerts a on a.id = r.alert_id
      where r.kind in ('help', 'know') and (p ->> 'identifier' is null or a.identifier = p ->> 'identifier') and (p ->> 'kind' is null or r.kind = p ->> 'kind')
        and (not coalesce((p ->> 'is_open')::boolean, false) or r.handled_at is null) and (p ->> 'before' is null or r.at < (p ->> 'before')::timestamptz) and private.may_answer_alert(a, v_staff)
      order by r.at desc, r.id limit least(greatest(coalesce((p ->> 'limit')::integer, 100), 1), 200)) t), '[]'::jsonb));
end;
$$;
comment on function public.list_alert_responses(jsonb) is 'Definer: the table is private.';
revoke all on function public.list_alert_responses(jsonb) from public;
grant execute on function public.list_alert_responses(jsonb) to authenticated;

-- The words of one, logged (RULES B3). p: {id} → {ok, alert, kind, who_hash, words_sealed} | not_found
create function public.open_alert_response(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_response private.alert_responses;
  v_alert public.alerts;
begin
  select r.* into v_response from private.alert_responses r where r.id = (p ->> 'id')::uuid and r.kind in ('help', 'know');
  select a.* into v_alert from public.alerts a where a.id = v_response.alert_id;
  if v_alert.id is null or not private.may_answer_alert(v_alert, v_staff) then
    return private.refuse_alert(v_staff, 'alert.response_refused', v_alert.identifier);
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'alert.response_opened', 'alerts', v_alert.id, jsonb_build_object('alert', v_alert.identifier, 'kind', v_response.kind));
  return jsonb_build_object('ok', true, 'alert', v_alert.identifier, 'kind', v_response.kind, 'who_hash', v_response.who_hash, 'words_sealed', to_jsonb(v_response.words_sealed));
end;
$$;
comment on function public.open_alert_response(jsonb) is 'Definer: the table is private; opening is logged.';
revoke all on function public.open_alert_response(jsonb) from public;
grant execute on function public.open_alert_response(jsonb) to authenticated;

-- Somebody has seen to it. p: {id} → {ok} | not_found, conflict: it was seen to already
create function public.handle_alert_response(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_response private.alert_responses;
  v_alert public.alerts;
begin
  select r.* into v_response from private.alert_responses r where r.id = (p ->> 'id')::uuid and r.kind in ('help', 'know') for update;
  select a.* into v_alert from public.alerts a where a.id = v_response.alert_id;
  if v_alert.id is null or not private.may_answer_alert(v_alert, v_staff) then
    return private.refuse_alert(v_staff, 'alert.response_refused', v_alert.identifier);
  end if;
  if v_response.handled_at is not null then
    return private.refuse('conflict');
  end if;
  update private.alert_responses r set handled_at = private.clock(), handled_by = v_staff.user_id where r.id = v_response.id;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'alert.response_handled', 'alerts', v_alert.id, jsonb_build_object('alert', v_alert.identifier, 'kind', v_response.kind));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.handle_alert_response(jsonb) is 'Definer: the table is private; who did it is logged.';
revoke all on function public.handle_alert_response(jsonb) from public;
grant execute on function public.handle_alert_response(jsonb) to authenticated;

/*
  How far a message came, as counts. Answers by place are raw here: the portal's disclosure control is the one way out of them (RULES E3), for the desk as for everybody.
  → {is_written: the audience is complete, people, channels: [{channel, queued, sent, failed, stopped}], communities: [{community: id or null, told, sent, seen, safe, help, know}]}
*/
create function private.alert_progress(p_alert public.alerts) returns jsonb
language sql stable set search_path = '' as $$
  with told as (
    select x.channel, x.community_id, coalesce(o.status, x.outcome, 'cancelled') as status
    from private.alert_audience x left join public.outbox o on o.id = x.outbox_id and o.subscription_id = x.subscription_id where x.alert_id = p_alert.id
  ), ways as (
    select t.channel, count(*) filter (where t.status = 'queued') as queued, count(*) filter (where t.status = 'sent') as sent, count(*) filter (where t.status in ('dead', 'failed')) as failed,
      count(*) filter (where t.status = 'cancelled') as stopped
    from told t group by t.channel
  ), answers as (
    select r.community_id, count(*) filter (where r.kind = 'seen') as seen, count(*) filter (where r.kind = 'safe') as safe, count(*) filter (where r.kind = 'help') as help, count(*) filter (where r.kind = 'know') as know
    from private.alert_responses r where r.alert_id = p_alert.id group by r.community_id
  ), places as (
    select u.id from unnest(p_alert.community_ids) u (id) union select t.community_id from told t union select a.community_id from answers a
  )
  select jsonb_build_object('is_written', not exists (select from private.alert_expansions e where e.alert_id = p_alert.id and e.finished_at is null), 'people', (select count(*) from told),
    'channels', coalesce((select jsonb_agg(to_jsonb(w) order by w.channel) from ways w), '[]'::jsonb),
    'communities', coalesce((select jsonb_agg(jsonb_build_object('community', p.id, 'told', coalesce(t.told, 0), 'sent', coalesce(t.sent, 0), 'seen', coalesce(a.seen, 0), 'safe', coalesce(a.safe, 0), 'help', coalesce(a.help, 0), 'know', coalesce(a.know, 0)) order by p.id)
      from places p left join answers a on a.community_id is not distinct from p.id
      left join (select c.community_id, count(*) as told, count(*) filter (where c.status = 'sent') as sent from told c group by c.community_id) t on t.community_id is not distinct from p.id), '[]'::jsonb));
$$;

-- p: {identifier, actor, session}: for the desk; without an actor for the public page → {ok, progress} | not_found
create function public.read_alert_progress(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_alert public.alerts;
begin
  select a.* into v_alert from public.alerts a where a.identifier = p ->> 'identifier' and a.state = 'published';
  if v_alert.id is null or (p ->> 'actor' is not null and not private.may_read_alert(v_alert, private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid))) then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'progress', private.alert_progress(v_alert));
end;
$$;
comment on function public.read_alert_progress(jsonb) is 'The server''s: small numbers pass its disclosure control first. Definer: the tables are private.';
revoke all on function public.read_alert_progress(jsonb) from public;
grant execute on function public.read_alert_progress(jsonb) to service_role;

/* Terms. */

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('alert_subscriptions', 165, 'alerts:retain', 'owner', null, null, null,
    '{"zh": "预警订阅（地址、推送或聊天编号加密保存）", "en": "Subscriptions to alerts (address, push address or chat are sealed)"}', '{"zh": "退订即删除联系方式；没有确认的邮件订阅两天后删除", "en": "Where to send is deleted when somebody unsubscribes; a subscription by mail that nobody confirmed goes after two days"}',
    '{"zh": "本人要求收到预警", "en": "Its owner asked for alerts"}'),
  ('alert_audience', 166, 'alerts:retain', 'term', '400 days', null, null,
    '{"zh": "哪条预警发给了哪些订阅，以及已退订的空记录", "en": "Which alert went to which subscription, and empty rows of those that ended"}', '{"zh": "发布四百天后删除", "en": "Deleted 400 days after publication"}',
    '{"zh": "破案通报要告诉当时收到预警的人", "en": "Whoever got a warning is told when the matter is solved"}'),
  ('alert_responses', 167, 'alerts:retain', 'term', '90 days', null, null,
    '{"zh": "对预警的回应：已看到、平安、求助、有线索（文字加密保存）", "en": "Answers to alerts: seen, safe, need help, know something (words are sealed)"}', '{"zh": "九十天后删除", "en": "Deleted after 90 days"}',
    '{"zh": "民警要找到求助的人，并知道预警是否送到", "en": "Officers find whoever asked for help, and learn whether an alert arrived"}');

-- One page. p: {limit, is_dry?} → {ok, unconfirmed, subscriptions, audiences, responses, has_more}
create function public.retain_alerts(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_now timestamptz := private.clock();
  v_old timestamptz := v_now - private.kept_for('alert_audience');
  v_stale timestamptz := v_now - private.kept_for('alert_responses');
  v_unconfirmed integer;
  v_subscriptions integer;
  v_audiences integer;
  v_responses integer;
begin
  if coalesce((p ->> 'is_dry')::boolean, false) then
    return jsonb_build_object('ok', true, 'unconfirmed', (select count(*) from private.alert_subscriptions s where s.state = 'pending' and s.confirm_until < v_now),
      'subscriptions', (select count(*) from private.alert_subscriptions s where s.state = 'ended' and s.ended_at < v_old),
      'audiences', (select count(*) from private.alert_audience x join public.alerts a on a.id = x.alert_id where a.published_at < v_old),
      'responses', (select count(*) from private.alert_responses r where r.at < v_stale), 'has_more', false);
  end if;
  delete from private.alert_subscriptions s where s.id in (select e.id from private.alert_subscriptions e where e.state = 'pending' and e.confirm_until < v_now limit v_limit for update skip locked);
  get diagnostics v_unconfirmed = row_count;
  delete from private.alert_audience x where (x.alert_id, x.subscription_id) in (select e.alert_id, e.subscription_id from public.alerts a join private.alert_audience e on e.alert_id = a.id where a.published_at < v_old limit v_limit);
  get diagnostics v_audiences = row_count;
  delete from private.alert_subscriptions s where s.id in (select e.id from private.alert_subscriptions e where e.state = 'ended' and e.ended_at < v_old limit v_limit for update skip locked);
  get diagnostics v_subscriptions = row_count;
  delete from private.alert_responses r where r.id in (select e.id from private.alert_responses e where e.at < v_stale limit v_limit for update skip locked);
  get diagnostics v_responses = row_count;
  return jsonb_build_object('ok', true, 'unconfirmed', v_unconfirmed, 'subscriptions', v_subscriptions, 'audiences', v_audiences, 'responses', v_responses,
    'has_more', greatest(v_unconfirmed, v_subscriptions, v_audiences, v_responses) >= v_limit);
end;
$$;
comment on function public.retain_alerts(jsonb) is 'The job alerts:retain. Definer: the tables are private.';
revoke all on function public.retain_alerts(jsonb) from public;
grant execute on function public.retain_alerts(jsonb) to service_role;

-- As in 20261124000255, and the account is told of nothing any more.
create or replace function private.unlink_erased() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from private.telegram_links l where l.user_id = new.user_id;
  delete from private.telegram_link_tokens t where t.user_id = new.user_id;
  update private.chat_conversations c set user_id = null where c.user_id = new.user_id;
  perform private.end_subscription(s.id, 'erased') from private.alert_subscriptions s where s.user_id = new.user_id;
  return null;
end;
$$;

-- As in 20261124000255, and the alerts that the account asked for.
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
      'subscriptions', coalesce((select jsonb_agg(private.subscription_facts(b) - '{id,is_own,token_hash,token_sealed,handle_hash,handle_sealed,communities,grids}'::text[] || jsonb_build_object(
          'communities', array(select k.slug from public.communities k where k.id = any (b.community_ids) order by k.slug), 'grids', array(select g.code from public.grids g where g.id = any (b.grid_ids) order by g.code)) order by b.number)
        from private.alert_subscriptions b where b.user_id = u.id), '[]'::jsonb),
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
