import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { expect, inject } from 'vitest'
import { z } from 'zod'
import type { KeyRing } from '#server/domain/trust/key-ring'
import { submittedSchema } from '#shared/reports/report-answers'
import { keyRingOf, prepaidChallenge } from '../prepaid-challenge.ts'
import { breachOfDocument } from './documented.ts'

/** Longest answer that is no hang, here on two shared cores. */
const limitMs = 5_000

export interface Sent {
  json?: unknown
  body?: BodyInit
  headers?: Record<string, string>
  /** The client's address, as the one trusted proxy tells it; a fresh one each time unless given. */
  from?: string
  /** A session cookie; the request then comes from our own page. */
  cookie?: string
  /** The reporter's receipt. */
  receipt?: string
  timeoutMs?: number
}

export interface Answered { status: number, type: string, headers: Headers, text: string, body: unknown }

const problemSchema = z.object({ type: z.string(), title: z.string(), status: z.number(), code: z.string(), detail: z.string(), errors: z.record(z.string(), z.string()).optional() })
export type SeenProblem = z.infer<typeof problemSchema>

/** A fresh address of a resident: limits count by it. */
export const anAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`
export const aKey = (): string => randomUUID()

/** Sends a call and holds the answer against the API's own document, the header set and the time limit. */
export async function send(method: string, path: string, { json, body, headers, from = anAddress(), cookie, receipt, timeoutMs = limitMs }: Sent = {}): Promise<Answered> {
  const response = await fetch(`${inject('portal').url}${path}`, {
    method, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs),
    ...(json !== undefined ? { body: JSON.stringify(json) } : body !== undefined ? { body } : {}),
    ...(body instanceof ReadableStream && { duplex: 'half' }),
    headers: {
      'x-forwarded-for': from, ...(json !== undefined && { 'content-type': 'application/json' }), ...(receipt !== undefined && { 'x-receipt': receipt }),
      ...(cookie !== undefined && { cookie, 'sec-fetch-site': 'same-origin' }), ...headers,
    },
  })
  const type = response.headers.get('content-type') ?? ''
  const text = await response.text()
  const answer: Answered = { status: response.status, type, headers: response.headers, text, body: text === '' ? undefined : /\bjson\b/.test(type) ? JSON.parse(text) : text }
  expect(breachOfHeaders(answer.headers), `${method} ${path}`).toEqual([])
  if (path.startsWith('/api/') && method !== 'HEAD') expect(breachOfDocument(method, path.split('?')[0] ?? '', answer)).toBeUndefined()
  return answer
}

/** What is missing from, or too much in, the headers of any answer. */
export function breachOfHeaders(headers: Headers): string[] {
  const expected: Record<string, RegExp> = {
    'x-content-type-options': /^nosniff$/, 'referrer-policy': /^same-origin$/, 'cross-origin-opener-policy': /^same-origin$/, 'cross-origin-resource-policy': /^same-origin$/,
    'permissions-policy': /microphone=\(\)/, 'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  }
  const forbidden = ['x-powered-by', 'server', 'access-control-allow-origin', 'access-control-allow-credentials', 'x-nitro-prerender']
  return [
    ...Object.entries(expected).filter(([name, value]) => !value.test(headers.get(name) ?? '')).map(([name]) => `${name}: ${headers.get(name)}`),
    ...forbidden.filter(name => headers.has(name)),
  ]
}

/** The refusal in an answer: problem+json with its own status, a code and sentences, and nothing of our insides. */
export function problemOf({ status, type, text, body }: Answered): SeenProblem {
  expect(type).toBe('application/problem+json; charset=utf-8')
  const problem = problemSchema.parse(body)
  expect(problem.status).toBe(status)
  expect(problem.type).toBe(`/errors/${problem.code}`)
  expect([problem.title, problem.detail, ...Object.values(problem.errors ?? {})].filter(sentence => /^[a-z]+(\.\w+)+$|\{|undefined|NaN/.test(sentence)), 'sentences, not keys').toEqual([])
  expect(text).not.toMatch(/\bat \S+ \(|\.mjs|\.ts:|node_modules|SELECT |postgres|PGRST|supabase/i)
  return problem
}

let ring: Promise<KeyRing> | undefined
/** A challenge that is already solved. */
export async function aChallenge(options?: Parameters<typeof prepaidChallenge>[1]): Promise<string> {
  ring ??= keyRingOf(inject('portal'))
  return prepaidChallenge(await ring, options)
}

/** A body of `POST /api/reports` that is taken as it is. */
export async function aReportBody(over: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  return {
    category: 'noise_dispute', description: 'Drilling at night', contact: { mode: 'anonymous' }, locale: 'en',
    ...('altcha' in over ? {} : { altcha: await aChallenge() }), idempotencyKey: aKey(), ...over,
  }
}

/** Files a report, anonymous unless said otherwise. */
export async function aReport(over: Record<string, unknown> = {}, sent: Sent = {}) {
  const answer = await send('POST', '/api/reports', { json: await aReportBody(over), ...sent })
  expect(answer.status, answer.text).toBe(201)
  return submittedSchema.parse(answer.body)
}

const cookies = new Map<string, Promise<string>>()

/** The session cookie of a demo account; each file of tests signs in once. */
export function signedIn(name: 'chief' | 'lead' | 'officer' | 'officer2' | 'auditor' | 'admin' | 'resident' | 'resident2' | 'volunteer'): Promise<string> {
  let cookie = cookies.get(name)
  if (!cookie) cookies.set(name, cookie = signIn(name))
  return cookie
}

/** Signs a demo account in: a session of its own each time. */
export async function signIn(name: string): Promise<string> {
  const answer = await send('POST', '/api/session', { json: { email: `${name}@demo.linli`, password: 'linli-demo' } })
  expect(answer.status).toBe(204)
  return answer.headers.getSetCookie().map(cookie => cookie.split(';')[0]).join('; ')
}

/** A multipart body with one file, made by hand so that names may be anything. */
export function aForm(parts: { name: string, fileName?: string, type?: string, bytes: Buffer | string }[]) {
  const boundary = `form-${randomBytes(12).toString('hex')}`
  const chunks = parts.flatMap(({ name, fileName, type = 'application/octet-stream', bytes }) => [
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"\r\ncontent-type: ${type}`}\r\n\r\n`), Buffer.from(bytes), Buffer.from('\r\n'),
  ])
  return { body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]), headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}
