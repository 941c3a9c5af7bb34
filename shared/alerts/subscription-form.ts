import { z } from 'zod'
import type { Localised } from '../communities/reference-data.ts'
import { choices } from '../forms/fields.ts'
import { localeCodes } from '../locales.ts'
import { minutesOf } from '../messages/quiet-hours.ts'
import { alertColours, alertKinds } from './alert-words.ts'
import type { AlertWishes, ShownSubscription } from './subscription-schema.ts'

const hour = z.string().trim().refine(text => text === '' || minutesOf(text) !== undefined, 'time').default('')

/** Which alerts somebody wants, as the forms of pages send it. No hours: never quiet. */
export const wishesFields = {
  communities: choices(z.string().max(60)), grids: choices(z.uuid()), kinds: choices(z.enum(alertKinds)).pipe(z.array(z.enum(alertKinds)).min(1, 'choose')),
  minColour: z.enum(alertColours, 'choose'), language: z.enum(localeCodes, 'choose'), quietFrom: hour, quietTo: hour, orange: z.literal('yes').optional(),
}
type WishesInput = z.output<z.ZodObject<typeof wishesFields>>

/** The same as the use cases take it. */
export function wishesOf({ communities, grids, kinds, minColour, language, quietFrom, quietTo, orange }: WishesInput): AlertWishes {
  const hasHours = quietFrom !== '' && quietTo !== '' && quietFrom !== quietTo
  return { communities, grids, kinds, minColour, locale: language, quietHours: hasHours ? { from: quietFrom, to: quietTo, orangePasses: orange === 'yes' } : null }
}

export interface WishPlace { slug: string, name: Localised, grids: { id: string, name: Localised }[] }
interface Places { communities: WishPlace[] }

/** Communities with their grids, as the form offers them. */
export const wishPlaces = ({ communities }: { communities: readonly WishPlace[] }): WishPlace[] => communities.map(({ slug, name, grids }) => ({ slug, name, grids: grids.map(({ id, name }) => ({ id, name })) }))

/** `/alerts/subscribe` */
export interface SubscribePage extends Places {
  isPending: boolean
  /** The key by which push services know the station; null: it does not push. */
  pushKey: string | null
}

/** `/alerts/subscriptions/{token}` */
export interface SubscriptionPage extends Places { subscription: ShownSubscription, token: string, did: 'begun' | 'saved' | null }
