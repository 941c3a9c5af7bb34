-- Purpose: what a community's map is drawn with: streets, water, parks and landmarks, so that no outside tiles are needed.
-- Risk: none, a new nullable column; get_reference_data() is the same as before plus `map`.
alter table public.communities add column map jsonb
  constraint communities_map_is_geojson check (map is null or (coalesce(map ->> 'type', '') = 'FeatureCollection' and coalesce(jsonb_typeof(map -> 'features'), '') = 'array'));
comment on column public.communities.map is 'GeoJSON features in WGS 84 with `kind` (street, water, park, school, market, police, clinic, bus) and `name` {zh, en}. Decoration: nothing is decided by it.';

create or replace function public.get_reference_data() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'station', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'phone', s.phone, 'address', s.address, 'time_zone', s.time_zone) from public.stations s where s.is_default),
    'communities', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name, 'boundary', c.boundary, 'map', c.map,
        'grids', coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'code', g.code, 'name', g.name, 'boundary', g.boundary, 'lat', g.centre_lat, 'lng', g.centre_lng) order by g.code)
          from public.grids g where g.community_id = c.id and g.is_active), '[]'::jsonb),
        'office', (select jsonb_build_object('name', o.name, 'address', o.address, 'phone', o.phone, 'reception_hours', o.reception_hours, 'lat', o.lat, 'lng', o.lng)
          from public.police_offices o where o.community_id = c.id order by o.id limit 1),
        'officers', coalesce((select jsonb_agg(jsonb_build_object('id', f.user_id, 'name', f.name, 'badge_number', f.badge_number, 'kind', a.kind) order by a.kind, f.badge_number)
          from public.assignments a join public.staff f on f.user_id = a.staff_id and f.is_active
          where a.community_id = c.id and (private.clock() at time zone s.time_zone)::date between a.from_on and coalesce(a.to_on, 'infinity'::date)), '[]'::jsonb)) order by c.position, c.slug)
      from public.communities c join public.stations s on s.id = c.station_id and s.is_default where c.is_active), '[]'::jsonb),
    'categories', coalesce((select jsonb_agg(jsonb_build_object('code', k.code, 'group', k."group", 'visibility', k.visibility, 'urgency', k.urgency, 'name', k.name,
        'description', k.description, 'guidance', k.guidance, 'is_about_police', k.is_about_police, 'allows_device_draft', k.allows_device_draft, 'retention_days', k.retention_days,
        'questions', coalesce((select jsonb_agg(jsonb_build_object('code', q.code, 'kind', q.kind, 'label', q.label, 'hint', q.hint, 'options', q.options, 'is_required', q.is_required) order by q.position, q.code)
          from public.category_questions q where q.category_code = k.code), '[]'::jsonb)) order by k.position, k.code)
      from public.categories k where k.is_active), '[]'::jsonb),
    'is_demo', private.is_demo(), 'now', private.clock());
$$;
comment on function public.get_reference_data() is 'Public read. Definer: officers'' names and numbers are public on their community''s card, the rest of staff is not.';
revoke all on function public.get_reference_data() from public;
grant execute on function public.get_reference_data() to anon, authenticated, service_role;
