import { z } from 'zod'
import type { MapCommunity } from './draw-map.ts'
import type { DataTopic } from './open-data.ts'
import type { Figure, Figures, MonthRow } from './figures.ts'
import { localisedSchema, type Community, type Localised } from './reference-data.ts'

/** The list of communities: all of them on one map. */
export interface CommunitiesPage {
  station: { name: Localised, phone: string | null, address: Localised | null } | null
  communities: MapCommunity[]
  officers: { slug: string, names: Localised[] }[]
}

/** A solved case as the neighbours read it: the day, never the hour, and nobody in it. */
export const publicNoticeSchema = z.object({ id: z.uuid(), title: localisedSchema, body: localisedSchema, publishedOn: z.iso.date() })
export const publicNoticesSchema = z.object({ notices: z.array(publicNoticeSchema) })
export const communityPathSchema = z.object({ slug: z.string().regex(/^[a-z0-9-]{1,60}$/, 'invalid') })
export type PublicNotice = z.infer<typeof publicNoticeSchema>

/** One community: who looks after it, where and when to find them, its grids, what was promised and kept, what was solved. */
export interface CommunityPage {
  community: Pick<Community, 'slug' | 'name' | 'office' | 'grids' | 'boundary' | 'map'>
  officers: { name: Localised, badgeNumber: string, isStandIn: boolean }[]
  /** The newest month that is out, and the community's row of it. */
  month: { startsOn: string, row: MonthRow } | null
  notices: PublicNotice[]
  /** Reports of the newest month that is out, by kind; null where the community stands together with others. */
  received: { startsOn: string, base: number, kinds: { name: Localised, count: number }[] } | null
  /** What residents said of the officer in the newest round that is out. */
  rating: { month: string, satisfied: Figure } | null
  /** For so many days and more nothing was stolen: 7, 30 or 90; 0 is fewer. */
  daysWithout: number | null
  /** Days of the coming patrols. */
  patrols: string[]
}

/** Open data: what tables there are, and what was published when. */
export interface DataPage { releases: { topic: DataTopic, period: string, startsOn: string, releasedAt: string, survey: string | null }[] }

/** The station's public figures. */
export interface FiguresPage {
  figures: Figures
  communities: { slug: string, name: Localised }[]
}
