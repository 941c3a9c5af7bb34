import { AppError } from '#shared/errors'
import type { CheckImport, ImportPlan, SaveImport } from '#shared/communities/import-schema'
import type { SavedSetting } from '#shared/communities/settings-schema'
import { planImport } from '#shared/communities/geometry/plan-import'
import { writeAreas } from '#shared/communities/geometry/write-areas'
import { saveAreasRow, settingQueries } from '#server/db/settings'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'
import { forgetReferenceData } from './get-reference-data.ts'

/** What a file would make of the station; nothing is saved. @throws AppError forbidden */
export async function checkImport({ clients }: Services, actor: Actor, given: CheckImport): Promise<ImportPlan> {
  const { plan, version } = await planOf(clients, actor, given)
  return { version, problems: plan.problems, communities: plan.communities, grids: plan.grids }
}

/** What the station has, on a map. @throws AppError forbidden */
export async function readAreas({ clients }: Services, actor: Actor): Promise<ImportPlan> {
  const { value, version } = await settingQueries(clients, actor).areas()
  return {
    version, problems: [],
    communities: value.communities.map(({ grids: _, ...community }) => ({ ...community, state: 'same' })),
    grids: value.communities.flatMap(({ slug, grids }) => grids.map(grid => ({ ...grid, community: slug, state: 'same' as const }))),
  }
}

/** The station's areas as the file that the import reads. @throws AppError forbidden */
export async function exportAreas({ clients }: Services, actor: Actor): Promise<ReturnType<typeof writeAreas>> {
  return writeAreas((await settingQueries(clients, actor).areas()).value)
}

/**
 * Saves what a file makes of the station, in one transaction. The file is judged again: what the browser was shown counts for nothing.
 * @throws AppError forbidden, conflict when the areas were changed since, invalid_input when there is an error or a warning that nobody looked at
 */
export async function saveImport(services: Services, actor: Actor, { hasLooked, version, ...given }: SaveImport): Promise<SavedSetting> {
  const { plan, version: now } = await planOf(services.clients, actor, given)
  if (now !== version) throw new AppError('conflict')
  if (plan.problems.some(({ isWarning }) => !isWarning || !hasLooked)) throw new AppError('invalid_input')
  const { change, version: saved } = await saveAreasRow(services.clients, actor, { value: plan.value, version })
  forgetReferenceData(services)
  return { change, version: saved }
}

async function planOf(clients: Services['clients'], actor: Actor, { text, replacesAll }: CheckImport) {
  const { may_set: maySet, value: areas, version, used, foreign_slugs: foreignSlugs } = await settingQueries(clients, actor).areas()
  if (!maySet) throw new AppError('forbidden')
  return { plan: planImport(text, { areas, used, foreignSlugs, replacesAll }), version }
}
