import { detectEmergency } from '#server/chat/emergency/detect-emergency'
import { config } from '../config.ts'

/** What the emergency rules say of a text, with the number to call: shown above forms and in answers, never a barrier. */
export interface EmergencyCard { kind: string, service: string, number: string }

/** The call card for a text, if the rules fire. */
export function emergencyCard(text: string): EmergencyCard | undefined {
  const finding = detectEmergency(text)
  if (!finding) return undefined
  const { kind, service } = finding
  return { kind, service, number: config().emergencyNumbers[service] }
}
