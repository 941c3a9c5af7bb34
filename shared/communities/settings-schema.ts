import { z } from 'zod'
import { countBlanks } from '../reports/response-template.ts'
import { closedReasons, statuses } from '../reports/status.ts'
import { reportTermBounds } from '../trust/retention.ts'
import { localisedSchema, questionSchema } from './reference-data.ts'

/*
  /desk/settings: what a station says about itself and what can be reported to it. The database holds the same rules
  (supabase/migrations/20261123000205_settings_change.sql); tests/db/settings.test.ts compares both.
*/

export const settingSections = ['station', 'office', 'category', 'category_order', 'template', 'areas', 'ratings'] as const
export type SettingSection = typeof settingSections[number]

/** Who may change settings, and who may read what was changed. */
export const settingRoles = ['chief', 'admin'] as const
export const changeRoles = ['chief', 'admin', 'auditor'] as const

const words = (most: number) => z.string().trim().min(1, 'required').max(most)
const said = (most: number) => z.strictObject({ zh: words(most), en: words(most) })
/** What can be read and dialled, with an extension if need be. */
const phone = z.string().trim().regex(/^[+0-9][-0-9 ()./转]{1,39}$/, 'communities.settings.wrong.phone').regex(/\d{2}/, 'communities.settings.wrong.phone')
const emergencyNumber = z.string().trim().regex(/^\+?\d{2,15}$/, 'communities.settings.wrong.number')
const version = z.string().length(64)
const code = z.string().trim().regex(/^[a-z]+(_[a-z]+)*$/, 'communities.settings.wrong.code').max(40)

/** Names of time zones that both Node and the database know: the usual `Area/City`. */
const timeZone = z.string().refine((name) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  }
  catch {
    return false
  }
}, 'communities.settings.wrong.timeZone')

export const stationSettingSchema = z.strictObject({
  name: said(60), address: said(200).nullable(), phone: phone.nullable(), time_zone: timeZone,
  emergency_numbers: z.strictObject({ police: emergencyNumber, fire: emergencyNumber, medical: emergencyNumber, traffic: emergencyNumber }).nullable(),
  /** GB/T 35965.1: 14 digits that the authority gave. */
  alert_issuer: z.string().trim().regex(/^\d{14}$/, 'communities.settings.wrong.issuer').nullable().default(null),
})
export type StationSetting = z.infer<typeof stationSettingSchema>

const degrees = (most: number) => z.number().min(-most, 'number').max(most, 'number')
export const officeSettingSchema = z.strictObject({
  name: said(60), address: said(200), phone, reception_hours: said(300), lat: degrees(90).nullable(), lng: degrees(180).nullable(),
}).refine(({ lat, lng }) => (lat === null) === (lng === null), { path: ['lng'], message: 'communities.settings.wrong.half' })
export type OfficeSetting = z.infer<typeof officeSettingSchema>

/** The groups of the service list; their names are `reports.groups`. */
export const categoryGroups = ['property', 'people', 'neighbourhood', 'hazards', 'other'] as const

export const questionSettingSchema = z.strictObject({
  code, kind: questionSchema.shape.kind, label: said(200), hint: said(300).nullable(), is_required: z.boolean(),
  options: z.array(z.strictObject({ code, label: said(120) })).max(20, 'communities.settings.wrong.tooMany'),
}).superRefine(({ kind, options }, context) => {
  if ((kind === 'single' || kind === 'multi') !== (options.length > 0)) context.addIssue({ code: 'custom', path: ['options'], message: 'communities.settings.wrong.options' })
  if (new Set(options.map(option => option.code)).size !== options.length) context.addIssue({ code: 'custom', path: ['options'], message: 'communities.settings.wrong.twice' })
})
export type QuestionSetting = z.infer<typeof questionSettingSchema>

export const categorySettingSchema = z.strictObject({
  group: z.string().min(1).max(40), visibility: z.enum(['public', 'private']), urgency: z.enum(['normal', 'urgent']),
  name: said(60), description: said(120), guidance: said(2000),
  retention_days: z.number('number').int('number').min(reportTermBounds.leastDays, 'number').max(reportTermBounds.mostDays, 'number'),
  allows_device_draft: z.boolean(), is_active: z.boolean(),
  questions: z.array(questionSettingSchema).max(12, 'communities.settings.wrong.tooMany'),
}).superRefine(({ questions }, context) => {
  if (new Set(questions.map(question => question.code)).size !== questions.length) context.addIssue({ code: 'custom', path: ['questions'], message: 'communities.settings.wrong.twice' })
})
export type CategorySetting = z.infer<typeof categorySettingSchema>

const templateStatuses = [...statuses, 'message'] as const
export const templateSettingSchema = z.strictObject({
  category: z.string().max(40).nullable(), status: z.enum(templateStatuses), closed_reason: z.enum(closedReasons).nullable(), name: said(60), body: said(1000), position: z.number().int().min(0).max(100_000),
}).superRefine(({ status, closed_reason: reason, body }, context) => {
  if ((status === 'closed') !== (reason !== null)) context.addIssue({ code: 'custom', path: ['closed_reason'], message: 'choose' })
  const [zh, en] = [countBlanks(body.zh), countBlanks(body.en)]
  if (zh === undefined) context.addIssue({ code: 'custom', path: ['body', 'zh'], message: 'communities.settings.wrong.blank' })
  if (en === undefined) context.addIssue({ code: 'custom', path: ['body', 'en'], message: 'communities.settings.wrong.blank' })
  if (zh !== undefined && en !== undefined && zh !== en) context.addIssue({ code: 'custom', path: ['body', 'en'], message: 'communities.settings.wrong.blanks' })
})
export type TemplateSetting = z.infer<typeof templateSettingSchema>

/** When the monthly round of ratings opens, and for how many days: it ends within its month. */
export const ratingSettingSchema = z.strictObject({
  is_on: z.boolean(), opens_day: z.number('number').int('number').min(1, 'number').max(20, 'number'), days: z.number('number').int('number').min(7, 'number').max(28, 'number'),
}).refine(({ opens_day: opensDay, days }) => opensDay + days <= 29, { path: ['days'], message: 'communities.settings.wrong.month' })

/* What is sent. `version`: the state that the form was opened with. */
export const saveStationSchema = z.strictObject({ version, value: stationSettingSchema })
export const saveRatingsSchema = z.strictObject({ version, value: ratingSettingSchema })
export const saveOfficeSchema = z.strictObject({ version, community: z.string().min(1).max(60), value: officeSettingSchema.nullable() })
export const saveCategorySchema = z.strictObject({ version, code, isNew: z.boolean().default(false), newQuestions: z.array(code).max(12).default([]), value: categorySettingSchema })
export const orderCategoriesSchema = z.strictObject({ version, codes: z.array(z.string().max(40)).min(1).max(200) })
export const saveTemplateSchema = z.strictObject({ version, slug: z.string().trim().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'communities.settings.wrong.slug').max(60), isNew: z.boolean().default(false), value: templateSettingSchema.nullable() })

/* What is answered. Texts of the station as they stand: a demo's or an older one's may break a rule that came later. */
const may = { may_set: z.boolean(), may_set_terms: z.boolean() }
export const savedSettingSchema = z.object({ change: z.uuid().nullable(), version })
export type SavedSetting = z.infer<typeof savedSettingSchema>

export const stationSettingsSchema = z.object({
  ...may, version, defaultNumbers: z.record(z.string(), z.string()),
  value: z.object({ name: localisedSchema, address: localisedSchema.nullable(), phone: z.string().nullable(), time_zone: z.string(), emergency_numbers: z.object({ police: z.string(), fire: z.string(), medical: z.string(), traffic: z.string() }).nullable(), alert_issuer: z.string().nullable() }),
})
export type StationSettings = z.infer<typeof stationSettingsSchema>

const office = z.object({ name: localisedSchema, address: localisedSchema, phone: z.string(), reception_hours: localisedSchema, lat: z.number().nullable(), lng: z.number().nullable() })
export const officeSettingsSchema = z.object({ ...may, offices: z.array(z.object({ community: z.string(), community_name: localisedSchema, version, value: office.nullable() })) })
export type OfficeSettings = z.infer<typeof officeSettingsSchema>

const category = z.object({
  group: z.string(), visibility: z.enum(['public', 'private']), urgency: z.enum(['normal', 'urgent']), name: localisedSchema, description: localisedSchema, guidance: localisedSchema,
  retention_days: z.number(), allows_device_draft: z.boolean(), is_active: z.boolean(), questions: z.array(questionSchema),
})
export const categorySettingsSchema = z.object({
  ...may, order_version: version,
  categories: z.array(z.object({ code: z.string(), is_about_police: z.boolean(), version, value: category, former_questions: z.array(questionSchema) })),
})
export type CategorySettings = z.infer<typeof categorySettingsSchema>

export const templateSettingsSchema = z.object({
  ...may,
  templates: z.array(z.object({ slug: z.string(), version, value: z.object({ category: z.string().nullable(), status: z.enum(templateStatuses), closed_reason: z.enum(closedReasons).nullable(), name: localisedSchema, body: localisedSchema, position: z.number() }) })),
})
export type TemplateSettings = z.infer<typeof templateSettingsSchema>

export const ratingSettingsSchema = z.object({
  ...may, version, value: z.object({ is_on: z.boolean(), opens_day: z.number(), days: z.number() }),
  /** The end of the round that is open, which no change moves. */
  runs_until: z.string().nullable(),
})
export type RatingSettings = z.infer<typeof ratingSettingsSchema>

/** The state of nothing: what a form for something new was opened with. */
export const versionOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

export const settingChangeSchema = z.object({
  id: z.uuid(), number: z.number(), at: z.string(), by: localisedSchema.nullable(), section: z.enum(settingSections), item: z.string(), title: localisedSchema.nullable(),
  before: z.unknown(), after: z.unknown(), undoes: z.number().nullable(), undone_by: z.number().nullable(), may_undo: z.boolean(),
})
export type SettingChange = z.infer<typeof settingChangeSchema>
export const settingChangesSchema = z.object({ changes: z.array(settingChangeSchema), next_cursor: z.number().nullable() })
export const settingChangesQuerySchema = z.object({ cursor: z.coerce.number('number').int('number').optional() })
export const settingChangePathSchema = z.object({ id: z.uuid() })
