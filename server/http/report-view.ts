// The pages of one report: opened by a view session (reference and receipt were given) or by its signed-in owner.
import type { H3Event } from 'h3'
import { z } from 'zod'
import type { Locale } from '#shared/locales'
import { AppError } from '#shared/errors'
import { parseReference } from '#shared/reports/receipt'
import type { Access } from '#server/db/reports'
import { accessByOwner, accessByView } from '#server/domain/reports/access'
import { trackReport, type TrackedReport } from '#server/domain/reports/track-report'
import type { Services } from '#server/domain/services'
import { Redirect } from './page-data.ts'
import { limitsFor } from './rate-limits.ts'
import { viewCookie } from './report-cookies.ts'
import { optionalActor } from './require-actor.ts'

/** The address of a report: its reference as it is written. Anything else is no page. */
export const reportParams = z.object({ reference: z.string().refine(text => parseReference(text) === text) })

/** Every way this visitor may have into a report: the view session first, then their account. */
async function ways(event: H3Event, services: Services): Promise<Access[]> {
  const token = viewCookie.read(event)
  const actor = await optionalActor(event)
  return [...token ? [accessByView(services, token)] : [], ...actor ? [accessByOwner(services, actor)] : []]
}

/**
 * Does something with a report by the first way that opens it.
 * @throws AppError not_found when none does
 */
export async function withAccess<Answer>(event: H3Event, services: Services, run: (access: Access) => Promise<Answer>): Promise<Answer> {
  for (const access of await ways(event, services)) {
    try {
      return await run(access)
    }
    catch (thrown) {
      if (!(thrown instanceof AppError && thrown.code === 'not_found')) throw thrown
    }
  }
  throw new AppError('not_found')
}

/** A report for its page; who may not see it is asked for reference and receipt, whether there is such a report or not. */
export async function openTracked(event: H3Event, services: Services, reference: string, locale: Locale): Promise<TrackedReport | Redirect> {
  try {
    const tracked = await withAccess(event, services, access => trackReport(services, reference, access, limitsFor(event, services, 'report.guess')))
    const token = viewCookie.read(event)
    if (token && viewCookie.reference(event) === reference) viewCookie.write(event, reference, token) // thirty minutes from the last look
    return tracked
  }
  catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not_found') return new Redirect(trackPath(event, locale, reference))
    throw thrown
  }
}

/** Where reference and receipt are asked for: again, where this browser had that report open, or at all. */
export const trackPath = (event: H3Event, locale: Locale, reference: string) => `/${locale}/reports/track?reference=${reference}&${viewCookie.reference(event) === reference ? 'ended' : 'needed'}`
