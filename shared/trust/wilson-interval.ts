/** 95 % of a normal distribution lie within as many standard deviations. */
const z = 1.96

/**
 * Where a share lies with 95 % confidence, from 0 to 1. Undefined without a base.
 * @see Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953
 */
export function wilsonInterval(count: number, base: number): { low: number, high: number } | undefined {
  if (base <= 0) return undefined
  const share = count / base
  const centre = share + z * z / (2 * base)
  const half = z * Math.sqrt(share * (1 - share) / base + z * z / (4 * base * base))
  const scale = 1 + z * z / base
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) }
}
