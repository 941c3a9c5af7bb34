import type { Question, ReferenceData } from '#shared/communities/reference-data'
import { contactSchema, contactModes, textLimits } from '#shared/reports/report-schema'
import { dangerousToReach } from '#shared/reports/safe-contact'
import type { Context } from '../intents/intent.ts'
import { normalise } from '../retrieval/tokenize-cjk.ts'
import { readAmount } from '../slots/read-amount.ts'
import { readContact } from '../slots/read-contact.ts'
import { readPlace } from '../slots/read-place.ts'
import { readTime } from '../slots/read-time.ts'
import { asks, givesUp, isFiller, isNameless, isUnknown } from '../slots/read-wish.ts'
import { categoryOf, elsewhere, fill, readStory, type ReportSlots } from './report-slots.ts'

/** The slots with the answer to a step, or the key of what was wrong with it (`chat.report.wrong.<key>`). */
export type Taken = { slots: ReportSlots } | { wrong: string }

/** Puts the answer of a turn into its slot. A sentence that holds more than was asked fills more. */
export async function takeAnswer(step: string, slots: ReportSlots, context: Context, reference: ReferenceData): Promise<Taken> {
  const { turn: { text = '', choice, location, file }, locale, ports } = context
  const story = text ? readStory(text, locale, ports.now(), reference) : {}
  if (location && step !== 'place') return { slots: { ...slots, place: { ...slots.place, location, ...await placeAt(context) } } }
  if (file && step !== 'files') return { slots: await withFile(slots, context) }
  if (step.startsWith('ask:')) return takeQuestion(categoryOf(slots, reference)?.questions.find(({ code }) => code === step.slice(4)), slots, context)

  switch (step) {
    case 'category': {
      const named = reference.categories.find(({ code, name }) => code === choice || name[locale] === text.trim())?.code ?? story.category
      if (!named) return { wrong: 'category' }
      // Not the name of a category but what happened: that is the story.
      const told = choice === undefined && text.trim().length > 4 && !reference.categories.some(({ name }) => name[locale] === text.trim()) ? text.trim() : undefined
      return { slots: withCategory(fill({ ...slots, ...(told && { description: slots.description ?? told }) }, { ...story, category: slots.category ? undefined : named }), named) }
    }
    case 'description': return text.trim().length > 1 && !isFiller.test(text.trim()) && !(isUnknown.test(text) && text.trim().length < 12) ? { slots: fill({ ...slots, description: text.trim().slice(0, textLimits.description) }, story) } : { wrong: 'description' }
    case 'place': {
      if (location) return { slots: { ...slots, place: { ...slots.place, location, ...await placeAt(context) } } }
      const community = reference.communities.find(({ slug }) => slug === choice)?.slug
      if (community) return { slots: { ...slots, place: { ...slots.place, community } } }
      const read = text ? readPlace(text, locale, reference) : undefined
      if (!read && isNoFact(text)) return { wrong: 'place' }
      // Whatever was said about the place is kept as it was said; without a community the station finds out.
      if (choice === elsewhere || text) return { slots: { ...slots, place: { community: elsewhere, ...slots.place, ...read, ...(text && { address: text.trim().slice(0, textLimits.address) }) } } }
      return { wrong: 'place' }
    }
    case 'when': {
      const when = whenOf(context, reference)
      return when ? { slots: { ...slots, when } } : { wrong: 'when' }
    }
    case 'files': return choice === 'done' ? { slots: { ...slots, filesDone: true } } : file ? { slots: await withFile(slots, context) } : { wrong: 'files' }
    case 'contact': {
      const mode = contactModes.find(each => each === choice || context.say(`report.modes.${each}`) === text.trim()) ?? (isNameless.test(text) ? 'anonymous' : undefined)
      return mode ? { slots: { ...slots, mode, reach: undefined } } : { wrong: 'contact' }
    }
    case 'reach': return takeReach(slots, context)
    default: return { wrong: 'choice' }
  }
}

/** A question, the wish to stop, or "go on" says neither where nor when it was. */
const isNoFact = (text: string) => isFiller.test(text.trim()) || (!isUnknown.test(text) && (asks.test(text) || givesUp.test(text)))

/** Another kind of matter has other questions. */
function withCategory(slots: ReportSlots, category: string): ReportSlots {
  return slots.category === category ? slots : { ...slots, category, answers: {}, skipped: [], skipsRest: false, ticked: [] }
}

async function placeAt({ turn: { location }, ports }: Context) {
  const community = location && await ports.communityAt(location)
  return { community: community ?? elsewhere }
}

async function withFile(slots: ReportSlots, { turn: { file }, ports }: Context): Promise<ReportSlots> {
  if (!file || 'refused' in file) return slots
  const kept = await ports.keepFile(file)
  return { ...slots, files: [...slots.files.filter(({ sha256 }) => sha256 !== kept.sha256), kept] }
}

function whenOf({ turn: { text, choice }, ports, locale, say }: Context, { station }: ReferenceData): ReportSlots['when'] {
  if (choice === 'now') return { occurredAt: new Date(ports.now()).toISOString() }
  if (choice) return ['today', 'yesterday', 'unknown'].includes(choice) ? { occurredText: say(`report.times.${choice}`) } : undefined
  if (!text?.trim()) return undefined
  const read = readTime(text, locale, ports.now(), station?.time_zone ?? 'Asia/Shanghai')
  if (!read && isUnknown.test(text)) return { occurredText: say('report.times.unknown') }
  if (!read && isNoFact(text)) return undefined
  return read?.occurredAt ? { occurredAt: read.occurredAt } : { occurredText: read?.occurredText ?? text.trim().slice(0, textLimits.answer) }
}

function takeQuestion(question: Question | undefined, slots: ReportSlots, { turn: { text = '', choice }, locale }: Context): Taken {
  if (!question) return { wrong: 'choice' }
  const keep = (value: string | string[]): Taken => ({ slots: { ...slots, answers: { ...slots.answers, [question.code]: value }, ticked: [] } })
  if (choice === 'skip' && !question.is_required) return { slots: { ...slots, skipped: [...slots.skipped, question.code], ticked: [] } }
  if (choice === 'skip_rest' && !question.is_required) return { slots: { ...slots, skipped: [...slots.skipped, question.code], skipsRest: true, ticked: [] } }
  const option = question.options.find(({ code }) => code === choice)?.code ?? (text ? optionMeant(question, text, locale) : undefined)
  switch (question.kind) {
    case 'single': return option ? keep(option) : { wrong: 'choice' }
    case 'multi':
      if (choice === 'done' && slots.ticked.length) return keep(slots.ticked)
      return option ? { slots: { ...slots, ticked: slots.ticked.includes(option) ? slots.ticked.filter(each => each !== option) : [...slots.ticked, option] } } : { wrong: 'choice' }
    case 'number': {
      const amount = readAmount(text)
      return amount === undefined ? { wrong: 'number' } : keep(String(amount))
    }
    case 'officer': return choice ? keep(choice) : { wrong: 'choice' }
    default: return text.trim() ? keep(text.trim().slice(0, textLimits.answer)) : { wrong: 'text' }
  }
}

/** The one option that a few words begin with, or that begins with them; "I do not know" where that is an option. The check shows what was understood. */
function optionMeant({ options }: Question, text: string, locale: Context['locale']): string | undefined {
  const said = normalise(text).trim()
  const labels = options.map(({ code, label }) => ({ code, label: normalise(label[locale]) }))
  const exact = labels.find(({ label }) => label === said)
  if (exact) return exact.code
  if (isUnknown.test(text)) return options.find(({ code }) => code === 'unknown')?.code
  const begins = (whole: string, part: string) => whole.startsWith(part) && !/^[a-z]/.test(whole.slice(part.length)) && whole.length <= part.length + moreWords
  const near = labels.filter(({ label }) => begins(said, label) || (said.length >= 2 && begins(label, said)))
  return near.length === 1 ? near[0]?.code : undefined
}

/** Characters beside the words of an option: with more it says something else. */
const moreWords = 12

function takeReach(slots: ReportSlots, { turn: { text = '', choice } }: Context): Taken {
  if (slots.category === dangerousToReach) {
    if (choice === 'portal') return { slots: { ...slots, reach: {} } }
    return text.trim() ? { slots: { ...slots, reach: { ...pick(readContact(text)), safeContact: text.trim().slice(0, textLimits.answer) } } } : { wrong: 'reach' }
  }
  const read = pick(readContact(text))
  const isFine = contactSchema.safeParse({ mode: slots.mode ?? 'named', ...read }).success
  return isFine && (read.phone || read.email) ? { slots: { ...slots, reach: read } } : { wrong: 'reach' }
}

const pick = ({ name, phone, email }: ReturnType<typeof readContact>) => ({ ...(name && { name }), ...(phone && { phone }), ...(email && { email }) })
