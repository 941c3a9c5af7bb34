import { createHash, createPublicKey, createSecretKey, randomBytes, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '#server/domain/trust/canonical-json'
import { openKeyRing } from '#server/domain/trust/key-ring'
import { contentHash, publicKeys, signStatement } from '#server/domain/trust/statement'

const keys = await openKeyRing([{ id: 'k1', key: createSecretKey(randomBytes(32)) }], { list: async () => [], add: async (_id, _purpose, wrapped) => wrapped })
const facts = { reference: 'LL-7K3Q-9XPA', receivedAt: '2026-11-21T20:00:00.123456+00:00', contentHash: contentHash('00'.repeat(32), { description: '电瓶被偷' }) }

describe('a signed statement', () => {
  it('is checked by anyone with the published key, and by no other text', () => {
    const { signature, ...body } = signStatement(keys, { ...facts, attachments: [] })
    const key = createPublicKey({ key: publicKeys(keys)[0]!, format: 'jwk' })

    expect(verify(null, Buffer.from(canonicalJson(body)), key, Buffer.from(signature, 'base64url'))).toBe(true)
    expect(verify(null, Buffer.from(canonicalJson({ ...body, reference: 'LL-0000-0000' })), key, Buffer.from(signature, 'base64url'))).toBe(false)
    expect(body.keyId).toBe(publicKeys(keys)[0]?.kid)
  })

  it('is the same each time, and never holds a private part', () => {
    expect(signStatement(keys, { ...facts, attachments: [] })).toEqual(signStatement(keys, { ...facts, attachments: [] }))
    expect(publicKeys(keys)[0]!).not.toHaveProperty('d')
  })

  it('counts up with each file and names the statement before', () => {
    const first = signStatement(keys, { ...facts, attachments: [] })
    const second = signStatement(keys, { ...facts, attachments: ['aa'.repeat(32)] })
    const { signature, ...body } = first

    expect(second.number).toBe(2)
    expect(second.previous).toBe(createHash('sha256').update(canonicalJson(body)).digest('hex'))
    expect(signature).not.toBe(second.signature)
  })
})
