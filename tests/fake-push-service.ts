/*
  A push service for tests: takes pushes as RFC 8030 has them, opens them as a browser would, and answers as it is told. It knows an address by its path: `/push/<name>`.
*/
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'

export interface Pushed { name: string, at: number, status: number, ttl: number, urgency: string, topic: string, size: number, text: string, audience: string, subject: string, isSigned: boolean }
export interface PushFate { status: number, headers?: Record<string, string> }

const bytesOf = (text: string) => Buffer.from(text, 'base64url')

export class FakePushService {
  readonly pushed: Pushed[] = []
  origin = ''
  /** What becomes of a push; by default it is taken. `drop`: the line breaks. */
  fate: (name: string, nth: number) => PushFate | 'drop' = () => ({ status: 201 })
  readonly #browsers = new Map<string, { curve: ReturnType<typeof createECDH>, auth: Buffer }>()
  readonly #seen = new Map<string, number>()
  readonly #server = createServer((request, response) => void this.#take(request).then((fate) => {
    if (fate === 'drop') return request.socket.destroy()
    response.writeHead(fate.status, fate.headers)
    response.end()
  }))

  /** @param port 0: any that is free */
  async start(port = 0): Promise<this> {
    await new Promise<void>(resolve => this.#server.listen(port, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (typeof address !== 'object' || !address) throw new Error('no port')
    this.origin = `http://127.0.0.1:${address.port}`
    return this
  }

  async stop() {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }

  /** A browser that wants pushes: what its `PushSubscription.toJSON()` gives. */
  browser(name: string): { endpoint: string, keys: { p256dh: string, auth: string } } {
    const curve = createECDH('prime256v1')
    curve.generateKeys()
    const auth = randomBytes(16)
    this.#browsers.set(name, { curve, auth })
    return { endpoint: `${this.origin}/push/${name}`, keys: { p256dh: curve.getPublicKey().toString('base64url'), auth: auth.toString('base64url') } }
  }

  async #take(request: IncomingMessage): Promise<PushFate | 'drop'> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array))
    const body = Buffer.concat(chunks)
    const name = (request.url ?? '').replace('/push/', '')
    const nth = this.#seen.get(name) ?? 0
    this.#seen.set(name, nth + 1)
    const fate = this.fate(name, nth)
    if (fate === 'drop') return fate
    const { headers } = request
    this.pushed.push({
      name, at: performance.now(), status: fate.status, ttl: Number(headers.ttl), urgency: String(headers.urgency), topic: String(headers.topic), size: body.length, text: this.#open(name, body), ...readVapid(headers.authorization ?? ''),
    })
    return fate
  }

  /** RFC 8291 from the browser's side. */
  #open(name: string, body: Buffer): string {
    const browser = this.#browsers.get(name)
    if (!browser) return ''
    const [salt, length] = [body.subarray(0, 16), body.readUInt8(20)]
    const theirs = body.subarray(21, 21 + length)
    const secret = Buffer.from(hkdfSync('sha256', browser.curve.computeSecret(theirs), browser.auth, Buffer.concat([Buffer.from('WebPush: info\0'), browser.curve.getPublicKey(), theirs]), 32))
    const decipher = createDecipheriv('aes-128-gcm', Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: aes128gcm\0', 16)), Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: nonce\0', 12)))
    const sealed = body.subarray(21 + length)
    decipher.setAuthTag(sealed.subarray(-16))
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
    return plain.subarray(0, plain.lastIndexOf(2)).toString('utf8')
  }
}

/** RFC 8292: who sent it, and whether they signed. */
function readVapid(header: string) {
  const [, token = '', key = ''] = /^vapid t=([^,]+), k=(\S+)$/.exec(header) ?? []
  const [head = '', claims = '', signature = ''] = token.split('.')
  const { aud = '', sub = '' } = JSON.parse(bytesOf(claims).toString('utf8') || '{}') as { aud?: string, sub?: string }
  const point = bytesOf(key)
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') }, format: 'jwk' })
  return { audience: aud, subject: sub, isSigned: verify('sha256', Buffer.from(`${head}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytesOf(signature)) }
}
