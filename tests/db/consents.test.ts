import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aNamedReport, answerOf, moveReport, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const own = async (who: Person, name: string, args = {}) => answerOf((await world.as(who)).rpc(name, args))
const save = (who: Person, decisions: unknown, rest = {}) => own(who, 'save_consents', { p: { decisions, locale: 'zh', ...rest } })
const lastOf = async (who: Person, purpose: string) => ((await own(who, 'list_consents')).texts as { purpose: string, last: unknown }[]).find(text => text.purpose === purpose)?.last
const mailsAbout = async (id: string) => (await world.sql`select id from public.outbox where noun_id = ${id}`).length

beforeAll(async () => {
  world = await buildWorld()
  const text = world.sql.json({ zh: '文', en: 'Text' })
  for (const [purpose, isRequired] of [['account', true], ['contact_mail', false]] as const) {
    await world.sql`insert into private.consent_texts (purpose, version, title, body, is_required) values (${purpose}, 1, ${text}, ${text}, ${isRequired}) on conflict do nothing`
  }
})
afterAll(() => world?.close())

describe('consents', () => {
  it('nobody has agreed to anything before they said so', async () => {
    expect(await lastOf('bo_resident', 'account')).toBeNull()
    expect(await lastOf('bo_resident', 'contact_mail')).toBeNull()
  })

  it('are kept with version, time and channel, for oneself only; the same word twice is one row', async () => {
    const yes = [{ purpose: 'account', version: 1, is_given: true }, { purpose: 'contact_mail', version: 1, is_given: true }]
    expect(await save('amina_resident', yes)).toEqual({ ok: true })
    expect(await save('amina_resident', yes)).toEqual({ ok: true })

    expect(await lastOf('amina_resident', 'contact_mail')).toMatchObject({ version: 1, is_given: true, channel: 'web' })
    expect((await own('amina_resident', 'list_consents')).history).toHaveLength(2)
    expect((await own('bo_resident', 'list_consents')).history).toEqual([])
  })

  it('a hundred changes of mind a day are kept, not more', async () => {
    await world.sql`insert into private.consents (user_id, purpose, version, is_given, at, channel, locale) select ${world.person.bo_resident.id}, 'contact_mail', 1, n % 2 = 0, private.clock(), 'web', 'zh' from generate_series(1, 100) n`

    expect(await save('bo_resident', [{ purpose: 'contact_mail', version: 1, is_given: false }])).toMatchObject({ ok: false, code: 'rate_limited' })

    await world.sql`delete from private.consents where user_id = ${world.person.bo_resident.id}`
    expect(await save('bo_resident', Array.from({ length: 21 }, (_, n) => ({ purpose: 'contact_mail', version: 1, is_given: n % 2 === 0 })))).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('can be taken back; what the account needs cannot, short of erasing it', async () => {
    expect(await save('amina_resident', [{ purpose: 'contact_mail', version: 1, is_given: false }])).toEqual({ ok: true })

    expect(await lastOf('amina_resident', 'contact_mail')).toMatchObject({ is_given: false })
    expect(await save('amina_resident', [{ purpose: 'account', version: 1, is_given: false }])).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('hold for the text that is in force, not for one that nobody showed', async () => {
    expect(await save('bo_resident', [{ purpose: 'contact_mail', version: 2, is_given: true }])).toEqual({ ok: false, code: 'conflict' })
    for (const decisions of [[{ purpose: 'unknown', version: 1, is_given: true }], [{ purpose: 'contact_mail', version: 1 }], 'yes', null]) expect(await save('bo_resident', decisions)).toEqual({ ok: false, code: 'invalid_input' })
    expect(await save('bo_resident', [], { channel: 'desk' }), 'nobody at the desk agrees for a resident').toEqual({ ok: false, code: 'invalid_input' })
  })

  it('a text and a word once given are never changed, not even by the owner of the tables', async () => {
    await expect(world.sql`update private.consent_texts set version = 9 where purpose = 'account'`).rejects.toThrow('append-only')
    await expect(world.sql`update private.consents set is_given = true`).rejects.toThrow('append-only')
  })
})

describe('mails about a report', () => {
  it('go to whoever said yes and to older accounts that were never asked', async () => {
    const report = await aNamedReport(world, 'bo_resident')

    expect(await mailsAbout(report.id)).toBe(1)
  })

  it('stop with a no for a named report whose address is sealed, too', async () => {
    const report = await aNamedReport(world, 'amina_resident', { notify_sealed: sealed('amina') })

    expect(await mailsAbout(report.id)).toBe(0)
  })

  it('stop with a no, whichever function writes them, and begin again with a yes', async () => {
    const report = await aNamedReport(world, 'amina_resident')
    await moveReport(world, 'officer_wang', report, 'received', 'triaged')
    expect(await mailsAbout(report.id)).toBe(0)

    await save('amina_resident', [{ purpose: 'contact_mail', version: 1, is_given: true }])
    await moveReport(world, 'officer_wang', report, 'triaged', 'in_progress')
    expect(await mailsAbout(report.id)).toBe(1)
  })
})
