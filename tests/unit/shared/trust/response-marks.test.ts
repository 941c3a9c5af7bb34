import { describe, expect, it } from 'vitest'
import { burstLimit, countsAsOpen, marksOf, networkAllowance, type Arrival, type ResponseMark } from '#shared/trust/response-marks'

const usual: Arrival = { fromNetwork: 0, counted: 0, hours: [], inThisHour: 0, isStaffDevice: false }

/** Mulberry32: the same numbers on every run. */
function randomOf(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

interface Sent { network: string, isYes: boolean, hour: number }

/** As the portal takes them, one after the other: what counts, and who was marked. */
function take(sent: readonly Sent[]) {
  const networks = new Map<string, number>()
  const hours: number[] = []
  let [counted, yes, bursts] = [0, 0, 0]
  for (const { network, isYes, hour } of sent) {
    const marks = marksOf({ fromNetwork: networks.get(network) ?? 0, counted, hours: hours.slice(0, hour), inThisHour: hours[hour] ?? 0, isStaffDevice: false })
    networks.set(network, (networks.get(network) ?? 0) + 1)
    for (let each = hours.length; each <= hour; each++) hours.push(0)
    hours[hour] = (hours[hour] ?? 0) + 1
    if (marks.includes('burst')) bursts += 1
    if (!countsAsOpen(marks)) continue
    counted += 1
    if (isYes) yes += 1
  }
  return { counted, yes, share: yes / counted, bursts }
}

/** Residents over 14 days of 12 hours, most alone in their network, some in one with up to three more. */
function residents(random: () => number, count: number, share: number): Sent[] {
  return Array.from({ length: count }, (_, index) => ({ network: random() < 0.2 ? `house-${Math.floor(index / 4)}` : `home-${index}`, isYes: random() < share, hour: Math.floor(random() * 168) })).toSorted((a, b) => a.hour - b.hour)
}

/** As many more again as `part` of them, all the same, from one network: in one hour of the given part of the fortnight or spread over it. */
function withCrowd(honest: readonly Sent[], part: number, isYes: boolean, when: 'first' | 'last' | 'spread'): Sent[] {
  const many = Math.ceil(honest.length * part)
  const crowd = Array.from({ length: many }, (_, index) => ({ network: 'office', isYes, hour: when === 'first' ? 0 : when === 'last' ? 167 : Math.floor(index * 168 / many) }))
  return (when === 'first' ? [...crowd, ...honest] : [...honest, ...crowd]).toSorted((a, b) => a.hour - b.hour)
}

describe('marks on answers, by hand', () => {
  it.each<[string, Partial<Arrival>, string[]]>([
    ['the first of a network', {}, []],
    ['the second of a network among few', { fromNetwork: 1, counted: 59 }, ['network']],
    ['the second among 120', { fromNetwork: 1, counted: 120 }, []],
    ['the third among 120', { fromNetwork: 2, counted: 120 }, ['network']],
    ['one from the station', { isStaffDevice: true }, ['staff']],
    ['the tenth of an hour', { inThisHour: 9 }, []],
    ['the eleventh of an hour', { inThisHour: 10 }, ['burst']],
    ['all at once', { fromNetwork: 30, inThisHour: 30, isStaffDevice: true }, ['network', 'staff', 'burst']],
  ])('%s', (_, arrival, marks) => {
    expect(marksOf({ ...usual, ...arrival })).toEqual(marks)
  })

  it('a burst is four standard deviations above the median of the hours with answers', () => {
    expect(burstLimit([])).toBe(10)
    expect(burstLimit([0, 0, 1, 2, 3, 0])).toBe(10)
    // Median 9: 9 + 4·3.
    expect(burstLimit([9, 0, 9, 9, 25])).toBe(21)
    expect([1, 59, 60, 119, 120, 600].map(networkAllowance)).toEqual([1, 1, 1, 1, 2, 10])
  })

  it('a burst alone takes no answer out', () => {
    const marked: ResponseMark[][] = [[], ['burst'], ['network'], ['staff', 'burst']]

    expect(marked.map(countsAsOpen)).toEqual([true, true, false, false])
  })
})

describe('one in ten more, all the same, from one network', () => {
  const sizes = [60, 120, 250, 600, 1500]
  const shares = [0.05, 0.3, 0.5, 0.8, 0.95]

  it('moves the published share by less than two points, whenever they come and whatever they say', () => {
    let [worst, worstUntrimmed] = [0, 0]
    for (const count of sizes) {
      for (const share of shares) {
        for (let seed = 1; seed <= 5; seed++) {
          const honest = residents(randomOf(seed * 1000 + count), count, share)
          const without = take(honest)
          for (const isYes of [true, false]) {
            for (const when of ['first', 'last', 'spread'] as const) {
              const sent = withCrowd(honest, 0.1, isYes, when)
              worst = Math.max(worst, Math.abs(take(sent).share - without.share))
              worstUntrimmed = Math.max(worstUntrimmed, Math.abs(sent.filter(each => each.isYes).length / sent.length - honest.filter(each => each.isYes).length / honest.length))
            }
          }
        }
      }
    }

    expect(worst).toBeLessThan(0.02)
    // Without the marks the same crowd does move it: the test can fail.
    expect(worstUntrimmed).toBeGreaterThan(0.08)
  })

  it('and ten times as many residents are no different from one in ten', () => {
    const honest = residents(randomOf(7), 300, 0.4)
    expect(Math.abs(take(withCrowd(honest, 10, true, 'spread')).share - take(honest).share)).toBeLessThan(0.02)
  })

  it('leaves residents nearly all counted, and hardly an hour of theirs is called a burst', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const { counted, bursts } = take(residents(randomOf(seed), 600, 0.6))

      expect(counted).toBeGreaterThan(0.93 * 600)
      expect(bursts).toBeLessThan(6)
    }
  })

  it('all in one hour is seen as a burst', () => {
    for (let seed = 1; seed <= 10; seed++) expect(take(withCrowd(residents(randomOf(seed), 600, 0.6), 0.1, true, 'last')).bursts).toBeGreaterThan(30)
  })
})
