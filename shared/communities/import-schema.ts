import { z } from 'zod'
import { areaSchema, localisedSchema } from './reference-data.ts'

/* What the import of communities and grids says before anything is saved. The file itself: docs/areas-format.md. */

/** A file may weigh this much; a village-sized station needs a hundredth of it. */
export const importLimits = { bytes: 2_000_000, communities: 60, grids: 600, pointsAnArea: 3000, points: 40_000 } as const

/** What makes a file unfit. */
export const importErrors = [
  'not_json', 'not_collection', 'too_heavy', 'too_many_features', 'too_many_points', 'wrong_crs', 'nothing_found',
  'not_a_feature', 'unknown_kind', 'not_an_area', 'bad_ring', 'not_degrees', 'swapped', 'bad_slug', 'foreign_slug', 'bad_code', 'name_missing', 'name_too_long', 'double_community', 'double_code', 'community_missing', 'no_grids',
  'crosses_itself', 'tangled', 'too_involved', 'too_small', 'too_large', 'grids_overlap', 'outside_community', 'communities_overlap',
] as const
/** What somebody has to have looked at. */
export const importWarnings = ['name_untranslated', 'gap', 'hole', 'large', 'grid_moved', 'far_away'] as const
export type ImportProblemCode = typeof importErrors[number] | typeof importWarnings[number]

export const importProblemSchema = z.object({
  code: z.enum([...importErrors, ...importWarnings]),
  /** A warning may be saved once it was looked at. */
  isWarning: z.boolean(),
  /** What the sentence needs: names and codes of the file, numbers. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  at: z.object({ lat: z.number(), lng: z.number() }).nullable(),
  area: areaSchema.nullable(),
})
export type ImportProblem = z.infer<typeof importProblemSchema>

export const areaStates = ['new', 'changed', 'same', 'removed', 'retired'] as const
export type AreaState = typeof areaStates[number]

export const plannedGridSchema = z.object({ community: z.string(), code: z.string(), name: localisedSchema, boundary: areaSchema, lat: z.number(), lng: z.number(), state: z.enum(areaStates) })
export type PlannedGrid = z.infer<typeof plannedGridSchema>
export const plannedCommunitySchema = z.object({ slug: z.string(), name: localisedSchema, boundary: areaSchema, state: z.enum(areaStates) })

/** All communities and grids of the station, as they would be, and what was there and goes. */
export const importPlanSchema = z.object({
  problems: z.array(importProblemSchema), communities: z.array(plannedCommunitySchema), grids: z.array(plannedGridSchema),
  /** State of the station that the plan was made for. */
  version: z.string(),
})
export type ImportPlan = z.infer<typeof importPlanSchema>

/** What a station has, as it is saved: `setting_of(…, 'areas')`. */
export const stationAreasSchema = z.object({
  communities: z.array(z.object({
    slug: z.string(), name: localisedSchema, boundary: areaSchema,
    grids: z.array(z.object({ code: z.string(), name: localisedSchema, boundary: areaSchema, lat: z.number(), lng: z.number() })),
  })),
})
export type StationAreas = z.infer<typeof stationAreasSchema>

export const checkImportSchema = z.object({
  text: z.string().max(importLimits.bytes + 1),
  /** Communities that the file does not name are switched off; otherwise they stay. */
  replacesAll: z.boolean().default(false),
})
export type CheckImport = z.infer<typeof checkImportSchema>
export const saveImportSchema = checkImportSchema.extend({ version: z.string().length(64), hasLooked: z.boolean().default(false) })
export type SaveImport = z.infer<typeof saveImportSchema>
