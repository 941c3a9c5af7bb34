import { expect, it } from 'vitest'
import { publicHolidays } from '#server/domain/revisits/public-holidays'

it('knows the holidays of a year with the weekend days that are worked for them', () => {
  const days = new Map(publicHolidays(2026).map(({ day, kind, name }) => [day, [kind, name.zh]]))

  expect(days.get('2026-01-01')).toEqual(['holiday', '元旦'])
  // A Saturday that is worked before the Spring Festival.
  expect(days.get('2026-02-14')).toEqual(['workday', '春节'])
  expect(days.has('2026-11-24'), 'a plain Tuesday').toBe(false)
})

it('has nothing for a year that is not announced', () => {
  expect(publicHolidays(2090)).toEqual([])
})
