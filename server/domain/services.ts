import { createSecretKey } from 'node:crypto'
import { createClients, type Clients, type SupabaseSettings } from '#server/db/clients'
import { serverKeys } from '#server/db/server-keys'
import { bucketBlobStore, diskBlobStore, type BlobStore } from '#server/db/blob-store'
import type { MasterKey } from './trust/envelope.ts'
import { openKeyRing, type KeyRing } from './trust/key-ring.ts'

/** What every use case is handed: the database, the keys, the place for files, and the settings it may know. */
export interface Services {
  clients: Clients
  keys: KeyRing
  blobs: BlobStore
  settings: { isDemo: boolean, publicUrl: string }
}

export interface ServiceSettings {
  supabase: SupabaseSettings
  masterKeys: readonly MasterKey[]
  isDemo: boolean
  publicUrl: string
  /** A folder for files beside the embedded backend; without one they go to Supabase Storage. */
  blobFolder?: string
}

/** Opens what the use cases need; loads or makes the portal's keys. @throws AppError unavailable when the database is away */
export async function openServices({ supabase, masterKeys, isDemo, publicUrl, blobFolder }: ServiceSettings): Promise<Services> {
  const clients = createClients(supabase)
  const prepared = masterKeys.map(({ id, key }) => ({ id, key: Buffer.isBuffer(key) ? createSecretKey(key) : key }))
  return { clients, keys: await openKeyRing(prepared, serverKeys(clients)), blobs: blobFolder ? diskBlobStore(blobFolder) : bucketBlobStore(clients), settings: { isDemo, publicUrl } }
}
