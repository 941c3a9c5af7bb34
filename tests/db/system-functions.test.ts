// What jobs and public pages call with the secret key, or anybody may: what it answers, and that other callers are refused. The rest of the functions of
// these migrations has a file by its noun; who may execute what at all is tried for each in function-matrix.test.ts.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerOf } from './reports-builder.ts'
import { revisitActs } from './revisits-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

const { accepted, lastStep, passDays } = revisitActs(() => world)
const denied = async (name: string, args: Record<string, unknown>) => {
  const answers = [await world.guest.rpc(name, args), await (await world.as('amina_resident')).rpc(name, args), await (await world.as('chief_sun')).rpc(name, args)]
  expect(answers.map(({ error }) => error?.code), name).toEqual(['42501', '42501', '42501'])
}

it('foresee_revisits says what the clock would bring about, and changes nothing', async () => {
  const report = await accepted()
  await passDays(report, 5)
  const { informed } = await answerOf(world.server.rpc('foresee_revisits', {}))

  expect(informed).toBeGreaterThanOrEqual(1)
  expect(await world.sql`select informed_at from public.revisits where id = ${(await lastStep(report)).id}`).toEqual([{ informed_at: null }])
  expect(await world.sql`select id from public.outbox where noun_id = ${report.id} and template = 'revisits.overdue'`).toEqual([])
  await denied('foresee_revisits', {})
})

it('list_retention_rules gives the promises of the privacy page to the portal alone', async () => {
  const { rules } = await answerOf(world.server.rpc('list_retention_rules', {})) as unknown as { rules: { kind: string, name: object }[] }

  expect(rules.map(({ kind }) => kind)).toEqual((await world.sql`select kind from private.retention_rules order by position`).map(({ kind }) => kind))
  await denied('list_retention_rules', {})
})

it('get_consent_texts gives everybody each text in force, once', async () => {
  const texts = async (client: World['guest']) => (await answerOf(client.rpc('get_consent_texts', {})) as unknown as { texts: { purpose: string, version: number }[] }).texts
  const guest = await texts(world.guest)

  expect(guest.length).toBeGreaterThan(0)
  expect(new Set(guest.map(({ purpose }) => purpose)).size).toBe(guest.length)
  expect(await texts(await world.as('amina_resident'))).toEqual(guest)
})

it('add_signing_key takes none that would sign at once or in the past', async () => {
  const args = (from: string) => ({ p_id: `signing-${randomUUID()}`, p_wrapped: 'v1.k1.AAAA.AAAA', p_valid_from: from })
  for (const from of ['2020-01-01T00:00:00Z', new Date(Date.now() - 1000).toISOString()]) expect(await answerOf(world.server.rpc('add_signing_key', args(from)))).toEqual({ ok: false, code: 'invalid_input' })

  await denied('add_signing_key', args('2100-01-01T00:00:00Z'))
})

it('append_root takes no root of a day that is not over, and none that does not follow the last', async () => {
  const root = (over: object) => ({ p: { day: '2999-01-01', root: 'a'.repeat(64), previous: null, first_block: 1, last_block: 1, published_at: new Date().toISOString(), key_id: 'signing-1', signature: 'x', hash: 'b'.repeat(64), ...over } })
  for (const over of [{}, { day: '2020-01-01', previous: 'f'.repeat(64) }]) expect(await answerOf(world.server.rpc('append_root', root(over)))).toEqual({ ok: false, code: 'conflict' })

  await denied('append_root', root({}))
  await denied('root_candidate', {})
  await denied('list_roots', {})
  await denied('find_seal', { p_reference: 'LL-0000-0000', p_content_hash: 'a'.repeat(64) })
})

it('record_seal_page keeps nothing for a check that nobody began', async () => {
  const page = { p: { id: randomUUID(), at: null, cursor: null, blocks: 1, rows: 1, erased: 0, found: [] } }
  expect(await answerOf(world.server.rpc('record_seal_page', page))).toEqual({ ok: false, code: 'not_found' })

  await denied('record_seal_page', page)
})
