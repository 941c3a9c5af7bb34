import { request } from 'node:http'
import { expect, inject, it } from 'vitest'
import { send } from './portal-client.ts'

/** As a scraper on this machine asks: no proxy in between. */
const scrape = (headers: Record<string, string> = {}) => new Promise<{ status: number, type: string, text: string }>((resolve, reject) => {
  request(`${inject('portal').url}/metrics`, { headers }, (answer) => {
    let text = ''
    answer.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('end', () => resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text }))
  }).on('error', reject).end()
})

it('says that it is alive and ready, part by part, and nothing else', async () => {
  expect((await send('GET', '/healthz')).body).toEqual({ status: 'up' })
  expect((await send('GET', '/readyz')).body).toEqual({ status: 'ready', checks: { database: true, migrations: true, keys: true, storage: true } })
})

it('gives its figures to this machine alone: through a proxy there is nothing', async () => {
  expect((await send('GET', '/metrics')).status).toBe(404)
  expect((await scrape({ forwarded: 'for=192.0.2.1' })).status).toBe(404)
  for (const name of ['x-real-ip', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded', 'via']) expect((await scrape({ [name]: '127.0.0.1' })).status, name).toBe(404)

  const { status, type, text } = await scrape()
  expect(status).toBe(200)
  expect(type).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(text).toMatch(/^linli_part_up\{part="database"\} 1$/m)
  expect(text).toMatch(/^linli_http_requests_total\{method="GET",route="\/[^"]*",status="\d+"\} [1-9]/m)
  expect(text).toMatch(/^process_resident_memory_bytes \d+/m)
})

it('RULES E3: no figure has a station, a community, a category or a person in its labels', async () => {
  await send('GET', '/zh/communities/ping-an')
  await send('GET', '/api/reports/LL-0000-0000', { receipt: 'x' })
  await send('MADEUP', '/zh').catch(() => undefined)
  const { text } = await scrape()

  const labels = new Set([...text.matchAll(/^linli_\w+\{([^}]*)\}/gm)].flatMap(([, pairs = '']) => pairs.split(/,(?=\w+=")/).map(pair => pair.split('=')[0])))
  // A portal that has just begun has run no job yet.
  expect([...labels].filter(label => label !== 'job').sort()).toEqual(['le', 'method', 'part', 'route', 'status'])
  expect(text).not.toMatch(/ping-an|LL-0000|MADEUP|theft|127\.0\.0\.1/)
})
