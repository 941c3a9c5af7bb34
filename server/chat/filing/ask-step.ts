import type { Question, ReferenceData } from '#shared/communities/reference-data'
import type { Choice } from '#shared/chat/reply'
import { contactModes } from '#shared/reports/report-schema'
import { dangerousToReach } from '#shared/reports/safe-contact'
import type { Context } from '../intents/intent.ts'
import type { Reply } from '../turn.ts'
import { categoryOf, elsewhere, type ReportSlots } from './report-slots.ts'
import { summaryRows } from './report-summary.ts'

/** The question of a step, with its choices. */
export function askStep(step: string, slots: ReportSlots, context: Context, reference: ReferenceData): Reply[] {
  const { say, locale, conversation } = context
  const category = categoryOf(slots, reference)
  if (step.startsWith('ask:')) {
    const question = category?.questions.find(({ code }) => code === step.slice(4))
    return question ? [askQuestion(question, slots, context, reference)] : []
  }
  switch (step) {
    case 'category': return [{ text: say('report.category'), choices: reference.categories.map(({ code, name }) => ({ id: `.${code}`, label: name[locale] })) }]
    case 'description': return [{ text: say(category?.code === dangerousToReach ? 'report.descriptionGently' : 'report.description') }]
    case 'place': return [{
      text: say(conversation.channel === 'telegram' ? 'report.placeOrLocation' : 'report.place'),
      choices: [...reference.communities.map(({ slug, name }) => ({ id: `.${slug}`, label: name[locale] })), { id: `.${elsewhere}`, label: say('report.elsewhere') }],
    }]
    case 'when': return [{ text: say('report.when'), choices: ['now', 'today', 'yesterday', 'unknown'].map(id => ({ id: `.${id}`, label: say(`report.times.${id}`) })) }]
    case 'files': return [{ text: say('report.files', { count: slots.files.length }), choices: [{ id: '.done', label: say(slots.files.length ? 'report.filesDone' : 'report.filesNone') }] }]
    case 'contact': return [{
      text: `${say('report.contact')}\n${contactModes.map(mode => say(`report.modes.${mode}Hint`)).join('\n')}`,
      choices: contactModes.map(mode => ({ id: `.${mode}`, label: say(`report.modes.${mode}`) })),
    }]
    case 'reach': return category?.code === dangerousToReach
      ? [{ text: say('report.reachSafely'), choices: [{ id: '.portal', label: say('report.portalOnly') }] }]
      : [{ text: say(slots.mode === 'named' ? 'report.reachNamed' : 'report.reach') }]
    case 'change': return [{ text: say('report.changeWhich'), choices: changeable(slots, context, reference) }]
    default: return [{
      text: `${say('report.check')}${conversation.channel === 'web' ? `\n${say('report.evidenceLater')}` : ''}`,
      card: { kind: 'summary', rows: summaryRows(slots, context, reference).map(({ label, value }) => ({ label, value })) },
      choices: [{ id: '.send', label: say('report.send') }, { id: '.change', label: say('report.change') }, { id: '.cancel', label: say('cancel') }],
    }]
  }
}

function askQuestion(question: Question, slots: ReportSlots, { say, locale }: Context, { communities }: ReferenceData): Reply {
  const text = [question.label[locale], question.hint?.[locale], question.kind === 'multi' ? say('report.several') : undefined].filter(Boolean).join('\n')
  const skips: Choice[] = question.is_required ? [] : [{ id: '.skip', label: say('report.skip') }, { id: '.skip_rest', label: say('report.skipRest') }]
  switch (question.kind) {
    case 'single': return { text, choices: [...question.options.map(option => ({ id: `.${option.code}`, label: option.label[locale] })), ...skips] }
    case 'multi': return {
      text, choices: [
        ...question.options.map(option => ({ id: `.${option.code}`, label: `${slots.ticked.includes(option.code) ? '✓ ' : ''}${option.label[locale]}` })),
        ...(slots.ticked.length ? [{ id: '.done', label: say('report.done') }] : []), ...skips,
      ],
    }
    case 'officer': {
      const officers = communities.flatMap(community => community.officers)
      return { text, choices: [...officers.filter((one, index) => officers.findIndex(other => other.id === one.id) === index).map(officer => ({ id: `.${officer.id}`, label: `${officer.name[locale]} ${officer.badge_number}` })), ...skips] }
    }
    default: return { text, ...(skips.length && { choices: skips }) }
  }
}

/** The lines of the check that can be changed. */
function changeable(slots: ReportSlots, context: Context, reference: ReferenceData): Choice[] {
  return [...summaryRows(slots, context, reference).map(({ step, label }) => ({ id: `.${step}`, label })), { id: '.back', label: context.say('report.nothingToChange') }]
}
