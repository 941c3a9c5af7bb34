import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { aboutReport } from '#server/domain/reports/report-content'
import type { Services } from '#server/domain/services'
import { checkReceipt } from '#server/domain/trust/check-receipt'
import { newDataKey, sealText } from '#server/domain/trust/envelope'
import { openKeyRing } from '#server/domain/trust/key-ring'
import { contentHash, signStatement } from '#server/domain/trust/statement'

const openRing = () => openKeyRing([{ id: 'k1', key: createSecretKey(randomBytes(32)) }], { list: async () => [], add: async (_id, _purpose, wrapped) => wrapped })
const keys = await openRing()
const id = randomUUID()
const nonce = 'ab'.repeat(32)
const content = { description: '电瓶被偷', answers: { when: ['night'] } }
const facts = { reference: 'LL-7K3Q-9XPA', receivedAt: '2026-11-21T20:00:00.000Z', contentHash: contentHash(nonce, content), attachments: [] }
const statement = signStatement(keys, facts)

/** What the station keeps of the report today. */
function kept(today: unknown) {
  const about = aboutReport(id, 'content')
  const { key, wrapped } = newDataKey(keys.masterKeys, about)
  return { ok: true, state: 'kept', id, content_key: wrapped, content_sealed: sealText(createSecretKey(key), JSON.stringify(today), about) }
}

/** Services whose database answers as it is told; each call is noted. */
function services(answer: object, seal: object | null = null) {
  const asked: { name: string, args: unknown }[] = []
  const rpc = async (name: string, args: unknown) => {
    asked.push({ name, args })
    return { data: name === 'find_seal' ? { ok: true, seal } : answer, error: null, status: 200 }
  }
  return { asked, services: { keys, clients: { server: { rpc } } } as unknown as Services }
}

describe('what a saved receipt says today', () => {
  it('the same, when what is kept hashes to what was signed', async () => {
    expect(await checkReceipt(services(kept(content)).services, { statement, nonce }, [])).toEqual({ reference: facts.reference, receivedAt: facts.receivedAt, files: 0, signature: 'ours', content: 'same', seal: null })
  })

  it('changed, when a word is another one, or when the text does not open', async () => {
    const limits = [{ bucket: 'b', times: 1, seconds: 60 }]
    for (const answer of [kept({ ...content, description: '没有被偷' }), { ...kept(content), content_sealed: 'v1.AAAA.AAAA' }, { ...kept(content), content_key: 'v1.none.AAAA.AAAA' }]) {
      expect((await checkReceipt(services(answer).services, { statement, nonce }, limits)).content).toBe('changed')
    }
  })

  it('erased or missing, as the database says', async () => {
    expect((await checkReceipt(services({ ok: true, state: 'erased', at: facts.receivedAt }).services, { statement, nonce }, [])).content).toBe('erased')
    expect((await checkReceipt(services({ ok: true, state: 'unknown' }).services, { statement, nonce }, [])).content).toBe('missing')
    expect((await checkReceipt(services({ ok: true, state: 'unknown' }).services, { statement }, [])).content).toBe('no_nonce')
  })

  it('asks the database for nothing, and tells nothing, when the signature is not ours', async () => {
    const stranger = signStatement(await openRing(), facts)
    for (const wrong of [stranger, { ...statement, receivedAt: '2026-11-20T20:00:00.000Z' }, { ...statement, keyId: 'signing-9' }]) {
      const { asked, services: some } = services(kept(content))

      expect(await checkReceipt(some, { statement: wrong, nonce }, [])).toMatchObject({ signature: 'not_ours', content: null, seal: null })
      expect(asked).toEqual([])
    }
  })

  it('counts a question against the limits of who asks', async () => {
    const { asked, services: some } = services({ ok: true, state: 'unknown' })
    const limits = [{ bucket: 'b', times: 20, seconds: 600 }]
    await checkReceipt(some, { statement, nonce }, limits)

    expect(asked[0]).toEqual({ name: 'check_receipt', args: { p: { reference: facts.reference, content_hash: facts.contentHash, nonce, limits } } })
    await expect(checkReceipt(services({ ok: false, code: 'rate_limited', retry_after: 9 }).services, { statement, nonce }, limits)).rejects.toMatchObject({ code: 'rate_limited' })
  })
})
