// npm run reset:factor -- chief@example.org: the only station leader lost phone and recovery codes, so that nobody at the desk may confirm.
import { AppError } from '../shared/errors.ts'
import { openServices } from '../server/domain/services.ts'
import { resetSecondFactor } from '../server/domain/staff/staff-sessions.ts'
import { Sentence, sayAndExit } from './bootstrap/sentence.mjs'
import { readBackend } from './serve/read-backend.ts'

const sentences: Partial<Record<string, string>> = {
  unavailable: 'The station does not run; start it with npm start.',
  not_found: 'No active member of staff has this address.',
}

try {
  const [email] = process.argv.slice(2)
  if (!email) throw new Sentence('Whose? npm run reset:factor -- name@example.org')
  await resetSecondFactor(await openServices(await readBackend()), email)
  process.stdout.write(`${email} is signed out everywhere and sets up the second factor at the next sign-in. The log names the system, and a mail tells the owner.\n`)
}
catch (error) {
  sayAndExit(error instanceof AppError ? new Sentence(sentences[error.code] ?? `It was refused: ${error.code}.`) : error)
}
