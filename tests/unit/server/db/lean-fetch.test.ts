import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leanFetch } from '#server/db/lean-fetch'

let url = ''
const server = createServer((request, response) => answers[request.url ?? '']?.(request, response))
const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/echo': (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] })
      response.end(JSON.stringify({ method: request.method, length: request.headers['content-length'], key: request.headers.apikey, body: Buffer.concat(chunks).toString('utf8') }))
    })
  },
  '/none': (_request, response) => response.writeHead(204).end(),
  '/half': (_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half', () => response.destroy())
  },
  '/never': () => {},
}

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.closeAllConnections())

test('a call with a body arrives whole, and so does its answer', async () => {
  const answer = await leanFetch(`${url}/echo`, { method: 'POST', headers: new Headers({ apikey: 'k' }), body: '报案 🚲' })
  expect(answer.status).toBe(201)
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await answer.json()).toEqual({ method: 'POST', length: '11', key: 'k', body: '报案 🚲' })
})

test('an answer without a body is one', async () => {
  const answer = await leanFetch(new URL(`${url}/none`))
  expect(answer.status).toBe(204)
  expect(await answer.text()).toBe('')
})

test('an answer that breaks off, a server that is away and a call that is given up are errors', async () => {
  await expect(leanFetch(`${url}/half`)).rejects.toThrow()
  await expect(leanFetch('http://127.0.0.1:1/')).rejects.toThrow(/ECONNREFUSED/)
  await expect(leanFetch(`${url}/never`, { signal: AbortSignal.timeout(50) })).rejects.toThrow()
})

test('what is no text goes by the fetch of Node', async () => {
  const answer = await leanFetch(`${url}/echo`, { method: 'POST', body: new Uint8Array([104, 105]) })
  expect(await answer.json()).toMatchObject({ body: 'hi' })
})
