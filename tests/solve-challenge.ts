import { solveChallenge, type Challenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'

/** Fetches a challenge and solves it as a page does: the payload of the field `altcha`. */
export async function solvedChallenge(portalUrl: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${portalUrl}/api/challenge`, { headers })
  if (!response.ok) throw new Error(`no challenge: ${response.status} ${await response.text()}`)
  const challenge = await response.json() as Challenge
  const solution = await solveChallenge({ challenge, deriveKey })
  if (!solution) throw new Error('the challenge has no solution')
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}
