import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestBackend, startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { fixtureFolders } from './fixture-folders.ts'

let backend: TestBackend

beforeAll(async () => {
  backend = await startTestBackend({ folders: fixtureFolders })
  await backend.sql`create function public.sleep_and_tell(p_seconds double precision) returns text language sql volatile set search_path = '' as
    'select current_setting(''statement_timeout'') from pg_catalog.pg_sleep(p_seconds)'`
  await backend.sql`grant execute on function public.sleep_and_tell(double precision) to anon, authenticated, service_role`
  await backend.reload()
})
afterAll(() => backend?.stop())

const ask = async (client: SupabaseClient, seconds = 0) => client.rpc('sleep_and_tell', { p_seconds: seconds })

it('each role has the end of a call that hosted Supabase gives it', async () => {
  const resident = await backend.signInAs(await backend.createUser('amina_resident'))

  expect((await ask(backend.guestClient())).data).toBe('3s')
  expect((await ask(resident)).data).toBe('8s')
  expect((await ask(backend.serviceClient())).data).toBe('8s')
})

it('a guest\'s call of four seconds is ended after three', async () => {
  expect((await ask(backend.guestClient(), 4)).error?.code).toBe('57014')
})
