import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createChallenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { z } from 'zod'
import { createClients } from '#server/db/clients'
import { serverKeys } from '#server/db/server-keys'
import { parseMasterKeys } from '#server/domain/trust/envelope'
import { openKeyRing, type KeyRing } from '#server/domain/trust/key-ring'
import type { Portal } from './portal.ts'

const keysFile = z.object({ masterKeys: z.string() })

/** The key ring of a portal under test, from its data folder: what only its operator could open. */
export function keyRingOf({ supabaseUrl, keys, dataDir }: Pick<Portal, 'supabaseUrl' | 'keys' | 'dataDir'>): Promise<KeyRing> {
  const { masterKeys } = keysFile.parse(JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')))
  return openKeyRing(parseMasterKeys(masterKeys), serverKeys(createClients({ url: supabaseUrl, ...keys })))
}

/** A challenge that the portal signed, so to say, but of one step: a test that sends a thousand reports has no time to solve as many. */
export async function prepaidChallenge(keys: KeyRing, { expiresAt = Math.floor(Date.now() / 1000) + 600 } = {}): Promise<string> {
  const challenge = await createChallenge({
    algorithm: 'PBKDF2/SHA-256', cost: 1, counter: 1, deriveKey, expiresAt,
    hmacSignatureSecret: keys.mac('challenge', 'signature').toString('hex'), hmacKeySignatureSecret: keys.mac('challenge', 'key').toString('hex'),
  })
  const solution = await solveChallenge({ challenge, deriveKey })
  if (!solution) throw new Error('the challenge has no solution')
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}
