import { randomUUID } from 'node:crypto'
import type { Locale } from '#shared/locales'
import type { Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { answerEvenly } from './answer-time.ts'
import { countAct } from './count-act.ts'
import type { Ticket } from './sign-in-ticket.ts'
import type { Visit } from './visit.ts'

interface Wish extends Pick<Ticket, 'email' | 'flow' | 'next' | 'community' | 'consents'> {
  locale: Locale
  limits: Limit[]
  /** Milliseconds. */
  now: number
}

/**
 * Mails a code, to known and unknown addresses alike, and answers with the ticket that has to come back with it. Each ticket
 * stands for one mail, so that guesses are bounded by ten for each mail.
 * @throws AppError rate_limited, unavailable
 */
export async function requestCode(services: Services, visit: Visit, { locale, limits, now, ...wish }: Wish): Promise<Ticket> {
  await countAct(services, limits)
  await answerEvenly(visit.sendCode(wish.email, `${services.settings.publicUrl}/${locale}/sign-in/code`))
  return { ...wish, codeId: randomUUID(), sentAt: now }
}
