import { z } from 'zod'
import { circleSchema } from './published-alert.ts'
import { alertColours, alertKinds, areaKinds, certainties, severities, urgencies } from './alert-words.ts'
import { proposeWords } from './alert-colours.ts'
import { proposeHours } from './expiry-proposals.ts'
import { instantOf } from '../reports/wall-time.ts'
import { offsetAt } from '../reports/clock.ts'
import { localeCodes } from '../locales.ts'
import type { AlertOffers, DeskAlert } from './alert-schema.ts'

/* The composer's form: what is typed, complete or not. */

const text = z.object({ headline: z.string(), description: z.string(), instruction: z.string() })
const area = z.object({
  kind: z.enum(areaKinds), community: z.string().nullable(), grid: z.string().nullable(), label: z.object({ zh: z.string(), en: z.string() }),
  /** `ring`: corners of a drawn polygon, not closed. */
  ring: z.array(z.tuple([z.number(), z.number()])).nullable(), circle: circleSchema.nullable(),
})
/** `onset` and `expires`: the station's wall clock, `YYYY-MM-DDTHH:MM`, or empty. */
export const alertFormSchema = z.object({
  kind: z.enum(alertKinds), colour: z.enum(alertColours).nullable(), event: z.string(), urgency: z.enum(urgencies), severity: z.enum(severities), certainty: z.enum(certainties),
  onset: z.string(), expires: z.string(), isExercise: z.boolean(), follows: z.string().nullable(), contact: z.string(), web: z.string(),
  texts: z.object({ zh: text, en: text }), areas: z.array(area),
})
export type AlertForm = z.infer<typeof alertFormSchema>
export type FormArea = z.infer<typeof area>

const noText = () => ({ headline: '', description: '', instruction: '' })

/** A new form: a yellow warning, as most are. @param now of the station */
export function newAlertForm(now: number, timeZone: string): AlertForm {
  return {
    kind: 'warning', colour: 'yellow', event: '', ...proposeWords('warning', 'yellow'), onset: '', expires: wallTime(now + proposeHours('warning', 'yellow')[0] * 3_600_000, timeZone), isExercise: false, follows: null,
    contact: '', web: '', texts: { zh: noText(), en: noText() }, areas: [],
  }
}

/** A draft of the desk as a form. */
export function formOf(alert: DeskAlert, timeZone: string): AlertForm {
  const { kind, colour, event, urgency, severity, certainty, isExercise, follows, texts } = alert
  return {
    kind, colour, event, urgency, severity, certainty, isExercise, follows, onset: alert.onset ? wallTime(Date.parse(alert.onset), timeZone) : '', expires: wallTime(Date.parse(alert.expires), timeZone),
    contact: alert.contact ?? '', web: alert.web ?? '',
    texts: { zh: { ...noText(), ...texts.zh, instruction: texts.zh?.instruction ?? '' }, en: { ...noText(), ...texts.en, instruction: texts.en?.instruction ?? '' } },
    areas: alert.areas.map(({ kind, community, grid, label, shape }) => ({
      kind, community, grid, label, circle: shape?.type === 'Circle' ? shape : null,
      ring: shape?.type === 'Polygon' ? (shape.coordinates[0] ?? []).slice(0, -1).map(([lng = 0, lat = 0]): [number, number] => [lng, lat]) : null,
    })),
  }
}

/** What is sent. A language in which nothing is written is left out; an expiry that is no time stays missing, and the server says so. */
export function bodyOf(form: AlertForm, timeZone: string): Record<string, unknown> {
  const { texts, areas, onset, expires, ...same } = form
  return {
    ...same, colour: form.kind === 'warning' ? form.colour : null, follows: form.kind === 'solved' ? form.follows : null, onset: onset ? instantOfWall(onset, timeZone) : null, expires: instantOfWall(expires, timeZone),
    texts: Object.fromEntries(localeCodes.filter(code => Object.values(texts[code]).some(part => part.trim())).map(code => [code, texts[code]])),
    areas: areas.map(({ kind, community, grid, label, ring, circle }) => {
      switch (kind) {
        case 'station': return { kind }
        case 'community': return { kind, community }
        case 'grid': return { kind, grid }
        case 'polygon': return { kind, label, shape: { type: 'Polygon', coordinates: [ring && ring.length ? [...ring, ring[0]] : []] } }
        case 'circle': return { kind, label, shape: circle }
      }
    }),
  }
}

/** The form with a template in it; areas and what was typed about times by hand stay. */
export function withTemplate(form: AlertForm, template: AlertOffers['templates'][number], now: number, timeZone: string): AlertForm {
  const { kind, colour, event, hours, texts } = template
  return {
    ...form, kind, colour, event, ...proposeWords(kind, colour), expires: wallTime(now + hours * 3_600_000, timeZone), follows: kind === 'solved' ? form.follows : null,
    texts: { zh: { ...texts.zh, instruction: texts.zh.instruction ?? '' }, en: texts.en ? { ...texts.en, instruction: texts.en.instruction ?? '' } : noText() },
  }
}

/** Blanks of a template that nobody has filled in: `【地点】`, `[place]`. */
export const blanksIn = (form: Pick<AlertForm, 'texts'>): string[] =>
  [...new Set(Object.values(form.texts).flatMap(Object.values).join('\n').match(/【[^】\n]*】|\[[^\]\n]*\]/g) ?? [])]

/** An instant as `datetime-local` has it, on the station's wall clock. */
export const wallTime = (instant: number, timeZone: string): string => new Date(instant + offsetAt(instant, timeZone)).toISOString().slice(0, 16)

/** The instant of a `datetime-local` on the station's wall clock, or null. */
export function instantOfWall(wall: string, timeZone: string): string | null {
  const [on = '', at] = wall.split('T')
  return (at && instantOf(on, at, timeZone)) || null
}
