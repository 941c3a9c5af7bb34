import { describe, expect, it } from 'vitest'
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
    expect(buttons(outcome)).toEqual([`pt.leave:${ids.own}`, `pt.take:${ids.offered}`, `pt.pass:${ids.offered}`, 'start.openShifts'])
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
