import { passwordLimits } from '#shared/accounts/account-schema'
import { isInFilter } from './password-filter.ts'

/** More than this many digits and signs beside a known word are a secret of their own. */
const addedToWord = 8

/**
 * What is wrong with a password that somebody wants to set. Length in characters, at most in bytes of UTF-8 (what bcrypt takes); then the offline
 * list of breached passwords (ASVS 6.2.12): the password itself, a known word with a few digits or signs, or one short piece over and over.
 * No rules of composition (ASVS 6.2.5).
 */
export async function checkPassword(password: string): Promise<'too_short' | 'too_long' | 'too_common' | undefined> {
  const plain = password.normalize('NFKC').toLowerCase()
  if ([...password].length < passwordLimits.min) return 'too_short'
  if (new TextEncoder().encode(password).length > passwordLimits.maxBytes) return 'too_long'
  if (isRepetition(plain)) return 'too_common'
  // Loaded when the first password is set: no other process, and no page, carries it.
  const { breachedPasswords } = await import('./breached-passwords.ts')
  const filter = Buffer.from(breachedPasswords, 'base64')
  if (isInFilter(filter, plain)) return 'too_common'
  const word = plain.replace(/[^\p{L}]/gu, '')
  if (word && plain.length - word.length <= addedToWord && isInFilter(filter, `word ${word}`)) return 'too_common'
  return undefined
}

/** Is it one piece of at most six characters, said at least twice, the last time perhaps not to its end? */
function isRepetition(plain: string): boolean {
  return [1, 2, 3, 4, 5, 6].some(size => plain === plain.slice(0, size).repeat(Math.ceil(plain.length / size)).slice(0, plain.length))
}
