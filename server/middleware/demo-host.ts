import { defineEventHandler, getRequestHeader, setResponseHeader, setResponseStatus } from 'h3'
import { config } from '../config.ts'

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i

/**
 * A demo station answers to the names of this machine only: its mailbox is open, and a page elsewhere whose name was made to
 * point here (DNS rebinding) would read the codes in it.
 */
export default defineEventHandler((event) => {
  if (!config().isDemo || loopback.test(getRequestHeader(event, 'host') ?? '')) return undefined
  setResponseStatus(event, 421)
  setResponseHeader(event, 'content-type', 'text/plain; charset=utf-8')
  return 'The demo station answers on this machine only, at localhost or 127.0.0.1.\n'
})
