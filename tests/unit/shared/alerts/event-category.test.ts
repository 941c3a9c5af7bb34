import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { categoryOfEvent } from '#shared/alerts/event-category'

const seed = (name: string) => readFileSync(join(import.meta.dirname, '../../../../supabase/seeds', name), 'utf8')
const events = [...seed('040-alert-events.sql').matchAll(/^ {2}\["(\w+)"/gm)].map(([, code = '']) => code)
const categories = [...seed('010-categories.sql').matchAll(/"code": "(\w+)", "group"/g)].map(([, code = '']) => code)

it('what somebody knows about an event is of a kind that there is; about the weather none is proposed', () => {
  expect(events.length).toBeGreaterThan(30)
  const proposed = events.flatMap(event => categoryOfEvent(event) ?? [])

  expect(proposed.length).toBeGreaterThan(10)
  expect(proposed.filter(category => !categories.includes(category))).toEqual([])
  expect([categoryOfEvent('phone_scam'), categoryOfEvent('heavy_rain'), categoryOfEvent('toString')]).toEqual(['fraud', undefined, undefined])
})
