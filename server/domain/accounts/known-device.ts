/*
  Device cookies: who guesses at an account from elsewhere uses up the guesses of strangers, never those of a device on which its owner has been
  through a whole sign-in. @see https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
*/
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { openText, SealError, sealText } from '../trust/envelope.ts'
import type { KeyRing } from '../trust/key-ring.ts'

/** A desk that several officers share knows all of them; the oldest makes place. */
const remembered = 8
/** Ninety days after the last sign-in a device is a stranger again. */
export const deviceSeconds = 90 * 24 * 3600

const deviceSchema = z.array(z.object({ account: z.string(), id: z.uuid(), at: z.number() }))
type Device = z.infer<typeof deviceSchema>

const keyOf = (keys: KeyRing) => keys.mac('index', 'device cookie')
const accountOf = (keys: KeyRing, email: string) => keys.mac('address', `device ${email.toLowerCase()}`).subarray(0, 12).toString('base64url')

function open(keys: KeyRing, sealed: string | undefined, now: number): Device {
  if (!sealed) return []
  try {
    return deviceSchema.parse(JSON.parse(openText(keyOf(keys), sealed, 'device cookie'))).filter(({ at }) => now - at < deviceSeconds * 1000)
  }
  catch (thrown) {
    if (thrown instanceof SealError || thrown instanceof z.ZodError) return []
    throw thrown
  }
}

/** What the guesses of this device at this account are counted under; undefined for a stranger. @param now milliseconds */
export function knownDevice(keys: KeyRing, sealed: string | undefined, email: string, now: number): string | undefined {
  const account = accountOf(keys, email)
  return open(keys, sealed, now).find(device => device.account === account)?.id
}

/** The cookie after a whole sign-in: this device is known for one account more. @param now milliseconds */
export function rememberDevice(keys: KeyRing, sealed: string | undefined, email: string, now: number): string {
  const account = accountOf(keys, email)
  const known = open(keys, sealed, now)
  const id = known.find(device => device.account === account)?.id ?? randomUUID()
  return sealText(keyOf(keys), JSON.stringify([{ account, id, at: now }, ...known.filter(device => device.account !== account)].slice(0, remembered)), 'device cookie')
}
