import { execFileSync } from 'node:child_process'
import { createSecretKey, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { FoundSeal } from '#server/db/seals'
import { signCertificate } from '#server/domain/patrols/certificate'
import { openKeyRing } from '#server/domain/trust/key-ring'
import { merkleRoot } from '#server/domain/trust/merkle'
import { proofOf } from '#server/domain/trust/prove-receipt'
import { dayLeafOf, leafOf, rootOf } from '#server/domain/trust/sealed-facts'
import { contentHash, publicKeys, signFacts, signStatement } from '#server/domain/trust/statement'
import type { Confirmation } from '#shared/reports/confirmation'
import { localeCodes } from '#shared/locales'
import { receiptFile } from '#server/domain/reports/receipt-file'
import { text } from '#server/texts'
import { readSavedReceipt } from '#shared/trust/read-saved-receipt'

const folder = mkdtempSync(join(tmpdir(), 'linli-receipt-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const keys = await openKeyRing([{ id: 'k1', key: createSecretKey(randomBytes(32)) }], { list: async () => [], add: async (_id, _purpose, wrapped) => wrapped })
const at = '2026-11-21T20:00:00.123456Z'
const nonce = 'ab'.repeat(32)
const content = { description: '电瓶被偷', answers: { when: ['night', 'day'] } }
const statement = signStatement(keys, { reference: 'LL-7K3Q-9XPA', receivedAt: at, contentHash: contentHash(nonce, content), attachments: [] })

/** A block of five leaves in a day of three blocks, as the portal makes them. */
function aSeal(): FoundSeal {
  const leaves = Array.from({ length: 5 }, (_, n) => ({ source: n === 3 ? 'report_contents' as const : 'audit_log' as const, row: n === 3 ? statement.reference : String(n), version: 1, at, digest: n === 3 ? statement.contentHash : randomBytes(32).toString('hex') }))
  const block = { number: 2, sealed_at: at, day: '2026-11-22', previous: 'cd'.repeat(32), root: merkleRoot(leaves.map(leafOf)), leaves: 5, log_until: 4 }
  const { signed, hash } = signFacts(keys, { version: 1, kind: 'block', number: 2, sealedAt: at, day: block.day, previous: block.previous, root: block.root, leaves: 5, logUntil: 4 }, at)
  const blocks = [{ number: 1, hash: block.previous }, { number: 2, hash }, { number: 3, hash: 'ef'.repeat(32) }]
  const root = { day: block.day, root: merkleRoot(blocks.map(each => dayLeafOf(each.hash))), previous: null, first_block: 1, last_block: 3, published_at: at }
  const { signed: signedRoot } = signFacts(keys, { version: 1, kind: 'root', day: root.day, root: root.root, previous: null, firstBlock: 1, lastBlock: 3, publishedAt: at }, at)
  return { position: 3, block: { ...block, key_id: signed.keyId, signature: signed.signature, hash }, leaves, root: { ...root, key_id: signedRoot.keyId, signature: signedRoot.signature }, day_blocks: blocks }
}
const proof = proofOf(aSeal())
const confirmation: Confirmation = { kind: 'filed', reference: statement.reference, receipt: '0'.repeat(24), at, timeZone: 'Asia/Shanghai', urgency: 'normal', nonce }
const whole = { statement, nonce, content, proof }

function runScript(receipt: unknown, roots: unknown[] = [proof.root], lang = 'en_GB.UTF-8') {
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const args = [file('receipt', typeof receipt === 'string' ? receipt : JSON.stringify(receipt)), file('keys.json', JSON.stringify({ keys: publicKeys(keys) })), file('roots.json', JSON.stringify({ roots }))]
  try {
    return { code: 0, says: execFileSync(process.execPath, ['scripts/verify-receipt.mjs', ...args], { encoding: 'utf8', env: { ...process.env, LC_ALL: lang } }) }
  }
  catch (error) {
    const { status, stdout } = error as { status: number, stdout: string }
    return { code: status, says: stdout }
  }
}
const words = (says: string) => says.trim().split('\n').map(line => line.slice(0, 12).trim())

describe('the program that checks a receipt without us', () => {
  it('finds a whole receipt right in all its parts', () => {
    const { code, says } = runScript(whole)

    expect(words(says)).toEqual(['right', 'right', 'right', 'right', 'right'])
    expect(code).toBe(0)
  })

  it('reads the file that is saved after sending, and says what that does not tell', () => {
    const saved = `Receipt\n\nReference LL-7K3Q-9XPA\n\n${JSON.stringify({ statement, nonce }, null, 2)}\n`

    expect(readSavedReceipt(saved)).toEqual({ statement, nonce })
    expect(readSavedReceipt('no braces here')).toBeUndefined()
    expect(words(runScript(saved).says)).toEqual(['right', 'not checked', 'not checked'])
  })

  it.each([
    ['a changed statement', { ...whole, statement: { ...statement, receivedAt: '2026-11-20T20:00:00.123Z' } }, 0],
    ['a changed text', { ...whole, content: { ...content, description: '没有被偷' } }, 1],
    ['another nonce', { ...whole, nonce: '00'.repeat(32) }, 1],
    ['a leaf of another report', { ...whole, proof: { ...proof, leaf: { ...proof.leaf, row: 'LL-0000-0000' } } }, 2],
    ['a block that was signed otherwise', { ...whole, proof: { ...proof, block: { ...proof.block, sealedAt: '2026-11-21T20:01:00Z' } } }, 2],
    ['a path that leads elsewhere', { ...whole, proof: { ...proof, rootPath: proof.rootPath?.slice(1) } }, 3],
  ])('finds %s', (_what, receipt, place) => {
    const { code, says } = runScript(receipt)

    expect(words(says)[place]).toBe('WRONG')
    expect(code).toBe(1)
  })

  it('finds a root that is not the one that somebody else kept', () => {
    const other = rootOf({ day: '2026-11-22', root: '11'.repeat(32), previous: null, first_block: 1, last_block: 3, published_at: at, key_id: 'signing-1', signature: proof.root!.signature })

    expect(words(runScript(whole, [other]).says).at(-1)).toBe('WRONG')
    expect(words(runScript(whole, []).says).at(-1)).toBe('not checked')
  })

  it('speaks the language of the receipt, or of the computer', () => {
    expect(words(runScript(whole, [proof.root], 'zh_CN.UTF-8').says).map(line => line.split(' ')[0])).toEqual(Array(5).fill('无误　'))
    expect(runScript({ ...whole, locale: 'zh' }).says).toContain('文件里的内容，就是当时签名的内容。')
    expect(runScript({ ...whole, locale: 'en' }, [proof.root], 'zh_CN.UTF-8').says).toContain('The text in this file')
    expect(runScript({ ...whole, locale: 'zh', nonce: '00'.repeat(32) }).says).toMatch(/^有误/m)
  })

  it.each([['zh', '完整回执', '您写的内容'], ['en', 'whole receipt', 'What you wrote']] as const)('of the file saved after sending it says in %s what that proves, and where the fuller one is', (locale, file, place) => {
    const { code, says } = runScript({ locale, statement, nonce })

    expect(says).toContain(file)
    expect(says).toContain(place)
    expect(code).toBe(0)
  })

  it.each(localeCodes)('what is saved after sending says in %s that it holds no text', (locale) => {
    const saved = receiptFile({ ...confirmation, statement: { ...statement } }, locale, key => text(locale, `reports.file.${key}`, { address: 'https://x.example' }))

    expect(saved).toContain(text(locale, 'reports.file.proves'))
    expect(readSavedReceipt(saved)).toEqual({ statement, nonce })
    expect(JSON.parse(saved.slice(saved.indexOf('{')))).toMatchObject({ locale })
  })
})

describe('the program that checks a certificate of patrol hours without us', () => {
  const certificate = signCertificate(keys, { number: 'PT-7K3Q-9XPA-2MBD', station: { zh: '平安派出所', en: 'Home' }, holder: '王小明', from: '2026-01-03', to: '2026-11-20', shifts: 42, minutes: 7590, nightMinutes: 3480, issuedAt: at })

  it('finds it right, and says that only the station knows of a revocation', () => {
    const { code, says } = runScript({ locale: 'en', ...certificate })

    expect(words(says)).toEqual(['right', 'right', 'not checked'])
    expect(says).toContain('王小明, 2026-01-03 to 2026-11-20, patrols: 42, minutes: 7590, of them at night: 3480.')
    expect(code).toBe(0)
  })

  it.each([
    ['facts', { ...certificate, content: { ...certificate.content, minutes: 99_999 } }, ['right', 'WRONG', 'not checked']],
    ['number', { ...certificate, content: { ...certificate.content, number: 'PT-0000-0000-0000' } }, ['right', 'WRONG', 'not checked']],
    ['statement', { ...certificate, statement: { ...certificate.statement, number: 'PT-0000-0000-0000' } }, ['WRONG', 'WRONG', 'not checked']],
  ])('finds other %s', (_what, changed, expected) => {
    const { code, says } = runScript({ locale: 'en', ...changed })

    expect(words(says)).toEqual(expected)
    expect(code).toBe(1)
  })

  it('speaks the language of the certificate', () => {
    expect(runScript({ locale: 'zh', ...certificate }).says).toContain('巡逻 42 次，在岗 7590 分钟')
  })
})
