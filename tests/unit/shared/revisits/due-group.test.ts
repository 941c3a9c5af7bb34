import { expect, it } from 'vitest'
import { dueGroup } from '#shared/revisits/due-group'

const zone = 'Asia/Shanghai'
/** Wednesday, 25 November 2026, 10:00 at the station. */
const now = '2026-11-25T10:00:00+08:00'

it('cuts a worklist into late, today, this week and later, by the wall of the station', () => {
  const group = (dueAt: string) => dueGroup(dueAt, now, zone)

  expect(group('2026-11-25T00:00:00+08:00')).toBe('overdue')
  expect(group('2026-11-26T00:00:00+08:00'), '24:00 of today').toBe('today')
  expect(group('2026-11-27T00:00:00+08:00')).toBe('week')
  expect(group('2026-11-30T00:00:00+08:00'), '24:00 of Sunday').toBe('week')
  expect(group('2026-12-01T00:00:00+08:00')).toBe('later')
  expect(group(now), 'a limit is kept in its last moment').toBe('today')
})

it('on a Sunday nothing but today is left of the week', () => {
  expect(dueGroup('2026-12-01T00:00:00+08:00', '2026-11-29T09:00:00+08:00', zone)).toBe('later')
})

it('a day is the station\'s, not that of Greenwich', () => {
  // 01:00 on the 26th at the station is still the 25th in Greenwich.
  expect(dueGroup('2026-11-27T00:00:00+08:00', '2026-11-26T01:00:00+08:00', zone)).toBe('today')
})
