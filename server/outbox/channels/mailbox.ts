import type { Channel } from './channel.ts'

/** A demo station sends nothing: its mails stay in the outbox, where /desk/mailbox shows them. */
export function mailbox(): Channel {
  return { name: 'mailbox', send: () => Promise.resolve(), close: () => undefined }
}
