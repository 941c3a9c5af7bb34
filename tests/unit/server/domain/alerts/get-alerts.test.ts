import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Services } from '#server/domain/services'
import { forgetAlerts, getAlerts } from '#server/domain/alerts/get-alerts'

const { readAlerts } = vi.hoisted(() => ({ readAlerts: vi.fn() }))
vi.mock('#server/db/alerts', () => ({ readAlerts }))

const start = Date.parse('2026-11-25T08:00:00Z')
const second = 1000
const anAlert = (identifier: string, sent: string, endedBy: unknown = null) => ({ identifier, sent, endedBy })
let services: Services
/** As list_alerts answers; the station's clock is the same unless it was moved. */
const answers = (number: number, alerts: unknown[], now = '2026-11-25T08:00:00Z') => readAlerts.mockResolvedValueOnce({ ok: true, now, number, alerts })

beforeEach(() => {
  readAlerts.mockReset()
  services = { clients: {} } as Services
})

describe('the published alerts', () => {
  it('are asked for once by many pages, and then for a second not at all', async () => {
    answers(1, [anAlert('a', '2026-11-25T07:00:00Z')])

    const [one, other] = await Promise.all([getAlerts(services, start), getAlerts(services, start)])
    await getAlerts(services, start + second - 1)

    expect(readAlerts).toHaveBeenCalledTimes(1)
    expect(one.list).toBe(other.list)
  })

  it('are asked for what changed since, which takes the place of what was known', async () => {
    answers(1, [anAlert('a', '2026-11-25T07:00:00Z')])
    answers(3, [anAlert('a', '2026-11-25T07:00:00Z', { identifier: 'b' }), anAlert('b', '2026-11-25T07:59:00Z')])
    answers(3, [])
    await getAlerts(services, start)

    const later = await getAlerts(services, start + second)
    const last = await getAlerts(services, start + 2 * second)

    expect(readAlerts.mock.calls.map(([, after]) => after)).toEqual([undefined, 1, 3])
    expect(later.list).toEqual([anAlert('b', '2026-11-25T07:59:00Z'), anAlert('a', '2026-11-25T07:00:00Z', { identifier: 'b' })])
    expect([last.version, last.list]).toEqual([3, later.list])
  })

  it('are asked for again at once when this portal published, also while an older question is under way', async () => {
    let answer: (value: unknown) => void = () => undefined
    readAlerts.mockReturnValueOnce(new Promise(resolve => answer = resolve))
    answers(2, [anAlert('b', '2026-11-25T07:59:00Z')])

    const before = getAlerts(services, start)
    forgetAlerts(services)
    const after = await getAlerts(services, start)
    answer({ ok: true, now: '2026-11-25T08:00:00Z', number: 1, alerts: [] })
    await before

    expect(after.list).toHaveLength(1)
    expect((await getAlerts(services, start + 1)).list).toHaveLength(1)
  })

  it('are the older ones while the database is away, and none where there never were any', async () => {
    readAlerts.mockRejectedValueOnce(new Error('away'))
    await expect(getAlerts(services, start)).rejects.toThrow('away')
    answers(1, [anAlert('a', '2026-11-25T07:00:00Z')])
    await getAlerts(services, start)
    readAlerts.mockRejectedValueOnce(new Error('away'))

    expect((await getAlerts(services, start + 5 * second)).list).toHaveLength(1)
  })

  it('go by the station\'s clock, which a demo may have moved', async () => {
    answers(1, [], '2026-12-01T08:00:00Z')

    expect(new Date((await getAlerts(services, start)).now).toISOString()).toBe('2026-12-01T08:00:00.000Z')
  })
})
