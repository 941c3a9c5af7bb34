import type { IncomingMessage, Server, ServerResponse } from 'node:http'

export interface Patience {
  /** For all headers of a request. */
  headersMs: number
  /** Without a single byte of the body. */
  idleMs: number
  /** From the first byte of a body on; whoever is slower is held against `bytesPerSecond`. */
  graceMs: number
  /** The slowest pace that is taken for honest: 30 MB in about an hour. Slower than any phone line that still carries a page. */
  bytesPerSecond: number
}

export const patience: Patience = { headersMs: 15_000, idleMs: 30_000, graceMs: 60_000, bytesPerSecond: 8 * 1024 }

/**
 * Ends requests that are begun and never finished, thousands of which cost an attacker nothing (slowloris). There is no limit for a
 * whole request: thirty megabytes over a slow phone line take many minutes and are welcome as long as they keep coming.
 */
export function endSlowSenders(server: Server, { headersMs, idleMs, graceMs, bytesPerSecond }: Patience = patience): void {
  server.headersTimeout = headersMs
  server.requestTimeout = 0
  const underWay = new Map<IncomingMessage, Held>()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.complete) return
    const now = performance.now()
    underWay.set(request, { response, startedAt: now, heardAt: now, lookedAt: now, bytesAtStart: request.socket.bytesRead, bytes: request.socket.bytesRead })
    request.once('close', () => underWay.delete(request))
  })
  const timer = setInterval(() => {
    for (const [request, held] of underWay) {
      if (isTooSlow(request, held)) hangUp(request, held.response)
    }
  }, Math.min(idleMs, graceMs) / 4)
  timer.unref()
  server.once('close', () => clearInterval(timer))

  function isTooSlow(request: IncomingMessage, held: Held): boolean {
    if (request.complete) return false
    const now = performance.now()
    const { bytesRead } = request.socket
    // While we do not read what has come, our own disk or a picture in work holds the sender back.
    if (request.readableLength > 0 && !request.readableFlowing) {
      held.startedAt += now - held.lookedAt
      held.heardAt = now
    }
    if (bytesRead > held.bytes) held.heardAt = now
    held.bytes = bytesRead
    held.lookedAt = now
    const owed = (now - held.startedAt - graceMs) / 1000 * bytesPerSecond
    return now - held.heardAt >= idleMs || bytesRead - held.bytesAtStart < owed
  }
}

interface Held { response: ServerResponse, startedAt: number, heardAt: number, lookedAt: number, bytesAtStart: number, bytes: number }

/** As Node itself answers a request that took too long; the handler hears that nothing more comes. */
function hangUp(request: IncomingMessage, { headersSent }: ServerResponse) {
  if (!headersSent && request.socket.writable) request.socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  request.destroy()
}
