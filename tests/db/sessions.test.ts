import { createClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClients } from '#server/db/clients'
import { finishErasures } from '#server/domain/accounts/erase-account'
import type { Services } from '#server/domain/services'
import { aHash, answerOf } from './reports-builder.ts'
import { type World, buildWorld, sessionOf } from './world.ts'

let world: World
const list = async (client: World['guest'], browser = 'chrome') => (await answerOf(client.rpc('list_my_sessions', { p_browser: browser, p_system: 'android' }))).sessions as { id: string, is_this: boolean, browser: string | null }[]

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

it('people see their own sessions, this one first and marked, others by the device they were last used on', async () => {
  const person = await world.backend.createUser('session_resident')
  const [phone, library] = [await world.backend.signInAs(person), await world.backend.signInAs(person)]
  await list(phone)

  const seen = await list(library, 'firefox')

  expect(seen.map(({ id, is_this, browser }) => ({ id, is_this, browser }))).toEqual([
    { id: await sessionOf(library), is_this: true, browser: 'firefox' }, { id: await sessionOf(phone), is_this: false, browser: 'chrome' },
  ])
})

it('an ended session is over at once, for its access token and for its refresh token', async () => {
  const person = await world.backend.createUser('ended_resident')
  const [here, stolen] = [await world.backend.signInAs(person), await world.backend.signInAs(person)]
  const { data: { session } } = await stolen.auth.getSession()

  expect(await answerOf(here.rpc('end_my_sessions', { p_id: await sessionOf(stolen) }))).toEqual({ ok: true, ended: 1 })

  expect((await stolen.rpc('get_account')).status).toBe(401)
  const afresh = createClient(world.backend.url, world.backend.publishableKey, { auth: { persistSession: false, autoRefreshToken: false } })
  expect((await afresh.auth.refreshSession({ refresh_token: session?.refresh_token ?? '' })).error).not.toBeNull()
  expect((await here.rpc('get_account')).status).toBe(200)
})

it('all others end together; nobody ends a stranger\'s session or, here, their own', async () => {
  const [amina, bo] = [await world.backend.createUser('amina_sessions'), await world.backend.createUser('bo_sessions')]
  const [here, ...others] = [await world.backend.signInAs(amina), await world.backend.signInAs(amina), await world.backend.signInAs(amina)]
  const stranger = await world.backend.signInAs(bo)

  expect(await answerOf(stranger.rpc('end_my_sessions', { p_id: await sessionOf(here) }))).toEqual({ ok: false, code: 'not_found' })
  expect(await answerOf(here.rpc('end_my_sessions', { p_id: await sessionOf(here) }))).toEqual({ ok: false, code: 'not_found' })
  expect(await answerOf(here.rpc('end_my_sessions', {}))).toEqual({ ok: true, ended: others.length })
  expect(await list(here)).toHaveLength(1)
  expect(await list(stranger)).toHaveLength(1)
})

it('an erasure that stopped before its last step is ended by the job', async () => {
  const person = await world.backend.createUser('unfinished_resident')
  const by = { actor: person.id, session: await sessionOf(await world.backend.signInAs(person)), owner_hash: aHash() }
  await answerOf(world.server.rpc('erase_account', { p: by }))
  const { url, publishableKey, secretKey } = world.backend

  const did = await finishErasures({ clients: createClients({ url, publishableKey, secretKey }) } as Services)

  expect(did.accounts).toBeGreaterThanOrEqual(1)
  expect(await world.sql`select id from auth.users where id = ${person.id}`).toEqual([])
})
