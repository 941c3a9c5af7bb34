import type { SendFailure } from '../retry-policy.ts'

/** One mail as a channel gets it: opened, in words. Lives in memory only. */
export interface Mail {
  to: string
  subject: string
  body: string
  /** The same at every attempt: becomes the Message-ID. */
  key: string
  /** Takes one POST and ends the mails (RFC 8058); none for sign-in codes. */
  unsubscribeUrl?: string
}

/** A way out. `send` resolves when the other side has taken the mail over. @throws SendError */
export interface Channel {
  /** Kept with what was sent. */
  name: string
  send: (mail: Mail) => Promise<void>
  close: () => void
}

/** An attempt that failed, judged. Its message is our own word, never the server's. */
export class SendError extends Error {
  override name = 'SendError'
  readonly failure: SendFailure

  constructor(failure: SendFailure, options?: { cause?: unknown }) {
    super(failure.error, options)
    this.failure = failure
  }
}
