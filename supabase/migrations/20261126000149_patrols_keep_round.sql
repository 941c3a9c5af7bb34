-- Purpose: how long what a patrol did on its way is kept, and what of it goes with an account.
-- Risk: none for data, new functions.

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
create function public.retain_patrols(p jsonb) returns jsonb
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
comment on function public.retain_patrols(jsonb) is 'For the job. Definer: nobody deletes directly.';
revoke all on function public.retain_patrols(jsonb) from public;
grant execute on function public.retain_patrols(jsonb) to service_role;

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
