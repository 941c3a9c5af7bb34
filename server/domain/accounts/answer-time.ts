import { setTimeout as pause } from 'node:timers/promises'

/** Checking a wrong password takes 250 ms on two busy cores, 800 ms at worst; refusing an unknown address takes 10 ms (measured). */
const leastMilliseconds = 1000

/** Refuses no sooner than after a second: how long a refusal takes must not tell whether an address is known. */
export async function answerNoSoonerThan<Answer>(work: Promise<Answer>, milliseconds = leastMilliseconds): Promise<Answer> {
  const [answer] = await Promise.allSettled([work, work.catch(() => pause(milliseconds))])
  if (answer.status === 'rejected') throw answer.reason
  return answer.value
}

/** Answers no sooner than after a second, whether the work went well or not: mailing a code to a new address takes longer than to a known one. */
export async function answerEvenly<Answer>(work: Promise<Answer>, milliseconds = leastMilliseconds): Promise<Answer> {
  const [answer] = await Promise.allSettled([work, pause(milliseconds)])
  if (answer.status === 'rejected') throw answer.reason
  return answer.value
}
