import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'

const textSchema = z.object({ purpose: z.string(), version: z.number().int(), title: localisedSchema, body: localisedSchema, is_required: z.boolean() })
/** A text that people agree to, in the version in force. */
export type ConsentText = z.infer<typeof textSchema>
export const consentTextsSchema = z.object({ texts: z.array(textSchema) })

const said = z.object({ version: z.number().int(), is_given: z.boolean(), at: z.string(), channel: z.enum(['web', 'api', 'bot', 'desk']) })
export const consentsSchema = z.object({
  now: z.string(),
  texts: z.array(textSchema.extend({ last: said.nullable() })),
  history: z.array(said.extend({ purpose: z.string(), title: localisedSchema })),
})
export type Consents = z.infer<typeof consentsSchema>

/** What somebody says about one text. */
export const decisionSchema = z.object({ purpose: z.string(), version: z.number().int(), is_given: z.boolean() })
export type Decision = z.infer<typeof decisionSchema>

/** `contact_mail.1`: a tick carries the version that was shown. */
export const tickOf = ({ purpose, version }: Pick<ConsentText, 'purpose' | 'version'>): string => `${purpose}.${version}`

/**
 * What the ticks of a form say about the texts in force: a yes for each that is ticked, a no for the others. Undefined where a text that
 * is needed, as it was shown, is not ticked.
 */
export function decisionsOf(texts: readonly ConsentText[], ticks: readonly string[]): Decision[] | undefined {
  const decisions = texts.map(text => ({ purpose: text.purpose, version: text.version, is_given: ticks.includes(tickOf(text)) }))
  return texts.some((text, index) => text.is_required && !decisions[index]?.is_given) ? undefined : decisions
}

/** One button of the account page: `contact_mail.1.yes`. */
export const consentFormSchema = z.object({
  decision: z.string('choose').regex(/^[a-z_]{1,40}\.\d{1,6}\.(yes|no)$/, 'choose').transform((text) => {
    const [purpose = '', version, word] = text.split('.')
    return { purpose, version: Number(version), is_given: word === 'yes' }
  }),
})

export interface ConsentsPage extends Consents { timeZone: string, isSaved: boolean }
