import { getRequestHeader, type H3Event } from 'h3'
import { isIPv6 } from 'node:net'
import { config } from '../config.ts'
import { log } from './log.ts'

/**
 * The client's address as far as `trustedProxies` in front are believed: with 1 it is the last entry of X-Forwarded-For.
 * A shorter list than proxies means that the request did not come through them: the socket's address counts.
 */
export function addressBehind(socketAddress: string, forwardedFor: string | undefined, trustedProxies: number): string {
  const hops = (forwardedFor ?? '').split(',').map(hop => hop.trim()).filter(Boolean)
  const claimed = trustedProxies > 0 ? hops.at(-trustedProxies) : undefined
  return claimed ?? socketAddress
}

/** What limits count by: an IPv4 address, or the /64 that one IPv6 customer holds. */
export function limitSubject(address: string): string {
  const plain = address.replace(/^\[|\](:\d+)?$/g, '').replace(/%.*$/, '')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1]
  if (mapped) return mapped
  if (!isIPv6(plain)) return plain.replace(/:\d+$/, '')
  return `${expand(plain).slice(0, 4).join(':')}::/64`
}

/** The same as an address that others can read: of IPv6 the first one of the /64, since a whole one names a device. */
export const networkOf = (subject: string): string => subject.replace(/\/64$/, '')

function expand(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::')
  const groups = (part: string) => part ? part.split(':').flatMap(group => group.includes('.') ? ['0', '0'] : [group]) : []
  const front = groups(head)
  const back = tail === undefined ? [] : groups(tail)
  const gap = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0')
  return [...front, ...gap, ...back].map(group => Number.parseInt(group, 16).toString(16))
}

let hasWarned = false

/** Whom a limit on this request counts. Only ever use it in a keyed hash: it is personal data. */
export function clientAddress(event: H3Event): string {
  const forwardedFor = getRequestHeader(event, 'x-forwarded-for')
  const { trustedProxies } = config()
  if (forwardedFor && trustedProxies === 0 && !hasWarned) {
    hasWarned = true
    log().warn('A request carries X-Forwarded-For, but TRUST_PROXY is 0: behind a proxy all clients look like one.')
  }
  return limitSubject(addressBehind(event.node.req.socket?.remoteAddress ?? '', forwardedFor, trustedProxies))
}
