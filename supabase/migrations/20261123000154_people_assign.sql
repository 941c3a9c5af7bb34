-- Purpose: who looks after which community from when to when, and the page that shows all people at once.
-- Risk: none, new functions.

/*
  By a chief: whoever looks after a community sees its reports. p: staff, community, kind (officer | stand_in), from_on, to_on?
  → {ok, id} | forbidden | not_found | invalid_input (begins in the past, ends before it begins) | assignee_not_allowed | assignment_overlap
*/
create function public.assign_community(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_subject public.staff;
  v_from date := (p ->> 'from_on')::date;
  v_to date := (p ->> 'to_on')::date;
  v_kind text := coalesce(p ->> 'kind', '');
  v_community public.communities;
  v_id uuid;
begin
  if v_staff.user_id is null or v_staff.role <> 'chief' then
    return private.refuse('forbidden');
  end if;
  select s.* into v_subject from public.staff s where s.user_id = (p ->> 'staff')::uuid and s.station_id = v_staff.station_id for share;
  select c.* into v_community from public.communities c where c.id = (p ->> 'community')::uuid and c.station_id = v_staff.station_id and c.is_active;
  if v_subject.user_id is null or v_community.id is null then
    return private.refuse('not_found');
  end if;
  if not v_subject.is_active or v_subject.role not in ('officer', 'lead') then
    return private.refuse('assignee_not_allowed');
  end if;
  -- Days that are over stay as they were: the log says who could see what when.
  if v_kind not in ('officer', 'stand_in') or v_from is null or v_from < private.station_today(v_staff.station_id) or v_to < v_from then
    return private.refuse('invalid_input');
  end if;
  if private.is_assigned(v_subject.user_id, v_community.id, 'officer', v_from, v_to) or private.is_assigned(v_subject.user_id, v_community.id, 'stand_in', v_from, v_to) then
    return private.refuse('assignment_overlap');
  end if;
  begin
    insert into public.assignments (staff_id, community_id, kind, from_on, to_on) values (v_subject.user_id, v_community.id, v_kind, v_from, v_to) returning id into v_id;
  exception when exclusion_violation then
    return private.refuse('assignment_overlap');
  end;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.assigned', 'staff', v_subject.user_id,
    jsonb_build_object('about', v_subject.user_id, 'community', v_community.id, 'post', v_kind, 'from_on', v_from, 'to_on', v_to));
  return jsonb_build_object('ok', true, 'id', v_id);
end;
$$;
comment on function public.assign_community(jsonb) is 'Definer: nobody may write assignments directly.';
revoke all on function public.assign_community(jsonb) from public;
grant execute on function public.assign_community(jsonb) to authenticated;

-- p_last_on: the last day, today or later; null: it ends at once, and one that has not begun yet never happens. → {ok} | forbidden | not_found | invalid_input | assignment_overlap
create function public.end_assignment(p_id uuid, p_last_on date default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_today date;
  v_assignment public.assignments;
begin
  if v_staff.user_id is null or v_staff.role <> 'chief' then
    return private.refuse('forbidden');
  end if;
  v_today := private.station_today(v_staff.station_id);
  select a.* into v_assignment from public.assignments a join public.staff s on s.user_id = a.staff_id
  where a.id = p_id and s.station_id = v_staff.station_id and coalesce(a.to_on, 'infinity'::date) >= v_today for update of a;
  if not found then
    return private.refuse('not_found');
  end if;
  if p_last_on < greatest(v_today, v_assignment.from_on) then
    return private.refuse('invalid_input');
  end if;
  if p_last_on is null and v_assignment.from_on >= v_today then
    delete from public.assignments a where a.id = p_id;
  else
    if p_last_on > v_assignment.to_on and private.is_assigned(v_assignment.staff_id, v_assignment.community_id, case v_assignment.kind when 'officer' then 'stand_in' else 'officer' end, v_assignment.from_on, p_last_on) then
      return private.refuse('assignment_overlap');
    end if;
    begin
      update public.assignments a set to_on = coalesce(p_last_on, v_today - 1) where a.id = p_id;
    exception when exclusion_violation then
      return private.refuse('assignment_overlap');
    end;
  end if;
  perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'staff.assignment_ended', 'staff', v_assignment.staff_id,
    jsonb_build_object('about', v_assignment.staff_id, 'community', v_assignment.community_id, 'post', v_assignment.kind, 'to_on', coalesce(p_last_on, v_today - 1)));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.end_assignment(uuid, date) is 'Definer: nobody may write assignments directly.';
revoke all on function public.end_assignment(uuid, date) from public;
grant execute on function public.end_assignment(uuid, date) to authenticated;

/*
  Chief and admin see everything about people but a report; the lead and the auditor see who works where, the auditor proposals too.
  → {ok, today, role, time_zone, people[]: {id, role, name, badge_number, is_active, since, email?, work?, assignments[]}, communities[]: {id, name},
     invitations?[], proposals?[]}
*/
create function public.list_people() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_today date;
  v_manages boolean;
begin
  if v_staff.user_id is null or v_staff.role = 'officer' then
    return private.refuse('forbidden');
  end if;
  v_today := private.station_today(v_staff.station_id);
  v_manages := v_staff.role in ('chief', 'admin');
  return jsonb_build_object('ok', true, 'today', v_today, 'me', v_staff.user_id, 'role', v_staff.role,
    'people', (select jsonb_agg(jsonb_build_object('id', s.user_id, 'role', s.role, 'name', s.name, 'badge_number', s.badge_number, 'is_active', s.is_active, 'since', s.created_at,
        'email', case when v_manages then u.email end, 'work', case when v_staff.role = 'chief' and s.is_active then private.open_work(s.user_id) end,
        'is_last_of_role', private.is_last_of_role(s),
        'assignments', coalesce((select jsonb_agg(jsonb_build_object('id', a.id, 'community_id', a.community_id, 'kind', a.kind, 'from_on', a.from_on, 'to_on', a.to_on) order by a.from_on, a.id)
          from public.assignments a where a.staff_id = s.user_id and coalesce(a.to_on, 'infinity'::date) >= v_today), '[]'::jsonb)) order by s.is_active desc, s.badge_number)
      from public.staff s join auth.users u on u.id = s.user_id where s.station_id = v_staff.station_id),
    'communities', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) order by c.position, c.slug) from public.communities c where c.station_id = v_staff.station_id and c.is_active), '[]'::jsonb),
    'invitations', case when v_manages then coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'email', i.email, 'role', i.role, 'name', i.name, 'badge_number', i.badge_number, 'locale', i.locale,
        'sent_at', i.sent_at, 'expires_at', i.expires_at, 'has_ended', i.expires_at <= private.clock()) order by i.sent_at desc)
      from private.staff_invitations i where i.station_id = v_staff.station_id and i.sent_at is not null and i.accepted_at is null and i.revoked_at is null), '[]'::jsonb) else '[]'::jsonb end,
    'proposals', case when v_manages or v_staff.role = 'auditor' then coalesce((select jsonb_agg(t.proposal order by t.is_open desc, t.at desc) from (
        select jsonb_build_object('id', q.id, 'kind', q.kind, 'role', q.role, 'reason', q.reason, 'proposed_at', q.proposed_at, 'proposed_by', b.name, 'decision', q.decision, 'decided_at', q.decided_at,
            'decided_by', d.name, 'subject_id', q.subject_id, 'name', coalesce(s.name, i.name), 'badge_number', coalesce(s.badge_number, i.badge_number), 'former_role', case when q.decision is null then s.role end,
            'email', case when v_manages then i.email end, 'locale', i.locale,
            'may_decide', q.decision is null and v_staff.role = 'chief' and q.subject_id is distinct from v_staff.user_id and q.proposed_by <> v_staff.user_id,
            'may_withdraw', q.decision is null and v_staff.role = 'admin') as proposal, q.decision is null as is_open, coalesce(q.decided_at, q.proposed_at) as at
        from public.staff_proposals q join public.staff b on b.user_id = q.proposed_by left join public.staff d on d.user_id = q.decided_by
          left join public.staff s on s.user_id = q.subject_id left join private.staff_invitations i on i.id = q.invitation_id
        where q.station_id = v_staff.station_id order by q.decision is null desc, coalesce(q.decided_at, q.proposed_at) desc limit 50) t), '[]'::jsonb) else '[]'::jsonb end);
end;
$$;
comment on function public.list_people() is 'Definer: addresses live in auth.users, invitations in a private table.';
revoke all on function public.list_people() from public;
grant execute on function public.list_people() to authenticated;
