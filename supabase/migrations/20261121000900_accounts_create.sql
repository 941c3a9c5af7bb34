-- Purpose: residents' profiles, mails of the sign-in, and the reference data every page starts with.
-- Risk: none, new objects.

create table public.profiles (
  user_id uuid primary key references auth.users (id) on delete cascade,
  community_id uuid references public.communities (id) on delete set null,
  locale public.locale_code not null default 'zh',
  updated_at timestamptz not null default now()
);
comment on table public.profiles is 'What a resident told us about themselves: their community and language. No name, no phone.';
create index profiles_by_community on public.profiles (community_id) where community_id is not null;
alter table public.profiles enable row level security;
create policy "residents read their own profile" on public.profiles for select to authenticated using (user_id = (select private.actor()));
grant select on public.profiles to authenticated, service_role;

create function public.get_account() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  return (select jsonb_build_object('ok', true, 'email', u.email, 'created_at', u.created_at, 'has_password', coalesce(u.encrypted_password, '') <> '',
      'community', c.slug, 'locale', coalesce(p.locale, 'zh'), 'staff_role', (private.staff_actor()).role)
    from auth.users u left join public.profiles p on p.user_id = u.id left join public.communities c on c.id = p.community_id
    where u.id = v_actor);
end;
$$;
comment on function public.get_account() is 'Definer: reads the caller''s own row of auth.users.';
revoke all on function public.get_account() from public;
grant execute on function public.get_account() to authenticated;

create function public.save_profile(p_community text, p_locale text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor();
  v_community uuid;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if coalesce(p_locale, '') not in ('zh', 'en') then
    return private.refuse('invalid_input');
  end if;
  if p_community is not null then
    select c.id into v_community from public.communities c where c.slug = p_community and c.is_active;
    if v_community is null then
      return private.refuse('not_found');
    end if;
  end if;
  insert into public.profiles (user_id, community_id, locale, updated_at) values (v_actor, v_community, p_locale, private.clock())
  on conflict (user_id) do update set community_id = excluded.community_id, locale = excluded.locale, updated_at = excluded.updated_at;
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.save_profile(text, text) is 'Definer: nobody may write profiles directly.';
revoke all on function public.save_profile(text, text) from public;
grant execute on function public.save_profile(text, text) to authenticated;

-- Mails of the sign-in come in through the Send Email hook (RULES F3). p: template, recipient_sealed, params_sealed, locale
create function public.queue_account_mail(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into public.outbox (channel, template, noun, recipient_sealed, params_sealed, locale)
  values ('email', p ->> 'template', 'accounts', p ->> 'recipient_sealed', p ->> 'params_sealed', p ->> 'locale');
  return '{"ok": true}'::jsonb;
end;
$$;
comment on function public.queue_account_mail(jsonb) is 'Definer: nobody may write the outbox directly.';
revoke all on function public.queue_account_mail(jsonb) from public;
grant execute on function public.queue_account_mail(jsonb) to service_role;

-- Station, communities with grids, office and officers, categories with questions: what every page of the portal is made of.
create function public.get_reference_data() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'station', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'phone', s.phone, 'address', s.address, 'time_zone', s.time_zone) from public.stations s where s.is_default),
    'communities', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name, 'boundary', c.boundary,
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

-- Readiness: the newest migration that ran.
create function public.get_schema_version() returns text
language sql stable security definer set search_path = '' as $$
  select max(m.version) from supabase_migrations.schema_migrations m;
$$;
comment on function public.get_schema_version() is 'For /readyz. Definer: the history is not readable by the API roles.';
revoke all on function public.get_schema_version() from public;
grant execute on function public.get_schema_version() to service_role;

-- Internal functions are called by the functions above, never by the API roles: take away what PUBLIC may hold.
do $$
declare
  f record;
begin
  for f in select p.oid::regprocedure as signature from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where n.nspname = 'private' loop
    execute format('revoke all on function %s from public', f.signature);
  end loop;
end $$;
