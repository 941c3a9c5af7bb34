import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { request } from 'node:http'
import { createServer } from 'node:https'

/** Stands in front of a portal as nginx or Caddy would: ends TLS with a certificate of its own making, names the visitor's address. */
export async function openTlsProxy(port: number, portal: string): Promise<{ url: string, close: () => Promise<void> }> {
  const server = createServer(selfSigned(), (incoming, outgoing) => {
    // One test is many people: who says who they are is believed, as the proxy's word would be.
    const headers = { ...incoming.headers, 'x-forwarded-for': incoming.headers['x-forwarded-for'] ?? incoming.socket.remoteAddress }
    const onward = request(portal + (incoming.url ?? '/'), { method: incoming.method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `https://localhost:${port}`,
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}

/** DER: tag, length, content. @see ITU-T X.690 */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

/** A certificate for localhost, signed by its own key. Node makes keys but no certificates, and openssl is not everywhere. @see RFC 5280 §4.1 */
export function selfSigned(): { key: string, cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
  const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'))
  const name = sequence(der(0x31, sequence(Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('localhost')))))
  const time = (date: Date) => der(0x17, Buffer.from(`${date.toISOString().replace(/^\d\d|[-:T]|\..*$/g, '')}Z`))
  const hour = 3_600_000
  const validity = sequence(time(new Date(Date.now() - hour)), time(new Date(Date.now() + 24 * hour)))
  const alternativeName = sequence(Buffer.from('0603551d11', 'hex'), der(0x04, sequence(der(0x82, Buffer.from('localhost')))))
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)])
  const facts = sequence(der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, serial), ecdsaWithSha256, name, validity, name, publicKey.export({ type: 'spki', format: 'der' }), der(0xa3, sequence(alternativeName)))
  const certificate = sequence(facts, ecdsaWithSha256, der(0x03, Buffer.from([0]), sign('sha256', facts, privateKey)))
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n` }
}
