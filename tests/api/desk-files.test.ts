import sharp from 'sharp'
import { describe, expect, inject, it } from 'vitest'
import { deskReportSchema, fileAnswerSchema } from '#shared/reports/desk-schema'
import { aPdf, aPhoto, atFiles, attachmentsOf, blobs, linksIn, sha256 } from './files.ts'
import { aForm, aReport, breachOfHeaders, problemOf, send, signedIn } from './portal-client.ts'

const { url } = inject('portal')

describe('files at the desk', () => {
  it('an officer sees the viewing copy, downloads the PDF, and the reporter reads who opened them', async () => {
    const resident = await atFiles()
    const pdf = aPdf()
    await resident.add(await aPhoto())
    await resident.add(pdf)
    await resident.goOn()
    const { reference } = await resident.send()
    const cookie = await signedIn('lead')
    const opened = deskReportSchema.parse((await send('GET', `/api/desk/reports/${reference}`, { cookie })).body)
    const get = (id = '') => fetch(`${url}/api/desk/attachments/${id}`, { headers: { cookie } })
    const [picture, paper] = [opened.attachments.find(({ hasView }) => hasView), opened.attachments.find(({ hasView }) => !hasView)]

    const [view, download] = [await get(picture?.id), await get(paper?.id)]

    expect(view.headers.get('content-type')).toBe('image/jpeg')
    expect(view.headers.get('content-disposition')).toBe(`inline; filename="${reference}-${picture?.id.slice(0, 8)}.jpg"`)
    expect((await sharp(Buffer.from(await view.arrayBuffer())).metadata()).exif).toBeUndefined()
    expect(download.headers.get('content-disposition')).toBe(`attachment; filename="${reference}-${paper?.id.slice(0, 8)}.pdf"`)
    expect(sha256(new Uint8Array(await download.arrayBuffer()))).toBe(paper?.sha256)
    for (const answer of [view, download]) {
      expect(answer.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
      expect(breachOfHeaders(answer.headers)).toEqual([])
    }
    const page = (await (await resident.browser.get(`/en/reports/${reference}`)).text()).replace(/<[^>]+>/g, ' ')
    // The lead and two files: one line for both, since they were opened within a quarter of an hour.
    expect(page.match(/opened a file/g)).toHaveLength(1)
    expect(page).toMatch(/opened a file[\s\S]{0,160}2 times since/)
    expect(page).toContain('Team leader')
  })

  it('an officer sends a file with a letter; the reporter opens it. A repeated send adds nothing', async () => {
    const resident = await atFiles()
    await resident.goOn()
    const { reference, receipt } = await resident.send()
    const cookie = await signedIn('lead')
    const id = crypto.randomUUID()
    const pdf = Buffer.from(await aPdf().bytes())
    const form = aForm([{ name: 'id', bytes: id }, { name: 'text', bytes: 'Here is the notice.' }, { name: 'file', fileName: 'a.pdf', bytes: pdf }])
    const post = (over = form) => send('POST', `/api/desk/reports/${reference}/attachments`, { cookie, body: new Uint8Array(over.body), headers: over.headers })

    const answer = fileAnswerSchema.parse((await post()).body)
    const kept = blobs().length
    await post()

    expect(answer).toMatchObject({ id, attachment: { author: 'staff', messageId: id, type: 'application/pdf', sha256: sha256(pdf) } })
    expect(blobs().length).toBe(kept)
    expect(await attachmentsOf({ reference, receipt })).toMatchObject([{ author: 'staff', sha256: sha256(pdf) }])
    const [link = ''] = linksIn(await (await resident.browser.get(`/en/reports/${reference}`)).text())
    expect(sha256(new Uint8Array(await (await resident.browser.get(link)).arrayBuffer()))).toBe(sha256(pdf))
  })

  it.each([
    ['without a word', [{ name: 'file', fileName: 'a.pdf', bytes: '%PDF-1.7\nx' }], 'text'],
    ['without a file', [{ name: 'text', bytes: 'Here.' }], 'file'],
    ['of a kind that is not kept', [{ name: 'text', bytes: 'Here.' }, { name: 'file', fileName: 'a.pdf', bytes: '<svg/>' }], 'file'],
  ])('a letter %s is refused and leaves nothing', async (_, parts, field) => {
    const resident = await atFiles()
    await resident.goOn()
    const { reference, receipt } = await resident.send()
    const before = blobs().length
    const form = aForm(parts)

    const answer = await send('POST', `/api/desk/reports/${reference}/attachments`, { cookie: await signedIn('lead'), body: new Uint8Array(form.body), headers: form.headers })

    expect(Object.keys(problemOf(answer).errors ?? {})).toEqual([field])
    expect(blobs().length).toBe(before)
    expect(await attachmentsOf({ reference, receipt })).toEqual([])
  })

  it.each(['auditor', 'admin', 'officer2'] as const)('%s sends nothing, and no byte is read', async (who) => {
    // With a place: one without is for whoever is on duty, and at some hours that is officer2.
    const { reference } = await aReport({ community: 'ping-an' })
    const before = blobs().length
    const form = aForm([{ name: 'text', bytes: 'Here.' }, { name: 'file', fileName: 'a.pdf', bytes: '%PDF-1.7\nx' }])

    const answer = await send('POST', `/api/desk/reports/${reference}/attachments`, { cookie: await signedIn(who), body: new Uint8Array(form.body), headers: form.headers })

    expect(problemOf(answer).code).toBe('not_found')
    expect(blobs().length).toBe(before)
  })
})
