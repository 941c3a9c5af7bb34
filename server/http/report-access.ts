import { getRequestHeader, type H3Event } from 'h3'
import { parseReference } from '#shared/reports/receipt'
import { accessByOwner, accessByReceipt } from '#server/domain/reports/access'
import type { Services } from '#server/domain/services'
import { optionalActor } from './require-actor.ts'

/**
 * How the sender of an API call comes to a report: the receipt in `x-receipt`, or the session of its owner. The receipt never
 * stands in an address (RULES C2). A wrong receipt, an unknown reference and no access at all answer alike.
 */
export async function apiReportAccess(event: H3Event, services: Services) {
  const receipt = getRequestHeader(event, 'x-receipt')
  if (receipt !== undefined) return accessByReceipt(services, receipt)
  const actor = await optionalActor(event)
  return actor ? accessByOwner(services, actor) : accessByReceipt(services, '')
}

/** The reference of an address as it is kept. What cannot be one is looked up all the same. */
export const referenceOf = (text: string): string => parseReference(text) ?? 'LL-0000-0000'
