import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import sharp from 'sharp'
import { describe, expect, inject, it } from 'vitest'
import { createClient } from '@supabase/supabase-js'
import { openBrowser } from '../browser-jar.ts'
import { aPdf, aPhoto, atFiles, attachmentsOf, blobs, idsIn, linksIn, sha256 } from './files.ts'
import { aForm } from './portal-client.ts'

const { url, supabaseUrl, keys } = inject('portal')

describe('files in a form without script', () => {
  it('are added one a request, listed in words, and sent with the report', async () => {
    const resident = await atFiles()
    const [photo, pdf] = [await aPhoto(), aPdf()]

    const added = await resident.add(photo)
    await resident.add(pdf)

    expect([added.status, added.headers.get('location')]).toEqual([303, '/en/reports/new/files?added'])
    const list = (await resident.page('?added')).replace(/<[^>]+>/g, '')
    expect(list).toContain('It is added.')
    expect(list).toMatch(/Photo · \d+ KB/)
    expect(list).toMatch(/PDF · 2 KB/)
    expect(list).not.toContain('secret name')
    expect((await resident.goOn()).headers.get('location')).toBe('/en/reports/new/contact')
    await resident.post('contact', { mode: 'anonymous' })
    expect(await (await resident.browser.get('/en/reports/new/check')).text()).toMatch(/href="\/en\/reports\/new\/files\?from=check"/)
    const filed = await resident.send()
    expect((await attachmentsOf(filed)).map(({ sha256 }) => sha256).sort()).toEqual([sha256(await photo.bytes()), sha256(await pdf.bytes())].sort())
  })

  it('chosen before "Continue" are added too', async () => {
    const resident = await atFiles()

    const answer = await resident.add(aPdf(), { act: 'next' })

    expect(answer.headers.get('location')).toBe('/en/reports/new/contact')
    expect(idsIn(await resident.page())).toHaveLength(1)
  })

  it('that are removed leave the disk at once, and leave the others', async () => {
    const resident = await atFiles()
    const before = blobs().length
    await resident.add(aPdf())
    await resident.add(aPdf())
    const [first = '', second] = idsIn(await resident.page())

    expect((await resident.remove(first)).headers.get('location')).toBe('/en/reports/new/files?removed')

    expect(idsIn(await resident.page())).toEqual([second])
    expect(blobs().length).toBe(before + 1)
  })

  it('RULES B6: leaving deletes them from the disk', async () => {
    const resident = await atFiles()
    const before = blobs()
    await resident.add(await aPhoto(), { keepsOriginal: 'yes' })
    await resident.add(aPdf())
    expect(blobs().length).toBe(before.length + 3)

    await resident.exit()

    expect(blobs().sort()).toEqual(before.sort())
  })

  it('deleting what was entered deletes them too', async () => {
    const resident = await atFiles()
    const before = blobs().length
    await resident.add(aPdf())

    await resident.post('discard', {})

    expect(blobs().length).toBe(before)
  })

  it('RULES G3: of a picture only the copy without place and device is kept, unless the sender ticks the original', async () => {
    const [plain, ticked] = [await atFiles(), await atFiles()]
    const before = blobs().length

    await plain.add(await aPhoto())
    expect(blobs().length).toBe(before + 1)
    await ticked.add(await aPhoto(), { keepsOriginal: 'yes' })
    expect(blobs().length).toBe(before + 3)
    expect(await ticked.page()).toContain('the original is kept sealed')
    await ticked.goOn()

    const { reference } = await ticked.send()
    const [link = ''] = linksIn(await (await ticked.browser.get(`/en/reports/${reference}`)).text())
    const copy = await ticked.browser.get(link)
    expect(copy.headers.get('content-type')).toBe('image/jpeg')
    expect(copy.headers.get('content-disposition')).toMatch(/^inline; filename="LL-/)
    expect(copy.headers.get('content-security-policy')).toMatch(/^sandbox/)
    const bytes = Buffer.from(await copy.arrayBuffer())
    expect((await sharp(bytes).metadata()).exif).toBeUndefined()
    expect(bytes.includes('Secret Phone')).toBe(false)
  })

  it('that are refused say why, and lose nothing', async () => {
    const resident = await atFiles()
    const before = blobs().length
    await resident.add(aPdf())

    const page = new File(['<html><script>alert(1)</script></html>'], 'photo.jpg', { type: 'image/jpeg' })
    const [wrongType, tooLarge, none] = [await resident.add(page), await resident.add(aPdf(30 * 1024 * 1024)), await resident.browser.form('/en/reports/new/files', { act: 'add', file: new File([], '') })]

    expect([wrongType.status, tooLarge.status, none.status]).toEqual([422, 422, 422])
    const text = await wrongType.text()
    expect(text).toContain('This kind of file is not accepted')
    expect(idsIn(text), 'the list is still there').toHaveLength(1)
    expect(await tooLarge.text()).toContain('30 MB is the most')
    expect(await none.text()).toContain('Choose a file first')
    expect(blobs().length).toBe(before + 1)
  }, 60_000)

  it('that are far too large are refused with the same sentence, however much comes after the thirtieth megabyte', async () => {
    const resident = await atFiles()
    const before = blobs().length
    for (const megabytes of [31, 45, 110]) {
      const answer = await resident.add(aPdf(megabytes * 1024 * 1024))
      expect([megabytes, answer.status]).toEqual([megabytes, 422])
      expect(await answer.text()).toContain('30 MB is the most')
    }
    expect(blobs().length).toBe(before)
  }, 120_000)

  it('the eleventh is refused before it is read; the same bytes twice are one file', async () => {
    const resident = await atFiles()
    const before = blobs().length
    const same = aPdf()
    await resident.add(same)
    await resident.add(same)
    expect(idsIn(await resident.page())).toHaveLength(1)
    expect(blobs().length).toBe(before + 1)
    for (let count = 1; count < 10; count++) expect((await resident.add(aPdf(100))).status).toBe(303)

    const eleventh = await resident.add(aPdf())

    expect(eleventh.status).toBe(422)
    expect(await eleventh.text()).toContain('10 files at most')
    expect(blobs().length).toBe(before + 10)
  }, 60_000)

  it('of an upload that breaks off nothing stays, and the form goes on', async () => {
    const resident = await atFiles()
    const before = blobs().length
    await resident.add(aPdf())
    const { body, headers } = aForm([{ name: 'act', bytes: 'add' }, { name: 'file', fileName: 'long.pdf', bytes: Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(3_000_000)]) }])

    await new Promise<void>((resolve) => {
      const cookie = [...resident.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const upload = request(`${url}/en/reports/new/files`, { method: 'POST', headers: { ...headers, cookie, 'content-length': body.length, 'sec-fetch-site': 'same-origin' } })
      upload.on('error', () => resolve())
      upload.write(body.subarray(0, 1_500_000), () => setTimeout(() => upload.destroy(new Error('gone')), 200))
    })

    await expect.poll(() => blobs().length, { timeout: 5_000 }).toBe(before + 1)
    expect(idsIn(await resident.page())).toHaveLength(1)
    expect((await resident.add(aPdf())).status).toBe(303)
  })

  it('another site adds nothing', async () => {
    const resident = await atFiles()
    const before = blobs().length

    const answer = await resident.browser.form('/en/reports/new/files', { act: 'add', file: aPdf() }, { 'sec-fetch-site': 'cross-site' })

    expect(answer.status).toBe(403)
    expect(blobs().length).toBe(before)
  })

  it('stay with their report whatever becomes of the form: sent twice over, left, purged', async () => {
    const resident = await atFiles()
    await resident.add(aPdf())
    await resident.goOn()
    const kept = blobs().length
    const draft = new Map(resident.browser.cookies)
    const filed = await resident.send()

    draft.forEach((value, name) => resident.browser.cookies.set(name, value))
    await resident.exit()
    await createClient(supabaseUrl, keys.secretKey).rpc('purge_expired')

    expect(blobs().length).toBe(kept)
    const [file] = await attachmentsOf(filed)
    const bytes = await fetch(`${url}/api/reports/${filed.reference}/attachments/${file?.id}`, { headers: { 'x-receipt': filed.receipt } })
    expect(sha256(new Uint8Array(await bytes.arrayBuffer()))).toBe(file?.sha256)
  })
})

describe('files with a letter', () => {
  async function aFollowed() {
    const resident = await atFiles()
    await resident.goOn()
    const filed = await resident.send()
    const write = (parts: Record<string, string | File>, headers: Record<string, string> = {}) => resident.browser.form(`/en/reports/${filed.reference}`, parts, headers)
    const page = async () => (await resident.browser.get(`/en/reports/${filed.reference}`)).text()
    return { ...filed, write, page, browser: resident.browser }
  }

  it('come in one action with the letter and hang on it; sent again neither comes twice', async () => {
    const report = await aFollowed()
    const pdf = aPdf()
    const letter = { idempotencyKey: crypto.randomUUID(), text: 'I found the bill.', file: pdf }

    expect((await report.write(letter)).headers.get('location')).toBe(`/en/reports/${report.reference}?sent`)
    const kept = blobs().length
    await report.write(letter)

    const page = await report.page()
    expect(page.match(/<article/g)).toHaveLength(1)
    expect(/<article.*?<\/article>/s.exec(page)?.[0]).toContain('/files/')
    expect(await attachmentsOf(report)).toMatchObject([{ type: 'application/pdf', sha256: sha256(await pdf.bytes()), author: 'reporter' }])
    expect(blobs().length).toBe(kept)
  })

  it('may come without a word; nothing at all is asked for', async () => {
    const report = await aFollowed()

    expect((await report.write({ text: '', file: aPdf() })).status).toBe(303)
    const nothing = await report.write({ text: '  ', file: new File([], '') })

    expect(await attachmentsOf(report)).toHaveLength(1)
    expect(nothing.status).toBe(422)
    expect(await nothing.text()).toContain('Write something, or choose a file')
  })

  it('that are refused bring the letter back as it was typed', async () => {
    const report = await aFollowed()
    const before = blobs().length

    const answer = await report.write({ text: 'See my note.', file: new File(['just words'], 'note.txt', { type: 'text/plain' }) })

    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(page).toContain('See my note.')
    expect(page).toContain('This kind of file is not accepted')
    expect(blobs().length).toBe(before)
    expect(await attachmentsOf(report)).toEqual([])
  })

  it('whoever has no way into the report writes nothing to the disk', async () => {
    const report = await aFollowed()
    const before = blobs().length

    const answer = await openBrowser(url).form(`/en/reports/${report.reference}`, { text: 'x', file: aPdf() })

    expect(answer.headers.get('location')).toMatch(/^\/en\/reports\/track/)
    expect(blobs().length).toBe(before)
  })

  it('open for nobody else', async () => {
    const report = await aFollowed()
    await report.write({ text: 'Bill', file: aPdf() })
    const [link = ''] = linksIn(await report.page())

    const [own, stranger] = [await report.browser.get(link), await openBrowser(url).get(link)]

    expect(own.headers.get('content-disposition')).toBe(`attachment; filename="${report.reference}-${link.slice(-36, -28)}.pdf"`)
    expect(own.headers.get('x-content-type-options')).toBe('nosniff')
    expect(stranger.status).toBe(404)
    await own.body?.cancel()
  })
})
