import { beforeAll, describe, expect, inject, it } from 'vitest'
import { dataColumns, dataTopics, openDataSchema } from '#shared/communities/open-data'
import { runJobs } from '../run-jobs.ts'
import { problemOf, send } from './portal-client.ts'

const { url } = inject('portal')

beforeAll(() => runJobs(inject('portal').dataDir))

describe('open data', () => {
  it.each(dataTopics)('of %s is the same table for a spreadsheet and for a program', async (topic) => {
    const { columns, rows } = openDataSchema.parse((await send('GET', `/api/communities/data/${topic}.json`)).body)
    const csv = await (await fetch(`${url}/api/communities/data/${topic}.csv`)).text()

    expect(columns).toEqual(dataColumns[topic])
    expect(csv.split('\r\n')[0]?.replace(/^\uFEFF/, '')).toBe(columns.join(','))
    expect(csv.trim().split('\r\n')).toHaveLength(rows.length + 1)
    const [base, count] = [columns.indexOf('base'), columns.indexOf('count')]
    if (base >= 0) expect(rows.filter(row => [row[base], row[count]].some(number => typeof number === 'number' && number % 5 > 0))).toEqual([])
  })

  it('tells of each release of the demo, and is not sent again to whoever has it', async () => {
    const { rows } = openDataSchema.parse((await send('GET', '/api/communities/data/releases.json')).body)
    expect(new Set(rows.map(([topic]) => topic))).toEqual(new Set(['conduct', 'ratings', 'activity', 'surveys']))

    const first = await fetch(`${url}/api/communities/data/activity.csv`)
    const again = await fetch(`${url}/api/communities/data/activity.csv`, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
    expect([first.status, again.status, await again.text()]).toEqual([200, 304, ''])
    for (const file of ['people.csv', 'activity.xml', '..%2fsecrets.json']) expect(problemOf(await send('GET', `/api/communities/data/${file}`)).code).toBe('not_found')
  })
})
