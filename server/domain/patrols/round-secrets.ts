import { openText, sealText } from '../trust/envelope.ts'
import type { Services } from '../services.ts'

type Keys = Pick<Services, 'keys'>
const aboutSummary = (shift: string) => `patrol:${shift}`

/** Seals the summary of a patrol, which may name people: under the portal's own key, since it belongs to no report. */
export function sealSummary({ keys }: Keys, shift: string, summary: string): string {
  const { key, id } = keys.secret('outbox')
  return sealText(key, summary, aboutSummary(shift), id)
}

/** Opens what `sealSummary` made for the same shift. */
export const openSummary = ({ keys }: Keys, shift: string, sealed: string): string => openText(keys.secret('outbox').key, sealed, aboutSummary(shift))

/** A code of a checkpoint is found by this, never by itself. */
export const checkpointHash = ({ keys }: Keys, code: string): string => keys.keyedHash('index', `checkpoint ${code}`)

/** Seals a code so that its poster can be printed again; it opens beside its own hash alone. */
export function sealCheckpoint(services: Keys, code: string): { hash: string, sealed: string } {
  const { key, id } = services.keys.secret('outbox')
  const hash = checkpointHash(services, code)
  return { hash, sealed: sealText(key, code, `checkpoint:${hash}`, id) }
}

/** Opens what `sealCheckpoint` made. */
export const openCheckpoint = ({ keys }: Keys, { hash, sealed }: { hash: string, sealed: string }): string => openText(keys.secret('outbox').key, sealed, `checkpoint:${hash}`)
