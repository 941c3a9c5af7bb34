import { describe, expect, it } from 'vitest'
import { filedCategory, findCategory, forgetReferenceData, getReferenceData } from '#server/domain/communities/get-reference-data'
import type { Services } from '#server/domain/services'

const category = (code: string) => ({
  code, group: 'other', visibility: 'private', urgency: 'normal', name: { zh: code, en: code }, description: { zh: '', en: '' }, guidance: { zh: '', en: '' }, is_about_police: false, allows_device_draft: true,
  retention_days: 365, questions: [], versions: [],
})
const station = (police: string) => ({
  station: {
    id: '6d6b6c1e-0000-4000-8000-000000000001', slug: 'home', name: { zh: '一', en: 'One' }, phone: null, address: null, time_zone: 'Asia/Shanghai',
    emergency_numbers: { police, fire: '119', medical: '120', traffic: '122' },
  },
  communities: [], categories: [category('noise')], former: { categories: [category('rental')], communities: [], grids: [] }, is_demo: false, now: '2026-11-22T00:00:00Z',
})

/** A portal of its own beside a database that others change: as one worker of several. */
function aWorker(database: { police: string, reads: number, isAway: boolean }): Services {
  const rpc = async () => {
    database.reads++
    return database.isAway ? { data: null, error: { message: 'fetch failed' }, status: 0 } : { data: station(database.police), error: null, status: 200 }
  }
  return { clients: { server: { rpc } } } as unknown as Services
}

const policeOf = async (worker: Services, now: number) => (await getReferenceData(worker, now)).station?.emergency_numbers?.police

describe('reference data that is changed at the desk', () => {
  it('is seen within sixty seconds on every worker, and at once by the one that changed it', async () => {
    const database = { police: '110', reads: 0, isAway: false }
    const [here, there] = [aWorker(database), aWorker(database)]
    expect([await policeOf(here, 0), await policeOf(there, 0)]).toEqual(['110', '110'])

    database.police = '911'
    forgetReferenceData(here)

    expect([await policeOf(here, 1000), await policeOf(there, 1000)]).toEqual(['911', '110'])
    expect(await policeOf(there, 60_000)).toBe('911')
    expect(database.reads, 'a page costs no call in between').toBe(4)
  })

  it('is kept when the database goes away right after a change', async () => {
    const database = { police: '110', reads: 0, isAway: false }
    const worker = aWorker(database)
    await policeOf(worker, 0)
    forgetReferenceData(worker)
    database.isAway = true

    expect(await policeOf(worker, 1000)).toBe('110')
  })

  it('offers only what is on, and names what was filed under what is off', async () => {
    const data = await getReferenceData(aWorker({ police: '110', reads: 0, isAway: false }))

    expect(findCategory(data, 'rental')).toBeUndefined()
    expect([filedCategory(data, 'rental')?.name.en, filedCategory(data, 'noise')?.name.en, filedCategory(data, 'never')]).toEqual(['rental', 'noise', undefined])
  })
})
