import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSettingsFile } from '../../scripts/bootstrap/settings-file.mjs'
import { startTestBackend, type TestBackend } from '../../supabase/embedded/test-backend.ts'
import { scratchFolder } from '../scratch.ts'
import { aStationPlace, hillStreet, runSetup, type Flags, type StationPlace } from './station.ts'

// A Supabase project as it comes: roles and Auth, none of our tables. The embedded API has no Storage: this stands in for it.
const empty = scratchFolder('empty')
const buckets: { id: string, public: boolean }[] = []
let backend: TestBackend, front: Server, place: StationPlace, flags: Flags, env: Record<string, string>

beforeAll(async () => {
  backend = await startTestBackend({ folders: { migrations: empty, seeds: empty } })
  // As PostgREST does.
  await backend.sql.listen('pgrst', () => void backend.reload())
  front = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const body = Buffer.concat(chunks)
      const answer = (status: number, value: unknown) => outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
      if (incoming.url?.startsWith('/storage/v1/bucket')) {
        if (incoming.headers.apikey !== backend.secretKey) return answer(403, { statusCode: '403', error: 'Unauthorized', message: 'no' })
        if (incoming.method === 'POST') return answer(200, { name: buckets.push(JSON.parse(body.toString())) })
        const known = buckets.find(({ id }) => incoming.url === `/storage/v1/bucket/${id}`)
        return known ? answer(200, known) : answer(404, { statusCode: '404', error: 'Bucket not found', message: 'Bucket not found' })
      }
      request(`${backend.url}${incoming.url}`, { method: incoming.method ?? 'GET', headers: { ...incoming.headers, host: new URL(backend.url).host } }, (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers)
        response.pipe(outgoing)
      }).end(body)
    })
  })
  await new Promise<void>(resolve => front.listen(0, '127.0.0.1', resolve))
  place = await aStationPlace(scratchFolder('station'))
  flags = {
    ...hillStreet, 'backend': 'supabase', 'data-dir': undefined, 'supabase-port': undefined, 'public-url': 'https://linli.hill.example', 'smtp-url': 'smtps://mail.hill.example',
    'supabase-url': `http://127.0.0.1:${(front.address() as AddressInfo).port}`, 'supabase-publishable-key': backend.publishableKey,
  }
  env = { SUPABASE_SECRET_KEY: backend.secretKey, SEND_EMAIL_HOOK_SECRET: 'v1,whsec_0123456789abcdef' }
})
afterAll(async () => {
  front.close().closeAllConnections()
  await backend.stop()
})

describe('npm run setup on Supabase', () => {
  it('says that the schema is missing when it may not apply it', async () => {
    const { code, sentence } = await runSetup(place, flags, env)

    expect([code, sentence]).toEqual([1, expect.stringMatching(/^The database knows no such call.*give SUPABASE_DB_URL/)])
  })

  it('applies migrations and reference data, makes bucket, station and invitations, and keeps the address of the database nowhere', async () => {
    const databaseUrl = backend.embedded?.databaseUrl ?? ''
    const { code, output } = await runSetup(place, flags, { ...env, SUPABASE_DB_URL: databaseUrl })

    expect(code, output).toBe(0)
    expect(output).toMatch(/\d\d migrations applied/)
    expect(output.match(/desk\/invitation\//g)).toHaveLength(2)
    expect(buckets).toEqual([expect.objectContaining({ id: 'evidence', public: false })])
    const lines = readSettingsFile(place.settings) ?? {}
    expect(Object.keys(lines).sort()).toEqual(['LINLI_DEMO', 'LINLI_MASTER_KEYS', 'PORT', 'PUBLIC_URL', 'SEND_EMAIL_HOOK_SECRET', 'SMTP_URL', 'SUPABASE_PUBLISHABLE_KEY', 'SUPABASE_SECRET_KEY', 'SUPABASE_URL', 'TRUST_PROXY', 'VAPID_PRIVATE_KEY'])
    expect(JSON.stringify(lines) + output).not.toContain(new URL(databaseUrl).password)
    expect(await backend.sql`select slug from public.stations`).toEqual([{ slug: 'hill-street' }])
    expect((await backend.sql`select 1 from public.categories`).length).toBeGreaterThan(10)
  })

  it('is up to date the second time, with a bucket that stands', async () => {
    const { code, output } = await runSetup(place, { 'port': undefined, 'supabase-port': undefined, 'data-dir': undefined }, { SUPABASE_DB_URL: backend.embedded?.databaseUrl ?? '' })

    expect(code, output).toBe(0)
    expect(output).toMatch(/schema up to date[\s\S]*bucket stands[\s\S]*invited: chief 100001/)
    expect(buckets).toHaveLength(1)
  })
})
