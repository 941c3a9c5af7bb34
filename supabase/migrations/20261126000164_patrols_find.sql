-- Purpose: a finding of a patrol that became a report earns points, for the volunteer who wrote the patrol's report, once for each.
-- Risk: none for data, a trigger.

create function private.earn_finding() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform private.earn_points(r.filed_by_volunteer, 'finding', new.report_id) from private.patrol_reports r where r.shift_id = new.shift_id and r.filed_by_volunteer is not null;
  return null;
end;
$$;
comment on function private.earn_finding() is 'Trigger. Definer: the tables have no grants.';
revoke all on function private.earn_finding() from public;
create trigger findings_earn_points after insert on private.patrol_findings for each row execute function private.earn_finding();
