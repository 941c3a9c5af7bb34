import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { endSlowSenders } from '#server/http/slow-senders'

const patience = { headersMs: 300, idleMs: 400, graceMs: 800, bytesPerSecond: 1000 }
const opened: (() => void)[] = []
afterEach(() => opened.splice(0).forEach(close => close()))

async function aServer(receive: (request: IncomingMessage) => Promise<void>) {
  const failed: string[] = []
  const server = createServer({ connectionsCheckingInterval: 100 }, (request, response) => {
    receive(request).then(() => response.end('thanks'), (error: NodeJS.ErrnoException) => failed.push(error.code ?? error.message))
  })
  endSlowSenders(server, patience)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  opened.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { failed, server, begin: (text: string) => begin(port, text) }
}

function begin(port: number, text: string) {
  const startedAt = performance.now()
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => { answer += String(chunk) }).on('error', () => undefined).write(text)
  const ended = new Promise<{ answer: string, afterMs: number }>(resolve => socket.once('close', () => resolve({ answer, afterMs: performance.now() - startedAt })))
  opened.push(() => socket.destroy())
  return { socket, ended, answer: () => answer }
}

const head = (length: number) => `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n`
const readAll = async (request: IncomingMessage) => {
  for await (const _ of request) { /* only to the end */ }
}

describe('a sender who', () => {
  it('stops in the middle of the headers is hung up on', async () => {
    const { begin } = await aServer(readAll)

    const { afterMs } = await begin('POST / HTTP/1.1\r\nhost: x\r\nx-slow: ').ended

    expect(afterMs).toBeLessThan(2_000)
  })

  it('stops in the middle of the body is told 408 and hung up on, and the handler hears of it', async () => {
    const { begin, failed } = await aServer(readAll)

    const { answer, afterMs } = await begin(`${head(100)}{"a"`).ended

    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(afterMs).toBeGreaterThan(300)
    expect(afterMs).toBeLessThan(2_000)
    expect(failed).toHaveLength(1)
  })

  it('lets a byte drip now and then is hung up on all the same', async () => {
    const { begin } = await aServer(readAll)
    const drip = begin(head(100_000))
    const timer = setInterval(() => drip.socket.writable && drip.socket.write('a'), 50)

    const { afterMs } = await drip.ended
    clearInterval(timer)

    expect(afterMs).toBeGreaterThan(700)
    expect(afterMs).toBeLessThan(3_000)
  })

  it('keeps a modest pace for long is listened to to the end', async () => {
    const { begin } = await aServer(readAll)
    const steady = begin(head(20 * 400))
    for (let part = 0; part < 20; part++) {
      await pause(150)
      steady.socket.write('a'.repeat(400))
    }

    await expect.poll(() => steady.answer(), { timeout: 2_000 }).toContain('thanks')
    expect(steady.answer()).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('waits for us is not blamed for it', async () => {
    const { begin } = await aServer(async (request) => {
      request.pause()
      await pause(2_500)
      await readAll(request)
    })
    const held = begin(`${head(500_000)}${'a'.repeat(500_000)}`)

    await expect.poll(() => held.answer(), { timeout: 5_000 }).toContain('thanks')
  })
})

describe('an honest upload', () => {
  it('of thirty megabytes has no end in time, and 1 Mbit/s is far above the slowest pace', async () => {
    const { server } = await aServer(readAll)
    const { patience: real } = await import('#server/http/slow-senders')

    expect(server.requestTimeout).toBe(0)
    expect(1_000_000 / 8 / real.bytesPerSecond).toBeGreaterThan(10)
    expect(real.idleMs).toBeGreaterThanOrEqual(20_000)
  })
})
