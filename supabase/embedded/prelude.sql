-- What Supabase has before the first migration: roles, schemas, extensions, auth's functions. Idempotent; runs at each start.
-- Nothing is granted by default on tables and functions (Supabase stopped doing so in 2026; RULES A1).
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('anon', 'nologin noinherit'),
      ('authenticated', 'nologin noinherit'),
      ('service_role', 'nologin noinherit bypassrls'),
      -- Logs in for /rest/v1/rpc and may only become one of the three roles above.
      ('authenticator', 'login noinherit'),
      -- Logs in for @supabase/lite: owns nothing, writes schema auth, and may become one of the three.
      ('supabase_auth_admin', 'login noinherit')
    ) as roles (name, options)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = wanted.name) then
      execute format('create role %I %s', wanted.name, wanted.options);
    end if;
  end loop;
end
$$;

grant anon, authenticated, service_role to authenticator, supabase_auth_admin;

-- Supabase ends API statements after seconds; a bulk job works in pages (RULES A7).
alter role authenticator set statement_timeout = '8s';
alter role supabase_auth_admin set statement_timeout = '8s';
-- The end of a call depends on who calls, as PostgREST reads it from these.
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set idle_in_transaction_session_timeout = '30s';
alter role supabase_auth_admin set idle_in_transaction_session_timeout = '30s';

create schema if not exists extensions;
create schema if not exists auth;
create schema if not exists supabase_migrations;
create extension if not exists pgcrypto with schema extensions;
create extension if not exists btree_gist with schema extensions;
create extension if not exists pg_trgm with schema extensions;

revoke create on schema public from public;
grant usage on schema public, extensions, auth to anon, authenticated, service_role;
grant usage on schema auth, extensions to supabase_auth_admin;

-- As on Supabase, operators and functions of the extensions are found without their schema in ad-hoc SQL.
do $$
begin
  execute format('alter database %I set search_path to "$user", public, extensions', current_database());
end
$$;

create table if not exists supabase_migrations.schema_migrations (
  version text primary key,
  statements text[],
  name text
);
create table if not exists supabase_migrations.seed_files (
  path text primary key,
  hash text not null
);

-- lite looks tables up in information_schema, which shows a role only what it has some right on. REFERENCES reads and
-- changes nothing; without it every table is "not in the schema cache".
alter default privileges in schema public grant references on tables to supabase_auth_admin;
grant references on all tables in schema public to supabase_auth_admin;

create or replace function auth.uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')
  )::uuid
$$;

create or replace function auth.role() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role')
  )::text
$$;

create or replace function auth.email() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email')
  )::text
$$;

create or replace function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb
$$;

grant execute on function auth.uid(), auth.role(), auth.email(), auth.jwt() to anon, authenticated, service_role, supabase_auth_admin;
