import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Sentence } from '../bootstrap/sentence.mjs'
import type { Wish } from './wishes.ts'

/** Where questions are asked, if anybody is there to answer. */
export interface Terminal { input: NodeJS.ReadStream, output: NodeJS.WriteStream }

/**
 * Finds each wish in what was told (flags, environment, settings file) or asks for it.
 * @param told flag → value
 * @throws Sentence naming everything that is missing when nobody is there, or what cannot be taken
 */
export async function fulfil(wishes: Record<string, Wish>, told: ReadonlyMap<string, string>, terminal: Terminal | undefined): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const missing: string[] = []
  for (const [flag, wish] of Object.entries(wishes)) {
    const value = told.get(flag) ?? (terminal ? await answer(flag, wish, terminal) : wish.fallback)
    if (value) {
      const why = wish.refuse?.(value)
      if (why) throw new Sentence(`--${flag} ${why}.`)
      found.set(flag, value)
    }
    else if (!wish.isOptional) missing.push(wish.isSecret ? wish.env : `--${flag}`)
  }
  if (missing.length) throw new Sentence(`${missing.length > 1 ? `${missing.slice(0, -1).join(', ')} and ${missing.at(-1)} are` : `${missing[0]} is`} missing; give ${missing.length > 1 ? 'them' : 'it'}, or run npm run setup in a terminal to be asked.`)
  return found
}

async function answer(flag: string, wish: Wish, terminal: Terminal): Promise<string> {
  if (!wish.ask) return ''
  for (;;) {
    const said = (await question(`  ${wish.ask}${wish.fallback ? ` [${wish.fallback}]` : ''}: `, wish.isSecret === true, terminal)).trim() || (wish.fallback ?? '')
    const why = said ? wish.refuse?.(said) : wish.isOptional ? undefined : 'is needed'
    if (!why) return said
    terminal.output.write(`  This ${why}.\n`)
  }
}

/** One line; of a secret nothing is shown while it is typed. */
function question(text: string, isSecret: boolean, { input, output }: Terminal): Promise<string> {
  let isMuted = false
  const shown = new Writable({
    write(chunk, _encoding, done) {
      if (!isMuted) output.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input, output: shown, terminal: true, historySize: 0 })
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => {
      output.write('\n')
      reject(new Sentence('Stopped; nothing more was changed.'))
      lines.close()
    })
    lines.once('close', () => reject(new Sentence('The input ended before everything was answered.')))
    lines.question(text, (line) => {
      if (isSecret) output.write('\n')
      resolve(line)
      lines.close()
    })
    isMuted = isSecret
  })
}
