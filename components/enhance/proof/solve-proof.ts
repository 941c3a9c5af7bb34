import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'

/** Asks for a challenge and solves it, in slices that leave the page free: about a second on a cheap phone. Undefined: it could not be had. */
export async function solveProof(): Promise<string | undefined> {
  const answer = await fetch('/api/challenge', { cache: 'no-store' })
  if (!answer.ok) return undefined
  const challenge = await answer.json() as Parameters<typeof solveChallenge>[0]['challenge']
  const solution = await solveChallenge({ challenge, deriveKey })
  return solution ? btoa(JSON.stringify({ challenge, solution })) : undefined
}
