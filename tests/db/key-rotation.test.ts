import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { createClients } from '#server/db/clients'
import { serverKeys } from '#server/db/server-keys'
import { openServices, type Services } from '#server/domain/services'
import { newDataKey, openText, sealText, unwrapKey, type MasterKey } from '#server/domain/trust/envelope'
import { addSigningKey, rewrapKeys } from '#server/domain/trust/rotate-keys'
import { keyPurposes, openKeyRing } from '#server/domain/trust/key-ring'
import { isSignedByUs, publicKeys, signStatement } from '#server/domain/trust/statement'
import { aboutReport } from '#server/domain/reports/report-content'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { aHash, aReport, hex64 } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

// A backend of its own: every key in it is wrapped by the master keys of this file.
let running: Awaited<ReturnType<typeof startTestBackend>>
let world: World
const masterKey = (id: string): MasterKey => ({ id, key: createSecretKey(randomBytes(32)) })
const [old, fresh] = [masterKey('old'), masterKey('fresh')]
const open = (masterKeys: MasterKey[]): Promise<Services> => openServices({ supabase: running.address, masterKeys, isDemo: false, publicUrl: '', blobFolder: '/nowhere' })
const filed: { id: string, text: string }[] = []

async function file(masterKeys: MasterKey[], text: string) {
  const id = randomUUID()
  const [content, contact] = [newDataKey(masterKeys, aboutReport(id, 'content')), newDataKey(masterKeys, aboutReport(id, 'contact'))]
  await aReport(world, {
    id, contact_mode: 'sealed', owner_hash: aHash(), content_sealed: sealText(content.key, text, aboutReport(id, 'content')), content_key: content.wrapped,
    contact_sealed: sealText(contact.key, `who: ${text}`, aboutReport(id, 'contact')), contact_key: contact.wrapped,
  })
  filed.push({ id, text })
}

beforeAll(async () => {
  running = await startTestBackend()
  world = await buildWorld(running.address)
})
afterAll(async () => {
  await world?.close()
  await running?.stop()
})

describe('RULES B5: the master key is rotated while the station works', () => {
  it('every text opens with the new key alone, and look-ups by HMAC give what they gave', async () => {
    const before = await open([old])
    const receipt = before.keys.keyedHash('receipt', 'lookup x')
    for (let n = 0; n < 7; n++) await file([old], `text ${n}`)
    const rotating = await open([fresh, old])
    await file([fresh, old], 'written meanwhile')

    const { by } = await rewrapKeys(rotating)

    expect(Object.keys(by)).toEqual(['fresh'])
    const after = await open([fresh])
    expect(after.keys.keyedHash('receipt', 'lookup x')).toBe(receipt)
    expect(publicKeys(after.keys)).toEqual(publicKeys(before.keys))
    for (const { id, text } of filed) {
      const [row] = await world.sql`select content_key, content_sealed, contact_key, contact_sealed from public.reports where id = ${id}`
      expect(openText(unwrapKey([fresh], row?.content_key, aboutReport(id, 'content')), row?.content_sealed, aboutReport(id, 'content'))).toBe(text)
      expect(openText(unwrapKey([fresh], row?.contact_key, aboutReport(id, 'contact')), row?.contact_sealed, aboutReport(id, 'contact'))).toBe(`who: ${text}`)
    }
  })

  it('is safe to repeat, to break off and to run twice at once', async () => {
    const next = masterKey('next')
    const rotating = await open([next, fresh])
    const dies = rewrapKeys(rotating, () => {
      throw new Error('killed')
    })
    await expect(dies).rejects.toThrow('killed')
    await Promise.all([rewrapKeys(rotating), rewrapKeys(await open([next, fresh]))])

    expect(await rewrapKeys(rotating)).toEqual({ rewrapped: 0, by: { next: filed.length * 2 + keyPurposes.length } })
    for (const { id, text } of filed) {
      const [row] = await world.sql`select content_key, content_sealed from public.reports where id = ${id}`
      expect(openText(unwrapKey([next], row?.content_key, aboutReport(id, 'content')), row?.content_sealed, aboutReport(id, 'content'))).toBe(text)
    }
  })

  it('says which master key is missing, and loses nothing', async () => {
    await file([masterKey('lost')], 'nobody opens this')
    const services = await open([masterKey('next')]).catch((error: Error) => error)

    expect(services).toMatchObject({ name: 'SealError' })
  })
})

describe('the signing key is rotated', () => {
  it('the new one signs what comes after its time; statements of before stay the same and go on verifying', async () => {
    const wrapping = masterKey('signing')
    const made = new Map<string, { id: string, purpose: string, wrapped: string, created_at: string }>()
    const ring = () => openKeyRing([wrapping], { list: async () => [...made.values()], add: async (id, purpose, wrapped) => {
      made.set(id, { id, purpose, wrapped, created_at: '2026-01-01T00:00:00Z' })
      return wrapped
    } })
    const before = await ring()
    const facts = { reference: 'LL-7K3Q-9XPA', receivedAt: '2026-06-01T00:00:00.000Z', contentHash: hex64(), attachments: [] }
    const statement = signStatement(before, facts)
    const { newSigningKey } = await import('#server/domain/trust/key-ring')
    made.set('signing-2', { id: 'signing-2', purpose: 'signing', wrapped: newSigningKey([wrapping], 'signing-2'), created_at: '2026-07-01T00:00:00Z' })
    const after = await ring()

    expect(signStatement(after, facts)).toEqual(statement)
    const later = signStatement(after, { ...facts, receivedAt: '2026-07-02T00:00:00.000Z' })
    expect(later.keyId).toBe('signing-2')
    expect(isSignedByUs(after, { ...statement }, statement.receivedAt)).toBe(true)
    expect(isSignedByUs(after, { ...later }, later.receivedAt)).toBe(true)
    expect(isSignedByUs(after, { ...later }, '2026-06-30T00:00:00Z'), 'before its time').toBe(false)
    expect(publicKeys(after).map(({ kid, validFrom, validUntil }) => [kid, validFrom, validUntil])).toEqual([['signing-1', null, '2026-07-01T00:00:00.000Z'], ['signing-2', '2026-07-01T00:00:00.000Z', null]])
  })

  it('begins a day later, so that every portal has read it by then; one at a time', async () => {
    const [next] = await world.sql`select split_part(wrapped, '.', 2) as id from private.server_keys limit 1`
    expect(next?.id).toBe('next')
    const store = serverKeys(createClients(running.address))
    const services = { clients: createClients(running.address), keys: { masterKeys: [masterKey('any')], signingKeys: [{ id: 'signing-1' }] } } as unknown as Services

    const { id, validFrom } = await addSigningKey(services, Date.now())
    expect(id).toBe('signing-2')
    expect(Date.parse(validFrom)).toBeGreaterThan(Date.now() + 23 * 3600 * 1000)
    expect((await store.list()).filter(({ purpose }) => purpose === 'signing').map(key => key.id)).toEqual(['signing-1', 'signing-2'])
    await expect(addSigningKey(services, Date.now() - 1000)).rejects.toMatchObject({ code: 'invalid_input' })
  })
})
