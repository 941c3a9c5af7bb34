import type { NewFactor } from '#shared/staff/second-factor'
import { inFours } from '#shared/accounts/verification'
import { secondFactorQueries } from '#server/db/second-factor'
import type { DeskActor } from '#server/db/desk-reports'
import type { Limit } from '#server/db/reports'
import { newPaperCode } from '../accounts/verification-code.ts'
import { qrCode } from '../reports/receipt-qr.ts'
import type { Services } from '../services.ts'
import { newSecret, otpauthAddress, stepOf } from './totp.ts'
import { openSecret, recoveryHash, sealSecret, wrongCode } from './verify-code.ts'

const recoveryCodes = 10

/** A secret for a new device, shown this once. It counts when its first code is right. @throws AppError second_factor_required (no code in the last five minutes), forbidden */
export async function beginFactor({ clients, keys }: Services, actor: DeskActor): Promise<NewFactor> {
  const secret = newSecret()
  const { email } = await secondFactorQueries(clients, actor).begin(sealSecret(keys, actor.userId, secret))
  const address = otpauthAddress(secret, 'Linli', email)
  return { secret: secret.match(/.{1,4}/g)?.join(' ') ?? secret, address, qr: qrCode(address) }
}

/**
 * The first code of the new device: from now on it counts, earlier recovery codes do not, and the person's other sessions end.
 * @returns ten recovery codes, shown this once
 * @throws AppError invalid (wrong code), conflict (no secret was shown in the last half hour), rate_limited
 */
export async function confirmFactor({ clients, keys }: Services, actor: DeskActor, { code, limits, now }: { code: string, limits: Limit[], now: number }): Promise<{ codes: string[] }> {
  const queries = secondFactorQueries(clients, actor)
  const { secret_sealed } = await queries.checkPending(limits)
  const step = stepOf(openSecret(keys, actor.userId, secret_sealed), code, now)
  if (step === undefined) throw wrongCode()
  const codes = newCodes()
  await queries.confirm(limits, { secret_sealed, step, recovery_hashes: codes.map(each => recoveryHash(keys, actor.userId, each)) })
  return { codes: codes.map(inFours) }
}

/** Ten new recovery codes; those before stop working. @throws AppError second_factor_required (no code in the last five minutes), forbidden */
export async function renewRecoveryCodes({ clients, keys }: Services, actor: DeskActor): Promise<{ codes: string[] }> {
  const codes = newCodes()
  await secondFactorQueries(clients, actor).renewCodes(codes.map(code => recoveryHash(keys, actor.userId, code)))
  return { codes: codes.map(inFours) }
}

/** Sixty random bits each. */
const newCodes = () => Array.from({ length: recoveryCodes }, newPaperCode)
