import { z } from 'zod'
import { locales } from '#shared/reports/report-schema'
import { call, type Clients } from './clients.ts'

const mails = z.object({
  ok: z.literal(true),
  mails: z.array(z.object({
    id: z.number(), created_at: z.string(), template: z.string(), noun: z.string(), noun_id: z.uuid().nullable(), reference: z.string().nullable(), locale: z.enum(locales),
    recipient_id: z.uuid().nullable(), recipient: z.string().nullable(), recipient_sealed: z.string().nullable(), params_sealed: z.string().nullable(), matters: z.number(), status: z.string(), send_after: z.string(),
    subscription_id: z.uuid().nullable(), alert: z.string().nullable(), handle_hash: z.string().nullable(), handle_sealed: z.string().nullable(), token_hash: z.string().nullable(), token_sealed: z.string().nullable(),
  })),
})

/** What only a demo station answers. */
export function demoQueries({ server }: Clients) {
  return {
    listMails: () => call(server, 'list_demo_mails', { p: {} }, mails),
  }
}
