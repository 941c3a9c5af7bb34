import { errorCodes } from '#shared/errors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { privateFunctions, publicFunctions } from './function-matrix.ts'
import { tableGrants } from './role-matrix.ts'
import { type World, buildWorld } from './world.ts'

const apiRoles = ['anon', 'authenticated', 'service_role'] as const
let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe('RULES A1: nothing is granted but what is written down', () => {
  it('each function of schema public is executable by exactly the roles of the matrix, and none is missing or extra', async () => {
    const rows = await world.sql<{ name: string, callers: string[] }[]>`
      select p.proname as name, array(select r from unnest(${[...apiRoles]}::text[]) r where has_function_privilege(r, p.oid, 'execute')) as callers
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' and p.prokind in ('f', 'p')`

    expect(Object.fromEntries(rows.map(row => [row.name, row.callers]))).toEqual(Object.fromEntries(Object.entries(publicFunctions).map(([name, row]) => [name, row.callers])))
    expect(rows.length, 'an overloaded function would hide another').toBe(Object.keys(publicFunctions).length)
  })

  it('each function of schema private is executable by exactly the roles of the matrix', async () => {
    const rows = await world.sql<{ name: string, callers: string[] }[]>`
      select p.proname as name, array(select r from unnest(${[...apiRoles]}::text[]) r where has_function_privilege(r, p.oid, 'execute')) as callers
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'private'`

    expect(Object.fromEntries(rows.filter(row => row.callers.length > 0).map(row => [row.name, row.callers]))).toEqual(privateFunctions)
  })

  it('PUBLIC executes no function of ours', async () => {
    const rows = await world.sql`
      select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('public', 'private') and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)`

    expect(rows.map(row => row.name)).toEqual([])
  })

  it('each table grants exactly the columns of the list, and to nobody a right to write', async () => {
    const rows = await world.sql<{ table: string, role: string, right: string, columns: string[], every: boolean }[]>`
      select c.relname as table, r.role, p.right, array_agg(a.attname::text order by a.attnum) as columns, count(*) = (select count(*) from pg_attribute b where b.attrelid = c.oid and b.attnum > 0 and not b.attisdropped) as every
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped,
      unnest(${[...apiRoles]}::text[]) r (role), unnest(array['select', 'insert', 'update', 'references']) p ("right")
      where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'f') and has_column_privilege(r.role, c.oid, a.attnum, p.right)
      group by c.oid, c.relname, r.role, p.right`

    const found: Record<string, Record<string, unknown>> = {}
    for (const { table, role, right, columns, every } of rows) {
      found[table] = { ...found[table], [right === 'select' ? role : `${role} may ${right}`]: every ? 'all columns' : columns.sort() }
    }
    const written = Object.fromEntries(Object.entries(tableGrants).map(([table, grants]) => [table,
      Object.fromEntries(Object.entries(grants).map(([role, columns]) => [role, Array.isArray(columns) ? [...columns].sort() : columns]))]))
    expect(found).toEqual(written)
  })

  it('no API role may delete, truncate or trigger anything, use a sequence of ours or touch schema private', async () => {
    const tables = await world.sql`
      select c.oid::regclass::text as name, r.role, p.right
      from pg_class c join pg_namespace n on n.oid = c.relnamespace, unnest(${[...apiRoles]}::text[]) r (role), unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p ("right")
      where n.nspname in ('public', 'private') and c.relkind in ('r', 'p', 'v', 'm', 'f') and (n.nspname = 'private' or p.right in ('delete', 'truncate', 'trigger')) and has_table_privilege(r.role, c.oid, p.right)`
    const sequences = await world.sql`
      select c.oid::regclass::text as name, r.role from pg_class c join pg_namespace n on n.oid = c.relnamespace, unnest(${[...apiRoles]}::text[]) r (role)
      where n.nspname in ('public', 'private') and c.relkind = 'S' and (has_sequence_privilege(r.role, c.oid, 'usage') or has_sequence_privilege(r.role, c.oid, 'select'))`

    expect([...tables, ...sequences]).toEqual([])
  })

  it('a table, a sequence and a function that are made afresh are closed to the API roles and PUBLIC', async () => {
    const seen = await inRolledBack(async (sql) => {
      await sql`create table public.made_afresh (id bigint generated always as identity, secret text)`
      await sql`create function public.made_afresh() returns text language sql as 'select ''secret'''`
      await sql`create function private.made_afresh() returns text language sql as 'select ''secret'''`
      return sql`select r.role,
          has_table_privilege(r.role, 'public.made_afresh', 'select') or has_table_privilege(r.role, 'public.made_afresh', 'insert') as "table",
          has_function_privilege(r.role, 'public.made_afresh()', 'execute') as function, has_function_privilege(r.role, 'private.made_afresh()', 'execute') as private_function,
          has_sequence_privilege(r.role, pg_get_serial_sequence('public.made_afresh', 'id'), 'usage') as sequence
        from unnest(${['public', ...apiRoles]}::text[]) r (role)`
    })

    expect(seen).toHaveLength(4)
    for (const row of seen) expect(row).toMatchObject({ table: false, function: false, private_function: false, sequence: false })
  })
})

describe('habits that keep the doors shut', () => {
  it('every table has row-level security', async () => {
    const rows = await world.sql`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') and not c.relrowsecurity`

    expect(rows.map(row => row.name)).toEqual([])
  })

  it('every function sets an empty search_path', async () => {
    const rows = await world.sql`
      select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('public', 'private') and not coalesce('search_path=""' = any (p.proconfig), false)`

    expect(rows.map(row => row.name)).toEqual([])
  })

  it('every function that runs with its owner\'s rights says why in its comment', async () => {
    const rows = await world.sql`
      select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('public', 'private') and p.prosecdef and coalesce(obj_description(p.oid, 'pg_proc'), '') !~* 'definer'`

    expect(rows.map(row => row.name)).toEqual([])
  })

  it('every code that a function refuses or raises with is in shared/errors.ts', async () => {
    const rows = await world.sql<{ source: string }[]>`select p.prosrc as source from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('public', 'private')`
    const codes = rows.flatMap(({ source }) => [...source.matchAll(/private\.refuse\((case[^)]*?end|'[a-z_]+')/g)].flatMap(([, code = '']) => [...code.matchAll(/(?:^|then |else )'([a-z_]+)'/g)].map(([, name = '']) => name)))
    const raised = rows.flatMap(({ source }) => [...source.matchAll(/detail = '([a-z_]+)'/g)].map(([, name = '']) => name)).filter(name => name !== 'append_only')

    expect(new Set(codes).size).toBeGreaterThan(12)
    expect([...codes, ...raised].filter(code => !(code in errorCodes))).toEqual([])
  })

  it('policies name their role, and each has one command', async () => {
    const rows = await world.sql`select tablename, policyname from pg_policies where schemaname = 'public' and (roles = '{public}' or cmd = 'ALL')`

    expect(rows).toEqual([])
  })

  it('each column by which a policy picks rows begins an index', async () => {
    const needed = { reports: ['owner_id', 'station_id'], assignments: ['staff_id'], staff: ['station_id', 'user_id'], audit_log: ['station_id'], profiles: ['user_id'], report_events: ['report_id'], bans: ['station_id'] }
    const rows = await world.sql<{ table: string, column: string }[]>`
      select distinct i.indrelid::regclass::text as table, a.attname as column from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]`
    const indexed = new Set(rows.map(row => `${row.table.replace(/^public\./, '')}.${row.column}`))

    expect(Object.entries(needed).flatMap(([table, columns]) => columns.map(column => `${table}.${column}`)).filter(name => !indexed.has(name))).toEqual([])
  })

  it('the API exposes neither schema private nor schema auth', async () => {
    for (const schema of ['private', 'auth']) {
      const { url, secretKey } = world.backend
      const answer = await fetch(`${url}/rest/v1/settings?select=*`, { headers: { 'apikey': secretKey, 'authorization': `Bearer ${secretKey}`, 'accept-profile': schema } })
      expect(answer.status, schema).toBeGreaterThanOrEqual(400)
      expect(answer.status, schema).toBeLessThan(500)
    }
  })

  it('internal functions cannot be called, whatever schema the call names', async () => {
    const { url, secretKey } = world.backend
    for (const [name, body] of [['staff_actor', {}], ['communities_of', { p_staff: world.person.officer_wang.id }], ['log', {}], ['take_all', { p_limits: [] }], ['clock', {}]] as const) {
      for (const profile of ['private', 'public']) {
        const answer = await fetch(`${url}/rest/v1/rpc/${name}`, { method: 'POST', body: JSON.stringify(body), headers: { 'apikey': secretKey, 'authorization': `Bearer ${secretKey}`, 'content-type': 'application/json', 'content-profile': profile } })
        expect([404, 406], `${profile}.${name}`).toContain(answer.status)
      }
    }
  })

  it('an opening cannot happen by GET, where links and prefetching would cause it (RULES B3)', async () => {
    const { url, publishableKey } = world.backend
    const token = (await (await world.as('chief_sun')).auth.getSession()).data.session?.access_token
    const answer = await fetch(`${url}/rest/v1/rpc/open_report?p_reference=LL-0000-0000`, { headers: { apikey: publishableKey, authorization: `Bearer ${token}` } })

    expect(answer.status).toBe(405)
    expect(await world.sql`select id from public.audit_log where actor_id = ${world.person.chief_sun.id}`).toEqual([])
  })
})

/** Runs statements as the owner of the tables and takes them back. */
async function inRolledBack<T>(work: (sql: World['sql']) => Promise<T>): Promise<T> {
  let result: T | undefined
  await world.sql.begin(async (transaction) => {
    result = await work(transaction as unknown as World['sql'])
    throw new RolledBack()
  }).catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error
  })
  return result as T
}
class RolledBack extends Error {}
