import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface SunkMail { to: string, messageId: string, text: string }
/** What the server does with one mail. Everything but `accept` happens before the mail is taken over. */
export type Fate = 'accept' | 'refuse_address' | 'busy_address' | 'refuse_text' | 'busy_text' | 'drop_at_address' | 'drop_in_text'

export interface SmtpSink {
  url: string
  accepted: SunkMail[]
  close: () => Promise<void>
}

/** A mail server on loopback that takes mails over or fails as planned. @param fateOf asked when the recipient is named */
export async function openSmtpSink(fateOf: (address: string) => Fate = () => 'accept'): Promise<SmtpSink> {
  const accepted: SunkMail[] = []
  const fates = new Map<string, Fate>()
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true, logger: false, closeTimeout: 500,
    onRcptTo({ address }, session, callback) {
      const fate = fateOf(address)
      fates.set(session.id, fate)
      if (fate === 'drop_at_address') return cut(session.id)
      if (fate === 'refuse_address') return callback(refusal(550))
      if (fate === 'busy_address') return callback(refusal(450))
      callback()
    },
    onData(stream, session, callback) {
      const fate = fates.get(session.id) ?? 'accept'
      const chunks: Buffer[] = []
      if (fate === 'drop_in_text') {
        stream.resume()
        return cut(session.id)
      }
      stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        if (fate === 'refuse_text') return callback(refusal(554))
        if (fate === 'busy_text') return callback(refusal(451))
        const text = Buffer.concat(chunks).toString('utf8')
        accepted.push({ to: session.envelope.rcptTo[0]?.address ?? '', messageId: /^message-id: *<([^>]+)>/im.exec(text)?.[1] ?? '', text })
        callback()
      })
    },
  })
  // A client that is killed resets its connection.
  server.on('error', () => undefined)
  const cut = (id: string) => {
    for (const connection of server.connections) if (connection.session.id === id) connection._socket.destroy()
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, accepted, close: () => new Promise(resolve => server.close(() => resolve())) }
}

const refusal = (responseCode: number) => Object.assign(new Error('as planned'), { responseCode })
