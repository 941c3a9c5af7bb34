// npm run keys: wraps every key with the first of LINLI_MASTER_KEYS and says how many each master key still wraps (RULES B5).
// npm run keys -- --new-signing-key: adds a signing key that begins to sign after a day.
import { AppError } from '../shared/errors.ts'
import { openServices } from '../server/domain/services.ts'
import { SealError } from '../server/domain/trust/envelope.ts'
import { addSigningKey, rewrapKeys } from '../server/domain/trust/rotate-keys.ts'
import { Sentence, sayAndExit } from './bootstrap/sentence.mjs'
import { readBackend } from './serve/read-backend.ts'

const sentences: Partial<Record<string, string>> = {
  unavailable: 'The station does not run; start it with npm start.',
  invalid_input: 'A new signing key waits already for its time.',
  conflict: 'Somebody else has just added a signing key.',
}

try {
  const services = await openServices(await readBackend())
  if (process.argv.includes('--new-signing-key')) {
    const { id, validFrom } = await addSigningKey(services, Date.now())
    process.stdout.write(`${id} signs from ${validFrom}. Start every portal anew before then, one after the other.\n`)
  }
  else {
    const { rewrapped, by } = await rewrapKeys(services, done => process.stdout.isTTY && process.stdout.write(`\r${done} keys `))
    process.stdout.write(`${process.stdout.isTTY ? '\r' : ''}${rewrapped} keys wrapped anew\n`)
    const [first] = services.keys.masterKeys
    for (const { id } of services.keys.masterKeys) process.stdout.write(`${id.padEnd(16)} wraps ${by[id] ?? 0}${id !== first?.id && !by[id] ? ': may go from LINLI_MASTER_KEYS' : ''}\n`)
    if (Object.keys(by).some(id => id !== first?.id)) process.stdout.write('Some are left: a portal that still has the old order may have written them. Start it anew, then run this again.\n')
  }
}
catch (error) {
  if (error instanceof SealError) sayAndExit(new Sentence(`A key cannot be unwrapped: ${error.message}. Put that master key back into LINLI_MASTER_KEYS.`))
  else sayAndExit(error instanceof AppError ? new Sentence(sentences[error.code] ?? `It was refused: ${error.code}.`) : error)
}
