-- Purpose: team leader and station leader say at the desk when colleagues answer in the chat.
-- Risk: none, one new function.

-- p: {from, to, days: working | every} → {ok, hours} | forbidden, invalid_input
create function public.set_chat_hours(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
begin
  if v_staff.user_id is null or v_staff.role not in ('lead', 'chief') then
    return private.refuse('forbidden');
  end if;
  if not private.are_chat_hours(p) then
    return private.refuse('invalid_input');
  end if;
  update public.stations s set chat_hours = p where s.id = v_staff.station_id and s.chat_hours <> p;
  if found then
    perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'chat.hours_set', 'chat', null, jsonb_build_object('from_hour', p ->> 'from', 'to_hour', p ->> 'to', 'days', p ->> 'days'));
  end if;
  return jsonb_build_object('ok', true, 'hours', private.chat_hours_at(v_staff.station_id, private.clock()));
end;
$$;
comment on function public.set_chat_hours(jsonb) is 'Definer: nobody writes stations directly.';
revoke all on function public.set_chat_hours(jsonb) from public;
grant execute on function public.set_chat_hours(jsonb) to authenticated;
