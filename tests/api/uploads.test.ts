import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { deflateSync, crc32 } from 'node:zlib'
import sharp from 'sharp'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { addedEvidenceSchema, trackedReportSchema } from '#shared/reports/report-answers'
import { aForm, aReport, anAddress, breachOfHeaders, problemOf, send, signedIn } from './portal-client.ts'

const megabyte = 1024 * 1024
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

interface Filed { reference: string, receipt: string }
const add = ({ reference, receipt }: Filed, form: ReturnType<typeof aForm>, timeoutMs = 20_000) =>
  send('POST', `/api/reports/${reference}/attachments`, { receipt, body: new Uint8Array(form.body), headers: form.headers, timeoutMs })
const aFile = (bytes: Buffer, fileName = 'evidence.bin', type?: string) => aForm([{ name: 'file', fileName, bytes, ...(type && { type }) }])
const attachmentsOf = async ({ reference, receipt }: Filed) => trackedReportSchema.parse((await send('GET', `/api/reports/${reference}`, { receipt })).body).attachments
const open = ({ reference, receipt }: Filed, id: string) => fetch(`${inject('portal').url}/api/reports/${reference}/attachments/${id}`, { headers: { 'x-receipt': receipt, 'x-forwarded-for': anAddress() } })

/** Names of all files that the portal keeps, those half written included. */
const blobs = () => {
  try {
    return readdirSync(join(inject('portal').dataDir, 'blobs'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(({ name }) => name)
  }
  catch {
    return []
  }
}

const aJpeg = () => sharp({ create: { width: 640, height: 480, channels: 3, background: '#0B6B57' } }).jpeg().toBuffer()
const aPhotoWithPlace = () => sharp({ create: { width: 640, height: 480, channels: 3, background: '#C2410C' } })
  .withExif({ IFD0: { Make: 'Secret Phone', Artist: 'Wang Fang' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '39/1 54/1 30/1', GPSLongitudeRef: 'E', GPSLongitude: '116/1 23/1 0/1' } }).jpeg().toBuffer()
/** A well-formed file of one of the kinds that are kept as they are. */
const aPdf = (bytes = 2_000) => Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n'), Buffer.alloc(Math.max(0, bytes - 60), 0x20), Buffer.from('\n%%EOF\n')])
const aVideo = (bytes: number) => Buffer.concat([Buffer.from([0, 0, 0, 0x20]), Buffer.from('ftypisom\0\0\x02\0isomiso2avc1mp41', 'latin1'), randomBytes(bytes - 32)])

function pngChunk(type: string, data: Buffer) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** 30,000 × 30,000 black pixels in about 100 kB: 900 megapixels once unpacked. */
function aPixelBomb(side = 30_000) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([1, 0, 0, 0, 0], 8) // one bit, grey
  const pixels = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side), { level: 9 })
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), pngChunk('IHDR', header), pngChunk('IDAT', pixels), pngChunk('IEND', Buffer.alloc(0))])
}

let anonymous: Filed
beforeAll(async () => {
  anonymous = await aReport()
})

describe('a file that is taken', () => {
  it('is named by its bytes, hashed, and stands in the next statement', async () => {
    const report = await aReport()
    const pdf = aPdf()
    const first = addedEvidenceSchema.parse((await add(report, aFile(pdf, 'holiday.jpg', 'image/jpeg'))).body)
    const second = addedEvidenceSchema.parse((await add(report, aFile(await aJpeg()))).body)

    expect(first).toMatchObject({ type: 'application/pdf', size: pdf.length, sha256: sha256(pdf), statement: { number: 2, attachments: [sha256(pdf)] } })
    expect(second.statement).toMatchObject({ number: 3, attachments: [first.sha256, second.sha256] })
    expect((await attachmentsOf(report)).map(({ id, type, hasView }) => ({ id, type, hasView }))).toEqual([
      { id: first.id, type: 'application/pdf', hasView: false }, { id: second.id, type: 'image/jpeg', hasView: true },
    ])
  })

  it('lies encrypted on the disk', async () => {
    const report = await aReport()
    const before = new Set(blobs())
    await add(report, aFile(aPdf()))
    const [name = ''] = blobs().filter(blob => !before.has(blob))

    const bytes = readFileSync(join(inject('portal').dataDir, 'blobs', name.slice(0, 2), name))
    expect(bytes.includes('%PDF')).toBe(false)
    expect(bytes.includes('Catalog')).toBe(false)
  })

  it('comes back to its reporter as a download that runs nothing', async () => {
    const report = await aReport()
    const pdf = aPdf()
    const { id } = addedEvidenceSchema.parse((await add(report, aFile(pdf))).body)
    const response = await open(report, id)

    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer()).equals(pdf)).toBe(true)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf', 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store',
      'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/), 'content-disposition': `attachment; filename="${report.reference}-${id.slice(0, 8)}.pdf"`,
    })
    expect(breachOfHeaders(response.headers)).toEqual([])
  })

  it('a picture comes back as a viewing copy without place, name or device, upright and not too large', async () => {
    const report = await aReport()
    const photo = await aPhotoWithPlace()
    expect((await sharp(photo).metadata()).exif, 'the test photo carries EXIF').toBeTruthy()
    const { id, sha256: hash } = addedEvidenceSchema.parse((await add(report, aFile(photo, 'IMG_0001.jpg'))).body)
    const response = await open(report, id)
    const copy = Buffer.from(await response.arrayBuffer())

    expect(hash).toBe(sha256(photo))
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(response.headers.get('content-disposition')).toMatch(/^inline; filename="LL-.*\.jpg"$/)
    const { exif, icc, iptc, xmp, format } = await sharp(copy).metadata()
    expect({ exif, icc, iptc, xmp, format }).toEqual({ exif: undefined, icc: undefined, iptc: undefined, xmp: undefined, format: 'jpeg' })
    for (const trace of ['Secret Phone', 'Wang Fang', 'GPS', 'Exif']) expect(copy.includes(trace), trace).toBe(false)
  })

  it('RULES G3: of an anonymous reporter\'s picture nothing but the viewing copy stays on the disk', async () => {
    const report = await aReport()
    const before = blobs().length
    await add(report, aFile(await aPhotoWithPlace()))

    expect(blobs().length).toBe(before + 1)
  })

  it('a picture of a named reporter keeps its sealed original beside the viewing copy', async () => {
    const report = await aReport({ contact: { mode: 'named', name: 'Wang' } })
    const before = blobs().length
    await add(report, aFile(await aPhotoWithPlace()))

    expect(blobs().length).toBe(before + 2)
  })

  it('may be named anything: the name is dropped', async () => {
    const report = await aReport()
    const before = new Set(blobs())
    for (const name of ['../../../../tmp/evil.pdf', '..\\..\\evil.pdf', '/etc/passwd', 'a\0b.pdf', 'con', '.htaccess', '%2e%2e%2fevil', '文件'.repeat(200), '"; rm -rf /', '😀.pdf']) {
      const answer = await add(report, aFile(aPdf(), Buffer.from(name).toString('latin1').replaceAll('"', '%22')))
      expect([201, 400, 422], `${name}: ${answer.text}`).toContain(answer.status)
    }
    for (const name of blobs().filter(blob => !before.has(blob))) expect(name).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('opens for nobody without the receipt, nor under another report, and both look like a file that is not there', async () => {
    const [report, other] = [await aReport(), await aReport()]
    const { id } = addedEvidenceSchema.parse((await add(report, aFile(aPdf()))).body)
    const get = (reference: string, receipt: string, file: string) => send('GET', `/api/reports/${reference}/attachments/${file}`, { receipt })
    const answers = [await get(report.reference, '0'.repeat(24), id), await get(other.reference, other.receipt, id), await get(report.reference, report.receipt, '5d1f0c2a-0000-4000-8000-000000000000'), await get(report.reference, report.receipt, 'x')]

    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(problemOf(answers[0]!).code).toBe('not_found')
  })
})

describe('a file that is refused', () => {
  const html = '<html><script>alert(1)</script></html>'
  const refused: [string, () => Promise<Buffer> | Buffer, string, string][] = [
    ['a page named as a picture', () => Buffer.from(html), 'photo.jpg', 'fileType'],
    ['an SVG', () => Buffer.from(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), 'drawing.svg', 'fileType'],
    ['a GIF that is a script', () => Buffer.from('GIF89a/*\x01\x00*/=1;alert(1)//', 'latin1'), 'funny.gif', 'fileType'],
    ['a program', () => Buffer.from([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, ...randomBytes(200)]), 'setup.pdf', 'fileType'],
    ['an archive', () => Buffer.from([0x50, 0x4B, 3, 4, ...randomBytes(200)]), 'photos.zip', 'fileType'],
    ['a Word document', () => Buffer.from([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ...randomBytes(600)]), 'letter.doc', 'fileType'],
    ['a plain text', () => Buffer.from('just words'), 'words.pdf', 'fileType'],
    ['nothing at all', () => Buffer.alloc(0), 'empty.jpg', 'fileEmpty'],
    ['a JPEG that was cut', async () => (await sharp({ create: { width: 1600, height: 1200, channels: 3, background: '#111715', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).jpeg().toBuffer()).subarray(0, 60_000), 'cut.jpg', 'fileBroken'],
    ['the first bytes of a JPEG and nonsense', () => Buffer.concat([Buffer.from([0xFF, 0xD8, 0xFF, 0xE0]), randomBytes(5_000)]), 'nonsense.jpg', 'fileBroken'],
    ['a picture of 900 megapixels in a few kilobytes', () => aPixelBomb(), 'bomb.png', 'filePixels'],
    ['one byte more than 30 MB', () => aVideo(30 * megabyte + 1), 'long.mp4', 'fileMax'],
  ]
  it.each(refused)('%s: 422 with a sentence, and nothing of it stays', async (_, bytes, name, key) => {
    const before = blobs().length
    const answer = await add(anonymous, aFile(await bytes(), name, 'image/jpeg'))

    expect(problemOf(answer)).toMatchObject({ status: 422, code: 'invalid' })
    const sentences: Record<string, string> = JSON.parse(readFileSync(join(import.meta.dirname, '../../locales/zh/errors.json'), 'utf8')).errors.fields
    expect(problemOf(answer).errors?.file?.slice(0, 5)).toBe(sentences[key]?.slice(0, 5))
    expect(blobs().length).toBe(before)
  }, 60_000)

  it('a picture that is a page behind its end comes back as a picture only', async () => {
    const report = await aReport()
    const { id } = addedEvidenceSchema.parse((await add(report, aFile(Buffer.concat([await aJpeg(), Buffer.from(html)]), 'page.html', 'text/html'))).body)
    const response = await open(report, id)

    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(Buffer.from(await response.arrayBuffer()).includes('<script')).toBe(false)
  })

  it('a PDF that is a page too is a download, never shown', async () => {
    const report = await aReport()
    const { id } = addedEvidenceSchema.parse((await add(report, aFile(Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.from(html)]), 'page.html', 'text/html'))).body)
    const response = await open(report, id)

    expect(response.headers.get('content-type')).toBe('application/pdf')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox/)
    await response.body?.cancel()
  })

  it('the eleventh', async () => {
    const report = await aReport()
    for (let count = 0; count < 10; count++) expect((await add(report, aFile(aPdf()))).status).toBe(201)
    const before = blobs().length

    expect(problemOf(await add(report, aFile(aPdf())))).toMatchObject({ status: 422, code: 'too_many_files' })
    expect(blobs().length).toBe(before)
  })

  it('of two that race for the last place, one', async () => {
    const report = await aReport()
    for (let count = 0; count < 9; count++) await add(report, aFile(aPdf()))
    const before = blobs().length
    const answers = await Promise.all([0, 1, 2].map(() => add(report, aFile(aPdf()))))

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422])
    expect(blobs().length).toBe(before + 1)
  })

  it('what goes beyond 100 MB in all', async () => {
    const report = await aReport()
    for (let count = 0; count < 3; count++) expect((await add(report, aFile(aVideo(30 * megabyte)))).status).toBe(201)
    const before = blobs().length

    expect(problemOf(await add(report, aFile(aVideo(11 * megabyte))))).toMatchObject({ status: 413, code: 'report_too_large' })
    expect(blobs().length).toBe(before)
    expect((await add(report, aFile(aVideo(10 * megabyte)))).status, 'what still fits').toBe(201)
  }, 60_000)

  it.each([
    ['no file', aForm([{ name: 'note', bytes: 'hello' }]), 422],
    ['a file in another field', aForm([{ name: 'photo', fileName: 'a.pdf', bytes: aPdf() }]), 422],
    ['a text in the field of the file', aForm([{ name: 'file', bytes: 'hello' }]), 422],
    ['a file without a name', aForm([{ name: 'file', fileName: '', bytes: aPdf() }]), 422],
    ['JSON', { body: Buffer.from('{}'), headers: { 'content-type': 'application/json' } }, 415],
    ['a form without its boundary', { body: Buffer.from('x'), headers: { 'content-type': 'multipart/form-data' } }, 400],
    ['a form that breaks off', { body: aFile(aPdf()).body.subarray(0, 300), headers: aFile(aPdf()).headers }, 400],
    ['a form with another boundary', { body: aFile(aPdf()).body, headers: aFile(aPdf()).headers }, 400],
  ] as const)('a form with %s', async (_, form, status) => {
    const before = blobs().length
    const answer = await add(anonymous, { ...form, headers: form.headers as { 'content-type': string } })

    expect(problemOf(answer).status).toBe(status)
    expect(blobs().length).toBe(before)
  })

  it('two parts of one name: one file is kept, never two', async () => {
    const report = await aReport()
    const before = blobs().length
    const answer = await add(report, aForm([{ name: 'file', fileName: 'a.pdf', bytes: aPdf(500) }, { name: 'file', fileName: 'b.pdf', bytes: aPdf(900) }]))

    expect([201, 422]).toContain(answer.status)
    expect((await attachmentsOf(report)).length).toBe(answer.status === 201 ? 1 : 0)
    expect(blobs().length - before).toBe((await attachmentsOf(report)).length)
  })

  it('without the receipt, before anything is written', async () => {
    const before = blobs().length

    expect(problemOf(await add({ reference: anonymous.reference, receipt: '0'.repeat(24) }, aFile(aVideo(20 * megabyte)))).code).toBe('not_found')
    expect(blobs().length).toBe(before)
  })

  it('from another site with the owner\'s cookie', async () => {
    const report = await aReport({ contact: { mode: 'named' } }, { cookie: await signedIn('resident') })
    const { body, headers } = aFile(aPdf())
    const answer = await send('POST', `/api/reports/${report.reference}/attachments`, { body: new Uint8Array(body), headers: { ...headers, 'cookie': await signedIn('resident'), 'sec-fetch-site': 'cross-site' } })

    expect(problemOf(answer)).toMatchObject({ status: 403, code: 'cross_origin' })
  })
})

describe('an upload that goes wrong on the way', () => {
  /** Sends the first part of a large upload and then whatever `end` does. */
  function begin({ reference, receipt }: Filed, bytes: Buffer, headers: Record<string, string> = {}) {
    const boundary = 'x'.repeat(30)
    const sent = request(`${inject('portal').url}/api/reports/${reference}/attachments`, {
      method: 'POST', headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'x-receipt': receipt, 'x-forwarded-for': anAddress(), ...headers },
    })
    sent.on('error', () => undefined)
    sent.write(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.mp4"\r\ncontent-type: video/mp4\r\n\r\n`)
    sent.write(bytes)
    return sent
  }
  const settled = (check: () => void) => expect.poll(check, { timeout: 5_000, interval: 100 })

  it('broken off in the middle leaves no file, half or whole, and nothing hanging', async () => {
    const report = await aReport()
    const before = blobs().length
    const uploads = Array.from({ length: 5 }, () => begin(report, aVideo(2 * megabyte)))
    await expect.poll(() => blobs().filter(name => name.endsWith('.part')).length, { timeout: 5_000 }).toBeGreaterThan(0)
    for (const upload of uploads) upload.destroy()

    await settled(() => blobs().length).toBe(before)
    expect(await attachmentsOf(report)).toEqual([])
    expect((await add(report, aFile(await aJpeg()))).status, 'and the next one goes through').toBe(201)
  })

  it('held open for nothing is answered when the sender ends it', async () => {
    const report = await aReport()
    const before = blobs().length
    const upload = begin(report, aVideo(megabyte))
    const answered = new Promise<number>(resolve => upload.on('response', response => resolve(response.statusCode ?? 0)))
    upload.end() // without the closing boundary

    expect(await answered).toBe(400)
    await settled(() => blobs().length).toBe(before)
  })

  it('refused for its size in the middle is answered, though the sender goes on for a while', async () => {
    const report = await aReport()
    const upload = begin(report, aVideo(31 * megabyte))
    const answered = new Promise<number>((resolve, reject) => {
      upload.on('response', response => resolve(response.statusCode ?? 0)).on('error', reject)
      setTimeout(() => reject(new Error('no answer')), 15_000)
    })
    for (let count = 0; count < 10; count++) upload.write(Buffer.alloc(megabyte))
    upload.end()

    expect([413, 422, 400]).toContain(await answered)
  })

  it('RULES G3: five at once of 25 MB do not lie in memory', async () => {
    const reports = await Promise.all(Array.from({ length: 5 }, () => aReport()))
    const video = aVideo(25 * megabyte)
    const portal = portalProcess()
    await add(reports[0]!, aFile(aPdf())) // warm
    const before = residentBytes(portal)
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, residentBytes(portal))
    }, 20)
    const answers = await Promise.all(reports.map(report => add(report, aFile(video), 60_000)))
    clearInterval(watch)

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
    expect((most - before) / megabyte).toBeLessThan(150)
  }, 90_000)
})

/** The child of the supervisor that serves the portal. */
function portalProcess(): number {
  const { pid } = inject('portal')
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
  const portal = children.find(child => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('.output/server'))
  if (!portal) throw new Error('no portal process below the supervisor')
  return portal
}

/** @see proc(5), VmRSS */
const residentBytes = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
