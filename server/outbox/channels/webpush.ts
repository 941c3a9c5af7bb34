import { lookup as resolve } from 'node:dns'
import { Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent, request } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { isLocalPushService, isPushAddress } from '#shared/alerts/push-services'
import type { PushSubscriptionKeys } from '#shared/alerts/subscription-schema'
import type { SendFailure } from '../retry-policy.ts'
import { sealForBrowser, vapidHeader, type VapidKey } from './push-encryption.ts'

export interface WebPushSettings {
  key: VapidKey
  /** mailto: or https:, whom a push service may ask. */
  subject: string
  /** Services that are pushed to; shared/alerts/push-services.ts. */
  services: readonly string[]
  limitMs: number
  maxConnections: number
}

/** One push. `topic` replaces what waits for the same browser under it (RFC 8030 §5.4). */
export interface Push { to: PushSubscriptionKeys, payload: string, ttlSeconds: number, urgency: 'very-low' | 'low' | 'normal' | 'high', topic: string }

/** Why a push was not taken. `gone`: there is no such browser any more. */
export type PushFailure = { kind: 'gone' } | { kind: 'wait', seconds: number, error: string } | ({ kind: 'failed' } & SendFailure)

/** An attempt that failed, judged. Its message is our own word. */
export class PushError extends Error {
  override name = 'PushError'
  readonly failure: PushFailure

  constructor(failure: PushFailure, options?: { cause?: unknown }) {
    super(failure.kind === 'gone' ? 'gone' : failure.error, options)
    this.failure = failure
  }
}

export interface WebPushChannel {
  /** @throws PushError */
  send: (push: Push) => Promise<void>
  close: () => void
}

/** All pushes are as long as this, whatever they say. */
const paddedBytes = 2048
const dayMs = 24 * 3600 * 1000

/** Sends to the push services of browsers. One send is one attempt; no redirect is followed, and a name that leads into a private network is not connected to (RULES G4). */
export function webPushChannel({ key, subject, services, limitMs, maxConnections }: WebPushSettings): WebPushChannel {
  const agent = new Agent({ keepAlive: true, maxSockets: maxConnections, lookup: publicLookup })
  const localAgent = new PlainAgent({ keepAlive: true, maxSockets: maxConnections })
  const headers = new Map<string, { value: string, until: number }>()
  return {
    async send({ to, payload, ttlSeconds, urgency, topic }) {
      // Asked again: the list may have become shorter since somebody subscribed.
      if (!isPushAddress(to.endpoint, services)) throw new PushError({ kind: 'failed', isPermanent: true, error: 'push_service' })
      const url = new URL(to.endpoint)
      let body: Buffer
      try {
        body = sealForBrowser(payload, to.keys, paddedBytes)
      }
      catch (cause) {
        throw new PushError({ kind: 'failed', isPermanent: true, error: 'push_keys' }, { cause })
      }
      const { status, retryAfter } = await post(url, body, {
        'authorization': authorization(url.origin), 'content-encoding': 'aes128gcm', 'content-type': 'application/octet-stream', 'content-length': body.length,
        'ttl': Math.max(0, Math.floor(ttlSeconds)), 'urgency': urgency, 'topic': topic,
      })
      const failure = judgePush(status, retryAfter)
      if (failure) throw new PushError(failure)
    },
    close() {
      agent.destroy()
      localAgent.destroy()
    },
  }

  /** One signature for each service and half a day. */
  function authorization(origin: string) {
    const known = headers.get(origin)
    if (known && known.until > Date.now()) return known.value
    const value = vapidHeader(key, origin, subject, new Date(Date.now() + dayMs * 0.9))
    headers.set(origin, { value, until: Date.now() + dayMs / 2 })
    return value
  }

  function post(url: URL, body: Buffer, head: Record<string, string | number>) {
    return new Promise<{ status: number, retryAfter: string | undefined }>((answered, failed) => {
      const isLocal = isLocalPushService(url.origin)
      const options = { method: 'POST', headers: head, signal: AbortSignal.timeout(limitMs) }
      const call = isLocal ? plainRequest(url, { ...options, agent: localAgent }) : request(url, { ...options, agent })
      call.once('response', (response) => {
        response.resume()
        response.once('error', fail)
        response.once('end', () => answered({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] }))
      })
      call.once('error', fail)
      call.end(body)

      function fail(cause: Error) {
        failed(new PushError(cause instanceof PrivateAddress ? { kind: 'failed', isPermanent: true, error: 'push_private' } : { kind: 'failed', isPermanent: false, error: cause.name === 'AbortError' || cause.name === 'TimeoutError' ? 'timeout' : 'dropped' }, { cause }))
      }
    })
  }
}

/** What an answer of a push service means; undefined: it has taken it. @see RFC 8030 §5, RFC 8292 §4 */
export function judgePush(status: number, retryAfter: string | undefined): PushFailure | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status === 404 || status === 410) return { kind: 'gone' }
  const error = `push_${status}`
  const seconds = retryAfter === undefined ? Number.NaN : /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000
  if ((status === 429 || status >= 500) && seconds >= 0) return { kind: 'wait', seconds: Math.min(Math.ceil(seconds), 3600), error }
  // 401 and 403 are about our key: everything waits for it. A redirect is not followed.
  return { kind: 'failed', isPermanent: status >= 300 && status < 500 && ![401, 403, 408, 429].includes(status), error }
}

class PrivateAddress extends Error {
  override name = 'PrivateAddress'
}

const notPublic = new BlockList()
for (const [net, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3]] as const) notPublic.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [['::', 96], ['64:ff9b::', 96], ['100::', 64], ['2001:db8::', 32], ['2002::', 16], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8]] as const) notPublic.addSubnet(net, bits, 'ipv6')

/** Is this an address of the open internet? */
export const isPublicAddress = (address: string): boolean => isIP(address) !== 0 && !notPublic.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Looked up once and connected to: what a name leads to cannot change between the look and the connection. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, '', 4)
    const [first] = found
    if (!first || !found.every(({ address }) => isPublicAddress(address))) return callback(new PrivateAddress('not an address of the open internet'), '', 4)
    if (options.all) return callback(null, found)
    callback(null, first.address, first.family)
  })
}
