import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { priorAnswers, shrunkRate } from '#shared/trust/shrunk-rate'
import { wilsonInterval } from '#shared/trust/wilson-interval'

/** A second way to the same ends, without the formula: the shares p whose distance from the observed one is 1.96 of their own standard errors, by halving. */
function endsBySearch(count: number, base: number): [number, number] {
  const share = count / base
  const distance = (p: number) => Math.abs(share - p) - 1.96 * Math.sqrt(p * (1 - p) / base)
  const search = (outside: number, inside: number) => {
    for (let step = 0; step < 60; step++) {
      const middle = (outside + inside) / 2
      if (distance(middle) > 0) outside = middle
      else inside = middle
    }
    return inside
  }
  return [share === 0 ? 0 : search(0, share), share === 1 ? 1 : search(1, share)]
}

describe('a share drawn to the mean', () => {
  it('is (x + 20·p₀) / (n + 20), by hand', () => {
    // 45 of 50 and a mean of 0.8: 61 of 70. 10 of 10: 26 of 30. Nobody: the mean itself, 16 of 20.
    expect(shrunkRate({ count: 45, base: 50 }, 0.8)?.share).toBeCloseTo(61 / 70, 12)
    expect(shrunkRate({ count: 45, base: 50 }, 0.8)?.low).toBeCloseTo(0.77335, 5)
    expect(shrunkRate({ count: 10, base: 10 }, 0.8)?.low).toBeCloseTo(0.70318, 5)
    expect(shrunkRate({ count: 0, base: 0 }, 0.8)?.share).toBeCloseTo(0.8, 12)
    expect(shrunkRate({ count: 0, base: 0 }, 0.8, 0)).toBeUndefined()
  })

  it('lies between the own share and the mean, and a hundred times the answers move it to the own one', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (base, part, mean) => {
      const count = Math.round(part * base)
      const { share = NaN, low = NaN } = shrunkRate({ count, base }, mean) ?? {}
      const much = shrunkRate({ count: 100 * count, base: 100 * base }, mean)
      expect(share).toBeGreaterThanOrEqual(Math.min(count / base, mean) - 1e-12)
      expect(share).toBeLessThanOrEqual(Math.max(count / base, mean) + 1e-12)
      expect(low).toBeLessThanOrEqual(share + 1e-12)
      expect(Math.abs((much?.share ?? NaN) - count / base)).toBeLessThanOrEqual(priorAnswers / (100 * base) + 1e-12)
    }))
  })

  it('has the lower end that a search without the formula finds, and so has the Wilson interval both of its ends', () => {
    for (let base = 1; base <= 120; base += 7) {
      for (let count = 0; count <= base; count++) {
        const { low = NaN, high = NaN } = wilsonInterval(count, base) ?? {}
        const [lowest, highest] = endsBySearch(count, base)
        expect([low, high].map(each => each.toFixed(9))).toEqual([lowest, highest].map(each => each.toFixed(9)))
        expect(shrunkRate({ count, base }, 0.7)?.low).toBeCloseTo(endsBySearch(count + 14, base + 20)[0], 9)
      }
    }
  })
})
