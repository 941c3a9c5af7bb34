import { z } from 'zod'
import { hoursAndMinutes } from '#shared/patrols/certificate'
import { standingOf } from '#shared/patrols/night-page'
import type { Night } from '#shared/patrols/night-schema'
import { rollCallCodeSchema } from '#shared/patrols/roll-call'
import { rollCallWindow } from '#shared/patrols/roll-call-rules'
import { shiftTime } from '#shared/patrols/shift-time'
import { text } from '#server/texts'
import { aside, beginDialogue, type Context, type Intent, type Move } from './intent.ts'

/* The night of a patrol in the chat: the code, the way home; and what one has earned. */

const slotsSchema = z.object({ shift: z.uuid() })
const tapPattern = /^pn\.(show|call|code|out):([0-9a-f-]{36})$/

/** The roll call of tonight: whoever leads calls it, everybody else enters the digits. */
export const rollCall: Intent = {
  name: 'rollCall',
  commands: [],
  words: { zh: /^(?:巡逻)?(?:我?[要来])?(?:签到|点名|打卡|签退)(?:码)?[。！!]?$/, en: /^(?:check(?:[ -])?(?:in|out)|roll call)[.!]?$/i },
  async start(context) {
    const { ports, say, locale } = context
    const own = await ports.patrols.own()
    const held = (own?.shifts ?? []).filter(({ mine, state }) => mine?.state === 'confirmed' && state !== 'cancelled')
    const tonight = held.find(({ startsAt }) => Date.parse(rollCallWindow(startsAt).opensAt) <= Date.parse(own?.now ?? ''))
    const night = tonight && await ports.patrols.night(tonight.id)
    if (night) return show(context, night)
    const next = held[0]
    const { station } = await ports.reference()
    return { replies: [{ text: next ? say('patrols.night.notYet', { shift: shiftTime(next.startsAt, next.endsAt, station?.time_zone ?? 'Asia/Shanghai', locale) }) : say('patrols.night.none'), choices: [{ id: 'start.patrols', label: say('patrols.mine') }] }] }
  },
  async next(context, dialogue) {
    const { turn, say, ports, locale } = context
    const { shift } = slotsSchema.parse(dialogue.slots)
    const code = rollCallCodeSchema.safeParse(turn.text ?? '')
    if (!code.success) return { dialogue, isNoAnswer: true, replies: [{ text: say('patrols.night.enter') }] }
    const done = await ports.patrols.checkIn(shift, code.data)
    if (!('refused' in done)) return { dialogue: null, replies: [{ text: text(locale, 'patrols.night.did.enter'), choices: [{ id: `pn.show:${shift}`, label: say('patrols.night.show') }] }] }
    return { dialogue: done.refused === 'roll_call_code' ? dialogue : null, replies: [{ text: text(locale, `errors.codes.${done.refused}.detail`) }] }
  },
  async tap(context, choice) {
    const [, act, shift = ''] = tapPattern.exec(choice) ?? []
    if (!act) return undefined
    const { ports, say, locale } = context
    const refused = (code: string): Move => ({ replies: [{ text: code === 'not_found' ? say('patrols.gone') : text(locale, `errors.codes.${code}.detail`), choices: [{ id: 'start.patrols', label: say('patrols.mine') }] }] })
    if (act === 'out') {
      const done = await ports.patrols.checkOut(shift)
      return aside(context, 'refused' in done ? refused(done.refused) : { replies: [{ text: text(locale, 'patrols.night.did.out'), choices: [{ id: 'start.patrolPoints', label: say('patrols.points.name') }] }] })
    }
    const night = act === 'call' ? await ports.patrols.callRoll(shift) : await ports.patrols.night(shift) ?? { refused: 'not_found' as const }
    if ('refused' in night) return aside(context, refused(night.refused))
    // Entering the digits is a step of its own; looking is not.
    return act === 'code' ? ask(context, night) : aside(context, { replies: (await show(context, night)).replies })
  },
}

/** What one has earned. */
export const patrolPoints: Intent = {
  name: 'patrolPoints',
  commands: [],
  words: { zh: /^(?:我的|查(?:一下)?)?(?:巡逻)?(?:积分|工时)(?:有多少|多少|余额)?[。？?]?$/, en: /^(?:my |show (?:me )?my )?(?:patrol )?(?:points|hours)[.?]?$/i },
  async start({ ports, say, locale }) {
    const own = await ports.patrols.points()
    if (!own?.isVolunteer) return { replies: [{ text: say('patrols.points.none'), choices: [{ id: 'start.patrols', label: say('patrols.mine') }] }] }
    const waiting = own.waiting.reduce((sum, { points }) => sum + points, 0)
    return { replies: [{
      text: [say('patrols.points.sum', { points: own.balance, ...hoursAndMinutes(own.totals.minutes) }), ...waiting ? [say('patrols.points.waiting', { points: waiting })] : []].join('\n'),
      choices: [{ id: 'start.patrols', label: say('patrols.mine') }], link: { href: `${ports.publicUrl}/${locale}/patrols/points`, label: say('patrols.points.page') },
    }] }
  },
}

function ask(context: Context, night: Night): Move {
  return { replies: [{ text: context.say('patrols.night.enter') }], dialogue: beginDialogue(context, 'rollCall', 'code', { shift: night.shift.id }) }
}

/** Where the night stands, with the buttons for it. */
async function show(context: Context, night: Night): Promise<Move> {
  const { shift, phase, leads, mine, rollCall: { opensAt, closesAt, isOpened }, codes, present } = night
  const { say, ports, locale } = context
  const { station } = await ports.reference()
  const clock = (instant: string) => new Intl.DateTimeFormat('en-GB', { timeZone: station?.time_zone ?? 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant))
  const mayEnter = isOpened && mine?.state === 'confirmed' && !mine.presentAt && mine.triesLeft > 0 && phase !== 'ended' && phase !== 'cancelled'
  const [code] = codes
  return { replies: [{
    text: [
      text(locale, `patrols.night.phases.${standingOf(night)}`, { from: clock(opensAt), to: clock(closesAt) }),
      ...mine?.presentAt && !mine.outAt ? [text(locale, 'patrols.night.youAreHere', { time: clock(mine.presentAt) })] : [],
      ...code && isOpened ? [say('patrols.night.code', { code: code.code, present })] : [],
    ].join('\n\n'),
    choices: [
      ...mayEnter ? [{ id: `pn.code:${shift.id}`, label: say('patrols.night.checkIn') }] : [],
      ...leads && phase === 'roll_call' ? [{ id: `pn.${isOpened ? 'show' : 'call'}:${shift.id}`, label: say(isOpened ? 'patrols.night.newCode' : 'patrols.night.call') }] : [],
      ...phase === 'under_way' && mine?.presentAt && !mine.outAt ? [{ id: `pn.out:${shift.id}`, label: say('patrols.night.out') }] : [],
    ],
    link: { href: `${ports.publicUrl}/${locale}/patrols/shifts/${shift.id}`, label: say('patrols.night.page') },
  }] }
}
