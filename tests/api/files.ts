import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, inject } from 'vitest'
import { openBrowser } from '../browser-jar.ts'
import { anAddress, send } from './portal-client.ts'

const { url, dataDir } = inject('portal')
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Names of all files that the portal keeps, those half written included. */
export const blobs = () => {
  try {
    return readdirSync(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(({ name }) => name)
  }
  catch {
    return []
  }
}

/** Taken at a place that must not stay in it. */
export const aPhoto = async (colour = '#C2410C') => new File([new Uint8Array(await sharp({ create: { width: 640, height: 480, channels: 3, background: colour } })
  .withExif({ IFD0: { Make: 'Secret Phone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '39/1 54/1 30/1' } }).jpeg().toBuffer())], 'IMG_0001.jpg', { type: 'image/jpeg' })
export const aPdf = (bytes = 2_000) => new File([new Uint8Array(Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n'), randomBytes(bytes), Buffer.from('\n%%EOF\n')]))], 'secret name.pdf', { type: 'application/pdf' })

/** A resident without script, at the step of the files. */
export async function atFiles() {
  const from = { 'x-forwarded-for': anAddress() }
  const browser = openBrowser(url)
  const post = (step: string, fields: Record<string, string>) => browser.post(`/en/reports/new/${step}`, fields, from)
  await post('category', { category: 'other' })
  await post('place', { unknown: 'yes' })
  await post('when', { precision: 'now' })
  expect((await post('details', { description: 'They park on the pavement.' })).headers.get('location')).toBe('/en/reports/new/files')
  const files = '/en/reports/new/files'
  return {
    browser,
    post,
    page: async (query = '') => (await browser.get(files + query)).text(),
    add: (file: File, fields: Record<string, string> = {}) => browser.form(files, { act: 'add', ...fields, file }, from),
    goOn: () => browser.form(files, { file: new File([], '') }, from),
    remove: (id: string) => post('files', { remove: id }),
    exit: () => browser.post('/en/exit', {}, from),
    /** Sends the report anonymously and opens its page. */
    async send() {
      await post('contact', { mode: 'anonymous' })
      const sent = await post('check', {})
      expect([sent.status, sent.headers.get('location')]).toEqual([303, '/en/reports/sent'])
      const text = (await (await browser.get('/en/reports/sent')).text()).replace(/<[^>]+>/g, '')
      const [reference = ''] = /LL-\w{4}-\w{4}/.exec(text) ?? []
      const [receipt = ''] = /[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){5}/.exec(text) ?? []
      expect((await browser.post('/en/reports/track', { reference, receipt }, from)).headers.get('location')).toBe(`/en/reports/${reference}`)
      return { reference, receipt }
    },
  }
}
/** Of the files in a form that are to be sent. */
export const idsIn = (page: string) => [...page.matchAll(/name="remove" value="([0-9a-f-]{36})"/g)].map(([, id = '']) => id)
/** To the files of a report that is followed. */
export const linksIn = (page: string) => [...new Set([...page.matchAll(/href="(\/en\/reports\/LL-\w{4}-\w{4}\/files\/[0-9a-f-]{36})"/g)].map(([, link = '']) => link))]
export const attachmentsOf = async ({ reference, receipt }: { reference: string, receipt: string }) => {
  const { body } = await send('GET', `/api/reports/${reference}`, { receipt })
  return (body as { attachments: { id: string, type: string, sha256: string, author: string }[] }).attachments
}
