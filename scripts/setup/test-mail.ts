import { randomUUID } from 'node:crypto'
import { readConfig } from '#server/config'
import { emailChannel } from '../../server/outbox/channels/email.ts'
import { SendError } from '../../server/outbox/channels/channel.ts'
import { text } from '../../server/texts.ts'
import { Sentence } from '../bootstrap/sentence.mjs'

const limitMs = 30_000

/** Sends one mail as the station will send all of them. @throws Sentence when the mail server does not take it */
export async function sendTestMail(environment: NodeJS.ProcessEnv, to: string, locale: 'zh' | 'en'): Promise<void> {
  const { smtpUrl, mailFrom, publicUrl } = readConfig(environment)
  const channel = emailChannel({ smtpUrl: smtpUrl ?? '', from: mailFrom, host: new URL(publicUrl).hostname, maxConnections: 1, limitMs })
  try {
    await channel.send({ to, key: `set-up-${randomUUID()}`, subject: text(locale, 'messages.setUp.subject'), body: text(locale, 'messages.setUp.body', { link: publicUrl }) })
  }
  catch (cause) {
    // What the server said may hold addresses; our own word for it does not.
    throw new Sentence(`The mail server did not take the test mail (${cause instanceof SendError ? cause.message : 'unknown'}); the station stands, check SMTP_URL and MAIL_FROM.`, { cause })
  }
  finally {
    channel.close()
  }
}
