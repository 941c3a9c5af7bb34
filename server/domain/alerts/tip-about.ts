import { categoryOfEvent } from '#shared/alerts/event-category'
import { shownHeadline, shownText } from '#shared/alerts/headline'
import { parseAlertIdentifier, shortCodeOf } from '#shared/alerts/identifier'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import type { ReferenceData } from '#shared/communities/reference-data'
import type { Locale } from '#shared/locales'
import type { AboutAlert } from '#shared/reports/step-pages'
import type { Services } from '../services.ts'
import { findAlert } from './find-alert.ts'

/** The alert that a tip is about, as it was typed or stands in an address; one that nobody knows is none. */
export async function alertOfTip(services: Services, typed: string | undefined): Promise<PublishedAlert | undefined> {
  const identifier = typed === undefined || typed.length > 60 ? undefined : parseAlertIdentifier(typed)
  return identifier === undefined ? undefined : findAlert(services, identifier)
}

/** How a form names it. */
export function aboutAlert(alert: PublishedAlert, locale: Locale): AboutAlert {
  return { identifier: alert.identifier, code: shortCodeOf(alert.identifier), headline: shownHeadline(alert, locale), locale: shownText(alert, locale).locale }
}

/** What a form may have chosen beforehand: the kind, and the place if the alert names one alone. Codes of grids, slugs of communities. */
export function suggestedBy({ event, communityIds, gridIds }: PublishedAlert, { communities, categories }: Pick<ReferenceData, 'communities' | 'categories'>): { category?: string, place?: string } {
  const category = categoryOfEvent(event.code)
  const touched = communities.filter(({ id }) => communityIds.includes(id))
  const [community] = touched
  const grid = gridIds.length === 1 ? community?.grids.find(({ id }) => id === gridIds[0]) : undefined
  return {
    ...category !== undefined && categories.some(({ code }) => code === category) && { category },
    ...touched.length === 1 && community && { place: grid?.code ?? community.slug },
  }
}
