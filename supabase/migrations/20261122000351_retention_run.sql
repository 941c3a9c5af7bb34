-- Purpose: the run that removes what is over, in pages, and the desk's page about it: rules, what the next run takes, holds.
-- Risk: `remove_over` deletes reports for good. It takes closed ones only, after their term, and leaves a tombstone in the log first.

/*
  One page of what is over (RULES A7). p: limit → {ok, reports, by_category, files: blobs for the caller to delete, bans, …, has_more}.
  Blobs go after the commit: a crash in between leaves files that the sweep finds.
*/
create function public.remove_over(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 100), 1), 1000);
  v_report public.reports;
  v_blobs text[] := '{}';
  v_categories jsonb := '{}'::jsonb;
  v_reports integer := 0;
  v_bans integer;
  v_batches integer;
  v_codes integer;
  v_checks integer;
begin
  for v_report in
    select r.* from public.reports r
    where r.id in (select o.id from private.over_reports() o where private.held_by(o) is null order by o.closed_at limit v_limit)
    order by r.id for update skip locked
  loop
    -- Asked again under the lock: a hold or a reveal may have come in the meantime.
    continue when v_report.closed_at is null or private.held_by(v_report) is not null;
    v_blobs := v_blobs || array(select b.blob from public.report_attachments a, unnest(array[a.original_blob, a.view_blob]) b (blob) where a.report_id = v_report.id and b.blob is not null);
    perform private.leave_tombstone(v_report, null, 'system', 'retention');
    insert into private.erased_about_staff (report_id, staff_id)
    select v_report.id, s.user_id from public.staff s where s.user_id = any (v_report.about_staff) on conflict do nothing;
    delete from public.outbox o where o.noun = 'reports' and o.noun_id = v_report.id;
    delete from private.report_holds h where h.report_id = v_report.id;
    delete from public.reports r where r.id = v_report.id;
    v_reports := v_reports + 1;
    v_categories := v_categories || jsonb_build_object(v_report.category_code, coalesce((v_categories ->> v_report.category_code)::integer, 0) + 1);
  end loop;
  delete from public.bans b where b.id in (select e.id from public.bans e where e.lifted_at < private.clock() - private.kept_for('bans') limit v_limit for update skip locked);
  get diagnostics v_bans = row_count;
  delete from private.verification_batches b
  where b.id in (select e.id from private.verification_batches e where e.expires_at < private.clock() - private.kept_for('verification_batches') limit v_limit for update skip locked);
  get diagnostics v_batches = row_count;
  delete from private.confirmation_codes c where c.user_id in (select e.user_id from private.confirmation_codes e where e.expires_at < private.clock() limit v_limit for update skip locked);
  get diagnostics v_codes = row_count;
  delete from private.seal_checks c where c.id in (select e.id from private.seal_checks e where e.started_at < private.clock() - private.kept_for('seal_checks') limit v_limit for update skip locked);
  get diagnostics v_checks = row_count;
  if v_reports + v_bans + v_batches + v_checks > 0 then
    perform private.log((select s.id from public.stations s where s.is_default), null, 'system', 'retention.ran', 'trust', null,
      jsonb_build_object('reports', v_reports, 'files', cardinality(v_blobs), 'bans', v_bans, 'batches', v_batches, 'checks', v_checks));
  end if;
  return jsonb_build_object('ok', true, 'reports', v_reports, 'by_category', v_categories, 'blobs', to_jsonb(v_blobs), 'bans', v_bans, 'verification_batches', v_batches,
    'confirmation_codes', v_codes, 'seal_checks', v_checks, 'has_more', greatest(v_reports, v_bans, v_batches, v_codes, v_checks) >= v_limit);
end;
$$;
comment on function public.remove_over(jsonb) is 'The job reports:retain. Definer: nobody may delete directly.';
revoke all on function public.remove_over(jsonb) from public;
grant execute on function public.remove_over(jsonb) to service_role;

-- What was settled long ago goes, a page at a time, by the terms of the table. p: limit → {ok, removed, has_more}
create function public.purge_outbox(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_removed integer;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  delete from public.outbox o where o.id in (
    select d.id from public.outbox d
    where d.settled_at < private.clock() - case when d.status = 'dead' then private.kept_for('mails_dead') else private.kept_for('mails_settled') end
    order by d.settled_at limit v_limit for update skip locked);
  get diagnostics v_removed = row_count;
  return jsonb_build_object('ok', true, 'removed', v_removed, 'has_more', v_removed = v_limit);
end;
$$;
comment on function public.purge_outbox(jsonb) is 'The job messages:purge. Definer: nobody may write the outbox directly.';
revoke all on function public.purge_outbox(jsonb) from public;
grant execute on function public.purge_outbox(jsonb) to service_role;

/*
  The desk's page, for chief, auditor and admin: rules, terms by category, what the next run takes, the last runs, and holds on reports that
  the reader may see. → {ok, may_change, rules[], categories[], next, jobs[], runs[], holds[]}
*/
create function public.read_retention() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'auditor', 'admin') then
    return private.refuse('forbidden');
  end if;
  return jsonb_build_object('ok', true, 'may_change', private.may_set_terms(v_staff), 'now', private.clock(), 'rules', private.rule_facts(),
    'categories', (select jsonb_agg(jsonb_build_object('code', c.code, 'name', c.name, 'days', c.retention_days) order by c.position, c.code) from public.categories c where c.is_active),
    'next', private.foresee_retention(v_staff),
    'jobs', coalesce((select jsonb_agg(jsonb_build_object('name', j.name, 'started_at', j.started_at, 'finished_at', j.finished_at, 'did', j.did, 'failed_with', j.failed_with) order by j.name)
      from private.job_runs j where j.name in (select r.job from private.retention_rules r)), '[]'::jsonb),
    'runs', coalesce((select jsonb_agg(jsonb_build_object('at', t.at, 'did', t.details) order by t.id desc)
      from (select l.id, l.at, l.details from public.audit_log l where l.action = 'retention.ran' order by l.id desc limit 10) t), '[]'::jsonb),
    'holds', coalesce((select jsonb_agg(jsonb_build_object('reference', r.reference, 'reason', h.reason, 'placed_at', h.placed_at, 'placed_by', s.name) order by h.placed_at desc)
      from private.report_holds h join public.reports r on r.id = h.report_id left join public.staff s on s.user_id = h.placed_by
      where h.lifted_at is null and private.may_see(r, v_staff)), '[]'::jsonb));
end;
$$;
comment on function public.read_retention() is 'Counts, terms and reasons, no texts. Definer: rules and jobs are private.';
revoke all on function public.read_retention() from public;
grant execute on function public.read_retention() to authenticated;

-- Terms hold for the whole deployment: the chief of the station that it is for.
create function private.may_set_terms(p_staff public.staff) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_staff.role = 'chief' and exists (select from public.stations s where s.id = p_staff.station_id and s.is_default), false);
$$;

-- p: days, and category (a kind of matter) or kind (a rule with bounds) → {ok, days}
create function public.change_retention(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_days integer := (p ->> 'days')::integer;
  v_category public.categories;
  v_rule private.retention_rules;
  v_from integer;
begin
  if not private.may_set_terms(v_staff) then
    return private.refuse('forbidden');
  end if;
  if p ->> 'category' is not null then
    select c.* into v_category from public.categories c where c.code = p ->> 'category' for update;
    if v_category.code is null or v_days is null or v_days not between 30 and 3650 then
      return private.refuse('invalid_input');
    end if;
    v_from := v_category.retention_days;
    update public.categories c set retention_days = v_days where c.code = v_category.code;
  else
    select r.* into v_rule from private.retention_rules r where r.kind = p ->> 'kind' and r.least is not null for update;
    if v_rule.kind is null or v_days is null or make_interval(days => v_days) not between v_rule.least and v_rule.most then
      return private.refuse('invalid_input');
    end if;
    v_from := extract(day from v_rule.keep_for)::integer;
    update private.retention_rules r set keep_for = make_interval(days => v_days) where r.kind = v_rule.kind;
  end if;
  if v_from <> v_days then
    insert into private.retention_changes (at, kind, category_code, from_days, to_days, changed_by)
    values (private.clock(), coalesce(v_rule.kind, 'reports'), v_category.code, v_from, v_days, v_staff.user_id);
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'retention.changed', 'trust', null,
      jsonb_build_object('category', v_category.code, 'record', v_rule.kind, 'from_days', v_from, 'to_days', v_days));
  end if;
  return jsonb_build_object('ok', true, 'days', v_days);
end;
$$;
comment on function public.change_retention(jsonb) is 'Sets a term within its bounds, and logs it. Definer: nobody may write the tables directly.';
revoke all on function public.change_retention(jsonb) from public;
grant execute on function public.change_retention(jsonb) to authenticated;

-- p: reference, reason. Lead or chief who may see the report.
create function public.hold_report(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
  v_reason text := btrim(coalesce(p ->> 'reason', ''));
begin
  select r.* into v_report from public.reports r where r.reference = upper(p ->> 'reference') and private.may_change(r, v_staff) and v_staff.role in ('lead', 'chief') for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.hold_refused', upper(p ->> 'reference'));
  end if;
  if char_length(v_reason) not between 10 and 500 then
    return private.refuse('reason_missing');
  end if;
  insert into private.report_holds (report_id, reason, placed_at, placed_by) values (v_report.id, v_reason, private.clock(), v_staff.user_id) on conflict do nothing;
  if not found then
    return private.refuse('conflict');
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.held', 'reports', v_report.id, jsonb_build_object('reason', v_reason));
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.hold_report(jsonb) is 'Keeps a report beyond its time. Definer: holds are private.';
revoke all on function public.hold_report(jsonb) from public;
grant execute on function public.hold_report(jsonb) to authenticated;

create function public.lift_hold(p_reference text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_report public.reports;
begin
  select r.* into v_report from public.reports r where r.reference = upper(p_reference) and private.may_change(r, v_staff) and v_staff.role in ('lead', 'chief') for update;
  if not found then
    return private.refuse_desk(v_staff, 'report.hold_refused', upper(p_reference));
  end if;
  update private.report_holds h set lifted_at = private.clock(), lifted_by = v_staff.user_id where h.report_id = v_report.id and h.lifted_at is null;
  if not found then
    return private.refuse('not_found');
  end if;
  perform private.log(v_report.station_id, v_staff.user_id, v_staff.role, 'report.hold_lifted', 'reports', v_report.id);
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.lift_hold(text) is 'Its time counts again. Definer: holds are private.';
revoke all on function public.lift_hold(text) from public;
grant execute on function public.lift_hold(text) to authenticated;

-- What `advance_revisits` would do now: it is done and undone, so that both always agree. p_limit: as there
create function public.foresee_revisits(p_limit integer default 1000) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_did jsonb;
begin
  begin
    v_did := public.advance_revisits(p_limit);
    raise exception 'undone' using errcode = 'PT000';
  exception when sqlstate 'PT000' then
    return v_did;
  end;
end;
$$;
comment on function public.foresee_revisits(integer) is 'Changes nothing. Definer: a job has no actor.';
revoke all on function public.foresee_revisits(integer) from public;
grant execute on function public.foresee_revisits(integer) to service_role;

-- Internal functions are called by the functions above, never by the API roles.
do $$
declare
  f record;
begin
  for f in select p.oid::regprocedure as signature from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'private' and p.proname in ('kept_for', 'kept_days', 'held_by', 'over_reports', 'foresee_retention', 'rule_facts', 'may_set_terms') loop
    execute format('revoke all on function %s from public', f.signature);
  end loop;
end $$;
