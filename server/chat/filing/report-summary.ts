import type { Question, ReferenceData } from '#shared/communities/reference-data'
import { instantInWords } from '#shared/reports/wall-time'
import type { Context } from '../intents/intent.ts'
import { categoryOf, type ReportSlots } from './report-slots.ts'

/** Every line of the check with the step that changes it. What was not given says so. */
export function summaryRows(slots: ReportSlots, { say, locale, conversation }: Context, reference: ReferenceData): { step: string, label: string, value: string }[] {
  const category = categoryOf(slots, reference)
  const none = say('report.notGiven')
  const community = reference.communities.find(({ slug }) => slug === slots.place?.community)
  const grid = community?.grids.find(({ code }) => code === slots.place?.grid)
  const place = [community?.name[locale], grid?.name[locale], slots.place?.address, slots.place?.location && say('report.pointGiven')].filter(Boolean).join(locale === 'zh' ? '，' : ', ')
  const when = slots.when?.occurredText ?? (slots.when?.occurredAt && instantInWords(slots.when.occurredAt, reference.station?.time_zone ?? 'Asia/Shanghai', locale))
  const reach = slots.reach && Object.values(slots.reach).filter(Boolean).join(locale === 'zh' ? '，' : ', ')
  return [
    { step: 'category', label: say('report.lines.category'), value: category?.name[locale] ?? none },
    { step: 'description', label: say('report.lines.description'), value: slots.description ?? none },
    { step: 'place', label: say('report.lines.place'), value: place || none },
    { step: 'when', label: say('report.lines.when'), value: when || none },
    ...(category?.questions ?? []).filter(({ code }) => slots.answers[code] !== undefined || slots.skipped.includes(code))
      .map(question => ({ step: `ask:${question.code}`, label: question.label[locale], value: answerInWords(question, slots, locale, reference) || none })),
    ...(conversation.channel === 'telegram' ? [{ step: 'files', label: say('report.lines.files'), value: slots.files.length ? say('report.fileCount', { count: slots.files.length }) : none }] : []),
    { step: 'contact', label: say('report.lines.contact'), value: slots.mode ? say(`report.modes.${slots.mode}`) : none },
    ...(slots.mode && slots.mode !== 'anonymous' && reach ? [{ step: 'reach', label: say('report.lines.reach'), value: reach }] : []),
  ]
}

function answerInWords(question: Question, { answers }: ReportSlots, locale: Context['locale'], { communities }: ReferenceData): string {
  const given = [answers[question.code] ?? []].flat()
  return given.map(value => question.options.find(({ code }) => code === value)?.label[locale]
    ?? (question.kind === 'officer' ? communities.flatMap(({ officers }) => officers).find(({ id }) => id === value)?.name[locale] : undefined) ?? value).join(locale === 'zh' ? '、' : ', ')
}
