import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Sentence } from '../bootstrap/sentence.mjs'

const preload = join(import.meta.dirname, 'leave-with-parent.mjs')
const keptLines = 40

export interface ServiceOptions {
  /** What it is in a sentence, e.g. "The portal". */
  name: string
  args: string[]
  env: NodeJS.ProcessEnv
  /** Heap limit of the process in MB. */
  heapMegabytes: number
  /** Sees each line of its output; answers true for a line that is for us and not to be shown. */
  onLine?: (line: string) => boolean
}

/** One child process that belongs to the start: its output is passed on, its death is reported in a sentence. */
export class Service {
  readonly name: string
  readonly pid: number
  /** Rejects with a sentence when the process ends without having been told to. */
  readonly died: Promise<never>
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  #isReady = false
  #isStopping = false
  #held: string[] = []

  constructor(options: ServiceOptions) {
    this.name = options.name
    // An own group: Ctrl-C in a terminal reaches only the supervisor, which stops the children in order.
    this.#child = spawn(process.execPath, [`--max-old-space-size=${options.heapMegabytes}`, '--disable-warning=ExperimentalWarning', `--import=${preload}`, ...options.args], {
      env: options.env,
      // Its stdin stays open as long as we live: together with the channel this is how it notices our death.
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      detached: true,
    })
    this.pid = this.#child.pid ?? 0
    this.#passOn(options)
    this.#ended = new Promise(resolve => this.#child.once('close', () => resolve()))
    this.died = new Promise((_resolve, reject) => {
      this.#child.once('error', error => reject(new Sentence(`${this.name} could not be started: ${error.message}.`, { cause: error })))
      this.#child.once('close', (code, signal) => {
        if (!this.#isStopping) reject(this.#deathSentence(code, signal))
      })
    })
    this.died.catch(() => {}) // whoever waits sees it; nobody waiting is no crash
  }

  /** From now on its error output is shown as it comes. */
  ready() {
    this.#isReady = true
    for (const line of this.#held) process.stderr.write(`${line}\n`)
    this.#held = []
  }

  /** Tells it to stop and waits; after the grace it is killed. */
  async stop(graceMs: number) {
    this.#isStopping = true
    const timer = setTimeout(() => this.kill(), graceMs)
    this.#child.kill('SIGTERM')
    await this.#ended
    clearTimeout(timer)
  }

  kill() {
    this.#child.kill('SIGKILL')
  }

  #passOn({ onLine }: ServiceOptions) {
    const { stdout, stderr } = this.#child
    if (stdout) {
      createInterface(stdout).on('line', (line) => {
        if (!onLine?.(line)) process.stdout.write(`${line}\n`)
      })
    }
    if (stderr) {
      // Before it is ready its complaints are held back: if it dies, the last one is the sentence.
      createInterface(stderr).on('line', (line) => {
        if (this.#isReady) process.stderr.write(`${line}\n`)
        else this.#held = [...this.#held, line].slice(-keptLines)
      })
    }
  }

  #deathSentence(code: number | null, signal: NodeJS.Signals | null) {
    const how = signal ? `was ended by ${signal}` : `stopped by itself (exit code ${code})`
    const words = this.#held.filter(line => line.trim())
    if (words.length === 1) return new Sentence((words[0] ?? '').replace(/^[a-z ]+: /, '')) // without the log's prefix
    if (words.length) return new Sentence(`${this.name} ${how} before it was ready; its last words stand above.`, { details: words.join('\n') })
    return new Sentence(`${this.name} ${how}; everything was stopped.`)
  }
}
