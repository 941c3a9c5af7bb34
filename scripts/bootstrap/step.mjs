const columns = { name: 14, outcome: 46 }

/**
 * Runs one step and shows it as one plain line: name, outcome, seconds.
 * @template T
 * @param {string} name
 * @param {(step: Step) => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const startedAt = performance.now()
  const line = new Step(name)
  try {
    const result = await work(line)
    line.end(`${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
    return result
  }
  catch (error) {
    line.end('failed')
    throw error
  }
}

/** The line of a step while it runs. */
export class Step {
  #begun = false
  #outcome = ''
  /** @type {NodeJS.Timeout | undefined} */
  #timer

  /** @param {string} name */
  constructor(name) {
    this.name = name
  }

  /** @param {string} outcome what the finished line says, e.g. "up to date" */
  is(outcome) {
    this.#outcome = outcome
  }

  /**
   * Shows at once what a longer step is doing, then a dot every two seconds.
   * @param {string} doing
   */
  during(doing) {
    this.#begin(doing)
    this.#outcome = doing
    clearInterval(this.#timer)
    this.#timer = setInterval(() => {
      process.stdout.write('.')
    }, 2000)
    this.#timer.unref()
  }

  /** @param {string} ending */
  end(ending) {
    clearInterval(this.#timer)
    if (this.#begun) process.stdout.write(` ${ending}\n`)
    else process.stdout.write(`  ${this.name.padEnd(columns.name)}${this.#outcome.padEnd(columns.outcome - 1)} ${ending}\n`)
  }

  /** @param {string} text */
  #begin(text) {
    if (this.#begun) process.stdout.write('\n')
    this.#begun = true
    process.stdout.write(`  ${this.name.padEnd(columns.name)}${text}`)
  }
}
