-- Purpose: the duty roster and its notes go after a year.
-- Risk: `purge_duty` deletes turns that ended before the term, a page at a time.

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('duty_shifts', 145, 'staff:retain', 'term', '365 days', '30 days', '1095 days',
    '{"zh": "值班表和交班说明", "en": "The duty roster and its hand-over notes"}', '{"zh": "这一班结束后计算，期满删除", "en": "Counted from the end of each turn, then deleted"}',
    '{"zh": "便于查明当时谁在值班", "en": "So that it can be found out who was on duty then"}');

-- p: limit, is_dry? (counts and deletes nothing) → {ok, removed, has_more}
create function public.purge_duty(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest((p ->> 'limit')::integer, 1), 5000);
  v_before timestamptz := private.clock() - private.kept_for('duty_shifts');
  v_removed integer;
begin
  if v_limit is null then
    return private.refuse('invalid_input');
  end if;
  if (p ->> 'is_dry')::boolean then
    return jsonb_build_object('ok', true, 'removed', (select count(*) from public.duty_shifts d where d.ends_at < v_before), 'has_more', false);
  end if;
  delete from public.duty_shifts d where d.id in (select o.id from public.duty_shifts o where o.ends_at < v_before order by o.ends_at limit v_limit for update skip locked);
  get diagnostics v_removed = row_count;
  return jsonb_build_object('ok', true, 'removed', v_removed, 'has_more', v_removed = v_limit);
end;
$$;
comment on function public.purge_duty(jsonb) is 'The job staff:retain. Definer: nobody may write the roster directly.';
revoke all on function public.purge_duty(jsonb) from public;
grant execute on function public.purge_duty(jsonb) to service_role;
