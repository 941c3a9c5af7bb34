import type { OwnPatrols } from '#shared/patrols/patrol-schema'
import { rollCallWindow } from '#shared/patrols/roll-call-rules'
import { shiftTime } from '#shared/patrols/shift-time'
import { text } from '#server/texts'
import type { ShiftAct } from '../chat-ports.ts'
import type { Reply } from '../turn.ts'
import { aside, type Context, type Intent, type Move } from './intent.ts'

/* The volunteer patrol in the chat: what one has signed up for, what is open, and the buttons under both and under news (server/outbox/messages/patrols.ts). */

type Shift = OwnPatrols['shifts'][number]

const mostShown = 6
const tapPattern = /^pt\.(join|leave|left|take|pass):([0-9a-f-]{36})$/

/** `/patrols`: one's own shifts; for everybody else where patrols go and how to join. */
export const patrols: Intent = {
  name: 'patrols',
  commands: ['patrols'],
  words: {
    zh: /^(?:我(?:的|报的|报名的)(?:巡逻)?(?:巡逻|班次|排班)|(?:我?[要想]?)?(?:参加|加入|报名)?(?:义务|志愿|社区)?巡逻(?:队|志愿者|安排|班次)?|(?:有|近期)?(?:什么|哪些)?(?:义务)?巡逻(?:安排|活动)?)[。？?！!]?$/,
    en: /^(?:my (?:patrols?|shifts?)|(?:volunteer |coming )?patrols?(?: roster)?|(?:join|sign up for|volunteer for)(?: the| a)? patrols?)[.?!]?$/i,
  },
  async start(context) {
    const own = await context.ports.patrols.own()
    return { replies: [own?.volunteer && isOnRoster(own) ? await mine(context, own) : await forEverybody(context, own)] }
  },
  async tap(context, choice) {
    const [, act, shift = ''] = tapPattern.exec(choice) ?? []
    return act ? aside(context, await tapped(context, act, shift)) : undefined
  },
}

/** The shifts that one may sign up for, one's own community first. */
export const openShifts: Intent = {
  name: 'openShifts',
  commands: [],
  words: {
    zh: /^(?:附近|身边|我(?:们)?(?:这里|社区))?(?:的|有)?(?:什么|哪些)?(?:可以报的|能报的|开放的|空缺的)(?:巡逻)?班次(?:有哪些|吗)?[。？?]?$|^报名(?:巡逻)?班次[。]?$/,
    en: /^(?:what |which |show (?:me )?)?(?:open|free|available) (?:patrol )?shifts?(?: are there)?(?: near me| here)?[.?]?$|^shifts? near me[.?]?$/i,
  },
  async start(context) {
    const { ports, say } = context
    const own = await ports.patrols.own()
    if (!own?.volunteer || !isOnRoster(own)) return { replies: [await forEverybody(context, own)] }
    const { community } = own.volunteer
    const isNear = (shift: Shift) => shift.community === community ? 0 : 1
    const shown = own.shifts.filter(({ mine, gap, state }) => !mine && !gap && state === 'open').toSorted((one, other) => isNear(one) - isNear(other) || one.startsAt.localeCompare(other.startsAt)).slice(0, mostShown)
    const told = await tellShift(context)
    if (shown.length === 0) return { replies: [{ text: say('patrols.noneOpen'), choices: [{ id: 'start.patrols', label: say('patrols.mine') }], link: pageOf(context) }] }
    return { replies: [{
      text: [say('patrols.open'), ...shown.map(shift => `${told(shift)}\n${people(context, shift)}`)].join('\n\n'),
      choices: [
        ...shown.map(shift => ({ id: `pt.join:${shift.id}`, label: say(shift.confirmed < shift.maximum ? 'patrols.join' : 'patrols.queue', { when: told(shift, true) }) })),
        { id: 'start.patrols', label: say('patrols.mine') },
      ],
      link: pageOf(context),
    }] }
  },
}

const isOnRoster = ({ volunteer }: OwnPatrols) => ['enrolled', 'active', 'suspended'].includes(volunteer?.state ?? '')

const pageOf = ({ ports, locale, say }: Context) => ({ href: `${ports.publicUrl}/${locale}/patrols/me`, label: say('patrols.page') })

/** Days and communities, and how to come along. */
async function forEverybody({ ports, locale, say, conversation }: Context, own: OwnPatrols | undefined): Promise<Reply> {
  const [coming, { communities }] = await Promise.all([ports.patrols.coming(), ports.reference()])
  const dayOf = (day: string) => new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: 'UTC', month: 'short', day: 'numeric', weekday: 'short' }).format(new Date(day))
  const lines = coming.slice(0, mostShown).map(({ day, community }) => `${dayOf(day)} · ${communities.find(({ slug }) => slug === community)?.name[locale] ?? community}`)
  const list = lines.length ? [say('patrols.coming'), ...lines].join('\n') : say('patrols.noneComing')
  const link = (path: string, key: string) => ({ href: `${ports.publicUrl}/${locale}${path}`, label: say(key) })
  if (own?.volunteer) return { text: [text(locale, `patrols.states.${own.volunteer.state}`), list].join('\n\n'), link: link('/patrols/me', 'patrols.page') }
  if (own) return { text: [list, say('patrols.howToJoin')].join('\n\n'), link: link('/patrols/apply', 'patrols.apply') }
  // Whoever is on the roster sees nothing of it here before the account is known.
  return conversation.channel === 'telegram'
    ? { text: [list, say('patrols.linkFirst')].join('\n\n'), link: link('/account/telegram', 'patrols.linkPage') }
    : { text: [list, say('patrols.signInFirst')].join('\n\n'), link: link('/patrols', 'patrols.about') }
}

async function mine(context: Context, own: OwnPatrols): Promise<Reply> {
  const { say } = context
  const told = await tellShift(context)
  const shown = own.shifts.filter(({ mine, state }) => mine && state !== 'cancelled').slice(0, mostShown)
  const lines = shown.map(shift => `${told(shift)}\n${standing(context, shift)}`)
  return {
    text: lines.length ? [say('patrols.yours'), ...lines].join('\n\n') : say('patrols.noneYours'),
    choices: [
      ...shown.flatMap((shift) => {
        const when = told(shift, true)
        if (shift.mine?.state === 'offered') return [{ id: `pt.take:${shift.id}`, label: say('patrols.take', { when }) }, { id: `pt.pass:${shift.id}`, label: say('patrols.pass', { when }) }]
        return Date.parse(shift.startsAt) > Date.parse(own.now) ? [{ id: `pt.leave:${shift.id}`, label: say('patrols.leave', { when }) }] : []
      }),
      ...shown.some(({ mine, startsAt }) => mine?.state === 'confirmed' && Date.parse(rollCallWindow(startsAt).opensAt) <= Date.parse(own.now)) ? [{ id: 'start.rollCall', label: say('patrols.night.show') }] : [],
      { id: 'start.openShifts', label: say('patrols.openOnes') },
      { id: 'start.patrolPoints', label: say('patrols.points.name') },
    ],
    link: pageOf(context),
  }
}

const people = ({ say }: Context, { confirmed, needed, maximum }: Shift) => say('patrols.people', { confirmed, needed, maximum })

const standing = (context: Context, shift: Shift) => shift.mine?.state === 'offered' || shift.mine?.state === 'waiting' ? context.say(`patrols.${shift.mine.state}`) : people(context, shift)

/** A shift in a line: when, where, what. */
async function tellShift({ ports, locale }: Context): Promise<(shift: Shift, isShort?: boolean) => string> {
  const [{ communities, station }, types] = await Promise.all([ports.reference(), ports.patrols.types()])
  return ({ startsAt, endsAt, community, type, route }, isShort) => {
    const when = shiftTime(startsAt, endsAt, station?.time_zone ?? 'Asia/Shanghai', locale)
    if (isShort) return when
    return [when, communities.find(({ slug }) => slug === community)?.name[locale] ?? community, types.find(({ code }) => code === type)?.name[locale] ?? type, route?.name[locale]].filter(Boolean).join(' · ')
  }
}

const acts = { join: 'sign_up', left: 'leave', take: 'accept_offer', pass: 'leave' } as const satisfies Record<string, ShiftAct>

async function tapped(context: Context, act: string, shift: string): Promise<Move> {
  const { ports, say, locale } = context
  const choices = [{ id: 'start.patrols', label: say('patrols.mine') }]
  if (act === 'leave') {
    const found = (await ports.patrols.own())?.shifts.find(({ id, mine }) => id === shift && mine)
    if (!found) return { replies: [{ text: say('patrols.gone'), choices }] }
    return { replies: [{ text: say('patrols.leaveSure', { shift: (await tellShift(context))(found) }), choices: [{ id: `pt.left:${shift}`, label: say('patrols.leaveYes') }, { id: 'start.patrols', label: say('patrols.leaveNo') }] }] }
  }
  const done = await ports.patrols.change(acts[act as keyof typeof acts], shift)
  if ('refused' in done) return { replies: [{ text: done.refused === 'not_found' ? say('patrols.gone') : text(locale, `errors.codes.${done.refused}.detail`), choices }] }
  const words = act === 'join' && done.state === 'waiting' ? say('patrols.queued', { ahead: done.ahead ?? 0 }) : say(`patrols.did.${act}`)
  return { replies: [{ text: words, choices }] }
}
