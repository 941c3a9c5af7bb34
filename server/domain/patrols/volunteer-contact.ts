import { volunteerContactSchema, type VolunteerContact } from '#shared/patrols/patrol-schema'
import type { Services } from '../services.ts'
import { openText, sealText } from '../trust/envelope.ts'

const about = (userId: string) => `volunteer:${userId}`

/** Seals name, phone and emergency contact for one account: under the portal's own key, since they belong to no report. */
export function sealContact({ keys }: Pick<Services, 'keys'>, userId: string, contact: VolunteerContact): string {
  const { key, id } = keys.secret('outbox')
  return sealText(key, JSON.stringify(contact), about(userId), id)
}

/** Opens what `sealContact` made for the same account. */
export const openContact = ({ keys }: Pick<Services, 'keys'>, userId: string, sealed: string): VolunteerContact =>
  volunteerContactSchema.parse(JSON.parse(openText(keys.secret('outbox').key, sealed, about(userId))))
