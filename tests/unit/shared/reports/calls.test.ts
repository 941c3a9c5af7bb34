import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callMinutes, nextCall } from '#shared/reports/calls'
import { firstLookMinutes } from '#shared/reports/clock'
import { root } from '../../../architecture/source-files.ts'

const receivedAt = '2026-11-22T19:00:00.000Z'

describe('whom a report that nobody opens is told to next', () => {
  it('urgent: the lead after ten minutes, the chief after ten more, then nobody is left', () => {
    expect(nextCall({ urgency: 'urgent', receivedAt, told: [] })).toEqual({ level: 'officer', at: receivedAt })
    expect(nextCall({ urgency: 'urgent', receivedAt, told: [{ level: 'officer' }] })).toEqual({ level: 'lead', at: '2026-11-22T19:10:00.000Z' })
    expect(nextCall({ urgency: 'urgent', receivedAt, told: [{ level: 'officer' }, { level: 'lead' }] })).toEqual({ level: 'chief', at: '2026-11-22T19:20:00.000Z' })
    expect(nextCall({ urgency: 'urgent', receivedAt, told: [{ level: 'officer' }, { level: 'lead' }, { level: 'chief' }] })).toBeUndefined()
  })

  it('otherwise: first when the first look is overdue (RULES D1)', () => {
    expect(callMinutes.normal.officer).toBe(firstLookMinutes.normal)
    expect(nextCall({ urgency: 'normal', receivedAt, told: [] })).toEqual({ level: 'officer', at: '2026-11-23T19:00:00.000Z' })
  })

  it('is what the database goes by', () => {
    const migrations = join(root, 'supabase/migrations')
    const sql = readdirSync(migrations).map(name => readFileSync(join(migrations, name), 'utf8')).join('\n')
    const body = /create function private\.call_after[\s\S]*?\$\$;/.exec(sql)?.[0] ?? ''
    const minutes = [...body.matchAll(/interval '(\d+)(?: (minutes|hours))?'/g)].map(([, count, unit]) => Number(count) * (unit === 'hours' ? 60 : 1))

    expect(minutes).toEqual([...Object.values(callMinutes.urgent), ...Object.values(callMinutes.normal)])
  })
})
