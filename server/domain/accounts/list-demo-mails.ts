import { z } from 'zod'
import { AppError } from '#shared/errors'
import type { Locale } from '#shared/locales'
import { demoQueries } from '#server/db/demo'
import type { Services } from '../services.ts'
import { aboutReport } from '../reports/report-content.ts'
import { openText } from '../trust/envelope.ts'

/** A mail as the outbox holds it, opened: what it says is resolved by whoever shows or sends it (RULES H1). */
export interface DemoMail {
  id: number
  createdAt: string
  template: string
  locale: Locale
  to: string
  params: Record<string, string>
  reference: string | null
  status: string
}

const paramsSchema = z.record(z.string(), z.coerce.string())

/** The newest mails of a demo station's outbox, so that a newcomer finds the code they were sent. @throws AppError not_found on any other station */
export async function listDemoMails(services: Services): Promise<DemoMail[]> {
  // The database asks its own mark too: a portal with a wrong setting shows nothing (RULES F1).
  if (!services.settings.isDemo) throw new AppError('not_found')
  const { key } = services.keys.secret('outbox')
  const { mails } = await demoQueries(services.clients).listMails()
  return mails.map(mail => ({
    id: mail.id, createdAt: mail.created_at, template: mail.template, locale: mail.locale, reference: mail.reference, status: mail.status,
    to: mail.recipient ?? (mail.recipient_sealed ? openText(key, mail.recipient_sealed, mail.template.startsWith('reports.') && mail.noun_id ? aboutReport(mail.noun_id, 'notify') : 'outbox:recipient') : ''),
    params: mail.params_sealed ? paramsSchema.parse(JSON.parse(openText(key, mail.params_sealed, 'outbox:params'))) : {},
  }))
}
