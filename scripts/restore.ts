// npm run restore -- FILE: makes a station of a backup in the empty folder LINLI_DATA_DIR.
import { resolve } from 'node:path'
import { findMasterKeys } from './backup/backup-key.ts'
import { restoreBackup } from './backup/restore-backup.ts'
import { Sentence, sayAndExit } from './bootstrap/sentence.mjs'

const root = resolve(import.meta.dirname, '..')

try {
  const [file, ...rest] = process.argv.slice(2)
  if (!file || rest.length || file.startsWith('-')) throw new Sentence('npm run restore -- FILE needs the name of a backup; LINLI_DATA_DIR names the empty folder for it.')
  const folder = resolve(root, process.env.LINLI_DATA_DIR || '.data')
  const { at, tables, files, migrations } = await restoreBackup({ file: resolve(file), folder, masterKeys: findMasterKeys(process.env) })
  process.stdout.write(`${folder}\neverything acknowledged before ${at}: ${tables} tables, ${files} files${migrations ? `, brought up to date by ${migrations} migrations` : ''}\n`)
  process.stdout.write('Run npm run jobs before opening the doors, so that what should be erased by now is erased. Everybody signs in again.\n')
  process.stdout.write('Check people and proposals at /desk/people before anybody confirms one: rights that were taken since the backup are back, and so are recovery codes that were used: have everybody make new ones. Invitations that were out have ended.\n')
}
catch (error) {
  sayAndExit(error)
}
