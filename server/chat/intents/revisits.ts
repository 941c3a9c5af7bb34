import { AppError } from '#shared/errors'
import { openQuestion } from '#shared/revisits/tracked-revisit'
import { revisitAnswers } from '#shared/revisits/ladder'
import { beginDialogue, type Intent } from './intent.ts'
import { withOpened } from './reports.ts'

/** Answering a visit: satisfied, not satisfied, or unresolved, with a comment if wanted. */
export const answer: Intent = {
  name: 'answer',
  commands: ['answer'],
  words: { zh: /^(?:我?[要想]?)?(?:回答|答复|评价)?(?:这次)?回访[。]?$|^(?:不?满意)[。！!]?$/, en: /^(?:answer|reply to)(?: the| my)? ?(?:revisit|visit)[.]?$|^(?:not |un|dis)?satisfied[.!]?$/i },
  async start(context) {
    const { say, ports } = context
    return withOpened(context, async (handle) => {
      const asked = openQuestion((await ports.readReport(handle)).revisits)
      if (!asked) return { replies: [{ text: say('answer.nothing') }], dialogue: null }
      const { revisit, kind } = asked
      return {
        replies: [{ text: say(`answer.ask.${kind}`), choices: [...revisit.answers.map(each => ({ id: `.${each}`, label: say(`answer.answers.${each}`) })), { id: '.cancel', label: say('answer.later') }] }],
        dialogue: beginDialogue(context, 'answer', 'answer', { revisit: revisit.id, answers: revisit.answers }),
      }
    })
  },
  async next(context, dialogue) {
    const { turn, say, ports } = context
    const { slots } = dialogue
    const said = revisitAnswers.find(each => each === turn.choice || say(`answer.answers.${each}`) === turn.text?.trim())
    if (dialogue.step === 'answer') {
      if (!said) return { replies: [{ text: say('answer.choose'), choices: revisitAnswers.filter(each => Array.isArray(slots.answers) && slots.answers.includes(each)).map(each => ({ id: `.${each}`, label: say(`answer.answers.${each}`) })) }], dialogue }
      return { replies: [{ text: say(`answer.comment.${said}`), choices: [{ id: '.none', label: say('answer.noComment') }] }], dialogue: { ...dialogue, step: 'comment', slots: { ...slots, answer: said } } }
    }
    const kept = revisitAnswers.find(each => each === slots.answer)
    const revisit = typeof slots.revisit === 'string' ? slots.revisit : ''
    if (dialogue.step === 'comment') {
      const comment = turn.choice === 'none' ? undefined : turn.text?.trim()
      return {
        replies: [{ text: say('answer.check', { answer: say(`answer.answers.${kept ?? 'satisfied'}`), comment: comment ?? say('report.notGiven') }), choices: [{ id: '.send', label: say('answer.send') }, { id: '.change', label: say('report.change') }, { id: '.cancel', label: say('cancel') }] }],
        dialogue: { ...dialogue, step: 'check', slots: { ...slots, ...(comment && { comment }) } },
      }
    }
    if (turn.choice === 'change') {
      return { replies: [{ text: say('answer.choose'), choices: revisitAnswers.filter(each => Array.isArray(slots.answers) && slots.answers.includes(each)).map(each => ({ id: `.${each}`, label: say(`answer.answers.${each}`) })) }], dialogue: { ...dialogue, step: 'answer', slots: { revisit, answers: slots.answers } } }
    }
    if (turn.choice !== 'send' || !kept) return { replies: [{ text: say('report.wrong.check'), choices: [{ id: '.send', label: say('answer.send') }, { id: '.change', label: say('report.change') }, { id: '.cancel', label: say('cancel') }] }], dialogue }
    return withOpened(context, async (handle) => {
      try {
        await ports.answerRevisit(handle, revisit, { answer: kept, ...(typeof slots.comment === 'string' && { comment: slots.comment }) })
      }
      catch (thrown) {
        if (!(thrown instanceof AppError && thrown.code === 'forbidden')) throw thrown
        // Nothing is asked any more: by a repeat of this very answer, most of all.
        const isKept = (await ports.readReport(handle)).revisits.some(({ id, answer: given }) => id === revisit && given === kept)
        if (!isKept) return { replies: [{ text: say('answer.nothing') }], dialogue: null }
      }
      return { replies: [{ text: say(`answer.done.${kept}`) }], dialogue: null }
    })
  },
}
