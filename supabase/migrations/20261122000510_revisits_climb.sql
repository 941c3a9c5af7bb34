-- Purpose: who is at the next level hears when a case climbs to them; the rules of RULES D3 about how an unnamed person may be reached hold in the
-- database; a visit by the tracking page carries its letter.
-- Risk: low. record_revisit refuses a visit by the page without a letter, which the desk of before could send.

-- A mail without a word of content to the lowest level that can make the visit: whoever made an earlier one on the way up cannot. Only to whoever
-- may handle the report: about the police, that is a chief it does not name.
create function private.notify_climbed(p_report public.reports, p_revisit public.revisits) returns void
language sql volatile set search_path = '' as $$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  select 'email', 'revisits.climbed', 'reports', p_report.id, c.user_id, c.locale
  from (
    select s.user_id, coalesce(f.locale, 'zh') as locale, dense_rank() over (order by private.may_visit(p_revisit, s) desc, private.revisit_rank(s.role)) as place
    from public.staff s left join public.profiles f on f.user_id = s.user_id
    where s.station_id = p_report.station_id and s.is_active and private.may_change(p_report, s)
      and private.revisit_rank(s.role) >= private.revisit_rank(p_revisit.level)
  ) c
  where c.place = 1;
$$;
revoke all on function private.notify_climbed(public.reports, public.revisits) from public;

create or replace function private.open_revisit(p_report uuid, p_round integer, p_step integer, p_at timestamptz) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_report public.reports;
  v_revisit public.revisits;
begin
  insert into public.revisits (report_id, round, step, opened_at) values (p_report, p_round, p_step, p_at) returning * into v_revisit;
  perform private.emit_event(p_report, 'revisit_opened', null, null, 'system', null, true, null, p_at);
  if p_step > 1 then
    select r.* into v_report from public.reports r where r.id = p_report;
    perform private.notify_climbed(v_report, v_revisit);
  end if;
end;
$$;

-- As before, but no lead hears of a report about the police: they may not know of it (RULES A6).
create or replace function private.notify_level(p_report public.reports, p_level text, p_template text) returns void
language sql volatile set search_path = '' as $$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  select 'email', p_template, 'reports', p_report.id, s.user_id, coalesce(f.locale, 'zh')
  from public.staff s left join public.profiles f on f.user_id = s.user_id
  where s.station_id = p_report.station_id and s.is_active and not s.user_id = any (p_report.about_staff)
    and case when p_level = 'officer' and not p_report.is_about_police then s.role = 'lead' when p_level in ('officer', 'lead') then s.role = 'chief' else s.role in ('chief', 'auditor') end;
$$;

/*
  The visit. p: reference, revisit, method, topics {code: good|fair|poor|not_raised}, record_sealed, suggestions?[]: {text_sealed, owner?, due_on}, answer?,
  comment_sealed?, letter_sealed?, actor, session
  → {ok, level, answer, visited_at, suggestions[]: {id, owner_id, position}, next: {id, step, level, opened_at, due_at, may_visit}?, letter_id?} | not_found | forbidden | conflict | invalid_input
  Whoever gave no open contact is written to on the tracking page or comes to the station (RULES D3); a visit by the page is its letter, kept with it.
  Nobody visits above their own level, nobody visits the same case twice on the way up, and an answer that is written down here is
  provisional (RULES D3). "Unsatisfied" climbs at once.
*/
create or replace function public.record_revisit(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_report public.reports;
  v_revisit public.revisits;
  v_next public.revisits;
  v_suggestions jsonb;
  v_letter uuid := case when p ->> 'letter_sealed' is not null then gen_random_uuid() end;
  v_now timestamptz := private.clock();
begin
  select r.* into v_report from public.reports r where r.reference = p ->> 'reference' and private.may_change(r, v_staff) for update;
  if not found then
    return private.refuse_desk(v_staff, 'revisit.record_refused', p ->> 'reference');
  end if;
  select v.* into v_revisit from public.revisits v where v.id = (p ->> 'revisit')::uuid and v.report_id = v_report.id;
  if not found then
    return private.refuse('not_found');
  end if;
  if not private.may_visit(v_revisit, v_staff) then
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'revisit.record_refused', 'reports', v_report.id, jsonb_build_object('step', v_revisit.step), v_now);
    return private.refuse('forbidden');
  end if;
  if v_revisit.visited_at is not null or v_revisit.answer is not null or v_revisit.stopped_at is not null then
    return private.refuse('conflict');
  end if;
  if (v_report.contact_mode <> 'named' or v_report.is_portal_only) and p ->> 'method' not in ('portal', 'station') or (p ->> 'method' = 'portal') is distinct from (p ->> 'letter_sealed' is not null) then
    return private.refuse('invalid_input');
  end if;
  -- What nobody at work here could see to is not kept as if somebody did.
  if exists (select from jsonb_to_recordset(coalesce(nullif(p -> 'suggestions', 'null'::jsonb), '[]'::jsonb)) as s (owner uuid) where s.owner is not null
      and not exists (select from public.staff o where o.user_id = s.owner and o.station_id = v_report.station_id and o.is_active and o.role in ('officer', 'lead', 'chief'))) then
    return private.refuse('invalid_input');
  end if;
  update public.revisits v set
    visited_at = v_now, visited_by = v_staff.user_id, method = p ->> 'method', topics = p -> 'topics', record_sealed = p ->> 'record_sealed',
    answer = p ->> 'answer', answered_at = case when p ->> 'answer' is not null then v_now end, answered_by = case when p ->> 'answer' is not null then 'staff' end,
    recorded_answer = p ->> 'answer', comment_sealed = case when p ->> 'answer' is not null then p ->> 'comment_sealed' end, is_drawn = p ->> 'answer' is not null and random() < 0.2
  where v.id = v_revisit.id;
  with given as materialized (
    select gen_random_uuid() as id, s.text_sealed, coalesce(s.owner, v_staff.user_id) as owner_id, s.due_on, s.position
    from rows from (jsonb_to_recordset(coalesce(nullif(p -> 'suggestions', 'null'::jsonb), '[]'::jsonb)) as (text_sealed text, owner uuid, due_on date)) with ordinality as s (text_sealed, owner, due_on, position)
  ), kept as (
    insert into public.revisit_suggestions (id, revisit_id, report_id, at, text_sealed, owner_id, due_on)
    select g.id, v_revisit.id, v_report.id, v_now, g.text_sealed, g.owner_id, g.due_on from given g
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'owner_id', g.owner_id, 'position', g.position - 1) order by g.position), '[]'::jsonb) into v_suggestions from given g;
  if v_letter is not null then
    insert into public.report_messages (id, report_id, at, author, author_id, text_sealed) values (v_letter, v_report.id, v_now, 'staff', v_staff.user_id, p ->> 'letter_sealed');
    update public.reports r set updated_at = v_now, first_viewed_at = coalesce(r.first_viewed_at, v_now) where r.id = v_report.id;
    perform private.emit_event(v_report.id, 'message', null, null, v_staff.role, v_staff.user_id, false, null, v_now);
    perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.message_sent', 'reports', v_report.id, '{}'::jsonb, v_now);
  end if;
  perform private.emit_event(v_report.id, 'revisit_made', null, null, v_staff.role, v_staff.user_id, true, null, v_now);
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'revisit.recorded', 'reports', v_report.id,
    jsonb_build_object('step', v_revisit.step, 'method', p ->> 'method', 'answer', p ->> 'answer'), v_now);
  if p ->> 'answer' = 'unsatisfied' then
    perform private.open_revisit(v_report.id, v_revisit.round, v_revisit.step + 1, v_now);
  end if;
  perform private.notify_reporter(v_report, 'revisits.asked');
  select n.* into v_next from public.revisits n where n.report_id = v_report.id and n.round = v_revisit.round and n.step = v_revisit.step + 1;
  return jsonb_build_object('ok', true, 'level', v_revisit.level, 'answer', p ->> 'answer', 'visited_at', v_now, 'suggestions', v_suggestions,
    'next', case when v_next.id is not null then jsonb_build_object('id', v_next.id, 'step', v_next.step, 'level', v_next.level, 'opened_at', v_next.opened_at,
      'due_at', private.due_after(v_report.station_id, v_next.opened_at, 3), 'may_visit', private.may_visit(v_next, v_staff)) end, 'letter_id', v_letter);
end;
$$;
