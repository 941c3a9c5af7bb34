import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { solvedChallenge } from './solve-challenge.ts'

/** Somebody at the API: signed in as a demo account, or a guest. */
export interface Caller {
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<{ status: number, type: string, body: unknown, headers: Headers }>
}

const answerOf = async (response: Response) => {
  const type = response.headers.get('content-type') ?? ''
  return { status: response.status, type, body: type.includes('json') ? await response.json() as unknown : await response.text(), headers: response.headers }
}

/**
 * @param account part of the address before `@demo.linli`; without one a guest
 * @param address where a caller comes from, told by the proxy that the portals of the tests believe
 */
export async function caller(portalUrl: string, account?: string, address?: string): Promise<Caller> {
  let cookie = ''
  if (account) {
    const signedIn = await fetch(`${portalUrl}/api/session`, {
      method: 'POST', headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }, body: JSON.stringify({ email: `${account}@demo.linli`, password: 'linli-demo' }),
    })
    if (signedIn.status !== 204) throw new Error(`${account} could not sign in: ${signedIn.status} ${await signedIn.text()}`)
    cookie = signedIn.headers.getSetCookie().map(line => line.split(';')[0]).join('; ')
  }
  return {
    call: async (method, path, body) => answerOf(await fetch(`${portalUrl}/api/${path}`, {
      method, headers: { cookie, 'sec-fetch-site': 'same-origin', ...(address && { 'x-forwarded-for': address }), ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: JSON.stringify(body) }),
    })),
  }
}

const created = z.object({ reference: z.string(), receipt: z.string() })

/** A report as a resident files it over the API. A guest is another person each time: limits count by address, and all tests together are more than one household. */
export async function fileReport(portalUrl: string, { by, ...report }: { by?: Caller } & Record<string, unknown> = {}) {
  const sender = by ?? await caller(portalUrl, undefined, `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`)
  const answer = await sender.call('POST', 'reports', {
    category: 'other', community: 'ping-an', description: 'The street lamp at the corner has been dark for a week.', contact: { mode: 'anonymous' }, locale: 'en',
    altcha: await solvedChallenge(portalUrl), idempotencyKey: crypto.randomUUID(), ...report,
  })
  if (answer.status !== 201) throw new Error(`not filed: ${answer.status} ${JSON.stringify(answer.body)}`)
  return created.parse(answer.body)
}
