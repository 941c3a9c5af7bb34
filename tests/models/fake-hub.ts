import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'

/** What a file's answer is made of; a plan changes the next one. */
export type Plan = 'torn' | 'stalls half way' | 'cut half way' | 'wrong hash' | 'page of a captive portal' | 'missing'

/** Speaks as huggingface.co does: small files at once with Git's hash, large ones by a redirect that names SHA-256 and size, both in parts. */
export class FakeHub {
  readonly requests: { path: string, range?: string }[] = []
  readonly plans = new Map<string, Plan>()
  readonly commit = 'c0ffee'.padEnd(40, '0')
  readonly #files: Map<string, Buffer>
  readonly #server = createServer((request, response) => this.#answer(request.url ?? '', request.headers.range, response))
  url = ''

  constructor(files: Map<string, Buffer>) {
    this.#files = files
  }

  async start(): Promise<this> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (typeof address !== 'object' || !address) throw new Error('no port')
    this.url = `http://127.0.0.1:${address.port}`
    return this
  }

  stop() {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #answer(path: string, range: string | undefined, response: ServerResponse) {
    this.requests.push({ path, ...(range && { range }) })
    const [, wanted = ''] = /\/(?:resolve\/[^/]+|storage)\/(.*)$/.exec(path) ?? []
    const content = this.#files.get(wanted)
    const plan = this.plans.get(wanted)
    if (!content || plan === 'missing') return response.writeHead(404).end('Entry not found')
    if (plan === 'page of a captive portal') return response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please accept our terms</html>')
    const isLarge = wanted.endsWith('.onnx')
    if (isLarge && !path.startsWith('/storage/')) {
      const sha256 = plan === 'wrong hash' ? '0'.repeat(64) : createHash('sha256').update(content).digest('hex')
      return response.writeHead(302, { 'location': `/storage/${wanted}`, 'x-linked-etag': `"${sha256}"`, 'x-linked-size': content.length, 'x-repo-commit': this.commit, 'etag': '"of-the-redirect"' }).end()
    }
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    const part = content.subarray(from)
    const git = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
    response.writeHead(from ? 206 : 200, {
      'content-length': part.length, ...(from && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
      ...(isLarge ? { etag: '"multipart-7"' } : { 'etag': `W/"${git}"`, 'x-repo-commit': this.commit }),
    })
    if (plan === 'torn') return response.end(Buffer.alloc(part.length, 'x'))
    if (plan !== 'stalls half way' && plan !== 'cut half way') return response.end(part)
    response.write(part.subarray(0, Math.ceil(part.length / 2)), () => {
      if (plan === 'cut half way') response.destroy()
    })
    return response
  }
}
