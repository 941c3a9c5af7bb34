-- Purpose: what the desk's settings need of the reference tables: the station's own emergency numbers, questions that are no
-- longer asked, and what a question said to those who answered it.
-- Risk: low. New columns with defaults; get_reference_data() answers what it did, with `emergency_numbers` beside it; the server reads get_filed_reference_data().

-- The same rule as shared/reports/emergency-numbers.ts: what can stand in a tel: link, all four services.
create function private.are_emergency_numbers(p_numbers jsonb) returns boolean
language sql immutable set search_path = '' as $$
  select coalesce(jsonb_typeof(p_numbers) = 'object' and p_numbers ?& array['police', 'fire', 'medical', 'traffic'] and p_numbers - array['police', 'fire', 'medical', 'traffic'] = '{}'::jsonb
    and (select bool_and(jsonb_typeof(n.value) = 'string' and n.value #>> '{}' ~ '^\+?[0-9]{2,15}$') from jsonb_each(p_numbers) n), false);
$$;

alter table public.stations add column emergency_numbers jsonb
  constraint stations_emergency_numbers check (emergency_numbers is null or private.are_emergency_numbers(emergency_numbers));
comment on column public.stations.emergency_numbers is 'Whom to call in an emergency {police, fire, medical, traffic}; null: the setting EMERGENCY_NUMBERS holds.';

alter table public.category_questions add column is_active boolean not null default true;
comment on column public.category_questions.is_active is 'False: no longer asked. The row stays, so that its code is never given to another question.';

create table private.question_versions (
  category_code text not null,
  code public.code_name not null,
  until timestamptz not null,
  kind text not null,
  label jsonb not null,
  options jsonb not null,
  primary key (category_code, code, until),
  foreign key (category_code, code) references public.category_questions (category_code, code) on delete cascade
);
comment on table private.question_versions is 'What a question said until it was changed or taken away: a report shows its answers under the words that were asked.';
alter table private.question_versions enable row level security;

create function private.keep_question_version() returns trigger
language plpgsql set search_path = '' as $$
begin
  insert into private.question_versions (category_code, code, until, kind, label, options)
  values (old.category_code, old.code, clock_timestamp() + (private.clock() - now()), old.kind, old.label, old.options);
  return new;
end;
$$;
comment on function private.keep_question_version() is 'Trigger: holds for seeds and upgrades as for the desk.';
create trigger category_questions_keep_versions after update on public.category_questions for each row
  when ((old.kind, old.label, old.options) is distinct from (new.kind, new.label, new.options) or (old.is_active and not new.is_active)) execute function private.keep_question_version();

-- With what is no longer offered: a report that was filed keeps its kind, its questions and its place. For the server alone.
create function public.get_filed_reference_data() returns jsonb
language sql stable security definer set search_path = '' as $$
  with kinds as (
    select k.is_active, k.position, k.code, jsonb_build_object('code', k.code, 'group', k."group", 'visibility', k.visibility, 'urgency', k.urgency, 'name', k.name,
      'description', k.description, 'guidance', k.guidance, 'is_about_police', k.is_about_police, 'allows_device_draft', k.allows_device_draft, 'retention_days', k.retention_days,
      'questions', coalesce((select jsonb_agg(jsonb_build_object('code', q.code, 'kind', q.kind, 'label', q.label, 'hint', q.hint, 'options', q.options, 'is_required', q.is_required) order by q.position, q.code)
        from public.category_questions q where q.category_code = k.code and q.is_active), '[]'::jsonb),
      'versions', coalesce((select jsonb_agg(jsonb_build_object('code', v.code, 'until', v.until, 'kind', v.kind, 'label', v.label, 'options', v.options) order by v.until)
        from private.question_versions v where v.category_code = k.code), '[]'::jsonb)) as facts
    from public.categories k)
  select jsonb_build_object(
    'station', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'phone', s.phone, 'address', s.address, 'time_zone', s.time_zone, 'emergency_numbers', s.emergency_numbers) from public.stations s where s.is_default),
    'communities', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name, 'boundary', c.boundary, 'map', c.map,
        'grids', coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'code', g.code, 'name', g.name, 'boundary', g.boundary, 'lat', g.centre_lat, 'lng', g.centre_lng) order by g.code)
          from public.grids g where g.community_id = c.id and g.is_active), '[]'::jsonb),
        'office', (select jsonb_build_object('name', o.name, 'address', o.address, 'phone', o.phone, 'reception_hours', o.reception_hours, 'lat', o.lat, 'lng', o.lng)
          from public.police_offices o where o.community_id = c.id order by o.id limit 1),
        'officers', coalesce((select jsonb_agg(jsonb_build_object('id', f.user_id, 'name', f.name, 'badge_number', f.badge_number, 'kind', a.kind) order by a.kind, f.badge_number)
          from public.assignments a join public.staff f on f.user_id = a.staff_id and f.is_active
          where a.community_id = c.id and (private.clock() at time zone s.time_zone)::date between a.from_on and coalesce(a.to_on, 'infinity'::date)), '[]'::jsonb)) order by c.position, c.slug)
      from public.communities c join public.stations s on s.id = c.station_id and s.is_default where c.is_active), '[]'::jsonb),
    'categories', coalesce((select jsonb_agg(k.facts order by k.position, k.code) from kinds k where k.is_active), '[]'::jsonb),
    'former', jsonb_build_object(
      'categories', coalesce((select jsonb_agg(k.facts order by k.position, k.code) from kinds k where not k.is_active), '[]'::jsonb),
      'communities', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name) order by c.position, c.slug)
        from public.communities c join public.stations s on s.id = c.station_id and s.is_default where not c.is_active), '[]'::jsonb),
      'grids', coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'community_id', c.id, 'code', g.code, 'name', g.name) order by c.position, g.code)
        from public.grids g join public.communities c on c.id = g.community_id join public.stations s on s.id = c.station_id and s.is_default where not (g.is_active and c.is_active)), '[]'::jsonb)),
    'is_demo', private.is_demo(), 'now', private.clock());
$$;
comment on function public.get_filed_reference_data() is 'Definer: reads reference tables that nobody reads directly.';
revoke all on function public.get_filed_reference_data() from public;
grant execute on function public.get_filed_reference_data() to service_role;

create or replace function public.get_reference_data() returns jsonb
language sql stable security definer set search_path = '' as $$
  select (d.facts - 'former') || jsonb_build_object('categories', (select coalesce(jsonb_agg(c.value - 'versions' order by c.ordinality), '[]'::jsonb) from jsonb_array_elements(d.facts -> 'categories') with ordinality c))
  from (select public.get_filed_reference_data() as facts) d;
$$;
