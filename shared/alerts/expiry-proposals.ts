import type { AlertColour, AlertKind } from './alert-words.ts'

const ofColour: Record<AlertColour, readonly [number, ...number[]]> = { red: [6, 12, 24, 72], orange: [24, 12, 48, 72], yellow: [72, 24, 168, 720], blue: [168, 72, 336, 720] }
const ofKind: Record<Exclude<AlertKind, 'warning'>, readonly [number, ...number[]]> = { tip: [336, 168, 720], notice: [168, 72, 336, 720], solved: [168, 336, 720] }

/** Hours that a message of this kind usually holds: the first is what a new one is given, all are offered. The longest is what the rules allow. */
export function proposeHours(kind: AlertKind, colour: AlertColour | null): readonly [number, ...number[]] {
  return kind === 'warning' ? ofColour[colour ?? 'blue'] : ofKind[kind]
}
