import { z } from 'zod'
import { call, type Clients } from './clients.ts'

const moveDemoClockAnswer = z.object({ ok: z.literal(true), now: z.string() })

/** Moves the clock of a demo station forward. @throws AppError forbidden outside a demo, invalid_input for going back */
export function moveDemoClock({ server }: Clients, now: string) {
  return call(server, 'move_demo_clock', { p_now: now }, moveDemoClockAnswer)
}
