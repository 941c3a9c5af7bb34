import { App } from '@supabase/lite'
import { createPostgresConnection } from '@supabase/lite/postgres'
import { openSuperuser } from './database.ts'
import { hardenConnection } from './harden-connection.ts'

/** lite makes its tables with this name only; without them nobody could sign in. */
const AUTH_TABLES = ['users', 'identities', 'sessions', 'refresh_tokens', 'flow_state', 'audit_log_entries']

/**
 * Lets lite make its tables in schema auth. It swallows its own errors, so the tables are counted afterwards.
 * @throws if a table is missing
 */
export async function ensureAuthSchema(url: string): Promise<void> {
  const sql = openSuperuser(url, 1)
  const connection = createPostgresConnection({ url, postgresOptions: { max: 1, onnotice() {} } })
  hardenConnection(connection)
  try {
    const isThere = async () => {
      const rows = await sql<{ table_name: string }[]>`select table_name from information_schema.tables where table_schema = 'auth'`
      const names = new Set(rows.map(row => row.table_name))
      return AUTH_TABLES.filter(table => !names.has(table))
    }
    if ((await isThere()).length === 0) return
    await new App({ connection, auth: { enabled: true, jwt_secret: 'used by no request, only the schema is made' }, db: { migrations: { enabled: false } } }).ensureSystemSchema()
    const missing = await isThere()
    if (missing.length > 0) throw new Error(`@supabase/lite did not make its tables in schema auth: ${missing.join(', ')}`)
  }
  finally {
    await connection.close()
    await sql.end()
  }
}
