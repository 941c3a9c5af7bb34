// A colleague who is not of the demo: an account at Auth, a row of staff, and by the portal's own calls a second factor.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@supabase/supabase-js'
import postgres from 'postgres'
import { Secret, TOTP } from 'otpauth'
import type { openBrowser } from './browser-jar.ts'

interface Portal { supabaseUrl: string, keys: { secretKey: string }, dataDir: string }
export interface StaffMember { id: string, name: string, email: string, password: string }

/** The superuser of a portal's embedded database, for what no call may arrange. */
export function openDatabase({ dataDir }: Pick<Portal, 'dataDir'>): postgres.Sql {
  const cluster = join(dataDir, 'postgres')
  const port = Number(readFileSync(join(cluster, 'data', 'postmaster.pid'), 'utf8').split('\n')[3])
  return postgres({ host: '127.0.0.1', port, username: 'postgres', password: readFileSync(join(cluster, 'superuser.password'), 'utf8'), database: 'postgres', max: 1, onnotice() {} })
}

/** Makes an account and puts it on the staff of the default station. */
export async function aStaffMember(portal: Portal, role: 'officer' | 'lead' | 'chief' | 'auditor' | 'admin' = 'officer'): Promise<StaffMember> {
  const mark = randomUUID().slice(0, 8)
  const [name, email, password] = [`Colleague ${mark}`, `${role}-${mark}@example.test`, 'four words for one desk']
  const { data, error } = await createClient(portal.supabaseUrl, portal.keys.secretKey, { auth: { persistSession: false, autoRefreshToken: false } }).auth.admin.createUser({ email, password, email_confirm: true })
  if (error) throw error
  const sql = openDatabase(portal)
  await sql`insert into public.staff (user_id, station_id, role, name, badge_number) select ${data.user.id}, s.id, ${role}, ${sql.json({ zh: `同事 ${mark}`, en: name })}, ${mark} from public.stations s where s.is_default`
  await sql.end()
  return { id: data.user.id, name, email, password }
}

/** The code of an authenticator. @param step how many half minutes from now: a code works once */
export const codeOf = (secret: string, step = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')), algorithm: 'SHA1', digits: 6, period: 30 }).generate({ timestamp: Date.now() + step * 30_000 })

/** The code of the step before, so that the present one is left for the test; it is taken until this step ends, so not in its last seconds. */
export async function codeBefore(secret: string): Promise<string> {
  const leftMs = 30_000 - Date.now() % 30_000
  if (leftMs < 12_000) await new Promise(resolve => setTimeout(resolve, leftMs))
  return codeOf(secret, -1)
}

type Jar = ReturnType<typeof openBrowser>

/** Signs in for the first time and sets the second factor up; the browser is then a known device. */
export async function enrol(browser: Jar, { email, password }: StaffMember): Promise<{ secret: string, recovery: string[] }> {
  const signedIn = await browser.json('POST', '/api/session', { email, password })
  if (signedIn.status !== 204) throw new Error(`sign-in: ${signedIn.status}`)
  const { secret } = await (await browser.json('POST', '/api/desk/staff/factor', {})).json() as { secret: string }
  const confirmed = await browser.json('POST', '/api/desk/staff/factor/confirm', { code: await codeBefore(secret) })
  if (confirmed.status !== 200) throw new Error(`enrolment: ${confirmed.status} ${await confirmed.text()}`)
  return { secret, recovery: (await confirmed.json() as { codes: string[] }).codes }
}
