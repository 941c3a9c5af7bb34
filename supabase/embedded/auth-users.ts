import type postgres from 'postgres'
import { z } from 'zod'
import { type ApiRequest, type ApiResponse, authError, json, parseJson } from './api-message.ts'

/** GoTrue's own limit for bcrypt, and the least length of lite's configuration. */
const passwordSchema = z.string().min(12).max(72)
const metadataSchema = z.record(z.string(), z.unknown())
const createSchema = z.strictObject({
  id: z.uuid().optional(),
  email: z.email(),
  password: passwordSchema.optional(),
  email_confirm: z.boolean().optional(),
  user_metadata: metadataSchema.optional(),
  app_metadata: metadataSchema.optional(),
})
const updateSchema = createSchema.omit({ id: true }).partial()

const userColumns = `
  u.id, u.aud, u.role, u.email, coalesce(u.phone, '') as phone, u.email_confirmed_at, u.confirmed_at, u.confirmation_sent_at, u.recovery_sent_at,
  u.last_sign_in_at, u.raw_app_meta_data as app_metadata, u.raw_user_meta_data as user_metadata, u.is_anonymous, u.created_at, u.updated_at,
  coalesce((select jsonb_agg(jsonb_build_object('identity_id', i.id, 'id', i.provider_id, 'user_id', i.user_id, 'identity_data', i.identity_data, 'provider', i.provider,
    'last_sign_in_at', i.last_sign_in_at, 'created_at', i.created_at, 'updated_at', i.updated_at, 'email', i.email) order by i.created_at) from auth.identities i where i.user_id = u.id), '[]') as identities`

type Row = Record<string, unknown>

/** The part of Supabase's admin API that Linli uses; lite has none. Only the secret key gets here. */
export function createAdminApi(sql: postgres.Sql): (request: ApiRequest) => Promise<ApiResponse> {
  const byId = async (id: string): Promise<Row | undefined> => (await sql.unsafe<Row[]>(`select ${userColumns} from auth.users u where u.id = $1::uuid`, [id]))[0]

  async function create(input: z.infer<typeof createSchema>): Promise<ApiResponse> {
    const rows = await sql.unsafe<{ id: string }[]>(`
      with made as (
        insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
        values (coalesce($1::uuid, gen_random_uuid()), 'authenticated', 'authenticated', lower($2),
          case when $3::text is not null then extensions.crypt($3, extensions.gen_salt('bf', 10)) end, case when $4::boolean then now() end,
          '{"provider":"email","providers":["email"]}'::jsonb || $5::text::jsonb, $6::text::jsonb)
        returning id, email, email_confirmed_at
      )
      insert into auth.identities (id, provider, provider_id, user_id, identity_data)
      select gen_random_uuid(), 'email', id::text, id, jsonb_build_object('sub', id, 'email', email, 'email_verified', email_confirmed_at is not null, 'phone_verified', false) from made
      returning user_id as id`,
    [input.id ?? null, input.email, input.password ?? null, input.email_confirm ?? false, JSON.stringify(input.app_metadata ?? {}), JSON.stringify(input.user_metadata ?? {})])
    return json(200, await byId(rows[0]?.id ?? ''))
  }

  async function update(id: string, input: z.infer<typeof updateSchema>): Promise<ApiResponse> {
    const rows = await sql.unsafe<{ id: string }[]>(`
      with changed as (
        update auth.users set
          email = coalesce(lower($2), email),
          encrypted_password = case when $3::text is not null then extensions.crypt($3, extensions.gen_salt('bf', 10)) else encrypted_password end,
          email_confirmed_at = case when $4::boolean then coalesce(email_confirmed_at, now()) else email_confirmed_at end,
          raw_app_meta_data = coalesce(raw_app_meta_data, '{}') || $5::text::jsonb,
          raw_user_meta_data = coalesce(raw_user_meta_data, '{}') || $6::text::jsonb,
          updated_at = now()
        where id = $1::uuid returning id, email
      ), renamed as (
        update auth.identities i set identity_data = i.identity_data || jsonb_build_object('email', c.email), updated_at = now()
        from changed c where $2::text is not null and i.user_id = c.id and i.provider = 'email'
      )
      select id from changed`,
    [id, input.email ?? null, input.password ?? null, input.email_confirm ?? false, JSON.stringify(input.app_metadata ?? {}), JSON.stringify(input.user_metadata ?? {})])
    return rows[0] ? json(200, await byId(id)) : notFound()
  }

  async function list(search: string): Promise<ApiResponse> {
    const query = new URLSearchParams(search)
    const page = Math.max(1, Number.parseInt(query.get('page') ?? '1', 10) || 1)
    const perPage = Math.min(1000, Math.max(1, Number.parseInt(query.get('per_page') ?? '50', 10) || 50))
    const users = await sql.unsafe<Row[]>(`select ${userColumns} from auth.users u order by u.created_at desc, u.id limit $1 offset $2`, [perPage, (page - 1) * perPage])
    const [{ total } = { total: 0 }] = await sql<{ total: number }[]>`select count(*)::int as total from auth.users`
    const lastPage = Math.max(1, Math.ceil(total / perPage))
    const link = (number: number, rel: string) => `</admin/users?page=${number}&per_page=${perPage}>; rel="${rel}"`
    return json(200, { users, aud: 'authenticated' }, {
      'x-total-count': String(total),
      'link': [...page < lastPage ? [link(page + 1, 'next')] : [], link(lastPage, 'last')].join(', '),
    })
  }

  async function remove(id: string): Promise<ApiResponse> {
    const gone = await sql`delete from auth.users where id = ${id}::uuid returning id`
    return gone.length > 0 ? json(200, {}) : notFound()
  }

  return async (request) => {
    const [, id] = /^\/auth\/v1\/admin\/users(?:\/([0-9a-f-]{36}))?$/i.exec(request.path) ?? []
    if (!request.path.startsWith('/auth/v1/admin/users') || (id !== undefined && !z.uuid().safeParse(id).success)) return authError(404, 'not_found', 'The embedded backend has no such admin call')
    const body = request.body === '' ? {} : parseJson(request.body)
    try {
      if (id === undefined && request.method === 'GET') return await list(request.search)
      if (id === undefined && request.method === 'POST') return await withInput(createSchema, body, create)
      if (id !== undefined && request.method === 'PUT') return await withInput(updateSchema, body, input => update(id, input))
      if (id !== undefined && request.method === 'DELETE') return await remove(id)
      if (id !== undefined && request.method === 'GET') {
        const user = await byId(id)
        return user ? json(200, user) : notFound()
      }
    }
    catch (error) {
      if (isUniqueViolation(error)) return authError(422, 'email_exists', 'A user with this email address has already been registered')
      throw error
    }
    return authError(405, 'method_not_allowed', 'Method not allowed')
  }
}

function withInput<T>(schema: z.ZodType<T>, body: unknown, act: (input: T) => Promise<ApiResponse>): Promise<ApiResponse> | ApiResponse {
  const input = schema.safeParse(body)
  if (input.success) return act(input.data)
  const field = input.error.issues[0]?.path[0] ?? input.error.issues[0]?.code
  if (field === 'password') return authError(422, 'weak_password', 'Password should be 12 to 72 characters')
  return authError(400, 'validation_failed', `The embedded backend does not accept this value: ${String(field)}`)
}

function notFound() {
  return authError(404, 'user_not_found', 'User not found')
}

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
