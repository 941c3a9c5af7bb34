import type { H3Event } from 'h3'
import type { Limit } from '#server/db/reports'
import type { Services } from '#server/domain/services'
import { clientAddress } from './client-address.ts'

/*
  How often one address may do a thing (RULES G2). Only addresses are limited, never a station: 25 people behind one router
  file 25 reports in ten minutes, a flooding client is held after 60. The database counts, so that all workers share the windows.
*/
const policies = {
  'report.create': { times: 60, seconds: 600 },
  'report.follow': { times: 20, seconds: 600 },
  'report.guess': { times: 20, seconds: 600 },
  'report.message': { times: 30, seconds: 600 },
  'report.evidence': { times: 120, seconds: 600 },
  'report.draft': { times: 400, seconds: 600 },
  'subscription.create': { times: 30, seconds: 600 },
  'alert.respond': { times: 120, seconds: 600 }, // a household answers for each of a night's messages
  'alert.check': { times: 120, seconds: 600 },
  'chat.turn': { times: 300, seconds: 600 }, // a turn is a tap: a report takes about fifteen, and a household shares its address
  'rating.give': { times: 60, seconds: 600 }, // open ones: a household, or a stall in the street
  'survey.answer': { times: 60, seconds: 600 }, // open ones, as ratings
  'trust.check': { times: 60, seconds: 600 },
  'challenge': { times: 200, seconds: 600 },
  'account.sign_in': { times: 60, seconds: 600 }, // failures: who gets in gives the turn back
  'account.code': { times: 60, seconds: 600 },
  'account.guess': { times: 100, seconds: 600 },
  'account.verify': { times: 60, seconds: 600 },
  'staff.code': { times: 30, seconds: 600 }, // wrong ones only, from devices that are not known
} as const satisfies Record<string, { times: number, seconds: number }>

/*
  How often a thing may happen to one account, from wherever. Wrong passwords close the way by password for the rest of the hour,
  never the way by code, nor the way of a device that the owner uses (sign-in-limits.ts). Mails: one a minute, so that nobody's letter box is filled; with ten guesses for each mail (enter-code.ts)
  six an hour leave whoever guesses at an account all day one chance in 700.
*/
const accountPolicies = {
  'account.password': [{ times: 20, seconds: 3600 }],
  'account.verify': [{ times: 10, seconds: 3600 }],
  'account.export': [{ times: 5, seconds: 3600 }],
  'account.confirm': [{ times: 30, seconds: 3600 }],
  'account.certificate': [{ times: 20, seconds: 3600 }], // each paper keeps the portal busy for 0.2 s
  'account.telegram': [{ times: 20, seconds: 3600 }],
  'staff.code': [{ times: 5, seconds: 900 }],
  'subscription.mail': [{ times: 2, seconds: 60 }, { times: 6, seconds: 3600 }],
  'account.mail': [{ times: 1, seconds: 60 }, { times: 6, seconds: 3600 }],
} as const satisfies Record<string, readonly { times: number, seconds: number }[]>

export type LimitedAct = keyof typeof policies

/**
 * The window of an act for whoever sends this request: a keyed hash of the address, under a key that changes with the hour,
 * so that no bucket can be joined to an address later.
 */
export function limitsFor(event: H3Event, { keys }: Services, act: LimitedAct, now = Date.now()): Limit[] {
  const hour = Math.floor(now / 3_600_000)
  const { times, seconds } = policies[act]
  return [{ bucket: `${act}:${keys.mac('address', `${hour} ${clientAddress(event)}`).toString('base64url')}`, times, seconds }]
}

/** The network of an answer, as a keyed hash that holds for one occasion. */
export const networkFor = (event: H3Event, { keys }: Services) => (occasion: string): string => keys.keyedHash('address', `occasion ${occasion} ${clientAddress(event)}`)

/** The windows of an act for the account of an e-mail address, whether there is such an account or not. */
export function limitsForEmail({ keys }: Services, act: keyof typeof accountPolicies, email: string): Limit[] {
  const hash = keys.mac('address', `email ${email}`).toString('base64url')
  return accountPolicies[act].map(({ times, seconds }) => ({ bucket: `${act}.${seconds}:${hash}`, times, seconds }))
}
