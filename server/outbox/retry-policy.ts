// When to try again, and when to give up. Pure: the loop in deliver.ts asks and does.

/** Why an attempt failed, in our own words: `smtp_450`, `dropped`. The server's words may hold an address and are not kept. */
export interface SendFailure {
  /** Whether this message will ever be taken. What is wrong with us (password, TLS, a server that is away) is never permanent. */
  isPermanent: boolean
  error: string
}

export interface RetryPolicy {
  /** Attempts before a message becomes a dead letter. */
  maxAttempts: number
  firstSeconds: number
  longestSeconds: number
}

/** Half a minute, then twice as long each time, six hours at most: fourteen attempts reach over a day and a half, a weekend's outage of a small server. */
export const retryPolicy: RetryPolicy = { maxAttempts: 14, firstSeconds: 30, longestSeconds: 6 * 3600 }

export type NextStep = { outcome: 'retry', error: string, after_seconds: number } | { outcome: 'dead', error: string }

/**
 * What follows a failed attempt.
 * @param attempts how many there were, this one included
 * @param random 0 to 1: the wait is between half of the step and the whole step, so that what failed together does not come back together
 */
export function afterFailure({ isPermanent, error }: SendFailure, attempts: number, random: number, { maxAttempts, firstSeconds, longestSeconds }: RetryPolicy = retryPolicy): NextStep {
  if (isPermanent || attempts >= maxAttempts) return { outcome: 'dead', error }
  const step = Math.min(longestSeconds, firstSeconds * 2 ** Math.max(0, attempts - 1))
  return { outcome: 'retry', error, after_seconds: step * (0.5 + random / 2) }
}

/** What nodemailer says about a failure. */
export interface SmtpError { code?: string, responseCode?: number, command?: string }

const words: Record<string, string> = { EAUTH: 'sign_in', ETLS: 'tls', EDNS: 'name', ETIMEDOUT: 'timeout', ECONNECTION: 'dropped', ESOCKET: 'dropped', ECONNREFUSED: 'refused', ECONNRESET: 'dropped', EABORT: 'timeout', EPROTOCOL: 'protocol', EREQUIRETLS: 'tls' }
/** Commands whose answer is about this message. CONN, EHLO, AUTH and MAIL FROM, which names the same sender every time, are about us. */
const aboutMessage = /^(RCPT TO|DATA)/i

/** Permanent is only a 5xx to this message itself (RFC 5321 §4.2.1); 4xx, a connection that drops and all that is wrong with us is temporary. */
export function judgeSmtpError({ code = '', responseCode, command = '' }: SmtpError): SendFailure {
  const isAboutMessage = aboutMessage.test(command) && code !== 'EAUTH' && code !== 'ETLS'
  // 421 closes the connection whatever was asked; 552 was once written for a full letter box, which empties (RFC 5321 §4.5.3.1.10).
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 600) return { isPermanent: isAboutMessage && responseCode >= 500 && responseCode !== 552, error: `smtp_${responseCode}` }
  // An address that nodemailer cannot write into a command will not become one.
  if (code === 'EENVELOPE') return { isPermanent: true, error: 'address' }
  return { isPermanent: false, error: words[code] ?? 'unknown' }
}
