/** No call is made to wait for a database that gives no answer. supabase-js answers it with status 0. */
export class AwayError extends Error {
  override name = 'AwayError'
  readonly code = 'EAWAY'

  constructor() {
    super('fetch failed: the database does not answer')
  }
}

/*
  Counted in ticks, not in milliseconds: between two ticks the process has read what came in, so that its own lack of time is never
  taken for the database's silence. A visitor hears "away" after unsure + silent, that is 1.2 s of 2 where the machine keeps up: on one with
  two busy cores honest answers were silent for more than 0.65 s, and a sign-in was refused.
*/
const tickMs = 50
const ticks = {
  /** A call waits this long: the database is asked whether it is there. */
  unsure: 3,
  /** The question and every other call got no answer for this long: it is away. */
  silent: 21,
  /** How long after the answer to one question the next is asked, of an open call and while away. */
  pauseUnsure: 10,
  pauseAway: 4,
}

export interface Reachability {
  /** False from the moment on which the database was silent too long, until it answers again. */
  readonly isThere: boolean
  /** Rejects with AwayError when the database is away or goes away before the work ends. The work itself goes on. */
  while: <T>(work: () => Promise<T>) => Promise<T>
  /** The same, for a call of the database: `isAlive` says whether its answer came from there. */
  call: <T>(send: () => Promise<T>, isAlive: (answer: T) => boolean) => Promise<T>
}

/**
 * Watches whether the database answers at all. Slow calls are let be as long as anything comes back: a short question is asked
 * beside them, over a connection that the embedded backend keeps for it.
 * @param ask the question; rejects when there is no good answer
 */
export function watchReachability(ask: () => Promise<unknown>): Reachability {
  const open = new Set<{ age: number, isCall: boolean, reject: (error: AwayError) => void }>()
  let isThere = true
  let isSuspect = false
  let silence = 0
  let pause = 0
  let question: symbol | undefined
  let timer: NodeJS.Timeout | undefined

  const hasWork = () => !isThere || isSuspect || [...open].some(({ isCall }) => isCall)

  function tick() {
    for (const work of open) work.age++
    silence++
    pause--
    if (question) {
      if (silence >= ticks.silent) endQuestion(question, false)
    }
    else if (pause <= 0 && (!isThere || isSuspect || [...open].some(({ age, isCall }) => isCall && age >= ticks.unsure))) {
      const mine = question = Symbol('question')
      isSuspect = false
      silence = 0
      void ask().then(() => endQuestion(mine, true), () => endQuestion(mine, false))
    }
    if (!hasWork() && timer) timer = void clearInterval(timer)
  }

  function endQuestion(which: symbol, isGood: boolean) {
    if (question !== which) return
    question = undefined
    pause = isGood ? ticks.pauseUnsure : ticks.pauseAway
    isThere = isGood
    if (isGood) return
    for (const { reject } of [...open]) reject(new AwayError())
    open.clear()
  }

  function run<T>(work: () => Promise<T>, isCall: boolean): Promise<T> {
    if (!isThere) return Promise.reject(new AwayError())
    return new Promise<T>((resolve, reject) => {
      const entry = { age: 0, isCall, reject }
      open.add(entry)
      if (isCall) timer ??= setInterval(tick, tickMs).unref()
      work().then(resolve, reject).finally(() => open.delete(entry))
    })
  }

  return {
    get isThere() { return isThere },
    while: work => run(work, false),
    call(send, isAlive) {
      return run(() => send().then((answer) => {
        if (isAlive(answer)) silence = 0
        else isSuspect = true
        return answer
      }, (error: unknown) => {
        isSuspect = true
        throw error
      }), true)
    },
  }
}
