import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHash, aNamedReport, aReport, answerOf, deskCall, failureOf, sealed, type Filed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

/** What leaves only through functions that log (RULES B3), or not at all. */
const hiddenColumns = [
  'content_sealed', 'content_key', 'contact_sealed', 'contact_key', 'notify_sealed', 'content_hash', 'nonce', 'owner_id', 'owner_hash', 'receipt_hash', 'about_staff', 'occurred_at',
  'emergency_kind', 'intake', 'taken_by', 'is_hidden', 'is_unverified', 'summary',
]
const readers: readonly (Person | 'guest' | 'server')[] = ['guest', 'amina_resident', 'officer_wang', 'lead_zhao', 'chief_qian', 'auditor_wu', 'admin_zheng', 'server']

let world: World
let own: Filed
let client: (who: Person | 'guest' | 'server') => Promise<World['guest']>

beforeAll(async () => {
  world = await buildWorld()
  client = async who => who === 'guest' ? world.guest : who === 'server' ? world.server : world.as(who)
  own = await aNamedReport(world, 'amina_resident')
  await deskCall(world, 'officer_wang', 'add_report_note', { reference: own.reference, text_sealed: sealed('internal') })
})
afterAll(() => world?.close())

describe.each(readers)('%s', (who) => {
  it.each(hiddenColumns)('cannot select, filter or order by reports.%s over REST', async (column) => {
    const reports = (await client(who)).from('reports')

    expect((await failureOf(reports.select(column).eq('id', own.id))).code).toBe('42501')
    expect((await failureOf(reports.select('id').not(column, 'is', null))).code).toBe('42501')
    expect((await failureOf(reports.select('id').order(column))).code).toBe('42501')
  })

  it('cannot select every column of a report', async () => {
    expect((await failureOf((await client(who)).from('reports').select('*'))).code).toBe('42501')
  })

  it.each(['report_messages(*)', 'report_notes(id)', 'report_attachments(sha256)', 'report_followers(id)', 'staff!reports_assigned_to_fkey(user_id),report_notes(text_sealed)'])('reaches nothing by embedding %s', async (embedded) => {
    const { error, data } = await (await client(who)).from('reports').select(`id,${embedded}`)

    expect([data, error?.code]).toEqual([null, '42501'])
  })
})

it('the sentences and actors of events, and the subjects of bans, are not selectable by the chief either', async () => {
  const chief = await world.as('chief_qian')

  for (const column of ['public_sealed', 'actor_id', 'is_public']) expect((await failureOf(chief.from('report_events').select(column))).code).toBe('42501')
  expect((await failureOf(chief.from('bans').select('subject_hash'))).code).toBe('42501')
  expect((await failureOf(chief.from('bans').select('id').eq('subject_hash', aHash()))).code).toBe('42501')
})

it('counts are not wider than the policy', async () => {
  await aReport(world)
  const countFor = async (who: Person) => (await (await world.as(who)).from('reports').select('id', { count: 'exact', head: true })).count

  expect(await countFor('amina_resident')).toBe(1)
  expect(await countFor('bo_resident')).toBe(0)
  expect(await countFor('officer_wang')).toBe(2)
  expect(await countFor('admin_zheng')).toBe(0)
})

it('an aggregate over hidden rows or columns is refused', async () => {
  const { error } = await (await world.as('bo_resident')).from('reports').select('receipt_hash.count()')

  expect(error).not.toBeNull()
})

it('an error does not quote what it is about', async () => {
  const texts: string[] = []
  for (const attempt of [
    (await world.as('officer_li')).from('reports').select('content_sealed').eq('id', own.id),
    (await world.as('officer_li')).from('reports').insert({ id: own.id, reference: own.reference, receipt_hash: own.receiptHash }),
    (await world.as('officer_li')).from('report_messages').select('*').eq('report_id', own.id),
    (await world.as('officer_li')).from('reports').update({ summary: 'x' }).eq('id', own.id),
  ]) texts.push(JSON.stringify((await attempt).error))

  for (const text of texts) {
    expect(text).toContain('42501')
    expect(text).not.toContain(own.id)
    expect(text).not.toContain(own.receiptHash)
  }
})

it('a banned resident cannot learn of the ban: neither by REST nor from their own list', async () => {
  const hash = aHash()
  await deskCall(world, 'lead_zhao', 'ban_reporter', { reference: own.reference, subject_hash: hash, reason: 'insults' })
  const hidden = await aNamedReport(world, 'amina_resident', { ban_hashes: [hash] })

  const { data } = await (await world.as('amina_resident')).from('reports').select('id, status').order('received_at')
  const list = await answerOf(world.server.rpc('list_my_reports', { p: await world.actor('amina_resident') }))

  expect(data).toEqual([{ id: own.id, status: 'received' }, { id: hidden.id, status: 'received' }])
  expect(JSON.stringify(list)).not.toMatch(/hidden|ban|unverified/)
})
