import type { PublishedAlert } from '#shared/alerts/published-alert'
import { AppError } from '#shared/errors'
import type { Locale } from '#shared/locales'
import { demoQueries } from '#server/db/demo'
import { findAlert } from '../alerts/find-alert.ts'
import { openMessage } from '../messages/open-message.ts'
import type { Services } from '../services.ts'

/** A mail as the outbox holds it, opened: what it says is resolved by whoever shows or sends it (RULES H1). */
export interface DemoMail {
  id: number
  createdAt: string
  template: string
  locale: Locale
  to: string
  params: Record<string, string>
  reference: string | null
  matters: number
  /** What it is about, where that is an alert. */
  alertIdentifier: string | null
  alert: PublishedAlert | undefined
  status: string
  /** Not before this: quiet hours hold it. */
  sendAfter: string
  /** The recipient's own page of settings. */
  settings?: string
}

/** The newest mails of a demo station's outbox, so that a newcomer finds the code they were sent. @throws AppError not_found on any other station */
export async function listDemoMails(services: Services): Promise<DemoMail[]> {
  // The database asks its own mark too: a portal with a wrong setting shows nothing (RULES F1).
  if (!services.settings.isDemo) throw new AppError('not_found')
  const { mails } = await demoQueries(services.clients).listMails()
  return Promise.all(mails.map(async (mail) => {
    const { to, params, links } = openMessage(services, mail)
    return {
      id: mail.id, createdAt: mail.created_at, template: mail.template, locale: mail.locale, reference: mail.reference, matters: mail.matters, status: mail.status, sendAfter: mail.send_after,
      to, params, alertIdentifier: mail.alert, alert: mail.subscription_id && mail.alert ? await findAlert(services, mail.alert) : undefined, ...(links && { settings: links.settings }),
    }
  }))
}
