import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { openSuperuser, type Sql } from '../../supabase/embedded/database.ts'
import { Sentence } from '../bootstrap/sentence.mjs'

/**
 * Opens the database of a Supabase project. Over a network its certificate is checked, name included: the address carries the password of the whole
 * database. `sslmode=require` in the address asks for TLS with whoever answers, as `libpq` does.
 * @param authority PEM file of the authority that signed the certificate (Supabase has its own); without one those that Node knows
 * @throws Sentence when address or file cannot be used
 */
export function openHostedDatabase(databaseUrl: string, authority: string | undefined): Sql {
  if (!URL.canParse(databaseUrl) || !/^postgres(ql)?:$/.test(new URL(databaseUrl).protocol)) throw new Sentence('SUPABASE_DB_URL must be an address that starts with postgres://.')
  const address = new URL(databaseUrl)
  const mode = address.searchParams.get('sslmode')
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(address.hostname)
  if (!authority && (mode ? !mode.startsWith('verify') : isLocal)) return openSuperuser(databaseUrl)
  address.searchParams.delete('sslmode')
  const ssl: ConnectionOptions = { host: address.hostname, ...(authority && { ca: pemOf(authority) }) }
  return openSuperuser(address.toString(), 2, ssl)
}

/** What to say when the connection failed, if there is a plain word for it. */
export function whyNotConnected(cause: unknown): Sentence | undefined {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (/CERT|SIGNATURE|ISSUER/.test(code)) return new Sentence(`The certificate of the database is not one to trust (${code}), so that no password was sent. Download the project's certificate (Database settings, SSL) and name the file in SUPABASE_DB_CA.`, { cause })
  if (/^(ENOTFOUND|EAI_AGAIN|ECONN|CONNECT|28)/.test(code)) return new Sentence(`The database that SUPABASE_DB_URL names cannot be reached (${code}).`, { cause })
  return undefined
}

function pemOf(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8')
    if (pem.includes('BEGIN CERTIFICATE')) return pem
  }
  catch (cause) {
    throw new Sentence(`The file ${file}, named by SUPABASE_DB_CA, cannot be read.`, { cause })
  }
  throw new Sentence(`The file ${file}, named by SUPABASE_DB_CA, holds no certificate.`)
}
