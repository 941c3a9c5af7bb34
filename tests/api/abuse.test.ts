import { request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { roomInWindow } from '../window-room.ts'
import { aChallenge, aKey, anAddress, aReport, aReportBody, breachOfHeaders, problemOf, send, signedIn } from './portal-client.ts'

const megabyte = 1024 * 1024

/** A request as it is, without the tidying of `fetch`. */
function raw(options: { method?: string, path: string, headers?: Record<string, string | string[]> }) {
  return new Promise<{ status: number, headers: Headers, text: string }>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: new URL(inject('portal').url).port, timeout: 5_000, ...options }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk
      }).on('end', () => resolve({ status: response.statusCode ?? 0, headers: new Headers(Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)])), text }))
    })
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error(`no answer to ${options.path}`))).end()
  })
}

describe('a flood', () => {
  it('of 200 sends from one address is held while 25 people behind another all get through', async () => {
    const [flooder, office] = [anAddress(), anAddress()]
    await roomInWindow(600, 20)
    const bodies = await Promise.all(Array.from({ length: 225 }, () => aReportBody()))
    const flood = bodies.slice(0, 200).map(json => send('POST', '/api/reports', { json, from: flooder, timeoutMs: 30_000 }))
    const honest = bodies.slice(200).map(json => send('POST', '/api/reports', { json, from: office, timeoutMs: 30_000 }))
    const [held, passed] = await Promise.all([Promise.all(flood), Promise.all(honest)])

    expect(passed.map(({ status }) => status)).toEqual(Array.from({ length: 25 }, () => 201))
    expect(held.filter(({ status }) => status === 201).length).toBe(60)
    const refused = held.filter(({ status }) => status !== 201)
    for (const answer of refused) {
      expect(problemOf(answer)).toMatchObject({ status: 429, code: 'rate_limited' })
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
  }, 60_000)

  it('does not use up a challenge: whoever was held sends it again later, from elsewhere', async () => {
    const from = anAddress()
    await roomInWindow(600, 20)
    for (let count = 0; count < 60; count++) await aReport({}, { from })
    const json = await aReportBody()

    expect((await send('POST', '/api/reports', { json, from })).status).toBe(429)
    expect((await send('POST', '/api/reports', { json })).status).toBe(201)
  }, 60_000)

  it('from one IPv6 customer counts as one, whichever of its addresses it uses', async () => {
    await roomInWindow(600, 10)
    const statuses = []
    for (let count = 0; count < 25; count++) statuses.push((await send('GET', '/api/reports/LL-0000-0000', { receipt: '0'.repeat(24), from: `2001:db8:7:9:${count.toString(16)}::1` })).status)

    expect(statuses.slice(0, 20).every(status => status === 404)).toBe(true)
    expect(statuses.slice(20).every(status => status === 429)).toBe(true)
  })

  it('cannot choose its address: only what the proxy added counts', async () => {
    const from = anAddress()
    await roomInWindow(600, 10)
    const statuses = []
    for (let count = 0; count < 25; count++) statuses.push((await send('GET', '/api/reports/LL-0000-0000', { receipt: '0'.repeat(24), from: `${anAddress()}, ${from}` })).status)

    expect(statuses.slice(20).every(status => status === 429)).toBe(true)
  })
})

describe('the challenge', () => {
  const payload = z.object({ challenge: z.object({ parameters: z.record(z.string(), z.unknown()), signature: z.string() }), solution: z.object({ counter: z.number(), derivedKey: z.string() }) })
  type Payload = z.infer<typeof payload>
  const changed = async (change: (solved: Payload) => void) => {
    const solved = payload.parse(JSON.parse(Buffer.from(await aChallenge(), 'base64').toString()))
    change(solved)
    return Buffer.from(JSON.stringify(solved)).toString('base64')
  }
  const bad: [string, () => Promise<string> | string][] = [
    ['that is no base64', () => '%%%'],
    ['that is no JSON', () => Buffer.from('hello').toString('base64')],
    ['of another shape', () => Buffer.from('{"challenge":1}').toString('base64')],
    ['signed by somebody else', () => changed((solved) => { solved.challenge.signature = 'ab'.repeat(32) })],
    ['without a signature', () => changed((solved) => { solved.challenge.signature = '' })],
    ['made cheaper', () => changed((solved) => { solved.challenge.parameters.cost = 0 })],
    ['made so dear that checking it would take hours', () => changed((solved) => { solved.challenge.parameters.cost = 1e12 })],
    ['made to last longer', () => changed((solved) => { solved.challenge.parameters.expiresAt = 4e9 })],
    ['with another nonce', () => changed((solved) => { solved.challenge.parameters.nonce = '00'.repeat(16) })],
    ['with a wrong solution', () => changed((solved) => { solved.solution.derivedKey = '00'.repeat(32) })],
    ['that ran out', () => aChallenge({ expiresAt: Math.floor(Date.now() / 1000) - 1 })],
  ]
  it.each(bad)('%s is refused', async (_, altcha) => {
    expect(problemOf(await send('POST', '/api/reports', { json: await aReportBody({ altcha: await altcha() }) }))).toMatchObject({ status: 403, code: 'challenge_failed' })
  })

  it('is good for one report', async () => {
    const altcha = await aChallenge()
    await aReport({ altcha })

    expect(problemOf(await send('POST', '/api/reports', { json: await aReportBody({ altcha, idempotencyKey: aKey() }) }))).toMatchObject({ status: 403, code: 'challenge_failed' })
  })

  it('is not good for another under a signature in capitals', async () => {
    const altcha = await aChallenge()
    await aReport({ altcha })
    const solved = payload.parse(JSON.parse(Buffer.from(altcha, 'base64').toString()))
    solved.challenge.signature = solved.challenge.signature.toUpperCase()
    const again = Buffer.from(JSON.stringify(solved)).toString('base64')

    expect(problemOf(await send('POST', '/api/reports', { json: await aReportBody({ altcha: again }) }))).toMatchObject({ status: 403, code: 'challenge_failed' })
  })

  it('of ten sends with one challenge at once, one gets through', async () => {
    const altcha = await aChallenge()
    const answers = await Promise.all(Array.from({ length: 10 }, async () => send('POST', '/api/reports', { json: await aReportBody({ altcha }) })))

    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 403)])
  })
})

describe('requests that another site made (RULES G1)', () => {
  const own = () => inject('portal').url
  const senders: [string, () => Record<string, string>, { own: boolean, silent?: boolean }][] = [
    ['our page', () => ({ 'sec-fetch-site': 'same-origin' }), { own: true }],
    ['our page, with its origin', () => ({ 'sec-fetch-site': 'same-origin', 'origin': own() }), { own: true }],
    ['the person, by reload', () => ({ 'sec-fetch-site': 'none' }), { own: true }],
    ['our page in an old browser', () => ({ origin: own() }), { own: true }],
    ['another site', () => ({ 'sec-fetch-site': 'cross-site', 'origin': 'https://evil.example' }), { own: false }],
    ['another site that lies about its origin', () => ({ 'sec-fetch-site': 'cross-site', 'origin': own() }), { own: false }],
    ['a neighbour under our domain', () => ({ 'sec-fetch-site': 'same-site' }), { own: false }],
    ['another site in an old browser', () => ({ origin: 'https://evil.example' }), { own: false }],
    ['a page that hides its origin', () => ({ origin: 'null' }), { own: false }],
    ['an origin that only begins like ours', () => ({ origin: `${own()}.evil.example` }), { own: false }],
    ['nobody', () => ({}), { own: false, silent: true }],
  ]

  it.each(senders)('a call from %s', async (_, headers, { own: isOwn, silent }) => {
    const act = (more: Record<string, string>) => send('POST', '/api/reports', { json: {}, headers: { ...headers(), ...more } })

    expect(problemOf(await act({ cookie: await signedIn('resident') })).code).toBe(isOwn ? 'invalid' : 'cross_origin')
    expect(problemOf(await act({})).code, 'without a cookie there is nothing to misuse').toBe('invalid')
    const signIn = await send('POST', '/api/session', { json: { email: 'resident@demo.linli', password: 'linli-demo' }, headers: headers() })
    expect(signIn.status, 'nobody is signed in by another site').toBe(isOwn || silent ? 204 : 403)
  })

  it.each(senders)('a form from %s', async (_, headers, { own: isOwn }) => {
    for (const cookie of [undefined, await signedIn('resident')]) {
      const answer = await fetch(`${own()}/en/reports/new`, {
        method: 'POST', redirect: 'manual', body: 'danger=', headers: { 'accept': 'text/html', 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': anAddress(), ...headers(), ...(cookie && { cookie }) },
      })
      expect(answer.status === 403, `${answer.status}`).toBe(!isOwn)
      expect(breachOfHeaders(answer.headers)).toEqual([])
      await answer.text()
    }
  })

  it('nothing answers with permission for another site', async () => {
    for (const [method, path] of [['OPTIONS', '/api/reports'], ['GET', '/api/categories'], ['OPTIONS', '/zh/reports/new'], ['GET', '/zh']] as const) {
      const { headers } = await raw({ method, path, headers: { 'origin': 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-receipt' } })
      expect([...headers.keys()].filter(name => name.startsWith('access-control')), `${method} ${path}`).toEqual([])
    }
  })
})

describe('tricks with the method', () => {
  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])('%s does nothing, on a call and on a page', async (method) => {
    for (const path of ['/api/reports', '/api/categories', '/zh', '/zh/reports/new', '/zh/communities']) {
      const { status, text } = await raw({ method, path })
      expect([204, 400, 403, 404, 405, 501], `${method} ${path} ${text.slice(0, 200)}`).toContain(status)
    }
  })

  it('a header or a field that names another method is not listened to', async () => {
    const cookie = await signedIn('resident')
    await send('GET', '/api/categories', { cookie, headers: { 'x-http-method-override': 'DELETE' } })
    const { reference, receipt } = await aReport()
    await send('GET', `/api/reports/${reference}?_method=POST`, { receipt, headers: { 'x-http-method-override': 'POST', 'x-method-override': 'POST' } })

    expect((await send('GET', `/api/reports/${reference}`, { receipt })).body).toMatchObject({ status: 'received' })
  })

  it('HEAD answers as GET does, without a body', async () => {
    expect(await send('HEAD', '/api/categories')).toMatchObject({ status: 200, text: '' })
  })
})

describe('too much', () => {
  const nonsense = Buffer.alloc(30 * megabyte, 'nonsense ')
  it.each([
    ['JSON', '/api/reports', { 'content-type': 'application/json' }, [413]],
    ['a form with files', '/api/reports', { 'content-type': 'multipart/form-data; boundary=xyz' }, [413, 415]],
    ['a form with files, where files are taken', '/api/reports/LL-0000-0000/attachments', { 'content-type': 'multipart/form-data; boundary=xyz', 'x-receipt': '0'.repeat(24) }, [400, 404, 413, 422]],
    ['a text', '/api/session', { 'content-type': 'text/plain' }, [413, 415]],
  ] as const)('30 MB of nonsense as %s: refused, and others are served meanwhile', async (_, path, headers, statuses) => {
    const answered = send('POST', path, { body: nonsense, headers, timeoutMs: 15_000 })
    const meanwhile = await send('GET', '/api/categories')

    expect(meanwhile.status).toBe(200)
    expect(statuses).toContain(problemOf(await answered).status)
  }, 30_000)

  it('a body in chunks, without a length, is bounded alike', async () => {
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 64 * 1024
        if (sent > 30 * megabyte) controller.close()
        else controller.enqueue(new Uint8Array(64 * 1024).fill(0x61))
      },
    })

    expect(problemOf(await send('POST', '/api/reports', { body, headers: { 'content-type': 'application/json' }, timeoutMs: 15_000 }))).toMatchObject({ status: 413, code: 'too_large' })
  }, 30_000)

  it('bodies that trickle in keep nobody else waiting', async () => {
    const port = Number(new URL(inject('portal').url).port)
    const slow = Array.from({ length: 50 }, () => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write('POST /api/reports HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{"a"')
      return socket
    })
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('GET', '/api/categories')))
    for (const socket of slow) socket.destroy()

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
  })

  it('requests that are begun and never finished are hung up on within a minute: half headers, half a body, nothing at all', async () => {
    const port = Number(new URL(inject('portal').url).port)
    const begun = ['POST /api/reports HTTP/1.1\r\nhost: localhost\r\nx-slow: ', 'POST /api/reports HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{"a"',
      'POST /zh/reports/track HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\nreference=', '']

    const answers = await Promise.all(begun.map(text => new Promise<string>((resolve, reject) => {
      let answer = ''
      const socket = connect(port, '127.0.0.1').on('error', () => undefined).on('data', (chunk) => { answer += String(chunk) })
      socket.once('close', () => resolve(answer)).write(text)
      setTimeout(() => reject(new Error(`still open: ${text.slice(0, 40)}`)), 60_000).unref()
    })))

    expect(answers.slice(0, 3).map(answer => answer.split('\r\n')[0])).toEqual(Array.from({ length: 3 }, () => 'HTTP/1.1 408 Request Timeout'))
  }, 70_000)

  it('many headers, or long ones, are refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_500 }, (_, count) => [`x-${count}`, 'y'.repeat(40)]))

    // Node answers and hangs up while the rest is still coming in, so that the sender may see either.
    const status = await raw({ path: '/api/categories', headers: many }).then(answer => answer.status, (error: NodeJS.ErrnoException) => error.code)
    expect([431, 'ECONNRESET', 'EPIPE']).toContain(status)
    expect((await raw({ path: '/zh', headers: { cookie: `a=${'b'.repeat(15_000)}` } })).status).toBeLessThan(500)
  })
})

describe('tricks with host and address', () => {
  it.each([{ host: 'evil.example' }, { 'x-forwarded-host': 'evil.example' }, { 'x-forwarded-proto': 'https' }, { forwarded: 'host=evil.example;proto=https' }, { 'x-original-url': '/zh/desk' }, { 'x-rewrite-url': '/zh/desk' }])('%j changes no answer', async (headers) => {
    for (const path of ['/', '/zh', '/zh/reports/new', '/api/openapi.json', '/zh/nowhere', '/.well-known/security.txt']) {
      const answer = await raw({ path, headers: { accept: 'text/html', ...headers } })
      expect(answer.text, path).not.toContain('evil.example')
      expect(answer.headers.get('location') ?? '').not.toContain('evil.example')
      expect(answer.status).toBeLessThan(500)
    }
  })

  it.each([
    '//evil.example', '//evil.example/zh', '/\\evil.example', '/zh//evil.example', '/%2f%2fevil.example', '/zh/../../../etc/passwd', '/..%2f..%2f..%2fetc%2fpasswd', '/_nuxt/../../server/index.mjs', '/_nuxt/..%2f..%2fserver%2findex.mjs',
    '/.env', '/.git/config', '/keys.json', '/.data/keys.json', '/package.json', '/api/..%2f..%2fkeys.json', '/api/desk/../desk/me', '/api//desk//me', '/API/desk/me', '/api/desk/me/', '/api/desk/me;x=1', '/api/desk/me%00', '/_ipx/_/etc/passwd', '/__nuxt_error', '/api/_nuxt_icon/lucide.json',
  ])('%s leads nowhere', async (path) => {
    const { status, headers, text } = await raw({ path, headers: { accept: 'text/html' } })

    expect(headers.get('location') ?? '/').not.toMatch(/^(https?:)?[/\\]{2}|evil/)
    expect(text).not.toMatch(/root:x:|"secretKey"|BEGIN|import \{|"dependencies"/)
    expect([301, 302, 303, 307, 308, 400, 401, 403, 404], text.slice(0, 200)).toContain(status)
  })
})

describe('the header set', () => {
  it.each(['/', '/zh', '/en', '/zh/reports/new', '/zh/reports/track', '/zh/communities', '/zh/nowhere', '/nowhere', '/zh/desk', '/zh/desk/mailbox', '/api/categories', '/api/nowhere', '/api/desk/me', '/api/openapi.json', '/healthz', '/readyz', '/.well-known/security.txt'])('%s carries it', async (path) => {
    const { headers, status } = await raw({ path, headers: { accept: path.startsWith('/api') ? 'application/json' : 'text/html' } })

    expect(status).toBeLessThan(500)
    expect(breachOfHeaders(headers)).toEqual([])
    if (path.startsWith('/api/') && path !== '/api/openapi.json') expect(headers.get('cache-control')).toBe('no-store')
    if (!path.startsWith('/zh/desk')) expect(headers.get('content-security-policy')).not.toMatch(/unsafe-|\*/)
  })
})
