-- Purpose: when a station's rounds of ratings open and how long they stay open is set at the desk like every other setting: logged, and taken back if need be.
-- Risk: low. The functions of settings know one section more; those of the others are as they were.

alter table private.setting_changes drop constraint setting_changes_section_check;
alter table private.setting_changes add constraint setting_changes_section_check check (section in ('station', 'office', 'category', 'category_order', 'template', 'areas', 'ratings'));

-- The same bounds as the table's. p: {is_on, opens_day, days}
create function private.is_rating_setting(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(jsonb_typeof(p) = 'object' and p - array['is_on', 'opens_day', 'days'] = '{}'::jsonb and jsonb_typeof(p -> 'is_on') = 'boolean'
    and p ->> 'opens_day' ~ '^[0-9]{1,2}$' and p ->> 'days' ~ '^[0-9]{1,2}$' and jsonb_typeof(p -> 'opens_day') = 'number' and jsonb_typeof(p -> 'days') = 'number'
    and (p ->> 'opens_day')::integer between 1 and 20 and (p ->> 'days')::integer between 7 and 28 and (p ->> 'opens_day')::integer + (p ->> 'days')::integer <= 29, false);
$$;
revoke all on function private.is_rating_setting(jsonb) from public;

/* As they were (20261123000205, 20261125000200), with the section of ratings. A round that is open keeps its end. */

create or replace function private.may_set(p_staff public.staff, p_section text) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_staff.role in ('chief', 'admin') and (p_section in ('station', 'office', 'areas', 'ratings') or exists (select from public.stations s where s.id = p_staff.station_id and s.is_default)), false);
$$;

create or replace function private.setting_of(p_station uuid, p_section text, p_item text) returns jsonb
language sql stable set search_path = '' as $$
  select case p_section
    when 'station' then (select jsonb_build_object('name', s.name, 'address', s.address, 'phone', s.phone, 'time_zone', s.time_zone, 'emergency_numbers', s.emergency_numbers, 'alert_issuer', s.alert_issuer) from public.stations s where s.id = p_station)
    when 'office' then (select jsonb_build_object('name', o.name, 'address', o.address, 'phone', o.phone, 'reception_hours', o.reception_hours, 'lat', o.lat, 'lng', o.lng)
      from public.police_offices o join public.communities c on c.id = o.community_id where c.station_id = p_station and c.slug = p_item order by o.id limit 1)
    when 'category' then (select jsonb_build_object('group', k."group", 'visibility', k.visibility, 'urgency', k.urgency, 'name', k.name, 'description', k.description, 'guidance', k.guidance,
        'retention_days', k.retention_days, 'allows_device_draft', k.allows_device_draft, 'is_active', k.is_active,
        'questions', coalesce((select jsonb_agg(jsonb_build_object('code', q.code, 'kind', q.kind, 'label', q.label, 'hint', q.hint, 'options', q.options, 'is_required', q.is_required) order by q.position, q.code)
          from public.category_questions q where q.category_code = k.code and q.is_active), '[]'::jsonb))
      from public.categories k where k.code = p_item)
    when 'category_order' then (select jsonb_agg(k.code order by k.position, k.code) from public.categories k where k.is_active)
    when 'template' then (select jsonb_build_object('category', t.category_code, 'status', t.status, 'closed_reason', t.closed_reason, 'name', t.name, 'body', t.body, 'position', t.position)
      from public.response_templates t where t.slug = p_item)
    when 'areas' then private.areas_of(p_station)
    when 'ratings' then (select jsonb_build_object('is_on', coalesce(r.is_on, true), 'opens_day', coalesce(r.opens_day, 1), 'days', coalesce(r.days, 20)) from public.stations s left join private.rating_settings r on r.station_id = s.id where s.id = p_station)
  end;
$$;

create or replace function private.is_setting(p_station uuid, p_section text, p_item text, p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select case p_section
    when 'station' then p_item = 'station' and private.is_station_setting(p)
    when 'office' then exists (select from public.communities c where c.station_id = p_station and c.slug = p_item and c.is_active) and (p is null or private.is_office_setting(p))
    when 'category' then private.is_category_setting(p_item, p)
    when 'category_order' then p_item = 'order' and private.is_order_setting(p)
    when 'template' then p is null or private.is_template_setting(p_item, p)
    when 'areas' then p_item = 'areas' and private.is_areas_setting(p_station, p)
    when 'ratings' then p_item = 'ratings' and private.is_rating_setting(p)
    else false
  end;
$$;

create or replace function private.apply_setting(p_station uuid, p_section text, p_item text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  case p_section
    when 'station' then
      update public.stations s set name = p -> 'name', address = nullif(p -> 'address', 'null'::jsonb), phone = p ->> 'phone', time_zone = p ->> 'time_zone', emergency_numbers = nullif(p -> 'emergency_numbers', 'null'::jsonb),
        alert_issuer = p ->> 'alert_issuer'
      where s.id = p_station;
    when 'office' then
      delete from public.police_offices o using public.communities c where c.id = o.community_id and c.station_id = p_station and c.slug = p_item;
      if p is not null then
        insert into public.police_offices (community_id, name, address, phone, reception_hours, lat, lng)
        select c.id, p -> 'name', p -> 'address', p ->> 'phone', p -> 'reception_hours', (p ->> 'lat')::double precision, (p ->> 'lng')::double precision
        from public.communities c where c.station_id = p_station and c.slug = p_item;
      end if;
    when 'category' then perform private.apply_category(p_item, p);
    when 'category_order' then
      update public.categories k set position = (c.ordinality * 10)::integer from jsonb_array_elements_text(p) with ordinality c (value, ordinality) where k.code = c.value;
    when 'template' then
      delete from public.response_templates t where t.slug = p_item and p is null;
      if p is not null then
        insert into public.response_templates (slug, category_code, status, closed_reason, name, body, position)
        values (p_item, p ->> 'category', p ->> 'status', p ->> 'closed_reason', p -> 'name', p -> 'body', (p ->> 'position')::integer)
        on conflict (slug) do update set category_code = excluded.category_code, status = excluded.status, closed_reason = excluded.closed_reason, name = excluded.name, body = excluded.body, position = excluded.position;
      end if;
    when 'areas' then perform private.apply_areas(p_station, p);
    when 'ratings' then
      insert into private.rating_settings (station_id, is_on, opens_day, days) values (p_station, (p ->> 'is_on')::boolean, (p ->> 'opens_day')::smallint, (p ->> 'days')::smallint)
      on conflict (station_id) do update set is_on = excluded.is_on, opens_day = excluded.opens_day, days = excluded.days;
  end case;
end;
$$;

create or replace function public.read_settings(p_section text) returns jsonb
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
    when 'ratings' then jsonb_build_object('value', v_value, 'version', private.setting_digest(v_value), 'runs_until', (select max(o.closes_at) from private.rating_rounds o where o.station_id = v_staff.station_id and o.closed_at is null))
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
