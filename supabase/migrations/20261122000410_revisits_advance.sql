-- Purpose: what happens on the ladder by the clock alone: the next level hears of an overdue visit, the reporter is reminded, silence
-- becomes "no reply", and a share of the answers that staff wrote down is asked again (PRODUCT §2, RULES D3).
-- Risk: none for data, new functions.

-- To everybody of the level above; the chief's own overdue visits go to the other chiefs and to the auditors.
create function private.notify_level(p_report public.reports, p_level text, p_template text) returns void
language sql volatile set search_path = '' as $$
  insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale)
  select 'email', p_template, 'reports', p_report.id, s.user_id, coalesce(f.locale, 'zh')
  from public.staff s left join public.profiles f on f.user_id = s.user_id
  where s.station_id = p_report.station_id and s.is_active and not s.user_id = any (p_report.about_staff)
    and case p_level when 'officer' then s.role = 'lead' when 'lead' then s.role = 'chief' else s.role in ('chief', 'auditor') end;
$$;

/*
  One page of what is due; the job calls it until nothing is left (RULES A7). Locked rows belong to another worker.
  → {ok, informed, reminded, silent, asked_again, has_more}
*/
create function public.advance_revisits(p_limit integer default 200) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_revisit public.revisits;
  v_report public.reports;
  v_informed integer := 0;
  v_reminded integer := 0;
  v_silent integer := 0;
  v_again integer := 0;
begin
  for v_revisit in
    select v.* from public.revisits v join public.reports r on r.id = v.report_id
    where v.visited_at is null and v.answer is null and v.stopped_at is null and v.informed_at is null
      and v.opened_at < v_now - interval '3 days' and v_now > private.due_after(r.station_id, v.opened_at, 3)
    order by v.opened_at limit p_limit for update of v skip locked
  loop
    select r.* into v_report from public.reports r where r.id = v_revisit.report_id;
    update public.revisits v set informed_at = v_now where v.id = v_revisit.id;
    perform private.notify_level(v_report, v_revisit.level, 'revisits.overdue');
    perform private.log(v_report.station_id, null, 'system', 'revisit.overdue_told', 'reports', v_report.id, jsonb_build_object('step', v_revisit.step), v_now);
    v_informed := v_informed + 1;
  end loop;

  for v_revisit in
    select v.* from public.revisits v join public.reports r on r.id = v.report_id
    where v.visited_at is not null and v.answer is null and v.stopped_at is null and v.no_reply_at is null
      and case when v.reminded_at is null then v_now >= private.due_after(r.station_id, v.visited_at, 3) else v_now >= private.due_after(r.station_id, v.reminded_at, 4) end
    order by v.visited_at limit p_limit for update of v skip locked
  loop
    select r.* into v_report from public.reports r where r.id = v_revisit.report_id;
    if v_revisit.reminded_at is null then
      update public.revisits v set reminded_at = v_now where v.id = v_revisit.id;
      perform private.emit_event(v_report.id, 'revisit_reminded', null, null, 'system', null, true, null, v_now);
      perform private.notify_reporter(v_report, 'revisits.reminder');
      v_reminded := v_reminded + 1;
    else
      update public.revisits v set no_reply_at = v_now where v.id = v_revisit.id;
      perform private.emit_event(v_report.id, 'revisit_silent', null, null, 'system', null, true, null, v_now);
      perform private.log(v_report.station_id, null, 'system', 'revisit.no_reply', 'reports', v_report.id, jsonb_build_object('step', v_revisit.step), v_now);
      v_silent := v_silent + 1;
    end if;
  end loop;

  -- At least one a month and station: when none of a month was asked again or still can be, its oldest answer is drawn. One that
  -- was drawn and then overturned, or whose fourteen days are over, does not count.
  update public.revisits v set is_drawn = true where v.id in (
    select distinct on (r.station_id, date_trunc('month', w.answered_at)) w.id
    from public.revisits w join public.reports r on r.id = w.report_id
    where w.answered_by = 'staff' and w.answered_at > v_now - interval '14 days'
      and not exists (select from public.revisits o join public.reports q on q.id = o.report_id
        where q.station_id = r.station_id and (o.asked_again_at is not null or (o.is_drawn and o.answered_by = 'staff' and o.answered_at > v_now - interval '14 days'))
          and date_trunc('month', o.answered_at) = date_trunc('month', w.answered_at))
    order by r.station_id, date_trunc('month', w.answered_at), w.answered_at);
  for v_revisit in
    select v.* from public.revisits v
    where v.is_drawn and v.answered_by = 'staff' and v.asked_again_at is null and v.answered_at between v_now - interval '14 days' and v_now - interval '1 day'
    order by v.answered_at limit p_limit for update of v skip locked
  loop
    select r.* into v_report from public.reports r where r.id = v_revisit.report_id;
    update public.revisits v set asked_again_at = v_now where v.id = v_revisit.id;
    perform private.notify_reporter(v_report, 'revisits.asked_again');
    v_again := v_again + 1;
  end loop;

  return jsonb_build_object('ok', true, 'informed', v_informed, 'reminded', v_reminded, 'silent', v_silent, 'asked_again', v_again,
    'has_more', greatest(v_informed, v_reminded + v_silent, v_again) >= p_limit);
end;
$$;
comment on function public.advance_revisits(integer) is 'What the clock alone brings about on the ladder. Definer: a job has no actor.';
revoke all on function public.advance_revisits(integer) from public;
grant execute on function public.advance_revisits(integer) to service_role;
