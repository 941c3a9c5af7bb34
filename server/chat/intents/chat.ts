import { readCategory } from '../slots/read-category.ts'
import { beginDialogue, type Context, type Intent, type Move } from './intent.ts'

/** What the assistant can do. */
export const help: Intent = {
  name: 'help',
  commands: ['help', 'start'],
  isAside: true,
  words: { zh: /^(?:帮助|菜单|你(?:能|会)(?:做|干)?(?:什么|啥)|你是谁|您好|你好|在吗|hi|hello)[。！!？?]*$/i, en: /^(?:help|menu|what can you do|who are you|hi|hello|hey|good (?:morning|afternoon|evening))[.!?]*$/i },
  start: async context => ({ replies: [menu(context, 'menu.text')] }),
}

/** The menu, after a sentence. */
export function menu({ say, conversation }: Context, key: string) {
  const names = ['report', 'track', 'officer', 'ask', 'person', ...(conversation.channel === 'telegram' ? ['language'] : [])]
  return { text: say(key), choices: names.map(name => ({ id: `start.${name}`, label: say(`menu.${name}`) })) }
}

/** Ends the chat: nothing of it stays. */
export const exit: Intent = {
  name: 'exit',
  commands: ['exit'],
  isAside: true,
  words: { zh: /^(?:退出|结束(?:聊天|对话)?|再见|拜拜)[。！!]?$/, en: /^(?:exit|quit|end (?:the )?chat|bye|goodbye)[.!]?$/i },
  start: async ({ say }) => ({ replies: [{ text: say('exit.done') }], dialogue: null, commands: [{ do: 'forget' }] }),
}

const passedTurns = 6

/** A person instead of the assistant. Before the hand-over the resident decides what is passed on. */
export const person: Intent = {
  name: 'person',
  commands: ['person'],
  words: {
    zh: /(?:转|找|要|叫|换|接)(?:个|一个)?(?:真)?人工?(?:客服|服务|工)?[。！!]?$|^人工(?:客服|服务)?[。]?$|(?:找|跟|和|想)(?:个|一个)?(?:真)?人(?:说(?:说|话)?|聊聊?|谈谈?|帮(?:帮|忙))|(?:和|跟|找)(?:真人|民警|警察|工作人员)(?:说|聊|讲|谈)/,
    en: /(?:talk|speak|chat) (?:to|with) (?:a |an |the )?(?:human|person|officer|real person|someone|somebody|agent|policeman|police)|^(?:human|a person|real person|agent)[.!?]?$/i,
  },
  start: async context => handOverQuestion(context),
  async next(context, dialogue) {
    const { turn, say, conversation } = context
    if (turn.choice !== 'pass' && turn.choice !== 'nothing') return { ...await handOverQuestion(context), dialogue, isNoAnswer: true }
    const hours = await context.ports.officeHours(context.locale)
    const community = (await context.ports.reference()).communities.find(({ slug }) => slug === conversation.state.community)?.id
    // RULES A6: then station leaders alone read it.
    const isAboutPolice = readCategory(conversation.state.question ?? '', context.locale) === 'about_police'
    return {
      dialogue: null,
      commands: [{ do: 'hand_over', id: dialogue.id, turns: turn.choice === 'pass' ? passedTurns : 0, ...(community && { community }), ...(isAboutPolice && { isAboutPolice }) }],
      replies: [{
        text: say(hours?.isOpen === false ? 'person.laterOn' : 'person.done'),
        card: { kind: 'handover', rows: hours ? [{ label: say('person.hours'), value: hours.hours }] : [] },
        choices: [{ id: 'leave', label: say('person.leave') }],
      }],
    }
  },
}

/** A few words beside the rating of a chat with a person: asked for by a choice, so that no later question is taken for them. */
export const rate: Intent = {
  name: 'rate',
  commands: [],
  words: { zh: /(?!)/, en: /(?!)/ },
  start: async context => ({ replies: [{ text: context.say('person.whichWord'), choices: [{ id: '.cancel', label: context.say('cancel') }] }], dialogue: beginDialogue(context, 'rate', 'text') }),
  async next({ turn, say, conversation, ports }, dialogue) {
    if (!turn.text) return { replies: [{ text: say('person.whichWord') }], dialogue }
    await ports.sayWhy(conversation.id, turn.text)
    return { replies: [{ text: say('person.wordKept') }], dialogue: null }
  },
}

/** Which turns may be passed on? */
export async function handOverQuestion(context: Context): Promise<Move> {
  const { say } = context
  return {
    replies: [{ text: say('person.which', { count: passedTurns }), choices: [{ id: '.pass', label: say('person.pass') }, { id: '.nothing', label: say('person.nothing') }, { id: '.cancel', label: say('cancel') }] }],
    dialogue: beginDialogue(context, 'person', 'turns'),
  }
}
