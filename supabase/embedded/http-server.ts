import { rmSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { addressOfSocket } from '#shared/socket-address'
import { type ApiRequest, type ApiResponse, json } from './api-message.ts'
import { StartError } from './start-error.ts'

/** Larger than any call of the portal: files do not pass here. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024
const DRAIN_MS = 10_000

export type HttpServer = {
  url: string
  /** Takes no new requests, waits for those in work (at most 10 s), then closes. */
  stop: () => Promise<void>
}

/** Serves the API on loopback, or on a socket file, with plain node:http: 44 µs of CPU a request where @hono/node-server took 53. */
export async function serveHttp({ port, handle }: { port: number | { socket: string }, handle: (request: ApiRequest) => Promise<ApiResponse> }): Promise<HttpServer> {
  const server = http.createServer((incoming, outgoing) => {
    void answer(incoming).then((response) => {
      outgoing.writeHead(response.status, response.status === 204 || response.status === 304
        ? response.headers
        : { ...response.headers, 'content-length': String(Buffer.byteLength(response.body)) })
      outgoing.end(incoming.method === 'HEAD' || response.status === 204 ? undefined : response.body)
    }).catch(() => outgoing.destroy())
  })
  server.requestTimeout = 30_000
  server.headersTimeout = 10_000
  server.keepAliveTimeout = 30_000
  await listen(server, port)
  const { url, hosts } = addressesOf(server, port)

  async function answer(incoming: http.IncomingMessage): Promise<ApiResponse> {
    // A page in a browser that a foreign name leads to 127.0.0.1 (DNS rebinding) still sends that name here.
    if (!hosts.has(incoming.headers.host ?? '')) return json(421, { message: 'This API answers on 127.0.0.1 and localhost only' })
    // No answer to a browser's question before it calls across origins: it will not call.
    if (incoming.method === 'OPTIONS') return json(405, { message: 'Method not allowed' })
    const body = await readBody(incoming)
    if (body === undefined) return json(413, { message: 'The request is larger than 2 MB' }, { connection: 'close' })
    let asked: URL
    try {
      asked = new URL(incoming.url ?? '/', 'http://127.0.0.1')
    }
    catch {
      return json(400, { message: 'The address is not valid' })
    }
    return handle({ method: incoming.method ?? 'GET', path: asked.pathname, search: asked.search, headers: plainHeaders(incoming), body })
  }

  return {
    url,
    async stop() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
      await closed
      clearTimeout(timer)
    },
  }
}

function addressesOf(server: http.Server, port: number | { socket: string }) {
  if (typeof port === 'object') {
    const url = addressOfSocket(port.socket)
    return { url, hosts: new Set([new URL(url).host]) }
  }
  const { port: actual } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${actual}`, hosts: new Set([`127.0.0.1:${actual}`, `localhost:${actual}`]) }
}

function listen(server: http.Server, port: number | { socket: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cause.code === 'EADDRINUSE' && typeof port === 'number'
      ? new StartError(`Port ${port} is taken: stop what uses it, or set SUPABASE_PORT to another one.`, { cause })
      : cause))
    if (typeof port === 'number') {
      server.listen(port, '127.0.0.1', () => resolve())
      return
    }
    // Left behind by a run that was killed; whoever holds the data folder's lock is alone here.
    rmSync(port.socket, { force: true })
    const before = process.umask(0o177)
    server.listen(port.socket, () => resolve())
    process.umask(before)
  })
}

function plainHeaders(incoming: http.IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || name === 'connection' || name === 'content-length' || name === 'transfer-encoding' || name === 'host') continue
    headers[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return headers
}

/** The body as text, or undefined when it is too large. */
function readBody(incoming: http.IncomingMessage): Promise<string | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) {
    incoming.resume()
    return Promise.resolve(undefined)
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > BODY_LIMIT_BYTES) {
        chunks.length = 0
        resolve(undefined)
      }
      else {
        chunks.push(chunk)
      }
    })
    incoming.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    incoming.on('error', reject)
  })
}
