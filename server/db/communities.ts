import { z } from 'zod'
import { referenceDataSchema } from '#shared/communities/reference-data'
import { call, type Clients } from './clients.ts'

/** Station, communities and categories, in one call. */
export function readReferenceData({ server }: Clients) {
  return call(server, 'get_reference_data', undefined as never, referenceDataSchema)
}

/** The newest migration that the database has. @throws AppError unavailable */
export function readSchemaVersion({ server }: Clients) {
  return call(server, 'get_schema_version', undefined as never, z.string().nullable())
}
