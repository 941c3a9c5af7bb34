-- Purpose: all that is kept of a volunteer, for the copy of their account.
-- Risk: none for data, a new function; export_account has called it since 20261126000135.

-- Null for whoever never applied.
create function private.volunteer_copy(p_user uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('community', (select c.slug from public.communities c where c.id = v.community_id), 'kinds', to_jsonb(v.kinds), 'state', v.state, 'availability', v.availability, 'created_at', v.created_at,
    'refused_reason', v.refused_reason, 'suspended_until', v.suspended_until, 'locked_at', v.locked_at, 'contact_sealed', (select k.contact_sealed from private.volunteer_contacts k where k.volunteer_id = v.id), 'id', v.id,
    'skills', coalesce((select jsonb_agg(jsonb_build_object('skill', k.skill_code, 'confirmed_at', k.confirmed_at, 'until_on', k.until_on) order by k.skill_code) from public.volunteer_skills k where k.volunteer_id = v.id), '[]'::jsonb),
    'steps', coalesce((select jsonb_agg(jsonb_build_object('at', s.at, 'from', s.from_state, 'to', s.to_state, 'act', s.act, 'note', s.note) order by s.id) from public.volunteer_steps s where s.volunteer_id = v.id), '[]'::jsonb),
    'places', coalesce((select jsonb_agg(jsonb_build_object('starts_at', lower(p.period), 'ends_at', upper(p.period), 'state', p.state, 'signed_at', p.signed_at, 'attended_at', p.attended_at) order by p.queue) from public.shift_places p where p.volunteer_id = v.id), '[]'::jsonb),
    'checklists', coalesce((select jsonb_agg(jsonb_build_object('starts_at', lower(p.period), 'item', a.item_code, 'is_met', a.is_met, 'at', a.at) order by a.at, a.item_code) from private.checklist_answers a join public.shift_places p on p.id = a.place_id where p.volunteer_id = v.id), '[]'::jsonb),
    'patrol_reports', coalesce((select jsonb_agg(jsonb_build_object('shift', r.shift_id, 'filed_at', r.filed_at, 'route_walked', r.route_walked, 'findings', r.findings, 'summary_sealed', r.summary_sealed) order by r.filed_at, r.shift_id) from private.patrol_reports r where r.filed_by_volunteer = v.id), '[]'::jsonb),
    'hours', private.hours_of(v.id, private.clock(), 10000), 'points', private.points_lines(v.id, 10000),
    'earned', coalesce((select jsonb_agg(jsonb_build_object('rule', c.rule_code, 'points', c.points, 'earned_at', c.earned_at, 'is_paid', c.transaction_id is not null) order by c.number) from private.points_claims c where c.volunteer_id = v.id), '[]'::jsonb),
    'honours', coalesce((select jsonb_agg(jsonb_build_object('honour', g.honour_code, 'given_at', g.given_at) order by g.given_at) from private.volunteer_honours g where g.volunteer_id = v.id), '[]'::jsonb),
    'orders', coalesce((select jsonb_agg(jsonb_build_object('name', w.name, 'points', o.points, 'deposit', o.deposit, 'state', o.state, 'ordered_at', o.ordered_at, 'handed_out_at', o.handed_out_at, 'ended_at', o.ended_at, 'note', o.note) order by o.number)
      from private.reward_orders o join private.rewards w on w.id = o.reward_id where o.volunteer_id = v.id), '[]'::jsonb),
    'certificates', coalesce((select jsonb_agg(private.certificate_facts(c) || jsonb_build_object('file_sealed', c.file_sealed) order by c.issued_at, c.number) from private.certificates c where c.volunteer_id = v.id), '[]'::jsonb),
    -- The address of the calendar is known to nobody but its volunteer.
    'calendar', (select jsonb_build_object('created_at', f.created_at, 'revoked_at', f.revoked_at, 'last_read_on', f.last_read_on) from private.calendar_feeds f where f.volunteer_id = v.id))
  from public.volunteers v where v.user_id = p_user;
$$;
revoke all on function private.volunteer_copy(uuid) from public;
