// npm run jobs -- [--now ISO]: runs every job once against the running backend and says what each did.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '../shared/errors.ts'
import { purgeExpiredRows } from '../server/domain/reports/purge-expired.ts'
import { sweepFiles } from '../server/domain/reports/sweep-files.ts'
import { openServices, type Services } from '../server/domain/services.ts'
import { parseMasterKeys } from '../server/domain/trust/envelope.ts'
import { moveClock } from '../server/domain/trust/move-clock.ts'
import { Sentence, sayAndExit } from './bootstrap/sentence.mjs'

const keysFile = z.object({ url: z.string(), publishableKey: z.string(), secretKey: z.string(), masterKeys: z.string().optional(), demo: z.boolean().optional() })

const sentences: Partial<Record<string, string>> = {
  unavailable: 'The station does not run; start it with npm start.',
  forbidden: 'The clock moves on a demo station only.',
  invalid_input: 'The clock of a demo station moves forward only.',
}

/** Every job by name; what it answers is printed. */
const jobs = { 'reports:purge': purgeExpiredRows, 'reports:sweep': (services: Services) => sweepFiles(services) }

try {
  const services = await openServices(readBackend())
  const now = readNow(process.argv.slice(2))
  if (now) process.stdout.write(`clock           moved to ${await moveClock(services, now)}\n`)
  for (const [name, run] of Object.entries(jobs)) {
    const did = await run(services)
    process.stdout.write(`${name.padEnd(15)} ${Object.entries(did).map(([what, count]) => `${what} ${count}`).join(', ')}\n`)
  }
}
catch (error) {
  sayAndExit(error instanceof AppError ? new Sentence(sentences[error.code] ?? `The job was refused: ${error.code}.`) : error)
}

function readNow(args: string[]) {
  const at = args.indexOf('--now')
  if (at < 0) return undefined
  const now = z.iso.datetime({ offset: true }).safeParse(args[at + 1])
  if (!now.success) throw new Sentence('--now takes a time such as 2026-12-01T08:00:00+08:00.')
  return now.data
}

function readBackend() {
  const { SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: publishableKey, SUPABASE_SECRET_KEY: secretKey, LINLI_MASTER_KEYS: masterKeys } = process.env
  if (url && publishableKey && secretKey && masterKeys) return { supabase: { url, publishableKey, secretKey }, masterKeys: parseMasterKeys(masterKeys), isDemo: false, publicUrl: '' }
  const folder = resolve(import.meta.dirname, '..', process.env.LINLI_DATA_DIR ?? '.data')
  const file = join(folder, 'keys.json')
  if (!existsSync(file)) throw new Sentence(`There is no station in ${folder} yet; start it with npm start.`)
  const keys = keysFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  const wrapping = masterKeys ?? keys.masterKeys
  if (!wrapping) throw new Sentence('The setting LINLI_MASTER_KEYS is missing.')
  return { supabase: keys, masterKeys: parseMasterKeys(wrapping), isDemo: keys.demo ?? false, publicUrl: '', blobFolder: join(folder, 'blobs') }
}
