import { z } from 'zod'
import { stationAreasSchema, type StationAreas } from '#shared/communities/import-schema'
import { categorySettingsSchema, officeSettingsSchema, ratingSettingsSchema, savedSettingSchema, settingChangesSchema, stationSettingsSchema, templateSettingsSchema, type SettingSection } from '#shared/communities/settings-schema'
import { call, type Clients } from './clients.ts'

const done = z.object({ ok: z.literal(true) })
const saved = done.extend(savedSettingSchema.shape)

interface SettingWrite { section: Exclude<SettingSection, 'areas'>, item: string, value: unknown, version: string, is_new?: boolean, new_questions?: string[] }

const listSettingChangesAnswer = done.extend(settingChangesSchema.shape)

/** Settings at the desk, under the reader's own token; who may do what is decided by the database. */
export function settingQueries({ as }: Clients, { accessToken }: { accessToken: string }) {
  const own = as(accessToken)
  const read = <Answer>(section: SettingSection, answer: z.ZodType<Answer>) => call(own, 'read_settings', { p_section: section }, answer)
  return {
    station: () => read('station', done.extend(stationSettingsSchema.omit({ defaultNumbers: true }).shape)),
    offices: () => read('office', done.extend(officeSettingsSchema.shape)),
    categories: () => read('category', done.extend(categorySettingsSchema.shape)),
    ratings: () => read('ratings', done.extend(ratingSettingsSchema.shape)),
    templates: () => read('template', done.extend(templateSettingsSchema.shape)),
    areas: () => read('areas', done.extend({ may_set: z.boolean(), version: z.string(), value: stationAreasSchema, used: z.array(z.string()), foreign_slugs: z.array(z.string()) })),
    save: (write: SettingWrite) => call(own, 'save_setting', { p: write as never }, saved),
    undo: (change: string) => call(own, 'undo_setting', { p_change: change }, saved),
    changes: (query: { cursor?: number | undefined }) => call(own, 'list_setting_changes', { p: query as never }, listSettingChangesAnswer),
  }
}

/** Saves areas that were checked. With the secret key: what overlaps is judged by the portal alone. */
export function saveAreasRow({ server }: Clients, { userId, sessionId }: { userId: string, sessionId: string }, given: { value: StationAreas, version: string }) {
  return call(server, 'save_areas', { p: { ...given, actor: userId, session: sessionId } as never }, saved)
}
