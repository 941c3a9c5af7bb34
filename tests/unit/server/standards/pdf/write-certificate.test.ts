import { describe, expect, it } from 'vitest'
import { extractText, getDocumentProxy, getMeta } from 'unpdf'
import { z } from 'zod'
import { qrCode } from '#server/domain/reports/receipt-qr'
import { paperFonts } from '#server/standards/pdf/fonts'
import { writeCertificate, type CertificatePaper } from '#server/standards/pdf/write-certificate'

const aPaper = (changes: Partial<CertificatePaper> = {}): CertificatePaper => ({
  language: 'zh-CN', title: '义务巡逻时长证明', body: '兹证明王小明自2026年1月3日至2026年11月20日参加义务巡逻42次，共计126小时30分钟。',
  rows: [['证明编号', 'PT-7K3Q-9XPA-2MBD'], ['巡逻次数', '42'], ['巡逻时长', '126小时30分钟'], ['其中夜间', '58小时']],
  issuer: '平安派出所', issuedOn: '2026年11月26日', check: '扫描二维码，或在 https://linli.example/zh/verify 输入证明编号，即可查验。',
  qr: { ...qrCode('https://linli.example/zh/verify?certificate=PT-7K3Q-9XPA-2MBD'), alt: '查验地址的二维码' }, issuedAt: '2026-11-26T02:00:00Z',
  attachment: { name: 'certificate.json', json: '{"number":"PT-7K3Q-9XPA-2MBD"}', description: '签名数据' }, ...changes,
})
const write = (changes: Partial<CertificatePaper> = {}) => writeCertificate(aPaper(changes), paperFonts())
const open = async (pdf: Buffer) => getDocumentProxy(new Uint8Array(pdf))
/** Without the blanks that a reader puts between words and lines. */
const wordsOf = async (pdf: Buffer) => (await extractText(await open(pdf), { mergePages: true })).text.replace(/\s+/g, '')

describe('a certificate as PDF', () => {
  it('is one page of A4 whose Chinese is text that can be searched and copied', async () => {
    const pdf = await write()
    const words = await wordsOf(pdf)

    expect((await open(pdf)).numPages).toBe(1)
    for (const part of ['义务巡逻时长证明', '兹证明王小明自2026年1月3日至2026年11月20日参加义务巡逻42次，共计126小时30分钟。', '证明编号PT-7K3Q-9XPA-2MBD', '其中夜间58小时', '平安派出所2026年11月26日']) expect(words).toContain(part)
  })

  it('holds only the part of the font that it needs', async () => {
    expect((await write()).length).toBeLessThan(150_000)
  })

  it('tells a screen reader its language, its title, and what is heading, text and picture', async () => {
    const document = await open(await write())
    const { info } = await getMeta(document)
    const tree = JSON.stringify(await (await document.getPage(1)).getStructTree())

    expect(info).toMatchObject({ Title: '义务巡逻时长证明', Author: '平安派出所', Language: 'zh-CN' })
    expect(tree).toContain('"role":"H1"')
    expect(tree).toContain('"alt":"查验地址的二维码"')
    expect(tree.match(/"role":"P"/g)).toHaveLength(7)
  })

  it('carries the signed facts as a file', async () => {
    const document = await open(await write())
    const found: unknown = await document.getAttachments()
    const [[name, { description }] = ['', { description: '' }]] = z.map(z.string(), z.object({ description: z.string() })).parse(found)

    expect([name, description]).toEqual(['certificate.json', '签名数据'])
    expect(Buffer.from(z.instanceof(Uint8Array).parse(await document.getAttachmentContent(name))).toString()).toBe('{"number":"PT-7K3Q-9XPA-2MBD"}')
  })

  it('is the same bytes each time', async () => {
    expect((await write()).equals(await write())).toBe(true)
  })

  it('prints rare characters of names, and says at its foot which one it cannot', async () => {
    const words = await wordsOf(await write({ body: '兹证明龘𬭎和𠮷' }))

    expect(words).toContain('兹证明龘𬭎和〓')
    expect(words).toContain('〓=U+20BB7')
    expect(await wordsOf(await write())).not.toContain('〓')
  })

  it('stays on its page with the longest name, and is not torn by signs of control', async () => {
    const pdf = await write({ body: `${'欧阳'.repeat(40)}\u0007${'long words '.repeat(30)}`, rows: Array.from({ length: 6 }, (_, index) => [`行 ${index}`, '值 '.repeat(30)] as const) })

    expect((await open(pdf)).numPages).toBe(1)
  })
})
