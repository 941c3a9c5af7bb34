import { z } from 'zod'
import { locales } from '#shared/reports/report-schema'
import { mailLevels, type MailSettings, type MailSubject } from '#shared/messages/mail-settings'
import type { MessageStatus } from '#shared/messages/desk-messages'
import { call, type Clients } from './clients.ts'

const done = z.object({ ok: z.literal(true) })
const settings = done.extend({ reference: z.string().nullable(), level: z.enum(mailLevels), quiet_from: z.string(), quiet_to: z.string(), has_duty: z.boolean() })

/** What an account, or the sender of one report, wants to be mailed. */
export function mailSettingsQueries({ server }: Clients, { kind, id }: MailSubject) {
  const subject = { [kind]: id }
  return {
    read: () => call(server, 'get_mail_settings', { p: subject }, settings),
    save: ({ level, quiet }: MailSettings | Pick<MailSettings, 'level'> & { quiet?: undefined }) =>
      call(server, 'save_mail_settings', { p: { ...subject, level, ...(quiet && { quiet_from: quiet.from, quiet_to: quiet.to }) } }, done),
  }
}

const messageRow = z.object({
  id: z.number(), created_at: z.string(), template: z.string(), reference: z.string().nullable(), locale: z.enum(locales), recipient: z.string().nullable(),
  attempts: z.number(), error: z.string().nullable(), settled_at: z.string().nullable(), send_after: z.string().nullable(), can_resend: z.boolean(),
})

const listMessagesAnswer = done.extend({
  counts: z.object({ dead: z.number(), queued: z.number() }), messages: z.array(messageRow), next_cursor: z.number().nullable(),
})
const resendMessagesAnswer = done.extend({ resent: z.number() })

/** Messages as lead and chief may know them, under their own token. */
export function deskMessageQueries({ as }: Clients, { accessToken }: { accessToken: string }) {
  const own = as(accessToken)
  return {
    list: (filter: { status: MessageStatus, cursor?: string, limit: number }) => call(own, 'list_messages', { p: filter }, listMessagesAnswer),
    resend: (ids: number[]) => call(own, 'resend_messages', { p_ids: ids }, resendMessagesAnswer),
  }
}
