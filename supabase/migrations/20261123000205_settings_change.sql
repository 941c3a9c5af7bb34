-- Purpose: /desk/settings. Each change of the reference tables is one transaction with its row in the log and what stood there before, and
-- can be taken back as a new change. The rules of the forms (shared/communities/settings-schema.ts) hold here too.
-- Risk: low. New objects; the reference tables are written by these functions and by the seeds only.

create table private.setting_changes (
  id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity unique,
  at timestamptz not null,
  station_id uuid not null references public.stations (id) on delete restrict,
  section text not null check (section in ('station', 'office', 'category', 'category_order', 'template', 'areas')),
  item text not null check (char_length(item) between 1 and 80),
  before jsonb,
  after jsonb,
  changed_by uuid not null references public.staff (user_id) on delete restrict,
  undoes uuid unique references private.setting_changes (id) on delete restrict,
  check (before is distinct from after)
);
comment on table private.setting_changes is 'What stood there before and after each change of a setting; null: nothing. The log names the row and the SHA-256 of both, and the log is sealed.';
create index setting_changes_by_item on private.setting_changes (station_id, section, item, number);
create index setting_changes_by_staff on private.setting_changes (changed_by);
alter table private.setting_changes enable row level security;
create trigger setting_changes_are_append_only before update or delete on private.setting_changes for each row execute function private.refuse_change();
create trigger setting_changes_are_never_emptied before truncate on private.setting_changes for each statement execute function private.refuse_change();

insert into private.retention_rules (kind, position, job, ends, keep_for, least, most, name, happens, ground) values
  ('setting_changes', 200, null, 'never', null, null, null,
    '{"zh": "派出所设置的修改记录（改前、改后、谁改的）", "en": "Changes of the station''s settings: before, after, by whom"}',
    '{"zh": "一直保存，只增不改；不含居民信息", "en": "Kept; only ever added to. Nothing of residents is in them"}',
    '{"zh": "事后能查明规则当时是怎样的，也能改回去", "en": "So that it can be shown what the rules were, and taken back"}');

create function private.setting_digest(p_value jsonb) returns text
language sql immutable set search_path = '' as $$
  select encode(sha256(convert_to(coalesce(p_value::text, ''), 'UTF8')), 'hex');
$$;
comment on function private.setting_digest(jsonb) is 'Names a state of a setting: a form that was opened before somebody else saved is refused.';

-- Chief and admin of the station; what is shared by the whole installation is its own station's to change.
create function private.may_set(p_staff public.staff, p_section text) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_staff.role in ('chief', 'admin') and (p_section in ('station', 'office', 'areas') or exists (select from public.stations s where s.id = p_staff.station_id and s.is_default)), false);
$$;

create function private.areas_of(p_station uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('communities', coalesce(jsonb_agg(jsonb_build_object('slug', c.slug, 'name', c.name, 'boundary', c.boundary,
    'grids', coalesce((select jsonb_agg(jsonb_build_object('code', g.code, 'name', g.name, 'boundary', g.boundary, 'lat', g.centre_lat, 'lng', g.centre_lng) order by g.code)
      from public.grids g where g.community_id = c.id and g.is_active), '[]'::jsonb)) order by c.position, c.slug), '[]'::jsonb))
  from public.communities c where c.station_id = p_station and c.is_active;
$$;

-- What stands there now; null: nothing.
create function private.setting_of(p_station uuid, p_section text, p_item text) returns jsonb
language sql stable set search_path = '' as $$
  select case p_section
    when 'station' then (select jsonb_build_object('name', s.name, 'address', s.address, 'phone', s.phone, 'time_zone', s.time_zone, 'emergency_numbers', s.emergency_numbers) from public.stations s where s.id = p_station)
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
  end;
$$;

/* The rules of the forms. Each says whether a value may stand there. */
create function private.is_said(p_text jsonb, p_most integer) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(jsonb_typeof(p_text) = 'object' and p_text - array['zh', 'en'] = '{}'::jsonb
    and (select count(*) = 2 and bool_and(jsonb_typeof(t.value) = 'string' and char_length(t.value #>> '{}') between 1 and p_most and t.value #>> '{}' = btrim(t.value #>> '{}', E' \t\n')) from jsonb_each(p_text) t), false);
$$;
comment on function private.is_said(jsonb, integer) is 'A text in both languages, trimmed, of at most so many characters.';

create function private.is_phone(p_phone text) returns boolean
language sql immutable set search_path = '' as $$
  select p_phone ~ '^[+0-9][-0-9 ()./转]{1,39}$' and p_phone ~ '[0-9]{2}';
$$;

create function private.is_station_setting(p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(private.is_said(p -> 'name', 60) and (p ->> 'address' is null or private.is_said(p -> 'address', 200)) and (p ->> 'phone' is null or private.is_phone(p ->> 'phone'))
    and exists (select from pg_catalog.pg_timezone_names z where z.name = p ->> 'time_zone') and (p ->> 'emergency_numbers' is null or private.are_emergency_numbers(p -> 'emergency_numbers')), false);
$$;

create function private.is_office_setting(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(private.is_said(p -> 'name', 60) and private.is_said(p -> 'address', 200) and private.is_said(p -> 'reception_hours', 300) and private.is_phone(p ->> 'phone')
    and (p ->> 'lat' is null) = (p ->> 'lng' is null)
    and (p ->> 'lat' is null or (jsonb_typeof(p -> 'lat') = 'number' and jsonb_typeof(p -> 'lng') = 'number' and (p ->> 'lat')::numeric between -90 and 90 and (p ->> 'lng')::numeric between -180 and 180)), false);
$$;

create function private.is_question_setting(p jsonb, p_is_about_police boolean) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(p ->> 'code' ~ '^[a-z]+(_[a-z]+)*$' and char_length(p ->> 'code') <= 40 and p ->> 'kind' in ('text', 'number', 'single', 'multi', 'officer') and (p ->> 'kind' <> 'officer' or p_is_about_police)
    and private.is_said(p -> 'label', 200) and (p ->> 'hint' is null or private.is_said(p -> 'hint', 300)) and jsonb_typeof(p -> 'is_required') = 'boolean' and jsonb_typeof(p -> 'options') = 'array'
    and (p ->> 'kind' in ('single', 'multi')) = (jsonb_array_length(p -> 'options') > 0) and jsonb_array_length(p -> 'options') <= 20
    and (select count(distinct o.value ->> 'code') = count(*) and coalesce(bool_and(o.value ->> 'code' ~ '^[a-z]+(_[a-z]+)*$' and char_length(o.value ->> 'code') <= 40 and private.is_said(o.value -> 'label', 120)), true)
      from jsonb_array_elements(p -> 'options') o), false);
$$;

-- A station cannot switch off the way to complain about its police, nor the last kind of matter. What decides who may read stays as it was made.
create function private.is_category_setting(p_code text, p jsonb) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  v_kept public.categories;
begin
  select k.* into v_kept from public.categories k where k.code = p_code;
  return coalesce(p_code ~ '^[a-z]+(_[a-z]+)*$' and char_length(p_code) <= 40
    and exists (select from public.categories k where k."group" = p ->> 'group') and p ->> 'visibility' in ('public', 'private') and p ->> 'urgency' in ('normal', 'urgent')
    and private.is_said(p -> 'name', 60) and private.is_said(p -> 'description', 120) and private.is_said(p -> 'guidance', 2000)
    and jsonb_typeof(p -> 'retention_days') = 'number' and (p ->> 'retention_days')::numeric between 30 and 3650 and (p ->> 'retention_days')::numeric % 1 = 0
    and jsonb_typeof(p -> 'allows_device_draft') = 'boolean' and jsonb_typeof(p -> 'is_active') = 'boolean'
    and (v_kept.code is null or (v_kept.visibility = p ->> 'visibility' and v_kept.allows_device_draft = (p ->> 'allows_device_draft')::boolean))
    and ((p ->> 'is_active')::boolean or (not coalesce(v_kept.is_about_police, false) and exists (select from public.categories k where k.is_active and k.code <> p_code)))
    and jsonb_typeof(p -> 'questions') = 'array' and jsonb_array_length(p -> 'questions') <= 12
    and (select count(distinct q.value ->> 'code') = count(*) and coalesce(bool_and(private.is_question_setting(q.value, coalesce(v_kept.is_about_police, false))), true) from jsonb_array_elements(p -> 'questions') q)
    -- The kind of a question is what its answers are read by: another kind is another question, with a code of its own.
    and not exists (select from public.category_questions q join jsonb_array_elements(p -> 'questions') n on n.value ->> 'code' = q.code where q.category_code = p_code and q.kind <> n.value ->> 'kind'), false);
end;
$$;

create function private.count_blanks(p_text text) returns integer
language sql immutable set search_path = '' as $$
  select case when regexp_replace(p_text, '【[^】\n]{1,40}】|\[[^]\n]{1,40}\]', '', 'g') ~ '[][【】]' then null else (select count(*)::integer from regexp_matches(p_text, '【[^】\n]{1,40}】|\[[^]\n]{1,40}\]', 'g')) end;
$$;
comment on function private.count_blanks(text) is 'Blanks for the officer to fill in; null where a bracket is left open or empty. As in shared/reports/response-template.ts.';

create function private.is_template_setting(p_slug text, p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(p_slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(p_slug) <= 60
    and (p ->> 'category' is null or exists (select from public.categories k where k.code = p ->> 'category'))
    and p ->> 'status' in ('received', 'triaged', 'in_progress', 'resolved', 'closed', 'message') and (p ->> 'status' = 'closed') = (p ->> 'closed_reason' is not null)
    and (p ->> 'closed_reason' is null or p ->> 'closed_reason' in ('no_further_action', 'referred', 'duplicate', 'withdrawn', 'unfounded', 'spam'))
    and private.is_said(p -> 'name', 60) and private.is_said(p -> 'body', 1000) and private.count_blanks(p -> 'body' ->> 'zh') = private.count_blanks(p -> 'body' ->> 'en')
    and jsonb_typeof(p -> 'position') = 'number' and (p ->> 'position')::numeric between 0 and 100000, false);
$$;

-- The codes of all kinds that are on, each once.
create function private.is_order_setting(p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select coalesce(jsonb_typeof(p) = 'array' and array(select c.value from jsonb_array_elements_text(p) c order by 1) = array(select k.code::text from public.categories k where k.is_active order by 1), false);
$$;

-- Filled in by 20261123000210, which knows geometry.
create function private.is_areas_setting(p_station uuid, p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select false;
$$;
create function private.apply_areas(p_station uuid, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  raise exception 'areas are set by a later migration' using errcode = 'PT500';
end;
$$;

-- May this stand there? Null: nothing shall, which offices and templates know.
create function private.is_setting(p_station uuid, p_section text, p_item text, p jsonb) returns boolean
language sql stable set search_path = '' as $$
  select case p_section
    when 'station' then p_item = 'station' and private.is_station_setting(p)
    when 'office' then exists (select from public.communities c where c.station_id = p_station and c.slug = p_item and c.is_active) and (p is null or private.is_office_setting(p))
    when 'category' then private.is_category_setting(p_item, p)
    when 'category_order' then p_item = 'order' and private.is_order_setting(p)
    when 'template' then p is null or private.is_template_setting(p_item, p)
    when 'areas' then p_item = 'areas' and private.is_areas_setting(p_station, p)
    else false
  end;
$$;

create function private.apply_category(p_code text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into public.categories as k (code, "group", visibility, urgency, name, description, guidance, retention_days, allows_device_draft, position, is_active)
  values (p_code, p ->> 'group', p ->> 'visibility', p ->> 'urgency', p -> 'name', p -> 'description', p -> 'guidance', (p ->> 'retention_days')::integer, (p ->> 'allows_device_draft')::boolean,
    (select coalesce(max(o.position), 0) + 10 from public.categories o), (p ->> 'is_active')::boolean)
  on conflict (code) do update set "group" = excluded."group", urgency = excluded.urgency, name = excluded.name, description = excluded.description, guidance = excluded.guidance,
    retention_days = excluded.retention_days, is_active = excluded.is_active;
  update public.category_questions q set is_active = false
  where q.category_code = p_code and q.is_active and not exists (select from jsonb_array_elements(p -> 'questions') n where n.value ->> 'code' = q.code);
  insert into public.category_questions as q (category_code, code, kind, label, hint, options, is_required, position)
  select p_code, n.value ->> 'code', n.value ->> 'kind', n.value -> 'label', nullif(n.value -> 'hint', 'null'::jsonb), n.value -> 'options', (n.value ->> 'is_required')::boolean, (n.ordinality * 10)::integer
  from jsonb_array_elements(p -> 'questions') with ordinality n (value, ordinality)
  on conflict (category_code, code) do update set label = excluded.label, hint = excluded.hint, options = excluded.options, is_required = excluded.is_required, position = excluded.position, is_active = true
  where (q.label, q.hint, q.options, q.is_required, q.position, q.is_active) is distinct from (excluded.label, excluded.hint, excluded.options, excluded.is_required, excluded.position, true);
end;
$$;

create function private.apply_setting(p_station uuid, p_section text, p_item text, p jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  case p_section
    when 'station' then
      update public.stations s set name = p -> 'name', address = nullif(p -> 'address', 'null'::jsonb), phone = p ->> 'phone', time_zone = p ->> 'time_zone', emergency_numbers = nullif(p -> 'emergency_numbers', 'null'::jsonb)
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
  end case;
end;
$$;

/*
  Sets what stands there, with its row in the log. The caller holds the lock and has checked the value.
  → {ok, change: id | null when it was so already, version}
*/
create function private.change_setting(p_staff public.staff, p_section text, p_item text, p_value jsonb, p_undoes uuid default null) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  v_before jsonb := private.setting_of(p_staff.station_id, p_section, p_item);
  v_after jsonb;
  v_staff public.staff := p_staff;
  v_change uuid;
  v_facts jsonb;
begin
  perform private.apply_setting(p_staff.station_id, p_section, p_item, p_value);
  v_after := private.setting_of(p_staff.station_id, p_section, p_item);
  if v_before is distinct from v_after then
    insert into private.setting_changes (at, station_id, section, item, before, after, changed_by, undoes)
    values (private.clock(), p_staff.station_id, p_section, p_item, v_before, v_after, p_staff.user_id, p_undoes) returning id into v_change;
    v_facts := jsonb_build_object('section', p_section, 'title', coalesce(v_after -> 'name', v_before -> 'name'), 'before_sha256', private.setting_digest(v_before), 'after_sha256', private.setting_digest(v_after));
    if p_undoes is null then
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'setting.changed', 'communities', v_change, v_facts);
    else
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'setting.undone', 'communities', v_change, v_facts);
    end if;
    -- A shorter term holds for reports that come after it (20261122000350).
    if p_section = 'category' and v_before ->> 'retention_days' <> v_after ->> 'retention_days' then
      insert into private.retention_changes (at, kind, category_code, from_days, to_days, changed_by)
      values (private.clock(), 'reports', p_item, (v_before ->> 'retention_days')::integer, (v_after ->> 'retention_days')::integer, p_staff.user_id);
      perform private.log(v_staff.station_id, v_staff.user_id, v_staff.role, 'retention.changed', 'trust', null,
        jsonb_build_object('category', p_item, 'record', null, 'from_days', (v_before ->> 'retention_days')::integer, 'to_days', (v_after ->> 'retention_days')::integer));
    end if;
  end if;
  return jsonb_build_object('ok', true, 'change', v_change, 'version', private.setting_digest(v_after));
end;
$$;

create function private.lock_settings() returns void
language sql volatile set search_path = '' as $$
  select pg_advisory_xact_lock(hashtext('linli settings'));
$$;

-- What of a kind of matter the chief alone decides: its term, as on the page about retention (a new kind by somebody else begins with a
-- year), and to do without one that is urgent, or to let it wait. p_before: null for a new one
create function private.is_for_chief(p_before jsonb, p_after jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(p_before ->> 'retention_days', '365') <> p_after ->> 'retention_days'
    or coalesce(p_before ->> 'urgency' = 'urgent' and p_before ->> 'is_active' = 'true', false) and (p_after ->> 'urgency' <> 'urgent' or p_after ->> 'is_active' <> 'true');
$$;
revoke all on function private.is_for_chief(jsonb, jsonb) from public;

/*
  p: section (all but areas), item, value (null: take it away), version: what the form was opened with, is_new: there must be nothing yet;
  of a category also new_questions: codes of questions that did not exist. → {ok, change, version} | forbidden, conflict, invalid_input
*/
create function public.save_setting(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_section text := p ->> 'section';
  v_item text := p ->> 'item';
  v_value jsonb := nullif(p -> 'value', 'null'::jsonb);
  v_before jsonb;
begin
  if not private.may_set(v_staff, v_section) then
    return private.refuse('forbidden');
  end if;
  if v_section is null or v_section = 'areas' or char_length(coalesce(v_item, '')) not between 1 and 80 then
    return private.refuse('invalid_input');
  end if;
  perform private.lock_settings();
  v_before := private.setting_of(v_staff.station_id, v_section, v_item);
  if coalesce((p ->> 'is_new')::boolean, false) <> (v_before is null and v_section <> 'office') or p ->> 'version' is distinct from private.setting_digest(v_before) then
    return private.refuse('conflict');
  end if;
  if not coalesce(private.is_setting(v_staff.station_id, v_section, v_item, v_value), false) then
    return private.refuse('invalid_input');
  end if;
  if v_section = 'category' then
    if private.is_for_chief(v_before, v_value) and not private.may_set_terms(v_staff) then
      return private.refuse('forbidden');
    end if;
    -- Codes are never used again: what is said to be new is new, what is not was there.
    if exists (select from jsonb_array_elements(v_value -> 'questions') n
      where (coalesce(p -> 'new_questions', '[]'::jsonb) ? (n.value ->> 'code')) = exists (select from public.category_questions q where q.category_code = v_item and q.code = n.value ->> 'code')) then
      return private.refuse('conflict');
    end if;
  end if;
  return private.change_setting(v_staff, v_section, v_item, v_value);
end;
$$;
comment on function public.save_setting(jsonb) is 'Definer: nobody writes the reference tables directly.';
revoke all on function public.save_setting(jsonb) from public;
grant execute on function public.save_setting(jsonb) to authenticated;

-- What undoing puts there. A kind of matter that was made is switched off, not removed: its code is never used again.
create function private.undone_value(p_change private.setting_changes) returns jsonb
language sql stable set search_path = '' as $$
  select case when p_change.section = 'category' and p_change.before is null then p_change.after || '{"is_active": false}' else p_change.before end;
$$;

-- Why a change cannot be taken back; null: it can. Changed since: another change came that has not been taken back itself.
create function private.undo_problem(p_change private.setting_changes, p_staff public.staff) returns text
language sql stable set search_path = '' as $$
  select case
    when p_change.id is null or p_change.station_id is distinct from p_staff.station_id then 'not_found'
    when not private.may_set(p_staff, p_change.section) then 'forbidden'
    when p_change.section = 'category' and private.is_for_chief(p_change.after, private.undone_value(p_change)) and not private.may_set_terms(p_staff) then 'forbidden'
    when exists (select from private.setting_changes u where u.undoes = p_change.id) then 'conflict'
    when exists (select from private.setting_changes l where l.station_id = p_change.station_id and l.section = p_change.section and l.item = p_change.item and l.number > p_change.number
      and l.undoes is null and not exists (select from private.setting_changes u where u.undoes = l.id)) then 'conflict'
    when private.setting_of(p_change.station_id, p_change.section, p_change.item) is distinct from p_change.after then 'conflict'
    when not coalesce(private.is_setting(p_change.station_id, p_change.section, p_change.item, private.undone_value(p_change)), false) then 'conflict'
  end;
$$;

-- Puts back what stood there before a change, as a change of its own. → {ok, change, version} | not_found, forbidden, conflict
create function public.undo_setting(p_change uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_staff public.staff := private.staff_actor();
  v_change private.setting_changes;
  v_problem text;
begin
  if v_staff.user_id is null or v_staff.role not in ('chief', 'admin') then
    return private.refuse('forbidden');
  end if;
  perform private.lock_settings();
  select c.* into v_change from private.setting_changes c where c.id = p_change;
  v_problem := private.undo_problem(v_change, v_staff);
  if v_problem is not null then
    return private.refuse(v_problem);
  end if;
  return private.change_setting(v_staff, v_change.section, v_change.item, private.undone_value(v_change), v_change.id);
end;
$$;
comment on function public.undo_setting(uuid) is 'Definer: nobody writes the reference tables directly.';
revoke all on function public.undo_setting(uuid) from public;
grant execute on function public.undo_setting(uuid) to authenticated;
