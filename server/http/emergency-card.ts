import { detectEmergency } from '#server/chat/emergency/detect-emergency'
import type { EmergencyNumbers } from '#shared/reports/emergency-numbers'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { config } from '../config.ts'
import { getServices } from '../services.ts'

/** What the emergency rules say of a text, with the number to call: shown above forms and in answers, never a barrier. */
export interface EmergencyCard { kind: string, service: string, number: string }

/** The kind of danger in a text, if the rules fire. */
export const dangerIn = (text: string): string | undefined => detectEmergency(text)?.kind

/** The call card for a text, if the rules fire. */
export async function emergencyCard(text: string): Promise<EmergencyCard | undefined> {
  const finding = detectEmergency(text)
  if (!finding) return undefined
  const { kind, service } = finding
  return { kind, service, number: (await emergencyNumbers())[service] }
}

/** Whom to call: what the station has set at the desk, else the setting, also while the database is away. */
export async function emergencyNumbers(): Promise<EmergencyNumbers> {
  const reference = config().supabase && await getServices().then(services => getReferenceData(services)).catch(() => undefined)
  return reference?.station?.emergency_numbers ?? config().emergencyNumbers
}
