-- Purpose: the clock of a demo station may be moved forward, so that clocks and deadlines can be watched (RULES D5).
-- Risk: none outside a demo: the function refuses there.

create function public.move_demo_clock(p_now timestamptz) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  if not private.is_demo() then
    return private.refuse('forbidden');
  end if;
  if p_now is null or p_now <= private.clock() then
    return private.refuse('invalid_input');
  end if;
  insert into private.settings (key, value, updated_at) values ('clock_offset', to_jsonb((p_now - now())::text), now())
  on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at;
  return jsonb_build_object('ok', true, 'now', private.clock());
end;
$$;
comment on function public.move_demo_clock(timestamptz) is 'Moves the clock of a demo station forward, never back. Definer: settings are private.';
revoke all on function public.move_demo_clock(timestamptz) from public;
grant execute on function public.move_demo_clock(timestamptz) to service_role;
