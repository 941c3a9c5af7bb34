import { randomBytes, randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { expect, inject, it } from 'vitest'
import { openRatingsSchema } from '#shared/ratings/rating-schema'
import { blindBallot } from '#shared/trust/blind-ballot'
import { aVerifiedResident, newPassword, openRatingRound } from '../arrange-rating.ts'
import { filesIn } from '../zip-files.ts'
import { aForm, anAddress, aReport, send, signedIn } from './portal-client.ts'

const { url, supabaseUrl, keys } = inject('portal')

/** An account of its own, signed in just now. */
async function anAccount() {
  const email = `copy-${randomUUID().slice(0, 8)}@example.test`
  const password = 'four words for one door'
  const { error } = await createClient(supabaseUrl, keys.secretKey, { auth: { persistSession: false } }).auth.admin.createUser({ email, password, email_confirm: true })
  expect(error).toBeNull()
  const answer = await send('POST', '/api/session', { json: { email, password } })
  return { email, cookie: answer.headers.getSetCookie().map(line => line.split(';')[0]).join('; ') }
}
const download = (cookie?: string) => fetch(`${url}/en/account/data/linli.zip`, { redirect: 'manual', headers: { 'x-forwarded-for': anAddress(), ...(cookie && { cookie }) } })

const json = (files: Map<string, Buffer>, name: string) => JSON.parse(files.get(name)?.toString('utf8') ?? 'null') as Record<string, unknown>

it('the copy of one\'s data holds the account, each named and sealed report with contact, letters and access log, and every file byte for byte', async () => {
  const { email, cookie } = await anAccount()
  const named = await aReport({ description: 'Drilling at night, said by name', contact: { mode: 'named', name: 'Amina', phone: '13800000000' }, community: 'ping-an' }, { cookie })
  const sealed = await aReport({ description: 'Said sealed', contact: { mode: 'sealed' } }, { cookie })
  const anonymous = await aReport({ description: 'Said by nobody' }, { cookie })
  const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n'), randomBytes(200_000), Buffer.from('\n%%EOF\n')])
  const form = aForm([{ name: 'file', fileName: 'paper.pdf', bytes: pdf }])
  expect((await send('POST', `/api/reports/${named.reference}/attachments`, { receipt: named.receipt, body: new Uint8Array(form.body), headers: form.headers })).status).toBe(201)
  await send('POST', `/api/reports/${named.reference}/messages`, { receipt: named.receipt, json: { text: 'One more thing' } })
  expect((await send('GET', `/api/desk/reports/${named.reference}`, { cookie: await signedIn('officer') })).status).toBe(200)

  const answer = await download(cookie)
  const zip = Buffer.from(await answer.arrayBuffer())

  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/zip')
  expect(answer.headers.get('cache-control')).toContain('no-store')
  expect(answer.headers.get('content-length'), 'it is made while it is sent').toBeNull()
  const files = filesIn(zip)
  expect(json(files, 'account.json')).toMatchObject({ account: { email }, reports: expect.arrayContaining([named.reference, sealed.reference]) })
  expect(json(files, `reports/${named.reference}/report.json`)).toMatchObject({
    content: { description: 'Drilling at night, said by name' }, contact: { name: 'Amina', phone: '13800000000' }, messages: [{ author: 'reporter', text: 'One more thing' }],
    access: [{ role: 'officer', action: 'report.opened' }],
  })
  expect(json(files, `reports/${sealed.reference}/report.json`)).toMatchObject({ content: { description: 'Said sealed' } })
  const [file] = [...files].filter(([name]) => name.startsWith(`reports/${named.reference}/files/`))
  expect(file?.[0]).toMatch(/\.pdf$/)
  expect(file?.[1].equals(pdf)).toBe(true)
  expect(zip.includes(anonymous.reference), 'nobody knows whose it is').toBe(false)
})

it('holds what the roster keeps of a volunteer, the contact opened for its owner', async () => {
  const { cookie } = await anAccount()
  const { declarations } = (await send('GET', '/api/patrols/terms')).body as { declarations: { purpose: string, version: number }[] }
  const contact = { name: 'Amina', phone: '13800000000', emergencyName: 'Bo', emergencyPhone: '13800000001' }
  await send('POST', '/api/patrols/applications', { cookie, json: { community: 'ping-an', kinds: ['patroller'], contact, declarations: Object.fromEntries(declarations.map(({ purpose, version }) => [purpose, version])), locale: 'en' } })

  const kept = json(filesIn(Buffer.from(await (await download(cookie)).arrayBuffer())), 'account.json')

  expect(kept).toMatchObject({ volunteer: { community: 'ping-an', state: 'applied', contact, steps: [{ act: 'applied' }] }, consents: expect.arrayContaining([expect.objectContaining({ purpose: 'patrol_conduct' })]) })
  expect(kept.volunteer).not.toHaveProperty('contact_sealed')
})

it('names the rounds for which a ballot was drawn, and nothing of what was said with it', async () => {
  await openRatingRound(inject('portal'))
  const email = await aVerifiedResident(inject('portal'))
  const signIn = await send('POST', '/api/session', { json: { email, password: newPassword } })
  const cookie = signIn.headers.getSetCookie().map(one => one.split(';')[0]).join('; ')
  const subject = openRatingsSchema.parse((await send('GET', '/api/ratings')).body).rounds[0]?.subjects.find(({ community }) => community === 'ping-an')
  const copy = async () => json(filesIn(Buffer.from(await (await download(cookie)).arrayBuffer())), 'account.json')
  expect((await copy()).ballotsDrawn).toEqual([])

  expect((await send('POST', '/api/ratings/ballots', { cookie, json: { key: subject?.key?.id, blinded: (await blindBallot(subject?.key?.spki ?? '')).blinded } })).status).toBe(200)

  expect((await copy()).ballotsDrawn).toEqual([{ occasion: 'rating', community: 'ping-an', startsOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) }])
})

it('a link or a form of another site starts no copy, and counts as none', async () => {
  const { cookie } = await anAccount()
  for (const site of ['cross-site', 'same-site']) {
    const answer = await fetch(`${url}/en/account/data/linli.zip`, { redirect: 'manual', headers: { 'x-forwarded-for': anAddress(), cookie, 'sec-fetch-site': site } })
    expect([answer.status, answer.headers.get('location'), (await answer.text()).startsWith('PK')], site).toEqual([303, '/en/account/data', false])
  }

  expect((await download(cookie)).status).toBe(200)
})

it('a guest is sent to the page, and the sixth copy within an hour waits', async () => {
  const { cookie } = await anAccount()
  const guest = await download()
  const statuses: number[] = []
  for (let copy = 0; copy < 6; copy++) {
    const answer = await download(cookie)
    statuses.push(answer.status)
    await answer.arrayBuffer()
  }

  expect([guest.status, guest.headers.get('location')]).toEqual([303, '/en/account/data'])
  expect(statuses.filter(status => status === 429).length).toBeGreaterThanOrEqual(1)
  expect(statuses[0]).toBe(200)
})
