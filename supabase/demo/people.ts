import { randomUUID } from 'node:crypto'
import type { TransactionSql } from 'postgres'
import type { StaffKey } from './story.ts'

/** Every demo account signs in with it. */
export const demoPassword = 'linli-demo'

type StaffRole = 'officer' | 'lead' | 'chief' | 'auditor' | 'admin'
export type DemoPerson = { id: string, email: string }
export type DemoStaff = DemoPerson & { role: StaffRole, name: { zh: string, en: string } }
export type DemoPeople = {
  staff: Record<StaffKey, DemoStaff>
  residents: Record<'resident' | 'resident2' | 'volunteer', DemoPerson>
}

const staffPlan: { key: StaffKey | 'auditor' | 'admin', role: StaffRole, badge: string, zh: string, en: string, looksAfter?: string[], standsInFor?: string[] }[] = [
  { key: 'chief', role: 'chief', badge: '088001', zh: '顾正平', en: 'Gu Zhengping' },
  { key: 'lead', role: 'lead', badge: '088012', zh: '沈岚', en: 'Shen Lan' },
  { key: 'officer', role: 'officer', badge: '088107', zh: '陈志远', en: 'Chen Zhiyuan', looksAfter: ['ping-an'] },
  { key: 'officer2', role: 'officer', badge: '088115', zh: '王晓燕', en: 'Wang Xiaoyan', looksAfter: ['chang-le'], standsInFor: ['he-xie'] },
  { key: 'officer3', role: 'officer', badge: '088121', zh: '郑立', en: 'Zheng Li', looksAfter: ['he-xie'] },
  { key: 'auditor', role: 'auditor', badge: '088201', zh: '许文', en: 'Xu Wen' },
  { key: 'admin', role: 'admin', badge: '088202', zh: '何嘉', en: 'He Jia' },
]

/** Whoever is verified has a ballot in the ratings and surveys of their community. */
const residentPlan: { key: keyof DemoPeople['residents'], community: string, isVerified?: boolean }[] = [
  { key: 'resident', community: 'ping-an' }, { key: 'resident2', community: 'chang-le' }, { key: 'volunteer', community: 'ping-an', isVerified: true },
]

/** The officer of he-xie is on the card of the community but is not one of the nine accounts: no password, no sign-in. */
const withoutPassword: readonly string[] = ['officer3', 'volunteer2', 'volunteer3', 'volunteer4', 'volunteer5']

/** Makes accounts, staff with their communities, and residents' profiles. */
export async function seedPeople(sql: TransactionSql, stationId: string, communityIds: ReadonlyMap<string, string>, since: Date): Promise<DemoPeople> {
  const people = new Map<string, DemoStaff | DemoPerson>()
  for (const { key, role, badge, zh, en, looksAfter = [], standsInFor = [] } of staffPlan) {
    const person: DemoStaff = { ...await insertUser(sql, key), role, name: { zh, en } }
    people.set(key, person)
    await sql`insert into public.staff (user_id, station_id, role, name, badge_number, created_at) values (${person.id}, ${stationId}, ${role}, ${sql.json({ zh, en })}, ${badge}, ${since})`
    await sql`insert into private.demo_accounts (user_id) values (${person.id})`
    for (const [kind, slugs] of [['officer', looksAfter], ['stand_in', standsInFor]] as const) {
      for (const slug of slugs) {
        await sql`insert into public.assignments (staff_id, community_id, kind, from_on) values (${person.id}, ${communityIds.get(slug) ?? null}, ${kind}, ${since}::date)`
      }
    }
  }
  for (const { key, community, isVerified } of residentPlan) {
    const person = await insertUser(sql, key)
    people.set(key, person)
    await sql`insert into public.profiles (user_id, community_id, locale) values (${person.id}, ${communityIds.get(community) ?? null}, 'zh')`
    if (isVerified) await sql`insert into private.verifications (user_id, community_id, method, verified_on) values (${person.id}, ${communityIds.get(community) ?? null}, 'code', ${since}::date)`
  }
  return {
    staff: { chief: staffOf('chief'), lead: staffOf('lead'), officer: staffOf('officer'), officer2: staffOf('officer2'), officer3: staffOf('officer3') },
    residents: { resident: personOf('resident'), resident2: personOf('resident2'), volunteer: personOf('volunteer') },
  }

  function personOf(key: string) {
    const person = people.get(key)
    if (!person) throw new Error(`the demo has no ${key}`)
    return person
  }
  function staffOf(key: string) {
    const person = personOf(key)
    if (!('role' in person)) throw new Error(`${key} is not staff`)
    return person
  }
}

/** Somebody on the roster beside the nine accounts: on the lists only, without a way to sign in. */
export const insertVolunteer = (sql: TransactionSql, name: string): Promise<DemoPerson> => insertUser(sql, name)

async function insertUser(sql: TransactionSql, name: string): Promise<DemoPerson> {
  const id = randomUUID()
  const email = `${name}@demo.linli`
  const password = withoutPassword.includes(name) ? null : demoPassword
  await sql`
    insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
    values (${id}, 'authenticated', 'authenticated', ${email}, case when ${password}::text is not null then extensions.crypt(${password}, extensions.gen_salt('bf', 10)) end,
      now(), '{"provider":"email","providers":["email"]}', '{}')`
  await sql`
    insert into auth.identities (id, provider, provider_id, user_id, identity_data)
    values (gen_random_uuid(), 'email', ${id}, ${id}, jsonb_build_object('sub', ${id}::text, 'email', ${email}::text, 'email_verified', true, 'phone_verified', false))`
  return { id, email }
}
