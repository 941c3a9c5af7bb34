// Draws a ballot with the session, or the pass of a link, and spends it without either, after a wait of its own. It is blinded and unblinded here, so that the server signs it without seeing it,
// and what was drawn is kept on this phone until it is counted (RULES E2).
import { blindBallot, unblindBallot, type Ballot, type BlindedBallot } from '#shared/trust/blind-ballot'

const [leastWaitMs, mostWaitMs] = [3_000, 20_000]

interface Kept { blinded: BlindedBallot, ballot?: Ballot }
class Refused extends Error { constructor(readonly code: string, readonly sentence: string) { super(code) } }

/** `pass`: of a link from a messenger, with which the phone draws instead of a session. */
export interface BallotKey { key: string, spki: string, pass?: string | undefined }
/** The page's words: drawing, waiting (`{seconds}`), sending, away, lost; `done`: where to go when it is counted. */
export type CastWords = DOMStringMap

/**
 * @param send where the ballot goes and what goes with it
 * @param tell shows a sentence
 * @returns whether it is counted
 */
export async function castBallot({ key, spki, pass }: BallotKey, send: { path: string, body: (ballot: Ballot & { key: string }) => object }, words: CastWords, tell: (sentence: string) => void): Promise<boolean> {
  try {
    tell(words.drawing ?? '')
    const ballot = await draw(key, spki, pass)
    await wait(words.waiting ?? '', tell)
    tell(words.sending ?? '')
    // Who this is went into drawing; it does not go here.
    await post(`${send.path}?`, send.body({ key, ...ballot }), 'omit').catch((error: unknown) => {
      if (!(error instanceof Refused && error.code === 'ballot_spent')) throw error
    })
    forget(key)
    return true
  }
  catch (error) {
    // Drawn on another phone: what is kept here is worth nothing.
    const isLost = error instanceof Refused && error.code === 'ballot_drawn'
    if (isLost) forget(key)
    tell(error instanceof Refused ? (isLost ? words.lost : undefined) ?? error.sentence : words.away ?? '')
    return false
  }
}

/** Whether a ballot can be made here: Web Crypto is there over https only. */
export const canCast = (): boolean => globalThis.crypto?.subtle !== undefined

async function draw(key: string, spki: string, pass: string | undefined): Promise<Ballot> {
  const kept = read(key) ?? { blinded: await blindBallot(spki) }
  if (kept.ballot) return kept.ballot
  // Kept before it is sent: whatever happens next, the same message gets the same signature.
  keep(key, kept)
  const { blindSignature } = await post(pass ? `/api/ratings/ballots?pass=${pass}&` : '/api/ratings/ballots?', { key, blinded: kept.blinded.blinded }, 'same-origin')
  const ballot = await unblindBallot(spki, kept.blinded, blindSignature ?? '')
  keep(key, { ...kept, ballot })
  return ballot
}

/** A while of its own lies between drawing and sending. */
async function wait(words: string, tell: (sentence: string) => void) {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  for (let left = Math.ceil((leastWaitMs + random / 2 ** 32 * (mostWaitMs - leastWaitMs)) / 1000); left > 0; left--) {
    tell(words.replace('{seconds}', String(left)))
    await new Promise(resolve => setTimeout(resolve, 1000))
  }
}

async function post(path: string, body: object, credentials: RequestCredentials): Promise<{ blindSignature?: string }> {
  const locale = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'
  const answer = await fetch(`${path}locale=${locale}`, { method: 'POST', credentials, referrerPolicy: credentials === 'omit' ? 'no-referrer' : 'same-origin', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(20_000) })
  const said = await answer.json() as { blindSignature?: string, code?: string, detail?: string }
  if (answer.ok) return said
  throw answer.status >= 500 ? new Error('away') : new Refused(said.code ?? '', said.detail ?? '')
}

const nameOf = (key: string) => `linli-ballot-${key}`

function read(key: string): Kept | undefined {
  try {
    return JSON.parse(localStorage.getItem(nameOf(key)) ?? 'null') as Kept | null ?? undefined
  }
  catch {
    return undefined
  }
}

function keep(key: string, kept: Kept) {
  try {
    localStorage.setItem(nameOf(key), JSON.stringify(kept))
  }
  catch {
    // Storage is full or forbidden: it lasts as long as this page.
  }
}

function forget(key: string) {
  try {
    localStorage.removeItem(nameOf(key))
  }
  catch {
    // It kept nothing.
  }
}
