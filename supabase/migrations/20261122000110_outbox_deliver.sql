-- Purpose: the outbox is delivered: claimed under a lease, settled, retried, given up, and re-sent by hand.
-- Risk: new columns with defaults on a table of mails; rows that wait are sent after this. Run before the workers that claim.

create domain public.delivery_error as text check (value ~ '^[a-z][a-z0-9_]{0,39}$');
comment on domain public.delivery_error is 'Our own word for what went wrong (`smtp_550`, `dropped`). Never what a server wrote: that may hold an address.';

alter table public.outbox
  -- The moved clock of a demo station shows in its mailbox, too.
  alter column created_at set default private.clock(),
  alter column send_after set default private.clock(),
  add column message_key uuid not null default gen_random_uuid(),
  add column leased_by text check (char_length(leased_by) between 1 and 100),
  add column leased_until timestamptz,
  add column settled_at timestamptz,
  add column sent_by public.code_name,
  add column last_error public.delivery_error,
  add check ((leased_by is null) = (leased_until is null));
comment on column public.outbox.message_key is 'The same at every attempt: the Message-ID of the mail, by which a receiver knows a duplicate.';
comment on column public.outbox.send_after is 'Not before this, by the station''s clock: back-off and quiet hours.';
comment on column public.outbox.leased_until is 'Until then leased_by alone may send it; by the machine''s clock, since a lease is about a living process.';
comment on column public.outbox.sent_by is '`smtp`, or `mailbox` on a demo station.';
create index outbox_dead on public.outbox (id desc) where status = 'dead';
create index outbox_first on public.outbox (noun, send_after, id) where status = 'queued' and template in ('accounts.code', 'reports.received');
create index outbox_settled on public.outbox (settled_at) where settled_at is not null;

-- The station a message belongs to: that of its report, or the one the deployment is for.
create function private.station_of_message(p_message public.outbox) returns uuid
language sql stable set search_path = '' as $$
  select coalesce((select r.station_id from public.reports r where r.id = p_message.noun_id), (select s.id from public.stations s where s.is_default));
$$;
revoke all on function private.station_of_message(public.outbox) from public;

/*
  Hands out what is due, each row to one worker: sign-in codes first, then confirmations, since somebody sits before the screen and waits for
  them (in the order of their nouns, as the index has it); then the rest, oldest first. An attempt counts when it begins: a row that kills its
  worker is given up, too.
  p: worker, lease_seconds, limit → {ok, now, lease_seconds, messages[], next_in_seconds: until the next one is due, null when none waits}
*/
create function public.claim_outbox(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 200);
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_messages jsonb;
begin
  if p ->> 'worker' is null or v_limit is null or v_lease is null then
    return private.refuse('invalid_input');
  end if;
  with first as (
    select o.id from public.outbox o
    where o.status = 'queued' and o.template in ('accounts.code', 'reports.received') and o.channel = 'email' and o.send_after <= v_now and (o.leased_until is null or o.leased_until <= now())
    order by o.noun, o.send_after, o.id limit v_limit
    for update skip locked
  ), rest as (
    select o.id from public.outbox o
    where o.status = 'queued' and o.template not in ('accounts.code', 'reports.received') and o.channel = 'email' and o.send_after <= v_now and (o.leased_until is null or o.leased_until <= now())
    order by o.send_after, o.id limit v_limit - (select count(*) from first)
    for update skip locked
  ), due as (
    select f.id from first f union all select e.id from rest e
  ), taken as (
    update public.outbox o set leased_by = p ->> 'worker', leased_until = now() + v_lease, attempts = o.attempts + 1
    from due where o.id = due.id
    returning o.*
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun', t.noun, 'noun_id', t.noun_id, 'locale', t.locale,
      'message_key', t.message_key, 'attempts', t.attempts, 'recipient_id', t.recipient_id, 'recipient', u.email, 'recipient_sealed', t.recipient_sealed,
      'params_sealed', t.params_sealed, 'reference', r.reference, 'time_zone', s.time_zone,
      'level', coalesce(m.level, 'all'), 'quiet_from', to_char(coalesce(m.quiet_from, '22:00'), 'HH24:MI'), 'quiet_to', to_char(coalesce(m.quiet_to, '07:00'), 'HH24:MI'))
    order by t.template not in ('accounts.code', 'reports.received'), t.noun, t.send_after, t.id), '[]'::jsonb) into v_messages
  from taken t
  left join auth.users u on u.id = t.recipient_id
  left join public.reports r on r.id = t.noun_id
  left join public.stations s on s.id = coalesce(r.station_id, (select d.id from public.stations d where d.is_default))
  left join lateral (
    select a.* from private.mail_settings a where a.user_id = t.recipient_id
    union all
    select a.* from private.mail_settings a where t.recipient_id is null and t.noun = 'reports' and a.report_id = t.noun_id
  ) m on true;
  return jsonb_build_object('ok', true, 'now', v_now, 'messages', v_messages,
    'next_in_seconds', (select extract(epoch from min(o.send_after) - v_now) from public.outbox o where o.status = 'queued' and o.send_after > v_now));
end;
$$;
comment on function public.claim_outbox(jsonb) is 'Definer: nobody may write the outbox directly, and addresses live in auth.users.';
revoke all on function public.claim_outbox(jsonb) from public;
grant execute on function public.claim_outbox(jsonb) to service_role;

/*
  Writes down how an attempt ended. `sent` is believed from whoever says it, since the mail is out; everything else only from the holder
  of the lease. p: id, worker, outcome: sent | retry | hold | release | cancelled | dead, sent_by?, error?, after_seconds? (retry),
  until? (hold), forget_params? → {ok, kept}
*/
create function public.settle_outbox(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_outcome text := p ->> 'outcome';
  v_now timestamptz := private.clock();
begin
  if coalesce(v_outcome, '') not in ('sent', 'retry', 'hold', 'release', 'cancelled', 'dead') then
    return private.refuse('invalid_input');
  end if;
  update public.outbox o set
    status = case when v_outcome in ('sent', 'cancelled', 'dead') then v_outcome else 'queued' end,
    settled_at = case when v_outcome in ('sent', 'cancelled', 'dead') then v_now end,
    sent_by = case when v_outcome = 'sent' then p ->> 'sent_by' end,
    last_error = case when v_outcome in ('sent', 'hold') then null when v_outcome = 'release' then o.last_error else p ->> 'error' end,
    -- What was held or given back has not been tried.
    attempts = case when v_outcome in ('hold', 'release') then greatest(o.attempts - 1, 0) else o.attempts end,
    send_after = case v_outcome when 'retry' then v_now + make_interval(secs => coalesce((p ->> 'after_seconds')::double precision, 60))
      when 'hold' then coalesce((p ->> 'until')::timestamptz, o.send_after) else o.send_after end,
    params_sealed = case when v_outcome in ('sent', 'cancelled', 'dead') and coalesce((p ->> 'forget_params')::boolean, false) then null else o.params_sealed end,
    leased_by = null, leased_until = null
  where o.id = (p ->> 'id')::bigint and o.status = 'queued' and (v_outcome = 'sent' or o.leased_by = p ->> 'worker');
  return jsonb_build_object('ok', true, 'kept', found);
end;
$$;
comment on function public.settle_outbox(jsonb) is 'Definer: nobody may write the outbox directly.';
revoke all on function public.settle_outbox(jsonb) from public;
grant execute on function public.settle_outbox(jsonb) to service_role;

create function private.masked_address(p_address text) returns text
language sql immutable set search_path = '' as $$
  select left(p_address, 1) || '•••@' || split_part(p_address, '@', 2);
$$;
comment on function private.masked_address(text) is 'An address as the desk may see it (RULES H1).';
revoke all on function private.masked_address(text) from public;

-- RULES A6: a message about a report that someone may not see is not there for them.
create function private.may_see_message(p_message public.outbox, p_staff public.staff) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_staff.role in ('lead', 'chief') and private.station_of_message(p_message) = p_staff.station_id
    and (p_message.noun <> 'reports' or p_message.noun_id is null or exists (select from public.reports r where r.id = p_message.noun_id and private.may_see(r, p_staff))), false);
$$;
revoke all on function private.may_see_message(public.outbox, public.staff) from public;

/*
  Messages for lead and chief: what was given up, or what waits. Addresses of accounts are masked, sealed ones are not opened.
  p: status? (dead | queued), cursor? (id), limit? → {ok, counts: {dead, queued}, messages[], next_cursor}. Counting stops at 1000.
*/
create function public.list_messages(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_status text := coalesce(p ->> 'status', 'dead');
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200);
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if v_status not in ('dead', 'queued') then
    return private.refuse('invalid_input');
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'reference', r.reference, 'locale', t.locale,
      'recipient', private.masked_address(u.email), 'attempts', t.attempts, 'error', t.last_error, 'settled_at', t.settled_at,
      'send_after', case when t.status = 'queued' then t.send_after end, 'can_resend', t.status = 'dead' and t.template <> 'accounts.code') order by t.id desc), '[]'::jsonb) into v_rows
  from (
    select o.* from public.outbox o
    where o.status = v_status and (p ->> 'cursor' is null or o.id < (p ->> 'cursor')::bigint) and private.may_see_message(o, v_staff)
    order by o.id desc limit v_limit + 1
  ) t
  left join auth.users u on u.id = t.recipient_id
  left join public.reports r on r.id = t.noun_id;
  return jsonb_build_object('ok', true,
    'counts', (select jsonb_object_agg(s.status, (select count(*) from (select from public.outbox o where o.status = s.status and private.may_see_message(o, v_staff) limit 1000) c))
      from unnest(array['dead', 'queued']) s (status)),
    'messages', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit then v_rows -> (v_limit - 1) -> 'id' end);
end;
$$;
comment on function public.list_messages(jsonb) is 'Definer: the outbox is the server''s; this shows of it what the desk may know.';
revoke all on function public.list_messages(jsonb) from public;
grant execute on function public.list_messages(jsonb) to authenticated;

-- Dead letters go out again, with all attempts before them. A sign-in code would be too old. p_ids: up to 200 → {ok, resent}
create function public.resend_messages(p_ids bigint[]) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_message public.outbox;
  v_resent integer := 0;
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  for v_message in select o.* from public.outbox o where o.id = any (p_ids[1:200]) and o.status = 'dead' and o.template <> 'accounts.code' order by o.id for update loop
    if private.may_see_message(v_message, v_staff) then
      update public.outbox o set status = 'queued', attempts = 0, send_after = private.clock(), settled_at = null, last_error = null where o.id = v_message.id;
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'message.resent', v_message.noun, v_message.noun_id);
      v_resent := v_resent + 1;
    end if;
  end loop;
  if v_resent = 0 then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'resent', v_resent);
end;
$$;
comment on function public.resend_messages(bigint[]) is 'Definer: nobody may write the outbox directly; what is re-sent is logged.';
revoke all on function public.resend_messages(bigint[]) from public;
grant execute on function public.resend_messages(bigint[]) to authenticated;

create or replace function public.list_demo_mails(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if not private.is_demo() then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'mails', coalesce((
    select jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun', t.noun, 'noun_id', t.noun_id, 'reference', r.reference, 'locale', t.locale,
      'recipient_id', t.recipient_id, 'recipient', u.email, 'recipient_sealed', t.recipient_sealed, 'params_sealed', t.params_sealed, 'status', t.status, 'send_after', t.send_after) order by t.id desc)
    from (select o.* from public.outbox o where o.channel = 'email' order by o.id desc limit least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200)) t
    left join auth.users u on u.id = t.recipient_id left join public.reports r on r.id = t.noun_id), '[]'::jsonb));
end;
$$;
