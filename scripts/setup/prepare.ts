import { Sentence } from '../bootstrap/sentence.mjs'
import { readSettingsFile, settingsPath } from '../bootstrap/settings-file.mjs'
import { fulfil, type Terminal } from './ask.ts'
import { settle, type Settled } from './settle.ts'
import { allWishes, peopleWishes, readFlags, stationWishes, type Orders } from './wishes.ts'

/** What was said, by flag. */
export type Told = ReadonlyMap<string, string>

/** Everything that can be known, asked and refused before anything is made. */
export interface Prepared extends Settled {
  file: string
  orders: Orders
  told: Told
  /** Answers of a first run; later ones ask only for what turns out to be needed. */
  station: Told | undefined
  people: Told | undefined
  /** The lines differ from those of the file. */
  isToBeWritten: boolean
}

/** @returns undefined when only the list of flags was asked for @throws Sentence */
export async function prepare(root: string, args: string[], environment: NodeJS.ProcessEnv, terminal: Terminal | undefined): Promise<Prepared | undefined> {
  const { told: flags, orders, isHelp } = readFlags(args)
  if (isHelp) return undefined
  if (environment.LINLI_DEMO === '1') throw new Sentence('LINLI_DEMO=1 asks for the demo, which needs no set-up: unset it to set up a real station.')
  const file = settingsPath(root, environment)
  const kept = readSettingsFile(file)
  const told: Told = new Map([...fromEnvironment(environment), ...flags])
  if (terminal && !kept) terminal.output.write('\n  A real station. An empty answer takes what stands in brackets; secrets are not shown.\n\n')
  const settled = await settle(root, file, { told, kept, orders, terminal, environment })
  return {
    ...settled, file, orders, told,
    station: kept ? undefined : await fulfil(stationWishes, told, terminal),
    people: kept ? undefined : await fulfil(peopleWishes, told, terminal),
    isToBeWritten: JSON.stringify(settled.lines) !== JSON.stringify(kept),
  }
}

/** An empty one counts as unset. */
function fromEnvironment(environment: NodeJS.ProcessEnv): [string, string][] {
  return Object.entries(allWishes).flatMap(([flag, { env }]): [string, string][] => environment[env] ? [[flag, environment[env]]] : [])
}
