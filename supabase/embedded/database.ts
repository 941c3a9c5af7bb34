import type { ConnectionOptions } from 'node:tls'
import postgres from 'postgres'

/** A superuser's connection for migrations, seeds and the arrangement of tests; never for requests. */
export type Sql = postgres.Sql

/** Opens a small superuser pool. Notices ("already exists, skipping") are not worth a line. @param ssl for a database beyond a network */
export function openSuperuser(url: string, connections = 2, ssl?: ConnectionOptions): Sql {
  return postgres(url, { max: connections, ...(ssl && { ssl }), onnotice() {}, connection: { application_name: 'linli-setup', TimeZone: 'UTC' } })
}

/** The same database, as another role. */
export function urlAs(url: string, role: string, password: string): string {
  const other = new URL(url)
  other.username = role
  other.password = password
  return other.toString()
}
