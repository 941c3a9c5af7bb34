-- Purpose: what staff hear of the ladder comes as one mail, however many visits it is about; the auditor, who is told of a station leader's late
-- visits, finds them in a list without opening a report (RULES B3); the chief reads of their own late visit as their own.
-- Risk: low. One column with a default; mails that wait are delivered as before. The portal of before has no words for the new templates: run
-- this with the portal that has them.

alter table public.outbox add column matters integer not null default 1 check (matters >= 1);
comment on column public.outbox.matters is 'How many visits the mail is about: those for one recipient are gathered while it waits. More than one has no noun_id.';

-- The station a message belongs to: that of its report, of the staff it goes to, or the one the deployment is for.
create or replace function private.station_of_message(p_message public.outbox) returns uuid
language sql stable set search_path = '' as $$
  select coalesce((select r.station_id from public.reports r where r.id = p_message.noun_id),
    (select m.station_id from public.staff m where p_message.noun = 'revisits' and m.user_id = p_message.recipient_id),
    (select s.id from public.stations s where s.is_default));
$$;

create or replace function private.is_duty_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
  select p_template in ('revisits.overdue', 'revisits.overdue_own', 'revisits.overdue_chief', 'revisits.climbed', 'revisits.several');
$$;

-- One mail for all that waits for somebody: while an earlier one about the ladder has not been tried, it takes this in. One that a worker or
-- another transaction holds is left alone.
create function private.notify_staff(p_report public.reports, p_recipient uuid, p_locale text, p_template text) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_waiting bigint;
begin
  select o.id into v_waiting from public.outbox o
  where o.recipient_id = p_recipient and o.template like 'revisits.%' and private.is_duty_mail(o.template)
    and o.status = 'queued' and o.attempts = 0 and o.leased_by is null
  order by o.id limit 1 for update skip locked;
  if found then
    update public.outbox o set template = 'revisits.several', noun = 'revisits', noun_id = null, matters = o.matters + 1 where o.id = v_waiting;
  else
    insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale) values ('email', p_template, 'reports', p_report.id, p_recipient, p_locale);
  end if;
end;
$$;
revoke all on function private.notify_staff(public.reports, uuid, text, text) from public;

create or replace function private.notify_climbed(p_report public.reports, p_revisit public.revisits) returns void
language sql volatile set search_path = '' as $$
  select private.notify_staff(p_report, c.user_id, c.locale, 'revisits.climbed')
  from (
    select s.user_id, coalesce(f.locale, 'zh') as locale, dense_rank() over (order by private.may_visit(p_revisit, s) desc, private.revisit_rank(s.role)) as place
    from public.staff s left join public.profiles f on f.user_id = s.user_id
    where s.station_id = p_report.station_id and s.is_active and private.may_change(p_report, s)
      and private.revisit_rank(s.role) >= private.revisit_rank(p_revisit.level)
  ) c
  where c.place = 1;
$$;

-- As before: the level above, and no lead about the police (RULES A6). A chief's late visit is told to the chiefs as theirs, and to the auditors.
create or replace function private.notify_level(p_report public.reports, p_level text, p_template text) returns void
language sql volatile set search_path = '' as $$
  select private.notify_staff(p_report, s.user_id, coalesce(f.locale, 'zh'),
    p_template || case when p_level <> 'chief' then '' when s.role = 'chief' then '_own' else '_chief' end)
  from public.staff s left join public.profiles f on f.user_id = s.user_id
  where s.station_id = p_report.station_id and s.is_active and not s.user_id = any (p_report.about_staff)
    and case when p_level = 'officer' and not p_report.is_about_police then s.role = 'lead' when p_level in ('officer', 'lead') then s.role = 'chief' else s.role in ('chief', 'auditor') end;
$$;

-- Which reports a view of the worklist looks at, as a piece of SQL like private.desk_scope. What climbed to the auditor are the late visits of the
-- station leaders, about whatever they are: a reference, a time and a community; the reports stay closed to them.
create function private.revisit_scope(p_role text, p_view text) returns text
language sql immutable set search_path = '' as $$
  select case when p_role = 'auditor' and p_view = 'climbed' then 'r.station_id = $1 and not $2 = any (r.about_staff)' else private.desk_scope(p_role) end;
$$;
revoke all on function private.revisit_scope(text, text) from public;

/*
  Steps that wait, the most urgent first. p: waiting ('mine' | 'team' | 'climbed' | 'answer' | 'silent'), limit?, cursor? {opened_at, id}
  Within one station what was opened first is due first.
  → {ok, now, time_zone, revisits[]: {id, step, level, opened_at, due_at, informed_at, visited_at, reminded_at, no_reply_at, may_visit, may_open, reference, category, community_id,
    contact_mode, is_portal_only, urgency, locale, assigned_to, assignee}, next_cursor}. Of a report that the caller may not open, nothing but reference, community, level and times.
*/
create or replace function public.list_revisits(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 20), 1), 100);
  v_communities uuid[];
  v_where text;
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role = 'admin' then
    return private.refuse('forbidden');
  end if;
  v_communities := array(select private.communities_of(v_staff.user_id));
  v_where := private.revisit_scope(v_staff.role, p ->> 'waiting') || ' and ' || private.revisit_view(p ->> 'waiting');
  if p ->> 'cursor' is not null then
    v_where := v_where || ' and (v.opened_at, v.id) > (($4 #>> ''{cursor,opened_at}'')::timestamptz, ($4 #>> ''{cursor,id}'')::uuid)';
  end if;
  execute format($q$
    select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'step', t.step, 'level', t.level, 'opened_at', t.opened_at, 'due_at', private.due_after(t.station_id, t.opened_at, 3),
      'informed_at', t.informed_at, 'may_visit', t.may_visit, 'may_open', t.may_open, 'visited_at', t.visited_at, 'reminded_at', t.reminded_at, 'no_reply_at', t.no_reply_at,
      'reference', t.reference, 'community_id', t.community_id,
      'category', case when t.may_open then t.category_code end, 'contact_mode', case when t.may_open then t.contact_mode end, 'is_portal_only', case when t.may_open then t.is_portal_only end,
      'urgency', case when t.may_open then t.urgency end, 'locale', case when t.may_open then t.locale end,
      'assigned_to', case when t.may_open then t.assigned_to end, 'assignee', case when t.may_open then s.name end) order by t.opened_at, t.id), '[]'::jsonb)
    from (select v.id, v.step, v.level, v.opened_at, v.informed_at, v.visited_at is null and private.may_visit(v, $6) as may_visit, v.visited_at, v.reminded_at, v.no_reply_at, r.station_id, r.reference, r.category_code, r.community_id, r.contact_mode, r.is_portal_only,
        r.urgency, r.locale, r.assigned_to, ($6).role <> 'auditor' or private.may_see(r, $6) as may_open
      from public.revisits v join public.reports r on r.id = v.report_id where %s order by v.opened_at, v.id limit %s) t
    left join public.staff s on s.user_id = t.assigned_to$q$, v_where, v_limit + 1)
  into v_rows
  using v_staff.station_id, v_staff.user_id, v_communities, p, coalesce(private.revisit_rank(v_staff.role), 9), v_staff;
  return jsonb_build_object('ok', true, 'now', private.clock(), 'time_zone', (select st.time_zone from public.stations st where st.id = v_staff.station_id),
    'revisits', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit
      then jsonb_build_object('opened_at', v_rows -> (v_limit - 1) -> 'opened_at', 'id', v_rows -> (v_limit - 1) -> 'id') end);
end;
$$;

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
    return '{"ok": true, "unseen": 0, "mine": 0, "unverified": 0, "revisits": 0}'::jsonb;
  end if;
  v_communities := array(select private.communities_of(v_staff.user_id));
  execute format($q$select count(*) from (select from public.reports r where %s and %s and r.status = 'received' limit 100) t$q$,
    private.desk_scope(v_staff.role), private.desk_view('inbox')) into v_new using v_staff.station_id, v_staff.user_id, v_communities;
  execute format($q$select count(*) from (select from public.reports r where %s and r.assigned_to = $2 and r.status in ('triaged', 'in_progress') limit 100) t$q$,
    private.desk_scope(v_staff.role)) into v_mine using v_staff.station_id, v_staff.user_id, v_communities;
  -- They stand beside the inbox, and their clock runs like any other.
  execute format($q$select count(*) from (select from public.reports r where %s and %s limit 100) t$q$,
    private.desk_scope(v_staff.role), private.desk_view('unverified')) into v_unverified using v_staff.station_id, v_staff.user_id, v_communities;
  -- For an officer the visits that are theirs, for whoever leads what climbed to them as well.
  execute format($q$select count(*) from (select from public.revisits v join public.reports r on r.id = v.report_id where (%s and %s) or (%s and %s) limit 100) t$q$,
    private.desk_scope(v_staff.role), private.revisit_view('mine'), private.revisit_scope(v_staff.role, 'climbed'), private.revisit_view('climbed'))
    into v_revisits using v_staff.station_id, v_staff.user_id, v_communities, '{}'::jsonb, coalesce(private.revisit_rank(v_staff.role), 9);
  return jsonb_build_object('ok', true, 'unseen', v_new, 'mine', v_mine, 'unverified', v_unverified, 'revisits', v_revisits);
end;
$$;

/*
  Hands out what is due, each row to one worker: sign-in codes first, then confirmations, since somebody sits before the screen and waits for
  them (in the order of their nouns, as the index has it); then the rest, oldest first. An attempt counts when it begins: a row that kills its
  worker is given up, too.
  p: worker, lease_seconds, limit → {ok, now, lease_seconds, messages[]: with matters, next_in_seconds: until the next one is due, null when none waits}
*/
create or replace function public.claim_outbox(p jsonb) returns jsonb
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
      'params_sealed', t.params_sealed, 'matters', t.matters, 'reference', r.reference, 'time_zone', s.time_zone,
      'level', coalesce(m.level, 'all'), 'quiet_from', to_char(coalesce(m.quiet_from, '22:00'), 'HH24:MI'), 'quiet_to', to_char(coalesce(m.quiet_to, '07:00'), 'HH24:MI'))
    order by t.template not in ('accounts.code', 'reports.received'), t.noun, t.send_after, t.id), '[]'::jsonb) into v_messages
  from taken t
  left join auth.users u on u.id = t.recipient_id
  left join public.reports r on r.id = t.noun_id
  left join public.stations s on s.id = coalesce(r.station_id, (select w.station_id from public.staff w where t.noun = 'revisits' and w.user_id = t.recipient_id), (select d.id from public.stations d where d.is_default))
  left join lateral (
    select a.* from private.mail_settings a where a.user_id = t.recipient_id
    union all
    select a.* from private.mail_settings a where t.recipient_id is null and t.noun = 'reports' and a.report_id = t.noun_id
  ) m on true;
  return jsonb_build_object('ok', true, 'now', v_now, 'messages', v_messages,
    'next_in_seconds', (select extract(epoch from min(o.send_after) - v_now) from public.outbox o where o.status = 'queued' and o.send_after > v_now));
end;
$$;

create or replace function public.list_demo_mails(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if not private.is_demo() then
    return private.refuse('not_found');
  end if;
  return jsonb_build_object('ok', true, 'mails', coalesce((
    select jsonb_agg(jsonb_build_object('id', t.id, 'created_at', t.created_at, 'template', t.template, 'noun', t.noun, 'noun_id', t.noun_id, 'reference', r.reference, 'locale', t.locale,
      'recipient_id', t.recipient_id, 'recipient', u.email, 'recipient_sealed', t.recipient_sealed, 'params_sealed', t.params_sealed, 'matters', t.matters, 'status', t.status, 'send_after', t.send_after) order by t.id desc)
    from (select o.* from public.outbox o where o.channel = 'email' order by o.id desc limit least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200)) t
    left join auth.users u on u.id = t.recipient_id left join public.reports r on r.id = t.noun_id), '[]'::jsonb));
end;
$$;
