import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAlertIdentifier, shortCodeOf } from '#shared/alerts/identifier'
import { crockford } from '#shared/reports/receipt'

const symbol = fc.constantFrom(...crockford)
const code = fc.array(symbol, { minLength: 8, maxLength: 8 }).map(symbols => symbols.join(''))

describe('an identifier as it was typed', () => {
  it.each(['LLA-7K3Q-9XPA', 'lla7k3q9xpa', '7K3Q-9XPA', '7k3q 9xpa', ' LLA 7K3Q 9XPA ', '\uFF17\uFF2B\uFF13\uFF31\uFF0D\uFF19\uFF38\uFF30\uFF21'])('%s is found', (typed) => {
    expect(parseAlertIdentifier(typed)).toBe('LLA-7K3Q-9XPA')
  })

  it.each(['', 'LL-7K3Q-9XPA', '7K3Q', 'LLB-7K3Q-9XPA', '7K3Q-9XPA-1', 'UUUU-UUUU', '平安里'])('%s is none', (typed) => {
    expect(parseAlertIdentifier(typed)).toBeUndefined()
  })

  it('is the same whether the short code or all of it is typed, and with letters that look alike', () => {
    fc.assert(fc.property(code, (symbols) => {
      const identifier = `LLA-${symbols.slice(0, 4)}-${symbols.slice(4)}`
      const mistaken = symbols.replace(/0/g, 'o').replace(/1/g, 'l').toLowerCase()

      expect(parseAlertIdentifier(identifier)).toBe(identifier)
      expect(parseAlertIdentifier(shortCodeOf(identifier))).toBe(identifier)
      expect(parseAlertIdentifier(mistaken)).toBe(identifier)
    }))
  })
})
