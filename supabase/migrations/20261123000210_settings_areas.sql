-- Purpose: communities and grids by import, in one transaction; and what the pages of /desk/settings read.
-- Risk: low. A grid that something names is switched off, never deleted; communities are never deleted.

-- A GeoJSON area of closed rings in degrees. Whether areas overlap is judged by the portal (shared/communities/geometry/), which alone may save.
create function private.is_area(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  with rings as (
    select r.value as ring from jsonb_array_elements(case p ->> 'type' when 'Polygon' then jsonb_build_array(p -> 'coordinates') when 'MultiPolygon' then p -> 'coordinates' else '[]'::jsonb end) o,
      jsonb_array_elements(o.value) r)
  select coalesce(jsonb_typeof(p -> 'coordinates') = 'array'
    and (select count(*) between 1 and 200 and sum(jsonb_array_length(r.ring)) <= 20000 and bool_and(jsonb_array_length(r.ring) >= 4 and r.ring -> 0 = r.ring -> -1) from rings r)
    and (select bool_and(jsonb_typeof(v.value -> 0) = 'number' and jsonb_typeof(v.value -> 1) = 'number' and (v.value ->> 0)::numeric between -180 and 180 and (v.value ->> 1)::numeric between -90 and 90)
      from rings r, jsonb_array_elements(r.ring) v), false);
$$;

create function private.is_grid_setting(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(p ->> 'code' ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$' and char_length(p ->> 'code') <= 24 and private.is_said(p -> 'name', 60) and private.is_area(p -> 'boundary')
    and jsonb_typeof(p -> 'lat') = 'number' and jsonb_typeof(p -> 'lng') = 'number' and (p ->> 'lat')::numeric between -90 and 90 and (p ->> 'lng')::numeric between -180 and 180, false);
$$;

-- {communities: [{slug, name, boundary, grids: [{code, name, boundary, lat, lng}]}]}: all that the station has from now on.
create or replace function private.is_areas_setting(p_station uuid, p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(jsonb_typeof(p -> 'communities') = 'array' and jsonb_array_length(p -> 'communities') between 1 and 60
    and (select count(distinct c.value ->> 'slug') = count(*)
        and bool_and(c.value ->> 'slug' ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(c.value ->> 'slug') <= 60 and private.is_said(c.value -> 'name', 60) and private.is_area(c.value -> 'boundary')
          and jsonb_typeof(c.value -> 'grids') = 'array')
      from jsonb_array_elements(p -> 'communities') c)
    and (select count(*) between 1 and 600 and count(distinct g.value ->> 'code') = count(*) and bool_and(private.is_grid_setting(g.value))
      from jsonb_array_elements(p -> 'communities') c, jsonb_array_elements(c.value -> 'grids') g)
    -- An address belongs to one station.
    and not exists (select from public.communities k join jsonb_array_elements(p -> 'communities') c on c.value ->> 'slug' = k.slug where k.station_id <> p_station), false);
$$;

create or replace function private.apply_areas(p_station uuid, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  v_grid uuid;
begin
  update public.communities c set is_active = false
  where c.station_id = p_station and c.is_active and not exists (select from jsonb_array_elements(p -> 'communities') n where n.value ->> 'slug' = c.slug);
  insert into public.communities as c (station_id, slug, name, boundary, position)
  select p_station, n.value ->> 'slug', n.value -> 'name', n.value -> 'boundary', n.ordinality::integer from jsonb_array_elements(p -> 'communities') with ordinality n (value, ordinality)
  on conflict (slug) do update set name = excluded.name, boundary = excluded.boundary, position = excluded.position, is_active = true where c.station_id = p_station;

  for v_grid in
    select g.id from public.grids g join public.communities c on c.id = g.community_id
    where c.station_id = p_station and c.is_active and g.is_active
      and not exists (select from jsonb_array_elements(p -> 'communities') n, jsonb_array_elements(n.value -> 'grids') m where n.value ->> 'slug' = c.slug and m.value ->> 'code' = g.code)
  loop
    begin
      delete from public.grids g where g.id = v_grid;
    -- PostgreSQL 18 tells `on delete restrict` apart, earlier ones do not.
    exception when foreign_key_violation or restrict_violation then
      -- A report lies there: the grid keeps its name and is offered no more.
      update public.grids g set is_active = false where g.id = v_grid;
    end;
  end loop;
  insert into public.grids as g (community_id, code, name, boundary, centre_lat, centre_lng)
  select c.id, m.value ->> 'code', m.value -> 'name', m.value -> 'boundary', (m.value ->> 'lat')::double precision, (m.value ->> 'lng')::double precision
  from jsonb_array_elements(p -> 'communities') n join public.communities c on c.slug = n.value ->> 'slug' and c.station_id = p_station, jsonb_array_elements(n.value -> 'grids') m
  on conflict (community_id, code) do update set name = excluded.name, boundary = excluded.boundary, centre_lat = excluded.centre_lat, centre_lng = excluded.centre_lng, is_active = true;
end;
$$;

-- Saves an import. The server alone: it has checked that nothing overlaps. p: value, version, actor, session → as save_setting
create function public.save_areas(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
begin
  if not private.may_set(v_staff, 'areas') then
    return private.refuse('forbidden');
  end if;
  perform private.lock_settings();
  if p ->> 'version' is distinct from private.setting_digest(private.areas_of(v_staff.station_id)) then
    return private.refuse('conflict');
  end if;
  if not private.is_setting(v_staff.station_id, 'areas', 'areas', p -> 'value') then
    return private.refuse('invalid_input');
  end if;
  return private.change_setting(v_staff, 'areas', 'areas', p -> 'value');
end;
$$;
comment on function public.save_areas(jsonb) is 'Definer: nobody writes the reference tables directly. service_role alone: overlaps and gaps are judged by the portal.';
revoke all on function public.save_areas(jsonb) from public;
grant execute on function public.save_areas(jsonb) to service_role;

-- What a section of the page shows. → {ok, …} | forbidden
create function public.read_settings(p_section text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_value jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin') then
    return private.refuse('forbidden');
  end if;
  v_value := private.setting_of(v_staff.station_id, p_section, p_section);
  return jsonb_build_object('ok', true, 'may_set', private.may_set(v_staff, p_section), 'may_set_terms', private.may_set_terms(v_staff)) || case p_section
    when 'station' then jsonb_build_object('value', v_value, 'version', private.setting_digest(v_value))
    when 'areas' then jsonb_build_object('value', v_value, 'version', private.setting_digest(v_value),
      'used', coalesce((select jsonb_agg(g.code order by g.code) from public.grids g join public.communities c on c.id = g.community_id
        where c.station_id = v_staff.station_id and c.is_active and g.is_active and exists (select from public.reports r where r.community_id = c.id and r.grid_id = g.id)), '[]'::jsonb),
      'foreign_slugs', coalesce((select jsonb_agg(c.slug) from public.communities c where c.station_id <> v_staff.station_id), '[]'::jsonb))
    when 'office' then jsonb_build_object('offices', coalesce((select jsonb_agg(jsonb_build_object('community', c.slug, 'community_name', c.name, 'value', o.value, 'version', private.setting_digest(o.value)) order by c.position, c.slug)
      from public.communities c, lateral (select private.setting_of(c.station_id, 'office', c.slug) as value) o where c.station_id = v_staff.station_id and c.is_active), '[]'::jsonb))
    when 'category' then jsonb_build_object(
      'order_version', private.setting_digest(private.setting_of(v_staff.station_id, 'category_order', 'order')),
      'categories', coalesce((select jsonb_agg(jsonb_build_object('code', k.code, 'is_about_police', k.is_about_police, 'value', s.value, 'version', private.setting_digest(s.value),
          'former_questions', coalesce((select jsonb_agg(jsonb_build_object('code', q.code, 'kind', q.kind, 'label', q.label, 'hint', q.hint, 'options', q.options, 'is_required', q.is_required) order by q.position, q.code)
            from public.category_questions q where q.category_code = k.code and not q.is_active), '[]'::jsonb)) order by k.position, k.code)
        from public.categories k, lateral (select private.setting_of(v_staff.station_id, 'category', k.code) as value) s), '[]'::jsonb))
    when 'template' then jsonb_build_object('templates', coalesce((select jsonb_agg(jsonb_build_object('slug', t.slug, 'value', s.value, 'version', private.setting_digest(s.value)) order by t.position, t.slug)
      from public.response_templates t, lateral (select private.setting_of(v_staff.station_id, 'template', t.slug) as value) s), '[]'::jsonb))
    else '{}'::jsonb
  end;
end;
$$;
comment on function public.read_settings(text) is 'Texts of the station and its map, nothing of residents. Definer: what is switched off is hidden from others.';
revoke all on function public.read_settings(text) from public;
grant execute on function public.read_settings(text) to authenticated;

-- Areas as a reader of the changes sees them: which, and the digest of each outline.
create function private.areas_in_short(p jsonb) returns jsonb
language sql immutable set search_path = '' as $$
  select jsonb_build_object('communities', coalesce((select jsonb_agg(jsonb_build_object('slug', c.value ->> 'slug', 'name', c.value -> 'name', 'shape', md5((c.value -> 'boundary')::text),
    'grids', (select coalesce(jsonb_agg(jsonb_build_object('code', g.value ->> 'code', 'name', g.value -> 'name', 'shape', md5((g.value -> 'boundary')::text))), '[]'::jsonb) from jsonb_array_elements(c.value -> 'grids') g)))
    from jsonb_array_elements(p -> 'communities') c), '[]'::jsonb));
$$;

-- Changes, newest first, for chief, admin and auditor. p: cursor, limit → {ok, changes[], next_cursor}
create function public.list_setting_changes(p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_limit integer := least(greatest(coalesce((p ->> 'limit')::integer, 20), 1), 50);
  v_rows jsonb;
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin', 'auditor') then
    return private.refuse('forbidden');
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'number', c.number, 'at', c.at, 'by', s.name, 'section', c.section, 'item', c.item,
      'title', case c.section when 'office' then (select k.name from public.communities k where k.slug = c.item) when 'category' then coalesce(c.after, c.before) -> 'name' when 'template' then coalesce(c.after, c.before) -> 'name' end,
      'before', case when c.section = 'areas' then private.areas_in_short(c.before) else c.before end, 'after', case when c.section = 'areas' then private.areas_in_short(c.after) else c.after end,
      'undoes', (select u.number from private.setting_changes u where u.id = c.undoes), 'undone_by', (select u.number from private.setting_changes u where u.undoes = c.id),
      'may_undo', private.undo_problem(c, v_staff) is null) order by c.number desc), '[]'::jsonb) into v_rows
  from (select x.* from private.setting_changes x where x.station_id = v_staff.station_id and (p ->> 'cursor' is null or x.number < (p ->> 'cursor')::bigint) order by x.number desc limit v_limit + 1) c
  left join public.staff s on s.user_id = c.changed_by;
  return jsonb_build_object('ok', true, 'changes', case when jsonb_array_length(v_rows) > v_limit then v_rows - v_limit else v_rows end,
    'next_cursor', case when jsonb_array_length(v_rows) > v_limit then v_rows -> (v_limit - 1) -> 'number' end);
end;
$$;
comment on function public.list_setting_changes(jsonb) is 'Definer: the table is private.';
revoke all on function public.list_setting_changes(jsonb) from public;
grant execute on function public.list_setting_changes(jsonb) to authenticated;
