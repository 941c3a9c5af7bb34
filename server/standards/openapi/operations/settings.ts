import { checkImportSchema, importPlanSchema, saveImportSchema } from '#shared/communities/import-schema'
import {
  categorySettingsSchema, officeSettingsSchema, orderCategoriesSchema, ratingSettingsSchema, saveCategorySchema, savedSettingSchema, saveOfficeSchema, saveRatingsSchema, saveStationSchema, saveTemplateSchema, settingChangePathSchema, settingChangesQuerySchema, settingChangesSchema,
  stationSettingsSchema, templateSettingsSchema,
} from '#shared/communities/settings-schema'
import type { Operation } from '../operation.ts'

const settings = { noun: 'communities', access: 'desk' } as const
const read = { ...settings, method: 'get' } as const
const write = { ...settings, method: 'post' } as const
const path = '/api/desk/communities/settings'
const saved: Operation['answers'] = [{ status: 200, says: 'The change, null when it was so already, and the state from now on.', schema: savedSettingSchema }]

/** For chief and admin; each change is logged with what stood there before. */
export const settingOperations: readonly Operation[] = [
  { ...read, path: `${path}/station`, id: 'readStationSettings', summary: 'Names, address, phone, time zone and emergency numbers of my station', answers: [{ status: 200, says: 'As it stands.', schema: stationSettingsSchema }], errors: [] },
  { ...write, path: `${path}/station`, id: 'saveStation', summary: 'Changes them; `version` is the state that the form was opened with', body: saveStationSchema, answers: saved, errors: ['conflict', 'invalid_input'] },
  { ...read, path: `${path}/offices`, id: 'readOfficeSettings', summary: 'The police office of each community', answers: [{ status: 200, says: 'By community.', schema: officeSettingsSchema }], errors: [] },
  { ...write, path: `${path}/offices`, id: 'saveOffice', summary: 'Opens, changes or closes (null) the police office of a community', body: saveOfficeSchema, answers: saved, errors: ['conflict', 'invalid_input'] },
  { ...read, path: `${path}/categories`, id: 'readCategorySettings', summary: 'Kinds of matters with their questions, those that are off too', answers: [{ status: 200, says: 'In the order of the list.', schema: categorySettingsSchema }], errors: [] },
  { ...write, path: `${path}/categories`, id: 'saveCategory', summary: 'Makes or changes a kind of matter. Codes are never used again; the term is the chief\'s alone', body: saveCategorySchema, answers: saved, errors: ['conflict', 'invalid_input'] },
  { ...write, path: `${path}/categories/order`, id: 'orderCategories', summary: 'Puts the kinds of matters in order', body: orderCategoriesSchema, answers: saved, errors: ['conflict', 'invalid_input'] },
  { ...read, path: `${path}/templates`, id: 'readTemplateSettings', summary: 'Prepared sentences', answers: [{ status: 200, says: 'In the order of the list.', schema: templateSettingsSchema }], errors: [] },
  { ...write, path: `${path}/templates`, id: 'saveTemplate', summary: 'Makes, changes or removes (null) a prepared sentence', body: saveTemplateSchema, answers: saved, errors: ['conflict', 'invalid_input'] },
  { ...read, path: `${path}/ratings`, id: 'readRatingSettings', summary: 'When the monthly round of ratings opens, and for how many days', answers: [{ status: 200, says: 'As it stands; the round that is open keeps its end.', schema: ratingSettingsSchema }], errors: [] },
  { ...write, path: `${path}/ratings`, id: 'saveRatings', summary: 'Changes that from the next round on', body: saveRatingsSchema, answers: saved, errors: ['conflict', 'invalid_input'] },
  { ...read, path: `${path}/areas`, id: 'readAreas', summary: 'Communities and grids of my station', answers: [{ status: 200, says: 'As they stand.', schema: importPlanSchema }], errors: [] },
  { ...read, path: `${path}/areas/linli-areas.geojson`, id: 'exportAreas', summary: 'The same as the file that the import reads (docs/areas-format.md)', answers: [{ status: 200, says: 'GeoJSON (RFC 7946).', mediaTypes: ['application/geo+json'] }], errors: [] },
  { ...write, path: `${path}/areas/check`, id: 'checkImport', summary: 'What a file would make of communities and grids, and what is wrong with it; nothing is saved', body: checkImportSchema, answers: [{ status: 200, says: 'New, changed and gone, and problems with their place.', schema: importPlanSchema }], errors: [] },
  { ...write, path: `${path}/areas`, id: 'saveImport', summary: 'Saves a file that was checked, in one transaction. Grids in which reports lie are switched off, never deleted', body: saveImportSchema, answers: saved, errors: ['conflict', 'invalid_input'] },
  { ...read, path: `${path}/changes`, id: 'listSettingChanges', summary: 'Changes of settings with what stood there before and after; for the auditor too', query: settingChangesQuerySchema, answers: [{ status: 200, says: 'Newest first.', schema: settingChangesSchema }], errors: [] },
  { ...write, path: `${path}/changes/{id}/undo`, id: 'undoSetting', summary: 'Puts back what stood there before a change, as a change of its own', params: settingChangePathSchema, answers: saved, errors: ['conflict'] },
]
