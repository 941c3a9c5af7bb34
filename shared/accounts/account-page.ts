import { z } from 'zod'
import { localeCodes } from '../locales.ts'
import { localisedSchema, type Localised } from '../communities/reference-data.ts'
import type { ConsentText } from './consents.ts'
import type { DemoAccounts } from '../staff/demo-accounts.ts'
import type { Clock } from '../reports/clock.ts'
import type { ClosedReason, Status } from '../reports/status.ts'

/** What the database tells people about their own account. */
export const accountSchema = z.object({
  email: z.string(), created_at: z.string(), has_password: z.boolean(), community: z.string().nullable(), locale: z.enum(localeCodes), staff_role: z.string().nullable(),
  verification: z.object({ community: z.string(), name: localisedSchema, method: z.enum(['code', 'officer']), verified_on: z.iso.date() }).nullable(),
})
export type Account = z.infer<typeof accountSchema>

export interface CommunityChoice { slug: string, name: Localised }

/** `demo`: the accounts of a demo station, never part of what another one serves. */
export interface SignInPage { next?: string, demo?: DemoAccounts, hasLeft: boolean }

export interface SignUpPage { next?: string, communities: CommunityChoice[], texts: ConsentText[] }

export interface CodePage { email: string, isDemo: boolean, isSentAgain: boolean }

export interface AccountPage { account: Account, communities: CommunityChoice[], saved?: 'profile' | 'password', /** Never asked whether they agree to having an account, or to an older text only. */ isToAgree: boolean, /** The station has a bot to link a chat of. */ hasTelegram: boolean, /** A round of ratings is open about the officer of their community, until then. */ rating: { community: string, until: string } | null, timeZone: string, now: string }

/** `asks`: what has to be shown first. `proof`: a fresh code, since there is no password to ask for. */
export interface PasswordPage { email: string, asks: 'nothing' | 'current' | 'proof', isNew: boolean, next: string }

/** `isFresh`: the session is younger than ten minutes, as a copy of one's data asks. */
export interface DataPage { isFresh: boolean }

/** What an erasure would take; `open` names the cases that keep their contact until they close. */
export interface ErasePage { isStaff: boolean, isFresh: boolean, closed: number, open: string[] }

export interface ErasedPage { detached: number, kept: number }

export interface MyReport {
  reference: string
  category: Localised
  status: Status
  closedReason: ClosedReason | null
  receivedAt: string
  updatedAt: string
  unread: number
  /** A visit was made, and nobody has said yet how satisfied they are. */
  awaitsAnswer: boolean
  clock: Clock[]
}

export interface MyReportsPage { reports: MyReport[], now: string, timeZone: string }
