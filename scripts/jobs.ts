// npm run jobs -- [--now ISO] [--dry-run]: runs every job once against the running backend, due or not, and says what each did.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../shared/errors.ts'
import type { Did } from '../server/domain/jobs/job.ts'
import { jobs } from '../server/domain/jobs/registry.ts'
import { runJob, type JobEnd } from '../server/domain/jobs/run-jobs.ts'
import { openServices, type Services } from '../server/domain/services.ts'
import { moveClock } from '../server/domain/trust/move-clock.ts'
import { Sentence, sayAndExit } from './bootstrap/sentence.mjs'
import { readBackend } from './serve/read-backend.ts'

const sentences: Partial<Record<string, string>> = {
  unavailable: 'The station does not run; start it with npm start.',
  forbidden: 'The clock moves on a demo station only.',
  invalid_input: 'The clock of a demo station moves forward only.',
}

/** The portal's own run of a job is short: wait for it, so that this run sees the clock as it stands now. */
const patience = { times: 30, pauseMs: 1000 }
const say = (name: string, text: string) => process.stdout.write(`${name.padEnd(17)} ${text}\n`)

try {
  const args = process.argv.slice(2)
  const now = readNow(args)
  const isDry = args.includes('--dry-run')
  if (isDry && now) throw new Sentence('--dry-run changes nothing, so it cannot move the clock: leave --now out.')
  const services = await openServices(await readBackend())
  if (now) say('clock', `moved to ${await moveClock(services, now)}`)
  await (isDry ? foresee(services) : runAll(services))
}
catch (error) {
  sayAndExit(error instanceof AppError ? new Sentence(sentences[error.code] ?? `The job was refused: ${error.code}.`) : error)
}

async function runAll(services: Services) {
  const worker = randomUUID()
  for (const job of jobs) {
    const end = await whenFree(() => runJob(services, job, { worker, isForced: true }))
    if (end?.outcome === 'did') say(job.name, inWords(end.did))
    else if (end?.outcome === 'failed') {
      say(job.name, `failed: ${end.error instanceof AppError ? end.error.code : String(end.error)}`)
      process.exitCode = 1
    }
    else say(job.name, 'is run by another worker right now')
  }
}

async function whenFree(run: () => Promise<JobEnd | undefined>) {
  for (let times = 1; ; times++) {
    const end = await run()
    if (end?.outcome !== 'busy' || times >= patience.times) return end
    await new Promise(resolve => setTimeout(resolve, patience.pauseMs))
  }
}

async function foresee(services: Services) {
  for (const job of jobs) say(job.name, job.foresee ? `would do: ${inWords(await job.foresee(services))}` : 'cannot be foreseen; it was left alone')
}

function inWords(did: Did) {
  const done = Object.entries(did).map(([what, count]) => `${what} ${count}`)
  return done.length ? done.join(', ') : 'nothing to do'
}

function readNow(args: string[]) {
  const at = args.indexOf('--now')
  if (at < 0) return undefined
  const now = z.iso.datetime({ offset: true }).safeParse(args[at + 1])
  if (!now.success) throw new Sentence('--now takes a time such as 2026-12-01T08:00:00+08:00.')
  return now.data
}
