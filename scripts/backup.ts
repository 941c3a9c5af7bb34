// npm run backup -- [FILE]: the embedded station in one sealed file, while it runs. npm run backup -- --verify FILE: reads one from end to end.
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { findMasterKeys } from './backup/backup-key.ts'
import { takeBackup } from './backup/take-backup.ts'
import { verifyBackup } from './backup/verify-backup.ts'
import { Sentence, sayAndExit } from './bootstrap/sentence.mjs'

const root = resolve(import.meta.dirname, '..')
const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`

try {
  const args = process.argv.slice(2)
  const folder = resolve(root, process.env.LINLI_DATA_DIR || '.data')
  const [file, ...rest] = args.filter(arg => arg !== '--verify')
  if (rest.length || file?.startsWith('-')) throw new Sentence('npm run backup -- [FILE] makes a backup, npm run backup -- --verify FILE checks one.')
  if (args.includes('--verify')) {
    if (!file) throw new Sentence('npm run backup -- --verify needs the name of a backup.')
    const { at, masterKey, tables, files, bytes } = await verifyBackup(resolve(file), findMasterKeys(process.env, folder))
    process.stdout.write(`whole: everything acknowledged before ${at}, ${tables} tables, ${files} files, ${megabytes(bytes)}, opens with the master key ${masterKey}\n`)
  }
  else {
    if (process.env.SUPABASE_URL) throw new Sentence('With a real Supabase its own backups are the backup: docs/production.md says how, and what to keep beside them.')
    const target = resolve(file ?? `backups/linli-${new Date().toISOString().replace(/[-:]|\..*$/g, '')}Z.backup`)
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    const { at, tables, files, bytes } = await takeBackup({ folder, masterKeys: findMasterKeys(process.env, folder), target })
    process.stdout.write(`${target}\neverything acknowledged before ${at}: ${tables} tables, ${files} files, ${megabytes(bytes)}\n`)
    process.stdout.write('It opens with the master key alone: keep that somewhere else, never beside the backup.\n')
  }
}
catch (error) {
  sayAndExit(error)
}
