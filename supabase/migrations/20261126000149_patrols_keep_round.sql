-- Purpose: how long what a patrol did on its way is kept, what of it goes with an account, and its part of the copy of an account.
-- Risk: retain_patrols and volunteer_copy are written anew.

-- Checklists and visits of a patrol go after 90 days, the summary after a year: that there was a report, and what became of its findings, stays with the shift. → how many shifts had something
create function private.retain_rounds(p_limit integer, p_is_dry boolean) returns integer
language plpgsql volatile set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_old uuid[];
  v_told uuid[];
begin
  v_old := array(select s.id from public.patrol_shifts s where upper(s.period) < v_now - interval '90 days'
    and (exists (select from private.checkpoint_visits t where t.shift_id = s.id) or exists (select from private.checklist_answers a join public.shift_places q on q.id = a.place_id where q.shift_id = s.id)) order by upper(s.period), s.id limit p_limit);
  v_told := array(select r.shift_id from private.patrol_reports r where r.summary_sealed is not null and r.filed_at < v_now - interval '1 year' order by r.filed_at, r.shift_id limit p_limit);
  if not p_is_dry then
    delete from private.checkpoint_visits t where t.shift_id = any (v_old);
    delete from private.checklist_answers a using public.shift_places q where q.id = a.place_id and q.shift_id = any (v_old);
    update private.patrol_reports r set summary_sealed = null where r.shift_id = any (v_told);
  end if;
  return greatest(cardinality(v_old), cardinality(v_told));
end;
$$;
revoke all on function private.retain_rounds(integer, boolean) from public;

-- As in 20261126000130, and what patrols did on their way. p: {limit, is_dry?} → {ok, removed: volunteers, rounds, has_more}
create or replace function public.retain_patrols(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 1000);
  v_is_dry boolean := coalesce((p ->> 'is_dry')::boolean, false);
  v_ids uuid[];
  v_rounds integer;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  v_ids := array(select v.id from public.volunteers v where v.state in ('left', 'refused') and v.changed_at < private.clock() - interval '2 years'
    and (not private.is_on_a_shift(v.id) or exists (select from private.volunteer_contacts c where c.volunteer_id = v.id)) order by v.changed_at limit v_limit);
  if not v_is_dry then
    delete from private.volunteer_contacts c where c.volunteer_id = any (v_ids);
    delete from public.volunteer_steps t where t.volunteer_id = any (v_ids) and not private.is_on_a_shift(t.volunteer_id);
    delete from public.volunteers v where v.id = any (v_ids) and not private.is_on_a_shift(v.id);
  end if;
  v_rounds := private.retain_rounds(v_limit, v_is_dry);
  return jsonb_build_object('ok', true, 'removed', cardinality(v_ids), 'rounds', v_rounds, 'has_more', greatest(cardinality(v_ids), v_rounds) = v_limit and not v_is_dry);
end;
$$;

-- With an account its answers of checklists go, and why a lead checked it in; that a report was filed stays with the patrol, as the volunteer who is nobody any more.
create function private.forget_round() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  delete from private.checklist_answers a using public.shift_places q where q.id = a.place_id and q.volunteer_id = (private.volunteer_of(new.user_id)).id;
  update private.check_ins c set reason = null from public.shift_places q where q.id = c.place_id and q.volunteer_id = (private.volunteer_of(new.user_id)).id and c.reason is not null;
  return null;
end;
$$;
comment on function private.forget_round() is 'Trigger. Definer: nobody writes the night directly.';
revoke all on function private.forget_round() from public;
-- By its name before the one that takes the account off the roster.
create trigger erasures_forget_rounds after insert on private.account_erasures for each row execute function private.forget_round();

-- As in 20261126000135, and what somebody said of the checklists and wrote of patrols.
create or replace function private.volunteer_copy(p_user uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('community', (select c.slug from public.communities c where c.id = v.community_id), 'kinds', to_jsonb(v.kinds), 'state', v.state, 'availability', v.availability, 'created_at', v.created_at,
    'refused_reason', v.refused_reason, 'suspended_until', v.suspended_until, 'locked_at', v.locked_at, 'contact_sealed', (select k.contact_sealed from private.volunteer_contacts k where k.volunteer_id = v.id), 'id', v.id,
    'skills', coalesce((select jsonb_agg(jsonb_build_object('skill', k.skill_code, 'confirmed_at', k.confirmed_at, 'until_on', k.until_on) order by k.skill_code) from public.volunteer_skills k where k.volunteer_id = v.id), '[]'::jsonb),
    'steps', coalesce((select jsonb_agg(jsonb_build_object('at', s.at, 'from', s.from_state, 'to', s.to_state, 'act', s.act, 'note', s.note) order by s.id) from public.volunteer_steps s where s.volunteer_id = v.id), '[]'::jsonb),
    'places', coalesce((select jsonb_agg(jsonb_build_object('starts_at', lower(p.period), 'ends_at', upper(p.period), 'state', p.state, 'signed_at', p.signed_at, 'attended_at', p.attended_at) order by p.queue) from public.shift_places p where p.volunteer_id = v.id), '[]'::jsonb),
    'checklists', coalesce((select jsonb_agg(jsonb_build_object('starts_at', lower(p.period), 'item', a.item_code, 'is_met', a.is_met, 'at', a.at) order by a.at, a.item_code) from private.checklist_answers a join public.shift_places p on p.id = a.place_id where p.volunteer_id = v.id), '[]'::jsonb),
    'patrol_reports', coalesce((select jsonb_agg(jsonb_build_object('shift', r.shift_id, 'filed_at', r.filed_at, 'route_walked', r.route_walked, 'findings', r.findings, 'summary_sealed', r.summary_sealed) order by r.filed_at, r.shift_id) from private.patrol_reports r where r.filed_by_volunteer = v.id), '[]'::jsonb))
  from public.volunteers v where v.user_id = p_user;
$$;
