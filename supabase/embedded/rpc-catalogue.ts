import type postgres from 'postgres'

/** How the answer of a function is shaped; anything else is left to the library. */
export type ResultShape = 'void' | 'scalar' | 'row' | 'scalars' | 'rows'

export type RpcFunction = {
  name: string
  shape: ResultShape
  /** Input arguments in order; empty names for unnamed ones. */
  names: string[]
  types: string[]
  /** How many from the start have no default. */
  requiredCount: number
  /** False when only the library knows how to call or print it. */
  isPlain: boolean
}

type CatalogueRow = {
  name: string
  returns_set: boolean
  return_type: string
  return_kind: string
  has_out: boolean
  names: string[] | null
  modes: string[] | null
  types: string[] | null
  defaults: number
  is_variadic: boolean
  touches_response: boolean
}

/** Signatures of the functions in schema public, as PostgREST keeps them in its schema cache. */
export async function readCatalogue(sql: postgres.Sql): Promise<Map<string, RpcFunction[]>> {
  const rows = await sql<CatalogueRow[]>`
    select p.proname as name, p.proretset as returns_set, format_type(p.prorettype, null) as return_type, r.typtype as return_kind,
      coalesce(p.proargmodes::text[] && '{o,b,t}', false) as has_out, p.proargnames as names, p.proargmodes::text[] as modes,
      (select array_agg(format_type(a.type, null) order by a.place) from unnest(p.proargtypes) with ordinality as a (type, place)) as types,
      p.pronargdefaults::int as defaults, p.provariadic <> 0 as is_variadic,
      -- A function that writes its own status or headers is answered by the library, which reads them.
      p.prosrc like '%response.%' as touches_response
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    join pg_catalog.pg_type r on r.oid = p.prorettype
    where n.nspname = 'public' and p.prokind = 'f'`
  const functions = new Map<string, RpcFunction[]>()
  for (const row of rows) functions.set(row.name, [...functions.get(row.name) ?? [], toFunction(row)])
  return functions
}

/** The time-outs that roles have of their own: PostgREST sets them for each call, since a changed role does not bring its settings along. */
export async function readTimeouts(sql: postgres.Sql): Promise<Map<string, string>> {
  const rows = await sql<{ role: string, timeout: string }[]>`
    select r.rolname::text as role, split_part(s.setting, '=', 2) as timeout from pg_catalog.pg_roles r, unnest(r.rolconfig) as s (setting)
    where s.setting like 'statement_timeout=%'`
  return new Map(rows.map(({ role, timeout }) => [role, timeout]))
}

function toFunction(row: CatalogueRow): RpcFunction {
  const types = row.types ?? []
  const all = row.names ?? []
  const names = row.modes ? all.filter((_name, place) => ['i', 'b', 'v'].includes(row.modes?.[place] ?? '')) : all
  const shape = shapeOf(row)
  return {
    name: row.name,
    shape: shape ?? 'scalar',
    names: types.map((_type, place) => names[place] ?? ''),
    types,
    requiredCount: types.length - row.defaults,
    isPlain: shape !== undefined && !row.is_variadic && !row.touches_response,
  }
}

function shapeOf({ return_type: type, return_kind: kind, returns_set: isSet, has_out: hasOut }: CatalogueRow): ResultShape | undefined {
  if (hasOut || kind === 'c') return isSet ? 'rows' : 'row'
  if (type === 'void') return isSet ? undefined : 'void'
  // Domains may stand for a media type; pseudo-types need a column list or cannot be called.
  if (kind === 'd' || kind === 'p') return undefined
  // Binary answers are not JSON.
  if (type === 'bytea') return undefined
  return isSet ? 'scalars' : 'scalar'
}

/** The one function that fits these argument names, as PostgREST resolves it; undefined if none or several do. */
export function resolveFunction(candidates: readonly RpcFunction[], given: ReadonlySet<string>): { target: RpcFunction, takesWholeBody: boolean } | undefined {
  const byName = candidates.filter(({ names, requiredCount }) =>
    [...given].every(name => name !== '' && names.includes(name)) && names.slice(0, requiredCount).every(name => name !== '' && given.has(name)))
  if (byName.length > 1) return undefined
  if (byName[0]) return byName[0].isPlain ? { target: byName[0], takesWholeBody: false } : undefined
  const whole = candidates.filter(({ names, types }) => names.length === 1 && names[0] === '' && ['json', 'jsonb'].includes(types[0] ?? ''))
  return whole.length === 1 && whole[0]?.isPlain ? { target: whole[0], takesWholeBody: true } : undefined
}
