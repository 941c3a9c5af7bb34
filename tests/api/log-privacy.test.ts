import { readdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addedEvidenceSchema, submittedSchema } from '#shared/reports/report-answers'
import { type Portal, startPortal } from '../portal.ts'
import { keyRingOf, prepaidChallenge } from '../prepaid-challenge.ts'
import { aForm, aKey } from './portal-client.ts'

const secrets = {
  address: '198.51.100.77', description: 'unmistakable-description-7141', place: 'Unmistakable Road 7141', name: 'Unmistakable Name', phone: '+86 138 7141 7141', email: 'unmistakable7141@example.org',
  letter: 'unmistakable-letter-7141', fileName: 'unmistakable-file-7141.pdf', agent: 'UnmistakableBrowser/7141', query: 'unmistakable-query-7141', password: 'unmistakable-password-7141', wrongReceipt: 'ZZZZ-7141-ZZZZ-7141-ZZZZ-7141',
}

let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ env: { TRUST_PROXY: '1' } })
})
afterAll(() => portal?.stop())

describe('the log of a whole run', () => {
  it('holds nobody\'s address, words, contact, receipt or reference, not even when something fails', async () => {
    const headers = { 'x-forwarded-for': secrets.address, 'user-agent': secrets.agent }
    const call = (method: string, path: string, json?: unknown, more: Record<string, string> = {}) =>
      fetch(portal.url + path, { method, redirect: 'manual', ...(json !== undefined && { body: JSON.stringify(json) }), headers: { ...headers, 'content-type': 'application/json', ...more } })
    const idempotencyKey = aKey()
    const altcha = await prepaidChallenge(await keyRingOf(portal))
    const report = {
      category: 'noise_dispute', description: secrets.description, address: secrets.place, locale: 'en', altcha, idempotencyKey,
      contact: { mode: 'named', name: secrets.name, phone: secrets.phone, email: secrets.email },
    }
    const { reference, receipt } = submittedSchema.parse(await (await call('POST', '/api/reports', report)).json())

    // Everything that goes well …
    await call('GET', `/api/reports/${reference}`, undefined, { 'x-receipt': receipt })
    await call('POST', `/api/reports/${reference}/messages`, { text: secrets.letter }, { 'x-receipt': receipt })
    const form = aForm([{ name: 'file', fileName: secrets.fileName, bytes: '%PDF-1.4 words' }])
    const sent = await fetch(`${portal.url}/api/reports/${reference}/attachments`, { method: 'POST', body: new Uint8Array(form.body), headers: { ...headers, ...form.headers, 'x-receipt': receipt } })
    const { id } = addedEvidenceSchema.parse(await sent.json())
    for (const path of ['/', '/zh', '/en/reports/new', '/en/reports/track', `/en/reports/${reference}`, '/zh/desk']) await fetch(`${portal.url}${path}?q=${secrets.query}`, { headers: { ...headers, accept: 'text/html' } })
    const signedIn = await call('POST', '/api/session', { email: 'officer@demo.linli', password: 'linli-demo' })
    const cookie = signedIn.headers.getSetCookie().map(line => line.split(';')[0]).join('; ')
    await call('GET', `/api/desk/reports/${reference}`, undefined, { cookie })
    // … everything that is refused …
    await call('GET', `/api/reports/${reference}`, undefined, { 'x-receipt': secrets.wrongReceipt })
    await call('POST', '/api/session', { email: secrets.email, password: secrets.password })
    await call('POST', '/api/reports', { ...report, description: `${secrets.description}\0` })
    await call('POST', '/api/reports', { ...report, category: secrets.query })
    await call('POST', '/api/reports', `{"${secrets.description}`)
    await call('GET', `/api/${secrets.query}?${secrets.query}`)
    await call('GET', `/zh/${secrets.query}?${secrets.query}`)
    // … and something that breaks: a file that was changed on the disk.
    const folder = join(portal.dataDir, 'blobs')
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) if (file.isFile()) writeFileSync(join(file.parentPath, file.name), Buffer.alloc(200, 1))
    const broken = await call('GET', `/api/reports/${reference}/attachments/${id}`, undefined, { 'x-receipt': receipt })
    expect(broken.status).toBe(500)
    expect(await broken.text()).not.toMatch(/seal|decrypt|\bat \S+ \(/i)

    await expect.poll(() => portal.output(), { timeout: 5_000 }).toMatch(/"request failed"/)
    const output = portal.output()
    const known = { ...secrets, reference, receipt, plainReceipt: receipt.replaceAll('-', ''), idempotencyKey, altcha: altcha.slice(0, 60), cookie: cookie.split('=')[1]?.slice(0, 60) ?? '', id }
    expect(Object.entries(known).filter(([, text]) => text && output.includes(text)).map(([name]) => name), 'found in the log').toEqual([])
    expect(output).not.toMatch(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b(?<!127\.0\.0\.1)/)
  }, 60_000)

  it('names requests by the pattern of their route', async () => {
    const line = z.object({ route: z.string(), status: z.number() })
    const routesOf = () => portal.output().split('\n').flatMap((text) => {
      const found = text.startsWith('{') ? line.safeParse(JSON.parse(text)) : undefined
      return found?.success ? [found.data.route] : []
    })

    await expect.poll(routesOf, { timeout: 5_000 }).toEqual(expect.arrayContaining(['/api/reports/:reference', '/api/reports', '/api/session', '/api/reports/:reference/attachments/:id']))
    expect(routesOf().filter(route => /LL-|7141|\?/.test(route))).toEqual([])
  })
})

describe('a sender who goes away in the middle', () => {
  const boundary = 'x'.repeat(30)
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${secrets.fileName}"\r\n\r\n%PDF-1.7\n${'a'.repeat(200_000)}`
  const multipart = `multipart/form-data; boundary=${boundary}`

  it('is an event in the log, with its route, and no failure', async () => {
    const idempotencyKey = aKey()
    const altcha = await prepaidChallenge(await keyRingOf(portal))
    const body = JSON.stringify({ category: 'noise_dispute', description: secrets.description, locale: 'en', altcha, idempotencyKey, contact: { mode: 'anonymous' } })
    const filed = await fetch(`${portal.url}/api/reports`, { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-forwarded-for': secrets.address } })
    const { reference, receipt } = submittedSchema.parse(await filed.json())
    const halves: [string, Record<string, string>, string][] = [
      ['/api/reports', { 'content-type': 'application/json' }, '{"description":"'],
      ['/en/reports/track', { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }, 'reference=LL-'],
      ['/en/reports/new/files', { 'content-type': multipart, 'sec-fetch-site': 'same-origin' }, file],
      [`/api/reports/${reference}/attachments`, { 'content-type': multipart, 'x-receipt': receipt }, file],
      [`/api/reports/${reference}/attachments`, { 'content-type': multipart, 'x-receipt': secrets.wrongReceipt }, file],
      ['/api/hooks/send-email', { 'content-type': 'application/json' }, '{"user":'],
    ]
    const before = portal.output().length
    for (const [path, headers, half] of halves) {
      for (const afterMs of [0, 5, 60, 400]) await breakOff(path, headers, half, afterMs)
    }
    const lines = () => portal.output().slice(before).split('\n').filter(line => line.startsWith('{')).map(line => z.looseObject({ level: z.number(), isBrokenOff: z.boolean().optional(), route: z.string().optional() }).parse(JSON.parse(line)))

    await expect.poll(() => lines().filter(({ isBrokenOff }) => isBrokenOff).length, { timeout: 10_000 }).toBeGreaterThan(halves.length)
    expect(lines().filter(({ level }) => level >= 40)).toEqual([])
    for (const secret of [secrets.address, secrets.fileName, reference, receipt]) expect(portal.output().slice(before)).not.toContain(secret)
    expect((await fetch(`${portal.url}/readyz`)).status).toBe(200)
  })

  function breakOff(path: string, headers: Record<string, string>, half: string, afterMs: number): Promise<void> {
    return new Promise((resolve) => {
      const sent = request(portal.url + path, { method: 'POST', headers: { ...headers, 'content-length': '1000000', 'x-forwarded-for': secrets.address } })
      sent.on('error', () => undefined).once('close', () => resolve())
      sent.write(half, () => setTimeout(() => sent.destroy(), afterMs))
    })
  }
})
