-- Purpose: the audience of each message is written out page by page, and what waits of a message that is over is taken back.
-- Risk: low. Functions only.

/* The audience. */

-- What waits of a message is not sent: at most so many rows at once. How many it were.
create function private.stop_sending(p_alert uuid, p_why text, p_limit integer) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_stopped integer;
begin
  update public.outbox o set status = 'cancelled', settled_at = private.clock(), last_error = p_why, leased_by = null, leased_until = null
  where o.id in (select q.id from public.outbox q where q.noun_id = p_alert and q.noun = 'alerts' and q.subscription_id is not null and q.status = 'queued' and (q.leased_until is null or q.leased_until <= now())
    limit p_limit for update skip locked);
  get diagnostics v_stopped = row_count;
  return v_stopped;
end;
$$;

-- As in 20261125000120; and what a later message of the chain took the place of is told to nobody any more. The claims refuse it as well.
create or replace function private.follow_publication(p_alert public.alerts) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_ended uuid;
begin
  insert into private.alert_expansions (alert_id, created_at, priority) values (p_alert.id, private.clock(), private.alert_priority(p_alert));
  for v_ended in select r.referenced_id from public.alert_references r where r.alert_id = p_alert.id loop
    update private.alert_expansions e set finished_at = private.clock() where e.alert_id = v_ended and e.finished_at is null;
    perform private.stop_sending(v_ended, case p_alert.message_type when 'update' then 'superseded' else 'withdrawn' end, 10000);
  end loop;
end;
$$;

/*
  One page of the audience of one message, in one statement: who it is for and what is sent to them commit together with how far it came, so that any worker goes on where another died.
  Who it is for: a first message, whoever asked for such. An update, a cancellation or an all clear: those told of the matter before who have not left, and whoever asked for such now.
  A solved notice that follows a warning: those told of the warning who have not left.
  p: {limit, alert?: id; without it the most urgent that is unfinished} → {ok, alert: id or null, added, is_finished, has_more: some message is unfinished}
*/
create function public.expand_alert(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 20000);
  v_now timestamptz := private.clock();
  v_expansion private.alert_expansions;
  v_alert public.alerts;
  v_zone text;
  v_told uuid[];
  v_allowed text[];
  v_priority smallint;
  v_passes boolean;
  v_orange boolean;
  v_scanned integer;
  v_added integer := 0;
  v_at bigint;
begin
  select e.* into v_expansion from private.alert_expansions e where e.finished_at is null and (p ->> 'alert' is null or e.alert_id = (p ->> 'alert')::uuid)
  order by e.priority, e.created_at limit 1 for update skip locked;
  if v_expansion.alert_id is null then
    return jsonb_build_object('ok', true, 'alert', null, 'added', 0, 'is_finished', true, 'has_more', exists (select from private.alert_expansions e where e.finished_at is null));
  end if;
  select a.* into v_alert from public.alerts a where a.id = v_expansion.alert_id;
  -- What publish_alert left of the messages before, page by page.
  v_added := (select coalesce(sum(private.stop_sending(r.referenced_id, case v_alert.message_type when 'update' then 'superseded' else 'withdrawn' end, v_limit)), 0) from public.alert_references r where r.alert_id = v_alert.id);
  if v_added > 0 then
    return jsonb_build_object('ok', true, 'alert', v_alert.id, 'added', 0, 'is_finished', false, 'has_more', true);
  end if;
  if v_alert.ended_at is not null or v_alert.expires_at <= v_now then
    update private.alert_expansions e set finished_at = v_now where e.alert_id = v_alert.id;
    return jsonb_build_object('ok', true, 'alert', v_alert.id, 'added', 0, 'is_finished', true, 'has_more', exists (select from private.alert_expansions e where e.finished_at is null));
  end if;

  v_zone := (select s.time_zone from public.stations s where s.id = v_alert.station_id);
  v_told := array(select b.id from public.alerts b where b.state = 'published' and b.id <> v_alert.id
    and (b.chain_id = v_alert.chain_id or b.chain_id = (select f.chain_id from public.alerts f where f.id = v_alert.follows_id)));
  v_allowed := (array['blue', 'yellow', 'orange', 'red'])[1 : coalesce(array_position(array['blue', 'yellow', 'orange', 'red'], v_alert.colour::text), 4)];
  v_priority := private.alert_priority(v_alert);
  v_passes := coalesce(v_alert.colour = 'red' and not v_alert.is_exercise, false);
  v_orange := coalesce(v_alert.colour = 'orange' and not v_alert.is_exercise, false);
  with page as materialized (
    select s.* from private.alert_subscriptions s where s.station_id = v_alert.station_id and s.state = 'active' and s.number > v_expansion.at_number order by s.number limit v_limit
  ), fitting as materialized (
    -- The number of its row of the outbox beforehand: joined afterwards, a planner that expects few rows compares each with each.
    select nextval('public.outbox_id_seq') as outbox_id, s.id, s.channel, s.locale, s.chat_hash,
      case when v_passes or s.quiet_from is null or (v_orange and s.orange_passes) then v_now else private.after_quiet(v_now, v_zone, s.quiet_from, s.quiet_to) end as send_after,
      case when s.community_ids <> '{}' or s.grid_ids <> '{}' then coalesce((select c from unnest(s.community_ids) c where c = any (v_alert.community_ids) order by c limit 1),
        (select g.community_id from public.grids g where g.id = any (s.grid_ids) order by g.id = any (v_alert.grid_ids) desc, g.id limit 1), s.community_ids[1]) end as community_id
    from page s
    where ((v_alert.follows_id is null and v_alert.kind = any (s.kinds) and s.min_colour = any (v_allowed)
          and (s.community_ids = '{}' and s.grid_ids = '{}' or s.community_ids && v_alert.community_ids or s.grid_ids && v_alert.grid_ids))
        or (cardinality(v_told) > 0 and exists (select from private.alert_audience t where t.subscription_id = s.id and t.alert_id = any (v_told))))
      and not exists (select from private.alert_audience t where t.alert_id = v_alert.id and t.subscription_id = s.id)
  ), queued as (
    insert into public.outbox (id, created_at, channel, template, noun, noun_id, subscription_id, locale, send_after, priority, expires_at, chat_hash) overriding system value
    select f.outbox_id, v_now, f.channel, 'alerts.' || v_alert.message_type, 'alerts', v_alert.id, f.id, f.locale, f.send_after, v_priority, v_alert.expires_at, f.chat_hash from fitting f
  ), told as (
    insert into private.alert_audience (alert_id, subscription_id, channel, community_id, outbox_id)
    select v_alert.id, f.id, f.channel, f.community_id, f.outbox_id from fitting f
    returning 1
  )
  select (select count(*) from page), (select count(*) from told), (select max(s.number) from page s) into v_scanned, v_added, v_at;
  update private.alert_expansions e set at_number = coalesce(v_at, e.at_number), people = e.people + v_added, finished_at = case when v_scanned < v_limit then v_now end where e.alert_id = v_alert.id;
  return jsonb_build_object('ok', true, 'alert', v_alert.id, 'added', v_added, 'is_finished', v_scanned < v_limit, 'has_more', v_scanned >= v_limit or exists (select from private.alert_expansions e where e.finished_at is null));
end;
$$;
comment on function public.expand_alert(jsonb) is 'The portal''s and a job''s. Definer: the tables are private.';
revoke all on function public.expand_alert(jsonb) from public;
grant execute on function public.expand_alert(jsonb) to service_role;

-- How many messages have an audience that is not written out: for a run that changes nothing.
create function public.foresee_expansions() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'alerts', (select count(*) from private.alert_expansions e where e.finished_at is null));
$$;
comment on function public.foresee_expansions() is 'Changes nothing. Definer: the table is private.';
revoke all on function public.foresee_expansions() from public;
grant execute on function public.foresee_expansions() to service_role;
