import http from 'node:http'
import https from 'node:https'
import { socketOf } from '#shared/socket-address'

/** Longer than any call of ours takes; a connection that hangs must not hold a visitor for ever. */
const timeout = 60_000
const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) }

/**
 * `fetch` for the calls of supabase-js, over node:http: Node's own fetch took 490 µs of CPU for a call with 2 kB, this takes 190,
 * and every report is such a call. What it does not know how to send (forms, streams) goes to Node's fetch.
 * @throws what node:http throws (ECONNREFUSED, …); supabase-js answers it with status 0
 */
export const leanFetch: typeof fetch = (input, init = {}) => {
  const { method = 'GET', headers, body, signal } = init
  const url = input instanceof Request ? undefined : new URL(input)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || (body !== undefined && body !== null && typeof body !== 'string')) return fetch(input, init)
  const sent = Object.fromEntries(new Headers(headers))
  if (body) sent['content-length'] = String(Buffer.byteLength(body))
  const socketPath = socketOf(url)
  const { request } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers: sent, timeout, agent: agents[url.protocol as keyof typeof agents], ...(socketPath && { socketPath }), ...(signal && { signal }) }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('error', reject).on('end', () => {
        const status = answer.statusCode ?? 500
        const isEmpty = status === 204 || status === 205 || status === 304
        resolve(new Response(isEmpty ? null : text, { status, headers: headerPairs(answer) }))
      })
    })
    call.on('timeout', () => call.destroy(new Error('the database did not answer')))
    call.on('error', reject)
    call.end(body ?? undefined)
  })
}

function headerPairs({ headers }: http.IncomingMessage): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one]))
}
