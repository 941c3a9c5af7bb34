import type { CheckedMessage } from '#shared/alerts/check-page'
import { alertTime } from '#shared/alerts/alert-time'
import { shownHeadline } from '#shared/alerts/headline'
import { shortCodeOf } from '#shared/alerts/identifier'
import { text } from '#server/texts'
import { tapOnAlert } from './alert-answers.ts'
import { readPlace } from '../slots/read-place.ts'
import { beginDialogue, type Context, type Intent, type Move } from './intent.ts'

const mostShown = 4

/** What counts now, in the community that was named before or everywhere. */
export const alerts: Intent = {
  name: 'alerts',
  commands: ['alerts'],
  words: {
    zh: /^(?:我?(?:身边|附近|社区|这里)的?)?(?:现在)?有?(?:什么|哪些)?预警(?:信息|提醒)?(?:有哪些|吗)?[。？?]?$/,
    en: /^(?:show (?:me )?|any |what )?(?:current )?alerts?(?: are there)?(?: near me| now| here)?[.?]?$/i,
  },
  start: async context => list(context, context.conversation.state.community),
  tap: tapOnAlert,
  async next(context, dialogue) {
    const { turn, ports, locale } = context
    const reference = await ports.reference()
    const said = turn.location ? await ports.communityAt(turn.location) : turn.choice ?? readPlace(turn.text ?? '', locale, reference)?.community
    const community = reference.communities.find(({ slug }) => slug === said)
    if (community) return { ...await list(context, community.slug), dialogue: null, remember: { community: community.slug } }
    const asked = await askPlace(context)
    return { ...asked, dialogue, isNoAnswer: true, replies: [{ text: context.say('officer.unknown') }, ...asked.replies] }
  },
}

/** Only those of one community: which? */
export const alertsNear: Intent = { name: 'alertsNear', commands: [], words: { zh: /(?!)/, en: /(?!)/ }, start: context => askPlace(context) }

async function askPlace(context: Context): Promise<Move> {
  const { communities } = await context.ports.reference()
  return { replies: [{ text: context.say('alerts.where'), choices: communities.map(({ slug, name }) => ({ id: `.${slug}`, label: name[context.locale] })) }], dialogue: beginDialogue(context, 'alerts', 'community') }
}

async function list(context: Context, community: string | undefined): Promise<Move> {
  const { say, ports, locale } = context
  const [{ cards, timeZone }, { communities }] = await Promise.all([ports.currentAlerts(locale, community), ports.reference()])
  const place = communities.find(({ slug }) => slug === community)?.name[locale]
  const lines = (cards ?? []).slice(0, mostShown).map(card => say('alerts.line', { headline: card.headline, areas: card.areas.join(say('report.comma')), time: alertTime(card.expires, timeZone, locale) }))
  const now = place ? say('alerts.nowIn', { community: place, count: lines.length ? cards!.length : 0 }) : say('alerts.now', { count: cards?.length ?? 0 })
  return {
    replies: [{
      text: cards === null ? say('alerts.unknown') : lines.length ? [now, ...lines].join('\n\n') : place ? say('alerts.noneIn', { community: place }) : say('alerts.none'),
      choices: [
        { id: 'start.alertsNear', label: say(place ? 'alerts.elsewhere' : 'alerts.near') },
        ...(ports.alertsHere ? [{ id: 'al.subscribe', label: say('alerts.subscribe') }, ...(place ? [{ id: 'al.subscribe.here', label: say('alerts.subscribeIn', { community: place }) }] : []), { id: 'al.stop', label: say('alerts.stop') }] : [{ id: 'start.alertWishes', label: say('alerts.subscribe') }]),
        { id: 'start.check', label: say('menu.check') },
      ],
      link: { href: `${ports.publicUrl}/${locale}/alerts${community ? `?community=${community}` : ''}`, label: say('alerts.page') },
    }],
  }
}

/** Being told of alerts, or no more, or not at night: here by buttons, on the web by its page. */
export const alertWishes: Intent = {
  name: 'alertWishes',
  commands: [],
  words: {
    zh: /^(?:我?[要想]?)?(?:(?:订阅|退订|取消订阅|关闭|停止|不要(?:再)?发?)(?:社区|安全)?预警(?:信息|提醒|推送)?|预警(?:的)?(?:免打扰|静音)(?:时间|时段)?|(?:晚上|夜里|夜间)(?:不要|别)(?:再)?(?:发|推)预警|免打扰(?:时间|时段)?)[。！!]?$/,
    en: /^(?:(?:please )?(?:subscribe(?: to)?|sign up for|unsubscribe(?: from)?|stop|no more)(?: (?:the|safety|these))? alerts?|(?:alert )?quiet hours|(?:send )?no alerts at night|do not disturb)[.!]?$/i,
  },
  async start({ say, ports, locale, conversation: { state } }) {
    if (!ports.alertsHere) return { replies: [{ text: say('alerts.onPage'), link: { href: `${ports.publicUrl}/${locale}/alerts/subscribe`, label: say('alerts.subscribe') } }] }
    const place = (await ports.reference()).communities.find(({ slug }) => slug === state.community)?.name[locale]
    return { replies: [{ text: say('alerts.wishes'), choices: [
      { id: 'al.subscribe', label: say('alerts.subscribe') }, ...(place ? [{ id: 'al.subscribe.here', label: say('alerts.subscribeIn', { community: place }) }] : []),
      { id: 'al.quiet.on', label: say('alerts.letMeSleep') }, { id: 'al.quiet.off', label: say('alerts.wakeMe') }, { id: 'al.stop', label: say('alerts.stop') },
    ] }] }
  },
}

/** Is a forwarded message real? */
export const check: Intent = {
  name: 'check',
  commands: ['check'],
  words: {
    zh: /^(?:查(?:一)?查|查证|核实|辟谣)(?:一下)?(?:消息|通知|谣言|真假)?[。]?$/,
    en: /^(?:check|verify)(?: (?:a|this) (?:message|alert|warning|rumou?r))?[.?]?$/i,
  },
  async start(context, given) {
    if (given) return answerCheck(context, given, await context.ports.checkMessage(given))
    return { replies: [{ text: context.say('check.what') }], dialogue: beginDialogue(context, 'check', 'text') }
  },
  async next(context, dialogue) {
    const { turn, say, ports } = context
    return turn.text ? answerCheck(context, turn.text, await ports.checkMessage(turn.text)) : { replies: [{ text: say('check.what') }], dialogue, isNoAnswer: true }
  },
}

/** Somebody simply pasted what they were sent: of ours, or made of ours? Undefined for everything else. */
export async function recogniseForwarded(context: Context, said: string): Promise<Move | undefined> {
  if (said.length < leastForwarded && !/lla|\/alerts\//i.test(said)) return undefined
  const checked = await context.ports.checkMessage(said)
  return checked.verdict === 'unknown' ? undefined : answerCheck(context, said, checked)
}
/** Shorter ones are said, not forwarded: a headline has more. */
const leastForwarded = 16

function answerCheck({ say, locale, ports }: Context, said: string, { verdict, alert, differences = [], remarks = [], endedBy, isOnlyAdded, isComment, isExercise }: CheckedMessage): Move {
  const words = (key: string) => text(locale, `alerts.check.${key}`)
  const nothing = words('nothing')
  const shown = differences.slice(0, 4).map(({ says, weSaid }) => say('check.difference', { says: says ?? nothing, weSaid: weSaid ?? nothing }))
  const shownAs = verdict === 'altered' && isComment ? 'added' : verdict
  const leads = endedBy?.identifier ?? alert?.identifier
  const isFalse = verdict === 'altered' || verdict === 'unknown'
  return {
    // Kept until the next question: somebody may want officers to look at it.
    dialogue: null, remember: { misses: 0, ...(isFalse && { question: said }) },
    replies: [{
      text: [
        words(`verdicts.${shownAs}.title`), ...(isExercise ? [text(locale, 'alerts.exercise.text')] : []), words(`verdicts.${shownAs}.text`),
        ...(shown.length ? [words(isOnlyAdded ? 'onlyAdded' : 'differences'), ...shown] : []),
        ...(remarks.length ? [words('remarks'), ...remarks.slice(0, 4).map(remark => `“${remark}”`)] : []),
        ...(alert ? [say('check.ours', { headline: shownHeadline(alert, locale), code: shortCodeOf(alert.identifier) })] : []),
        ...(isFalse ? [words('then.money'), words('then.forward')] : []),
      ].join('\n'),
      ...(leads && { link: { href: `${ports.publicUrl}/${locale}/alerts/${leads}`, label: say(endedBy ? 'check.latest' : 'check.read') } }),
      choices: [...(isFalse ? [{ id: 'start.forward', label: words('then.desk') }, { id: 'start.person', label: say('menu.person') }] : []), { id: 'start.check', label: say('check.again') }],
    }],
  }
}
