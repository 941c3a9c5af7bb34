import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Filed, type Submission, aNamedReport, aReport, anAttachment, answerOf, deskCall, failureOf, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld, signInStaff } from './world.ts'

let world: World
const open = async (who: Person, report: Pick<Filed, 'reference'>, purpose = 'handling') => answerOf((await world.as(who)).rpc('open_report', { p_reference: report.reference, p_purpose: purpose }))
const notFound = { ok: false, code: 'not_found' }

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

const everyone: Person[] = ['officer_wang', 'officer_li', 'lead_zhao', 'chief_sun', 'chief_qian', 'chief_far', 'auditor_wu', 'admin_zheng', 'amina_resident', 'bo_resident']
/** Who may open a report, and who may change it. Everyone else is told that it does not exist. */
const reach: Record<string, { report: (of: World) => Submission, opens: Person[], changes: Person[] }> = {
  'in Ping\'an': { report: () => ({}), opens: ['officer_wang', 'lead_zhao', 'chief_sun', 'chief_qian'], changes: ['officer_wang', 'lead_zhao', 'chief_sun', 'chief_qian'] },
  'in Chang\'le': {
    report: of => ({ community: of.community.changLe, grid: of.grid.changLe }),
    opens: ['officer_li', 'lead_zhao', 'chief_sun', 'chief_qian'],
    changes: ['officer_li', 'lead_zhao', 'chief_sun', 'chief_qian'],
  },
  'without a place': { report: () => ({ community: null, grid: null }), opens: ['lead_zhao', 'chief_sun', 'chief_qian'], changes: ['lead_zhao', 'chief_sun', 'chief_qian'] },
  'about the police, naming chief Sun': { report: of => ({ category: 'test_police', about_staff: [of.person.chief_sun.id] }), opens: ['chief_qian', 'auditor_wu'], changes: ['chief_qian'] },
  'about the police, naming the auditor': { report: of => ({ category: 'test_police', about_staff: [of.person.auditor_wu.id] }), opens: ['chief_sun', 'chief_qian'], changes: ['chief_sun', 'chief_qian'] },
  'about the police, naming nobody': { report: () => ({ category: 'test_police' }), opens: ['chief_sun', 'chief_qian', 'auditor_wu'], changes: ['chief_sun', 'chief_qian'] },
  'of another station': { report: of => ({ station: of.station.far, community: of.community.far, grid: of.grid.far }), opens: ['chief_far'], changes: ['chief_far'] },
}

describe.each(Object.keys(reach))('a report %s', (name) => {
  const { report: changes, opens, changes: changers } = reach[name]!

  it.each(everyone)('is opened by %s, or does not exist for them', async (who) => {
    const report = await aReport(world, changes(world))

    const answer = await open(who, report)

    if (opens.includes(who)) expect(answer).toMatchObject({ ok: true, can_change: changers.includes(who), content_sealed: sealed('what happened') })
    else expect(answer).toEqual(await open(who, { reference: 'LL-0000-0000' }))
    expect(answer.ok).toBe(opens.includes(who))
  })

  it.each(everyone)('is changed by %s, or does not exist for them', async (who) => {
    const report = await aReport(world, changes(world))
    const client = await world.as(who)
    const { reference } = report
    const attempts: [string, () => Promise<{ ok: boolean, code?: string }>][] = [
      ['begin_desk_writing', () => deskCall(world, who, 'begin_desk_writing', { reference })],
      ['add_staff_message', () => deskCall(world, who, 'add_staff_message', { reference, message_id: randomUUID(), text_sealed: sealed('x') })],
      ['add_report_note', () => deskCall(world, who, 'add_report_note', { reference, text_sealed: sealed('x') })],
      ['add_attachment', () => deskCall(world, who, 'add_attachment', { reference, attachment: anAttachment() })],
      ['summarise_report', () => answerOf(client.rpc('summarise_report', { p_reference: reference, p_summary: 'x' }))],
      ['release_report', () => answerOf(client.rpc('release_report', { p_reference: reference }))],
      ['assign_report', () => answerOf(client.rpc('assign_report', { p_reference: reference, p_staff: world.person[who].id }))],
      ['change_report_status', () => deskCall(world, who, 'change_report_status', { reference, status: 'triaged', from_status: 'received', public_sealed: sealed('x') })],
    ]

    for (const [attempt, act] of attempts) {
      const answer = await act()
      if (changers.includes(who)) expect(answer, attempt).toMatchObject({ ok: true })
      else expect(answer, attempt).toEqual(notFound)
    }
    const [row] = await world.sql`select status, summary, assigned_to from public.reports where id = ${report.id}`
    if (!changers.includes(who)) expect(row).toEqual({ status: 'received', summary: null, assigned_to: null })
  })
})

describe('named rules', () => {
  it('an officer of Chang\'le cannot open a report of Ping\'an, until it is assigned to them', async () => {
    const report = await aReport(world)
    expect(await open('officer_li', report)).toEqual(notFound)

    await answerOf((await world.as('lead_zhao')).rpc('assign_report', { p_reference: report.reference, p_staff: world.person.officer_li.id }))

    expect(await open('officer_li', report)).toMatchObject({ ok: true })
  })

  it('an officer whose assignment ended yesterday has lost the community, one whose starts tomorrow has not got it', async () => {
    const report = await aReport(world)
    const day = async (days: number) => (await world.sql`select ((now() at time zone 'Asia/Shanghai')::date + ${days}::int)::text as day`)[0]!.day as string
    const staff_id = world.person.officer_wang.id
    try {
      await world.sql`update public.assignments set to_on = ${await day(-1)} where staff_id = ${staff_id}`
      expect(await open('officer_wang', report)).toEqual(notFound)
      await world.sql`update public.assignments set to_on = ${await day(0)} where staff_id = ${staff_id}`
      expect(await open('officer_wang', report)).toMatchObject({ ok: true })
      await world.sql`update public.assignments set to_on = null, from_on = ${await day(1)} where staff_id = ${staff_id}`
      expect(await open('officer_wang', report)).toEqual(notFound)
    }
    finally {
      await world.sql`update public.assignments set to_on = null, from_on = '2020-01-01' where staff_id = ${staff_id}`
    }
  })

  it('a stand-in has the community for the time of the cover', async () => {
    const report = await aReport(world)
    await world.sql`insert into public.assignments (staff_id, community_id, kind, from_on) values (${world.person.officer_li.id}, ${world.community.pingAn}, 'stand_in', '2020-01-01')`

    expect(await open('officer_li', report)).toMatchObject({ ok: true })
    await world.sql`delete from public.assignments where staff_id = ${world.person.officer_li.id} and kind = 'stand_in'`
    expect(await open('officer_li', report)).toEqual(notFound)
  })

  it('a member of staff who was deactivated sees nothing at once, also with a running session', async () => {
    const report = await aReport(world)
    const client = await world.as('lead_zhao')
    try {
      await world.sql`update public.staff set is_active = false where user_id = ${world.person.lead_zhao.id}`
      expect(await open('lead_zhao', report)).toEqual(notFound)
      expect((await client.from('reports').select('id')).data).toEqual([])
      expect((await client.from('staff').select('user_id')).data).toEqual([])
      expect(await answerOf(client.rpc('list_reports', { p: {} }))).toEqual({ ok: false, code: 'forbidden' })
      expect(await deskCall(world, 'lead_zhao', 'add_report_note', { reference: report.reference, text_sealed: sealed('x') })).toEqual(notFound)
    }
    finally {
      await world.sql`update public.staff set is_active = true where user_id = ${world.person.lead_zhao.id}`
    }
  })

  it('the contact of a named report is shown, that of a sealed one needs a reveal', async () => {
    const contact = { contact_sealed: sealed('phone'), contact_key: sealed('contact key') }
    const named = await aReport(world, { contact_mode: 'named', ...contact })
    const hidden = await aReport(world, { contact_mode: 'sealed', ...contact })

    expect(await open('officer_wang', named)).toMatchObject({ contact_sealed: sealed('phone'), contact_key: sealed('contact key') })
    expect(await open('chief_sun', hidden)).toMatchObject({ contact_sealed: null, contact_key: null })
  })

  it('opening never shows owner, receipt or hashes', async () => {
    const report = await aNamedReport(world, 'amina_resident')

    const text = JSON.stringify(await open('chief_sun', report))

    for (const secret of [world.person.amina_resident.id, report.receiptHash, 'owner_id', 'owner_hash', 'receipt_hash', 'nonce']) expect(text).not.toContain(secret)
  })

  it('a viewing copy is opened instead of the original, and only by those who see the report', async () => {
    const report = await aReport(world)
    const [photo, recording] = [randomUUID(), randomUUID()]
    const add = (attachment: Submission) => answerOf(world.server.rpc('add_attachment', { p: { reference: report.reference, access: report.access, attachment } }))
    await add(anAttachment({ id: photo, original_blob: `o-${photo}` }))
    await add(anAttachment({ id: recording, media_type: 'audio/mpeg', original_blob: `o-${recording}`, view_blob: null, view_media_type: null }))
    const openFile = async (who: Person, id: string) => answerOf((await world.as(who)).rpc('open_attachment', { p_id: id }))

    expect(await openFile('officer_wang', photo)).toMatchObject({ ok: true, original_blob: null })
    expect(await openFile('officer_wang', recording)).toMatchObject({ ok: true, original_blob: `o-${recording}` })
    for (const who of ['officer_li', 'auditor_wu', 'admin_zheng', 'amina_resident', 'chief_far'] as const) expect(await openFile(who, photo), who).toEqual(notFound)
    expect(await openFile('officer_wang', randomUUID())).toEqual(notFound)
  })

  it('a hidden, a merged and a withdrawn report open like any other', async () => {
    const [hidden, merged, into, gone] = [await aReport(world), await aReport(world), await aReport(world), await aReport(world)]
    await world.sql`update public.reports set is_hidden = true where id = ${hidden.id}`
    await answerOf((await world.as('officer_wang')).rpc('merge_report', { p_reference: merged.reference, p_into: into.reference }))
    await answerOf(world.server.rpc('withdraw_report', { p: { reference: gone.reference, access: gone.access } }))

    expect((await open('officer_wang', hidden)).report).toMatchObject({ is_hidden: true })
    expect((await open('officer_wang', merged)).report).toMatchObject({ status: 'closed', closed_reason: 'duplicate', merged_into: into.reference })
    expect((await open('officer_wang', into)).report).toMatchObject({ merged: [merged.reference] })
    expect((await open('officer_wang', gone)).report).toMatchObject({ status: 'closed', closed_reason: 'withdrawn' })
  })
})

describe('who is asking (RULES A2, A4)', () => {
  it('an ended session is refused everywhere, although its token has not run out', async () => {
    const persona = await world.backend.createUser('leaving_officer')
    await world.sql`insert into public.staff (user_id, station_id, role, name, badge_number) values (${persona.id}, ${world.station.home}, 'chief', '{"zh": "x", "en": "x"}', ${persona.id})`
    const client = await signInStaff(world.backend, persona)
    const report = await aReport(world)
    expect(await answerOf(client.rpc('open_report', { p_reference: report.reference }))).toMatchObject({ ok: true })
    const token = (await client.auth.getSession()).data.session!.access_token

    await client.auth.signOut()

    const headers = { 'apikey': world.backend.publishableKey, 'authorization': `Bearer ${token}`, 'content-type': 'application/json' }
    const rpc = await fetch(`${world.backend.url}/rest/v1/rpc/open_report`, { method: 'POST', headers, body: JSON.stringify({ p_reference: report.reference }) })
    const select = await fetch(`${world.backend.url}/rest/v1/reports?select=id`, { headers })
    expect([rpc.status, (await rpc.json() as { code: string }).code]).toEqual([401, 'PT401'])
    expect(select.status).toBe(401)
  })

  it('the server naming an actor needs that actor\'s own living session', async () => {
    const report = await aReport(world)
    const note = (actor: Submission) => failureOf(world.server.rpc('add_report_note', { p: { reference: report.reference, text_sealed: sealed('x'), ...actor } }))

    expect(await note({ actor: world.person.chief_sun.id })).toEqual({ status: 401, code: 'PT401' })
    expect(await note({ actor: world.person.chief_sun.id, session: randomUUID() })).toEqual({ status: 401, code: 'PT401' })
    expect(await note({ ...await world.actor('officer_wang'), actor: world.person.chief_sun.id })).toEqual({ status: 401, code: 'PT401' })
  })

  it('the rights of a named actor are checked again, and nobody is nobody', async () => {
    const report = await aReport(world)

    expect(await deskCall(world, 'officer_li', 'add_report_note', { reference: report.reference, text_sealed: sealed('x') })).toEqual(notFound)
    expect(await answerOf(world.server.rpc('add_report_note', { p: { reference: report.reference, text_sealed: sealed('x') } }))).toEqual(notFound)
  })

  it('an actor named by any other role is refused with 403, not ignored', async () => {
    const seen: { code: string, detail: string }[] = []
    for (const role of ['authenticated', 'anon'] as const) {
      await world.sql.begin(async (sql) => {
        await sql`select set_config('request.jwt.claims', ${JSON.stringify({ role, sub: world.person.officer_wang.id, session_id: (await world.actor('officer_wang')).session })}, true)`
        await sql`select private.actor(${world.person.chief_sun.id}, ${(await world.actor('chief_sun')).session})`
      }).catch((error: unknown) => seen.push(error as { code: string, detail: string }))
    }

    expect(seen.map(({ code, detail }) => [code, detail])).toEqual([['PT403', 'forbidden'], ['PT403', 'forbidden']])
  })

  it('a resident gets the same answer for a report that exists and one that does not, by every function they may call', async () => {
    const report = await aReport(world)
    const client = await world.as('bo_resident')
    const ask = async (reference: string) => [
      await answerOf(client.rpc('open_report', { p_reference: reference })), await answerOf(client.rpc('assign_report', { p_reference: reference, p_staff: null })),
      await answerOf(client.rpc('summarise_report', { p_reference: reference, p_summary: 'x' })), await answerOf(client.rpc('merge_report', { p_reference: reference, p_into: reference })),
      await answerOf(client.rpc('unmerge_report', { p_reference: reference })), await answerOf(client.rpc('release_report', { p_reference: reference })),
      await answerOf(client.rpc('list_audit_log', { p: { reference } })), await answerOf(client.rpc('list_reports', { p: { q: reference } })),
    ]

    expect(await ask(report.reference)).toEqual(await ask('LL-0000-0000'))
  })

  it('a resident cannot hold a report\'s row by trying to merge it', async () => {
    const report = await aReport(world)
    const client = await world.as('bo_resident')
    await world.sql.begin(async (sql) => {
      await sql`select from public.reports where id = ${report.id} for update`

      const answer = await answerOf(client.rpc('merge_report', { p_reference: report.reference, p_into: 'LL-0000-0000' }))

      // It would wait for the row, and run into the time limit, if it tried to lock what it may not see.
      expect(answer).toEqual(notFound)
    })
  })
})
