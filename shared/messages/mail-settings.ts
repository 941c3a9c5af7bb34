import { z } from 'zod'
import { minutesOf } from './quiet-hours.ts'

/** Everything; only what asks for an answer or is urgent; nothing but sign-in codes. What staff are told of their duties is beside it. */
export const mailLevels = ['all', 'important', 'none'] as const
export type MailLevel = typeof mailLevels[number]

/** Hours without mail, as HH:MM of the station's clock; the same twice means never quiet. */
export interface QuietHours { from: string, to: string }

export interface MailSettings { level: MailLevel, quiet: QuietHours }

/** Whose settings: a whole account's, or of one report whose address is sealed. */
export interface MailSubject { kind: 'user' | 'report', id: string }

const time = z.string().trim().refine(text => minutesOf(text) !== undefined, 'time')

/** The form of the settings. Without script a browser may send what its time field holds, also nothing. */
export const mailSettingsFormSchema = z.object({ level: z.enum(mailLevels, 'choose'), quietFrom: time, quietTo: time })

export interface MailSettingsPage extends MailSettings {
  reference?: string
  /** Of staff: mails about what they owe come whatever they choose. */
  hasDuty: boolean
  isSaved: boolean
}

/** The token of a link in a mail, as server/domain/messages/mail-links.ts makes it. */
export const tokenPathSchema = z.object({ token: z.string().regex(/^[\w-]{16}\.[\w-]{44}$/) })
