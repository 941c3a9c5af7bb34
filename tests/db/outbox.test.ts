import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClients } from '../../server/db/clients.ts'
import { outboxQueue, type Settlement } from '../../server/db/outbox.ts'
import { aNamedReport, aReport, answerOf, sealed, type Filed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
let queue: ReturnType<typeof outboxQueue>

beforeAll(async () => {
  world = await buildWorld()
  const { url, publishableKey, secretKey } = world.backend
  queue = outboxQueue(createClients({ url, publishableKey, secretKey }))
})
afterAll(() => world?.close())

interface Row { id: string, status: string, attempts: number, leased_by: string | null, last_error: string | null, sent_by: string | null, params_sealed: string | null, wait: number, settled_at: Date | null }

/** The mail of a report. It is made the oldest that is due, since all files of this suite write into one outbox. */
async function mailOf({ id }: Filed, changes: Record<string, unknown> = {}): Promise<number> {
  const [row] = await world.sql<{ id: string }[]>`update public.outbox set ${world.sql({ send_after: '2001-01-01', ...changes } as never)} where noun_id = ${id} returning id`
  return Number(row?.id)
}
const rowOf = async (id: number) => {
  const [row] = await world.sql<Row[]>`select *, extract(epoch from send_after - now())::float as wait from public.outbox where id = ${id}`
  if (!row) throw new Error('the row is gone')
  return row
}
const sealedReport = () => aReport(world, { contact_mode: 'sealed', notify_sealed: sealed('someone@example.org') })
const claim = async (worker: string, id: number, leaseSeconds = 60) => (await queue.claim(worker, 200, leaseSeconds)).messages.find(message => message.id === id)
const settle = (worker: string, id: number, rest: Omit<Settlement, 'id'>) => queue.settle(worker, { id, ...rest })

describe('claiming', () => {
  it('gives each row to one of several workers', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, async () => mailOf(await sealedReport())))

    const claims = await Promise.all(Array.from({ length: 6 }, (_, worker) => queue.claim(`w${worker}`, 4, 60)))

    const handedOut = claims.flatMap(({ messages }) => messages.map(({ id }) => id)).filter(id => ids.includes(id))
    expect(new Set(handedOut).size).toBe(handedOut.length)
    expect(handedOut.length).toBeGreaterThanOrEqual(8)
  })

  it('hands a sealed address out as it is, an account\'s in the clear, and what is needed to write the mail', async () => {
    const [of, named] = [await sealedReport(), await aNamedReport(world, 'amina_resident')]
    const [sealedId, namedId] = [await mailOf(of), await mailOf(named)]
    const { messages } = await queue.claim('w', 200, 60)

    expect(messages.find(({ id }) => id === sealedId)).toMatchObject({ recipient: null, recipient_id: null, recipient_sealed: sealed('someone@example.org'), template: 'reports.received', noun: 'reports', noun_id: of.id, reference: of.reference, locale: 'zh', attempts: 1, time_zone: 'Asia/Shanghai', level: 'all', quiet_from: '22:00', quiet_to: '07:00' })
    expect(messages.find(({ id }) => id === namedId)).toMatchObject({ recipient: world.person.amina_resident.email, recipient_id: world.person.amina_resident.id, recipient_sealed: null })
  })

  it('says about how many visits a mail to staff is', async () => {
    const [row] = await world.sql<{ id: string }[]>`insert into public.outbox (channel, template, noun, recipient_id, locale, matters, send_after) values ('email', 'revisits.several', 'revisits', ${world.person.chief_far.id}, 'zh', 3, '2001-01-01') returning id`

    expect(await claim('w', Number(row?.id))).toMatchObject({ matters: 3, reference: null, noun_id: null, time_zone: 'Asia/Shanghai' })
  })

  it('leaves what is not due, and says when it will be', async () => {
    const id = await mailOf(await sealedReport(), { send_after: new Date(Date.now() + 3_600_000).toISOString() })
    const answer = await queue.claim('w', 200, 60)

    expect(answer.messages.map(message => message.id)).not.toContain(id)
    expect(answer.next_in_seconds).toBeGreaterThan(0)
    expect(answer.next_in_seconds).toBeLessThanOrEqual(3600)
  })

  it('a row whose worker died is handed out again when the lease is over, with the same key and one attempt more', async () => {
    const id = await mailOf(await sealedReport())
    const first = await claim('dead', id)
    expect(await claim('other', id)).toBeUndefined()

    await world.sql`update public.outbox set leased_until = now() - interval '1 second' where id = ${id}`
    const second = await claim('other', id)

    expect(second).toMatchObject({ attempts: 2, message_key: first?.message_key })
  })
})

describe('a queue of five thousand', () => {
  it('delays no sign-in code and no confirmation', async () => {
    const of = await sealedReport()
    await mailOf(of, { send_after: new Date().toISOString() })
    await world.sql`insert into public.outbox (channel, template, noun, noun_id, recipient_sealed, locale, send_after)
      select 'email', 'reports.status_changed', 'reports', ${of.id}, ${sealed('someone@example.org')}, 'zh', '2001-01-01' from generate_series(1, 5000)`
    await answerOf(world.server.rpc('queue_account_mail', { p: { template: 'accounts.code', recipient_sealed: sealed('late@example.org'), params_sealed: sealed('{}'), locale: 'en' } }))
    try {
      const { messages } = await queue.claim('w', 20, 60)

      expect(messages[0]).toMatchObject({ template: 'accounts.code', recipient_sealed: sealed('late@example.org') })
      expect(messages.findIndex(({ noun_id, template }) => noun_id === of.id && template === 'reports.received')).toBeLessThan(messages.findIndex(({ template }) => template === 'reports.status_changed'))
      expect(messages).toHaveLength(20)
    }
    finally {
      await world.sql`delete from public.outbox where noun_id = ${of.id} or recipient_sealed = ${sealed('late@example.org')}`
    }
  })
})

describe('settling', () => {
  it('sent: marked with the channel, and a code is forgotten', async () => {
    const id = await mailOf(await sealedReport(), { params_sealed: sealed('{"code":"123456"}') })
    await claim('w', id)
    await settle('w', id, { outcome: 'sent', sent_by: 'smtp', forget_params: true })

    expect(await rowOf(id)).toMatchObject({ status: 'sent', sent_by: 'smtp', params_sealed: null, leased_by: null, last_error: null, settled_at: expect.any(Date) })
    expect(await claim('w', id)).toBeUndefined()
  })

  it('retry: waits as long as it is told', async () => {
    const id = await mailOf(await sealedReport())
    await claim('w', id)
    await settle('w', id, { outcome: 'retry', error: 'smtp_450', after_seconds: 90.5 })

    const row = await rowOf(id)
    expect(row).toMatchObject({ status: 'queued', attempts: 1, last_error: 'smtp_450', leased_by: null })
    expect(row.wait).toBeGreaterThan(80)
    expect(row.wait).toBeLessThan(91)
  })

  it('held and given back: no attempt was used up', async () => {
    const [held, given] = [await mailOf(await sealedReport()), await mailOf(await sealedReport())]
    await queue.claim('w', 200, 60)
    await settle('w', held, { outcome: 'hold', until: '2099-01-01T00:00:00Z' })
    await settle('w', given, { outcome: 'release' })

    expect(await rowOf(held)).toMatchObject({ status: 'queued', attempts: 0, leased_by: null })
    expect((await rowOf(held)).wait).toBeGreaterThan(1e9)
    expect(await claim('x', given)).toMatchObject({ attempts: 1 })
  })

  it('whoever lost the lease may say that it is sent, and nothing else', async () => {
    const id = await mailOf(await sealedReport())
    await claim('slow', id)
    await world.sql`update public.outbox set leased_until = now() - interval '1 second' where id = ${id}`
    await claim('next', id)

    expect(await settle('slow', id, { outcome: 'dead', error: 'dropped' })).toMatchObject({ kept: false })
    expect(await settle('slow', id, { outcome: 'sent', sent_by: 'smtp' })).toMatchObject({ kept: true })
    expect(await settle('next', id, { outcome: 'retry', error: 'dropped', after_seconds: 1 })).toMatchObject({ kept: false })
    expect(await rowOf(id)).toMatchObject({ status: 'sent' })
  })

  it('keeps our own words only: a sentence of a mail server is refused', async () => {
    const id = await mailOf(await sealedReport())
    await claim('w', id)

    await expect(settle('w', id, { outcome: 'dead', error: '550 no such user someone@example.org' })).rejects.toThrow()
    expect(await rowOf(id)).toMatchObject({ status: 'queued', last_error: null })
  })
})

describe('what a recipient wants', () => {
  const save = (p: Record<string, unknown>) => answerOf(world.server.rpc('save_mail_settings', { p }))
  const read = (p: Record<string, unknown>) => answerOf(world.server.rpc('get_mail_settings', { p }))

  it('of one report goes with the mails of that report', async () => {
    const [report, other] = [await sealedReport(), await sealedReport()]
    expect(await read({ report: report.id })).toMatchObject({ ok: true, reference: report.reference, level: 'all', quiet_from: '22:00', quiet_to: '07:00' })
    await save({ report: report.id, level: 'important', quiet_from: '20:30', quiet_to: '08:00' })

    const [id, otherId] = [await mailOf(report), await mailOf(other)]
    const { messages } = await queue.claim('w', 200, 60)
    expect(messages.find(message => message.id === id)).toMatchObject({ level: 'important', quiet_from: '20:30', quiet_to: '08:00' })
    expect(messages.find(message => message.id === otherId)).toMatchObject({ level: 'all', quiet_from: '22:00' })
  })

  it('of an account goes with all mails to it', async () => {
    await save({ user: world.person.bo_resident.id, level: 'none' })
    const id = await mailOf(await aNamedReport(world, 'bo_resident'))

    expect(await claim('w', id)).toMatchObject({ level: 'none', quiet_from: '22:00', quiet_to: '07:00' })
  })

  it('of staff says that mails of their duties stay; of a resident, or of a report, there are none', async () => {
    expect(await read({ user: world.person.lead_zhao.id })).toMatchObject({ has_duty: true })
    expect(await read({ user: world.person.bo_resident.id })).toMatchObject({ has_duty: false })
    expect(await read({ report: (await sealedReport()).id })).toMatchObject({ has_duty: false })
  })

  it('unsubscribing keeps the hours that were set', async () => {
    const report = await sealedReport()
    await save({ report: report.id, level: 'all', quiet_from: '21:00', quiet_to: '06:00' })
    await save({ report: report.id, level: 'none' })

    expect(await read({ report: report.id })).toMatchObject({ level: 'none', quiet_from: '21:00', quiet_to: '06:00' })
  })

  it('is refused for nobody, for both, for words and hours that are none', async () => {
    const { id } = await sealedReport()

    expect(await save({ report: randomUUID(), level: 'none' })).toMatchObject({ code: 'not_found' })
    expect(await read({ user: randomUUID() })).toMatchObject({ code: 'not_found' })
    expect(await save({ level: 'none' })).toMatchObject({ code: 'invalid_input' })
    expect(await save({ report: id, user: world.person.bo_resident.id, level: 'none' })).toMatchObject({ code: 'invalid_input' })
    expect(await save({ report: id, level: 'some' })).toMatchObject({ code: 'invalid_input' })
    expect(await save({ report: id, level: 'all', quiet_from: '25:00', quiet_to: '07:00' })).toMatchObject({ code: 'invalid_input' })
  })
})

describe('dead letters at the desk', () => {
  const dead = async (report: Filed) => mailOf(report, { status: 'dead', attempts: 14, last_error: 'smtp_550', settled_at: new Date().toISOString() })
  const list = async (who: Person, p: Record<string, unknown> = {}) => answerOf((await world.as(who)).rpc('list_messages', { p }))
  const resend = async (who: Person, ids: number[]) => answerOf((await world.as(who)).rpc('resend_messages', { p_ids: ids }))
  const idsOf = (answer: Record<string, unknown>) => (answer.messages as { id: number }[]).map(({ id }) => id)

  it('lead and chief see those of their station, with masked addresses and none of a sealed one', async () => {
    const [named, anonymous, far] = [await aNamedReport(world, 'amina_resident'), await sealedReport(), await aReport(world, { station: world.station.far, community: world.community.far, grid: world.grid.far, contact_mode: 'sealed', notify_sealed: sealed('far@example.org') })]
    const [namedId, sealedId, farId] = [await dead(named), await dead(anonymous), await dead(far)]

    const seen = await list('lead_zhao')

    expect(idsOf(seen)).toEqual(expect.arrayContaining([namedId, sealedId]))
    expect(idsOf(seen)).not.toContain(farId)
    const rows = seen.messages as { id: number }[]
    expect(rows.find(({ id }) => id === namedId)).toMatchObject({ recipient: `a•••@${world.person.amina_resident.email.split('@')[1]}`, reference: named.reference, error: 'smtp_550', attempts: 14, can_resend: true })
    expect(rows.find(({ id }) => id === sealedId)).toMatchObject({ recipient: null })
    expect(JSON.stringify(seen)).not.toContain(world.person.amina_resident.email)
    expect(JSON.stringify(seen)).not.toContain('v1.')
    expect(idsOf(await list('chief_far'))).toEqual([farId])
  })

  it.each(['officer_wang', 'auditor_wu', 'admin_zheng', 'amina_resident'] as const)('%s sees and sends none', async (who) => {
    const id = await dead(await sealedReport())

    expect(await list(who)).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await resend(who, [id])).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await rowOf(id)).toMatchObject({ status: 'dead' })
  })

  it('RULES A6: a mail about the police is there for the chief who is not named, and for nobody else', async () => {
    const id = await dead(await aReport(world, { category: 'test_police', about_staff: [world.person.chief_sun.id], contact_mode: 'sealed', notify_sealed: sealed('x@example.org') }))

    expect(idsOf(await list('lead_zhao'))).not.toContain(id)
    expect(idsOf(await list('chief_sun'))).not.toContain(id)
    expect(await resend('chief_sun', [id])).toMatchObject({ ok: false, code: 'not_found' })
    expect(idsOf(await list('chief_qian'))).toContain(id)
  })

  it('goes out again with all its attempts and the same key, and the log says who sent it', async () => {
    const report = await sealedReport()
    const id = await dead(report)
    expect(await resend('lead_zhao', [id])).toMatchObject({ ok: true, resent: 1 })

    expect(await rowOf(id)).toMatchObject({ status: 'queued', attempts: 0, last_error: null, settled_at: null })
    const [logged] = await world.sql`select actor_id, actor_role from public.audit_log where noun_id = ${report.id} and action = 'message.resent'`
    expect(logged).toMatchObject({ actor_id: world.person.lead_zhao.id, actor_role: 'lead' })
  })

  it('what was sent, waits, or lies at another station cannot be sent again', async () => {
    const sentId = await mailOf(await sealedReport(), { status: 'sent' })
    const farId = await dead(await aReport(world, { station: world.station.far, community: world.community.far, grid: world.grid.far, contact_mode: 'sealed', notify_sealed: sealed('far@example.org') }))

    expect(await resend('chief_qian', [sentId, farId])).toMatchObject({ ok: false, code: 'not_found' })
    expect(await rowOf(sentId)).toMatchObject({ status: 'sent' })
    expect(await rowOf(farId)).toMatchObject({ status: 'dead' })
  })

  it('a code that is too old is not sent again', async () => {
    const id = await mailOf(await sealedReport(), { status: 'dead', template: 'accounts.code' })

    expect((await list('chief_qian') as unknown as { messages: { id: number }[] }).messages.find(message => message.id === id)).toMatchObject({ can_resend: false })
    expect(await resend('chief_qian', [id])).toMatchObject({ ok: false, code: 'not_found' })
  })

  it('comes in pages', async () => {
    for (let times = 0; times < 3; times++) await dead(await sealedReport())
    const first = await list('chief_qian', { limit: 2 })
    const second = await list('chief_qian', { limit: 2, cursor: first.next_cursor })

    expect(idsOf(first)).toHaveLength(2)
    expect(Math.max(...idsOf(second))).toBeLessThan(Math.min(...idsOf(first)))
  })
})

describe('purging', () => {
  it('removes what was settled long ago; dead letters stay longer, what waits stays', async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
    const ids = {
      old: await mailOf(await sealedReport(), { status: 'sent', settled_at: daysAgo(31) }),
      fresh: await mailOf(await sealedReport(), { status: 'sent', settled_at: daysAgo(29) }),
      dead: await mailOf(await sealedReport(), { status: 'dead', settled_at: daysAgo(80) }),
      oldDead: await mailOf(await sealedReport(), { status: 'dead', settled_at: daysAgo(91) }),
      waiting: await mailOf(await sealedReport()),
    }
    await answerOf(world.server.rpc('purge_outbox', { p: { limit: 1000 } }))

    const left = await world.sql<{ id: string }[]>`select id from public.outbox where id = any (${Object.values(ids)})`
    expect(left.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual([ids.fresh, ids.dead, ids.waiting])
  })
})
