import { beforeAll, describe, expect, inject, it } from 'vitest'
import { checkedCertificateSchema, deskCertificatesSchema, issuedCertificateSchema, ownCertificatesSchema, type CheckedCertificate } from '#shared/patrols/certificate'
import { readCertificate } from '#shared/trust/read-saved-receipt'
import { readAttachments } from '#server/standards/pdf/read-attachment'
import { problemOf, send, signedIn } from './portal-client.ts'

const cookies: Record<string, string> = {}
beforeAll(async () => {
  for (const who of ['volunteer', 'resident2', 'officer', 'lead', 'auditor'] as const) cookies[who] = await signedIn(who)
})
const as = (who: string) => ({ cookie: cookies[who] ?? '' })
const path = '/api/patrols/certificates'
const own = async (who: string) => ownCertificatesSchema.parse((await send('GET', path, as(who))).body)
const wish = { from: '2020-01-01', to: '2099-12-31', holder: 'full', isNightShown: true }
const issue = (who: string, changes: Record<string, unknown> = {}) => send('POST', path, { ...as(who), json: { ...wish, ...changes } })
const issued = async (changes: Record<string, unknown> = {}) => issuedCertificateSchema.parse((await issue('volunteer', changes)).body).certificate
const check = async (number: string): Promise<CheckedCertificate> => checkedCertificateSchema.parse((await send('GET', `${path}/${number}/check`)).body)
const paperOf = async (number: string, locale = 'zh') => {
  const answer = await fetch(`${inject('portal').url}${path}/${number}/paper?locale=${locale}`, { headers: { ...as('volunteer'), 'sec-fetch-site': 'same-origin' } })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  return Buffer.from(await answer.arrayBuffer())
}
/** What the page for everybody says of a file. */
async function verdictOf(file: Buffer | string, name: string) {
  const body = new FormData()
  body.set('file', new Blob([typeof file === 'string' ? file : new Uint8Array(file)]), name)
  const { text } = await send('POST', '/en/verify', { body, headers: { 'sec-fetch-site': 'same-origin' } })
  return /<h3 id="verdict"[^>]*>([^<]*)</.exec(text)?.[1]
}

describe('a certificate over the API', () => {
  it('says what its holder chose and no more', async () => {
    const [whole, bare] = [await issued(), await issued({ holder: 'initials', isNightShown: false })]

    expect(whole.content).toMatchObject({ holder: '李建国', nightMinutes: expect.any(Number) })
    expect(bare.content.holder).toBe('李某某')
    expect(bare.content).not.toHaveProperty('nightMinutes')
    expect((await own('volunteer')).certificates.map(({ number }) => number)).toEqual(expect.arrayContaining([whole.number, bare.number]))
    expect(await check(bare.number)).toMatchObject({ verdict: 'genuine', content: bare.content })
    expect(JSON.stringify(await check(bare.number))).not.toContain('李建国')
  })

  it('is for volunteers with hours in those days', async () => {
    expect(problemOf(await issue('resident2')).code).toBe('not_found')
    expect(problemOf(await issue('volunteer', { to: '2020-01-02' })).code).toBe('no_hours')
    expect(problemOf(await issue('volunteer', { from: '2099-12-31', to: '2020-01-01' }))).toMatchObject({ code: 'invalid' })
    expect(problemOf(await send('GET', path)).code).toBe('sign_in_required')
    expect(await check('PT-0000-0000-0000')).toMatchObject({ verdict: 'unknown', content: null })
  })

  it('as a PDF is genuine as it was handed out; changed, or with other facts inside, it is altered', async () => {
    const { number } = await issued()
    const paper = await paperOf(number)
    const [inside = ''] = readAttachments(paper, 65_536)
    const file = readCertificate(inside)
    expect(file?.content.number).toBe(number)

    expect(await verdictOf(paper, 'a.pdf')).toBe('This certificate is genuine')
    expect(await verdictOf(await paperOf(number, 'en'), 'a.pdf')).toBe('This certificate is genuine')
    expect(await verdictOf(inside, 'certificate.json')).toBe('This certificate is genuine')
    expect(await verdictOf(Buffer.concat([paper, Buffer.from('\n')]), 'a.pdf')).toBe('This certificate was altered')
    expect(await verdictOf(JSON.stringify({ ...file, content: { ...file?.content, minutes: 99_999 } }), 'certificate.json')).toBe('This certificate was altered')
    expect(await verdictOf(JSON.stringify({ ...file, statement: { ...file?.statement, signature: Buffer.alloc(64, 7).toString('base64url') } }), 'certificate.json')).toBe('This station did not issue it')
    expect(problemOf(await send('GET', `${path}/${number}/paper`, as('resident2'))).code).toBe('not_found')
  })

  it('that was revoked proves nothing any more, by number and by file', async () => {
    const [mine, theirs] = [(await issued()).number, (await issued()).number]
    const paper = await paperOf(mine)
    const revoke = (who: string, number: string, json: unknown = {}, base = path) => send('POST', `${base}/${number}/revoke`, { ...as(who), json })

    expect(problemOf(await revoke('resident2', mine)).code).toBe('not_found')
    expect((await revoke('volunteer', mine)).status).toBe(204)
    expect(problemOf(await revoke('volunteer', mine)).code).toBe('status_order')
    expect((await revoke('lead', theirs, { reason: '时长有误' }, '/api/desk/patrols/certificates')).status).toBe(204)
    expect(problemOf(await revoke('officer', theirs, { reason: '时长有误' }, '/api/desk/patrols/certificates')).code).toBe('not_found')

    expect(await check(mine)).toMatchObject({ verdict: 'revoked', content: null })
    expect(await verdictOf(paper, 'a.pdf')).toBe('This certificate was revoked')
    expect(problemOf(await send('GET', `${path}/${mine}/paper`, as('volunteer'))).code).toBe('not_found')
    expect((await own('volunteer')).certificates.find(({ number }) => number === theirs)).toMatchObject({ revokedBy: 'station', revokedReason: '时长有误' })
    const desk = deskCertificatesSchema.parse((await send('GET', '/api/desk/patrols/certificates', as('auditor'))).body)
    expect(desk.mayRevoke).toBe(false)
    expect(JSON.stringify(desk)).not.toContain('李建国')
  })
})
