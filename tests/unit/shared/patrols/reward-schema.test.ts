import { expect, it } from 'vitest'
import { parsePayOutCode } from '#shared/patrols/reward-schema'

it.each(['7K3Q-9XPA-2MBD', '7k3q 9xpa 2mbd', ' 7k3q9xpa2mbd ', '７Ｋ３Ｑ－９ＸＰＡ－２ＭＢＤ'])('a pay-out code typed as %s is the same code', (typed) => {
  expect(parsePayOutCode(typed)).toBe('7K3Q-9XPA-2MBD')
})

it('letters that look like digits are read as those', () => {
  expect(parsePayOutCode('OIL0-0000-0000')).toBe('0110-0000-0000')
})

it.each(['', '7K3Q-9XPA', '7K3Q-9XPA-2MBD-0', 'UUUU-UUUU-UUUU', '七千三百'])('%s is no pay-out code', (typed) => {
  expect(parsePayOutCode(typed)).toBeUndefined()
})
