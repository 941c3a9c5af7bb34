import { createECDH, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { generateApiKey } from '@supabase/lite'
import { z } from 'zod'
import { StartError } from './start-error.ts'

const keysSchema = z.object({
  url: z.url(),
  publishableKey: z.string().startsWith('sb_publishable_'),
  secretKey: z.string().startsWith('sb_secret_'),
  jwtSecret: z.string().min(32),
  /** As Supabase shows it: `v1,whsec_` and base64. */
  sendEmailHookSecret: z.string().startsWith('v1,whsec_'),
  demo: z.boolean(),
  /** Made here in demo mode only; elsewhere LINLI_MASTER_KEYS holds them (RULES B5). */
  masterKeys: z.string().optional(),
  /** base64url of a P-256 key, by which push services know the station; made here in demo mode only. */
  vapidPrivateKey: z.string().optional(),
})

/** What `<data folder>/keys.json` holds; the portal reads `url`, `publishableKey` and `secretKey` from it. */
export type Keys = z.infer<typeof keysSchema>

/** Makes a fresh set of keys, as Supabase shapes them. */
export async function makeKeys({ url, demo }: { url: string, demo: boolean }): Promise<Keys> {
  const [publishable, secret] = await Promise.all([generateApiKey('publishable'), generateApiKey('secret')])
  return {
    url,
    publishableKey: publishable.key,
    secretKey: secret.key,
    jwtSecret: randomBytes(48).toString('base64url'),
    sendEmailHookSecret: `v1,whsec_${randomBytes(32).toString('base64')}`,
    demo,
    ...demo ? { masterKeys: `k1:${randomBytes(32).toString('base64')}`, vapidPrivateKey: newVapidKey() } : {},
  }
}

/**
 * Reads the keys of a data folder, makes them on its first start, and follows a changed port.
 * @throws StartError when the folder was made as demo and is started as real, or the other way round
 */
export async function keysOf(folder: string, { url, demo }: { url: string, demo: boolean }): Promise<Keys> {
  const file = path.join(folder, 'keys.json')
  if (!existsSync(file)) {
    const keys = await makeKeys({ url, demo })
    await save(file, keys)
    return keys
  }
  const parsed = keysSchema.safeParse(parseJson(await readFile(file, 'utf8')))
  if (!parsed.success) throw new StartError(`${file} is damaged: put it back from a backup, or empty the data folder to begin again.`)
  const keys = parsed.data
  if (keys.demo !== demo) {
    throw new StartError(keys.demo
      ? `The data folder ${folder} was made as a demo and never starts as a real station: set LINLI_DATA_DIR to another folder.`
      : `The data folder ${folder} holds a real station and never starts as a demo: set LINLI_DEMO=0, or LINLI_DATA_DIR to another folder.`)
  }
  await chmod(file, 0o600)
  // A demo of an earlier version has no key for pushes yet.
  const hasAll = !demo || keys.vapidPrivateKey !== undefined
  if (keys.url === url && hasAll) return keys
  const moved = { ...keys, url, ...!hasAll && { vapidPrivateKey: newVapidKey() } }
  await save(file, moved)
  return moved
}

export function newVapidKey() {
  const curve = createECDH('prime256v1')
  curve.generateKeys()
  // Leading zeros belong to it.
  return Buffer.concat([Buffer.alloc(32), curve.getPrivateKey()]).subarray(-32).toString('base64url')
}

async function save(file: string, keys: Keys) {
  await writeFile(file, `${JSON.stringify(keys, undefined, 2)}\n`, { mode: 0o600 })
  await chmod(file, 0o600)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  }
  catch {
    return undefined
  }
}
