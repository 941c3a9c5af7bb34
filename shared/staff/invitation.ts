import { z } from 'zod'
import { newPasswordSchema } from '../accounts/account-schema.ts'
import type { Localised } from '../communities/reference-data.ts'
import type { StaffRole } from './desk-schema.ts'

/** 32 random bytes as base64url: the secret part of the link in an invitation. */
export const invitationTokenSchema = z.string().regex(/^[\w-]{43}$/)
export const invitationPathSchema = z.object({ token: invitationTokenSchema })

/** The page where an invited person makes their account, in the language of their mail. */
export const invitationLink = (publicUrl: string, locale: string, token: string): string => `${publicUrl}/${locale}/desk/invitation/${token}`

/** What the link of an invitation shows. */
export interface OpenInvitation { email: string, role: StaffRole, name: Localised, badgeNumber: string, station: Localised, expiresAt: string, timeZone: string }
/** `hasEnded`: used, run out or taken back, all of which look alike. */
export type InvitationPage = OpenInvitation | { hasEnded: true }

/** `POST /{locale}/desk/invitation/{token}` */
export const acceptFormSchema = z.object({ password: newPasswordSchema })
