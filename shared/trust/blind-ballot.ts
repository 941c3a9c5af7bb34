import { RSABSSA } from '@cloudflare/blindrsa-ts'

/*
  A ballot (RULES E2): the portal signs a message that it does not see, RSABSSA-SHA384-PSS-Randomized (RFC 9474). Whoever holds the signed message is one of
  those who may speak, and nobody can say which. This is the resident's half; it runs in their browser, or on the server where there is no script.
*/
const suite = RSABSSA.SHA384.PSS.Randomized()
const messageBytes = 32

/** What the phone keeps between drawing and unblinding; never sent anywhere. All base64url. */
export interface BlindedBallot { message: string, blinded: string, inverse: string }

/** A signed message: sent once, without anything that says who sends it. Base64url. */
export interface Ballot { message: string, signature: string }

/** @param spki of the key of this round and community, base64url @throws Error where Web Crypto is missing: it is only there over https */
export async function blindBallot(spki: string): Promise<BlindedBallot> {
  const key = await importKey(spki)
  const message = suite.prepare(crypto.getRandomValues(new Uint8Array(messageBytes)))
  const { blindedMsg, inv } = await suite.blind(key, message)
  return { message: toText(message), blinded: toText(blindedMsg), inverse: toText(inv) }
}

/** Takes the blinding off what the portal signed. @throws Error: the signature is not by this key, so the portal has tried to mark the ballot */
export async function unblindBallot(spki: string, { message, inverse }: BlindedBallot, blindSignature: string): Promise<Ballot> {
  const signature = await suite.finalize(await importKey(spki), toBytes(message), toBytes(blindSignature), toBytes(inverse))
  return { message, signature: toText(signature) }
}

const importKey = (spki: string) => crypto.subtle.importKey('spki', toBytes(spki), { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify'])

function toText(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0))
}
