import type { Sql } from './database.ts'

/** Who gets which right is printed for these; the owner has all of them anyway. */
const OURS = `('public', 'private')`

/**
 * The schemas public and private as SQL text in a stable order, for `supabase/schema.sql`: what a reviewer reads and what
 * shows in a diff what a migration really did. It is not a dump to restore from (the binaries bring no pg_dump).
 */
export async function printSchema(sql: Sql): Promise<string> {
  // With an empty path every name is printed with its schema.
  const parts = await sql.begin(async (transaction) => {
    await transaction`select set_config('search_path', '', true)`
    const blocks = async (query: string) => (await transaction.unsafe<{ text: string }[]>(query)).map(({ text }) => text)
    return [
      ['Schemas', await blocks(SCHEMAS)],
      ['Types', await blocks(TYPES)],
      ['Sequences', await blocks(SEQUENCES)],
      ['Tables', await blocks(TABLES)],
      ['Views', await blocks(VIEWS)],
      ['Triggers on tables of other schemas', await blocks(FOREIGN_TRIGGERS)],
      ['Functions', await blocks(FUNCTIONS)],
      ['Default privileges', await blocks(DEFAULT_PRIVILEGES)],
    ] as const
  })
  const sections = parts.filter(([, texts]) => texts.length > 0).map(([title, texts]) => `-- ${title}\n\n${texts.map(text => text.trim()).join('\n\n')}\n`)
  return `-- The end state of supabase/migrations, printed by supabase/embedded/print-schema.ts (npm run db:types). Do not edit.\n\n${sections.join('\n')}`
}

// The embedded API's own login roles are made by prelude.sql, not by a migration.
const FOREIGN = `(select oid from pg_catalog.pg_roles where rolname in ('supabase_auth_admin', 'authenticator'))`

const grantee = (acl: string) => `case ${acl}.grantee when 0 then 'public' else quote_ident(${acl}.grantee::regrole::text) end`

/** `grant a, b on <what> to x;` for each grantee but the owner. */
const grants = (acl: string, owner: string, what: string) => `
  coalesce((select string_agg(format(E'\\ngrant %s on ${what.replaceAll('\'', '\'\'')} to %s;', g.rights, ${what.includes('%s') ? 'SUBJECT, ' : ''}g.who), '' order by g.who) from (
    select ${grantee('a')} as who, string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) as rights
    from aclexplode(${acl}) a where a.grantee <> ${owner} and a.grantee not in ${FOREIGN} group by 1) g), '')`

const SCHEMAS = `
  select format('create schema %I;', n.nspname)
    || coalesce(format(E'\\ncomment on schema %I is ', n.nspname) || quote_literal(obj_description(n.oid, 'pg_namespace')) || ';', '')
    || ${grants('coalesce(n.nspacl, acldefault(\'n\', n.nspowner))', 'n.nspowner', 'schema %s').replace('SUBJECT', 'quote_ident(n.nspname)')} as text
  from pg_catalog.pg_namespace n where n.nspname in ${OURS} order by n.nspname`

const TYPES = `
  select case t.typtype
      when 'e' then format('create type %s as enum (%s);', t.oid::regtype, (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid))
      when 'd' then format('create domain %s as %s%s%s;', t.oid::regtype, format_type(t.typbasetype, t.typtypmod), case when t.typnotnull then ' not null' else '' end,
        coalesce((select string_agg(' ' || pg_get_constraintdef(c.oid), '' order by c.conname) from pg_catalog.pg_constraint c where c.contypid = t.oid and c.contype = 'c'), ''))
      when 'c' then format('create type %s as (%s);', t.oid::regtype, (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum) from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))
      else format('-- %s %s', t.typtype, t.oid::regtype)
    end || coalesce(format(E'\\ncomment on type %s is ', t.oid::regtype) || quote_literal(obj_description(t.oid, 'pg_type')) || ';', '') as text
  from pg_catalog.pg_type t
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  left join pg_catalog.pg_class c on c.oid = t.typrelid
  where n.nspname in ${OURS} and t.typelem = 0 and (t.typtype in ('e', 'd', 'r') or c.relkind = 'c')
  order by n.nspname, t.typname`

// Sequences of serial and identity columns belong to their column.
const SEQUENCES = `
  select format('create sequence %s;', c.oid::regclass) || ${grants('coalesce(c.relacl, acldefault(\'s\', c.relowner))', 'c.relowner', 'sequence %s').replace('SUBJECT', 'c.oid::regclass')} as text
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ${OURS} and c.relkind = 'S' and not exists (select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype in ('i', 'a') and d.classid = 'pg_class'::regclass)
  order by n.nspname, c.relname`

const COLUMNS = `
  (select string_agg(format('  %I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end,
      case a.attidentity when 'a' then ' generated always as identity' when 'd' then ' generated by default as identity' else '' end,
      case when a.attgenerated <> '' then format(' generated always as (%s) %s', pg_get_expr(d.adbin, d.adrelid), case a.attgenerated when 's' then 'stored' else 'virtual' end)
        else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end), E',\\n' order by a.attnum)
   from pg_catalog.pg_attribute a left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`

// PostgreSQL 18 lists "not null" among the constraints; it stands with the column.
const CONSTRAINTS = `
  coalesce((select string_agg(format(E',\\n  constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), '' order by array_position(array['p', 'u', 'x', 'f', 'c']::"char"[], k.contype), k.conname)
   from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'x', 'f', 'c')), '')`

const COLUMN_GRANTS = `
  coalesce((select string_agg(format(E'\\ngrant %s (%s) on %s to %s;', g.right_name, g.columns, c.oid::regclass, g.who), '' order by g.who, g.right_name) from (
    select ${grantee('x')} as who, lower(x.privilege_type) as right_name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
    from pg_catalog.pg_attribute a cross join lateral aclexplode(a.attacl) x where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped group by 1, 2) g), '')`

const POLICIES = `
  coalesce((select string_agg(format(E'\\ncreate policy %I on %s%s for %s to %s%s%s;', p.polname, c.oid::regclass, case when p.polpermissive then '' else ' as restrictive' end,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
      (select string_agg(case r when 0 then 'public' else quote_ident(r::regrole::text) end, ', ' order by case r when 0 then 'public' else r::regrole::text end) from unnest(p.polroles) r),
      coalesce(E'\\n  using (' || pg_get_expr(p.polqual, p.polrelid) || ')', ''), coalesce(E'\\n  with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')), '' order by p.polname)
   from pg_catalog.pg_policy p where p.polrelid = c.oid), '')`

const TRIGGERS = `
  coalesce((select string_agg(E'\\n' || pg_get_triggerdef(t.oid) || ';', '' order by t.tgname) from pg_catalog.pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal), '')`

const COMMENTS = `
  coalesce(format(E'\\ncomment on %s %s is ', case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, c.oid::regclass) || quote_literal(obj_description(c.oid, 'pg_class')) || ';', '')
  || coalesce((select string_agg(format(E'\\ncomment on column %s.%I is %L;', c.oid::regclass, a.attname, col_description(c.oid, a.attnum)), '' order by a.attnum)
    from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and col_description(c.oid, a.attnum) is not null), '')`

const INDEXES = `
  coalesce((select string_agg(E'\\n' || pg_get_indexdef(i.indexrelid) || ';', '' order by i.indexrelid::regclass::text)
   from pg_catalog.pg_index i where i.indrelid = c.oid and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))), '')`

const RELATION_GRANTS = `${grants('coalesce(c.relacl, acldefault(\'r\', c.relowner))', 'c.relowner', 'table %s').replace('SUBJECT', 'c.oid::regclass')} || ${COLUMN_GRANTS}`

const TABLES = `
  select case when c.relispartition then format('create table %s partition of %s %s;', c.oid::regclass, (select i.inhparent::regclass from pg_catalog.pg_inherits i where i.inhrelid = c.oid), pg_get_expr(c.relpartbound, c.oid))
      else format(E'create %stable %s (\\n%s%s\\n)%s;', case c.relpersistence when 'u' then 'unlogged ' else '' end, c.oid::regclass, ${COLUMNS}, ${CONSTRAINTS}, case c.relkind when 'p' then ' partition by ' || pg_get_partkeydef(c.oid) else '' end) end
    || ${COMMENTS} || ${INDEXES}
    || case when c.relrowsecurity then format(E'\\nalter table %s enable row level security;', c.oid::regclass) else format(E'\\n-- row level security is off on %s', c.oid::regclass) end
    || case when c.relforcerowsecurity then format(E'\\nalter table %s force row level security;', c.oid::regclass) else '' end
    || ${POLICIES} || ${TRIGGERS} || ${RELATION_GRANTS} as text
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ${OURS} and c.relkind in ('r', 'p') order by n.nspname desc, c.relname`

const VIEWS = `
  select format(E'create %sview %s%s as\\n%s', case c.relkind when 'm' then 'materialized ' else '' end, c.oid::regclass, coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''), pg_get_viewdef(c.oid, true))
    || ${COMMENTS} || ${INDEXES} || ${TRIGGERS} || ${RELATION_GRANTS} as text
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ${OURS} and c.relkind in ('v', 'm') order by n.nspname desc, c.relname`

const FOREIGN_TRIGGERS = `
  select pg_get_triggerdef(t.oid) || ';' as text
  from pg_catalog.pg_trigger t
  join pg_catalog.pg_class c on c.oid = t.tgrelid
  join pg_catalog.pg_namespace tn on tn.oid = c.relnamespace
  join pg_catalog.pg_proc p on p.oid = t.tgfoid
  join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
  where not t.tgisinternal and pn.nspname in ${OURS} and tn.nspname not in ${OURS} order by tn.nspname, c.relname, t.tgname`

const FUNCTIONS = `
  select case when p.prokind = 'a' then format('-- aggregate %s', p.oid::regprocedure) else rtrim(pg_get_functiondef(p.oid), E'\\n') || ';' end
    || coalesce(format(E'\\ncomment on function %s is ', p.oid::regprocedure) || quote_literal(obj_description(p.oid, 'pg_proc')) || ';', '')
    || ${grants('coalesce(p.proacl, acldefault(\'f\', p.proowner))', 'p.proowner', 'function %s').replace('SUBJECT', 'p.oid::regprocedure')} as text
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ${OURS} order by n.nspname desc, p.proname, pg_get_function_identity_arguments(p.oid)`

const DEFAULT_PRIVILEGES = `
  select format('-- %s%s: %s', case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas' else d.defaclobjtype::text end,
    coalesce(' in schema ' || n.nspname, ''), coalesce((select string_agg(format('%s %s', ${grantee('a')}, lower(a.privilege_type)), ', ' order by ${grantee('a')}, a.privilege_type) from aclexplode(d.defaclacl) a where a.grantee not in ${FOREIGN}), 'nobody')) as text
  from pg_catalog.pg_default_acl d left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
  where d.defaclnamespace = 0 or n.nspname in ${OURS} order by 1`
