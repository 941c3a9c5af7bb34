-- Purpose: a worker that died holds its chats for seconds, not for half a minute: leases are short, and whoever still works says so.
-- Risk: none. Two functions for the bot's workers.

-- p: worker, hashes[], lease_seconds → {ok, kept: how many are still theirs}. What was taken over since is not taken back.
create function public.renew_bot_updates(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_kept integer;
begin
  if p ->> 'worker' is null or v_lease is null or jsonb_typeof(p -> 'hashes') is distinct from 'array' then
    return private.refuse('invalid_input');
  end if;
  update private.bot_updates u set leased_until = greatest(u.leased_until, clock_timestamp() + v_lease)
  where u.update_hash in (select jsonb_array_elements_text(p -> 'hashes')) and u.leased_by = p ->> 'worker' and u.handled_at is null;
  get diagnostics v_kept = row_count;
  return jsonb_build_object('ok', true, 'kept', v_kept);
end;
$$;
comment on function public.renew_bot_updates(jsonb) is 'For the bot''s workers. Definer: the tables are private.';
revoke all on function public.renew_bot_updates(jsonb) from public;
grant execute on function public.renew_bot_updates(jsonb) to service_role;

-- p: worker, ids[], lease_seconds → {ok, kept}
create function public.renew_telegram(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_lease interval := make_interval(secs => (p ->> 'lease_seconds')::double precision);
  v_kept integer;
begin
  if p ->> 'worker' is null or v_lease is null or jsonb_typeof(p -> 'ids') is distinct from 'array' then
    return private.refuse('invalid_input');
  end if;
  update public.outbox o set leased_until = greatest(o.leased_until, clock_timestamp() + v_lease)
  where o.id in (select value::bigint from jsonb_array_elements_text(p -> 'ids')) and o.channel = 'telegram' and o.status = 'queued' and o.leased_by = p ->> 'worker';
  get diagnostics v_kept = row_count;
  return jsonb_build_object('ok', true, 'kept', v_kept);
end;
$$;
comment on function public.renew_telegram(jsonb) is 'For the bot''s workers. Definer: nobody may write the outbox directly.';
revoke all on function public.renew_telegram(jsonb) from public;
grant execute on function public.renew_telegram(jsonb) to service_role;
