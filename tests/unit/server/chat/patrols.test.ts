import { describe, expect, it } from 'vitest'
import type { Night } from '#shared/patrols/night-schema'
import type { OwnPoints } from '#shared/patrols/points-schema'
import type { OwnPatrols, ShiftCard } from '#shared/patrols/patrol-schema'
import type { PatrolsHere } from '#server/chat/chat-ports'
import { aResident, now } from './dialogue.ts'

const inHours = (hours: number) => new Date(now + hours * 3_600_000).toISOString()
const ids = { own: '11111111-1111-4111-8111-111111111111', offered: '22222222-2222-4222-8222-222222222222', near: '33333333-3333-4333-8333-333333333333', far: '44444444-4444-4444-8444-444444444444', locked: '55555555-5555-4555-8555-555555555555' }
const card = (id: string, startsIn: number, community: string): ShiftCard => ({
  id, community, type: 'on_foot', route: null, startsAt: inHours(startsIn), endsAt: inHours(startsIn + 2), needed: 2, maximum: 3, kind: 'patroller', skill: null, state: 'open', cancelledReason: null, firstClaimsUntil: inHours(-1), sequence: 0, revisedAt: inHours(-9), confirmed: 1, waiting: 0,
})
type Shift = OwnPatrols['shifts'][number]
const mine = (state: 'confirmed' | 'offered' | 'waiting') => ({ place: '99999999-9999-4999-8999-999999999999', state, offeredUntil: state === 'offered' ? inHours(2) : null, swap: null })
const shifts: Shift[] = [
  { ...card(ids.own, 10, 'ping-an'), mine: mine('confirmed'), gap: null }, { ...card(ids.offered, 34, 'ping-an'), mine: mine('offered'), gap: null },
  { ...card(ids.far, 40, 'chang-le'), mine: null, gap: null }, { ...card(ids.near, 50, 'ping-an'), mine: null, gap: null }, { ...card(ids.locked, 60, 'ping-an'), mine: null, gap: 'skill_needed' },
]
const onRoster = (state: NonNullable<OwnPatrols['volunteer']>['state'] = 'active'): OwnPatrols => ({
  now: inHours(0), shifts, history: [],
  volunteer: { id: '77777777-7777-4777-8777-777777777777', community: 'ping-an', kinds: ['patroller'], state, availability: {}, createdAt: inHours(-99), changedAt: inHours(-99), refusedReason: null, hasAppealed: false, suspendedUntil: null, lockedAt: null, attended: 7, missed: 0, skills: [] },
})

/** Amina with a Telegram chat, and what she did about shifts. */
function amina(own: OwnPatrols | undefined, answer: Awaited<ReturnType<PatrolsHere['change']>> = { state: 'confirmed', ahead: null }, locale: 'zh' | 'en' = 'zh') {
  const done: string[] = []
  const patrols: PatrolsHere = {
    coming: async () => [{ day: '2026-11-24', community: 'ping-an' }], types: async () => [{ code: 'on_foot', name: { zh: '步行巡逻', en: 'On foot' } }], own: async () => own,
    change: async (act, shift) => { done.push(`${act} ${shift}`); return answer },
    night: async () => undefined, callRoll: async () => ({ refused: 'not_found' }), checkIn: async () => ({ refused: 'not_found' }), checkOut: async () => ({ refused: 'not_found' }), points: async () => undefined,
  }
  return { ...aResident(locale, { channel: 'telegram', ports: { patrols } }), done }
}
const buttons = (outcome: { replies: { choices?: { id: string }[] | undefined }[] }) => outcome.replies.flatMap(({ choices }) => choices ?? []).map(({ id }) => id)

describe('the patrol in the chat', () => {
  it.each(['/patrols', '我的班次', '义务巡逻'])('“%s” shows a volunteer their shifts, with a button for each', async (said) => {
    const outcome = await amina(onRoster()).says(said)

    expect(outcome.intent).toBe('patrols')
    expect(outcome.replies[0]?.text).toMatch(/11月22日周日 20:00–22:00 · 平安里社区 · 步行巡逻[^]*有名额给您留着/)
    expect(outcome.replies[0]?.text).not.toContain('长乐坊')
    expect(buttons(outcome)).toEqual([`pt.leave:${ids.own}`, `pt.take:${ids.offered}`, `pt.pass:${ids.offered}`, 'start.openShifts', 'start.patrolPoints'])
  })

  it('shifts near me come first, and none that one cannot take', async () => {
    const outcome = await amina(onRoster()).says('附近有什么能报的班次')

    expect(buttons(outcome)).toEqual([`pt.join:${ids.near}`, `pt.join:${ids.far}`, 'start.patrols'])
  })

  it('whoever is no volunteer learns days and communities, nothing more, and how to join (RULES I1)', async () => {
    const stranger = await amina({ ...onRoster(), volunteer: null }).says('/patrols')
    const unlinked = await amina(undefined).says('/patrols')

    for (const { replies: [reply] } of [stranger, unlinked]) {
      expect(reply?.text).toContain('11月24日周二 · 平安里社区')
      expect(reply?.text).not.toMatch(/\d:\d\d/)
    }
    expect(stranger.replies[0]?.link?.href).toBe('/zh/patrols/apply')
    expect(unlinked.replies[0]?.link?.href).toBe('/zh/account/telegram')
  })

  it('an applicant reads how far the application is', async () => {
    expect((await amina(onRoster('station_reviewed'), undefined, 'en').says('my patrols')).replies[0]?.text).toContain('Reviewed by the station')
  })

  it('a place is taken by one button, given back only after a question', async () => {
    const resident = amina(onRoster())

    await resident.turn({ choice: `pt.take:${ids.offered}` })
    const asked = await resident.turn({ choice: `pt.leave:${ids.own}` })
    expect(resident.done).toEqual([`accept_offer ${ids.offered}`])
    expect(asked.replies[0]?.text).toContain('11月22日周日 20:00–22:00')
    const left = await resident.taps('退出')

    expect(resident.done[1]).toBe(`leave ${ids.own}`)
    expect(left.replies[0]?.text).toContain('已退出')
  })

  it('the waiting list says how many stand before one', async () => {
    expect((await amina(onRoster(), { state: 'waiting', ahead: 3 }).turn({ choice: `pt.join:${ids.near}` })).replies[0]?.text).toContain('前面还有 3 人')
  })

  it.each([['too_late_to_leave', '三小时'], ['not_found', '没有了'], ['first_claims', '先报']] as const)('a refusal is said in words (%s)', async (refused, words) => {
    expect((await amina(onRoster(), { refused }).turn({ choice: `pt.left:${ids.own}` })).replies[0]?.text).toContain(words)
  })

  it('a button works in the middle of a report, which goes on', async () => {
    const resident = amina(onRoster())
    await resident.says('/report')

    await resident.turn({ choice: `pt.join:${ids.near}` })

    expect(resident.conversation.state.dialogue?.intent).toBe('report')
  })
})

const night = (changes: Partial<Night> = {}): Night => ({
  now: inHours(10), phase: 'roll_call', shift: card(ids.own, 10, 'ping-an'), leads: false, rollCall: { opensAt: inHours(9.5), closesAt: inHours(10.25), isOpened: true, isMine: false }, startedAt: null, endedAt: null, present: 1, people: null, codes: [],
  mine: { place: '99999999-9999-4999-8999-999999999999', state: 'confirmed', how: null, presentAt: null, outAt: null, triesLeft: 5 }, ...changes,
})
/** Amina on the night itself. */
function onTheNight(tonight: Night, answers: Partial<PatrolsHere> = {}) {
  const entered: string[] = []
  const patrols: PatrolsHere = {
    coming: async () => [], types: async () => [], own: async () => ({ ...onRoster(), now: inHours(10) }), change: async () => ({ refused: 'not_found' }), night: async () => tonight, callRoll: async () => tonight,
    checkIn: async (_shift, code) => { entered.push(code); return code === '123456' ? { presentAt: inHours(10) } : { refused: 'roll_call_code' } }, checkOut: async () => ({ hasEnded: true }), points: async () => undefined, ...answers,
  }
  return { ...aResident('zh', { channel: 'telegram', ports: { patrols } }), entered }
}

describe('the night in the chat', () => {
  it('“签到” asks for the digits; a wrong code may be entered again, the right one checks in', async () => {
    const resident = onTheNight(night())

    await resident.says('签到')
    await resident.taps('签到')
    expect((await resident.says('12 34')).replies[0]?.text).toContain('6 位数字')
    expect((await resident.says('654321')).replies[0]?.text).toContain('签到码不对')
    expect((await resident.says('123 456')).replies[0]?.text).toContain('签到成功')
    expect(resident.entered).toEqual(['654321', '123456'])
    expect(resident.conversation.state.dialogue).toBeUndefined()
  })

  it('whoever leads opens the roll call and shows the digits, without anybody\'s name', async () => {
    const opened = night({ leads: true, codes: [{ code: '050471', from: inHours(10) }], people: [{ place: ids.own, name: '阿明', phone: '0000-555-0199', isMine: false, isTrainee: false, state: 'confirmed', how: null, presentAt: null, outAt: null, triesLeft: 5 }] })
    const lead = onTheNight(night({ leads: true, rollCall: { ...night().rollCall, isOpened: false } }), { callRoll: async () => opened })

    await lead.says('roll call')
    const { replies } = await lead.taps('开始点名')

    expect(replies[0]?.text).toContain('050471')
    expect(JSON.stringify(replies)).not.toMatch(/阿明|0199/)
  })

  it('on the way there is a button for the way home', async () => {
    const resident = onTheNight(night({ phase: 'under_way', mine: { ...night().mine!, presentAt: inHours(9.8), how: 'code' } }))

    await resident.says('签退')
    expect((await resident.taps('签退')).replies[0]?.text).toContain('已签退')
  })

  it('before the roll call it says when', async () => {
    const resident = onTheNight(night(), { own: async () => onRoster() })

    expect((await resident.says('签到')).replies[0]?.text).toMatch(/还没到点名[^]*11月22日周日 20:00/)
  })

  it('points are a sum with the way to each line', async () => {
    const own: OwnPoints = { now: inHours(0), isVolunteer: true, balance: 120, lines: [], hours: [], totals: { minutes: 725, nightMinutes: 0, creditMinutes: 725 }, honours: [], waiting: [{ rule: 'patrol', points: 20, earnedAt: inHours(-1) }], rules: [], night: { from: '22:00', to: '06:00', creditPercent: 150 } }
    const { replies: [reply], intent } = await onTheNight(night(), { points: async () => own }).says('我的积分')

    expect(intent).toBe('patrolPoints')
    expect(reply?.text).toBe('积分 120 分，巡逻 12 小时 5 分。\n另有 20 分等下个月发放。')
    expect(reply?.link?.href).toBe('/zh/patrols/points')
  })
})
