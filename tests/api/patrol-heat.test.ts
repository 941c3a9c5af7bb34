import { beforeAll, describe, expect, it } from 'vitest'
import { patrolHeatSchema } from '#shared/patrols/heat-schema'
import { send, signedIn } from './portal-client.ts'

const cookies: Record<string, string> = {}
beforeAll(async () => {
  for (const who of ['officer', 'lead', 'chief', 'auditor', 'admin', 'resident'] as const) cookies[who] = await signedIn(who)
})
const heatAs = (who: string) => send('GET', '/api/desk/patrols/heat', { cookie: cookies[who] ?? '' })

describe('where and when reports cluster, over the API', () => {
  it('is read by whoever handles reports, an officer for their communities only', async () => {
    const [officer, lead, chief] = await Promise.all(['officer', 'lead', 'chief'].map(async who => patrolHeatSchema.parse((await heatAs(who)).body)))

    expect(chief?.gridIds).toEqual(lead?.gridIds)
    expect(officer?.gridIds.length).toBeGreaterThan(0)
    expect(lead?.gridIds.length).toBeGreaterThan(officer?.gridIds.length ?? 0)
    expect(lead?.size).toBe((lead?.gridIds.length ?? 0) * 84)
    expect(lead?.cells.reduce((sum, { count }) => sum + count, 0)).toBe(lead?.count)
    expect(officer?.cells.filter(({ gridId }) => !officer.gridIds.includes(gridId))).toEqual([])
  })

  it('is not for auditor, administrator and residents, and strangers have to sign in', async () => {
    for (const who of ['auditor', 'admin', 'resident']) expect((await heatAs(who)).status, who).toBe(403)
    expect((await send('GET', '/api/desk/patrols/heat')).status).toBe(401)
  })
})
