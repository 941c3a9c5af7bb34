import { createTransport } from 'nodemailer'
import { judgeSmtpError } from '../retry-policy.ts'
import { SendError, type Channel } from './channel.ts'

export interface EmailSettings {
  /** `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. */
  smtpUrl: string
  /** The sender's address. */
  from: string
  /** Behind the @ of a Message-ID. */
  host: string
  maxConnections: number
  /** After so long an attempt has failed, whatever hangs. */
  limitMs: number
}

const loopback = ['127.0.0.1', '[::1]', 'localhost']

/**
 * Mail over SMTP, on connections that are kept. One send is one attempt: nothing is repeated here, or a mail could go out twice
 * without anybody knowing. Passwords and codes leave this machine under TLS only.
 */
export function emailChannel({ smtpUrl, from, host, maxConnections, limitMs }: EmailSettings): Channel {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl)
  const isSecure = protocol === 'smtps:'
  const transport = createTransport({
    pool: true, maxConnections, maxMessages: 500, maxRequeues: 0,
    host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (isSecure ? 465 : 587)), secure: isSecure,
    requireTLS: !isSecure && !loopback.includes(hostname), ignoreTLS: !isSecure && loopback.includes(hostname),
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: limitMs / 3, greetingTimeout: limitMs / 3, socketTimeout: limitMs, dnsTimeout: limitMs / 3,
    disableFileAccess: true, disableUrlAccess: true,
  })
  return {
    name: 'smtp',
    async send({ to, subject, body, key, unsubscribeUrl }) {
      try {
        await transport.sendMail({
          from, subject, text: body, messageId: `<${key}@${host}>`,
          // An object, so that a comma or a bracket in an address cannot make two of it.
          to: { name: '', address: to },
          envelope: { from, to },
          headers: {
            'Auto-Submitted': 'auto-generated',
            'X-Auto-Response-Suppress': 'All',
            ...(unsubscribeUrl && { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
          },
          signal: AbortSignal.timeout(limitMs),
        })
      }
      catch (cause) {
        throw new SendError(judgeSmtpError(factsOf(cause)), { cause })
      }
    },
    close: () => transport.close(),
  }
}

function factsOf(cause: unknown) {
  const found = (name: string): unknown => typeof cause === 'object' && cause !== null && name in cause ? cause[name as keyof typeof cause] : undefined
  const [code, command, responseCode] = [found('code'), found('command'), found('responseCode')]
  return { ...(typeof code === 'string' && { code }), ...(typeof command === 'string' && { command }), ...(typeof responseCode === 'number' && { responseCode }) }
}
