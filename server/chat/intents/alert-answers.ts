import { z } from 'zod'
import { responseKinds, type ResponseKind } from '#shared/alerts/responses'
import type { ShownAlert } from '#shared/alerts/alert-schema'
import { alertTime } from '#shared/alerts/alert-time'
import { text } from '#server/texts'
import { readPlace } from '../slots/read-place.ts'
import type { ChatWishes } from '../chat-ports.ts'
import type { Reply } from '../turn.ts'
import { aside, beginDialogue, type Context, type Intent, type Move } from './intent.ts'
import { beginReport } from './reports.ts'

/* Buttons under an alert in a messenger (server/outbox/messages/alerts.ts), and asking for alerts there. They work whatever else goes on in the chat. */

const answerPattern = new RegExp(`^al\\.(${[...responseKinds, 'tell'].join('|')}):(LLA-[0-9A-Z]{4}-[0-9A-Z]{4})$`)
/** Whoever asked for help and fell silent is not heard as asking for it hours later. */
const helpMs = 30 * 60_000
const helpSlotsSchema = z.object({ alert: z.string() })

/** What a button of ours about alerts comes to; undefined for all others, and where there is no chat to send to. */
export async function tapOnAlert(context: Context, choice: string): Promise<Move | undefined> {
  const { ports: { alertsHere }, conversation: { state } } = context
  if (!alertsHere || !choice.startsWith('al.')) return undefined
  switch (choice) {
    case 'al.subscribe': return aside(context, subscribed(context, await alertsHere.subscribe(context.locale), 'subscribed'))
    case 'al.subscribe.here': return aside(context, subscribed(context, await alertsHere.subscribe(context.locale, state.community), 'subscribed'))
    case 'al.stop': return aside(context, { replies: [{ text: context.say(await alertsHere.stop() ? 'alerts.stopped' : 'alerts.notSubscribed'), choices: [{ id: 'al.subscribe', label: context.say('alerts.subscribe') }] }] })
    case 'al.quiet.on':
    case 'al.quiet.off': return aside(context, subscribed(context, await alertsHere.setQuiet(choice === 'al.quiet.on')))
  }
  const [, kind, identifier = ''] = answerPattern.exec(choice) ?? []
  if (kind === 'tell') return tellWhatIsKnown(context, identifier)
  const given = responseKinds.find(known => known === kind)
  return given && aside(context, await answered(context, given, identifier))
}

function subscribed({ say }: Context, wishes: ChatWishes | undefined, done?: 'subscribed'): Move {
  if (!wishes) return { replies: [{ text: say('alerts.notSubscribed'), choices: [{ id: 'al.subscribe', label: say('alerts.subscribe') }] }] }
  const { link, quiet } = wishes
  const hours = quiet ? say(`alerts.hours.${quiet.orangePasses ? 'orange' : 'red'}`, { from: quiet.from, to: quiet.to }) : say('alerts.hours.none')
  return {
    replies: [{
      text: [...done ? [say(`alerts.${done}`)] : [], hours].join('\n'), link: { href: link, label: say('alerts.settings') },
      choices: [{ id: quiet ? 'al.quiet.off' : 'al.quiet.on', label: say(quiet ? 'alerts.wakeMe' : 'alerts.letMeSleep') }, { id: 'al.stop', label: say('alerts.stop') }],
    }],
  }
}

async function answered(context: Context, kind: ResponseKind, identifier: string): Promise<Move> {
  const { locale, ports, say } = context
  const { police } = await ports.emergencyNumbers()
  // In danger the number comes first, whatever becomes of the rest.
  const card: Reply[] = kind === 'help' ? [{ text: say('alerts.help.call'), card: { kind: 'emergency', danger: 'help', service: 'police', number: police } }] : []
  const outcome = await ports.alertsHere!.answer(identifier, { kind, locale })
  if (outcome.is === 'refused') return { replies: [...card, { text: text(locale, 'alerts.respond.refused', { police }) }] }
  const over = await isOver(context, outcome.alert)
  if (outcome.is === 'over') return { replies: over }
  if (kind === 'help') return helpMove(context, identifier, [...card, ...over.map(({ text: words }) => ({ text: words })), { text: text(locale, `alerts.respond.done.${outcome.hasDuty ? 'help' : 'helpAlone'}`, { police }) }])
  return { replies: [{ text: text(locale, `alerts.respond.done.${kind}`), ...(kind === 'know' && { choices: [{ id: `al.tell:${identifier}`, label: say('alerts.tell') }] }) }] }
}

/** That a message counts no more, with the way to the one that does. */
async function isOver({ locale, ports, say }: Context, { state, endedBy, identifier, expires }: ShownAlert): Promise<Reply[]> {
  if (state === 'current') return []
  const { station } = await ports.reference()
  const words = say(`alerts.over.${state}`, { time: alertTime(expires, station?.time_zone ?? 'Asia/Shanghai', locale) })
  return [{ text: words, link: { href: `${ports.publicUrl}/${locale}/alerts/${endedBy?.identifier ?? identifier}`, label: say(endedBy ? 'check.latest' : 'check.read') } }]
}

/** Asks where they are; while a person has the chat, that person hears it. */
function helpMove(context: Context, alert: string, replies: Reply[]): Move {
  const { conversation: { thread, state }, say, ports } = context
  if (thread && thread.state !== 'closed') return { replies }
  return {
    replies: [...replies, { text: say('alerts.help.where'), choices: [{ id: '.enough', label: say('alerts.help.enough') }] }, ...(state.dialogue?.intent === 'report' ? [{ text: say('dropped') }] : [])],
    dialogue: { ...beginDialogue(context, 'needHelp', 'text', { alert }), until: ports.now() + helpMs },
  }
}

/** After a call for help: what is written, and the place that is sent, goes to the officers at once. */
export const needHelp: Intent = {
  name: 'needHelp',
  commands: [],
  words: { zh: /(?!)/, en: /(?!)/ },
  start: async ({ say }) => ({ replies: [{ text: say('stale') }] }),
  async next(context, dialogue) {
    const { turn, say, ports, locale } = context
    const { alert } = helpSlotsSchema.parse(dialogue.slots)
    if (turn.choice === 'enough') return { dialogue: null, replies: [{ text: say('alerts.help.kept') }] }
    const words = turn.text ?? (turn.location && `${turn.location.lat}, ${turn.location.lng}`)
    const choices = [{ id: '.enough', label: say('alerts.help.enough') }]
    if (!words) return { dialogue, replies: [{ text: say('alerts.help.where'), choices }] }
    const community = turn.location ? await ports.communityAt(turn.location) : readPlace(words, locale, await ports.reference())?.community
    const outcome = await ports.alertsHere?.answer(alert, { kind: 'help', locale, text: words.slice(0, 2000), ...(community && { community }) })
    const { police } = await ports.emergencyNumbers()
    return { dialogue: { ...dialogue, until: ports.now() + helpMs }, replies: [{ text: outcome?.is === 'taken' ? say('alerts.help.passedOn') : text(locale, 'alerts.respond.refused', { police }), choices }] }
  },
}

/** A report that says which alert it is about. */
async function tellWhatIsKnown(context: Context, identifier: string): Promise<Move> {
  const { ports, conversation: { state, thread } } = context
  const alert = await ports.alertsHere?.find(identifier)
  // A person has the chat: what somebody knows is said to them.
  if (thread && thread.state !== 'closed') return { replies: [], dialogue: state.dialogue ?? null }
  const move = await beginReport(context, alert ? { alert: alert.identifier } : {})
  return state.dialogue?.intent === 'report' ? { ...move, replies: [{ text: context.say('dropped') }, ...move.replies] } : move
}

/** What somebody was forwarded and we did not publish, as a report: nothing is sent before they say so. */
export const sendForwarded = (context: Context, forwarded: string): Promise<Move> =>
  beginReport(context, { category: 'other', description: text(context.locale, 'alerts.check.forwarded', { text: forwarded }) })
