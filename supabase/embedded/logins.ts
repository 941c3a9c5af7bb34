import { randomBytes } from 'node:crypto'
import { type Sql, urlAs } from './database.ts'

/** Addresses with which the API's two parts log in; neither is a superuser (prelude.sql says what they may become). */
export type Logins = { library: string, rpc: string }

/** Gives the API's roles new passwords, which exist in the memory of this process only. */
export async function giveLogins(sql: Sql, databaseUrl: string): Promise<Logins> {
  const login = async (role: 'supabase_auth_admin' | 'authenticator') => {
    const password = randomBytes(24).toString('base64url')
    await sql.unsafe(`alter role ${role} password '${password}'`)
    return urlAs(databaseUrl, role, password)
  }
  return { library: await login('supabase_auth_admin'), rpc: await login('authenticator') }
}
