import { createHmac, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isProved, openTicket, sealProof, sealTicket, type Ticket } from '#server/domain/accounts/sign-in-ticket'
import type { KeyRing } from '#server/domain/trust/key-ring'

const aKeyRing = (secret = 'one'): KeyRing => ({
  masterKeys: [], keyedHash: () => '', secret: () => ({ id: 'a', key: Buffer.alloc(32) }),
  mac: (purpose, text) => createHmac('sha256', secret + purpose).update(text).digest(),
})
const keys = aKeyRing()
const now = Date.parse('2026-11-21T12:00:00Z')
const aTicket = (changes: Partial<Ticket> = {}): Ticket => ({ email: 'amina@example.test', flow: 'sign_in', codeId: randomUUID(), sentAt: now, ...changes })

describe('the ticket between "send me a code" and the code', () => {
  it('comes back as it was, for ten minutes', () => {
    const ticket = aTicket({ next: '/zh/account', community: 'ping-an' })
    const sealed = sealTicket(keys, ticket)

    expect(openTicket(keys, sealed, now + 599_000)).toEqual(ticket)
    expect(openTicket(keys, sealed, now + 600_000)).toBeUndefined()
  })

  it('does not show the address', () => {
    const sealed = sealTicket(keys, aTicket())

    expect(sealed).not.toContain('amina')
    expect(sealed.split('.').map(part => Buffer.from(part, 'base64url').toString()).join()).not.toContain('amina')
  })

  it.each(['', 'x', 'v1.d.AAAA.AAAA', undefined])('%j is no ticket', (sealed) => {
    expect(openTicket(keys, sealed, now)).toBeUndefined()
  })

  it('of another key, or a changed one, is none', () => {
    const sealed = sealTicket(keys, aTicket())
    const last = sealed.at(-2)

    expect(openTicket(aKeyRing('two'), sealed, now)).toBeUndefined()
    expect(openTicket(keys, sealed.slice(0, -2) + (last === 'A' ? 'B' : 'A') + sealed.at(-1), now)).toBeUndefined()
  })

  it('is no proof, and a proof is no ticket', () => {
    const sessionId = randomUUID()

    expect(isProved(keys, sealTicket(keys, aTicket()), sessionId, now)).toBe(false)
    expect(openTicket(keys, sealProof(keys, sessionId, now), now)).toBeUndefined()
  })
})

describe('the proof of a code entered just now', () => {
  it('holds for its session and ten minutes', () => {
    const sessionId = randomUUID()
    const sealed = sealProof(keys, sessionId, now)

    expect(isProved(keys, sealed, sessionId, now + 599_000)).toBe(true)
    expect(isProved(keys, sealed, sessionId, now + 600_000)).toBe(false)
    expect(isProved(keys, sealed, randomUUID(), now)).toBe(false)
  })
})
