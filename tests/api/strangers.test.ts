import { request } from 'node:http'
import { describe, expect, inject, it } from 'vitest'

/** One request with any headers, `Host` among them, as fetch would not send it. */
function raw(method: string, path: string, headers: Record<string, string> = {}): Promise<{ status: number, headers: Record<string, string | string[] | undefined>, body: string }> {
  const { port } = new URL(inject('portal').url)
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => { body += chunk }).on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    call.on('error', reject).end()
  })
}

describe('a demo station and names that were made to point here', () => {
  it('answers to loopback names only, also for its open mailbox', async () => {
    const strange = await raw('GET', '/api/desk/mailbox', { host: 'evil.example' })

    expect(strange.status).toBe(421)
    expect(strange.body).not.toContain('mails')
    expect((await raw('GET', '/api/desk/mailbox', { host: `localhost:${new URL(inject('portal').url).port}` })).status).toBe(200)
  })
})

describe('leaving by the exit form', () => {
  it('clears the browser when our own page sent it, and touches nothing when another site did', async () => {
    const own = await raw('POST', '/en/exit', { 'sec-fetch-site': 'same-origin' })
    const foreign = await raw('POST', '/en/exit', { 'sec-fetch-site': 'cross-site', 'origin': 'https://evil.example' })

    expect([own.status, foreign.status]).toEqual([303, 303])
    expect(own.headers['clear-site-data']).toContain('cookies')
    expect(foreign.headers).not.toHaveProperty('clear-site-data')
  })
})

describe('the sign-in of the desk before its script is there', () => {
  it('posts, so that no password stands in an address, and is not stored', async () => {
    const { body, headers } = await raw('GET', '/en/desk/sign-in')

    expect(body).toMatch(/<form[^>]*method="post"[^>]*>/)
    expect(body).not.toMatch(/<form(?![^>]*method="post")[^>]*>/)
    expect(headers['cache-control']).toBe('no-store')
  })
})
