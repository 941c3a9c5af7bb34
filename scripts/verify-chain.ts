// npm run verify: compares every sealed row with the chain and names what was changed, removed, put in or reordered. Ends with 1 then.
import { AppError } from '../shared/errors.ts'
import { openServices } from '../server/domain/services.ts'
import { verifyChain } from '../server/domain/trust/verify-chain.ts'
import { Sentence, sayAndExit } from './bootstrap/sentence.mjs'
import { readBackend } from './serve/read-backend.ts'

try {
  const services = await openServices(await readBackend())
  const { blocks, rows, erased, findings, found } = await verifyChain(services, ({ blocks, rows }) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${blocks} blocks, ${rows} rows `)
  })
  process.stdout.write(`${process.stdout.isTTY ? '\r' : ''}${blocks} blocks, ${rows} sealed rows, ${erased} of them erased by the rules: ${findings ? `${findings} wrong` : 'all as they were sealed'}\n`)
  for (const { kind, source, row, at, block } of found) process.stdout.write(`${kind.padEnd(15)} ${source} ${row ?? ''}${at ? `, ${at}` : ''}${block ? `, block ${block}` : ''}\n`)
  if (findings > found.length) process.stdout.write(`… and ${findings - found.length} more\n`)
  if (findings) process.exitCode = 1
}
catch (error) {
  sayAndExit(error instanceof AppError ? new Sentence(error.code === 'unavailable' ? 'The station does not run; start it with npm start.' : `The verifier was refused: ${error.code}.`) : error)
}
