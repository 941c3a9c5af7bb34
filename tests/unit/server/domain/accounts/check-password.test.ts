import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { breachedPasswordsFile } from '../../../../../scripts/make-password-filter.ts'
import { checkPassword } from '#server/domain/accounts/check-password'

const answersTo = (passwords: string[]) => Promise.all(passwords.map(checkPassword))

it('a password has at least twelve characters, of any script, and at most 72 bytes', async () => {
  expect(await answersTo(['', 'linli-demo', 'eleven-long', '平安里的老房子'])).toEqual(['too_short', 'too_short', 'too_short', 'too_short'])
  expect(await answersTo(['four words for one door', '我们都住在同一条街上的老房子', '五月的风吹过平安里小巷口'])).toEqual([undefined, undefined, undefined])
  expect(await answersTo([`${'long enough '.repeat(6)}`, `${'long enough '.repeat(6)}x`])).toEqual([undefined, 'too_long'])
})

it('a breached password is refused however it is written, and so is a known word with digits and signs, or one piece over and over', async () => {
  const known = ['password1234', 'PASSWORD1234', 'ｐassword1234', '1qaz2wsx3edc', 'qwertyuiop123', 'administrator', 'Password-2026!', 'woaini1314520', 'linli-demo-2026', '派出所20261122xx', 'aaaaaaaaaaaa', 'abcabcabcabca', '😀'.repeat(12)]

  expect(await answersTo(known)).toEqual(known.map(text => text.includes('xx') ? undefined : 'too_common'))
})

it('says no to nobody else: of 5,000 random passwords at most one', async () => {
  const answers = await answersTo(Array.from({ length: 5000 }, (_, number) => `door ${(number * 7_919_993_711).toString(36)} window`))

  expect(answers.filter(answer => answer !== undefined).length).toBeLessThanOrEqual(1)
})

it('the filter is what the script makes of the list', () => {
  const kept = readFileSync(path.join(import.meta.dirname, '../../../../../server/domain/accounts/breached-passwords.ts'), 'utf8')

  expect(kept === breachedPasswordsFile(), 'run node scripts/make-password-filter.ts').toBe(true)
})
