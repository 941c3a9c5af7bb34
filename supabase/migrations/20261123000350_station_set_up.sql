-- Purpose: the first station of an installation is made by `npm run setup` (RULES F1), which may run again at any time.
-- Risk: none, new functions.

-- {ok, is_demo, station: {id, slug, name, time_zone, phone} | null, chiefs, admins, auditors, invited: [{role, badge_number, expires_at}]}: what stands.
create function public.get_set_up() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('ok', true, 'is_demo', private.is_demo(),
    'station', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'time_zone', s.time_zone, 'phone', s.phone) from public.stations s where s.is_default),
    'chiefs', (select count(*) from public.staff f join public.stations s on s.id = f.station_id where s.is_default and f.is_active and f.role = 'chief'),
    'admins', (select count(*) from public.staff f join public.stations s on s.id = f.station_id where s.is_default and f.is_active and f.role = 'admin'),
    'auditors', (select count(*) from public.staff f join public.stations s on s.id = f.station_id where s.is_default and f.is_active and f.role = 'auditor'),
    'invited', coalesce((select jsonb_agg(jsonb_build_object('role', i.role, 'badge_number', i.badge_number, 'expires_at', i.expires_at) order by i.role desc) from private.staff_invitations i
      join public.stations s on s.id = i.station_id where s.is_default and i.token_hash is not null and i.expires_at > private.clock()), '[]'::jsonb));
$$;
comment on function public.get_set_up() is 'Definer: demo mark and invitations are private, staff is readable within a station only.';
revoke all on function public.get_set_up() from public;
grant execute on function public.get_set_up() to service_role;

/*
  Makes the station residents see, once. p: slug, name {zh, en}, time_zone, phone?, is_change?
  A second call changes nothing unless `is_change` says so: `differs` names what the caller has otherwise than the station. The slug of a
  station never changes, since addresses carry it. → {ok, station, is_new, differs[]}
*/
create function public.set_up_station(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_slug text := p ->> 'slug';
  v_zone text := p ->> 'time_zone';
  v_phone text := nullif(p ->> 'phone', '');
  v_station public.stations;
  v_is_new boolean := false;
  v_differs text[];
begin
  if private.is_demo() then
    return private.refuse('forbidden');
  end if;
  if coalesce(v_slug, '') !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or char_length(v_slug) > 60
    or coalesce(char_length(btrim(p -> 'name' ->> 'zh')), 0) not between 1 and 60 or coalesce(char_length(btrim(p -> 'name' ->> 'en')), 0) not between 1 and 60
    or not exists (select from pg_catalog.pg_timezone_names z where z.name = v_zone)
    or char_length(v_phone) > 40 then
    return private.refuse('invalid_input');
  end if;
  -- Two that set up at once: the second waits, then finds a station.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('set_up_station'));
  select s.* into v_station from public.stations s where s.is_default;
  if v_station.id is null then
    insert into public.stations (slug, name, time_zone, phone, is_default)
    values (v_slug, jsonb_build_object('zh', btrim(p -> 'name' ->> 'zh'), 'en', btrim(p -> 'name' ->> 'en')), v_zone, v_phone, true)
    returning * into v_station;
    v_is_new := true;
    perform private.log(v_station.id, null, 'system', 'station.set_up', 'communities', v_station.id);
  end if;
  v_differs := array_remove(array[
    case when v_station.slug <> v_slug then 'slug' end,
    case when v_station.name ->> 'zh' <> btrim(p -> 'name' ->> 'zh') or v_station.name ->> 'en' <> btrim(p -> 'name' ->> 'en') then 'name' end,
    case when v_station.time_zone <> v_zone then 'time_zone' end,
    case when v_phone is not null and v_station.phone is distinct from v_phone then 'phone' end], null);
  if (p ->> 'is_change')::boolean and array_remove(v_differs, 'slug') <> '{}' then
    update public.stations s set name = jsonb_build_object('zh', btrim(p -> 'name' ->> 'zh'), 'en', btrim(p -> 'name' ->> 'en')), time_zone = v_zone, phone = coalesce(v_phone, s.phone)
    where s.id = v_station.id returning * into v_station;
    perform private.log(v_station.id, null, 'system', 'station.set_up_again', 'communities', v_station.id);
    v_differs := array(select d from unnest(v_differs) d where d = 'slug');
  end if;
  return jsonb_build_object('ok', true, 'is_new', v_is_new, 'differs', to_jsonb(v_differs),
    'station', jsonb_build_object('id', v_station.id, 'slug', v_station.slug, 'name', v_station.name, 'time_zone', v_station.time_zone, 'phone', v_station.phone));
end;
$$;
comment on function public.set_up_station(jsonb) is 'Definer: nobody writes stations directly.';
revoke all on function public.set_up_station(jsonb) from public;
grant execute on function public.set_up_station(jsonb) to service_role;
