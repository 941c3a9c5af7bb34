import { describe, expect, it } from 'vitest'
import { codesToShow, provenStep } from '#server/domain/patrols/roll-call-code'
import { rollCallCodeSchema } from '#shared/patrols/roll-call'
import { rollCallWindow } from '#shared/patrols/roll-call-rules'

/** RFC 6238, appendix B: the ASCII secret of its SHA-1 vectors in base32; our codes are the last six of its eight digits. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const vectors = [[59, '287082'], [1111111109, '081804'], [1111111111, '050471'], [1234567890, '005924'], [2000000000, '279037'], [20000000000, '353130']] as const

describe('the code of the roll call', () => {
  it.each(vectors)('at %d seconds the phone shows %s, and it proves that step (RFC 6238)', (seconds, code) => {
    const step = Math.floor(seconds / 30)

    expect(codesToShow(secret, seconds * 1000)[0]).toEqual({ step, code, from: new Date(step * 30_000).toISOString() })
    expect(provenStep(secret, code, seconds * 1000)).toBe(step)
  })

  it('the phone holds the codes of ten minutes, one every 30 seconds, and nothing to make more of', () => {
    const codes = codesToShow(secret, 1111111111_000)

    expect(codes).toHaveLength(21)
    expect(codes.map(({ step }) => step)).toEqual(Array.from({ length: 21 }, (_, index) => 37037037 + index))
    expect(codes.at(-1)?.from).toBe(new Date((37037037 + 20) * 30_000).toISOString())
    expect(JSON.stringify(codes)).not.toContain(secret)
  })

  it('an entered code proves its step for ten minutes, and for a phone that runs half a minute ahead', () => {
    const step = 37037037
    const proven = (later: number) => provenStep(secret, '050471', (step + later) * 30_000)

    expect([-2, -1, 0, 1, 20, 21].map(proven)).toEqual([undefined, step, step, step, step, undefined])
  })

  it('a wrong code proves nothing, nor does one of another length', () => {
    expect(['050472', '50471', '0504711', ''].map(code => provenStep(secret, code, 1111111111_000))).toEqual([undefined, undefined, undefined, undefined])
  })
})

it('the roll call is open from half an hour before until a quarter of an hour after the beginning', () => {
  expect(rollCallWindow('2026-12-04T11:30:00.000Z')).toEqual({ opensAt: '2026-12-04T11:00:00.000Z', closesAt: '2026-12-04T11:45:00.000Z' })
})

describe('a code of the roll call as people type it', () => {
  it.each([['050471', '050471'], [' 050 471 ', '050471'], ['０５０４７１', '050471'], ['050-471', '050471']])('%s', (typed, code) => {
    expect(rollCallCodeSchema.parse(typed)).toBe(code)
  })

  it.each(['', '05047', '0504711', 'abcdef', '05 04 7x'])('refuses %s', (typed) => {
    expect(rollCallCodeSchema.safeParse(typed).success).toBe(false)
  })
})
