/*
  Between "send me a code" and the code: which address it was, in a cookie that only the portal opens. It never stands in an
  address bar, a log or the history. A second one says which session proved its address in the last ten minutes.
*/
import { z } from 'zod'
import { emailSchema } from '#shared/accounts/account-schema'
import { decisionSchema } from '#shared/accounts/consents'
import type { KeyRing } from '../trust/key-ring.ts'
import { openText, SealError, sealText } from '../trust/envelope.ts'

/** How long a code, its ticket and a proof live. */
export const codeSeconds = 600

const ticketSchema = z.object({
  email: emailSchema,
  flow: z.enum(['sign_in', 'sign_up']),
  next: z.string().optional(),
  community: z.string().optional(),
  /** What was ticked at the sign-up; kept once the address is proved. */
  consents: z.array(decisionSchema).optional(),
  /** Names the mail, for counting guesses. */
  codeId: z.uuid(),
  /** Milliseconds. */
  sentAt: z.number(),
})
export type Ticket = z.infer<typeof ticketSchema>

const proofSchema = z.object({ sessionId: z.uuid(), sentAt: z.number() })

const shownSchema = z.object({ code: z.string(), sessionId: z.uuid(), sentAt: z.number() })

const keyOf = (keys: KeyRing) => keys.mac('index', 'sign-in cookies')

/** The ticket as its cookie holds it. */
export const sealTicket = (keys: KeyRing, ticket: Ticket): string => sealText(keyOf(keys), JSON.stringify(ticket), 'sign-in ticket')

/** The ticket in a cookie; undefined when it is not ours or its ten minutes are over. @param now milliseconds */
export function openTicket(keys: KeyRing, sealed: string | undefined, now: number): Ticket | undefined {
  return open(keys, sealed, 'sign-in ticket', ticketSchema, now)
}

/** Says that this session proved its address by a code just now. */
export const sealProof = (keys: KeyRing, sessionId: string, now: number): string =>
  sealText(keyOf(keys), JSON.stringify({ sessionId, sentAt: now }), 'sign-in proof')

/** Did this session prove its address in the last ten minutes? @param now milliseconds */
export function isProved(keys: KeyRing, sealed: string | undefined, sessionId: string, now: number): boolean {
  return open(keys, sealed, 'sign-in proof', proofSchema, now)?.sessionId === sessionId
}

/** The code that this session shows to an officer, as its cookie holds it. */
export const sealShown = (keys: KeyRing, sessionId: string, code: string, now: number): string =>
  sealText(keyOf(keys), JSON.stringify({ code, sessionId, sentAt: now }), 'shown code')

/** The code to show while it lives, and until when. @param now milliseconds */
export function openShown(keys: KeyRing, sealed: string | undefined, sessionId: string, now: number): { code: string, until: string } | undefined {
  const held = open(keys, sealed, 'shown code', shownSchema, now)
  return held?.sessionId === sessionId ? { code: held.code, until: new Date(held.sentAt + codeSeconds * 1000).toISOString() } : undefined
}

function open<Held extends { sentAt: number }>(keys: KeyRing, sealed: string | undefined, about: string, schema: z.ZodType<Held>, now: number): Held | undefined {
  if (!sealed) return undefined
  try {
    const held = schema.safeParse(JSON.parse(openText(keyOf(keys), sealed, about))).data
    return held && now - held.sentAt < codeSeconds * 1000 ? held : undefined
  }
  catch (thrown) {
    if (thrown instanceof SealError) return undefined
    throw thrown
  }
}
