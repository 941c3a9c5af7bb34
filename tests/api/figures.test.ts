import { beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { noticeSchema } from '#shared/communities/case-notice'
import { figuresSchema } from '#shared/communities/figures'
import { aReport, problemOf, send, signedIn } from './portal-client.ts'

const cookies: Record<string, string> = {}
beforeAll(async () => {
  for (const who of ['officer', 'officer2', 'lead', 'chief', 'admin', 'resident'] as const) cookies[who] = await signedIn(who)
})
const as = (who: string) => ({ cookie: cookies[who] ?? '' })

describe('the public figures', () => {
  it('are read by anybody, in fives, and say nothing on fewer than ten', async () => {
    const { status, body } = await send('GET', '/api/communities/figures')
    const { months, weeks } = figuresSchema.parse(body)

    expect(status).toBe(200)
    expect(months.map(({ rows }) => rows.map(({ community }) => community))).toEqual([[null, 'ping-an', 'chang-le', 'he-xie'], [null, 'ping-an', 'chang-le', 'he-xie']])
    expect(months[0]?.rows.filter(({ visits }) => visits.rate === null)).toEqual([])
    expect(months[1]?.rows.map(({ visits }) => visits.rate?.percent)).toEqual([75, undefined, 67, undefined])
    const all = [...months.flatMap(({ rows }) => rows.flatMap(({ visits, answers, recorded, silent }) => [visits, answers, recorded, silent])), ...weeks.flatMap(({ firstLooks, decisions }) => [firstLooks, decisions])]
    expect(all.filter(({ base, count }) => (base !== null && (base < 10 || base % 5 > 0)) || (count !== null && count % 5 > 0))).toEqual([])
  })
})

describe('the list of cases for a spreadsheet', () => {
  async function download(who: string, query = '') {
    const { status, text, headers } = await send('GET', `/api/desk/reports.csv?locale=en${query}`, as(who))
    return { status, text, headers, lines: text.split('\r\n') }
  }
  const exports = async () => {
    const { body } = await send('GET', '/api/desk/audit?action=report.list_exported&limit=100', as('chief'))
    return z.object({ entries: z.array(z.unknown()) }).parse(body).entries.length
  }

  it('opens in a spreadsheet, in words, with nobody\'s words or names in it', async () => {
    const { reference } = await aReport({ community: 'ping-an', description: '=HYPERLINK("http://evil.example","the secret text")', contact: { mode: 'named', name: 'Amina Testova', phone: '13800000021' } })
    const { status, text, headers, lines } = await download('officer')

    expect([status, headers.get('content-type'), headers.get('content-disposition')]).toEqual([200, 'text/csv; charset=utf-8', 'attachment; filename="linli-cases.csv"'])
    const bytes = await (await fetch(`${inject('portal').url}/api/desk/reports.csv?from=2020-01-01&to=2020-01-01`, { headers: { cookie: cookies.officer ?? '' } })).arrayBuffer()
    expect([...new Uint8Array(bytes).slice(0, 3)], 'Excel needs the mark').toEqual([0xEF, 0xBB, 0xBF])
    expect(lines[0]).toMatch(/^Reference,Kind,Community,Grid,State,/)
    expect(lines.find(line => line.startsWith(reference))).toMatch(/^LL-\w{4}-\w{4},[^,]+,Ping'an,,New,,/)
    expect(text).not.toMatch(/secret text|HYPERLINK|Amina|13800000021|林秀芬|电瓶/)
  })

  it('holds what the caller sees; each download is in the log', async () => {
    const before = await exports()
    const [officer, other, lead] = [await download('officer'), await download('officer2'), await download('lead')]
    const references = ({ lines }: { lines: string[] }) => lines.slice(1).filter(Boolean).map(line => line.split(',')[0])

    expect(references(officer).filter(reference => references(other).includes(reference) && !references(lead).includes(reference))).toEqual([])
    expect(officer.lines.slice(1).some(line => line.includes('Changle'))).toBe(false)
    expect(lead.lines.length).toBeGreaterThan(officer.lines.length)
    expect(await exports() - before).toBe(3)
  })

  it('of some days holds these days only', async () => {
    const { lines } = await download('lead', '&from=2020-01-01&to=2020-01-31')

    expect(lines.filter(Boolean)).toHaveLength(1)
  })

  it('is refused to whoever sees no reports, before anything is sent', async () => {
    for (const who of ['admin', 'resident']) expect(problemOf(await send('GET', '/api/desk/reports.csv', as(who))).code, who).toBe('forbidden')
    expect(problemOf(await send('GET', '/api/desk/reports.csv')).code).toBe('sign_in_required')
    expect(problemOf(await send('GET', '/api/desk/reports.csv', { ...as('officer'), headers: { 'sec-fetch-site': 'cross-site' } })).code, 'a link of another site').toBe('cross_origin')
    expect(problemOf(await send('GET', '/api/desk/workload', as('admin'))).code).toBe('forbidden')
    expect(problemOf(await send('GET', '/api/desk/reports.csv?from=yesterday', as('lead'))).status).toBe(422)
  })
})

describe('a solved-case notice over the API', () => {
  const notice = { title: { zh: '楼道堆物已清走', en: 'Cellar cleared' }, body: { zh: '地下室的纸箱已经清走，电线重新走过了。', en: 'The boxes in the cellar are gone and the wiring was redone.' } }
  const publicTitles = async () => z.object({ notices: z.array(z.object({ title: z.object({ en: z.string() }) })) }).parse((await send('GET', '/api/communities/ping-an/notices')).body).notices.map(({ title }) => title.en)
  /** A case of an earlier month: solved, its reporter anonymous. */
  async function solvedReference() {
    const { body } = await send('GET', '/api/desk/reports?status=resolved&limit=100&to=2026-12-31', as('officer'))
    return z.object({ reports: z.array(z.object({ reference: z.string(), contactMode: z.string() })) }).parse(body).reports.filter(({ contactMode }) => contactMode === 'anonymous').at(-1)?.reference ?? ''
  }

  it('goes from the officer to the lead to the page, and off it again', async () => {
    const reference = await solvedReference()
    const withName = { ...notice, reference, body: { ...notice.body, zh: '失主张先生住14号楼，已经领回。' } }
    expect(problemOf(await send('POST', '/api/desk/communities/notices', { ...as('officer'), json: withName })).code).toBe('personal_data_found')

    const saved = noticeSchema.parse((await send('POST', '/api/desk/communities/notices', { ...as('officer'), json: { ...notice, reference } })).body)
    expect(saved).toMatchObject({ state: 'draft', isReporterTold: true, mayPublish: false })
    const decide = (who: string, act: string) => send('POST', `/api/desk/communities/notices/${saved.id}`, { ...as(who), json: { act, ...(act === 'publish' && { editedAt: saved.editedAt }) } })
    expect(problemOf(await decide('officer', 'publish')).code).toBe('second_person_required')
    expect(problemOf(await decide('officer2', 'publish')).code).toBe('not_found')
    expect(noticeSchema.parse((await decide('lead', 'publish')).body).state).toBe('published')
    expect(await publicTitles()).toContain('Cellar cleared')

    expect(noticeSchema.parse((await decide('lead', 'withdraw')).body).state).toBe('withdrawn')
    expect(await publicTitles()).not.toContain('Cellar cleared')
  })

  it('of a report that is not solved cannot be written', async () => {
    const { reference } = await aReport({ community: 'ping-an' })

    expect(problemOf(await send('POST', '/api/desk/communities/notices', { ...as('officer'), json: { ...notice, reference } })).code).toBe('status_order')
    expect(problemOf(await send('POST', '/api/desk/communities/notices', { ...as('admin'), json: { ...notice, reference } })).code).toBe('not_found')
  })

  it('is on the page of no other community', async () => {
    expect((await send('GET', '/api/communities/atlantis/notices')).body).toEqual({ notices: [] })
    for (const path of ['/api/communities/%00/notices', '/zh/communities/%00']) expect((await send('GET', path)).status, path).toBe(404)
    expect(await publicTitles()).toContain('Stolen scooter batteries in Ping\'an: solved')
  })
})
