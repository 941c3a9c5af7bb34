import { SealError, newDataKey, parseMasterKeys, unwrapKey, type MasterKey } from '../../server/domain/trust/envelope.ts'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Sentence } from '../bootstrap/sentence.mjs'
import type { BackupHeader } from './sealed-file.ts'

const keysFile = z.object({ masterKeys: z.string().optional() })

/** The master keys of the setting, else those of a demo's data folder. @throws Sentence when there are none */
export function findMasterKeys(environment: NodeJS.ProcessEnv, folder?: string): MasterKey[] {
  const file = folder === undefined ? undefined : join(folder, 'keys.json')
  const text = environment.LINLI_MASTER_KEYS || (file && existsSync(file) ? keysFile.parse(JSON.parse(readFileSync(file, 'utf8'))).masterKeys : undefined)
  if (!text) throw new Sentence('The setting LINLI_MASTER_KEYS is missing: a backup is sealed with the master key and opens with nothing else.')
  try {
    return parseMasterKeys(text)
  }
  catch (cause) {
    throw new Sentence('The setting LINLI_MASTER_KEYS must be a list of id:key with 32 bytes as base64 in each key.', { cause })
  }
}

/** A key for one backup and its first line. */
export function newBackupKey(masterKeys: readonly MasterKey[], id: string, at: Date): { header: BackupHeader, key: Buffer } {
  const { key, wrapped } = newDataKey(masterKeys, aboutBackup(id))
  return { key, header: { format: 'linli-backup', version: 1, id, at: at.toISOString(), masterKey: masterKeys[0]?.id ?? '', key: wrapped } }
}

/** The key of a backup. @throws Sentence when none of the master keys opens it */
export function openBackupKey(masterKeys: readonly MasterKey[], { id, key, masterKey }: BackupHeader): Buffer {
  try {
    return unwrapKey(masterKeys, key, aboutBackup(id))
  }
  catch (cause) {
    if (!(cause instanceof SealError)) throw cause
    throw new Sentence(`The backup does not open: it was sealed with the master key "${masterKey}", and LINLI_MASTER_KEYS does not hold that key.`, { cause })
  }
}

const aboutBackup = (id: string) => `backup:${id}`
