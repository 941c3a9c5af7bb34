-- Purpose: who runs which job now, when it ran last and what it did, so that several workers may run the same list of jobs.
-- Risk: none, new objects.

create domain public.job_name as text check (value ~ '^[a-z_]+:[a-z_]+$');
comment on domain public.job_name is 'A noun and what is done with it: `reports:purge`.';

create table private.job_runs (
  name public.job_name primary key,
  leased_by text check (char_length(leased_by) between 1 and 100),
  leased_until timestamptz,
  started_at timestamptz not null,
  finished_at timestamptz,
  did jsonb not null default '{}'::jsonb,
  failed_with text check (char_length(failed_with) <= 100),
  check ((leased_by is null) = (leased_until is null))
);
comment on table private.job_runs is 'The lease and the last run of each job. started_at and finished_at follow the station''s clock, by which jobs are due; a lease is about a living process and follows the machine''s.';
alter table private.job_runs enable row level security;

/*
  Takes the lease of a job that is due and that nobody runs. A run that failed, or whose worker died, is due again after five minutes
  at most. p: name, worker, every_seconds, lease_seconds, is_forced? (due or not) → {ok, taken, busy}
*/
create function public.claim_job(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_now timestamptz := private.clock();
  v_every interval := make_interval(secs => (p ->> 'every_seconds')::integer);
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::integer);
  v_taken boolean;
begin
  if p ->> 'name' is null or p ->> 'worker' is null or v_every is null or v_lease is null then
    return private.refuse('invalid_input');
  end if;
  insert into private.job_runs as j (name, leased_by, leased_until, started_at)
  values (p ->> 'name', p ->> 'worker', now() + v_lease, v_now)
  on conflict (name) do update set leased_by = excluded.leased_by, leased_until = excluded.leased_until, started_at = excluded.started_at,
    finished_at = null, did = '{}'::jsonb, failed_with = null
  where (j.leased_until is null or j.leased_until <= now())
    and (coalesce((p ->> 'is_forced')::boolean, false)
      or v_now >= j.started_at + case when j.finished_at is null or j.failed_with is not null then least(v_every, interval '5 minutes') else v_every end)
  returning true into v_taken;
  return jsonb_build_object('ok', true, 'taken', coalesce(v_taken, false),
    'busy', v_taken is null and exists (select from private.job_runs j where j.name = p ->> 'name' and j.leased_until > now()));
end;
$$;
comment on function public.claim_job(jsonb) is 'Definer: the table is private.';
revoke all on function public.claim_job(jsonb) from public;
grant execute on function public.claim_job(jsonb) to service_role;

-- A run that goes on keeps its lease. p: name, worker, lease_seconds → {ok, kept}
create function public.renew_job(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  update private.job_runs j set leased_until = now() + make_interval(secs => (p ->> 'lease_seconds')::integer)
  where j.name = p ->> 'name' and j.leased_by = p ->> 'worker';
  return jsonb_build_object('ok', true, 'kept', found);
end;
$$;
comment on function public.renew_job(jsonb) is 'Definer: the table is private.';
revoke all on function public.renew_job(jsonb) from public;
grant execute on function public.renew_job(jsonb) to service_role;

-- Says what a run did, or with which code it failed, and gives the lease back. Whoever lost the lease says nothing.
-- p: name, worker, did?, failed_with? → {ok, kept}
create function public.finish_job(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  update private.job_runs j set leased_by = null, leased_until = null, finished_at = private.clock(),
    did = coalesce(p -> 'did', '{}'::jsonb), failed_with = p ->> 'failed_with'
  where j.name = p ->> 'name' and j.leased_by = p ->> 'worker';
  return jsonb_build_object('ok', true, 'kept', found);
end;
$$;
comment on function public.finish_job(jsonb) is 'Definer: the table is private.';
revoke all on function public.finish_job(jsonb) from public;
grant execute on function public.finish_job(jsonb) to service_role;

create function public.list_job_runs() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'runs', coalesce(jsonb_agg(jsonb_build_object('name', j.name, 'started_at', j.started_at, 'finished_at', j.finished_at,
    'did', j.did, 'failed_with', j.failed_with, 'is_running', coalesce(j.leased_until > now(), false)) order by j.name), '[]'::jsonb))
  from private.job_runs j;
$$;
comment on function public.list_job_runs() is 'The last run of each job. Definer: the table is private.';
revoke all on function public.list_job_runs() from public;
grant execute on function public.list_job_runs() to service_role;
