import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

const mailSchema = z.object({
  user: z.object({ id: z.uuid().optional(), email: z.string(), user_metadata: z.unknown() }),
  email_data: z.object({ token: z.string(), token_hash: z.string(), email_action_type: z.string(), redirect_to: z.string(), site_url: z.string() }),
})
export type Mail = z.infer<typeof mailSchema>
export type Received = { mail: Mail, text: string, headers: http.IncomingHttpHeaders }

/** Stands in for the portal's mail hook: keeps what it gets, or answers with another status. */
export async function openMailSink() {
  const received: Received[] = []
  let status = 200
  const server = http.createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8')
      received.push({ mail: mailSchema.parse(JSON.parse(text)), text, headers: incoming.headers })
      outgoing.writeHead(status).end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}/api/hooks/send-email`,
    received,
    answerWith(next: number) { status = next },
    /** The newest mail to an address, once there are as many. */
    async mailTo(email: string, count = 1): Promise<Received> {
      for (let waited = 0; waited < 10_000; waited += 20) {
        const own = received.filter(({ mail }) => mail.user.email === email)
        const newest = own.at(-1)
        if (own.length >= count && newest) return newest
        await new Promise(resolve => setTimeout(resolve, 20))
      }
      throw new Error(`no mail came (${received.length} to others)`)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
