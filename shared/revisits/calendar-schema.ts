import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { dayKinds } from './calendar.ts'

/* What goes in and out of the desk's calls about the calendar. */

export const dayCountings = ['calendar', 'working'] as const
export type DayCounting = typeof dayCountings[number]

export const calendarDaySchema = z.object({ day: z.iso.date(), kind: z.enum(dayKinds), name: localisedSchema, isOwn: z.boolean() })

/** `GET /api/desk/revisits/calendar`. `uncoveredYears`: no public holiday is known for them yet, so they count as plain weeks. */
export const deskCalendarSchema = z.object({
  today: z.iso.date(), counting: z.enum(dayCountings), mayChange: z.boolean(), uncoveredYears: z.array(z.number()), days: z.array(calendarDaySchema),
})
export type DeskCalendar = z.infer<typeof deskCalendarSchema>

const words = z.string({ error: 'required' }).trim().min(1, 'required').max(60, 'textMax')
/** `POST /api/desk/revisits/calendar/days` */
export const setCalendarDaySchema = z.object({ day: z.iso.date('date'), kind: z.enum(dayKinds, 'choose'), name: z.object({ zh: words, en: words }) })
export type SetCalendarDayInput = z.infer<typeof setCalendarDaySchema>
export const calendarDayPathSchema = z.object({ day: z.iso.date() })
/** `POST /api/desk/revisits/calendar/counting` */
export const setCountingSchema = z.object({ counting: z.enum(dayCountings, 'choose') })
