/** Challenges a minute that one worker calls calm: 120 is a busy evening of a large station. */
const calmPerMinute = 120

let started = 0
let before = 0
let current = 0

/** How many times busier than calm the last minute was, from 1. Load makes the work harder, it closes nothing (RULES G2). */
export function challengeLoad(now: number): number {
  const minute = Math.floor(now / 60_000)
  if (minute !== started) {
    before = minute === started + 1 ? current : 0
    started = minute
    current = 0
  }
  current += 1
  return Math.max(1, Math.max(before, current) / calmPerMinute)
}
