import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { freePort } from '../../supabase/embedded/free-port.ts'
import type { Place, Run } from './supervised.ts'
import { aPlace, supervised } from './supervised.ts'

const runs: Run[] = []

function start(place: Place, env?: Record<string, string>) {
  const run = supervised(place, env)
  runs.push(run)
  return run
}

afterEach(async () => {
  for (const { child, ended } of runs.splice(0)) {
    child.kill('SIGTERM')
    await ended
  }
})

/** What a user reads last. */
const lastLine = (run: Run) => run.output().trimEnd().split('\n').at(-1)

describe('a start', () => {
  it('gives the portal the address and keys of the backend, and says where everything is', async () => {
    const place = await aPlace()
    const run = start(place)

    expect(await run.ready).toBe(true)

    const seen = z.record(z.string(), z.string()).parse(await (await fetch(run.url)).json())
    expect(seen).toMatchObject({
      SUPABASE_URL: `http://127.0.0.1:${place.supabasePort}`,
      SUPABASE_SECRET_KEY: 'sb_secret_fake',
      SEND_EMAIL_HOOK_SECRET: 'v1,whsec_fakefakefakefake',
      LINLI_DEMO: '1',
      LINLI_DATA_DIR: place.dataDir,
      PUBLIC_URL: `http://localhost:${place.port}`,
    })
    expect(run.output()).toContain(`http://localhost:${place.port}/zh/desk`)
    expect(run.output()).toContain('chief@demo.linli')
    expect(lastLine(run)).toMatch(/^ready in [\d.]+ s$/)
  })

  it('names who has taken the port and how to take another', async () => {
    const place = await aPlace()
    const other = createServer().listen(place.port, '127.0.0.1')

    const run = start(place)

    expect(await run.ended).toBe(1)
    other.close()
    expect(lastLine(run)).toMatch(new RegExp(`^Port ${place.port} is taken( by .+ \\(process ${process.pid}\\))?; stop that or set PORT to another port\\.$`))
  })

  it('names SUPABASE_PORT when that one is taken', async () => {
    const place = await aPlace()
    const other = createServer().listen(place.supabasePort, '127.0.0.1')

    const run = start(place)

    expect(await run.ended).toBe(1)
    other.close()
    expect(lastLine(run)).toContain('set SUPABASE_PORT to another port')
  })

  it('refuses a data folder that another one uses, which goes on undisturbed', async () => {
    const place = await aPlace()
    const first = start(place)
    await first.ready

    const second = start({ ...place, port: await freePort(), supabasePort: await freePort() })

    expect(await second.ended).toBe(1)
    expect(lastLine(second)).toBe(`The data folder ${place.dataDir} is in use by another Linli (process ${first.child.pid}); stop that or set LINLI_DATA_DIR to another folder.`)
    expect((await fetch(first.url)).status).toBe(200)
  })

  it('says in one sentence that the data folder lies below a file', async () => {
    const place = await aPlace()

    const run = start({ ...place, dataDir: `${import.meta.filename}/data` })

    expect(await run.ended).toBe(1)
    expect(lastLine(run)).toContain('something on that path is a file')
    expect(run.output()).not.toContain('    at ')
  })

  it('ends with the sentence of a backend that refuses', async () => {
    const run = start(await aPlace(), { FAKE_BACKEND: 'refuses' })

    expect(await run.ended).toBe(1)
    expect(lastLine(run)).toBe('The database cannot be opened: it was made by a newer version.')
  })
})

describe('an end', () => {
  it('SIGTERM lets open requests finish, stops the portal before the database, and exits with 0', async () => {
    const run = start(await aPlace())
    await run.ready
    const answer = fetch(`${run.url}/slow`).then(response => response.text())
    await new Promise(resolve => setTimeout(resolve, 200))

    run.child.kill('SIGTERM')

    expect(await answer).toBe('slow but whole')
    expect(await run.ended).toBe(0)
    expect(run.output()).toMatch(/portal: stopped in order[\s\S]*backend: stopped in order[\s\S]*stopped in [\d.]+ s/)
  })

  it('Ctrl-C that arrives twice at once, from terminal and npm, still ends in order', async () => {
    const run = start(await aPlace())
    await run.ready

    run.child.kill('SIGINT')
    run.child.kill('SIGINT')

    expect(await run.ended).toBe(0)
    expect(run.output()).toContain('backend: stopped in order')
  })

  it('a second signal later kills at once', async () => {
    const run = start(await aPlace(), { FAKE_PORTAL: 'never-ends' })
    await run.ready

    run.child.kill('SIGTERM')
    await new Promise(resolve => setTimeout(resolve, 1200))
    run.child.kill('SIGTERM')

    expect(await run.ended).toBe(1)
    expect(run.output()).not.toContain('backend: stopped in order')
  })

  it('a portal that will not end is killed within ten seconds, and the database still stops in order', async () => {
    const run = start(await aPlace(), { FAKE_PORTAL: 'never-ends' })
    await run.ready
    const toldAt = Date.now()

    run.child.kill('SIGTERM')

    expect(await run.ended).toBe(0)
    expect(Date.now() - toldAt).toBeLessThan(10_000)
    expect(run.output()).toContain('backend: stopped in order')
  })

  it('a portal that dies takes everything down with a sentence', async () => {
    const run = start(await aPlace())
    await run.ready

    await fetch(`${run.url}/crash`).catch(() => undefined)

    expect(await run.ended).toBe(1)
    expect(lastLine(run)).toBe('The portal stopped by itself (exit code 7); everything was stopped.')
    expect(run.output()).toContain('backend: stopped in order')
  })

  it('after kill -9 of the supervisor the children end by themselves and the same start works again', async () => {
    const place = await aPlace()
    const first = start(place)
    await first.ready

    first.child.kill('SIGKILL')
    const second = start(place)

    expect(await second.ready, second.output()).toBe(true)
    expect((await fetch(second.url)).status).toBe(200)
  })
})
