import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { patrolActs } from './patrols-builder.ts'
import { aHash, aNamedReport, aReport, type Answer, answerOf, type Filed, hex64, type Submission } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const { call, aShift } = patrolActs(() => world)
beforeAll(async () => {
  world = await buildWorld()
})
beforeEach(() => world.sql`delete from private.tip_rewards where station_id = ${world.station.home}`)
afterAll(() => world?.close())

const server = async (name: string, p: Submission): Promise<Answer> => answerOf(world.server.rpc(name, { p }))
const offer = (who: Person, report: Filed, changes: Submission = {}) => call(who, 'offer_tip_reward', { reference: report.reference, yuan: 500, why: 'The tip led to the bicycle.', ...changes })
const decide = (who: Person, id: unknown, approve = true) => call(who, 'decide_tip_reward', { id, approve })
const claim = (report: Filed, code?: string, access: Submission = report.access) => server('claim_tip_reward', { reference: report.reference, access, guess_limits: [], ...(code && { code_hash: code }) })
const pay = async (who: Person, code: string) => server('pay_tip_reward', { ...await world.actor(who), code_hash: code, limits: [] })
const rowOf = async (id: unknown) => (await world.sql`select * from private.tip_rewards where id = ${String(id)}`)[0]!

/** A report that is done with. */
async function aClosedTip(made?: Filed): Promise<Filed> {
  const report = made ?? await aReport(world)
  await world.sql`update public.reports set status = 'closed', closed_reason = 'no_further_action', closed_at = now() where id = ${report.id}`
  return report
}
async function anApproved() {
  const report = await aClosedTip()
  const { id } = await offer('lead_zhao', report)
  expect(await decide('chief_sun', id)).toEqual({ ok: true, state: 'approved' })
  return { report, id }
}

describe('a reward for a tip', () => {
  it('is offered by lead or chief for a report that is done with, once', async () => {
    const [open, report] = [await aReport(world), await aClosedTip()]

    for (const who of ['officer_wang', 'auditor_wu', 'admin_zheng', 'amina_resident'] as const) expect(await offer(who, report), who).toEqual({ ok: false, code: 'forbidden' })
    expect(await offer('chief_far', report)).toEqual({ ok: false, code: 'not_found' })
    expect(await offer('lead_zhao', open)).toEqual({ ok: false, code: 'status_order' })
    expect(await offer('lead_zhao', report, { yuan: 50001 })).toEqual({ ok: false, code: 'invalid_input' })
    expect(await offer('lead_zhao', report, { why: '' })).toEqual({ ok: false, code: 'reason_missing' })
    expect(await offer('lead_zhao', report)).toMatchObject({ ok: true })
    expect(await offer('chief_sun', report)).toEqual({ ok: false, code: 'status_order' })
  })

  it('is approved by a chief, another person than who offered it', async () => {
    const { id } = await offer('chief_sun', await aClosedTip())

    expect(await decide('lead_zhao', id)).toEqual({ ok: false, code: 'forbidden' })
    expect(await decide('chief_sun', id)).toEqual({ ok: false, code: 'second_person_required' })
    expect(await decide('chief_far', id)).toEqual({ ok: false, code: 'not_found' })
    expect(await decide('chief_qian', id)).toEqual({ ok: true, state: 'approved' })
    expect(await decide('chief_qian', id)).toEqual({ ok: false, code: 'status_order' })
  })

  it('is neither offered nor approved by whoever sent the tip under their own name', async () => {
    const [ofLead, ofChief] = [await aClosedTip(await aNamedReport(world, 'lead_zhao')), await aClosedTip(await aNamedReport(world, 'chief_sun'))]

    expect(await offer('lead_zhao', ofLead)).toEqual({ ok: false, code: 'not_for_oneself' })
    const { id } = await offer('lead_zhao', ofChief)
    expect(await decide('chief_sun', id)).toEqual({ ok: false, code: 'not_for_oneself' })
    expect(await decide('chief_qian', id, false)).toEqual({ ok: true, state: 'refused' })
  })

  it('goes through nobody\'s hands who holds the receipt of the tip: who took it in at the counter, and who wrote it up after a patrol', async () => {
    const takenBy = async (who: Person) => {
      const { actor, session } = await world.actor(who)
      return aClosedTip(await aReport(world, { channel: 'desk', challenge: null, has_proof: true, intake: 'counter', taker: actor, taker_session: session }))
    }
    const foundBy = async (who: Person) => {
      const [report, shift] = [await aClosedTip(), await aShift({ startsIn: -48 })]
      await world.sql`insert into private.patrol_reports (shift_id, filed_at, filed_by_staff, key_hash, body_hash, route_walked, findings) values (${shift}, now(), ${world.person[who].id}, ${aHash()}, ${aHash()}, 'yes', 1)`
      await world.sql`insert into private.patrol_findings (shift_id, position, report_id) values (${shift}, 1, ${report.id})`
      return report
    }
    for (const known of [takenBy, foundBy]) {
      expect(await offer('lead_zhao', await known('lead_zhao'))).toEqual({ ok: false, code: 'not_for_oneself' })
      const { id } = await offer('lead_zhao', await known('chief_sun'))
      expect(await decide('chief_sun', id)).toEqual({ ok: false, code: 'not_for_oneself' })
      const report = await known('officer_wang')
      await decide('chief_sun', (await offer('lead_zhao', report)).id)
      const code = hex64()
      await claim(report, code)
      expect(await pay('officer_wang', code)).toEqual({ ok: false, code: 'not_for_oneself' })
      expect(await pay('officer_li', code)).toEqual({ ok: true, yuan: 500 })
    }
  })

  it('that was refused can be offered anew', async () => {
    const report = await aClosedTip()
    const { id } = await offer('lead_zhao', report)
    expect(await decide('chief_sun', id, false)).toEqual({ ok: true, state: 'refused' })

    expect(await claim(report, hex64())).toEqual({ ok: false, code: 'status_order' })
    expect(await offer('lead_zhao', report)).toMatchObject({ ok: true })
  })

  it('is seen and claimed with reference and receipt, and by nobody else', async () => {
    const { report } = await anApproved()

    expect(await claim(report)).toMatchObject({ ok: true, reward: { yuan: 500, state: 'approved' } })
    expect(await claim(report, hex64(), { receipt_hash: 'wrong', guess_limits: [] })).toEqual({ ok: false, code: 'not_found' })
    expect(await claim(await aReport(world), hex64())).toEqual({ ok: false, code: 'status_order' })
    const limits = [{ bucket: `guess ${report.reference}`, times: 1, seconds: 600 }]
    const guess = () => server('claim_tip_reward', { reference: report.reference, access: { receipt_hash: 'wrong', guess_limits: limits }, guess_limits: limits })
    expect([(await guess()).code, (await guess()).code]).toEqual(['not_found', 'rate_limited'])
    expect(await claim(report, hex64())).toMatchObject({ ok: true, reward: { state: 'claimed' } })
  })

  it('is paid once, for the newest code, by another person than who offered it', async () => {
    const { report, id } = await anApproved()
    const [lost, code] = [hex64(), hex64()]
    await claim(report, lost)
    await claim(report, code)

    expect(await pay('officer_wang', lost)).toEqual({ ok: false, code: 'not_found' })
    expect(await pay('auditor_wu', code)).toEqual({ ok: false, code: 'forbidden' })
    expect(await pay('chief_far', code)).toEqual({ ok: false, code: 'not_found' })
    expect(await pay('lead_zhao', code)).toEqual({ ok: false, code: 'second_person_required' })
    const answers = await Promise.all([pay('officer_wang', code), pay('chief_sun', code), pay('officer_li', code)])
    expect(answers.filter(({ ok }) => ok)).toEqual([{ ok: true, yuan: 500 }])
    expect(answers.filter(({ code: refusal }) => refusal === 'not_found')).toHaveLength(2)
    expect(await rowOf(id)).toMatchObject({ state: 'paid', report_id: null, code_hash: null })
  })

  it('leaves nothing that leads to whoever claimed it: no report in the log, none in the row that was paid, and no time but the day', async () => {
    const before = (await world.sql<{ id: string }[]>`select coalesce(max(id), 0)::text as id from public.audit_log`)[0]!.id
    const { report, id } = await anApproved()
    const code = hex64()
    await claim(report, code)
    await pay('officer_wang', code)

    const log = await world.sql<{ action: string, actor_role: string, noun_id: string | null, details: unknown }[]>`select action, actor_role, noun_id, details from public.audit_log where id > ${before} and station_id = ${world.station.home} and action like 'tip_reward.%' order by id`
    expect(log.map(({ action, actor_role: role }) => `${action} ${role}`)).toEqual(['tip_reward.offered lead', 'tip_reward.approved chief', 'tip_reward.claimed resident', 'tip_reward.paid officer'])
    expect(log.every(({ noun_id: noun, details }) => noun === null && JSON.stringify(details) === '{}')).toBe(true)
    const row = await rowOf(id)
    expect(JSON.stringify(row)).not.toContain(report.id)
    expect(Object.entries(row).filter(([name, value]) => value instanceof Date && name !== 'expires_at').map(([name]) => name).sort()).toEqual(['offered_on', 'paid_on'])
    expect(await world.sql`select from information_schema.columns where table_schema = 'private' and table_name = 'tip_rewards' and column_name ~ 'user|claim|volunteer|owner|receipt'`).toHaveLength(0)
  })

  it('runs out after ninety days, claimed or not', async () => {
    const { report, id } = await anApproved()
    const code = hex64()
    await claim(report, code)
    await world.sql`update private.tip_rewards set expires_at = now() - interval '1 second' where id = ${String(id)}`

    expect(await pay('officer_wang', code)).toEqual({ ok: false, code: 'not_found' })
    await world.server.rpc('advance_rewards')
    expect(await rowOf(id)).toMatchObject({ state: 'expired', code_hash: null })
    expect(await claim(report)).toEqual({ ok: true, reward: null })
    expect(await offer('lead_zhao', report)).toMatchObject({ ok: true })
  })

  it('goes two years after it was paid, refused or ran out', async () => {
    const { report, id } = await anApproved()
    const code = hex64()
    await claim(report, code)
    await pay('officer_wang', code)
    const { id: open } = await anApproved()
    await world.sql`update private.tip_rewards set paid_on = current_date - 729 where id = ${String(id)}`
    await world.server.rpc('advance_rewards')
    expect(await rowOf(id)).toMatchObject({ state: 'paid' })

    await world.sql`update private.tip_rewards set paid_on = current_date - 740 where id = ${String(id)}`
    await world.server.rpc('advance_rewards')
    expect([await rowOf(id), (await rowOf(open))?.state]).toEqual([undefined, 'approved'])
  })

  it('is listed for lead and chief with its report while it is open', async () => {
    const report = await aClosedTip()
    await offer('lead_zhao', report)

    const list = async (who: Person) => answerOf((await world.as(who)).rpc('list_tip_rewards'))
    expect(await list('lead_zhao')).toMatchObject({ rewards: [{ reference: report.reference, state: 'offered', may_decide: false }] })
    expect(await list('chief_sun')).toMatchObject({ rewards: [{ may_decide: true }] })
    expect(await list('chief_far')).toMatchObject({ rewards: [] })
    expect(await list('officer_wang')).toEqual({ ok: false, code: 'forbidden' })
  })
})
