import { setTimeout as pause } from 'node:timers/promises'

/**
 * Gives the answer at the end of a whole step of time: how long it took must not tell whether an address is known. bcrypt in
 * JavaScript takes a quarter of a second here, a look-up some milliseconds; on a busy machine the work of both may take several steps.
 */
export async function atEvenTime<Answer>(stepMs: number, work: Promise<Answer>, isEven: (answer: Answer) => boolean = () => true): Promise<Answer> {
  const startedAt = performance.now()
  const answer = await work
  const spent = performance.now() - startedAt
  if (stepMs > 0 && isEven(answer)) await pause(Math.ceil(spent / stepMs) * stepMs - spent)
  return answer
}
