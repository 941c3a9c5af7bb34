-- Purpose: nothing is granted by default (RULES A1). Every object lists its own grants, service_role included.
-- Risk: none for data; an object that forgets its grants is unreachable, which the role matrix shows.
-- The form without `in schema` is the one that takes the built-in execute right of PUBLIC away.
alter default privileges revoke execute on functions from public;

do $$
declare
  api_role text;
begin
  foreach api_role in array array['anon', 'authenticated', 'service_role'] loop
    execute format('alter default privileges in schema public revoke all on tables from %I', api_role);
    execute format('alter default privileges in schema public revoke all on sequences from %I', api_role);
    execute format('alter default privileges in schema public revoke all on functions from %I', api_role);
  end loop;
end $$;

create schema if not exists private;
comment on schema private is 'Internal tables and functions. Never exposed over REST.';
revoke all on schema private from public;
-- Policies on public tables call a few helpers that live here, so the API roles may look the schema up.
grant usage on schema private to anon, authenticated, service_role;
