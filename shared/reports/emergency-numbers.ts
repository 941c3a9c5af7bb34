import { z } from 'zod'

/** Numbers to call, by the service that answers. The defaults are mainland China's. */
export const emergencyNumbersSchema = z.strictObject({
  police: z.string().default('110'),
  fire: z.string().default('119'),
  medical: z.string().default('120'),
  traffic: z.string().default('122'),
})
export type EmergencyNumbers = z.infer<typeof emergencyNumbersSchema>

/** What can stand in a `tel:` link: digits, with one plus sign in front for numbers abroad. */
const entrySchema = z
  .string()
  .regex(/^(?:police|fire|medical|traffic)\s*:\s*\+?[0-9]{2,15}$/, 'EMERGENCY_NUMBERS must read like "police:110,fire:119,medical:120,traffic:122"')

const settingSchema = z
  .string()
  .transform(text => text.split(',').map(entry => entry.trim()).filter(entry => entry !== ''))
  .pipe(z.array(entrySchema))
  .transform(entries => entries.map(entry => entry.split(':').map(part => part.trim())))
  .refine(pairs => new Set(pairs.map(([service]) => service)).size === pairs.length, 'EMERGENCY_NUMBERS names a service twice')
  .transform(pairs => Object.fromEntries(pairs))
  .pipe(emergencyNumbersSchema)

/**
 * Reads the setting EMERGENCY_NUMBERS, `police:110,fire:119,medical:120,traffic:122`. Services left out keep their default.
 * @throws ZodError with a sentence that names the setting
 */
export function parseEmergencyNumbers(text: string | undefined): EmergencyNumbers {
  return settingSchema.parse(text ?? '')
}
