-- After @supabase/lite has made the tables of schema auth: only its own login role may use them.
grant all on all tables in schema auth to supabase_auth_admin;
revoke all on all tables in schema auth from anon, authenticated, service_role;
