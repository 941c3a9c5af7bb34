import { createSecretKey, randomBytes } from 'node:crypto'
import { solveChallenge, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { describe, expect, it } from 'vitest'
import { checkChallenge, makeChallenge } from '#server/domain/trust/challenge'
import { openKeyRing } from '#server/domain/trust/key-ring'

const keys = await openKeyRing([{ id: 'k1', key: createSecretKey(randomBytes(32)) }], { list: async () => [], add: async (_id, _purpose, wrapped) => wrapped })
const now = Date.now()

async function solved() {
  const challenge = await makeChallenge(keys, 3, now)
  const solution = await solveChallenge({ challenge, deriveKey })
  if (!solution) throw new Error('no solution')
  return { challenge: { parameters: challenge.parameters, signature: challenge.signature ?? '' }, solution }
}

const payload = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')

async function libraryAccepts({ challenge, solution }: Awaited<ReturnType<typeof solved>>) {
  const result = await verifySolution({
    challenge, solution, deriveKey, hmacSignatureSecret: keys.mac('challenge', 'signature').toString('hex'), hmacKeySignatureSecret: keys.mac('challenge', 'key').toString('hex'),
  })
  return result.verified
}

describe('a solved challenge', () => {
  it('is taken as the library takes it, and names itself the same each time', async () => {
    const answer = await solved()

    expect(await libraryAccepts(answer)).toBe(true)
    expect(checkChallenge(keys, payload(answer), now)).toEqual(checkChallenge(keys, payload(answer), now))
  })

  it('is refused with the library when cost, time, salt, key or signature were touched', async () => {
    const good = await solved()
    const forged = [
      { ...good, challenge: { ...good.challenge, parameters: { ...good.challenge.parameters, cost: 1 } } },
      { ...good, challenge: { ...good.challenge, parameters: { ...good.challenge.parameters, expiresAt: (good.challenge.parameters.expiresAt ?? 0) + 60 } } },
      { ...good, challenge: { ...good.challenge, parameters: { ...good.challenge.parameters, salt: '00'.repeat(16) } } },
      { ...good, challenge: { ...good.challenge, signature: '00'.repeat(32) } },
      { ...good, solution: { ...good.solution, derivedKey: '00'.repeat(32) } },
    ]

    for (const answer of forged) {
      expect(await libraryAccepts(answer)).toBe(false)
      expect(checkChallenge(keys, payload(answer), now)).toBeUndefined()
    }
  })

  it('is refused after twenty minutes, and whatever is no challenge at all is refused', async () => {
    const answer = await solved()

    expect(checkChallenge(keys, payload(answer), now + 21 * 60_000)).toBeUndefined()
    for (const nonsense of ['', '%%%', payload(null), payload({}), payload({ challenge: {}, solution: {} })]) expect(checkChallenge(keys, nonsense, now)).toBeUndefined()
  })
})
