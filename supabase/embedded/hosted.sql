-- For tests: owners and rights as on hosted Supabase, where migrations run as `postgres`, who is no superuser.
-- After prelude.sql and the tables of Auth. @see https://github.com/supabase/postgres/tree/develop/migrations/db
alter database postgres owner to postgres;
grant anon, authenticated, service_role to postgres with admin option;
grant pg_read_all_data, pg_signal_backend, pg_monitor to postgres;
-- supautils lets `postgres` set it there.
grant set on parameter session_replication_role to postgres;

-- Nothing is granted by default to the API roles on what `postgres` makes in schema public (since 2026).
alter schema extensions owner to postgres;
grant usage on schema auth to postgres;
-- Since 2025 nobody but Auth makes anything in its schema; its rows, and references to them, are open to `postgres`.
grant all on all tables in schema auth to postgres;
grant all on all sequences in schema auth to postgres;
grant execute on all functions in schema auth to postgres;
grant all on schema supabase_migrations to postgres;
alter table supabase_migrations.schema_migrations owner to postgres;
alter table supabase_migrations.seed_files owner to postgres;

-- The front's own need (prelude.sql), for tables that `postgres` makes.
alter default privileges for role postgres in schema public grant references on tables to supabase_auth_admin;
