import { createPublicKey, createSecretKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkCertificate, newCertificateNumber, signCertificate } from '#server/domain/patrols/certificate'
import { canonicalJson } from '#server/domain/trust/canonical-json'
import { openKeyRing } from '#server/domain/trust/key-ring'
import { contentHash, publicKeys } from '#server/domain/trust/statement'
import { certificatePaper } from '#server/http/certificate-paper'
import { certificateFileSchema, certificateNumber, hoursAndMinutes, parseCertificateNumber, type CertificateContent } from '#shared/patrols/certificate'

const keys = await openKeyRing([{ id: 'k1', key: createSecretKey(randomBytes(32)) }], { list: async () => [], add: async (_id, _purpose, wrapped) => wrapped })
const content: CertificateContent = {
  number: 'PT-7K3Q-9XPA-2MBD', station: { zh: '平安派出所', en: 'Ping\'an Police Station' }, holder: '王小明', from: '2026-01-03', to: '2026-11-20', shifts: 42, minutes: 7590, nightMinutes: 3480, issuedAt: '2026-11-26T16:30:00.000Z',
}

describe('a certificate of hours', () => {
  it('is genuine as it was signed, also after it went through a file', () => {
    const file = certificateFileSchema.parse(JSON.parse(JSON.stringify(signCertificate(keys, content))))

    expect(checkCertificate(keys, file)).toBe('genuine')
  })

  it.each<[string, Partial<CertificateContent>]>([['name', { holder: '王小朋' }], ['time', { minutes: 75_900 }], ['number of patrols', { shifts: 43 }], ['station', { station: { zh: '春晖派出所', en: 'Chunhui' } }], ['number', { number: 'PT-0000-0000-0000' }], ['day of issue', { issuedAt: '2026-11-27T16:30:00.000Z' }]])('with another %s it is altered', (_what, changes) => {
    const file = signCertificate(keys, content)

    expect(checkCertificate(keys, { ...file, content: { ...content, ...changes } })).toBe('altered')
  })

  it('a changed statement, or one that somebody else signed under the name of our key, is not ours', () => {
    const file = signCertificate(keys, content)
    const stranger = { signingKeys: keys.signingKeys.map(key => ({ ...key, key: generateKeyPairSync('ed25519').privateKey })) }

    expect(checkCertificate(keys, { ...file, statement: { ...file.statement, number: 'PT-0000-0000-0000' } })).toBe('not_ours')
    expect(checkCertificate(keys, { ...file, statement: { ...file.statement, keyId: 'unknown' } })).toBe('not_ours')
    expect(checkCertificate(stranger, file)).toBe('not_ours')
  })

  it('anybody can check it with the published key and the file alone', () => {
    const { statement: { signature, ...signed }, nonce } = signCertificate(keys, content)
    const key = createPublicKey({ key: publicKeys(keys)[0]!, format: 'jwk' })

    expect(verify(null, Buffer.from(canonicalJson(signed)), key, Buffer.from(signature, 'base64url'))).toBe(true)
    expect(signed.contentHash).toBe(contentHash(nonce, content))
  })

  it('its statement tells nothing of its holder: the same facts look different with each nonce, and the same with one', () => {
    const [one, other] = [signCertificate(keys, content), signCertificate(keys, content)]

    expect(one.statement.contentHash).not.toBe(other.statement.contentHash)
    expect(JSON.stringify(one.statement)).not.toContain('王')
    expect(signCertificate(keys, content, one.nonce)).toEqual(one)
  })
})

describe('the number of a certificate', () => {
  it('is random and of the form that is read back', () => {
    const numbers = Array.from({ length: 50 }, newCertificateNumber)

    expect(new Set(numbers).size).toBe(50)
    expect(numbers.filter(number => !certificateNumber.safeParse(number).success || parseCertificateNumber(number) !== number)).toEqual([])
  })

  it.each([['pt 7k3q 9xpa 2mbd', 'PT-7K3Q-9XPA-2MBD'], ['7K3Q9XPA2MBD', 'PT-7K3Q-9XPA-2MBD'], ['ＰＴ－７Ｋ３Ｑ－９ＸＰＡ－２ＭＢＤ', 'PT-7K3Q-9XPA-2MBD'], ['PT-OIL0-0000-0000', 'PT-0110-0000-0000'], ['PT-7K3Q-9XPA', undefined], ['', undefined], ['PT-7K3U-9XPA-2MBD', undefined]])('%s', (typed, number) => {
    expect(parseCertificateNumber(typed)).toBe(number)
  })
})

describe('a certificate on paper', () => {
  const paper = (locale: 'zh' | 'en') => certificatePaper(signCertificate(keys, content), { locale, timeZone: 'Asia/Shanghai', publicUrl: 'https://linli.example' })

  it('says in Chinese who did what, and the day of issue by the clock of the station', () => {
    expect(paper('zh')).toMatchObject({
      language: 'zh-CN', title: '义务巡逻时长证明', body: '兹证明王小明自2026年1月3日至2026年11月20日参加平安派出所组织的义务巡逻，共42次，在岗时间合计126小时30分钟。',
      rows: [['证明编号', 'PT-7K3Q-9XPA-2MBD'], ['巡逻次数', '42 次'], ['在岗时间', '126 小时 30 分钟'], ['其中夜间', '58 小时 0 分钟']], issuer: '平安派出所', issuedOn: '2026年11月27日（盖章）',
    })
  })

  it('says the same in English', () => {
    expect(paper('en').body).toBe('This is to certify that 王小明 took part in the volunteer patrols of Ping\'an Police Station from 3 January 2026 to 20 November 2026. Number of patrols: 42. Time on patrol: 126 hours 30 minutes.')
    expect(paper('en').check).toContain('https://linli.example/en/verify')
  })

  it('carries what it takes to check it', () => {
    const file = certificateFileSchema.parse(JSON.parse(paper('zh').attachment.json))

    expect(checkCertificate(keys, file)).toBe('genuine')
  })

  it.each([[0, { hours: 0, minutes: 0 }], [59, { hours: 0, minutes: 59 }], [60, { hours: 1, minutes: 0 }], [7590, { hours: 126, minutes: 30 }]])('%d minutes in hours', (minutes, parts) => {
    expect(hoursAndMinutes(minutes)).toEqual(parts)
  })
})
