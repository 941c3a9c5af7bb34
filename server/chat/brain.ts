/*
  What the assistant makes of a turn (PRODUCT §7), in this order, and the first that applies answers:
    1 danger        the emergency rules read every text; their card stands before whatever follows, and never instead of it
    2 a person      has the thread: the words go there, the bot is silent; buttons of a noun's own (`tap`) work all the same
    3 a dialogue    goes on; cancelling, a person, help and language are heard in its midst
    4 a command, a choice, a forwarded alert of ours, or words that mean an intent
    5 a story       of something that happened: a report begins with what it says
    6 a question    the knowledge base answers, offers, or says that it has nothing; twice in a row, and a person is offered
*/
import { text } from '#server/texts'
import type { ChatPorts } from './chat-ports.ts'
import type { Dialogue, DialogueState } from './dialogue-state.ts'
import { detectEmergency, type EmergencyFinding } from './emergency/detect-emergency.ts'
import { isStory, readStory } from './filing/report-slots.ts'
import { sendForwarded } from './intents/alert-answers.ts'
import { recogniseForwarded } from './intents/alerts.ts'
import { languageOf } from './intents/accounts.ts'
import { menu } from './intents/chat.ts'
import { intentNamed, intents } from './intents/intents.ts'
import type { Context, Intent, Move } from './intents/intent.ts'
import { answerQuestion, missed, showArticle } from './intents/knowledge.ts'
import { normalise } from './retrieval/tokenize-cjk.ts'
import { hideReceipts, readReference } from './slots/read-contact.ts'
import { asks, cancels, givesUp } from './slots/read-wish.ts'
import { turnTextMax, type Conversation, type Outcome, type Reply, type Turn } from './turn.ts'

interface Answer extends Move { intent: string }

/** Takes one turn of a conversation and says what it comes to. Nothing outside changes but by the ports. */
export async function takeTurn(given: Turn, conversation: Conversation, ports: ChatPorts): Promise<Outcome> {
  const { locale, state } = conversation
  const { turn: heard, isStale } = understand(given, state)
  const shown = heard.text === undefined ? undefined : hideReceipts(heard.text)
  const holdsReceipt = shown !== undefined && shown !== heard.text
  // Who follows a report says the receipt to us; whatever else goes on, and whoever else listens, does without.
  const mayHear = !holdsReceipt || /^\/track/i.test(heard.text ?? '') || (!isWithPerson(conversation) && (state.dialogue?.intent ?? 'track') === 'track')
  const turn = mayHear ? heard : { ...heard, text: shown }
  const { police } = await ports.emergencyNumbers()
  const context: Context = { turn, conversation, ports, locale, say: (key, params) => text(locale, `chat.${key}`, { police, ...params }) }
  const danger = turn.text ? detectEmergency(turn.text) : undefined

  const answer = isStale ? stale(context) : await think(context, danger !== undefined)
  const card = danger && await dangerCard(context, danger)
  return settle(conversation, { ...answer, ...(danger && { intent: 'emergency', confidence: 1 }), replies: [...card ? [card] : [], ...answer.replies], ...(holdsReceipt && { commands: [...(answer.commands ?? []).filter(command => command.do !== 'hide_words'), { do: 'hide_words' as const }] }) }, context)
}

/** A label or its number that was typed is the choice; a choice of a step that is over is stale. */
function understand(given: Turn, { offered, dialogue }: DialogueState): { turn: Turn, isStale: boolean } {
  const typed = given.text?.trim().slice(0, turnTextMax)
  const plain = typed === undefined ? undefined : normalise(typed)
  const meant = plain === undefined || given.choice !== undefined
    ? undefined
    : offered.find(({ label }) => normalise(label) === plain) ?? (/^\d{1,2}$/.test(plain) && offered.length > 1 && !dialogue?.step.startsWith('ask:') ? offered[Number(plain) - 1] : undefined)
  const choice = given.choice ?? meant?.id
  if (choice === undefined) return { turn: { ...given, ...(typed !== undefined && { text: typed }) }, isStale: false }
  const [name = '', mark] = choice.split('#')
  return { turn: { ...given, text: undefined, choice: name }, isStale: mark !== undefined && mark !== (dialogue && markOf(dialogue)) }
}

const isWithPerson = ({ thread }: Conversation) => thread !== undefined && thread.state !== 'closed'

const markOf = ({ id, step }: Dialogue) => `${id.slice(0, 6)}${step.split(':')[0]?.slice(0, 6)}`

async function think(context: Context, isDanger: boolean): Promise<Answer> {
  const { turn, conversation, say } = context
  const { state, thread } = conversation
  const tapped = turn.choice ? await tap(context, turn.choice) : undefined
  if (tapped) return tapped
  const said = turn.text ?? ''
  const command = /^\/([a-z]+)(?:@\w+)?(?:\s+([\s\S]*))?$/i.exec(said)
  const commanded = command && intents.find(intent => intent.commands.includes(command[1]?.toLowerCase() ?? ''))

  if (isWithPerson(conversation) && commanded?.name !== 'exit' && commanded?.name !== 'delete') return withPerson(context)
  const rating = thread?.state === 'closed' ? /^(?:rate\.)?([1-5])$/.exec(turn.choice ?? said) : undefined
  if (rating) return { intent: 'rate', replies: [{ text: say('person.rated'), choices: [{ id: 'start.rate', label: say('person.addWord') }] }], commands: [{ do: 'rate', rating: Number(rating[1]) }] }

  const dialogue = state.dialogue && (state.dialogue.until ?? Infinity) > context.ports.now() ? state.dialogue : undefined
  if (dialogue && (cancels.test(said) || turn.choice === 'cancel')) return cancelled(context, dialogue.intent)
  const language = turn.choice ? languageOf(turn.choice) : undefined
  if (language) return { intent: 'language', dialogue, replies: [], commands: [{ do: 'speak', locale: language }] }
  if (commanded) return begin(commanded, context, command?.[2]?.trim() ?? '')
  if (dialogue) {
    const aside = said.length <= 40 && !['text', 'description', 'comment'].includes(dialogue.step) ? intents.find(intent => (intent.isAside || intent.name === 'person') && intent.words[context.locale].test(said)) : undefined
    return aside ? begin(aside, context, '') : goOn(context, dialogue)
  }
  if (cancels.test(said)) return cancelled(context, 'help')
  if (turn.choice) return chosen(context, turn.choice)
  const forwarded = said && !turn.choice ? await recogniseForwarded(context, said) : undefined
  if (forwarded) return { intent: 'check', ...forwarded }
  if (isDanger) return { intent: 'emergency', remember: { question: said }, replies: [{ text: say('emergency.after'), choices: [{ id: 'start.report', label: say('menu.reportThis') }, { id: 'start.person', label: say('menu.person') }] }] }
  if (turn.file || turn.location) return turn.location ? begin(intentNamed('officer')!, context, '') : { intent: 'file', replies: [{ text: say('fallback.file'), choices: [{ id: 'start.report', label: say('menu.report') }, { id: 'start.track', label: say('menu.track') }] }] }
  if (!said) return { intent: 'help', replies: [menu(context, 'menu.text')] }

  const named = readReference(said)
  if ((named.reference && /\bLL/i.test(said)) || (named.receipt && hideReceipts(said) !== said)) return begin(intentNamed('track')!, context, said)
  const meant = said.length <= 60 ? intents.find(({ words }) => words[context.locale].test(said) || words.zh.test(said) || words.en.test(said)) : undefined
  if (meant) return begin(meant, context, meant.name === 'track' ? said : said.replace(/^(?:报案|反映情况)[，,：:]/, '') === said ? '' : said.replace(/^(?:报案|反映情况)[，,：:]/, ''))
  if (await isReport(context, said)) return { ...await begin(intentNamed('report')!, context, said), confidence: 0.9 }
  return question(context, said)
}

async function tap(context: Context, choice: string): Promise<Answer | undefined> {
  for (const intent of intents) {
    const move = await intent.tap?.(context, choice)
    if (move) return { intent: intent.name, ...move }
  }
  return undefined
}

/** A story that says what and when or where, and asks nothing. */
async function isReport({ locale, ports }: Context, said: string): Promise<boolean> {
  if (asks.test(said) || !isStory(said, locale)) return false
  const story = readStory(said, locale, ports.now(), await ports.reference())
  return story.category !== undefined && (story.when !== undefined || story.place?.community !== undefined)
}

async function begin(intent: Intent, context: Context, given: string): Promise<Answer> {
  const { dialogue } = context.conversation.state
  const move = await intent.start(context, given)
  if (intent.isAside) return { ...move, intent: intent.name, dialogue: move.dialogue === undefined ? dialogue ?? null : move.dialogue }
  return { ...move, intent: intent.name, replies: dialogue?.intent === 'report' ? [{ text: context.say('dropped') }, ...move.replies] : move.replies }
}

async function goOn(context: Context, dialogue: Dialogue): Promise<Answer> {
  const intent = intentNamed(dialogue.intent)
  if (!intent?.next) return { intent: 'help', dialogue: null, replies: [{ text: context.say('startedAnew') }, menu(context, 'menu.text')] }
  const move = await intent.next(context, dialogue)
  return move.isNoAnswer && context.turn.text ? noAnswer(context, intent, move, context.turn.text) : { intent: intent.name, ...move }
}

/** What does not answer a step: the wish to stop, or a question in between, after which the step is asked again; and always a way out. */
async function noAnswer(context: Context, intent: Intent, move: Move, said: string): Promise<Answer> {
  const { say, locale, ports } = context
  if (said.length <= 60 && givesUp.test(said)) return cancelled(context, intent.name)
  const meant = said.length <= 60 ? intents.find(({ name, words }) => name !== intent.name && (words[locale].test(said) || words.zh.test(said) || words.en.test(said))) : undefined
  if (meant) return begin(meant, context, meant.name === 'track' ? said : '')
  const wayOut = (replies: Reply[]) => replies.map((reply, at) => at === replies.length - 1 && !reply.choices?.some(({ id }) => id.endsWith('cancel')) ? { ...reply, choices: [...reply.choices ?? [], { id: 'cancel', label: say('cancel') }] } : reply)
  if (asks.test(said) && !/\d{4}/.test(said)) {
    const { decision, confidence, articles: [first] } = await (await ports.articles()).find(said, locale)
    if (decision === 'answer' && first) {
      const { replies: [answer] } = showArticle(context, first)
      // The question of the step stands last: without "that is no answer", for it was a good question.
      if (answer) return { ...move, intent: 'ask', article: first.slug, confidence, replies: [{ ...answer, choices: undefined }, ...wayOut(move.replies.slice(-1))] }
    }
  }
  return { intent: intent.name, ...move, replies: wayOut(move.replies) }
}

// A call for help was heard already: nothing takes it back.
const cancelled = (context: Context, intent: string): Answer => ({ intent: 'cancel', dialogue: null, replies: [intent === 'needHelp' ? { text: context.say('alerts.help.kept') } : menu(context, intent === 'report' ? 'cancelledReport' : 'cancelled')] })

async function chosen(context: Context, choice: string): Promise<Answer> {
  const { conversation: { state }, locale, ports } = context
  const [kind, name = ''] = [choice.split('.')[0], choice.slice(choice.indexOf('.') + 1)]
  if (choice === 'start.forward' && state.question) return { intent: 'report', ...await sendForwarded(context, state.question) }
  const intent = kind === 'start' ? intentNamed(name) : undefined
  if (intent) return begin(intent, context, intent.name === 'report' && state.question && isStory(state.question, locale) && !asks.test(state.question) ? state.question : '')
  const article = kind === 'article' ? (await ports.articles()).read(name, locale) : undefined
  if (article) return { intent: 'ask', confidence: 1, remember: { misses: 0 }, ...showArticle(context, article) }
  if (choice === 'none') return { intent: 'fallback', confidence: 0, remember: { misses: state.misses + 1 }, ...await missed(context, state.misses) }
  if (choice === 'kept') return { intent: 'report', replies: [menu(context, 'report.keptDone')] }
  if (kind === 'rate' || choice === 'leave') return { intent: 'help', replies: [menu(context, 'menu.text')] }
  return { intent: 'stale', replies: [menu(context, 'stale')] }
}

async function question(context: Context, said: string): Promise<Answer> {
  const move = await answerQuestion(context, said)
  return { ...move, intent: move.article ? 'ask' : move.dialogue ? 'person' : move.replies[0]?.choices?.some(({ id }) => id.startsWith('article.')) ? 'did_you_mean' : 'fallback' }
}

/** People have the thread: the bot passes on and is silent. */
function withPerson({ turn, say }: Context): Answer {
  if (turn.choice === 'leave' || /^(?:返回助手|回到助手|back to the assistant)[.。]?$/i.test(turn.text ?? '')) return { intent: 'person', dialogue: null, replies: [{ text: say('person.left') }], commands: [{ do: 'leave_thread' }] }
  if (turn.file) return { intent: 'person', replies: [{ text: say('person.noFiles') }] }
  const words = turn.text ?? (turn.location ? `${turn.location.lat}, ${turn.location.lng}` : undefined)
  return { intent: 'person', replies: [], ...(words && { commands: [{ do: 'tell_staff', text: words }] }) }
}

function stale(context: Context): Answer {
  const { dialogue } = context.conversation.state
  return { intent: 'stale', dialogue, replies: dialogue ? [{ text: context.say('staleStep') }] : [menu(context, 'stale')] }
}

async function dangerCard({ say, ports }: Context, { kind, service }: EmergencyFinding): Promise<Reply> {
  const number = (await ports.emergencyNumbers())[service]
  return { text: say('emergency.call', { number }), card: { kind: 'emergency', danger: kind, service, number } }
}

/** Choices that a page offers by itself: before the first word, while people have the thread, and after. */
function shownLabel({ say }: Context, choice: string): string | undefined {
  const [, kind, name = ''] = /^(start|rate|leave)(?:\.(\w+))?$/.exec(choice) ?? []
  if (kind === 'leave') return say('person.leave')
  if (kind === 'rate') return /^[1-5]$/.test(name) ? say(`telegram.stars.${name}`) : undefined
  return kind && ['report', 'track', 'officer', 'ask', 'person'].includes(name) ? say(`menu.${name}`) : undefined
}

/** The state after an answer; choices of the dialogue get its mark, so that an old button answers no newer question. */
function settle(conversation: Conversation, answer: Answer, context: Context): Outcome {
  const { state } = conversation
  const { replies, dialogue, remember, intent, article, confidence = 1, commands } = answer
  const isAsideOfThread = conversation.thread !== undefined && conversation.thread.state !== 'closed' && dialogue === undefined
  const next = isAsideOfThread ? state.dialogue : dialogue ?? undefined
  const spoken = commands?.find(command => command.do === 'speak')
  const marked = [...replies, ...(spoken ? [{ text: text(spoken.locale, 'chat.language.now') }] : [])].map((reply): Reply => reply.choices ? { ...reply, choices: reply.choices.map(({ id, label }) => ({ id: id.startsWith('.') ? `${id.slice(1)}#${next ? markOf(next) : ''}` : id, label })) } : reply)
  const { dialogue: _, ...rest } = state
  const offered = marked.flatMap(reply => reply.choices ?? [])
  const label = context.turn.choice === undefined ? undefined : state.offered.find(({ id }) => id.split('#')[0] === context.turn.choice)?.label ?? shownLabel(context, context.turn.choice)
  return {
    replies: marked, intent, confidence, ...(article && { article }), ...(commands && { commands }), ...(label && { said: label }),
    state: { ...rest, misses: 0, ...remember, offered: offered.length || intent !== 'stale' ? offered : state.offered, ...(next && { dialogue: next }) },
  }
}
