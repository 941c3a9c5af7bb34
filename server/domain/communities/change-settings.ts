import type { z } from 'zod'
import type { EmergencyNumbers } from '#shared/reports/emergency-numbers'
import type { CategorySettings, OfficeSettings, orderCategoriesSchema, RatingSettings, saveCategorySchema, SavedSetting, saveOfficeSchema, saveRatingsSchema, saveStationSchema, saveTemplateSchema, SettingChange, StationSettings, TemplateSettings } from '#shared/communities/settings-schema'
import { settingQueries } from '#server/db/settings'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'
import { forgetReferenceData } from './get-reference-data.ts'

/* The pages of /desk/settings. Chief and admin; a term of retention is the chief's alone. Every change is logged by the database. */

const without = <Answer extends { ok: true }>({ ok: _ok, ...answer }: Answer) => answer

/** @throws AppError forbidden */
export async function readStationSettings({ clients }: Services, actor: Actor, defaultNumbers: EmergencyNumbers): Promise<StationSettings> {
  return { ...without(await settingQueries(clients, actor).station()), defaultNumbers }
}

/** @throws AppError forbidden */
export const readOfficeSettings = async ({ clients }: Services, actor: Actor): Promise<OfficeSettings> => without(await settingQueries(clients, actor).offices())

/** When rounds of ratings open; and until when the one that is open stays as it is. @throws AppError forbidden */
export const readRatingSettings = async ({ clients }: Services, actor: Actor): Promise<RatingSettings> => without(await settingQueries(clients, actor).ratings())

/** All kinds of matters, those that are off too. @throws AppError forbidden */
export const readCategorySettings = async ({ clients }: Services, actor: Actor): Promise<CategorySettings> => without(await settingQueries(clients, actor).categories())

/** @throws AppError forbidden */
export const readTemplateSettings = async ({ clients }: Services, actor: Actor): Promise<TemplateSettings> => without(await settingQueries(clients, actor).templates())

/** Changes with what stood there before, newest first; for the auditor too. @throws AppError forbidden */
export const listSettingChanges = async ({ clients }: Services, actor: Actor, query: { cursor?: number | undefined }): Promise<{ changes: SettingChange[], next_cursor: number | null }> =>
  without(await settingQueries(clients, actor).changes(query))

type Write = Parameters<ReturnType<typeof settingQueries>['save']>[0]

/** Public pages of this portal show a change at once, those of others within a minute. */
async function save(services: Services, actor: Actor, write: Write): Promise<SavedSetting> {
  const saved = without(await settingQueries(services.clients, actor).save(write))
  forgetReferenceData(services)
  return saved
}

/** @throws AppError forbidden, conflict when somebody saved since, invalid_input */
export const saveStation = (services: Services, actor: Actor, { value, version }: z.infer<typeof saveStationSchema>): Promise<SavedSetting> =>
  save(services, actor, { section: 'station', item: 'station', value, version })

/** Holds from the next round on. @throws AppError forbidden, conflict, invalid_input */
export const saveRatings = (services: Services, actor: Actor, { value, version }: z.infer<typeof saveRatingsSchema>): Promise<SavedSetting> =>
  save(services, actor, { section: 'ratings', item: 'ratings', value, version })

/** The office of a community; null takes it away. @throws AppError forbidden, conflict, invalid_input */
export const saveOffice = (services: Services, actor: Actor, { community, value, version }: z.infer<typeof saveOfficeSchema>): Promise<SavedSetting> =>
  save(services, actor, { section: 'office', item: community, value, version })

/** @throws AppError forbidden (a term by others than the chief), conflict (a code that was used), invalid_input */
export const saveCategory = (services: Services, actor: Actor, { code, value, version, isNew, newQuestions }: z.infer<typeof saveCategorySchema>): Promise<SavedSetting> =>
  save(services, actor, { section: 'category', item: code, value, version, is_new: isNew, new_questions: newQuestions })

/** @throws AppError forbidden, conflict, invalid_input when a kind is missing */
export const orderCategories = (services: Services, actor: Actor, { codes, version }: z.infer<typeof orderCategoriesSchema>): Promise<SavedSetting> =>
  save(services, actor, { section: 'category_order', item: 'order', value: codes, version })

/** A prepared sentence; null takes it away. @throws AppError forbidden, conflict, invalid_input */
export const saveTemplate = (services: Services, actor: Actor, { slug, value, version, isNew }: z.infer<typeof saveTemplateSchema>): Promise<SavedSetting> =>
  save(services, actor, { section: 'template', item: slug, value, version, is_new: isNew })

/** Puts back what stood there before a change, as a change of its own. @throws AppError not_found, forbidden, conflict when it was changed since */
export async function undoSetting(services: Services, actor: Actor, change: string): Promise<SavedSetting> {
  const saved = without(await settingQueries(services.clients, actor).undo(change))
  forgetReferenceData(services)
  return saved
}
