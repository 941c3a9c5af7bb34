import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publicFunctions } from './function-matrix.ts'
import { type Submission, aNamedReport, aSubmission } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

/** JSON that no page of ours would send. Each must end in a refusal or a 4xx, never in a 5xx, and change nothing. */
const odd: Record<string, unknown> = {
  'null': null, 'true': true, 'zero': 0, 'a huge number': 1e308, 'a fraction': -0.5, 'an empty text': '', 'words': 'not a uuid', 'an empty list': [], 'a list of nulls': [null, [null]],
  'an empty object': {}, 'a nested object': { id: { id: [] } }, 'a very long text': 'x'.repeat(200_000), 'NUL': 'a\u0000b', 'a lone surrogate': '\ud800', 'quotes': '\'";--', 'infinity': 'infinity',
  'a year far away': '294277-01-01T00:00:00Z', 'a zone that is none': '2026-01-01T00:00:00+99:99',
}

let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

/** Status and answer of a call as the function's own caller would make it; also without supabase-js, whose types would stop us. */
async function post(name: string, body: string): Promise<{ status: number, text: string }> {
  const { url, publishableKey, secretKey } = world.backend
  const { callers } = publicFunctions[name]!
  const isServer = callers.includes('service_role')
  const token = isServer ? secretKey : (await (await world.as('chief_sun')).auth.getSession()).data.session!.access_token
  const answer = await fetch(`${url}/rest/v1/rpc/${name}`, { method: 'POST', body, headers: { 'apikey': isServer ? secretKey : publishableKey, 'authorization': `Bearer ${token}`, 'content-type': 'application/json' } })
  return { status: answer.status, text: await answer.text() }
}

const safe = (name: string, what: string, { status, text }: { status: number, text: string }) => {
  expect(status, `${name} with ${what}: ${text.slice(0, 300)}`).toBeLessThan(500)
  expect(text.length, `${name} with ${what} answers at length`).toBeLessThan(1_500_000)
}

describe('each argument of each function', () => {
  const untouched = new Set(['get_reference_data'])

  it.each(Object.keys(publicFunctions).filter(name => Object.keys(publicFunctions[name]!.args).length > 0 && !untouched.has(name)))('%s', async (name) => {
    for (const argument of Object.keys(publicFunctions[name]!.args)) {
      for (const [what, value] of Object.entries(odd)) {
        safe(name, `${argument} = ${what}`, await post(name, JSON.stringify({ ...publicFunctions[name]!.args, [argument]: value })))
      }
    }
  })
})

describe('each field of a large argument', () => {
  const fields: Record<string, () => Promise<Submission>> = {
    submit_report: async () => ({ ...aSubmission(world, { contact_mode: 'sealed', owner_hash: 'x', about_staff: [], ban_hashes: [], attachments: [], occurred_at: null, emergency_kind: null, draft_id_hash: null, has_proof: true, is_unverified: false, notify_sealed: null, contact_sealed: null, contact_key: null }), ...await world.actor('amina_resident') }),
    list_reports: async () => ({ view: 'inbox', status: [], category: 'x', community: randomUUID(), grid: randomUUID(), assigned: 'me', urgent: true, overdue: true, from: '2026-01-01', to: '2026-01-02', q: 'x', cursor: null, limit: 5 }),
    list_audit_log: async () => ({ action: 'a.b', actor: randomUUID(), reference: 'x', from: '2026-01-01', to: '2026-01-02', cursor: 1, limit: 5 }),
    track_report: async () => ({ reference: 'LL-0000-0000', access: { receipt_hash: 'x' }, guess_limits: [] }),
    change_report_status: async () => ({ reference: 'LL-0000-0000', status: 'closed', from_status: 'received', closed_reason: 'spam', public_sealed: 'v1.x', note_sealed: 'v1.x', ...await world.actor('chief_sun') }),
    add_attachment: async () => ({ reference: 'LL-0000-0000', access: null, attachment: {}, limits: [], ...await world.actor('chief_sun') }),
    save_draft: async () => ({ id_hash: randomUUID(), sealed: 'v1.x', blobs: [], limits: [] }),
  }

  it.each(Object.keys(fields))('%s', async (name) => {
    const whole = await fields[name]!()
    for (const field of Object.keys(whole)) {
      for (const [what, value] of Object.entries(odd)) {
        const fresh = name === 'submit_report' ? { id: randomUUID(), receipt_hash: whole.receipt_hash, key_hash: `receipt-1:${randomUUID()}`, challenge: null } : {}
        safe(name, `${field} = ${what}`, await post(name, JSON.stringify({ p: { ...whole, ...fresh, [field]: value } })))
      }
    }
  })
})

it('a change on a report that exists survives the same treatment', async () => {
  const report = await aNamedReport(world, 'amina_resident')
  const actor = await world.actor('chief_sun')
  const base = { reference: report.reference, ...actor }
  for (const [what, value] of Object.entries(odd)) {
    safe('change_report_status', what, await post('change_report_status', JSON.stringify({ p: { ...base, status: value, from_status: 'received', closed_reason: value } })))
    safe('add_staff_message', what, await post('add_staff_message', JSON.stringify({ p: { ...base, message_id: value, text_sealed: value } })))
    safe('add_report_note', what, await post('add_report_note', JSON.stringify({ p: { ...base, text_sealed: value } })))
    safe('add_attachment', what, await post('add_attachment', JSON.stringify({ p: { ...base, attachment: value } })))
    safe('add_attachment', what, await post('add_attachment', JSON.stringify({ p: { reference: report.reference, access: report.access, attachment: { id: value, size_bytes: value } } })))
    safe('ban_reporter', what, await post('ban_reporter', JSON.stringify({ p: { ...base, subject_hash: value, reason: value } })))
    safe('assign_report', what, await post('assign_report', JSON.stringify({ p_reference: report.reference, p_staff: value })))
  }
  const [row] = await world.sql`select status, version, assigned_to, (select count(*)::int from public.report_messages m where m.report_id = r.id) as letters, (select count(*)::int from public.report_attachments a where a.report_id = r.id) as files
    from public.reports r where r.id = ${report.id}`

  expect(row).toEqual({ status: 'received', version: expect.any(Number), assigned_to: null, letters: 0, files: 0 })
})

it('a body that is no JSON, an unknown function and a missing argument are 4xx', async () => {
  for (const [name, body] of [['list_reports', '{'], ['list_reports', '[]'], ['list_reports', '"x"'], ['list_reports', '{"q": {}}'], ['open_report', '{}'], ['open_report', '{"p_reference": "x", "more": 1}']] as const) {
    const { status } = await post(name, body)
    expect(status, `${name} ${body}`).toBeGreaterThanOrEqual(400)
    expect(status, `${name} ${body}`).toBeLessThan(500)
  }
})
