import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { ServiceSettings } from '../../server/domain/services.ts'
import { isServed } from '../../supabase/embedded/data-folder.ts'
import { parseMasterKeys } from '../../server/domain/trust/envelope.ts'
import { Sentence } from '../bootstrap/sentence.mjs'

const keysFile = z.object({ url: z.string(), publishableKey: z.string(), secretKey: z.string(), masterKeys: z.string().optional(), demo: z.boolean().optional() })

/**
 * The running station that a command works on: the one of the environment, else the embedded one of the data folder.
 * @throws Sentence when none runs on that folder: its keys may be those of the station it was copied or restored from
 */
export async function readBackend(): Promise<ServiceSettings> {
  const { SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: publishableKey, SUPABASE_SECRET_KEY: secretKey, LINLI_MASTER_KEYS: masterKeys } = process.env
  if (url && publishableKey && secretKey && masterKeys) return { supabase: { url, publishableKey, secretKey }, masterKeys: parseMasterKeys(masterKeys), isDemo: false, publicUrl: '' }
  const folder = resolve(import.meta.dirname, '../..', process.env.LINLI_DATA_DIR ?? '.data')
  const file = join(folder, 'keys.json')
  if (!existsSync(file)) throw new Sentence(`There is no station in ${folder} yet; start it with npm start.`)
  if (!await isServed(folder)) throw new Sentence(`The station in ${folder} does not run; start it with npm start.`)
  const keys = keysFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  const wrapping = masterKeys ?? keys.masterKeys
  if (!wrapping) throw new Sentence('The setting LINLI_MASTER_KEYS is missing.')
  return { supabase: keys, masterKeys: parseMasterKeys(wrapping), isDemo: keys.demo ?? false, publicUrl: '', blobFolder: join(folder, 'blobs') }
}
