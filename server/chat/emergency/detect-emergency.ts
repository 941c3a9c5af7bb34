import { serviceByKind } from './emergency-kinds.ts'
import type { EmergencyKind, EmergencyService } from './emergency-kinds.ts'
import { findGravestDanger } from './find-dangers.ts'
import { compileLexicon } from './lexicon.ts'
import { rulesEn } from './rules-en.ts'
import { rulesZh } from './rules-zh.ts'

/** A present danger read from somebody's words. */
export interface EmergencyFinding {
  kind: EmergencyKind
  /** Whom to call first. */
  service: EmergencyService
  /** The words that decided, as the rules saw them (normalised); for tests and rule work, never for logs. */
  matched: string
}

const lexicon = compileLexicon([rulesZh, rulesEn])

/** "拿不准就打 96110": a number is dialled, nobody is hit. */
const dialling = /打\s*(?=[0-9０-９]{3})/gu

/**
 * Reads a text for present danger, in every locale at once, and names the gravest kind found.
 * Prefers a needless card to a missed emergency: only a clear denial, past, figure of speech or question of procedure
 * keeps it silent. Pure, never throws, linear in the length of the text.
 */
export function detectEmergency(text: string): EmergencyFinding | undefined {
  const gravest = findGravestDanger(text.replace(dialling, '打电话 '), lexicon)
  return gravest && { ...gravest, service: serviceByKind[gravest.kind] }
}
