-- Purpose: stations, their communities, grids and police offices.
-- Risk: none, new objects.

create table public.stations (
  id uuid primary key default gen_random_uuid(),
  slug public.slug not null unique,
  name jsonb not null check (name ?& array['zh', 'en']),
  time_zone text not null default 'Asia/Shanghai',
  phone text,
  address jsonb check (address is null or address ?& array['zh', 'en']),
  is_default boolean not null default false,
  created_at timestamptz not null default now()
);
comment on table public.stations is 'A police station (派出所). One of them is the public face of this installation.';
create unique index stations_one_default on public.stations (is_default) where is_default;
alter table public.stations enable row level security;
create policy "everyone reads stations" on public.stations for select to anon, authenticated using (true);
grant select on public.stations to anon, authenticated, service_role;

create table public.communities (
  id uuid primary key default gen_random_uuid(),
  station_id uuid not null references public.stations (id) on delete restrict,
  slug public.slug not null unique,
  name jsonb not null check (name ?& array['zh', 'en']),
  boundary jsonb not null check (boundary ->> 'type' in ('Polygon', 'MultiPolygon')),
  position integer not null default 0,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  unique (id, station_id)
);
comment on table public.communities is 'A community (社区) of a station; `boundary` is a GeoJSON geometry in WGS 84.';
create index communities_by_station on public.communities (station_id, position);
alter table public.communities enable row level security;
create policy "everyone reads active communities" on public.communities for select to anon, authenticated using (is_active);
grant select on public.communities to anon, authenticated, service_role;

create table public.grids (
  id uuid primary key default gen_random_uuid(),
  community_id uuid not null references public.communities (id) on delete restrict,
  code text not null check (code ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$'),
  name jsonb not null check (name ?& array['zh', 'en']),
  boundary jsonb not null check (boundary ->> 'type' in ('Polygon', 'MultiPolygon')),
  centre_lat double precision not null check (centre_lat between -90 and 90),
  centre_lng double precision not null check (centre_lng between -180 and 180),
  is_active boolean not null default true,
  unique (community_id, code),
  unique (id, community_id)
);
comment on table public.grids is 'A grid (网格): the smallest cell of a community, and the finest place kept in the clear.';
alter table public.grids enable row level security;
create policy "everyone reads active grids" on public.grids for select to anon, authenticated using (is_active);
grant select on public.grids to anon, authenticated, service_role;

create table public.police_offices (
  id uuid primary key default gen_random_uuid(),
  community_id uuid not null references public.communities (id) on delete cascade,
  name jsonb not null check (name ?& array['zh', 'en']),
  address jsonb not null check (address ?& array['zh', 'en']),
  phone text not null,
  reception_hours jsonb not null check (reception_hours ?& array['zh', 'en']),
  lat double precision check (lat between -90 and 90),
  lng double precision check (lng between -180 and 180)
);
comment on table public.police_offices is 'The police office (警务室) of a community and when it receives people.';
create index police_offices_by_community on public.police_offices (community_id);
alter table public.police_offices enable row level security;
create policy "everyone reads police offices" on public.police_offices for select to anon, authenticated using (true);
grant select on public.police_offices to anon, authenticated, service_role;
