import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClients } from '../../server/db/clients.ts'
import { jobQueries } from '../../server/db/jobs.ts'
import { runDueJobs, runJob } from '../../server/domain/jobs/run-jobs.ts'
import type { Job } from '../../server/domain/jobs/job.ts'
import type { Services } from '../../server/domain/services.ts'
import { type World, buildWorld } from './world.ts'

let world: World
let services: Services
let queries: ReturnType<typeof jobQueries>

beforeAll(async () => {
  world = await buildWorld()
  const { url, publishableKey, secretKey } = world.backend
  // The runner needs the database only.
  services = { clients: createClients({ url, publishableKey, secretKey }) } as Services
  queries = jobQueries(services.clients)
})
afterAll(() => world?.close())

const letters = () => randomUUID().replace(/[^a-f]/g, '').padEnd(8, 'x')
const newName = () => `test:${letters()}`
const claim = (name: string, worker: string, over: Partial<Parameters<ReturnType<typeof jobQueries>['claim']>[0]> = {}) => queries.claim({ name, worker, every_seconds: 600, lease_seconds: 60, is_forced: false, ...over })
/** As if the run had begun so long ago, and its worker had said nothing since. */
const age = (name: string, seconds: number) => world.sql`update private.job_runs set started_at = started_at - make_interval(secs => ${seconds}), leased_until = leased_until - make_interval(secs => ${seconds}) where name = ${name}`

describe('the lease of a job', () => {
  it('goes to one of many workers that ask at once', async () => {
    const name = newName()

    const answers = await Promise.all(Array.from({ length: 8 }, (_, worker) => claim(name, `w${worker}`)))

    expect(answers.filter(({ taken }) => taken)).toHaveLength(1)
  })

  it('a job that was done is due again after its time, by the station\'s clock', async () => {
    const name = newName()
    await claim(name, 'a')
    await queries.finish({ name, worker: 'a', did: { rows: 3 } })

    expect(await claim(name, 'b')).toMatchObject({ taken: false, busy: false })
    await age(name, 601)
    expect(await claim(name, 'b')).toMatchObject({ taken: true })
  })

  it('by hand it runs before its time, and not beside another', async () => {
    const name = newName()
    await claim(name, 'a')

    expect(await claim(name, 'b', { is_forced: true })).toMatchObject({ taken: false, busy: true })
    await queries.finish({ name, worker: 'a' })
    expect(await claim(name, 'b', { is_forced: true })).toMatchObject({ taken: true })
  })

  it('a worker that dies loses it after a while, and what it says later is not heard', async () => {
    const name = newName()
    await claim(name, 'dead', { lease_seconds: 60 })
    await age(name, 30)
    expect(await claim(name, 'b')).toMatchObject({ taken: false, busy: true })

    await age(name, 300)
    expect(await claim(name, 'b')).toMatchObject({ taken: true })
    expect(await queries.finish({ name, worker: 'dead', did: { rows: 1 } })).toMatchObject({ kept: false })
    expect(await queries.renew({ name, worker: 'dead', lease_seconds: 60 })).toMatchObject({ kept: false })
    expect(await queries.finish({ name, worker: 'b', did: { rows: 2 } })).toMatchObject({ kept: true })
  })

  it('a run that lasts keeps it by renewing', async () => {
    const name = newName()
    await claim(name, 'a', { lease_seconds: 1 })
    await queries.renew({ name, worker: 'a', lease_seconds: 600 })
    await age(name, 300)

    expect(await claim(name, 'b')).toMatchObject({ taken: false, busy: true })
  })
})

describe('runDueJobs', () => {
  const job = (name: string, run: Job['run'], everySeconds = 3600): Job => ({ name, everySeconds, run })

  it('runs what is due once, keeps what it did, and goes on after a job that fails', async () => {
    const [good, bad] = [newName(), newName()]
    let runs = 0
    const jobs = [job(bad, () => Promise.reject(new TypeError('with a name in it'))), job(good, async () => ({ rows: ++runs }))]

    const first = await runDueJobs(services, { jobs })
    const second = await runDueJobs(services, { jobs })

    expect(first).toMatchObject([{ name: bad, outcome: 'failed' }, { name: good, outcome: 'did', did: { rows: 1 } }])
    expect(second).toEqual([])
    const kept = (await queries.list()).filter(({ name }) => name === good || name === bad)
    expect(kept.find(({ name }) => name === good)).toMatchObject({ did: { rows: 1 }, failed_with: null, is_running: false })
    expect(kept.find(({ name }) => name === bad)).toMatchObject({ did: {}, failed_with: 'TypeError', is_running: false })
  })

  it('tries a job that failed again after five minutes, not after its whole time', async () => {
    const name = newName()
    const failing = job(name, () => Promise.reject(new Error('away')), 24 * 3600)
    await runDueJobs(services, { jobs: [failing] })

    await age(name, 200)
    expect(await runDueJobs(services, { jobs: [failing] })).toEqual([])
    await age(name, 101)
    expect(await runDueJobs(services, { jobs: [failing] })).toHaveLength(1)
  })

  it('keeps the lease of a run that lasts longer than it', async () => {
    const name = newName()
    const slow = job(name, () => new Promise(resolve => setTimeout(() => resolve({ rows: 1 }), 2500)))
    const run = runJob(services, slow, { worker: 'slow', isForced: false, leaseSeconds: 1 })
    await new Promise(resolve => setTimeout(resolve, 1800))

    expect(await claim(name, 'other', { is_forced: true })).toMatchObject({ taken: false, busy: true })
    expect(await run).toMatchObject({ outcome: 'did' })
  })
})
