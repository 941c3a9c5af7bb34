import type { MasterKey } from '../../server/domain/trust/envelope.ts'
import { openBackupKey } from './backup-key.ts'
import { readHeader, readParts } from './sealed-file.ts'

/** Reads a backup from end to end: it opens, every part has its checksum, and nothing is missing. @throws Sentence */
export async function verifyBackup(file: string, masterKeys: readonly MasterKey[]): Promise<{ at: string, masterKey: string, tables: number, files: number, bytes: number }> {
  const { header, line } = await readHeader(file)
  const seen = { tables: 0, files: 0, bytes: 0 }
  for await (const { name, bytes } of readParts(file, line, openBackupKey(masterKeys, header))) {
    for await (const chunk of bytes) seen.bytes += chunk.length
    if (name.startsWith('table/')) seen.tables++
    if (name.startsWith('file/')) seen.files++
  }
  return { at: header.at, masterKey: header.masterKey, ...seen }
}
