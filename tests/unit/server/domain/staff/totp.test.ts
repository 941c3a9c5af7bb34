import { describe, expect, it } from 'vitest'
import { newSecret, otpauthAddress, stepOf } from '#server/domain/staff/totp'
import { secondCodeSchema } from '#shared/staff/second-factor'

/** RFC 6238, appendix B: the ASCII secret of its SHA-1 vectors in base32; our codes are the last six of its eight digits. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const vectors = [[59, '287082'], [1111111109, '081804'], [1111111111, '050471'], [1234567890, '005924'], [2000000000, '279037']] as const

describe('TOTP', () => {
  it.each(vectors)('at %d seconds the code is %s (RFC 6238)', (seconds, code) => {
    expect(stepOf(secret, code, seconds * 1000)).toBe(Math.floor(seconds / 30))
  })

  it('takes the code of one step to either side and names its step, and none further away', () => {
    const at = (step: number) => stepOf(secret, '050471', step * 30_000)
    const step = Math.floor(1111111111 / 30)

    expect([at(step - 1), at(step), at(step + 1)]).toEqual([step, step, step])
    expect([at(step - 2), at(step + 2)]).toEqual([undefined, undefined])
  })

  it('a secret has 160 bits, and its address says what authenticators need', () => {
    const secrets = [newSecret(), newSecret()]

    expect(secrets[0]).toMatch(/^[A-Z2-7]{32}$/)
    expect(secrets[0]).not.toBe(secrets[1])
    expect(otpauthAddress(secret, 'Linli', 'chen@example.test')).toBe(`otpauth://totp/Linli:chen%40example.test?issuer=Linli&secret=${secret}&algorithm=SHA1&digits=6&period=30`)
  })
})

describe('a code as people type it', () => {
  it.each([['123456', { totp: '123456' }], [' 123 456 ', { totp: '123456' }], ['１２３４５６', { totp: '123456' }], ['7k3q-9xpa-2mbd', { recovery: '7K3Q9XPA2MBD' }], ['7K3Q 9XPA 2MBD', { recovery: '7K3Q9XPA2MBD' }]])('%s', (typed, code) => {
    expect(secondCodeSchema.parse(typed)).toEqual(code)
  })

  it.each(['', '12345', '1234567', 'abc', '7K3Q-9XPA'])('refuses %s', (typed) => {
    expect(secondCodeSchema.safeParse(typed).success).toBe(false)
  })
})
